//! The page of a comparison.

use askama::Template;

use super::marks::Mark;
use crate::frame::Observation;
use crate::render::compare::{HEADINGS, broken_lines, cells, own_lines, own_note};
use crate::render::plot::Figure;
use crate::render::{Imprinting, RenderError, plot};
use crate::report::{Imprint, Overall, Written};
use crate::study::{Comparison, Difference, NewViolation, Outcome};
use crate::units::Rational;

#[derive(Template)]
#[template(path = "compare.html", config = "src/render/html/askama.toml")]
struct ComparisonPage<'a> {
    title: String,
    good: &'a str,
    bad: &'a str,
    mark: Mark,
    outcome: &'static str,
    /// What is to be said where the good one breaks limits itself, and which these are.
    own: Option<&'static str>,
    own_lines: Vec<String>,
    broken: Vec<String>,
    differing: Vec<ComparedRow>,
    alike: Vec<ComparedRow>,
    violations: Vec<ViolationView>,
    differences: Vec<Figure>,
    equals: Vec<Figure>,
}

/// A quantity of one camera or line.
struct ComparedRow {
    name: String,
    cells: Vec<String>,
    tolerance: &'static str,
}

/// What only the bad one breaks: the place of its worst value, and the same of the good one below it.
struct ViolationView {
    id: &'static str,
    figures: Vec<Figure>,
}

impl ComparedRow {
    fn of(difference: &Difference) -> ComparedRow {
        let [name, rest @ ..] = cells(difference);
        let tolerance = match (&difference.tolerance, difference.is_beyond) {
            (None, _) => "",
            (Some(_), true) => "✗ exceeded",
            (Some(_), false) => "✓ kept",
        };
        ComparedRow { name, cells: rest.to_vec(), tolerance }
    }
}

impl ViolationView {
    fn of(violation: &NewViolation, [good, bad]: [&Observation; 2]) -> ViolationView {
        let worst = plot::evidence(&violation.bad, bad);
        let twin = violation.twin.as_ref().and_then(|twin| plot::twin_evidence(&violation.bad, bad, twin, good));
        let figures = worst.into_iter().chain(twin).collect();
        ViolationView { id: violation.bad.quantity.id, figures }
    }
}

/// The figure of both captures.
fn figure(difference: &Difference) -> Result<Option<Figure>, RenderError> {
    let [good, bad] = &difference.values;
    let known = difference.shift.as_ref().map_or(0.0, |(_, half_width)| half_width.to_f64());
    let ends = difference.limits.iter().flat_map(|limit| [limit.min(), limit.max()]).flatten();
    let limits: Vec<f64> = ends.map(Rational::to_f64).collect();
    let both = plot::Both { quantity: difference.quantity, good, bad, limits: &limits, known };
    Ok(plot::both(&both)?)
}

/// What differs between two captures, named as given: first what only the bad one breaks, each with the place in both, then
/// what differs, and last, folded, what does not.
///
/// # Errors
/// [`RenderError`] when the page cannot be put together.
pub fn comparison_page(
    comparison: &Comparison,
    observations: [&Observation; 2],
    [good, bad]: [&str; 2],
) -> Result<Vec<u8>, RenderError> {
    let (mark, outcome) = match comparison.outcome {
        Outcome::Differ => {
            (Mark { word: "THEY DIFFER", ..Mark::of(Overall::Fail) }, "more than limits or tolerances allow")
        }
        Outcome::Open => (
            Mark { word: "UNDECIDED", ..Mark::of(Overall::Inconclusive) },
            "a capture is damaged, a limit could not be decided of the bad one, or what a limit or tolerance is about was not measured",
        ),
        Outcome::Unjudged => (
            Mark { word: "NOT JUDGED", ..Mark::of(Overall::Inconclusive) },
            "neither a limit nor a tolerance is stated",
        ),
        Outcome::Same => {
            (Mark { word: "NO DIFFERENCE", ..Mark::of(Overall::Pass) }, "beyond what limits and tolerances allow")
        }
    };
    let (differing, alike): (Vec<&Difference>, Vec<&Difference>) =
        comparison.differences.iter().partition(|difference| difference.is_proven());
    let rows = |of: &[&Difference]| of.iter().map(|difference| ComparedRow::of(difference)).collect();
    let figures = |of: &[&Difference]| -> Result<Vec<Figure>, RenderError> {
        of.iter().filter_map(|difference| figure(difference).transpose()).collect()
    };
    let violations = comparison.violations.iter().map(|violation| ViolationView::of(violation, observations));
    let page = ComparisonPage {
        title: format!("{} {good} {bad}", mark.word),
        good,
        bad,
        mark,
        outcome,
        own: own_note(comparison),
        own_lines: own_lines(comparison),
        broken: broken_lines(comparison),
        differing: rows(&differing),
        alike: rows(&alike),
        violations: violations.filter(|violation| !violation.figures.is_empty()).collect(),
        differences: figures(&differing)?,
        equals: figures(&alike)?,
    };
    Ok(Imprinting::MARKUP.add(page.render()?.into_bytes(), &Imprint::new(Written::Comparison)))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::render::comparison_text;
    use crate::render::fixture::Bench;
    use crate::render::text::Detail;
    use crate::study::compare;

    #[test]
    fn two_that_look_swapped_are_asked_about() {
        let (keeps, breaks) = (Bench::passing().judge(), Bench::failing().judge());
        let told = |good: &Observation, bad: &Observation| {
            let comparison = compare(&breaks.spec, good, bad, &BTreeMap::new());
            let page = String::from_utf8(comparison_page(&comparison, [good, bad], ["a.sr", "b.sr"]).unwrap()).unwrap();
            let texts = [comparison_text(&comparison, Detail::Brief), comparison_text(&comparison, Detail::Full), page];
            texts.map(|text| {
                // Of 20,062, 20,051 and 20,075 µs, each known to a sample and 50 ppm, that is to 2 µs, two are proven longer than 20,050 µs.
                let is_told = text.contains("exposure.time: 20 ms ± 50 us: the good one breaks it: 2 of ");
                (is_told, text.contains("The first capture breaks its own limits: are the two swapped?"))
            })
        };
        assert_eq!(told(&breaks.observation, &keeps.observation), [(true, true); 3]);
        assert_eq!(told(&breaks.observation, &breaks.observation), [(true, false); 3]);
        assert_eq!(told(&keeps.observation, &breaks.observation), [(false, false); 3]);
    }
}
