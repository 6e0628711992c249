//! What commands print for programs: the same as they tell people, in base units.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

fn run(arguments: &[&str]) -> (Option<i32>, Vec<u8>) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let output = Command::new(env!("CARGO_BIN_EXE_strobecheck")).current_dir(root).args(arguments).output().unwrap();
    (output.status.code(), output.stdout)
}

fn json(arguments: &[&str]) -> Value {
    let (code, stdout) = run(arguments);
    let text = String::from_utf8(stdout).unwrap();
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{arguments:?}: {code:?}: {error}: {text}"))
}

#[test]
fn wiring_says_what_to_go_on_with() {
    let found = json(&["wiring", "captures/strobe-constant.sr", "--json"]);
    assert_eq!(found["schema"], "strobecheck.wiring/1");
    assert_eq!(found["wires"], serde_json::json!(["strobe=STROBE"]));
    let probe = &found["probes"][0];
    assert_eq!([&probe["role"], &probe["active"], &probe["wire"]], ["strobe", "high", "good"]);
    // Its scenario: 60 exposures of 20 ms in 2 s at 1 MHz.
    assert_eq!(probe["line"]["edges"], 120);
    assert_eq!(probe["line"]["high_s"], serde_json::json!({ "count": 60, "min": 0.02, "median": 0.02, "max": 0.02 }));
    assert_eq!(probe["line"]["high_share"], 0.6);
}

#[test]
fn measure_has_lines_always_and_quantities_where_they_are_wired() {
    let quantity = |found: &Value, id: &str| -> Value {
        let all = found["quantities"].as_array().unwrap();
        all.iter().find(|quantity| quantity["id"] == id).unwrap_or_else(|| panic!("{id}: {found}")).clone()
    };
    let found = json(&["measure", "captures/strobe-constant.sr", "--json", "--wire", "strobe=STROBE"]);
    let exposure = quantity(&found, "exposure.time");
    // Each lasts 20 000 samples of 1 us, give or take one.
    for key in ["min", "max", "mean", "p50"] {
        assert_eq!(exposure[key], 0.02, "{key}: {exposure}");
    }
    assert_eq!([&exposure["unit"], &exposure["of"]], ["s", "main"]);
    assert_eq!(exposure["uncertainty"], 1e-6);
    let edges = quantity(&found, "line.edges");
    assert_eq!([&edges["value"], &edges["low"], &edges["high"]], [120.0, 120.0, 120.0]);
    let unwired = json(&["measure", "tests/cli/fixtures/plain.sr", "--json"]);
    assert_eq!((&unwired["wired_by"], &unwired["quantities"]), (&Value::Null, &serde_json::json!([])));
    assert!(!unwired["lines"].as_array().unwrap().is_empty());
    // Damage ends with 3 here too, and is told.
    let (code, stdout) = run(&["measure", "tests/cli/fixtures/chunk-missing.sr", "--json"]);
    let damaged: Value = serde_json::from_slice(&stdout).unwrap();
    assert!(code == Some(3) && !damaged["problems"].as_array().unwrap().is_empty(), "{code:?} {damaged}");
}

#[test]
fn frames_are_those_of_the_table_and_the_schema_knows_them() {
    let found = json(&["verify", "captures/two-cameras.sr", "--json=frames"]);
    let capture = &found["captures"][0];
    let frames = capture["frames"].as_object().unwrap();
    let folder = tempfile::tempdir().unwrap();
    run(&["verify", "captures/two-cameras.sr", "--format", "csv", "--reports", folder.path().to_str().unwrap()]);
    let mut table = csv::Reader::from_path(folder.path().join("two-cameras.csv")).unwrap();
    let names: Vec<String> = table.headers().unwrap().iter().map(str::to_owned).collect();
    assert_eq!(frames.len(), names.len());
    let mut rows = 0;
    for (row, record) in table.records().enumerate() {
        for (name, cell) in names.iter().zip(record.unwrap().iter()) {
            match &frames[name][row] {
                Value::Null => assert_eq!(cell, "", "{name}"),
                Value::String(text) => assert_eq!(cell, text, "{name}"),
                value @ (Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_)) => {
                    let same = cell.parse::<f64>().unwrap().total_cmp(&value.as_f64().unwrap());
                    assert!(same.is_eq(), "{name}: {cell}, {value}");
                }
            }
        }
        rows += 1;
    }
    assert!(rows >= 100 && frames.values().all(|column| column.as_array().unwrap().len() == rows), "{rows}");
    let schema = jsonschema::validator_for(&json(&["schema", "report"])).unwrap();
    assert!(schema.validate(&found).is_ok());
    let expected = json(&["verify", "captures/two-cameras.sr", "--json", "--expect"]);
    assert!(schema.validate(&expected).is_ok() && expected["captures"][0]["expected"]["met"] == true);
}

#[test]
fn lines_are_the_captures_of_the_report() {
    let arguments = ["verify", "captures/seed-pass.sr", "captures/seed-late-flash.sr"];
    let report = json(&[&arguments[..], &["--json"]].concat());
    let (code, stdout) = run(&[&arguments[..], &["--json=lines"]].concat());
    let lines: Vec<Value> =
        String::from_utf8(stdout).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((code, &Value::from(lines)), (Some(1), &report["captures"]));
}

#[test]
fn an_expectation_keeps_to_its_schema() {
    let schema = jsonschema::validator_for(&json(&["schema", "expect"])).unwrap();
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("captures/two-cameras.expect.toml"));
    let stated: toml::Table = text.unwrap().parse().unwrap();
    let stated = serde_json::to_value(stated).unwrap();
    assert!(schema.validate(&stated).is_ok());
    for (key, value) in [("verdict", "good"), ("findings", "flash-late")] {
        let mut broken = stated.clone();
        broken[key] = value.into();
        assert!(schema.validate(&broken).is_err(), "{key}");
    }
}
