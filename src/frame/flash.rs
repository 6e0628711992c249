//! Which flash pulse touches which exposure.

use super::{Exposure, FlashPulse};
use crate::rig::WireIndex;
use crate::signal::Pulse;

/// The pulses of a camera's flash lines in order of time, each with the exposures that it overlaps by more than nothing.
/// `exposures` are in order and do not overlap each other.
pub(super) fn touch(lines: &[(WireIndex, &[Pulse])], exposures: &[Exposure]) -> Vec<FlashPulse> {
    let mut flashes: Vec<FlashPulse> = (lines.iter())
        .flat_map(|(wire, pulses)| pulses.iter().map(|pulse| (*wire, *pulse)))
        .map(|(wire, pulse)| {
            let first = exposures.partition_point(|exposure| exposure.pulse.to() <= pulse.from());
            let last = exposures.partition_point(|exposure| exposure.pulse.from() < pulse.to());
            FlashPulse { wire, pulse, touches: first..last.max(first) }
        })
        .collect();
    flashes.sort_by_key(|flash| (flash.pulse.from(), flash.wire));
    flashes
}
