//! Times, ratios and words.

use super::super::error::SpecError;
use super::super::layer::Setting;
use super::super::limit::{Written, tidied};
use super::super::tree::{Node, Text, Value};
use crate::snippet::quoted;
use crate::units::{Rational, Unit, ValueErrorKind, parse_value};

/// The text that takes a setting back.
pub(super) const NONE: &str = "none";

/// What the smallest value of a setting is.
#[derive(Clone, Copy)]
pub(super) enum Least {
    AboveZero,
    Zero,
    /// Above −100 %.
    MinusOne,
}

impl Least {
    fn allows(self, value: &Rational) -> bool {
        match self {
            Least::AboveZero => value.is_positive(),
            Least::Zero => !value.is_negative(),
            Least::MinusOne => (value + &Rational::ONE).is_positive(),
        }
    }

    fn text(self) -> &'static str {
        match self {
            Least::AboveZero => "above 0",
            Least::Zero => "0 or more",
            Least::MinusOne => "above -100 %",
        }
    }
}

/// A time with its unit.
pub(super) fn time(node: &Node, least: Least) -> Result<Written, SpecError> {
    time_text(node.text("a time with its unit, such as \"20 ms\"")?, least)
}

fn time_text(text: &Text, least: Least) -> Result<Written, SpecError> {
    let written = Written::parse(&text.value, Unit::Second);
    let written = written.map_err(|error| text.error(error.at.clone(), error.to_string()))?;
    if least.allows(&written.value) {
        return Ok(written);
    }
    Err(text.error(0..text.value.len(), format!("this time must be {}", least.text())))
}

/// A time with its unit, or `"none"`.
pub(super) fn time_or_none(node: &Node, least: Least) -> Result<Setting<Written>, SpecError> {
    let text = node.text("a time with its unit, such as \"20 ms\", or \"none\"")?;
    if text.value.trim() == NONE { Ok(Setting::None) } else { time_text(text, least).map(Setting::Some) }
}

/// A whole number of at least 1, or `"none"`.
pub(super) fn count_or_none(node: &Node) -> Result<Setting<u64>, SpecError> {
    let is_none = matches!(&node.value, Value::Text(text) if text.value.trim() == NONE);
    if is_none { Ok(Setting::None) } else { node.count(1).map(Setting::Some) }
}

/// A share in ppm or %, below 100 %; the value is the ratio.
pub(super) fn ratio(node: &Node, least: Least) -> Result<Written, SpecError> {
    const EXPECTED: &str = "a share in ppm or %, such as \"50 ppm\"";
    let text = node.text(EXPECTED)?;
    let whole = 0..text.value.len();
    let value = match parse_value(&text.value) {
        Ok((value, Unit::Ppm)) => &value * &Rational::decimal(1, -6),
        Ok((value, Unit::Percent)) => &value * &Rational::decimal(1, -2),
        Ok((_, Unit::Count)) => return Err(text.error(whole, "a unit is missing: add ppm or %")),
        Ok((_, Unit::Second | Unit::Hertz)) => return Err(text.error(whole, format!("expected {EXPECTED}"))),
        Err(error) => {
            let message = if let ValueErrorKind::UnitUnknown { found, .. } = &error.kind {
                format!("unknown unit '{found}': use ppm or %")
            } else {
                error.to_string()
            };
            return Err(text.error(error.at, message));
        }
    };
    if value >= Rational::ONE || !least.allows(&value) {
        return Err(text.error(whole, format!("this share must be {} and below 100 %", least.text())));
    }
    Ok(Written { value, text: tidied(&text.value) })
}

/// The word for a value; `None` if there is none.
pub(in crate::spec) fn word_for<T: PartialEq>(value: &T, words: &[(&'static str, T)]) -> Option<String> {
    words.iter().find(|(_, known)| known == value).map(|(word, _)| (*word).to_owned())
}

/// One of a few words.
pub(in crate::spec) fn word<T: Copy>(node: &Node, words: &[(&str, T)]) -> Result<T, SpecError> {
    let list: Vec<String> = words.iter().map(|(word, _)| format!("\"{word}\"")).collect();
    let expected = match list.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} or {last}", others.join(", ")),
        None => String::new(),
    };
    let text = node.text(&expected)?;
    match words.iter().find(|(word, _)| *word == text.value) {
        Some((_, value)) => Ok(*value),
        None => Err(text.error(0..text.value.len(), format!("expected {expected}, found {}", quoted(&text.value)))),
    }
}
