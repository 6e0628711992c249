//! Naming the fault: from lines, frames, quantities and checks to what is wrong and what to do about it.
//!
//! One file per family of faults, one line each in `FAMILIES`; every fault is an entry of [`FAULTS`] with its words,
//! which findings and `explain` share. The families are asked in the order of cause and effect: what is wrong with the
//! record, then with a wire, then with what drives it, then with what the camera does. A finding names the checks that
//! it explains; a later one that would explain nothing more is its consequence and is left out.
//!
//! Findings pass and fail nothing. Statistics here are floats; no verdict depends on them.

mod cameras;
mod claims;
mod clock;
mod contact;
mod crosstalk;
mod dead;
mod drivers;
mod electric;
#[cfg(test)]
mod example;
mod explained;
mod exposure;
mod fault;
mod filter;
mod flash;
mod lamp;
mod light;
mod logs;
mod noise;
mod record;
mod rhythm;
mod ringing;
mod scale;
mod series;
mod source;
mod trains;
mod trigger;
mod unexplained;
mod view;
mod wiring;

pub use fault::{Cause, Fault, LookAlike};

use schemars::JsonSchema;
use serde::Serialize;

use crate::frame::Observation;
use crate::units::SampleIndex;
use crate::verdict::{Check, Judged, Verdict};
use claims::Ledger;
use fault::Candidate;
use view::CaptureView;

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(rename = "severity")]
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
    /// What may cause it, each with what to do then: those that its values speak for first. What they contradict is not here.
    pub explanations: Vec<Explanation>,
    /// What looks like it, and how to tell.
    pub look_alikes: Vec<&'static LookAlike>,
    /// The ids of the checks that it explains.
    pub explains: Vec<&'static str>,
}

/// How far what was measured speaks for a cause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(rename = "support")]
pub enum Support {
    /// The values are what this cause makes of them, and others do not.
    Supported,
    /// The values do not contradict it.
    Possible,
}

impl Support {
    /// How likely it is, in a word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Support::Supported => "likely",
            Support::Possible => "perhaps",
        }
    }
}

/// A cause of a finding that its values do not contradict, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields, rename = "explanation")]
pub struct Explanation {
    /// Why.
    pub cause: String,
    /// What to do.
    pub remedy: String,
    /// How far the values speak for it.
    pub support: Support,
}

/// Every fault that can be found, in the order of the field guide.
pub static FAULTS: &[&Fault] = &[
    &dead::LINE_DEAD,
    &wiring::POLARITY_INVERTED,
    &trigger::MISSED_TRIGGER,
    &trigger::HALF_RATE,
    &exposure::ALTERNATING_EXPOSURE,
    &trigger::EXTRA_PULSES,
    &trigger::START_TRANSIENT,
    &source::RATE_MISMATCH,
    &cameras::CAMERA_DRIFT,
    &cameras::SOFT_SYNC_STEPS,
    &exposure::EXPOSURE_EXCEEDS_FRAME,
    &exposure::AUTO_EXPOSURE_ON,
    &exposure::LATE_EXPOSURE_CHANGE,
    &exposure::EXPOSURE_SCALED,
    &trigger::DROPPED_FRAME,
    &clock::PHASE_RESET,
    &logs::HOST_DROP,
    &logs::SEQUENCE_OFFSET,
    &noise::FLOATING_LINE,
    &electric::MARGINAL_THRESHOLD,
    &electric::SLOW_EDGE,
    &contact::GLITCHES,
    &source::FSIN_TOO_NARROW,
    &source::FSIN_TOO_SHORT_FOR_FLASH,
    &clock::TRIGGER_JITTER,
    &flash::FLASH_LATE,
    &flash::FLASH_SHORT,
    &flash::FLASH_LEAK,
    &flash::FLASH_OVER_DUTY,
    &light::ROLLING_PARTIAL_FLASH,
    &light::FLASH_PATTERN_SLIP,
    &clock::SYNC_HUNTING,
    &clock::STROBE_JITTER,
    &record::DROPPED_SAMPLES,
    &wiring::SWAPPED_PROBES,
    &record::TRUNCATED_PULSES,
    &logs::TIMESTAMP_CONVENTION,
    &drivers::CONTENDED_FSIN,
    &dead::FSIN_SILENT,
    &contact::INTERMITTENT_CONTACT,
    &flash::FLASH_MISSING,
    &flash::FLASH_EARLY,
    &flash::FLASH_TIMEOUT,
    &lamp::LIGHT_ON_ITS_OWN_CLOCK,
    &lamp::PWM_LIGHT,
    &lamp::MAINS_LIGHT,
    &crosstalk::CROSSTALK_SPIKE,
    &scale::CLOCK_SCALED,
    &trigger::OVERTRIGGER,
    &trigger::TRIGGER_BEFORE_READY,
    &trigger::STREAM_STARTS_LATE,
    &trigger::CAMERA_STOPS,
    &cameras::PARTNER_MISSING,
    &unexplained::UNEXPLAINED,
    &logs::METADATA_LAG,
    &filter::FILTER_EATS_PULSES,
    &trigger::TIGHT_TRIGGER,
    &trigger::PULSES_OF_A_FRAME,
    &clock::EXPOSURE_SHIFTED,
];

/// The fault with this id.
#[must_use]
pub fn find_fault(id: &str) -> Option<&'static Fault> {
    FAULTS.iter().copied().find(|fault| fault.id == id)
}

/// Looks for the faults of one family.
type Family = fn(&CaptureView<'_>) -> Vec<Candidate>;

/// The families of faults, causes before their consequences.
static FAMILIES: &[Family] = &[
    record::find_losses,
    filter::find,
    dead::find,
    lamp::find,
    noise::find,
    drivers::find,
    contact::find_chatter,
    electric::find,
    wiring::find,
    exposure::find_overlong,
    contact::find_absences,
    scale::find,
    source::find,
    trigger::find,
    clock::find,
    exposure::find,
    flash::find,
    light::find,
    cameras::find,
    logs::find,
    record::find_truncated,
];

/// The most findings that are listed: a rig of many lines may have one each.
const LISTED: usize = 40;

/// What is wrong, most important first. Findings explain checks; they pass and fail nothing.
#[must_use]
pub fn diagnose(observation: &Observation, checks: &[Check]) -> Vec<Finding> {
    let view = CaptureView::new(observation, checks);
    let candidates: Vec<Candidate> = FAMILIES.iter().flat_map(|family| family(&view)).collect();
    let mut findings = covering(&view, candidates);
    findings.truncate(LISTED);
    let is_failed = checks.iter().any(|check| check.verdict == Verdict::Fail);
    for finding in &mut findings {
        // What passes, or cannot be decided, holds no finding that something is broken.
        if finding.severity == Severity::Fail && !is_failed {
            finding.severity = Severity::Warn;
        }
    }
    findings.sort_by_key(|finding| finding.severity);
    findings
}

/// The candidates that explain something which those before them do not: the one that explains most first, of equals the
/// cause before its consequence. Those that claim nothing, or that cannot be told from another one, follow.
fn covering(view: &CaptureView<'_>, candidates: Vec<Candidate>) -> Vec<Finding> {
    let mut ledger = Ledger::of(view.checks);
    let (mut claiming, mut beside): (Vec<Candidate>, Vec<Candidate>) =
        candidates.into_iter().partition(|candidate| !candidate.claims.is_empty());
    let mut findings = Vec::new();
    loop {
        let gains = claiming.iter().map(|candidate| ledger.gain(&candidate.claims));
        // Of equals the first: the place counts down.
        let best = gains.enumerate().max_by_key(|(place, gain)| (*gain, usize::MAX - place));
        let Some((place, _)) = best.filter(|(_, gain)| *gain > 0) else { break };
        let candidate = claiming.remove(place);
        ledger.explain(&candidate.claims);
        findings.push(finished(view, candidate));
    }
    beside.extend(claiming.into_iter().filter(|candidate| candidate.stays));
    beside.extend(unexplained::find(view, &ledger));
    findings.extend(beside.into_iter().map(|candidate| finished(view, candidate)));
    findings
}

/// A finding that says which checks it accounts for, and whose places are those of their violations.
fn finished(view: &CaptureView<'_>, candidate: Candidate) -> Finding {
    let Candidate { mut finding, claims, .. } = candidate;
    let claimed: Vec<&Check> = claims.iter().map(|claim| &view.checks[claim.check]).collect();
    for check in &claimed {
        if !finding.explains.contains(&check.quantity.id) {
            finding.explains.push(check.quantity.id);
        }
    }
    for place in &mut finding.at {
        let is_there = |worst: &&Judged| worst.from <= *place && *place <= worst.to;
        if let Some(worst) = claimed.iter().flat_map(|check| &check.violations).find(is_there) {
            *place = worst.from;
        }
    }
    finding.at.dedup();
    finding
}
