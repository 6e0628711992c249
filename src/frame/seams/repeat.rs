//! Samples that were recorded twice: a buffer of the analyzer or of its driver that was handed over again.
//!
//! In such a record, a stretch of *L* samples does exactly what the *L* samples before it did, on every line, and so does
//! nothing before and nothing behind. *L* is a buffer's length, a multiple of 256 samples. A rig does the same again by
//! itself: what is counted is how unlikely it is that its intervals between frames come again in this order by chance.

use num_integer::Integer as _;

use super::{Evidence, Seam};
use crate::frame::Observation;
use crate::signal::{Stretch, Waveform};
use crate::units::{Rounding, SampleIndex};

/// Buffers are multiples of so many samples.
const GRANULE: u64 = 256;
/// So many intervals that the rig does not have by itself must come again.
const IRREGULAR: usize = 2;
/// Such a repeat must be so much less likely than one in all that are tried.
const CERTAIN: u128 = 1000;
/// An edge is compared with so many of the same line behind it.
const REACH: usize = 16;
/// Lines with more edges than this are noise, which says nothing here.
const MOST_EDGES: usize = 200_000;

/// A stretch that is there twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Repeat {
    /// The first edge of the first time.
    from: u64,
    /// Its last edge.
    to: u64,
    /// How far behind it comes again, in samples.
    length: u64,
    /// How many edges come again.
    edges: usize,
    /// The last edge before the second time, and the first behind it.
    around: (u64, u64),
}

/// The first stretch that was recorded twice.
pub(super) fn find(observation: &Observation) -> Option<Seam> {
    let lines: Vec<&Waveform> = observation.lines.iter().map(|line| line.waveform.as_ref()).collect();
    let clock = &observation.cameras.first()?.clock;
    let frames: Vec<u64> = clock.with_extra().iter().map(|edge| edge.at().get()).collect();
    let periods = observation.cameras.iter().filter_map(|camera| camera.clock.period.as_ref());
    let whole = periods.filter_map(|period| u64::try_from(period.to_integer(Rounding::Nearest)?).ok());
    let period = u64::try_from(clock.period.as_ref()?.to_integer(Rounding::Nearest)?).ok()?;
    let repeat = repeated(&lines, &Frames::new(frames)?, &whole.collect::<Vec<_>>())?;
    let sample = SampleIndex::new;
    Some(Seam {
        within: Stretch { from: sample(repeat.around.0), to: sample(repeat.around.1) },
        reach: period,
        blur: 0,
        evidence: Evidence::Repeat { from: sample(repeat.from), length: repeat.length, edges: repeat.edges },
    })
}

/// When frames begin, and what their intervals say.
struct Frames {
    starts: Vec<u64>,
    /// The intervals in order of size.
    intervals: Vec<u64>,
    median: u64,
    /// How many intervals there may be between the shortest and the longest: all are multiples of one length.
    kinds: u64,
}

impl Frames {
    fn new(starts: Vec<u64>) -> Option<Frames> {
        let mut intervals: Vec<u64> = starts.iter().zip(starts.iter().skip(1)).map(|(a, b)| b - a).collect();
        intervals.sort_unstable();
        let (least, most) = (*intervals.first()?, *intervals.last()?);
        let grid = intervals.iter().fold(0, |grid, interval| grid.gcd(interval)).max(1);
        let median = intervals[intervals.len() / 2].max(1);
        Some(Frames { starts, median, kinds: (most - least) / grid + 1, intervals })
    }

    /// How unlikely it is that the intervals of the frames between these samples come again by chance: one in so many. None
    /// where nearly all of them are frame times.
    fn odds(&self, from: u64, to: u64) -> Option<u128> {
        let first = self.starts.partition_point(|start| *start < from);
        let last = self.starts.partition_point(|start| *start <= to);
        let frames = self.starts.get(first..last)?;
        let (mut odds, mut irregular) = (1_u128, 0);
        for interval in frames.iter().zip(frames.iter().skip(1)).map(|(a, b)| b - a) {
            let beats = ((interval + self.median / 2) / self.median).max(1);
            irregular += usize::from(interval.abs_diff(beats.saturating_mul(self.median)) > self.median / 1000);
            odds = odds.saturating_mul(u128::from(self.one_in(interval)));
        }
        (irregular >= IRREGULAR).then_some(odds)
    }

    /// One interval in so many is this one, to the sample that two edges are known to.
    fn one_in(&self, interval: u64) -> u64 {
        let from = self.intervals.partition_point(|other| *other + 1 < interval);
        let to = self.intervals.partition_point(|other| *other <= interval + 1);
        // Itself and its repeat.
        match (to - from).saturating_sub(2) as u64 {
            0 => self.kinds,
            others => self.kinds.min(self.intervals.len() as u64 / (others + 1)).max(1),
        }
    }
}

/// The first stretch that is there twice; `periods` are the frame times of the cameras, in samples. Without any, nothing
/// tells a repeat from what the rig does by itself.
fn repeated(lines: &[&Waveform], frames: &Frames, periods: &[u64]) -> Option<Repeat> {
    let count: usize = lines.iter().map(|waveform| waveform.changes().len()).sum();
    if count > MOST_EDGES || periods.is_empty() {
        return None;
    }
    let mut edges: Vec<(u64, usize)> = (lines.iter().enumerate())
        .flat_map(|(line, waveform)| waveform.changes().iter().map(move |change| (change, line)))
        .collect();
    edges.sort_unstable();
    let tried = edges.len() as u128 * REACH as u128;
    let is_no_chance =
        |repeat: &Repeat| frames.odds(repeat.from, repeat.to).is_some_and(|odds| odds >= tried * CERTAIN);
    let mut buffers: Vec<(usize, usize)> =
        (0..lines.len()).flat_map(|line| as_far_as_a_buffer(&edges, line, periods)).collect();
    buffers.sort_unstable();
    buffers.into_iter().find_map(|places| repeat_of(&edges, places, lines.len()).filter(is_no_chance))
}

/// The edges of a line that are as far from one before them as a buffer is long, with that one, as places.
fn as_far_as_a_buffer(edges: &[(u64, usize)], line: usize, periods: &[u64]) -> Vec<(usize, usize)> {
    let own: Vec<usize> = (0..edges.len()).filter(|&place| edges[place].1 == line).collect();
    let mut found = Vec::new();
    for (place, &first) in own.iter().enumerate() {
        // Each second edge is of the same direction.
        for &again in own[place..].iter().skip(2).step_by(2).take(REACH) {
            if is_a_buffer(edges[again].0 - edges[first].0, periods) {
                found.push((first, again));
            }
        }
    }
    found
}

/// The stretch that begins with the first of these edges and comes again with the second, if it does.
fn repeat_of(edges: &[(u64, usize)], (first, again): (usize, usize), lines: usize) -> Option<Repeat> {
    let from = edges.get(first)?.0;
    let length = edges.get(again)?.0 - from;
    let comes_again = |(a, b): (&(u64, usize), &(u64, usize))| a.0 + length == b.0 && a.1 == b.1;
    let (once, twice) = (edges.get(first..)?, edges.get(again..)?);
    // One more than a repeat can have tells that it is none.
    let run = once.iter().zip(twice).take(again - first + 1).take_while(|pair| comes_again(*pair)).count();
    // Nothing tells whether the first edge of all goes on with what is before it.
    let begins = !comes_again((edges.get(first.checked_sub(1)?)?, edges.get(again - 1)?));
    let around = (edges.get(again - 1)?.0, edges.get(again + run)?.0);
    // All edges of one buffer and none behind it: the run ends where the repeat began, where each line may have jumped.
    let is_one = run <= again - first && again - first - run <= lines;
    let to = once.get(run.checked_sub(1)?)?.0;
    (begins && is_one).then_some(Repeat { from, to, length, edges: run, around })
}

/// Whether so many samples may be a buffer. Where they are a multiple of a frame time, what comes again is the camera's own
/// regularity.
fn is_a_buffer(length: u64, periods: &[u64]) -> bool {
    let is_regular = |period: &u64| {
        let off = length % period.max(&1);
        off.min(period - off) <= period / 50
    };
    length >= GRANULE && length.is_multiple_of(GRANULE) && !periods.iter().any(is_regular)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signal::Level;

    /// FSIN and STROBE of frames that begin there, exposed for 5000 samples.
    fn camera(starts: &[u64]) -> Vec<Vec<u64>> {
        let fsin = starts.iter().flat_map(|at| [*at, at + 100]).collect();
        let strobe = starts.iter().flat_map(|at| [at - 5000, *at]).collect();
        vec![fsin, strobe]
    }

    /// So many frames of 33 334 samples, each late by up to `jitter` samples of this grid.
    fn frames(count: u64, jitter: u64, grid: u64) -> Vec<u64> {
        let mixed = |n: u64| (n + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let late = |n: u64| (mixed(n) ^ (mixed(n) >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 33;
        (0..count).map(|n| 20_000 + n * 33_334 + late(n) % (jitter / grid + 1) * grid).collect()
    }

    /// The same with the samples before `at` recorded twice, so many of them.
    fn with_repeat(lines: &[Vec<u64>], at: u64, length: u64) -> Vec<Vec<u64>> {
        let level = |changes: &[u64], at: u64| changes.partition_point(|change| *change <= at) % 2;
        (lines.iter())
            .map(|changes| {
                let mut twice: Vec<u64> = changes.iter().copied().filter(|change| *change < at).collect();
                // The seam: from the last sample to that of the beginning of the buffer, and from its end on.
                let mut seams = Vec::new();
                if level(changes, at - 1) != level(changes, at - length) {
                    seams.push(at);
                }
                twice.extend(seams);
                twice.extend(
                    changes.iter().filter(|change| (at - length + 1..at).contains(*change)).map(|c| c + length),
                );
                if level(changes, at - 1) != level(changes, at) {
                    twice.push(at + length);
                }
                twice.extend(changes.iter().filter(|change| **change > at).map(|change| change + length));
                twice
            })
            .collect()
    }

    fn found(lines: &[Vec<u64>], period: u64) -> Option<Repeat> {
        let length = SampleIndex::new(10_000_000);
        let starts: Vec<u64> = lines[0].iter().step_by(2).copied().collect();
        let lines: Vec<Waveform> =
            lines.iter().map(|changes| Waveform::new(Level::Low, changes.clone(), length).unwrap()).collect();
        repeated(&lines.iter().collect::<Vec<_>>(), &Frames::new(starts).unwrap(), &[period])
    }

    #[test]
    fn a_buffer_that_comes_twice_is_found() {
        let starts = frames(30, 4000, 1);
        // 163 840 samples hold five frames that come at no regular times.
        let at = starts[11] + 10_000;
        let repeat = found(&with_repeat(&camera(&starts), at, 163_840), 33_334).unwrap();
        let first = starts.iter().find(|start| **start >= at - 163_840).unwrap();
        assert_eq!((repeat.from, repeat.length, repeat.edges), (first - 5000, 163_840, 20));
        assert_eq!(repeat.around, (starts[11] + 100, starts[12] - 5000 + 163_840));
    }

    #[test]
    fn frames_that_come_again_by_themselves_repeat_nothing() {
        for jitter in [0, 2] {
            let starts = frames(50, jitter, 1);
            assert_eq!(found(&camera(&starts), 33_334), None);
            // A steady camera that begins anew, so that its frames come again 9.6 frames later, which is a multiple of 256.
            let anew: Vec<u64> =
                starts.iter().enumerate().map(|(n, at)| if n < 20 { *at } else { at + 12_790 }).collect();
            assert_eq!(found(&camera(&anew), 33_334), None);
        }
        // A frame time that is a multiple of 256 samples, or nearly.
        let stretched: Vec<u64> = (0..50).map(|n| 20_000 + n * 33_536 + n * n % 3).collect();
        assert_eq!(found(&camera(&stretched), 33_536), None);
    }

    #[test]
    fn triggers_on_whole_milliseconds_repeat_nothing() {
        // Of few lengths, each of which comes often.
        assert_eq!(found(&camera(&frames(60, 5000, 1000)), 33_000), None);
        // Two frames 900 · 256 samples apart.
        assert_eq!(found(&camera(&[100_000, 350_123, 350_123 + 230_400, 900_311, 1_200_999]), 250_000), None);
    }
}
