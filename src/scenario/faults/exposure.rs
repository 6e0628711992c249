//! Faults of STROBE.

use super::frames::{FrameSet, struck};
use super::{EventFault, FaultKind};
use crate::rig::Alignment;
use crate::scenario::draws::Stream;
use crate::scenario::lines::TruePulse;
use crate::scenario::time::Femtos;
use crate::scenario::truth::CameraTruth;

/// An exposure lasts longer.
pub(super) static LONG_EXPOSURE: FaultKind = FaultKind {
    id: "long-exposure",
    about: "exposures last longer by `amount`: they start earlier (end-aligned) or end later (start-aligned); the flash \
            does not follow",
    takes: &["camera", "frames", "amount"],
    example: "frames = 3\namount = \"2 ms\"",
    read: |given| given.event_fault(LongExposure { frames: given.frames()?, amount: given.time_above_zero("amount")? }),
};

#[derive(Debug)]
struct LongExposure {
    frames: FrameSet,
    amount: Femtos,
}

impl EventFault for LongExposure {
    fn reach(&self) -> Femtos {
        self.amount
    }

    fn apply(&self, camera: &mut CameraTruth, random: Stream) {
        let alignment = camera.alignment;
        self.frames.strike(camera, random, |frame| {
            for exposure in &mut frame.exposures {
                *exposure = match alignment {
                    Alignment::End => exposure.begun_earlier(self.amount),
                    Alignment::Start => exposure.ended_later(self.amount),
                    Alignment::Middle => {
                        let half = self.amount.halved();
                        exposure.begun_earlier(half).ended_later(self.amount - half)
                    }
                };
            }
        });
    }
}

/// STROBE pulses are missing.
pub(super) static MISSING_STROBE: FaultKind = FaultKind {
    id: "missing-strobe",
    about: "frames have no STROBE pulse (of a burst: none at all); FSIN and flash go on",
    takes: &["camera", "frames"],
    example: "frames = { every = 4, from = 3 }",
    read: |given| struck(given, |frame| frame.exposures.clear()),
};

/// STROBE pulses that nothing asked for.
pub(super) static EXTRA_STROBE: FaultKind = FaultKind {
    id: "extra-strobe",
    about: "one more STROBE pulse of `width` starts `after` the boundary that opens the frame",
    takes: &["camera", "frames", "after", "width"],
    example: "frames = [2, 5]\nafter = \"1 ms\"\nwidth = \"50 us\"",
    read: |given| {
        let frames = given.frames()?;
        given.event_fault(ExtraStrobe { frames, after: given.time("after")?, width: given.time_above_zero("width")? })
    },
};

#[derive(Debug)]
struct ExtraStrobe {
    frames: FrameSet,
    after: Femtos,
    width: Femtos,
}

impl EventFault for ExtraStrobe {
    fn reach(&self) -> Femtos {
        self.after.abs() + self.width
    }

    fn apply(&self, camera: &mut CameraTruth, random: Stream) {
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
