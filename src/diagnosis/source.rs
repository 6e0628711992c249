//! What drives FSIN: a rate that is not the camera's, pulses that are too narrow for the sensor or for its flash.

use super::Severity;
use super::claims::{FLASH, FRAME, FSIN, PLACED, PLACING, SKEW, Which, allows};
use super::explained::explained;
use super::fault::{Candidate, Cause, FAILURE, Fault, LookAlike};
use super::rhythm::Rhythm;
use super::series::{median, steps};
use super::view::{CaptureView, JudgedCamera, counted, ends, is_broken, starts};
use crate::quantity::{exposure, flash, flash_count, frame, frame_count, fsin, tie};

use crate::units::{Rational, Rounding, Unit, value_text};
use crate::verdict::Verdict;

/// Field guide, F08.
pub(super) static RATE_MISMATCH: Fault = Fault {
    id: "rate-mismatch",
    number: "F08",
    about: "Frames, or what triggers them, come at another rate than is configured; exposures walk through FSIN's frame.",
    drawing: "\
FSIN    _|~|________|~|________|~|________|~|___
STROBE  __|~~~|_______|~~~|_______|~~~|_______|~   each a little later",
    causes: &[&RATES_SET_APART, &RUNS_FREE],
    ..FAILURE
};

pub(super) static RATES_SET_APART: Cause = Cause {
    why: "the trigger generator, or the camera, is set to another frame rate",
    remedy: "set the same frame rate on both (INPUT can only correct very small differences)",
};
pub(super) static RUNS_FREE: Cause = Cause {
    why: "the camera does not listen to FSIN and runs free",
    remedy: "set FrameSyncMode INPUT, or the external trigger, and check that FSIN reaches this sensor",
};

/// Field guide, F23.
pub(super) static FSIN_TOO_NARROW: Fault = Fault {
    id: "fsin-too-narrow",
    number: "F23",
    about: "FSIN pulses are shorter than the sensor needs, or than the sample rate can show.",
    drawing: "\
needed  _|~~~~~|________________|~~~~~|____  5 us (OV9282), 0.5 us (IMX)
FSIN    _||_____________________||_________",
    causes: &[&SHORT_PULSE, &SAMPLED_TOO_SLOWLY],
    ..FAILURE
};

pub(super) static SHORT_PULSE: Cause = Cause {
    why: "the generator's pulse is too short, or a monostable or coupling capacitor shortens it",
    remedy: "widen the pulse: 5 us or more for OV9282 and OV9782, 0.5 us for IMX, 100 us through an opto-coupler",
};
pub(super) static SAMPLED_TOO_SLOWLY: Cause =
    Cause { why: "the sample rate is too low for this pulse", remedy: "sample at 3 / pulse width or faster" };

/// Field guide, F24.
pub(super) static FSIN_TOO_SHORT_FOR_FLASH: Fault = Fault {
    id: "fsin-too-short-for-flash",
    number: "F24",
    about: "Frames come and the flash does not, where the trigger pulse is shorter than about 1.5 ms (AR0234).",
    drawing: "\
FSIN    _|~~~~|______________|~~~~~~~~|_________
STROBE  __|~~~~~~|____________|~~~~~~|__________
FLASH   ______________________|~~~~~~|__________  for the long one only",
    causes: &[&FLASH_SUPPRESSED],
    look_alikes: &[LookAlike {
        fault: "intermittent-contact",
        test: "make all trigger pulses 2 ms long: if every frame has its flash then, it was the trigger, not the wire",
    }],
    ..FAILURE
};

pub(super) static FLASH_SUPPRESSED: Cause = Cause {
    why: "the sensor suppresses its FLASH output for trigger pulses shorter than about 1.5 ms (AR0234)",
    remedy: "make the trigger pulse 2 ms long, or fire the flash from STROBE",
};

/// Pulses that are too narrow, then the rate.
pub(super) fn find(view: &CaptureView<'_>) -> Vec<Candidate> {
    let cameras = view.cameras();
    let mut found: Vec<Candidate> = cameras.clone().filter_map(too_narrow).collect();
    found.extend(cameras.clone().filter_map(too_short_for_flash));
    found.extend(cameras.filter_map(rate));
    found
}

/// Sensors need so much (field guide, F23: OV9x82).
pub(super) const OV_WIDTH_S: f64 = 5e-6;

fn too_narrow(camera: JudgedCamera<'_>) -> Option<Candidate> {
    let view = camera.capture;
    let fsin = camera.fsin()?;
    if view.users(fsin).next() != Some(camera) {
        return None;
    }
    let width = median(fsin.pulses.iter().map(|span| span.length() as f64).collect())?;
    let check = camera.check(&fsin::WIDTH);
    let limit = check.and_then(|check| check.limits.first()?.min().cloned());
    let below = check.is_some_and(is_broken) && limit.as_ref().is_some_and(|min| view.seconds(width) < min.to_f64());
    let vanishing = width <= 1.0 && camera.any_broken(&[&frame_count::MISSING, &exposure::EXTRA]);
    let unclear = width <= 3.0 && check.is_some_and(|check| check.verdict == Verdict::Inconclusive);
    if !(below || vanishing || unclear) {
        return None;
    }
    let needed = limit.filter(Rational::is_positive).or_else(|| Rational::from_f64(OV_WIDTH_S))?;
    let enough = value_text(&Rational::integer(3).checked_div(&needed)?, Unit::Hertz, Rounding::Up);
    let resolution = if width <= 3.0 {
        format!("; samples are {} apart, so its true width is not known: {enough} would show it", view.time(1.0))
    } else {
        String::new()
    };
    let lost = if vanishing { ", and some fall between samples altogether" } else { "" };
    let summary = if below {
        format!("{} pulses are too narrow", fsin.label())
    } else {
        format!("{} pulses are too narrow for this sample rate", fsin.label())
    };
    let evidence = format!(
        "they last {}{lost}, where {} are needed{resolution}",
        if width <= 1.0 { format!("a sample ({}) or less", view.time(1.0)) } else { view.time(width) },
        value_text(&needed, Unit::Second, Rounding::Up),
    );
    let severity = if below { Severity::Fail } else { Severity::Warn };
    let candidate = FSIN_TOO_NARROW.seen(summary, evidence).with_severity(severity);
    let candidate = (candidate.remedied(&SAMPLED_TOO_SLOWLY, format!("sample at {enough} or faster")))
        .supported_if(below, &SHORT_PULSE)
        .supported_if(!below, &SAMPLED_TOO_SLOWLY)
        .ruled_out_if(width > 3.0, &SAMPLED_TOO_SLOWLY);
    let candidate = explained(view, fsin, candidate.at(fsin.pulses.iter().take(3).map(|span| span.from).collect()));
    let explains = if vanishing {
        candidate.claims.clone()
    } else if camera.any_broken(&[&exposure::MISSING]) {
        view.not_passed(view.users(fsin), &[FSIN, Which::One(&exposure::MISSING), Which::One(&exposure::GAP)])
    } else {
        view.not_passed(view.users(fsin), &[FSIN])
    };
    Some(candidate.explaining(explains))
}

/// An AR0234 fires no flash for shorter triggers (field guide, F24).
const FLASH_TRIGGER_S: f64 = 1.5e-3;
/// Triggers near it may go either way.
const FLASH_TRIGGER_MARGIN: f64 = 0.1;

/// Exposures with and without a flash, by the width of their trigger.
struct FlashByWidth {
    /// The widths of triggers whose exposure has a flash.
    lit: Vec<f64>,
    /// The widths and places of triggers whose exposure has none.
    dark: Vec<(f64, u64)>,
}

fn flash_by_width(camera: JudgedCamera<'_>) -> Option<FlashByWidth> {
    let view = camera.capture;
    let fsin = camera.fsin()?;
    let frames = camera.frames();
    let mut sorted = FlashByWidth { lit: Vec::new(), dark: Vec::new() };
    for exposure in frames.exposures.iter().filter(|exposure| exposure.pulse.is_whole()) {
        let Some(trigger) = exposure.fsin else { continue };
        let place = fsin.pulses.partition_point(|span| span.from < trigger.at().get());
        let Some(pulse) = fsin.pulses.get(place).filter(|span| span.from == trigger.at().get()) else { continue };
        let width = view.seconds(pulse.length() as f64);
        if exposure.flashes.is_empty() { sorted.dark.push((width, pulse.from)) } else { sorted.lit.push(width) }
    }
    Some(sorted)
}

/// Whether the flash is missing exactly where the trigger is too short for it.
pub(super) fn is_too_short_for_flash(camera: JudgedCamera<'_>) -> bool {
    flash_by_width(camera).is_some_and(|sorted| sorted.tells())
}

impl FlashByWidth {
    fn tells(&self) -> bool {
        let limit = FLASH_TRIGGER_S;
        let short = self.dark.iter().filter(|(width, _)| *width < limit * (1.0 + FLASH_TRIGGER_MARGIN)).count();
        let long = self.lit.iter().filter(|width| **width > limit * (1.0 - FLASH_TRIGGER_MARGIN)).count();
        !self.dark.is_empty() && !self.lit.is_empty() && short == self.dark.len() && long == self.lit.len()
    }
}

fn too_short_for_flash(camera: JudgedCamera<'_>) -> Option<Candidate> {
    if !camera.any_broken(&[&flash_count::MISSING, &flash::COVERAGE]) {
        return None;
    }
    let sorted = flash_by_width(camera).filter(FlashByWidth::tells)?;
    let longest = sorted.dark.iter().map(|(width, _)| *width).fold(0.0, f64::max);
    let shortest = sorted.lit.iter().copied().fold(f64::INFINITY, f64::min);
    let candidate = FSIN_TOO_SHORT_FOR_FLASH.seen(
        "the flash comes only after long trigger pulses".to_owned(),
        format!(
            "{} with triggers of up to {} have no flash, {} with triggers from {} on have one",
            counted(sorted.dark.len(), "frame"),
            super::view::time_text(longest),
            counted(sorted.lit.len(), "frame"),
            super::view::time_text(shortest)
        ),
    );
    let at = sorted.dark.iter().map(|(_, at)| *at).collect();
    Some(candidate.of(camera, &[FLASH, FSIN]).at(at))
}

/// A generator's rate that is off by more than this matters (field guide, C17: 0.1 % warns, 1 % fails).
const RATE_OFF: f64 = 1e-3;
/// A rate that is off by more is a whole multiple, or no rate.
const RATE_FAR_OFF: f64 = 0.45;

/// The period of instants that come steadily; none where they do not.
pub(super) fn steady_period(instants: &[f64], tolerance: f64) -> Option<f64> {
    let middle = median(steps(instants))?;
    let rhythm = Rhythm::of(instants, middle, tolerance.max(middle * 2e-3));
    if !rhythm.is_kept() {
        return None;
    }
    // The mean of all that are one period long knows the period to a fraction of a sample.
    let regular: Vec<f64> = steps(instants).into_iter().filter(|step| (step - middle).abs() <= tolerance).collect();
    Some(regular.iter().sum::<f64>() / regular.len().max(1) as f64)
}

fn rate(camera: JudgedCamera<'_>) -> Option<Candidate> {
    let view = camera.capture;
    let (exposed, nominal) = (camera.exposed(), camera.nominal());
    let fsin = camera.fsin().filter(|line| !line.signal.is_empty());
    let period = nominal.or(fsin.and_then(|line| line.period)).or(camera.exposure_period())?;
    let tolerance = view.tolerance(period);
    let driven = fsin.and_then(|line| steady_period(&line.starts(), tolerance));
    // One end follows what it is tied to, the other one moves with the length of the exposures.
    let meant = driven.unwrap_or(period);
    let own = [ends(&exposed), starts(&exposed)].into_iter().filter_map(|instants| steady_period(&instants, tolerance));
    let own = own.min_by(|a, b| (a - meant).abs().total_cmp(&(b - meant).abs()));
    let off = |a: f64, b: f64| a / b - 1.0;
    let is_off = |ratio: f64| ratio.abs() > RATE_OFF && ratio.abs() < RATE_FAR_OFF;
    if let (Some(own), Some(driven)) = (own, driven)
        && is_off(off(own, driven))
        && camera.is_first()
        && (camera.any_broken(&PLACING) || camera.any_broken(&[&exposure::MISSING, &exposure::EXTRA, &frame::TIME]))
    {
        let candidate = RATE_MISMATCH.seen(
            "the exposures do not follow FSIN: they come at another rate".to_owned(),
            format!(
                "FSIN comes every {}, exposures every {}, so they walk by {} in each frame",
                view.time(driven),
                view.time(own),
                view.time((own - driven).abs())
            ),
        );
        return Some(of_rate(camera, candidate.supported_if(true, &RUNS_FREE), WALKING));
    }
    let hertz = |samples: f64| format!("{:.3} Hz", 1.0 / view.seconds(samples));
    if let (Some(own), Some(driven), Some(nominal)) = (own, driven, nominal)
        && camera.wiring().burst.get() == 1
        && let each = (driven / own).round()
        && each >= 2.0
        && [off(driven, own * each), off(own, nominal)].iter().all(|ratio| ratio.abs() <= RATE_OFF)
        && camera.any_broken(&[&frame::TIME, &frame_count::MISSING, &exposure::EXTRA])
    {
        let candidate = RATE_MISMATCH.seen(
            format!("FSIN comes at {}, the exposures at {}, as asked for", hertz(driven), hertz(own)),
            format!("{each} exposures for each pulse of FSIN, which comes every {}", view.time(driven)),
        );
        let remedy = format!("set what drives FSIN to {}", hertz(nominal));
        return Some(of_rate(camera, candidate.remedied(&RATES_SET_APART, remedy), OFF_RATE));
    }
    let seen = driven.or(own)?;
    let ratio = off(seen, nominal?);
    let broken = camera.any_broken(&[&frame::TIME, &frame::RATE, &tie::DRIFT, &tie::TIE_NOMINAL]);
    // A rate that is off by less than a thousandth is said only where a limit asks for it.
    // Nor one that the analyzer's own clock may be off by.
    let is_known = ratio.abs() > view.observation.clock.to_f64();
    (broken && is_known && ratio.abs() < RATE_FAR_OFF && breaks_the_rate(camera, seen)).then(|| {
        let mut candidate = RATE_MISMATCH.seen(
            format!("frames come at {}, not at {}", hertz(seen), hertz(period)),
            format!("a frame lasts {}, {} than the nominal {}", view.time(seen), ratio_text(ratio), view.time(period)),
        );
        candidate = candidate.ruled_out_if(true, &RUNS_FREE);
        if ratio.abs() < RATE_OFF {
            candidate = candidate.because(
                "a frame is a whole number of rows, or a crystal is off",
                "state the frame time that the sensor can make, or a tolerance of a row (9.1 us on OV9282)",
            );
        }
        of_rate(camera, candidate, OFF_RATE)
    })
}

/// Whether the rate itself breaks what is asked of it, and not single frames.
fn breaks_the_rate(camera: JudgedCamera<'_>, seen: f64) -> bool {
    let limit = camera.check(&frame::TIME).and_then(|check| check.limits.first());
    let is_outside = limit.is_some_and(|limit| !allows(limit, camera.capture.seconds(seen), 0.0));
    is_outside || camera.any_broken(&[&frame::RATE, &tie::DRIFT, &tie::TIE_NOMINAL])
}

fn ratio_text(ratio: f64) -> String {
    let than = if ratio < 0.0 { "shorter" } else { "longer" };
    if ratio.abs() < 2e-3 {
        format!("{:.0} ppm {than}", ratio.abs() * 1e6)
    } else {
        format!("{:.2} % {than}", ratio.abs() * 100.0)
    }
}

/// What frames that come at another rate than is asked for do not fit.
const OFF_RATE: &[Which] =
    &[FRAME, Which::One(&exposure::GAP), Which::One(&exposure::MISSING), Which::One(&exposure::EXTRA), SKEW];
/// What exposures that walk through FSIN's frame do not fit.
const WALKING: &[Which] = &[
    FRAME,
    Which::One(&exposure::GAP),
    PLACED,
    Which::One(&exposure::MISSING),
    Which::One(&exposure::EXTRA),
    Which::One(&flash::LATENCY),
    SKEW,
];

fn of_rate(camera: JudgedCamera<'_>, candidate: Candidate, which: &[Which]) -> Candidate {
    let first = camera.frames().clock.edges.first().map(|edge| edge.edge.at().get());
    candidate.of(camera, which).at(first.into_iter().collect())
}
