//! `verify --results` and `trend`, as commands.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

fn strobecheck(arguments: &[&str]) -> Output {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    Command::new(env!("CARGO_BIN_EXE_strobecheck")).current_dir(root).args(arguments).output().unwrap()
}

/// A session whose archive has this at the end of its comment: another file of the same samples.
fn commented(mut zip: Vec<u8>, comment: &str) -> Vec<u8> {
    let end = zip.windows(4).rposition(|window| window == b"PK\x05\x06").unwrap();
    let length = u16::from_le_bytes([zip[end + 20], zip[end + 21]]) + comment.len() as u16;
    zip[end + 20..end + 22].copy_from_slice(&length.to_le_bytes());
    zip.extend(comment.bytes());
    zip
}

/// A copy of a fixture that was taken at this time.
fn taken(folder: &Path, name: &str, copy: &str, start: &str) -> PathBuf {
    let capture = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("captures/{name}"));
    let path = folder.join(copy);
    let bytes = std::fs::read(capture.with_extension("sr")).unwrap();
    std::fs::write(path.with_extension("sr"), commented(bytes, copy)).unwrap();
    std::fs::copy(capture.with_extension("spec.toml"), path.with_extension("spec.toml")).unwrap();
    let sidecar = serde_json::json!({ "schema": "strobecheck.capture/1", "start": start, "problems": [] });
    std::fs::write(path.with_extension("capture.json"), sidecar.to_string()).unwrap();
    path.with_extension("sr")
}

/// Every file below a folder, by its path from there.
fn files(folder: &Path) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(&next).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.insert(path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned());
            }
        }
    }
    found
}

fn verify(capture: &Path, results: &Path, station: &str) -> Output {
    let (capture, results) = (capture.to_str().unwrap(), results.to_str().unwrap());
    strobecheck(&["verify", capture, "--no-report", "--dut", "42", "--station", station, "--results", results])
}

fn trend(results: &Path, further: &[&str]) -> Value {
    let output = strobecheck(&[&["trend", results.to_str().unwrap(), "--json"], further].concat());
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn a_run_adds_one_part_by_station_and_day_and_the_same_run_adds_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let results = folder.path().join("results");
    let pass = taken(folder.path(), "seed-pass", "a", "2026-11-20T23:59:59Z");
    let fail = taken(folder.path(), "seed-late-flash", "b", "2026-11-21T00:00:00Z");
    assert_eq!(verify(&pass, &results, "S 1/2").status.code(), Some(0));
    let output = verify(&fail, &results, "S 1/2");
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(said.contains("Results: ") && said.contains(" rows added to "), "{said}");
    let written = files(&results);
    let days: Vec<&str> = written.iter().map(|name| name.split("/part-").next().unwrap()).collect();
    assert_eq!(days, ["station=S%201%2F2/day=2026-11-20", "station=S%201%2F2/day=2026-11-21"]);
    let again = verify(&pass, &results, "S 1/2");
    let said = String::from_utf8_lossy(&again.stdout).into_owned();
    assert!(said.contains("Results: 0 rows added to ") && said.ends_with("; 17 rows there already\n"), "{said}");
    assert_eq!(files(&results), written);

    let trend = trend(&results, &[]);
    assert_eq!((&trend["total"]["captures"], &trend["total"]["pass"]), (&2.into(), &1.into()));
    assert_eq!(trend["stations"][0]["station"], "S 1/2");
    assert_eq!(trend["faults"][0]["name"], "flash-late");
    let lead = trend["series"].as_array().unwrap().iter().find(|series| series["id"] == "flash.lead").unwrap();
    assert_eq!((&lead["count"], &lead["pass"], &lead["fail"]), (&2.into(), &1.into(), &1.into()));
}

#[test]
fn runs_at_the_same_time_do_not_meet() {
    let folder = tempfile::tempdir().unwrap();
    let results = folder.path().join("results");
    let captures: Vec<PathBuf> = (0..4)
        .map(|number| taken(folder.path(), "seed-pass", &format!("c{number}"), &format!("2026-11-20T00:00:0{number}Z")))
        .collect();
    std::thread::scope(|scope| {
        for capture in captures.iter().chain(&captures) {
            let results = &results;
            scope.spawn(move || assert_eq!(verify(capture, results, "S").status.code(), Some(0)));
        }
    });
    assert_eq!(files(&results).len(), 4, "{:?}", files(&results));
    assert_eq!(trend(&results, &[])["total"]["captures"], 4);
    assert_eq!(trend(&results, &["--subgroup", "2"])["series"][0]["chart"]["kind"], "Xbar-R");
}

#[test]
fn a_capture_that_cannot_be_judged_is_a_result_too() {
    let folder = tempfile::tempdir().unwrap();
    let results = folder.path().join("results");
    let broken = folder.path().join("broken.sr");
    std::fs::write(&broken, "no capture").unwrap();
    assert_eq!(verify(&broken, &results, "S").status.code(), Some(2));
    let trend = trend(&results, &[]);
    assert_eq!((&trend["total"]["error"], &trend["results"]), (&1.into(), &1.into()));
    assert_eq!(trend["series"], Value::Array(Vec::new()));
}

#[test]
fn what_cannot_be_read_or_written_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_str().unwrap();
    let said = |output: &Output| String::from_utf8_lossy(&output.stderr).into_owned();
    let empty = strobecheck(&["trend", path]);
    assert_eq!(empty.status.code(), Some(2));
    assert!(
        said(&empty).contains("there are no results in it; verify --results FOLDER writes them"),
        "{}",
        said(&empty)
    );
    let file = folder.path().join("part-1.parquet");
    std::fs::write(&file, "PAR1").unwrap();
    let broken = strobecheck(&["trend", path]);
    assert_eq!(broken.status.code(), Some(2));
    assert!(said(&broken).contains("part-1.parquet: it is no table of results"), "{}", said(&broken));
    let subgroup = strobecheck(&["trend", path, "--subgroup", "11"]);
    assert!(said(&subgroup).contains("11 captures are no subgroup: 2 to 10 are"), "{}", said(&subgroup));
    let into_a_file = verify(Path::new("captures/seed-pass.sr"), &file, "S");
    assert_eq!(into_a_file.status.code(), Some(2));
    assert!(said(&into_a_file).contains("cannot be written"), "{}", said(&into_a_file));
}

#[test]
fn the_page_holds_the_charts_and_nothing_from_elsewhere() {
    let folder = tempfile::tempdir().unwrap();
    let results = folder.path().join("results");
    for number in 0..3 {
        let name = if number == 1 { "seed-late-flash" } else { "seed-pass" };
        let capture = taken(folder.path(), name, &format!("c{number}"), &format!("2026-11-2{number}T00:00:00Z"));
        verify(&capture, &results, "<b>S</b>");
    }
    let page = folder.path().join("trend.html");
    let output = strobecheck(&["trend", results.to_str().unwrap(), "-o", page.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let page = std::fs::read_to_string(page).unwrap();
    assert!(page.contains("<svg") && page.contains("I-MR chart") && page.contains("flash-late"));
    assert!(page.contains("default-src 'none'") && !page.contains("<b>S</b>") && page.contains("&lt;b&gt;S"));
    // Its own script, which its policy names, and nothing from elsewhere.
    assert!(page.contains("script-src 'sha256-") && page.matches("<script").count() == 1 && !page.contains("src="));
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.starts_with("all: 3 captures, yield 66.7 % (2 pass, 1 fail)\n"), "{text}");
}
