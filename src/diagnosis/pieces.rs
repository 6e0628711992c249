//! Pulses in pieces: what is left of a signal that hardly reaches the threshold. Its pieces are of no steady width or number,
//! but all frames laid over each other, they keep to the same part of the frame time, which is active for the most part of it;
//! noise keeps to no part, or is active for half of it.

use super::scene::LineView;
use super::trains::Span;
use crate::line::{are_uneven, are_unsteady};

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
}
