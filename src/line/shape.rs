//! The shape of a line: whether it comes at a frame rate, and as what.

use super::{LineSummary, Spread};
use crate::signal::Waveform;
use crate::units::{Rational, SampleCount, SampleRate};

/// Frame rates from one frame in ten seconds to a thousand a second are a camera's.
const SLOWEST_FRAME_S: i128 = 10;
const FASTEST_FRAMES_PER_S: i128 = 1000;

/// The shape of a line by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    NotRecorded,
    Silent,
    /// Short pulses at a frame rate.
    Sync,
    /// Pulses that fill a fair part of each frame.
    Window,
    Other,
}

impl Shape {
    pub(crate) fn of(line: Option<(&Waveform, &LineSummary)>, rate: &SampleRate) -> Shape {
        let Some((waveform, summary)) = line else { return Shape::NotRecorded };
        if summary.edges == 0 {
            return Shape::Silent;
        }
        let (Some(period), Some(active)) = (summary.period(), summary.active_width()) else { return Shape::Other };
        let seconds = rate.seconds(SampleCount::new(i128::from(period.median)));
        let at_frame_rate =
            seconds <= Rational::integer(SLOWEST_FRAME_S) && seconds.times(FASTEST_FRAMES_PER_S) >= Rational::ONE;
        // Lost frames make a few periods longer, extra pulses a few shorter; many short ones are no frame clock's.
        let steady = too_soon(waveform, period.median) * MOST_TOO_SOON < period.count;
        if !at_frame_rate || !steady || !has_a_beat(waveform) {
            Shape::Other
        } else if active.max.saturating_mul(20) <= period.median {
            Shape::Sync
        } else {
            Shape::Window
        }
    }
}

/// Fewer than one in so many pulses come too soon after the one before.
const MOST_TOO_SOON: u64 = 10;

/// How many pulses come far sooner than this period after the one before, by the edges that do so less.
pub(crate) fn too_soon(waveform: &Waveform, period: u64) -> u64 {
    let too_soon = |first: usize| {
        let edges = waveform.changes().iter().skip(first).step_by(2);
        let next = waveform.changes().iter().skip(first + 2).step_by(2);
        edges.zip(next).filter(|(edge, next)| (*next - *edge).saturating_mul(10) < period.saturating_mul(4)).count()
            as u64
    };
    too_soon(0).min(too_soon(1))
}

/// So many per cent of a camera's periods are alike; the others are of missing frames, or of exposures that vary.
const ALIKE_PERCENT: usize = 60;

/// Whether most of the edges of one direction come at the same interval: exposures may vary at one end, but data of all lengths
/// have no beat at either.
fn has_a_beat(waveform: &Waveform) -> bool {
    let edges = |first: usize| waveform.changes().iter().skip(first).step_by(2).copied().collect::<Vec<u64>>();
    is_steady(&edges(0)) || is_steady(&edges(1))
}

/// Whether most of these instants come at the same interval, to an eighth; fewer than two do.
pub(crate) fn is_steady(instants: &[u64]) -> bool {
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
    let steps = changes.windows(2).map(|pair| pair[1] - pair[0]);
    let widths = Spread::of(steps.collect());
    let period = summary.and_then(LineSummary::period);
    match (period, widths) {
        // A clock repeats itself to a sample or two.
        (Some(period), _) if period.max <= period.min + 2 => "a steady clock, not at a frame rate",
        (_, _) if comes_in_groups(changes) => {
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
fn comes_in_groups(changes: &[u64]) -> bool {
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
