//! What was worst since the watching began.

use std::collections::BTreeMap;

use crate::report::Judgement;
use crate::units::{Rational, SampleIndex, measured_text};
use crate::verdict::{Check, Judged, Verdict};

/// By what a check is known.
pub(super) type CheckKey = (&'static str, Option<String>, Option<String>);

/// The worst value of a check.
#[derive(Debug, Clone)]
pub(super) struct Worst {
    margin: Rational,
    pub(super) text: String,
    pub(super) verdict: Verdict,
}

/// The worst of everything.
#[derive(Debug, Default)]
pub(super) struct History {
    checks: BTreeMap<CheckKey, Worst>,
    glitches: BTreeMap<String, u64>,
}

pub(super) fn key(check: &Check) -> CheckKey {
    (check.quantity.id, check.camera.clone(), check.line.clone())
}

impl History {
    /// Takes a judgement of the window.
    pub(super) fn add(&mut self, judgement: &Judgement) {
        for check in &judgement.checks {
            let Some(worst) = &check.worst else { continue };
            let is_worse = self.checks.get(&key(check)).is_none_or(|before| worst.margin < before.margin);
            if is_worse {
                let text = value_text(check, worst);
                let verdict = check.verdict;
                self.checks.insert(key(check), Worst { margin: worst.margin.clone(), text, verdict });
            }
        }
        for (line, wire) in judgement.observation.lines.iter().zip(judgement.observation.rig.wires()) {
            let seen = last_second(judgement, line.train.glitches.iter().map(|glitch| glitch.from));
            let worst = self.glitches.entry(wire.full_key()).or_default();
            *worst = (*worst).max(seen);
        }
    }

    pub(super) fn worst(&self, check: &Check) -> Option<&Worst> {
        self.checks.get(&key(check))
    }

    pub(super) fn worst_glitches(&self, line: &str) -> u64 {
        self.glitches.get(line).copied().unwrap_or(0)
    }
}

/// A value as it stands beside its rule.
pub(super) fn value_text(check: &Check, judged: &Judged) -> String {
    let half = match (&judged.low, &judged.high) {
        (Some(low), Some(high)) => (high - low).half(),
        (Some(_) | None, _) => Rational::ZERO,
    };
    measured_text(&judged.value, &half, check.quantity.unit)
}

/// How many of these places lie in the last second of the window.
pub(super) fn last_second(judgement: &Judgement, places: impl Iterator<Item = SampleIndex>) -> u64 {
    let observation = &judgement.observation;
    let second = observation.rate.index_at_or_after(&Rational::from(1_i128)).unwrap_or_default().get();
    let from = observation.length.get().saturating_sub(second);
    places.filter(|at| at.get() >= from).count() as u64
}
