//! Runs that are interrupted: no temporary file stays, and of the reports all are new or all are old.
#![cfg(unix)]

use std::collections::BTreeSet;
use std::fs;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::{Bench, Said};

/// A twentieth of what is claimed for each signal; `STROBECHECK_INTERRUPTIONS=200` runs all.
fn runs() -> u32 {
    std::env::var("STROBECHECK_INTERRUPTIONS").ok().map_or(10, |count| count.parse().unwrap())
}

const SIGNALS: [&str; 4] = ["INT", "TERM", "HUP", "XCPU"];

#[test]
fn no_temporary_file_stays_and_no_run_is_half_reported() {
    let bench = Bench::new();
    for capture in ["b.sr", "c.sr", "d.sr"] {
        fs::copy(bench.path("a.sr"), bench.path(capture)).unwrap();
    }
    let verify = |run: u32| {
        let note = format!("the run of number {run} ");
        let arguments = ["verify", "a.sr", "b.sr", "c.sr", "d.sr", "--format", "html,json,junit", "--note", &note];
        bench.command(&arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    };
    let begun = Instant::now();
    let whole = Said::of(&verify(0).wait_with_output().unwrap());
    assert_eq!(whole.code, Some(0), "{whole:?}");
    let took = begun.elapsed();
    let names = bench.listed("reports");
    let mut interrupted = 0;
    for run in 1..=runs() {
        let child = verify(run);
        // Spread over the whole of a run, and a little beyond.
        sleep(took.mul_f64(f64::from(run * 37 % 101) / 90.0));
        let signal = SIGNALS[run as usize % SIGNALS.len()];
        // It may have ended by itself.
        let _ended = Command::new("kill").args(["-s", signal, &child.id().to_string()]).stderr(Stdio::null()).status();
        let said = Said::of(&child.wait_with_output().unwrap());
        interrupted += u32::from(said.code != Some(0));
        assert_eq!(bench.listed("reports"), names, "{signal}, run {run}: {said:?}");
        let written: BTreeSet<String> = names
            .iter()
            .filter(|name| !name.contains("index"))
            .map(|name| {
                let text = bench.text(&format!("reports/{name}"));
                let from = text.find("the run of number ").unwrap_or_else(|| panic!("{name} is not whole"));
                text[from..].split(' ').nth(4).unwrap().to_owned()
            })
            .collect();
        assert_eq!(written.len(), 1, "{signal}, run {run}: the reports are of runs {written:?}");
    }
    assert!(interrupted > 0, "no run was interrupted");
}

#[test]
fn a_run_that_is_told_to_outlast_its_terminal_does() {
    let bench = Bench::new();
    let script = "trap '' HUP; exec \"$0\" edges - -o edges.csv";
    let mut child = Command::new("sh")
        .current_dir(bench.path(""))
        .args(["-c", script, env!("CARGO_BIN_EXE_strobecheck")])
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    // It waits for its input when the signal comes, whether its handlers are there or not.
    sleep(Duration::from_millis(300));
    let status = Command::new("kill").args(["-s", "HUP", &child.id().to_string()]).status().unwrap();
    assert!(status.success());
    std::io::Write::write_all(&mut stdin, &fs::read(bench.path("a.sr")).unwrap()).unwrap();
    drop(stdin);
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert!(bench.text("edges.csv").starts_with("channel,sample,time_s,level\n"));
}
