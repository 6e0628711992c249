//! Where groups of pulses end: the pauses between them, which are told from the intervals beside them, since the rate may change.

/// A pause is told from an interval within a group if it is longer by more samples than two intervals are known to.
pub(super) const EQUAL_INTERVALS: i128 = 2;

/// What tells the intervals of a record apart.
#[derive(Debug, Clone, Copy)]
pub(super) struct Border {
    pub(super) per_frame: usize,
    /// Intervals that differ by no more than this are alike.
    pub(super) equal: i128,
    /// A longer interval lies between two groups, where those beside it do not tell.
    pub(super) usual: i128,
}

/// An interval that is longer than all that a group could hold on either side of it.
#[derive(Debug, Clone, Copy)]
struct Clear {
    place: usize,
    length: i128,
    /// The longest interval of the groups beside it.
    within: i128,
}

impl Clear {
    fn at(place: usize, run: &[i128], border: Border) -> Option<Clear> {
        let reach = border.per_frame - 1;
        let before = &run[place.saturating_sub(reach)..place];
        let after = &run[place + 1..(place + border.per_frame).min(run.len())];
        let (longest, length) = (|side: &[i128]| side.iter().copied().max().unwrap_or(0), run[place]);
        let (more, less) = (longest(before).max(longest(after)), longest(before).min(longest(after)));
        let within = match (before.len() == reach, after.len() == reach) {
            // Beside a group that lacks a pulse there may be another pause, on one side.
            (true, true) => less,
            (true, false) => longest(before),
            (false, true) => longest(after),
            (false, false) => more,
        };
        (run.len() > reach && length - more > border.equal).then_some(Clear { place, length, within })
    }
}

/// The pauses of a stretch without a loss.
#[derive(Debug)]
pub(super) struct Pauses {
    /// Their places among the intervals.
    pub(super) places: Vec<usize>,
    /// The first one is told from what lies within groups by this length; `None` if it has no clear one.
    pub(super) least: Option<i128>,
}

impl Pauses {
    /// Those of the intervals of a stretch. Between two clear ones that are not a frame apart there are more: of their kind, or,
    /// where the rate changes so much that it says nothing, by counting pulses.
    pub(super) fn of(run: &[i128], border: Border) -> Pauses {
        let clear = clear_pauses(run, border);
        let longer = |from: usize, to: usize, than: i128| (from..to).filter(move |&place| run[place] > than);
        let Some((first, last)) = clear.first().zip(clear.last()) else {
            return Pauses { places: longer(0, run.len(), border.usual).collect(), least: None };
        };
        let middle = |clear: &Clear| (clear.length + clear.within) / 2;
        let mut places: Vec<usize> = longer(0, first.place, middle(first)).collect();
        for [a, b] in clear.array_windows() {
            places.push(a.place);
            let (pause, within) = (a.length.min(b.length), a.within.max(b.within));
            let is_told = pause - within > border.equal;
            match (b.place - a.place).is_multiple_of(border.per_frame) {
                true if b.place - a.place == border.per_frame => {}
                true if !is_told => places.extend((a.place..b.place).step_by(border.per_frame).skip(1)),
                true | false => {
                    let than = if is_told { (pause + within) / 2 } else { border.usual };
                    places.extend(longer(a.place + 1, b.place, than));
                }
            }
        }
        places.push(last.place);
        places.extend(longer(last.place + 1, run.len(), middle(last)));
        Pauses { least: Some(middle(first)), places }
    }
}

/// The clear ones. What is short, and less than half of those before and behind it, is one of pulses that are too many within a
/// group; and silence that lacks frames says no more of a pause than those beside it.
fn clear_pauses(run: &[i128], border: Border) -> Vec<Clear> {
    let all: Vec<Clear> = (0..run.len()).filter_map(|place| Clear::at(place, run, border)).collect();
    let is_kept = |at: usize| match (at.checked_sub(1).and_then(|before| all.get(before)), all.get(at + 1)) {
        (Some(before), Some(after)) => all[at].length * 2 >= before.length.min(after.length).min(border.usual * 2),
        (None, _) | (_, None) => true,
    };
    let kept: Vec<Clear> = (0..all.len()).filter(|&at| is_kept(at)).map(|at| all[at]).collect();
    let beside = |at: usize| &kept[at.saturating_sub(1)..(at + 2).min(kept.len())];
    let least = |at: usize| beside(at).iter().map(|clear| clear.length).min().unwrap_or(kept[at].length);
    (0..kept.len()).map(|at| Clear { length: least(at), ..kept[at] }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(per_frame: usize, run: &[i128]) -> Vec<usize> {
        Pauses::of(run, Border { per_frame, equal: EQUAL_INTERVALS, usual: 500 }).places
    }

    #[test]
    fn pauses_follow_the_rate() {
        // From 400 and 600 on 1.3 times as long, 0.8 times, 1.5 times and twice as long.
        assert_eq!(places(2, &[400, 600, 400, 600, 520, 780, 520, 780]), [1, 3, 5, 7]);
        assert_eq!(places(2, &[400, 600, 400, 600, 320, 480, 320, 480]), [1, 3, 5, 7]);
        assert_eq!(places(2, &[400, 600, 400, 600, 600, 900, 600, 900]), [1, 3, 5, 7]);
        assert_eq!(places(2, &[400, 600, 400, 600, 800, 1200, 800, 1200]), [1, 3, 5, 7]);
    }

    #[test]
    fn a_group_may_lack_pulses_or_have_too_many() {
        // Of 0, 100 and 250 the second one is missing, then both but the first, then the first.
        assert_eq!(places(3, &[100, 150, 750, 250, 750, 100, 150, 750, 100, 150]), [2, 4, 7]);
        assert_eq!(places(3, &[100, 150, 750, 1000, 100, 150, 750, 100, 150]), [2, 3, 6]);
        assert_eq!(places(3, &[100, 150, 850, 150, 750, 100, 150, 750, 100, 150]), [2, 4, 7]);
        // One too many at 50; two too many between two that are 300 apart.
        assert_eq!(places(3, &[100, 150, 750, 50, 50, 150, 750, 100, 150, 750]), [2, 6, 9]);
        assert_eq!(places(2, &[300, 700, 50, 200, 50, 700, 300, 700, 300]), [1, 5, 7]);
    }

    #[test]
    fn groups_between_silences_that_lack_frames_keep_their_pauses() {
        assert_eq!(places(2, &[100, 900, 100, 2900, 100, 900, 100, 2900, 100, 900, 100]), [1, 3, 5, 7, 9]);
    }

    #[test]
    fn a_pause_is_clear_by_more_than_two_samples() {
        // 103 beside 100; 102 is not, and the usual length tells.
        assert_eq!(places(2, &[100, 103, 100, 103, 100]), [1, 3]);
        assert_eq!(places(2, &[100, 102, 100, 102, 100]), [0_usize; 0]);
    }
}
