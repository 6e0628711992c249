//! Where a log lies on a capture: which of its stamps belongs to which exposure.
//!
//! Every place at which one of the first stamps meets an exposure, or one of the first exposures a stamp, is tried. The
//! right one is where the intervals agree; among places where they agree equally well, as of a camera that keeps its
//! frame time exactly, it is where the reported exposure times agree, or else where most stamps meet an exposure.

use std::collections::BTreeSet;

use super::sums::median;
use super::telling::Steps;
use super::track::{Pair, Series, Tracked};

/// What says that a log lies where it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// Its intervals: nowhere else do they agree, and there by more than chance.
    Intervals,
    /// Its exposure times, among places where the intervals agree; cameras may report them a few frames late.
    Exposures,
    /// Nowhere else do as many of its frames meet an exposure: log and capture are taken to cover the same time.
    Overlap,
    /// It fits equally well at so many places: which frame is which cannot be told.
    Ambiguous {
        /// The number of places.
        places: u64,
    },
}

/// Where a log lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placement {
    /// Shots and the stamps that belong to them, by their places, in order of time.
    pub pairs: Vec<(usize, usize)>,
    /// What says so.
    pub basis: Basis,
    /// The least and the most exposures that the log lacks at the places where it may lie: none of the least are of late stamps.
    pub missing_between: (u64, u64),
    /// The most exposures that come after its last stamp at one of these places.
    pub behind_end: u64,
    pub(super) spread: i128,
}

/// So many of the first shots and stamps are tried against all of the others.
const MOST_ANCHORS: usize = 8;
/// So many pairs are tried at once at most.
const MOST_TRIED: usize = 1 << 20;
/// So many pairs in each direction tell roughly how good a place is.
const PROBED: usize = 16;
/// So many steps are spent on the places that are looked at closely.
const MOST_STEPS: usize = 1 << 27;
/// Exposure times may be reported so many frames late.
const MOST_LATE: usize = 3;
/// A place needs as many pairs as this before its intervals say anything.
const TELLING: usize = 16;

/// A place that was looked at closely.
struct Candidate {
    anchor: Pair,
    pairs: usize,
    spread: i128,
    missing: u64,
    /// So many of them no late stamp can belong to.
    surely: u64,
    behind_end: u64,
    /// The median difference of reported and measured exposure times.
    exposure: Option<i128>,
    /// The least of it when exposure times may be reported some frames late.
    exposure_late: Option<i128>,
    /// The pair in the middle: it tells places apart.
    key: Pair,
}

/// Finds the place. `floor` is what differences mean nothing below; `exposure` is how far the reported exposure time of
/// a pair is from the measured one. None where the log fits nowhere.
pub(super) fn place(series: Series<'_>, floor: i128, exposure: &dyn Fn(Pair) -> Option<i128>) -> Option<Placement> {
    let candidates = candidates(series, floor, exposure);
    let most = candidates.iter().map(|candidate| candidate.pairs).max()?;
    // Of few, the place where all meet is not told by that alone: the log may be shifted.
    let fewest = TELLING.min(most.div_ceil(2));
    let telling: Vec<&Candidate> = candidates.iter().filter(|c| c.pairs >= fewest).collect();
    let agreeing = nearest(&telling, floor, |candidate| Some(candidate.spread));
    let by_exposure = nearest(&agreeing, floor, |candidate| candidate.exposure_late);
    let fullest = by_exposure.iter().map(|candidate| candidate.pairs).max()?;
    let full: Vec<&Candidate> = by_exposure.iter().copied().filter(|candidate| candidate.pairs == fullest).collect();
    // A camera that reports late would be moved by as many frames: only where nothing else tells, it is taken to be punctual.
    let best = nearest(&full, floor, |candidate| candidate.exposure);
    let chosen = best.iter().min_by_key(|c| (c.key.0.abs_diff(c.key.1), c.anchor))?;
    let tracked = series.follow(chosen.anchor, usize::MAX);
    let is_fullest = telling.iter().all(|c| c.pairs < chosen.pairs || c.key == chosen.key);
    let (basis, possible) = match (distinct(&agreeing), distinct(&by_exposure), distinct(&full), distinct(&best)) {
        (1, ..) if series.is_told(&tracked, floor) => (Basis::Intervals, &best),
        (1, ..) if is_fullest => (Basis::Overlap, &best),
        // Of so few frames the intervals agree somewhere by chance.
        (1, ..) => (Basis::Ambiguous { places: distinct(&telling) }, &telling),
        (_, 1, ..) => (Basis::Exposures, &best),
        (_, _, 1, _) => (Basis::Overlap, &best),
        (_, _, _, 1) => (Basis::Exposures, &best),
        (_, _, _, places) => (Basis::Ambiguous { places }, &best),
    };
    let missing = || possible.iter().map(|candidate| candidate.missing);
    is_plausible(&tracked).then_some(Placement {
        missing_between: (possible.iter().map(|candidate| candidate.surely).min()?, missing().max()?),
        behind_end: possible.iter().map(|candidate| candidate.behind_end).max()?,
        pairs: tracked.pairs,
        spread: tracked.spread,
        basis,
    })
}

/// Those that are as good as the best of them by this measure, within what means anything; all where it says nothing.
fn nearest<'c>(
    candidates: &[&'c Candidate],
    floor: i128,
    measure: impl Fn(&Candidate) -> Option<i128>,
) -> Vec<&'c Candidate> {
    let Some(least) = candidates.iter().filter_map(|candidate| measure(candidate)).min() else {
        return candidates.to_vec();
    };
    let most = least.saturating_mul(2).saturating_add(floor);
    candidates.iter().copied().filter(|candidate| measure(candidate).is_some_and(|value| value <= most)).collect()
}

impl Series<'_> {
    /// The least that a log lacks, wherever its stamps are late: as many as it has fewer stamps than there are shots. A stamp that
    /// meets no shot may be the late one of a shot that meets none. Before the first pair and behind the last, one that lies more than
    /// three quarters of a frame outside belongs to a frame beyond the record.
    pub(super) fn surely_lacking(&self, pairs: &[Pair]) -> u64 {
        let (Some(&first), Some(&last)) = (pairs.first(), pairs.last()) else { return 0 };
        let out = self.reach.saturating_mul(3);
        let (earliest, latest) =
            (self.shots[0] - self.shots[first.0], self.shots[self.shots.len() - 1] - self.shots[last.0]);
        let early = self.stamps[..first.1]
            .iter()
            .filter(|stamp| **stamp - self.stamps[first.1] >= earliest.saturating_sub(out));
        let late = self.stamps[last.1 + 1..]
            .iter()
            .filter(|stamp| **stamp - self.stamps[last.1] <= latest.saturating_add(out));
        let unmet = early.count() + late.count() + (last.1 - first.1 + 1) - pairs.len();
        let lacking = lacking(pairs, self.shots.len(), self.stamps.len()).count();
        lacking.saturating_sub(unmet) as u64
    }

    /// Whether the intervals of a place agree by more than chance.
    fn is_told(&self, tracked: &Tracked, floor: i128) -> bool {
        let steps = |two: &[Pair]| {
            let ((shot, stamp), next) = (two[0], two[1]);
            let is_next = next == (shot + 1, stamp + 1);
            is_next.then(|| (self.shots[next.0] - self.shots[shot], self.stamps[next.1] - self.stamps[stamp]))
        };
        let mut both: Vec<Option<(i128, i128)>> = tracked.pairs.windows(2).map(steps).collect();
        let differences = both.iter().flatten().map(|(shot, stamp)| stamp - shot);
        // What the clocks differ by.
        let Some(apart) = median(differences.collect()) else { return false };
        both.iter_mut().flatten().for_each(|(shot, _)| *shot += apart);
        let log = self.stamps.windows(2).map(|two| two[1] - two[0]).collect();
        let tolerance = tracked.spread.saturating_mul(2).saturating_add(floor);
        // By up to three instants of the exposure.
        let tried = 4 * (self.shots.len() + self.stamps.len());
        Steps { both: &both, log, tolerance, tried }.are_told()
    }
}

fn distinct(candidates: &[&Candidate]) -> u64 {
    candidates.iter().map(|candidate| candidate.key).collect::<BTreeSet<Pair>>().len() as u64
}

/// At least two pairs, and at least half of what lies between the first and the last of them.
fn is_plausible(tracked: &Tracked) -> bool {
    let (Some(first), Some(last)) = (tracked.pairs.first(), tracked.pairs.last()) else { return false };
    let fewest = (last.0 - first.0 + 1).min(last.1 - first.1 + 1);
    tracked.pairs.len() >= 2 && 2 * tracked.pairs.len() >= fewest
}

/// The places that are worth a close look.
fn candidates(series: Series<'_>, floor: i128, exposure: &dyn Fn(Pair) -> Option<i128>) -> Vec<Candidate> {
    let probe = |anchor: Pair| {
        let tracked = series.follow(anchor, PROBED);
        (anchor, tracked.pairs.len(), tracked.spread)
    };
    let probed: Vec<(Pair, usize, i128)> = anchors(series).map(probe).collect();
    let most = probed.iter().map(|(_, pairs, _)| *pairs).max().unwrap_or(0);
    // Places with few pairs at a rim cannot be told by them; where all have few, all are looked at.
    let full = probed.iter().filter(|(_, pairs, _)| *pairs >= TELLING.min(most));
    let least = full.map(|(_, _, spread)| *spread).min().unwrap_or(0);
    let reach = least.saturating_mul(4).saturating_add(floor.saturating_mul(2));
    let mut likely: Vec<(usize, Pair)> = (probed.iter())
        .filter(|(_, pairs, spread)| *pairs >= 2 && *spread <= reach)
        .map(|(anchor, ..)| (overlap(series, *anchor), *anchor))
        .collect();
    likely.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    likely.truncate((MOST_STEPS / (series.shots.len() + series.stamps.len())).max(16));
    let mut seen: BTreeSet<Pair> = BTreeSet::new();
    let mut candidates = Vec::new();
    for (_, anchor) in likely {
        // Whoever meets a pair that was met before goes the same way from there.
        if seen.contains(&anchor) {
            continue;
        }
        let tracked = series.follow(anchor, usize::MAX);
        seen.extend(tracked.pairs.iter().filter(|pair| pair.0 < MOST_ANCHORS || pair.1 < MOST_ANCHORS));
        let reported = |late: usize| {
            let earlier = tracked.pairs.iter().filter_map(|&(shot, stamp)| Some((shot.checked_sub(late)?, stamp)));
            let differences: Vec<i128> = earlier.filter_map(exposure).collect();
            let tells = 2 * differences.len() >= tracked.pairs.len();
            median(differences).filter(|_| tells)
        };
        candidates.push(Candidate {
            anchor,
            pairs: tracked.pairs.len(),
            spread: tracked.spread,
            missing: lacking(&tracked.pairs, series.shots.len(), series.stamps.len()).count() as u64,
            surely: series.surely_lacking(&tracked.pairs),
            behind_end: behind_end(&tracked.pairs, series.shots.len(), series.stamps.len()),
            exposure: reported(0),
            exposure_late: (0..=MOST_LATE).filter_map(reported).min(),
            key: middle(&tracked.pairs, series.shots.len()),
        });
    }
    candidates
}

/// The shots that the log should hold and does not: those between its pairs, and those before the first (after the last)
/// pair where the log begins before (ends after) that.
pub(super) fn lacking(pairs: &[Pair], shots: usize, stamps: usize) -> impl Iterator<Item = usize> {
    let from = pairs.first().map_or(0, |&(shot, stamp)| if stamp > 0 { 0 } else { shot });
    let to = pairs.last().map_or(0, |&(shot, stamp)| if stamp + 1 < stamps { shots } else { shot + 1 });
    let mut paired = pairs.iter().map(|pair| pair.0).peekable();
    (from..to).filter(move |shot| paired.next_if_eq(shot).is_none())
}

/// How many shots come after the last stamp.
fn behind_end(pairs: &[Pair], shots: usize, stamps: usize) -> u64 {
    let last = pairs.last().filter(|(_, stamp)| stamp + 1 == stamps);
    last.map_or(0, |(shot, _)| (shots - 1 - shot) as u64)
}

/// The first pair in the second half of the capture, or else the last one.
fn middle(pairs: &[Pair], shots: usize) -> Pair {
    let place = pairs.partition_point(|pair| pair.0 < shots / 2).min(pairs.len().saturating_sub(1));
    pairs.get(place).copied().unwrap_or_default()
}

fn anchors(series: Series<'_>) -> impl Iterator<Item = Pair> {
    let (shots, stamps) = (series.shots.len(), series.stamps.len());
    let deep = (MOST_TRIED / (shots + stamps).max(1)).clamp(1, MOST_ANCHORS);
    let along_shots = (0..deep.min(stamps)).flat_map(move |stamp| (0..shots).map(move |shot| (shot, stamp)));
    let along_stamps = (0..deep.min(shots)).flat_map(move |shot| (deep..stamps).map(move |stamp| (shot, stamp)));
    along_shots.chain(along_stamps)
}

/// How many shots and stamps can meet at most when these two do.
fn overlap(series: Series<'_>, (shot, stamp): Pair) -> usize {
    let offset = series.stamps[stamp] - series.shots[shot];
    let within = |values: &[i128], from: i128, to: i128| {
        let first = values.partition_point(|value| *value < from.saturating_sub(series.reach));
        values.partition_point(|value| *value <= to.saturating_add(series.reach)) - first
    };
    let ends = |values: &[i128]| (values[0], values[values.len() - 1]);
    let (shots, stamps) = (ends(series.shots), ends(series.stamps));
    within(series.stamps, shots.0 + offset, shots.1 + offset).min(within(
        series.shots,
        stamps.0 - offset,
        stamps.1 - offset,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRAME: i128 = 33_000;

    /// A number from 0 to `below` − 1 that looks random and is always the same.
    fn scatter(seed: i128, below: i128) -> i128 {
        let mixed = (seed as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        i128::from((mixed ^ (mixed >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 33) % below
    }

    fn placed(shots: &[i128], stamps: &[i128]) -> Option<Placement> {
        place(Series { shots, stamps, reach: FRAME / 4 }, 4, &|_| None)
    }

    #[test]
    fn intervals_that_vary_show_the_one_place() {
        let at = |n: i128| FRAME * n + scatter(n, 500);
        let shots: Vec<i128> = (40..140).map(at).collect();
        // The log begins before the capture and ends after it, and lacks frames 50 and 90.
        let stamps: Vec<i128> = (0..200).filter(|n| *n != 50 && *n != 90).map(|n| 9_000_000 + at(n)).collect();
        let found = placed(&shots, &stamps).unwrap();
        assert_eq!((found.basis, found.missing_between), (Basis::Intervals, (2, 2)));
        assert_eq!(found.pairs[0], (0, 40));
        let lacks: Vec<usize> = lacking(&found.pairs, shots.len(), stamps.len()).collect();
        assert_eq!(lacks, [10, 50]);
    }

    #[test]
    fn equal_intervals_are_placed_where_most_meet_or_nowhere_alone() {
        let shots: Vec<i128> = (0..100).map(|n| FRAME * n).collect();
        let log =
            |frames: &dyn Fn(&i128) -> bool| -> Vec<i128> { (0..100).filter(frames).map(|n| 5 + FRAME * n).collect() };
        let inside = placed(&shots, &log(&|n| ![17, 42, 43].contains(n))).unwrap();
        assert_eq!((inside.basis, inside.pairs.len()), (Basis::Overlap, 97));
        assert_eq!(lacking(&inside.pairs, 100, 97).collect::<Vec<_>>(), [17, 42, 43]);
        // Without its first frame it fits at two places, and lacks one frame at both.
        let shorter = placed(&shots, &log(&|n| ![0, 42].contains(n))).unwrap();
        assert_eq!((shorter.basis, shorter.missing_between), (Basis::Ambiguous { places: 2 }, (1, 1)));
    }

    #[test]
    fn exposures_tell_equal_intervals_apart() {
        let shots: Vec<i128> = (0..100).map(|n| FRAME * n).collect();
        let stamps: Vec<i128> = (30..60).map(|n| FRAME * n).collect();
        let series = Series { shots: &shots, stamps: &stamps, reach: FRAME / 4 };
        let exposure = |frame: usize| scatter(frame as i128, 9000);
        let found = place(series, 4, &|(shot, stamp)| Some((exposure(shot) - exposure(stamp + 30)).abs())).unwrap();
        assert_eq!((found.basis, found.pairs[0]), (Basis::Exposures, (30, 0)));
    }

    #[test]
    fn exposures_that_are_reported_late_do_not_move_the_log() {
        let shots: Vec<i128> = (0..100).map(|n| FRAME * n).collect();
        let exposure = |frame: usize| scatter(frame as i128, 9000);
        for late in 0..=3 {
            let series = Series { shots: &shots, stamps: &shots, reach: FRAME / 4 };
            let report = |(shot, stamp): Pair| Some((exposure(shot) - exposure(stamp.checked_sub(late)?)).abs());
            let found = place(series, 4, &report).unwrap();
            assert_eq!((found.basis, found.pairs[0]), (Basis::Overlap, (0, 0)), "{late} frames late");
        }
    }

    #[test]
    fn a_log_of_other_intervals_fits_nowhere() {
        let shots: Vec<i128> = (0..50).map(|n| FRAME * n).collect();
        // Milliseconds taken for microseconds.
        let stamps: Vec<i128> = (0..50).map(|n| FRAME * n / 1000).collect();
        assert_eq!(placed(&shots, &stamps), None);
        assert_eq!(placed(&shots, &[7]), None);
    }
}
