//! Faults of the flash.

use super::{Fault, FaultKind, Given};
use crate::scenario::error::Problem;
use crate::scenario::lines::TruePulse;
use crate::scenario::time::Femtos;

/// The flash comes too late.
pub(super) static LATE_FLASH: FaultKind = FaultKind {
    id: "late-flash",
    about: "the flash starts and ends later by `amount`",
    takes: &["camera", "frames", "amount"],
    example: "frames = \"all\"\namount = \"3 ms\"",
    read: |given| moved(given, |pulse, amount| Some(pulse.later(amount))),
};

/// The flash stays on too long.
pub(super) static FLASH_LEAK: FaultKind = FaultKind {
    id: "flash-leak",
    about: "the flash ends later by `amount`, and lights what comes after the exposure",
    takes: &["camera", "frames", "amount"],
    example: "frames = \"all\"\namount = \"4 ms\"",
    read: |given| moved(given, |pulse, amount| Some(pulse.ended_later(amount))),
};

/// The flash goes out too soon.
pub(super) static SHORT_FLASH: FaultKind = FaultKind {
    id: "short-flash",
    about: "the flash ends earlier by `amount`",
    takes: &["camera", "frames", "amount"],
    example: "frames = \"all\"\namount = \"2 ms\"",
    read: |given| moved(given, TruePulse::ended_earlier),
};

/// The flash is on far too long.
pub(super) static LONG_FLASH: FaultKind = FaultKind {
    id: "long-flash",
    about: "the flash stays on for `amount` from its start: a driver that does not switch off in time",
    takes: &["camera", "frames", "amount"],
    example: "frames = \"all\"\namount = \"9 ms\"",
    read: |given| moved(given, |pulse, amount| TruePulse::lasting(pulse.start(), amount)),
};

fn moved(given: &Given<'_>, how: fn(TruePulse, Femtos) -> Option<TruePulse>) -> Result<Fault, Problem> {
    let amount = given.time_above_zero("amount")?;
    given.struck(amount, move |frame| {
        frame.flashes.retain_mut(|flash| {
            let moved = how(flash.pulse, amount);
            flash.pulse = moved.unwrap_or(flash.pulse);
            moved.is_some()
        });
    })
}

/// The flash does not come.
pub(super) static MISSING_FLASH: FaultKind = FaultKind {
    id: "missing-flash",
    about: "frames have no flash, on none of its lines",
    takes: &["camera", "frames"],
    example: "frames = { chance = \"50 %\" }",
    read: |given| given.struck(Femtos::ZERO, |frame| frame.flashes.clear()),
};

/// Alternating flash lines change their turns.
pub(super) static FLASH_PATTERN_SLIP: FaultKind = FaultKind {
    id: "flash-pattern-slip",
    about: "from frame `from` on, alternating flash lines have slipped by a frame: each lights in the turn of the next one; a flash of one line alone lights a frame late",
    takes: &["camera", "from"],
    example: "from = 5",
    read: |given| {
        let from: i64 = given.needed("from")?;
        given.events(Femtos::ZERO, move |camera, _| {
            let mut lit_before: Vec<usize> = Vec::new();
            for frame in &mut camera.frames {
                let lit: Vec<usize> = frame.flashes.iter().map(|flash| flash.line).collect();
                if frame.number >= from {
                    for (flash, line) in frame.flashes.iter_mut().zip(lit_before) {
                        flash.line = line;
                    }
                }
                lit_before = lit;
            }
        })
    },
};
