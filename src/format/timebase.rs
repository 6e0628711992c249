//! From times to samples.
//!
//! Some formats state the times of changes instead of samples. Where the real sample rate is known, each time must be
//! that of a sample, within the rounding of the file's unit; where it is not, the time units themselves are counted,
//! and nothing finer is claimed than the user states later. Work and memory follow the changes, not the time.

use crate::units::{Rational, Rounding, SampleRate, Unit, value_text};

/// The unit of a file's times: 10^-exponent seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Tick {
    exponent: i32,
}

/// A hundred seconds and a femtosecond: the coarsest and the finest unit of a file.
const COARSEST: i32 = -2;
const FINEST: i32 = 15;

impl Tick {
    /// A femtosecond.
    pub(super) const FEMTOSECOND: Tick = Tick { exponent: FINEST };
    /// A second.
    pub(super) const SECOND: Tick = Tick { exponent: 0 };
    /// A nanosecond.
    pub(super) const NANOSECOND: Tick = Tick { exponent: 9 };

    /// 10^-exponent seconds; none beyond what files use.
    pub(super) fn new(exponent: i32) -> Option<Tick> {
        (COARSEST..=FINEST).contains(&exponent).then_some(Tick { exponent })
    }

    /// The coarsest unit, no coarser than this, of which a sample lasts a whole number; this one where there is none.
    pub(super) fn within(self, rate: &SampleRate) -> Tick {
        let is_whole = |tick: &Tick| spacing(*tick, rate).is_some_and(|(ticks, samples)| ticks % samples == 0);
        (self.exponent..=FINEST).map(|exponent| Tick { exponent }).find(is_whole).unwrap_or(self)
    }

    /// It is 10^-exponent seconds.
    pub(super) fn exponent(self) -> i32 {
        self.exponent
    }

    /// How many of it a second has, as the rate of samples that are counted by it.
    pub(super) fn rate(self) -> Option<SampleRate> {
        SampleRate::from_hz(Rational::decimal(1, self.exponent))
    }

    /// So many of it in seconds.
    fn seconds(self, ticks: i128) -> Rational {
        Rational::decimal(ticks, -self.exponent)
    }
}

/// Why times do not fit samples.
#[derive(Debug, thiserror::Error)]
pub(super) enum TimebaseError {
    #[error(
        "the edge at {at} lies between two samples of {rate}, {off} beside the next; state the rate that the capture was taken at, or leave --samplerate out"
    )]
    OffGrid { at: String, rate: String, off: String },
    #[error("its times are in units of {unit}, too coarse to tell samples at {rate} apart; state a lower --samplerate")]
    TooCoarse { unit: String, rate: String },
    #[error(
        "its times have too few digits: at {at} the last one is {unit}, too coarse to tell samples at {rate} apart; export it \
         with more digits, or state a lower --samplerate"
    )]
    Cut { at: String, unit: String, rate: String },
    #[error("two edges of one line at {at} lie within one sample of {rate}; state the rate that it was taken at")]
    WithinSample { at: String, rate: String },
    #[error("a rate of {0} cannot be counted in its times; state it in decimals")]
    NotDecimal(String),
    #[error("its times reach beyond what can be counted")]
    TooLong,
}

/// How samples lie among ticks.
#[derive(Debug, Clone)]
pub(super) struct Timebase {
    tick: Tick,
    /// The rate of the samples; none: the ticks are counted.
    rate: Option<SampleRate>,
    /// `samples` sample periods are `ticks` ticks.
    ticks: i128,
    samples: i128,
    /// How far, in ticks, the file's rounding may move a time.
    rounding: i128,
    /// How many ticks the unit is in which the file counts.
    unit: i128,
    /// The number of digits to which the file cuts its times, if it does.
    digits: Option<u32>,
}

impl Timebase {
    /// Samples of this rate among times in ticks; without a rate, every tick is one.
    pub(super) fn new(tick: Tick, rate: Option<&SampleRate>) -> Result<Timebase, TimebaseError> {
        let counted = Timebase { tick, rate: None, ticks: 1, samples: 1, rounding: 0, unit: 1, digits: None };
        let Some(rate) = rate else { return Ok(counted) };
        let rate_text = || value_text(rate.hz(), Unit::Hertz, Rounding::Nearest);
        let (ticks, samples) = spacing(tick, rate).ok_or_else(|| TimebaseError::NotDecimal(rate_text()))?;
        // Where samples lie on whole ticks, nothing was rounded.
        let whole = ticks % samples == 0;
        if ticks - samples <= samples && !whole {
            let unit = value_text(&tick.seconds(1), Unit::Second, Rounding::Nearest);
            return Err(TimebaseError::TooCoarse { unit, rate: rate_text() });
        }
        let rounding = i128::from(ticks - samples > samples);
        Ok(Timebase { rate: Some(rate.clone()), ticks, samples, rounding, ..counted })
    }

    /// The same for times that are written in units of so many ticks, or in so many digits at most.
    pub(super) fn written(self, unit: i128, digits: Option<u32>) -> Timebase {
        let is_rounded = self.rate.is_some() && (unit != 1 || digits.is_some());
        Timebase { rounding: if is_rounded { 1 } else { self.rounding }, unit, digits, ..self }
    }

    /// How many ticks the last digit is that this time is written in.
    fn last_digit(&self, tick: i128) -> Option<i128> {
        let cut = self.digits.zip((tick / self.unit).unsigned_abs().checked_ilog10());
        let beyond = cut.map_or(0, |(digits, log)| (log + 1).saturating_sub(digits));
        10_i128.checked_pow(beyond)?.checked_mul(self.unit)
    }

    /// The whole number of samples nearest to the distance between two times; nothing where it lies beside it by more than
    /// rounding explains.
    pub(super) fn samples_between(&self, from: i128, to: i128) -> Result<Result<i128, OffGrid>, TimebaseError> {
        let digit = self.last_digit(to).ok_or(TimebaseError::TooLong)?;
        let period = digit.checked_mul(self.samples).ok_or(TimebaseError::TooLong)?;
        if self.rate.is_some() && digit > self.unit && period.saturating_mul(2) > self.ticks && self.ticks % period != 0
        {
            let unit = value_text(&self.tick.seconds(digit), Unit::Second, Rounding::Nearest);
            return Err(TimebaseError::Cut { at: self.time_text(to), unit, rate: self.rate_text() });
        }
        self.nearest(from, to).ok_or(TimebaseError::TooLong)
    }

    fn nearest(&self, from: i128, to: i128) -> Option<Result<i128, OffGrid>> {
        let at = (to - from).checked_mul(self.samples)?;
        let sample = at.checked_mul(2)?.checked_add(self.ticks)?.div_euclid(self.ticks.checked_mul(2)?);
        let beside = (at - sample.checked_mul(self.ticks)?).abs();
        Some(if beside > self.slack(from, to)? { Err(OffGrid { ticks: beside / self.samples }) } else { Ok(sample) })
    }

    /// The last sample, counted from that at `from`, that is not after `to`, as far as they can be told.
    pub(super) fn last_before(&self, from: i128, to: i128) -> Result<i128, TimebaseError> {
        let samples = || {
            let at = (to - from).checked_mul(self.samples)?.checked_add(self.slack(from, to)?)?;
            Some(at.div_euclid(self.ticks))
        };
        samples().ok_or(TimebaseError::TooLong)
    }

    /// The first sample, counted from that at `from`, that is not before `to`, as far as they can be told.
    pub(super) fn first_after(&self, from: i128, to: i128) -> Result<i128, TimebaseError> {
        self.last_before(to, from).map(i128::saturating_neg)
    }

    /// How far the distance of two times may lie beside whole samples, in ticks times `samples`: the rounding of the file's
    /// unit, and that of the double-precision numbers by which many programs compute times, which grows with the times
    /// themselves.
    fn slack(&self, from: i128, to: i128) -> Option<i128> {
        const DOUBLE: u32 = 50;
        if self.rounding == 0 {
            return Some(0);
        }
        let times = from.abs().checked_add(to.abs())?.checked_mul(self.samples)? >> DOUBLE;
        // Half of the last digit of each of them.
        let written = self.last_digit(from)?.checked_add(self.last_digit(to)?)?.checked_add(1)? / 2;
        written.checked_mul(self.samples)?.checked_add(times)
    }

    /// A time as messages say it.
    pub(super) fn time_text(&self, tick: i128) -> String {
        let digits = self.tick.exponent.max(0).unsigned_abs();
        format!("{} s", self.tick.seconds(tick).to_decimal(digits, Rounding::Nearest))
    }

    /// A distance in ticks as messages say it.
    pub(super) fn distance_text(&self, ticks: i128) -> String {
        value_text(&self.tick.seconds(ticks), Unit::Second, Rounding::Nearest)
    }

    /// The rate of the samples as messages say it.
    pub(super) fn rate_text(&self) -> String {
        let rate = self.rate.clone().or_else(|| self.tick.rate());
        rate.map(|rate| value_text(rate.hz(), Unit::Hertz, Rounding::Nearest)).unwrap_or_default()
    }
}

/// A distance that is no whole number of samples: it lies so many ticks beside one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct OffGrid {
    pub(super) ticks: i128,
}

/// How many ticks are how many samples.
fn spacing(tick: Tick, rate: &SampleRate) -> Option<(i128, i128)> {
    const MOST_DECIMALS: i32 = 12;
    (0..=MOST_DECIMALS).find_map(|decimals| {
        let scaled = rate.hz() * &Rational::decimal(1, decimals);
        let samples = scaled.to_integer(Rounding::Down).filter(|whole| Rational::integer(*whole) == scaled)?;
        let exponent = tick.exponent + decimals;
        let power = 10_i128.checked_pow(exponent.unsigned_abs())?;
        if exponent >= 0 { Some((power, samples)) } else { Some((1, samples.checked_mul(power)?)) }
    })
}
