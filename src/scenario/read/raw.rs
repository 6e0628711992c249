//! A scenario file as it is written: the tables and keys of the TOML, nothing checked beyond them. Values that may have
//! several shapes are [`Node`]s.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::log::Convention;
use crate::rig::{Alignment, OverlapKind, ShutterKind, StrobeShows};
use crate::scenario::node::{Node, Placed, Text, Texts};

/// All of it but its cameras and faults, which are read by themselves: the cameras for their order, the faults by kind.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawScenario {
    /// How long the analyzer records, by its own clock.
    pub(super) duration: Text,
    /// The key of all random numbers.
    #[serde(default)]
    pub(super) seed: u64,
    /// The analyzer.
    pub(super) analyzer: RawAnalyzer,
    /// Which probe shows which line; without it, every line that `timing` makes is shown under its own name.
    pub(super) wiring: Option<RawWiring>,
    /// How the first camera runs, and the others where they do not say otherwise.
    pub(super) timing: Placed<RawTiming>,
}

/// The analyzer and its probes.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawAnalyzer {
    /// Its nominal sample rate.
    pub(super) samplerate: Text,
    /// It truly samples at samplerate · (1 + this), in ppm; default 0.
    pub(super) clock_error: Option<Text>,
    /// When the first sample is taken; default 0.
    pub(super) phase: Option<Text>,
    /// A list of names in the order of their bits, or a table of name = bit.
    pub(super) probes: Option<Placed<Node>>,
}

/// Each line: a probe's name, `!` before that of an active-low one, or its bit; flash also a table of them by line.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawWiring {
    /// Frame sync.
    pub(super) fsin: Option<Placed<Node>>,
    /// Exposure active.
    pub(super) strobe: Option<Placed<Node>>,
    /// The flash, or `{ A = "DOT", B = "FLOOD" }`: one line for each name.
    pub(super) flash: Option<Placed<Node>>,
    /// The sensor's readout.
    pub(super) readout: Option<Placed<Node>>,
    /// The host's trigger, before FSIN.
    pub(super) trigger: Option<Placed<Node>>,
    /// Whether the camera is ready for a trigger.
    pub(super) ready: Option<Placed<Node>>,
}

/// A further camera: its own lines, as in [`RawWiring`], and its own timing.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawCamera {
    pub(super) fsin: Option<Placed<Node>>,
    pub(super) strobe: Placed<Node>,
    pub(super) flash: Option<Placed<Node>>,
    pub(super) readout: Option<Placed<Node>>,
    pub(super) trigger: Option<Placed<Node>>,
    pub(super) ready: Option<Placed<Node>>,
    /// What of its timing differs from the first camera's.
    #[serde(default)]
    pub(super) timing: RawTiming,
}

/// How a camera runs. Keys are the ids of the quantities whose true values they state.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct RawTiming {
    /// Whether exposures end (default) or start at FSIN, or keep their middles in step with it.
    pub(super) alignment: Option<Placed<Alignment>>,
    /// The frame clock.
    pub(super) frame: RawFrame,
    /// When the first frame boundary comes; the camera has been running before. Default: half a frame time.
    pub(super) offset: Option<Text>,
    /// When the camera is switched on: its first boundary, nothing before it.
    pub(super) starts_at: Option<Text>,
    /// Nothing is begun that would end (end-aligned), or whose FSIN would come (else), after this.
    pub(super) stops_at: Option<Text>,
    /// Of a further camera without a frame clock of its own: how much later its boundaries are than the first one's.
    pub(super) skew: Option<Text>,
    /// The exposure.
    pub(super) exposure: RawExposure,
    /// The FSIN pulse; default 100 µs wide.
    pub(super) fsin: Option<RawFsin>,
    /// Exposures per trigger; default 1.
    pub(super) burst: Option<Placed<u32>>,
    /// From the start of one exposure of a burst to the next.
    pub(super) burst_spacing: Option<Text>,
    /// The first exposures of each burst whose images are discarded: they are not logged.
    pub(super) discard: Option<Placed<u32>>,
    /// How rows are exposed: all together (default), or one after the other.
    pub(super) shutter: Option<Placed<ShutterKind>>,
    /// From the start of row 0 to the start of the last row of a rolling shutter; without overlap, how long the readout takes.
    pub(super) readout_time: Option<Text>,
    /// What STROBE shows of a rolling shutter: row 0 (default), all rows at once, or any row.
    pub(super) strobe_shows: Option<Placed<StrobeShows>>,
    /// How long the camera takes after an exposure until it can begin another; default 0.
    pub(super) recovery: Option<Text>,
    /// Whether a frame may be exposed while the one before is read out (default), or never.
    pub(super) overlap: Option<Placed<OverlapKind>>,
    /// How a further camera with a frame clock of its own is kept near the first one.
    pub(super) soft_sync: Option<Placed<RawSoftSync>>,
    /// The host's trigger pulse.
    pub(super) trigger: Option<Placed<RawTrigger>>,
    /// When exposures are read out.
    pub(super) readout: Option<Placed<RawReadout>>,
    /// When the camera is not ready for a trigger.
    pub(super) ready: Option<Placed<RawReady>>,
    /// When the flash is lit.
    pub(super) flash: Option<Placed<RawFlash>>,
    /// How times stray from what is stated.
    pub(super) jitter: RawJitters,
    /// The first frames after `starts_at`.
    pub(super) warm_up: Option<Placed<RawWarmUp>>,
    /// What the camera's host logs.
    pub(super) log: Option<Placed<RawLog>>,
}

/// Soft sync: frames are changed by whole lines.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawSoftSync {
    /// How long a line is.
    pub(super) line: Text,
    /// The most lines by which a frame is changed.
    pub(super) lines: Placed<u32>,
    /// A skew against the first camera up to this is left alone; default 0.
    pub(super) within: Option<Text>,
}

/// The log of the camera's images.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawLog {
    /// What the device's clock shows at time 0; default 0.
    pub(super) offset: Option<Text>,
    /// How much faster than true time it runs, in ppm; default 0.
    pub(super) rate: Option<Text>,
    /// The host's clock less the device's; default 0.
    pub(super) host_offset: Option<Text>,
    /// Which instant of the exposure is logged; default: its end.
    pub(super) convention: Option<Convention>,
    /// The frames whose images never arrived.
    pub(super) missing: Option<Placed<Vec<i64>>>,
    /// The sequence number of the first image; default 0.
    #[serde(default)]
    pub(super) first_sequence: u64,
    /// By how many images the logged exposure is too old; default 0.
    pub(super) exposure_lag: Option<Placed<u32>>,
    /// How its times stray.
    #[serde(default)]
    pub(super) jitter: RawLogJitter,
}

/// The jitter of `log`.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawLogJitter {
    /// Of the device's timestamps.
    pub(super) device: Option<Placed<RawJitter>>,
    /// Of the host's, against the device's.
    pub(super) host: Option<Placed<RawJitter>>,
}

/// The frame clock.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawFrame {
    /// The nominal frame time.
    pub(super) time: Option<Text>,
    /// The nominal frame rate, instead of the time.
    pub(super) rate: Option<Text>,
    /// Frames truly last the nominal time · (1 + this), in ppm; default 0.
    pub(super) drift: Option<Text>,
}

/// The exposure.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawExposure {
    /// One exposure, or a sequence of them that repeats with the frame number.
    pub(super) time: Option<Texts>,
    /// From FSIN to the end of the exposure (end-aligned); default 0.
    pub(super) end: Option<Text>,
    /// From FSIN to the start of the exposure (start-aligned); default 0.
    pub(super) latency: Option<Text>,
    /// From FSIN to the middle of the exposure (middle-aligned); default 0.
    pub(super) middle: Option<Text>,
}

/// The FSIN pulse.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawFsin {
    /// How long it is active; default 100 µs.
    pub(super) width: Option<Text>,
    /// How many pulses a frame has; default 1.
    pub(super) per_frame: Option<Placed<u32>>,
    /// From the start of one of them to the next.
    pub(super) spacing: Option<Text>,
}

/// The host's trigger pulse.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawTrigger {
    /// From its active edge to FSIN's.
    pub(super) latency: Text,
    /// How long it is active; default 100 µs.
    pub(super) width: Option<Text>,
}

/// The readout of each exposure.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawReadout {
    /// From the end of the exposure; default 0.
    pub(super) start: Option<Text>,
    /// How long it lasts.
    pub(super) time: Text,
}

/// When the camera is not ready for a trigger.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawReady {
    /// From FSIN on, later by this; default 0. An end-aligned camera is not ready from the start of its exposure on.
    pub(super) latency: Option<Text>,
    /// Until its (last) exposure has ended, later by this; default 0.
    pub(super) recovery: Option<Text>,
}

/// When the flash is lit.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawFlash {
    /// It starts this long before each exposure; negative: after.
    pub(super) lead: Option<Text>,
    /// Instead: it starts this long after the FSIN edge that opens the frame.
    pub(super) latency: Option<Text>,
    /// It ends this long after the exposure; negative: before.
    pub(super) lag: Option<Text>,
    /// Instead: it lasts this long.
    #[serde(rename = "on-time")]
    pub(super) on_time: Option<Text>,
    /// Which line is lit in which frame, over and over: "AB-"; default: all in every frame.
    pub(super) pattern: Option<Text>,
}

/// The jitter of each value, under the value's own key.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct RawJitters {
    /// Of `frame`.
    pub(super) frame: RawFrameJitter,
    /// Of `exposure`.
    pub(super) exposure: RawExposureJitter,
    /// Of `flash`.
    pub(super) flash: RawFlashJitter,
    /// Of `trigger`.
    pub(super) trigger: RawTriggerJitter,
}

/// The jitter of `trigger`.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawTriggerJitter {
    /// Of `trigger.latency`.
    pub(super) latency: Option<Placed<RawJitter>>,
}

/// The jitter of `frame`.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawFrameJitter {
    /// Each frame's own: boundaries wander.
    pub(super) time: Option<Placed<RawJitter>>,
}

/// The jitter of `exposure`.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawExposureJitter {
    /// Of `exposure.time`.
    pub(super) time: Option<Placed<RawJitter>>,
    /// Of `exposure.end`.
    pub(super) end: Option<Placed<RawJitter>>,
    /// Of `exposure.latency`.
    pub(super) latency: Option<Placed<RawJitter>>,
    /// Of `exposure.middle`.
    pub(super) middle: Option<Placed<RawJitter>>,
}

/// The jitter of `flash`.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawFlashJitter {
    /// Of `flash.lead`.
    pub(super) lead: Option<Placed<RawJitter>>,
    /// Of `flash.latency`.
    pub(super) latency: Option<Placed<RawJitter>>,
    /// Of `flash.lag`.
    pub(super) lag: Option<Placed<RawJitter>>,
    /// Of `flash.on-time`.
    #[serde(rename = "on-time")]
    pub(super) on_time: Option<Placed<RawJitter>>,
}

/// `{ uniform = T }`, `{ gaussian = SD, clip = T }` or `{ exponential = MEAN, clip = T }`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawJitter {
    /// Evenly, by at most this to either side.
    pub(super) uniform: Option<Text>,
    /// Normally distributed with this standard deviation …
    pub(super) gaussian: Option<Text>,
    /// Only to the later side, exponentially distributed with this mean …
    pub(super) exponential: Option<Text>,
    /// … and by at most this.
    pub(super) clip: Option<Text>,
}

/// The first frames after a cold start.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawWarmUp {
    /// How many frames.
    pub(super) frames: Placed<u32>,
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
    pub(super) time: Option<Text>,
}

/// The exposure of the first frames.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawWarmExposure {
    /// The exposure.
    pub(super) time: Option<Text>,
}
