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
    assert!(
        stderr(&output).contains("'low' for '--threshold <VOLTAGE>': that is no voltage; say it as in 0.9V"),
        "{}",
        stderr(&output)
    );
}

/// The demo device's first analog channel: a square wave of 10 samples, whose first half is −10 V.
#[test]
fn a_photodiode_on_an_analog_channel_is_recorded_beside_the_logic_and_judged() {
    let bench = Bench::new();
    std::fs::write(
        bench.path("spec.toml"),
        "[wiring]\nstrobe = \"D7\"\nflash = { analog = \"LIGHT\", threshold = \"0.5 V\", hysteresis = \"0.1 V\" }\n\
         [limits]\nexposure.time = \"6.4 ms ± 100 us\"\nflash.on-time = \"250 us ± 60 us\"\n",
    )
    .unwrap();
    // Chunks are a second long: there are three.
    let mut command = bench.command(&["capture", "--device", "demo", "--samplerate", "20kHz", "--time", "2.5s"]);
    command.args(["--channels", "D7,A0=LIGHT,A1", "--config", "pattern=incremental", "-o", "both.sr"]);
    let output = command.args(["--verify", "spec.toml", "--no-report", "-v"]).output().unwrap();
    let said = stdout(&output) + &stderr(&output);
    assert!(said.contains("both.sr: 50000 samples, 2.5 s at 20 kHz"), "{said}");
    let line = |id: &str| {
        said.lines().find(|line| line.trim_start().starts_with(id)).unwrap_or_else(|| panic!("{id}: {said}"))
    };
    assert!(line("flash.on-time").contains("250 µs"), "{said}");
    assert!(line("exposure.time").contains("6.400 ms"), "{said}");

    // libsigrok itself reads the samples: as many as of the logic, each channel its own.
    let cli = std::process::Command::new("sigrok-cli")
        .current_dir(bench.path("."))
        .args(["-i", "both.sr", "-O", "analog"])
        .output();
    let text = String::from_utf8(cli.unwrap().stdout).unwrap();
    let of = |name: &str| -> Vec<f64> {
        let values = text.lines().filter_map(|line| line.strip_prefix(&format!("{name}: ")));
        values.map(|value| value.split(' ').next().unwrap().parse().unwrap()).collect()
    };
    let (light, sine) = (of("LIGHT"), of("A1"));
    assert_eq!((light.len(), sine.len()), (50_000, 50_000), "{}", &text[..text.len().min(300)]);
    assert!(
        light.chunks(10).all(|period| period[..5].iter().all(|v| *v < -9.99) && period[5..].iter().all(|v| *v > 9.99))
    );
    let expected = |n: usize| 10.0 * (std::f64::consts::TAU * n as f64 / 20.0).sin();
    assert!(sine.iter().enumerate().all(|(n, value)| (value - expected(n)).abs() < 0.01));
}

#[test]
fn an_analog_channel_needs_a_logic_channel_beside_it() {
    let bench = Bench::new();
    let output = bench.capture(&["--samples", "10", "--channels", "A0"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("--channels: name a logic channel too"), "{}", stderr(&output));
    let output = bench.capture(&["--samples", "10", "--channels", "D0,A0,A0=B"]);
    assert!(stderr(&output).contains("B is named twice"), "{}", stderr(&output));
}

/// A pipe is written to, as by every other command, and stays one.
#[cfg(unix)]
#[test]
fn a_recording_goes_into_a_pipe_and_does_not_take_its_place() {
    use std::os::unix::fs::FileTypeExt;
    let bench = Bench::new();
    let pipe = bench.path("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    // Of a pipe that lost its name nothing ever comes.
    let mut reader = std::process::Command::new("timeout");
    let reader = reader.args(["20", "cat"]).arg(&pipe).stdout(std::process::Stdio::piped()).spawn().unwrap();
    succeeded(&bench.capture(&["--samples", "1000", "-o", "pipe"]));
    assert!(reader.wait_with_output().unwrap().stdout.starts_with(b"PK"));
    assert!(std::fs::metadata(&pipe).unwrap().file_type().is_fifo());
    assert!(!bench.path("pipe.part").exists());
}
