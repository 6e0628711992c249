//! The JSON Schema of a spec, from the keys and the quantities: editors complete and check a spec by it.

use serde_json::{Map, Value, json};

use super::example::example;
use crate::quantity::{Measure, QUANTITIES, Quantity, duty};
use crate::rig::Role;
use crate::spec::{KEYS, Key, Shape};
use crate::units::Unit;

/// A decimal or a fraction of decimals, with a sign.
const NUMBER: &str = r"[-+]?[0-9]+(\.[0-9]+)?(/[0-9]+(\.[0-9]+)?)?";
/// A text with a parameter in it may become anything.
const FILLED: &str = r"\$\{";

/// The JSON Schema (draft 2020-12) of a spec file.
#[must_use]
pub fn spec_schema() -> Value {
    let tables = KEYS.iter().filter(|key| key.table().is_empty()).map(|key| (key.id.to_owned(), described(key)));
    let definitions = json!({
        "time": matching(&format!("{NUMBER} ?(s|ms|us|\u{b5}s|\u{3bc}s|ns|ps|min)")),
        "time_or_none": any_of([reference("time"), json!({ "const": "none" })]),
        "ratio": matching(&format!("{NUMBER} ?(ppm|%)")),
        "probe": any_of([json!({ "type": "string", "minLength": 1 }), json!({ "type": "integer", "minimum": 0 })]),
        "flash": flash(),
        "allow": any_of([json!({ "type": "integer", "minimum": 0 }), json!({ "type": "string" })]),
        "limits": limits(),
    });
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "spec",
        "description": "What a capture is judged by.",
        "type": "object",
        "properties": tables.collect::<Map<String, Value>>(),
        "additionalProperties": false,
        "$defs": definitions,
    })
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/$defs/{name}") })
}

fn any_of<const N: usize>(shapes: [Value; N]) -> Value {
    json!({ "anyOf": shapes.to_vec() })
}

/// A text that matches this, blanks around it aside, or that holds a parameter.
fn matching(pattern: &str) -> Value {
    json!({ "type": "string", "pattern": format!(r"^\s*{pattern}\s*$|{FILLED}") })
}

fn described(key: &Key) -> Value {
    let mut schema = shape(key);
    if let Some(schema) = schema.as_object_mut() {
        let text = format!("{} Default: {}.", key.about, key.default);
        schema.insert("description".to_owned(), Value::String(text));
    }
    schema
}

fn shape(key: &Key) -> Value {
    let name = key.id;
    match key.shape {
        Shape::Text => json!({ "type": "string" }),
        // A parameter may stand for a word.
        Shape::Words(words) => any_of([json!({ "enum": words }), json!({ "type": "string", "pattern": FILLED })]),
        Shape::Time => reference("time"),
        Shape::TimeOrNone => reference("time_or_none"),
        Shape::Ratio => reference("ratio"),
        Shape::Count(least) => json!({ "type": "integer", "minimum": least }),
        Shape::CountOrNone => any_of([json!({ "type": "integer", "minimum": 1 }), json!({ "const": "none" })]),
        Shape::Probe => reference("probe"),
        Shape::Strobe => any_of([
            reference("probe"),
            json!({ "type": "array", "items": reference("probe"), "minItems": 2 }),
            json!({ "type": "object", "additionalProperties": reference("probe"), "minProperties": 2 }),
        ]),
        Shape::Flash => reference("flash"),
        Shape::TimeByRole => any_of([reference("time"), by_role(&reference("time"))]),
        Shape::TimeOrNoneByRole => any_of([reference("time_or_none"), by_role(&reference("time_or_none"))]),
        Shape::Pattern => any_of([
            json!({ "type": "string", "minLength": 1 }),
            json!({ "type": "array", "items": { "type": "string" }, "minItems": 1 }),
        ]),
        Shape::Streams => json!({ "type": "object", "additionalProperties": { "type": "string" } }),
        Shape::Params => {
            let declared = ["default", "unit", "min", "max", "meaning"].map(|name| (name.to_owned(), text()));
            let declaration = json!({
                "type": "object",
                "properties": declared.into_iter().collect::<Map<String, Value>>(),
                "required": ["default", "meaning"],
                "additionalProperties": false,
            });
            json!({ "type": "object", "additionalProperties": any_of([text(), declaration]) })
        }
        Shape::Limits => reference("limits"),
        Shape::Cameras => {
            let own = KEYS.iter().filter(|key| key.per_camera).map(|key| (key.name().to_owned(), described(key)));
            let own = own.chain([("limits".to_owned(), reference("limits"))]).collect::<Map<String, Value>>();
            let camera = json!({ "type": "object", "properties": own, "additionalProperties": false });
            json!({ "type": "object", "additionalProperties": camera })
        }
        Shape::Table => {
            let keys = KEYS.iter().filter(|key| key.table() == name);
            let keys = keys.map(|key| (key.name().to_owned(), described(key))).collect::<Map<String, Value>>();
            json!({ "type": "object", "properties": keys, "additionalProperties": false })
        }
    }
}

fn text() -> Value {
    json!({ "type": "string" })
}

fn by_role(value: &Value) -> Value {
    let roles = Role::ALL.map(|role| (role.key().to_owned(), value.clone()));
    let roles = roles.into_iter().collect::<Map<String, Value>>();
    json!({ "type": "object", "properties": roles, "additionalProperties": false })
}

fn flash() -> Value {
    let voltage = matching(&format!("{NUMBER} ?m?V"));
    let analog = json!({
        "type": "object",
        "properties": { "analog": text(), "threshold": voltage, "hysteresis": voltage },
        "required": ["analog", "threshold"],
        "additionalProperties": false,
    });
    let named = json!({
        "type": "object",
        "minProperties": 1,
        "not": { "required": ["analog"] },
        "additionalProperties": reference("probe"),
    });
    any_of([reference("probe"), analog, named])
}

/// Families of quantities, and the limits on each of them.
fn limits() -> Value {
    let mut families = Map::new();
    for quantity in QUANTITIES {
        let (family, name) = quantity.id.split_once('.').unwrap_or((quantity.id, ""));
        let family = families
            .entry(family)
            .or_insert_with(|| json!({ "type": "object", "properties": {}, "additionalProperties": false }));
        if let Some(names) = family["properties"].as_object_mut() {
            names.insert(name.to_owned(), limit(quantity));
        }
        if **quantity == duty::DUTY {
            family["patternProperties"] = json!({ "^duty@": limit(quantity) });
        }
    }
    json!({ "type": "object", "properties": families, "additionalProperties": false })
}

fn limit(quantity: &Quantity) -> Value {
    let one = match quantity.unit {
        Unit::Count => any_of([text(), json!({ "type": "integer", "minimum": 0 })]),
        Unit::Second | Unit::Hertz | Unit::Percent | Unit::Ppm => text(),
    };
    let mut schema = match quantity.measure {
        Measure::Frames(_) => {
            let several = json!({ "type": "array", "items": one, "minItems": 1 });
            let allowing = json!({
                "type": "object",
                "properties": { "limit": any_of([one.clone(), several.clone()]), "allow": reference("allow") },
                "required": ["limit"],
                "additionalProperties": false,
            });
            any_of([one, several, allowing])
        }
        Measure::Capture(_) => {
            let table = json!({
                "type": "object",
                "properties": { "limit": one },
                "required": ["limit"],
                "additionalProperties": false,
            });
            any_of([one, table])
        }
        Measure::Line(_) => {
            // Several flash lines have names.
            let named = json!({ "type": "object", "additionalProperties": one });
            any_of([one.clone(), by_role(&any_of([one, named]))])
        }
    };
    if let Some(schema) = schema.as_object_mut() {
        let about = format!("{}; unit {}.", quantity.definition, quantity.unit.symbol());
        schema.insert("description".to_owned(), Value::String(about));
        schema.insert("examples".to_owned(), json!([example(quantity)]));
    }
    schema
}
