//! When the flash is lit: late, short, leaking, and for too long.

use super::Severity;
use super::fault::{Candidate, Cause, Fault};
use super::scene::{Scene, counted, percent};
use super::series::median;
use crate::frame::{CameraFrames, FlashPulse};
use crate::verdict::Check;

/// Field guide, F26.
pub(super) static FLASH_LATE: Fault = Fault {
    id: "flash-late",
    number: "F26",
    severity: Severity::Fail,
    about: "The flash is lit after the exposure has begun, by more than is allowed.",
    drawing: "\
STROBE  __|~~~~~~~~~~|________|~~~~~~~~~~|______
FLASH   _____|~~~~~~~~~~|________|~~~~~~~~~~|___
          <-> dark",
    causes: &[&DRIVER_DELAY, &SOFTWARE_FLASH, &SINGLE_LATE],
    look_alikes: &[],
};

static DRIVER_DELAY: Cause = Cause {
    why: "the driver's own delay",
    remedy: "fire the flash earlier by as much, or state its delay: flash.lead",
};
static SOFTWARE_FLASH: Cause = Cause {
    why: "the flash is triggered by software or over a network (5 ms and more on average)",
    remedy: "fire the flash from STROBE",
};
static SINGLE_LATE: Cause = Cause {
    why: "in these frames the driver was not ready: it was still recharging, or its firmware was busy",
    remedy: "probe the driver's input beside its output: if the input is on time, it is the driver; lower the rate or the pulse then",
};

/// Field guide, F26.
pub(super) static FLASH_SHORT: Fault = Fault {
    id: "flash-short",
    number: "F26",
    severity: Severity::Fail,
    about: "The flash goes out before the exposure ends.",
    drawing: "\
STROBE  __|~~~~~~~~~~|________|~~~~~~~~~~|______
FLASH   __|~~~~~~|____________|~~~~~~|__________
                 <--> dark",
    causes: &[&PULSE_SET_SHORT, &PULSE_CAPPED, &EXPOSURE_LONGER],
    look_alikes: &[],
};

static PULSE_SET_SHORT: Cause = Cause {
    why: "the driver's pulse is set shorter than the exposure",
    remedy: "lengthen the flash pulse, or let it follow STROBE",
};
static PULSE_CAPPED: Cause = Cause {
    why: "the driver caps the pulse (30 % of the frame time for IR)",
    remedy: "shorten the exposure to what the flash lasts",
};
static EXPOSURE_LONGER: Cause = Cause {
    why: "the exposure was made longer and the flash was not",
    remedy: "shorten the exposure again, or lengthen the flash by as much",
};

/// Field guide, F27.
pub(super) static FLASH_LEAK: Fault = Fault {
    id: "flash-leak",
    number: "F27",
    severity: Severity::Fail,
    about: "The flash is lit outside of the exposure: into the readout, or into the next frame.",
    drawing: "\
STROBE  __|~~~~~~~~~~|________|~~~~~~~~~~|______
FLASH   __|~~~~~~~~~~~~~~|____|~~~~~~~~~~~~~~|__
                      <--> light that no exposure uses",
    causes: &[&HELD_TOO_LONG],
    look_alikes: &[],
};

static HELD_TOO_LONG: Cause = Cause {
    why: "the hold time of the flash (\"exposure + delta\") is too long",
    remedy: "shorten the hold time; `strobecheck measure` shows flash.hold, which is how much is needed",
};

/// Field guide, F28.
pub(super) static FLASH_OVER_DUTY: Fault = Fault {
    id: "flash-over-duty",
    number: "F28",
    severity: Severity::Fail,
    about: "The flash is on for longer, or more often, than its limit: a danger to the emitter, and to eyes.",
    drawing: "\
limit   __|~~~~~|_____________|~~~~~|___________
FLASH   __|~~~~~~~~~~~~~~~~~|_|~~~~~~~~~~~~~~~~~",
    causes: &[&NO_TIME_OUT, &SET_TOO_HIGH],
    look_alikes: &[],
};

static NO_TIME_OUT: Cause = Cause {
    why: "the driver's time-out does not work, or its trigger stays active",
    remedy: "switch the emitter off and look at the driver's trigger input before the next run",
};
static SET_TOO_HIGH: Cause = Cause {
    why: "the pulse or the frame rate is set too high for this emitter",
    remedy: "shorten the pulse or lower the frame rate",
};

/// What is wrong with each camera's flash.
pub(super) fn find(scene: &Scene<'_>) -> Vec<Candidate> {
    (0..scene.observation.rig.cameras.len()).flat_map(|camera| of_camera(scene, camera)).collect()
}

fn of_camera(scene: &Scene<'_>, camera: usize) -> Vec<Candidate> {
    let found = [over_duty(scene, camera), late(scene, camera), short(scene, camera), leak(scene, camera)];
    found.into_iter().flatten().collect()
}

fn of_flash(scene: &Scene<'_>, camera: usize, candidate: Candidate, explains: &[&str], at: Vec<u64>) -> Candidate {
    let explains = scene.not_passed(&[camera], explains);
    let mut candidate = candidate.of_camera(camera, scene.camera_name(camera), explains).at(at);
    candidate.finding.line = Some("flash".to_owned());
    candidate
}

fn above(check: Option<&Check>) -> Vec<u64> {
    let violations = check.map(|check| (check, &check.violations));
    let places = violations.into_iter().flat_map(|(check, violations)| {
        violations.iter().filter(|worst| {
            let max = worst.limit(check).and_then(crate::spec::Limit::max);
            max.is_some_and(|max| worst.value > *max)
        })
    });
    places.map(|worst| worst.from.get()).collect()
}

fn over_duty(scene: &Scene<'_>, camera: usize) -> Option<Candidate> {
    let (on_time, duty) = (scene.check(camera, "flash.on-time"), scene.check(camera, "flash.duty"));
    let (long, often) = (above(on_time), above(duty));
    if long.is_empty() && often.is_empty() {
        return None;
    }
    let worst = |check: Option<&Check>| check?.statistics.as_ref().map(|statistics| statistics.max);
    let mut parts = Vec::new();
    if let (false, Some(longest)) = (long.is_empty(), worst(on_time)) {
        let rule = on_time.map(|check| check.rule.as_str()).unwrap_or_default();
        parts.push(format!(
            "{} too long, up to {} where {rule} is allowed",
            counted(long.len(), "flash").replace("flashs", "flashes"),
            super::scene::time_text(longest)
        ));
    }
    if let (false, Some(highest)) = (often.is_empty(), worst(duty)) {
        let rule = duty.map(|check| check.rule.as_str()).unwrap_or_default();
        parts.push(format!("it is on for {} of a second where {rule} is allowed", percent(highest / 100.0)));
    }
    let candidate = FLASH_OVER_DUTY.seen("the flash is on for too long: switch it off".to_owned(), parts.join("; "));
    let at = if long.is_empty() { often } else { long };
    // Light for too long is light outside of the exposures, too.
    Some(of_flash(
        scene,
        camera,
        candidate,
        &["flash.on-time", "flash.duty", "flash.leak", "flash.lag", "flash.extra", "flash.hold"],
        at,
    ))
}

/// Exposures with their first and last flash: how long after the exposure the flash began, and ended, in samples.
struct Lit {
    began_after: Vec<(f64, u64)>,
    ended_after: Vec<(f64, u64)>,
}

impl Lit {
    fn of(frames: &CameraFrames) -> Lit {
        let mut lit = Lit { began_after: Vec::new(), ended_after: Vec::new() };
        for exposure in frames.exposures.iter().filter(|exposure| exposure.pulse.is_whole()) {
            let flash = |place: Option<&usize>| -> Option<&FlashPulse> { frames.flashes.get(*place?) };
            let (first, last) = (flash(exposure.flashes.first()), flash(exposure.flashes.last()));
            let at = exposure.pulse.from().get();
            if let Some(start) = first.and_then(|flash| flash.pulse.start.edge()) {
                lit.began_after.push(((start.at() - exposure.pulse.from()).get() as f64, at));
            }
            if let Some(end) = last.and_then(|flash| flash.pulse.end.edge()) {
                lit.ended_after.push(((end.at() - exposure.pulse.to()).get() as f64, at));
            }
        }
        lit
    }
}

/// The largest of these, and where the first few above the limit are.
fn beyond(values: &[(f64, u64)], limit: f64) -> Option<(f64, Vec<u64>)> {
    let over: Vec<&(f64, u64)> = values.iter().filter(|(value, _)| *value > limit).collect();
    let most = over.iter().map(|(value, _)| *value).max_by(f64::total_cmp)?;
    Some((most, over.iter().map(|(_, at)| *at).collect()))
}

/// The bounds of a check's limit in samples.
fn bounds(scene: &Scene<'_>, camera: usize, id: &str) -> (Option<f64>, Option<f64>) {
    let limit = scene.check(camera, id).and_then(|check| check.limits.first());
    let samples = |seconds: &crate::units::Rational| scene.samples(seconds.to_f64());
    (limit.and_then(|limit| limit.min()).map(samples), limit.and_then(|limit| limit.max()).map(samples))
}

fn late(scene: &Scene<'_>, camera: usize) -> Option<Candidate> {
    if !scene.any_broken(camera, &["flash.lead", "flash.coverage", "flash.latency", "flash.missing"]) {
        return None;
    }
    let lit = Lit::of(scene.camera(camera));
    // Lead is before the exposure; late is what falls below the least lead that is allowed, or simply after the start.
    let allowed = bounds(scene, camera, "flash.lead").0.map_or(scene.samples(LATE_S), |least| -least);
    let late = beyond(&lit.began_after, allowed + 1.0);
    let missed = too_late_to_touch(scene, camera);
    let (most, at) = late.or(missed)?;
    let all: Vec<f64> = lit.began_after.iter().map(|(value, _)| *value).collect();
    let usual = median(all.clone()).unwrap_or(most);
    let many = at.len() * 2 > all.len();
    let candidate = FLASH_LATE.seen(
        format!("the flash is late{}", if many { "" } else { " in some frames" }),
        format!(
            "it is lit {} after the exposure begins, at most {}, in {}",
            scene.time(if many { usual } else { most }),
            scene.time(most),
            counted(at.len(), "frame")
        ),
    );
    // A flash that is moved ends late, too.
    Some(of_flash(
        scene,
        camera,
        candidate,
        &[
            "flash.lead",
            "flash.coverage",
            "flash.latency",
            "flash.lag",
            "flash.leak",
            "flash.missing",
            "flash.extra",
            "flash.hold",
            "rolling.",
        ],
        at,
    ))
}

/// Hardware lights the flash within this of the exposure's start (field guide, C21).
const LATE_S: f64 = 50e-6;

/// Flashes that begin after the exposure they were meant for has ended: how late, and where.
fn too_late_to_touch(scene: &Scene<'_>, camera: usize) -> Option<(f64, Vec<u64>)> {
    let frames = scene.camera(camera);
    let mut late = Vec::new();
    for flash in frames.flashes.iter().filter(|flash| flash.touches.is_empty()) {
        let before = flash.touches.start.checked_sub(1).and_then(|place| frames.exposures.get(place));
        if let Some(exposure) = before.filter(|exposure| exposure.flashes.is_empty()) {
            late.push(((flash.pulse.from() - exposure.pulse.from()).get() as f64, flash.pulse.from().get()));
        }
    }
    beyond(&late, 0.0)
}

fn short(scene: &Scene<'_>, camera: usize) -> Option<Candidate> {
    if !scene.any_broken(camera, &["flash.lag", "flash.coverage", "rolling.margin-end"]) {
        return None;
    }
    let early: Vec<(f64, u64)> =
        Lit::of(scene.camera(camera)).ended_after.iter().map(|(value, at)| (-value, *at)).collect();
    let allowed = bounds(scene, camera, "flash.lag").0.map_or(0.0, |least| -least);
    let (most, at) = beyond(&early, allowed + 1.0)?;
    let candidate = FLASH_SHORT.seen(
        "the flash goes out before the exposure ends".to_owned(),
        format!("up to {} before, in {} of {}", scene.time(most), at.len(), counted(early.len(), "exposure")),
    );
    Some(of_flash(
        scene,
        camera,
        candidate,
        &["flash.lag", "flash.coverage", "flash.on-time", "flash.hold", "rolling."],
        at,
    ))
}

fn leak(scene: &Scene<'_>, camera: usize) -> Option<Candidate> {
    if !scene.any_broken(camera, &["flash.lag", "flash.leak", "flash.extra"]) {
        return None;
    }
    let after = Lit::of(scene.camera(camera)).ended_after;
    let allowed = bounds(scene, camera, "flash.lag").1;
    let leaked = above(scene.check(camera, "flash.leak"));
    let (most, at) = match allowed.and_then(|most| beyond(&after, most + 1.0)) {
        Some(found) => found,
        None if !leaked.is_empty() => (after.iter().map(|(value, _)| *value).fold(0.0, f64::max), leaked),
        None => return None,
    };
    let candidate = FLASH_LEAK.seen(
        "the flash is lit outside of the exposures".to_owned(),
        format!("it stays on for up to {} after the exposure, first at {}", scene.time(most), scene.when(*at.first()?)),
    );
    Some(of_flash(scene, camera, candidate, &["flash.lag", "flash.leak", "flash.extra", "flash.hold"], at))
}
