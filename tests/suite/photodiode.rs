//! A flash seen by a photodiode on an analog channel: slow to rise, and noisy. Its edges lie within their bounds of the
//! truth, which is worked out here from the ramps.

use std::io::{Cursor, Write};
use std::process::Command;

use serde_json::Value;
use strobecheck::capture::{Capture, Request};
use strobecheck::format::{FormatError, open, read_capture};
use strobecheck::frame::{Observation, thresholds, wired_bits};
use strobecheck::signal::Pulse;
use strobecheck::spec::Spec;
use tempfile::TempDir;
use zip::write::SimpleFileOptions;

/// Samples a second, and samples in all.
const RATE: f64 = 1e6;
const SAMPLES: usize = 400_000;
/// The light goes to 3 V and back in ramps of 150 us: 20 mV a microsecond, and 0.9 V after 45 us.
const TOP: f64 = 3.0;
const RAMP: f64 = 150e-6;
const CROSSED: f64 = 45e-6;
/// The noise, up and down: less than half the hysteresis.
const NOISE: f64 = 0.04;

const SPEC: &str = r#"
[wiring]
strobe = "STROBE"
flash = { analog = "A0", threshold = "0.9 V", hysteresis = "100 mV" }
[limits]
flash.on-time = "20 ms .. 21 ms"
flash.lead = "0 us .. 200 us"
flash.coverage = ">= 99 %"
"#;

/// Where the light of a flash begins to rise and to fall, in seconds: beside the samples, each a little differently.
fn flashes() -> Vec<(f64, f64)> {
    (0..10).map(|n| f64::from(n) * 0.033_333_4 + 0.010_000_37).map(|start| (start, start + 0.020_400_51)).collect()
}

fn light(time: f64) -> f64 {
    let of = |(rise, fall): (f64, f64)| {
        let up = ((time - rise) / RAMP).clamp(0.0, 1.0);
        let down = ((time - fall) / RAMP).clamp(0.0, 1.0);
        TOP * (up - down)
    };
    flashes().into_iter().map(of).fold(0.0, f64::max)
}

/// A session of a STROBE inside each flash, on bit 0, and of the photodiode; `spoil` may change the bytes of the latter.
fn session(spoil: impl Fn(&mut Vec<u8>)) -> Vec<u8> {
    let mut noise = 7_u32;
    let mut next = || {
        noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (f64::from(noise >> 8) / f64::from(1 << 24) * 2.0 - 1.0) * NOISE
    };
    let (mut logic, mut analog) = (Vec::new(), Vec::new());
    for sample in 0..SAMPLES {
        let time = sample as f64 / RATE;
        let exposing = flashes().iter().any(|(rise, _)| (*rise + 0.000_2..*rise + 0.020_2).contains(&time));
        logic.push(u8::from(exposing));
        analog.extend(((light(time) + next()) as f32).to_le_bytes());
    }
    spoil(&mut analog);
    let metadata = "[global]\nsigrok version=0.5.2\n\n[device 1]\ncapturefile=logic-1\ntotal probes=8\nsamplerate=1 MHz\n\
                    total analog=1\nprobe1=STROBE\nanalog9=A0\nunitsize=1\n";
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let (first, second) = analog.split_at(analog.len() / 2);
    for (name, bytes) in [
        ("version", b"2".as_slice()),
        ("metadata", metadata.as_bytes()),
        ("logic-1-1", &logic),
        ("analog-1-9-1", first),
        ("analog-1-9-2", second),
    ] {
        archive.start_file(name, SimpleFileOptions::default()).unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

/// The same light without logic probes, as an oscilloscope records it.
fn analog_only() -> Vec<u8> {
    let light: Vec<u8> = (0..SAMPLES).flat_map(|sample| (light(sample as f64 / RATE) as f32).to_le_bytes()).collect();
    let metadata = "[global]\nsigrok version=0.5.2\n\n[device 1]\nsamplerate=1 MHz\ntotal analog=1\nanalog1=CH1\n";
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in [("version", b"2".as_slice()), ("metadata", metadata.as_bytes()), ("analog-1-1-1", &light)] {
        archive.start_file(name, SimpleFileOptions::default()).unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

#[test]
fn a_capture_of_analog_channels_alone_is_read_by_a_threshold() {
    let spec = SPEC.replace("strobe = \"STROBE\"\n", "").replace("A0", "CH1");
    let spec = spec.lines().filter(|line| !line.starts_with("flash.lead") && !line.starts_with("flash.coverage"));
    let spec = Spec::parse("spec.toml", &spec.collect::<Vec<_>>().join("\n")).unwrap();
    let capture = read(analog_only(), &spec).unwrap();
    assert_eq!((capture.length.get(), capture.problems.len(), capture.lines.len()), (SAMPLES as u64, 0, 1));
    let edges = capture.lines[0].waveform.changes();
    let truths = flashes().into_iter().flat_map(|(rise, fall)| [rise + CROSSED, fall + RAMP - CROSSED]);
    assert_eq!(edges.len(), 20);
    for (edge, truth) in edges.iter().zip(truths) {
        // The hysteresis of 50 mV either way is 2.5 us of the ramp.
        assert!((edge as f64 - truth * RATE).abs() <= 4.0, "{edge} {truth}");
    }
    let reader = open(Box::new(analog_only())).unwrap();
    let error = read_capture(&*reader, &Request::of(Vec::new())).unwrap_err().to_string();
    let way = "or wire a channel ('CH1') with a threshold: flash = { analog = \"NAME\", threshold = \"0.9 V\" }";
    assert!(
        error.starts_with("the capture has no logic data, only analog channels") && error.ends_with(way),
        "{error}"
    );
}

fn read(session: Vec<u8>, spec: &Spec) -> Result<Capture, FormatError> {
    let reader = open(Box::new(session))?;
    let thresholds = thresholds(&spec.rig, reader.header(), &reader.analog_channels()).unwrap();
    let bits = wired_bits(&spec.rig, &reader.header().with_thresholds(&thresholds)).unwrap();
    read_capture(&*reader, &Request { thresholds, ..Request::of(bits) })
}

#[test]
fn the_edges_of_a_flash_are_within_their_bounds_of_the_truth() {
    let spec = Spec::parse("spec.toml", SPEC).unwrap();
    let capture = read(session(|_| {}), &spec).unwrap();
    assert_eq!((capture.problems.len(), capture.lost.is_empty()), (0, true));
    let observation = Observation::of(&spec.rig, &capture, &capture.rate, &spec.analyzer.clock).unwrap();
    let flash = &observation.lines[1];
    let pulses: Vec<Pulse> = flash.train.pulses.iter().filter(Pulse::is_whole).collect();
    assert_eq!((pulses.len(), flash.train.raw_edges), (10, 20));
    // From 0.85 V to 0.95 V are 5 us, and the noise moves either end by up to 2 us.
    let slack = flash.slack.to_f64();
    assert!((1.0..=9.0).contains(&slack), "{slack}");
    let mut beyond_a_sample = 0;
    for (pulse, (rise, fall)) in pulses.iter().zip(flashes()) {
        // The fall crosses 0.9 V when it has come down from 3 V by 2.1 V.
        let truths = [(pulse.start, rise + CROSSED), (pulse.end, fall + RAMP - CROSSED)];
        for (limb, truth) in truths {
            let edge = limb.edge().unwrap();
            let truth = truth * RATE;
            let (after, until) = (edge.after() as f64 - slack, edge.until() as f64 + slack);
            assert!(after < truth && truth <= until, "{truth} is not in ({after}, {until}]");
            beyond_a_sample += usize::from(truth <= edge.after() as f64 || truth > edge.until() as f64);
        }
    }
    assert!(beyond_a_sample > 0, "with this noise a sample is not enough for every edge");
    assert_eq!(flash.probe.name, "A0 at 0.9 V");
}

#[test]
fn a_spec_judges_the_flash_of_an_analog_channel() {
    let folder = TempDir::new().unwrap();
    let run = |spec: &str, bytes: Vec<u8>| -> (Option<i32>, Value) {
        std::fs::write(folder.path().join("flash.sr"), bytes).unwrap();
        std::fs::write(folder.path().join("flash.spec.toml"), spec).unwrap();
        let output = Command::new(env!("CARGO_BIN_EXE_strobecheck"))
            .current_dir(folder.path())
            .args(["verify", "flash.sr", "--format", "html", "--json"])
            .output()
            .unwrap();
        (output.status.code(), serde_json::from_slice::<Value>(&output.stdout).unwrap()["captures"][0].clone())
    };
    let (code, capture) = run(SPEC, session(|_| {}));
    assert_eq!((code, capture["verdict"].as_str()), (Some(0), Some("pass")), "{capture}");
    assert_eq!(capture["lines"][1]["probe"], "A0 at 0.9 V");
    assert_eq!(capture["spec"]["wiring.flash.threshold"], "0.9 V");
    // The light crosses 0.9 V 20.4 ms + 60 us apart.
    let on_time = capture["checks"].as_array().unwrap().iter().find(|check| check["id"] == "flash.on-time").unwrap();
    approx::assert_abs_diff_eq!(on_time["mean"].as_f64().unwrap(), 0.020_460_51, epsilon = 5e-6);
    assert!(on_time["uncertainty"].as_f64().unwrap() > 1e-6, "{on_time}");
    assert!(folder.path().join("reports/flash.html").exists());

    let nowhere = SPEC.replace("A0", "A1");
    let (code, capture) = run(&nowhere, session(|_| {}));
    assert_eq!((code, capture["verdict"].as_str()), (Some(2), Some("error")));
    assert!(
        capture["error"].as_str().unwrap().contains("there is no analog channel 'A1'; the capture has A0"),
        "{capture}"
    );
}

#[test]
fn what_is_damaged_of_a_channel_is_lost() {
    let spec = Spec::parse("spec.toml", SPEC).unwrap();
    let not_a_number =
        read(session(|analog| analog[4000..4004].copy_from_slice(&f32::NAN.to_le_bytes())), &spec).unwrap();
    let spans: Vec<(u64, u64)> =
        not_a_number.lost.spans().iter().map(|span| (span.from.get(), span.to.get())).collect();
    assert_eq!(spans, [(1000, 1001)]);
    let short = read(session(|analog| analog.truncate(4 * 300_000)), &spec).unwrap();
    assert_eq!(short.lost.spans().len(), 1);
    assert_eq!(short.problems, ["an analog channel ends at sample 300000; the record goes on to 400000"]);
    let ragged = read(session(|analog| analog.truncate(4 * 300_000 - 2)), &spec).unwrap();
    assert!(ragged.problems[0].contains("no multiple of the 4 of a sample"), "{:?}", ragged.problems);
    assert_eq!(ragged.length.get(), SAMPLES as u64);
}

#[test]
fn wiring_names_the_analog_channels_and_how_one_becomes_a_line() {
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join("flash.sr"), session(|_| {})).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_strobecheck"));
    let output = command.current_dir(folder.path()).args(["wiring", "flash.sr"]).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let line = text.lines().find(|line| line.contains("analog =")).unwrap_or_else(|| panic!("{text}"));
    // What it says can be pasted: the spec of the other tests is made of it.
    assert!(Spec::parse("spec.toml", &format!("[wiring]\nstrobe = \"STROBE\"\n{line}\n")).is_ok(), "{line}");
    assert!(line.contains("analog = \"A0\""), "{line}");
}
