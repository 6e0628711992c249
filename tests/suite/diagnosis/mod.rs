//! Faults are found, and nothing else is: a confusion matrix over random rigs with and without faults, and noise of
//! shapes that the simulator does not have.
//!
//! `STROBECHECK_CONFUSION=3000 cargo test --test suite diagnosis::` runs so many of each and writes what came of it to
//! `reports/confusion.md`; without it a few hundred are run and nothing is written.

mod bench;
mod by_hand;
mod cases;
mod causes;
mod clean;
mod drawn;
mod likeness;
mod logs;
mod matrix;
mod pasted;
mod pins;
mod ready;
mod seams;
mod shapes;
mod told_apart;
mod wires;

use std::sync::Arc;

use strobecheck::capture::Capture;
use strobecheck::diagnosis::{FAULTS, Finding, Severity, find_fault};
use strobecheck::report::{Judgement, Provenance};
use strobecheck::scenario::{Scenario, simulate};
use strobecheck::spec::Spec;
use strobecheck::verdict::Verdict;
use strobecheck::verify::verify;

use bench::Bench;

/// Set it to the number of captures of either kind, to write the matrix.
const COMMAND: &str = "STROBECHECK_CONFUSION";

/// So many captures of either kind in an ordinary run.
const FEW: u64 = 330;

fn wanted() -> (u64, bool) {
    match std::env::var(COMMAND).ok().and_then(|count| count.parse().ok()) {
        Some(count) => (count, true),
        None => (FEW, false),
    }
}

/// What a rig shows, judged by its spec.
fn judge(bench: &Bench) -> Judgement {
    let scenario =
        Scenario::parse("bench.toml", &bench.scenario()).unwrap_or_else(|e| panic!("{e}\n{}", bench.scenario()));
    let capture = simulate(&scenario).unwrap().capture;
    judge_capture(&capture, &bench.spec())
}

fn judge_capture(capture: &Capture, spec: &str) -> Judgement {
    let spec = Spec::parse("bench.spec.toml", spec).unwrap_or_else(|error| panic!("{error}\n{spec}"));
    verify(capture, Arc::new(spec), "bench".to_owned(), Provenance::of(capture)).unwrap()
}

/// The findings that say that something is wrong.
fn alarms(judgement: &Judgement) -> Vec<&Finding> {
    judgement.findings.iter().filter(|finding| finding.severity != Severity::Info).collect()
}

/// Results by number, in order, from as many threads as there are processors.
fn in_parallel<T: Send>(count: u64, run: impl Fn(u64) -> T + Sync) -> Vec<T> {
    let threads = std::thread::available_parallelism().map_or(1, |threads| threads.get() as u64);
    let mut results: Vec<(u64, T)> = std::thread::scope(|scope| {
        let run = &run;
        let workers: Vec<_> = (0..threads)
            .map(|worker| {
                scope.spawn(move || -> Vec<(u64, T)> {
                    (worker..count).step_by(threads as usize).map(|number| (number, run(number))).collect()
                })
            })
            .collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect()
    });
    results.sort_by_key(|(number, _)| *number);
    results.into_iter().map(|(_, result)| result).collect()
}

#[test]
fn faults_are_found_and_good_captures_are_quiet() {
    let (count, write) = wanted();
    let matrix = matrix::Matrix::of(count);
    let text = matrix.text();
    if write {
        std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/reports/confusion.md"), &text).unwrap();
    }
    let alarms = matrix.false_alarms();
    assert!(matrix.found() >= 0.98, "found\n{text}\n{}\n{alarms}", matrix.misses());
    assert!(matrix.first() >= 0.95, "first\n{text}\n{}", matrix.misses());
    assert!(alarms.is_empty(), "false alarms\n{alarms}");
}

#[test]
fn every_fault_is_put_into_a_rig() {
    // What only a log shows is put into logs.
    let of_logs = ["host-drop", "sequence-offset", "timestamp-convention", "metadata-lag"];
    // What the simulator does not make is drawn.
    let drawn = ["trigger-before-ready", "partner-missing", "tight-trigger", "pulses-of-a-frame"];
    let made: Vec<&str> = cases::MAKERS.iter().map(|(_, expected, _)| *expected).chain(of_logs).chain(drawn).collect();
    for fault in FAULTS {
        assert!(made.contains(&fault.id), "no maker in tests/suite/diagnosis/cases.rs puts {} into a rig", fault.id);
    }
    for expected in made {
        assert!(find_fault(expected).is_some(), "{expected} is not in FAULTS of src/diagnosis/mod.rs");
    }
}

#[test]
fn a_passing_report_holds_no_finding_that_something_failed() {
    for number in 0..60 {
        let judgement = judge(&cases::case(number).1.bench);
        let failing = judgement.findings.iter().any(|finding| finding.severity == Severity::Fail);
        assert!(!(judgement.verdict == Verdict::Pass && failing), "case {number}");
        let lost = judgement.findings.iter().any(|finding| finding.fault == "dropped-samples");
        assert!(!(judgement.verdict == Verdict::Pass && lost), "case {number} passes with samples lost");
    }
}
