//! Faults of single frames: triggers that nothing answers, frames that do not happen, a rough start.

use super::FaultKind;
use crate::scenario::lines::TruePulse;
use crate::scenario::time::Femtos;
use crate::scenario::truth::FrameTruth;

/// Triggers are missed.
pub(super) static MISSED_TRIGGER: FaultKind = FaultKind {
    id: "missed-trigger",
    about: "FSIN comes and the camera does nothing: no exposure, no flash, no readout",
    takes: &["camera", "frames"],
    example: "frames = [2, 9]",
    read: |given| given.struck(Femtos::ZERO, answer_nothing),
};

/// Every second trigger is missed.
pub(super) static HALF_RATE: FaultKind = FaultKind {
    id: "half-rate",
    about: "the camera answers only every `every`-th FSIN (default 2)",
    takes: &["camera", "every"],
    example: "every = 2",
    read: |given| {
        let every = i64::from(given.stated::<u32>("every")?.unwrap_or(2).max(2));
        given.events(Femtos::ZERO, move |camera, _| {
            camera.frames.iter_mut().filter(|frame| frame.number.rem_euclid(every) != 0).for_each(answer_nothing);
        })
    },
};

/// Frames do not happen.
pub(super) static DROPPED_FRAME: FaultKind = FaultKind {
    id: "dropped-frame",
    about: "frames do not happen at all: no FSIN, no exposure, no flash; the others keep their time",
    takes: &["camera", "frames"],
    example: "frames = 5",
    read: |given| {
        given.struck(Femtos::ZERO, |frame| {
            answer_nothing(frame);
            frame.fsin = None;
            frame.trigger = None;
        })
    },
};

/// The camera starts roughly.
pub(super) static START_TRANSIENT: FaultKind = FaultKind {
    id: "start-transient",
    about: "of the first `frames` frames every other one has no exposure, and the rest have a short one besides",
    takes: &["camera", "frames"],
    example: "frames = 3",
    read: |given| {
        let frames = i64::from(given.needed::<u32>("frames")?);
        given.events(Femtos::ZERO, move |camera, _| {
            for frame in camera.frames.iter_mut().filter(|frame| (0..frames).contains(&frame.number)) {
                if frame.number % 2 == 1 {
                    answer_nothing(frame);
                    continue;
                }
                // A twentieth of the exposure, its own length before it.
                let Some(first) = frame.exposures.first().copied() else { continue };
                let width = Femtos::new(first.width().get() / 20);
                camera.extra_strobes.extend(TruePulse::lasting(first.start() - width - width, width));
            }
            camera.extra_strobes.sort_unstable();
        })
    },
};

fn answer_nothing(frame: &mut FrameTruth) {
    frame.exposures.clear();
    frame.flashes.clear();
    frame.readouts.clear();
}
