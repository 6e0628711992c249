//! How long exposures last: too long for the frame, scaled, alternating, automatic, changed late.

use super::Severity;
use super::fault::{Candidate, Cause, Fault, LookAlike};
use super::scene::{Scene, TWO_ROWS_S, counted, percent, time_text};
use super::series::{autocorrelation, median, spread};
use crate::verdict::{Check, Standing};

/// Field guide, F11.
pub(super) static EXPOSURE_EXCEEDS_FRAME: Fault = Fault {
    id: "exposure-exceeds-frame",
    number: "F11",
    severity: Severity::Fail,
    about: "The exposure is longer than the frame has room for: STROBE hardly goes idle, or two exposures run into one.",
    drawing: "\
FSIN    _|~|________|~|________|~|________|~|___
STROBE  ~~~~~~~~~~~~~~~~~~~~~~~|_|~~~~~~~~~~~~~~   no pause between",
    causes: &[&SET_TOO_LONG, &AUTO_TOO_LONG],
    look_alikes: &[LookAlike {
        fault: "line-dead",
        test: "halve the exposure: a line that is shorted stays active, an exposure gets a pause",
    }],
};

static SET_TOO_LONG: Cause = Cause {
    why: "the exposure is set longer than the frame time less 25 rows (0.23 ms on OV9282)",
    remedy: "shorten the exposure or lower the frame rate",
};
static AUTO_TOO_LONG: Cause = Cause {
    why: "auto exposure goes there in the dark",
    remedy: "set an upper limit for auto exposure (setAutoExposureLimit), or switch it off",
};

/// Field guide, F05.
pub(super) static ALTERNATING_EXPOSURE: Fault = Fault {
    id: "alternating-exposure",
    number: "F05",
    severity: Severity::Fail,
    about: "Exposures alternate between two lengths, one of them perhaps next to nothing: every second image is black.",
    drawing: "\
STROBE  __|~~~~~~|________||_______|~~~~~~|________||____",
    causes: &[&CUT_SHORT, &TWO_ARE_MEANT],
    look_alikes: &[],
};

static CUT_SHORT: Cause = Cause {
    why: "the sensor's frame rate and the trigger's do not match, so that every second frame is cut short",
    remedy: "set the sensor's frame rate to the trigger's",
};
static TWO_ARE_MEANT: Cause = Cause {
    why: "two exposures are meant, and the spec knows one",
    remedy: "state both in exposure.time, in the order in which they come",
};

/// Field guide, F14.
pub(super) static EXPOSURE_SCALED: Fault = Fault {
    id: "exposure-scaled",
    number: "F14",
    severity: Severity::Fail,
    about: "All exposures are wrong by the same factor.",
    drawing: "\
asked    __|~~~~~~~~|__________|~~~~~~~~|___
STROBE   __|~~~~~~~~~~|________|~~~~~~~~~~|_   k times as long",
    causes: &[&COUNTED_IN_SPAN_STEPS, &CAPPED, &SET_OTHERWISE, &OTHER_UNITS],
    look_alikes: &[LookAlike {
        fault: "slow-edge",
        test: "double the exposure: a wrong scale adds twice as much, a slow edge the same microseconds",
    }],
};

static COUNTED_IN_SPAN_STEPS: Cause = Cause {
    why: "STROBE's length is counted in span steps of 9.49 us instead of rows of 9.10 us (OV9281): +4.3 %",
    remedy: "set strobe_frame_span to exposure / 9.49 us, or allow for it in exposure.time",
};
static CAPPED: Cause = Cause {
    why: "the IR driver caps the pulse at 30 % of the frame time (OAK-D Pro), and STROBE shows the driver",
    remedy: "judge the emitter by flash.on-time, or switch the IR emitter off to see the exposure",
};
static SET_OTHERWISE: Cause = Cause {
    why: "the exposure is set to another value than the spec asks for",
    remedy: "set the exposure to what the spec says, or state what is meant",
};
static OTHER_UNITS: Cause = Cause {
    why: "STROBE does not show the exposure itself: its length is counted in other units",
    remedy: "check how STROBE's length is set on this sensor, and compare with the exposure that the image metadata states",
};

/// Field guide, F12.
pub(super) static AUTO_EXPOSURE_ON: Fault = Fault {
    id: "auto-exposure-on",
    number: "F12",
    severity: Severity::Fail,
    about: "Exposures vary although one length is asked for: auto exposure is on.",
    drawing: "\
STROBE  __|~~|______|~~~~|____|~~~~~~|__|~~~~|____|~~|___",
    causes: &[&AUTO, &SENT_FOR_A_FRAME],
    look_alikes: &[],
};

static AUTO: Cause = Cause {
    why: "auto exposure is on (it may prefer multiples of 10 ms or 8.33 ms, against the flicker of lamps)",
    remedy: "set the exposure by hand (setManualExposure) and switch auto exposure off",
};
static SENT_FOR_A_FRAME: Cause = Cause {
    why: "a setting is sent for single frames",
    remedy: "look at what the host sends to the camera; state a repeating sequence in exposure.time if one is meant",
};

/// Field guide, F13.
pub(super) static LATE_EXPOSURE_CHANGE: Fault = Fault {
    id: "late-exposure-change",
    number: "F13",
    severity: Severity::Info,
    about: "The first exposures still have another length; then the one that is asked for takes effect.",
    drawing: "\
STROBE  __|~|_______|~|_______|~~~~~|___|~~~~~|___|~~~~~|",
    causes: &[&TAKES_EFFECT_LATE],
    look_alikes: &[],
};

static TAKES_EFFECT_LATE: Cause = Cause {
    why: "a setting takes effect some frames after it is sent, and metadata lag behind it",
    remedy: "leave the first frames out (skip_frames in [timing]), or set the exposure before streaming",
};

/// A judged exposure and what it should have been, in seconds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Width {
    pub(super) value: f64,
    pub(super) nominal: f64,
    fits: bool,
    at: u64,
}

/// The exposures that a check judged and that were seen whole.
pub(super) fn widths(scene: &Scene<'_>, camera: usize, check: &Check) -> Vec<Width> {
    let exposures = scene.camera(camera).exposures.iter();
    let cut: Vec<u64> =
        exposures.filter(|exposure| !exposure.pulse.is_whole()).map(|exposure| exposure.pulse.to().get()).collect();
    let nominal = |entry: usize| {
        let limit = check.limits.get(entry)?;
        let ends: Vec<f64> =
            [limit.min(), limit.max()].into_iter().flatten().map(crate::units::Rational::to_f64).collect();
        let middle = ends.iter().sum::<f64>() / ends.len().max(1) as f64;
        Some(limit.nominal().map_or(middle, crate::units::Rational::to_f64))
    };
    let is_cut = |at: u64| cut.iter().any(|end| end.abs_diff(at) <= 1);
    let judged = check.track.iter().filter(|value| value.standing != Standing::NotJudged && !is_cut(value.at.get()));
    judged
        .filter_map(|value| {
            Some(Width {
                value: value.value,
                nominal: nominal(value.entry)?,
                fits: value.standing != Standing::Outside,
                at: value.at.get(),
            })
        })
        .collect()
}

/// Exposures that leave the frame no pause.
pub(super) fn find_overlong(scene: &Scene<'_>) -> Vec<Candidate> {
    (0..scene.observation.rig.cameras.len()).filter_map(|camera| overlong(scene, camera)).collect()
}

/// A sensor needs so much pause between exposures: 25 rows (field guide, C15).
const LEAST_GAP_S: f64 = 227.5e-6;

fn overlong(scene: &Scene<'_>, camera: usize) -> Option<Candidate> {
    let strobe = scene.strobe(camera)?;
    let period = strobe.period?;
    if !scene.any_broken(camera, &["exposure.time", "exposure.gap", "exposure.missing", "frame.missing"]) {
        return None;
    }
    let burst = scene.observation.rig.cameras[camera].burst.get();
    let pulses = &scene.camera(camera).exposures;
    let merged: Vec<u64> = (pulses.iter().map(|exposure| exposure.pulse))
        .filter(|pulse| (pulse.to() - pulse.from()).get() as f64 > 1.05 * period)
        .map(|pulse| pulse.from().get())
        .collect();
    let longest = pulses.iter().map(|exposure| (exposure.pulse.to() - exposure.pulse.from()).get()).max()? as f64;
    let gaps: Vec<f64> = strobe.signal.windows(2).map(|pair| (pair[1].from - pair[0].to) as f64).collect();
    let gap = median(gaps).filter(|gap| scene.seconds(*gap) < LEAST_GAP_S && burst == 1);
    // Limits that allow it make it none.
    let too_long = scene.check(camera, "exposure.time").is_none_or(|check| {
        check.violations.iter().any(|worst| {
            let limit = worst.limit(check).and_then(crate::spec::Limit::max);
            limit.is_some_and(|max| worst.value > *max)
        })
    });
    if !too_long || (merged.is_empty() && gap.is_none()) {
        return None;
    }
    let evidence = match gap {
        Some(gap) if merged.is_empty() => {
            format!("only {} are left between exposures, of a frame of {}", scene.time(gap), scene.time(period))
        }
        Some(_) | None => format!(
            "{} lasted longer than a frame ({}), up to {}",
            counted(merged.len(), "pulse"),
            scene.time(period),
            scene.time(longest)
        ),
    };
    let at = if merged.is_empty() { strobe.signal.iter().take(3).map(|span| span.from).collect() } else { merged };
    let widths: Vec<f64> = strobe.signal.iter().map(|span| span.length() as f64).collect();
    let is_constant = scene.seconds(spread(&widths)) <= TWO_ROWS_S + scene.seconds(2.0);
    // Auto exposure that has come to its end is constant as well, but it does not stop short of a whole frame by itself.
    let candidate = EXPOSURE_EXCEEDS_FRAME
        .seen("the exposure does not fit the frame".to_owned(), evidence)
        .supported_if(!is_constant, &AUTO_TOO_LONG);
    let explains = scene.not_passed(&[camera], &["exposure.", "frame.", "flash.", "rolling."]);
    Some(candidate.of_camera(camera, scene.camera_name(camera), explains).at(at))
}

/// What is wrong with the lengths of each camera's exposures.
pub(super) fn find(scene: &Scene<'_>) -> Vec<Candidate> {
    (0..scene.observation.rig.cameras.len()).filter_map(|camera| of_camera(scene, camera)).collect()
}

fn of_camera(scene: &Scene<'_>, camera: usize) -> Option<Candidate> {
    if !scene.is_broken(camera, "exposure.time") {
        return None;
    }
    let check = scene.check(camera, "exposure.time")?;
    let widths = widths(scene, camera, check);
    // A width is known to a sample, and exposures are whole rows.
    let tolerance = scene.seconds(2.0).max(TWO_ROWS_S);
    let found = changed_late(&widths, tolerance)
        .or_else(|| scaled(scene, camera, &widths, check.limits.len(), tolerance))
        .or_else(|| alternating(&widths, tolerance))
        .or_else(|| varying(&widths));
    let candidate = found?;
    let at = candidate.finding.at.iter().map(|at| at.get()).collect();
    let explains = scene.not_passed(
        &[camera],
        &[
            "exposure.time",
            "exposure.gap",
            "exposure.latency",
            "exposure.end",
            "exposure.jitter",
            "flash.",
            "rolling.",
            "skew.",
        ],
    );
    Some(candidate.of_camera(camera, scene.camera_name(camera), explains).at(at))
}

/// A change takes effect within so many frames, or it was made on purpose.
const LATE_FRAMES: usize = 30;

fn changed_late(widths: &[Width], tolerance: f64) -> Option<Candidate> {
    let change = widths.iter().position(|width| width.fits)?;
    let (before, after) = widths.split_at(change);
    let off: Vec<f64> = before.iter().map(|width| width.value).collect();
    let settled = after.iter().all(|width| width.fits) && after.len() >= before.len().max(2);
    let (old, new) = (median(off.clone())?, after.first()?.value);
    (settled && before.len() <= LATE_FRAMES && spread(&off) <= tolerance.max(old * 0.01)).then(|| {
        let candidate = LATE_EXPOSURE_CHANGE.seen(
            format!("the first {} at another setting", counted(before.len(), "exposure")),
            format!("they last {}; from the next on it is {}", time_text(old), time_text(new)),
        );
        candidate.at(before.iter().map(|width| width.at).collect())
    })
}

fn alternating(widths: &[Width], tolerance: f64) -> Option<Candidate> {
    let values: Vec<f64> = widths.iter().map(|width| width.value - width.nominal).collect();
    let every = |from: usize| -> Vec<f64> { widths.iter().skip(from).step_by(2).map(|width| width.value).collect() };
    let (a, b) = (every(0), every(1));
    if b.len() < 3 || autocorrelation(&values, 1) > -0.5 {
        return None;
    }
    let (mid_a, mid_b) = (median(a.clone())?, median(b.clone())?);
    let apart = (mid_a - mid_b).abs();
    // Most of either kind are alike; a lost frame may shift a few.
    let alike = |values: &[f64], middle: f64| {
        values.iter().filter(|value| (*value - middle).abs() <= tolerance.max(apart / 10.0)).count() * 10
            >= values.len() * 8
    };
    (apart > 2.0 * tolerance && alike(&a, mid_a) && alike(&b, mid_b)).then(|| {
        let (long, short) = (mid_a.max(mid_b), mid_a.min(mid_b));
        let candidate = ALTERNATING_EXPOSURE.seen(
            "every second exposure has another length".to_owned(),
            format!("they alternate between {} and {}", time_text(long), time_text(short)),
        );
        candidate.at(widths.iter().filter(|width| !width.fits).map(|width| width.at).collect())
    })
}

fn scaled(scene: &Scene<'_>, camera: usize, widths: &[Width], limits: usize, tolerance: f64) -> Option<Candidate> {
    // Scaled exposures may fit a sequence best at a wrong place of it: every place is tried, the judged one first.
    let (factor, nominal) = (0..limits).find_map(|shift| {
        let nominal = |place: usize| widths.get((place + shift) % widths.len().max(1)).map(|width| width.nominal);
        let pairs: Vec<(f64, f64)> =
            widths.iter().enumerate().filter_map(|(i, width)| Some((width.value, nominal(i)?))).collect();
        // The last few have no neighbour to borrow from.
        let pairs = pairs.get(..pairs.len().checked_sub(shift)?)?;
        let factor = median(pairs.iter().map(|(value, nominal)| value / nominal).collect())?;
        let alike =
            pairs.iter().all(|(value, nominal)| (value - nominal * factor).abs() <= tolerance.max(value * 2e-3));
        (alike && pairs.len() >= 2).then_some((factor, nominal(0)?))
    })?;
    let wrong = widths.iter().filter(|width| !width.fits).count() * 10 >= widths.len() * 4;
    if !wrong {
        return None;
    }
    let period = scene.nominal(camera).map(|period| scene.seconds(period));
    let value = median(widths.iter().map(|width| width.value).collect())?;
    let capped = period.is_some_and(|period| (value - 0.3 * period).abs() <= tolerance.max(0.01 * value));
    let candidate = EXPOSURE_SCALED.seen(
        format!("all exposures last {} of what is asked for", percent(factor)),
        format!(
            "{}, about {} where {} is asked for",
            counted(widths.len(), "exposure"),
            time_text(value),
            time_text(nominal)
        ),
    );
    // A cap shortens, and to the same length whatever is asked for.
    let capped = capped && factor < 1.0;
    let in_steps = (factor - SPAN_STEPS).abs() < 0.004;
    let candidate = (candidate.supported_if(capped, &CAPPED).ruled_out_if(!capped, &CAPPED))
        .supported_if(in_steps, &COUNTED_IN_SPAN_STEPS)
        .ruled_out_if(!in_steps, &COUNTED_IN_SPAN_STEPS);
    Some(candidate.at(widths.iter().take(3).map(|width| width.at).collect()))
}

/// 9.49 us of a span step, counted for each row of 9.10 us (field guide, F14).
const SPAN_STEPS: f64 = 9.49 / 9.10;

fn varying(widths: &[Width]) -> Option<Candidate> {
    let off: Vec<&Width> = widths.iter().filter(|width| !width.fits).collect();
    let first = off.first()?;
    let excess: Vec<f64> = widths.iter().map(|width| width.value - width.nominal).collect();
    let evidence = format!(
        "{} of {} are off, by up to {} from one to another; the first lasts {} where {} is asked for",
        off.len(),
        counted(widths.len(), "exposure"),
        time_text(spread(&excess)),
        time_text(first.value),
        time_text(first.nominal)
    );
    let few = off.len() * 10 <= widths.len();
    let summary = if few { "single exposures have another length" } else { "the exposure varies" };
    let mut candidate = AUTO_EXPOSURE_ON.seen(summary.to_owned(), evidence);
    // Auto exposure goes from one length to another; it does not come back after a frame or two.
    candidate = candidate.ruled_out_if(few, &AUTO).supported_if(few, &SENT_FOR_A_FRAME).supported_if(!few, &AUTO);
    if let Some(step) = flicker_step(widths) {
        candidate
            .finding
            .evidence
            .push_str(&format!("; they are multiples of {}, as against the flicker of lamps", time_text(step)));
    }
    Some(candidate.at(off.iter().map(|width| width.at).collect()))
}

/// The half-wave of the mains whose multiples all exposures are, if they are.
fn flicker_step(widths: &[Width]) -> Option<f64> {
    [0.01, 1.0 / 120.0].into_iter().find(|step| {
        widths.iter().all(|width| {
            let waves = (width.value / step).round();
            waves >= 1.0 && (width.value - waves * step).abs() <= 0.02 * step
        })
    })
}
