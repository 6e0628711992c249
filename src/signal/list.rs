//! Sample numbers in order, in four bytes each.

use std::fmt;
use std::ops::Range;

/// Sample numbers in order, each at or after the one before it.
///
/// They are held as offsets of 32 bits from where their part begins; a part ends where an offset would no longer fit. So a number
/// takes four bytes, however many there are, and only numbers that lie more than 2³² samples apart take more.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct SampleList {
    offsets: Vec<u32>,
    parts: Vec<Part>,
}

/// Numbers that are counted from the first of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Part {
    /// The place of the first one.
    from: usize,
    /// The first one.
    base: u64,
}

impl SampleList {
    /// None.
    #[must_use]
    pub const fn none() -> SampleList {
        SampleList { offsets: Vec::new(), parts: Vec::new() }
    }

    /// Adds a number behind the last one; one that is below it is not taken.
    pub fn push(&mut self, at: u64) -> bool {
        let offset = self.parts.last().map(|part| at.checked_sub(part.base));
        match offset.map(|offset| offset.map(u32::try_from)) {
            Some(None) => return false,
            Some(Some(Ok(offset))) if self.offsets.last().is_some_and(|last| offset < *last) => return false,
            Some(Some(Ok(offset))) => self.offsets.push(offset),
            None | Some(Some(Err(_))) => {
                self.parts.push(Part { from: self.offsets.len(), base: at });
                self.offsets.push(0);
            }
        }
        true
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.offsets.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.offsets.is_empty()
    }

    /// The last one.
    #[must_use]
    pub fn last(&self) -> Option<u64> {
        self.all().last()
    }

    /// All of them.
    #[must_use]
    pub fn all(&self) -> SampleSpan<'_> {
        SampleSpan { list: self, from: 0, to: self.offsets.len() }
    }

    /// Gives back the room that is left.
    pub fn shrink(&mut self) {
        self.offsets.shrink_to_fit();
        self.parts.shrink_to_fit();
    }

    /// The number at this place, and where its part ends.
    #[inline]
    fn at(&self, place: usize) -> Option<u64> {
        Some(self.base_at(place).0 + u64::from(*self.offsets.get(place)?))
    }

    /// What the number at this place is counted from, and the place from which on others are counted from elsewhere.
    #[inline]
    fn base_at(&self, place: usize) -> (u64, usize) {
        match self.parts.as_slice() {
            [] => (0, 0),
            [only] => (only.base, self.offsets.len()),
            parts => {
                let next = parts.partition_point(|part| part.from <= place);
                let base = next.checked_sub(1).and_then(|part| parts.get(part)).map_or(0, |part| part.base);
                (base, parts.get(next).map_or(self.offsets.len(), |part| part.from))
            }
        }
    }

    /// How many lie before this sample.
    fn count_before(&self, at: u64) -> usize {
        let next = self.parts.partition_point(|part| part.base < at);
        let Some(part) = next.checked_sub(1).and_then(|part| self.parts.get(part)) else { return 0 };
        let to = self.parts.get(next).map_or(self.offsets.len(), |part| part.from);
        let offsets = self.offsets.get(part.from..to).unwrap_or(&[]);
        part.from + offsets.partition_point(|&offset| u64::from(offset) < at - part.base)
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
        self.list.count_before(at).clamp(self.from, self.to) - self.from
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
        SampleIter { list: self.list, next: self.from, end: self.to, base: 0, until: self.from }
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
pub struct SampleIter<'a> {
    list: &'a SampleList,
    next: usize,
    end: usize,
    /// What those up to this place are counted from.
    base: u64,
    until: usize,
}

impl Iterator for SampleIter<'_> {
    type Item = u64;

    #[inline]
    fn next(&mut self) -> Option<u64> {
        if self.next >= self.end {
            return None;
        }
        if self.next >= self.until {
            (self.base, self.until) = self.list.base_at(self.next);
        }
        let offset = self.list.offsets.get(self.next)?;
        self.next += 1;
        Some(self.base + u64::from(*offset))
    }

    #[inline]
    fn nth(&mut self, skipped: usize) -> Option<u64> {
        self.next = self.next.saturating_add(skipped).min(self.end);
        self.next()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.end - self.next;
        (left, Some(left))
    }
}

impl DoubleEndedIterator for SampleIter<'_> {
    fn next_back(&mut self) -> Option<u64> {
        if self.next >= self.end {
            return None;
        }
        self.end -= 1;
        self.list.at(self.end)
    }
}

impl ExactSizeIterator for SampleIter<'_> {}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_number_takes_four_bytes() {
        let mut list: SampleList = (0..1_000_000).map(|n| n * 5000).collect();
        list.shrink();
        // 5·10⁹ samples: two parts.
        let bytes = size_of_val(list.offsets.as_slice()) + size_of_val(list.parts.as_slice());
        assert_eq!((list.len(), bytes), (1_000_000, 4_000_032));
        assert_eq!(list.all().get(999_999), Some(999_999 * 5000));
    }

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
