//! From edges to readings: the corners of the windows in which edges happened.

use super::{Bound, Reading, Seen};
use crate::frame::ObservedLine;
use crate::signal::{EdgeTime, Limb, Pulse};
use crate::units::Rational;

/// An edge with everything that is known of its time, in sample periods: it happened in (`after`, `until`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Instant {
    pub(super) after: Rational,
    pub(super) at: Rational,
    pub(super) until: Rational,
}

impl Instant {
    /// The instant of an edge on a line whose edges have this further uncertainty, in sample periods.
    #[inline]
    pub(super) fn of(edge: EdgeTime, slack: &Rational) -> Instant {
        Instant {
            after: &Rational::integer(edge.after()) - slack,
            at: Rational::from(edge.at().get()),
            until: &Rational::integer(edge.until()) + slack,
        }
    }

    /// The instant halfway between two.
    #[inline]
    pub(super) fn halfway(&self, other: &Instant) -> Instant {
        let half = |a: &Rational, b: &Rational| (a + b).half();
        Instant {
            after: half(&self.after, &other.after),
            at: half(&self.at, &other.at),
            until: half(&self.until, &other.until),
        }
    }

    /// An instant that is known exactly, such as an end of the record.
    #[inline]
    pub(super) fn exact(at: Rational) -> Instant {
        Instant { after: at.clone(), until: at.clone(), at }
    }

    /// The instant that comes later (below 0: earlier) by a stated true time, in sample periods, as a clock of this accuracy counts it.
    pub(super) fn later_by_stated(&self, periods: &Rational, clock: &Rational) -> Instant {
        let error = periods.abs() * clock;
        Instant {
            after: &self.after + &(periods - &error),
            at: &self.at + periods,
            until: &self.until + &(periods + &error),
        }
    }

    /// The later of two instants, of which either may truly be the later.
    pub(super) fn or_later(&self, other: &Instant) -> Instant {
        let later = |a: &Rational, b: &Rational| a.clone().max(b.clone());
        Instant {
            after: later(&self.after, &other.after),
            at: later(&self.at, &other.at),
            until: later(&self.until, &other.until),
        }
    }

    /// The time from this instant to another.
    #[inline]
    pub(super) fn until(&self, later: &Instant) -> Reading {
        Reading::between(&later.after - &self.until, &later.at - &self.at, &later.until - &self.after)
    }

    /// Half of its window.
    pub(super) fn half_width(&self) -> Rational {
        (&self.until - &self.after).half()
    }
}

/// The largest half-width of these edges' windows, on a line of this slack: what a fit through them knows each to.
pub(super) fn widest(edges: impl IntoIterator<Item = EdgeTime>, slack: &Rational) -> Rational {
    edges.into_iter().map(|edge| Instant::of(edge, slack).half_width()).fold(Rational::ZERO, Rational::max)
}

/// How long a pulse lasted, in sample periods: of one that is cut off, at least what is seen of it.
#[inline]
pub(super) fn width(pulse: &Pulse, line: &ObservedLine) -> (Reading, Seen) {
    let slack = &line.slack;
    match (pulse.start, pulse.end) {
        (Limb::Edge(start), Limb::Edge(end)) => {
            (Instant::of(start, slack).until(&Instant::of(end, slack)), Seen::Whole)
        }
        (start, end) => {
            // The samples from the first to the last that show it are one period less than their number.
            let first = start.edge().map_or(i128::from(start.at().get()), EdgeTime::until);
            let last = end.edge().map_or(i128::from(end.at().get()) - 1, EdgeTime::after);
            let slack =
                if pulse.start.edge().is_some() || pulse.end.edge().is_some() { slack } else { &Rational::ZERO };
            let low = &Rational::integer(last - first) - slack;
            let seen = Rational::from(pulse.to() - pulse.from());
            (Reading::at_least(low, seen).not_below_zero(), Seen::CutOff)
        }
    }
}

/// The larger of two values, of which either may truly be the larger: value and bounds are each those of the larger.
pub(super) fn larger(a: Reading, b: Reading) -> Reading {
    let low = if as_low(&a.low) < as_low(&b.low) { b.low } else { a.low };
    let high = if as_high(&a.high) < as_high(&b.high) { b.high } else { a.high };
    Reading { value: a.value.max(b.value), low, high }
}

/// The smaller of two values, as [`larger`].
pub(super) fn smaller(a: Reading, b: Reading) -> Reading {
    let low = if as_low(&b.low) < as_low(&a.low) { b.low } else { a.low };
    let high = if as_high(&b.high) < as_high(&a.high) { b.high } else { a.high };
    Reading { value: a.value.min(b.value), low, high }
}

/// The order of lower bounds: what is above an open bound is more than what may be at it.
fn as_low(bound: &Bound) -> Option<(&Rational, bool)> {
    match bound {
        Bound::Open(at) => Some((at, true)),
        Bound::Closed(at) => Some((at, false)),
        Bound::Unbounded => None,
    }
}

/// The order of upper bounds; the last one is none at all.
fn as_high(bound: &Bound) -> (bool, Option<(&Rational, bool)>) {
    match bound {
        Bound::Open(at) => (false, Some((at, false))),
        Bound::Closed(at) => (false, Some((at, true))),
        Bound::Unbounded => (true, None),
    }
}

/// The largest value less the smallest, with bounds; none of fewer than two values, or where a bound is missing.
pub(super) fn peak_to_peak(readings: impl Iterator<Item = Reading> + Clone) -> Option<Reading> {
    let top = readings.clone().reduce(larger)?;
    let bottom = readings.clone().reduce(smaller)?;
    readings.clone().nth(1)?;
    let low = top.low.at()? - bottom.high.at()?;
    let high = top.high.at()? - bottom.low.at()?;
    Some(Reading::between(low, &top.value - &bottom.value, high).not_below_zero())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::SampleIndex;

    fn edge(at: u64) -> Instant {
        Instant::of(EdgeTime::sharp(SampleIndex::new(at)), &Rational::ZERO)
    }

    fn whole(value: i128) -> Rational {
        Rational::integer(value)
    }

    #[test]
    fn an_interval_is_known_to_a_sample() {
        let reading = edge(10).until(&edge(110));
        assert_eq!(reading, Reading::between(whole(99), whole(100), whole(101)));
        let slack = Rational::new(1, 2).unwrap();
        let wide = Instant::of(EdgeTime::sharp(SampleIndex::new(10)), &slack).until(&edge(110));
        assert_eq!(wide.half_width(), Some(Rational::new(3, 2).unwrap()));
    }

    #[test]
    fn a_bridged_edge_reaches_back() {
        let bridged = EdgeTime::bridged(SampleIndex::new(100), SampleIndex::new(110)).unwrap();
        let reading = edge(10).until(&Instant::of(bridged, &Rational::ZERO));
        assert_eq!(reading, Reading::between(whole(89), whole(100), whole(101)));
    }

    #[test]
    fn the_larger_has_the_larger_of_the_bounds() {
        let (narrow, wide) =
            (Reading::between(whole(8), whole(9), whole(10)), Reading::between(whole(4), whole(8), whole(12)));
        let expected = Reading::between(whole(8), whole(9), whole(12));
        assert_eq!(larger(narrow.clone(), wide.clone()), expected);
        assert_eq!(larger(wide.clone(), narrow.clone()), expected);
        assert_eq!(smaller(narrow.clone(), wide.clone()), Reading::between(whole(4), whole(8), whole(10)));
        let open = Reading::at_least(whole(5), whole(6));
        assert_eq!(larger(narrow.clone(), open.clone()).high, Bound::Unbounded);
        assert_eq!(larger(open.clone(), narrow.clone()).high, Bound::Unbounded);
        assert_eq!(
            (smaller(narrow.clone(), open.clone()).high, smaller(open, narrow.clone()).high),
            (narrow.high.clone(), narrow.high)
        );
        // Of 5 or more and above 5, the larger is above 5; of 5 or less and below 5, it may be 5.
        let (exact, above) = (Reading::exact(whole(5)), Reading::between(whole(5), whole(5), whole(5)));
        let both = larger(exact, above);
        assert_eq!((both.low, both.high), (Bound::Open(whole(5)), Bound::Closed(whole(5))));
    }

    #[test]
    fn a_spread_is_known_to_two_samples() {
        let intervals = [edge(0).until(&edge(100)), edge(100).until(&edge(205)), edge(205).until(&edge(303))];
        let spread = peak_to_peak(intervals.iter().cloned()).unwrap();
        assert_eq!(spread, Reading::between(whole(5), whole(7), whole(9)));
        let equal = peak_to_peak([edge(0).until(&edge(9)), edge(9).until(&edge(18))].into_iter()).unwrap();
        assert_eq!((equal.low, equal.high), (Bound::Closed(whole(0)), Bound::Open(whole(2))));
        assert_eq!(peak_to_peak(intervals[..1].iter().cloned()), None);
    }
}
