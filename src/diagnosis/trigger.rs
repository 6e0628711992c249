//! Frames that are missing or too many: triggers that nothing answers, frames that do not happen, pulses nobody asked for.

mod early;
mod extra;
mod faults;
mod groups;
mod start;

use super::claims::{FRAME, PLACED, SKEW, Which};
use crate::quantity::{exposure, flash, flash_count, frame, frame_count, leak, ready, trigger as asked};
use early::{not_ready, too_early};
use extra::too_many;
use faults::{
    CAME_OFF, EXPOSURE_TOO_LONG, NO_OVERLAP, NOT_STREAMING_YET, NOT_TRIGGER_MODE, OVERTRIGGERED, RATE_SET_LOWER,
    SEVERAL_A_FRAME, STALLED, TRIGGER_LOST, TRIGGER_TOO_SHORT,
};
pub(super) use faults::{
    CAMERA_STOPS, DROPPED_FRAME, EXTRA_PULSES, HALF_RATE, MISSED_TRIGGER, OVERTRIGGER, PULSES_OF_A_FRAME,
    START_TRANSIENT, STREAM_STARTS_LATE, TIGHT_TRIGGER, TRIGGER_BEFORE_READY,
};

use super::fault::Candidate;
use super::rhythm::Rhythm;
use super::series::median;
use super::view::{CaptureView, JudgedCamera, counted, percent};
use crate::frame::ClockSource;
use crate::line::Span;
use crate::rig::Alignment;
use start::{Irregular, at_start};

/// Irregular frames, and triggers that come too early, by camera.
pub(super) fn find(view: &CaptureView<'_>) -> Vec<Candidate> {
    let all = |camera| of_camera(camera).into_iter().chain(not_ready(camera)).chain(groups::find(camera));
    view.cameras().flat_map(all).collect()
}

fn of_camera(camera: JudgedCamera<'_>) -> Vec<Candidate> {
    let families = [&frame_count::MISSING, &frame_count::EXTRA, &exposure::MISSING, &exposure::EXTRA, &frame::TIME];
    let irregular = Irregular::of(camera);
    let placed = [&exposure::LATENCY, &exposure::END, &exposure::MIDDLE, &flash_count::MISSING];
    let before_streaming = before_streaming(camera, &irregular);
    // Frames that are missing alone are no rough start.
    let is_late = before_streaming.is_some() && irregular.places().len() == irregular.unanswered.len();
    if !is_late
        && (camera.any_broken(&families) || camera.any_broken(&placed))
        && let Some(candidate) = at_start(camera, &irregular)
    {
        return vec![candidate];
    }
    if !camera.any_broken(&families) {
        return Vec::new();
    }
    if let Some(candidate) = before_streaming.or_else(|| overtriggers(camera, &irregular)) {
        return [Some(candidate), stopped(camera), too_many(camera, &irregular)].into_iter().flatten().collect();
    }
    let halved = half_rate(camera, &irregular).or_else(|| half_rate_from(camera, &irregular));
    let found = [
        stopped(camera),
        halved,
        too_many(camera, &irregular),
        dropped(camera, &irregular),
        unanswered(camera, &irregular),
    ];
    found.into_iter().flatten().collect()
}

/// Where irregular frames break what is judged.
#[derive(Debug, Clone, Copy)]
pub(super) enum Where {
    /// In all frames.
    Everywhere,
    /// At the places of the finding.
    There,
}

/// What frames that are missing or too many break.
const BY_FRAMES: &[Which] = &[
    FRAME,
    Which::One(&exposure::MISSING),
    Which::One(&exposure::EXTRA),
    Which::One(&exposure::GAP),
    PLACED,
    Which::One(&flash_count::MISSING),
    Which::One(&flash_count::EXTRA),
    Which::One(&leak::LEAK),
    Which::One(&ready::MARGIN),
    Which::One(&flash::LATENCY),
    Which::One(&asked::MISSING),
    SKEW,
];

/// A finding of a camera that explains what frames that are missing or too many break.
pub(super) fn of_frames(camera: JudgedCamera<'_>, candidate: Candidate, at: Vec<u64>, where_: Where) -> Candidate {
    let claims = match where_ {
        Where::Everywhere => camera.not_passed(BY_FRAMES),
        Where::There => camera.not_passed_near(BY_FRAMES, &at),
    };
    candidate.of_camera(camera.name(), claims).at(at)
}

/// The camera stops, and does not come back.
fn stopped(camera: JudgedCamera<'_>) -> Option<Candidate> {
    let view = camera.capture;
    let (from, frames) = camera.frames().clock.owed?;
    if !camera.is_broken(&frame_count::MISSING) || camera.frames().clock.source == ClockSource::Nothing {
        return None;
    }
    // Where exposures go on that belong to no frame, it is the count of the frames that stops.
    let goes_on = (camera.frames().exposures.last()).is_some_and(|exposure| {
        let silence = (view.observation.length - exposure.pulse.to()).get() as f64;
        exposure.frame.is_none() && exposure.pulse.from() > from && silence < 2.0 * camera.frame()
    });
    if goes_on {
        return None;
    }
    // A wire that comes off does not stop the others.
    let others = view.lines.iter().filter(|line| camera.wiring().uses(line.index) && !line.signal.is_empty()).count();
    let candidate = (CAMERA_STOPS.seen(
        format!("the frames stop at {} and do not come back", view.when(from.get())),
        format!(
            "{} are missing up to the end of the capture",
            counted(usize::try_from(frames).unwrap_or(usize::MAX), "frame")
        ),
    ))
    .ruled_out_if(others >= 2, &CAME_OFF);
    // What was off before is not made so by the stop.
    let after = Span { from: from.get(), to: view.observation.length.get() };
    let mut claims = camera.not_passed_within(BY_FRAMES, &[after]);
    claims.extend(camera.not_passed(&[Which::One(&frame_count::MISSING), Which::One(&exposure::MISSING)]));
    Some(candidate.of_camera(camera.name(), claims).at(vec![from.get()]))
}

/// Triggers before the first exposure, and none after it, are not answered: the camera did not stream yet.
fn before_streaming(camera: JudgedCamera<'_>, irregular: &Irregular) -> Option<Candidate> {
    let view = camera.capture;
    let (first, last) = (*irregular.unanswered.first()?, *irregular.unanswered.last()?);
    let frames = camera.frames();
    let begins = frames.exposures.first()?.pulse.from().get();
    // What answers the very first ones may lie before the record.
    let between = frames.clock.edges.iter().filter(|edge| (first..=last).contains(&edge.edge.at().get())).count();
    let count = irregular.unanswered.len();
    if last >= begins || between != count || frames.exposures.len() < 3 || frames.alignment != Some(Alignment::Start) {
        return None;
    }
    let candidate = (STREAM_STARTS_LATE.seen(
        format!("the camera takes no frame for the first {}, and answers all after them", counted(count, "trigger")),
        format!("the triggers begin at {}, the exposures at {}", view.when(first), view.when(begins)),
    ))
    .remedied(
        &NOT_STREAMING_YET,
        format!(
            "start the triggers when the camera streams, or leave the first frames out: skip_frames = {} in [timing]",
            frames.clock.edges.partition_point(|edge| edge.edge.at().get() <= last)
        ),
    );
    Some(of_frames(camera, candidate, irregular.unanswered.clone(), Where::There))
}

/// Triggers that are not answered because they come during an exposure.
fn overtriggers(camera: JudgedCamera<'_>, irregular: &Irregular) -> Option<Candidate> {
    let view = camera.capture;
    let frames = camera.frames();
    let early = |at: &u64| {
        let place = frames.exposures.partition_point(|exposure| exposure.pulse.from().get() <= *at).checked_sub(1)?;
        let exposure = frames.exposures.at(place);
        let end = exposure.pulse.to().get();
        // What no trigger began is no exposure that keeps the camera busy.
        (*at < end && exposure.frame.is_some()).then(|| ((end - at) as f64, *at))
    };
    let ignored: Vec<(f64, u64)> = irregular.unanswered.iter().filter_map(early).collect();
    if ignored.is_empty() || ignored.len() * 10 < irregular.unanswered.len() * 9 {
        return None;
    }
    let most = ignored.iter().map(|(early, _)| *early).fold(0.0, f64::max);
    let edges: Vec<f64> = frames.clock.edges.iter().map(|edge| edge.edge.at().get() as f64).collect();
    let interval = median(super::series::steps(&edges))?;
    let exposure = camera.exposure_width()?;
    let candidate = OVERTRIGGER.seen(
        format!(
            "{} of {} come while the camera still exposes, up to {} before it is ready",
            ignored.len(),
            counted(frames.clock.edges.len(), "trigger"),
            view.time(most)
        ),
        format!("a trigger comes every {}, an exposure lasts {}", view.time(interval), view.time(exposure)),
    );
    let at = ignored.iter().map(|(_, at)| *at).collect();
    Some(of_frames(camera, candidate, at, Where::There))
}

/// Answers that come at a whole multiple of the triggers' period.
fn half_rate(camera: JudgedCamera<'_>, irregular: &Irregular) -> Option<Candidate> {
    let view = camera.capture;
    let frames = camera.frames();
    let period = frames.clock.period.as_ref()?.to_f64();
    let exposed = camera.exposed();
    if irregular.unanswered.is_empty() && irregular.gaps.is_empty() {
        return None;
    }
    let tolerance = view.tolerance(period);
    let of = |instants: Vec<f64>| {
        let every = (median(super::series::steps(&instants))? / period).round();
        let rhythm = Rhythm::of(&instants, period * every, tolerance * every);
        (every >= 2.0 && rhythm.is_kept() && rhythm.missing == 0).then_some((every, rhythm.intervals))
    };
    let (every, intervals) = of(exposed.iter().map(|span| span.to as f64).collect())
        .or_else(|| of(exposed.iter().map(|span| span.from as f64).collect()))?;
    if intervals < 3 {
        return None;
    }
    let of_triggers = frames.clock.source == ClockSource::Fsin && !irregular.unanswered.is_empty();
    let whose = if of_triggers { "trigger" } else { "frame time" };
    let ordinal = match every as u64 {
        2 => "second".to_owned(),
        3 => "third".to_owned(),
        other => format!("{other}th"),
    };
    let candidate = HALF_RATE.seen(
        format!("the camera exposes only at every {ordinal} {whose}"),
        format!(
            "exposures come every {}, {whose}s every {}: {} of the rate{}",
            view.time(every * period),
            view.time(period),
            percent(1.0 / every),
            too_early(camera, &irregular.unanswered)
        ),
    );
    let exposure = camera.exposure_width()?;
    let has_triggers = !irregular.unanswered.is_empty();
    let fits = view.seconds(exposure) + RECOVERY_S < view.seconds(period);
    let candidate = (candidate.ruled_out_if(!has_triggers, &NO_OVERLAP))
        .ruled_out_if(view.seconds(exposure) < view.seconds(period) / 2.0, &EXPOSURE_TOO_LONG)
        .supported_if(!fits, &EXPOSURE_TOO_LONG)
        .settled(!has_triggers, &RATE_SET_LOWER)
        .ruled_out_if(!has_triggers, &SEVERAL_A_FRAME)
        .remedied(&SEVERAL_A_FRAME, several_are_meant(every as usize));
    let at = if irregular.unanswered.is_empty() { irregular.places() } else { irregular.unanswered.clone() };
    Some(of_frames(camera, candidate, at, Where::Everywhere))
}

/// Answers that become rarer at some moment: from there on, triggers are left out at a steady distance up to the end.
fn half_rate_from(camera: JudgedCamera<'_>, irregular: &Irregular) -> Option<Candidate> {
    let view = camera.capture;
    let frames = camera.frames();
    let period = frames.clock.period.as_ref()?.to_f64();
    let unanswered: Vec<f64> = irregular.unanswered.iter().map(|at| *at as f64).collect();
    let every = (median(super::series::steps(&unanswered))? / period).round();
    let rhythm = Rhythm::of(&unanswered, period * every, view.tolerance(period) * every);
    let last = frames.clock.edges.last()?.edge.at().get() as f64;
    let to_the_end = last - unanswered.last()? < (every + 0.5) * period;
    if every < 2.0 || rhythm.intervals < 4 || rhythm.breaks > 0 || rhythm.missing > 0 || !to_the_end {
        return None;
    }
    let answered = match every as u64 {
        2 => "every second trigger".to_owned(),
        other => format!("{} of {other} triggers", other - 1),
    };
    let first = *irregular.unanswered.first()?;
    let candidate = (HALF_RATE.seen(
        format!("from {} on the camera answers only {answered}", view.when(first)),
        format!(
            "{} are not answered, each {} after the one before{}",
            counted(unanswered.len(), "trigger"),
            view.time(every * period),
            too_early(camera, &irregular.unanswered)
        ),
    ))
    .ruled_out_if(true, &RATE_SET_LOWER)
    .ruled_out_if(true, &SEVERAL_A_FRAME);
    Some(of_frames(camera, candidate, irregular.unanswered.clone(), Where::There))
}

/// After an exposure a triggered sensor needs so long, besides its readout (field guide, C14).
const RECOVERY_S: f64 = 1.6e-3;

/// What to do where so many pulses of FSIN for a frame may be meant.
fn several_are_meant(pulses: usize) -> String {
    format!(
        "set the source to one pulse per frame or, if the camera takes {pulses} for a frame, state fsin_per_frame = {pulses} in [timing]"
    )
}

/// Whole frames that are not there, in phase.
fn dropped(camera: JudgedCamera<'_>, irregular: &Irregular) -> Option<Candidate> {
    let view = camera.capture;
    if irregular.gaps.is_empty() || !camera.any_broken(&[&frame_count::MISSING, &frame::TIME]) {
        return None;
    }
    let missing: u64 = irregular.gaps.iter().map(|(_, missing)| *missing).sum();
    let with_fsin = camera.frames().clock.source == ClockSource::Fsin;
    let what = if with_fsin { "FSIN and the exposure are both missing" } else { "the exposure is missing" };
    let (first, _) = *irregular.gaps.first()?;
    let candidate = DROPPED_FRAME.seen(
        if missing == 1 { "1 frame is missing".to_owned() } else { format!("{missing} frames are missing") },
        format!("{what}, first after {}; the frames after it come when they should", view.when(first)),
    );
    let candidate = (candidate.ruled_out_if(with_fsin, &STALLED)).ruled_out_if(with_fsin, &TRIGGER_LOST);
    let candidate = match with_fsin {
        true => candidate.because(
            "what drives FSIN left a pulse out: the generator, or the camera whose FSIN output it is",
            "look at what drives FSIN at that time: its log, its timer, its supply",
        ),
        false => candidate,
    };
    let frame = camera.frame();
    let gaps = irregular.gaps.iter();
    let spans: Vec<Span> =
        gaps.map(|(at, missing)| Span { from: *at, to: at + (*missing as f64 * frame) as u64 }).collect();
    let claims = camera.not_passed_within(BY_FRAMES, &spans);
    let at = spans.iter().map(|span| span.from).collect();
    Some(candidate.of_camera(camera.name(), claims).at(at))
}

/// Triggers or boundaries without their exposure.
fn unanswered(camera: JudgedCamera<'_>, irregular: &Irregular) -> Option<Candidate> {
    let view = camera.capture;
    let first = *irregular.unanswered.first()?;
    if !camera.is_broken(&exposure::MISSING) || are_only_late(camera, &irregular.unanswered) {
        return None;
    }
    let frames = camera.frames();
    let all = frames.fsin_clock().unwrap_or(&frames.clock).edges.len();
    let count = irregular.unanswered.len();
    let early = too_early(camera, &irregular.unanswered);
    let evidence =
        format!("{count} of {all} FSIN pulses have no exposure, first the one at {}{early}", view.when(first));
    let candidate = match frames.alignment {
        Some(Alignment::End | Alignment::Middle) => (DROPPED_FRAME.seen(
            match count {
                1 => "1 frame is missing although FSIN came".to_owned(),
                _ => format!("{count} frames are missing although FSIN came"),
            },
            evidence,
        ))
        .ruled_out_if(true, &TRIGGER_LOST),
        Some(Alignment::Start) | None => {
            let candidate = MISSED_TRIGGER.seen(format!("the camera missed {}", counted(count, "trigger")), evidence);
            let soon = overtriggered(camera, &irregular.unanswered);
            let narrow = are_narrower(camera, &irregular.unanswered);
            // Triggers that are like those that are answered are not too short; a camera that answers most is in that mode.
            let candidate = (candidate.ruled_out_if(soon.is_none(), &OVERTRIGGERED))
                .settled(narrow, &TRIGGER_TOO_SHORT)
                .ruled_out_if(count * 2 < all, &NOT_TRIGGER_MODE);
            match soon {
                Some(early) => candidate.ruled_out_if(true, &OVERTRIGGERED).because(
                    format!("the trigger comes too soon after the one before it ({early})"),
                    "lower the trigger rate, or shorten the exposure: trigger interval > exposure + readout + 1.6 ms",
                ),
                None => candidate,
            }
        }
    };
    Some(of_frames(camera, candidate, irregular.unanswered.clone(), Where::There))
}

/// Whether no exposure is missing at these boundaries at which none ends: those beside them are less than two frames apart, since all
/// from there on come late.
fn are_only_late(camera: JudgedCamera<'_>, unanswered: &[u64]) -> bool {
    let frames = camera.frames();
    if !matches!(frames.alignment, Some(Alignment::End | Alignment::Middle)) {
        return false;
    }
    let Some(period) = frames.clock.period.as_ref().map(crate::units::Rational::to_f64) else { return false };
    let ends: Vec<u64> = frames.exposures.iter().map(|exposure| exposure.pulse.to().get()).collect();
    let is_late = |at: &u64| {
        let next = ends.partition_point(|end| end <= at);
        let around = next.checked_sub(1).and_then(|last| ends.get(last)).zip(ends.get(next));
        around.is_some_and(|(last, next)| ((next - last) as f64) < 2.0 * period - camera.capture.tolerance(period))
    };
    unanswered.iter().all(is_late)
}

/// Whether unanswered triggers come sooner after the one before than the others do: how soon.
fn overtriggered(camera: JudgedCamera<'_>, unanswered: &[u64]) -> Option<String> {
    let view = camera.capture;
    let edges = &camera.frames().clock.edges;
    let before = |at: u64| {
        let place = edges.partition_point(|edge| edge.edge.at().get() < at);
        let previous = edges.get(place.checked_sub(1)?)?;
        Some((at - previous.edge.at().get()) as f64)
    };
    let soon = median(unanswered.iter().filter_map(|at| before(*at)).collect())?;
    let usual = median(edges.pairs().map(|(from, to)| (to.edge.at() - from.edge.at()).get() as f64).collect())?;
    (soon < usual * 0.97).then(|| format!("{} where {} is usual", view.time(soon), view.time(usual)))
}

/// Whether the pulses of unanswered triggers are narrower than those of all that are answered, or too narrow for any sensor.
fn are_narrower(camera: JudgedCamera<'_>, unanswered: &[u64]) -> bool {
    let view = camera.capture;
    let Some(fsin) = camera.fsin() else { return false };
    let (without, with): (Vec<&Span>, Vec<&Span>) =
        fsin.pulses.iter().partition(|pulse| unanswered.binary_search(&pulse.from).is_ok());
    let widest = without.iter().map(|pulse| pulse.length()).max().unwrap_or(0);
    let narrowest = with.iter().map(|pulse| pulse.length()).min();
    narrowest.is_some_and(|narrowest| widest + 1 < narrowest) || view.seconds(widest as f64) < super::source::OV_WIDTH_S
}
