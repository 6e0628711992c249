//! `calibrate`: the error that was simulated, or worked out by hand, lies within its bounds; and a spec that names the
//! calibration decides what could not be decided before.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

fn strobecheck(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_strobecheck")).current_dir(folder).args(arguments).output().unwrap()
}

fn done(folder: &Path, arguments: &[&str]) -> String {
    let output = strobecheck(folder, arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// A capture of two seconds at 1 MHz by an analyzer that is 97 ppm fast.
fn simulated(folder: &Path, name: &str, timing: &str) {
    let scenario = format!(
        "duration = \"2 s\"\nseed = 5\n[analyzer]\nsamplerate = \"1 MHz\"\nclock_error = \"+97 ppm\"\n\
         [wiring]\nstrobe = \"STROBE\"\n[timing]\nalignment = \"end\"\n{timing}\n"
    );
    std::fs::write(folder.join("scenario.toml"), scenario).unwrap();
    done(folder, &["simulate", "scenario.toml", "-o", name]);
}

/// The numbers in ppm of a text, in order.
fn ppm(text: &str) -> Vec<f64> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let value =
        |pair: &[&str]| pair[1].starts_with("ppm").then(|| pair[0].trim_start_matches('"').parse().ok()).flatten();
    words.windows(2).filter_map(value).collect()
}

#[test]
fn a_simulated_error_is_found_within_its_bounds() {
    let folder = TempDir::new().unwrap();
    // The end of STROBE is a reference of 1 kHz, and so is its start.
    simulated(folder.path(), "reference.sr", "offset = \"0.7 ms\"\nframe.time = \"1 ms\"\nexposure.time = \"0.4 ms\"");
    let text = done(folder.path(), &["calibrate", "reference.sr", "--line", "STROBE", "--frequency", "1kHz"]);
    let [found, low, high, correction, clock] = ppm(&text)[..] else { panic!("{text}") };
    assert!(low < 97.0 && 97.0 < high, "{text}");
    // 1999 or 1998 periods of 1000 samples: ± 1 sample is ± 0.5 ppm.
    assert!(high - low < 1.01 && (found - 97.0).abs() <= 0.51, "{text}");
    assert!((correction - found).abs() < 1e-9 && (correction - 97.0).abs() < clock && clock < 0.6, "{text}");
    // A reference that is known to 2 ppm only leaves as much open.
    let known = ["calibrate", "reference.sr", "--line", "STROBE", "--frequency", "1kHz", "--accuracy", "2 ppm"];
    let [_, low, high, ..] = ppm(&done(folder.path(), &known))[1..] else { panic!() };
    assert!(low < 95.01 && high > 98.99, "{low} {high}");
}

#[test]
fn a_calibration_decides_what_could_not_be_decided() {
    let folder = TempDir::new().unwrap();
    let at = folder.path();
    simulated(at, "reference.sr", "offset = \"0.7 ms\"\nframe.time = \"1 ms\"\nexposure.time = \"0.4 ms\"");
    simulated(at, "camera.sr", "offset = \"35 ms\"\nframe.time = \"1/30 s\"\nexposure.time = \"20 ms\"");
    let calibrate = [
        "calibrate",
        "reference.sr",
        "--line",
        "STROBE",
        "--frequency",
        "1 kHz",
        "--serial",
        "07",
        "--date",
        "2026-08-20",
    ];
    done(at, &[&calibrate[..], &["-o", "fx2-07.toml"]].concat());
    // 1/30 s are 33336.6 samples of this analyzer: 3.2 us too many by its own clock, ± 1 us, of the 3.3 us allowed, and a
    // clock that is known to 100 ppm leaves 3.3 us open. With the error known to 0.5 ppm, ± 1 us is left.
    let spec = "wiring.strobe = \"STROBE\"\ntiming.alignment = \"end\"\nlimits.frame.time = \"1/30 s ± 0.01 %\"\n";
    std::fs::write(at.join("plain.toml"), spec).unwrap();
    std::fs::write(at.join("calibrated.toml"), format!("{spec}analyzer.calibration = \"fx2-07.toml\"\n")).unwrap();
    let judged = |spec: &str| -> Value {
        let output = strobecheck(at, &["verify", "camera.sr", "--spec", spec, "--json"]);
        serde_json::from_slice::<Value>(&output.stdout).unwrap()["captures"][0].clone()
    };
    let verdict = |capture: &Value| {
        let checks = capture["checks"].as_array().unwrap();
        let check = checks.iter().find(|check| check["id"] == "frame.time").unwrap();
        check["verdict"].as_str().unwrap().to_owned()
    };
    let (plain, calibrated) = (judged("plain.toml"), judged("calibrated.toml"));
    assert_eq!((verdict(&plain).as_str(), plain["verdict"].as_str()), ("inconclusive", Some("inconclusive")));
    assert_eq!((verdict(&calibrated).as_str(), calibrated["verdict"].as_str()), ("pass", Some("pass")));
    let shown = &calibrated["spec"]["analyzer.calibration"];
    assert_eq!(shown.as_str(), Some("fx2-07.toml, serial 07, 2026-08-20"), "{}", calibrated["spec"]);
}
