//! Faults of STROBE.

use super::FaultKind;
use super::exposure_time::lengthened;
use crate::scenario::lines::TruePulse;
use crate::scenario::time::Femtos;

/// An exposure lasts longer.
pub(super) static LONG_EXPOSURE: FaultKind = FaultKind {
    id: "long-exposure",
    about: "exposures last longer by `amount`: they start earlier (end-aligned) or end later (start-aligned); the flash \
            does not follow",
    takes: &["camera", "frames", "amount"],
    example: "frames = 3\namount = \"2 ms\"",
    read: |given| {
        let (frames, amount) = (given.frames()?, given.time_above_zero("amount")?);
        given.events(amount, move |camera, random| {
            let alignment = camera.alignment;
            frames.strike(camera, random, |frame| {
                for exposure in &mut frame.exposures {
                    *exposure = lengthened(exposure, alignment, amount).unwrap_or(*exposure);
                }
            });
        })
    },
};

/// STROBE pulses are missing.
pub(super) static MISSING_STROBE: FaultKind = FaultKind {
    id: "missing-strobe",
    about: "frames have no STROBE pulse (of a burst: none at all); FSIN and flash go on",
    takes: &["camera", "frames"],
    example: "frames = { every = 4, from = 3 }",
    read: |given| given.struck(Femtos::ZERO, |frame| frame.exposures.clear()),
};

/// STROBE pulses that nothing asked for.
pub(super) static EXTRA_STROBE: FaultKind = FaultKind {
    id: "extra-strobe",
    about: "one more STROBE pulse of `width` starts `after` the boundary that opens the frame",
    takes: &["camera", "frames", "after", "width"],
    example: "frames = [2, 5]\nafter = \"1 ms\"\nwidth = \"50 us\"",
    read: |given| {
        let (frames, after) = (given.frames()?, given.time("after")?);
        let width = given.time_above_zero("width")?;
        given.events(after.abs() + width, move |camera, random| {
            let struck = camera.frames.iter().filter(|frame| frames.holds(frame.number, random));
            camera.extra_strobes.extend(struck.filter_map(|frame| TruePulse::lasting(frame.opens + after, width)));
            camera.extra_strobes.sort_unstable();
        })
    },
};
