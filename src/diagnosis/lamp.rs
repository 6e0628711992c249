//! Lights with a rhythm of their own: on a timer beside the camera's, dimmed by PWM, or lit by the mains.

use super::claims::{FLASH, ROLLING};
use super::explained::explained;
use super::fault::{Candidate, Cause, FAILURE, Fault};
use super::series::{median, steps};
use super::view::{CaptureView, JudgedCamera, LineView, percent};
use crate::line::limits::HALF_WAVES_HZ;
use crate::quantity::flash_train;
use crate::rig::Role;
use crate::verdict::Verdict;

/// A light that keeps its own time.
pub(super) static LIGHT_ON_ITS_OWN_CLOCK: Fault = Fault {
    id: "light-on-its-own-clock",
    number: "F43",
    about: "The light flashes by a timer of its own: it walks through the exposures, although its rate is nearly theirs.",
    drawing: "\
STROBE  __|~~~|______|~~~|______|~~~|______|~~~|
FLASH   __|~~~|_______|~~~|_______|~~~|_______|~~~   later and later",
    causes: &[&OWN_TIMER],
    ..FAILURE
};

static OWN_TIMER: Cause = Cause {
    why: "the light is fired by a timer of its own, and not by the camera",
    remedy: "fire the light from STROBE, or trigger the camera from the light's timer",
};

/// A light that is dimmed by switching it on and off.
pub(super) static PWM_LIGHT: Fault = Fault {
    id: "pwm-light",
    number: "F44",
    about: "The light is dimmed by switching it on and off many times in each exposure (PWM).",
    drawing: "\
STROBE  __|~~~~~~~~~~~~~~~~|______
FLASH   __||_||_||_||_||_||_______   on and off at a fixed rate",
    causes: &[&DIMMED],
    ..FAILURE
};

static DIMMED: Cause = Cause {
    why: "the driver dims the light by PWM",
    remedy: "dim it by its current instead, or make PWM at least a hundred times faster than the exposure is short",
};

/// A lamp on the mains.
pub(super) static MAINS_LIGHT: Fault = Fault {
    id: "mains-light",
    number: "F45",
    about: "What the flash line shows is a lamp on the mains: it flickers at 100 or 120 Hz, whatever the camera does.",
    drawing: "\
STROBE  __|~~~|______|~~~|______|~~~|______|~~~|
FLASH   _|~|__|~|__|~|__|~|__|~|__|~|__|~|__|~|_   every half-wave",
    causes: &[&LAMP],
    ..FAILURE
};

static LAMP: Cause = Cause {
    why: "the photodiode, or the light itself, sees lamps that run on the mains",
    remedy: "shade the photodiode from the lamps, or light by a driver on direct current; expose for whole half-waves (10 ms or 8.33 ms) where lamps stay on",
};

/// Lights that do not listen to the camera.
pub(super) fn find(view: &CaptureView<'_>) -> Vec<Candidate> {
    let flashes = view.lines.iter().filter(|line| line.wire.role == Role::Flash);
    let suspect = flashes.filter(|line| !view.not_passed(view.users(line), &[FLASH, ROLLING]).is_empty());
    suspect.filter_map(|line| pwm(view, line).or_else(|| on_its_own(view, line))).collect()
}

/// Pulses that are switched: their distance and width, in samples.
struct Switched {
    period: f64,
    width: f64,
}

/// So many pulses in an exposure are switched, and not pulses of their own.
const LEAST_SWITCHED: f64 = 4.0;

fn switched(view: &CaptureView<'_>, line: &LineView<'_>) -> Option<Switched> {
    let camera = view.users(line).next()?;
    let exposure = camera.exposure_width().or(line.period)?;
    let starts: Vec<f64> = line.pulses.iter().map(|span| span.from as f64).collect();
    let usual = median(steps(&starts))?;
    // Within an exposure; the pauses between exposures are no part of it.
    let inside: Vec<f64> = steps(&starts).into_iter().filter(|step| *step < 2.5 * usual).collect();
    let alike = inside.iter().filter(|step| (**step - usual).abs() <= 2.0_f64.max(usual * 0.1)).count();
    let mut widths: Vec<f64> = line.pulses.iter().map(|span| span.length() as f64).collect();
    widths.sort_by(f64::total_cmp);
    let quartile = |of_four: usize| widths.get(widths.len() * of_four / 4).copied().unwrap_or(0.0);
    let steady = alike * 10 >= inside.len() * 9 && inside.len() * 2 >= starts.len();
    let even = quartile(3) - quartile(1) <= 2.0_f64.max(quartile(1) * 0.5);
    let many = inside.len() as f64 >= 3.0 * line.frames.max(1.0);
    (steady && even && many && usual * LEAST_SWITCHED <= exposure)
        .then(|| Switched { period: inside.iter().sum::<f64>() / inside.len() as f64, width: quartile(2) })
}

/// Whether a line is a light that is dimmed by PWM.
pub(super) fn is_switched(view: &CaptureView<'_>, line: &LineView<'_>) -> bool {
    line.wire.role == Role::Flash && switched(view, line).is_some()
}

fn pwm(view: &CaptureView<'_>, line: &LineView<'_>) -> Option<Candidate> {
    let Switched { period, width } = switched(view, line)?;
    // So many flashes are meant.
    let is_meant = |camera: JudgedCamera<'_>| {
        camera.check(&flash_train::PULSES).is_some_and(|check| check.verdict == Verdict::Pass)
    };
    if view.users(line).any(is_meant) {
        return None;
    }
    let candidate = PWM_LIGHT.seen(
        format!("{} is dimmed by PWM of {}", line.label(), hertz_text(view, period)),
        format!(
            "each pulse lasts {}, every {}: the light is on for {} of the time within its bursts",
            view.time(width),
            view.time(period),
            percent(width / period)
        ),
    );
    Some(explained(view, line, candidate.at(line.pulses.first().map(|span| span.from).into_iter().collect())))
}

fn hertz_text(view: &CaptureView<'_>, period: f64) -> String {
    let hertz = 1.0 / view.seconds(period);
    if hertz >= 1e3 { format!("{:.2} kHz", hertz / 1e3) } else { format!("{hertz:.3} Hz") }
}

/// A steady train of instants: its period, and how far instants stray from it, in samples.
struct Train {
    period: f64,
    beats: f64,
    strays: f64,
}

impl Train {
    fn of(instants: &[f64]) -> Option<Train> {
        let usual = median(steps(instants)).filter(|usual| *usual > 0.0)?;
        let (first, last) = (*instants.first()?, *instants.last()?);
        let mut beats = 0.0;
        let numbered: Vec<(f64, f64)> = std::iter::once((0.0, first))
            .chain(instants.windows(2).map(|pair| {
                beats += ((pair[1] - pair[0]) / usual).round();
                (beats, pair[1])
            }))
            .collect();
        if beats < 5.0 {
            return None;
        }
        let period = (last - first) / beats;
        let strays = numbered.iter().map(|(beat, at)| (at - first - beat * period).abs()).fold(0.0, f64::max);
        Some(Train { period, beats, strays })
    }
}

/// A timer and a camera that walk apart by less may be tied after all.
const WALKS_S: f64 = 40e-6;
/// How exactly the mains keep to 50 and 60 Hz.
const MAINS: f64 = 0.006;

fn on_its_own(view: &CaptureView<'_>, line: &LineView<'_>) -> Option<Candidate> {
    if !line.disturbances.is_empty() {
        return None;
    }
    let camera = view.users(line).next()?;
    let frames = camera.frames();
    let light = Train::of(&line.starts())?;
    let edges: Vec<f64> = frames.clock.edges.iter().map(|edge| edge.edge.at().get() as f64).collect();
    let camera_train = Train::of(&edges)?;
    let strays = light.strays + camera_train.strays;
    // How far the light walks from the nearest rhythm that it could have by the camera: a whole number of frames for each
    // flash, or of flashes in a frame.
    let walk = |other: f64| {
        let (ratio, inverse) = (light.period / other, other / light.period);
        let tied = if ratio >= 1.0 { ratio.round() * other } else { other / inverse.round() };
        (light.period - tied).abs() * light.beats
    };
    let walks = walk(camera_train.period);
    let least = (4.0 * strays).max(view.samples(WALKS_S)).max(6.0);
    let steady = light.strays <= 0.02 * light.period && camera_train.strays <= 0.02 * camera_train.period;
    if !steady || walks <= least {
        return None;
    }
    let mains = HALF_WAVES_HZ.iter().any(|hertz| (view.seconds(light.period) * *hertz as f64 - 1.0).abs() <= MAINS);
    let (fault, what) = match mains {
        true => (&MAINS_LIGHT, "shows a lamp on the mains"),
        false => (&LIGHT_ON_ITS_OWN_CLOCK, "flashes by a clock of its own"),
    };
    let candidate = fault.seen(
        format!(
            "{} {what}: {}, and frames come at {}",
            line.label(),
            hertz_text(view, light.period),
            hertz_text(view, camera_train.period)
        ),
        format!("it walks by {} over {:.0} flashes, and is steady by itself", view.time(walks), light.beats),
    );
    Some(explained(view, line, candidate.at(line.signal.first().map(|span| span.from).into_iter().collect())))
}
