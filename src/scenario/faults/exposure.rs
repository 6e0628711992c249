//! Faults of STROBE.

use std::sync::Arc;

use serde::Deserialize;

use super::frames::{FrameSet, RawFrames, struck};
use super::{EventFault, Fault, FaultKind};
use crate::rig::Alignment;
use crate::scenario::draws::Stream;
use crate::scenario::lines::TruePulse;
use crate::scenario::node::Text;
use crate::scenario::time::Femtos;
use crate::scenario::truth::CameraTruth;
use crate::scenario::values::{time, time_above_zero};

/// An exposure lasts longer.
pub(super) static LONG_EXPOSURE: FaultKind = FaultKind {
    id: "long-exposure",
    about: "exposures last longer by `amount`: they start earlier (end-aligned) or end later (start-aligned); the flash \
            does not follow",
    example: "frames = 3\namount = \"2 ms\"",
    read: |parameters, places| {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Raw {
            camera: Option<Text>,
            frames: RawFrames,
            amount: Text,
        }
        let raw: Raw = parameters.read()?;
        Ok(Fault::Events(Arc::new(LongExposure {
            camera: places.camera(raw.camera.as_ref())?,
            frames: raw.frames.read()?,
            amount: time_above_zero(&raw.amount, "amount")?,
        })))
    },
};

#[derive(Debug)]
struct LongExposure {
    camera: usize,
    frames: FrameSet,
    amount: Femtos,
}

impl EventFault for LongExposure {
    fn reach(&self) -> Femtos {
        self.amount
    }

    fn apply(&self, cameras: &mut [CameraTruth], random: Stream) {
        let Some(camera) = cameras.get_mut(self.camera) else { return };
        let alignment = camera.alignment;
        self.frames.strike(camera, random, |frame| {
            for exposure in &mut frame.exposures {
                *exposure = match alignment {
                    Alignment::End => exposure.begun_earlier(self.amount),
                    Alignment::Start => exposure.ended_later(self.amount),
                };
            }
        });
    }
}

/// STROBE pulses are missing.
pub(super) static MISSING_STROBE: FaultKind = FaultKind {
    id: "missing-strobe",
    about: "frames have no STROBE pulse (of a burst: none at all); FSIN and flash go on",
    example: "frames = { every = 4, from = 3 }",
    read: |parameters, places| struck(parameters, places, |frame| frame.exposures.clear()),
};

/// STROBE pulses that nothing asked for.
pub(super) static EXTRA_STROBE: FaultKind = FaultKind {
    id: "extra-strobe",
    about: "one more STROBE pulse of `width` starts `after` the boundary that opens the frame",
    example: "frames = [2, 5]\nafter = \"1 ms\"\nwidth = \"50 us\"",
    read: |parameters, places| {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Raw {
            camera: Option<Text>,
            frames: RawFrames,
            after: Text,
            width: Text,
        }
        let raw: Raw = parameters.read()?;
        Ok(Fault::Events(Arc::new(ExtraStrobe {
            camera: places.camera(raw.camera.as_ref())?,
            frames: raw.frames.read()?,
            after: time(&raw.after, "after")?,
            width: time_above_zero(&raw.width, "width")?,
        })))
    },
};

#[derive(Debug)]
struct ExtraStrobe {
    camera: usize,
    frames: FrameSet,
    after: Femtos,
    width: Femtos,
}

impl EventFault for ExtraStrobe {
    fn reach(&self) -> Femtos {
        self.after.abs() + self.width
    }

    fn apply(&self, cameras: &mut [CameraTruth], random: Stream) {
        let Some(camera) = cameras.get_mut(self.camera) else { return };
        let struck = camera.frames.iter().filter(|frame| self.frames.holds(frame.number, random));
        let extra = struck.filter_map(|frame| {
            let start = frame.opens + self.after;
            TruePulse::between(start, start + self.width)
        });
        let mut extra: Vec<TruePulse> = extra.collect();
        camera.extra_strobes.append(&mut extra);
        camera.extra_strobes.sort_unstable();
    }
}
