//! Faults of single frames: triggers that nothing answers, frames that do not happen, a rough start.

use std::sync::Arc;

use serde::Deserialize;

use super::frames::struck;
use super::{EventFault, Fault, FaultKind};
use crate::scenario::draws::Stream;
use crate::scenario::lines::TruePulse;
use crate::scenario::node::Text;
use crate::scenario::time::Femtos;
use crate::scenario::truth::{CameraTruth, FrameTruth};

/// Triggers are missed.
pub(super) static MISSED_TRIGGER: FaultKind = FaultKind {
    id: "missed-trigger",
    about: "FSIN comes and the camera does nothing: no exposure, no flash, no readout",
    example: "frames = [2, 9]",
    read: |parameters, places| struck(parameters, places, answer_nothing),
};

/// Every second trigger is missed.
pub(super) static HALF_RATE: FaultKind = FaultKind {
    id: "half-rate",
    about: "the camera answers only every `every`-th FSIN (default 2)",
    example: "every = 2",
    read: |parameters, places| {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Raw {
            camera: Option<Text>,
            every: Option<u32>,
        }
        let raw: Raw = parameters.read()?;
        let camera = places.camera(raw.camera.as_ref())?;
        Ok(Fault::Events(Arc::new(HalfRate { camera, every: i64::from(raw.every.unwrap_or(2).max(2)) })))
    },
};

/// Frames do not happen.
pub(super) static DROPPED_FRAME: FaultKind = FaultKind {
    id: "dropped-frame",
    about: "frames do not happen at all: no FSIN, no exposure, no flash; the others keep their time",
    example: "frames = 5",
    read: |parameters, places| {
        let drop = |frame: &mut FrameTruth| {
            answer_nothing(frame);
            frame.fsin = None;
            frame.trigger = None;
        };
        struck(parameters, places, drop)
    },
};

/// The camera starts roughly.
pub(super) static START_TRANSIENT: FaultKind = FaultKind {
    id: "start-transient",
    about: "of the first `frames` frames every other one has no exposure, and the rest have a short one besides",
    example: "frames = 3",
    read: |parameters, places| {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Raw {
            camera: Option<Text>,
            frames: u32,
        }
        let raw: Raw = parameters.read()?;
        let camera = places.camera(raw.camera.as_ref())?;
        Ok(Fault::Events(Arc::new(StartTransient { camera, frames: i64::from(raw.frames) })))
    },
};

fn answer_nothing(frame: &mut FrameTruth) {
    frame.exposures.clear();
    frame.flashes.clear();
    frame.readouts.clear();
}

#[derive(Debug)]
struct HalfRate {
    camera: usize,
    every: i64,
}

impl EventFault for HalfRate {
    fn apply(&self, cameras: &mut [CameraTruth], _: Stream) {
        let Some(camera) = cameras.get_mut(self.camera) else { return };
        camera.frames.iter_mut().filter(|frame| frame.number.rem_euclid(self.every) != 0).for_each(answer_nothing);
    }
}

#[derive(Debug)]
struct StartTransient {
    camera: usize,
    frames: i64,
}

impl EventFault for StartTransient {
    fn apply(&self, cameras: &mut [CameraTruth], _: Stream) {
        let Some(camera) = cameras.get_mut(self.camera) else { return };
        let rough = |frame: &&mut FrameTruth| (0..self.frames).contains(&frame.number);
        for frame in camera.frames.iter_mut().filter(rough) {
            if frame.number % 2 == 1 {
                answer_nothing(frame);
                continue;
            }
            // A twentieth of the exposure, its own length before it.
            let Some(first) = frame.exposures.first().copied() else { continue };
            let width = Femtos::new(first.width().get() / 20);
            let start = first.start() - width - width;
            camera.extra_strobes.extend(TruePulse::between(start, start + width));
        }
        camera.extra_strobes.sort_unstable();
    }
}
