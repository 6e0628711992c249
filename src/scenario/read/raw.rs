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
    pub(super) duration: Text,
    #[serde(default)]
    pub(super) seed: u64,
    pub(super) analyzer: RawAnalyzer,
    pub(super) wiring: Option<RawWiring>,
    pub(super) timing: Spanned<RawTiming>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawAnalyzer {
    pub(super) samplerate: Text,
    pub(super) clock_error: Option<Text>,
    pub(super) phase: Option<Text>,
    /// A list of names in the order of their bits, or a table of name = bit.
    pub(super) probes: Option<Spanned<Node>>,
}

/// Each line: a probe's name, `!` before that of an active-low one, or its bit; flash also a table of them by line.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawWiring {
    pub(super) fsin: Option<Spanned<Node>>,
    pub(super) strobe: Option<Spanned<Node>>,
    pub(super) flash: Option<Spanned<Node>>,
    pub(super) readout: Option<Spanned<Node>>,
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
    #[serde(default)]
    pub(super) timing: RawTiming,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawTiming {
    pub(super) alignment: Option<Spanned<RawAlignment>>,
    #[serde(default)]
    pub(super) frame: RawFrame,
    pub(super) offset: Option<Text>,
    pub(super) starts_at: Option<Text>,
    pub(super) stops_at: Option<Text>,
    pub(super) skew: Option<Text>,
    #[serde(default)]
    pub(super) exposure: RawExposure,
    pub(super) fsin: Option<RawFsin>,
    pub(super) burst: Option<Spanned<u32>>,
    pub(super) burst_spacing: Option<Text>,
    pub(super) trigger: Option<Spanned<RawTrigger>>,
    pub(super) readout: Option<Spanned<RawReadout>>,
    pub(super) flash: Option<Spanned<RawFlash>>,
    #[serde(default)]
    pub(super) jitter: RawJitters,
    pub(super) warm_up: Option<Spanned<RawWarmUp>>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum RawAlignment {
    End,
    Start,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawFrame {
    pub(super) time: Option<Text>,
    pub(super) rate: Option<Text>,
    pub(super) drift: Option<Text>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawExposure {
    pub(super) time: Option<Texts>,
    pub(super) end: Option<Text>,
    pub(super) latency: Option<Text>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawFsin {
    pub(super) width: Text,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawTrigger {
    pub(super) latency: Text,
    pub(super) width: Option<Text>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawReadout {
    pub(super) start: Option<Text>,
    pub(super) time: Text,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawFlash {
    pub(super) lead: Option<Text>,
    pub(super) latency: Option<Text>,
    pub(super) lag: Option<Text>,
    #[serde(rename = "on-time")]
    pub(super) on_time: Option<Text>,
    pub(super) pattern: Option<Text>,
}

/// The jitter of each value, under the value's own key.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawJitters {
    #[serde(default)]
    pub(super) frame: RawFrameJitter,
    #[serde(default)]
    pub(super) exposure: RawExposureJitter,
    #[serde(default)]
    pub(super) flash: RawFlashJitter,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawFrameJitter {
    pub(super) time: Option<Spanned<RawJitter>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawExposureJitter {
    pub(super) time: Option<Spanned<RawJitter>>,
    pub(super) end: Option<Spanned<RawJitter>>,
    pub(super) latency: Option<Spanned<RawJitter>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawFlashJitter {
    pub(super) lead: Option<Spanned<RawJitter>>,
    pub(super) latency: Option<Spanned<RawJitter>>,
    pub(super) lag: Option<Spanned<RawJitter>>,
    #[serde(rename = "on-time")]
    pub(super) on_time: Option<Spanned<RawJitter>>,
}

/// `{ uniform = T }`, or `{ gaussian = SD, clip = T }`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawJitter {
    pub(super) uniform: Option<Text>,
    pub(super) gaussian: Option<Text>,
    pub(super) clip: Option<Text>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawWarmUp {
    pub(super) frames: Spanned<u32>,
    #[serde(default)]
    pub(super) frame: RawWarmFrame,
    #[serde(default)]
    pub(super) exposure: RawWarmExposure,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawWarmFrame {
    pub(super) time: Option<Text>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawWarmExposure {
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
