//! Faults of FSIN.

use super::frames::{FrameSet, struck};
use super::{EventFault, FaultKind};
use crate::scenario::draws::Stream;
use crate::scenario::lines::TruePulse;
use crate::scenario::time::Femtos;
use crate::scenario::truth::CameraTruth;

/// FSIN pulses are missing.
pub(super) static MISSING_FSIN: FaultKind = FaultKind {
    id: "missing-fsin",
    about: "frames have no FSIN pulse (end-aligned: the one at which they end); STROBE and flash go on",
    takes: &["camera", "frames"],
    example: "frames = 3",
    read: |given| struck(given, |frame| frame.fsin = None),
};

/// FSIN pulses are too narrow.
pub(super) static NARROW_FSIN: FaultKind = FaultKind {
    id: "narrow-fsin",
    about: "FSIN pulses are active for `width` only",
    takes: &["camera", "frames", "width"],
    example: "frames = \"all\"\nwidth = \"2 us\"",
    read: |given| given.event_fault(NarrowFsin { frames: given.frames()?, width: given.time_above_zero("width")? }),
};

#[derive(Debug)]
struct NarrowFsin {
    frames: FrameSet,
    width: Femtos,
}

impl EventFault for NarrowFsin {
    fn reach(&self) -> Femtos {
        self.width
    }

    fn apply(&self, camera: &mut CameraTruth, random: Stream) {
        self.frames.strike(camera, random, |frame| {
            frame.fsin = frame.fsin.and_then(|pulse| TruePulse::between(pulse.start(), pulse.start() + self.width));
        });
    }
}
