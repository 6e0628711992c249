//! When the flash is lit: late, early, short, leaking, and for too long.

mod extra;
mod faults;
mod lit;

pub(super) use faults::{
    FLASH_EARLY, FLASH_LATE, FLASH_LEAK, FLASH_MISSING, FLASH_OVER_DUTY, FLASH_SHORT, FLASH_TIMEOUT,
};
pub(super) use faults::{NOT_FIRED, RECHARGING, WIRE_LOST_IT};

use super::claims::{Claim, ROLLING, Side, Which, is_above, is_beyond};
use super::fault::Candidate;
use super::series::{median, spread};
use super::view::{CaptureView, JudgedCamera, percent, time_text};
use crate::frame::FlashPulse;
use crate::quantity::Quantity;
use crate::quantity::{duty, exposure, flash, flash_count, leak, pattern, rolling};
use crate::verdict::Check;
use faults::{
    CUT_OFF, DRIVER_DELAY, EXPOSURE_LONGER, HELD_TOO_LONG, LEAD_SET_TOO_LONG, NO_TIME_OUT, PULSE_CAPPED,
    PULSE_SET_SHORT, SINGLE_LATE, SOFTWARE_FLASH,
};
use lit::{Lighting, Lit, in_frames, most, places, size_text};

/// What is wrong with each camera's flash.
pub(super) fn find(view: &CaptureView<'_>) -> Vec<Candidate> {
    view.cameras().flat_map(of_camera).collect()
}

fn of_camera(camera: JudgedCamera<'_>) -> Vec<Candidate> {
    let found = [over_duty(camera), late(camera), early(camera), short(camera), leak(camera), tail(camera)];
    found.into_iter().chain([extra::too_many(camera)]).flatten().collect()
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

fn above(check: Option<&Check>) -> Vec<u64> {
    let above = |check: &Check| {
        let above = check.violations.iter().filter(|worst| is_above(check, worst));
        above.map(|worst| worst.from.get()).collect()
    };
    check.map(above).unwrap_or_default()
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
        .settled(constant && many, &DRIVER_DELAY)
        .supported_if(!constant && many, &SOFTWARE_FLASH)
        .ruled_out_if(constant && many, &SOFTWARE_FLASH)
        .settled(!many, &SINGLE_LATE)
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
        let ended = frames.exposures.partition_point(|exposure| exposure.pulse.to() <= flash.pulse.from());
        let before = ended.checked_sub(1).and_then(|place| frames.exposures.get(place));
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
        .settled(capped, &PULSE_CAPPED)
        .settled(longer, &EXPOSURE_LONGER)
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

/// Light outside of the exposures that were seen whole.
struct Outside {
    /// How much of it is before an exposure, in samples, with the exposure's place.
    before: Vec<(f64, u64)>,
    /// How much of it is after one.
    after: Vec<(f64, u64)>,
    /// How many exposures have it.
    frames: usize,
    /// Where it is.
    at: Vec<u64>,
}

impl Outside {
    /// Light that lasts longer than the lag that is allowed; none where none does.
    fn behind(camera: JudgedCamera<'_>, lit: &Lit) -> Option<Outside> {
        let most = camera.bounds(&flash::LAG).1?;
        let is_long = |lit: &&Lighting| lit.ended.is_some_and(|ended| ended > most + 1.0);
        let after: Vec<(f64, u64)> =
            lit.0.iter().filter(is_long).filter_map(|lit| Some((lit.ended?, lit.from))).collect();
        // The light that leaks begins where the exposure ends.
        let at: Vec<u64> = lit.0.iter().filter(is_long).map(|lit| lit.from + lit.width as u64).collect();
        (!after.is_empty()).then(|| Outside { before: Vec::new(), frames: after.len(), after, at })
    }

    /// Light on both sides of all exposures that have as much as those at which there is too much; no side of light that is at none.
    fn around(camera: JudgedCamera<'_>, lit: &Lit) -> Option<Outside> {
        let at = above(camera.check(&leak::LEAK));
        let total = |lit: &Lighting| lit.outside().0 + lit.outside().1;
        let too_much = |from: u64| {
            let leaked = camera.check(&leak::LEAK)?.violations.iter().find(|worst| worst.from.get() == from)?;
            let touches = |lit: &&Lighting| lit.from <= leaked.to.get() && lit.from + lit.width as u64 >= from;
            let most = lit.0.iter().filter(touches).map(total).fold(0.0, f64::max);
            // Most of the light may be of a flash that touches no exposure.
            (most * 2.0 > camera.capture.samples(leaked.value.to_f64())).then_some(most)
        };
        let least = at.iter().map(|from| too_much(*from)).collect::<Option<Vec<f64>>>()?;
        let least = least.into_iter().fold(f64::INFINITY, f64::min);
        let like = |lit: &&Lighting| total(lit) >= least * 0.95;
        let side = |of: fn((f64, f64)) -> f64| -> Vec<(f64, u64)> {
            let of = lit.0.iter().filter(like).map(|lit| (of(lit.outside()), lit.from));
            of.filter(|(light, _)| *light > 1.0).collect()
        };
        let frames = lit.0.iter().filter(like).count();
        (!at.is_empty()).then(|| Outside {
            before: side(|(before, _)| before),
            after: side(|(_, after)| after),
            frames,
            at,
        })
    }

    fn summary(&self, view: &CaptureView<'_>, all: usize) -> String {
        let frames = in_frames(self.frames, all);
        let (before, after) = (size_text(view, &self.before), size_text(view, &self.after));
        match (self.before.is_empty(), self.after.is_empty()) {
            (true, _) => format!("the flash stays on for {after} after the exposure {frames}"),
            (false, true) => format!("the flash is lit for {before} before the exposure {frames}"),
            (false, false) => {
                format!("the flash is lit for {before} before and for {after} after the exposure {frames}")
            }
        }
    }

    /// Whether most of it is before the exposures.
    fn is_early(&self) -> bool {
        let sum = |side: &[(f64, u64)]| side.iter().map(|(light, _)| light).sum::<f64>();
        sum(&self.before) > sum(&self.after)
    }
}

fn leak(camera: JudgedCamera<'_>) -> Option<Candidate> {
    let view = camera.capture;
    if !camera.any_broken(&[&flash::LAG, &leak::LEAK, &flash_count::EXTRA]) {
        return None;
    }
    let lit = Lit::of(camera.frames());
    let outside = Outside::behind(camera, &lit).or_else(|| Outside::around(camera, &lit));
    let (summary, at) = match &outside {
        Some(outside) => (outside.summary(view, lit.0.len()), outside.at.clone()),
        None => {
            let at = above(camera.check(&leak::LEAK));
            (format!("the flash is lit outside of the exposures, first at {}", view.when(*at.first()?)), at)
        }
    };
    let mut evidence = allowed_text(camera, &flash::LAG, &leak::LEAK);
    if let Some(check) = camera.check(&leak::LEAK).filter(|check| check.failed > 0) {
        let many = in_frames(check.failed as usize, check.measured as usize);
        evidence.push_str(&format!("; flash.leak is proven to be too long {many}"));
    }
    let shorter = is_beyond(camera.check(&exposure::TIME), Side::Below);
    let candidate = FLASH_LEAK.seen(summary, evidence);
    let candidate = match &outside {
        Some(outside) if outside.is_early() => candidate.ruled_out_if(true, &HELD_TOO_LONG).remedied(
            &LEAD_SET_TOO_LONG,
            format!("fire the flash later, by {} at most", view.time(most(&outside.before))),
        ),
        Some(_) => candidate.ruled_out_if(true, &LEAD_SET_TOO_LONG),
        None => candidate,
    };
    let candidate = match shorter && !outside.as_ref().is_some_and(Outside::is_early) {
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
    if outside.is_some_and(|outside| outside.frames * 2 > lit.0.len()) {
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
    let into = |flash: FlashPulse| {
        let next = frames.exposures.get(*flash.touches.last()?)?;
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
    let candidate = candidate.ruled_out_if(true, &LEAD_SET_TOO_LONG);
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
