//! The faults of triggers and frames, in words.

use super::super::Severity;
use super::super::fault::{Cause, FAILURE, Fault, LookAlike};

/// Field guide, F03.
pub(in crate::diagnosis) static MISSED_TRIGGER: Fault = Fault {
    id: "missed-trigger",
    number: "F03",
    about: "FSIN triggers and no exposure follows.",
    drawing: "\
FSIN    _|~|________|~|________|~|________|~|___
STROBE  __|~~~|_________________|~~~|______|~~~|
                    ^ nothing answers this one",
    causes: &[&OVERTRIGGERED, &TRIGGER_TOO_SHORT, &TRIGGER_TOO_LOW, &NOT_TRIGGER_MODE],
    look_alikes: &[LookAlike {
        fault: "intermittent-contact",
        test: "look at the flash or at the image: if the frame was taken, STROBE's wire is at fault and not the trigger",
    }],
    ..FAILURE
};

pub(super) static OVERTRIGGERED: Cause = Cause {
    why: "the trigger came while the camera was still exposing or reading out (overtrigger)",
    remedy: "lower the trigger rate, or shorten the exposure: trigger interval > exposure + readout + 1.6 ms",
};
pub(super) static TRIGGER_TOO_SHORT: Cause = Cause {
    why: "the trigger pulse is too short for the camera (5 us on OV9282; 100 us through an opto-coupler)",
    remedy: "widen the trigger pulse to 100 us or more",
};
pub(super) static TRIGGER_TOO_LOW: Cause = Cause {
    why: "the trigger's level does not reach the camera each time (10 V through an opto-coupler)",
    remedy: "check the level with an oscilloscope at the camera's connector, not at the generator",
};
pub(super) static NOT_TRIGGER_MODE: Cause = Cause {
    why: "the camera is not in trigger mode",
    remedy: "set the external trigger (setExternalTrigger) before streaming",
};

/// Field guide, F04.
pub(in crate::diagnosis) static HALF_RATE: Fault = Fault {
    id: "half-rate",
    number: "F04",
    about: "The camera answers only every second trigger, or runs at half its rate.",
    drawing: "\
FSIN    _|~|____|~|____|~|____|~|____|~|____|~|_
STROBE  __|~~~|_________|~~~|_________|~~~|_____",
    causes: &[&NO_OVERLAP, &EXPOSURE_TOO_LONG, &RATE_SET_LOWER, &SEVERAL_A_FRAME],
    ..FAILURE
};

pub(super) static NO_OVERLAP: Cause = Cause {
    why: "the sensor does not overlap exposure and readout when triggered: its highest rate is half the streaming one (AR0234)",
    remedy: "lower the trigger rate or use the continuous mode (sync sink)",
};
pub(super) static EXPOSURE_TOO_LONG: Cause = Cause {
    why: "the exposure is too long for this rate",
    remedy: "shorten the exposure until every trigger is answered",
};
pub(super) static RATE_SET_LOWER: Cause = Cause {
    why: "the camera is set to this lower rate",
    remedy: "set the frame rate that the spec asks for, or state the one that is meant: timing.frame_time",
};

/// Field guide, F06.
pub(in crate::diagnosis) static EXTRA_PULSES: Fault = Fault {
    id: "extra-pulses",
    number: "F06",
    about: "There are more pulses than frames: a trigger that bounces or comes twice, or a burst that nobody declared.",
    drawing: "\
FSIN    _|~|_||_____|~|_||_____|~|_||_____|~|_||   two for one",
    causes: &[&SEVERAL_A_FRAME, &BOUNCE, &SOURCE_RATE, &BURST],
    look_alikes: &[LookAlike {
        fault: "contended-fsin",
        test: "unplug one device after the other: pulses of a second driver go with it, bounces stay",
    }],
    ..FAILURE
};

pub(super) static SEVERAL_A_FRAME: Cause = Cause {
    why: "the source gives several pulses for each frame, as some cameras take them",
    remedy: "state timing.fsin_per_frame if it is meant so, else set the source to one pulse per frame",
};
pub(super) static BOUNCE: Cause = Cause {
    why: "the trigger contact bounces, or its line rings without termination",
    remedy: "debounce the trigger, terminate the line",
};
pub(super) static SOURCE_RATE: Cause = Cause {
    why: "the trigger source is set to another rate, or to two pulses a period",
    remedy: "set the source to one pulse per frame",
};
pub(super) static BURST: Cause = Cause {
    why: "the camera is set to a burst, or discarded frames still strobe (numFramesDiscard)",
    remedy: "state burst = 2 in [timing] if it is meant so, else set the burst of the trigger to 1",
};

/// A camera that takes several pulses of FSIN for a frame.
pub(in crate::diagnosis) static PULSES_OF_A_FRAME: Fault = Fault {
    id: "pulses-of-a-frame",
    number: "F57",
    about: "A frame has more or fewer pulses of FSIN than the camera takes for one (timing.fsin_per_frame).",
    drawing: "\
FSIN    _|~|_|~|_____|~|_________|~|_|~|_____   two for a frame
STROBE  ___|~~~~~|_____|~~~~~|_____|~~~~~|___
                         ^ one only",
    causes: &[&STATED_OTHERWISE, &PULSE_LOST, &BOUNCE],
    ..FAILURE
};

pub(super) static STATED_OTHERWISE: Cause = Cause {
    why: "the source makes another number of pulses for a frame than the spec states",
    remedy: "state timing.fsin_per_frame as the source is set",
};
pub(super) static PULSE_LOST: Cause = Cause {
    why: "a pulse is lost on its way, or the source leaves it out",
    remedy: "look at the pulse's place at the source with a second probe: if it is there, mend the line between",
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
    causes: &[&ROUGH_START],
    look_alikes: &[],
};

pub(super) static ROUGH_START: Cause = Cause {
    why: "the sensor's start, or spikes on a shared sync line while supplies come up",
    remedy: "leave the first frames out: skip_frames = 5 in [timing]; or keep the sensor always on",
};

/// Field guide, F15.
pub(in crate::diagnosis) static DROPPED_FRAME: Fault = Fault {
    id: "dropped-frame",
    number: "F15",
    about: "A frame does not happen, and the next one comes when it should.",
    drawing: "\
STROBE  __|~~~|______|~~~|__________________|~~~|______|~~~|
                                ^ not there; in phase afterwards",
    causes: &[&STALLED, &TRIGGER_LOST],
    look_alikes: &[LookAlike {
        fault: "intermittent-contact",
        test: "count the frames that the host got: if none is missing there, the wire lost it",
    }],
    ..FAILURE
};

pub(super) static STALLED: Cause = Cause {
    why: "the sensor or its MIPI link stalled for a frame",
    remedy: "lower the frame rate or the resolution, look for MIPI and I2C errors in the camera's log",
};
pub(super) static TRIGGER_LOST: Cause = Cause {
    why: "the sensor's trigger was lost on its way",
    remedy: "wire FSIN too: it tells a lost trigger from a frame that the sensor dropped",
};

/// Field guide, F03, told by where the triggers lie.
pub(in crate::diagnosis) static OVERTRIGGER: Fault = Fault {
    id: "overtrigger",
    number: "F48",
    about: "Triggers come while the camera is still exposing, and are ignored.",
    drawing: "\
FSIN    _|~|____|~|____|~|____|~|____|~|____|~|_
STROBE  __|~~~~~~~~~~~|_______|~~~~~~~~~~~|_____
                 ^ ignored             ^ ignored",
    causes: &[&EXPOSES_TOO_LONG],
    ..FAILURE
};

pub(super) static EXPOSES_TOO_LONG: Cause = Cause {
    why: "the exposure is longer than the time between two triggers",
    remedy: "lower the trigger rate, or shorten the exposure: trigger interval > exposure + readout + 1.6 ms",
};

/// Basler calls it a trigger that the camera is not ready for, and answers late.
pub(in crate::diagnosis) static TRIGGER_BEFORE_READY: Fault = Fault {
    id: "trigger-before-ready",
    number: "F49",
    about: "Some triggers come before the camera is ready for them: it still exposes, reads out or recovers. It answers them late, or not at all.",
    drawing: "\
FSIN    _|~|________|~|_____|~|________|~|______
STROBE  __|~~~~~~|___|~~~~~~|__|~~~~~~|_|~~~~~~|
                             <-> late",
    causes: &[&NOT_READY],
    ..FAILURE
};

pub(super) static NOT_READY: Cause = Cause {
    why: "the trigger comes while the camera is still exposing or reading out, and is kept until it is ready",
    remedy: "trigger no sooner than the exposure and the readout before allow, or shorten the exposure",
};

/// What is asked of `trigger.margin`, and not kept, by triggers that come when the camera is ready.
pub(in crate::diagnosis) static TIGHT_TRIGGER: Fault = Fault {
    id: "tight-trigger",
    number: "F56",
    about: "Triggers come when the camera is ready for them, but sooner after that than is asked for.",
    drawing: "\
STROBE  __|~~~~~~~~~|______|~~~~~~~~~|______|~~~
ready   ~~|___________|~~~~|___________|~~~~|___
FSIN    _|~|______________|~|______________|~|__
                      <--> less than the limit",
    causes: &[&LITTLE_RESERVE],
    ..FAILURE
};

pub(super) static LITTLE_RESERVE: Cause = Cause {
    why: "the exposure, and what the camera needs after it, nearly fill the time between two triggers",
    remedy: "shorten the exposure or lower the trigger rate, or ask for less reserve: trigger.margin in [limits]",
};

/// Field guide, F07, at the other end.
pub(in crate::diagnosis) static STREAM_STARTS_LATE: Fault = Fault {
    id: "stream-starts-late",
    number: "F50",
    severity: Severity::Info,
    about: "The first triggers are not answered, and all others are: they came before the camera streamed.",
    drawing: "\
FSIN    _|~|____|~|____|~|____|~|____|~|____|~|_
STROBE  _______________________|~~|___|~~|___|~~|
        nothing yet            then every one",
    causes: &[&NOT_STREAMING_YET],
    look_alikes: &[],
};

pub(super) static NOT_STREAMING_YET: Cause = Cause {
    why: "the triggers began before the camera was streaming",
    remedy: "start the triggers when the camera streams, or leave the first frames out: skip_frames in [timing]",
};

/// Field guide, F15, for good.
pub(in crate::diagnosis) static CAMERA_STOPS: Fault = Fault {
    id: "camera-stops",
    number: "F51",
    about: "The frames stop before the record does, and do not come back.",
    drawing: "\
STROBE  __|~~~|______|~~~|______|~~~|______________________
                                    ^ the last one",
    causes: &[&WAS_STOPPED, &CAME_OFF],
    ..FAILURE
};

pub(super) static WAS_STOPPED: Cause = Cause {
    why: "the camera was stopped, lost its supply or crashed",
    remedy: "look at the camera's log of that time; if it was stopped on purpose, state ends = \"stops\" in [timing]",
};
pub(super) static CAME_OFF: Cause = Cause {
    why: "the wire came off",
    remedy: "look whether the host still got frames then; pull gently at the wire, and solder it again",
};
