//! A flash line on an analog channel: `flash = { analog = "A0", threshold = "0.9 V", hysteresis = "0.1 V" }`.

use super::super::error::SpecError;
use super::super::layer::Wiring;
use super::super::tree::{Field, Node, Table, Text};
use super::probe::{level, probe};
use crate::rig::{AnalogProbe, ProbeSelector};
use crate::units::{Rational, Unit, parse_value_as};

/// The key that makes a table of a flash an analog line.
pub(super) const ANALOG: &str = "analog";
const KEYS: [&str; 3] = [ANALOG, "threshold", "hysteresis"];

/// Reads the table.
pub(super) fn analog_line(node: &Node, table: &Table) -> Result<Wiring, SpecError> {
    let (mut wiring, mut threshold, mut hysteresis) = (Wiring::new(), None, Rational::ZERO);
    let mut channel = String::new();
    for field in &table.fields {
        match field.key.as_str() {
            ANALOG => {
                let text = field.node.text("the name of an analog channel, such as \"A0\"")?;
                wiring = probe(text, None)?;
                // Channels have no bits.
                level(&text.value).1.clone_into(&mut channel);
            }
            "threshold" => threshold = Some(volts(field)?),
            "hysteresis" => hysteresis = volts(field)?,
            _ => return Err(field.unknown("an analog line", &KEYS)),
        }
    }
    let threshold = threshold.ok_or_else(|| {
        let error = SpecError::at(&node.place, "an analog line needs a threshold");
        error.help("state the voltage at which the flash counts as lit: threshold = \"0.9 V\"")
    })?;
    if hysteresis.is_negative() {
        return Err(SpecError::at(&node.place, "a hysteresis is 0 V or more"));
    }
    for entry in &mut wiring {
        entry.selector = ProbeSelector::Analog(AnalogProbe {
            channel: channel.clone(),
            threshold: threshold.clone(),
            hysteresis: hysteresis.clone(),
        });
    }
    Ok(wiring)
}

/// Reads `0.9 V` or `150 mV`.
fn volts(field: &Field) -> Result<Rational, SpecError> {
    const EXPECTED: &str = "a voltage, such as \"0.9 V\" or \"150 mV\"";
    let text: &Text = field.node.text(EXPECTED)?;
    let trimmed = text.value.trim_end();
    let (number, exponent) = match trimmed.strip_suffix("mV") {
        Some(number) => (Some(number), -3),
        None => (trimmed.strip_suffix('V'), 0),
    };
    let value = number.and_then(|number| parse_value_as(number, Unit::Count).ok());
    let value = value.ok_or_else(|| text.error(0..text.value.len(), format!("expected {EXPECTED}")))?;
    Ok(value * Rational::decimal(1, exponent))
}
