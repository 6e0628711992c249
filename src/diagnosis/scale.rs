//! A camera whose times are all wrong by the same factor: its clock.

use super::claims::{EXPOSURE, FRAME, READOUT, ROLLING, SKEW};
use super::fault::{Candidate, Cause, FAILURE, Fault};
use super::series::median;
use super::source::steady_period;
use super::view::{CaptureView, JudgedCamera, ends, starts, time_text};
use crate::quantity::exposure;

/// One clock, one fault.
pub(super) static CLOCK_SCALED: Fault = Fault {
    id: "clock-scaled",
    number: "F47",
    about: "Frame time and exposure are wrong by the same factor: the clock that the camera counts them by is.",
    drawing: "\
asked   __|~~~~|____|~~~~|____|~~~~|____|~~~~|__
STROBE  __|~~~~~~~~|________|~~~~~~~~|________|~   all twice as long",
    causes: &[&OTHER_SAMPLE_RATE, &OTHER_CLOCK],
    ..FAILURE
};

static OTHER_CLOCK: Cause = Cause {
    why: "the sensor's clock (oscillator, PLL, divider) runs at another rate than its driver takes it for",
    remedy: "measure the sensor's input clock with an oscilloscope, and compare it with what the driver or the device tree states",
};

static OTHER_SAMPLE_RATE: Cause = Cause {
    why: "the capture was taken at another sample rate than it says",
    remedy: "compare its sample rate with what the analyzer was set to; capture a signal of a known frequency with it",
};

/// Two factors are one within this.
const SAME: f64 = 2e-3;
/// A factor that is off by less is what crystals are.
const OFF: f64 = 2e-3;

/// Each camera whose clock is off.
pub(super) fn find(view: &CaptureView<'_>) -> Vec<Candidate> {
    view.cameras().filter_map(scaled).collect()
}

fn scaled(camera: JudgedCamera<'_>) -> Option<Candidate> {
    let view = camera.capture;
    let nominal = camera.nominal()?;
    let check = camera.check(&exposure::TIME)?;
    if !camera.is_broken(&exposure::TIME) {
        return None;
    }
    let exposed = camera.exposed();
    let period = [ends(&exposed), starts(&exposed)]
        .iter()
        .find_map(|instants| steady_period(instants, view.tolerance(nominal)))?;
    let widths = super::exposure::widths(camera, check);
    let factors: Vec<f64> = widths.iter().map(|width| width.value / width.nominal).collect();
    let factor = median(factors.clone())?;
    let slack = SAME + 2.0 / camera.exposure_width().unwrap_or(1.0);
    let alike = factors.iter().all(|other| (other / factor - 1.0).abs() <= slack);
    let of_frame = period / nominal;
    let same = (factor / of_frame - 1.0).abs() <= slack;
    if factors.len() < 3 || !alike || !same || (of_frame - 1.0).abs() <= OFF {
        return None;
    }
    let value = median(widths.iter().map(|width| width.value).collect())?;
    // Sample rates are set in whole steps, and move FSIN as well.
    let step = of_frame.max(of_frame.recip());
    let driven = camera.fsin().and_then(|fsin| steady_period(&fsin.starts(), view.tolerance(nominal)));
    let is_whole = step.round() >= 2.0 && (step - step.round()).abs() <= slack;
    let is_rate = is_whole && driven.is_none_or(|driven| (driven / period - 1.0).abs() <= slack);
    let whose = if is_rate { "the capture's sample rate, or the camera's clock," } else { "the camera's clock" };
    let candidate = CLOCK_SCALED.seen(
        format!("all times are {of_frame:.3} times as long as they should be: {whose} is off"),
        format!(
            "a frame lasts {} instead of {}, an exposure {} instead of {}",
            view.time(period),
            view.time(nominal),
            time_text(value),
            time_text(value / factor)
        ),
    );
    let candidate = candidate.ruled_out_if(!is_rate, &OTHER_SAMPLE_RATE);
    let first = exposed.first().map(|span| span.from);
    Some(candidate.of(camera, &[FRAME, EXPOSURE, ROLLING, SKEW, READOUT]).at(first.into_iter().collect()))
}
