//! The names of the columns. A quantity's column bears its id.

use super::{Cells, TableColumn};

pub(super) const CAPTURE: &str = "capture";
pub(super) const CAMERA: &str = "camera";
pub(super) const LINE: &str = "line";
pub(super) const VERDICT: &str = "verdict";

// Frames.
pub(super) const FRAME: &str = "frame";
pub(super) const PART: &str = "part";
pub(super) const START_SAMPLE: &str = "start_sample";
pub(super) const START_TIME: &str = "start_time_s";
pub(super) const LAST_SAMPLE: &str = "last_sample";
pub(super) const STANDING: &str = "standing";
pub(super) const OUTSIDE: &str = "outside";
pub(super) const STRADDLING: &str = "straddling";

// Checks: the keys of the JSON report.
pub(super) const ID: &str = "id";
pub(super) const RULE: &str = "rule";
pub(super) const IMPLIED: &str = "implied";
pub(super) const UNIT: &str = "unit";
pub(super) const REASON: &str = "reason";
pub(super) const SETTLE: &str = "settle";
pub(super) const MEASURED: &str = "measured";
pub(super) const FAILED: &str = "failed";
pub(super) const MARGINAL: &str = "marginal";
pub(super) const MIN: &str = "min";
pub(super) const MAX: &str = "max";
pub(super) const MEAN: &str = "mean";
pub(super) const SD: &str = "sd";
pub(super) const P50: &str = "p50";
pub(super) const P99: &str = "p99";
pub(super) const P99_9: &str = "p99.9";
pub(super) const UNCERTAINTY: &str = "uncertainty";
pub(super) const WORST_FRAME: &str = "worst_frame";
pub(super) const WORST_FROM: &str = "worst_from_sample";
pub(super) const WORST_TO: &str = "worst_to_sample";
pub(super) const WORST_TIME: &str = "worst_time_s";
pub(super) const WORST_VALUE: &str = "worst_value";
pub(super) const WORST_LOW: &str = "worst_low";
pub(super) const WORST_HIGH: &str = "worst_high";
pub(super) const WORST_MARGIN: &str = "worst_margin";

// Edges.
pub(super) const CHANNEL: &str = "channel";
pub(super) const SAMPLE: &str = "sample";
pub(super) const TIME: &str = "time_s";
pub(super) const LEVEL: &str = "level";

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
