//! A TOML document as a tree of values that know where they stand; nothing else of the crate knows the TOML library.

use std::ops::Range;
use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use super::error::SpecError;
use super::meant;
use crate::snippet::{Source, SourceSpan, nearest, quoted};

/// A table: its fields in the order of the file.
#[derive(Debug, Clone)]
pub(super) struct Table {
    pub(super) fields: Vec<Field>,
}

/// A key and its value.
#[derive(Debug, Clone)]
pub(super) struct Field {
    pub(super) key: String,
    pub(super) key_place: SourceSpan,
    pub(super) node: Node,
}

/// A value and where it stands.
#[derive(Debug, Clone)]
pub(super) struct Node {
    pub(super) place: SourceSpan,
    pub(super) value: Value,
}

/// A value of the kinds that a spec knows.
#[derive(Debug, Clone)]
pub(super) enum Value {
    Text(Text),
    Integer(i64),
    Array(Vec<Node>),
    Table(Table),
    /// A value of a kind that no key of a spec takes, in words.
    Foreign(&'static str),
}

/// A text, and where each of its bytes stands as far as the source shows them as they are.
#[derive(Debug, Clone)]
pub(super) struct Text {
    pub(super) value: String,
    place: SourceSpan,
    /// Where in `place` the value begins; none when escapes or parameters stand in between.
    verbatim_at: Option<usize>,
}

/// Reads a document.
pub(super) fn parse(source: &Arc<Source>) -> Result<Table, SpecError> {
    let whole = SourceSpan::whole(source);
    let root = DeTable::parse(whole.text()).map_err(|error| not_toml(&whole, &error))?;
    table(&whole, root.get_ref())
}

/// Reads the one value that stands at a place.
pub(super) fn value(place: &SourceSpan) -> Result<Node, SpecError> {
    let value = DeValue::parse(place.text()).map_err(|error| not_toml(place, &error))?;
    node(place, &value)
}

fn not_toml(within: &SourceSpan, error: &toml::de::Error) -> SpecError {
    let place = within.part(error.span().unwrap_or(0..0));
    let wrong = SpecError::at(&place, format!("this is not TOML: {}", error.message()));
    match meant::of_line(place.line()) {
        Some(help) => wrong.help(help),
        None => wrong,
    }
}

fn table(within: &SourceSpan, table: &DeTable<'_>) -> Result<Table, SpecError> {
    let mut entries: Vec<(&Spanned<DeString<'_>>, &Spanned<DeValue<'_>>)> = table.iter().collect();
    entries.sort_by_key(|(key, _)| key.span().start);
    let field = |(key, value): (&Spanned<DeString<'_>>, &Spanned<DeValue<'_>>)| {
        Ok(Field { key: key.get_ref().to_string(), key_place: within.part(key.span()), node: node(within, value)? })
    };
    Ok(Table { fields: entries.into_iter().map(field).collect::<Result<_, SpecError>>()? })
}

fn node(within: &SourceSpan, spanned: &Spanned<DeValue<'_>>) -> Result<Node, SpecError> {
    let place = within.part(spanned.span());
    let value = match spanned.get_ref() {
        DeValue::String(text) => Value::Text(Text::literal(text, &place)),
        DeValue::Integer(integer) => match i64::from_str_radix(integer.as_str(), integer.radix()) {
            Ok(integer) => Value::Integer(integer),
            Err(_) => return Err(SpecError::at(&place, "an integer of more than 64 bits")),
        },
        DeValue::Float(_) => Value::Foreign("a bare number"),
        DeValue::Boolean(_) => Value::Foreign("a boolean"),
        DeValue::Datetime(_) => Value::Foreign("a date"),
        DeValue::Array(array) => {
            Value::Array(array.iter().map(|item| node(within, item)).collect::<Result<_, SpecError>>()?)
        }
        DeValue::Table(inner) => Value::Table(table(within, inner)?),
    };
    Ok(Node { place, value })
}

impl Table {
    /// The field with this key.
    pub(super) fn field(&self, key: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.key == key)
    }
}

impl Field {
    /// The error for a key that `table` does not have; `known` are those that it has.
    pub(super) fn unknown(&self, table: &str, known: &[&str]) -> SpecError {
        let error = SpecError::at(&self.key_place, format!("unknown key {} in {table}", quoted(&self.key)));
        if let Some(help) = meant::of_key(&self.key, known) {
            return error.help(format!("{help}. Here it takes {}", known.join(", ")));
        }
        match nearest(&self.key, known.iter().copied()) {
            Some(near) => error.help(format!("did you mean '{near}'? It takes {}", known.join(", "))),
            None => error.help(format!("it takes {}", known.join(", "))),
        }
    }
}

impl Node {
    /// The text; any other value is an error that says what was `expected`.
    pub(super) fn text(&self, expected: &str) -> Result<&Text, SpecError> {
        if let Value::Text(text) = &self.value { Ok(text) } else { Err(self.not(expected)) }
    }

    /// The table; any other value is an error that says what was `expected`.
    pub(super) fn table(&self, expected: &str) -> Result<&Table, SpecError> {
        if let Value::Table(table) = &self.value { Ok(table) } else { Err(self.not(expected)) }
    }

    /// The whole number at or above `least`; any other value is an error.
    pub(super) fn count(&self, least: u64) -> Result<u64, SpecError> {
        let expected = format!("a whole number, {least} or more");
        let Value::Integer(value) = self.value else { return Err(self.not(&expected)) };
        let count = u64::try_from(value).ok().filter(|count| *count >= least);
        count.ok_or_else(|| SpecError::at(&self.place, format!("expected {expected}, found {value}")))
    }

    /// The error for a value of the wrong kind.
    pub(super) fn not(&self, expected: &str) -> SpecError {
        let found = match self.value {
            Value::Text(_) => "a text",
            Value::Integer(_) => "a bare number",
            Value::Array(_) => "an array",
            Value::Table(_) => "a table",
            Value::Foreign(kind) => kind,
        };
        SpecError::at(&self.place, format!("expected {expected}, found {found}"))
    }
}

impl Text {
    /// A text that stands in the source as it is.
    pub(super) fn verbatim(place: SourceSpan) -> Text {
        Text { value: place.text().to_owned(), place, verbatim_at: Some(0) }
    }

    /// A string literal with its quotes.
    fn literal(value: &str, place: &SourceSpan) -> Text {
        let shown = place.text();
        let is_between = |quote: &str| {
            let inner = shown.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote));
            inner == Some(value)
        };
        let quotes = ["\"", "'", "\"\"\"", "'''"];
        let verbatim_at = quotes.into_iter().find(|quote| is_between(quote)).map(str::len);
        Text { value: value.to_owned(), place: place.clone(), verbatim_at }
    }

    /// The same with its value computed from what stands there.
    pub(super) fn replaced(&self, value: String) -> Text {
        Text { value, place: self.place.clone(), verbatim_at: None }
    }

    /// Where it stands.
    pub(super) fn place(&self) -> &SourceSpan {
        &self.place
    }

    /// Where these bytes of the value stand, or the whole of it where that cannot be told.
    pub(super) fn part(&self, bytes: Range<usize>) -> SourceSpan {
        match self.verbatim_at {
            Some(at) => self.place.part(at + bytes.start..at + bytes.end),
            None => self.place.clone(),
        }
    }

    /// An error at these bytes of the value; where the source shows something else, it says what is read.
    pub(super) fn error(&self, bytes: Range<usize>, message: impl AsRef<str>) -> SpecError {
        let error = SpecError::at(&self.part(bytes), message);
        match self.verbatim_at {
            Some(_) => error,
            None => error.note(format!("it reads {}", quoted(&self.value))),
        }
    }
}
