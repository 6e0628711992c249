//! Finding out whether exposures end or start at the frame boundary.

use super::clock::{ClockContext, median_interval};
use super::exposure::{end_pairs, triggers_of};
use super::{FrameClock, Interval};
use crate::rig::{Alignment, AlignmentSetting, Camera};
use crate::signal::{EdgeTime, Lost, Pulse};
use crate::units::Rational;

/// Offsets whose spreads differ by no more samples than this do not tell the alignments apart.
const EQUAL_SPREAD: i128 = 2;

/// The alignment of a camera whose FSIN shows edges: as stated, or the one whose offsets to FSIN vary less, or else (of
/// a constant exposure) the one whose offset is near a frame boundary while the other's is not. None: it cannot be told.
pub(super) fn with_fsin(clock: &FrameClock, strobe: &[Pulse], context: ClockContext<'_>) -> Option<Alignment> {
    match context.camera.alignment {
        AlignmentSetting::Stated(alignment) => return Some(alignment),
        AlignmentSetting::Auto => {}
    }
    let end = end_offsets(clock, strobe, context.lost);
    let start = start_offsets(clock, strobe, context);
    let (end_spread, start_spread) = (spread(&end)?, spread(&start)?);
    if (end_spread - start_spread).abs() > EQUAL_SPREAD {
        return Some(if end_spread < start_spread { Alignment::End } else { Alignment::Start });
    }
    let period = clock.period.as_ref()?;
    let end = distance_to_boundary(median(end)?, period)?;
    let start = distance_to_boundary(median(start)?, period)?;
    let eighth = |distance: &Rational| distance.times(8) < *period;
    if eighth(&end) && end.times(4) <= start {
        Some(Alignment::End)
    } else if eighth(&start) && start.times(4) <= end {
        Some(Alignment::Start)
    } else {
        None
    }
}

/// The alignment of a camera without FSIN: as stated, or the edge of STROBE that comes more regularly; of two that are
/// equally regular, the end.
pub(super) fn without_fsin(camera: &Camera, strobe: &[Pulse], lost: &Lost) -> Alignment {
    match camera.alignment {
        AlignmentSetting::Stated(alignment) => return alignment,
        AlignmentSetting::Auto => {}
    }
    let starts: Vec<EdgeTime> = strobe.iter().filter_map(|pulse| pulse.start.edge()).collect();
    let ends: Vec<EdgeTime> = strobe.iter().filter_map(|pulse| pulse.end.edge()).collect();
    match (regular_intervals(&starts, lost), regular_intervals(&ends, lost)) {
        // Of exposures in turn, the edge that moves has intervals of its own that repeat, and others between.
        (Some((count, _)), Some((more, _))) if count + count / 8 < more => Alignment::End,
        (Some((more, _)), Some((count, _))) if count + count / 8 < more => Alignment::Start,
        (Some((_, start)), Some((_, end))) if start < end => Alignment::Start,
        (Some(_) | None, Some(_) | None) => Alignment::End,
    }
}

/// How many intervals are one frame long, and their peak-to-peak.
fn regular_intervals(edges: &[EdgeTime], lost: &Lost) -> Option<(usize, i128)> {
    let period = median_interval(edges, lost)?;
    let intervals: Vec<i128> = edges
        .windows(2)
        .filter_map(|pair| match pair {
            [a, b] if lost.spares(a.at(), b.at()) => Some((b.at() - a.at()).get()),
            [..] => None,
        })
        .filter(|&interval| {
            let doubled = Rational::integer(interval).times(2);
            doubled > period && doubled < period.times(3)
        })
        .collect();
    Some((intervals.len(), spread(&intervals)?))
}

/// STROBE end − FSIN of the pairs whose frame is regular.
fn end_offsets(clock: &FrameClock, strobe: &[Pulse], lost: &Lost) -> Vec<i128> {
    (end_pairs(clock, strobe, lost).into_iter())
        .filter(|&(edge, _)| is_regular(clock, edge))
        .filter_map(|(edge, pulse)| Some((strobe[pulse].end.edge()?.at() - clock.edges[edge].edge.at()).get()))
        .collect()
}

/// STROBE start − the FSIN edge at or before it, for the first pulse of each regular frame.
fn start_offsets(clock: &FrameClock, strobe: &[Pulse], context: ClockContext<'_>) -> Vec<i128> {
    let mut offsets = Vec::new();
    let mut previous = None;
    for (pulse, trigger) in strobe.iter().zip(triggers_of(clock, strobe, context)) {
        let (Some(edge), Some(start)) = (trigger, pulse.start.edge()) else { continue };
        let next_is_regular = clock.edges.get(edge + 1).is_some_and(|next| next.before == Interval::Regular);
        if previous != Some(edge) && next_is_regular {
            offsets.push((start.at() - clock.edges[edge].edge.at()).get());
        }
        previous = Some(edge);
    }
    offsets
}

/// Whether the frame before this edge is a regular one.
fn is_regular(clock: &FrameClock, edge: usize) -> bool {
    clock.edges[edge].before == Interval::Regular
}

fn spread(values: &[i128]) -> Option<i128> {
    Some(values.iter().max()? - values.iter().min()?)
}

fn median(mut values: Vec<i128>) -> Option<i128> {
    let middle = values.len().checked_sub(1)? / 2;
    Some(*values.select_nth_unstable(middle).1)
}

/// How far an offset is from the nearest whole number of frame times.
fn distance_to_boundary(offset: i128, period: &Rational) -> Option<Rational> {
    let offset = Rational::integer(offset);
    let frames = offset.checked_div(period)?.to_integer(crate::units::Rounding::Nearest)?;
    Some((&offset - &period.times(frames)).abs())
}
