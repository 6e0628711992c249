//! The analyzer: when it takes its samples, and so at which sample an edge first shows.

use std::sync::Arc;

use super::lines::TrueLine;
use super::time::{FEMTOS_PER_SECOND, Femtos};
use crate::signal::{Waveform, WaveformError};
use crate::units::{Rational, SampleIndex, SampleRate};

/// An analyzer that takes sample *n* at the true time `phase + n / (fs·(1 + c))`: the samples of a clock whose error *c*
/// it does not know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sampler {
    nominal: SampleRate,
    /// The true sample rate in 10⁻¹² Hz, above 0.
    picohertz: i128,
    phase: Femtos,
    length: u64,
}

/// 10⁻¹² Hz in a hertz.
const PICOHERTZ: i128 = 1_000_000_000_000;

/// The highest sample rate, in hertz; with it every product in [`Sampler::first_at_or_after`] fits 128 bits.
pub(super) const MOST_HERTZ: i128 = 10_000_000_000;

impl Sampler {
    /// An analyzer of this nominal rate and clock error (a ratio: 97e-6 for +97 ppm) that records `length` samples.
    /// `None` unless the true rate is above 0, at most 11 GHz and a whole number of 10⁻¹² Hz.
    pub(super) fn new(nominal: SampleRate, error: &Rational, phase: Femtos, length: u64) -> Option<Sampler> {
        let scaled = nominal.corrected(error)?.hz() * &Rational::integer(PICOHERTZ);
        let picohertz = scaled.to_integer(crate::units::Rounding::Down)?;
        let in_range = picohertz > 0 && picohertz <= MOST_HERTZ / 10 * 11 * PICOHERTZ;
        let sampler = Sampler { nominal, picohertz, phase, length };
        (in_range && scaled == Rational::integer(picohertz)).then_some(sampler)
    }

    /// The rate that the analyzer states: the one of the capture.
    #[must_use]
    pub fn nominal(&self) -> &SampleRate {
        &self.nominal
    }

    /// The rate at which it truly takes them; none only if the nominal one were zero, which no rate is.
    #[must_use]
    pub fn true_rate(&self) -> Option<SampleRate> {
        SampleRate::from_hz(Rational::new(self.picohertz, PICOHERTZ)?)
    }

    /// The number of samples.
    #[must_use]
    pub fn length(&self) -> SampleIndex {
        SampleIndex::new(self.length)
    }

    /// The true time at which a sample is taken, in seconds.
    #[must_use]
    pub fn time(&self, sample: SampleIndex) -> Rational {
        // `picohertz` is above zero.
        let since_first = Rational::new(i128::from(sample.get()) * PICOHERTZ, self.picohertz).unwrap_or(Rational::ZERO);
        self.phase.seconds() + since_first
    }

    /// The time at or just after the last sample.
    pub(super) fn end(&self) -> Femtos {
        let last = self.time(SampleIndex::new(self.length.saturating_sub(1)));
        Femtos::from_seconds(&last).unwrap_or(self.phase) + Femtos::new(1)
    }

    /// The time of the first sample.
    pub(super) fn start(&self) -> Femtos {
        self.phase
    }

    /// The sample at which an edge of this true time first shows: the smallest *n* with tₙ ≥ `time`. `None` where no
    /// edge shows: at or before sample 0, and after the last.
    #[must_use]
    pub fn shows_at(&self, time: Femtos) -> Option<SampleIndex> {
        let first = u64::try_from(self.first_at_or_after(time)).ok()?;
        (first > 0 && first < self.length).then_some(SampleIndex::new(first))
    }

    /// The smallest *n*, also below 0 and beyond the end, whose sample would be taken at or after `time`: the exact
    /// ceiling of (time − phase) · rate.
    fn first_at_or_after(&self, time: Femtos) -> i128 {
        let since = (time - self.phase).get();
        let (seconds, femtos) = (since.div_euclid(FEMTOS_PER_SECOND), since.rem_euclid(FEMTOS_PER_SECOND));
        // Whole seconds first: what is left of them joins the part below a second, and no product leaves 128 bits.
        let whole = seconds * self.picohertz;
        let (samples, left) = (whole.div_euclid(PICOHERTZ), whole.rem_euclid(PICOHERTZ));
        let rest = left * FEMTOS_PER_SECOND + femtos * self.picohertz;
        samples + ceil_div(rest, PICOHERTZ * FEMTOS_PER_SECOND)
    }

    /// What the analyzer sees of a line. Changes that fall between the same two samples cancel out in pairs, as they
    /// would in a record.
    pub(super) fn sample(&self, line: &TrueLine) -> Result<Arc<Waveform>, WaveformError> {
        let mut initial = line.initial();
        let mut changes: Vec<u64> = Vec::new();
        for &time in line.changes() {
            let at = self.first_at_or_after(time);
            if at >= i128::from(self.length) {
                break;
            }
            match u64::try_from(at) {
                Ok(0) | Err(_) => initial = !initial,
                Ok(at) if changes.last() == Some(&at) => {
                    changes.pop();
                }
                Ok(at) => changes.push(at),
            }
        }
        Waveform::new(initial, changes, self.length()).map(Arc::new)
    }
}

fn ceil_div(num: i128, den: i128) -> i128 {
    -(-num).div_euclid(den)
}

#[cfg(test)]
mod tests {
    use super::super::lines::TruePulse;
    use super::*;
    use crate::signal::Level;
    use proptest::prelude::*;

    fn sampler(rate: &str, ppm: i128, phase: i128, length: u64) -> Sampler {
        let rate = SampleRate::parse(rate).unwrap();
        Sampler::new(rate, &Rational::decimal(ppm, -6), Femtos::new(phase), length).unwrap()
    }

    fn shown(sampler: &Sampler, time: i128) -> Option<u64> {
        sampler.shows_at(Femtos::new(time)).map(SampleIndex::get)
    }

    #[test]
    fn an_edge_shows_at_the_first_sample_that_is_not_before_it() {
        // 1 MHz: a sample every 10^9 fs.
        let exact = sampler("1 MHz", 0, 0, 10);
        assert_eq!(shown(&exact, 5_000_000_000), Some(5));
        assert_eq!(shown(&exact, 4_999_999_999), Some(5));
        assert_eq!(shown(&exact, 5_000_000_001), Some(6));
        let late = sampler("1 MHz", 0, 400_000_000, 10);
        assert_eq!(shown(&late, 5_400_000_000), Some(5));
        assert_eq!(shown(&late, 5_400_000_001), Some(6));
    }

    #[test]
    fn an_edge_at_or_before_the_first_sample_or_after_the_last_does_not_show() {
        let exact = sampler("1 MHz", 0, 0, 10);
        assert_eq!(shown(&exact, 0), None);
        assert_eq!(shown(&exact, -1), None);
        assert_eq!(shown(&exact, 1), Some(1));
        assert_eq!(shown(&exact, 9_000_000_000), Some(9));
        assert_eq!(shown(&exact, 9_000_000_001), None);
    }

    #[test]
    fn a_fast_clock_counts_more_samples() {
        // 1 s of a 1 MHz clock that runs 97 ppm fast is 1 000 097 samples.
        let fast = sampler("1 MHz", 97, 0, 2_000_000);
        assert_eq!(shown(&fast, FEMTOS_PER_SECOND), Some(1_000_097));
        assert_eq!(shown(&fast, FEMTOS_PER_SECOND + 1), Some(1_000_098));
        assert_eq!(fast.time(SampleIndex::new(1_000_097)), Rational::ONE);
        assert_eq!(fast.true_rate(), SampleRate::from_hz(Rational::integer(1_000_097)));
        assert_eq!(fast.nominal(), &SampleRate::parse("1 MHz").unwrap());
    }

    #[test]
    fn a_rate_that_is_no_decimal_of_a_hertz_is_refused() {
        let third = Rational::new(1, 3_000_000).unwrap();
        let rate = SampleRate::parse("1 MHz").unwrap();
        assert_eq!(Sampler::new(rate, &third, Femtos::ZERO, 10), None);
    }

    #[test]
    fn changes_between_two_samples_vanish_in_pairs() {
        let exact = sampler("1 MHz", 0, 0, 10);
        let us = |tenths: i128| Femtos::new(tenths * 100_000_000);
        // Active-low: one pulse from before the record to 1.2 µs, one within (2, 3] µs, one from 4.5 to 6.5 µs, and
        // three changes within (7, 8] µs.
        let pulses = [(-5, 12), (21, 29), (45, 65), (71, 75), (80, 200)];
        let pulses = pulses.iter().map(|&(start, end)| TruePulse::between(us(start), us(end)).unwrap()).collect();
        let seen = exact.sample(&TrueLine::from_pulses(Level::Low, pulses)).unwrap();
        assert_eq!((seen.initial(), seen.changes().to_vec()), (Level::Low, vec![2, 5, 7, 8]));
    }

    proptest! {
        #[test]
        fn agrees_with_rationals(
            hz in 1_u64..10_000_000_000, ppb in -100_000_000_i128..100_000_000,
            phase in -FEMTOS_PER_SECOND..FEMTOS_PER_SECOND, time in -FEMTOS_PER_SECOND * 700_000..FEMTOS_PER_SECOND * 700_000,
        ) {
            let error = Rational::decimal(ppb, -9);
            let rate = SampleRate::from_hz(Rational::from(hz)).unwrap();
            let sampler = Sampler::new(rate.clone(), &error, Femtos::new(phase), 1).unwrap();
            let n = sampler.first_at_or_after(Femtos::new(time));
            let exact = rate.corrected(&error).unwrap().samples(&Femtos::new(time - phase).seconds());
            prop_assert_eq!(Some(n), exact.to_integer(crate::units::Rounding::Up));
        }
    }
}
