//! Sample positions, counts of sample periods, and sample rates.

use std::fmt;
use std::ops::{Add, Sub};

use super::{Rational, Rounding};

/// A position in a capture: the number of a sample, from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct SampleIndex(u64);

impl SampleIndex {
    /// The sample with this number.
    #[must_use]
    #[inline]
    pub const fn new(index: u64) -> SampleIndex {
        SampleIndex(index)
    }

    /// The number, from 0.
    #[must_use]
    #[inline]
    pub const fn get(self) -> u64 {
        self.0
    }
}

impl fmt::Display for SampleIndex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A number of sample periods between two positions; negative when it points back in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct SampleCount(i128);

impl SampleCount {
    /// This many sample periods.
    #[must_use]
    #[inline]
    pub const fn new(count: i128) -> SampleCount {
        SampleCount(count)
    }

    /// The number of sample periods.
    #[must_use]
    #[inline]
    pub const fn get(self) -> i128 {
        self.0
    }
}

impl Sub for SampleIndex {
    type Output = SampleCount;

    #[inline]
    fn sub(self, earlier: SampleIndex) -> SampleCount {
        SampleCount(i128::from(self.0) - i128::from(earlier.0))
    }
}

impl Add for SampleCount {
    type Output = SampleCount;

    #[inline]
    fn add(self, other: SampleCount) -> SampleCount {
        SampleCount(self.0 + other.0)
    }
}

impl From<SampleCount> for Rational {
    #[inline]
    fn from(count: SampleCount) -> Rational {
        Rational::integer(count.0)
    }
}

/// How many samples were taken per second: above zero, exact.
///
/// ```
/// use strobecheck::units::{Rational, SampleRate};
/// let rate = SampleRate::parse("24.5MHz").unwrap();
/// assert_eq!(rate.hz(), &Rational::integer(24_500_000));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SampleRate {
    hz: Rational,
    period: Rational,
}

/// Why a text is not a sample rate.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SampleRateError {
    /// The text has none of the known forms.
    #[error("'{0}' is not a sample rate; write for example 24MHz, 24 MHz, 2.4 MHz or 24000000")]
    Form(String),
    /// The number is zero or below.
    #[error("a sample rate of '{0}' is not above zero")]
    NotPositive(String),
}

/// No analyzer comes near this; above it a text is a mistake, and arithmetic stays small below it.
const LONGEST_RATE_TEXT: usize = 40;

impl SampleRate {
    /// The rate of this many hertz; `None` unless above zero.
    #[must_use]
    pub fn from_hz(hz: Rational) -> Option<SampleRate> {
        let period = hz.recip().filter(Rational::is_positive)?;
        Some(SampleRate { hz, period })
    }

    /// Reads the forms that libsigrok reads (`sr_parse_sizestring`): digits, an optional fraction, an optional SI
    /// suffix in either case (`2 mHz` is 2 MHz) and an optional `Hz`. Unlike it, `24.5MHz` is 24.5 MHz, and nothing
    /// is cut to whole hertz.
    ///
    /// # Errors
    /// [`SampleRateError`] on any other text, and on a rate of zero.
    pub fn parse(text: &str) -> Result<SampleRate, SampleRateError> {
        let form = || SampleRateError::Form(text.chars().take(LONGEST_RATE_TEXT).collect());
        let trimmed = text.trim();
        if trimmed.len() > LONGEST_RATE_TEXT {
            return Err(form());
        }
        let number_len = trimmed.bytes().take_while(|b| b.is_ascii_digit() || *b == b'.').count();
        let (number, suffix) = trimmed.split_at(number_len);
        let suffix = suffix.trim_start().to_ascii_lowercase();
        let exponent = match suffix.strip_suffix("hz").unwrap_or(&suffix) {
            "" => 0,
            "k" => 3,
            "m" => 6,
            "g" => 9,
            "t" => 12,
            "p" => 15,
            "e" => 18,
            _ => return Err(form()),
        };
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        if whole.is_empty() || fraction.contains('.') || (number.contains('.') && fraction.is_empty()) {
            return Err(form());
        }
        let mantissa: i128 = format!("{whole}{fraction}").parse().map_err(|_| form())?;
        // At most LONGEST_RATE_TEXT digits stand behind the point.
        let places = i32::try_from(fraction.len()).map_err(|_| form())?;
        SampleRate::from_hz(Rational::decimal(mantissa, exponent - places))
            .ok_or_else(|| SampleRateError::NotPositive(trimmed.to_owned()))
    }

    /// Samples per second.
    #[must_use]
    pub fn hz(&self) -> &Rational {
        &self.hz
    }

    /// Seconds per sample.
    #[must_use]
    pub fn period(&self) -> &Rational {
        &self.period
    }

    /// The true rate of an analyzer whose clock is known to run fast by this ratio (`97e-6` for +97 ppm); `None`
    /// when nothing above zero is left.
    #[must_use]
    pub fn corrected(&self, ratio: &Rational) -> Option<SampleRate> {
        SampleRate::from_hz(&self.hz * &(&Rational::ONE + ratio))
    }

    /// How long this many sample periods last, in seconds.
    #[must_use]
    pub fn seconds(&self, count: SampleCount) -> Rational {
        &Rational::from(count) * &self.period
    }

    /// How many sample periods these seconds are; not whole in general.
    #[must_use]
    pub fn samples(&self, seconds: &Rational) -> Rational {
        seconds * &self.hz
    }

    /// The first sample at or after this time; `None` beyond 64 bits, and before the capture.
    #[must_use]
    pub fn index_at_or_after(&self, seconds: &Rational) -> Option<SampleIndex> {
        let index = self.samples(seconds).to_integer(Rounding::Up)?;
        u64::try_from(index).ok().map(SampleIndex)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_that_sigrok_reads_right() {
        for (text, hz) in [
            ("24000000", 24_000_000),
            ("24MHz", 24_000_000),
            ("24 MHz", 24_000_000),
            ("24M", 24_000_000),
            ("0.024 GHz", 24_000_000),
            ("24000 kHz", 24_000_000),
            ("2 mHz", 2_000_000),
            ("12.500000 MHz", 12_500_000),
            ("1.515151 MHz", 1_515_151),
            ("17 Hz", 17),
            ("1 THz", 1_000_000_000_000),
        ] {
            assert_eq!(SampleRate::parse(text).unwrap().hz(), &Rational::integer(hz), "{text}");
        }
    }

    #[test]
    fn forms_that_sigrok_reads_wrong_have_their_true_value() {
        for (text, num, den) in [
            ("24.5MHz", 24_500_000, 1),
            ("2.4MHz", 2_400_000, 1),
            ("1.5M", 1_500_000, 1),
            ("24000000.0", 24_000_000, 1),
            ("3.2768 kHz", 32_768, 10),
            ("66.666666667 MHz", 66_666_666_667, 1000),
            ("24 MHz ", 24_000_000, 1),
        ] {
            assert_eq!(SampleRate::parse(text).unwrap().hz(), &Rational::new(num, den).unwrap(), "{text}");
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for text in ["", "24e6", "24,5 MHz", "24 Msps", "41.67 ns", "-1", "MHz", "1.2.3 MHz", "24. MHz", "24 M Hz x"] {
            assert!(matches!(SampleRate::parse(text), Err(SampleRateError::Form(_))), "{text}");
        }
        let long = "9".repeat(60);
        assert!(matches!(SampleRate::parse(&long), Err(SampleRateError::Form(_))));
        assert!(matches!(SampleRate::parse("0"), Err(SampleRateError::NotPositive(_))));
        assert!(matches!(SampleRate::parse("0.000 MHz"), Err(SampleRateError::NotPositive(_))));
    }

    #[test]
    fn a_fast_clock_makes_samples_shorter() {
        let rate = SampleRate::parse("1 MHz").unwrap().corrected(&Rational::decimal(97, -6)).unwrap();
        assert_eq!(rate.hz(), &Rational::integer(1_000_097));
        assert_eq!(rate.seconds(SampleCount::new(1_000_097)), Rational::ONE);
    }
}
