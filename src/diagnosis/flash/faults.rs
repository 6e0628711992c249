//! The faults of flashes, in words.

use super::super::fault::{Cause, FAILURE, Fault, LookAlike};

/// Field guide, F26.
pub(in crate::diagnosis) static FLASH_LATE: Fault = Fault {
    id: "flash-late",
    number: "F26",
    about: "The flash is lit after the exposure has begun, by more than is allowed.",
    drawing: "\
STROBE  __|~~~~~~~~~~|________|~~~~~~~~~~|______
FLASH   _____|~~~~~~~~~~|________|~~~~~~~~~~|___
          <-> dark",
    causes: &[&DRIVER_DELAY, &SOFTWARE_FLASH, &SINGLE_LATE],
    ..FAILURE
};

pub(super) static DRIVER_DELAY: Cause = Cause {
    why: "the driver's own delay",
    remedy: "fire the flash earlier by as much, or state its delay: flash.lead",
};
pub(super) static SOFTWARE_FLASH: Cause = Cause {
    why: "the flash is triggered by software or over a network (5 ms and more on average)",
    remedy: "fire the flash from STROBE",
};
pub(super) static SINGLE_LATE: Cause = Cause {
    why: "in these frames the driver was not ready: it was still recharging, or its firmware was busy",
    remedy: "probe the driver's input beside its output: if the input is on time, it is the driver; lower the rate or the pulse then",
};

/// Field guide, F26.
pub(in crate::diagnosis) static FLASH_SHORT: Fault = Fault {
    id: "flash-short",
    number: "F26",
    about: "The flash goes out before the exposure ends.",
    drawing: "\
STROBE  __|~~~~~~~~~~|________|~~~~~~~~~~|______
FLASH   __|~~~~~~|____________|~~~~~~|__________
                 <--> dark",
    causes: &[&PULSE_SET_SHORT, &PULSE_CAPPED, &EXPOSURE_LONGER],
    ..FAILURE
};

pub(super) static PULSE_SET_SHORT: Cause = Cause {
    why: "the driver's pulse is set shorter than the exposure",
    remedy: "lengthen the flash pulse, or let it follow STROBE",
};
pub(super) static PULSE_CAPPED: Cause = Cause {
    why: "the driver caps the pulse (30 % of the frame time for IR)",
    remedy: "shorten the exposure to what the flash lasts",
};
pub(super) static EXPOSURE_LONGER: Cause = Cause {
    why: "the exposure was made longer and the flash was not",
    remedy: "shorten the exposure again, or lengthen the flash by as much",
};

/// Field guide, F27.
pub(in crate::diagnosis) static FLASH_LEAK: Fault = Fault {
    id: "flash-leak",
    number: "F27",
    about: "The flash is lit outside of the exposure: before it, into the readout, or into the next frame.",
    drawing: "\
STROBE  __|~~~~~~~~~~|________|~~~~~~~~~~|______
FLASH   __|~~~~~~~~~~~~~~|____|~~~~~~~~~~~~~~|__
                      <--> light that no exposure uses",
    causes: &[&HELD_TOO_LONG, &LEAD_SET_TOO_LONG],
    ..FAILURE
};

pub(super) static HELD_TOO_LONG: Cause = Cause {
    why: "the hold time of the flash (\"exposure + delta\") is too long",
    remedy: "shorten the hold time; `strobecheck measure` shows flash.hold, which is how much is needed",
};

/// Field guide, F28.
pub(in crate::diagnosis) static FLASH_OVER_DUTY: Fault = Fault {
    id: "flash-over-duty",
    number: "F28",
    about: "The flash is on for longer, or more often, than its limit: a danger to the emitter, and to eyes.",
    drawing: "\
limit   __|~~~~~|_____________|~~~~~|___________
FLASH   __|~~~~~~~~~~~~~~~~~|_|~~~~~~~~~~~~~~~~~",
    causes: &[&NO_TIME_OUT, &SET_TOO_HIGH],
    ..FAILURE
};

pub(super) static NO_TIME_OUT: Cause = Cause {
    why: "the driver's time-out does not work, or its trigger stays active",
    remedy: "switch the emitter off and look at the driver's trigger input before the next run",
};
pub(super) static SET_TOO_HIGH: Cause = Cause {
    why: "the pulse or the frame rate is set too high for this emitter",
    remedy: "shorten the pulse or lower the frame rate",
};

/// A single flash is no loose wire.
pub(in crate::diagnosis) static FLASH_MISSING: Fault = Fault {
    id: "flash-missing",
    number: "F40",
    about: "Some exposures have no flash; the flashes before and after come when they should.",
    drawing: "\
STROBE  __|~~~~~~|____|~~~~~~|____|~~~~~~|______
FLASH   __|~~~~~~|________________|~~~~~~|______
                      ^ dark",
    causes: &[&RECHARGING, &NOT_FIRED, &WIRE_LOST_IT],
    look_alikes: &[LookAlike {
        fault: "intermittent-contact",
        test: "look at the image of a dark frame: if it is lit, the wire lost the pulse and not the flash",
    }],
    ..FAILURE
};

pub(in crate::diagnosis) static RECHARGING: Cause = Cause {
    why: "the driver had not recharged, or protected itself",
    remedy: "shorten the flash, lower its current or the rate; probe the driver's input beside its output: if the input has the pulse, it is the driver",
};
pub(in crate::diagnosis) static NOT_FIRED: Cause = Cause {
    why: "the flash was not fired: its trigger was lost, or the program that fires it came too late",
    remedy: "fire the flash from STROBE, and probe the driver's input: if the pulse is missing there, look at what makes it",
};
pub(in crate::diagnosis) static WIRE_LOST_IT: Cause = Cause {
    why: "the wire of the probe lost the pulses",
    remedy: "solder the wire again and fix it with hot glue; then wiggle it and watch `strobecheck wiring`",
};

/// Field guide, F26, the other way.
pub(in crate::diagnosis) static FLASH_EARLY: Fault = Fault {
    id: "flash-early",
    number: "F41",
    about: "The flash is lit earlier before the exposure than is allowed.",
    drawing: "\
STROBE  ______|~~~~~~~~~~|________|~~~~~~~~~~|__
FLASH   __|~~~~~~~~~~|________|~~~~~~~~~~|______
          <-> too early",
    causes: &[&LEAD_SET_TOO_LONG, &FIRED_BY_ANOTHER_EDGE],
    ..FAILURE
};

pub(super) static LEAD_SET_TOO_LONG: Cause = Cause {
    why: "the lead of the flash is set too long, or the exposure begins later than the flash expects",
    remedy: "fire the flash later by as much",
};
pub(super) static FIRED_BY_ANOTHER_EDGE: Cause =
    Cause { why: "the flash is fired by FSIN or by a timer, and not by STROBE", remedy: "fire the flash from STROBE" };

/// Field guide, F28: what protects the emitter.
pub(in crate::diagnosis) static FLASH_TIMEOUT: Fault = Fault {
    id: "flash-timeout",
    number: "F42",
    about: "The flash goes out after the same time however long the exposure is: its driver cuts it off.",
    drawing: "\
STROBE  __|~~~~~|______|~~~~~~~~~~~~|______
FLASH   __|~~~~~|______|~~~~~~~|___________   never longer than this",
    causes: &[&CUT_OFF],
    ..FAILURE
};

pub(super) static CUT_OFF: Cause = Cause {
    why: "the driver's time-out, or its duty limit, cuts the flash off",
    remedy: "shorten the exposure to what the flash lasts, or raise the time-out if the emitter allows it",
};
