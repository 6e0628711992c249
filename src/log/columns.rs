//! Which column of a log says what.

use std::collections::BTreeMap;

/// What the numbers of a column are counted in, by its power of ten of femtoseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimeUnit {
    /// Nanoseconds.
    Nano = 6,
    /// Microseconds.
    Micro = 9,
    /// Milliseconds.
    Milli = 12,
    /// Seconds.
    Second = 15,
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
    pub(super) fn femtos_exponent(self) -> i32 {
        self as i32
    }

    /// A column's name without the unit that it ends in (`ts_us`, `time (us)`, `timestampNs`), and that unit.
    pub(super) fn of_name(name: &str) -> (&str, Option<TimeUnit>) {
        let name = name.strip_suffix([')', ']']).unwrap_or(name);
        for unit in TimeUnit::ALL {
            let at = name.len().saturating_sub(unit.symbol().len());
            let Some((stem, symbol)) = name.split_at_checked(at) else { continue };
            let is_marked =
                stem.ends_with(['_', ' ', '.', '(', '[', '-']) && symbol.eq_ignore_ascii_case(unit.symbol());
            let mut capital = unit.symbol().to_owned();
            capital[..1].make_ascii_uppercase();
            let is_word = stem.ends_with(|c: char| c.is_ascii_lowercase()) && symbol == capital && symbol.len() > 1;
            if is_marked || is_word {
                return (stem, Some(unit));
            }
        }
        (name, None)
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

/// A name as names are compared: of letters and digits, without case.
pub(super) fn folded(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The unit that a name has by those who write it: libcamera's timestamps, exposure times of libcamera and GenICam, stamps of
/// `rostopic echo -p`.
pub(super) fn unit_by_stack(name: &str) -> Option<TimeUnit> {
    match name {
        "SensorTimestamp" | "field.header.stamp" | "%time" => Some(TimeUnit::Nano),
        "ExposureTime" | "ChunkExposureTime" | "ExposureTimeAbs" => Some(TimeUnit::Micro),
        _ => None,
    }
}

/// Names of timestamp columns, folded, the best first: the device's clock does not jump when hosts synchronise theirs.
pub(super) const TIME_NAMES: [&str; 11] = [
    "tsdevice",
    "timestampdevice",
    "devicetimestamp",
    "sensortimestamp",
    "fieldheaderstamp",
    "tshost",
    "timestamp",
    "chunktimestamp",
    "ts",
    "time",
    "pts",
];
/// Names of two columns that are a time together, folded: seconds, and the nanoseconds behind them.
pub(super) const SPLIT_NAMES: [(&str, &str); 6] = [
    ("headerstampsec", "headerstampnanosec"),
    ("headerstampsecs", "headerstampnsecs"),
    ("stampsec", "stampnanosec"),
    ("stampsecs", "stampnsecs"),
    ("sec", "nanosec"),
    ("secs", "nsecs"),
];
/// Names of sequence columns, folded.
pub(super) const SEQUENCE_NAMES: [&str; 8] =
    ["seq", "sequence", "sequencenum", "headerseq", "fieldheaderseq", "frameid", "chunkframeid", "blockid"];
/// Names of exposure columns, folded.
pub(super) const EXPOSURE_NAMES: [&str; 4] = ["exposure", "exposuretime", "chunkexposuretime", "exposuretimeabs"];
/// Names of stream columns, folded.
pub(super) const STREAM_NAMES: [&str; 2] = ["stream", "camera"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_may_end_in_its_unit() {
        for (name, stem, unit) in [
            ("ts_device_us", "ts_device_", Some(TimeUnit::Micro)),
            ("TS_NS", "TS_", Some(TimeUnit::Nano)),
            ("t_s", "t_", Some(TimeUnit::Second)),
            ("time (ms)", "time (", Some(TimeUnit::Milli)),
            ("timestampNs", "timestamp", Some(TimeUnit::Nano)),
            ("timestamps", "timestamps", None),
            ("frameUs", "frame", Some(TimeUnit::Micro)),
            ("status", "status", None),
            ("ts", "ts", None),
            ("s", "s", None),
            ("µs", "µs", None),
        ] {
            assert_eq!(TimeUnit::of_name(name), (stem, unit), "{name}");
        }
    }
}
