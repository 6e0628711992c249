//! Whether a train of frames keeps its rhythm, where no frame time is stated that it could be counted by.

use super::FrameEdge;
use crate::signal::Lost;
use crate::units::SampleIndex;

/// Where a train of frames pauses or ends although the record goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RhythmBreak {
    /// The last frame edge before it.
    pub from: SampleIndex,
    /// The next frame edge; `None`: the train ends.
    pub to: Option<SampleIndex>,
    /// How many of its usual intervals it lasts, rounded down.
    pub intervals: u64,
}

/// Fewer intervals have no rhythm.
const LEAST_INTERVALS: usize = 5;

/// The first break of the rhythm of a train: a pause of more than 1.5 of its usual intervals, or silence of more than 2.5
/// at the end of the record. Events without a rhythm have none, unless they end with more than five times their longest
/// interval of silence.
///
/// The usual interval B is the median of those within a quarter of the lower quartile. The train is rhythmic if half of
/// its intervals lie within a quarter of B (a camera that shows every second frame from the middle on has two thirds of them there),
/// and nine tenths there or within 0.15 B of a multiple of it.
pub(super) fn broken(
    edges: impl DoubleEndedIterator<Item = FrameEdge> + Clone,
    lost: &Lost,
    length: SampleIndex,
) -> Option<RhythmBreak> {
    let pairs = || edges.clone().zip(edges.clone().skip(1)).map(|(a, b)| (a.edge.at(), b.edge.at()));
    let recorded = || pairs().filter(|(a, b)| lost.spares(*a, *b)).map(|(a, b)| (a, b, b.get() - a.get()));
    let mut intervals: Vec<u64> = recorded().map(|(.., interval)| interval).collect();
    intervals.sort_unstable();
    let last = edges.clone().next_back()?.edge.at();
    let from = lost.spans().last().map_or(last, |span| span.to.max(last));
    let silence = length.get().saturating_sub(from.get());
    let ends = |usual: u64| RhythmBreak { from, to: None, intervals: silence / usual.max(1) };
    let in_order: Vec<u64> = recorded().map(|(.., interval)| interval).collect();
    if let Some(usual) = usual_interval(&intervals).or_else(|| begun_interval(&in_order)) {
        let pause = recorded().find(|(.., interval)| 2 * u128::from(*interval) > 3 * u128::from(usual));
        if let Some((from, to, interval)) = pause {
            return Some(RhythmBreak { from, to: Some(to), intervals: interval / usual });
        }
        return (2 * u128::from(silence) > 5 * u128::from(usual)).then(|| ends(usual));
    }
    let longest = intervals.last().filter(|_| intervals.len() >= 2)?;
    (u128::from(silence) > 5 * u128::from(*longest)).then(|| ends(*longest))
}

/// Whether something that happens in these frames, in order, happens every n-th of them and then leaves one out, or stops before
/// the last frame that could show it.
pub(crate) fn leaves_its_turn(frames: &[i64], last: i64) -> bool {
    let gaps: Vec<u64> = frames.windows(2).map(|two| two[1].abs_diff(two[0])).filter(|gap| *gap > 0).collect();
    let mut sorted = gaps.clone();
    sorted.sort_unstable();
    let Some(usual) = usual_interval(&sorted).or_else(|| begun_interval(&gaps)) else { return false };
    let silence = frames.last().map_or(0, |latest| last.abs_diff(*latest));
    gaps.iter().any(|gap| gap * 2 > usual * 3) || silence * 2 > usual * 5
}

/// The usual interval of a rhythmic train; `None` of one without a rhythm. `intervals` are sorted.
fn usual_interval(intervals: &[u64]) -> Option<u64> {
    if intervals.len() < LEAST_INTERVALS {
        return None;
    }
    let quartile = intervals[(intervals.len() - 1) / 4];
    let near = |usual: u64, interval: u64| 4 * u128::from(interval.abs_diff(usual)) <= u128::from(usual);
    let usual = intervals.iter().copied().filter(|interval| near(quartile, *interval)).collect::<Vec<u64>>();
    let usual = usual[(usual.len() - 1) / 2].max(1);
    let multiple = |interval: u64| {
        let off = interval % usual;
        20 * u128::from(off.min(usual - off)) <= 3 * u128::from(usual)
    };
    let regular = intervals.iter().filter(|interval| near(usual, **interval)).count();
    let explained = intervals.iter().filter(|interval| near(usual, **interval) || multiple(**interval)).count();
    (2 * regular >= intervals.len() && 10 * explained >= 9 * intervals.len()).then_some(usual)
}

/// The interval of a train that begins in a rhythm, and goes on in multiples of it: nine tenths of all intervals are near it or
/// within 0.15 of it of a multiple. `None` of another one. `intervals` are in order of time.
fn begun_interval(intervals: &[u64]) -> Option<u64> {
    let mut begun = intervals.get(..LEAST_INTERVALS)?.to_vec();
    begun.sort_unstable();
    let usual = begun[LEAST_INTERVALS / 2].max(1);
    let near = |interval: &u64| 4 * u128::from(interval.abs_diff(usual)) <= u128::from(usual);
    let multiple = |interval: &u64| {
        let off = interval % usual;
        *interval > usual && 20 * u128::from(off.min(usual - off)) <= 3 * u128::from(usual)
    };
    let explained = intervals.iter().filter(|interval| near(interval) || multiple(interval)).count();
    (begun.iter().all(near) && 10 * explained >= 9 * intervals.len()).then_some(usual)
}

#[cfg(test)]
mod tests {
    use super::super::Interval;
    use super::*;
    use crate::signal::{EdgeTime, LostSpan};

    fn edges(at: &[u64]) -> Vec<FrameEdge> {
        let edge = |at| EdgeTime::sharp(SampleIndex::new(at));
        at.iter().map(|&at| FrameEdge { starts: 0, edge: edge(at), before: Interval::Regular }).collect()
    }

    fn found(at: &[u64], length: u64) -> Option<(u64, Option<u64>, u64)> {
        let found = broken(edges(at).into_iter(), &Lost::nothing(), SampleIndex::new(length))?;
        Some((found.from.get(), found.to.map(SampleIndex::get), found.intervals))
    }

    #[test]
    fn a_rhythm_breaks_at_a_pause_and_at_its_end() {
        let steady: Vec<u64> = (1..=10).map(|n| 100 * n).collect();
        assert_eq!(found(&steady, 1250), None);
        assert_eq!(found(&steady, 1251), Some((1000, None, 2)));
        let without_one: Vec<u64> = steady.iter().copied().filter(|at| *at != 500).collect();
        assert_eq!(found(&without_one, 1100), Some((400, Some(600), 2)));
        // A pause of 1.5 intervals is none yet.
        assert_eq!(found(&[100, 200, 300, 450, 550, 650, 750, 850], 900), None);
        assert_eq!(found(&[100, 200, 300, 451, 551, 651, 751, 851], 900), None, "a tenth is no multiple: no rhythm");
        assert_eq!(found(&[0, 100, 200, 300, 451, 551, 651, 751, 851, 951, 1051], 1100), Some((300, Some(451), 1)));
    }

    #[test]
    fn events_are_quiet_until_they_end_for_long() {
        let events = [100, 350, 360, 900, 1500, 1520, 2400];
        assert_eq!(found(&events, 2400 + 4400), None);
        assert_eq!(found(&events, 2400 + 4401), Some((2400, None, 5)));
        assert_eq!(found(&[100, 300, 500], 1500), None);
        assert_eq!(found(&[100, 300, 500], 1501), Some((500, None, 5)));
        assert_eq!(found(&[100, 300], 100_000), None, "one interval tells nothing");
        assert_eq!(found(&[], 100_000), None);
    }

    #[test]
    fn every_third_exposure_missing_is_still_a_rhythm() {
        let at: Vec<u64> = (0..30).filter(|n| n % 4 != 3).map(|n| 1000 + 100 * n).collect();
        assert_eq!(found(&at, 4000), Some((1200, Some(1400), 2)));
    }

    #[test]
    fn a_camera_that_shows_every_third_frame_after_eight_good_ones_broke_its_rhythm() {
        let at: Vec<u64> = (0..60).filter(|n| *n < 8 || n % 3 == 0).map(|n| 1000 + 100 * n).collect();
        assert_eq!(found(&at, 6950), Some((1700, Some(1900), 2)));
        // Events that begin with five alike and go on at random have none.
        let events = [0, 100, 200, 300, 400, 500, 760, 1040, 1070, 1340, 1490];
        assert_eq!(found(&events, 1600), None);
    }

    #[test]
    fn nothing_is_said_of_lost_stretches() {
        let lost = Lost::from_spans(vec![LostSpan::new(SampleIndex::new(450), SampleIndex::new(650))]);
        let at: Vec<u64> = (1..=10).filter(|n| !(5..=6).contains(n)).map(|n| 100 * n).collect();
        assert_eq!(broken(edges(&at).into_iter(), &lost, SampleIndex::new(1100)), None);
        let cut = Lost::from_spans(vec![LostSpan::new(SampleIndex::new(1050), SampleIndex::new(1900))]);
        let steady: Vec<u64> = (1..=10).map(|n| 100 * n).collect();
        assert_eq!(broken(edges(&steady).into_iter(), &cut, SampleIndex::new(2100)), None);
    }
}
