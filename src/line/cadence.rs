//! A line's signal, told from what disturbs it, where it is known how often its pulses are to come. Where it is not,
//! [`super::Separated`] looks at the lengths of its stretches alone.

use super::limits::{FAR_SHORTER, MUCH_SHORTER};
use super::span::{Span, spans, without_short};
use crate::signal::Level;

/// So many times the parts of pulses are joined.
const ROUNDS: usize = 3;
/// Pulses that come sooner than this share of a period are too many.
const TOO_SOON: f64 = 0.9;
/// One in so many periods may be odd.
const ODD: usize = 5;

/// How often a line's pulses are to come.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cadence {
    /// The period in samples; `None` if unknown.
    pub(crate) period: Option<f64>,
    /// How many periods are looked at.
    pub(crate) periods: f64,
    /// How many pulses there are to be in each.
    pub(crate) per_period: f64,
}

/// The stretches of a line, both ends of each seen.
#[derive(Debug)]
pub(crate) struct Told {
    /// Those at the active level, as they are.
    pub(crate) pulses: Vec<Span>,
    /// Those at the active level, without what is too short to be signal.
    pub(crate) signal: Vec<Span>,
    /// Those of either level that are too short to be signal.
    pub(crate) disturbances: Vec<Span>,
}

impl Cadence {
    /// Tells the signal of a line that begins at level `first` from its disturbances. A spike is no longer than so many samples.
    pub(crate) fn tell(self, first: Level, edges: &[u64], active: Level, longest_spike: u64) -> Told {
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
        Told { pulses, signal, disturbances }
    }

    /// Whether there are more pulses than are to come, in all or somewhere.
    fn is_exceeded_by(self, pulses: &[Span]) -> bool {
        let apart = 2 * self.per_period.ceil() as usize;
        let is_crowded = |period: f64| {
            let pairs = pulses.iter().zip(pulses.iter().skip(apart));
            pairs.into_iter().any(|(a, b)| ((b.from - a.from) as f64) < TOO_SOON * period)
        };
        pulses.len() as f64 > self.periods * self.per_period + 2.0 || self.period.is_some_and(is_crowded)
    }

    /// The width that the widest stretches of most periods reach, of either level; 0 where that cannot be said.
    fn least_stretch(self, pulses: &[Span], idle: &[Span]) -> u64 {
        let Some(period) = self.period else { return 0 };
        let number = |span: &Span| (span.from as f64 / period) as u64;
        let typical = |spans: &[Span]| {
            let of_each = spans.chunk_by(|a, b| number(a) == number(b));
            let mut widest: Vec<u64> = of_each.filter_map(|each| each.iter().map(|span| span.length()).max()).collect();
            widest.sort_unstable();
            if widest.len() < 2 { None } else { widest.get(widest.len() / ODD).copied() }
        };
        typical(pulses).zip(typical(idle)).map_or(0, |(wide, gap)| wide.min(gap))
    }
}
