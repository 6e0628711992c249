//! Samples that were recorded twice: a buffer of the analyzer or of its driver that was handed over again.
//!
//! In such a record, a stretch of *L* samples does exactly what the *L* samples before it did, on every line, and so does
//! nothing before and nothing behind: the camera's own regularity goes on, this does not. *L* is a buffer's length, a
//! multiple of 256 samples, and no multiple of the frame time.

use super::scene::Scene;
use crate::signal::Waveform;
use crate::units::Rounding;

/// A stretch that is there twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Repeat {
    /// The first edge of the first time.
    from: u64,
    /// How far behind it comes again, in samples.
    length: u64,
    /// How many edges come again.
    edges: usize,
}

/// Buffers are multiples of so many samples.
const GRANULE: u64 = 256;
/// So many edges come again by chance; more do not, to the sample.
const CHANCE: usize = 5;
/// An edge is compared with so many of the same line behind it.
const REACH: usize = 16;
/// Lines with more edges than this are noise, which says nothing here.
const MOST_EDGES: usize = 200_000;

/// A stretch of the record that is there twice.
pub(super) struct Twice {
    /// What shows it, in a sentence.
    pub(super) evidence: String,
    /// Where it is first, and where again.
    pub(super) at: [u64; 2],
}

/// The first stretch that was recorded twice.
pub(super) fn find(scene: &Scene<'_>) -> Option<Twice> {
    let lines: Vec<&Waveform> = scene.observation.lines.iter().map(|line| line.waveform.as_ref()).collect();
    let periods = scene.observation.cameras.iter().filter_map(|camera| camera.clock.period.as_ref());
    let whole = periods.filter_map(|period| u64::try_from(period.to_integer(Rounding::Nearest)?).ok());
    let repeat = repeated(&lines, &whole.collect::<Vec<_>>())?;
    let lines = if lines.len() == 1 { "the line".to_owned() } else { format!("{} lines", lines.len()) };
    let evidence = format!(
        "from {} on, {} edges on {lines} come again exactly {} samples ({}) later, and those around them do not",
        scene.when(repeat.from),
        repeat.edges,
        repeat.length,
        scene.time(repeat.length as f64),
    );
    Some(Twice { evidence, at: [repeat.from, repeat.from + repeat.length] })
}

/// The first stretch that is there twice; `periods` are the frame times of the cameras, in samples. Without any, nothing
/// tells a repeat from what the rig does by itself.
fn repeated(lines: &[&Waveform], periods: &[u64]) -> Option<Repeat> {
    let count: usize = lines.iter().map(|waveform| waveform.changes().len()).sum();
    if count > MOST_EDGES || periods.is_empty() {
        return None;
    }
    let mut edges: Vec<(u64, usize)> = (lines.iter().enumerate())
        .flat_map(|(line, waveform)| waveform.changes().iter().map(move |change| (*change, line)))
        .collect();
    edges.sort_unstable();
    (1..edges.len()).find_map(|first| repeat_from(&edges, first, lines.len(), periods))
}

/// The stretch that begins with this edge and is there twice, if it is.
fn repeat_from(edges: &[(u64, usize)], first: usize, lines: usize, periods: &[u64]) -> Option<Repeat> {
    let (at, line) = *edges.get(first)?;
    let later = edges.iter().enumerate().skip(first + 1).filter(|(_, (_, other))| *other == line);
    // Of one line, each second edge is of the same direction.
    later.skip(1).step_by(2).take(REACH).find_map(|(again, (later, _))| {
        let length = later - at;
        if !is_a_buffer(length, periods) {
            return None;
        }
        let comes_again = |(a, b): (&(u64, usize), &(u64, usize))| a.0 + length == b.0 && a.1 == b.1;
        let (once, twice) = (edges.get(first..)?, edges.get(again..)?);
        // One more than a repeat can have tells that it is none.
        let run = once.iter().zip(twice).take(again - first + 1).take_while(|pair| comes_again(*pair)).count();
        let begins = !comes_again((edges.get(first - 1)?, edges.get(again - 1)?));
        let ends = twice.len() > run;
        // All edges of one buffer and none behind it: the run ends where the repeat began, where each line may have jumped.
        let is_one = run <= again - first && again - first - run <= lines;
        (run > CHANCE && begins && ends && is_one).then_some(Repeat { from: at, length, edges: run })
    })
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
    use crate::units::SampleIndex;

    /// FSIN and STROBE of so many frames of 33 334 samples, exposed for 5000 samples.
    fn camera(frames: u64, jitter: bool) -> Vec<Vec<u64>> {
        let boundary = |n: u64| 20_000 + n * 33_334 + if jitter { n * n % 3 } else { 0 };
        let fsin = (0..frames).flat_map(|n| [boundary(n), boundary(n) + 100]).collect();
        let strobe = (0..frames).flat_map(|n| [boundary(n) - 5000, boundary(n)]).collect();
        vec![fsin, strobe]
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
        let lines: Vec<Waveform> =
            lines.iter().map(|changes| Waveform::new(Level::Low, changes.clone(), length).unwrap()).collect();
        repeated(&lines.iter().collect::<Vec<_>>(), &[period])
    }

    #[test]
    fn a_buffer_that_comes_twice_is_found() {
        // 65 536 samples hold the eight edges of two frames.
        let twice = with_repeat(&camera(20, true), 20_000 + 5 * 33_334 + 10_000, 65_536);
        let repeat = found(&twice, 33_334).unwrap();
        assert_eq!((repeat.length, repeat.edges), (65_536, 8));
        assert_eq!(repeat.from, 20_000 + 4 * 33_334 - 5000 + 16 % 3);
    }

    #[test]
    fn a_regular_camera_repeats_nothing() {
        for jitter in [false, true] {
            assert_eq!(found(&camera(50, jitter), 33_334), None);
            // A frame time that is a multiple of 256 samples, or nearly.
            let stretched: Vec<Vec<u64>> = camera(50, jitter)
                .iter()
                .map(|changes| changes.iter().map(|change| change + (change + 15_000) / 33_334 * 202).collect())
                .collect();
            assert_eq!(found(&stretched, 33_536), None);
        }
        assert_eq!(found(&[], 100), None);
    }
}
