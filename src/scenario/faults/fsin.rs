//! Faults of FSIN.

use super::FaultKind;
use crate::scenario::lines::TruePulse;
use crate::scenario::time::Femtos;

/// FSIN pulses are missing.
pub(super) static MISSING_FSIN: FaultKind = FaultKind {
    id: "missing-fsin",
    about: "frames have no FSIN pulse (end-aligned: the one at which they end); STROBE and flash go on",
    takes: &["camera", "frames"],
    example: "frames = 3",
    read: |given| given.struck(Femtos::ZERO, |frame| frame.fsin = None),
};

/// FSIN pulses are too narrow.
pub(super) static NARROW_FSIN: FaultKind = FaultKind {
    id: "narrow-fsin",
    about: "FSIN pulses are active for `width` only",
    takes: &["camera", "frames", "width"],
    example: "frames = \"all\"\nwidth = \"2 us\"",
    read: |given| {
        let width = given.time_above_zero("width")?;
        given.struck(width, move |frame| {
            frame.fsin = frame.fsin.and_then(|pulse| TruePulse::lasting(pulse.start(), width));
        })
    },
};
