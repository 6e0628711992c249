//! Whether a capture is good: whole, and passed by what was learned.

use super::{GoodCapture, Known, LearnError, observe};
use crate::capture::Integrity;
use crate::diagnosis::{self, Finding, Severity};
use crate::spec::Spec;
use crate::verdict::{Check, Verdict, judge, laid};

/// Refuses a capture whose record is damaged.
pub(super) fn is_whole(good: &GoodCapture) -> Result<(), LearnError> {
    match good.capture.integrity() {
        Integrity::Complete => Ok(()),
        Integrity::Damaged => {
            let problem = good.capture.problems.first().map(|problem| format!(" ({problem})")).unwrap_or_default();
            Err(refused(good, format!("it is damaged{problem}: what is lost may be what is not good")))
        }
    }
}

/// Refuses a capture in which something is found, or that the spec does not pass.
pub(super) fn passes(good: &GoodCapture, spec: &Spec) -> Result<(), LearnError> {
    let observation = laid(spec, observe(good, spec, Known::Good)?);
    let checks: Vec<Check> = spec.rules.iter().map(|rule| judge(rule, spec, &observation)).collect();
    is_passed(good, &checks, &diagnosis::diagnose(&observation, &checks))
}

/// Refuses a capture in which something was found, or that did not pass what was learned.
pub(super) fn is_passed(good: &GoodCapture, checks: &[Check], findings: &[Finding]) -> Result<(), LearnError> {
    if let Some(finding) = findings.iter().find(|finding| finding.severity != Severity::Info) {
        return Err(refused(good, format!("it is not good: {}: {}", finding.fault, finding.summary)));
    }
    match checks.iter().find(|check| check.verdict != Verdict::Pass) {
        Some(check) => {
            let reason = check.reason.as_deref().unwrap_or("it could not be judged");
            Err(refused(good, format!("it is not good: {} ({}): {reason}", check.quantity.id, check.rule)))
        }
        None => Ok(()),
    }
}

pub(super) fn refused(good: &GoodCapture, reason: String) -> LearnError {
    LearnError::Refused { capture: good.name.clone(), reason }
}
