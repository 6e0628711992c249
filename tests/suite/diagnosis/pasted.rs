//! What a remedy gives to be pasted into a spec is pasted, and does what it says: the capture passes, or another finding is first.

use std::process::Command;

use serde_json::Value;

/// The captures whose first finding has something to paste, each with the words of the cause.
const PASTED: &[&str] = &[
    "polarity-inverted",
    "start-transient",
    "glitches",
    "alternating-exposure",
    "stream-starts-late",
    "camera-stops",
    "crosstalk-spike",
];

/// What may be pasted, and the table that it belongs to.
const KEYS: &[(&str, &str)] = &[
    ("skip_frames", "timing"),
    ("burst", "timing"),
    ("ends", "timing"),
    ("strobe", "wiring"),
    ("fsin", "wiring"),
    ("flash", "wiring"),
    ("glitch", "analyzer"),
    ("exposure.time", "limits"),
];

/// The value that stands at the beginning of a text, to its end.
fn value(text: &str) -> &str {
    let close = match text.as_bytes().first() {
        Some(b'"') => text[1..].find('"').map(|at| at + 2),
        Some(b'[') => text.find(']').map(|at| at + 1),
        Some(b'{') => text.find('}').map(|at| at + 1),
        Some(_) | None => text.find(|c: char| !c.is_ascii_digit()),
    };
    &text[..close.unwrap_or(text.len())]
}

/// The settings that a remedy gives: table, key, value.
fn settings(remedy: &str) -> Vec<(&'static str, &'static str, String)> {
    let of = |(key, table): &(&'static str, &'static str)| {
        let at = remedy.find(&format!("{key} = "))?;
        // `flash = …` within `{ flash = … }` is no setting of its own.
        let is_own = !remedy[..at].trim_end().ends_with('{') && !remedy[..at].ends_with('.');
        is_own.then(|| (*table, *key, value(&remedy[at + key.len() + 3..]).to_owned()))
    };
    KEYS.iter().filter_map(of).collect()
}

/// The spec with a setting in the place of its own.
fn with(spec: &str, (table, key, value): &(&'static str, &'static str, String)) -> String {
    let mut document: toml::Table = spec.parse().unwrap();
    let pasted: toml::Table = format!("v = {value}").parse().unwrap_or_else(|error| panic!("{value}: {error}"));
    let place =
        document.entry(*table).or_insert_with(|| toml::Value::Table(toml::Table::new())).as_table_mut().unwrap();
    let (outer, inner) = key.split_once('.').map_or((*key, None), |(outer, inner)| (outer, Some(inner)));
    match inner {
        None => {
            place.insert(outer.to_owned(), pasted["v"].clone());
        }
        Some(inner) => {
            let family = place.get_mut(outer).unwrap().as_table_mut().unwrap();
            family.insert(inner.to_owned(), pasted["v"].clone());
        }
    }
    toml::to_string(&document).unwrap()
}

/// The report of a fixture by a spec.
fn report(case: &str, spec: &str) -> Value {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("pasted.spec.toml");
    std::fs::write(&path, spec).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_strobecheck"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args([
            "verify",
            &format!("captures/fault-{case}.sr"),
            "--json",
            "--no-report",
            "--spec",
            path.to_str().unwrap(),
        ])
        .output()
        .unwrap();
    let report: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|_| panic!("{case}\n{spec}\n{}", String::from_utf8_lossy(&output.stderr)));
    report["captures"][0].clone()
}

#[test]
fn what_is_pasted_does_what_it_says() {
    for case in PASTED {
        let path = format!("{}/captures/fault-{case}.spec.toml", env!("CARGO_MANIFEST_DIR"));
        let spec = std::fs::read_to_string(path).unwrap();
        let before = report(case, &spec);
        let first = &before["findings"][0];
        assert_eq!(first["fault"], *case);
        let remedies = first["remedies"].as_array().unwrap().iter().filter_map(Value::as_str);
        let pasted: Vec<_> = remedies.flat_map(settings).collect();
        assert!(!pasted.is_empty(), "{case}: nothing to paste in {}", first["remedies"]);
        for setting in &pasted {
            let after = report(case, &with(&spec, setting));
            let passes = after["verdict"] == "pass";
            let changes = after["findings"][0]["fault"] != *case;
            assert!(passes || changes, "{case}: {setting:?} changes nothing: {}", after["findings"]);
        }
    }
}

#[test]
fn settings_are_found_in_words() {
    assert_eq!(
        settings("leave the first frames out: skip_frames = 6 in [timing]; or not"),
        [("timing", "skip_frames", "6".to_owned())]
    );
    assert_eq!(
        settings("bridge them: [analyzer] glitch = { strobe = \"6 us\" }"),
        [("analyzer", "glitch", "{ strobe = \"6 us\" }".to_owned())]
    );
    assert_eq!(
        settings("state both: exposure.time = [\"5 ms ± 30 us\", \"1 ms ± 30 us\"]"),
        [("limits", "exposure.time", "[\"5 ms ± 30 us\", \"1 ms ± 30 us\"]".to_owned())]
    );
}
