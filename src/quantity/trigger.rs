//! Quantities of the host's trigger.

use std::num::NonZeroU32;

use super::count::Count;
use super::exposure::line_of;
use super::interval::Instant;
use super::{Absent, ClockShare, Measure, Needs, On, Point, Points, Quantity, Seen, Track, Unseen, WhyLeftOut};
use crate::frame::{CameraView, FrameClock, ObservedLine, answers};
use crate::rig::Role;
use crate::signal::EdgeTime;
use crate::units::{Rational, Unit};

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
    definition: "active edges of FSIN without an active edge of the trigger line since the FSIN edge before; of several a frame whose triggers come once a frame, the first one, and those beyond timing.fsin_per_frame",
    formula: "number of FSIN edges without a trigger since the FSIN edge before",
    source: "pairing by time",
    raised_by: "a trigger line that is dead, another source of FSIN, bounce on FSIN",
    needs: TRIGGER_AND_FSIN,
    clock: ClockShare::Cancels,
    unseen: Unseen::Raise(On::Own(&[Role::Trigger])),
    measure: Measure::Capture(extra),
};

/// The edges of both lines, and which trigger each FSIN edge answers. Of several pulses a frame each one does where triggers mostly
/// come for each; else the first one of a frame.
struct Answered<'a> {
    trigger: &'a ObservedLine,
    fsin: &'a ObservedLine,
    triggers: Vec<EdgeTime>,
    edges: Vec<Response>,
    answers: Vec<Option<usize>>,
    /// Pulses of a frame beyond so many as it takes, without a trigger of their own, each behind the one before it.
    beyond: Vec<(EdgeTime, EdgeTime)>,
}

/// An edge of FSIN, and the frame that it begins or belongs to.
#[derive(Clone, Copy)]
struct Response {
    edge: EdgeTime,
    frame: Option<i64>,
}

/// An edge of FSIN, and the trigger that it answers.
type Answer = (Response, Option<usize>);

impl<'a> Answered<'a> {
    fn of(camera: CameraView<'a>) -> Result<Answered<'a>, Absent> {
        let (trigger, fsin) = (line_of(camera, Role::Trigger)?, line_of(camera, Role::Fsin)?);
        let clock = camera.frames.fsin_clock().ok_or(Absent::Silent(Role::Fsin.label()))?;
        let triggers: Vec<EdgeTime> = trigger.train.pulses.iter().filter_map(|pulse| pulse.start.edge()).collect();
        if triggers.is_empty() {
            return Err(Absent::Silent(Role::Trigger.label()));
        }
        let (slack, lost) = (&trigger.slack + &fsin.slack, &camera.observation.lost);
        let answers_of = |edges: &[Response]| {
            let edges: Vec<EdgeTime> = edges.iter().map(|response| response.edge).collect();
            answers(&triggers, &edges, &slack, lost)
        };
        let begins = clock.edges.iter().map(|start| Response { edge: start.edge, frame: Some(start.starts) });
        let open = clock.open.iter().map(|&edge| Response { edge, frame: None });
        let mut edges: Vec<Response> = begins.chain(open).collect();
        edges.sort_by_key(|response| response.edge.at());
        let mut beyond = Vec::new();
        if camera.wiring.fsin_per_frame > NonZeroU32::MIN {
            let pulses = pulses_of(fsin, clock);
            let all: Vec<Answer> = pulses.iter().copied().zip(answers_of(&pulses)).collect();
            let groups: Vec<&[Answer]> =
                all.chunk_by(|(a, _), (b, _)| a.frame == b.frame && lost.spares(a.edge.at(), b.edge.at())).collect();
            match is_pulse_by_pulse(&groups) {
                true => edges = pulses,
                false => beyond = groups.iter().flat_map(|group| beyond_frame(group, camera)).collect(),
            }
        }
        let answers = answers_of(&edges);
        Ok(Answered { trigger, fsin, triggers, edges, answers, beyond })
    }

    /// The first FSIN edge that answers each trigger that is answered, by their places.
    fn firsts(&self) -> impl Iterator<Item = (usize, usize)> {
        let before = std::iter::once(None).chain(self.answers.iter().copied());
        let firsts = self.answers.iter().zip(before).enumerate().filter(|(_, (answer, before))| *answer != before);
        firsts.filter_map(|(edge, (answer, _))| Some(((*answer)?, edge)))
    }
}

/// All edges of FSIN, each with the frame that began last.
fn pulses_of(fsin: &ObservedLine, clock: &FrameClock) -> Vec<Response> {
    let edges = fsin.train.pulses.iter().filter_map(|pulse| pulse.start.edge());
    let response = |edge: EdgeTime| {
        let begun = clock.edges.partition_point(|start| start.edge.at() <= edge.at());
        Response { edge, frame: begun.checked_sub(1).map(|last| clock.edges.at(last).starts) }
    };
    edges.map(response).collect()
}

/// Whether most of the frames that answer a trigger answer several.
fn is_pulse_by_pulse(groups: &[&[Answer]]) -> bool {
    let triggers = |group: &&[Answer]| {
        let mut answered: Vec<usize> = group.iter().filter_map(|(_, answer)| *answer).collect();
        answered.dedup();
        answered.len()
    };
    let (mut any, mut several) = (0, 0);
    for count in groups.iter().map(triggers) {
        any += usize::from(count > 0);
        several += usize::from(count > 1);
    }
    several * 2 > any
}

/// The pulses of a group beyond those of its frame that answer no trigger of their own, each behind the one before it. What comes
/// within half of an even interval before the next frame may be its first pulse.
fn beyond_frame(group: &[Answer], camera: CameraView<'_>) -> Vec<(EdgeTime, EdgeTime)> {
    let per_frame = i128::from(camera.wiring.fsin_per_frame.get());
    let (Some((first, _)), Some(period)) = (group.first(), camera.frames.clock.period.as_ref()) else {
        return Vec::new();
    };
    let most = period.times(2 * per_frame - 1);
    let is_near = |edge: EdgeTime| Rational::from(edge.at() - first.edge.at()).times(2 * per_frame) < most;
    let pairs = group.windows(2).skip(camera.wiring.fsin_per_frame.get() as usize - 1).filter_map(|pair| match pair {
        [(before, last), (pulse, own)] if own == last && is_near(pulse.edge) => Some((before.edge, pulse.edge)),
        [..] => None,
    });
    pairs.collect()
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
            Point { frame: edge.frame, from, to, reading, seen: Seen::Whole }
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
    let pairs = answered.edges.windows(2).zip(answered.answers.windows(2));
    let unasked = pairs.filter_map(|(edges, answers)| match (edges, answers) {
        ([before, edge], [last, own]) if own.is_none() || own == last => Some((before.edge, edge.edge)),
        (_, _) => None,
    });
    for (before, edge) in unasked.chain(answered.beyond.iter().copied()) {
        let (from, to) = (before.at(), edge.at());
        let was_recorded = || recorded.holds(i128::from(from.get()), i128::from(to.get()));
        if to >= judged_from && was_recorded() {
            count.add(1, from, to);
        }
    }
    Ok(count.track(camera.observation))
}
