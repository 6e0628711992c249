//! How many frames, exposures, flashes and triggers a record holds.

use super::count::Count;
use super::frame::{clock_wire, clock_wires};
use super::frame_count::starts;
use super::{Absent, Bound, ClockShare, Doubt, Measure, Needs, On, Quantity, Track, Unseen};
use crate::capture::RecordEnd;
use crate::frame::{CameraView, Observation};
use crate::rig::{Ends, Role, WireIndex};
use crate::units::Unit;

/// Frames that begin.
pub(crate) static FRAMES: Quantity = Quantity {
    id: "frame.count",
    unit: Unit::Count,
    label: "frames",
    definition: "frame starts in the record (FSIN edges, else the edge of STROBE that is tied to the frame), extra ones left out, warm-up included; one that an end of the record cuts may be one more",
    formula: "number of frame edges",
    source: "as many frames as the host says it received or wrote",
    raised_by: "a longer record or a faster camera",
    needs: Needs::OneOf(&[Role::Fsin, Role::Strobe]),
    clock: ClockShare::Cancels,
    unseen: Unseen::Lower(On::Clock),
    measure: Measure::Capture(frames),
};

/// Exposures.
pub(crate) static EXPOSURES: Quantity = Quantity {
    id: "exposure.count",
    unit: Unit::Count,
    label: "exposures",
    definition: "pulses of STROBE in the record, warm-up included; one that is cut off may be one or not",
    formula: "number of STROBE pulses",
    source: "as many exposures as images were received or written",
    raised_by: "a longer record, a faster camera, bursts",
    needs: Needs::All(&[Role::Strobe]),
    clock: ClockShare::Cancels,
    unseen: Unseen::Lower(On::Own(&[Role::Strobe])),
    measure: Measure::Capture(exposures),
};

/// Flashes.
pub(crate) static FLASHES: Quantity = Quantity {
    id: "flash.count",
    unit: Unit::Count,
    label: "flashes",
    definition: "pulses of all flash lines in the record, warm-up included; one that is cut off may be one or not",
    formula: "number of flash pulses",
    source: "as many flashes as the light was asked for",
    raised_by: "a longer record, several pulses of an exposure",
    needs: Needs::All(&[Role::Flash]),
    clock: ClockShare::Cancels,
    unseen: Unseen::Lower(On::Own(&[Role::Flash])),
    measure: Measure::Capture(flashes),
};

/// Triggers.
pub(crate) static TRIGGERS: Quantity = Quantity {
    id: "trigger.count",
    unit: Unit::Count,
    label: "triggers",
    definition: "pulses of the host's trigger line in the record, warm-up included; one that is cut off may be one or not",
    formula: "number of trigger pulses",
    source: "as many triggers as the host sent",
    raised_by: "a longer record, a faster host",
    needs: Needs::All(&[Role::Trigger]),
    clock: ClockShare::Cancels,
    unseen: Unseen::Lower(On::Own(&[Role::Trigger])),
    measure: Measure::Capture(triggers),
};

fn frames(camera: CameraView<'_>) -> Result<Track, Absent> {
    let wire = clock_wire(camera).ok_or(Absent::NotWired("FSIN or STROBE"))?;
    let mut count = starts(camera);
    if count.is_empty() {
        return Err(Absent::Silent(camera.observation.rig.wire(wire).role.label()));
    }
    // The edge of a pulse that is cut off may have been the first or the last thing recorded.
    let wires = clock_wires(camera);
    let pulses = wires.iter().flat_map(|&wire| &camera.line(wire).train.pulses);
    for pulse in pulses.filter(|pulse| !pulse.is_whole()) {
        count.add_open(false, pulse.from(), pulse.to());
    }
    Ok(complete(count, camera.observation, &wires))
}

fn exposures(camera: CameraView<'_>) -> Result<Track, Absent> {
    pulses(camera, Role::Strobe)
}

fn flashes(camera: CameraView<'_>) -> Result<Track, Absent> {
    pulses(camera, Role::Flash)
}

fn triggers(camera: CameraView<'_>) -> Result<Track, Absent> {
    pulses(camera, Role::Trigger)
}

fn pulses(camera: CameraView<'_>, role: Role) -> Result<Track, Absent> {
    let wires = camera.wiring.wires(role);
    let mut count = Count::default();
    let all = wires.iter().flat_map(|&wire| &camera.line(wire).train.pulses);
    let mut all: Vec<_> = all.collect();
    all.sort_by_key(|pulse| pulse.from());
    for pulse in all {
        match pulse.is_whole() {
            true => count.add(1, pulse.from(), pulse.to()),
            false => count.add_open(true, pulse.from(), pulse.to()),
        }
    }
    if count.is_empty() {
        return Err(Absent::Silent(role.label()));
    }
    Ok(complete(count, camera.observation, wires))
}

/// The count, at least: where the record is not known to end, or pulses may be unseen between its samples; those that its ends cut
/// may be counted or not.
fn complete(count: Count, observation: &Observation, wires: &[WireIndex]) -> Track {
    let mut track = count.track(observation);
    let is_end_open = match (observation.end, observation.rig.ends) {
        (RecordEnd::AtLeast, Ends::Unstated | Ends::Running) => true,
        (RecordEnd::AtLeast, Ends::Stops) | (RecordEnd::Stated, _) => false,
    };
    let is_resolved = wires.iter().all(|wire| observation.lines[wire.get()].train.is_resolved());
    let doubt = match (is_end_open, is_resolved) {
        (true, _) => Doubt::UnknownEnd,
        (false, false) => Doubt::Unresolved,
        (false, true) => {
            let pulses = |wire: &WireIndex| observation.lines[wire.get()].train.pulses.iter();
            if wires.iter().flat_map(pulses).any(|pulse| !pulse.is_whole()) {
                track.doubt.get_or_insert(Doubt::CutPulses);
            }
            return track;
        }
    };
    track.points = track.points.with(|point| point.reading.high = Bound::Unbounded);
    track.doubt.get_or_insert(doubt);
    track
}
