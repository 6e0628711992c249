//! Every one of the real captures gives exactly the edges that a plain reader found in it.
//!
//! They lie in the folder that `STROBECHECK_REAL_CAPTURES` names, else in `../shared/real-captures` beside the
//! project. What they hold was computed by other means, and is in their `edges.json`.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on fails")]

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde_json::Value;
use sha2::{Digest, Sha256};
use strobecheck::capture::{Caps, Capture, Line, Presence, Request};
use strobecheck::format::srzip::cross_check;
use strobecheck::format::{FormatError, Reader, open, open_source, read_capture};
use strobecheck::signal::SampleSpan;
use strobecheck::study::{Reference, calibrate};
use strobecheck::units::{Rational, SampleRate};

const SPEED_CASE: &str = "dcf77/pollin_dcf1_module/dcf77_1800s.sr";

fn folder() -> PathBuf {
    std::env::var_os("STROBECHECK_REAL_CAPTURES")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/real-captures"), PathBuf::from)
}

fn expectations() -> BTreeMap<String, Value> {
    let path = folder().join("edges.json");
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| {
        panic!("{}: {error}; STROBECHECK_REAL_CAPTURES must name the folder of real captures", path.display())
    });
    serde_json::from_str(&text).expect("edges.json is a table of files")
}

fn opened(file: &str) -> Result<Box<dyn Reader>, FormatError> {
    open(open_source(&folder().join(file)).unwrap())
}

fn read(reader: &dyn Reader, stated: Option<&SampleRate>, jobs: usize) -> Result<Capture, FormatError> {
    let bits = reader.header().probes.iter().map(|probe| probe.bit).collect();
    let (caps, rate) = (Caps { jobs, ..Caps::default() }, stated.cloned());
    read_capture(reader, &Request { caps, rate, ..Request::of(bits) })
}

fn sum(changes: SampleSpan<'_>) -> String {
    let mut sum = Sha256::new();
    for change in changes {
        sum.update(change.to_le_bytes());
    }
    sum.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

fn stated_rate(text: &str) -> Rational {
    let (number, unit) = text.split_at(text.find(|c: char| c.is_alphabetic()).unwrap());
    let exponent =
        ["hz", "khz", "mhz", "ghz"].iter().position(|known| *known == unit.to_lowercase()).unwrap() as i32 * 3;
    let (whole, fraction) = number.trim().split_once('.').unwrap_or((number.trim(), ""));
    Rational::decimal(format!("{whole}{fraction}").parse().unwrap(), exponent - fraction.len() as i32)
}

fn check_line(file: &str, line: &Line, expected: &Value, unit: u64) {
    let bit = expected["bit"].as_u64().unwrap();
    assert_eq!(
        (u64::from(line.probe.bit), line.probe.name.as_str()),
        (bit, expected["name"].as_str().unwrap()),
        "{file}"
    );
    let changes = line.waveform.changes();
    assert_eq!(changes.len() as u64, expected["edges"].as_u64().unwrap(), "{file}: edges of bit {bit}");
    assert_eq!(sum(changes), expected["sha"].as_str().unwrap(), "{file}: places of the edges of bit {bit}");
    let presence = if bit < 8 * unit { Presence::Recorded } else { Presence::BeyondUnit };
    assert_eq!(line.probe.presence, presence, "{file}: bit {bit}");
}

fn check(file: &str, expected: &Value) {
    let reader = opened(file).unwrap_or_else(|error| panic!("{file}: {error}"));
    let stated = expected["samplerate"].as_str().map(stated_rate);
    assert_eq!(reader.header().rate.as_ref().map(SampleRate::hz), stated.as_ref(), "{file}");
    let override_rate = SampleRate::parse("1 MHz").unwrap();
    if stated.is_none() {
        let refused = read(&*reader, None, 1).unwrap_err();
        assert!(refused.to_string().contains("--samplerate"), "{file}: {refused}");
    }
    let capture = read(&*reader, stated.is_none().then_some(&override_rate), 2).unwrap();
    assert_eq!(capture.problems, Vec::<String>::new(), "{file}");
    assert!(capture.lost.is_empty(), "{file}");
    assert_eq!(capture.length.get(), expected["samples"].as_u64().unwrap(), "{file}");
    assert_eq!(capture.rate.hz(), stated.as_ref().unwrap_or(override_rate.hz()), "{file}");
    let lines = expected["probes"].as_array().unwrap();
    assert_eq!(capture.lines.len(), lines.len(), "{file}");
    for (line, expected_line) in capture.lines.iter().zip(lines) {
        check_line(file, line, expected_line, expected["unitsize"].as_u64().unwrap());
    }
}

#[test]
fn every_real_capture_has_its_edges() {
    let expectations = expectations();
    assert_eq!(expectations.len(), 375);
    for (file, expected) in expectations.iter().filter(|(_, expected)| expected.get("error").is_none()) {
        check(file, expected);
    }
}

/// Every chunk, as repeats and byte by byte: the same changes, by this program and by the reference library.
#[test]
fn every_chunk_has_the_same_changes_both_ways() {
    let mut chunks = 0;
    for (file, _) in expectations().iter().filter(|(_, expected)| expected.get("error").is_none()) {
        let source = || open_source(&folder().join(file)).unwrap();
        let bits = open(source()).unwrap().header().probes.iter().map(|probe| probe.bit).collect();
        let both = cross_check(source(), &Request::of(bits)).unwrap();
        assert_eq!(both.differences, Vec::<String>::new(), "{file}");
        chunks += both.chunks;
    }
    assert!(chunks > 372, "{chunks} chunks of 372 files");
}

#[test]
fn captures_without_logic_data_are_refused_with_what_to_do() {
    let expectations = expectations();
    let refused: Vec<&String> = expectations.iter().filter(|(_, e)| e.get("error").is_some()).map(|(f, _)| f).collect();
    assert_eq!(refused.len(), 3);
    for file in refused {
        let reader = opened(file).unwrap();
        let Err(error) = read_capture(&*reader, &Request::of(Vec::new())) else { panic!("{file} was read") };
        let sentence = error.to_string();
        assert!(sentence.contains("only analog channels; record the lines with logic probes"), "{file}: {sentence}");
    }
}

#[test]
fn probes_beyond_the_sample_are_said() {
    let reader = opened("gpib/serial/cbm1571/cbm_1571_read_status.sr").unwrap();
    let warnings = &reader.header().warnings;
    assert_eq!(warnings[..], ["not recorded, since a sample has 8 bits only: '8', '9', '10' and 5 more"]);
}

#[test]
fn the_number_of_threads_changes_nothing() {
    for file in [
        SPEED_CASE,
        "lens_mounts/sony_emount/a6000_sel55210_init_55.sr",
        "i2c/rohm_bh1750/bh1750_h2resolutionmode.sr",
        "am230x/am2301/am2301_24mhz.sr",
    ] {
        let reader = opened(file).unwrap();
        let captures = [1, 2, 5].map(|jobs| read(&*reader, None, jobs).unwrap());
        assert_eq!(captures[0], captures[1], "{file}");
        assert_eq!(captures[0], captures[2], "{file}");
    }
}

// Worked out by hand, from the first and the last rising edge: 1 002 512 periods in 12 031 992 samples at 12 MHz, and
// 999 845 in 11 999 983, are 153.614 and 153.607 ppm more than 12 samples each; one sample is 0.083 ppm of them.
#[test]
fn the_clock_of_the_clock_captures_is_off_as_worked_out_by_hand() {
    for (file, line, periods, samples) in [("8", "1", 1_002_512, 12_031_992), ("7", "1", 999_845, 11_999_983)] {
        let reader = opened(&format!("misc/1mhz_clock/1mhz_clock_{file}channels.sr")).unwrap();
        let capture = read(&*reader, None, 1).unwrap();
        let shown = capture.lines.iter().find(|shown| shown.probe.name == line).unwrap();
        let reference = Reference { frequency: Rational::integer(1_000_000), accuracy: Rational::ZERO };
        let found = calibrate(&shown.waveform, &capture.lost, &capture.rate, &reference).unwrap();
        assert_eq!((found.periods, (found.edges.1 - found.edges.0).get()), (periods, samples));
        let ratio = |samples: i128| Rational::new(samples, 12 * i128::from(periods)).unwrap() - Rational::ONE;
        assert_eq!(
            (&found.low, &found.error, &found.high),
            (&ratio(samples - 1), &ratio(samples), &ratio(samples + 1))
        );
        let written = found.written();
        let expected = if file == "8" { "+153.614 ppm" } else { "+153.607 ppm" };
        assert_eq!((written.correction.as_str(), written.clock.as_str()), (expected, "0.084 ppm"));
    }
}
