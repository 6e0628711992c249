//! Quantities of the host's trigger.

use super::corner::Instant;
use super::{Absent, ClockShare, Measure, Needs, On, Point, Quantity, Seen, Track, Unseen};
use crate::frame::{ClockSource, Observation};
use crate::rig::Role;
use crate::signal::EdgeTime;
use crate::units::Unit;

/// From the host's trigger to FSIN.
pub(super) static LATENCY: Quantity = Quantity {
    id: "trigger.latency",
    unit: Unit::Second,
    label: "trigger latency",
    definition: "active edge of the trigger line → the first active edge of FSIN at or after it, before the next trigger",
    formula: "t(FSIN active edge) − t(trigger active edge)",
    source: "trigger latency as machine-vision vendors define it (Allied Vision, Basler)",
    raised_by: "the host's software and network between its trigger and FSIN",
    needs: Needs::All(&[Role::Trigger, Role::Fsin]),
    clock: ClockShare::Scales,
    unseen: Unseen::Raise(On::Own(&[Role::Trigger, Role::Fsin])),
    measure: Measure::Frames(latency),
};

fn latency(observation: &Observation, camera: usize) -> Result<Track, Absent> {
    let rig = &observation.rig.cameras[camera];
    let trigger = &observation.lines[rig.trigger.ok_or(Absent::NotWired("the trigger line"))?.get()];
    let fsin = &observation.lines[rig.fsin.ok_or(Absent::NotWired("FSIN"))?.get()];
    let frames = &observation.cameras[camera];
    match frames.clock.source {
        ClockSource::Fsin => {}
        ClockSource::StrobeEnd | ClockSource::StrobeStart | ClockSource::Nothing => {
            return Err(Absent::Silent(Role::Fsin.label()));
        }
    }
    let triggers: Vec<EdgeTime> = trigger.train.pulses.iter().filter_map(|pulse| pulse.start.edge()).collect();
    if triggers.is_empty() {
        return Err(Absent::Silent(Role::Trigger.label()));
    }
    let mut points = Vec::new();
    for (i, &from) in triggers.iter().enumerate() {
        let next = triggers.get(i + 1).map(|next| next.at());
        let place = frames.clock.edges.partition_point(|edge| edge.edge.at() < from.at());
        let Some(edge) = frames.clock.edges.get(place).filter(|edge| next.is_none_or(|next| edge.edge.at() < next))
        else {
            continue;
        };
        if observation.lost.spares(from.at(), edge.edge.at()) {
            let reading = Instant::of(from, &trigger.slack).until(&Instant::of(edge.edge, &fsin.slack));
            let (from, to) = (from.at(), edge.edge.at());
            points.push(Point { frame: Some(edge.starts), from, to, reading, seen: Seen::Whole });
        }
    }
    if points.is_empty() {
        return Err(Absent::TooLittle("no trigger is followed by an edge of FSIN".to_owned()));
    }
    Ok(Track::of_times(&observation.rate, points, &trigger.slack + &fsin.slack))
}
