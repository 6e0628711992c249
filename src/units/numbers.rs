//! Whole numbers in four bytes each.

/// Whole numbers in any order, in four bytes each as long as neighbours lie within 2³¹ of the first of their part.
///
/// They are held as offsets of 32 bits; where one does not fit, a part begins that counts from there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Numbers {
    offsets: Vec<u32>,
    parts: Vec<Part>,
}

/// Numbers that are counted from the same one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Part {
    /// The place of the first one.
    from: usize,
    base: i64,
}

impl Numbers {
    /// None.
    pub(crate) const fn none() -> Numbers {
        Numbers { offsets: Vec::new(), parts: Vec::new() }
    }

    /// Adds a number behind the last one.
    #[inline]
    pub(crate) fn push(&mut self, number: i64) {
        let offset =
            self.parts.last().and_then(|part| u32::try_from(number.wrapping_sub(part.base).cast_unsigned()).ok());
        let offset = offset.unwrap_or_else(|| {
            let middle = 1_u32 << 31;
            self.parts.push(Part { from: self.offsets.len(), base: number.wrapping_sub(i64::from(middle)) });
            middle
        });
        self.offsets.push(offset);
    }

    /// How many there are.
    #[inline]
    pub(crate) fn len(&self) -> usize {
        self.offsets.len()
    }

    /// The number at this place.
    #[inline]
    pub(crate) fn get(&self, place: usize) -> Option<i64> {
        Some(self.base_at(place).0.wrapping_add(i64::from(*self.offsets.get(place)?)))
    }

    /// What the number at this place is counted from, and the place from which on others are counted from elsewhere.
    #[inline]
    fn base_at(&self, place: usize) -> (i64, usize) {
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

    /// Those at these places, one after the other.
    pub(crate) fn range(&self, from: usize, to: usize) -> NumberIter<'_> {
        let end = to.min(self.len());
        NumberIter { numbers: self, next: from.min(end), end, base: 0, until: from.min(end) }
    }

    /// Gives back the room that is left.
    pub(crate) fn shrink(&mut self) {
        self.offsets.shrink_to_fit();
        self.parts.shrink_to_fit();
    }
}

/// Numbers one after the other.
#[derive(Debug, Clone)]
pub(crate) struct NumberIter<'a> {
    numbers: &'a Numbers,
    next: usize,
    end: usize,
    /// What those up to this place are counted from.
    base: i64,
    until: usize,
}

impl Iterator for NumberIter<'_> {
    type Item = i64;

    #[inline]
    fn next(&mut self) -> Option<i64> {
        if self.next >= self.end {
            return None;
        }
        if self.next >= self.until {
            (self.base, self.until) = self.numbers.base_at(self.next);
        }
        let offset = self.numbers.offsets.get(self.next)?;
        self.next += 1;
        Some(self.base.wrapping_add(i64::from(*offset)))
    }

    #[inline]
    fn nth(&mut self, skipped: usize) -> Option<i64> {
        self.next = self.next.saturating_add(skipped).min(self.end);
        self.next()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.end - self.next;
        (left, Some(left))
    }
}

impl DoubleEndedIterator for NumberIter<'_> {
    fn next_back(&mut self) -> Option<i64> {
        if self.next >= self.end {
            return None;
        }
        self.end -= 1;
        self.numbers.get(self.end)
    }
}

impl ExactSizeIterator for NumberIter<'_> {}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_number_takes_four_bytes() {
        let mut numbers = Numbers::none();
        (0..1_000_000).for_each(|n| numbers.push(n * 5000));
        numbers.shrink();
        // 5·10⁹: three parts of 2³¹ and more.
        let bytes = size_of_val(numbers.offsets.as_slice()) + size_of_val(numbers.parts.as_slice());
        assert!(bytes <= 4_000_000 + 3 * 16, "{bytes}");
    }

    proptest! {
        #[test]
        fn they_are_as_a_plain_list(
            plain in proptest::collection::vec(prop_oneof![any::<i64>(), -9..9_i64, (1 << 31) - 2..(1 << 31) + 2_i64], 0..40),
            from in 0..45_usize,
        ) {
            let mut numbers = Numbers::none();
            plain.iter().for_each(|number| numbers.push(*number));
            let rest = plain.get(from..).unwrap_or_default();
            prop_assert_eq!(numbers.range(from, 99).collect::<Vec<_>>(), rest);
            prop_assert_eq!(numbers.range(from, 99).rev().collect::<Vec<_>>(), rest.iter().rev().copied().collect::<Vec<_>>());
            prop_assert_eq!(numbers.get(from), plain.get(from).copied());
        }
    }
}
