//! Judging: a rule and what was measured make a check.
//!
//! `band` widens a limit by the clock's error and holds a reading against it, `sequence` lays sequences over the frames, `judge` makes
//! the check of it, `settle` says what would decide an open one, `unseen` which violations pulses that no sample shows may account
//! for, `unproven` takes the verdicts back where no sample rate is known, and `capability` tells
//! what a capture can decide at best, `demand` what a limit takes before anything is recorded. Floats here are `statistics`, for reading, and the choice between phases of a sequence
//! that break it equally often.

mod advice;
mod band;
mod capability;
mod demand;
mod judge;
mod plots;
mod sequence;
mod settle;
mod statistics;
mod unproven;
mod unseen;

pub use advice::Instrument;
pub use advice::RateIs;
pub(crate) use advice::rate_text;
pub use capability::capability;
pub use demand::{Demand, Stands, demands};
#[cfg(test)]
pub(crate) use judge::unmeasured;
pub use judge::{applies, judge};
pub use plots::Plots;
pub use sequence::laid;

use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The number of the rules by which captures are judged. It goes up with every change by which a verdict may come out
/// otherwise, so that of two results of one capture it is known which counts. Results from before it have none.
pub const RULES: u64 = 2;

pub use crate::quantity::{LeftOut, WhyLeftOut};
use crate::quantity::{Point, Quantity, Subject};
use crate::spec::{Limit, Origin};
use crate::units::{Rational, SampleIndex};

/// What is proven of a check or a capture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(rename = "verdict")]
pub enum Verdict {
    /// Proven within its limits.
    Pass,
    /// Proven outside.
    Fail,
    /// Not proven either way.
    Inconclusive,
}

/// How one value stands to its limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// The whole interval in which the truth lies is within the limit.
    Inside,
    /// The whole interval is outside.
    Outside,
    /// The interval straddles a limit.
    Straddling,
    /// It is shown and not judged: warm-up, or cut off without breaking a limit.
    NotJudged,
}

/// A value that was judged, and where it is. Values are in the quantity's base unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    /// The frame, if it belongs to one.
    pub frame: Option<i64>,
    /// The first sample that it was taken from.
    pub from: SampleIndex,
    /// The last sample that it was taken from.
    pub to: SampleIndex,
    /// The value.
    pub value: Rational,
    /// The truth is not below it; none: unbounded.
    pub low: Option<Rational>,
    /// The truth is not above it; none: unbounded.
    pub high: Option<Rational>,
    /// The distance to the nearest limit; below 0 outside.
    pub margin: Rational,
    /// The entry of the sequence that it was judged by.
    pub entry: usize,
}

impl Judged {
    /// A value whose unit is so many base units, by the entry that judged it and its limit.
    pub(crate) fn of(point: &Point, scale: &Rational, entry: usize, limit: &Limit) -> Judged {
        let base = |value: &Rational| value * scale;
        let value = base(&point.reading.value);
        Judged {
            frame: point.frame,
            from: point.from,
            to: point.to,
            margin: band::margin(&value, limit),
            low: point.reading.low.at().map(base),
            high: point.reading.high.at().map(base),
            value,
            entry,
        }
    }

    /// The larger distance from the value to one of its bounds, in the base unit; none where one is missing.
    #[must_use]
    pub fn half_width(&self) -> Option<Rational> {
        let (low, high) = (self.low.as_ref()?, self.high.as_ref()?);
        Some((&self.value - low).max(high - &self.value))
    }

    /// The limit by which it was judged.
    #[must_use]
    pub fn limit<'a>(&self, check: &'a Check) -> Option<&'a Limit> {
        check.limits.get(self.entry)
    }
}

/// A value as plots and tables show it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Plotted {
    /// The frame, if it belongs to one.
    pub frame: Option<i64>,
    /// The last sample that it was taken from.
    pub at: SampleIndex,
    /// The value in the quantity's base unit.
    pub value: f64,
    /// How it stands.
    pub standing: Standing,
    /// The entry of the sequence that it was judged by.
    pub entry: usize,
}

/// Statistics of the judged values, in the quantity's base unit: for reading, and no part of a verdict, which rests on the
/// bounds of each value (the decision rule of JCGM 106:2012 with the guard band of design: the verdict).
///
/// Of n values x in order of size: the mean x̄ = Σx / n and the standard deviation √(Σ(x − x̄)² / (n − 1)) of JCGM 100:2008, 4.2;
/// percentile p is the value of rank ⌈p·n⌉ (nearest rank, definition 1 of Hyndman and Fan 1996): one that was measured.
/// Locked phases of camera and analyzer can put every value on the same side of the truth: the mean of n values is known to no
/// better than each of them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Statistics {
    /// The smallest value.
    pub min: f64,
    /// The largest value.
    pub max: f64,
    /// The arithmetic mean.
    pub mean: f64,
    /// The standard deviation of the sample (n − 1); none for a single value.
    pub sd: Option<f64>,
    /// The median, by nearest rank: a value that was measured.
    pub p50: f64,
    /// The 99th percentile, by nearest rank.
    pub p99: f64,
    /// The 99.9th percentile, by nearest rank.
    pub p99_9: f64,
}

/// A rule, what was measured, and what is proven.
#[derive(Debug, Clone)]
pub struct Check {
    /// What was judged.
    pub quantity: &'static Quantity,
    /// Of which camera or line, by its place in the rig.
    pub subject: Subject,
    /// The camera's name.
    pub camera: Option<String>,
    /// The line's key, for quantities of a line.
    pub line: Option<String>,
    /// The rule as a text: `20 ms ± 50 us`, entries of a sequence in order.
    pub rule: String,
    /// The limits: one, or the entries of a sequence.
    pub limits: Vec<Limit>,
    /// The entry of the sequence that frame 0 was judged by.
    pub phase: usize,
    /// Where the rule comes from.
    pub origin: Origin,
    /// What is proven.
    pub verdict: Verdict,
    /// Why it is not a pass, in a sentence.
    pub reason: Option<String>,
    /// What would settle an inconclusive, in a sentence.
    pub settle: Option<String>,
    /// Which limit no value can pass with this instrument, and what that takes, in a sentence.
    pub too_narrow: Option<String>,
    /// How many values were judged.
    pub measured: u64,
    /// How many are proven outside.
    pub failed: u64,
    /// How many are not proven either way.
    pub marginal: u64,
    /// How many of those would be proven outside if there were no pulses that no sample shows.
    pub unresolved: u64,
    /// What was measured and not judged, and why.
    pub left_out: Vec<LeftOut>,
    /// Their statistics; none where nothing was measured.
    pub statistics: Option<Statistics>,
    /// The half-width at the worst value, in the base unit.
    pub uncertainty: Option<Rational>,
    /// The value with the least margin.
    pub worst: Option<Judged>,
    /// The first values that are proven outside.
    pub violations: Vec<Judged>,
    /// The first values that straddle a limit.
    pub marginals: Vec<Judged>,
    /// All values in order of time, for plots and tables.
    pub track: Arc<Plots>,
}
