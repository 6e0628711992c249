//! The faults of triggers and frames, in words.

use super::super::Severity;
use super::super::fault::{Fault, LookAlike};

/// Field guide, F03.
pub(in crate::diagnosis) static MISSED_TRIGGER: Fault = Fault {
    id: "missed-trigger",
    number: "F03",
    severity: Severity::Fail,
    about: "FSIN triggers and no exposure follows.",
    drawing: "\
FSIN    _|~|________|~|________|~|________|~|___
STROBE  __|~~~|_________________|~~~|______|~~~|
                    ^ nothing answers this one",
    causes: &[
        "the trigger came while the camera was still exposing or reading out (overtrigger)",
        "the trigger pulse is too short or too low (5 us on OV9282; 10 V through an opto-coupler)",
        "the camera is not in trigger mode",
    ],
    remedies: &[
        "lower the trigger rate, or shorten the exposure: trigger interval > exposure + readout + 1.6 ms",
        "widen the pulse, check its level with an oscilloscope",
        "set the external trigger (setExternalTrigger) before streaming",
    ],
    look_alikes: &[LookAlike {
        fault: "intermittent-contact",
        test: "look at the flash or at the image: if the frame was taken, STROBE's wire is at fault and not the trigger",
    }],
};

/// Field guide, F04.
pub(in crate::diagnosis) static HALF_RATE: Fault = Fault {
    id: "half-rate",
    number: "F04",
    severity: Severity::Fail,
    about: "The camera answers only every second trigger, or runs at half its rate.",
    drawing: "\
FSIN    _|~|____|~|____|~|____|~|____|~|____|~|_
STROBE  __|~~~|_________|~~~|_________|~~~|_____",
    causes: &[
        "the sensor does not overlap exposure and readout when triggered: its highest rate is half the streaming one (AR0234)",
        "the exposure is too long for this rate",
    ],
    remedies: &[
        "lower the trigger rate or use the continuous mode (sync sink)",
        "shorten the exposure until every trigger is answered",
    ],
    look_alikes: &[],
};

/// Field guide, F06.
pub(in crate::diagnosis) static EXTRA_PULSES: Fault = Fault {
    id: "extra-pulses",
    number: "F06",
    severity: Severity::Fail,
    about: "There are more pulses than frames: a trigger that bounces or comes twice, or a burst that nobody declared.",
    drawing: "\
FSIN    _|~|_||_____|~|_||_____|~|_||_____|~|_||   two for one",
    causes: &[
        "the trigger contact bounces, or its line rings without termination",
        "the trigger source is set to another rate, or to two pulses a period",
        "the camera is set to a burst, or discarded frames still strobe (numFramesDiscard)",
    ],
    remedies: &[
        "debounce the trigger, terminate the line",
        "set the source to one pulse per frame",
        "state burst = 2 in [timing] if it is meant so",
    ],
    look_alikes: &[LookAlike {
        fault: "contended-fsin",
        test: "unplug one device after the other: pulses of a second driver go with it, bounces stay",
    }],
};

/// Field guide, F07.
pub(in crate::diagnosis) static START_TRANSIENT: Fault = Fault {
    id: "start-transient",
    number: "F07",
    severity: Severity::Info,
    about: "Only the first frames are irregular: the sensor had just been switched on.",
    drawing: "\
STROBE  _||__|~~~|_________||_|~~~|____|~~~|____|~~~|____|~~~|
        the first frames       then every one",
    causes: &["the sensor's start, or spikes on a shared sync line while supplies come up"],
    remedies: &["leave the first frames out: skip_frames = 5 in [timing]; or keep the sensor always on"],
    look_alikes: &[],
};

/// Field guide, F15.
pub(in crate::diagnosis) static DROPPED_FRAME: Fault = Fault {
    id: "dropped-frame",
    number: "F15",
    severity: Severity::Fail,
    about: "A frame does not happen, and the next one comes when it should.",
    drawing: "\
STROBE  __|~~~|______|~~~|__________________|~~~|______|~~~|
                                ^ not there; in phase afterwards",
    causes: &["the sensor or its MIPI link stalled for a frame", "the sensor's trigger was lost on its way"],
    remedies: &[
        "lower the frame rate or the resolution, look for MIPI and I2C errors in the camera's log",
        "wire FSIN too: it tells a lost trigger from a frame that the sensor dropped",
    ],
    look_alikes: &[LookAlike {
        fault: "intermittent-contact",
        test: "count the frames that the host got: if none is missing there, the wire lost it",
    }],
};
