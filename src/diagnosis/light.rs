//! Patterns of several flash lines, and the flash of a rolling shutter.

use super::Severity;
use super::claims::{ROLLING, Which};
use super::fault::{Candidate, Cause, FAILURE, Fault, LookAlike};
use super::view::{CaptureView, JudgedCamera, counted};
use crate::quantity::Quantity;
use crate::quantity::{flash, pattern, rolling};
use crate::rig::Shutter;

/// Field guide, F29.
pub(super) static ROLLING_PARTIAL_FLASH: Fault = Fault {
    id: "rolling-partial-flash",
    number: "F29",
    about: "With a rolling shutter, the flash is lit while only some rows are exposed: the image has a bright band.",
    drawing: "\
row 0    __|~~~~~~~~~~~~~~~~|_______
last row _________|~~~~~~~~~~~~~~~~|
all rows          |<------->|          the flash must lie in here
FLASH    _____|~~~~~~|_______________   begins too early",
    causes: &[&OUTSIDE_OF_ALL_ROWS, &NO_WINDOW],
    look_alikes: &[LookAlike {
        fault: "flash-late",
        test: "look at the image: a band that is dark at one edge is rows that the flash missed",
    }],
    ..FAILURE
};

static OUTSIDE_OF_ALL_ROWS: Cause = Cause {
    why: "the flash begins before the last row is exposed, or ends after row 0 is",
    remedy: "delay the flash by the readout time, and shorten it to rolling.window",
};
static NO_WINDOW: Cause = Cause {
    why: "the exposure is shorter than the readout: there is no time at which all rows are exposed",
    remedy: "make the exposure longer than the readout and the flash together",
};

/// Field guide, F30.
pub(super) static FLASH_PATTERN_SLIP: Fault = Fault {
    id: "flash-pattern-slip",
    number: "F30",
    about: "Two flash lines take turns, and at some frame they slip: one is lit twice in a row.",
    drawing: "\
STROBE  |~~|__|~~|__|~~|__|~~|__|~~|__
A       |~~|________|~~|__|~~|________   A lit twice in a row
B       ______|~~|______________|~~|__",
    causes: &[&CAME_TOO_LATE],
    ..FAILURE
};

static CAME_TOO_LATE: Cause = Cause {
    why: "the script that switches the emitters came too late for a frame",
    remedy: "lower the frame rate, or let the driver alternate by itself on STROBE's edges",
};

/// The patterns and the rolling shutters of each camera.
pub(super) fn find(view: &CaptureView<'_>) -> Vec<Candidate> {
    let cameras = view.cameras();
    cameras.flat_map(|camera| [pattern_slip(camera), partial(camera)]).flatten().collect()
}

/// So many frames make a pattern; and no more slips than one in so many are slips.
const PATTERN_FRAMES: usize = 6;
const SLIP_IN: usize = 4;

fn pattern_slip(camera: JudgedCamera<'_>) -> Option<Candidate> {
    let view = camera.capture;
    let frames = camera.frames();
    let lines = camera.flashes();
    let (a, b) = match lines.as_slice() {
        [a, b] => (a.index, b.index),
        [..] => return None,
    };
    let whole = frames.exposures.iter().filter(|exposure| exposure.pulse.is_whole());
    // Which of the two is lit: exactly one of them, or it is no pattern of turns.
    let mut turns: Vec<(bool, u64)> = Vec::new();
    for exposure in whole {
        let lit = |wire| exposure.flashes.iter().any(|&place| frames.flashes.at(place).wire == wire);
        match (lit(a), lit(b)) {
            (true, false) => turns.push((true, exposure.pulse.from().get())),
            (false, true) => turns.push((false, exposure.pulse.from().get())),
            (true, true) | (false, false) => {}
        }
    }
    let slips: Vec<u64> = turns.windows(2).filter(|pair| pair[0].0 == pair[1].0).map(|pair| pair[1].1).collect();
    let pattern = camera.check(&pattern::PATTERN);
    let judged = pattern.is_some_and(super::view::is_broken);
    if turns.len() < PATTERN_FRAMES
        || slips.is_empty()
        || slips.len() * SLIP_IN > turns.len()
        || (pattern.is_some() && !judged)
    {
        return None;
    }
    let first = *slips.first()?;
    let swapped = turns.iter().filter(|(_, at)| *at >= first).count();
    let later = if slips.len() == 1 {
        "all later frames are swapped"
    } else {
        "the frames up to the next such one are swapped"
    };
    let candidate = FLASH_PATTERN_SLIP.seen(
        format!(
            "the two flashes got out of step: the frame at {} repeats the flash of the frame before; {later}",
            view.when(first)
        ),
        format!(
            "{} of {} come from there on; the same flash comes twice in a row {}",
            swapped,
            counted(turns.len(), "frame"),
            if slips.len() == 1 { "once".to_owned() } else { format!("{} times", slips.len()) }
        ),
    );
    let severity = if judged { Severity::Fail } else { Severity::Warn };
    Some(candidate.of(camera, &[Which::One(&pattern::PATTERN)]).at(slips).with_severity(severity))
}

fn partial(camera: JudgedCamera<'_>) -> Option<Candidate> {
    let Shutter::Rolling { readout_time } = &camera.wiring().shutter else { return None };
    let margins: [&Quantity; 3] = [&rolling::MARGIN_START, &rolling::MARGIN_END, &rolling::WINDOW];
    let broken = |quantity: &&Quantity| camera.is_broken(quantity);
    let empty = camera.check(&rolling::WINDOW).is_some_and(super::view::is_broken);
    if !margins.iter().any(broken) {
        return None;
    }
    let worst = |quantity: &Quantity| -> Option<f64> { Some(camera.check(quantity)?.statistics.as_ref()?.min) };
    let says = |quantity: &Quantity, what: &str| {
        let value = worst(quantity).filter(|value| *value < 0.0)?;
        Some(format!("{what} by {}", super::view::time_text(-value)))
    };
    let parts: Vec<String> = [
        says(&rolling::MARGIN_START, "the flash begins before the last row is exposed,"),
        says(&rolling::MARGIN_END, "it ends after row 0 is,"),
        empty.then(|| "there is hardly a time at which all rows are exposed".to_owned()),
    ]
    .into_iter()
    .flatten()
    .collect();
    let evidence = format!(
        "{}; the readout takes {}",
        if parts.is_empty() { "a margin is too small".to_owned() } else { parts.join("; ") },
        super::view::time_text(readout_time.to_f64())
    );
    let at = margins
        .iter()
        .filter_map(|quantity| camera.check(quantity))
        .flat_map(|check| check.violations.iter().map(|worst| worst.from.get()));
    let candidate = ROLLING_PARTIAL_FLASH.seen("the flash does not light all rows alike".to_owned(), evidence);
    Some(candidate.of(camera, &[ROLLING, Which::One(&flash::COVERAGE)]).at(at.collect()))
}
