//! Exposures that all lie beside FSIN as far from where they are asked for.

use super::side_text;
use crate::diagnosis::claims::{READOUT, SKEW, Which};
use crate::diagnosis::fault::{Candidate, Cause, FAILURE, Fault, LookAlike};
use crate::diagnosis::series::{median, spread};
use crate::diagnosis::view::{CaptureView, JudgedCamera, TWO_ROWS_S, counted, from_fsin};
use crate::quantity::{Quantity, exposure, flash};
use crate::rig::Alignment;

/// Field guide, F36 and section 5: what vendors call trigger delay, latency, debouncer.
pub(in crate::diagnosis) static EXPOSURE_SHIFTED: Fault = Fault {
    id: "exposure-shifted",
    number: "F58",
    about: "All exposures are late, or early, beside FSIN by the same amount.",
    drawing: "\
FSIN    _|~|____________|~|____________|~|______
asked   _|~~~~~|________|~~~~~|________|~~~~~|__
seen    ____|~~~~~|________|~~~~~|________|~~~~~|   each as late",
    causes: &[&DELAYED, &OTHER_EDGE_OF_FSIN, &TIED_OTHERWISE],
    look_alikes: &[
        LookAlike {
            fault: "trigger-jitter",
            test: "look at how far the exposures are apart from one another: of a shift they all lie within the limits' width",
        },
        LookAlike {
            fault: "slow-edge",
            test: "look at the widths: a slow edge makes each pulse longer by as much as its end is late, a shift moves both ends",
        },
    ],
    ..FAILURE
};

static DELAYED: Cause = Cause {
    why: "a delay stands between FSIN and the exposure: one that is set, a debouncer, an opto-coupler, or the sensor's own",
    remedy: "take it out of the camera's settings (trigger delay, debouncer time), or state it in [limits]",
};
static OTHER_EDGE_OF_FSIN: Cause = Cause {
    why: "the camera acts on the other edge of FSIN: it is late by the width of FSIN's pulse",
    remedy: "set the camera to the edge that the spec says (trigger activation, polarity), or turn wiring.fsin.active",
};
static TIED_OTHERWISE: Cause = Cause {
    why: "FSIN ties another part of the exposure than timing.alignment says",
    remedy: "state the alignment that the camera has: timing.alignment",
};

/// Shorter records show no rule.
const FEWEST: usize = 3;

/// A finding where all exposures lie where they should not by an offset that they share: so many samples behind FSIN, at these
/// places.
pub(super) fn shifted(camera: JudgedCamera<'_>, offsets: &[f64], places: Vec<u64>) -> Option<Candidate> {
    let view = camera.capture;
    let judged = judged_of(camera.frames().alignment);
    let middle = median(offsets.to_vec()).filter(|_| offsets.len() >= FEWEST && camera.is_broken(judged))?;
    let shift = middle - asked(camera, judged);
    let part = part_of(camera.frames().alignment);
    let fsin = camera.fsin().and_then(|fsin| fsin.width());
    let is_other_edge = fsin.is_some_and(|width| (shift - width).abs() <= slack(view));
    let tied = tied(camera, shift);
    let mut candidate = EXPOSURE_SHIFTED
        .seen(
            format!(
                "all exposures {part} {} FSIN, {} {} than asked for",
                side_text(view, middle),
                view.time(shift.abs()),
                if shift < 0.0 { "earlier" } else { "later" }
            ),
            format!(
                "{}, within {} of each other",
                counted(offsets.len(), "exposure"),
                view.time(spread(offsets).max(1.0))
            ),
        )
        .settled(is_other_edge, &OTHER_EDGE_OF_FSIN)
        .settled(tied.is_some(), &TIED_OTHERWISE)
        .remedied(
            &DELAYED,
            format!(
                "take it out of the camera's settings (trigger delay, debouncer time), or state it: {} = \"{} ± …\" in [limits]",
                judged.id,
                view.time(middle)
            ),
        );
    if let Some(alignment) = tied {
        let remedy =
            format!("state the alignment that the camera has: alignment = \"{}\" in [timing]", alignment.key());
        candidate = candidate.remedied(&TIED_OTHERWISE, remedy);
    }
    let candidate = candidate.of(camera, &[Which::One(judged), Which::One(&flash::LATENCY), SKEW, READOUT]).at(places);
    // Those of the last edges come behind the end of the record.
    let end = view.observation.length.get() as f64 - middle;
    let unseen = camera.frames().missing.iter().map(|missing| missing.fsin.at().get()).filter(|at| *at as f64 >= end);
    let unseen = camera.not_passed_near(&[Which::One(&exposure::MISSING)], &unseen.collect::<Vec<u64>>());
    let claims = [candidate.claims.clone(), unseen].concat();
    Some(candidate.explaining(claims))
}

/// The quantity of where exposures lie beside FSIN.
pub(in crate::diagnosis) fn judged_of(alignment: Option<Alignment>) -> &'static Quantity {
    match alignment {
        Some(Alignment::End) => &exposure::END,
        Some(Alignment::Middle) => &exposure::MIDDLE,
        Some(Alignment::Start) | None => &exposure::LATENCY,
    }
}

/// What exposures do at FSIN, in words.
pub(super) fn part_of(alignment: Option<Alignment>) -> &'static str {
    match alignment {
        Some(Alignment::End) => "end",
        Some(Alignment::Middle) => "have their middle",
        Some(Alignment::Start) | None => "begin",
    }
}

/// What two edges that belong together may lie apart, in samples.
fn slack(view: &CaptureView<'_>) -> f64 {
    view.samples(TWO_ROWS_S).max(3.0)
}

/// Where exposures are asked for, in samples behind FSIN: the nominal, else the middle of both bounds, else the one.
fn asked(camera: JudgedCamera<'_>, judged: &Quantity) -> f64 {
    let (min, max) = camera.bounds(judged);
    match (min, max) {
        (Some(min), Some(max)) => (min + max) / 2.0,
        (Some(end), None) | (None, Some(end)) => end,
        (None, None) => 0.0,
    }
}

/// The alignment by which the exposures lie at FSIN, where they do by another than the one that is stated.
fn tied(camera: JudgedCamera<'_>, shift: f64) -> Option<Alignment> {
    /// So many times nearer to FSIN lies the part that is tied to it.
    const NEARER: f64 = 10.0;
    let frames = camera.frames();
    let stated = frames.alignment?;
    let frame = camera.frame();
    let in_frame = |offset: f64| if frame > 0.0 { offset - (offset / frame).round() * frame } else { offset };
    let offset = |alignment: Alignment| {
        let first = frames.exposures.iter().filter(|exposure| exposure.burst_index == 0);
        median(first.filter_map(|exposure| from_fsin(&exposure, alignment).map(in_frame)).collect())
    };
    [Alignment::Start, Alignment::End, Alignment::Middle].into_iter().find(|&alignment| {
        alignment != stated && offset(alignment).is_some_and(|offset| offset.abs() * NEARER <= shift.abs())
    })
}
