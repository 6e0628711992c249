//! A scenario file as it is written: the tables and keys of the TOML, nothing checked beyond them. Values that may have
//! several shapes are [`Node`]s.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};
use toml::Spanned;

/// A text and where it stands.
pub(in crate::scenario) type Text = Spanned<String>;

/// All of it but its cameras and faults, which are read by themselves: the cameras for their order, the faults by kind.
#[derive(Debug, Deserialize)]
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
    pub(super) timing: Spanned<RawTiming>,
}

/// The analyzer and its probes.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawAnalyzer {
    /// Its nominal sample rate.
    pub(super) samplerate: Text,
    /// It truly samples at samplerate · (1 + this), in ppm; default 0.
    pub(super) clock_error: Option<Text>,
    /// When the first sample is taken; default 0.
    pub(super) phase: Option<Text>,
    /// A list of names in the order of their bits, or a table of name = bit.
    pub(super) probes: Option<Spanned<Node>>,
}

/// Each line: a probe's name, `!` before that of an active-low one, or its bit; flash also a table of them by line.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawWiring {
    /// Frame sync.
    pub(super) fsin: Option<Spanned<Node>>,
    /// Exposure active.
    pub(super) strobe: Option<Spanned<Node>>,
    /// The flash, or `{ A = "DOT", B = "FLOOD" }`: one line for each name.
    pub(super) flash: Option<Spanned<Node>>,
    /// The sensor's readout.
    pub(super) readout: Option<Spanned<Node>>,
    /// The host's trigger, before FSIN.
    pub(super) trigger: Option<Spanned<Node>>,
}

/// A further camera: its own lines, as in [`RawWiring`], and its own timing.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawCamera {
    pub(super) fsin: Option<Spanned<Node>>,
    pub(super) strobe: Spanned<Node>,
    pub(super) flash: Option<Spanned<Node>>,
    pub(super) readout: Option<Spanned<Node>>,
    pub(super) trigger: Option<Spanned<Node>>,
    /// What of its timing differs from the first camera's.
    #[serde(default)]
    pub(super) timing: RawTiming,
}

/// How a camera runs. Keys are the ids of the quantities whose true values they state.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawTiming {
    /// Whether exposures end (default) or start at FSIN.
    pub(super) alignment: Option<Spanned<RawAlignment>>,
    /// The frame clock.
    #[serde(default)]
    pub(super) frame: RawFrame,
    /// When the first frame boundary comes; the camera has been running before. Default: half a frame time.
    pub(super) offset: Option<Text>,
    /// When the camera is switched on: its first boundary, nothing before it.
    pub(super) starts_at: Option<Text>,
    /// Nothing is begun that would end (end-aligned), or triggered (start-aligned), after this.
    pub(super) stops_at: Option<Text>,
    /// Of a further camera without a frame clock of its own: how much later its boundaries are than the first one's.
    pub(super) skew: Option<Text>,
    /// The exposure.
    #[serde(default)]
    pub(super) exposure: RawExposure,
    /// The FSIN pulse; default 100 µs wide.
    pub(super) fsin: Option<RawFsin>,
    /// Exposures per trigger; default 1.
    pub(super) burst: Option<Spanned<u32>>,
    /// From the start of one exposure of a burst to the next.
    pub(super) burst_spacing: Option<Text>,
    /// The host's trigger pulse.
    pub(super) trigger: Option<Spanned<RawTrigger>>,
    /// When exposures are read out.
    pub(super) readout: Option<Spanned<RawReadout>>,
    /// When the flash is lit.
    pub(super) flash: Option<Spanned<RawFlash>>,
    /// How times stray from what is stated.
    #[serde(default)]
    pub(super) jitter: RawJitters,
    /// The first frames after `starts_at`.
    pub(super) warm_up: Option<Spanned<RawWarmUp>>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum RawAlignment {
    End,
    Start,
}

/// The frame clock.
#[derive(Debug, Default, Deserialize)]
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
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawExposure {
    /// One exposure, or a sequence of them that repeats with the frame number.
    pub(super) time: Option<Texts>,
    /// From FSIN to the end of the exposure (end-aligned); default 0.
    pub(super) end: Option<Text>,
    /// From FSIN to the start of the exposure (start-aligned); default 0.
    pub(super) latency: Option<Text>,
}

/// The FSIN pulse.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawFsin {
    /// How long it is active.
    pub(super) width: Text,
}

/// The host's trigger pulse.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawTrigger {
    /// From its active edge to FSIN's.
    pub(super) latency: Text,
    /// How long it is active; default 100 µs.
    pub(super) width: Option<Text>,
}

/// The readout of each exposure.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawReadout {
    /// From the end of the exposure; default 0.
    pub(super) start: Option<Text>,
    /// How long it lasts.
    pub(super) time: Text,
}

/// When the flash is lit.
#[derive(Debug, Deserialize)]
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
#[derive(Debug, Default, Deserialize)]
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
}

/// The jitter of `frame`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawFrameJitter {
    /// Each frame's own: boundaries wander.
    pub(super) time: Option<Spanned<RawJitter>>,
}

/// The jitter of `exposure`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawExposureJitter {
    /// Of `exposure.time`.
    pub(super) time: Option<Spanned<RawJitter>>,
    /// Of `exposure.end`.
    pub(super) end: Option<Spanned<RawJitter>>,
    /// Of `exposure.latency`.
    pub(super) latency: Option<Spanned<RawJitter>>,
}

/// The jitter of `flash`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawFlashJitter {
    /// Of `flash.lead`.
    pub(super) lead: Option<Spanned<RawJitter>>,
    /// Of `flash.latency`.
    pub(super) latency: Option<Spanned<RawJitter>>,
    /// Of `flash.lag`.
    pub(super) lag: Option<Spanned<RawJitter>>,
    /// Of `flash.on-time`.
    #[serde(rename = "on-time")]
    pub(super) on_time: Option<Spanned<RawJitter>>,
}

/// `{ uniform = T }`, or `{ gaussian = SD, clip = T }`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawJitter {
    /// Evenly, by at most this to either side.
    pub(super) uniform: Option<Text>,
    /// Normally distributed with this standard deviation …
    pub(super) gaussian: Option<Text>,
    /// … and by at most this to either side.
    pub(super) clip: Option<Text>,
}

/// The first frames after a cold start.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawWarmUp {
    /// How many frames.
    pub(super) frames: Spanned<u32>,
    /// Their frame time; default: as the others'.
    #[serde(default)]
    pub(super) frame: RawWarmFrame,
    /// Their exposure; default: as the others'.
    #[serde(default)]
    pub(super) exposure: RawWarmExposure,
}

/// The frame clock of the first frames.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawWarmFrame {
    /// The frame time.
    pub(super) time: Option<Text>,
}

/// The exposure of the first frames.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawWarmExposure {
    /// The exposure.
    pub(super) time: Option<Text>,
}

/// One text, or a list of them.
#[derive(Debug)]
pub(super) struct Texts(pub(super) Vec<Text>);

impl<'de> Deserialize<'de> for Texts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Texts, D::Error> {
        let node = Spanned::<Node>::deserialize(deserializer)?;
        let expected = || serde::de::Error::custom("expected a text such as \"20 ms\", or a list of them");
        let text = |node: Spanned<Node>| match (node.span(), node.into_inner()) {
            (span, Node::Text(text)) => Ok(Spanned::new(span, text)),
            (_, Node::Integer(_) | Node::List(_) | Node::Table(_)) => Err(expected()),
        };
        match (node.span(), node.into_inner()) {
            (span, Node::Text(one)) => Ok(Texts(vec![Spanned::new(span, one)])),
            (_, Node::List(many)) => Ok(Texts(many.into_iter().map(text).collect::<Result<_, _>>()?)),
            (_, Node::Integer(_) | Node::Table(_)) => Err(expected()),
        }
    }
}

/// A value that may have several shapes, and where each part of it stands.
#[derive(Debug)]
pub(in crate::scenario) enum Node {
    Text(String),
    Integer(i64),
    List(Vec<Spanned<Node>>),
    /// In the order of the file.
    Table(Vec<(Text, Spanned<Node>)>),
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Node, D::Error> {
        deserializer.deserialize_any(NodeVisitor)
    }
}

struct NodeVisitor;

impl<'de> Visitor<'de> for NodeVisitor {
    type Value = Node;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a text, a whole number, a list or a table")
    }

    fn visit_str<E>(self, text: &str) -> Result<Node, E> {
        Ok(Node::Text(text.to_owned()))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Node, E> {
        Ok(Node::Integer(number))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Node, A::Error> {
        let mut nodes = Vec::new();
        while let Some(node) = list.next_element()? {
            nodes.push(node);
        }
        Ok(Node::List(nodes))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut table: A) -> Result<Node, A::Error> {
        let mut entries: Vec<(Text, Spanned<Node>)> = Vec::new();
        while let Some(entry) = table.next_entry()? {
            entries.push(entry);
        }
        entries.sort_by_key(|(key, _)| key.span().start);
        Ok(Node::Table(entries))
    }
}
