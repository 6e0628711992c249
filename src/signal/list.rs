//! Sample numbers in order, in four bytes each.

use std::fmt;
use std::ops::Range;

use crate::units::{NumberIter, Numbers, partition_point};

/// Sample numbers in order, each at or after the one before it. A number takes four bytes, however many there are; only numbers that
/// lie more than 2³¹ samples apart take more.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct SampleList {
    numbers: Numbers,
    /// The last one; 0 before there is one.
    last: u64,
}

impl SampleList {
    /// None.
    #[must_use]
    pub const fn none() -> SampleList {
        SampleList { numbers: Numbers::none(), last: 0 }
    }

    /// Adds a number behind the last one; one that is below it is not taken.
    #[inline]
    pub fn push(&mut self, at: u64) -> bool {
        let is_behind = self.last <= at;
        if is_behind {
            self.numbers.push(at.cast_signed());
            self.last = at;
        }
        is_behind
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.numbers.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The last one.
    #[must_use]
    pub fn last(&self) -> Option<u64> {
        (!self.is_empty()).then_some(self.last)
    }

    /// All of them.
    #[must_use]
    pub fn all(&self) -> SampleSpan<'_> {
        SampleSpan { list: self, from: 0, to: self.len() }
    }

    /// Gives back the room that is left.
    pub fn shrink(&mut self) {
        self.numbers.shrink();
    }

    #[inline]
    fn at(&self, place: usize) -> Option<u64> {
        self.numbers.get(place).map(i64::cast_unsigned)
    }
}

impl FromIterator<u64> for SampleList {
    /// Those of the numbers that are in order.
    fn from_iter<I: IntoIterator<Item = u64>>(numbers: I) -> SampleList {
        let mut list = SampleList::default();
        for at in numbers {
            list.push(at);
        }
        list
    }
}

impl fmt::Debug for SampleList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.all().fmt(f)
    }
}

/// Some sample numbers of a list that follow one another.
#[derive(Clone, Copy)]
pub struct SampleSpan<'a> {
    list: &'a SampleList,
    from: usize,
    to: usize,
}

impl<'a> SampleSpan<'a> {
    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.to - self.from
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The number at this place.
    #[must_use]
    #[inline]
    pub fn get(&self, place: usize) -> Option<u64> {
        let place = self.from.checked_add(place).filter(|&place| place < self.to)?;
        self.list.at(place)
    }

    /// The first one.
    #[must_use]
    pub fn first(&self) -> Option<u64> {
        self.get(0)
    }

    /// The last one.
    #[must_use]
    pub fn last(&self) -> Option<u64> {
        self.get(self.len().checked_sub(1)?)
    }

    /// How many lie before this sample.
    #[must_use]
    pub fn count_before(&self, at: u64) -> usize {
        partition_point(self.len(), |place| self.get(place).is_some_and(|number| number < at))
    }

    /// How many lie at this sample or before it.
    #[must_use]
    pub fn count_up_to(&self, at: u64) -> usize {
        at.checked_add(1).map_or(self.len(), |behind| self.count_before(behind))
    }

    /// Whether this sample is one of them.
    #[must_use]
    pub fn contains(&self, at: u64) -> bool {
        self.get(self.count_before(at)) == Some(at)
    }

    /// Those at these places, as far as they are there.
    #[must_use]
    pub fn range(&self, places: Range<usize>) -> SampleSpan<'a> {
        let bounded = |place: usize| self.from.saturating_add(place).min(self.to);
        let from = bounded(places.start);
        SampleSpan { list: self.list, from, to: bounded(places.end).max(from) }
    }

    /// One after the other.
    #[must_use]
    pub fn iter(&self) -> SampleIter<'a> {
        SampleIter(self.list.numbers.range(self.from, self.to))
    }

    /// How far each is behind the one before it.
    pub fn gaps(&self) -> impl Iterator<Item = u64> + Clone + use<'a> {
        self.iter().zip(self.iter().skip(1)).map(|(a, b)| b - a)
    }

    /// They as plain numbers.
    #[must_use]
    pub fn to_vec(&self) -> Vec<u64> {
        self.iter().collect()
    }
}

impl<'a> IntoIterator for SampleSpan<'a> {
    type Item = u64;
    type IntoIter = SampleIter<'a>;

    fn into_iter(self) -> SampleIter<'a> {
        self.iter()
    }
}

impl fmt::Debug for SampleSpan<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl PartialEq for SampleSpan<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && self.iter().eq(other.iter())
    }
}

impl PartialEq<[u64]> for SampleSpan<'_> {
    fn eq(&self, other: &[u64]) -> bool {
        self.len() == other.len() && self.iter().eq(other.iter().copied())
    }
}

impl PartialEq<&[u64]> for SampleSpan<'_> {
    fn eq(&self, other: &&[u64]) -> bool {
        *self == **other
    }
}

impl<const N: usize> PartialEq<[u64; N]> for SampleSpan<'_> {
    fn eq(&self, other: &[u64; N]) -> bool {
        *self == other[..]
    }
}

impl PartialEq<Vec<u64>> for SampleSpan<'_> {
    fn eq(&self, other: &Vec<u64>) -> bool {
        *self == other[..]
    }
}

/// Sample numbers one after the other.
#[derive(Debug, Clone)]
pub struct SampleIter<'a>(NumberIter<'a>);

impl Iterator for SampleIter<'_> {
    type Item = u64;

    #[inline]
    fn next(&mut self) -> Option<u64> {
        self.0.next().map(i64::cast_unsigned)
    }

    #[inline]
    fn nth(&mut self, skipped: usize) -> Option<u64> {
        self.0.nth(skipped).map(i64::cast_unsigned)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}

impl DoubleEndedIterator for SampleIter<'_> {
    fn next_back(&mut self) -> Option<u64> {
        self.0.next_back().map(i64::cast_unsigned)
    }
}

impl ExactSizeIterator for SampleIter<'_> {}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_out_of_order_is_not_taken() {
        let mut list = SampleList::default();
        let taken = [7, 7, 6, 1 << 40, (1 << 40) - 1, u64::MAX, u64::MAX].map(|at| list.push(at));
        assert_eq!(taken, [true, true, false, true, false, true, true]);
        assert_eq!(list.all(), [7, 7, 1 << 40, u64::MAX, u64::MAX]);
        assert_eq!((list.all().count_before(u64::MAX), list.all().count_up_to(u64::MAX)), (3, 5));
    }

    /// Numbers in order whose distances are of all orders of magnitude, and often just what 32 bits hold.
    fn numbers() -> impl Strategy<Value = Vec<u64>> {
        let gap = prop_oneof![0..4_u64, 0..10_000_u64, (1 << 32) - 2..(1 << 32) + 2_u64, 0..1_u64 << 40];
        proptest::collection::vec(gap, 0..60).prop_map(|gaps| {
            gaps.into_iter()
                .scan(0, |at, gap| {
                    *at += gap;
                    Some(*at)
                })
                .collect()
        })
    }

    proptest! {
        #[test]
        fn it_is_as_a_plain_list(numbers in numbers(), from in 0..70_usize, count in 0..70_usize, off in 0..3_u64) {
            let list: SampleList = numbers.iter().copied().collect();
            let places = from.min(numbers.len())..(from + count).min(numbers.len());
            let plain = &numbers[places];
            let span = list.all().range(from..from + count);
            prop_assert_eq!(span, plain);
            prop_assert_eq!(span.iter().rev().collect::<Vec<_>>(), plain.iter().rev().copied().collect::<Vec<_>>());
            prop_assert_eq!((span.first(), span.last()), (plain.first().copied(), plain.last().copied()));
            prop_assert_eq!(span.gaps().collect::<Vec<_>>(), plain.windows(2).map(|two| two[1] - two[0]).collect::<Vec<_>>());
            let second = |numbers: &mut dyn Iterator<Item = u64>| numbers.skip(1).step_by(2).collect::<Vec<_>>();
            prop_assert_eq!(second(&mut span.iter()), second(&mut plain.iter().copied()));
            for place in 0..=plain.len() {
                prop_assert_eq!(span.get(place), plain.get(place).copied());
            }
            for at in numbers.iter().map(|at| (at + off).saturating_sub(1)).chain([0, u64::MAX]) {
                prop_assert_eq!(span.count_before(at), plain.partition_point(|number| *number < at));
                prop_assert_eq!(span.count_up_to(at), plain.partition_point(|number| *number <= at));
                prop_assert_eq!(span.contains(at), plain.contains(&at));
            }
        }
    }
}
