//! `flash_pattern = "AB"`, or `["DOT", "FLOOD", "DOT+FLOOD", "-"]`: which flash lines are lit in which frame.

use super::super::error::SpecError;
use super::super::layer::{PatternWritten, Setting};
use super::super::tree::{Node, Text, Value};
use super::values::NONE;
use crate::snippet::Located;

/// A longer pattern is none that a camera repeats.
const LONGEST: usize = 1000;
/// A frame without flash.
const DARK: &str = "-";
const EXPECTED: &str = "the names of the flash lines, frame by frame, such as \"AB\" or [\"DOT\", \"FLOOD\"]";

/// Reads a pattern, or `"none"`.
pub(super) fn flash_pattern(node: &Node) -> Result<Setting<Located<PatternWritten>>, SpecError> {
    let (entries, text): (Vec<Vec<String>>, String) = match &node.value {
        Value::Text(text) if text.value.trim() == NONE => return Ok(Setting::None),
        Value::Text(text) => {
            let letters = text.value.trim().chars().map(|letter| names(&letter.to_string()));
            (letters.take(LONGEST + 1).collect(), text.value.trim().to_owned())
        }
        Value::Array(items) => {
            let texts: Vec<&Text> = items.iter().map(|item| item.text(EXPECTED)).collect::<Result<_, _>>()?;
            let entries = texts.iter().take(LONGEST + 1).map(|text| names(&text.value)).collect();
            let texts: Vec<&str> = texts.iter().take(LONGEST).map(|text| text.value.trim()).collect();
            (entries, format!("[{}]", texts.join(", ")))
        }
        Value::Integer(_) | Value::Table(_) | Value::Foreign(_) => return Err(node.not(EXPECTED)),
    };
    match entries.len() {
        0 => Err(SpecError::at(&node.place, "a flash pattern of no frames").help(format!("write {EXPECTED}"))),
        1..=LONGEST => {
            Ok(Setting::Some(Located { value: PatternWritten { entries, text }, place: node.place.clone() }))
        }
        _ => Err(SpecError::at(&node.place, format!("a flash pattern of more than {LONGEST} frames"))),
    }
}

/// The names of a frame: `A`, `DOT+FLOOD`, none for `-`.
fn names(text: &str) -> Vec<String> {
    if text.trim() == DARK { Vec::new() } else { text.split('+').map(|name| name.trim().to_owned()).collect() }
}
