//! Limits by the id of their quantity: `frame.time = "1/30 s ± 0.1 %"`.

use super::super::Allow;
use super::super::error::SpecError;
use super::super::layer::{AllowWritten, LimitEntry, LineKey, Wanted};
use super::super::limit::{Limit, LimitErrorKind, tidied};
use super::super::meant;
use super::super::tree::{Field, Node, Table, Text, Value};
use super::role_keys;
use super::values::NONE;
use super::wiring::{check_flash_count, flash_name};
use crate::quantity::{Family, Measure, QUANTITIES, Quantity, asks_for_a_window, find};
use crate::rig::Role;
use crate::snippet::{SourceSpan, nearest, quoted, suggestion};
use crate::units::{Rational, Rounding, Unit, ValueErrorKind, parse_value, value_text};

/// A longer sequence is no pattern that a camera repeats.
const LONGEST_SEQUENCE: usize = 1000;

/// Reads a table of limits.
pub(in crate::spec) fn limit_entries(table: &Table) -> Result<Vec<LimitEntry>, SpecError> {
    let mut entries = Vec::new();
    for family in &table.fields {
        let known = Family::from_key(&family.key).is_some();
        let (Value::Table(quantities), true) = (&family.node.value, known) else {
            return Err(not_an_id(family, known));
        };
        for field in &quantities.fields {
            let id = format!("{}.{}", family.key, field.key);
            entries.extend(of_quantity(quantity_at(&id, &field.key_place)?, field)?);
        }
    }
    Ok(entries)
}

/// The quantity of this id, which stands at `place`.
pub(in crate::spec) fn quantity_at(id: &str, place: &SourceSpan) -> Result<&'static Quantity, SpecError> {
    find(id).ok_or_else(|| {
        let message = match asks_for_a_window(id) {
            true => format!("{} names no window", quoted(id)),
            false => format!("unknown quantity {}", quoted(id)),
        };
        SpecError::at(place, message).help(quantity_meant(id))
    })
}

/// What was meant by an id that no quantity has, or else what there is.
pub fn quantity_meant(id: &str) -> String {
    if asks_for_a_window(id) {
        return "write a time of whole nanoseconds above 0 behind the @, such as flash.duty@100ms".to_owned();
    }
    if let Some(quantity) = meant::quantity(id) {
        return format!("did you mean '{}'?", quantity.id);
    }
    suggestion(id, QUANTITIES.iter().map(|quantity| quantity.id))
        .unwrap_or_else(|| known_ids(id.split_once('.').map_or(id, |(family, _)| family)))
}

/// The ids of a family, or the families.
fn known_ids(family: &str) -> String {
    let family = Family::from_key(family);
    if family.is_some() {
        let ids: Vec<&str> = QUANTITIES.iter().filter(|q| q.family() == family).map(|q| q.id).collect();
        return format!("there are {}", ids.join(", "));
    }
    let families = Family::ALL.map(|(key, _)| key).join(", ");
    format!("quantities are called FAMILY.NAME; the families are {families}")
}

/// An id as a key of TOML, where a name with a window stands in quotes: `flash."duty@1s"`.
fn dotted(key: &str) -> String {
    match key.split_once('.') {
        Some((family, name)) if name.contains('@') => format!("{family}.\"{name}\""),
        Some(_) | None => key.to_owned(),
    }
}

fn not_an_id(field: &Field, known: bool) -> SpecError {
    let key = &field.key;
    if find(key).is_some() {
        let error = SpecError::at(&field.key_place, format!("'{key}' stands in quotes"));
        return error.help(format!("write the id as a dotted key: {} = …", dotted(key)));
    }
    if known {
        let error = SpecError::at(&field.key_place, format!("'{key}' is a family of quantities"));
        return error.help(known_ids(key));
    }
    if let Some(quantity) = meant::quantity(key) {
        let error = SpecError::at(&field.key_place, format!("unknown quantity {}", quoted(key)));
        return error.help(format!("did you mean '{}'? Ids are written with a dot", quantity.id));
    }
    let error = SpecError::at(&field.key_place, format!("unknown family of quantities {}", quoted(key)));
    match nearest(key, Family::ALL.map(|(key, _)| key)) {
        Some(near) => error.help(format!("did you mean '{near}'?")),
        None => error.help(known_ids(key)),
    }
}

fn of_quantity(quantity: &'static Quantity, field: &Field) -> Result<Vec<LimitEntry>, SpecError> {
    match (quantity.measure, &field.node.value) {
        (Measure::Line(_), Value::Table(table)) => by_line(quantity, table),
        (Measure::Line(_) | Measure::Frames(_) | Measure::Capture(_), _) => Ok(vec![entry(quantity, None, field)?]),
    }
}

/// Limits on single lines: a table by role, and for the flash by the names of its lines.
fn by_line(quantity: &'static Quantity, table: &Table) -> Result<Vec<LimitEntry>, SpecError> {
    let mut entries = Vec::new();
    for field in &table.fields {
        let role = Role::from_key(&field.key);
        let role = role.ok_or_else(|| field.unknown(&format!("{} by role", quantity.id), &role_keys()))?;
        match &field.node.value {
            Value::Table(names) if role == Role::Flash => {
                check_flash_count(names.fields.len(), &field.node.place)?;
                for named in &names.fields {
                    let name = Some(flash_name(&named.key, &named.key_place)?);
                    entries.push(entry(quantity, Some(LineKey { role, name }), named)?);
                }
            }
            Value::Text(_) | Value::Integer(_) | Value::Array(_) | Value::Table(_) | Value::Foreign(_) => {
                entries.push(entry(quantity, Some(LineKey { role, name: None }), field)?);
            }
        }
    }
    Ok(entries)
}

fn entry(quantity: &'static Quantity, line: Option<LineKey>, field: &Field) -> Result<LimitEntry, SpecError> {
    Ok(LimitEntry { quantity, line, place: field.key_place.clone(), wanted: wanted(quantity, &field.node)? })
}

/// Reads what is wanted of a quantity: limits, or `none`.
pub(in crate::spec) fn wanted(quantity: &Quantity, node: &Node) -> Result<Wanted, SpecError> {
    match &node.value {
        Value::Text(text) => wanted_text(quantity, text),
        Value::Integer(_) | Value::Array(_) => Ok(Wanted::Limits { limits: limits(quantity, node)?, allow: None }),
        Value::Table(table) => with_allowance(quantity, node, table),
        Value::Foreign(_) => Err(not_a_limit(quantity, node)),
    }
}

fn wanted_text(quantity: &Quantity, text: &Text) -> Result<Wanted, SpecError> {
    if text.value.trim() == NONE {
        return Ok(Wanted::Nothing);
    }
    Ok(Wanted::Limits { limits: vec![limit_text(quantity, text)?], allow: None })
}

fn not_a_limit(quantity: &Quantity, node: &Node) -> SpecError {
    node.not(&format!("a limit on {}", quantity.id)).help(examples(quantity))
}

fn examples(quantity: &Quantity) -> String {
    format!("write {}", Limit::examples(quantity.unit))
}

/// One limit, or a sequence of them.
fn limits(quantity: &Quantity, node: &Node) -> Result<Vec<Limit>, SpecError> {
    let Value::Array(items) = &node.value else {
        return Ok(vec![limit(quantity, node)?]);
    };
    check_per_frame(quantity, &node.place, "it takes no sequence of limits")?;
    match items.len() {
        0 => Err(SpecError::at(&node.place, "a sequence of no limits")),
        1..=LONGEST_SEQUENCE => items.iter().map(|item| limit(quantity, item)).collect(),
        _ => Err(SpecError::at(&node.place, format!("a sequence of more than {LONGEST_SEQUENCE} limits"))),
    }
}

/// Refuses what only a quantity with a value per frame can have.
fn check_per_frame(quantity: &Quantity, place: &SourceSpan, why: &str) -> Result<(), SpecError> {
    if quantity.is_per_frame() {
        return Ok(());
    }
    Err(SpecError::at(place, format!("{} has one value per capture: {why}", quantity.id)))
}

fn limit(quantity: &Quantity, node: &Node) -> Result<Limit, SpecError> {
    match &node.value {
        Value::Text(text) => limit_text(quantity, text),
        Value::Integer(value) if quantity.unit == Unit::Count => match u64::try_from(*value) {
            Ok(count) => Ok(Limit::exactly(count)),
            Err(_) => Err(SpecError::at(&node.place, "a count is 0 or more")),
        },
        Value::Integer(_) => {
            let message = format!("a unit is missing: a limit on {} is a text with units", quantity.id);
            Err(SpecError::at(&node.place, message).help(examples(quantity)))
        }
        Value::Array(_) | Value::Table(_) | Value::Foreign(_) => Err(not_a_limit(quantity, node)),
    }
}

fn limit_text(quantity: &Quantity, text: &Text) -> Result<Limit, SpecError> {
    let limit = Limit::parse(&text.value, quantity.unit).map_err(|error| {
        let wrong = text.error(error.at.clone(), error.to_string());
        match (listed(quantity, &text.value), error.kind) {
            (Some(help), _) => wrong.help(help),
            // They say what to write.
            (None, LimitErrorKind::Value(ValueErrorKind::Miswritten { .. }) | LimitErrorKind::NoTolerance(_)) => wrong,
            (None, _other) => wrong.help(examples(quantity)),
        }
    })?;
    let never = |beyond: &str| {
        let message = format!("{} is never {beyond}: nothing can pass", quantity.id);
        Err(text.error(0..text.value.len(), message).help(examples(quantity)))
    };
    if let Some(least) = least(quantity).filter(|least| limit.max().is_some_and(|max| max < least)) {
        return never(&format!("below {}", value_text(&least, quantity.unit, Rounding::Nearest)));
    }
    if quantity.unit == Unit::Percent && limit.min().is_some_and(|min| *min > Rational::integer(100)) {
        return never("above 100 %");
    }
    Ok(limit)
}

/// What no value of a quantity is below.
fn least(quantity: &Quantity) -> Option<Rational> {
    const TIMES: [&str; 13] = [
        "frame.time",
        "frame.jitter",
        "frame.cycle-jitter",
        "frame.tie",
        "frame.tie-nominal",
        "fsin.width",
        "trigger.latency",
        "exposure.time",
        "exposure.jitter",
        "flash.on-time",
        "flash.off-time",
        "flash.leak",
        "readout.time",
    ];
    match quantity.unit {
        Unit::Second => TIMES.contains(&quantity.id).then_some(Rational::ZERO),
        Unit::Hertz | Unit::Percent | Unit::Count => Some(Rational::ZERO),
        Unit::Ppm => None,
    }
}

/// A list of limits that lacks its brackets, as it is written.
fn listed(quantity: &Quantity, text: &str) -> Option<String> {
    let parts: Vec<&str> = text.split(',').map(str::trim).collect();
    if parts.len() < 2 {
        return None;
    }
    // A tolerance behind the last value is meant for all of them.
    let tolerance =
        ["±", "+-", "+/-"].iter().find_map(|sign| parts.last()?.find(sign).map(|at| &parts[parts.len() - 1][at..]));
    let limits: Vec<String> = (parts.iter())
        .map(|part| {
            let own = Limit::parse(part, quantity.unit).ok().map(|limit| limit.text().to_owned());
            own.or_else(|| {
                Limit::parse(&format!("{part} {}", tolerance?), quantity.unit).ok().map(|limit| limit.text().to_owned())
            })
        })
        .collect::<Option<_>>()?;
    let limits: Vec<String> = limits.iter().map(|limit| format!("\"{limit}\"")).collect();
    Some(format!("a list stands in brackets, and each of its limits in quotes: [{}]", limits.join(", ")))
}

/// `{ limit = …, allow = … }`.
fn with_allowance(quantity: &Quantity, node: &Node, table: &Table) -> Result<Wanted, SpecError> {
    let (mut stated, mut allow) = (None, None);
    for field in &table.fields {
        match field.key.as_str() {
            "limit" => stated = Some(limits(quantity, &field.node)?),
            "allow" => allow = Some(allowance(quantity, field)?),
            _ => return Err(field.unknown(&format!("the limit on {}", quantity.id), &["limit", "allow"])),
        }
    }
    let missing = || SpecError::at(&node.place, format!("the limit on {} lacks its 'limit'", quantity.id));
    let limits = stated.ok_or_else(missing)?;
    Ok(Wanted::Limits { limits, allow })
}

fn allowance(quantity: &Quantity, field: &Field) -> Result<AllowWritten, SpecError> {
    check_per_frame(quantity, &field.key_place, "there are no frames to allow for")?;
    const EXPECTED: &str = "a number of frames, such as 2, or a share of them, such as \"0.1 %\"";
    let node = &field.node;
    let text = match &node.value {
        Value::Integer(_) => {
            let frames = node.count(0)?;
            return Ok(AllowWritten { allow: Allow::Frames(frames), text: frames.to_string() });
        }
        Value::Text(text) => text,
        Value::Array(_) | Value::Table(_) | Value::Foreign(_) => return Err(node.not(EXPECTED)),
    };
    let (value, unit) = parse_value(&text.value).map_err(|error| text.error(error.at.clone(), error.to_string()))?;
    let share = |exponent: i32| {
        let share = &value * &Rational::decimal(1, exponent);
        (!share.is_negative() && share <= Rational::ONE).then_some(Allow::Share(share))
    };
    let whole = || value.to_integer(Rounding::Down).filter(|whole| Rational::integer(*whole) == value);
    let allow = match unit {
        Unit::Count => whole().and_then(|frames| u64::try_from(frames).ok()).map(Allow::Frames),
        Unit::Percent => share(-2),
        Unit::Ppm => share(-6),
        Unit::Second | Unit::Hertz => None,
    };
    match allow {
        Some(allow) => Ok(AllowWritten { allow, text: tidied(&text.value) }),
        None => Err(text.error(0..text.value.len(), format!("expected {EXPECTED}"))),
    }
}
