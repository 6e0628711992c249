//! Parameters: names in a spec's texts, `${exposure}`, that the user of a profile gives another value.
//!
//! A `[params]` table declares them, `exposure = { default = "20 ms", meaning = "…" }`; a spec that extends it, or
//! `--param exposure=20ms`, sets them. A unit makes it a value, or several with commas, which may have to lie in a range. Built-in
//! profiles compute with such values, `${2 * row}` (`expression`); other specs take a parameter as it is. An entry of an array whose parameter has several values, `20 ms, 10 ms`, becomes
//! as many entries.

use std::cell::Cell;
use std::str::FromStr;

use super::arguments::{refuse_twice, sides};
use super::chain::{SpecSource, load};
use super::error::SpecError;
use super::expression::{Value, evaluate, names};
use super::profiles::Profile;
use super::read::{PARAMS, word};
use super::tree::{Field, Node, Table, Text, Value as Written};
use crate::snippet::{SourceSpan, nearest, quoted};
use crate::units::{Rational, Rounding, Unit, parse_value, parse_value_as, value_text};

/// A parameter of a profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    /// Its name, as in `${name}` and `--param name=value`.
    pub name: String,
    /// The text that stands for it unless another is given.
    pub default: String,
    /// What it means, in a line.
    pub meaning: String,
    /// The unit of its values; none: it is any text.
    pub unit: Option<Unit>,
    /// The smallest value, as it is written.
    pub min: Option<String>,
    /// The largest value, as it is written.
    pub max: Option<String>,
}

/// A parameter, and what stands for it.
#[derive(Debug)]
struct Declared {
    parameter: Parameter,
    value: Text,
    min: Option<Text>,
    max: Option<Text>,
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
    declared: Vec<Declared>,
    /// The bytes that were filled in so far.
    filled: Cell<usize>,
}

/// More are a mistake.
const MOST_PARAMETERS: usize = 100;
/// Longer values are no probe names, times or limits.
const LONGEST_VALUE: usize = 200;
/// No text of a spec is longer than this once its parameters are filled in.
const LONGEST_FILLED: usize = 4096;
/// Nor all that are filled in, of which each counts as so many bytes at least: entries of arrays multiply.
const MOST_FILLED: usize = 1 << 24;
const LEAST_COUNTED: usize = 256;

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
        let chain = load(&SpecSource::Profile(self.name.to_owned()), &|_, _| Err(std::io::ErrorKind::NotFound.into()))?;
        Ok(Parameters::collect(&chain.roots, &[])?.into_declared())
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
                    Written::Text(value) => parameters.set(&param.key, &param.key_place, value)?,
                    Written::Table(table) => parameters.declare(param, table)?,
                    Written::Integer(_) | Written::Array(_) | Written::Foreign(_) => {
                        return Err(param.node.not(DECLARATION));
                    }
                }
            }
        }
        for param in overrides {
            parameters.set(&param.name.value, param.name.place(), &param.value)?;
        }
        parameters.resolve()?;
        parameters.check()?;
        Ok(parameters)
    }

    /// Computes the defaults that other parameters stand in.
    fn resolve(&mut self) -> Result<(), SpecError> {
        for place in 0..self.declared.len() {
            let value = &self.declared[place].value;
            if value.place().is_in_profile() && value.value.contains("${") {
                let value = self.filled(value, None)?;
                self.declared[place].parameter.default.clone_from(&value.value);
                self.declared[place].value = value;
            }
        }
        Ok(())
    }

    /// Values are of their parameter's unit, and lie in its range.
    fn check(&self) -> Result<(), SpecError> {
        for declared in &self.declared {
            let Some(unit) = declared.parameter.unit else { continue };
            for place in 0..declared.value.value.split(',').count() {
                let text = value_at(&declared.value.value, place);
                let whole = 0..declared.value.value.len();
                let value = parse_value_as(text, unit).map_err(|error| {
                    let message =
                        format!("{} of the parameter {}: {error}", quoted(text), quoted(&declared.parameter.name));
                    declared.value.error(whole.clone(), message).help(&declared.parameter.meaning)
                })?;
                let beyond = |bound: &Option<Text>, is_beyond: fn(&Rational, &Rational) -> bool, word: &str| {
                    let Some(bound) = bound else { return Ok(()) };
                    let limit = self.bound(bound, unit, place)?;
                    if !is_beyond(&value, &limit.number) {
                        return Ok(());
                    }
                    let by =
                        if bound.value.trim() == limit.text() { String::new() } else { format!(", {}", bound.value) };
                    let name = &declared.parameter.name;
                    let message = format!("{name} = {} is {word} {}{by}", text.trim(), measured(&limit));
                    Err(declared.value.error(whole.clone(), message).help(&declared.parameter.meaning))
                };
                beyond(&declared.min, |value, min| value < min, "below the smallest,")?;
                beyond(&declared.max, |value, max| value > max, "above the largest,")?;
            }
        }
        Ok(())
    }

    /// An end of a range: in profiles it is computed.
    fn bound(&self, bound: &Text, unit: Unit, place: usize) -> Result<Value, SpecError> {
        if bound.place().is_in_profile() {
            let value = evaluate(&bound.value, &|name| self.value(name, place))
                .map_err(|(at, wrong)| bound.error(at, wrong))?;
            return if value.unit == unit {
                Ok(value)
            } else {
                Err(bound.error(0..bound.value.len(), format!("expected a value in {}", unit.accepted())))
            };
        }
        let number =
            parse_value_as(&bound.value, unit).map_err(|error| bound.error(error.at.clone(), error.to_string()))?;
        Ok(Value { number, unit })
    }

    /// The value of a parameter, in an expression; of several the one at this place.
    fn value(&self, name: &str, place: usize) -> Result<Value, String> {
        let declared = self.declared.iter().find(|declared| declared.parameter.name == name);
        let declared = declared.ok_or_else(|| format!("unknown parameter {}", quoted(name)))?;
        let text = value_at(&declared.value.value, place);
        let (number, unit) =
            parse_value(text).map_err(|error| format!("{} of {}: {error}", quoted(text), quoted(name)))?;
        Ok(Value { number, unit })
    }

    /// The declarations.
    pub(super) fn into_declared(self) -> Vec<Parameter> {
        self.declared.into_iter().map(|declared| declared.parameter).collect()
    }

    fn declare(&mut self, field: &Field, table: &Table) -> Result<(), SpecError> {
        if field.key.is_empty() || !field.key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-') {
            let message = format!("{} cannot be the name of a parameter", quoted(&field.key));
            return Err(SpecError::at(&field.key_place, message).help("use letters, digits, '_' and '-'"));
        }
        let (mut default, mut meaning, mut unit, mut min, mut max) = (None, None, None, None, None);
        for part in &table.fields {
            match part.key.as_str() {
                "default" => default = Some(checked(part.node.text("a text")?)?),
                "meaning" => meaning = Some(part.node.text("a text")?.value.clone()),
                "unit" => unit = Some(word(&part.node, &UNITS)?),
                "min" => min = Some(part.node.text("a value with its unit")?.clone()),
                "max" => max = Some(part.node.text("a value with its unit")?.clone()),
                _ => return Err(part.unknown(&format!("parameter '{}'", field.key), &PARTS)),
            }
        }
        let (Some(default), Some(meaning)) = (default, meaning) else {
            return Err(SpecError::at(&field.key_place, format!("expected {DECLARATION}")));
        };
        if let (None, Some(bound)) = (unit, min.as_ref().or(max.as_ref())) {
            let error = SpecError::at(bound.place(), format!("the range of '{}' needs its unit", field.key));
            return Err(error.help("add unit = \"s\", \"Hz\", \"%\", \"ppm\" or \"count\""));
        }
        self.declared.retain(|known| known.parameter.name != field.key);
        if self.declared.len() == MOST_PARAMETERS {
            return Err(SpecError::at(&field.key_place, format!("more than {MOST_PARAMETERS} parameters")));
        }
        let written = |bound: &Option<Text>| bound.as_ref().map(|bound| bound.value.clone());
        let parameter = Parameter {
            name: field.key.clone(),
            default: default.value.clone(),
            meaning,
            unit,
            min: written(&min),
            max: written(&max),
        };
        self.declared.push(Declared { parameter, value: default, min, max });
        Ok(())
    }

    fn set(&mut self, name: &str, place: &SourceSpan, value: &Text) -> Result<(), SpecError> {
        let value = checked(value)?;
        match self.declared.iter_mut().find(|declared| declared.parameter.name == name) {
            Some(declared) => {
                declared.value = value;
                Ok(())
            }
            None => Err(self.unknown(name, place)),
        }
    }

    fn unknown(&self, name: &str, place: &SourceSpan) -> SpecError {
        let known: Vec<&str> = self.declared.iter().map(|declared| declared.parameter.name.as_str()).collect();
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
            Written::Text(text) if text.value.contains("${") => {
                *text = self.filled(text, None)?;
                Ok(())
            }
            Written::Text(_) | Written::Integer(_) | Written::Foreign(_) => Ok(()),
            Written::Array(items) => self.fill_entries(items),
            Written::Table(table) => self.fill(table),
        }
    }

    /// Fills the entries of an array; one whose parameter has several values becomes an entry for each.
    fn fill_entries(&self, items: &mut Vec<Node>) -> Result<(), SpecError> {
        let mut entries = Vec::with_capacity(items.len());
        for mut item in std::mem::take(items) {
            if let Written::Text(text) = &item.value
                && text.value.contains("${")
            {
                for place in 0..self.values_in(&text.value) {
                    entries.push(Node { value: Written::Text(self.filled(text, Some(place))?), ..item.clone() });
                }
            } else {
                self.fill_node(&mut item)?;
                entries.push(item);
            }
        }
        *items = entries;
        Ok(())
    }

    /// The largest number of values that a parameter in this text has.
    fn values_in(&self, text: &str) -> usize {
        let blocks = text.split("${").skip(1).filter_map(|block| block.split('}').next());
        let several = blocks.flat_map(|block| {
            let plain = self.declared.iter().filter(move |declared| declared.parameter.name == block);
            let computed =
                self.declared.iter().filter(move |declared| names(block).any(|name| declared.parameter.name == name));
            plain.chain(computed)
        });
        several.map(|declared| declared.value.value.split(',').count()).max().unwrap_or(1)
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
            let known = self.declared.iter().find(|declared| declared.parameter.name == name);
            filled.push_str(&text.value[rest..open]);
            match known {
                Some(declared) => {
                    let value = declared.value.value.as_str();
                    filled.push_str(place.map_or(value, |place| value_at(value, place)));
                }
                None if text.place().is_in_profile() => {
                    let value = evaluate(name, &|name| self.value(name, place.unwrap_or(0)));
                    let value =
                        value.map_err(|(at, wrong)| text.error(open + 2 + at.start..open + 2 + at.end, wrong))?;
                    filled.push_str(&value.text());
                }
                None => {
                    let error = self.unknown(name, &text.part(open + 2..close));
                    let computes = name.contains(['+', '*', '/', '(', ' ']);
                    const PLAIN: &str = "a spec takes the name of a parameter; only built-in profiles compute";
                    return Err(if computes { error.help(PLAIN) } else { error });
                }
            }
            if filled.len() > LONGEST_FILLED {
                return Err(SpecError::at(text.place(), format!("longer than {LONGEST_FILLED} bytes once filled in")));
            }
            rest = close + 1;
        }
        filled.push_str(&text.value[rest..]);
        let all = self.filled.get() + LEAST_COUNTED.max(text.value.len()).max(filled.len());
        if all > MOST_FILLED {
            return Err(SpecError::at(text.place(), format!("with it, {MOST_FILLED} bytes are filled in")));
        }
        self.filled.set(all);
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

/// What a declaration may state.
const PARTS: [&str; 5] = ["default", "unit", "min", "max", "meaning"];
const UNITS: [(&str, Unit); 5] =
    [("s", Unit::Second), ("Hz", Unit::Hertz), ("%", Unit::Percent), ("ppm", Unit::Ppm), ("count", Unit::Count)];

/// A bound as a message says it.
fn measured(bound: &Value) -> String {
    let text = bound.text();
    if text.contains('/') { value_text(&bound.number, bound.unit, Rounding::Nearest) } else { text }
}

fn checked(value: &Text) -> Result<Text, SpecError> {
    if value.value.len() > LONGEST_VALUE {
        let message = format!("the value of a parameter has at most {LONGEST_VALUE} bytes");
        return Err(SpecError::at(value.place(), message));
    }
    Ok(value.clone())
}
