//! The table of checks: one row per check of each capture.

use super::columns::{SECONDS, number, signed, text, unsigned};
use super::{Cells, Table, TableColumn};
use crate::report::{CaptureReport, Digest, Imprint, Judgement, Outcome, Overall, Subject};
use crate::spec::Origin;
use crate::units::Rational;
use crate::verdict::{Check, Judged, Statistics};

/// A row: a check, or a capture that has none because it could not be judged.
struct Row<'a> {
    capture: &'a CaptureReport,
    checked: Option<(&'a Judgement, &'a Check)>,
}

impl<'a> Row<'a> {
    fn check(&self) -> Option<&'a Check> {
        self.checked.map(|(_, check)| check)
    }

    fn statistic(&self, of: impl Fn(&Statistics) -> Option<f64>) -> Option<f64> {
        self.check()?.statistics.as_ref().and_then(of)
    }

    fn worst(&self) -> Option<&'a Judged> {
        self.check()?.worst.as_ref()
    }

    fn worst_number(&self, of: impl Fn(&Judged) -> Option<&Rational>) -> Option<f64> {
        self.worst().and_then(of).map(Rational::to_f64)
    }

    fn worst_time(&self) -> Option<f64> {
        let (judgement, check) = self.checked?;
        check.worst.as_ref().map(|worst| judgement.time(worst.from).to_f64())
    }
}

/// The checks of these captures, in their order, in the columns of the JSON report. Values are in the unit that the
/// `unit` column of their row says. A capture that could not be judged has one row, without id, that says why.
#[must_use]
pub fn checks(captures: &[CaptureReport]) -> Table {
    let rows: Vec<Row<'_>> = captures.iter().flat_map(rows_of).collect();
    let mut columns = identity(&rows);
    columns.extend(statistics(&rows));
    columns.extend(worst(&rows));
    Table { kind: "checks/1", imprint: Some(Imprint::of(captures)), columns }
}

/// The captures that a table of ours is of, as its CSV tells them: the first cell of a row is the path, and where the row
/// has no second one, the capture could not be judged.
#[must_use]
pub fn subjects(csv: &str) -> Vec<Subject> {
    let mut subjects: Vec<Subject> = Vec::new();
    for line in csv.lines().skip(1) {
        let (path, rest) = first_cell(line);
        let digest = if rest.is_empty() || rest.starts_with(',') { Digest::Unread } else { Digest::Untold };
        if subjects.last().is_none_or(|last| last.path != path) {
            subjects.push(Subject { path, digest });
        }
    }
    subjects
}

/// The first cell of a line, and what follows its comma. No cell of ours has a line break in it.
fn first_cell(line: &str) -> (String, &str) {
    let Some(quoted) = line.strip_prefix('"') else {
        let (cell, rest) = line.split_once(',').unwrap_or((line, ""));
        return (cell.to_owned(), rest);
    };
    // A quote within is two of them.
    let mut quotes = quoted.match_indices('"').map(|(at, _)| at);
    while let Some(at) = quotes.next() {
        let (cell, rest) = quoted.split_at(at);
        if !rest.starts_with("\"\"") {
            let rest = rest.strip_prefix('"').unwrap_or_default();
            return (cell.replace("\"\"", "\""), rest.strip_prefix(',').unwrap_or_default());
        }
        quotes.next();
    }
    (quoted.to_owned(), "")
}

fn rows_of(capture: &CaptureReport) -> Vec<Row<'_>> {
    match &capture.outcome {
        Outcome::Judged(judgement) => {
            judgement.checks.iter().map(|check| Row { capture, checked: Some((judgement, check)) }).collect()
        }
        Outcome::Error(_) => vec![Row { capture, checked: None }],
    }
}

fn identity(rows: &[Row<'_>]) -> Vec<TableColumn> {
    let implied = rows.iter().map(|row| {
        row.check().map(|check| match check.origin {
            Origin::Stated => false,
            Origin::Implied => true,
        })
    });
    let verdict = |row: &Row<'_>| {
        let overall = row.check().map_or_else(|| row.capture.overall(), |check| Overall::from(check.verdict));
        Some(overall.key().to_owned())
    };
    let reason = |row: &Row<'_>| match (&row.capture.outcome, row.check()) {
        (Outcome::Error(error), _) => Some(error.clone()),
        (Outcome::Judged(_), check) => check.and_then(|check| check.reason.clone()),
    };
    vec![
        text("capture", rows, |row| Some(row.capture.path.clone())),
        text("id", rows, |row| row.check().map(|check| check.quantity.id.to_owned())),
        text("camera", rows, |row| row.check()?.camera.clone()),
        text("line", rows, |row| row.check()?.line.clone()),
        text("rule", rows, |row| row.check().map(|check| check.rule.clone())),
        TableColumn { name: "implied", unit: None, cells: Cells::Flag(implied.collect()) },
        text("unit", rows, |row| row.check().map(|check| check.quantity.unit.symbol().to_owned())),
        text("verdict", rows, verdict),
        text("reason", rows, reason),
        text("settle", rows, |row| row.check()?.settle.clone()),
    ]
}

fn statistics(rows: &[Row<'_>]) -> Vec<TableColumn> {
    vec![
        unsigned("measured", rows, |row| row.check().map(|check| check.measured)),
        unsigned("failed", rows, |row| row.check().map(|check| check.failed)),
        unsigned("marginal", rows, |row| row.check().map(|check| check.marginal)),
        number("min", None, rows, |row| row.statistic(|of| Some(of.min))),
        number("max", None, rows, |row| row.statistic(|of| Some(of.max))),
        number("mean", None, rows, |row| row.statistic(|of| Some(of.mean))),
        number("sd", None, rows, |row| row.statistic(|of| of.sd)),
        number("p50", None, rows, |row| row.statistic(|of| Some(of.p50))),
        number("p99", None, rows, |row| row.statistic(|of| Some(of.p99))),
        number("p99.9", None, rows, |row| row.statistic(|of| Some(of.p99_9))),
        number("uncertainty", None, rows, |row| row.check()?.uncertainty.as_ref().map(Rational::to_f64)),
    ]
}

fn worst(rows: &[Row<'_>]) -> Vec<TableColumn> {
    vec![
        signed("worst_frame", rows, |row| row.worst()?.frame),
        unsigned("worst_from_sample", rows, |row| row.worst().map(|worst| worst.from.get())),
        unsigned("worst_to_sample", rows, |row| row.worst().map(|worst| worst.to.get())),
        number("worst_time_s", SECONDS, rows, Row::worst_time),
        number("worst_value", None, rows, |row| row.worst_number(|worst| Some(&worst.value))),
        number("worst_low", None, rows, |row| row.worst_number(|worst| worst.low.as_ref())),
        number("worst_high", None, rows, |row| row.worst_number(|worst| worst.high.as_ref())),
        number("worst_margin", None, rows, |row| row.worst_number(|worst| Some(&worst.margin))),
    ]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::TableFormat;
    use super::super::testing::{csv_records, parquet_numbers, parquet_texts};
    use super::*;
    use crate::escape::csv_cell;
    use crate::report::testing;

    #[test]
    fn a_row_per_check_and_one_per_capture_that_could_not_be_judged() {
        let table = checks(&[testing::failing(), testing::inconclusive(), testing::unreadable()]);
        let bytes = table.bytes(TableFormat::Parquet).unwrap();
        let texts = |column: &str| -> Vec<String> {
            parquet_texts(&bytes, column).into_iter().map(|text| text.unwrap_or_else(|| "null".to_owned())).collect()
        };
        assert_eq!(texts("id"), ["frame.time", "exposure.time", "frame.time", "exposure.time", "null"]);
        assert_eq!(texts("verdict"), ["pass", "fail", "inconclusive", "inconclusive", "error"]);
        assert_eq!(texts("unit"), ["s", "s", "s", "s", "null"]);
        assert_eq!(texts("reason")[4], format!("not a sigrok session: no 'version' in\n{}", testing::HOSTILE));
        assert_eq!(parquet_numbers(&bytes, "worst_value"), [Some(1e-3), Some(1.5e-4), Some(1e-3), None, None]);
        assert_eq!(parquet_numbers(&bytes, "worst_margin"), [Some(1e-5), Some(-4.5e-5), Some(0.0), None, None]);
        assert_eq!(parquet_numbers(&bytes, "worst_time_s")[1], Some(2.85e-3));
        assert_eq!(parquet_numbers(&bytes, "mean"), [Some(1e-3), Some(1.85e-4), Some(1e-3), None, None]);
        assert_eq!(parquet_numbers(&bytes, "uncertainty"), [Some(1e-6), Some(1e-6), Some(1e-6), None, None]);
    }

    #[test]
    fn a_spreadsheet_sees_the_same_and_no_formula() {
        let records = csv_records(&checks(&[testing::failing()]).bytes(TableFormat::Csv).unwrap());
        let cell = |row: usize, column: &str| {
            let place = records[0].iter().position(|name| name == column).unwrap();
            records[row][place].as_str()
        };
        assert_eq!(records.len(), 3);
        assert!(records.iter().all(|record| record.len() == records[0].len()));
        assert_eq!(cell(2, "camera"), r#"'=\u{1b}[31m<b>|&"'\u{202e}\n"#);
        assert_eq!(cell(2, "rule"), "[200 us ± 5 us, 100 us ± 5 us]");
        assert_eq!((cell(2, "measured"), cell(2, "failed"), cell(2, "marginal")), ("3", "1", "1"));
        assert_eq!((cell(1, "implied"), cell(1, "settle"), cell(1, "worst_frame")), ("false", "", "0"));
        assert_eq!(cell(2, "worst_value").parse(), Ok(1.5e-4));
    }

    proptest! {
        #[test]
        fn no_name_breaks_the_csv(name in any::<String>()) {
            let records = csv_records(&checks(&[testing::failing_with(&name)]).bytes(TableFormat::Csv).unwrap());
            prop_assert_eq!(records.len(), 3);
            prop_assert!(records.iter().all(|record| record.len() == records[0].len()));
            prop_assert_eq!(&records[2][2], &csv_cell(&name));
        }
    }
}
