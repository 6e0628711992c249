//! What is wrong with a log, and where.

use std::fmt;

use super::number::MOST_DIGITS;
use crate::escape::visible;

/// More rows than this are refused: nine hours at 30 frames per second.
pub(super) const MOST_ROWS: u64 = 1 << 20;
/// More streams than this are refused.
pub(super) const MOST_STREAMS: usize = 64;
/// Longer lines are no rows.
pub(super) const LONGEST_LINE: usize = 1 << 14;
/// Longer texts of the file are cut before a message quotes them.
const LONGEST_QUOTE: usize = 40;
/// Columns named in a message.
const NAMED: usize = 20;

/// Why a log cannot be read: the file, the line and the character, what is wrong, and what would be valid.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct LogError {
    /// The file as messages call it.
    pub file: String,
    /// Line and character, both from 1; none where no place is to blame.
    pub at: Option<(u64, usize)>,
    /// What is wrong.
    pub kind: LogErrorKind,
}

impl fmt::Display for LogError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&visible(&self.file))?;
        if let Some((line, column)) = self.at {
            write!(f, ":{line}:{column}")?;
        }
        write!(f, ": {}", self.kind)
    }
}

/// What is wrong with a log.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LogErrorKind {
    /// There is not even a header.
    #[error("the log is empty: expected a header such as stream,seq,ts_device_us,exposure_us")]
    Empty,
    /// There is a header and nothing else.
    #[error("the log has no rows: expected one for each frame")]
    NoRows,
    /// A line is no text.
    #[error("this is not UTF-8 text: a log is a table of comma-separated values")]
    NotText,
    /// A line is longer than any row.
    #[error("a line of more than {LONGEST_LINE} bytes")]
    LineTooLong,
    /// There are more rows than can be matched.
    #[error("more than {MOST_ROWS} rows: cut the log to the time of the capture")]
    TooManyRows,
    /// There are more streams than a rig has cameras.
    #[error("more than {MOST_STREAMS} streams: is this the column of stream names?")]
    TooManyStreams,
    /// A quoted field does not end.
    #[error("a quote that is not closed on this line")]
    OpenQuote,
    /// It begins as JSON does, and is none.
    #[error("this is not JSON: {0}; expected an object for each frame, on lines of their own or in a list")]
    NotJson(String),
    /// JSON that is no record of a frame.
    #[error(
        "expected an object for each frame, such as {{\"seq\": 7, \"ts_device_us\": 25000.5}}, on lines of their own or in one list"
    )]
    NoRecord,
    /// There is no header.
    #[error(
        "the first line is no header: write one that names the columns, such as sec,nanosec,frame_id or seq,ts_device_us,exposure_us"
    )]
    NoHeader,
    /// A row has another number of fields than the header.
    #[error("a row of {found}, the header names {expected} columns")]
    Fields {
        /// Its fields.
        found: usize,
        /// Those of the header.
        expected: usize,
    },
    /// A column that the spec names is not there.
    #[error("no column '{}'; the columns are {}", shown(wanted), list(there))]
    NoColumn {
        /// Its name.
        wanted: String,
        /// The names that there are.
        there: Vec<String>,
    },
    /// Two columns have the name that is read.
    #[error("two columns are called '{}': give them names of their own", shown(.0))]
    TwiceThere(String),
    /// No column has a usual name of timestamps.
    #[error(
        "no column of timestamps, such as ts_device_us; the columns are {}: name it with timestamps.time = \"COLUMN\" (--column time=COLUMN)",
        list(.0)
    )]
    NoTime(Vec<String>),
    /// A column's name does not say its unit.
    #[error(
        "the unit of column '{}' is not known: let its name end in _ns, _us, _ms or _s (ticks of a clock: converted to one of them){}",
        shown(column),
        if *.is_time { ", or state timestamps.unit = \"us\" (--column unit=us)" } else { ", or state timestamps.exposure_unit = \"us\" (--column exposure_unit=us)" }
    )]
    NoUnit {
        /// The column.
        column: String,
        /// Whether it is that of the timestamps; else that of the exposure times.
        is_time: bool,
    },
    /// The clock was set, or began anew: what lies before and behind has no time in common.
    #[error(
        "time goes back in column '{}' by {}: the clock was set or began anew; cut the log to the rows of one run",
        shown(column),
        by
    )]
    TimeGoesBack {
        /// The column.
        column: String,
        /// How far, in words.
        by: String,
    },
    /// A timestamp is missing.
    #[error("no timestamp in column '{}': expected a number such as 153549449 or 153549449.25", shown(.0))]
    TimeMissing(String),
    /// A field is no number.
    #[error(
        "'{}' in column '{}' is not a number such as 153549449 or 153549449.25, and no time such as 0:00:00.025 or 2026-11-29T07:00:00.025Z",
        shown(found),
        shown(column)
    )]
    NotANumber {
        /// The text.
        found: String,
        /// The column.
        column: String,
    },
    /// A field is no whole number.
    #[error("'{}' in column '{}' is not a whole number such as 325", shown(found), shown(column))]
    NotACount {
        /// The text.
        found: String,
        /// The column.
        column: String,
    },
    /// A number is finer than a femtosecond, or longer than any time.
    #[error(
        "'{}' in column '{}' has more than {MOST_DIGITS} digits, or is finer than a femtosecond",
        shown(found),
        shown(column)
    )]
    TooManyDigits {
        /// The text.
        found: String,
        /// The column.
        column: String,
    },
}

fn shown(text: &str) -> String {
    let cut: String = text.chars().take(LONGEST_QUOTE).collect();
    let more = if cut.len() < text.len() { "…" } else { "" };
    format!("{}{more}", visible(&cut))
}

fn list(names: &[String]) -> String {
    let mut named: Vec<String> = names.iter().take(NAMED).map(|name| shown(name)).collect();
    if names.len() > NAMED {
        named.push(format!("and {} more", names.len() - NAMED));
    }
    named.join(", ")
}
