//! Lines and the probes that show them: `strobe = "D2"`, `flash = "!FLASH"`, `flash = { A = "DOT", B = "FLOOD" }`.

use super::super::error::SpecError;
use super::super::layer::{CameraLayer, ProbeEntry, Wiring};
use super::super::tree::{Field, Node, Table, Value};
use super::analog::{ANALOG, analog_line};
use super::probe::{LONGEST_NAME, PROBE, probe};
use super::role_keys;
use crate::rig::{MAIN_CAMERA, Polarity, ProbeSelector, Role};
use crate::snippet::{SourceSpan, quoted};

/// Reads a table of lines.
pub(super) fn lines(camera: &mut CameraLayer, table: &Table) -> Result<(), SpecError> {
    table.fields.iter().try_for_each(|field| line(camera, field))
}

/// Reads one line and its probes.
pub(super) fn line(camera: &mut CameraLayer, field: &Field) -> Result<(), SpecError> {
    let role = Role::from_key(&field.key).ok_or_else(|| field.unknown("[wiring]", &role_keys()))?;
    let wiring = match &field.node.value {
        Value::Text(text) => probe(text, None)?,
        Value::Integer(bit) => vec![by_bit(&field.node, *bit, None)?],
        Value::Table(table) if role == Role::Flash => flash_lines(&field.node, table)?,
        Value::Array(pins) if role == Role::Strobe => {
            pins_in_turn(&field.node.place, &pins.iter().collect::<Vec<_>>())?
        }
        Value::Table(table) if role == Role::Strobe => numbered_pins(&field.node, table)?,
        Value::Table(_) | Value::Array(_) | Value::Foreign(_) => return Err(field.node.not(PROBE)),
    };
    camera.lines.insert(role, wiring);
    Ok(())
}

/// The pins that STROBE comes on in turn: `["TOUT1", "TOUT2"]`.
pub(in crate::spec) fn pins_in_turn(place: &SourceSpan, pins: &[&Node]) -> Result<Wiring, SpecError> {
    const MOST_PINS: usize = 16;
    if !(2..=MOST_PINS).contains(&pins.len()) {
        let message = format!("expected 2 to {MOST_PINS} pins that pulse in turn, found {}", pins.len());
        return Err(SpecError::at(place, message));
    }
    let mut wiring = Wiring::new();
    for (number, pin) in (1..).zip(pins) {
        let name = Some(number.to_string());
        let pin_wiring = match &pin.value {
            Value::Text(text) => probe(text, name)?,
            Value::Integer(bit) => vec![by_bit(pin, *bit, name)?],
            Value::Table(_) | Value::Array(_) | Value::Foreign(_) => Wiring::new(),
        };
        if pin_wiring.is_empty() {
            return Err(pin.not(PROBE));
        }
        wiring.extend(pin_wiring);
    }
    Ok(wiring)
}

/// The same by their numbers, as reports write it: `{ 1 = "TOUT1", 2 = "TOUT2" }`.
fn numbered_pins(node: &Node, table: &Table) -> Result<Wiring, SpecError> {
    if table.fields.iter().any(|field| field.key.parse::<usize>().is_err()) {
        return Err(node.not(PROBE));
    }
    let pins: Vec<&Node> = table.fields.iter().map(|field| &field.node).collect();
    if let Some((number, field)) = (1..).zip(&table.fields).find(|(number, field)| field.key != number.to_string()) {
        let message = format!("expected pin {number}, found {}", quoted(&field.key));
        return Err(SpecError::at(&field.key_place, message).help("write the pins in turn: [\"A\", \"B\"]"));
    }
    pins_in_turn(&node.place, &pins)
}

fn flash_lines(node: &Node, table: &Table) -> Result<Wiring, SpecError> {
    if table.field(ANALOG).is_some() {
        return analog_line(node, table);
    }
    check_flash_count(table.fields.len(), &node.place)?;
    let mut wiring = Wiring::new();
    for field in &table.fields {
        let name = flash_name(&field.key, &field.key_place)?;
        match &field.node.value {
            Value::Text(text) => wiring.extend(probe(text, Some(name))?),
            Value::Integer(bit) => wiring.push(by_bit(&field.node, *bit, Some(name))?),
            Value::Table(_) | Value::Array(_) | Value::Foreign(_) => return Err(field.node.not(PROBE)),
        }
    }
    if wiring.is_empty() {
        return Err(SpecError::at(&node.place, "expected at least one flash line, such as { A = \"D3\" }"));
    }
    Ok(wiring)
}

/// A camera with more flash lines than this is a mistake.
pub(super) fn check_flash_count(count: usize, place: &SourceSpan) -> Result<(), SpecError> {
    const MOST_FLASH_LINES: usize = 16;
    if count > MOST_FLASH_LINES {
        return Err(SpecError::at(place, format!("more than {MOST_FLASH_LINES} flash lines")));
    }
    Ok(())
}

fn by_bit(node: &Node, bit: i64, name: Option<String>) -> Result<ProbeEntry, SpecError> {
    let bit = u32::try_from(bit)
        .map_err(|_| SpecError::at(&node.place, format!("{bit} is not the bit of a probe: bits are counted from 0")))?;
    let selector = ProbeSelector::Bit(bit);
    Ok(ProbeEntry { name, selector, polarity: Polarity::ActiveHigh, place: node.place.clone() })
}

/// The name of one of several flash lines.
pub(in crate::spec) fn flash_name(name: &str, place: &SourceSpan) -> Result<String, SpecError> {
    presentable(name, place, "a flash line")
}

/// The name of a camera besides `main`.
pub(in crate::spec) fn camera_name(name: &str, place: &SourceSpan) -> Result<String, SpecError> {
    if name == MAIN_CAMERA {
        let error = SpecError::at(place, format!("'{MAIN_CAMERA}' is the camera of [wiring] already"));
        return Err(error.help("set what is its own in [wiring], [timing] and [limits], or choose another name"));
    }
    presentable(name, place, "a camera")
}

fn presentable(name: &str, place: &SourceSpan, what: &str) -> Result<String, SpecError> {
    if name.trim().is_empty() {
        return Err(SpecError::at(place, format!("the name of {what} is empty")));
    }
    if name.len() > LONGEST_NAME || name.chars().any(char::is_control) {
        let message = format!("{} cannot be the name of {what}", quoted(name));
        return Err(SpecError::at(place, message).help("use letters, digits, '_' and '-'"));
    }
    Ok(name.to_owned())
}
