//! What a bench asks of `capture`: a file for each unit, a trigger that may not come, and the unit's name in its results.

use super::demo::{Bench, stderr, stdout, succeeded};

#[test]
fn without_a_name_each_recording_is_a_new_file_called_by_its_unit() {
    let bench = Bench::new();
    let record = |more: &[&str]| {
        let output = bench.capture(&[&["--samples", "1000"], more].concat());
        succeeded(&output);
        stdout(&output)
    };
    assert!(record(&[]).starts_with("capture-1.sr: 1000 samples"));
    let first = std::fs::read(bench.path("capture-1.sr")).unwrap();
    assert!(record(&[]).starts_with("capture-2.sr: 1000 samples"));
    assert!(record(&["--dut", "../unit 7"]).starts_with("_unit_7-1.sr: "));
    assert_eq!(std::fs::read(bench.path("capture-1.sr")).unwrap(), first);
}

#[test]
fn a_trigger_that_does_not_come_is_given_up() {
    let bench = Bench::new();
    let waits = ["--config", "pattern=all-low", "--trigger", "D0=r", "--timeout", "300ms", "--samples", "10"];
    let output = bench.capture(&waits);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("the trigger D0=r did not come"), "{}", stderr(&output));
    assert!(!bench.path("capture-1.sr").exists() && !bench.path("capture-1.sr.part").exists());
}

#[test]
fn the_unit_and_the_station_are_in_the_results_of_a_recording() {
    let bench = Bench::new();
    let judged = [
        "--time",
        "100ms",
        "--channels",
        "D0",
        "--wire",
        "strobe=D0",
        "--limit",
        "exposure.time=>= 0 us",
        "--no-report",
    ];
    let mut command = bench.command(&["capture", "--device", "demo", "--samplerate", "1MHz"]);
    command.args(judged).args(["--config", "pattern=squid", "--dut", "0042"]);
    command.env("STROBECHECK_STATION", "S1").env("STROBECHECK_RESULTS", "results");
    let output = command.output().unwrap();
    assert!(stdout(&output).contains("dut: 0042; station: S1"), "{}{}", stdout(&output), stderr(&output));
    assert!(bench.path("0042-1.sr").exists() && bench.path("results/station=S1").exists());
}

#[test]
fn a_session_is_not_written_under_the_name_of_another_format() {
    let bench = Bench::new();
    let output = bench.capture(&["--samples", "10", "-o", "t.vcd"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        stderr(&output).contains("t.vcd: a sigrok session is written, and no .vcd; call it t.sr"),
        "{}",
        stderr(&output)
    );
    let output = bench.capture(&["--samples", "10", "--threshold", "low"]);
    assert!(stderr(&output).contains("--threshold: 'low' is no voltage; say it as in 0.9V"), "{}", stderr(&output));
}
