//! How the pulses of a line follow each other: at a beat of their own, or in turn with others; and where that breaks.

/// Pulses that take turns repeat after no more than so many.
const MOST_TURNS: usize = 8;
/// And they do so for so many rounds at least: what is lost now and then may look so for fewer.
const LEAST_ROUNDS: usize = 4;
/// Intervals agree if they differ by less than this part of the usual one: a host's trigger may be a seventh late, one way and
/// the other (field guide, F25).
const AGREE: (u64, u64) = (2, 5);
/// An order that breaks at more of its intervals than one in so many is none.
const MOST_BREAKS: usize = 3;

/// The order in which instants follow each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Beat {
    /// The usual interval, in samples.
    pub(crate) usual: u64,
    /// The shortest and the longest interval that belong to the order.
    pub(crate) shortest: u64,
    pub(crate) longest: u64,
    /// After so many intervals it repeats.
    pub(crate) turns: usize,
    /// The instants behind which one is missing, or too much.
    pub(crate) breaks: Vec<u64>,
}

impl Beat {
    /// The order of these instants, which increase; none where they have none, or are fewer than four.
    pub(crate) fn of(instants: &[u64]) -> Option<Beat> {
        let intervals: Vec<u64> = instants.windows(2).map(|pair| pair[1] - pair[0]).collect();
        if intervals.len() < 3 {
            return None;
        }
        let usual = middle(intervals.iter().copied())?;
        let agree = |a: u64, b: u64| a.abs_diff(b).saturating_mul(AGREE.1) < usual.saturating_mul(AGREE.0);
        let breaks = |turns: usize| -> Vec<usize> {
            let pairs = intervals.iter().zip(intervals.iter().skip(turns)).enumerate();
            pairs.filter(|(_, (a, b))| !agree(**a, **b)).map(|(place, _)| place).collect()
        };
        let most = MOST_TURNS.min(intervals.len() / LEAST_ROUNDS).max(1);
        // Of two orders that break as often, the one of fewer turns.
        let (turns, broken) = (1..=most).map(|turns| (turns, breaks(turns))).min_by_key(|(_, broken)| broken.len())?;
        if broken.len() * MOST_BREAKS > intervals.len() - turns {
            return None;
        }
        // What differs from its like before and after it, or from the only like that it has, is none of the order.
        let is_broken = |place: usize| {
            let is_broken = |other: usize| broken.binary_search(&other).is_ok();
            let before = place.checked_sub(turns).map(is_broken);
            let after = (place + turns < intervals.len()).then(|| is_broken(place));
            match (before, after) {
                (Some(before), Some(after)) => before && after,
                (Some(one), None) | (None, Some(one)) => one && is_alone(&intervals, place, turns, agree),
                (None, None) => false,
            }
        };
        let strange: Vec<usize> = (0..intervals.len()).filter(|&place| is_broken(place)).collect();
        let order = || (0..intervals.len()).filter(|place| strange.binary_search(place).is_err());
        let shortest = order().map(|place| intervals[place]).min()?;
        let longest = order().map(|place| intervals[place]).max()?;
        // A step that is kept, such as a new rate, is no break of a single interval, and one all the same.
        let steps = broken.iter().filter(|place| {
            strange.binary_search(*place).is_err() && strange.binary_search(&(*place + turns)).is_err()
        });
        let mut breaks: Vec<u64> =
            strange.iter().map(|&place| instants[place]).chain(steps.map(|&place| instants[place + turns])).collect();
        breaks.sort_unstable();
        breaks.dedup();
        Some(Beat { usual, shortest, longest, turns, breaks })
    }
}

/// Whether an interval at an end of the record differs from most of those that should be like it.
fn is_alone(intervals: &[u64], place: usize, turns: usize, agree: impl Fn(u64, u64) -> bool) -> bool {
    let like: Vec<u64> = intervals.iter().skip(place % turns).step_by(turns).copied().collect();
    let met = like.iter().filter(|other| agree(**other, intervals[place])).count();
    met * 2 < like.len()
}

/// The median (the lower of two middle ones); none of none.
pub(crate) fn middle<T: Ord + Copy>(values: impl IntoIterator<Item = T>) -> Option<T> {
    let mut values: Vec<T> = values.into_iter().collect();
    let middle = values.len().checked_sub(1)? / 2;
    Some(*values.select_nth_unstable(middle).1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(intervals: &[u64]) -> Vec<u64> {
        let sum = |at: &mut u64, interval: &u64| {
            *at += interval;
            Some(*at)
        };
        [vec![0], intervals.iter().scan(0, sum).collect()].concat()
    }

    #[test]
    fn a_beat_breaks_where_a_pulse_is_missing() {
        let beat = Beat::of(&at(&[100, 101, 99, 200, 100, 100, 101, 100])).unwrap();
        assert_eq!((beat.usual, beat.longest, beat.breaks), (100, 101, vec![300]));
        assert_eq!(Beat::of(&at(&[100; 8])).unwrap().breaks, [0_u64; 0]);
        assert_eq!(Beat::of(&at(&[200, 100, 100, 100, 100, 100])).unwrap().breaks, [0]);
        assert_eq!(Beat::of(&at(&[100, 100, 100, 100, 100, 200])).unwrap().breaks, [500]);
    }

    #[test]
    fn lights_in_turn_have_a_beat_of_several_intervals() {
        // Lit in two of three frames.
        let beat = Beat::of(&at(&[100, 200, 100, 200, 100, 200, 100, 200])).unwrap();
        assert_eq!((beat.longest, beat.breaks.len()), (200, 0));
        let missing = Beat::of(&at(&[100, 200, 100, 200, 300, 100, 200, 100, 200, 100, 200])).unwrap();
        assert!(!missing.breaks.is_empty());
    }

    #[test]
    fn a_new_rate_is_a_break_and_events_have_no_beat() {
        assert_eq!(Beat::of(&at(&[100, 100, 100, 100, 250, 250, 250, 250])).unwrap().breaks, [400]);
        assert_eq!(Beat::of(&at(&[100, 300, 700, 150, 800, 240, 400, 90, 600])), None);
        assert_eq!(Beat::of(&[1, 2]), None);
    }
}
