//! How long exposures last: too long for the frame, scaled, alternating, automatic, changed late.

mod faults;

pub(super) use faults::{
    ALTERNATING_EXPOSURE, AUTO_EXPOSURE_ON, EXPOSURE_EXCEEDS_FRAME, EXPOSURE_SCALED, LATE_EXPOSURE_CHANGE,
};

use super::claims::{EXPOSURE, FLASH, FRAME, PLACED, ROLLING, SKEW, Which, allows, is_above};
use super::fault::Candidate;
use super::series::{autocorrelation, median, spread};
use super::view::{CaptureView, JudgedCamera, SLOWEST_EDGE_S, TWO_ROWS_S, counted, percent, time_text};
use crate::line::Span;
use crate::line::limits::HALF_WAVES_HZ;
use crate::quantity::{exposure, flash, frame_count};
use crate::rig::Alignment;
use crate::verdict::{Check, Standing};
use faults::{AUTO, AUTO_TOO_LONG, CAPPED, COUNTED_IN_SPAN_STEPS, SENT_FOR_A_FRAME, SET_OTHERWISE, TWO_ARE_MEANT};

/// A judged exposure and what it should have been, in seconds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Width {
    pub(super) value: f64,
    pub(super) nominal: f64,
    fits: bool,
    at: u64,
    frame: Option<i64>,
}

impl Width {
    /// From its start to its end.
    fn span(&self, view: &CaptureView<'_>) -> Span {
        Span { from: self.at.saturating_sub(view.samples(self.value) as u64), to: self.at }
    }
}

/// The exposures that a check judged and that were seen whole.
pub(super) fn widths(camera: JudgedCamera<'_>, check: &Check) -> Vec<Width> {
    let exposures = camera.frames().exposures.iter();
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
                frame: value.frame,
            })
        })
        .collect()
}

/// Exposures that leave the frame no pause.
pub(super) fn find_overlong(view: &CaptureView<'_>) -> Vec<Candidate> {
    view.cameras().filter_map(overlong).collect()
}

/// A sensor needs so much pause between exposures: 25 rows (field guide, C15).
const LEAST_GAP_S: f64 = 227.5e-6;

fn overlong(camera: JudgedCamera<'_>) -> Option<Candidate> {
    let view = camera.capture;
    let (period, exposed) = (camera.exposure_period()?, camera.exposed());
    if !camera.any_broken(&[&exposure::TIME, &exposure::GAP, &exposure::MISSING, &frame_count::MISSING]) {
        return None;
    }
    let burst = camera.wiring().burst.get();
    let pulses = &camera.frames().exposures;
    let merged: Vec<u64> = (pulses.iter().map(|exposure| exposure.pulse))
        .filter(|pulse| (pulse.to() - pulse.from()).get() as f64 > 1.05 * period)
        .map(|pulse| pulse.from().get())
        .collect();
    let longest = pulses.iter().map(|exposure| (exposure.pulse.to() - exposure.pulse.from()).get()).max()? as f64;
    // Of pins in turn, the next one may begin before this one ends.
    let gap = |pair: &[Span]| pair[1].from.checked_sub(pair[0].to).map(|gap| gap as f64);
    let gaps: Vec<f64> = exposed.windows(2).filter_map(gap).collect();
    let gap = median(gaps).filter(|gap| view.seconds(*gap) < LEAST_GAP_S && burst == 1);
    // Limits that allow it make it none.
    let time = camera.check(&exposure::TIME);
    let too_long = time.is_none_or(|check| check.violations.iter().any(|worst| is_above(check, worst)));
    if !too_long || (merged.is_empty() && gap.is_none()) {
        return None;
    }
    let evidence = match gap {
        Some(gap) if merged.is_empty() => {
            format!("only {} are left between exposures, of a frame of {}", view.time(gap), view.time(period))
        }
        Some(_) | None => format!(
            "{} lasted longer than a frame ({}), up to {}",
            counted(merged.len(), "pulse"),
            view.time(period),
            view.time(longest)
        ),
    };
    let at = if merged.is_empty() { exposed.iter().take(3).map(|span| span.from).collect() } else { merged };
    let widths: Vec<f64> = exposed.iter().map(|span| span.length() as f64).collect();
    let is_constant = view.seconds(spread(&widths)) <= TWO_ROWS_S + view.seconds(2.0);
    // Auto exposure that has come to its end is constant as well, but it does not stop short of a whole frame by itself.
    let candidate = EXPOSURE_EXCEEDS_FRAME
        .seen("the exposure does not fit the frame".to_owned(), evidence)
        .supported_if(!is_constant, &AUTO_TOO_LONG);
    Some(candidate.of(camera, &[EXPOSURE, FRAME, FLASH, ROLLING]).at(at))
}

/// What is wrong with the lengths of each camera's exposures.
pub(super) fn find(view: &CaptureView<'_>) -> Vec<Candidate> {
    view.cameras().flat_map(|camera| of_camera(camera).unwrap_or_default()).collect()
}

fn of_camera(camera: JudgedCamera<'_>) -> Option<Vec<Candidate>> {
    let view = camera.capture;
    if !camera.is_broken(&exposure::TIME) {
        return None;
    }
    let check = camera.check(&exposure::TIME)?;
    let widths = widths(camera, check);
    // A width is known to a sample, and exposures are whole rows.
    let tolerance = view.seconds(2.0).max(TWO_ROWS_S);
    let of = |candidate: Candidate, widths: &[Width]| claiming(camera, candidate, widths);
    if let Some(candidate) = changed_late(&widths, tolerance) {
        return Some(vec![of(candidate, &widths)]);
    }
    if let Some(Scaled { factor, candidate }) = scaled(camera, &widths, check.limits.len(), tolerance) {
        // What is no multiple by this factor is off by itself.
        let is_scaled =
            |width: &Width| (width.value - width.nominal * factor).abs() <= tolerance.max(width.value * 2e-3);
        let (alike, odd): (Vec<Width>, Vec<Width>) = widths.iter().partition(|width| is_scaled(width));
        let odd: Vec<Width> =
            (odd.into_iter()).map(|width| Width { nominal: width.nominal * factor, fits: false, ..width }).collect();
        let single = if odd.is_empty() || check.limits.len() > 1 {
            None
        } else {
            varying(&[&odd[..], &settled(&alike)[..]].concat(), tolerance)
        };
        let scaled = if check.limits.len() > 1 { &widths } else { &alike };
        let mut found = vec![of(candidate, scaled)];
        found.extend(single.map(|candidate| of(candidate, &odd)));
        return Some(found);
    }
    let mut candidate = of(alternating(&widths, tolerance).or_else(|| varying(&widths, tolerance))?, &widths);
    let off = widths.iter().filter(|width| !width.fits).count();
    if off * FEW_IN > widths.len() && off > 1 {
        // Nor is one that an end of the record cuts.
        candidate.claims.extend(camera.not_passed(&[Which::One(&exposure::TIME)]));
    }
    Some(vec![candidate])
}

/// The same widths, as if they were asked for.
fn settled(widths: &[Width]) -> Vec<Width> {
    widths.iter().map(|width| Width { nominal: width.value, fits: true, ..*width }).collect()
}

/// A finding that accounts for exposures of another length than is asked for.
fn claiming(camera: JudgedCamera<'_>, candidate: Candidate, widths: &[Width]) -> Candidate {
    let view = camera.capture;
    let at = candidate.finding.at.iter().map(|at| at.get()).collect();
    let which = [Which::One(&exposure::GAP), PLACED, SKEW];
    let off: Vec<&Width> = widths.iter().filter(|width| !width.fits).collect();
    let spans: Vec<Span> = off.iter().map(|width| Span { from: width.at, to: width.at }).collect();
    let whole: Vec<Span> = off.iter().map(|width| width.span(view)).collect();
    let mut claims = match off.len() * FEW_IN <= camera.frames().exposures.len() {
        true => camera.not_passed_within(&which, &whole),
        false => camera.not_passed(&which),
    };
    // Exactly these, and none beside them.
    let times = camera.not_passed(&[Which::One(&exposure::TIME)]);
    claims.extend(times.iter().map(|claim| claim.near(&spans, 0.0)));
    claims.extend(camera.not_passed_within(&[FLASH, ROLLING], &lit_as_asked(camera, widths)));
    candidate.of_camera(camera.name(), claims).at(at)
}

/// Fewer than one exposure in so many is off by itself.
const FEW_IN: usize = 10;

/// The exposures whose flash would be in order if they were as long as is asked for.
fn lit_as_asked(camera: JudgedCamera<'_>, widths: &[Width]) -> Vec<Span> {
    let view = camera.capture;
    let frames = camera.frames();
    let allows = |quantity, samples: f64| {
        let limit = camera.check(quantity).and_then(|check| check.limits.first());
        limit.is_none_or(|limit| allows(limit, view.seconds(samples), view.seconds(2.0)))
    };
    let in_order = |width: &&Width| {
        let place = frames.exposures.partition_point(|exposure| exposure.pulse.to().get() < width.at);
        let Some(exposure) = frames.exposures.get(place) else { return false };
        let excess = view.samples(width.value - width.nominal);
        let flash = |place: Option<&usize>| frames.flashes.get(*place?);
        let (first, last) = (flash(exposure.flashes.first()), flash(exposure.flashes.last()));
        let start = first.and_then(|flash| flash.pulse.start.edge());
        let end = last.and_then(|flash| flash.pulse.end.edge());
        match (frames.alignment, start, end) {
            // The end is where it should be, and the start is not.
            (Some(Alignment::End), Some(start), _) => {
                allows(&flash::LEAD, (exposure.pulse.from() - start.at()).get() as f64 + excess)
            }
            (Some(Alignment::Start) | None, _, Some(end)) => {
                allows(&flash::LAG, (end.at() - exposure.pulse.to()).get() as f64 + excess)
            }
            // Both are off by half of it.
            (Some(Alignment::Middle), Some(start), Some(end)) => {
                let (lead, lag) = (exposure.pulse.from() - start.at(), end.at() - exposure.pulse.to());
                allows(&flash::LEAD, lead.get() as f64 + excess / 2.0)
                    && allows(&flash::LAG, lag.get() as f64 + excess / 2.0)
            }
            // No length of the exposure makes a flash of none.
            (_, None, _) | (_, _, None) => false,
        }
    };
    widths.iter().filter(|width| !width.fits).filter(in_order).map(|width| width.span(view)).collect()
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
    // By the number of the frame: one that is lost does not turn them over.
    let every = |rest: i64| -> Vec<f64> {
        let is_it = |(place, width): &(usize, &Width)| width.frame.unwrap_or(*place as i64).rem_euclid(2) == rest;
        widths.iter().enumerate().filter(is_it).map(|(_, width)| width.value).collect()
    };
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
        let nominal = median(widths.iter().map(|width| width.nominal).collect()).unwrap_or(long);
        let (odd, how) = match (long - nominal).abs() < (short - nominal).abs() {
            true => (short, "short"),
            false => (long, "long"),
        };
        let far = if apart > nominal / 2.0 { "far too" } else { "too" };
        let candidate = ALTERNATING_EXPOSURE.seen(
            format!("every second exposure is {far} {how}: {} instead of {}", time_text(odd), time_text(nominal)),
            format!("they alternate between {} and {}", time_text(long), time_text(short)),
        );
        let room = (tolerance.max(spread(&a).max(spread(&b))) * 1.5).max(1e-6);
        let entry = |middle: f64| format!("\"{} ± {}\"", time_text(middle), time_text(room));
        let both = format!("exposure.time = [{}, {}]", entry(mid_a), entry(mid_b));
        // An exposure of next to nothing is not meant.
        let candidate = (candidate.remedied(&TWO_ARE_MEANT, format!("state both: {both}")))
            .ruled_out_if(short < nominal * NEXT_TO_NOTHING, &TWO_ARE_MEANT);
        candidate.at(widths.iter().filter(|width| !width.fits).map(|width| width.at).collect())
    })
}

/// An exposure that is so much shorter than is asked for makes a black image.
const NEXT_TO_NOTHING: f64 = 0.02;

fn scaled(camera: JudgedCamera<'_>, widths: &[Width], limits: usize, tolerance: f64) -> Option<Scaled> {
    let view = camera.capture;
    // Scaled exposures may fit a sequence best at a wrong place of it: every place is tried, the judged one first.
    let (factor, nominal) = (0..limits).find_map(|shift| {
        let nominal = |place: usize| widths.get((place + shift) % widths.len().max(1)).map(|width| width.nominal);
        let pairs: Vec<(f64, f64)> =
            widths.iter().enumerate().filter_map(|(i, width)| Some((width.value, nominal(i)?))).collect();
        // The last few have no neighbour to borrow from.
        let pairs = pairs.get(..pairs.len().checked_sub(shift)?)?;
        let factor = median(pairs.iter().map(|(value, nominal)| value / nominal).collect())?;
        let is_alike = |(value, nominal): &&(f64, f64)| (value - nominal * factor).abs() <= tolerance.max(value * 2e-3);
        let alike = pairs.iter().filter(is_alike).count() * FEW_IN >= pairs.len() * (FEW_IN - 1);
        (alike && pairs.len() >= 2).then_some((factor, nominal(0)?))
    })?;
    let wrong = widths.iter().filter(|width| !width.fits).count() * 10 >= widths.len() * 4;
    if !wrong {
        return None;
    }
    let period = camera.nominal().map(|period| view.seconds(period));
    let value = median(widths.iter().map(|width| width.value).collect())?;
    let capped = period.is_some_and(|period| (value - 0.3 * period).abs() <= tolerance.max(0.01 * value));
    let candidate = EXPOSURE_SCALED.seen(
        format!(
            "all exposures are {} of what is asked for: {} instead of {}",
            percent(factor),
            time_text(value),
            time_text(nominal)
        ),
        format!("so in {}, all by the same factor", counted(widths.len(), "exposure")),
    );
    // A slow edge adds some microseconds, and takes none away.
    let added = value - nominal;
    let candidate = candidate.unlike_if(!(0.0..=SLOWEST_EDGE_S).contains(&added), "slow-edge");
    // A cap shortens, and to the same length whatever is asked for.
    let capped = capped && factor < 1.0;
    let candidate = in_span_steps(factor, candidate.settled(capped, &CAPPED));
    Some(Scaled { factor, candidate: candidate.at(widths.iter().take(3).map(|width| width.at).collect()) })
}

/// Exposures that are the same multiple of what the camera's own log says.
pub(super) fn scaled_against(factor: f64, summary: String, evidence: String) -> Candidate {
    let candidate = EXPOSURE_SCALED.seen(summary, evidence).unlike_if(true, "slow-edge");
    in_span_steps(factor, candidate.ruled_out_if(true, &CAPPED).ruled_out_if(true, &SET_OTHERWISE))
}

fn in_span_steps(factor: f64, candidate: Candidate) -> Candidate {
    candidate.settled((factor - SPAN_STEPS).abs() < 0.004, &COUNTED_IN_SPAN_STEPS)
}

/// Exposures that are wrong by the same factor.
struct Scaled {
    factor: f64,
    candidate: Candidate,
}

/// 9.49 us of a span step, counted for each row of 9.10 us (field guide, F14).
const SPAN_STEPS: f64 = 9.49 / 9.10;

fn varying(widths: &[Width], tolerance: f64) -> Option<Candidate> {
    let off: Vec<&Width> = widths.iter().filter(|width| !width.fits).collect();
    let first = off.first()?;
    let excess: Vec<f64> = widths.iter().map(|width| width.value - width.nominal).collect();
    let few = off.len() * FEW_IN <= widths.len();
    // Lengths that are all asked for, at another place of their sequence, are set by hand.
    let are_one = |a: f64, b: f64| (a - b).abs() <= tolerance;
    let is_asked_for = |off: &&Width| {
        widths.iter().any(|width| are_one(off.value, width.nominal) && !are_one(width.nominal, off.nominal))
    };
    if !few && off.iter().all(is_asked_for) {
        return None;
    }
    let far = off.iter().map(|width| (width.value - width.nominal).abs()).fold(0.0, f64::max);
    let worst = off.iter().find(|width| (width.value - width.nominal).abs() >= far).unwrap_or(first);
    let how = if worst.value > worst.nominal { "too long" } else { "too short" };
    let (value, nominal) = (time_text(worst.value), time_text(worst.nominal));
    let summary = match off.len() {
        1 => format!("one of {} is {how}: {value} instead of {nominal}", counted(widths.len(), "exposure")),
        count if few => format!(
            "{count} of {} have another length, the worst {value} instead of {nominal}",
            counted(widths.len(), "exposure")
        ),
        count => format!(
            "the exposure varies: {count} of {} are off, the worst {value} instead of {nominal}",
            counted(widths.len(), "exposure")
        ),
    };
    let evidence = format!(
        "against what is asked for, they differ by up to {} from one to another; the first lasts {} where {} is asked for",
        time_text(spread(&excess)),
        time_text(first.value),
        time_text(first.nominal)
    );
    let mut candidate = AUTO_EXPOSURE_ON.seen(summary, evidence);
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
    HALF_WAVES_HZ.map(|hertz| 1.0 / hertz as f64).into_iter().find(|step| {
        widths.iter().all(|width| {
            let waves = (width.value / step).round();
            waves >= 1.0 && (width.value - waves * step).abs() <= 0.02 * step
        })
    })
}
