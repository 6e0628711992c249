//! The one way from a capture and a spec to a verdict: pure, without files, clock or environment.

use std::sync::Arc;

use crate::capture::{Capture, Integrity};
use crate::diagnosis;
use crate::frame::{Observation, ObserveError};
use crate::log::CameraLog;
use crate::report::{Judgement, Provenance, RateSource};
use crate::rig::AlignmentSetting;
use crate::spec::{Rule, Spec};
use crate::units::{SampleRate, counted};
use crate::verdict::{Check, Instrument, Verdict, applies, capability, judge, laid};

/// Why a capture cannot be judged by a spec.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VerifyError {
    /// The spec's wiring does not fit the capture.
    #[error(transparent)]
    Observe(#[from] ObserveError),
    /// The correction leaves no sample rate.
    #[error("analyzer.correction leaves no sample rate above zero")]
    Correction,
}

/// What the rig's lines did in a capture, at its true sample rate, and where the spec's sequences lie in it.
///
/// # Errors
/// [`VerifyError`] when the rig's probes are not in the capture.
pub fn observe(capture: &Capture, spec: &Spec) -> Result<Observation, VerifyError> {
    observe_with_log(capture, spec, None)
}

/// The same, with what the camera's log says of it.
///
/// # Errors
/// [`VerifyError`] when the rig's probes are not in the capture.
pub fn observe_with_log(capture: &Capture, spec: &Spec, log: Option<&CameraLog>) -> Result<Observation, VerifyError> {
    let rate: SampleRate = capture.rate.corrected(&spec.analyzer.correction).ok_or(VerifyError::Correction)?;
    let observation = Observation::of(&spec.rig, capture, &rate, &spec.analyzer.clock)?;
    let observation = match log {
        Some(log) => observation.with_log(log, &spec.timestamps),
        None => observation,
    };
    Ok(laid(spec, observation))
}

/// Judges a capture by a spec. `provenance` and `spec_source` go into the report as they are.
///
/// # Errors
/// [`VerifyError`] when the spec's wiring does not fit the capture.
pub fn verify(
    capture: &Capture,
    spec: Arc<Spec>,
    spec_source: String,
    provenance: Provenance,
) -> Result<Judgement, VerifyError> {
    let log = provenance.log.as_ref().map(|file| file.log.as_ref());
    let observation = Arc::new(observe_with_log(capture, &spec, log)?);
    let rules: Vec<&Rule> = spec.rules.iter().filter(|rule| applies(rule, &observation)).collect();
    let mut checks: Vec<Check> = rules.iter().map(|rule| judge(rule, &spec, &observation)).collect();
    if let Some(other) = aligned_otherwise(&spec, &observation) {
        let observation = observe_with_log(capture, &other, log)?;
        let others = rules.iter().map(|rule| judge(rule, &other, &observation));
        checks = checks.into_iter().zip(others).map(|(check, other)| check.unless_otherwise(&other)).collect();
    }
    match provenance.rate_source {
        RateSource::File | RateSource::Stated => {}
        RateSource::TimeUnit => checks = checks.into_iter().map(Check::unproven).collect(),
    }
    let findings = diagnosis::diagnose(&observation, &checks);
    let instrument = Instrument { rate: &observation.rate, clock: &spec.analyzer.clock };
    let capability = capability(&checks, instrument);
    // Whatever the provenance says: a capture that is damaged itself cannot pass.
    let is_whole = [capture.integrity(), provenance.integrity].iter().all(|it| *it == Integrity::Complete);
    let is_whole = is_whole && observation.lost.is_empty();
    let integrity = if is_whole { Integrity::Complete } else { Integrity::Damaged };
    let (verdict, reason) = overall(&spec, &checks, &observation, &integrity, provenance.rate_source);
    let provenance = Provenance { integrity, ..provenance };
    Ok(Judgement { provenance, spec, spec_source, observation, checks, findings, capability, verdict, reason })
}

/// The same spec with the other alignment of the cameras whose alignment the capture hardly tells; `None` if there are none.
fn aligned_otherwise(spec: &Spec, observation: &Observation) -> Option<Spec> {
    let mut other = spec.clone();
    let mut any = false;
    for (camera, frames) in other.rig.cameras.iter_mut().zip(&observation.cameras) {
        if let Some(alignment) = frames.other_alignment {
            camera.alignment = AlignmentSetting::Stated(alignment);
            any = true;
        }
    }
    any.then_some(other)
}

/// Any fail fails; any inconclusive, a damaged record, lost samples, or nothing judged is inconclusive; else it passes.
fn overall(
    spec: &Spec,
    checks: &[Check],
    observation: &Observation,
    integrity: &Integrity,
    rate_source: RateSource,
) -> (Verdict, Option<String>) {
    let of = |verdict: Verdict| checks.iter().filter(move |check| check.verdict == verdict).count();
    let (failed, open) = (of(Verdict::Fail), of(Verdict::Inconclusive));
    if failed > 0 {
        return (Verdict::Fail, Some(format!("{} of {} failed", counted(failed, "check"), checks.len())));
    }
    match integrity {
        Integrity::Damaged => {
            let text = "the capture is damaged: what is lost may have broken a limit; judge an intact window with --from and --to";
            return (Verdict::Inconclusive, Some(text.to_owned()));
        }
        Integrity::Complete => {}
    }
    if let Some(reason) = spec.why_nothing_is_judged() {
        return (Verdict::Inconclusive, Some(reason.to_owned()));
    }
    if open > 0 && rate_source == RateSource::TimeUnit {
        let text = "the file states times and no sample rate, so nothing is decided; state the rate with --samplerate";
        return (Verdict::Inconclusive, Some(text.to_owned()));
    }
    if observation.seams.are_certain() {
        let text = "the analyzer lost samples, or made them up: the capture is at fault, not the camera; capture again";
        return (Verdict::Inconclusive, Some(text.to_owned()));
    }
    if open > 0 {
        return (
            Verdict::Inconclusive,
            Some(format!("{} of {} could not be decided", counted(open, "check"), checks.len())),
        );
    }
    (Verdict::Pass, None)
}
