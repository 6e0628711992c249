//! What of an exposure is tied to its frame: one of its edges, or the middle between them.

use crate::rig::Alignment;
use crate::signal::{EdgeTime, Limb, Pulse};

/// The edge of an exposure that is tied to its frame; the middle of one that is cut off is not known.
pub(crate) fn anchored(pulse: &Pulse, alignment: Alignment) -> Limb {
    match alignment {
        Alignment::End => pulse.end,
        Alignment::Start => pulse.start,
        Alignment::Middle => pulse.middle().map_or(Limb::Cut(pulse.from()), Limb::Edge),
    }
}

/// The middles of these pulses in order of time.
pub(super) fn middles(strobe: &[Pulse]) -> Vec<EdgeTime> {
    let mut middles: Vec<EdgeTime> = strobe.iter().filter_map(Pulse::middle).collect();
    middles.sort_unstable();
    middles.dedup_by_key(|middle| middle.at());
    middles
}

/// Whether the middle of a pulse that is cut off may lie between these samples.
pub(super) fn may_lie_within(pulse: &Pulse, from: i128, to: i128) -> bool {
    let shown = i128::from(pulse.from().get()) + i128::from(pulse.to().get());
    match (pulse.start.edge(), pulse.end.edge()) {
        (Some(_), Some(_)) => false,
        // It lasts at least as long as it is shown, and from there on to the cut side.
        (Some(_), None) => shown <= 2 * to,
        (None, Some(_)) => 2 * from <= shown,
        (None, None) => true,
    }
}

/// What lies in the middle of values that come again after so many: in order from behind the widest gap between them, the lower
/// of the two middle ones, from 0 on. `None` of values that are spread over more than half of it, which have none.
pub(super) fn usual_of_turns(mut values: Vec<i128>, turn: i128) -> Option<i128> {
    values.sort_unstable();
    let (least, most) = (*values.first()?, *values.last()?);
    let gaps = values.windows(2).map(|two| two[1] - two[0]).chain([least + turn - most]);
    let (place, gap) = gaps.enumerate().max_by_key(|(_, gap)| *gap)?;
    if gap * 2 < turn {
        return None;
    }
    let count = values.len();
    values.rotate_left((place + 1) % count);
    Some(values[(count - 1) / 2])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::SampleIndex;

    #[test]
    fn the_middle_of_a_pulse_that_is_cut_lies_on_its_cut_side() {
        let edge = |at: u64| Limb::Edge(EdgeTime::sharp(SampleIndex::new(at)));
        let cut = |at: u64| Limb::Cut(SampleIndex::new(at));
        // Shown from 80 to 100: if it goes on, its middle is at 90 or later.
        let begun = Pulse { start: edge(80), end: cut(100) };
        assert_eq!([89, 90, 200].map(|to| may_lie_within(&begun, 0, to)), [false, true, true]);
        let ended = Pulse { start: cut(0), end: edge(20) };
        assert_eq!([11, 10, -5].map(|from| may_lie_within(&ended, from, 100)), [false, true, true]);
        assert!(may_lie_within(&Pulse { start: cut(0), end: cut(100) }, 40, 41));
        assert!(!may_lie_within(&Pulse { start: edge(10), end: edge(20) }, 0, 100));
    }

    #[test]
    fn what_comes_in_turns_has_a_middle_where_it_is_not_spread_over_half_of_one() {
        assert_eq!(usual_of_turns(vec![3, 5, 4], 100), Some(4));
        assert_eq!(usual_of_turns(vec![98, 1, 99, 2], 100), Some(99), "around the end of a turn");
        assert_eq!(usual_of_turns(vec![0, 25, 50, 75], 100), None);
        assert_eq!((usual_of_turns(vec![0, 50], 100), usual_of_turns(vec![0, 51], 100)), (Some(0), Some(51)));
        assert_eq!(usual_of_turns(Vec::new(), 100), None);
    }
}
