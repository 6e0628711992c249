//! When the flash is lit: late, early, short, leaking, and for too long.

mod faults;

pub(super) use faults::{
    FLASH_EARLY, FLASH_LATE, FLASH_LEAK, FLASH_MISSING, FLASH_OVER_DUTY, FLASH_SHORT, FLASH_TIMEOUT,
};
pub(super) use faults::{NOT_FIRED, RECHARGING, WIRE_LOST_IT};

use super::claims::{Claim, ROLLING, Side, Which, is_beyond};
use super::fault::Candidate;
use super::series::{median, spread};
use super::view::{CaptureView, JudgedCamera, counted, percent, time_text};
use crate::frame::{CameraFrames, FlashPulse};
use crate::quantity::Quantity;
use crate::quantity::{duty, exposure, flash, flash_count, leak, pattern, rolling};
use crate::spec::Limit;
use crate::verdict::Check;
use faults::{
    CUT_OFF, DRIVER_DELAY, EXPOSURE_LONGER, HELD_TOO_LONG, NO_TIME_OUT, PULSE_CAPPED, PULSE_SET_SHORT, SINGLE_LATE,
    SOFTWARE_FLASH,
};

/// What is wrong with each camera's flash.
pub(super) fn find(view: &CaptureView<'_>) -> Vec<Candidate> {
    view.cameras().flat_map(of_camera).collect()
}

fn of_camera(camera: JudgedCamera<'_>) -> Vec<Candidate> {
    let found = [over_duty(camera), late(camera), early(camera), short(camera), leak(camera), tail(camera)];
    found.into_iter().flatten().collect()
}

fn of_flash(camera: JudgedCamera<'_>, candidate: Candidate, claims: Vec<Claim>, at: Vec<u64>) -> Candidate {
    let mut candidate = candidate.of_camera(camera.name(), claims).at(at);
    candidate.finding.line = Some("flash".to_owned());
    candidate
}

/// Claims on what does not pass of these, at these places; of a quantity with a side only what lies there.
fn claims(camera: JudgedCamera<'_>, at: &[u64], which: &[(&'static Quantity, Option<Side>)]) -> Vec<Claim> {
    let of = |(quantity, side): &(&'static Quantity, Option<Side>)| {
        let near = camera.not_passed_near(&[Which::One(quantity)], at);
        near.into_iter().map(|claim| side.map_or_else(|| claim.clone(), |side| claim.beyond(side))).collect::<Vec<_>>()
    };
    which.iter().flat_map(of).collect()
}

/// In how many of the frames: `in all 15 frames`, `in 3 of 15 frames`.
fn in_frames(count: usize, all: usize) -> String {
    if count >= all {
        format!("in all {}", counted(all, "frame"))
    } else {
        format!("in {count} of {}", counted(all, "frame"))
    }
}

fn above(check: Option<&Check>) -> Vec<u64> {
    let violations = check.map(|check| (check, &check.violations));
    let places = violations.into_iter().flat_map(|(check, violations)| {
        violations.iter().filter(|worst| {
            let max = worst.limit(check).and_then(Limit::max);
            max.is_some_and(|max| worst.value > *max)
        })
    });
    places.map(|worst| worst.from.get()).collect()
}

fn over_duty(camera: JudgedCamera<'_>) -> Option<Candidate> {
    let view = camera.capture;
    let (on_time, duty) = (camera.check(&flash::ON_TIME), camera.check(&duty::DUTY));
    let (long, often) = (above(on_time), above(duty));
    if long.is_empty() && often.is_empty() {
        return None;
    }
    let worst = |check: Option<&Check>| check?.statistics.as_ref().map(|statistics| statistics.max);
    let mut parts = Vec::new();
    let longest = worst(on_time).filter(|_| !long.is_empty());
    if let (Some(longest), Some(check)) = (longest, on_time) {
        let flashes = if check.failed == 1 { "1 flash is".to_owned() } else { format!("{} flashes are", check.failed) };
        parts.push(format!("{flashes} too long, up to {} where {} is allowed", time_text(longest), check.rule));
    }
    if let (false, Some(highest)) = (often.is_empty(), worst(duty)) {
        let rule = duty.map(|check| check.rule.as_str()).unwrap_or_default();
        parts.push(format!("it is on for {} of a second where {rule} is allowed", percent(highest / 100.0)));
    }
    let stays = longest.is_some_and(|longest| view.samples(longest) > camera.frame());
    let candidate = (FLASH_OVER_DUTY.seen("the flash is on for too long: switch it off".to_owned(), parts.join("; ")))
        .supported_if(stays, &NO_TIME_OUT);
    // Light for too long is light outside of the exposures, too.
    let which = [
        (&flash::ON_TIME, Some(Side::Above)),
        (&leak::LEAK, None),
        (&flash::LAG, Some(Side::Above)),
        (&flash_count::EXTRA, None),
        (&flash::HOLD, None),
    ];
    let at = if long.is_empty() { often.clone() } else { long };
    let mut claims = claims(camera, &at, &which);
    claims.extend(camera.not_passed(&[Which::One(&duty::DUTY)]));
    Some(of_flash(camera, candidate, claims, at))
}

/// An exposure, and its first and last flash.
#[derive(Debug, Clone, Copy)]
struct Lighting {
    from: u64,
    width: f64,
    /// How long after the exposure's start the flash begins, in samples.
    began: Option<f64>,
    /// How long after the exposure's end the flash ends, in samples.
    ended: Option<f64>,
    /// How long the flash lasts, if it is one.
    lasts: Option<f64>,
}

/// The exposures that were seen whole and have a flash.
struct Lit(Vec<Lighting>);

impl Lit {
    fn of(frames: &CameraFrames) -> Lit {
        let whole = frames.exposures.iter().filter(|exposure| exposure.pulse.is_whole());
        let lighting = |exposure: &crate::frame::Exposure| {
            let flash = |place: Option<&usize>| -> Option<&FlashPulse> { frames.flashes.get(*place?) };
            let (first, last) = (flash(exposure.flashes.first())?, flash(exposure.flashes.last())?);
            let (start, end) = (first.pulse.start.edge(), last.pulse.end.edge());
            let single = exposure.flashes.len() == 1;
            Some(Lighting {
                from: exposure.pulse.from().get(),
                width: (exposure.pulse.to() - exposure.pulse.from()).get() as f64,
                began: start.map(|start| (start.at() - exposure.pulse.from()).get() as f64),
                ended: end.map(|end| (end.at() - exposure.pulse.to()).get() as f64),
                lasts: start.zip(end).filter(|_| single).map(|(start, end)| (end.at() - start.at()).get() as f64),
            })
        };
        Lit(whole.filter_map(lighting).collect())
    }

    /// Those whose value holds, with their places.
    fn of_those(&self, value: impl Fn(&Lighting) -> Option<f64>, holds: impl Fn(f64) -> bool) -> Vec<(f64, u64)> {
        (self.0.iter()).filter_map(|lit| Some((value(lit).filter(|value| holds(*value))?, lit.from))).collect()
    }
}

fn places(values: &[(f64, u64)]) -> Vec<u64> {
    values.iter().map(|(_, at)| *at).collect()
}

/// What these values are: `1.95 ms`, or `up to 1.95 ms` where they differ.
fn size_text(view: &CaptureView<'_>, values: &[(f64, u64)]) -> String {
    let sizes: Vec<f64> = values.iter().map(|(value, _)| value.abs()).collect();
    let most = sizes.iter().copied().fold(0.0, f64::max);
    let up_to = if spread(&sizes) > 2.0_f64.max(most * 0.05) { "up to " } else { "" };
    format!("{up_to}{}", view.time(most))
}

/// Whether a flash moves with its exposure, as the hardware does it: offsets that differ by less than this.
const HARDWARE_S: f64 = 100e-6;

fn late(camera: JudgedCamera<'_>) -> Option<Candidate> {
    let view = camera.capture;
    if !camera.any_broken(&[&flash::LEAD, &flash::COVERAGE, &flash::LATENCY, &flash_count::MISSING]) {
        return None;
    }
    let lit = Lit::of(camera.frames());
    // Lead is before the exposure; late is what falls below the least lead that is allowed, or simply after the start.
    let least = camera.bounds(&flash::LEAD).0;
    let allowed = least.map_or(view.samples(LATE_S), |least| -least);
    let touching = lit.of_those(|lit| lit.began, |began| began > allowed + 1.0);
    let (late, all) = if touching.is_empty() {
        (too_late_to_touch(camera), camera.frames().exposures.len())
    } else {
        (touching, lit.0.len())
    };
    let values: Vec<f64> = late.iter().map(|(value, _)| *value).collect();
    let usual = median(values.clone())?;
    let how_far = match usual < 0.0 {
        true => format!("only {} before", view.time(usual.abs())),
        false => format!("{} after", size_text(view, &late)),
    };
    let summary = format!("the flash starts {how_far} the exposure {}", in_frames(late.len(), all));
    let (constant, many) = (view.seconds(spread(&values)) <= HARDWARE_S, late.len() * 2 > all);
    let candidate = (FLASH_LATE.seen(summary, allowed_text(camera, &flash::LEAD, &flash::COVERAGE)))
        .supported_if(constant && many, &DRIVER_DELAY)
        .ruled_out_if(!(constant && many), &DRIVER_DELAY)
        .supported_if(!constant && many, &SOFTWARE_FLASH)
        .ruled_out_if(constant && many, &SOFTWARE_FLASH)
        .supported_if(!many, &SINGLE_LATE)
        .ruled_out_if(many, &SINGLE_LATE)
        .remedied(
            &DRIVER_DELAY,
            format!("fire the flash {} earlier, or from STROBE", view.time(usual + least.unwrap_or(0.0))),
        );
    // A flash that is moved ends late, too.
    let which = [
        (&flash::LEAD, Some(Side::Below)),
        (&flash::COVERAGE, None),
        (&flash::LATENCY, Some(Side::Above)),
        (&flash::LAG, Some(Side::Above)),
        (&leak::LEAK, None),
        (&flash_count::MISSING, None),
        (&flash_count::EXTRA, None),
        (&flash::HOLD, None),
        (&rolling::MARGIN_END, None),
        (&pattern::PATTERN, None),
    ];
    let at = places(&late);
    let claims = claims(camera, &at, &which);
    Some(of_flash(camera, candidate, claims, at))
}

/// What is asked for of one quantity, else of the other.
fn allowed_text(camera: JudgedCamera<'_>, quantity: &Quantity, else_of: &Quantity) -> String {
    let check = [quantity, else_of, &flash_count::MISSING].into_iter().find_map(|of| camera.check(of));
    check.map_or_else(String::new, |check| format!("asked for: {} {}", check.quantity.id, check.rule))
}

/// Hardware lights the flash within this of the exposure's start (field guide, C21).
const LATE_S: f64 = 50e-6;

/// Flashes that begin after the exposure they were meant for has ended: how late, and where.
fn too_late_to_touch(camera: JudgedCamera<'_>) -> Vec<(f64, u64)> {
    let frames = camera.frames();
    let mut late = Vec::new();
    for flash in frames.flashes.iter().filter(|flash| flash.touches.is_empty()) {
        let before = flash.touches.start.checked_sub(1).and_then(|place| frames.exposures.get(place));
        if let Some(exposure) = before.filter(|exposure| exposure.flashes.is_empty()) {
            late.push(((flash.pulse.from() - exposure.pulse.from()).get() as f64, flash.pulse.from().get()));
        }
    }
    late
}

fn early(camera: JudgedCamera<'_>) -> Option<Candidate> {
    let view = camera.capture;
    if !camera.is_broken(&flash::LEAD) {
        return None;
    }
    let lit = Lit::of(camera.frames());
    let most = camera.bounds(&flash::LEAD).1?;
    let early = lit.of_those(|lit| lit.began, |began| -began > most + 1.0);
    if early.is_empty() {
        return None;
    }
    let side = if early.iter().all(|(began, _)| *began < 0.0) { "before" } else { "after" };
    let candidate = FLASH_EARLY.seen(
        format!(
            "the flash starts {} {side} the exposure {}",
            size_text(view, &early),
            in_frames(early.len(), lit.0.len())
        ),
        allowed_text(camera, &flash::LEAD, &flash::LEAD),
    );
    let which = [
        (&flash::LEAD, Some(Side::Above)),
        (&flash::LAG, Some(Side::Below)),
        (&flash::COVERAGE, None),
        (&flash::LATENCY, Some(Side::Below)),
        (&leak::LEAK, None),
        (&flash::HOLD, None),
        (&rolling::MARGIN_START, None),
        (&pattern::PATTERN, None),
    ];
    let at = places(&early);
    let claims = claims(camera, &at, &which);
    Some(of_flash(camera, candidate, claims, at))
}

/// The emitters of OAK-D Pro are on for no more of a frame (field guide, section 0, item 5).
const CAP: f64 = 0.3;

fn short(camera: JudgedCamera<'_>) -> Option<Candidate> {
    let view = camera.capture;
    if !camera.any_broken(&[&flash::LAG, &flash::COVERAGE, &rolling::MARGIN_END]) {
        return None;
    }
    let lit = Lit::of(camera.frames());
    let least = camera.bounds(&flash::LAG).0.unwrap_or(0.0);
    let short = lit.of_those(|lit| lit.ended, |ended| ended < least - 1.0);
    let usual = median(short.iter().map(|(ended, _)| *ended).collect())?;
    let frames = in_frames(short.len(), lit.0.len());
    let asked = allowed_text(camera, &flash::LAG, &flash::COVERAGE);
    let at = places(&short);
    let is_short = |lighting: &&Lighting| at.binary_search(&lighting.from).is_ok();
    let lasts: Vec<f64> = lit.0.iter().filter(is_short).filter_map(|lit| lit.lasts).collect();
    let longest = lit.0.iter().filter_map(|lit| lit.lasts).fold(0.0, f64::max);
    let widths: Vec<f64> = lit.0.iter().map(|lit| lit.width).collect();
    let alike = spread(&lasts) <= 3.0_f64.max(longest * 5e-3);
    let varies = spread(&widths) > 0.1 * longest;
    // None is longer than what cuts the others off.
    let lasting = median(lasts.clone())?;
    let cut_off = alike && varies && lasts.len() >= 2 && longest <= lasting + 3.0_f64.max(longest * 5e-3);
    let fault = if cut_off { &FLASH_TIMEOUT } else { &FLASH_SHORT };
    let summary = match (cut_off, usual < 0.0) {
        (true, _) => {
            format!("the flash is cut off after {} however long the exposure is, {frames}", view.time(lasting))
        }
        (false, true) => format!("the flash goes out {} before the exposure ends {frames}", size_text(view, &short)),
        (false, false) => format!("the flash ends only {} after the exposure {frames}", view.time(usual)),
    };
    let capped = alike && (lasting - CAP * camera.frame()).abs() <= 3.0_f64.max(lasting * 0.01);
    let longer = is_beyond(camera.check(&exposure::TIME), Side::Above);
    let candidate = (fault.seen(summary, asked))
        .supported_if(true, &CUT_OFF)
        .supported_if(capped, &PULSE_CAPPED)
        .ruled_out_if(!capped, &PULSE_CAPPED)
        .supported_if(longer, &EXPOSURE_LONGER)
        .ruled_out_if(!longer, &EXPOSURE_LONGER)
        .supported_if(alike && !capped && !longer, &PULSE_SET_SHORT);
    let which = [
        (&flash::LAG, Some(Side::Below)),
        (&flash::COVERAGE, None),
        (&flash::ON_TIME, Some(Side::Below)),
        (&flash::HOLD, None),
    ];
    let mut claims = claims(camera, &at, &which);
    claims.extend(camera.not_passed_near(&[ROLLING], &at));
    Some(of_flash(camera, candidate, claims, at))
}

fn leak(camera: JudgedCamera<'_>) -> Option<Candidate> {
    let view = camera.capture;
    if !camera.any_broken(&[&flash::LAG, &leak::LEAK, &flash_count::EXTRA]) {
        return None;
    }
    let lit = Lit::of(camera.frames());
    let most = camera.bounds(&flash::LAG).1;
    let behind = most.map(|most| lit.of_those(|lit| lit.ended, |ended| ended > most + 1.0)).unwrap_or_default();
    let leaked = above(camera.check(&leak::LEAK));
    let (long, at) = if behind.is_empty() {
        let (first, last) = (leaked.first()?, leaked.last()?);
        let near = |lit: &Lighting| lit.from + (camera.frame() as u64) >= *first && lit.from <= *last;
        let lit =
            lit.0.iter().filter(|lit| near(lit)).filter_map(|lit| Some((lit.ended.filter(|e| *e > 0.0)?, lit.from)));
        (lit.collect::<Vec<_>>(), leaked)
    } else {
        // The light that leaks begins where the exposure ends.
        let ends = behind.iter().filter_map(|(_, from)| lit.0.iter().find(|lit| lit.from == *from));
        (behind.clone(), ends.map(|lit| lit.from + lit.width as u64).collect())
    };
    let summary = match long.is_empty() {
        true => format!("the flash is lit outside of the exposures, first at {}", view.when(*at.first()?)),
        false => format!(
            "the flash stays on for {} after the exposure {}",
            size_text(view, &long),
            in_frames(long.len(), lit.0.len())
        ),
    };
    let shorter = is_beyond(camera.check(&exposure::TIME), Side::Below);
    let candidate = FLASH_LEAK.seen(summary, allowed_text(camera, &flash::LAG, &leak::LEAK));
    let candidate = match shorter {
        true => candidate.ruled_out_if(true, &HELD_TOO_LONG).because(
            "the exposure was made shorter and the flash was not",
            "set the exposure to what the spec asks for, or shorten the flash by as much",
        ),
        false => candidate,
    };
    let which =
        [(&flash::LAG, Some(Side::Above)), (&leak::LEAK, None), (&flash_count::EXTRA, None), (&flash::HOLD, None)];
    let mut claims = claims(camera, &at, &which);
    // Light that leaks in most frames leaks before the first and behind the last exposure, too.
    if long.len() * 2 > lit.0.len() {
        claims.extend(camera.not_passed(&[Which::One(&leak::LEAK)]));
    }
    Some(of_flash(camera, candidate, claims, at))
}

/// A flash that is still lit when the next exposure begins.
fn tail(camera: JudgedCamera<'_>) -> Option<Candidate> {
    let view = camera.capture;
    if !camera.any_broken(&[&pattern::PATTERN, &leak::LEAK, &flash::LAG]) {
        return None;
    }
    let frames = camera.frames();
    let into = |flash: &FlashPulse| {
        let next = frames.exposures.get(flash.touches.end.checked_sub(1)?)?;
        let end = flash.pulse.end.edge()?;
        let began_before = flash.touches.len() >= 2 && flash.pulse.from() < next.pulse.from();
        let tail = (end.at() - next.pulse.from()).get() as f64;
        (began_before && tail > 0.0 && end.at() < next.pulse.to()).then(|| (tail, next.pulse.from().get()))
    };
    let tails: Vec<(f64, u64)> = frames.flashes.iter().filter_map(into).collect();
    let first = *tails.first()?;
    let candidate = FLASH_LEAK.seen(
        format!(
            "the flash is still lit for {} when the next exposure begins, {}",
            size_text(view, &tails),
            in_frames(tails.len(), frames.exposures.len())
        ),
        format!("first in the exposure at {}", view.when(first.1)),
    );
    let which = [
        (&pattern::PATTERN, None),
        (&leak::LEAK, None),
        (&flash::LAG, Some(Side::Above)),
        (&flash::LEAD, Some(Side::Above)),
        (&flash::HOLD, None),
    ];
    let at = places(&tails);
    let claims = claims(camera, &at, &which);
    Some(of_flash(camera, candidate, claims, at))
}
