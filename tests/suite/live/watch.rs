//! `watch` without a screen: what it says, when it ends, and what it saves. The screen's layout is tested beside its code.

use std::process::Stdio;
use std::time::Duration;

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
    let arguments = ["watch", "--plain", "growing.sr", "--limit", "exposure.time=128 us ± 5 us", "--until", "fail"];
    let mut command = bench.command(&[&arguments[..], &JUDGED].concat());
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    std::thread::sleep(Duration::from_millis(700));
    assert!(child.try_wait().unwrap().is_none(), "what it shows first is right");
    std::fs::copy(bench.path("then.sr"), bench.path("growing.sr")).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{}{}", stdout(&output), stderr(&output));
    assert!(read(&bench.path("watch.sr")).0 == changes_of(|n| n as u8 & 0x40, 0, 50_000));
}

#[test]
fn without_a_spec_it_says_what_it_needs() {
    let output = Bench::new().run(&["watch", "--plain", "--device", "demo"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("--wire and --limit"), "{}", stderr(&output));
}
