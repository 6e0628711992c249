//! How captures are wired, found out from what their lines look like.

use super::super::wiring::wiring;
use super::write::NAME;
use super::{GoodCapture, LearnError};
use crate::spec::Spec;

/// The spec that only says how all of the captures are wired.
pub(super) fn found(captures: &[GoodCapture]) -> Result<Spec, LearnError> {
    let mut first: Option<(&GoodCapture, String)> = None;
    for good in captures {
        let report = wiring(&good.capture);
        let table = report.table().filter(|table| table.contains("strobe = "));
        let table = table.ok_or_else(|| LearnError::NoLines { capture: good.name.clone() })?;
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

/// The lines of a `[wiring]` table, and of those of further cameras, without its heading.
fn in_a_line(table: &str) -> String {
    table.lines().skip(1).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(", ")
}
