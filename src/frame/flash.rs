//! Which flash pulse touches which exposure.

use std::collections::BTreeMap;

use super::{Exposures, FlashPulse, FlashPulses};
use crate::rig::WireIndex;
use crate::signal::{Pulse, Pulses};

/// The pulses of a camera's flash lines in order of time. Each is entered at the exposures that it overlaps by more than
/// nothing.
pub(super) fn touch(lines: &[(WireIndex, &Pulses)], exposures: &mut Exposures) -> FlashPulses {
    let mut pins = Pin::of_each(exposures);
    let touching = |(wire, pulse): (WireIndex, Pulse)| {
        let mut touches: Vec<usize> = pins.iter_mut().flat_map(|pin| pin.touched_by(&pulse, exposures)).collect();
        touches.sort_unstable();
        FlashPulse { wire, pulse, touches: touches.into_iter().collect() }
    };
    let flashes: FlashPulses = in_order(lines).map(touching).collect();
    let mut pairs: Vec<(usize, usize)> = (flashes.iter().enumerate())
        .flat_map(|(place, flash)| flash.touches.iter().map(|&exposure| (exposure, place)).collect::<Vec<_>>())
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

/// The exposures that one pin shows, which are in order and do not overlap each other: those of several pins may.
struct Pin {
    /// Their places.
    places: Vec<usize>,
    /// How many of them ended before the flashes that are still to come.
    ended: usize,
}

impl Pin {
    fn of_each(exposures: &Exposures) -> Vec<Pin> {
        let mut pins: BTreeMap<WireIndex, Vec<usize>> = BTreeMap::new();
        for (place, exposure) in exposures.iter().enumerate() {
            pins.entry(exposure.wire).or_default().push(place);
        }
        pins.into_values().map(|places| Pin { places, ended: 0 }).collect()
    }

    /// The places of those that a flash touches which begins no earlier than the one before.
    fn touched_by(&mut self, flash: &Pulse, exposures: &Exposures) -> Vec<usize> {
        let pulse = |place: &&usize| exposures.at(**place).pulse;
        let ended = self.places[self.ended..].iter().take_while(|place| pulse(place).to() <= flash.from());
        self.ended += ended.count();
        self.places[self.ended..].iter().take_while(|place| pulse(place).from() < flash.to()).copied().collect()
    }
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
        let touches: Vec<_> = flashes.iter().map(|flash| flash.touches.to_vec()).collect();
        assert_eq!(touches, [vec![], vec![0, 1], vec![], vec![2], vec![2]]);
        assert_eq!(exposures.iter().map(|e| e.flashes.to_vec()).collect::<Vec<_>>(), [vec![1], vec![1], vec![3, 4]]);
    }

    #[test]
    fn of_exposures_within_each_other_only_those_are_touched_that_are_overlapped() {
        let [a, b] = [0, 1].map(WireIndex::at);
        let exposure = |wire, from, to| Exposure {
            pulse: pulse(from, to),
            frame: None,
            fsin: None,
            burst_index: 0,
            wire,
            flashes: Places::default(),
        };
        // One pin stays active; the other has three pulses, and the first of two lines lights the first and the third of them.
        let shots = [exposure(a, 5, 1000), exposure(b, 10, 20), exposure(b, 30, 40), exposure(b, 50, 60)];
        let mut exposures = shots.into_iter().collect();
        let [first, second] = [[pulse(8, 22), pulse(45, 55)], [pulse(25, 28), pulse(1000, 1010)]];
        let [first, second] = [first.into_iter().collect(), second.into_iter().collect()];
        let flashes = touch(&[(WireIndex::at(2), &first), (WireIndex::at(3), &second)], &mut exposures);
        let touches: Vec<_> = flashes.iter().map(|flash| flash.touches.to_vec()).collect();
        assert_eq!(touches, [vec![0, 1], vec![0], vec![0, 3], vec![]]);
        let lit: Vec<_> = exposures.iter().map(|exposure| exposure.flashes.to_vec()).collect();
        assert_eq!(lit, [vec![0, 1, 2], vec![0], vec![], vec![2]]);
    }
}
