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
    std::fs::read_to_string(file(case, "case.toml")).unwrap().parse().unwrap()
}

/// The JSON report of one capture.
fn report(case: &str) -> Value {
    let output = strobecheck(&["verify", &format!("captures/{case}.sr"), "--json"]);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    report["captures"][0].clone()
}

fn verdicts(capture: &Value) -> BTreeMap<String, String> {
    let checks = capture["checks"].as_array().unwrap();
    checks.iter().map(|c| (c["id"].as_str().unwrap().to_owned(), c["verdict"].as_str().unwrap().to_owned())).collect()
}

#[test]
fn every_capture_is_what_its_scenario_makes() {
    let folder = tempfile::tempdir().unwrap();
    for case in cases() {
        if !file(&case, "scenario.toml").exists() {
            assert!(case_file(&case)["origin"].as_str().unwrap().starts_with("sigrok-cli"), "{case} has no origin");
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
    for case in cases() {
        let (expected, capture) = (case_file(&case), report(&case));
        assert_eq!(capture["verdict"].as_str(), expected["verdict"].as_str(), "{case}");
        let found = verdicts(&capture);
        for (id, verdict) in expected["verdicts"].as_table().unwrap() {
            assert_eq!(found.get(id).map(String::as_str), verdict.as_str(), "{case}: {id}");
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

#[test]
fn reports_are_the_committed_ones() {
    let reports = root().join("reports");
    let folder = tempfile::tempdir().unwrap();
    let bless = std::env::var_os(BLESS).is_some();
    let target = if bless { reports.clone() } else { folder.path().to_owned() };
    for case in cases() {
        let capture = format!("captures/{case}.sr");
        let output = strobecheck(&["verify", &capture, "--reports", target.to_str().unwrap(), "--format", FORMATS]);
        assert_ne!(output.status.code(), Some(2), "{case}: {}", String::from_utf8_lossy(&output.stderr));
    }
    let names = |folder: &Path| -> Vec<String> {
        let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
        let mut names: Vec<String> = entries.map(|name| name.to_str().unwrap().to_owned()).collect();
        // The matrix of faults is written by its own command, and of each fault's fixture one report is kept.
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
