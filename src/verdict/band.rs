//! A limit with the error of the analyzer's clock around it, in the unit of a track's readings.

use super::Standing;
use crate::quantity::{Bound, ClockShare, Quantity, Reading, Seen, Track};
use crate::spec::Limit;
use crate::units::{Rational, Unit};

/// One bound of a limit: values on the safe side of `pass` are proven inside, those beyond `fail` proven outside.
#[derive(Debug, Clone)]
struct Edge {
    pass: Rational,
    fail: Rational,
}

/// The side of a limit on which a value lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// Below its lower end.
    Below,
    /// Above its upper end.
    Above,
}

/// A limit as readings of a track are compared with it.
#[derive(Debug, Clone)]
pub(super) struct Band {
    min: Option<Edge>,
    max: Option<Edge>,
}

/// What the clock's error makes of one bound of a limit: it stands for everything this far around it, in the quantity's
/// base unit (design: the verdict, Clock).
pub(super) fn clock_error(quantity: &Quantity, bound: &Rational, clock: &Rational, span: &Rational) -> Rational {
    match quantity.clock {
        ClockShare::Scales => clock * &(&bound.abs() + span),
        ClockShare::Cancels => Rational::ZERO,
        ClockShare::Whole => clock * &(&whole(quantity.unit) + &bound.abs()),
    }
}

/// The whole to which a ratio of this unit refers: a ratio of 1.
fn whole(unit: Unit) -> Rational {
    match unit {
        Unit::Ppm => Rational::integer(1_000_000),
        Unit::Percent => Rational::integer(100),
        Unit::Second | Unit::Hertz | Unit::Count => Rational::ONE,
    }
}

impl Band {
    pub(super) fn new(quantity: &Quantity, limit: &Limit, clock: &Rational, track: &Track) -> Band {
        let in_track = |value: Rational| value.checked_div(&track.scale).unwrap_or(Rational::ZERO);
        let edge = |bound: &Rational, inward: i128| {
            let measured = bound + &track.stated;
            let error = clock_error(quantity, &measured, clock, &track.clock_span).times(inward);
            Edge { pass: in_track(bound + &error), fail: in_track(bound - &error) }
        };
        Band { min: limit.min().map(|min| edge(min, 1)), max: limit.max().map(|max| edge(max, -1)) }
    }

    /// How a reading stands to the limit. One that is cut off can only break it, and one across a seam of the record cannot.
    pub(super) fn standing(&self, reading: &Reading, seen: Seen) -> Standing {
        let above_min = self.min.as_ref().is_none_or(|min| reading.low.at().is_some_and(|low| *low >= min.pass));
        let below_max = self.max.as_ref().is_none_or(|max| reading.high.at().is_some_and(|high| *high <= max.pass));
        match seen {
            Seen::Whole | Seen::InDoubt if above_min && below_max => Standing::Inside,
            Seen::Whole | Seen::CutOff if self.beyond(reading).is_some() => Standing::Outside,
            Seen::Whole | Seen::InDoubt => Standing::Straddling,
            Seen::CutOff => Standing::NotJudged,
        }
    }

    /// The side on which the whole interval of a reading is proven outside.
    pub(super) fn beyond(&self, reading: &Reading) -> Option<Side> {
        let under_min = self.min.as_ref().is_some_and(|min| is_under(&reading.high, &min.fail));
        let over_max = self.max.as_ref().is_some_and(|max| is_over(&reading.low, &max.fail));
        if under_min { Some(Side::Below) } else { over_max.then_some(Side::Above) }
    }
}

/// Whether every value up to this bound is below the limit; an open bound is not reached itself.
fn is_under(high: &Bound, limit: &Rational) -> bool {
    match high {
        Bound::Open(high) => high <= limit,
        Bound::Closed(high) => high < limit,
        Bound::Unbounded => false,
    }
}

/// Whether every value from this bound on is above the limit.
fn is_over(low: &Bound, limit: &Rational) -> bool {
    match low {
        Bound::Open(low) => low >= limit,
        Bound::Closed(low) => low > limit,
        Bound::Unbounded => false,
    }
}

/// The distance of a value to the nearest end of its limit, in the base unit; below 0 outside.
pub(super) fn margin(value: &Rational, limit: &Limit) -> Rational {
    match (limit.min(), limit.max()) {
        (Some(min), Some(max)) => (value - min).min(max - value),
        (Some(min), None) => value - min,
        (None, Some(max)) => max - value,
        (None, None) => Rational::ZERO,
    }
}
