//! Exact numbers and the field's units: sample positions, sample rates, rationals, and the one parser and the one
//! formatter of values with units.
//!
//! Nothing between a sample and a verdict is a floating-point number: positions are integers, everything derived from
//! them is a [`Rational`]. Floats appear only where something is drawn or printed for machines.

mod calendar;
mod columns;
mod format;
mod meant;
mod numbers;
mod packed;
mod parse;
mod rational;
mod sample;
mod search;
mod strict;
mod time_text;

pub use calendar::{calendar_seconds, calendar_text};
pub use columns::{Columnar, Columns, Items};
pub(crate) use format::counted;
pub use format::{Prefix, half_width_text, measured_text, value_text};
pub(crate) use numbers::{NumberIter, Numbers};
pub(crate) use packed::Packed;
pub use parse::{parse_value, parse_value_as};
pub use rational::{Rational, Rounding};
pub use sample::{SampleCount, SampleIndex, SampleRate, SampleRateError};
pub(crate) use search::{Near, partition_point};
pub use strict::{ValueError, ValueErrorKind};
pub use time_text::TimeText;

/// What a value is measured in. Values are kept in this base unit; prefixes exist only in texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unit {
    /// Seconds.
    Second,
    /// Hertz.
    Hertz,
    /// Percent: 100 is the whole.
    Percent,
    /// Parts per million.
    Ppm,
    /// A plain count, without unit.
    Count,
}

impl Unit {
    /// The unit's symbol as reports and tables print it.
    ///
    /// ```
    /// assert_eq!(strobecheck::units::Unit::Second.symbol(), "s");
    /// ```
    #[must_use]
    pub fn symbol(self) -> &'static str {
        match self {
            Unit::Second => "s",
            Unit::Hertz => "Hz",
            Unit::Percent => "%",
            Unit::Ppm => "ppm",
            Unit::Count => "count",
        }
    }

    /// The spellings that a value of this unit may end in, for messages.
    #[must_use]
    pub fn accepted(self) -> &'static str {
        match self {
            Unit::Second => "s, ms, us (µs), ns, ps or min",
            Unit::Hertz => "Hz, kHz or MHz",
            Unit::Percent => "%",
            Unit::Ppm => "ppm",
            Unit::Count => "no unit: a plain number",
        }
    }
}
