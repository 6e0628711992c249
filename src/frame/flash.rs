//! Which flash pulse touches which exposure.

use super::{Exposures, FlashPulse, FlashPulses};
use crate::rig::WireIndex;
use crate::signal::{Pulse, Pulses};

/// The pulses of a camera's flash lines in order of time. Each is entered at the exposures that it overlaps by more than
/// nothing, which are in order and do not overlap each other.
pub(super) fn touch(lines: &[(WireIndex, &Pulses)], exposures: &mut Exposures) -> FlashPulses {
    // No flash touches an exposure that ended before the flash in front of it began.
    let mut first = 0;
    let touching = |(wire, pulse): (WireIndex, Pulse)| {
        let ended = exposures.range(first..exposures.len()).take_while(|exposure| exposure.pulse.to() <= pulse.from());
        first += ended.count();
        let begun = exposures.range(first..exposures.len()).take_while(|exposure| exposure.pulse.from() < pulse.to());
        FlashPulse { wire, pulse, touches: first..first + begun.count() }
    };
    let flashes: FlashPulses = in_order(lines).map(touching).collect();
    let mut pairs: Vec<(usize, usize)> = (flashes.iter().enumerate())
        .flat_map(|(place, flash)| flash.touches.map(move |exposure| (exposure, place)))
        .collect();
    pairs.sort_unstable();
    let mut of_one = pairs.chunk_by(|a, b| a.0 == b.0).peekable();
    exposures.change(|place, exposure| {
        if let Some(own) = of_one.next_if(|own| own[0].0 == place) {
            exposure.flashes = own.iter().map(|(_, flash)| *flash).collect();
        }
    });
    flashes
}

/// The pulses of these lines in order of time: those of a single one are.
fn in_order<'a>(lines: &[(WireIndex, &'a Pulses)]) -> Box<dyn Iterator<Item = (WireIndex, Pulse)> + 'a> {
    let of_line = |&(wire, pulses): &(WireIndex, &'a Pulses)| pulses.iter().map(move |pulse| (wire, pulse));
    if let [line] = lines {
        return Box::new(of_line(line));
    }
    let mut pulses: Vec<(WireIndex, Pulse)> = lines.iter().flat_map(of_line).collect();
    pulses.sort_by_key(|(wire, pulse)| (pulse.from(), *wire));
    Box::new(pulses.into_iter())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::{Exposure, Places};
    use crate::signal::{EdgeTime, Limb};
    use crate::units::SampleIndex;

    fn pulse(from: u64, to: u64) -> Pulse {
        let edge = |at| Limb::Edge(EdgeTime::sharp(SampleIndex::new(at)));
        Pulse { start: edge(from), end: edge(to) }
    }

    #[test]
    fn a_pulse_touches_what_it_overlaps_and_nothing_beside() {
        let exposure = |from, to| Exposure {
            pulse: pulse(from, to),
            frame: None,
            fsin: None,
            burst_index: 0,
            wire: WireIndex::default(),
            flashes: Places::default(),
        };
        let mut exposures = [exposure(10, 20), exposure(30, 40), exposure(50, 60)].into_iter().collect();
        let line = [pulse(5, 10), pulse(19, 31), pulse(40, 50), pulse(52, 54), pulse(55, 70)].into_iter().collect();
        let flashes = touch(&[(WireIndex::default(), &line)], &mut exposures);
        let touches: Vec<_> = flashes.iter().map(|flash| flash.touches).collect();
        assert_eq!(touches, [0..0, 0..2, 2..2, 2..3, 2..3]);
        assert_eq!(exposures.iter().map(|e| e.flashes.to_vec()).collect::<Vec<_>>(), [vec![1], vec![1], vec![3, 4]]);
    }
}
