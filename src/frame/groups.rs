//! Several pulses of FSIN a frame: which of them begin one.

use super::anchor::anchored;
use super::clock::ClockContext;
use super::pauses::{Border, EQUAL_INTERVALS, Pauses};
use super::{ClockSource, FrameClock};
use crate::line::middle;
use crate::rig::Alignment;
use crate::signal::{EdgeTime, Lost, Pulse};
use crate::units::{Rational, Rounding, SampleIndex};

/// The pause between groups is told from what lies within them if it is longer than the longest of that by more than this part, and by
/// more samples than [`EQUAL_INTERVALS`] …
const CLEARLY_LONGER: i128 = 8;
/// … and if all but this part of the groups have one such pause.
const ODD_GROUPS: usize = 4;
/// Of intervals that are alike, so many on either side tell how long one is there.
const BESIDE: usize = 4;

/// The frame clocks of a camera by how its exposures sit in the frame: one, unless exposures have to tell which pulse begins a
/// frame.
pub(super) struct Clocks {
    start: FrameClock,
    /// Where it is another one.
    end: Option<FrameClock>,
}

impl Clocks {
    /// Those of the edges of FSIN.
    pub(super) fn of(edges: Vec<EdgeTime>, strobe: &[Pulse], context: ClockContext<'_>) -> Clocks {
        let clock = |edges: Vec<EdgeTime>| FrameClock::from_edges(ClockSource::Fsin, edges, context);
        let per_frame = context.camera.fsin_per_frame.get() as usize;
        if per_frame == 1 {
            return Clocks { start: clock(edges), end: None };
        }
        if let Some(border) = border(&edges, per_frame, context) {
            let (begins, open) = after_pauses(&edges, border, context);
            return Clocks { start: FrameClock::with_open(ClockSource::Fsin, begins, open, context), end: None };
        }
        let begins = |alignment: Alignment| -> Vec<EdgeTime> {
            runs(&edges, context.lost).flat_map(|run| Alike::of(run).begins(strobe, alignment, per_frame)).collect()
        };
        Clocks { start: clock(begins(Alignment::Start)), end: Some(clock(begins(Alignment::End))) }
    }

    /// The clock by an alignment.
    pub(super) fn by(&self, alignment: Alignment) -> &FrameClock {
        self.end.as_ref().filter(|_| alignment == Alignment::End).unwrap_or(&self.start)
    }

    /// The clock by the alignment that was found; where none was, exposures are taken to follow FSIN.
    pub(super) fn found(self, alignment: Option<Alignment>) -> FrameClock {
        self.end.filter(|_| alignment == Some(Alignment::End)).unwrap_or(self.start)
    }
}

/// The stretches of edges without a loss.
fn runs<'a>(edges: &'a [EdgeTime], lost: &Lost) -> impl Iterator<Item = &'a [EdgeTime]> {
    edges.chunk_by(|a, b| lost.spares(a.at(), b.at()))
}

fn intervals(run: &[EdgeTime]) -> Vec<i128> {
    run.windows(2).map(|two| (two[1].at() - two[0].at()).get()).collect()
}

/// What tells the pauses between groups from what lies within them; `None` if all intervals are alike.
fn border(edges: &[EdgeTime], per_frame: usize, context: ClockContext<'_>) -> Option<Border> {
    let runs: Vec<Vec<i128>> = runs(edges, context.lost).map(intervals).collect();
    let (mut longest, mut seconds) = (Vec::new(), Vec::new());
    let (mut groups, mut pauses) = (0, 0);
    for run in &runs {
        for window in run.windows(per_frame) {
            let mut window = window.to_vec();
            window.sort_unstable();
            longest.extend(window.pop());
            seconds.extend(window.pop());
        }
        groups += run.len().saturating_sub(per_frame - 1);
        pauses += (0..run.len()).filter(|&place| is_longest(run, place, per_frame)).count();
    }
    let (pause, within) = (middle(longest)?, middle(seconds)?);
    let slack = context.slack().times(4).to_integer(Rounding::Up)?;
    let equal = EQUAL_INTERVALS + slack;
    let is_clear = pause - within > equal && (pause - within) * CLEARLY_LONGER > within;
    let is_regular = pauses * per_frame * ODD_GROUPS >= groups * (ODD_GROUPS - 1);
    (is_clear && is_regular).then_some(Border { per_frame, equal, usual: (pause + within) / 2 })
}

/// Whether no interval that a group of so many could hold beside it is longer.
fn is_longest(run: &[i128], place: usize, per_frame: usize) -> bool {
    let beside = place.saturating_sub(per_frame - 1)..(place + per_frame).min(run.len());
    beside.filter(|&other| other != place).all(|other| run[other] <= run[place])
}

/// The edges that begin frames: those behind a pause, and the first one of a stretch whose group is whole, or silence before it as
/// long as a pause. Then those of which this is open, since their group lacks pulses or has too many, and may be cut.
fn after_pauses(edges: &[EdgeTime], border: Border, context: ClockContext<'_>) -> (Vec<EdgeTime>, Vec<EdgeTime>) {
    let found: Vec<(&[EdgeTime], Pauses)> =
        runs(edges, context.lost).map(|run| (run, Pauses::of(&intervals(run), border))).collect();
    let longest = found
        .iter()
        .flat_map(|(run, pauses)| pauses.places.iter().map(|&place| (run[place + 1].at() - run[place].at()).get()));
    let longest = longest.max().unwrap_or(border.usual);
    let (mut begins, mut open) = (Vec::new(), Vec::new());
    for (run, pauses) in &found {
        let Some(&first) = run.first() else { continue };
        let pulses = pauses.places.first().map_or(run.len(), |place| place + 1);
        let is_behind_pause = silence_before(first, context) > pauses.least.unwrap_or(longest);
        let to = if pulses == border.per_frame || is_behind_pause { &mut begins } else { &mut open };
        to.push(first);
        begins.extend(pauses.places.iter().map(|place| run[place + 1]));
    }
    (begins, open)
}

/// How many samples before the first edge of a stretch surely show none.
fn silence_before(first: EdgeTime, context: ClockContext<'_>) -> i128 {
    let lost = context.lost.spans().iter().take_while(|span| span.to <= first.at()).last();
    let from = lost.map_or(SampleIndex::default(), |span| span.to);
    (first.at() - from).get() - context.recorded().rim()
}

/// Edges at intervals that are alike, without a loss between them, counted by time: one that is missing shifts none.
struct Alike<'a> {
    edges: &'a [EdgeTime],
    /// The number of each; two that come within half an interval have the same.
    numbers: Vec<i128>,
    /// How long an interval is behind each edge but the last.
    usual: Vec<i128>,
}

impl<'a> Alike<'a> {
    fn of(edges: &'a [EdgeTime]) -> Alike<'a> {
        let lengths = intervals(edges);
        let beside = |place: usize| place.saturating_sub(BESIDE)..(place + BESIDE + 1).min(lengths.len());
        let usual = |place: usize| middle(lengths[beside(place)].iter().copied()).unwrap_or(1).max(1);
        let usual = (0..lengths.len()).map(usual).collect();
        let mut alike = Alike { edges, numbers: Vec::with_capacity(edges.len()), usual };
        for place in 0..edges.len() {
            let number = place.checked_sub(1).map_or(0, |before| {
                alike.numbers[before] + alike.intervals(before, lengths[before], Rounding::Nearest)
            });
            alike.numbers.push(number);
        }
        alike
    }

    /// How long an interval is behind this edge.
    fn usual(&self, place: usize) -> i128 {
        self.usual.get(place).or(self.usual.last()).copied().unwrap_or(1)
    }

    /// How many intervals so many samples behind this edge are.
    fn intervals(&self, place: usize, samples: i128, rounding: Rounding) -> i128 {
        let ratio = Rational::integer(samples).checked_div(&Rational::integer(self.usual(place)));
        ratio.and_then(|ratio| ratio.to_integer(rounding)).unwrap_or(0)
    }

    /// The edges that begin frames of so many: those to which exposures lie nearest.
    fn begins(&self, strobe: &[Pulse], alignment: Alignment, per_frame: usize) -> Vec<EdgeTime> {
        let per_frame = per_frame as i128;
        let Some((first, last)) = self.edges.first().zip(self.edges.last()) else { return Vec::new() };
        let frame = |place: usize| self.usual(place) * per_frame;
        let (from, to) = (first.after() - frame(0), last.until() + frame(self.edges.len() - 1));
        // How many exposures belong to an edge of each number, modulo the edges of a frame.
        let mut belonging = vec![0_i128; usize::try_from(per_frame).unwrap_or(1)];
        for pulse in strobe {
            let Some(edge) = anchored(pulse, alignment).edge().filter(|edge| from < edge.after() && edge.until() < to)
            else {
                continue;
            };
            let number = self.number_at(edge, alignment).rem_euclid(per_frame);
            belonging[usize::try_from(number).unwrap_or(0)] += 1;
        }
        let apart = |phase: i128| {
            let distance = |number: i128| match alignment {
                Alignment::End | Alignment::Middle => {
                    (number - phase).rem_euclid(per_frame).min((phase - number).rem_euclid(per_frame))
                }
                Alignment::Start => (number - phase).rem_euclid(per_frame),
            };
            (0..).zip(&belonging).map(|(number, count)| distance(number) * count).sum::<i128>()
        };
        let phase = (0..per_frame).min_by_key(|&phase| apart(phase)).unwrap_or(0);
        let mut begins: Vec<EdgeTime> = Vec::new();
        let mut before = None;
        for (edge, number) in self.edges.iter().zip(&self.numbers) {
            if number.rem_euclid(per_frame) == phase && before.replace(*number) != Some(*number) {
                begins.push(*edge);
            }
        }
        begins
    }

    /// The number of the edge that an edge of STROBE belongs to: the nearest one, or the last one before it.
    fn number_at(&self, edge: EdgeTime, alignment: Alignment) -> i128 {
        let rounding = match alignment {
            Alignment::End | Alignment::Middle => Rounding::Nearest,
            Alignment::Start => Rounding::Down,
        };
        let before = self.edges.partition_point(|fsin| fsin.after() < edge.until()).saturating_sub(1);
        self.numbers[before] + self.intervals(before, edge.until() - self.edges[before].until(), rounding)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rig::Rig;
    use crate::signal::{Limb, LostSpan};
    use crate::units::SampleRate;
    use std::num::NonZeroU32;

    fn edge(at: u64) -> EdgeTime {
        EdgeTime::sharp(SampleIndex::new(at))
    }

    /// Where frames of so many pulses begin by each alignment, end first.
    fn begins(per_frame: u32, fsin: &[u64], exposures: &[(u64, u64)], lost: Vec<LostSpan>) -> [Vec<u64>; 2] {
        let mut rig = Rig::default();
        rig.cameras[0].fsin_per_frame = NonZeroU32::new(per_frame).unwrap();
        let (rate, lost) = (SampleRate::parse("1 MHz").unwrap(), Lost::from_spans(lost));
        let length = SampleIndex::new(100_000);
        let context = ClockContext { rig: &rig, camera: &rig.cameras[0], lines: &[], rate: &rate, lost: &lost, length };
        let pulse = |&(from, to): &(u64, u64)| Pulse { start: Limb::Edge(edge(from)), end: Limb::Edge(edge(to)) };
        let strobe: Vec<Pulse> = exposures.iter().map(pulse).collect();
        let clocks = Clocks::of(fsin.iter().map(|&at| edge(at)).collect(), &strobe, context);
        let of = |alignment| clocks.by(alignment).edges.iter().map(|frame| frame.edge.at().get()).collect();
        [of(Alignment::End), of(Alignment::Start)]
    }

    /// Three pulses a frame of 1000 samples, from these samples on.
    fn bunches(from: impl IntoIterator<Item = u64>) -> Vec<u64> {
        from.into_iter().flat_map(|at| [at, at + 100, at + 250]).collect()
    }

    #[test]
    fn frames_begin_behind_the_longest_of_their_intervals() {
        let frames: Vec<u64> = (1..9).map(|n| 1000 * n).collect();
        let both = |frames: Vec<u64>| [frames.clone(), frames];
        // The first group is whole, or its first pulse is not recorded.
        assert_eq!(begins(3, &bunches(frames.clone()), &[], vec![]), both(frames.clone()));
        let early: Vec<u64> = (0..8).map(|n| 100 + 1000 * n).collect();
        assert_eq!(begins(3, &bunches(early.clone())[1..], &[], vec![]), both(early[1..].to_vec()));
        // One within a group is missing.
        let mut without = bunches(frames.clone());
        without.retain(|at| *at != 4100);
        assert_eq!(begins(3, &without, &[], vec![]), both(frames.clone()));
        // Behind a loss a frame begins with a group that is whole, and not within one.
        let lost = LostSpan::new(SampleIndex::new(3500), SampleIndex::new(4050));
        let mut cut = bunches(frames.clone());
        cut.retain(|at| *at != 4000);
        let but_fourth = frames.iter().copied().filter(|at| *at != 4000).collect();
        assert_eq!(begins(3, &cut, &[], vec![lost]), both(but_fourth));
    }

    #[test]
    fn a_group_alone_between_losses_begins_a_frame_if_it_is_whole() {
        let lost = || vec![LostSpan::new(SampleIndex::new(5500), SampleIndex::new(5900))];
        let frames: Vec<u64> = (1..7).map(|n| 1000 * n).collect();
        let but_last = frames[..5].to_vec();
        let both = |frames: Vec<u64>| [frames.clone(), frames];
        assert_eq!(begins(3, &bunches(frames.clone()), &[], lost()), both(frames.clone()));
        // Without its last pulse it may be the end of a group that began in the loss.
        let all = bunches(frames.clone());
        assert_eq!(begins(3, &all[..all.len() - 1], &[], lost()), both(but_last.clone()));
        // Silence before it of more than a pause of 750 says that it is not: at 750, and one sample longer.
        let lost = |to: u64| vec![LostSpan::new(SampleIndex::new(5200), SampleIndex::new(to))];
        let cut: Vec<u64> = all[..all.len() - 1].iter().copied().filter(|at| *at != 5250).collect();
        assert_eq!(begins(3, &cut, &[], lost(5250)), both(but_last));
        assert_eq!(begins(3, &cut, &[], lost(5249)), both(frames));
    }

    #[test]
    fn the_first_group_begins_a_frame_behind_silence_though_it_lacks_a_pulse() {
        // The second one is missing. Between 150 and 750 lies 450.
        let first = |at: u64| -> Vec<u64> {
            let mut fsin = bunches((0..8).map(|n| at + 1000 * n));
            fsin.remove(1);
            let [_, begins] = begins(3, &fsin, &[], vec![]);
            begins[..2].to_vec()
        };
        assert_eq!(first(451), [451, 1451]);
        assert_eq!(first(450), [1450, 2450]);
    }

    #[test]
    fn of_pulses_that_are_alike_the_rate_may_change() {
        // Twelve frames of 1000, then eight of 1510: two pulses each, and an exposure 50 behind the first.
        let starts: Vec<u64> = (0..12).map(|n| 500 + 1000 * n).chain((0..8).map(|n| 12_500 + 1510 * n)).collect();
        let fsin: Vec<u64> = starts.iter().flat_map(|&at| [at, at + if at < 12_500 { 500 } else { 755 }]).collect();
        let exposures: Vec<(u64, u64)> = starts.iter().map(|at| (at + 50, at + 250)).collect();
        let [_, start] = begins(2, &fsin, &exposures, vec![]);
        assert_eq!(start, starts);
    }

    #[test]
    fn a_pause_is_longer_by_more_than_an_eighth_and_two_samples() {
        // 110 and 100 are alike: exposures tell. 115 and 100 are not.
        let turns = |pause: u64| (0..10).flat_map(move |n| [(100 + pause) * n + 50, (100 + pause) * n + 150]);
        let exposures: Vec<(u64, u64)> = (0..10).map(|n| (210 * n + 155, 210 * n + 180)).collect();
        let [_, start] = begins(2, &turns(110).collect::<Vec<_>>(), &exposures, vec![]);
        assert_eq!(start[..3], [150, 360, 570]);
        let [_, start] = begins(2, &turns(115).collect::<Vec<_>>(), &exposures, vec![]);
        assert_eq!(start[..3], [50, 265, 480]);
    }

    #[test]
    fn of_pulses_that_are_alike_exposures_tell_which_begins_a_frame() {
        let fsin: Vec<u64> = (1..31).map(|n| 100 * n).collect();
        // They start 20 after the pulses at 200, 500, 800 ..., and end 10 before those at 300, 600, 900 ...
        let exposures: Vec<(u64, u64)> = (0..10).map(|n| (300 * n + 220, 300 * n + 290)).collect();
        let from = |first: u64| (0..10).map(|n| first + 300 * n).collect::<Vec<u64>>();
        assert_eq!(begins(3, &fsin, &exposures, vec![]), [from(300), from(200)]);
        // One that is missing shifts none, and one that is too many neither.
        let mut without = fsin.clone();
        without.retain(|at| *at != 1300);
        let mut with = fsin.clone();
        with.insert(13, 1310);
        assert_eq!(begins(3, &without, &exposures, vec![]), [from(300), from(200)]);
        assert_eq!(begins(3, &with, &exposures, vec![]), [from(300), from(200)]);
        // Without exposures, the first one begins one.
        assert_eq!(begins(3, &fsin, &[], vec![]), [from(100), from(100)]);
    }
}
