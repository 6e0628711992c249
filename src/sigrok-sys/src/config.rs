//! Settings of drivers and devices.

use std::ffi::c_int;

use crate::sigrok as c;

/// A setting, by libsigrok's number for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key(pub(crate) u32);

impl Key {
    /// That devices have logic channels.
    pub const LOGIC_ANALYZER: Key = Key(c::SR_CONF_LOGIC_ANALYZER);
    /// Where a device is connected; a scan takes it.
    pub const CONNECTION: Key = Key(c::SR_CONF_CONN);
    /// Samples per second.
    pub const SAMPLE_RATE: Key = Key(c::SR_CONF_SAMPLERATE);
    /// How many samples are taken.
    pub const LIMIT_SAMPLES: Key = Key(c::SR_CONF_LIMIT_SAMPLES);
    /// That samples can be taken without end.
    pub const CONTINUOUS: Key = Key(c::SR_CONF_CONTINUOUS);
    /// From which voltage on a line is low, and high.
    pub const VOLTAGE_THRESHOLD: Key = Key(c::SR_CONF_VOLTAGE_THRESHOLD);
    /// What the device can wait for.
    pub const TRIGGER_MATCH: Key = Key(c::SR_CONF_TRIGGER_MATCH);
    /// How much of the samples lies before the trigger, in percent.
    pub const CAPTURE_RATIO: Key = Key(c::SR_CONF_CAPTURE_RATIO);
}

/// What a setting takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ValueKind {
    /// A whole number that is not negative.
    Unsigned,
    /// A whole number.
    Integer,
    /// A number.
    Float,
    /// A text.
    Text,
    /// Yes or no.
    Switch,
    /// A fraction of two whole numbers.
    Ratio,
    /// Two numbers.
    FloatRange,
    /// Something that is not set from here.
    Other,
}

impl ValueKind {
    pub(crate) fn of(datatype: c_int) -> ValueKind {
        match u32::try_from(datatype) {
            Ok(c::SR_T_UINT64) => ValueKind::Unsigned,
            Ok(c::SR_T_INT32) => ValueKind::Integer,
            Ok(c::SR_T_FLOAT) => ValueKind::Float,
            Ok(c::SR_T_STRING) => ValueKind::Text,
            Ok(c::SR_T_BOOL) => ValueKind::Switch,
            Ok(c::SR_T_RATIONAL_PERIOD | c::SR_T_RATIONAL_VOLT) => ValueKind::Ratio,
            Ok(c::SR_T_DOUBLE_RANGE) => ValueKind::FloatRange,
            Ok(_) | Err(_) => ValueKind::Other,
        }
    }
}

/// What libsigrok says of a setting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyInfo {
    /// Its number.
    pub key: Key,
    /// What it takes.
    pub kind: ValueKind,
    /// Its name on a command line, such as `samplerate`.
    pub id: String,
    /// Its name for people.
    pub name: String,
}
