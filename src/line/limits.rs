//! What tells signal from disturbance, and one event from another: each number once, with its source.

use crate::units::{Rational, Rounding, SampleRate};

/// Spikes of logic lines are no longer than this: 1 µs at a sensor (field guide, C02), and more behind slow edges and cables.
const LONGEST_SPIKE_US: i128 = 20;
/// Nor than so many samples: at a low rate nothing shorter can be seen.
const LONGEST_SPIKE_SAMPLES: u64 = 3;
/// Of a line of unknown cadence: its signal's stretches are this many times longer than spikes.
pub(crate) const FAR_LONGER: u64 = 8;
/// Of a line of known cadence, with too many pulses: a stretch this many times shorter than its pulses is none of its signal.
pub(crate) const MUCH_SHORTER: u64 = 3;
/// With as many pulses as are to come, only a stretch that is this many times shorter is none.
pub(crate) const FAR_SHORTER: u64 = 20;
/// Crosstalk follows its source within this: 1 to 2 samples (field guide, F19), at rates from 200 kHz on.
pub(crate) const ECHO_US: i128 = 10;
/// Edges this close to each other are one, a slow edge (field guide, F21) aside.
pub(crate) const AT_ONCE_US: i128 = 2;
/// And so are those that are so many samples apart: each may have come a sample late.
pub(crate) const AT_ONCE_SAMPLES: u64 = 2;
/// The slowest edges are this late: 5 to 50 µs (field guide, F21), on isolated lines up to 60.
pub(crate) const SLOWEST_EDGE_US: i128 = 62;
/// Frames come once in ten seconds (time lapse) at the least,
pub(crate) const SLOWEST_FRAME_S: i128 = 10;
/// and a thousand times a second at the most, triggers and crystals being a little early.
pub(crate) const FASTEST_FRAMES_PER_S: i128 = 1200;
/// A line with more changes a second, and no order in them, shows noise: 20 in a frame (field guide, C02) at 30 frames a second.
pub(crate) const NOISY_PER_SECOND: i128 = 600;

/// The mains, in hertz,
pub(crate) const MAINS_HZ: [i128; 2] = [50, 60];
/// and its half-waves, behind a rectifier or in a lamp.
pub(crate) const HALF_WAVES_HZ: [i128; 2] = [2 * MAINS_HZ[0], 2 * MAINS_HZ[1]];

/// So many samples in this time, rounded down.
pub(crate) fn samples(microseconds: i128, rate: &SampleRate) -> u64 {
    let samples = rate.samples(&Rational::decimal(microseconds, -6)).to_integer(Rounding::Down);
    samples.and_then(|samples| u64::try_from(samples).ok()).unwrap_or(u64::MAX)
}

/// So many samples apart, two edges are one event.
pub(crate) fn at_once(rate: &SampleRate) -> u64 {
    samples(AT_ONCE_US, rate).max(AT_ONCE_SAMPLES)
}

/// The longest spike, in samples.
pub(crate) fn longest_spike(rate: &SampleRate) -> u64 {
    samples(LONGEST_SPIKE_US, rate).max(LONGEST_SPIKE_SAMPLES)
}
