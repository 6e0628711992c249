//! Following a log along a capture from one pair of a shot and a stamp.

use super::sums::median;

/// A shot and a stamp that belong together, by their places.
pub(super) type Pair = (usize, usize);

/// Instants of shots and times of stamps, both in femtoseconds of their own clock and strictly increasing.
#[derive(Debug, Clone, Copy)]
pub(super) struct Series<'a> {
    pub(super) shots: &'a [i128],
    pub(super) stamps: &'a [i128],
    /// Two intervals that differ by more than this are not the same.
    pub(super) reach: i128,
}

/// What came of following a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Tracked {
    /// In order of time.
    pub(super) pairs: Vec<Pair>,
    /// The median deviation of an interval of the log from that of the capture.
    pub(super) spread: i128,
}

impl Series<'_> {
    /// Pairs shots and stamps forwards and backwards from `anchor`, up to `most` in each direction: the next pair is the
    /// next shot and stamp that are equally far from the pair before. Drift does not add up, gaps on either side are
    /// passed over.
    pub(super) fn follow(&self, anchor: Pair, most: usize) -> Tracked {
        let mut pairs = self.along(anchor, most, -1);
        pairs.reverse();
        pairs.push(anchor);
        pairs.extend(self.along(anchor, most, 1));
        let spread = self.spread(&pairs);
        Tracked { pairs, spread }
    }

    /// The pairs behind the anchor, or with a step of -1 those before it, the nearest first.
    fn along(&self, anchor: Pair, most: usize, step: isize) -> Vec<Pair> {
        let next = |place: usize| place.wrapping_add_signed(step);
        let mut pairs = Vec::new();
        let (mut last, mut i, mut k) = (anchor, next(anchor.0), next(anchor.1));
        while let (Some(shot), Some(stamp)) = (self.shots.get(i), self.stamps.get(k))
            && pairs.len() < most
        {
            let late = (stamp - self.stamps[last.1]) - (shot - self.shots[last.0]);
            if late.abs() <= self.reach {
                last = (i, k);
                pairs.push(last);
                (i, k) = (next(i), next(k));
            } else if (late > 0) == (step > 0) {
                i = next(i);
            } else {
                k = next(k);
            }
        }
        pairs
    }

    /// How much the intervals of a log and a capture differ: the median distance of a difference from the median
    /// difference, which is what their clocks differ by.
    fn spread(&self, pairs: &[Pair]) -> i128 {
        let differences = || {
            pairs.windows(2).map(|pair| {
                let (a, b) = (pair[0], pair[1]);
                (self.stamps[b.1] - self.stamps[a.1]) - (self.shots[b.0] - self.shots[a.0])
            })
        };
        let Some(middle) = median(differences().collect()) else { return 0 };
        median(differences().map(|difference| (difference - middle).abs()).collect()).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_on_either_side_are_passed_over_and_drift_does_not_add_up() {
        let shots: Vec<i128> = (0..20).filter(|n| *n != 4).map(|n| 1000 * n).collect();
        // 1 % fast: after 20 frames a fifth of a frame away.
        let stamps: Vec<i128> = (0..20).filter(|n| *n != 7 && *n != 8).map(|n| 77_000 + 1010 * n).collect();
        let series = Series { shots: &shots, stamps: &stamps, reach: 250 };
        let tracked = series.follow((10, 9), usize::MAX);
        let frames: Vec<(i128, i128)> =
            tracked.pairs.iter().map(|&(i, k)| (shots[i] / 1000, (stamps[k] - 77_000) / 1010)).collect();
        let expected: Vec<(i128, i128)> = (0..20).filter(|n| ![4, 7, 8].contains(n)).map(|n| (n, n)).collect();
        assert_eq!(frames, expected);
        assert_eq!(tracked.spread, 0);
    }
}
