//! Which column of a log says what.

use std::collections::BTreeMap;

use super::LogTime;

/// What the numbers of a column are counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimeUnit {
    /// Nanoseconds.
    Nano,
    /// Microseconds.
    Micro,
    /// Milliseconds.
    Milli,
    /// Seconds.
    Second,
}

impl TimeUnit {
    /// All of them.
    pub const ALL: [TimeUnit; 4] = [TimeUnit::Nano, TimeUnit::Micro, TimeUnit::Milli, TimeUnit::Second];

    /// The symbol, which is also what a column's name ends in: `us` of `ts_device_us`.
    #[must_use]
    pub fn symbol(self) -> &'static str {
        match self {
            TimeUnit::Nano => "ns",
            TimeUnit::Micro => "us",
            TimeUnit::Milli => "ms",
            TimeUnit::Second => "s",
        }
    }

    /// The power of ten of femtoseconds that it is.
    pub(super) fn femtos_exponent(self) -> u32 {
        match self {
            TimeUnit::Nano => 6,
            TimeUnit::Micro => 9,
            TimeUnit::Milli => 12,
            TimeUnit::Second => 15,
        }
    }

    /// The unit that a column's name ends in, behind an underscore.
    pub(super) fn of_name(name: &str) -> Option<TimeUnit> {
        let (_, suffix) = name.rsplit_once('_')?;
        TimeUnit::ALL.into_iter().find(|unit| unit.symbol().eq_ignore_ascii_case(suffix))
    }

    /// One of it.
    #[must_use]
    pub fn one(self) -> LogTime {
        LogTime::new(10_i128.pow(self.femtos_exponent()))
    }
}

/// Which columns a log is read from (`[timestamps]` in a spec). What is none is found by its usual name.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LogColumns {
    /// The capture timestamp.
    pub time: Option<String>,
    /// The unit of the timestamps, where the column's name does not end in it.
    pub unit: Option<TimeUnit>,
    /// The sequence number.
    pub sequence: Option<String>,
    /// The exposure time that the camera reports.
    pub exposure: Option<String>,
    /// The unit of the exposure times, where the column's name does not end in it.
    pub exposure_unit: Option<TimeUnit>,
    /// By how many frames the exposure times are late; none: it is found.
    pub exposure_lag: Option<i64>,
    /// The name of the stream, where a log holds several cameras.
    pub stream: Option<String>,
    /// The stream of a camera, by the camera's name.
    pub streams: BTreeMap<String, String>,
}

/// Names of timestamp columns, the best first: the device's clock does not jump when hosts synchronise theirs.
pub(super) const TIME_NAMES: [&str; 6] = ["ts_device", "timestamp_device", "ts_host", "timestamp", "ts", "time"];
/// Names of sequence columns.
pub(super) const SEQUENCE_NAMES: [&str; 3] = ["seq", "sequence", "sequence_num"];
/// Names of exposure columns.
pub(super) const EXPOSURE_NAMES: [&str; 2] = ["exposure", "exposure_time"];
/// Names of stream columns.
pub(super) const STREAM_NAMES: [&str; 2] = ["stream", "camera"];
