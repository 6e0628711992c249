//! The table, row by row: what the reader makes of a file, what the verdict is, how the command ends, and what
//! sigrok-cli reads from it.

use std::process::Command;

use assert_cmd::cargo::CommandCargoExt as _;
use strobecheck::capture::Integrity;
use strobecheck::verdict::Verdict;

use super::archives::{LENGTH, SPEC, judged, read, samples, states_without};
use super::table::{BySigrok, Case, Outcome, cases};

/// What is wrong with how a row came out; none when it is as it must be.
fn fault(case: &Case) -> Option<String> {
    let reading = read(&case.file);
    let judgement = judged(&case.file, SPEC);
    let refusal = reading.as_ref().err().map(ToString::to_string).or_else(|| judgement.as_ref().err().cloned());
    match (&case.outcome, refusal) {
        (Outcome::Refused(reason), Some(refusal)) => {
            (!refusal.contains(reason)).then(|| format!("refused with '{refusal}', not '{reason}'"))
        }
        (Outcome::Refused(reason), None) => Some(format!("not refused with '{reason}': {reading:?}")),
        (Outcome::Right | Outcome::RightWith(_) | Outcome::Flagged { .. }, Some(refusal)) => {
            Some(format!("refused with '{refusal}'"))
        }
        (Outcome::Right, None) => unlike_the_truth(case, ""),
        (Outcome::RightWith(warning), None) => unlike_the_truth(case, warning),
        (Outcome::Flagged { says, lost }, None) => unlike_the_flag(case, says, lost),
    }
}

fn unlike_the_truth(case: &Case, warning: &str) -> Option<String> {
    let reading = read(&case.file).unwrap();
    let judgement = judged(&case.file, SPEC).unwrap();
    let warnings = &reading.header.warnings;
    let said = if warning.is_empty() { warnings.is_empty() } else { warnings.iter().any(|w| w.contains(warning)) };
    let is_right = reading.changes == states_without(&[])
        && reading.extent.length.get() == LENGTH
        && reading.extent.problems.is_empty()
        && reading.lost().is_empty()
        && judgement.verdict == Verdict::Pass;
    (!is_right || !said).then(|| format!("{:?} {reading:?} {:?}", judgement.verdict, judgement.reason))
}

fn unlike_the_flag(case: &Case, says: &str, lost: &[(u64, u64)]) -> Option<String> {
    let reading = read(&case.file).unwrap();
    let judgement = judged(&case.file, SPEC).unwrap();
    let is_known = reading.extent.length.get() == LENGTH;
    let is_flagged = reading.extent.problems.iter().any(|problem| problem.contains(says))
        && reading.lost() == lost
        && (!is_known || reading.changes == states_without(lost))
        && judgement.provenance.integrity == Integrity::Damaged
        && judgement.verdict != Verdict::Pass;
    (!is_flagged).then(|| format!("{:?} {reading:?}", judgement.verdict))
}

fn report(faults: Vec<String>) {
    assert!(faults.is_empty(), "{} rows:\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn every_row_is_right_flagged_or_refused_as_it_must_be() {
    let faults = cases().iter().filter_map(|case| Some(format!("{}: {}", case.name, fault(case)?))).collect();
    report(faults);
}

#[test]
fn no_two_rows_are_the_same() {
    let cases = cases();
    assert!(cases.len() > 130, "{} rows", cases.len());
    for (place, case) in cases.iter().enumerate() {
        assert!(cases[place + 1..].iter().all(|other| other.name != case.name), "{}", case.name);
    }
}

#[test]
fn the_command_ends_as_the_row_says() {
    let folder = tempfile::tempdir().unwrap();
    let (capture, spec) = (folder.path().join("case.sr"), folder.path().join("spec.toml"));
    std::fs::write(&spec, SPEC).unwrap();
    let mut faults = Vec::new();
    for case in cases() {
        std::fs::write(&capture, &case.file).unwrap();
        let output = (Command::cargo_bin("strobecheck").unwrap())
            .args(["verify", "--no-report", "-q"])
            .arg(&capture)
            .output()
            .unwrap();
        let wanted: &[i32] = match case.outcome {
            Outcome::Right | Outcome::RightWith(_) => &[0],
            Outcome::Flagged { .. } => &[1, 3],
            Outcome::Refused(_) => &[2],
        };
        if !output.status.code().is_some_and(|code| wanted.contains(&code)) {
            faults.push(format!("{}: {:?}, not {wanted:?}", case.name, output.status));
        }
    }
    report(faults);
}

#[test]
fn sigrok_reads_the_same_samples_where_both_read_right() {
    let folder = tempfile::tempdir().unwrap();
    let capture = folder.path().join("case.sr");
    let samples = samples();
    let mut faults = Vec::new();
    for case in cases() {
        if !matches!(case.outcome, Outcome::Right | Outcome::RightWith(_)) {
            continue;
        }
        std::fs::write(&capture, &case.file).unwrap();
        let output = (Command::new("sigrok-cli").arg("-i").arg(&capture).args(["-O", "binary"]).output())
            .unwrap_or_else(|error| panic!("sigrok-cli cannot be run: {error}; these tests need it"));
        // Of wider samples, their first byte.
        let unit = output.stdout.len() / samples.len();
        let same = unit > 0 && output.stdout.iter().step_by(unit).eq(samples.iter());
        let expected = match case.by_sigrok {
            BySigrok::Same => true,
            BySigrok::Other => false,
            BySigrok::Luck => same,
        };
        if same != expected {
            faults.push(format!("{}: sigrok-cli reads {} bytes", case.name, output.stdout.len()));
        }
    }
    report(faults);
}
