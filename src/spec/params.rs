//! Parameters: names in a spec's texts, `${exposure}`, that the user of a profile gives another value.
//!
//! A `[params]` table declares them, `exposure = { default = "20 ms", meaning = "…" }`; a spec that extends it, or
//! `--param exposure=20ms`, sets them. An entry of an array whose parameter has several values, `20 ms, 10 ms`, becomes
//! as many entries.

use std::str::FromStr;

use super::arguments::{refuse_twice, sides};
use super::chain::{SpecSource, load};
use super::error::{Place, SpecError, nearest, quoted};
use super::profiles::Profile;
use super::read::PARAMS;
use super::tree::{Field, Node, Table, Text, Value};

/// A parameter of a profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    /// Its name, as in `${name}` and `--param name=value`.
    pub name: String,
    /// The text that stands for it unless another is given.
    pub default: String,
    /// What it means, in a line.
    pub meaning: String,
}

/// `--param NAME=VALUE`.
#[derive(Debug, Clone)]
pub struct ParamOverride {
    name: Text,
    value: Text,
}

/// The parameters of a chain of specs, in the order in which they were declared.
#[derive(Debug, Default)]
pub(super) struct Parameters {
    declared: Vec<(Parameter, String)>,
}

/// More are a mistake.
const MOST_PARAMETERS: usize = 100;
/// Longer values are no probe names, times or limits.
const LONGEST_VALUE: usize = 200;
/// No text of a spec is longer than this once its parameters are filled in.
const LONGEST_FILLED: usize = 4096;

impl FromStr for ParamOverride {
    type Err = SpecError;

    fn from_str(argument: &str) -> Result<Self, SpecError> {
        let (name, value) = sides("--param", argument, "NAME=VALUE", "for example exposure=20ms")?;
        Ok(ParamOverride { name: Text::verbatim(name), value: Text::verbatim(value) })
    }
}

impl ParamOverride {
    /// Refuses two arguments that set the same parameter.
    pub(super) fn refuse_twice(params: &[ParamOverride]) -> Result<(), SpecError> {
        refuse_twice("--param", params, |param| param.name.place(), |param| param.name.value.clone())
    }
}

impl Profile {
    /// The parameters that `--param` can set, in the order in which the profile declares them.
    ///
    /// # Errors
    /// [`SpecError`] when the profile is not in order, which a test rules out for the built-in ones.
    pub fn parameters(&self) -> Result<Vec<Parameter>, SpecError> {
        let roots = load(&SpecSource::Profile(self.name.to_owned()), &|_, _| Err(std::io::ErrorKind::NotFound.into()))?;
        Ok(Parameters::collect(&roots, &[])?.into_declared())
    }
}

impl Parameters {
    /// What the documents, from the base outwards, and then the command line declare and set.
    pub(super) fn collect<'d>(
        roots: impl IntoIterator<Item = &'d Table>,
        overrides: &[ParamOverride],
    ) -> Result<Parameters, SpecError> {
        let mut parameters = Parameters::default();
        for field in roots.into_iter().filter_map(|root| root.field(PARAMS)) {
            for param in &field.node.table("a table of parameters")?.fields {
                match &param.node.value {
                    Value::Text(value) => parameters.set(&param.key, &param.key_place, value)?,
                    Value::Table(table) => parameters.declare(param, table)?,
                    Value::Integer(_) | Value::Array(_) | Value::Foreign(_) => {
                        return Err(param.node.not(DECLARATION));
                    }
                }
            }
        }
        for param in overrides {
            parameters.set(&param.name.value, param.name.place(), &param.value)?;
        }
        Ok(parameters)
    }

    /// The declarations.
    pub(super) fn into_declared(self) -> Vec<Parameter> {
        self.declared.into_iter().map(|(parameter, _)| parameter).collect()
    }

    fn declare(&mut self, field: &Field, table: &Table) -> Result<(), SpecError> {
        if field.key.is_empty() || !field.key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-') {
            let message = format!("{} cannot be the name of a parameter", quoted(&field.key));
            return Err(SpecError::at(&field.key_place, message).help("use letters, digits, '_' and '-'"));
        }
        let (mut default, mut meaning) = (None, None);
        for part in &table.fields {
            match part.key.as_str() {
                "default" => default = Some(checked(part.node.text("a text")?)?),
                "meaning" => meaning = Some(part.node.text("a text")?.value.clone()),
                _ => return Err(part.unknown(&format!("parameter '{}'", field.key), &["default", "meaning"])),
            }
        }
        let (Some(default), Some(meaning)) = (default, meaning) else {
            return Err(SpecError::at(&field.key_place, format!("expected {DECLARATION}")));
        };
        self.declared.retain(|(known, _)| known.name != field.key);
        if self.declared.len() == MOST_PARAMETERS {
            return Err(SpecError::at(&field.key_place, format!("more than {MOST_PARAMETERS} parameters")));
        }
        self.declared.push((Parameter { name: field.key.clone(), default: default.clone(), meaning }, default));
        Ok(())
    }

    fn set(&mut self, name: &str, place: &Place, value: &Text) -> Result<(), SpecError> {
        let value = checked(value)?;
        match self.declared.iter_mut().find(|(parameter, _)| parameter.name == name) {
            Some((_, current)) => {
                *current = value;
                Ok(())
            }
            None => Err(self.unknown(name, place)),
        }
    }

    fn unknown(&self, name: &str, place: &Place) -> SpecError {
        let known: Vec<&str> = self.declared.iter().map(|(parameter, _)| parameter.name.as_str()).collect();
        let error = SpecError::at(place, format!("unknown parameter {}", quoted(name)));
        match nearest(name, known.iter().copied()) {
            Some(near) => error.help(format!("did you mean '{near}'? There are {}", known.join(", "))),
            None if known.is_empty() => error.help("this spec declares no parameters"),
            None => error.help(format!("there are {}", known.join(", "))),
        }
    }

    /// Puts their values into every text below `table`.
    pub(super) fn fill(&self, table: &mut Table) -> Result<(), SpecError> {
        table.fields.iter_mut().try_for_each(|field| self.fill_node(&mut field.node))
    }

    fn fill_node(&self, node: &mut Node) -> Result<(), SpecError> {
        match &mut node.value {
            Value::Text(text) if text.value.contains("${") => {
                *text = self.filled(text, None)?;
                Ok(())
            }
            Value::Text(_) | Value::Integer(_) | Value::Foreign(_) => Ok(()),
            Value::Array(items) => self.fill_entries(items),
            Value::Table(table) => self.fill(table),
        }
    }

    /// Fills the entries of an array; one whose parameter has several values becomes an entry for each.
    fn fill_entries(&self, items: &mut Vec<Node>) -> Result<(), SpecError> {
        let mut entries = Vec::with_capacity(items.len());
        for mut item in std::mem::take(items) {
            match &item.value {
                Value::Text(text) if text.value.contains("${") => {
                    for place in 0..self.values_in(&text.value) {
                        entries.push(Node { value: Value::Text(self.filled(text, Some(place))?), ..item.clone() });
                    }
                }
                Value::Text(_) | Value::Integer(_) | Value::Foreign(_) | Value::Array(_) | Value::Table(_) => {
                    self.fill_node(&mut item)?;
                    entries.push(item);
                }
            }
        }
        *items = entries;
        Ok(())
    }

    /// The largest number of values that a parameter in this text has.
    fn values_in(&self, text: &str) -> usize {
        let named = |name: &str| text.contains(&format!("${{{name}}}"));
        let used = self.declared.iter().filter(|(parameter, _)| named(&parameter.name));
        used.map(|(_, value)| value.split(',').count()).max().unwrap_or(1)
    }

    /// A text with the values of its parameters; of those with several, the one at `place`, and the last where there are
    /// fewer.
    fn filled(&self, text: &Text, place: Option<usize>) -> Result<Text, SpecError> {
        let mut filled = String::new();
        let mut rest = 0;
        while let Some(open) = text.value[rest..].find("${").map(|at| at + rest) {
            let close = text.value[open..].find('}').map(|at| at + open);
            let close = close.ok_or_else(|| SpecError::at(&text.part(open..open + 2), "this '${' is never closed"))?;
            let name = &text.value[open + 2..close];
            let value = self.declared.iter().find(|(parameter, _)| parameter.name == name).map(|(_, value)| value);
            filled.push_str(&text.value[rest..open]);
            let value = value.ok_or_else(|| self.unknown(name, &text.part(open + 2..close)))?;
            filled.push_str(place.map_or(value.as_str(), |place| value_at(value, place)));
            if filled.len() > LONGEST_FILLED {
                return Err(SpecError::at(text.place(), format!("longer than {LONGEST_FILLED} bytes once filled in")));
            }
            rest = close + 1;
        }
        filled.push_str(&text.value[rest..]);
        Ok(text.replaced(filled))
    }
}

/// The value at this place of several, `20 ms, 10 ms`, or the last.
fn value_at(values: &str, place: usize) -> &str {
    let mut values = values.split(',').map(str::trim);
    let last = values.clone().next_back().unwrap_or_default();
    values.nth(place).unwrap_or(last)
}

const DECLARATION: &str = "a text, or { default = \"…\", meaning = \"…\" } to declare a parameter";

fn checked(value: &Text) -> Result<String, SpecError> {
    if value.value.len() > LONGEST_VALUE {
        let message = format!("the value of a parameter has at most {LONGEST_VALUE} bytes");
        return Err(SpecError::at(value.place(), message));
    }
    Ok(value.value.clone())
}
