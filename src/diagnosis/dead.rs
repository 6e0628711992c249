//! Lines that show nothing, from the beginning or from some moment on.

use super::explained::{explained, shares_camera};
use super::fault::{Candidate, Cause, FAILURE, Fault, LookAlike};
use super::view::{CaptureView, LineView};
use crate::quantity::{fsin, line};
use crate::rig::{Polarity, Role};
use crate::signal::{Level, Stretch};
use crate::spec::Limit;
use crate::units::{Rational, Rounding, Unit, value_text};
use crate::verdict::{Check, Verdict};

/// Field guide, F01.
pub(super) static LINE_DEAD: Fault = Fault {
    id: "line-dead",
    number: "F01",
    about: "A wired line never moves, or stops moving while the others go on.",
    drawing: "\
FSIN    _|~|________|~|________|~|________|~|___
STROBE  ________________________________________   no edge at all",
    causes: &[&OPEN_WIRE, &NOT_SWITCHED_ON, &TOO_LOW_A_LEVEL],
    look_alikes: &[LookAlike {
        fault: "marginal-threshold",
        test: "lower the threshold to 0.9 V, or look with an oscilloscope: pulses that come out are too low, not missing",
    }],
    ..FAILURE
};

static OPEN_WIRE: Cause = Cause {
    why: "the wire is on the wrong testpoint, or its solder joint is open (on OAK-D-PoE, STROBE is TP18)",
    remedy: "measure continuity from the probe to the testpoint and solder it again; GND must be wired too",
};
static NOT_SWITCHED_ON: Cause = Cause {
    why: "the signal is not switched on",
    remedy: "switch it on and let the camera stream (STROBE: setStrobeSensor; on RVC4 setExternalStrobeEnable)",
};
static TOO_LOW_A_LEVEL: Cause = Cause {
    why: "its level does not reach the analyzer's threshold (testpoints are 1.8 V; an open-collector output needs a pull-up)",
    remedy: "set the threshold to about 0.9 V, use a level shifter, or fit a pull-up",
};

/// Field guide, F38.
pub(super) static FSIN_SILENT: Fault = Fault {
    id: "fsin-silent",
    number: "F38",
    about: "FSIN never moves although the camera runs.",
    drawing: "\
FSIN    ________________________________________   no edge at all
STROBE  __|~~~~~|_____|~~~~~|_____|~~~~~|_____|~   runs",
    causes: &[&OUTPUT_OFF, &FSIN_OPEN, &BETWEEN_SAMPLES],
    ..FAILURE
};

static OUTPUT_OFF: Cause = Cause {
    why: "FSIN output is not enabled, or goes to another group of sensors (GPIO6/MXIO6 on OAK-FFC-4P)",
    remedy: "set FrameSyncMode OUTPUT on an OV9282 or OV9782; on OAK-FFC-4P drive GPIO6 high",
};
static FSIN_OPEN: Cause = Cause {
    why: "the wire is not on FSIN, or its solder joint is open",
    remedy: "check the FSIN testpoint with a meter and solder it again; if FSIN is meant to be idle, take it out of [wiring] or set line.edges = { fsin = \">= 0\" }",
};
static BETWEEN_SAMPLES: Cause = Cause {
    why: "its pulses are shorter than a sample, so that none was caught",
    remedy: "sample at 3 / pulse width or faster: 600 kHz for 5 µs",
};

/// Lines without an edge that the spec does not allow to be silent, and lines that fall silent while others go on.
pub(super) fn find(view: &CaptureView<'_>) -> Vec<Candidate> {
    view.lines.iter().filter_map(|line| never_moves(view, line).or_else(|| falls_silent(view, line))).collect()
}

/// A wired line without an edge whose own check does not pass. A silent line that the spec allows is no fault.
fn never_moves(view: &CaptureView<'_>, line: &LineView<'_>) -> Option<Candidate> {
    if line.line.train.raw_edges > 0 {
        return None;
    }
    let (owner, key) = (Some(line.wire.owner.as_str()), line.wire.key());
    let judged = (view.checks.iter()).find(|check| {
        *check.quantity == line::EDGES && check.line.as_ref() == Some(&key) && check.camera.as_deref() == owner
    });
    let asks_for_edges = |limit: &Limit| limit.min().is_some_and(Rational::is_positive);
    // A line whose pulses may be too short to be seen, or too rare for the record, is not shown to be dead.
    let is_proven = |check: &&Check| check.verdict != Verdict::Pass && check.unresolved == 0;
    judged.filter(|check| is_proven(check) && check.limits.iter().any(asks_for_edges))?;
    let seen = samples_seen(view, line)?;
    let strobe_runs = view.lines.iter().any(|other| other.wire.role == Role::Strobe && other.line.train.raw_edges > 0);
    let fault = if line.wire.role == Role::Fsin && strobe_runs { &FSIN_SILENT } else { &LINE_DEAD };
    let level = line.line.waveform.initial().key();
    let candidate = fault.seen(format!("{} never moves", line.label()), format!("it stays {level} for {seen}"));
    let is_high = line.line.waveform.initial() == Level::High;
    let is_active = line.line.waveform.initial() == line.line.active;
    // What is high reaches the threshold.
    let candidate = candidate.ruled_out_if(is_high, &TOO_LOW_A_LEVEL).unlike_if(is_high, "marginal-threshold");
    let is_low_active = line.wire.polarity == Polarity::ActiveLow;
    let role = line.wire.role;
    let candidate = if role != Role::Flash && is_low_active && fault.id == LINE_DEAD.id && is_active {
        candidate.ruled_out_if(true, &TOO_LOW_A_LEVEL).because(
            "an open-collector output without a pull-up: nothing lifts the line to its idle level",
            "fit a pull-up to the output's supply, then check the wire to the testpoint",
        )
    } else if role == Role::Strobe && is_active {
        candidate.ruled_out_if(true, &NOT_SWITCHED_ON).because(
            "the line is shorted to a supply, or the exposure is longer than the frame, so that STROBE never goes idle",
            "halve the exposure: if STROBE moves then, it was too long (exposure-exceeds-frame); if not, look for a solder bridge",
        )
    } else if role == Role::Flash {
        let remedy = "check the flash driver's supply, and that its trigger input sees STROBE";
        candidate.remedied(&NOT_SWITCHED_ON, remedy)
    } else if role == Role::Fsin {
        between_samples(view, line, candidate)
    } else {
        candidate
    };
    Some(explained(view, line, candidate.at(vec![0])))
}

/// The shortest pulse that any sensor takes for FSIN (field guide, F23: AR0234).
const LEAST_FSIN_S: f64 = 125e-9;

/// Pulses that are as long as the spec asks for, or as long as any sensor needs, and that fill two samples are caught.
fn between_samples(view: &CaptureView<'_>, line: &LineView<'_>, candidate: Candidate) -> Candidate {
    let limit = view.users(line).find_map(|camera| camera.check(&fsin::WIDTH));
    let least =
        limit.and_then(|check| check.limits.iter().filter_map(Limit::min).map(Rational::to_f64).reduce(f64::min));
    let width = least.unwrap_or(LEAST_FSIN_S);
    let enough = Rational::from_f64(3.0 / width).unwrap_or(Rational::ZERO);
    let enough = value_text(&enough, Unit::Hertz, Rounding::Up);
    candidate.ruled_out_if(view.samples(width) >= 2.0, &BETWEEN_SAMPLES).remedied(
        &BETWEEN_SAMPLES,
        format!("sample at 3 / pulse width or faster: {enough} for {}", super::view::time_text(width)),
    )
}

/// Frames that a damaged record must hold at least before a line without an edge is called dead.
const DEAD_FRAMES: i128 = 2;

/// The samples through which a dead line was watched: all of them, or as many as were read of a damaged record. None
/// where those may be too few to hold an edge.
fn samples_seen(view: &CaptureView<'_>, line: &LineView<'_>) -> Option<String> {
    let observation = view.observation;
    if observation.lost.is_empty() {
        return Some(format!("all {} samples", observation.length));
    }
    let stretches = observation.lost.proven(observation.length);
    let longest = stretches.iter().map(Stretch::samples).max()?;
    let frame_times = view.users(line).filter_map(|camera| camera.wiring().frame_time.as_ref());
    let frame = observation.rate.samples(frame_times.max()?);
    let read: u64 = stretches.iter().map(Stretch::samples).sum();
    (Rational::from(longest) >= frame.times(DEAD_FRAMES)).then(|| format!("all {read} samples that could be read"))
}

/// A line that stops while another one of its camera goes on for at least this many frames.
const SILENT_FRAMES: f64 = 3.0;

fn falls_silent(view: &CaptureView<'_>, line: &LineView<'_>) -> Option<Candidate> {
    let period = line.period?;
    let last = line.edges.last()?;
    let end = last_change(line)?;
    let others = view.lines.iter().filter(|other| other.index != line.index && shares_camera(view, line, other));
    let going_on: Vec<&LineView<'_>> = others
        .filter(|other| last_change(other).is_some_and(|other| other as f64 >= end as f64 + SILENT_FRAMES * period))
        .collect();
    let silence = view.observation.length.get().saturating_sub(last) as f64;
    let witness = going_on.first()?;
    // Pulses that are too short to be seen each time are no silence.
    let resolved = line.line.train.is_resolved();
    let steady = line.signal.len() >= 2 && line.disturbances.is_empty() && resolved;
    if last != end || silence < SILENT_FRAMES * period || !steady || !view.is_suspect(line) {
        return None;
    }
    let level = line.line.waveform.level_after(line.line.waveform.changes().len());
    let stuck = if level == line.line.active { "stays active" } else { "stays idle" };
    let candidate = LINE_DEAD.seen(
        format!("{} moves until {} and never again", line.label(), view.when(last)),
        format!(
            "it {stuck} ({}) for the last {}, while {} goes on to {}",
            level.key(),
            view.time(silence),
            witness.label(),
            view.when(last_change(witness)?)
        ),
    );
    // It was there before: it is the right testpoint, switched on, and reaches the threshold.
    let candidate = [&OPEN_WIRE, &NOT_SWITCHED_ON, &TOO_LOW_A_LEVEL]
        .into_iter()
        .fold(candidate, |candidate, cause| candidate.ruled_out_if(true, cause))
        .unlike_if(true, "marginal-threshold");
    let candidate = if level == line.line.active {
        candidate.because(
            "the line is shorted to a supply, or its driver does not let go",
            "look for a solder bridge at the testpoint, then measure the line with the camera off",
        )
    } else {
        candidate.because(
            "the wire came off, or the signal was switched off while the capture ran",
            "pull gently at the wire and solder it again, then look at what was changed at that time",
        )
    };
    Some(explained(view, line, candidate.at(vec![last])))
}

/// The last change of a line.
fn last_change(line: &LineView<'_>) -> Option<u64> {
    line.line.waveform.changes().last()
}
