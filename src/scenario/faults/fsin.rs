//! Faults of FSIN.

use std::sync::Arc;

use serde::Deserialize;

use super::frames::{FrameSet, RawFrames, struck};
use super::{EventFault, Fault, FaultKind};
use crate::scenario::draws::Stream;
use crate::scenario::lines::TruePulse;
use crate::scenario::node::Text;
use crate::scenario::time::Femtos;
use crate::scenario::truth::CameraTruth;
use crate::scenario::values::time_above_zero;

/// FSIN pulses are missing.
pub(super) static MISSING_FSIN: FaultKind = FaultKind {
    id: "missing-fsin",
    about: "frames have no FSIN pulse (end-aligned: the one at which they end); STROBE and flash go on",
    example: "frames = 3",
    read: |parameters, places| struck(parameters, places, |frame| frame.fsin = None),
};

/// FSIN pulses are too narrow.
pub(super) static NARROW_FSIN: FaultKind = FaultKind {
    id: "narrow-fsin",
    about: "FSIN pulses are active for `width` only",
    example: "frames = \"all\"\nwidth = \"2 us\"",
    read: |parameters, places| {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Raw {
            camera: Option<Text>,
            frames: RawFrames,
            width: Text,
        }
        let raw: Raw = parameters.read()?;
        Ok(Fault::Events(Arc::new(NarrowFsin {
            camera: places.camera(raw.camera.as_ref())?,
            frames: raw.frames.read()?,
            width: time_above_zero(&raw.width, "width")?,
        })))
    },
};

#[derive(Debug)]
struct NarrowFsin {
    camera: usize,
    frames: FrameSet,
    width: Femtos,
}

impl EventFault for NarrowFsin {
    fn reach(&self) -> Femtos {
        self.width
    }

    fn apply(&self, cameras: &mut [CameraTruth], random: Stream) {
        let Some(camera) = cameras.get_mut(self.camera) else { return };
        self.frames.strike(camera, random, |frame| {
            frame.fsin = frame.fsin.and_then(|pulse| TruePulse::between(pulse.start(), pulse.start() + self.width));
        });
    }
}
