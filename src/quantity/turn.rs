//! STROBE on several pins in turn.

use super::count::Count;
use super::{Absent, ClockShare, Measure, Needs, On, Quantity, Track, Unseen};
use crate::frame::{CameraView, Exposure};
use crate::rig::{Alignment, Role};
use crate::units::{Rational, SampleIndex, Unit};

/// Exposures on the wrong pin.
pub(crate) static TURN: Quantity = Quantity {
    id: "exposure.turn",
    unit: Unit::Count,
    label: "exposures out of turn",
    definition: "exposures on another pin than the one whose turn it is, where STROBE comes on several pins in turn: by the number of the frame, from the pin on that leaves the fewest; it may be another one behind a lost stretch and, without a nominal frame time, behind a pause",
    formula: "number of exposures whose pin is not (frame number + phase) modulo the number of pins",
    source: "sensors that give STROBE out on two pins at alternate frames (Linux driver imx296: TOUT1, TOUT2)",
    raised_by: "a frame that the sensor skipped, or took twice, between two turns",
    needs: Needs::InTurn(Role::Strobe),
    clock: ClockShare::Cancels,
    unseen: Unseen::Raise(On::Numbered(&[Role::Strobe])),
    measure: Measure::Capture(turn),
};

fn turn(camera: CameraView<'_>) -> Result<Track, Absent> {
    let pins = camera.wiring.wires(Role::Strobe);
    if camera.frames.exposures.is_empty() {
        return Err(Absent::Silent(Role::Strobe.label()));
    }
    // How many turns after the pin of frame 0 each exposure comes.
    let phase = |exposure: &Exposure| {
        let pin = pins.iter().position(|pin| *pin == exposure.wire)?;
        let turns = i64::try_from(pins.len()).ok().filter(|turns| *turns > 0)?;
        usize::try_from((i64::try_from(pin).ok()? - exposure.frame?).rem_euclid(turns)).ok()
    };
    let judged: Vec<Exposure> = (camera.frames.exposures.iter())
        .filter(|exposure| exposure.frame.is_some_and(|frame| camera.judges(frame)))
        .collect();
    let parts = Parts::of(camera);
    let mut count = Count::default();
    for part in judged.chunk_by(|a, b| parts.hold(a) == parts.hold(b)) {
        let mut votes = vec![0_usize; pins.len()];
        for phase in part.iter().filter_map(&phase) {
            votes[phase] += 1;
        }
        let best = (0..votes.len()).rev().max_by_key(|&phase| votes[phase]);
        for exposure in part.iter().filter(|exposure| phase(exposure) != best) {
            count.add(1, exposure.pulse.from(), exposure.pulse.to());
        }
    }
    Ok(count.track(camera.observation))
}

/// Where the turns may begin anew.
struct Parts<'a> {
    camera: CameraView<'a>,
    /// The first frames behind pauses of more than one and a half of the usual intervals, where nothing says how many frames those are.
    pauses: Vec<i64>,
    renumberings: Vec<SampleIndex>,
}

impl<'a> Parts<'a> {
    fn of(camera: CameraView<'a>) -> Parts<'a> {
        let clock = &camera.frames.clock;
        let usual = clock.period.as_ref().filter(|_| camera.wiring.frame_time.is_none());
        // An end-aligned exposure ends at the edge that closes its frame.
        let closes = i64::from(camera.frames.alignment == Some(Alignment::End));
        let pauses = usual.map_or_else(Vec::new, |usual| {
            let is_pause = |apart: i128| Rational::integer(2 * apart) > usual.times(3);
            let pairs =
                clock.edges.pairs().filter(|(before, after)| is_pause((after.edge.at() - before.edge.at()).get()));
            pairs.map(|(_, after)| after.starts - closes).collect()
        });
        Parts { camera, pauses, renumberings: camera.observation.renumberings() }
    }

    /// The part that holds an exposure.
    fn hold(&self, exposure: &Exposure) -> (usize, usize) {
        let frame = exposure.frame.filter(|_| self.camera.wiring.frame_time.is_none());
        let behind = frame.map_or(0, |frame| self.pauses.partition_point(|first| *first <= frame));
        (behind, self.renumberings.partition_point(|sample| *sample <= exposure.pulse.from()))
    }
}
