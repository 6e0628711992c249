//! Captures in other formats than sigrok's sessions, made by other programs: their edges are those programs' own.
//!
//! `sigrok-cli` must be installed. The files in `fixtures` say what wrote them.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use strobecheck::capture::{Capture, Request};
use strobecheck::format::{open, open_source, read_capture};
use strobecheck::units::SampleRate;
use tempfile::TempDir;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn fixture(name: &str) -> PathBuf {
    root().join("tests/suite/fixtures").join(name)
}

fn sigrok_cli(arguments: &[&str]) -> Vec<u8> {
    let output = (Command::new("sigrok-cli").args(arguments).output())
        .unwrap_or_else(|error| panic!("sigrok-cli cannot be run: {error}; these tests need it"));
    assert!(output.stderr.is_empty(), "sigrok-cli {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

fn strobecheck(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_strobecheck")).current_dir(root()).args(arguments).output().unwrap()
}

fn read(path: &Path, rate: Option<&str>) -> Capture {
    let reader = open(open_source(path).unwrap()).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let bits = reader.header().probes.iter().map(|probe| probe.bit).collect();
    let rate = rate.map(|rate| SampleRate::parse(rate).unwrap());
    let request = Request { rate, ..Request::of(bits) };
    read_capture(&*reader, &request).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Per probe its name, its first level and its edges.
fn lines(capture: &Capture) -> Vec<(&str, u8, Vec<u64>)> {
    assert_eq!((capture.problems.as_slice(), capture.lost.is_empty()), (&[][..], true));
    (capture.lines.iter())
        .map(|line| (line.probe.name.as_str(), line.waveform.initial().bit(), line.waveform.changes().to_vec()))
        .collect()
}

/// Captures and their rates: two from simulations, and what sigrok's demo device gives at a rate whose period is no
/// whole number of nanoseconds.
fn sessions(folder: &Path) -> Vec<(PathBuf, &'static str)> {
    let demo = folder.join("demo.sr");
    let device = "demo:logic_channels=5:analog_channels=0";
    sigrok_cli(&["-d", device, "-c", "samplerate=24m", "--samples", "4000", "-o", demo.to_str().unwrap()]);
    let capture = |name: &str| root().join("captures").join(name);
    vec![(capture("trigger-pass.sr"), "1 MHz"), (capture("sigrok-demo.sr"), "200 kHz"), (demo, "24 MHz")]
}

fn exported(session: &Path, folder: &Path, format: &str) -> PathBuf {
    let path = folder.join("exported");
    std::fs::write(&path, sigrok_cli(&["-i", session.to_str().unwrap(), "-O", format])).unwrap();
    path
}

#[test]
fn the_dumps_of_sigrok_have_the_edges_of_its_sessions() {
    let folder = TempDir::new().unwrap();
    for (session, rate) in sessions(folder.path()) {
        let dump = exported(&session, folder.path(), "vcd");
        let (expected, found) = (read(&session, None), read(&dump, Some(rate)));
        assert_eq!(lines(&found), lines(&expected), "{}", session.display());
        assert_eq!(found.length, expected.length, "{}", session.display());
        assert_eq!(found.header.rate, None);
    }
}

#[test]
fn the_tables_of_sigrok_have_the_edges_of_its_sessions() {
    let folder = TempDir::new().unwrap();
    for (session, rate) in sessions(folder.path()).into_iter().skip(1) {
        let expected = read(&session, None);
        for format in ["csv", "csv:time=true", "csv:label=channel", "csv:time=true:label=channel:dedup=true"] {
            let found = read(&exported(&session, folder.path(), format), None);
            assert_eq!(lines(&found), lines(&expected), "{format} of {}", session.display());
            assert_eq!(found.header.rate, SampleRate::parse(rate).ok());
            // Of rows that repeat, the last ones are left out too.
            let is_whole = !format.contains("dedup");
            assert!(found.length <= expected.length && (!is_whole || found.length == expected.length), "{format}");
        }
        // Without the comments nothing states the rate.
        let found = read(&exported(&session, folder.path(), "csv:header=false:time=true"), Some(rate));
        let edges = |capture: &Capture| -> Vec<Vec<u64>> {
            capture.lines.iter().map(|line| line.waveform.changes().to_vec()).collect()
        };
        assert_eq!(edges(&found), edges(&expected), "{}", session.display());
    }
}

#[test]
fn a_dump_of_another_writer_has_the_edges_that_were_written() {
    // As tests/suite/fixtures/pyvcd.py makes it.
    let boundaries: Vec<u64> = (0..6).map(|n| 40_000 + n * 33_333).collect();
    let fsin: Vec<u64> = boundaries.iter().flat_map(|at| [*at, at + 100]).collect();
    let exposures = [20_000, 10_000, 30_000].into_iter().cycle();
    let strobe: Vec<u64> = boundaries.iter().zip(exposures).flat_map(|(at, exposure)| [at - exposure, *at]).collect();
    let modes = [40_050_u64, 73_383, 106_716, 140_049, 173_382, 206_715];
    let capture = read(&fixture("pyvcd.vcd"), None);
    let found = lines(&capture);
    let names: Vec<&str> = found.iter().map(|line| line.0).collect();
    assert_eq!(names, ["FSIN", "STROBE", "mode[0]", "mode[1]"]);
    assert_eq!((&found[0].2, &found[1].2), (&fsin, &strobe));
    // It counts 0, 1, 2, 3, 0, 1.
    assert_eq!((found[2].2.as_slice(), found[3].2.as_slice()), (&modes[1..], &[modes[2], modes[4]][..]));
    assert_eq!((capture.length.get(), capture.rate), (250_000, SampleRate::parse("1 MHz").unwrap()));
}

#[test]
fn a_trace_of_gtkwaves_writer_has_the_edges_that_were_written() {
    // As tests/suite/fixtures/fstapi.py makes it.
    let boundaries: Vec<u64> = (0..60).map(|n| 40_000 + n * 33_333).collect();
    let fsin: Vec<u64> = boundaries.iter().flat_map(|at| [*at, at + 100]).collect();
    let exposures = [20_000, 10_000, 30_000].into_iter().cycle();
    let strobe: Vec<u64> = boundaries.iter().zip(exposures).flat_map(|(at, exposure)| [at - exposure, *at]).collect();
    // It counts 0, 1, 2, 3 and begins again: the lowest bit changes each time but the first, the other each second time.
    let counted: Vec<u64> = boundaries.iter().skip(1).map(|at| at + 50).collect();
    let second: Vec<u64> = counted.iter().copied().skip(1).step_by(2).collect();
    for name in ["fstapi-lz4.fst", "fstapi-zlib.fst"] {
        let capture = read(&fixture(name), None);
        let expected: [(&str, u8, &Vec<u64>); 5] = [
            ("FSIN", 0, &fsin),
            ("STROBE", 0, &strobe),
            ("mode[0]", 0, &counted),
            ("mode[1]", 0, &second),
            ("STROBE_AGAIN", 0, &strobe),
        ];
        assert_eq!(lines(&capture), expected.map(|(name, first, edges)| (name, first, edges.clone())), "{name}");
        assert_eq!((capture.length.get(), &capture.rate), (2_100_000, &SampleRate::parse("1 MHz").unwrap()), "{name}");
    }
}

#[test]
fn a_dump_is_judged_as_its_session_once_its_rate_is_stated() {
    let folder = TempDir::new().unwrap();
    let dump = exported(&root().join("captures/trigger-pass.sr"), folder.path(), "vcd");
    let verify = |capture: &str, rate: &[&str]| -> (Option<i32>, Value) {
        let spec = "captures/trigger-pass.spec.toml";
        let output = strobecheck(&[&["verify", capture, "--spec", spec, "--json"], rate].concat());
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        (output.status.code(), report["captures"][0].clone())
    };
    let dump = dump.to_str().unwrap();
    let (code, session) = verify("captures/trigger-pass.sr", &[]);
    assert_eq!(code, Some(0));
    let (code, stated) = verify(dump, &["--samplerate", "1MHz"]);
    assert_eq!((code, &stated["checks"], &stated["verdict"]), (Some(0), &session["checks"], &session["verdict"]));

    let (code, unstated) = verify(dump, &[]);
    assert_eq!((code, unstated["verdict"].as_str()), (Some(3), Some("inconclusive")));
    let checks = |capture: &Value| capture["checks"].as_array().unwrap().clone();
    for (unstated, stated) in checks(&unstated).iter().zip(checks(&stated)) {
        let id = stated["id"].as_str().unwrap();
        assert_eq!(
            (unstated["verdict"].as_str(), unstated["uncertainty"].as_f64()),
            (Some("inconclusive"), None),
            "{id}"
        );
        assert!(unstated["settle"].as_str().unwrap().contains("--samplerate"), "{id}");
        assert_eq!((&unstated["measured"], &unstated["mean"]), (&stated["measured"], &stated["mean"]), "{id}");
    }
}

#[test]
fn the_format_can_be_stated() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("table.sr");
    std::fs::write(&path, "Time [s],STROBE\n0.0,0\n0.001,1\n").unwrap();
    let path = path.to_str().unwrap();
    assert_eq!(strobecheck(&["edges", path]).status.code(), Some(0));
    assert_eq!(strobecheck(&["edges", path, "--input-format", "csv"]).status.code(), Some(0));
    let forced = strobecheck(&["edges", path, "--input-format", "vcd"]);
    assert_eq!(forced.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&forced.stderr).contains("expected a declaration such as $var, found 'Time'"));
    let unknown = strobecheck(&["edges", path, "--input-format", "wav"]);
    let said = String::from_utf8_lossy(&unknown.stderr).into_owned();
    assert!(said.contains("there is no input format 'wav'; there are saleae-sal, dsview-dsl, srzip, vcd"), "{said}");
}
