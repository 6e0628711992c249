//! Faults of FSIN.

use std::sync::Arc;

use serde::Deserialize;

use super::frames::{FrameSet, RawFrames};
use super::{EventFault, Fault, FaultKind};
use crate::scenario::draws::Stream;
use crate::scenario::read::Text;
use crate::scenario::time::Femtos;
use crate::scenario::truth::CameraTruth;

/// FSIN pulses are missing.
pub(super) static MISSING_FSIN: FaultKind = FaultKind {
    id: "missing-fsin",
    about: "frames have no FSIN pulse (end-aligned: the one at which they end); STROBE and flash go on",
    example: "frames = 3",
    read: |parameters, places| {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Raw {
            camera: Option<Text>,
            frames: RawFrames,
        }
        let raw: Raw = parameters.read()?;
        let camera = places.camera(raw.camera.as_ref())?;
        Ok(Fault::Events(Arc::new(MissingFsin { camera, frames: raw.frames.read()? })))
    },
};

#[derive(Debug)]
struct MissingFsin {
    camera: usize,
    frames: FrameSet,
}

impl EventFault for MissingFsin {
    fn reach(&self) -> Femtos {
        Femtos::ZERO
    }

    fn apply(&self, cameras: &mut [CameraTruth], random: Stream) {
        let Some(camera) = cameras.get_mut(self.camera) else { return };
        self.frames.strike(camera, random, |frame| frame.fsin = None);
    }
}
