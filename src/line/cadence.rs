//! A line's signal, told from what disturbs it, where it is known how often its pulses are to come. Where it is not,
//! [`super::Separated`] looks at the lengths of its stretches alone.

use std::sync::Arc;

use super::limits::{FAR_SHORTER, MUCH_SHORTER};
use super::span::{Span, spans, without_short};
use crate::signal::Level;
use crate::units::{Rational, Rounding};

/// So many times the parts of pulses are joined.
const ROUNDS: usize = 3;
/// Pulses that come sooner than in so many tenths of a period are too many.
const TOO_SOON_TENTHS: i128 = 9;
/// So many more than are to come may be seen at the ends of the record.
const AT_THE_ENDS: i128 = 2;
/// One in so many periods may be odd.
const ODD: usize = 5;

/// How often a line's pulses are to come.
#[derive(Debug, Clone)]
pub(crate) struct Cadence {
    /// The period in samples, positive; `None` if unknown.
    pub(crate) period: Option<Rational>,
    /// How many samples are looked at.
    pub(crate) length: u64,
    /// How many pulses there are to be in a period.
    pub(crate) per_period: u64,
}

/// The stretches of a line, both ends of each seen.
#[derive(Debug)]
pub(crate) struct Told {
    /// Those at the active level, as they are.
    pub(crate) pulses: Arc<[Span]>,
    /// Those at the active level, without what is too short to be signal. The same list where nothing is.
    pub(crate) signal: Arc<[Span]>,
    /// Those of either level that are too short to be signal.
    pub(crate) disturbances: Vec<Span>,
}

impl Cadence {
    /// Tells the signal of a line that begins at level `first` from its disturbances. A spike is no longer than so many samples.
    pub(crate) fn tell(&self, first: Level, edges: &[u64], active: Level, longest_spike: u64) -> Told {
        let pulses = spans(first, edges, active);
        let mut least = self.least_stretch(&pulses, &spans(first, edges, !active));
        let bridge = |shortest: u64| {
            let (kept, short) = without_short(first, edges.iter().copied(), shortest);
            (spans(first, &kept, active), short)
        };
        // Spikes first, so that the parts into which they cut a pulse are not taken for more of them.
        let shorter = if self.is_exceeded_by(&pulses) { MUCH_SHORTER } else { FAR_SHORTER };
        let (mut signal, mut disturbances) = bridge((longest_spike + 1).min(least / shorter));
        // A pulse in many parts looks narrow: each time that parts are joined, more of them can be told.
        for _ in 0..ROUNDS {
            if !self.is_exceeded_by(&signal) {
                break;
            }
            (signal, disturbances) = bridge(least / MUCH_SHORTER);
            least = least.max(self.least_stretch(&signal, &spans(first, edges, !active)));
        }
        let pulses: Arc<[Span]> = pulses.into();
        let signal = if disturbances.is_empty() { Arc::clone(&pulses) } else { signal.into() };
        Told { pulses, signal, disturbances }
    }

    /// Whether there are more pulses than are to come, in all or somewhere.
    fn is_exceeded_by(&self, pulses: &[Span]) -> bool {
        let count = pulses.len() as i128 - AT_THE_ENDS;
        let Some(period) = &self.period else { return count > 0 };
        let expected = i128::from(self.length) * i128::from(self.per_period);
        let apart = usize::try_from(self.per_period.saturating_mul(2)).unwrap_or(usize::MAX);
        let soon = (period.times(TOO_SOON_TENTHS).checked_div(&Rational::integer(10)))
            .and_then(|soon| soon.to_integer(Rounding::Up))
            .unwrap_or(0);
        let is_crowded = || {
            let mut pairs = pulses.iter().zip(pulses.iter().skip(apart));
            pairs.any(|(a, b)| i128::from(b.from - a.from) < soon)
        };
        period.times(count) > Rational::integer(expected) || is_crowded()
    }

    /// The width that the widest stretches of most periods reach, of either level; 0 where that cannot be said.
    fn least_stretch(&self, pulses: &[Span], idle: &[Span]) -> u64 {
        let Some(period) = &self.period else { return 0 };
        let number = |span: &Span| period.fits_in(span.from);
        let typical = |spans: &[Span]| {
            let of_each = spans.chunk_by(|a, b| number(a) == number(b));
            let mut widest: Vec<u64> = of_each.filter_map(|each| each.iter().map(|span| span.length()).max()).collect();
            widest.sort_unstable();
            if widest.len() < 2 { None } else { widest.get(widest.len() / ODD).copied() }
        };
        typical(pulses).zip(typical(idle)).map_or(0, |(wide, gap)| wide.min(gap))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The ends of the signal, and of the disturbances.
    fn told(pulses: &[(u64, u64)], cadence: &Cadence) -> [Vec<(u64, u64)>; 2] {
        let edges: Vec<u64> = pulses.iter().flat_map(|&(from, to)| [from, to]).collect();
        let told = cadence.tell(Level::Low, &edges, Level::High, 5);
        [&told.signal[..], &told.disturbances].map(|spans| spans.iter().map(|span| (span.from, span.to)).collect())
    }

    fn cadence(period: u64) -> Cadence {
        Cadence { period: Some(Rational::from(period)), length: 1000, per_period: 1 }
    }

    #[test]
    fn spikes_are_told_from_pulses_and_join_what_they_cut() {
        let pulses: Vec<(u64, u64)> = (0..10).map(|frame| (frame * 100 + 10, frame * 100 + 40)).collect();
        assert_eq!(told(&pulses, &cadence(100)), [pulses.clone(), vec![]]);
        // Three spikes between the pulses, and a gap of two samples in one of them.
        let mut with_spikes = pulses.clone();
        with_spikes.splice(3..4, [(310, 320), (322, 340)]);
        with_spikes.extend([(60, 61), (162, 164), (270, 273)]);
        with_spikes.sort_unstable();
        let spikes = vec![(60, 61), (162, 164), (270, 273), (320, 322)];
        assert_eq!(told(&with_spikes, &cadence(100)), [pulses, spikes]);
    }

    #[test]
    fn as_many_short_pulses_as_are_to_come_are_signal() {
        let pulses: Vec<(u64, u64)> = (0..10).map(|frame| (frame * 100 + 10, frame * 100 + 12)).collect();
        assert_eq!(told(&pulses, &cadence(100)), [pulses, vec![]]);
    }

    #[test]
    fn too_many_begins_at_the_third_that_is_not_to_come() {
        let pulses =
            |count: u64| -> Vec<Span> { (0..count).map(|at| Span { from: at * 83, to: at * 83 + 9 }).collect() };
        // Pulses 83 apart are not crowded: two of them are farther apart than 90 of 100.
        assert!(!cadence(100).is_exceeded_by(&pulses(12)));
        assert!(cadence(100).is_exceeded_by(&pulses(13)));
        // Three within less than 90 samples are, and within 90 are not.
        let near = |last: u64| [0, 10, last].map(|from| Span { from, to: from + 5 });
        assert!(cadence(100).is_exceeded_by(&near(89)) && !cadence(100).is_exceeded_by(&near(90)));
        let unknown = Cadence { period: None, ..cadence(100) };
        assert!(!unknown.is_exceeded_by(&near(20)[..2]) && unknown.is_exceeded_by(&near(20)));
    }
}
