//! Pulses in pieces: what is left of a signal that hardly reaches the threshold. Its pieces are of no steady width or number,
//! but all frames laid over each other, they keep to the same part of the frame time, which is active for the most part of it;
//! noise keeps to no part, or is active for half of it.

use super::scene::LineView;
use super::trains::Span;

/// Only so many frames are laid over each other: a rate that is off by 200 ppm moves the last by 2 % of a frame time.
const MOST_FRAMES: f64 = 100.0;
/// Fewer frames with a pulse say nothing.
const LEAST_FRAMES: usize = 4;
/// A pulse is in this many pieces, or more, in the mean.
const LEAST_PIECES: f64 = 3.0;
/// This share of the frame time is quiet in every frame.
const LEAST_QUIET: f64 = 0.2;
/// Noise is active for half of the time; a few pulses of it may be so for more.
const LEAST_ACTIVE: f64 = 0.65;
/// Pulses that bounce or are doubled are in the same number of pieces in more frames than this share of them.
const MOST_ALIKE: f64 = 0.7;
/// The widths of the pieces of a modulated light (PWM) agree: the upper quartile of these is this many times the lower.
const LEAST_UNEVEN: f64 = 1.5;
/// Bits are of a handful of lengths; of pieces, this share is of a length of its own.
const LEAST_DISTINCT: f64 = 0.25;

/// What is seen of pulses that are in pieces.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pieces {
    /// How many there are in a pulse, in the mean.
    pub(super) in_pulse: f64,
    /// The part of the frame time that they keep to, as a share.
    pub(super) window: f64,
    /// The share of this part for which the line is active, where any piece is seen.
    pub(super) active: f64,
    /// The share of the frames that show none.
    pub(super) lost: f64,
}

impl Pieces {
    /// The pieces of a line's pulses; none where it shows whole pulses, or noise.
    pub(super) fn of(line: &LineView<'_>) -> Option<Pieces> {
        let period = line.period?;
        let origin = line.pulses.first()?.from;
        let looked_at = line.pulses.partition_point(|pulse| ((pulse.to - origin) as f64) < MOST_FRAMES * period);
        let pieces = line.pulses.get(..looked_at)?;
        let (begin, quiet) = quietest(pieces, origin, period)?;
        let frame = |piece: &Span| (((piece.from - origin) as f64 - begin) / period).floor() as i64;
        let counts: Vec<usize> = pieces.chunk_by(|a, b| frame(a) == frame(b)).map(<[Span]>::len).collect();
        let (first, last) = (frame(pieces.first()?), frame(pieces.last()?));
        let shown = counts.len() as f64;
        let active: u64 = pieces.iter().map(|piece| piece.length()).sum();
        let found = Pieces {
            in_pulse: pieces.len() as f64 / (shown * line.per_frame),
            window: 1.0 - quiet / period,
            active: active as f64 / (shown * (period - quiet)),
            lost: 1.0 - shown / (last - first + 1) as f64,
        };
        let is_one = counts.len() >= LEAST_FRAMES
            && found.in_pulse >= LEAST_PIECES
            && found.window <= 1.0 - LEAST_QUIET
            && found.active >= LEAST_ACTIVE
            && are_unsteady(counts)
            && are_uneven(pieces.iter().map(|piece| piece.length()).collect());
        is_one.then_some(found)
    }
}

/// All frames laid over each other: the longest stretch in which none has a piece, by where it ends and how long it is, in
/// samples; none where there is no such stretch.
fn quietest(pieces: &[Span], origin: u64, period: f64) -> Option<(f64, f64)> {
    let mut arcs: Vec<(f64, f64)> = (pieces.iter())
        .map(|piece| (((piece.from - origin) as f64).rem_euclid(period), piece.length() as f64))
        .collect();
    arcs.sort_by(|a, b| a.0.total_cmp(&b.0));
    // What reaches beyond the end of the frame time goes on at its start.
    let mut reach = arcs.iter().map(|(from, length)| from + length).fold(0.0, f64::max) - period;
    let mut quietest: Option<(f64, f64)> = None;
    for (from, length) in arcs {
        if quietest.is_none_or(|(_, quiet)| from - reach > quiet) {
            quietest = Some((from, from - reach));
        }
        reach = reach.max(from + length);
    }
    quietest.filter(|(_, quiet)| *quiet > 0.0)
}

/// Whether pulses differ in how many pieces each of them is in.
pub(crate) fn are_unsteady(mut counts: Vec<usize>) -> bool {
    counts.sort_unstable();
    let most = counts.chunk_by(|a, b| a == b).map(<[usize]>::len).max().unwrap_or(0);
    most as f64 <= MOST_ALIKE * counts.len() as f64
}

/// Whether the widths of pieces differ, as those of a modulated light do not, and are of all lengths, as bits are not.
pub(crate) fn are_uneven(mut widths: Vec<u64>) -> bool {
    widths.sort_unstable();
    let quartile = |of_four: usize| widths.get(widths.len() * of_four / 4).copied().unwrap_or(0) as f64;
    let differ = quartile(3) >= LEAST_UNEVEN * quartile(1);
    let all = widths.len() as f64;
    widths.dedup();
    differ && widths.len() as f64 >= LEAST_DISTINCT * all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spans(pieces: &[(u64, u64)]) -> Vec<Span> {
        pieces.iter().map(|&(from, to)| Span { from, to }).collect()
    }

    #[test]
    fn the_quiet_part_of_all_frames_is_found_across_their_ends() {
        let quiet = |pieces: &[(u64, u64)]| quietest(&spans(pieces), pieces[0].0, 100.0);
        // Active from 0 to 30 in one frame, from 20 to 60 in another: quiet for 40, until the frame begins.
        assert_eq!(quiet(&[(1000, 1030), (1120, 1160)]), Some((0.0, 40.0)));
        // A pulse that reaches 15 into the next frame time, one at 50 to 60: quiet from 60 to 90, and from 15 to 50.
        assert_eq!(quiet(&[(1000, 1001), (1090, 1115), (1250, 1260)]), Some((50.0, 35.0)));
        // No part is quiet.
        assert_eq!(quiet(&[(1000, 1060), (1150, 1200)]), None);
        assert_eq!(quiet(&[(1000, 1250)]), None);
    }

    #[test]
    fn frames_that_are_mostly_alike_are_steady() {
        assert!(!are_unsteady(vec![3, 3, 3, 1]));
        assert!(are_unsteady(vec![3, 4, 3, 5]));
    }

    #[test]
    fn widths_that_agree_are_none_of_pieces() {
        assert!(!are_uneven(vec![10, 11, 10, 3]));
        assert!(are_uneven(vec![4, 11, 10, 3, 20]));
        // Bits of 4 samples.
        assert!(!are_uneven([4, 8, 16].repeat(5)));
    }
}
