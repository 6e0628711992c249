//! Many items of one type, in few bytes each.

use std::fmt;
use std::ops::Range;

use super::{Near, Packed};

/// An item that is told by so many numbers.
pub trait Columnar<const N: usize>: Clone {
    /// The numbers that tell it; none of one that they do not tell.
    fn to_numbers(&self) -> Option<[i64; N]>;

    /// The item that these tell.
    fn from_numbers(numbers: [i64; N]) -> Self;
}

/// Items in order. Each is told by numbers, of which those of one kind are held together: they mostly rise by the same from item to
/// item, and then take no room. What numbers do not tell is held as it is.
#[derive(Clone)]
pub struct Columns<T, const N: usize> {
    numbers: Packed<N>,
    /// What they do not tell, by its place.
    odd: Vec<(usize, T)>,
    near: Near,
}

impl<T: Columnar<N>, const N: usize> Columns<T, N> {
    /// Adds an item behind the last one.
    pub fn push(&mut self, item: T) {
        let numbers = item.to_numbers();
        if numbers.is_none() {
            self.odd.push((self.len(), item));
        }
        // What is not looked up is like the one before it.
        self.numbers.push(numbers.or_else(|| self.numbers.last()).unwrap_or([0; N]));
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

    /// The one at this place.
    #[inline]
    #[must_use]
    pub fn get(&self, place: usize) -> Option<T> {
        if !self.odd.is_empty()
            && let Ok(odd) = self.odd.binary_search_by_key(&place, |(place, _)| *place)
        {
            return self.odd.get(odd).map(|(_, item)| item.clone());
        }
        self.numbers.get(place).map(T::from_numbers)
    }

    /// The one at this place.
    ///
    /// # Panics
    /// Where there is none, as of a slice.
    #[must_use]
    pub fn at(&self, place: usize) -> T {
        self.get(place).unwrap_or_else(|| panic!("there are {} items, and none at {place}", self.len()))
    }

    /// The first one.
    #[must_use]
    pub fn first(&self) -> Option<T> {
        self.get(0)
    }

    /// The last one.
    #[must_use]
    pub fn last(&self) -> Option<T> {
        self.get(self.len().checked_sub(1)?)
    }

    /// One after the other.
    #[must_use]
    pub fn iter(&self) -> Items<'_, T, N> {
        self.range(0..self.len())
    }

    /// Those at these places that there are, one after the other.
    #[must_use]
    pub fn range(&self, places: Range<usize>) -> Items<'_, T, N> {
        let end = places.end.min(self.len());
        Items { all: self, places: places.start.min(end)..end }
    }

    /// Each with the one behind it.
    pub fn pairs(&self) -> impl DoubleEndedIterator<Item = (T, T)> + ExactSizeIterator + Clone + use<'_, T, N> {
        self.iter().zip(self.iter().skip(1))
    }

    /// How many of them, from the first on, are so; behind the first that is not, none is.
    #[must_use]
    pub fn partition_point(&self, mut is_so: impl FnMut(T) -> bool) -> usize {
        self.near.partition_point(self.len(), |place| self.get(place).is_some_and(&mut is_so))
    }

    /// The place of one with this key, by which they are in order.
    #[must_use]
    pub fn find_by_key<K: Ord>(&self, key: &K, mut key_of: impl FnMut(T) -> K) -> Option<usize> {
        let place = self.partition_point(|item| key_of(item) < *key);
        self.get(place).filter(|item| key_of(item.clone()) == *key).map(|_| place)
    }

    /// Changes each, by its place.
    pub fn change(&mut self, mut change: impl FnMut(usize, &mut T)) {
        let changed = self.iter().enumerate().map(|(place, mut item)| {
            change(place, &mut item);
            item
        });
        *self = changed.collect();
    }
}

/// Items of columns, one after the other.
pub struct Items<'a, T, const N: usize> {
    all: &'a Columns<T, N>,
    places: Range<usize>,
}

impl<T: Columnar<N> + fmt::Debug, const N: usize> fmt::Debug for Items<'_, T, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.clone()).finish()
    }
}

impl<T, const N: usize> Clone for Items<'_, T, N> {
    fn clone(&self) -> Self {
        Items { all: self.all, places: self.places.clone() }
    }
}

impl<T: Columnar<N>, const N: usize> Iterator for Items<'_, T, N> {
    type Item = T;

    #[inline]
    fn next(&mut self) -> Option<T> {
        self.all.get(self.places.next()?)
    }

    #[inline]
    fn nth(&mut self, skipped: usize) -> Option<T> {
        self.all.get(self.places.nth(skipped)?)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.places.size_hint()
    }
}

impl<T: Columnar<N>, const N: usize> DoubleEndedIterator for Items<'_, T, N> {
    #[inline]
    fn next_back(&mut self) -> Option<T> {
        self.all.get(self.places.next_back()?)
    }
}

impl<T: Columnar<N>, const N: usize> ExactSizeIterator for Items<'_, T, N> {}

impl<'a, T: Columnar<N>, const N: usize> IntoIterator for &'a Columns<T, N> {
    type Item = T;
    type IntoIter = Items<'a, T, N>;

    fn into_iter(self) -> Items<'a, T, N> {
        self.iter()
    }
}

impl<T, const N: usize> Default for Columns<T, N> {
    fn default() -> Columns<T, N> {
        Columns { numbers: Packed::default(), odd: Vec::new(), near: Near::default() }
    }
}

impl<T: Columnar<N> + fmt::Debug, const N: usize> fmt::Debug for Columns<T, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl<T: Columnar<N>, const N: usize> FromIterator<T> for Columns<T, N> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Columns<T, N> {
        let mut all = Columns::default();
        items.into_iter().for_each(|item| all.push(item));
        all
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A number and a word, of which numbers tell the one that is empty only.
    type Named = (i64, String);

    impl Columnar<1> for Named {
        fn to_numbers(&self) -> Option<[i64; 1]> {
            self.1.is_empty().then_some([self.0])
        }

        fn from_numbers([number]: [i64; 1]) -> Named {
            (number, String::new())
        }
    }

    proptest! {
        #[test]
        fn they_are_as_a_plain_list(
            plain in proptest::collection::vec((any::<i64>(), prop_oneof![4 => Just(String::new()), 1 => "[a-z]{1,3}"]), 0..300),
            from in 0..350_usize,
            to in 0..350_usize,
        ) {
            let mut held: Columns<Named, 1> = plain.iter().cloned().collect();
            prop_assert_eq!((held.len(), held.first(), held.last()), (plain.len(), plain.first().cloned(), plain.last().cloned()));
            prop_assert_eq!(held.get(from), plain.get(from).cloned());
            let range = from.min(plain.len())..to.min(plain.len()).max(from.min(plain.len()));
            prop_assert_eq!(held.range(from..to).collect::<Vec<_>>(), &plain[range]);
            prop_assert_eq!(held.pairs().count(), plain.len().saturating_sub(1));
            let mut changed = plain;
            held.change(|place, item| *item = (place as i64, item.1.repeat(2)));
            changed.iter_mut().enumerate().for_each(|(place, item)| *item = (place as i64, item.1.repeat(2)));
            prop_assert_eq!(held.iter().collect::<Vec<_>>(), changed.clone());
            // In order now.
            prop_assert_eq!(held.partition_point(|item| item.0 < from as i64), from.min(changed.len()));
            prop_assert_eq!(held.find_by_key(&(from as i64), |item| item.0), (from < changed.len()).then_some(from));
        }
    }
}
