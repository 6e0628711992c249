//! A probe by its name: `D2`, `!D2`, `low:D2`; or by its bit: `bit:2`.

use super::super::error::SpecError;
use super::super::layer::{ProbeEntry, Wiring};
use super::super::tree::Text;
use super::values::NONE;
use crate::escape::visible;
use crate::rig::{Polarity, ProbeSelector};

/// Longer names are a mistake, and would drown the messages that quote them.
pub(super) const LONGEST_NAME: usize = 100;

/// What is expected where a probe is named.
pub(super) const PROBE: &str = "the name of a probe, such as \"D2\" or \"!D2\", or its bit";

/// What stands in front of the name of an active-low line.
const LOW: &str = "low:";
/// What stands in front of a name that would say something else by itself.
const HIGH: &str = "high:";
/// What stands in front of a bit.
const BIT: &str = "bit:";

/// What stands between pins on the command line.
pub(in crate::spec) const PIN_AND_PIN: char = ',';

/// Whether several pins are named; what is behind `low:` and `high:` is one name whatever it looks like.
pub(in crate::spec) fn is_list(text: &str) -> bool {
    text.contains(PIN_AND_PIN) && !text.starts_with(LOW) && !text.starts_with(HIGH)
}

/// The active level, and the name behind it: `!NAME` and `low:NAME` are active low. What is behind `low:` and `high:` is a name
/// whatever it looks like.
pub(super) fn level(text: &str) -> (Polarity, &str) {
    if let Some(name) = text.strip_prefix('!').or_else(|| text.strip_prefix(LOW)) {
        return (Polarity::ActiveLow, name);
    }
    (Polarity::ActiveHigh, text.strip_prefix(HIGH).unwrap_or(text))
}

/// The bit of `bit:3` and `!bit:3`.
fn bit(text: &str) -> Option<u32> {
    let digits = text.strip_prefix('!').unwrap_or(text).strip_prefix(BIT)?;
    digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok())?
}

/// Reads a probe: its name or bit, after `!` or `low:` for an active-low line; `none` takes a line back.
pub(in crate::spec) fn probe(text: &Text, line_name: Option<String>) -> Result<Wiring, SpecError> {
    if text.value == NONE {
        return Ok(Wiring::new());
    }
    let (polarity, name) = level(&text.value);
    let whole = 0..text.value.len();
    if name.trim().is_empty() {
        return Err(text.error(whole, format!("expected {PROBE}")));
    }
    if name.len() > LONGEST_NAME {
        return Err(text.error(whole, format!("the name of a probe has at most {LONGEST_NAME} bytes")));
    }
    let selector = bit(&text.value).map_or_else(|| ProbeSelector::Name(name.to_owned()), ProbeSelector::Bit);
    Ok(vec![ProbeEntry { name: line_name, selector, polarity, place: text.part(whole) }])
}

/// A probe as a spec and `--wire` take it.
#[must_use]
pub fn probe_text(selector: &ProbeSelector, polarity: Polarity) -> String {
    let mark = if polarity == Polarity::ActiveLow { "!" } else { "" };
    match selector {
        ProbeSelector::Bit(bit) => format!("{mark}{BIT}{bit}"),
        ProbeSelector::Name(name) => name_text(name, polarity),
        ProbeSelector::Analog(probe) => name_text(&probe.channel, polarity),
    }
}

fn name_text(name: &str, polarity: Polarity) -> String {
    let is_misread =
        name == NONE || name.starts_with(BIT) || is_list(name) || level(name) != (Polarity::ActiveHigh, name);
    match polarity {
        Polarity::ActiveHigh if is_misread => format!("{HIGH}{name}"),
        Polarity::ActiveHigh => name.to_owned(),
        Polarity::ActiveLow if name.starts_with(BIT) || is_list(name) => format!("{LOW}{name}"),
        Polarity::ActiveLow => format!("!{name}"),
    }
}

/// Whether a spec can name a probe so, in letters that a reader sees.
#[must_use]
pub fn is_probe_name(name: &str) -> bool {
    !name.trim().is_empty() && name.len() <= LONGEST_NAME && !name.contains("${") && visible(name) == name
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str) -> (ProbeSelector, Polarity) {
        let source = format!("wiring.strobe = {}\n", crate::spec::toml_string(text));
        let spec = crate::spec::Spec::parse("a", &source).unwrap();
        let wire = &spec.rig.wires()[0];
        (wire.probe.clone(), wire.polarity)
    }

    proptest! {
        #[test]
        fn what_is_written_of_a_probe_is_read_as_that_probe(
            name in prop_oneof!["(low:|high:|bit:|!|none){0,3}[0-9a-z: #]{0,3}", "\\PC{1,6}"],
            bit in 0..64_u32,
            is_low in any::<bool>(),
        ) {
            let polarity = if is_low { Polarity::ActiveLow } else { Polarity::ActiveHigh };
            let mut selectors = vec![ProbeSelector::Bit(bit)];
            selectors.extend(is_probe_name(&name).then(|| ProbeSelector::Name(name.clone())));
            for selector in selectors {
                prop_assert_eq!(read(&probe_text(&selector, polarity)), (selector, polarity));
            }
        }
    }

    #[test]
    fn names_that_cannot_be_written_are_told() {
        for name in ["", "  ", "a\nb", "${x}", "##[x]", &"n".repeat(101)] {
            assert!(!is_probe_name(name), "{name}");
        }
    }
}
