//! A histogram of values that come one after the other: its bins grow as it needs.

use serde::Serialize;

/// How often values lie in which bin.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Bins {
    /// The lower border of the first bin.
    pub start: f64,
    /// The width of each.
    pub width: f64,
    /// How many values each holds.
    pub counts: Vec<u64>,
}

const BINS: usize = 64;

/// Counts values whose range is not known before.
#[derive(Debug, Clone, Default)]
pub(super) struct Histogram {
    /// A value that came so often before another one did.
    first: Option<(f64, u64)>,
    bins: Option<Bins>,
}

impl Histogram {
    pub(super) fn take(&mut self, value: f64) {
        match (&mut self.bins, &mut self.first) {
            (Some(bins), _) => bins.take(value, 1),
            (None, Some((first, count))) if value.total_cmp(first).is_eq() => *count += 1,
            (None, Some((first, count))) => {
                let apart = (value - *first).abs();
                // The first two values lie in the middle half.
                let start = first.min(value) - apart / 2.0;
                let mut bins = Bins { start, width: 2.0 * apart / BINS as f64, counts: vec![0; BINS] };
                bins.take(*first, *count);
                bins.take(value, 1);
                self.bins = Some(bins);
            }
            (None, first @ None) => *first = Some((value, 1)),
        }
    }

    pub(super) fn finish(self) -> Option<Bins> {
        match (self.bins, self.first) {
            (Some(bins), _) => Some(bins),
            (None, Some((value, count))) => {
                let width = (value.abs() * 1e-6).max(1e-12);
                Some(Bins { start: value - width / 2.0, width, counts: vec![count] })
            }
            (None, None) => None,
        }
    }
}

impl Bins {
    fn take(&mut self, value: f64, count: u64) {
        // Each step doubles the range; 2000 of them reach every number there is.
        for _ in 0..2000 {
            let place = ((value - self.start) / self.width).floor();
            if place < 0.0 {
                self.start -= self.width * BINS as f64;
                self.double(BINS / 2);
            } else if place >= BINS as f64 {
                self.double(0);
            } else {
                // Between 0 and the number of bins.
                self.counts[place as usize] += count;
                return;
            }
        }
    }

    /// Twice as wide bins; those that there are come to lie from `at` on.
    fn double(&mut self, at: usize) {
        let mut counts = vec![0; BINS];
        for (pair, count) in self.counts.chunks(2).zip(&mut counts[at..]) {
            *count = pair.iter().sum();
        }
        self.counts = counts;
        self.width *= 2.0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn equal_values_are_one_bin() {
        let mut histogram = Histogram::default();
        (0..5).for_each(|_| histogram.take(2.0));
        let bins = histogram.finish().unwrap();
        assert_eq!((bins.counts.clone(), bins.counts.iter().sum::<u64>()), (vec![5], 5));
        assert_eq!(Histogram::default().finish(), None);
    }

    proptest! {
        #[test]
        fn every_value_lies_in_its_bin(values in prop::collection::vec(-1e3..1e3_f64, 2..200)) {
            let mut histogram = Histogram::default();
            values.iter().for_each(|value| histogram.take(*value));
            let bins = histogram.finish().unwrap();
            prop_assert_eq!(bins.counts.iter().sum::<u64>(), values.len() as u64);
            let mut counted = vec![0; bins.counts.len()];
            for value in &values {
                counted[(((value - bins.start) / bins.width).floor() as usize).min(bins.counts.len() - 1)] += 1;
            }
            // Bins that were merged hold what single ones held; borders are where they were, to a rounding.
            let wrong: u64 = counted.iter().zip(&bins.counts).map(|(a, b): (&u64, &u64)| a.abs_diff(*b)).sum();
            prop_assert!(wrong <= 4, "{:?} {:?}", counted, bins.counts);
        }
    }
}
