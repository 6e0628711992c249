//! A probe by its name: `D2`, `!D2`, `low:D2`.

use super::super::error::SpecError;
use super::super::layer::{ProbeEntry, Wiring};
use super::super::tree::Text;
use super::values::NONE;
use crate::rig::{Polarity, ProbeSelector};

/// Longer names are a mistake, and would drown the messages that quote them.
pub(super) const LONGEST_NAME: usize = 100;

/// What is expected where a probe is named.
pub(super) const PROBE: &str = "the name of a probe, such as \"D2\" or \"!D2\", or its bit";

/// Reads a probe: its name, after `!` or `low:` for an active-low line; `none` takes a line back.
pub(in crate::spec) fn probe(text: &Text, line_name: Option<String>) -> Result<Wiring, SpecError> {
    if text.value == NONE {
        return Ok(Wiring::new());
    }
    let low = text.value.strip_prefix('!').or_else(|| text.value.strip_prefix("low:"));
    let (polarity, name) = match low {
        Some(name) => (Polarity::ActiveLow, name),
        None => (Polarity::ActiveHigh, text.value.as_str()),
    };
    let whole = 0..text.value.len();
    if name.trim().is_empty() {
        return Err(text.error(whole, format!("expected {PROBE}")));
    }
    if name.len() > LONGEST_NAME {
        return Err(text.error(whole, format!("the name of a probe has at most {LONGEST_NAME} bytes")));
    }
    let selector = ProbeSelector::Name(name.to_owned());
    Ok(vec![ProbeEntry { name: line_name, selector, polarity, place: text.part(whole) }])
}
