//! `watch` without a screen: what it says, when it ends, and what it saves. The screen's layout is tested beside its code.

use std::io::Write;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::demo::{Bench, changes_of, read, stderr, stdout, succeeded};

/// Bit 7 of the number of a sample: 128 µs high in every 256 µs.
const DEVICE: [&str; 9] = [
    "watch",
    "--plain",
    "--device",
    "demo",
    "--samplerate",
    "1MHz",
    "--config",
    "pattern=incremental",
    "--channels=D7=STROBE",
];

const JUDGED: [&str; 4] = ["--window", "300ms", "--wire", "strobe=STROBE"];

fn watch(bench: &Bench, more: &[&str]) -> std::process::Output {
    bench.run(&[&DEVICE[..], &JUDGED, more].concat())
}

#[test]
fn it_ends_with_the_verdict_that_is_waited_for() {
    let bench = Bench::new();
    let pass = watch(&bench, &["--limit", "exposure.time=128 us ± 5 us", "--until", "pass"]);
    succeeded(&pass);
    assert!(stdout(&pass).lines().last().unwrap().starts_with("PASS  demo (Demo device)"), "{}", stdout(&pass));
    assert!(!bench.path("watch.sr").exists());

    let fail = watch(&bench, &["--limit", "exposure.time=100 us ± 5 us", "--until", "fail"]);
    assert_eq!(fail.status.code(), Some(1), "{}", stderr(&fail));
    let said = stdout(&fail);
    assert!(said.contains("FAIL  demo (Demo device)"), "{said}");
    assert!(said.contains("exposure.time: 128"), "{said}");
    assert!(stderr(&fail).contains("wrote watch.sr"), "{}", stderr(&fail));
    // The window of the first failure: 128 samples of each level, wherever it begins.
    let (changes, samples) = read(&bench.path("watch.sr"));
    assert!((1000..=300_000).contains(&samples), "{samples}");
    let widths: Vec<u64> = changes.windows(2).skip(1).map(|pair| pair[1].0 - pair[0].0).collect();
    assert!(widths.len() > 5 && widths.iter().all(|width| *width == 128), "{widths:?}");
}

#[test]
fn a_device_that_ends_ends_the_watching() {
    let bench = Bench::new();
    let output = watch(&bench, &["--limit", "exposure.time=128 us ± 5 us", "--config", "limit_frames=3"]);
    assert_eq!(output.status.code(), Some(3), "{}{}", stdout(&output), stderr(&output));
    assert!(stderr(&output).contains("the device ended by itself, after 3000 samples"), "{}", stderr(&output));
}

#[test]
fn a_file_is_watched_as_it_grows() {
    let bench = Bench::new();
    // The same counter, once by its bit 7 and once by its bit 6, whose pulses are half as wide.
    for (channel, name) in [("D7=STROBE", "first.sr"), ("D6=STROBE", "then.sr")] {
        let channel = ["--channels", channel, "--samples", "50000", "-o", name];
        succeeded(&bench.capture(&[&["--config", "pattern=incremental"][..], &channel].concat()));
    }
    std::fs::copy(bench.path("first.sr"), bench.path("growing.sr")).unwrap();
    let arguments =
        ["watch", "--plain", "growing.sr", "--limit", "exposure.time=128 us ± 5 us", "--until", "fail", "--bell"];
    let mut command = bench.command(&[&arguments[..], &JUDGED].concat());
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    std::thread::sleep(Duration::from_millis(700));
    assert!(child.try_wait().unwrap().is_none(), "what it shows first is right");
    std::fs::copy(bench.path("then.sr"), bench.path("growing.sr")).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{}{}", stdout(&output), stderr(&output));
    assert_eq!(stdout(&output).matches('\x07').count(), 1, "the verdict changed once: {}", stdout(&output));
    assert!(read(&bench.path("watch.sr")).0 == changes_of(|n| n as u8 & 0x40, 0, 50_000));
}

/// A dump of pulses of 128 µs in every 256 µs, the first at 128 µs.
fn pulses(until: u64) -> String {
    let changes = (128..until).step_by(128).map(|at| format!("#{at}\n{}!\n", at / 128 % 2));
    let head = "$timescale 1 us $end\n$var wire 1 ! STROBE $end\n$enddefinitions $end\n#0\n0!\n".to_owned();
    head + &changes.collect::<String>() + &format!("#{until}\n")
}

/// Between two looks a file grows by nine times the window: its pulses are all kept.
#[test]
fn what_comes_faster_than_it_is_judged_is_judged_all_the_same() {
    let bench = Bench::new();
    std::fs::write(bench.path("growing.vcd"), pulses(10_000)).unwrap();
    let arguments = ["--limit", "exposure.time=100 us ± 5 us", "--keep-violations", "1000", "--window", "10ms"];
    let mut command = bench.command(&["watch", "--plain", "growing.vcd", "--wire", "strobe=STROBE"]);
    let child = command.args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let table = bench.path("watch.violations.csv");
    let samples = || {
        let table = std::fs::read_to_string(&table).unwrap_or_default();
        let sample = |row: &str| row.split(',').nth(1).unwrap().parse().unwrap();
        table.lines().skip(1).filter(|row| row.ends_with(".sr")).map(sample).collect::<Vec<u64>>()
    };
    let give_up = Instant::now() + Duration::from_secs(60);
    let wait_for = |last: u64| {
        while samples().last() != Some(&last) && Instant::now() < give_up {
            std::thread::sleep(Duration::from_millis(20));
        }
    };
    wait_for(128 + 38 * 256);
    std::fs::write(bench.path("growing.vcd"), pulses(100_000)).unwrap();
    wait_for(128 + 389 * 256);
    Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    let output = child.wait_with_output().unwrap();
    succeeded(&output);
    // The last pulse that ends within 100 000 µs is the 390th.
    assert!(samples() == (0..390).map(|pulse| 128 + pulse * 256).collect::<Vec<u64>>(), "{:?}", samples());
    assert_eq!(stderr(&output).lines().last(), Some("violations: 390 in watch.violations.csv"));
}

#[test]
fn without_a_spec_it_says_what_it_needs() {
    let output = Bench::new().run(&["watch", "--plain", "--device", "demo"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("--wire and --limit"), "{}", stderr(&output));
}

/// The command on a terminal, as `script` of util-linux makes one.
fn on_terminal(bench: &Bench, arguments: &[&str]) -> Child {
    let quoted = arguments.iter().map(|argument| format!("'{argument}'"));
    let line = std::iter::once(format!("'{}'", env!("CARGO_BIN_EXE_strobecheck"))).chain(quoted);
    let line = format!("stty rows 24 cols 80; exec {}", line.collect::<Vec<_>>().join(" "));
    let mut command = Command::new("script");
    command.args(["-q", "-e", "-f", "-c", &line, "/dev/null"]).current_dir(bench.path("."));
    command.env("TERM", "xterm").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap()
}

#[test]
fn keys_save_the_window_and_quit() {
    let bench = Bench::new();
    let device = DEVICE.iter().copied().filter(|argument| *argument != "--plain").collect::<Vec<_>>();
    let mut child = on_terminal(&bench, &[&device[..], &JUDGED, &["--limit", "exposure.time=128 us ± 5 us"]].concat());
    let mut keys = child.stdin.take().unwrap();
    let saved = |name: &str| bench.path(name).exists();
    let give_up = Instant::now() + Duration::from_secs(60);
    for name in ["watch.sr", "watch-2.sr"] {
        std::thread::sleep(Duration::from_millis(800));
        keys.write_all(b"s").unwrap();
        while !saved(name) && Instant::now() < give_up {
            std::thread::sleep(Duration::from_millis(20));
        }
    }
    keys.write_all(b"q").unwrap();
    let output = child.wait_with_output().unwrap();
    succeeded(&output);
    let screen = stdout(&output);
    for part in ["demo (Demo device)", "exposure.time", "(STROBE)", "128.0", "-2.sr"] {
        assert!(screen.contains(part), "{part}: {screen}");
    }
    for name in ["watch.sr", "watch-2.sr"] {
        let (changes, samples) = read(&bench.path(name));
        let widths: Vec<u64> = changes.windows(2).skip(1).map(|pair| pair[1].0 - pair[0].0).collect();
        assert!(samples <= 300_000 && widths.len() > 5 && widths.iter().all(|width| *width == 128), "{widths:?}");
    }
}

#[test]
fn at_the_first_failure_a_command_is_run_once_the_window_is_saved() {
    let bench = Bench::new();
    let limit = ["--wire", "strobe=D0", "--limit", "exposure.time=<= 50 us", "--until", "fail"];
    let mut command = bench.command(&["watch", "--device", "demo", "--samplerate", "100kHz", "--channels", "D0"]);
    command.args(["--config", "pattern=squid", "--on-fail", "cp watch.sr seen.sr"]).args(limit);
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(std::fs::read(bench.path("seen.sr")).unwrap(), std::fs::read(bench.path("watch.sr")).unwrap());
}

/// Bit 7 of the number of a sample is high for 128 µs in every 256: of each pulse that a window of 20 ms shows, one row.
#[test]
fn each_violation_is_kept_once_with_a_clip_and_no_more_than_were_asked_for() {
    let bench = Bench::new();
    let arguments = ["--limit", "exposure.time=100 us ± 5 us", "--keep-violations", "40", "--window", "200ms"];
    let mut command = bench.command(&[&DEVICE[..], &["--wire", "strobe=STROBE"], &arguments].concat());
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let clip = |number: u32| bench.path(&format!("watch.violation-{number}.sr"));
    let give_up = Instant::now() + Duration::from_secs(60);
    while !clip(40).exists() && Instant::now() < give_up {
        std::thread::sleep(Duration::from_millis(20));
    }
    std::thread::sleep(Duration::from_secs(2));
    Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    let output = child.wait_with_output().unwrap();
    succeeded(&output);
    // It says how many there were, and where the first are.
    let said = stderr(&output);
    let told = said
        .lines()
        .find_map(|line| line.strip_prefix("violations: ")?.split_once(", the first 40 in watch.violations.csv"));
    assert!(told.is_some_and(|(seen, _)| seen.parse::<u64>().unwrap() > 40), "{said}");
    let table = std::fs::read_to_string(bench.path("watch.violations.csv")).unwrap();
    let rows: Vec<Vec<&str>> = table.lines().skip(1).map(|row| row.split(',').collect()).collect();
    assert_eq!(rows.len(), 40, "{table}");
    let samples: Vec<u64> = rows.iter().map(|row| row[1].parse().unwrap()).collect();
    // Pulses begin at 128 and every 256 samples from there; none is there twice, and they come in their order. The beginning of the
    // first window may cut off the first.
    assert!(samples[1..].iter().all(|at| at % 256 == 128) && samples.is_sorted_by(|a, b| a < b), "{samples:?}");
    for (number, row) in (1..).zip(&rows).skip(1) {
        assert_eq!((row[4], row[7], row[8]), ("exposure.time", "0.000128000000", "s"), "{table}");
        assert_eq!(row[10], format!("watch.violation-{number}.sr"));
        let (changes, _) = read(&clip(number));
        assert!(changes.windows(2).any(|pair| pair[1].0 - pair[0].0 == 128), "{changes:?}");
        assert!(clip(number).with_extension("pvs").exists());
    }
    assert!(!clip(41).exists());
}
