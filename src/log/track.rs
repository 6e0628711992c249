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
        let mut pairs = self.backwards(anchor, most);
        pairs.reverse();
        pairs.push(anchor);
        self.forwards(anchor, most, &mut pairs);
        let spread = self.spread(&pairs);
        Tracked { pairs, spread }
    }

    fn forwards(&self, anchor: Pair, most: usize, pairs: &mut Vec<Pair>) {
        let (mut last, mut i, mut k) = (anchor, anchor.0 + 1, anchor.1 + 1);
        let enough = pairs.len().saturating_add(most);
        while let (Some(shot), Some(stamp)) = (self.shots.get(i), self.stamps.get(k))
            && pairs.len() < enough
        {
            let late = (stamp - self.stamps[last.1]) - (shot - self.shots[last.0]);
            if late.abs() <= self.reach {
                last = (i, k);
                pairs.push(last);
                (i, k) = (i + 1, k + 1);
            } else if late > 0 {
                i += 1;
            } else {
                k += 1;
            }
        }
    }

    /// The pairs before the anchor, the last one first.
    fn backwards(&self, anchor: Pair, most: usize) -> Vec<Pair> {
        let mut pairs = Vec::new();
        let (mut last, mut i, mut k) = (anchor, anchor.0, anchor.1);
        while i > 0 && k > 0 && pairs.len() < most {
            let (shot, stamp) = (self.shots[i - 1], self.stamps[k - 1]);
            let late = (self.stamps[last.1] - stamp) - (self.shots[last.0] - shot);
            if late.abs() <= self.reach {
                last = (i - 1, k - 1);
                pairs.push(last);
                (i, k) = last;
            } else if late > 0 {
                i -= 1;
            } else {
                k -= 1;
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
