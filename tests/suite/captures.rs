//! The captures of `captures/`: each is what its scenario makes, is judged as worked out by hand, and leaves the reports
//! that are committed in `reports/`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

/// What is committed of each capture's reports.
const FORMATS: &str = "html,json,junit,markdown";

/// Set it to write the reports anew instead of comparing them.
const BLESS: &str = "STROBECHECK_BLESS";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn strobecheck(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_strobecheck")).current_dir(root()).args(arguments).output().unwrap()
}

/// The names of the cases: every `<case>.sr`.
fn cases() -> Vec<String> {
    let mut cases: Vec<String> = (std::fs::read_dir(root().join("captures")).unwrap())
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "sr"))
        .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    cases.sort();
    assert!(cases.len() >= 12, "{cases:?}");
    cases
}

fn file(case: &str, extension: &str) -> PathBuf {
    root().join("captures").join(format!("{case}.{extension}"))
}

fn case_file(case: &str) -> toml::Table {
    let path = file(case, "expect.toml");
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    text.parse().unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The JSON report of one capture.
fn report(case: &str) -> Value {
    let output = strobecheck(&["verify", &format!("captures/{case}.sr"), "--json"]);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    report["captures"][0].clone()
}

#[test]
fn every_capture_is_what_its_scenario_makes() {
    let folder = tempfile::tempdir().unwrap();
    for case in cases() {
        if !file(&case, "scenario.toml").exists() {
            let origin = case_file(&case)["origin"].as_str().unwrap().to_owned();
            assert!(["sigrok-cli", "drawn by hand"].iter().any(|by| origin.starts_with(by)), "{case} has no origin");
            continue;
        }
        let made = folder.path().join("made.sr");
        let scenario = format!("captures/{case}.scenario.toml");
        let output = strobecheck(&["simulate", &scenario, "-o", made.to_str().unwrap()]);
        assert!(output.status.success(), "{case}: {}", String::from_utf8_lossy(&output.stderr));
        assert!(std::fs::read(made).unwrap() == std::fs::read(file(&case, "sr")).unwrap(), "{case}.sr differs");
    }
}

#[test]
fn every_capture_is_judged_as_worked_out_by_hand() {
    let output = strobecheck(&["verify", "captures", "--expect", "--no-report"]);
    let said = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{said}");
    let cases = cases();
    for case in &cases {
        assert!(said.contains(&format!("AS EXPECTED  captures/{case}.sr  ")), "{case}: {said}");
        let stated = case_file(case);
        assert!(
            stated["checks"].as_table().is_some_and(|checks| !checks.is_empty()),
            "{case} says nothing of its checks"
        );
    }
    assert!(said.ends_with(&format!("\nAS EXPECTED  {} captures\n", cases.len())), "{said}");
}

#[test]
fn each_statement_of_each_expectation_can_break() {
    let folder = tempfile::tempdir().unwrap();
    let other = |verdict: &str| if verdict == "pass" { "fail" } else { "pass" };
    let copied = |name: &str| folder.path().join(name);
    let mut said: Vec<(String, Vec<String>, String)> = Vec::new();
    for case in cases() {
        for extension in ["sr", "spec.toml", "expect.toml"] {
            std::fs::copy(file(&case, extension), copied(&format!("{case}.{extension}"))).unwrap();
        }
        let stated = case_file(&case);
        let [right, wrong] = [stated["verdict"].as_str().unwrap(), other(stated["verdict"].as_str().unwrap())];
        let alone = format!("verdict: expected {wrong}, came {right}");
        let mut broken = vec![alone.clone()];
        let mut all = stated.clone();
        all.insert("verdict".to_owned(), wrong.into());
        if let Some(finding) = stated.get("finding").and_then(toml::Value::as_str) {
            let wrong = if finding == "line-dead" { "flash-late" } else { "line-dead" };
            all.insert("finding".to_owned(), wrong.into());
            broken.push(format!("finding: expected {wrong}, came {finding}"));
        }
        let checks = all["checks"].as_table_mut().unwrap();
        let keys: Vec<String> = checks.keys().cloned().collect();
        for key in keys {
            let right = checks[&key].as_str().unwrap().to_owned();
            checks.insert(key.clone(), other(&right).into());
            broken.push(format!("{key}: expected {}, came {right}", other(&right)));
        }
        // Each by itself: its verdict alone is wrong.
        let path = copied(&format!("{case}.expect.toml"));
        let mut one = stated.clone();
        one.insert("verdict".to_owned(), wrong.into());
        std::fs::write(&path, one.to_string()).unwrap();
        let capture = copied(&format!("{case}.sr"));
        let output = strobecheck(&["verify", capture.to_str().unwrap(), "--expect", "--no-report"]);
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        assert_eq!(
            (output.status.code(), text),
            (Some(1), format!("NOT AS EXPECTED  {}  {alone}\n", capture.display()))
        );
        std::fs::write(&path, all.to_string()).unwrap();
        said.push((case, broken, capture.display().to_string()));
    }
    // And all that they state at once.
    let output = strobecheck(&["verify", folder.path().to_str().unwrap(), "--expect", "--no-report", "--json"]);
    assert_eq!(output.status.code(), Some(1));
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let judged = report["captures"].as_array().unwrap();
    assert_eq!(judged.len(), said.len());
    for (case, broken, path) in &said {
        let found = judged.iter().find(|capture| capture["path"] == *path).unwrap();
        let mut differences: Vec<String> = (found["expected"]["differences"].as_array().unwrap().iter())
            .map(|one| {
                let text = |key: &str| one[key].as_str().unwrap().to_owned();
                format!("{}: expected {}, came {}", text("what"), text("expected"), text("came"))
            })
            .collect();
        let mut broken = broken.clone();
        differences.sort();
        broken.sort();
        assert_eq!(differences, broken, "{case}");
    }
}

#[test]
fn each_fault_has_a_fixture_in_which_it_comes_first() {
    // What only a log shows is tested with logs.
    let of_the_log = ["host-drop", "sequence-offset", "timestamp-convention", "metadata-lag"];
    for fault in strobecheck::diagnosis::FAULTS.iter().filter(|fault| !of_the_log.contains(&fault.id)) {
        let case = format!("fault-{}", fault.id);
        let (expected, capture) = (case_file(&case), report(&case));
        assert_eq!(expected["finding"].as_str(), Some(fault.id), "{case}");
        let first = &capture["findings"][0];
        assert_eq!(first["fault"].as_str(), Some(fault.id), "{case}: {}", capture["findings"]);
        for words in ["summary", "evidence"] {
            assert!(first[words].as_str().is_some_and(|text| text.split(' ').count() >= 3), "{case}: {first}");
        }
        for list in ["causes", "remedies"] {
            assert!(first[list].as_array().is_some_and(|list| !list.is_empty()), "{case}: {first}");
        }
    }
}

#[test]
fn the_seeds_capture_shows_what_the_seed_says() {
    let capture = report("seed-pass");
    let check = |id: &str| -> Value {
        capture["checks"].as_array().unwrap().iter().find(|check| check["id"] == id).unwrap().clone()
    };
    // 1 000 020 samples are taken a second, read as 1 000 000: 1/30 s is 33 334 samples, or 33 333 at times.
    let frame_time = check("frame.time");
    approx::assert_abs_diff_eq!(frame_time["mean"].as_f64().unwrap(), 1.0 / 30.0 * 1.000_02, epsilon = 1e-7);
    let exposure = check("exposure.time");
    approx::assert_abs_diff_eq!(exposure["min"].as_f64().unwrap(), 0.010, epsilon = 2e-6);
    approx::assert_abs_diff_eq!(exposure["p50"].as_f64().unwrap(), 0.020, epsilon = 2e-6);
    approx::assert_abs_diff_eq!(exposure["max"].as_f64().unwrap(), 0.030, epsilon = 2e-6);
    let end = check("exposure.end");
    for key in ["min", "max"] {
        approx::assert_abs_diff_eq!(end[key].as_f64().unwrap(), 0.0, epsilon = 1e-6);
    }
}

/// The samples, at 1 MHz, at which the probes of a capture change: by probe, the rising and the falling ones.
fn edges(case: &str) -> BTreeMap<String, [Vec<u64>; 2]> {
    let output = strobecheck(&["edges", &format!("captures/{case}.sr")]);
    let mut edges: BTreeMap<String, [Vec<u64>; 2]> = BTreeMap::new();
    for line in String::from_utf8(output.stdout).unwrap().lines().skip(1) {
        let fields: Vec<&str> = line.split(',').collect();
        let rises = fields[3] == "1" || fields[3] == "high";
        edges.entry(fields[0].to_owned()).or_default()[usize::from(!rises)].push(fields[1].parse().unwrap());
    }
    edges
}

#[test]
fn the_seeds_two_diagrams_are_drawn_edge_by_edge() {
    // field-guide.md §1.2, in ms after the first rise of FSIN, which lies at 10 ms; each edge shows at the next sample.
    let shows = |times: [f64; 3]| times.map(|ms| ((10.0 + ms) * 1000.0 - 1e-6).ceil() as u64);
    let third = 100.0 / 3.0;
    for (case, strobe, readout_time) in [("seed-global", "STROBE", 7.28), ("seed-rolling", "ROW0", 16.54)] {
        let edges = edges(case);
        let [fsin_rises, _] = if case == "seed-global" { &edges["FSIN"] } else { &edges["FSYNC"] };
        assert_eq!(fsin_rises[..3], shows([0.0, third, 2.0 * third]), "{case}");
        // The first fall is that of frame0, whose rise came before the capture.
        let [rises, falls] = &edges[strobe];
        assert_eq!(rises[..3], shows([third - 20.0, 2.0 * third - 10.0, 100.0 - 30.0]), "{case}");
        assert_eq!(falls[..3], shows([0.0, third, 2.0 * third]), "{case}");
        let [starts, ends] = &edges["MIPI"];
        assert_eq!(starts[..3], shows([0.0, third, 2.0 * third]), "{case}");
        assert_eq!(ends[..3], shows([0.0, third, 2.0 * third].map(|start| start + readout_time)), "{case}");
    }
}

#[test]
fn a_rolling_shutter_is_drawn_with_its_first_middle_and_last_row() {
    let page = |case: &str| std::fs::read_to_string(root().join("reports").join(format!("{case}.html"))).unwrap();
    let (rolling, global) = (page("seed-rolling"), page("seed-global"));
    for row in ["row 0", "middle row", "last row"] {
        let text = format!(">{row}<");
        assert!(rolling.contains(&text) && !global.contains(&text), "{row}");
    }
}

#[test]
fn a_scenario_leaves_the_log_of_its_camera() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (capture, log) = (path("made.sr"), path("log.csv"));
    let scenario = "captures/seed-global.scenario.toml";
    let output = strobecheck(&["simulate", scenario, "-o", &capture, "--timestamps", &log]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let log = std::fs::read_to_string(log).unwrap();
    assert!(log.starts_with("stream,seq,ts_device_us,ts_host_us,exposure_us,iso,fps_cfg\nmain,0,"), "{log}");
    // Frame 0 ends at 43.333333 ms, which is 5 043 334.2 µs on a clock that started 5 s earlier and runs 20 ppm fast.
    assert!(log.contains(",5043334.2,5043334.2,20000,400,30\n"), "{log}");
}

#[test]
fn reports_are_the_committed_ones() {
    let reports = root().join("reports");
    let folder = tempfile::tempdir().unwrap();
    let bless = std::env::var_os(BLESS).is_some();
    // Some name their folder, as it was given.
    let place = if bless { root() } else { folder.path() };
    let target = place.join("reports");
    if !bless {
        std::fs::create_dir(folder.path().join("captures")).unwrap();
        for case in cases() {
            for extension in ["sr", "spec.toml"] {
                let name = format!("captures/{case}.{extension}");
                std::fs::copy(root().join(&name), folder.path().join(name)).unwrap();
            }
        }
    }
    for case in cases() {
        let capture = format!("captures/{case}.sr");
        // Of a fault's fixture one report is enough.
        let formats = if case.starts_with("fault-") { "markdown" } else { FORMATS };
        let mut command = Command::new(env!("CARGO_BIN_EXE_strobecheck"));
        let output = command.current_dir(place).args(["verify", &capture, "--format", formats]).output().unwrap();
        assert_ne!(output.status.code(), Some(2), "{case}: {}", String::from_utf8_lossy(&output.stderr));
    }
    let names = |folder: &Path| -> Vec<String> {
        let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
        let mut names: Vec<String> = entries.map(|name| name.to_str().unwrap().to_owned()).collect();
        // The matrix of faults is written by its own command.
        names.retain(|name| !name.ends_with(".png") && name != "confusion.md");
        names.sort();
        names
    };
    assert_eq!(names(&target), names(&reports), "the files of reports/; {BLESS}=1 writes them anew");
    for name in names(&target) {
        let same = std::fs::read(target.join(&name)).unwrap() == std::fs::read(reports.join(&name)).unwrap();
        assert!(same, "reports/{name} differs from what verify writes; look at it, then {BLESS}=1 writes it anew");
    }
}
