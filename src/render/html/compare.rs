//! The page of a comparison.

use askama::Template;

use super::marks::Mark;
use super::sections::FigureView;
use super::{TOOL, css};
use crate::render::compare::{HEADINGS, broken_lines, cells};
use crate::render::{Imprinting, RenderError, plot};
use crate::report::{Imprint, Overall, Written};
use crate::study::{Comparison, Difference, Outcome};

#[derive(Template)]
#[template(path = "compare.html", config = "src/render/html/askama.toml")]
struct ComparisonPage {
    title: String,
    css: String,
    tool: &'static str,
    good: String,
    bad: String,
    mark: Mark,
    outcome: &'static str,
    broken: Vec<String>,
    headings: [&'static str; 8],
    rows: Vec<ComparedRow>,
    figures: Vec<FigureView>,
}

/// A quantity of one camera or line.
struct ComparedRow {
    name: String,
    cells: Vec<String>,
    tolerance: &'static str,
}

impl ComparedRow {
    fn of(difference: &Difference) -> ComparedRow {
        let [name, rest @ ..] = cells(difference);
        let tolerance = if difference.is_beyond { "✗ exceeded" } else { "" };
        ComparedRow { name, cells: rest.to_vec(), tolerance }
    }
}

/// What differs between two captures, named as given, with a figure of both for each quantity per frame.
///
/// # Errors
/// [`RenderError`] when the page cannot be put together.
pub fn comparison_page(comparison: &Comparison, good: &str, bad: &str) -> Result<Vec<u8>, RenderError> {
    let (mark, outcome) = match comparison.outcome {
        Outcome::Differ => {
            (Mark { word: "THEY DIFFER", ..Mark::of(Overall::Fail) }, "more than limits or tolerances allow")
        }
        Outcome::Open => (
            Mark { word: "UNDECIDED", ..Mark::of(Overall::Inconclusive) },
            "a limit that the good one keeps could not be decided of the bad one",
        ),
        Outcome::Unjudged => (
            Mark { word: "NOT JUDGED", ..Mark::of(Overall::Inconclusive) },
            "neither a limit nor a tolerance is stated",
        ),
        Outcome::Same => {
            (Mark { word: "NO DIFFERENCE", ..Mark::of(Overall::Pass) }, "beyond what limits and tolerances allow")
        }
    };
    let mut figures = Vec::new();
    for difference in &comparison.differences {
        let [good, bad] = &difference.values;
        figures.extend(plot::both(difference.quantity, good, bad)?.map(FigureView::from));
    }
    let page = ComparisonPage {
        title: format!("{} {good} {bad}", mark.word),
        css: css(),
        tool: TOOL,
        good: good.to_owned(),
        bad: bad.to_owned(),
        mark,
        outcome,
        broken: broken_lines(comparison),
        headings: HEADINGS,
        rows: comparison.differences.iter().map(ComparedRow::of).collect(),
        figures,
    };
    Ok(Imprinting::MARKUP.add(page.render()?.into_bytes(), &Imprint::new(Written::Comparison)))
}
