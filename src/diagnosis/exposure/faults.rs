//! The faults of exposures, in words.

use super::super::Severity;
use super::super::fault::{Cause, FAILURE, Fault, LookAlike};

/// Field guide, F11.
pub(in crate::diagnosis) static EXPOSURE_EXCEEDS_FRAME: Fault = Fault {
    id: "exposure-exceeds-frame",
    number: "F11",
    about: "The exposure is longer than the frame has room for: STROBE hardly goes idle, or two exposures run into one.",
    drawing: "\
FSIN    _|~|________|~|________|~|________|~|___
STROBE  ~~~~~~~~~~~~~~~~~~~~~~~|_|~~~~~~~~~~~~~~   no pause between",
    causes: &[&SET_TOO_LONG, &AUTO_TOO_LONG],
    look_alikes: &[LookAlike {
        fault: "line-dead",
        test: "halve the exposure: a line that is shorted stays active, an exposure gets a pause",
    }],
    ..FAILURE
};

pub(super) static SET_TOO_LONG: Cause = Cause {
    why: "the exposure is set longer than the frame time less 25 rows (0.23 ms on OV9282)",
    remedy: "shorten the exposure or lower the frame rate",
};
pub(super) static AUTO_TOO_LONG: Cause = Cause {
    why: "auto exposure goes there in the dark",
    remedy: "set an upper limit for auto exposure (setAutoExposureLimit), or switch it off",
};

/// Field guide, F05.
pub(in crate::diagnosis) static ALTERNATING_EXPOSURE: Fault = Fault {
    id: "alternating-exposure",
    number: "F05",
    about: "Exposures alternate between two lengths, one of them perhaps next to nothing: every second image is black.",
    drawing: "\
STROBE  __|~~~~~~|________||_______|~~~~~~|________||____",
    causes: &[&CUT_SHORT, &TWO_ARE_MEANT],
    ..FAILURE
};

pub(super) static CUT_SHORT: Cause = Cause {
    why: "the sensor's frame rate and the trigger's do not match, so that every second frame is cut short",
    remedy: "set the sensor's frame rate to the trigger's",
};
pub(super) static TWO_ARE_MEANT: Cause = Cause {
    why: "two exposures are meant, and the spec knows one",
    remedy: "state both in exposure.time, in the order in which they come",
};

/// Field guide, F14.
pub(in crate::diagnosis) static EXPOSURE_SCALED: Fault = Fault {
    id: "exposure-scaled",
    number: "F14",
    about: "All exposures are wrong by the same factor.",
    drawing: "\
asked    __|~~~~~~~~|__________|~~~~~~~~|___
STROBE   __|~~~~~~~~~~|________|~~~~~~~~~~|_   k times as long",
    causes: &[&COUNTED_IN_SPAN_STEPS, &CAPPED, &SET_OTHERWISE, &OTHER_UNITS],
    look_alikes: &[LookAlike {
        fault: "slow-edge",
        test: "double the exposure: a wrong scale adds twice as much, a slow edge the same microseconds",
    }],
    ..FAILURE
};

pub(super) static COUNTED_IN_SPAN_STEPS: Cause = Cause {
    why: "STROBE's length is counted in span steps of 9.49 us instead of rows of 9.10 us (OV9281): +4.3 %",
    remedy: "set strobe_frame_span to exposure / 9.49 us, or allow for it in exposure.time",
};
pub(super) static CAPPED: Cause = Cause {
    why: "the IR driver caps the pulse at 30 % of the frame time (OAK-D Pro), and STROBE shows the driver",
    remedy: "judge the emitter by flash.on-time, or switch the IR emitter off to see the exposure",
};
pub(super) static SET_OTHERWISE: Cause = Cause {
    why: "the exposure is set to another value than the spec asks for",
    remedy: "set the exposure to what the spec says, or state what is meant",
};
pub(super) static OTHER_UNITS: Cause = Cause {
    why: "STROBE does not show the exposure itself: its length is counted in other units",
    remedy: "check how STROBE's length is set on this sensor, and compare with the exposure that the image metadata states",
};

/// Field guide, F12.
pub(in crate::diagnosis) static AUTO_EXPOSURE_ON: Fault = Fault {
    id: "auto-exposure-on",
    number: "F12",
    about: "Exposures vary although one length is asked for: auto exposure is on.",
    drawing: "\
STROBE  __|~~|______|~~~~|____|~~~~~~|__|~~~~|____|~~|___",
    causes: &[&AUTO, &SENT_FOR_A_FRAME],
    ..FAILURE
};

pub(super) static AUTO: Cause = Cause {
    why: "auto exposure is on (it may prefer multiples of 10 ms or 8.33 ms, against the flicker of lamps)",
    remedy: "set the exposure by hand (setManualExposure) and switch auto exposure off",
};
pub(super) static SENT_FOR_A_FRAME: Cause = Cause {
    why: "a setting is sent for single frames",
    remedy: "look at what the host sends to the camera; state a repeating sequence in exposure.time if one is meant",
};

/// Field guide, F13.
pub(in crate::diagnosis) static LATE_EXPOSURE_CHANGE: Fault = Fault {
    id: "late-exposure-change",
    number: "F13",
    severity: Severity::Info,
    about: "The first exposures still have another length; then the one that is asked for takes effect.",
    drawing: "\
STROBE  __|~|_______|~|_______|~~~~~|___|~~~~~|___|~~~~~|",
    causes: &[&TAKES_EFFECT_LATE],
    look_alikes: &[],
};

pub(super) static TAKES_EFFECT_LATE: Cause = Cause {
    why: "a setting takes effect some frames after it is sent, and metadata lag behind it",
    remedy: "leave the first frames out (skip_frames in [timing]), or set the exposure before streaming",
};
