//! Faults that only the camera's log shows: logs made by hand from what truly happened.

use std::fmt::Write as _;
use std::sync::Arc;

use strobecheck::diagnosis::{Finding, Severity};
use strobecheck::log::CameraLog;
use strobecheck::report::{LogFile, Provenance};
use strobecheck::scenario::{FrameTruth, Scenario, Simulation, simulate};
use strobecheck::spec::Spec;
use strobecheck::verify::verify;

const SCENARIO: &str = "duration = \"3 s\"\nseed = 3\nanalyzer.samplerate = \"1 MHz\"\n[wiring]\nfsin = \"FSIN\"\nstrobe = \"STROBE\"\n\
    [timing]\nframe.time = \"1/30 s\"\njitter.frame.time = { uniform = \"40 us\" }\nexposure.time = [\"20 ms\", \"10 ms\", \"15 ms\"]\n";

fn simulation(further: &str) -> Simulation {
    simulate(&Scenario::parse("log.toml", &format!("{SCENARIO}{further}")).unwrap()).unwrap()
}

/// A row of a log: stream, sequence number, the instant that is marked (a share of the exposure before its end).
fn row(stream: &str, frame: &FrameTruth, sequence: i64, before_end: i128) -> String {
    let exposure = frame.exposures[0];
    let nanos = (exposure.end().get() - exposure.width().get() * before_end / 2) / 1_000_000 + 5_000_000_000;
    format!("{stream},{sequence},{}.{:03}", nanos / 1000, nanos % 1000)
}

fn log(simulation: &Simulation, keep: impl Fn(i64) -> bool, before_end: i128, offset: i64) -> String {
    let mut csv = "stream,seq,ts_device_us\n".to_owned();
    for (place, camera) in simulation.truth.cameras.iter().enumerate() {
        for frame in camera.frames.iter().filter(|frame| keep(frame.number)) {
            let shows = simulation.sampler.shows_at(frame.exposures[0].end()).is_some();
            if shows {
                let sequence = frame.number + 100 + if place == 0 { 0 } else { offset };
                writeln!(csv, "{}", row(&camera.name, frame, sequence, before_end)).unwrap();
            }
        }
    }
    csv
}

fn findings(simulation: &Simulation, csv: &str, spec: &str) -> Vec<Finding> {
    let spec =
        Spec::parse("log.spec.toml", &format!("[wiring]\nfsin = \"FSIN\"\nstrobe = \"STROBE\"\n{spec}")).unwrap();
    let log = CameraLog::parse("run.csv", csv.as_bytes(), &spec.timestamps).unwrap();
    let log = LogFile { path: "run.csv".to_owned(), sha256: String::new(), log: Arc::new(log) };
    let provenance = Provenance { log: Some(log), ..Provenance::of(&simulation.capture) };
    verify(&simulation.capture, Arc::new(spec), "log".to_owned(), provenance).unwrap().findings
}

const LIMITS: &str = "[limits]\nexposure.time = [\"20 ms ± 50 us\", \"10 ms ± 50 us\", \"15 ms ± 50 us\"]\ntimestamp.missing = 0\n\
    timestamp.residual = \"0 us ± 50 us\"\n";

#[test]
fn a_true_log_brings_no_finding() {
    let simulation = simulation("");
    let found = findings(&simulation, &log(&simulation, |_| true, 0, 0), LIMITS);
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn frames_that_the_host_lost_are_its_loss() {
    let simulation = simulation("");
    let found = findings(&simulation, &log(&simulation, |frame| frame % 20 != 7, 0, 0), LIMITS);
    assert_eq!((found[0].fault, found[0].severity), ("host-drop", Severity::Fail));
    // Frames 7, 27, 47, 67 and 87 of 90.
    assert!(found[0].summary.contains("5 frames"), "{}", found[0].summary);
}

#[test]
fn timestamps_of_the_start_or_the_middle_are_told() {
    let simulation = simulation("");
    for (before_end, word) in [(2, "start"), (1, "middle")] {
        let found = findings(&simulation, &log(&simulation, |_| true, before_end, 0), LIMITS);
        assert_eq!(found[0].fault, "timestamp-convention", "{found:?}");
        assert!(found[0].summary.contains(word), "{}", found[0].summary);
    }
}

#[test]
fn numbers_that_are_offset_between_cameras_are_a_warning() {
    let simulation = simulation("[camera.right]\nstrobe = \"RIGHT\"\ntiming.skew = \"15 us\"\n");
    let spec = format!("[camera.right]\nstrobe = \"RIGHT\"\n{LIMITS}");
    let found = findings(&simulation, &log(&simulation, |_| true, 0, 1), &spec);
    assert_eq!(found.iter().map(|f| (f.fault, f.severity)).collect::<Vec<_>>(), [("sequence-offset", Severity::Warn)]);
    assert_eq!(found[0].camera.as_deref(), Some("right"));
    assert!(findings(&simulation, &log(&simulation, |_| true, 0, 0), &spec).is_empty());
}

/// A log of the true exposures in microseconds, times `per_mille` / 1000, each told so many frames late.
fn log_of_exposures(simulation: &Simulation, late: usize, per_mille: i128) -> String {
    let mut csv = "seq,ts_device_us,exposure_us\n".to_owned();
    let frames = &simulation.truth.cameras[0].frames;
    for (place, frame) in frames.iter().enumerate().filter(|(_, frame)| !frame.exposures.is_empty()) {
        if simulation.sampler.shows_at(frame.exposures[0].end()).is_some() {
            let told = frames[place.saturating_sub(late)].exposures[0].width().get() * per_mille / 1_000_000_000_000;
            writeln!(csv, "{},{told}", row("", frame, frame.number, 0).trim_start_matches(',')).unwrap();
        }
    }
    csv
}

#[test]
fn exposure_times_that_come_late_or_scaled_are_told() {
    let simulation = simulation("");
    let limits = format!("{LIMITS}exposure.error = \"0 us ± 20 us\"\nexposure.lag = 0\n");
    let of = |late: usize, per_mille: i128| {
        let found = findings(&simulation, &log_of_exposures(&simulation, late, per_mille), &limits);
        found.into_iter().map(|finding| (finding.fault, finding.severity, finding.evidence)).collect::<Vec<_>>()
    };
    assert!(of(0, 1000).is_empty(), "{:?}", of(0, 1000));
    let late = of(2, 1000);
    assert_eq!((late.len(), late[0].0, late[0].1), (1, "metadata-lag", Severity::Fail), "{late:?}");
    // The log says 1000 / 1043 of what STROBE shows.
    let scaled = of(0, 959);
    assert_eq!((scaled.len(), scaled[0].0, scaled[0].1), (1, "exposure-scaled", Severity::Fail), "{scaled:?}");
    assert!(scaled[0].2.contains("STROBE is 1.0428 times the logged time"), "{scaled:?}");
}
