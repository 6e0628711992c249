//! Two drivers on one FSIN: a line whose pulses are two trains.

use super::explained::explained;
use super::fault::{Candidate, Cause, FAILURE, Fault, LookAlike};
use super::rhythm::Rhythm;
use super::series::{median, spread, steps};
use super::trains::Trains;
use super::view::{CaptureView, JudgedCamera, counted};
use crate::line::Span;
use crate::quantity::{frame, frame_count, fsin};

/// Field guide, F37.
pub(super) static CONTENDED_FSIN: Fault = Fault {
    id: "contended-fsin",
    number: "F37",
    about: "Two drivers pull at one FSIN: two trains of pulses, each with its own period or width, are laid over each other.",
    drawing: "\
driver 1  _|~|__________|~|__________|~|__________|~|_
driver 2  _____||__________||___________||___________|
FSIN      _|~|_||_______|~|_||_______|~|__||______|~|_",
    causes: &[&TWO_OUTPUTS],
    look_alikes: &[LookAlike {
        fault: "extra-pulses",
        test: "unplug one camera after the other: the second train goes with the camera that drives it",
    }],
    ..FAILURE
};

static TWO_OUTPUTS: Cause = Cause {
    why: "two cameras are set to FrameSyncMode OUTPUT, or a generator and a camera both drive the line",
    remedy: "let one device drive FSIN and set all others to INPUT; put a buffer between boards of different supply (1.8 V, 3.3 V)",
};

/// Two drivers on one line.
pub(super) fn find(view: &CaptureView<'_>) -> Vec<Candidate> {
    view.cameras().filter_map(contended).collect()
}

fn widths(spans: &[Span]) -> Vec<f64> {
    spans.iter().map(|span| span.length() as f64).collect()
}

fn contended(camera: JudgedCamera<'_>) -> Option<Candidate> {
    let view = camera.capture;
    let fsin = camera.fsin()?;
    let period = fsin.period?;
    if view.users(fsin).next() != Some(camera) || !camera.any_broken(&[&frame_count::EXTRA, &frame::TIME, &fsin::WIDTH])
    {
        return None;
    }
    let tolerance = view.tolerance(period);
    let trains = Trains::of(&fsin.signal, period, tolerance);
    // Both are there in nearly every frame: a train that stops where the other begins is one that changed its phase.
    let both = fsin.per_frame <= 1.0
        && fsin.signal.len() as f64 >= 1.4 * fsin.frames
        && trains.main.len() as f64 >= 0.6 * fsin.frames;
    if trains.other.len() < 3 || !both {
        return None;
    }
    let starts: Vec<f64> = trains.other.iter().map(|span| span.from as f64).collect();
    let second = median(steps(&starts))?;
    let regular = Rhythm::of(&starts, second, second * 0.03).is_kept();
    let (own, foreign) = (median(widths(&trains.main))?, median(widths(&trains.other))?);
    let other_width = (own - foreign).abs() > 2.0_f64.max(own * 0.1);
    // Pulses of one width that all together keep one beat come from one driver.
    let is_one = !other_width && Rhythm::of(&fsin.starts(), second, second * 0.03).is_kept();
    let offsets = trains.offsets();
    let walks = spread(&offsets) > tolerance.max(8.0);
    if !regular || is_one || !(other_width || walks) || second < period * 0.25 {
        return None;
    }
    let candidate = CONTENDED_FSIN.seen(
        format!("two drivers are on {}", fsin.label()),
        format!(
            "{} of {} every {}, and {} of {} every {}, first {} after one of the others",
            counted(trains.main.len(), "pulse"),
            view.time(own),
            view.time(period),
            counted(trains.other.len(), "pulse"),
            view.time(foreign),
            view.time(second),
            view.time(*offsets.first()?)
        ),
    );
    Some(explained(view, fsin, candidate.at(trains.other.iter().map(|span| span.from).collect())))
}
