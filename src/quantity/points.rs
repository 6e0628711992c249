//! The values of a track, in few bytes.

use super::{Bound, Point, Reading, Seen};
use crate::units::{Numbers, Rational, SampleIndex};

/// Values in order of time.
///
/// Most values of a track are alike but for where they were taken and what they are: whole numbers of the same unit, known to the same
/// on either side. So each takes 17 bytes, and what is not like any other is held as it is.
#[derive(Debug, Clone, Default)]
pub struct Points {
    /// What each is like, by its place in `kinds`; [`ODD`] for what is held in `odd`.
    kind_of: Vec<u8>,
    kinds: Vec<Kind>,
    /// How many units each value is; of an odd one, its place in `odd`.
    values: Numbers,
    frames: Numbers,
    from: Numbers,
    /// How many samples behind that each was taken last.
    spans: Numbers,
    odd: Vec<Point>,
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

const ODD: u8 = u8::MAX;
/// So many kinds are told apart: more are no kinds.
const MOST_KINDS: usize = 32;

impl Points {
    /// Adds a value behind the last one.
    pub fn push(&mut self, point: Point) {
        let (kind, value) = match self.kind(&point) {
            Some(found) => found,
            None => {
                self.odd.push(point);
                self.values.push(self.odd.len() as i64 - 1);
                self.kind_of.push(ODD);
                // What is odd is looked up at once.
                for numbers in [&mut self.frames, &mut self.from, &mut self.spans] {
                    numbers.push(0);
                }
                return;
            }
        };
        self.kind_of.push(kind);
        self.values.push(value);
        self.frames.push(point.frame.unwrap_or(0));
        self.from.push(point.from.get().cast_signed());
        self.spans.push(point.to.get().wrapping_sub(point.from.get()).cast_signed());
    }

    fn kind(&mut self, point: &Point) -> Option<(u8, i64)> {
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
        let last = self.kind_of.last().map(|last| usize::from(*last));
        let place = match last.filter(|&last| self.kinds.get(last) == Some(&kind)) {
            Some(last) => last,
            None => match self.kinds.iter().position(|known| *known == kind) {
                Some(known) => known,
                None if self.kinds.len() < MOST_KINDS => {
                    self.kinds.push(kind);
                    self.kinds.len() - 1
                }
                None => return None,
            },
        };
        Some((u8::try_from(place).ok()?, value))
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.kind_of.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.kind_of.is_empty()
    }

    /// The one at this place.
    #[must_use]
    pub fn get(&self, place: usize) -> Option<Point> {
        self.from(place).next()
    }

    /// The one at this place.
    ///
    /// # Panics
    /// Where there is none, as of a slice.
    #[must_use]
    pub fn at(&self, place: usize) -> Point {
        self.get(place).unwrap_or_else(|| panic!("there are {} values, and none at {place}", self.len()))
    }

    /// The value at this place, without its bounds.
    #[must_use]
    pub fn value(&self, place: usize) -> Option<Rational> {
        let value = self.values.get(place)?;
        match *self.kind_of.get(place)? {
            ODD => self.odd.get(usize::try_from(value).ok()?).map(|point| point.reading.value.clone()),
            kind => self.kinds.get(usize::from(kind)).map(|kind| kind.value(value)),
        }
    }

    /// Whether the one at this place was seen whole.
    #[must_use]
    pub fn seen(&self, place: usize) -> Option<Seen> {
        match *self.kind_of.get(place)? {
            ODD => self.odd.get(usize::try_from(self.values.get(place)?).ok()?).map(|point| point.seen),
            kind => self.kinds.get(usize::from(kind)).map(|kind| kind.seen),
        }
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
        self.from(0)
    }

    /// One after the other, from the one at this place on.
    fn from(&self, place: usize) -> impl Iterator<Item = Point> + Clone + use<'_> {
        let all = self.len();
        let kinds = self.kind_of.get(place..).unwrap_or(&[]).iter();
        let values = kinds.zip(self.values.range(place, all)).zip(self.frames.range(place, all));
        let taken = self.from.range(place, all).zip(self.spans.range(place, all));
        values.zip(taken).filter_map(|(((kind, value), frame), (from, span))| {
            if *kind == ODD {
                return self.odd.get(usize::try_from(value).ok()?).cloned();
            }
            let kind = self.kinds.get(usize::from(*kind))?;
            let from = from.cast_unsigned();
            Some(Point {
                frame: kind.has_frame.then_some(frame),
                from: SampleIndex::new(from),
                to: SampleIndex::new(from.wrapping_add(span.cast_unsigned())),
                reading: kind.reading(value),
                seen: kind.seen,
            })
        })
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
            for (place, point) in plain.iter().enumerate() {
                prop_assert_eq!(held.value(place), Some(point.reading.value.clone()));
                prop_assert_eq!(held.seen(place), Some(point.seen));
            }
        }
    }

    #[test]
    fn values_of_one_kind_take_17_bytes() {
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
