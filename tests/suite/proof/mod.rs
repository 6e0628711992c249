//! No verdict that the capture does not prove: laws that hold of every rig, tried on random ones; `runs` says how many, and how
//! to try one again.

mod advice;
mod boundary;
mod damage;
mod good;
mod laws;
mod runs;
mod silence;

use std::sync::Arc;

use strobecheck::capture::Capture;
use strobecheck::log::{CameraLog, LogColumns};
use strobecheck::report::{Judgement, LogFile, Provenance};
use strobecheck::spec::Spec;
use strobecheck::verdict::Verdict::{self, Inconclusive, Pass};
use strobecheck::verify::verify;

use crate::generator::{Limit, Rig};
use runs::Broken;

/// Whether a property holds of a rig.
type Holds = Result<(), Box<Broken>>;

/// What is said of a rig by a spec with these limits.
fn judged(rig: &Rig, limits: &[Limit]) -> Judgement {
    judged_on(&rig.capture(), rig, limits)
}

/// What is said of a rig by this record of it.
fn judged_on(capture: &Capture, rig: &Rig, limits: &[Limit]) -> Judgement {
    let text = rig.spec(limits);
    let spec = Spec::parse("rig.spec.toml", &text).unwrap_or_else(|error| panic!("rig {}: {error}\n{text}", rig.seed));
    let log = rig.log.as_ref().map(|csv| LogFile {
        path: "rig.csv".to_owned(),
        sha256: String::new(),
        log: Arc::new(CameraLog::parse("rig.csv", csv.as_bytes(), &LogColumns::default()).unwrap()),
    });
    let provenance = Provenance { log, ..Provenance::of(capture) };
    verify(capture, Arc::new(spec), "rig".to_owned(), provenance)
        .unwrap_or_else(|error| panic!("rig {}: {error}\n{text}", rig.seed))
}

/// What is said of a rig that it should not be.
fn broken(rig: Rig, limits: Vec<Limit>, judgement: &Judgement, wrong: &str) -> Holds {
    Err(Box::new(Broken { why: format!("{wrong}: {}", told(judgement)), rig, limits }))
}

/// What is said of a rig, but for what passes.
fn told(judgement: &Judgement) -> String {
    let checks = judgement.checks.iter().filter(|check| check.verdict != Pass).map(|check| {
        let of = check.camera.as_deref().or(check.line.as_deref()).unwrap_or("-");
        format!("{} of {of} {:?} ({})", check.quantity.id, check.verdict, check.reason.as_deref().unwrap_or("-"))
    });
    let findings = judgement.findings.iter().map(|finding| format!("{}: {}", finding.fault, finding.summary));
    let all: Vec<String> = checks.chain(findings).collect();
    format!("{:?} ({}): {}", judgement.verdict, judgement.reason.as_deref().unwrap_or("-"), all.join("; "))
}

/// Judges a rig; the verdict must be one of these.
fn judged_as(verdicts: &[Verdict], wrong: &str, rig: Rig, limits: Vec<Limit>) -> Holds {
    let judgement = judged(&rig, &limits);
    if verdicts.contains(&judgement.verdict) { Ok(()) } else { broken(rig, limits, &judgement, wrong) }
}

/// Whether all that is open is so for this reason.
fn open_only_for(judgement: &Judgement, reason: &str) -> bool {
    let mut open = judgement.checks.iter().filter(|check| check.verdict == Inconclusive).peekable();
    judgement.verdict == Inconclusive
        && open.peek().is_some()
        && open.all(|check| check.reason.as_deref().is_some_and(|text| text.contains(reason)))
}
