//! Naming the fault: from frames, quantities and checks to what is wrong and what to do about it.

mod dead;
mod repeats;

use crate::frame::Observation;
use crate::units::SampleIndex;
use crate::verdict::Check;

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Something is broken.
    Fail,
    /// Something is on its way to break, or makes measurements doubtful.
    Warn,
    /// Worth knowing, and no fault.
    Info,
}

/// A fault that was recognised: what is seen, where, why, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The fault's id, such as `line-dead`.
    pub fault: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// The camera it is about, if one.
    pub camera: Option<String>,
    /// The line it is about, if one.
    pub line: Option<String>,
    /// What is wrong, in a sentence.
    pub summary: String,
    /// What shows it, in a sentence with numbers.
    pub evidence: String,
    /// The places that show it best.
    pub at: Vec<SampleIndex>,
    /// What causes it, most likely first.
    pub causes: Vec<String>,
    /// What to do, in the same order.
    pub remedies: Vec<String>,
    /// The ids of the checks that it explains.
    pub explains: Vec<&'static str>,
}

/// Looks for the faults of one family.
type Family = fn(&Observation, &[Check]) -> Vec<Finding>;

/// The families of faults.
static FAMILIES: &[Family] = &[dead::find, repeats::find];

/// What is wrong, most important first. Findings explain checks; they pass and fail nothing.
#[must_use]
pub fn diagnose(observation: &Observation, checks: &[Check]) -> Vec<Finding> {
    let mut findings: Vec<Finding> = FAMILIES.iter().flat_map(|find| find(observation, checks)).collect();
    findings.sort_by_key(|finding| finding.severity);
    findings
}
