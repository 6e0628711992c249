//! The table of results: a row per check of each capture, as a folder of results keeps them; and reading it back, a part
//! at a time.

use std::io::Cursor;

use super::columns::{number, text, unsigned};
use super::read::Columns;
use super::{Table, TableError};
use crate::study::results::{CheckResult, ResultRow, ResultView};

/// The table of these rows. Station and day stand in the names of the folders.
#[must_use]
pub fn results(rows: &[&ResultRow]) -> Table {
    let of = |row: &&ResultRow, text: fn(&CheckResult) -> Option<String>| row.check.as_ref().and_then(text);
    let count = |row: &&ResultRow, of: fn(&CheckResult) -> u64| row.check.as_ref().map(of);
    let value = |row: &&ResultRow, of: fn(&CheckResult) -> Option<f64>| row.check.as_ref().and_then(of);
    Table {
        kind: "results/1",
        imprint: None,
        columns: vec![
            text("taken_at", rows, |row| row.taken.as_ref().map(|taken| taken.time.clone())),
            text("time_source", rows, |row| row.taken.as_ref().map(|taken| taken.source.key().to_owned())),
            text("dut", rows, |row| row.dut.clone()),
            text("operator", rows, |row| row.operator.clone()),
            text("capture", rows, |row| Some(row.capture.clone())),
            text("sha256", rows, |row| row.sha256.clone()),
            text("tool_version", rows, |_| Some(env!("CARGO_PKG_VERSION").to_owned())),
            text("spec", rows, |row| row.spec.clone()),
            text("spec_sha256", rows, |row| row.spec_sha256.clone()),
            text("capture_verdict", rows, |row| Some(row.capture_verdict.key().to_owned())),
            text("capture_fault", rows, |row| row.capture_fault.map(str::to_owned)),
            unsigned("place", rows, |row| Some(row.place)),
            text("id", rows, |row| of(row, |check| Some(check.id.to_owned()))),
            text("camera", rows, |row| of(row, |check| check.camera.clone())),
            text("line", rows, |row| of(row, |check| check.line.clone())),
            text("rule", rows, |row| of(row, |check| Some(check.rule.clone()))),
            text("unit", rows, |row| of(row, |check| Some(check.unit.to_owned()))),
            text("verdict", rows, |row| {
                of(row, |check| Some(crate::report::Overall::from(check.verdict).key().to_owned()))
            }),
            text("fault", rows, |row| of(row, |check| check.fault.map(str::to_owned))),
            text("basis", rows, |row| of(row, |check| Some(check.basis.key().to_owned()))),
            number("value", None, rows, |row| value(row, |check| check.value)),
            number("limit_min", None, rows, |row| value(row, |check| check.limit_min)),
            number("limit_max", None, rows, |row| value(row, |check| check.limit_max)),
            unsigned("measured", rows, |row| count(row, |check| check.measured)),
            unsigned("failed", rows, |row| count(row, |check| check.failed)),
            unsigned("marginal", rows, |row| count(row, |check| check.marginal)),
            number("min", None, rows, |row| value(row, |check| check.min)),
            number("max", None, rows, |row| value(row, |check| check.max)),
            number("sd", None, rows, |row| value(row, |check| check.sd)),
            number("uncertainty", None, rows, |row| value(row, |check| check.uncertainty)),
        ],
    }
}

/// Reads a part of a folder of results, and gives its rows one after the other, in their order; so many rows of it are
/// held at a time.
///
/// # Errors
/// [`TableError`] when it is no Parquet file, or lacks a column that every part has.
pub fn read_results(bytes: &[u8], mut take: impl FnMut(ResultView<'_>)) -> Result<(), TableError> {
    const AT_A_TIME: usize = 1 << 16;
    const TEXTS: [&str; 12] = [
        "taken_at",
        "dut",
        "sha256",
        "capture_verdict",
        "capture_fault",
        "id",
        "camera",
        "line",
        "rule",
        "unit",
        "verdict",
        "basis",
    ];
    const NUMBERS: [&str; 3] = ["value", "limit_min", "limit_max"];
    let mut from = 0;
    loop {
        let columns = Columns::read(Cursor::new(bytes), from, AT_A_TIME, &[&TEXTS[..], &["place"], &NUMBERS].concat())?;
        let [taken_at, dut, sha256, capture_verdict, capture_fault, id, camera, line, rule, unit, verdict, basis] =
            columns.texts(TEXTS)?;
        let [value, limit_min, limit_max] = columns.numbers(NUMBERS)?;
        let place = columns.counts("place")?;
        for row in 0..columns.height() {
            take(ResultView {
                taken_at: taken_at.get(row),
                dut: dut.get(row),
                sha256: sha256.get(row),
                capture_verdict: capture_verdict.get(row).unwrap_or_default(),
                capture_fault: capture_fault.get(row),
                place: place.get(row).unwrap_or(0),
                id: id.get(row),
                camera: camera.get(row),
                line: line.get(row),
                rule: rule.get(row),
                unit: unit.get(row),
                verdict: verdict.get(row),
                basis: basis.get(row),
                value: value.get(row),
                limit_min: limit_min.get(row),
                limit_max: limit_max.get(row),
            });
        }
        if columns.height() < AT_A_TIME {
            return Ok(());
        }
        from += AT_A_TIME;
    }
}

#[cfg(test)]
mod tests {
    use super::super::TableFormat;
    use super::*;
    use crate::report::{Report, SubjectNotes, testing};
    use crate::study::results::result_rows;

    #[test]
    fn what_is_written_is_read_back() {
        let report = Report { captures: vec![testing::failing(), testing::unreadable()] };
        let rows = result_rows(&report, &SubjectNotes::default(), &[]);
        let bytes = results(&rows.iter().collect::<Vec<_>>()).bytes(TableFormat::Parquet).unwrap();
        let mut read = Vec::new();
        read_results(&bytes, |row| {
            read.push((row.id.map(str::to_owned), row.capture_verdict.to_owned(), row.place, row.value, row.limit_max));
        })
        .unwrap();
        let id = |id: &str| Some(id.to_owned());
        let (fail, error) = ("fail".to_owned(), "error".to_owned());
        assert_eq!(read[0], (id("frame.time"), fail.clone(), 0, Some(1e-3), Some(1.01e-3)));
        assert_eq!((&read[1].0, &read[1].1, read[1].2), (&id("exposure.time"), &fail, 1));
        assert_eq!(read[2], (None, error, 0, None, None));
    }

    #[test]
    fn what_is_no_part_is_refused() {
        assert!(read_results(b"PAR1 and nothing", |_| {}).is_err());
        let frames =
            Table { kind: "frames/1", imprint: None, columns: vec![unsigned("frame", &[1_u64], |frame| Some(*frame))] };
        let error = read_results(&frames.bytes(TableFormat::Parquet).unwrap(), |_| {}).unwrap_err().to_string();
        assert!(error.contains("taken_at"), "{error}");
    }
}
