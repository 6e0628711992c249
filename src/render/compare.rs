//! What differs between two captures, for the terminal.

use super::layout::{Align, columns};
use super::text::Detail;
use super::words::{reading_text, worst_text};
use crate::escape::visible;
use crate::study::{Comparison, Difference, Outcome, OwnViolation, Side};
use crate::units::{Prefix, Rational, Rounding, Unit, half_width_text, measured_text, value_text};

/// The columns of [`cells`].
pub(super) const HEADINGS: [&str; 8] =
    ["quantity", "of", "good", "bad", "shift", "sd good", "sd bad", "frames that differ"];

/// The table of `compare`: a row per quantity, those that differ first; what is newly broken, and the outcome.
#[must_use]
pub fn comparison_text(comparison: &Comparison, detail: Detail) -> String {
    let mut text = if detail == Detail::Brief { String::new() } else { table_text(comparison) };
    let broken = [broken_lines(comparison), own_lines(comparison)].concat();
    if !broken.is_empty() && !text.is_empty() {
        text.push('\n');
    }
    text.extend(broken.iter().map(|line| format!("{}\n", visible(line))));
    if !text.is_empty() {
        text.push('\n');
    }
    text.push_str(match comparison.outcome {
        Outcome::Differ => "They differ.\n",
        Outcome::Open => "No difference is proven, but a capture is damaged, a limit could not be decided of the bad one, or what a limit or tolerance is about was not measured (verify says why).\n",
        Outcome::Unjudged => "Nothing was judged: state limits, or --tolerance QUANTITY=VALUE, and it is said whether they differ by more.\n",
        Outcome::Same => "No difference beyond what is allowed.\n",
    });
    text.extend(own_note(comparison).map(|note| format!("{note}\n")));
    text
}

/// What is to be said where the good one breaks limits itself.
pub(super) fn own_note(comparison: &Comparison) -> Option<&'static str> {
    (!comparison.own.is_empty()).then_some(match comparison.looks_swapped() {
        true => "The first capture breaks its own limits: are the two swapped?",
        false => "The first capture breaks limits itself: of these it is no good one, and nothing was held against it.",
    })
}

/// All quantities, those that differ first.
fn table_text(comparison: &Comparison) -> String {
    let right = Align::Right;
    let aligns = [Align::Left, Align::Left, right, right, right, right, right, Align::Left];
    let (differing, alike): (Vec<&Difference>, Vec<&Difference>) =
        comparison.differences.iter().partition(|difference| difference.is_proven());
    let rows: Vec<[String; 8]> = std::iter::once(HEADINGS.map(str::to_owned))
        .chain(differing.iter().chain(&alike).map(|difference| cells(difference)))
        .collect();
    let mut lines: Vec<String> = columns(&rows, aligns, &[], usize::MAX).into_iter().flatten().collect();
    if !alike.is_empty() {
        let what =
            if differing.is_empty() { "Nothing is proven to differ:" } else { "\nWhat is not proven to differ:" };
        lines.insert(1 + differing.len(), what.to_owned());
    }
    lines.into_iter().map(|line| line + "\n").collect()
}

/// What only the bad one breaks, and what is beyond its tolerance, a line each.
pub(super) fn broken_lines(comparison: &Comparison) -> Vec<String> {
    let violations = comparison.violations.iter().map(|violation| {
        let (good, bad) = (&violation.good, &violation.bad);
        format!(
            "✗ {}: {}: {} of {} outside, worst {}; in the good one {}",
            bad.quantity.id,
            bad.rule,
            bad.failed,
            bad.measured,
            worst_text(bad),
            worst_text(good)
        )
    });
    let beyond = comparison.differences.iter().filter(|difference| difference.is_beyond).map(|difference| {
        let tolerance = difference.tolerance.as_ref().map(|tolerance| value(tolerance, difference)).unwrap_or_default();
        let most = difference.largest.as_ref();
        let most = most.map(|(frame, apart)| format!("; most in frame {frame}, by {}", value(apart, difference)));
        format!("✗ {}: differs by more than {tolerance}{}", difference.quantity.id, most.unwrap_or_default())
    });
    violations.chain(beyond).collect()
}

/// What the good one breaks itself, a line each.
pub(super) fn own_lines(comparison: &Comparison) -> Vec<String> {
    let line = |own: &OwnViolation| {
        let OwnViolation { good, bad } = own;
        let (id, rule, worst) = (good.quantity.id, &good.rule, worst_text(good));
        let theirs = worst_text(bad);
        format!(
            "! {id}: {rule}: the good one breaks it: {} of {} outside, worst {worst}; in the bad one {theirs}",
            good.failed, good.measured
        )
    };
    comparison.own.iter().map(line).collect()
}

/// A row of the table.
pub(super) fn cells(difference: &Difference) -> [String; 8] {
    let side = |side: &Option<Side>| match side {
        Some(side) if side.mean.half_width().is_some_and(|half_width| half_width.is_zero()) => {
            value(&side.mean.value, difference)
        }
        Some(side) => reading_text(&side.mean, difference.quantity.unit),
        None => "not measured".to_owned(),
    };
    let sd = |side: &Option<Side>| {
        let sd = side.as_ref().and_then(|side| Rational::from_f64(side.sd?));
        sd.map(|sd| half_width_text(&sd, difference.quantity.unit)).unwrap_or_default()
    };
    let shift = match &difference.shift {
        Some((shift, half_width)) if half_width.is_zero() => value(shift, difference),
        Some((shift, half_width)) => measured_text(shift, half_width, difference.quantity.unit),
        None => String::new(),
    };
    let frames = if difference.frames == 0 {
        String::new()
    } else {
        format!("{} of {}", difference.differing, difference.frames)
    };
    [
        difference.quantity.id.to_owned(),
        visible(&difference.subject).into_owned(),
        side(&difference.good),
        side(&difference.bad),
        shift,
        sd(&difference.good),
        sd(&difference.bad),
        frames,
    ]
}

/// A value without uncertainty: no more digits than anyone reads.
fn value(value: &Rational, difference: &Difference) -> String {
    const PLACES: u32 = 3;
    match difference.quantity.unit {
        Unit::Count => value_text(value, Unit::Count, Rounding::Nearest),
        unit @ (Unit::Second | Unit::Hertz | Unit::Percent | Unit::Ppm) => {
            Prefix::for_value(value, unit).text(value, PLACES, Rounding::Nearest)
        }
    }
}
