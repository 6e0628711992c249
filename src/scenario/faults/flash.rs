//! Faults of the flash.

use std::sync::Arc;

use serde::Deserialize;

use super::frames::{FrameSet, RawFrames};
use super::{EventFault, Fault, FaultKind, Parameters, Places};
use crate::scenario::draws::Stream;
use crate::scenario::error::Problem;
use crate::scenario::lines::TruePulse;
use crate::scenario::read::{Text, time_above_zero};
use crate::scenario::time::Femtos;
use crate::scenario::truth::CameraTruth;

/// The flash comes too late.
pub(super) static LATE_FLASH: FaultKind = FaultKind {
    id: "late-flash",
    about: "the flash starts and ends later by `amount`",
    example: "frames = \"all\"\namount = \"3 ms\"",
    read: |parameters, places| moved(parameters, places, |pulse, amount| pulse.later(amount)),
};

/// The flash stays on too long.
pub(super) static FLASH_LEAK: FaultKind = FaultKind {
    id: "flash-leak",
    about: "the flash ends later by `amount`, and lights what comes after the exposure",
    example: "frames = \"all\"\namount = \"4 ms\"",
    read: |parameters, places| moved(parameters, places, |pulse, amount| pulse.ended_later(amount)),
};

fn moved(
    parameters: Parameters<'_>,
    places: &Places<'_>,
    how: fn(TruePulse, Femtos) -> TruePulse,
) -> Result<Fault, Problem> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Raw {
        camera: Option<Text>,
        frames: RawFrames,
        amount: Text,
    }
    let raw: Raw = parameters.read()?;
    Ok(Fault::Events(Arc::new(MovedFlash {
        camera: places.camera(raw.camera.as_ref())?,
        frames: raw.frames.read()?,
        amount: time_above_zero(&raw.amount, "amount")?,
        how,
    })))
}

#[derive(Debug)]
struct MovedFlash {
    camera: usize,
    frames: FrameSet,
    amount: Femtos,
    how: fn(TruePulse, Femtos) -> TruePulse,
}

impl EventFault for MovedFlash {
    fn reach(&self) -> Femtos {
        self.amount
    }

    fn apply(&self, cameras: &mut [CameraTruth], random: Stream) {
        let Some(camera) = cameras.get_mut(self.camera) else { return };
        self.frames.strike(camera, random, |frame| {
            for flash in &mut frame.flashes {
                flash.pulse = (self.how)(flash.pulse, self.amount);
            }
        });
    }
}

/// The flash does not come.
pub(super) static MISSING_FLASH: FaultKind = FaultKind {
    id: "missing-flash",
    about: "frames have no flash, on none of its lines",
    example: "frames = { chance = \"50 %\" }",
    read: |parameters, places| {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Raw {
            camera: Option<Text>,
            frames: RawFrames,
        }
        let raw: Raw = parameters.read()?;
        let camera = places.camera(raw.camera.as_ref())?;
        Ok(Fault::Events(Arc::new(MissingFlash { camera, frames: raw.frames.read()? })))
    },
};

#[derive(Debug)]
struct MissingFlash {
    camera: usize,
    frames: FrameSet,
}

impl EventFault for MissingFlash {
    fn reach(&self) -> Femtos {
        Femtos::ZERO
    }

    fn apply(&self, cameras: &mut [CameraTruth], random: Stream) {
        let Some(camera) = cameras.get_mut(self.camera) else { return };
        self.frames.strike(camera, random, |frame| frame.flashes.clear());
    }
}
