//! The values of a track, in few bytes.

use super::{Bound, Point, Reading, Seen};
use crate::units::{Packed, Rational, SampleIndex};

/// Values in order of time.
///
/// Most values of a track are alike but for where they were taken and what they are: whole numbers of the same unit, known to the same
/// on either side. So each takes the bytes by which it jitters, and what is not like any other is held as it is.
#[derive(Debug, Clone, Default)]
pub struct Points {
    /// Of each what it is like, by its place in `kinds`, or [`ODD`] for what is held in `odd`; how many units its value is, or its place
    /// in `odd`; its frame, the first sample that it was taken from, and how many samples behind that the last one is.
    coded: Packed<5>,
    kinds: Vec<Kind>,
    odd: Vec<Point>,
}

/// A value with its reading coded: the same code in the same [`Points`] is the same reading.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Outline {
    /// See [`Point::frame`].
    pub(crate) frame: Option<i64>,
    /// See [`Point::from`].
    pub(crate) from: SampleIndex,
    /// See [`Point::to`].
    pub(crate) to: SampleIndex,
    /// See [`Point::seen`].
    pub(crate) seen: Seen,
    /// Its reading.
    pub(crate) code: Code,
}

/// What [`Points`] hold of a reading.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Code {
    /// So many units of a kind, whose readings are all known to the same and seen alike.
    OfKind {
        /// Which of the kinds.
        kind: usize,
        /// How many units: of two values of a kind the one of more units is larger, and so are its bounds.
        units: i64,
    },
    /// The one at this place of those that are like no other.
    Odd(usize),
}

/// What a value is like.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Kind {
    has_frame: bool,
    seen: Seen,
    /// The unit is one part in so many.
    parts: i64,
    /// The bounds of a value of zero.
    low: Bound,
    high: Bound,
}

const ODD: i64 = -1;
/// So many kinds are told apart: more are no kinds.
const MOST_KINDS: usize = 32;

impl Points {
    /// Adds a value behind the last one.
    pub fn push(&mut self, point: Point) {
        let Some((kind, value)) = self.kind(&point) else {
            self.coded.push([ODD, self.odd.len() as i64, 0, 0, 0]);
            self.odd.push(point);
            return;
        };
        let (from, to) = (point.from.get().cast_signed(), point.to.get().cast_signed());
        self.coded.push([kind as i64, value, point.frame.unwrap_or(0), from, to.wrapping_sub(from)]);
    }

    fn kind(&mut self, point: &Point) -> Option<(usize, i64)> {
        let (value, parts) = point.reading.value.small_parts()?;
        let reading = &point.reading;
        let off = |bound: &Bound| bound.map(|at| at - &reading.value);
        let kind = Kind {
            has_frame: point.frame.is_some(),
            seen: point.seen,
            parts,
            low: off(&reading.low),
            high: off(&reading.high),
        };
        if let Some(known) = self.kinds.iter().position(|known| *known == kind) {
            return Some((known, value));
        }
        if self.kinds.len() == MOST_KINDS {
            return None;
        }
        self.kinds.push(kind);
        Some((self.kinds.len() - 1, value))
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.coded.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The one at this place.
    #[must_use]
    pub fn get(&self, place: usize) -> Option<Point> {
        self.outline(place).map(|outline| self.point(&outline))
    }

    /// The one at this place.
    ///
    /// # Panics
    /// Where there is none, as of a slice.
    #[must_use]
    pub fn at(&self, place: usize) -> Point {
        self.get(place).unwrap_or_else(|| panic!("there are {} values, and none at {place}", self.len()))
    }

    /// The first one.
    #[must_use]
    pub fn first(&self) -> Option<Point> {
        self.get(0)
    }

    /// The last one.
    #[must_use]
    pub fn last(&self) -> Option<Point> {
        self.get(self.len().checked_sub(1)?)
    }

    /// One after the other.
    pub fn iter(&self) -> impl Iterator<Item = Point> + Clone + use<'_> {
        self.outlines().map(|outline| self.point(&outline))
    }

    /// One after the other, their readings coded.
    pub(crate) fn outlines(&self) -> impl Iterator<Item = Outline> + Clone + use<'_> {
        (0..self.len()).filter_map(|place| self.outline(place))
    }

    /// Those that were seen whole, one after the other, their readings coded.
    pub(crate) fn whole(&self) -> impl Iterator<Item = Outline> + Clone + use<'_> {
        self.outlines().filter(|outline| outline.seen == Seen::Whole)
    }

    /// The one at this place, its reading coded.
    #[inline]
    pub(crate) fn outline(&self, place: usize) -> Option<Outline> {
        let [kind, value, frame, from, span] = self.coded.get(place)?;
        if kind == ODD {
            let odd = usize::try_from(value).ok()?;
            let Point { frame, from, to, seen, .. } = *self.odd.get(odd)?;
            return Some(Outline { frame, from, to, seen, code: Code::Odd(odd) });
        }
        let kind = usize::try_from(kind).ok()?;
        let Kind { has_frame, seen, .. } = *self.kinds.get(kind)?;
        Some(Outline {
            frame: has_frame.then_some(frame),
            from: SampleIndex::new(from.cast_unsigned()),
            to: SampleIndex::new(from.wrapping_add(span).cast_unsigned()),
            seen,
            code: Code::OfKind { kind, units: value },
        })
    }

    /// The reading of one of them.
    pub(crate) fn reading(&self, code: Code) -> Reading {
        match code {
            Code::OfKind { kind, units } => self.kinds[kind].reading(units),
            Code::Odd(odd) => self.odd[odd].reading.clone(),
        }
    }

    /// The value of one of them, without its bounds.
    pub(crate) fn value(&self, code: Code) -> Rational {
        match code {
            Code::OfKind { kind, units } => self.kinds[kind].value(units),
            Code::Odd(odd) => self.odd[odd].reading.value.clone(),
        }
    }

    /// The value of one of them, if it is counted in whole units of its kind.
    pub(crate) fn units(&self, code: Code) -> Option<i64> {
        match code {
            Code::OfKind { kind, units } => Some(units).filter(|_| self.kinds[kind].parts == 1),
            Code::Odd(_) => None,
        }
    }

    /// Whether their values are counted in whole units: `units` of a code is the value.
    pub(crate) fn are_whole(&self) -> bool {
        self.odd.is_empty() && self.kinds.iter().all(|kind| kind.parts == 1)
    }

    /// How many kinds of values there are.
    pub(crate) fn kinds(&self) -> usize {
        self.kinds.len()
    }

    /// The largest half-width of their readings; none where none is known on both sides.
    #[must_use]
    pub fn half_width(&self) -> Option<Rational> {
        let of_kinds = self.kinds.iter().filter_map(|kind| kind.reading(0).half_width());
        of_kinds.chain(self.odd.iter().filter_map(|point| point.reading.half_width())).max()
    }

    fn point(&self, outline: &Outline) -> Point {
        let Outline { frame, from, to, seen, code } = *outline;
        Point { frame, from, to, seen, reading: self.reading(code) }
    }

    /// The same, each changed.
    #[must_use]
    pub(crate) fn with(&self, mut change: impl FnMut(&mut Point)) -> Points {
        let changed = self.iter().map(|mut point| {
            change(&mut point);
            point
        });
        changed.collect()
    }

    /// The same, the first one changed.
    #[must_use]
    pub(super) fn with_first(&self, change: impl FnOnce(&mut Point)) -> Points {
        let mut change = Some(change);
        self.with(|point| change.take().into_iter().for_each(|change| change(point)))
    }
}

impl Kind {
    fn value(&self, units: i64) -> Rational {
        match self.parts {
            1 => Rational::integer(units.into()),
            parts => Rational::new(units.into(), parts.into()).unwrap_or(Rational::ZERO),
        }
    }

    fn reading(&self, units: i64) -> Reading {
        let value = self.value(units);
        let moved = |bound: &Bound| bound.map(|off| &value + off);
        Reading { low: moved(&self.low), high: moved(&self.high), value }
    }
}

impl PartialEq for Points {
    fn eq(&self, other: &Points) -> bool {
        self.len() == other.len() && self.iter().eq(other.iter())
    }
}

impl Eq for Points {}

impl FromIterator<Point> for Points {
    fn from_iter<I: IntoIterator<Item = Point>>(points: I) -> Points {
        let mut all = Points::default();
        points.into_iter().for_each(|point| all.push(point));
        all
    }
}

impl From<Vec<Point>> for Points {
    fn from(points: Vec<Point>) -> Points {
        points.into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn bound() -> impl Strategy<Value = Bound> {
        let at = || prop_oneof![(-3..3_i128).prop_map(Rational::integer), rational()];
        prop_oneof![at().prop_map(Bound::Open), at().prop_map(Bound::Closed), Just(Bound::Unbounded)]
    }

    fn rational() -> impl Strategy<Value = Rational> {
        (any::<i64>(), 1..1_000_000_000_000_i128, any::<bool>()).prop_map(|(num, den, is_huge)| {
            let factor = if is_huge { i128::from(i64::MAX) } else { 1 };
            Rational::new(i128::from(num) * factor, den).unwrap()
        })
    }

    fn point() -> impl Strategy<Value = Point> {
        let value = prop_oneof![
            (-5..5_i128).prop_map(Rational::integer),
            any::<i64>().prop_map(|n| Rational::integer(n.into())),
            rational()
        ];
        let seen = prop_oneof![Just(Seen::Whole), Just(Seen::CutOff), Just(Seen::InDoubt)];
        let frame = prop_oneof![Just(None), (0..9_i64).prop_map(Some), any::<i64>().prop_map(Some)];
        (value, bound(), bound(), frame, any::<u64>(), any::<u64>(), seen).prop_map(
            |(value, low, high, frame, from, to, seen)| {
                let reading = Reading { value, low, high };
                Point { frame, from: SampleIndex::new(from), to: SampleIndex::new(to), reading, seen }
            },
        )
    }

    proptest! {
        #[test]
        fn they_are_as_a_plain_list(plain in proptest::collection::vec(point(), 0..60)) {
            let held: Points = plain.iter().cloned().collect();
            prop_assert_eq!(held.iter().collect::<Vec<_>>(), plain.clone());
            prop_assert_eq!((held.first(), held.last()), (plain.first().cloned(), plain.last().cloned()));
            prop_assert_eq!(held.half_width(), plain.iter().filter_map(|point| point.reading.half_width()).max());
            for (place, point) in plain.iter().enumerate() {
                prop_assert_eq!(held.value(held.outline(place).unwrap().code), point.reading.value.clone());
                prop_assert_eq!(held.outline(place).unwrap().seen, point.seen);
            }
        }
    }

    #[test]
    fn values_of_one_kind_are_held_as_numbers() {
        let point = |n: i64| Point {
            frame: Some(n),
            from: SampleIndex::new(n.cast_unsigned() * 800_000),
            to: SampleIndex::new(n.cast_unsigned() * 800_000 + 240_000),
            reading: Reading::between(
                Rational::integer(i128::from(n) - 1),
                Rational::integer(n.into()),
                Rational::integer(i128::from(n) + 1),
            ),
            seen: Seen::Whole,
        };
        let held: Points = (0..1000).map(point).collect();
        assert_eq!((held.kinds.len(), held.odd.len(), held.len()), (1, 0, 1000));
        assert_eq!(held.get(999), Some(point(999)));
    }
}
