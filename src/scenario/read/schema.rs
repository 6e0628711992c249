//! The JSON Schema of a scenario, from the structs that it is read into and the kinds of faults.

use schemars::generate::SchemaSettings;
use serde_json::{Value, json};

use super::raw::{RawCamera, RawScenario};
use crate::scenario::FAULT_KINDS;

/// The JSON Schema (draft 2020-12) of a scenario file.
#[must_use]
pub fn scenario_schema() -> Value {
    let mut generator = SchemaSettings::draft2020_12().into_generator();
    let camera = generator.subschema_for::<RawCamera>().to_value();
    let mut schema = generator.into_root_schema_for::<RawScenario>().to_value();
    let kinds = FAULT_KINDS.iter().map(|kind| {
        json!({
            "properties": { "kind": { "const": kind.id } },
            "required": ["kind"],
            "description": kind.about,
            "examples": [format!("kind = \"{}\"\n{}", kind.id, kind.example)],
        })
    });
    let fault = json!({ "type": "object", "anyOf": kinds.collect::<Vec<Value>>() });
    if let Some(properties) = schema["properties"].as_object_mut() {
        properties.insert("camera".to_owned(), json!({ "type": "object", "additionalProperties": camera }));
        properties.insert("fault".to_owned(), json!({ "type": "array", "items": fault }));
    }
    schema
}
