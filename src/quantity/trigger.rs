//! Quantities of the host's trigger.

use super::count::Count;
use super::exposure::line_of;
use super::interval::Instant;
use super::{Absent, ClockShare, Measure, Needs, On, Point, Points, Quantity, Seen, Track, Unseen, WhyLeftOut};
use crate::frame::{CameraView, ClockSource, FrameEdge, ObservedLine, answers};
use crate::rig::Role;
use crate::signal::EdgeTime;
use crate::units::Unit;

const TRIGGER_AND_FSIN: Needs = Needs::All(&[Role::Trigger, Role::Fsin]);

/// From the host's trigger to FSIN.
pub(crate) static LATENCY: Quantity = Quantity {
    id: "trigger.latency",
    unit: Unit::Second,
    label: "trigger latency",
    definition: "active edge of the trigger line → the first active edge of FSIN that answers it, before the next trigger",
    formula: "t(FSIN active edge) − t(trigger active edge)",
    source: "trigger latency as machine-vision vendors define it (Allied Vision, Basler)",
    raised_by: "the host's software and network between its trigger and FSIN",
    needs: TRIGGER_AND_FSIN,
    clock: ClockShare::Scales,
    unseen: Unseen::Raise(On::Own(&[Role::Trigger, Role::Fsin])),
    measure: Measure::Frames(latency),
};

/// Triggers that FSIN does not answer.
pub(crate) static MISSING: Quantity = Quantity {
    id: "trigger.missing",
    unit: Unit::Count,
    label: "triggers without FSIN",
    definition: "active edges of the trigger line that no active edge of FSIN, or where FSIN is not wired no start of STROBE, answers before the next trigger",
    formula: "number of triggers without an FSIN edge before the next trigger",
    source: "pairing by time",
    raised_by: "triggers that are lost on their way, or come while the source of FSIN is not ready",
    needs: Needs::Counted(Role::Trigger),
    clock: ClockShare::Cancels,
    unseen: Unseen::Raise(On::Own(&[Role::Fsin])),
    measure: Measure::Capture(missing),
};

/// FSIN edges that no trigger asked for.
pub(crate) static EXTRA: Quantity = Quantity {
    id: "trigger.extra",
    unit: Unit::Count,
    label: "FSIN without a trigger",
    definition: "active edges of FSIN without an active edge of the trigger line since the FSIN edge before",
    formula: "number of FSIN edges without a trigger since the FSIN edge before",
    source: "pairing by time",
    raised_by: "a trigger line that is dead, another source of FSIN, bounce on FSIN",
    needs: TRIGGER_AND_FSIN,
    clock: ClockShare::Cancels,
    unseen: Unseen::Raise(On::Own(&[Role::Trigger])),
    measure: Measure::Capture(extra),
};

/// The edges of both lines, and which trigger each FSIN edge answers.
struct Answered<'a> {
    trigger: &'a ObservedLine,
    fsin: &'a ObservedLine,
    triggers: Vec<EdgeTime>,
    edges: &'a [FrameEdge],
    answers: Vec<Option<usize>>,
}

impl<'a> Answered<'a> {
    fn of(camera: CameraView<'a>) -> Result<Answered<'a>, Absent> {
        let (trigger, fsin) = (line_of(camera, Role::Trigger)?, line_of(camera, Role::Fsin)?);
        let clock = &camera.frames.clock;
        match clock.source {
            ClockSource::Fsin => {}
            ClockSource::StrobeEnd | ClockSource::StrobeStart | ClockSource::Nothing => {
                return Err(Absent::Silent(Role::Fsin.label()));
            }
        }
        let triggers: Vec<EdgeTime> = trigger.train.pulses.iter().filter_map(|pulse| pulse.start.edge()).collect();
        if triggers.is_empty() {
            return Err(Absent::Silent(Role::Trigger.label()));
        }
        let starts: Vec<EdgeTime> = clock.edges.iter().map(|edge| edge.edge).collect();
        let answers = answers(&triggers, &starts, &(&trigger.slack + &fsin.slack), &camera.observation.lost);
        Ok(Answered { trigger, fsin, triggers, edges: &clock.edges, answers })
    }

    /// The first FSIN edge that answers each trigger that is answered, by their places.
    fn firsts(&self) -> impl Iterator<Item = (usize, usize)> {
        let before = std::iter::once(None).chain(self.answers.iter().copied());
        let firsts = self.answers.iter().zip(before).enumerate().filter(|(_, (answer, before))| *answer != before);
        firsts.filter_map(|(edge, (answer, _))| Some(((*answer)?, edge)))
    }
}

/// The triggers, and whether an exposure starts at or after each before the next one, where no FSIN is wired between.
fn answered_by_strobe(camera: CameraView<'_>) -> Result<(Vec<EdgeTime>, Vec<bool>), Absent> {
    let (trigger, strobe) = (line_of(camera, Role::Trigger)?, line_of(camera, Role::Strobe)?);
    let triggers: Vec<EdgeTime> = trigger.train.pulses.iter().filter_map(|pulse| pulse.start.edge()).collect();
    let starts: Vec<EdgeTime> =
        camera.frames.exposures.iter().filter_map(|exposure| exposure.pulse.start.edge()).collect();
    for (edges, role) in [(&triggers, Role::Trigger), (&starts, Role::Strobe)] {
        if edges.is_empty() {
            return Err(Absent::Silent(role.label()));
        }
    }
    let mut is_answered = vec![false; triggers.len()];
    for answered in
        answers(&triggers, &starts, &(&trigger.slack + &strobe.slack), &camera.observation.lost).into_iter().flatten()
    {
        is_answered[answered] = true;
    }
    Ok((triggers, is_answered))
}

fn latency(camera: CameraView<'_>) -> Result<Track, Absent> {
    let answered = Answered::of(camera)?;
    let (trigger, fsin) = (answered.trigger, answered.fsin);
    let points: Points = (answered.firsts())
        .map(|(place, edge)| {
            let (asked, edge) = (answered.triggers[place], answered.edges[edge]);
            let reading = Instant::of(asked, &trigger.slack).until(&Instant::of(edge.edge, &fsin.slack));
            let (from, to) = (asked.at().min(edge.edge.at()), asked.at().max(edge.edge.at()));
            Point { frame: Some(edge.starts), from, to, reading, seen: Seen::Whole }
        })
        .collect();
    if points.is_empty() {
        return Err(Absent::TooLittle("no trigger is followed by an edge of FSIN".to_owned()));
    }
    let unpaired = answered.triggers.len().saturating_sub(points.len());
    Ok(Track::of_times(&camera.observation.rate, points, &trigger.slack + &fsin.slack)
        .leaving_out(WhyLeftOut::Unpaired, unpaired))
}

fn missing(camera: CameraView<'_>) -> Result<Track, Absent> {
    let rig = camera.wiring;
    let judged_from = camera.observation.judged_from(camera.place);
    let (triggers, is_answered) = match rig.wire(Role::Fsin) {
        Some(_) => {
            let answered = Answered::of(camera)?;
            let mut is_answered = vec![false; answered.triggers.len()];
            for (trigger, _) in answered.firsts() {
                is_answered[trigger] = true;
            }
            (answered.triggers, is_answered)
        }
        None => answered_by_strobe(camera)?,
    };
    let answering = if rig.has(Role::Fsin) { Role::Fsin } else { Role::Strobe };
    let recorded = camera.observation.recorded_on([rig.wires(Role::Trigger), rig.wires(answering)].concat());
    let mut count = Count::default();
    // Only where the whole time up to the next trigger was recorded.
    let until_next = triggers.iter().zip(triggers.iter().skip(1)).zip(is_answered);
    for ((trigger, next), is_answered) in until_next {
        let was_recorded = || recorded.holds(i128::from(trigger.at().get()), i128::from(next.at().get()));
        if !is_answered && trigger.at() >= judged_from && was_recorded() {
            count.add(1, trigger.at(), next.at());
        }
    }
    Ok(count.track(camera.observation))
}

fn extra(camera: CameraView<'_>) -> Result<Track, Absent> {
    let answered = Answered::of(camera)?;
    let judged_from = camera.observation.judged_from(camera.place);
    let rig = camera.wiring;
    let recorded = camera.observation.recorded_on(rig.wire(Role::Trigger).into_iter().chain(rig.wire(Role::Fsin)));
    let mut count = Count::default();
    for (edges, answers) in answered.edges.windows(2).zip(answered.answers.windows(2)) {
        let ([before, edge], [last, own]) = (edges, answers) else { continue };
        let is_asked_for = own.is_some() && own != last;
        let (from, to) = (before.edge.at(), edge.edge.at());
        let was_recorded = || recorded.holds(i128::from(from.get()), i128::from(to.get()));
        if !is_asked_for && to >= judged_from && was_recorded() {
            count.add(1, from, to);
        }
    }
    Ok(count.track(camera.observation))
}
