//! Values of a scenario file that may have several shapes, and where each part of them stands.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;
use std::slice;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};

/// A value and where it stands.
#[derive(Debug, Clone, Deserialize)]
#[serde(transparent)]
pub(super) struct Placed<T>(toml::Spanned<T>);

impl<T> Placed<T> {
    pub(super) fn new(at: Range<usize>, value: T) -> Placed<T> {
        Placed(toml::Spanned::new(at, value))
    }

    pub(super) fn get_ref(&self) -> &T {
        self.0.get_ref()
    }

    pub(super) fn into_inner(self) -> T {
        self.0.into_inner()
    }

    /// The bytes of the file.
    pub(super) fn span(&self) -> Range<usize> {
        self.0.span()
    }
}

impl<T: JsonSchema> JsonSchema for Placed<T> {
    fn inline_schema() -> bool {
        T::inline_schema()
    }

    fn schema_name() -> Cow<'static, str> {
        T::schema_name()
    }

    fn schema_id() -> Cow<'static, str> {
        T::schema_id()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        T::json_schema(generator)
    }
}

/// A text and where it stands.
pub(super) type Text = Placed<String>;

/// One text, or a list of them.
#[derive(Debug)]
pub(super) struct Texts(pub(super) Vec<Text>);

impl<'de> Deserialize<'de> for Texts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Texts, D::Error> {
        let node = Placed::<Node>::deserialize(deserializer)?;
        let expected = || serde::de::Error::custom("expected a text such as \"20 ms\", or a list of them");
        let text = |node: &Placed<Node>| match node.get_ref() {
            Node::Text(text) => Ok(Placed::new(node.span(), text.clone())),
            Node::Integer(_) | Node::List(_) | Node::Table(_) => Err(expected()),
        };
        let nodes = if let Node::List(many) = node.get_ref() { many } else { slice::from_ref(&node) };
        nodes.iter().map(text).collect::<Result<_, _>>().map(Texts)
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
    List(Vec<Placed<Node>>),
    /// In the order of the file.
    Table(Vec<(Text, Placed<Node>)>),
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
        let mut entries: Vec<(Text, Placed<Node>)> = Vec::new();
        while let Some(entry) = table.next_entry()? {
            entries.push(entry);
        }
        entries.sort_by_key(|(key, _)| key.span().start);
        Ok(Node::Table(entries))
    }
}
