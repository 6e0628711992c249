//! How captures are wired, found out from what their lines look like.

use super::super::wiring::wiring;
use super::write::{NAME, Wired};
use super::{GoodCapture, LearnError};
use crate::spec::Spec;
use crate::study::WiringReport;

/// The spec that only says how all of the captures are wired.
pub(super) fn found(captures: &[GoodCapture]) -> Result<Spec, LearnError> {
    let mut first: Option<(&GoodCapture, String)> = None;
    for good in captures {
        let report = wiring(&good.capture);
        let table = report.table().filter(|table| table.contains("strobe = "));
        let table = table.ok_or_else(|| LearnError::NoLines { capture: good.name.clone() })?;
        let unsure = report.likely_levels().join(", ");
        if !unsure.is_empty() {
            let wires = report.wires().join(", ");
            return Err(LearnError::UnsureLevel { capture: good.name.clone(), unsure, wires });
        }
        match &first {
            Some((other, before)) if *before != table => {
                return Err(LearnError::Disagree {
                    what: "which probe shows which line (state it with --wire or --spec)".to_owned(),
                    one: format!("{} has {}", other.name, in_a_line(before)),
                    other: format!("{} has {}", good.name, in_a_line(&table)),
                });
            }
            Some(_) => {}
            None => first = Some((good, table)),
        }
    }
    let (_, table) = first.ok_or(LearnError::NoCaptures)?;
    Ok(Spec::parse(NAME, &table)?)
}

/// How a capture is wired: as far as it is told, with levels that may be likely only, or, where no STROBE is, as it would be in the
/// most usual of rigs; none where no probe looks like a line of a camera.
///
/// # Errors
/// [`LearnError::Spec`] where that makes no sense together.
pub fn wired(report: &WiringReport) -> Result<Option<(Spec, Wired)>, LearnError> {
    let has_strobe = |table: &String| table.contains("strobe = ");
    let told = report.table();
    let by_levels = if report.likely_levels().is_empty() { Wired::FoundOut } else { Wired::LevelGuessed };
    let (table, wired) = match told.clone().filter(has_strobe) {
        Some(table) => (Some(table), by_levels),
        None => match report.guessed_table().filter(has_strobe) {
            Some(table) => (Some(table), Wired::Guessed),
            None => (told, by_levels),
        },
    };
    table.map(|table| Ok((Spec::parse(NAME, &table)?, wired))).transpose()
}

/// The lines of a `[wiring]` table, and of those of further cameras, without its heading.
fn in_a_line(table: &str) -> String {
    table.lines().skip(1).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(", ")
}
