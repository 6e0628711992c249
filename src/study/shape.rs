//! The shape of a line: whether it comes at a frame rate, and as what.

use super::LineSummary;
use crate::signal::Waveform;
use crate::units::{Rational, SampleCount, SampleRate};

/// Frame rates from one frame in ten seconds to a thousand a second are a camera's.
const SLOWEST_FRAME_S: i128 = 10;
const FASTEST_FRAMES_PER_S: i128 = 1000;

/// The shape of a line by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    NotRecorded,
    Silent,
    /// Short pulses at a frame rate.
    Sync,
    /// Pulses that fill a fair part of each frame.
    Window,
    Other,
}

impl Shape {
    pub(super) fn of(line: Option<(&Waveform, &LineSummary)>, rate: &SampleRate) -> Shape {
        let Some((waveform, summary)) = line else { return Shape::NotRecorded };
        if summary.edges == 0 {
            return Shape::Silent;
        }
        let (Some(period), Some(active)) = (summary.period(), summary.active_width()) else { return Shape::Other };
        let seconds = rate.seconds(SampleCount::new(i128::from(period.median)));
        let at_frame_rate =
            seconds <= Rational::integer(SLOWEST_FRAME_S) && seconds.times(FASTEST_FRAMES_PER_S) >= Rational::ONE;
        // Lost frames make a few periods longer; a period far shorter than the median is no frame clock's.
        let steady = period.min.saturating_mul(10) >= period.median.saturating_mul(4);
        if !at_frame_rate || !steady || !has_a_beat(waveform) {
            Shape::Other
        } else if active.max.saturating_mul(20) <= period.median {
            Shape::Sync
        } else {
            Shape::Window
        }
    }
}

/// So many per cent of a camera's periods are alike; the others are of missing frames, or of exposures that vary.
const ALIKE_PERCENT: usize = 60;

/// Whether most of the edges of one direction come at the same interval, to an eighth: exposures may vary at one end, but
/// data of all lengths have no beat at either.
fn has_a_beat(waveform: &Waveform) -> bool {
    let beat = |first: usize| {
        let edges: Vec<u64> = waveform.changes().iter().skip(first).step_by(2).copied().collect();
        let mut periods: Vec<u64> = edges.windows(2).map(|pair| pair[1] - pair[0]).collect();
        periods.sort_unstable();
        let Some(&median) = periods.get(periods.len() / 2) else { return true };
        let alike = periods.iter().filter(|period| period.abs_diff(median) <= median / 8).count();
        alike * 100 >= periods.len() * ALIKE_PERCENT
    };
    beat(0) || beat(1)
}
