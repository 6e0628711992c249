//! A search in what is in order and is no slice.

use std::sync::atomic::{AtomicUsize, Ordering};

/// How many of so many places, from the first on, are so; behind the first that is not, none is.
pub(crate) fn partition_point(count: usize, is_so: impl FnMut(usize) -> bool) -> usize {
    among(0, count, is_so)
}

/// The same of the places from one to another, all before which are so, and none behind.
fn among(mut from: usize, mut to: usize, mut is_so: impl FnMut(usize) -> bool) -> usize {
    while from < to {
        let middle = from + (to - from) / 2;
        if is_so(middle) {
            from = middle + 1;
        } else {
            to = middle;
        }
    }
    from
}

/// Where a search ended. The next one begins there, in steps that double: what is asked for one after the other mostly lies near,
/// and what does not takes twice as many steps. Whatever it is, the answer is the same.
#[derive(Debug, Default)]
pub(crate) struct Near(AtomicUsize);

impl Near {
    /// [`partition_point`].
    pub(crate) fn partition_point(&self, count: usize, mut is_so: impl FnMut(usize) -> bool) -> usize {
        let begin = self.0.load(Ordering::Relaxed).min(count);
        let (mut from, mut to, mut step) = (0, count, 1);
        if begin < count && is_so(begin) {
            from = begin + 1;
            while let Some(next) = from.checked_add(step).filter(|next| *next < count) {
                if !is_so(next) {
                    to = next;
                    break;
                }
                (from, step) = (next + 1, step * 2);
            }
        } else {
            to = begin;
            while let Some(next) = to.checked_sub(step) {
                if is_so(next) {
                    from = next + 1;
                    break;
                }
                (to, step) = (next, step * 2);
            }
        }
        let found = among(from, to, is_so);
        self.0.store(found, Ordering::Relaxed);
        found
    }
}

impl Clone for Near {
    fn clone(&self) -> Near {
        Near(AtomicUsize::new(self.0.load(Ordering::Relaxed)))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn wherever_a_search_begins_it_ends_where_a_slice_says(
            mut numbers in proptest::collection::vec(0..60_u32, 0..80),
            asked in proptest::collection::vec(0..62_u32, 1..20),
        ) {
            numbers.sort_unstable();
            let near = Near::default();
            for bound in asked {
                let expected = numbers.partition_point(|number| *number < bound);
                prop_assert_eq!(near.partition_point(numbers.len(), |place| numbers[place] < bound), expected);
                prop_assert_eq!(partition_point(numbers.len(), |place| numbers[place] < bound), expected);
                // Of fewer than were there when it ended, too.
                let fewer = numbers.len() / 2;
                let of_fewer = numbers[..fewer].partition_point(|number| *number < bound);
                prop_assert_eq!(near.clone().partition_point(fewer, |place| numbers[place] < bound), of_fewer);
            }
        }
    }

    #[test]
    fn what_lies_near_takes_few_steps() {
        let near = Near::default();
        let mut steps = 0;
        for bound in 0..1000 {
            let is_so = |place: usize| {
                steps += 1;
                place < bound
            };
            assert_eq!(near.partition_point(1 << 40, is_so), bound);
        }
        assert!(steps < 4000, "{steps}");
    }
}
