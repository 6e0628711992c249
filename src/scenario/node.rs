//! Values of a scenario file that may have several shapes, and where each part of them stands.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};
use toml::Spanned;

/// A text and where it stands.
pub(super) type Text = Spanned<String>;

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

impl JsonSchema for Texts {
    fn schema_name() -> Cow<'static, str> {
        "texts".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "anyOf": [
            { "type": "string" }, { "type": "array", "items": { "type": "string" }, "minItems": 1 }
        ] })
    }
}

/// A value that may have several shapes, and where each part of it stands.
#[derive(Debug)]
pub(super) enum Node {
    Text(String),
    Integer(i64),
    List(Vec<Spanned<Node>>),
    /// In the order of the file.
    Table(Vec<(Text, Spanned<Node>)>),
}

impl JsonSchema for Node {
    fn schema_name() -> Cow<'static, str> {
        "node".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": ["string", "integer", "array", "object"] })
    }
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
