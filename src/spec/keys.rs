//! The keys of a spec: what each says, what it takes, and an example. Readers take the names from here, and `explain` the rest.

use super::shape::Shape;

/// A key of a spec.
#[derive(Debug)]
pub struct Key {
    /// The table that it stands in, and its name: `timing.frame_time`; of the top level, the name alone.
    pub id: &'static str,
    /// The shape of its value.
    pub shape: Shape,
    /// What it says.
    pub about: &'static str,
    /// What it takes.
    pub takes: &'static str,
    /// What holds if it is not there.
    pub default: &'static str,
    /// A line of a spec.
    pub example: &'static str,
    /// Whether a camera may have its own, in `[camera.NAME]`.
    pub per_camera: bool,
}

impl Key {
    /// The table that it stands in; empty at the top level.
    #[must_use]
    pub fn table(&self) -> &'static str {
        self.id.split_once('.').map_or("", |(table, _)| table)
    }

    /// The key within its table.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.id.split_once('.').map_or(self.id, |(_, name)| name)
    }
}

/// The names of a table's keys, in order.
pub(super) fn names(table: &str) -> Vec<&'static str> {
    KEYS.iter().filter(|key| key.table() == table).map(Key::name).collect()
}

/// The names of the keys that a camera of its own may have.
pub(super) fn camera_names() -> Vec<&'static str> {
    KEYS.iter().filter(|key| key.per_camera).map(Key::name).collect()
}

const PROBE: &str =
    "a probe by its name, or by its bit as a number; \"!NAME\" or \"low:NAME\" if its active level is low";

const fn key(
    id: &'static str,
    shape: Shape,
    about: &'static str,
    takes: &'static str,
    default: &'static str,
    example: &'static str,
) -> Key {
    Key { id, shape, about, takes, default, example, per_camera: false }
}

/// A line that one probe shows.
const fn line(id: &'static str, about: &'static str, example: &'static str) -> Key {
    key(id, Shape::Probe, about, PROBE, "not wired", example)
}

/// A column of the camera's log.
const fn column(id: &'static str, about: &'static str, example: &'static str) -> Key {
    key(id, Shape::Text, about, "the name of a column", "found by its name", example)
}

/// The unit of a column of the camera's log.
const fn unit(id: &'static str, about: &'static str, example: &'static str) -> Key {
    let takes = "\"s\", \"ms\", \"us\" or \"ns\"";
    key(id, Shape::Words(&["s", "ms", "us", "ns"]), about, takes, "that of the column's name", example)
}

/// The same key, which a camera may have for itself.
const fn own(key: Key) -> Key {
    Key { per_camera: true, ..key }
}

/// All keys, table by table.
pub static KEYS: &[Key] = &[
    key(
        "extends",
        Shape::Text,
        "The spec below this one: what is not stated here is taken from there.",
        "the name of a built-in profile (`strobecheck profiles`), or of a file beside this one",
        "nothing below",
        "extends = \"ov9282-freerun-30\"",
    ),
    key(
        "params",
        Shape::Params,
        "Parameters: values with names, which the rest of the spec uses as ${NAME}, and --param NAME=VALUE sets.",
        "a table: NAME = { default = TEXT, meaning = TEXT } declares one, with unit, min and max if its values have a range; NAME = TEXT sets one of the spec below",
        "none",
        "[params]\nexposure = { default = \"20 ms\", meaning = \"the time that is set\" }\n[limits]\nexposure.time = \"${exposure} ± 50 us\"",
    ),
    key(
        "wiring",
        Shape::Table,
        "The lines of the rig, and the probes that show them.",
        "a table: role = probe",
        "none",
        "[wiring]\nstrobe = \"D2\"",
    ),
    key(
        "timing",
        Shape::Table,
        "How the camera's frames are meant to come.",
        "a table of settings",
        "none",
        "[timing]\nframe_time = \"1/30 s\"",
    ),
    key(
        "analyzer",
        Shape::Table,
        "What is known of the logic analyzer.",
        "a table of settings",
        "none",
        "[analyzer]\nclock = \"50 ppm\"",
    ),
    key(
        "timestamps",
        Shape::Table,
        "Which columns of the camera's log (--timestamps) say what.",
        "a table of columns",
        "found by their names",
        "[timestamps]\ntime = \"ts_device_us\"\nunit = \"us\"",
    ),
    key(
        "limits",
        Shape::Limits,
        "What is allowed, by the ids of quantities (`strobecheck explain` lists them).",
        "a table of limits: \"NOMINAL ± TOLERANCE\", \"MIN .. MAX\", \">= MIN\", \"<= MAX\", a count; a list of them for frames in turn; \
         \"none\" takes one back; { limit = …, allow = 2 } lets frames break it",
        "nothing is allowed or forbidden: INCONCLUSIVE",
        "[limits]\nexposure.time = \"20 ms ± 50 us\"",
    ),
    key(
        "camera",
        Shape::Cameras,
        "Further cameras of the rig, each with lines, timing and limits of its own; what it does not state it shares with the main one \
         (STROBE, readout and ready never).",
        "tables [camera.NAME]",
        "one camera, main",
        "[camera.right]\nstrobe = \"D5\"\nlimits.skew.start = \"0 us ± 20 us\"",
    ),
    line("wiring.trigger", "The line on which the host triggers; FSIN answers it.", "wiring.trigger = \"D0\""),
    own(line(
        "wiring.fsin",
        "Frame sync: an input that starts frames, or an output that shows them.",
        "wiring.fsin = \"D1\"",
    )),
    own(key(
        "wiring.strobe",
        Shape::Strobe,
        "The exposure: active while row 0 is exposed. Several pins that pulse in turn, one frame each, are a list; exposure.turn counts \
         exposures on the wrong one.",
        "a probe by its name, or by its bit as a number; \"!NAME\" or \"low:NAME\" if its active level is low; a list of them",
        "not wired",
        "wiring.strobe = \"D2\"",
    )),
    own(key(
        "wiring.flash",
        Shape::Flash,
        "The light: the driver's line, or a photodiode on an analog channel; several lines by their names.",
        "a probe as for strobe; { A = \"D3\", B = \"D4\" }; { analog = \"A0\", threshold = \"0.9 V\", hysteresis = \"0.1 V\" }; \"none\" for a camera \
         that is not lit",
        "not wired",
        "wiring.flash = { A = \"DOT\", B = \"FLOOD\" }",
    )),
    own(line("wiring.readout", "The readout: active while rows are read.", "wiring.readout = \"D6\"")),
    own(line(
        "wiring.ready",
        "The camera's word that it is ready for a trigger (trigger ready, frame trigger wait): active while it is. trigger.margin is \
         then measured to it, and not to the end of the exposure.",
        "wiring.ready = \"D7\"",
    )),
    own(key(
        "timing.alignment",
        Shape::Words(&["end", "start", "middle", "auto"]),
        "What of the exposure is tied to the frame: \"end\" where STROBE ends as FSIN rises (free-running, FSIN output), \"start\" \
         where it starts a latency after it (external trigger), \"middle\" where its middle keeps the rhythm however long it is: \
         frames are then counted by the middles, where FSIN is wired too.",
        "\"end\", \"start\", \"middle\" or \"auto\"",
        "auto: found from the capture; inconclusive where that does not tell",
        "timing.alignment = \"end\"",
    )),
    own(key(
        "timing.frame_time",
        Shape::TimeOrNone,
        "The nominal frame time T. With it frames are counted: missing, extra, drift. The nominal of limits.frame.time states it too.",
        "a time above 0, such as \"1/30 s\" or \"33.333 ms\"",
        "none: a rhythm that breaks is inconclusive",
        "timing.frame_time = \"1/30 s\"",
    )),
    own(key(
        "timing.rhythm",
        Shape::Words(&["kept", "events"]),
        "Whether frames without a stated frame time are expected to keep the rhythm that they have: \"events\" come when they come.",
        "\"kept\" or \"events\"",
        "kept",
        "timing.rhythm = \"events\"",
    )),
    own(key(
        "timing.burst",
        Shape::Count(1),
        "STROBE pulses of one trigger.",
        "a whole number, 1 or more",
        "1",
        "timing.burst = 3",
    )),
    own(key(
        "timing.fsin_per_frame",
        Shape::Count(1),
        "FSIN pulses of one frame. A frame begins with the first pulse behind the longest of so many intervals in a row; where all are \
         alike, with the pulse to which exposures lie nearest.",
        "a whole number, 1 to 100",
        "1",
        "timing.fsin_per_frame = 2",
    )),
    own(key(
        "timing.shutter",
        Shape::Words(&["global", "rolling"]),
        "How rows are exposed: all together, or one after the other.",
        "\"global\" or \"rolling\" (with readout_time)",
        "global",
        "timing.shutter = \"rolling\"",
    )),
    own(key(
        "timing.readout_time",
        Shape::Time,
        "Of a rolling shutter, from the start of row 0 to the start of the last row; with overlap = \"never\", how long the readout takes.",
        "a time above 0",
        "none",
        "timing.readout_time = \"16.54 ms\"",
    )),
    own(key(
        "timing.strobe_shows",
        Shape::Words(&["row0", "all-rows", "any-row"]),
        "What STROBE of a rolling shutter shows: the exposure of row 0, the time in which \"all-rows\" are exposed at once, or that in which \
         \"any-row\" is (Basler's ExposureActive).",
        "\"row0\", \"all-rows\" or \"any-row\"",
        "row0",
        "timing.strobe_shows = \"any-row\"",
    )),
    own(key(
        "timing.recovery",
        Shape::Time,
        "How long after an exposure the camera takes until it can begin another, for trigger.margin; a ready line tells it by itself.",
        "a time, 0 or more",
        "0 s",
        "timing.recovery = \"120 us\"",
    )),
    own(key(
        "timing.overlap",
        Shape::Words(&["allowed", "never"]),
        "Whether a frame can be exposed while the one before is read out. \"never\": the camera is ready when its readout line, or \
         readout_time after the exposure, has ended.",
        "\"allowed\" or \"never\" (with a readout line or readout_time)",
        "allowed",
        "timing.overlap = \"never\"",
    )),
    key(
        "timing.skip_frames",
        Shape::Count(0),
        "Warm-up: so many frames at the beginning are shown and not judged. They are numbered as they come.",
        "a whole number",
        "0",
        "timing.skip_frames = 5",
    ),
    key(
        "timing.min_frames",
        Shape::Count(1),
        "So many frames a verdict must rest on; fewer are inconclusive.",
        "a whole number, 1 or more",
        "1",
        "timing.min_frames = 60",
    ),
    key(
        "timing.expected_frames",
        Shape::CountOrNone,
        "So many frames of each camera were to come: a file that does not say where its record ends owes no more of them. \"none\": \
         nobody knows how many.",
        "a whole number, 1 or more, or \"none\"",
        "timing.min_frames, where that is above 1 and not of a built-in profile",
        "timing.expected_frames = 60",
    ),
    key(
        "timing.ends",
        Shape::Words(&["running", "stops"]),
        "What silence at the ends of the record means: a camera that was \"running\" throughout owes frames before its first and after \
         its last one; one that \"stops\" owes none after it.",
        "\"running\" or \"stops\"",
        "running at the end; at the beginning the record may have begun before the stream",
        "timing.ends = \"stops\"",
    ),
    key(
        "timing.sequence",
        Shape::Words(&["fit", "strict"]),
        "Where lists of limits and the flash pattern begin: \"fit\" where the capture breaks them least, \"strict\" with frame 0.",
        "\"fit\" or \"strict\"",
        "fit",
        "timing.sequence = \"strict\"",
    ),
    key(
        "timing.flash_pattern",
        Shape::Pattern,
        "Which flash lines are lit in which frame, frame by frame, within a burst exposure by exposure: a rule that is judged (flash.pattern).",
        "a text of one-letter names, such as \"AB-\"; a list of names or lists; \"-\" is a dark frame",
        "none",
        "timing.flash_pattern = \"AB\"",
    ),
    key(
        "timing.judge",
        Shape::Words(&["cameras", "lines"]),
        "What must be limited for a pass: \"cameras\" asks for a limit on a camera; \"lines\" lets limits on lines alone (line.edges) do.",
        "\"cameras\" or \"lines\"",
        "cameras",
        "timing.judge = \"lines\"",
    ),
    key(
        "analyzer.calibration",
        Shape::Text,
        "A file that `calibrate` wrote: correction and clock of this analyzer.",
        "the name of a file beside the spec",
        "none",
        "analyzer.calibration = \"fx2-07.toml\"",
    ),
    key(
        "analyzer.clock",
        Shape::Ratio,
        "How accurate its clock is: every limit on a time is moved by as much against the verdict.",
        "a ratio: \"50 ppm\", \"0.1 %\"",
        "100 ppm",
        "analyzer.clock = \"50 ppm\"",
    ),
    key(
        "analyzer.correction",
        Shape::Ratio,
        "The known error of its clock: the true sample rate is the stated one times 1 + this.",
        "a ratio above −100 %",
        "0 ppm",
        "analyzer.correction = \"+20 ppm\"",
    ),
    key(
        "analyzer.edge",
        Shape::TimeByRole,
        "Further uncertainty of each edge (threshold, opto-coupler), of all lines or by role.",
        "a time, or a table by role",
        "0 s",
        "analyzer.edge = { strobe = \"2 us\" }",
    ),
    key(
        "analyzer.glitch",
        Shape::TimeOrNoneByRole,
        "Shorter stretches are bridged, counted (line.glitches) and located, on all lines or by role.",
        "a time above 0, \"none\", or a table by role",
        "none: every stretch counts",
        "analyzer.glitch = { strobe = \"1 us\" }",
    ),
    column("timestamps.time", "The column with the timestamps.", "timestamps.time = \"ts_device_us\""),
    unit("timestamps.unit", "The unit of the timestamps.", "timestamps.unit = \"us\""),
    column("timestamps.sequence", "The column with the frame numbers.", "timestamps.sequence = \"seq\""),
    column("timestamps.exposure", "The column with the exposure times.", "timestamps.exposure = \"exposure_us\""),
    unit("timestamps.exposure_unit", "The unit of the exposure times.", "timestamps.exposure_unit = \"us\""),
    key(
        "timestamps.exposure_lag",
        Shape::Count(0),
        "By how many frames the exposure times of the log are late: with 1, a row tells the exposure of the frame before.",
        "a whole number, 0 to 100",
        "found: 0 to 3, or undecided",
        "timestamps.exposure_lag = 1",
    ),
    column("timestamps.stream", "The column that tells the cameras apart.", "timestamps.stream = \"stream\""),
    key(
        "timestamps.streams",
        Shape::Streams,
        "What that column calls each camera.",
        "a table: camera = stream",
        "the cameras' own names",
        "timestamps.streams = { main = \"left\" }",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::Spec;

    #[test]
    fn every_example_is_a_spec_that_is_read() {
        for key in KEYS {
            // What an example needs beside itself.
            let beside = match key.id {
                "extends" => "wiring.fsin = 1\nwiring.strobe = 2\n",
                "wiring" | "wiring.trigger" | "wiring.fsin" | "wiring.strobe" | "wiring.flash" | "wiring.readout"
                | "wiring.ready" => "",
                "params" | "limits" | "camera" | "timing" | "analyzer" | "timestamps" => "",
                "timing.shutter" => "wiring.strobe = 2\ntiming.readout_time = '16 ms'\n",
                "timing.strobe_shows" => {
                    "wiring.strobe = 2\ntiming.shutter = 'rolling'\ntiming.readout_time = '16 ms'\n"
                }
                "timing.fsin_per_frame" => "wiring.strobe = 2\nwiring.fsin = 1\n",
                "timing.overlap" => "wiring.strobe = 2\ntiming.readout_time = '3 ms'\n",
                "timing.readout_time" => "wiring.strobe = 2\ntiming.shutter = 'rolling'\n",
                "timing.flash_pattern" => "wiring.strobe = 2\nwiring.flash = { A = 3, B = 4 }\n",
                _ => "wiring.strobe = 2\n",
            };
            let after = match key.id {
                "params" | "limits" | "timing" | "analyzer" | "timestamps" | "camera" => "\n[wiring]\nstrobe = 2\n",
                _ => "\n",
            };
            let text = format!("{beside}{}{after}", key.example);
            if ["params", "analyzer.calibration"].contains(&key.id) {
                // Parameters are filled in, and files read, before a spec is.
                continue;
            }
            Spec::parse("example.spec.toml", &text).unwrap_or_else(|error| panic!("{}: {error}\n{text}", key.id));
        }
    }
}
