//! The shape of a line by itself: whether it comes at a frame rate, and as what.

use super::beat::Beat;
use super::limits::{FASTEST_FRAMES_PER_S, NOISY_PER_SECOND, SLOWEST_FRAME_S, longest_spike};
use super::relation::edges_to;
use super::{LineSummary, Spread};
use crate::signal::{Level, Waveform};
use crate::units::{Rational, SampleCount, SampleRate};

/// The shape of a line by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    NotRecorded,
    Silent,
    /// Short pulses at a frame rate.
    Sync,
    /// Pulses that fill a fair part of each frame.
    Window,
    /// Pulses no faster than frames, at no rate: of events, or of triggers by hand.
    Events,
    Other,
}

/// Pulses that fill less than one part in so many of a period are short.
const SHORT: u64 = 20;
/// Of pulses that take turns none is so many times longer than another, unless all are longer than spikes.
const ALIKE: u64 = 4;
/// Fewer than one in so many pulses come too soon after the one before.
const MOST_TOO_SOON: u64 = 10;

impl Shape {
    pub(crate) fn of(line: Option<(&Waveform, &LineSummary)>, rate: &SampleRate) -> Shape {
        let Some((waveform, summary)) = line else { return Shape::NotRecorded };
        if summary.edges == 0 {
            return Shape::Silent;
        }
        let (Some(period), Some(active)) = (summary.period(), summary.active_width()) else { return Shape::Other };
        let seconds = |samples: u64| rate.seconds(SampleCount::new(i128::from(samples)));
        let is_slow = |samples: u64| seconds(samples).times(FASTEST_FRAMES_PER_S) >= Rational::ONE;
        let at_frame_rate = is_slow(period.median) && seconds(period.median) <= Rational::integer(SLOWEST_FRAME_S);
        let edges = [Level::High, Level::Low].map(|level| edges_to(waveform, level));
        // Bytes repeat themselves too, but within less than a millisecond or two, as a rule; and so does chatter.
        let are_alike = |least: u64| active.max / ALIKE <= least || least > longest_spike(rate);
        let (all_alike, most_alike) = (are_alike(active.min), are_alike(active.median));
        let in_turn = edges.iter().any(|edges| {
            Beat::of(edges)
                .is_some_and(|beat| (most_alike && beat.turns == 1) || (all_alike && is_slow(beat.shortest / 2)))
                || (most_alike && is_slow(period.median / 2) && is_steady(edges))
        });
        // Lost frames make a few periods longer, extra pulses a few shorter; many short ones are no frame clock's.
        let too_soon = too_soon(waveform, period.median) * MOST_TOO_SOON >= period.count;
        if at_frame_rate && !too_soon && in_turn {
            if active.max.saturating_mul(SHORT) <= period.median { Shape::Sync } else { Shape::Window }
        } else if is_slow(period.min) {
            Shape::Events
        } else {
            Shape::Other
        }
    }

    /// Whether a line of a camera may have it.
    pub(crate) fn is_of_camera(self) -> bool {
        matches!(self, Shape::Sync | Shape::Window | Shape::Events)
    }
}

/// Noise has stretches of all orders of magnitude, in no order, and many of them.
pub(crate) fn is_noise(waveform: &Waveform, rate: &SampleRate) -> bool {
    /// So many lengths are enough to tell.
    const ENOUGH: usize = 400;
    let mut lengths: Vec<u64> = waveform.changes().gaps().collect();
    lengths.sort_unstable();
    let (Some(first), Some(last)) = (waveform.changes().first(), waveform.changes().last()) else { return false };
    let at = |part: usize| lengths.get(lengths.len() * part / 10).copied().unwrap_or(0).max(1);
    let is_spread = at(9) >= 4 * at(1);
    let all = lengths.len();
    // A clock repeats two lengths, a bus a handful of multiples of its bit; noise has as many lengths as it can.
    lengths.dedup();
    let varied = lengths.len() * 4 >= all.min(ENOUGH);
    let edges = Rational::from(all as u64);
    let dense = &edges * rate.hz() > Rational::from(last - first).times(NOISY_PER_SECOND);
    dense && is_spread && varied
}

/// Whether a line repeats itself to a sample or two, at both levels, and spends as long at either: as a clock does.
pub(crate) fn is_clock(summary: &LineSummary) -> bool {
    const BY_SAMPLING: u64 = 2;
    let both = summary.high.zip(summary.low);
    both.is_some_and(|(high, low)| high.max.max(low.max) - high.min.min(low.min) <= BY_SAMPLING)
}

/// How many pulses come far sooner than this period after the one before, by the edges that do so less.
pub(crate) fn too_soon(waveform: &Waveform, period: u64) -> u64 {
    let too_soon = |first: usize| {
        let edges = waveform.changes().iter().skip(first).step_by(2);
        let next = waveform.changes().iter().skip(first + 2).step_by(2);
        edges.zip(next).filter(|(edge, next)| (next - edge).saturating_mul(10) < period.saturating_mul(4)).count()
            as u64
    };
    too_soon(0).min(too_soon(1))
}

/// So many per cent of instants that come at a steady rate come at the same interval; of the others some are missing.
const ALIKE_PERCENT: usize = 60;

/// Whether most of these instants come at the same interval, to an eighth; fewer than two do.
fn is_steady(instants: &[u64]) -> bool {
    let mut periods: Vec<u64> = instants.windows(2).map(|pair| pair[1] - pair[0]).collect();
    periods.sort_unstable();
    let Some(&median) = periods.get(periods.len() / 2) else { return true };
    let alike = periods.iter().filter(|period| period.abs_diff(median) <= median / 8).count();
    alike * 100 >= periods.len() * ALIKE_PERCENT
}

/// What a line does that is none of a camera's.
pub(crate) fn other_text(waveform: Option<&Waveform>, summary: Option<&LineSummary>) -> &'static str {
    let Some(waveform) = waveform else { return "it moves" };
    let changes = waveform.changes();
    if changes.len() < 4 {
        return match changes.len() {
            1 => "it changes once: a switch, or a line that was set",
            2 => "it changes 2 times: too few to tell what it is",
            _ => "it changes 3 times: too few to tell what it is",
        };
    }
    let widths = Spread::of(changes.gaps());
    let period = summary.and_then(LineSummary::period);
    match (period, widths) {
        // A clock repeats itself to a sample or two.
        (Some(period), _) if period.max <= period.min + 2 => "a steady clock, not at a frame rate",
        (_, _) if comes_in_groups(&changes.to_vec()) => {
            "a few pulses at a time, at a steady rate: a trigger that bounces or has two drivers, or a data line"
        }
        // Bits in packets: the pauses between packets are far longer than any bit.
        (_, Some(widths)) if widths.max / 20 >= widths.median.max(1) => {
            "fast changes in bursts, with pauses between: a data line, no line of a camera"
        }
        (_, _) => "it moves, but not at a steady frame rate",
    }
}

/// Whether changes come in small groups with long pauses between, which begin at a steady rate.
pub(crate) fn comes_in_groups(changes: &[u64]) -> bool {
    /// A pause is at least so many times shorter than the longest.
    const PAUSES: u64 = 4;
    /// Groups, and pulses in each of them.
    const LEAST: usize = 4;
    const MOST: usize = 6;
    let Some(longest) = changes.windows(2).map(|pair| pair[1] - pair[0]).max() else { return false };
    let groups: Vec<&[u64]> = changes.chunk_by(|a, b| b - a < longest / PAUSES).collect();
    let starts: Vec<u64> = groups.iter().filter_map(|group| group.first().copied()).collect();
    groups.len() >= LEAST
        && changes.len() >= groups.len() * 3
        && changes.len() <= groups.len() * 2 * MOST
        && is_steady(&starts)
}
