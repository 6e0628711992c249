//! How far an analyzer's clock is off, from a line of known frequency.
//!
//! An analyzer whose clock is off by *c* samples at fs·(1 + c). Of a line of frequency F it so sees N periods in
//! n = N · fs·(1 + c) / F samples, and c = n·F / (N·fs) − 1, in the sign of `analyzer.correction`. The ends of these N
//! periods are two edges, each within one sample: n is known to ±1 sample, whatever the phase. The mean over whole
//! periods from the first to the last rising edge is used, since its bound, ±1/N periods, is narrower than that of a
//! least-squares slope, which is up to ±1.5/N.

use crate::signal::{Level, Lost, Stretch, Waveform};
use crate::units::{Rational, Rounding, SampleCount, SampleIndex, SampleRate, Unit, half_width_text, value_text};

/// The line of known frequency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// Its frequency in hertz, above 0.
    pub frequency: Rational,
    /// How well that is known, as a ratio at or above 0.
    pub accuracy: Rational,
}

/// What an analyzer's clock was found to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calibration {
    /// The whole periods of the reference that were counted.
    pub periods: u64,
    /// The first and the last rising edge of them.
    pub edges: (SampleIndex, SampleIndex),
    /// The clock's error as a ratio, in the sign of `analyzer.correction`: above 0, it runs fast.
    pub error: Rational,
    /// The truth is above it.
    pub low: Rational,
    /// The truth is below it.
    pub high: Rational,
}

/// Why a line does not calibrate a clock.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CalibrateError {
    /// It is sampled too seldom.
    #[error(
        "{frequency} cannot be counted at {rate}: at least three samples a period are needed; use a slower reference"
    )]
    TooFast {
        /// The frequency as a text.
        frequency: String,
        /// The sample rate as a text.
        rate: String,
    },
    /// It has too few edges.
    #[error("too few rising edges in a row: {0}, where at least 2 are needed")]
    TooFewEdges(usize),
    /// A period is far from the nominal one.
    #[error(
        "the period at sample {at} has {samples} samples where {frequency} has {expected}: the line loses or gains pulses, \
         or has another frequency"
    )]
    Period {
        /// The sample of the edge at its end.
        at: SampleIndex,
        /// How many samples it has.
        samples: u64,
        /// How many it should have.
        expected: String,
        /// The frequency as a text.
        frequency: String,
    },
}

/// No clock is off by more than 1 %, and no period of a reference.
const MOST_ERROR: i128 = 100;

/// Finds the clock's error from the longest stretch of a line without a gap.
///
/// # Errors
/// [`CalibrateError`] when the line is not seen clearly, or is not of this frequency.
pub fn calibrate(
    waveform: &Waveform,
    lost: &Lost,
    rate: &SampleRate,
    reference: &Reference,
) -> Result<Calibration, CalibrateError> {
    const LEAST_SAMPLES: i128 = 3;
    // Samples per period, if the clock were right.
    let nominal = rate.hz().checked_div(&reference.frequency).unwrap_or(Rational::ZERO);
    let frequency = || value_text(&reference.frequency, Unit::Hertz, Rounding::Nearest);
    if nominal < Rational::integer(LEAST_SAMPLES) {
        let rate = value_text(rate.hz(), Unit::Hertz, Rounding::Nearest);
        return Err(CalibrateError::TooFast { frequency: frequency(), rate });
    }
    let stretches = lost.proven(waveform.length());
    let rising = stretches.into_iter().map(|stretch| rising(waveform, stretch)).max_by_key(|edges| span(edges));
    let rising = rising.unwrap_or_default();
    let ([first, .., last], periods) = (rising.as_slice(), rising.len().saturating_sub(1) as u64) else {
        return Err(CalibrateError::TooFewEdges(rising.len()));
    };
    let slack = Rational::ONE + nominal.checked_div(&Rational::integer(MOST_ERROR)).unwrap_or(Rational::ZERO);
    for [from, to] in rising.array_windows() {
        let samples = to - from;
        if (Rational::from(samples) - &nominal).abs() > slack {
            let expected = nominal.to_decimal(1, Rounding::Nearest);
            return Err(CalibrateError::Period {
                at: SampleIndex::new(*to),
                samples,
                expected,
                frequency: frequency(),
            });
        }
    }
    let ideal = &nominal * &Rational::from(periods);
    let ratio = |samples: i128, accuracy: Rational| {
        let counted = Rational::integer(samples) * (Rational::ONE + accuracy);
        counted.checked_div(&ideal).map(|ratio| ratio - Rational::ONE).unwrap_or(Rational::ZERO)
    };
    let samples = i128::from(last - first);
    Ok(Calibration {
        periods,
        edges: (SampleIndex::new(*first), SampleIndex::new(*last)),
        error: ratio(samples, Rational::ZERO),
        low: ratio(samples - 1, -&reference.accuracy),
        high: ratio(samples + 1, reference.accuracy.clone()),
    })
}

/// The rising edges within a stretch.
fn rising(waveform: &Waveform, stretch: Stretch) -> Vec<u64> {
    let (first, changes) = waveform.within(stretch);
    let before = usize::from(first == Level::High);
    changes.iter().skip(before).step_by(2).collect()
}

fn span(edges: &[u64]) -> u64 {
    edges.first().zip(edges.last()).map_or(0, |(first, last)| last - first)
}

/// A calibration as specs state it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrittenCalibration {
    /// `analyzer.correction`, rounded to what is known of it.
    pub correction: String,
    /// `analyzer.clock`: how far the clock can be from it, rounded up.
    pub clock: String,
}

impl Calibration {
    /// How far the error can be from the value found, as a ratio.
    #[must_use]
    pub fn half_width(&self) -> Rational {
        (&self.high - &self.error).max(&self.error - &self.low)
    }

    /// How long the periods took by the analyzer's own clock, in seconds.
    #[must_use]
    pub fn duration(&self, rate: &SampleRate) -> Rational {
        rate.seconds(SampleCount::new((self.edges.1 - self.edges.0).get()))
    }

    /// It as the texts of `analyzer.correction` and `analyzer.clock`.
    #[must_use]
    pub fn written(&self) -> WrittenCalibration {
        const MOST_PLACES: u32 = 9;
        let ppm = |ratio: &Rational| ratio.times(1_000_000);
        let resolution = ppm(&self.half_width()) * Rational::decimal(1, -1);
        let fine_enough = |places: &u32| Rational::decimal(1, -(*places as i32)) <= resolution;
        let places = (0..MOST_PLACES).find(fine_enough).unwrap_or(MOST_PLACES);
        let number = ppm(&self.error).to_decimal(places, Rounding::Nearest);
        let sign = if number.starts_with('-') { "" } else { "+" };
        let digits: i128 = number.chars().filter(|c| *c != '.').collect::<String>().parse().unwrap_or(0);
        let stated = Rational::decimal(digits, -6 - places as i32);
        let off = (&self.high - &stated).max(&stated - &self.low);
        let off = off.checked_div(&(Rational::ONE + &self.low)).unwrap_or(off);
        WrittenCalibration { correction: format!("{sign}{number} ppm"), clock: half_width_text(&ppm(&off), Unit::Ppm) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signal::LostSpan;

    fn at(index: u64) -> SampleIndex {
        SampleIndex::new(index)
    }

    fn exact(frequency: i128) -> Reference {
        Reference { frequency: Rational::integer(frequency), accuracy: Rational::ZERO }
    }

    /// A line that rises at these samples and falls half-way between them.
    fn line(rises: &[u64], length: u64) -> Waveform {
        let falls = rises.windows(2).map(|pair| u64::midpoint(pair[0], pair[1]));
        let mut changes: Vec<u64> = rises.iter().copied().chain(falls).collect();
        changes.sort_unstable();
        Waveform::new(Level::Low, changes, at(length)).unwrap()
    }

    fn rate() -> SampleRate {
        SampleRate::parse("1 MHz").unwrap()
    }

    #[test]
    fn the_error_by_hand() {
        // 1 kHz at 1 MHz: 1000 samples a period; ten periods in 10001 samples are +100 ppm, ±1 sample ±100 ppm.
        let rises: Vec<u64> = (0..=10).map(|n| 500 + n * 1000 + u64::from(n > 4)).collect();
        let found = calibrate(&line(&rises, 20_000), &Lost::nothing(), &rate(), &exact(1000)).unwrap();
        assert_eq!((found.periods, found.edges), (10, (at(500), at(10_501))));
        let ppm = |ppm: i128| Rational::decimal(ppm, -6);
        assert_eq!((found.low.clone(), found.error.clone(), found.high.clone()), (ppm(0), ppm(100), ppm(200)));
        let written = found.written();
        assert_eq!((written.correction.as_str(), written.clock.as_str()), ("+100 ppm", "100 ppm"));
        // A reference that is known to 10 ppm widens both bounds.
        let known = Reference { accuracy: ppm(10), ..exact(1000) };
        let found = calibrate(&line(&rises, 20_000), &Lost::nothing(), &rate(), &known).unwrap();
        assert_eq!(found.low, Rational::new(10_000 * 99_999, 10_000 * 100_000).unwrap() - Rational::ONE);
        assert!(found.high > ppm(210) && found.high < ppm(211));
    }

    #[test]
    fn nothing_is_counted_across_a_gap() {
        let rises: Vec<u64> = (0..20).map(|n| 500 + n * 1000).collect();
        let lost = Lost::from_spans(vec![LostSpan::new(at(6000), at(6200))]);
        let found = calibrate(&line(&rises, 20_000), &lost, &rate(), &exact(1000)).unwrap();
        assert_eq!((found.periods, found.edges.0), (13, at(6500)));
    }

    #[test]
    fn a_line_that_does_not_fit_is_refused() {
        let of = |rises: &[u64], frequency| {
            calibrate(&line(rises, 20_000), &Lost::nothing(), &rate(), &exact(frequency)).map_err(|e| e.to_string())
        };
        let missing: Vec<u64> = (0..10).filter(|n| *n != 4).map(|n| 500 + n * 1000).collect();
        assert_eq!(
            of(&missing, 1000).unwrap_err(),
            "the period at sample 5500 has 2000 samples where 1 kHz has 1000.0: the line loses or gains pulses, \
             or has another frequency"
        );
        assert!(of(&[500, 1500], 1010).is_ok());
        assert!(of(&[500, 1500], 1020).is_err());
        assert_eq!(of(&[500], 1000).unwrap_err(), "too few rising edges in a row: 1, where at least 2 are needed");
        assert!(of(&[], 1000).unwrap_err().starts_with("too few rising edges in a row: 0"));
        assert!(of(&[500, 503], 333_333).is_ok());
        assert!(of(&[500, 502], 400_000).unwrap_err().starts_with("400 kHz cannot be counted at 1 MHz"));
    }

    #[test]
    fn what_is_written_covers_the_bounds() {
        let calibration = |error: (i128, i32), half: (i128, i32)| {
            let (error, half) = (Rational::decimal(error.0, error.1), Rational::decimal(half.0, half.1));
            Calibration { periods: 1, edges: (at(0), at(1)), low: &error - &half, high: &error + &half, error }
        };
        // 97.0213 ± 0.05 ppm: a tenth of the bound is 0.005, so three places.
        let written = calibration((970_213, -10), (5, -8)).written();
        assert_eq!((written.correction.as_str(), written.clock.as_str()), ("+97.021 ppm", "0.051 ppm"));
        let written = calibration((-31, -7), (4, -6)).written();
        assert_eq!((written.correction.as_str(), written.clock.as_str()), ("-3.1 ppm", "4.1 ppm"));
    }
}
