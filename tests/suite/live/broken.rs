//! Recordings that are broken off: by the terminal, the system, the disk. What was recorded is there, and is said to be.
#![cfg(unix)]

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::demo::{Bench, read, read_all, stderr, stdout, succeeded};

const DEMO: [&str; 4] = ["capture", "--device", "demo", "--samplerate"];

/// A recording that goes on until it is ended.
fn begun(bench: &Bench, arguments: &[&str]) -> Child {
    let mut command = bench.command(&[&DEMO[..], arguments].concat());
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

fn wait_until(is_so: impl Fn() -> bool) {
    let give_up = Instant::now() + Duration::from_secs(60);
    while !is_so() {
        assert!(Instant::now() < give_up, "it does not come");
        std::thread::sleep(Duration::from_millis(10));
    }
}

fn signal(child: &Child, name: &str) {
    let told = Command::new("kill").args(["-s", name, &child.id().to_string()]).status().unwrap();
    assert!(told.success());
}

/// How many chunks a recording has on the disk.
fn chunks(bench: &Bench, name: &str) -> usize {
    let bytes = std::fs::read(bench.path(name)).unwrap_or_default();
    (1..).take_while(|number| bytes.windows(24).any(|at| at.ends_with(format!("logic-1-{number}").as_bytes()))).count()
}

#[test]
fn a_terminal_that_goes_away_ends_a_recording_and_keeps_it() {
    for name in ["HUP", "TERM"] {
        let bench = Bench::new();
        let idle = ["1MHz", "--config", "pattern=all-low", "--ready-file", "ready", "-o", "a.sr"];
        let child = begun(&bench, &idle);
        wait_until(|| chunks(&bench, "a.sr.part") > 0);
        signal(&child, name);
        let output = child.wait_with_output().unwrap();
        succeeded(&output);
        let (changes, samples) = read(&bench.path("a.sr"));
        assert!(changes == [(0, 0)] && samples >= 1_000_000, "{changes:?} {samples}");
        assert_eq!(bench.sidecar("a.capture.json")["ending"], "stopped");
        assert!(!bench.path("a.sr.part").exists());
    }
}

#[test]
fn what_a_kill_leaves_is_named_and_can_be_repaired() {
    for pattern in ["pattern=all-low", "pattern=random"] {
        let bench = Bench::new();
        let arguments = ["100kHz", "--config", pattern, "-o", "a.sr"];
        let mut child = begun(&bench, &arguments);
        // The header is there before the first sample is.
        wait_until(|| std::fs::read(bench.path("a.sr.part")).is_ok_and(|bytes| bytes.len() > 100));
        wait_until(|| chunks(&bench, "a.sr.part") >= 2);
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(!bench.path("a.sr").exists());
        let again = bench.run(&[&DEMO[..], &arguments].concat());
        let said = stderr(&again);
        assert!(again.status.code() == Some(2) && said.contains("strobecheck repair a.sr.part -o NEW.sr"), "{said}");
        let repaired = bench.run(&["repair", "a.sr.part", "-o", "saved.sr"]);
        assert_eq!(repaired.status.code(), Some(3), "{}{}", stdout(&repaired), stderr(&repaired));
        let (_, samples, problems) = read_all(&bench.path("saved.sr"));
        assert!(samples >= 200_000 && !problems.is_empty(), "{samples} {problems:?}");
    }
}

#[test]
fn a_disk_that_is_full_leaves_what_came_before_and_says_where() {
    let bench = Bench::new();
    let script = "ulimit -f 200; exec \"$0\" capture --device demo --samplerate 200kHz --config pattern=random -o a.sr \
                  --run 'trap \"echo told > told; exit\" TERM; while :; do sleep 0.05; done'";
    let mut command = Command::new("bash");
    command.current_dir(bench.path("")).args(["-c", script, env!("CARGO_BIN_EXE_strobecheck")]);
    let output = command.stdin(Stdio::null()).output().unwrap();
    let said = stderr(&output);
    assert_eq!(output.status.code(), Some(2), "{said}");
    let named = "a.sr.part: the recording broke off: file too large";
    assert!(said.to_lowercase().contains(named), "{said}");
    assert!(said.contains("save it with 'strobecheck repair a.sr.part -o NEW.sr'"), "{said}");
    assert!(bench.path("told").exists(), "the command was told");
    let repaired = bench.run(&["repair", "a.sr.part", "-o", "saved.sr"]);
    assert_eq!(repaired.status.code(), Some(3), "{}{}", stdout(&repaired), stderr(&repaired));
}

#[test]
fn the_command_is_told_when_the_recording_is_ended() {
    let bench = Bench::new();
    let line = "trap 'echo told > told; exit 3' TERM; touch started; while :; do sleep 0.05; done";
    let child = begun(&bench, &["1MHz", "--run", line, "-o", "a.sr"]);
    wait_until(|| bench.path("started").exists());
    signal(&child, "TERM");
    let output = child.wait_with_output().unwrap();
    succeeded(&output);
    assert!(bench.path("told").exists(), "{}", stderr(&output));
    assert_eq!(bench.sidecar("a.capture.json")["command"], serde_json::json!({ "line": line, "exit_code": 3 }));
    // So is what it started: a shell that waits for a program hands nothing on.
    let bench = Bench::new();
    let child = begun(&bench, &["1MHz", "--run", "touch started; sleep 1000; true", "-o", "a.sr"]);
    wait_until(|| bench.path("started").exists());
    signal(&child, "TERM");
    succeeded(&child.wait_with_output().unwrap());
    assert_eq!(bench.sidecar("a.capture.json")["command"]["exit_code"], serde_json::Value::Null);
}
