//! What was meant by lines and keys of a spec that are none.

use super::keys::KEYS;
use crate::quantity::{QUANTITIES, Quantity};

/// Quotes of word processors.
const TYPOGRAPHIC: [char; 9] =
    ['\u{201c}', '\u{201d}', '\u{201e}', '\u{201f}', '\u{2018}', '\u{2019}', '\u{201a}', '\u{ab}', '\u{bb}'];

/// What to do about a line that is no TOML.
pub(super) fn of_line(line: &str) -> Option<String> {
    if line.contains(TYPOGRAPHIC) {
        return Some("these quotes are typographic: write straight ones, \"…\"".to_owned());
    }
    let (key, value) = line.split_once('=')?;
    let value = value.split('#').next().unwrap_or_default().trim();
    let is_text = !value.is_empty() && !value.starts_with(['"', '\'', '[', '{']);
    if is_text && value.chars().count() <= 60 {
        return Some(format!("texts stand in quotes: {} = \"{value}\"", key.trim()));
    }
    // A list of texts of which not each has its quotes, and the like: TOML's own message is what there is.
    None
}

/// Where a key stands that is none of `known`: in another table, or it is the id of a quantity in other letters.
pub(super) fn of_key(key: &str, known: &[&str]) -> Option<String> {
    let wanted = plain(key);
    let same = |name: &str| plain(name) == wanted;
    if let Some(name) = known.iter().find(|name| same(name)) {
        return Some(format!("it is written '{name}'"));
    }
    let elsewhere = KEYS.iter().find(|key| !key.table().is_empty() && key.name().contains('_') && same(key.name()));
    if let Some(key) = elsewhere {
        return Some(format!("'{}' stands in [{}]", key.name(), key.table()));
    }
    let quantity = quantity(key)?;
    Some(format!("{} is a quantity: its limit stands in [limits], {} = …", quantity.id, quantity.id))
}

/// What the field calls otherwise, with what it is called in ids.
const SYNONYMS: [(&str, &str); 3] = [("duration", "time"), ("dutycycle", "duty"), ("delay", "latency")];

/// The quantity whose id was meant by `exposure_time`, `Exposure.Time`, `exposure time` or `exposure.duration`.
pub(super) fn quantity(id: &str) -> Option<&'static Quantity> {
    let written = plain(id);
    let other = SYNONYMS.iter().find_map(|(word, here)| Some(format!("{}{here}", written.strip_suffix(word)?)));
    let wanted = other.unwrap_or(written);
    QUANTITIES.iter().copied().find(|quantity| plain(quantity.id) == wanted)
}

/// A name without what people write differently.
fn plain(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
