//! A limit with the error of the analyzer's clock around it, in the unit of a track's readings.

use super::Standing;
use crate::quantity::{Bound, ClockShare, Code, Outline, Points, Quantity, Reading, Seen, Track};
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

/// The bands of a rule, which compare with them only what is not between values that were compared before: a track has many
/// values, and few kinds of them.
pub(super) struct Compared<'a> {
    bands: &'a [Band],
    points: &'a Points,
    /// What is known of each kind of value beside each band.
    known: Vec<Known>,
}

/// The numbers of units of one kind that are known to stand so, seen whole or not. Of two values of a kind the larger has the larger
/// bounds: so what lies between two that are inside is inside, and what lies beyond one that is outside is outside.
#[derive(Debug, Clone, Copy)]
struct Known {
    below: i64,
    inside: (i64, i64),
    above: i64,
}

impl<'a> Compared<'a> {
    pub(super) fn with(bands: &'a [Band], points: &'a Points) -> Compared<'a> {
        // Nothing yet: no number is between the ends of an empty range, and none beyond the last one.
        let nothing = Known { below: i64::MIN, inside: (i64::MAX, i64::MIN), above: i64::MAX };
        Compared { bands, points, known: vec![nothing; bands.len() * points.kinds()] }
    }

    /// How a value stands to the limit of this entry.
    pub(super) fn standing(&mut self, outline: &Outline, entry: usize) -> Standing {
        let Some(band) = self.bands.get(entry) else { return Standing::NotJudged };
        let (kind, units) = match outline.code {
            Code::OfKind { kind, units } => (kind, units),
            Code::Odd(_) => return band.standing(&self.points.reading(outline.code), outline.seen),
        };
        let place = kind * self.bands.len() + entry;
        let Known { below, inside, above } = &mut self.known[place];
        if (inside.0..=inside.1).contains(&units) {
            return Standing::Inside;
        }
        if units < *below || units > *above {
            return Standing::Outside;
        }
        let reading = self.points.reading(outline.code);
        let standing = band.standing(&reading, outline.seen);
        match (standing, band.beyond(&reading)) {
            (Standing::Inside, _) => *inside = (inside.0.min(units), inside.1.max(units)),
            (Standing::Outside, Some(Side::Below)) => *below = units,
            (Standing::Outside, Some(Side::Above)) => *above = units,
            (Standing::Outside | Standing::Straddling | Standing::NotJudged, _) => {}
        }
        standing
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::quantity::Point;
    use crate::units::SampleIndex;

    fn bound() -> impl Strategy<Value = fn(Rational) -> Bound> {
        prop_oneof![
            Just(Bound::Open as fn(Rational) -> Bound),
            Just(Bound::Closed as fn(Rational) -> Bound),
            Just((|_| Bound::Unbounded) as fn(Rational) -> Bound),
        ]
    }

    /// What the points of a kind have in common: how far below and above their values the bounds are, in thirds of a sample, so that
    /// some lie on the limits, and how they were seen.
    type Kind = (i128, i128, fn(Rational) -> Bound, fn(Rational) -> Bound, Seen);

    fn kind() -> impl Strategy<Value = Kind> {
        let seen = prop_oneof![Just(Seen::Whole), Just(Seen::CutOff), Just(Seen::InDoubt)];
        (0..3_i128, 0..3_i128, bound(), bound(), seen)
    }

    fn point((below, above, low, high, seen): Kind, at: i128) -> Point {
        let thirds = |thirds: i128| Rational::new(thirds, 3).unwrap();
        let reading = Reading { value: thirds(at), low: low(thirds(at - below)), high: high(thirds(at + above)) };
        Point { frame: None, from: SampleIndex::default(), to: SampleIndex::default(), reading, seen }
    }

    fn limit_end() -> impl Strategy<Value = Option<Edge>> {
        let edge = (-6..6_i128, 0..3_i128).prop_map(|(at, clock)| (Rational::integer(at), Rational::integer(clock)));
        proptest::option::of(edge.prop_map(|(at, clock)| Edge { pass: &at + &clock, fail: at - clock }))
    }

    proptest! {
        /// Whatever was compared before, a value stands as it does by itself.
        #[test]
        fn values_between_known_ones_stand_as_they_do_alone(
            kinds in proptest::collection::vec(kind(), 2),
            values in proptest::collection::vec((0..2_usize, -30..30_i128), 0..80),
            ends in proptest::collection::vec((limit_end(), limit_end()), 1..3),
        ) {
            let points: Vec<Point> = values.into_iter().map(|(of, at)| point(kinds[of], at)).collect();
            let mirrored = |edge: Edge| Edge { pass: -edge.pass, fail: -edge.fail };
            let bands: Vec<Band> =
                ends.into_iter().map(|(min, max)| Band { min, max: max.map(mirrored) }).collect();
            let held: Points = points.iter().cloned().collect();
            let mut compared = Compared::with(&bands, &held);
            for (place, (outline, point)) in held.outlines().zip(&points).enumerate() {
                let entry = place % bands.len();
                prop_assert_eq!(compared.standing(&outline, entry), bands[entry].standing(&point.reading, point.seen));
            }
        }
    }
}
