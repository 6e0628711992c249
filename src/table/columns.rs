//! Columns, made of a value of each row.

use super::{Cells, TableColumn};

/// The unit of the columns that are times of the capture.
pub(super) const SECONDS: Option<&str> = Some("s");

/// A column of one text per row, taken from each.
pub(super) fn text<R>(name: &'static str, rows: &[R], of: impl Fn(&R) -> Option<String>) -> TableColumn {
    TableColumn { name, unit: None, cells: Cells::Text(rows.iter().map(of).collect()) }
}

/// A column of one count or sample number per row, taken from each.
pub(super) fn unsigned<R>(name: &'static str, rows: &[R], of: impl Fn(&R) -> Option<u64>) -> TableColumn {
    signed(name, rows, |row| of(row).map(whole))
}

/// A column of one whole number per row that may be below zero, taken from each.
pub(super) fn signed<R>(name: &'static str, rows: &[R], of: impl Fn(&R) -> Option<i64>) -> TableColumn {
    TableColumn { name, unit: None, cells: Cells::Whole(rows.iter().map(of).collect()) }
}

/// A count or a sample number; none that there can be is greater than the greatest.
pub(super) fn whole(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// A column of one number per row, taken from each.
pub(super) fn number<R>(
    name: &'static str,
    unit: Option<&'static str>,
    rows: &[R],
    of: impl Fn(&R) -> Option<f64>,
) -> TableColumn {
    TableColumn { name, unit, cells: Cells::Number(rows.iter().map(of).collect()) }
}

/// A column of times in UTC, from seconds since 1970.
pub(super) fn time<R>(name: &'static str, rows: &[R], of: impl Fn(&R) -> Option<i64>) -> TableColumn {
    let cells = rows.iter().map(|row| micros(of(row)?)).collect();
    TableColumn { name, unit: None, cells: Cells::Time(cells) }
}

/// Seconds as the microseconds that tables hold.
pub(super) fn micros(seconds: i64) -> Option<i64> {
    seconds.checked_mul(1_000_000)
}
