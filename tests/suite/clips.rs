//! What `clip` cuts out is what the capture holds there, as sigrok-cli reads both; it must be installed.

use std::path::Path;
use std::process::{Command, Output};

const CAPTURE: &str = "captures/seed-long-exposure.sr";

fn strobecheck(arguments: &[&str]) -> Output {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    Command::new(env!("CARGO_BIN_EXE_strobecheck")).current_dir(root).args(arguments).output().unwrap()
}

/// The samples of a file, a byte each, as sigrok-cli reads them; of some formats it says the sample rate before them.
fn samples(arguments: &[&str]) -> Vec<u8> {
    let output = (Command::new("sigrok-cli").current_dir(env!("CARGO_MANIFEST_DIR")).args(arguments))
        .args(["-O", "binary"])
        .output()
        .unwrap_or_else(|error| panic!("sigrok-cli cannot be run: {error}; these tests need it"));
    assert!(output.status.success() && !output.stdout.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    let stated =
        output.stdout.starts_with(b"META ").then(|| output.stdout.iter().position(|&byte| byte == b'\n')).flatten();
    output.stdout[stated.map_or(0, |end| end + 1)..].to_vec()
}

/// The samples at which a line changes.
fn edges(samples: &[u8], bit: u32) -> Vec<usize> {
    (1..samples.len()).filter(|&at| (samples[at] ^ samples[at - 1]) >> bit & 1 == 1).collect()
}

#[test]
fn a_clip_holds_the_samples_of_its_window() {
    let folder = tempfile::tempdir().unwrap();
    let whole = samples(&["-i", CAPTURE]);
    for (window, from, to) in [
        // 1 MHz: 100 ms around 0.7 s.
        (["--at", "0.7s", "--span", "100ms"], 650_000, 750_000),
        (["--from", "0.5s", "--to", "0.500001s"], 500_000, 500_001),
        (["--at", "0s", "--span", "60ms"], 0, 30_000),
        (["--at", "2s", "--span", "20 ms"], 1_990_000, 2_000_000),
    ] {
        let clip = folder.path().join("clip.sr");
        let clip = clip.to_str().unwrap();
        let output = strobecheck(&[&["clip", CAPTURE, "-o", clip], &window[..]].concat());
        assert!(output.status.success(), "{window:?}: {}", String::from_utf8_lossy(&output.stderr));
        assert!(samples(&["-i", clip]) == whole[from..to], "{window:?}");
    }
}

#[test]
fn a_dump_of_value_changes_has_the_same_edges() {
    let folder = tempfile::tempdir().unwrap();
    let clip = folder.path().join("clip.vcd");
    let clip = clip.to_str().unwrap();
    let output = strobecheck(&["clip", CAPTURE, "--at", "0.7s", "--span", "100ms", "-o", clip]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let (dump, whole) = (samples(&["-I", "vcd", "-i", clip]), samples(&["-i", CAPTURE]));
    for bit in 0..3 {
        let expected = edges(&whole[650_000..750_000], bit);
        assert!(!expected.is_empty());
        assert_eq!(edges(&dump, bit), expected, "line {bit}");
    }
}

#[test]
fn a_dump_is_judged_as_the_capture_that_it_was_cut_from() {
    let folder = tempfile::tempdir().unwrap();
    let clip = folder.path().join("clip.vcd");
    let clip = clip.to_str().unwrap();
    let verdict = |capture: &str, window: &[&str], limits: &[&str]| {
        let cut = strobecheck(&[&["clip", capture, "--force", "-o", clip], window].concat());
        assert_ne!(cut.status.code(), Some(2), "{}", String::from_utf8_lossy(&cut.stderr));
        strobecheck(&[&["verify", clip, "--no-report", "--wire", "strobe=STROBE"], limits].concat()).status.code()
    };
    // The exposures of the diagram are 20, 10 and 30 ms, but for that of frame 20, at 0.7 s: 30.6 ms. A sample is 1 us.
    let window = ["--from", "0.5s", "--to", "0.9s"];
    let limited = |limit| verdict(CAPTURE, &window, &["--wire", "fsin=FSIN", "--limit", limit]);
    assert_eq!(limited("exposure.time=9.99 ms .. 30.61 ms"), Some(0));
    assert_eq!(limited("exposure.time=9.99 ms .. 30.59 ms"), Some(1));
    // What is lost is lost in the dump as well.
    assert_eq!(verdict("tests/cli/fixtures/chunk-missing.sr", &[], &["--limit", "exposure.time=<= 1 ms"]), Some(3));
}

#[test]
fn a_window_outside_the_capture_writes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let clip = folder.path().join("clip.sr");
    std::fs::write(&clip, "as it was").unwrap();
    let output =
        strobecheck(&["clip", CAPTURE, "--at", "9s", "--span", "1ms", "--force", "-o", clip.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("ends after 2 s"));
    assert_eq!(std::fs::read(&clip).unwrap(), b"as it was");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

/// Samples 10000 to 19999 of the capture, at 1 MHz, are lost.
#[test]
fn what_is_lost_in_a_window_is_lost_in_its_session_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let clip = folder.path().join("clip.sr");
    let clip = clip.to_str().unwrap();
    let code = |from: &str, to: &str| {
        let capture = "tests/cli/fixtures/chunk-missing.sr";
        let cut = strobecheck(&["clip", capture, "--force", "--from", from, "--to", to, "-o", clip]).status.code();
        let limit = ["--wire", "strobe=STROBE", "--limit", "exposure.time=<= 1 ms", "--limit", "frame.missing=none"];
        let judged = strobecheck(&[&["verify", clip, "--no-report"], &limit[..]].concat());
        (cut, judged.status.code())
    };
    assert_eq!(code("5ms", "25ms"), (Some(3), Some(3)));
    let edges = String::from_utf8(strobecheck(&["edges", clip]).stdout).unwrap();
    let at: Vec<u64> = edges.lines().skip(1).filter_map(|row| row.split(',').nth(1)?.parse().ok()).collect();
    assert!(at.iter().any(|at| *at < 5000) && at.iter().any(|at| *at > 15_000), "{edges}");
    assert!(!at.iter().any(|at| (5000..=15_000).contains(at)), "{edges}");
    assert_eq!(code("20.5ms", "29.5ms"), (Some(0), Some(0)));
    // A time beyond what can be counted lies behind the record.
    let far = strobecheck(&["clip", CAPTURE, "--from", "100000000000000000000s", "--force", "-o", clip]);
    assert_eq!(far.status.code(), Some(2), "{}", String::from_utf8_lossy(&far.stderr));
}
