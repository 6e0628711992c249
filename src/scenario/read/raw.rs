//! A scenario file as it is written: the tables and keys of the TOML, nothing checked beyond them. Values that may have
//! several shapes are [`Node`]s.

use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

use crate::log::Convention;
use crate::rig::Alignment;
use crate::scenario::node::{Node, Text, Texts};

/// All of it but its cameras and faults, which are read by themselves: the cameras for their order, the faults by kind.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawScenario {
    /// How long the analyzer records, by its own clock.
    #[schemars(with = "String")]
    pub(super) duration: Text,
    /// The key of all random numbers.
    #[serde(default)]
    pub(super) seed: u64,
    /// The analyzer.
    pub(super) analyzer: RawAnalyzer,
    /// Which probe shows which line; without it, every line that `timing` makes is shown under its own name.
    pub(super) wiring: Option<RawWiring>,
    /// How the first camera runs, and the others where they do not say otherwise.
    #[schemars(with = "RawTiming")]
    pub(super) timing: Spanned<RawTiming>,
}

/// The analyzer and its probes.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawAnalyzer {
    /// Its nominal sample rate.
    #[schemars(with = "String")]
    pub(super) samplerate: Text,
    /// It truly samples at samplerate · (1 + this), in ppm; default 0.
    #[schemars(with = "Option<String>")]
    pub(super) clock_error: Option<Text>,
    /// When the first sample is taken; default 0.
    #[schemars(with = "Option<String>")]
    pub(super) phase: Option<Text>,
    /// A list of names in the order of their bits, or a table of name = bit.
    #[schemars(with = "Option<Node>")]
    pub(super) probes: Option<Spanned<Node>>,
}

/// Each line: a probe's name, `!` before that of an active-low one, or its bit; flash also a table of them by line.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawWiring {
    /// Frame sync.
    #[schemars(with = "Option<Node>")]
    pub(super) fsin: Option<Spanned<Node>>,
    /// Exposure active.
    #[schemars(with = "Option<Node>")]
    pub(super) strobe: Option<Spanned<Node>>,
    /// The flash, or `{ A = "DOT", B = "FLOOD" }`: one line for each name.
    #[schemars(with = "Option<Node>")]
    pub(super) flash: Option<Spanned<Node>>,
    /// The sensor's readout.
    #[schemars(with = "Option<Node>")]
    pub(super) readout: Option<Spanned<Node>>,
    /// The host's trigger, before FSIN.
    #[schemars(with = "Option<Node>")]
    pub(super) trigger: Option<Spanned<Node>>,
}

/// A further camera: its own lines, as in [`RawWiring`], and its own timing.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawCamera {
    #[schemars(with = "Option<Node>")]
    pub(super) fsin: Option<Spanned<Node>>,
    #[schemars(with = "Node")]
    pub(super) strobe: Spanned<Node>,
    #[schemars(with = "Option<Node>")]
    pub(super) flash: Option<Spanned<Node>>,
    #[schemars(with = "Option<Node>")]
    pub(super) readout: Option<Spanned<Node>>,
    #[schemars(with = "Option<Node>")]
    pub(super) trigger: Option<Spanned<Node>>,
    /// What of its timing differs from the first camera's.
    #[serde(default)]
    pub(super) timing: RawTiming,
}

/// How a camera runs. Keys are the ids of the quantities whose true values they state.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawTiming {
    /// Whether exposures end (default) or start at FSIN.
    #[schemars(with = "Option<Alignment>")]
    pub(super) alignment: Option<Spanned<Alignment>>,
    /// The frame clock.
    #[serde(default)]
    pub(super) frame: RawFrame,
    /// When the first frame boundary comes; the camera has been running before. Default: half a frame time.
    #[schemars(with = "Option<String>")]
    pub(super) offset: Option<Text>,
    /// When the camera is switched on: its first boundary, nothing before it.
    #[schemars(with = "Option<String>")]
    pub(super) starts_at: Option<Text>,
    /// Nothing is begun that would end (end-aligned), or triggered (start-aligned), after this.
    #[schemars(with = "Option<String>")]
    pub(super) stops_at: Option<Text>,
    /// Of a further camera without a frame clock of its own: how much later its boundaries are than the first one's.
    #[schemars(with = "Option<String>")]
    pub(super) skew: Option<Text>,
    /// The exposure.
    #[serde(default)]
    pub(super) exposure: RawExposure,
    /// The FSIN pulse; default 100 µs wide.
    pub(super) fsin: Option<RawFsin>,
    /// Exposures per trigger; default 1.
    #[schemars(with = "Option<u32>")]
    pub(super) burst: Option<Spanned<u32>>,
    /// From the start of one exposure of a burst to the next.
    #[schemars(with = "Option<String>")]
    pub(super) burst_spacing: Option<Text>,
    /// The first exposures of each burst whose images are discarded: they are not logged.
    #[schemars(with = "Option<u32>")]
    pub(super) discard: Option<Spanned<u32>>,
    /// How rows are exposed: all together (default), or one after the other.
    #[schemars(with = "Option<RawShutter>")]
    pub(super) shutter: Option<Spanned<RawShutter>>,
    /// From the start of row 0 to the start of the last row of a rolling shutter.
    #[schemars(with = "Option<String>")]
    pub(super) readout_time: Option<Text>,
    /// How a further camera with a frame clock of its own is kept near the first one.
    #[schemars(with = "Option<RawSoftSync>")]
    pub(super) soft_sync: Option<Spanned<RawSoftSync>>,
    /// The host's trigger pulse.
    #[schemars(with = "Option<RawTrigger>")]
    pub(super) trigger: Option<Spanned<RawTrigger>>,
    /// When exposures are read out.
    #[schemars(with = "Option<RawReadout>")]
    pub(super) readout: Option<Spanned<RawReadout>>,
    /// When the flash is lit.
    #[schemars(with = "Option<RawFlash>")]
    pub(super) flash: Option<Spanned<RawFlash>>,
    /// How times stray from what is stated.
    #[serde(default)]
    pub(super) jitter: RawJitters,
    /// The first frames after `starts_at`.
    #[schemars(with = "Option<RawWarmUp>")]
    pub(super) warm_up: Option<Spanned<RawWarmUp>>,
    /// What the camera's host logs.
    #[schemars(with = "Option<RawLog>")]
    pub(super) log: Option<Spanned<RawLog>>,
}

#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum RawShutter {
    Global,
    Rolling,
}

/// Soft sync: frames are changed by whole lines.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawSoftSync {
    /// How long a line is.
    #[schemars(with = "String")]
    pub(super) line: Text,
    /// The most lines by which a frame is changed.
    #[schemars(with = "u32")]
    pub(super) lines: Spanned<u32>,
    /// A skew against the first camera up to this is left alone; default 0.
    #[schemars(with = "Option<String>")]
    pub(super) within: Option<Text>,
}

/// The log of the camera's images.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawLog {
    /// What the device's clock shows at time 0; default 0.
    #[schemars(with = "Option<String>")]
    pub(super) offset: Option<Text>,
    /// How much faster than true time it runs, in ppm; default 0.
    #[schemars(with = "Option<String>")]
    pub(super) rate: Option<Text>,
    /// The host's clock less the device's; default 0.
    #[schemars(with = "Option<String>")]
    pub(super) host_offset: Option<Text>,
    /// Which instant of the exposure is logged; default: its end.
    pub(super) convention: Option<Convention>,
    /// The frames whose images never arrived.
    #[schemars(with = "Option<Vec<i64>>")]
    pub(super) missing: Option<Spanned<Vec<i64>>>,
    /// The sequence number of the first image; default 0.
    #[serde(default)]
    pub(super) first_sequence: u64,
    /// By how many images the logged exposure is too old; default 0.
    #[schemars(with = "Option<u32>")]
    pub(super) exposure_lag: Option<Spanned<u32>>,
    /// How its times stray.
    #[serde(default)]
    pub(super) jitter: RawLogJitter,
}

/// The jitter of `log`.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawLogJitter {
    /// Of the device's timestamps.
    #[schemars(with = "Option<RawJitter>")]
    pub(super) device: Option<Spanned<RawJitter>>,
    /// Of the host's, against the device's.
    #[schemars(with = "Option<RawJitter>")]
    pub(super) host: Option<Spanned<RawJitter>>,
}

/// The frame clock.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawFrame {
    /// The nominal frame time.
    #[schemars(with = "Option<String>")]
    pub(super) time: Option<Text>,
    /// The nominal frame rate, instead of the time.
    #[schemars(with = "Option<String>")]
    pub(super) rate: Option<Text>,
    /// Frames truly last the nominal time · (1 + this), in ppm; default 0.
    #[schemars(with = "Option<String>")]
    pub(super) drift: Option<Text>,
}

/// The exposure.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawExposure {
    /// One exposure, or a sequence of them that repeats with the frame number.
    pub(super) time: Option<Texts>,
    /// From FSIN to the end of the exposure (end-aligned); default 0.
    #[schemars(with = "Option<String>")]
    pub(super) end: Option<Text>,
    /// From FSIN to the start of the exposure (start-aligned); default 0.
    #[schemars(with = "Option<String>")]
    pub(super) latency: Option<Text>,
}

/// The FSIN pulse.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawFsin {
    /// How long it is active.
    #[schemars(with = "String")]
    pub(super) width: Text,
}

/// The host's trigger pulse.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawTrigger {
    /// From its active edge to FSIN's.
    #[schemars(with = "String")]
    pub(super) latency: Text,
    /// How long it is active; default 100 µs.
    #[schemars(with = "Option<String>")]
    pub(super) width: Option<Text>,
}

/// The readout of each exposure.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawReadout {
    /// From the end of the exposure; default 0.
    #[schemars(with = "Option<String>")]
    pub(super) start: Option<Text>,
    /// How long it lasts.
    #[schemars(with = "String")]
    pub(super) time: Text,
}

/// When the flash is lit.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawFlash {
    /// It starts this long before each exposure; negative: after.
    #[schemars(with = "Option<String>")]
    pub(super) lead: Option<Text>,
    /// Instead: it starts this long after the FSIN edge that opens the frame.
    #[schemars(with = "Option<String>")]
    pub(super) latency: Option<Text>,
    /// It ends this long after the exposure; negative: before.
    #[schemars(with = "Option<String>")]
    pub(super) lag: Option<Text>,
    /// Instead: it lasts this long.
    #[serde(rename = "on-time")]
    #[schemars(with = "Option<String>")]
    pub(super) on_time: Option<Text>,
    /// Which line is lit in which frame, over and over: "AB-"; default: all in every frame.
    #[schemars(with = "Option<String>")]
    pub(super) pattern: Option<Text>,
}

/// The jitter of each value, under the value's own key.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawJitters {
    /// Of `frame`.
    #[serde(default)]
    pub(super) frame: RawFrameJitter,
    /// Of `exposure`.
    #[serde(default)]
    pub(super) exposure: RawExposureJitter,
    /// Of `flash`.
    #[serde(default)]
    pub(super) flash: RawFlashJitter,
    /// Of `trigger`.
    #[serde(default)]
    pub(super) trigger: RawTriggerJitter,
}

/// The jitter of `trigger`.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawTriggerJitter {
    /// Of `trigger.latency`.
    #[schemars(with = "Option<RawJitter>")]
    pub(super) latency: Option<Spanned<RawJitter>>,
}

/// The jitter of `frame`.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawFrameJitter {
    /// Each frame's own: boundaries wander.
    #[schemars(with = "Option<RawJitter>")]
    pub(super) time: Option<Spanned<RawJitter>>,
}

/// The jitter of `exposure`.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawExposureJitter {
    /// Of `exposure.time`.
    #[schemars(with = "Option<RawJitter>")]
    pub(super) time: Option<Spanned<RawJitter>>,
    /// Of `exposure.end`.
    #[schemars(with = "Option<RawJitter>")]
    pub(super) end: Option<Spanned<RawJitter>>,
    /// Of `exposure.latency`.
    #[schemars(with = "Option<RawJitter>")]
    pub(super) latency: Option<Spanned<RawJitter>>,
}

/// The jitter of `flash`.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawFlashJitter {
    /// Of `flash.lead`.
    #[schemars(with = "Option<RawJitter>")]
    pub(super) lead: Option<Spanned<RawJitter>>,
    /// Of `flash.latency`.
    #[schemars(with = "Option<RawJitter>")]
    pub(super) latency: Option<Spanned<RawJitter>>,
    /// Of `flash.lag`.
    #[schemars(with = "Option<RawJitter>")]
    pub(super) lag: Option<Spanned<RawJitter>>,
    /// Of `flash.on-time`.
    #[serde(rename = "on-time")]
    #[schemars(with = "Option<RawJitter>")]
    pub(super) on_time: Option<Spanned<RawJitter>>,
}

/// `{ uniform = T }`, `{ gaussian = SD, clip = T }` or `{ exponential = MEAN, clip = T }`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawJitter {
    /// Evenly, by at most this to either side.
    #[schemars(with = "Option<String>")]
    pub(super) uniform: Option<Text>,
    /// Normally distributed with this standard deviation …
    #[schemars(with = "Option<String>")]
    pub(super) gaussian: Option<Text>,
    /// Only to the later side, exponentially distributed with this mean …
    #[schemars(with = "Option<String>")]
    pub(super) exponential: Option<Text>,
    /// … and by at most this.
    #[schemars(with = "Option<String>")]
    pub(super) clip: Option<Text>,
}

/// The first frames after a cold start.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawWarmUp {
    /// How many frames.
    #[schemars(with = "u32")]
    pub(super) frames: Spanned<u32>,
    /// Their frame time; default: as the others'.
    #[serde(default)]
    pub(super) frame: RawWarmFrame,
    /// Their exposure; default: as the others'.
    #[serde(default)]
    pub(super) exposure: RawWarmExposure,
}

/// The frame clock of the first frames.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawWarmFrame {
    /// The frame time.
    #[schemars(with = "Option<String>")]
    pub(super) time: Option<Text>,
}

/// The exposure of the first frames.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawWarmExposure {
    /// The exposure.
    #[schemars(with = "Option<String>")]
    pub(super) time: Option<Text>,
}
