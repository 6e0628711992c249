//! The table of checks, and the list of those that are no pass.

use std::cmp::Reverse;

use super::marks::{Manner, Mark};
use crate::frame::Observation;
use crate::render::RenderError;
use crate::render::plot;
use crate::render::words::{counted, worst_text};
use crate::report::{Judgement, Overall};
use crate::rig::MAIN_CAMERA;
use crate::spec::Origin;
use crate::units::{Prefix, Rounding, Unit, value_text};
use crate::verdict::{Check, Verdict};

/// A row of the table.
pub(super) struct CheckRow {
    pub(super) anchor: String,
    pub(super) has_section: bool,
    pub(super) id: &'static str,
    pub(super) implied: bool,
    pub(super) of: String,
    pub(super) rule: String,
    pub(super) worst: String,
    pub(super) margin: String,
    pub(super) counts: String,
    /// An SVG element, or nothing.
    pub(super) spark: String,
    pub(super) mark: Mark,
    passes: bool,
}

impl CheckRow {
    /// Whether it stands apart, folded: it is implied, and passes.
    pub(super) fn is_folded(&self) -> bool {
        self.implied && self.passes
    }

    /// What it is called, with what it is of.
    pub(super) fn name(&self) -> String {
        if self.of.is_empty() { self.id.to_owned() } else { format!("{} ({})", self.id, self.of) }
    }
}

/// A check that is no pass.
pub(super) struct Attention {
    pub(super) anchor: String,
    pub(super) id: &'static str,
    pub(super) of: String,
    pub(super) reason: String,
    pub(super) mark: Mark,
}

/// The name of the place that tells of a check: `flash.lead`, and `flash.lead-2` where it is the second check of that quantity. No
/// name from outside is part of it.
pub(super) fn anchor(checks: &[Check], place: usize) -> String {
    let id = checks.get(place).map_or("", |check| check.quantity.id);
    match checks.iter().take(place).filter(|check| check.quantity.id == id).count() {
        0 => id.to_owned(),
        before => format!("{id}-{}", before + 1),
    }
}

/// The checks with their places: those that failed, then the open ones, then those that pass.
pub(super) fn worst_first(checks: &[Check]) -> Vec<(usize, &Check)> {
    let mut placed: Vec<(usize, &Check)> = checks.iter().enumerate().collect();
    placed.sort_by_key(|(_, check)| Reverse(Overall::from(check.verdict)));
    placed
}

/// What a check is of: a line with its camera unless it is the main one, or a camera where there are several.
pub(super) fn subject(judgement: &Judgement, check: &Check) -> String {
    let several = judgement.observation.rig.cameras.len() > 1;
    let camera = check.camera.as_deref().filter(|camera| several || *camera != MAIN_CAMERA);
    [camera, check.line.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

pub(super) fn rows(judgement: &Judgement, manner: Manner) -> Result<Vec<CheckRow>, RenderError> {
    (worst_first(&judgement.checks).into_iter())
        .map(|(place, check)| {
            Ok(CheckRow {
                anchor: anchor(&judgement.checks, place),
                has_section: has_section(check),
                id: check.quantity.id,
                implied: match check.origin {
                    Origin::Implied => true,
                    Origin::Stated => false,
                },
                of: subject(judgement, check),
                rule: unbroken(&check.rule),
                worst: worst_text(check),
                margin: margin(check, &judgement.observation),
                counts: counts(check),
                spark: plot::sparkline(check)?.unwrap_or_default(),
                mark: manner.mark(check.verdict),
                passes: check.verdict == Verdict::Pass,
            })
        })
        .collect()
}

/// A rule that breaks between its entries only.
fn unbroken(rule: &str) -> String {
    rule.replace(' ', "\u{a0}").replace(",\u{a0}", ", ")
}

/// Whether a check has a section of its own: what is measured per frame, and whatever is no pass.
pub(super) fn has_section(check: &Check) -> bool {
    check.quantity.is_per_frame() || check.verdict != Verdict::Pass
}

/// The least margin, rounded to what samples tell, against the check.
pub(super) fn margin(check: &Check, observation: &Observation) -> String {
    let Some(worst) = &check.worst else { return String::new() };
    let (margin, unit) = (&worst.margin, check.quantity.unit);
    match unit {
        Unit::Second => {
            let prefix = Prefix::for_known(margin, observation.rate.period(), unit);
            prefix.text(margin, prefix.places_for(observation.rate.period()), Rounding::Down)
        }
        Unit::Hertz | Unit::Percent | Unit::Ppm => match check.uncertainty.as_ref().filter(|width| !width.is_zero()) {
            Some(half_width) => {
                let prefix = Prefix::for_known(margin, half_width, unit);
                prefix.text(margin, prefix.places_for(half_width), Rounding::Down)
            }
            None => value_text(margin, unit, Rounding::Down),
        },
        Unit::Count => value_text(margin, unit, Rounding::Down),
    }
}

/// How many values were judged, and how many of them are no pass.
pub(super) fn counts(check: &Check) -> String {
    let mut texts = vec![check.measured.to_string()];
    if check.failed > 0 {
        texts.push(format!("{}\u{a0}outside", check.failed));
    }
    if check.marginal > 0 {
        texts.push(format!("{}\u{a0}undecided", check.marginal));
    }
    texts.join(", ")
}

/// The checks that failed, then those that are open.
pub(super) fn attention(judgement: &Judgement) -> Vec<Attention> {
    let of = |verdict: Verdict| {
        let checks = judgement.checks.iter().enumerate().filter(move |(_, check)| check.verdict == verdict);
        checks.map(|(place, check)| Attention {
            anchor: anchor(&judgement.checks, place),
            id: check.quantity.id,
            of: subject(judgement, check),
            reason: check.reason.clone().unwrap_or_else(|| counted(check.failed, "value") + " outside"),
            mark: Mark::of(check.verdict.into()),
        })
    };
    of(Verdict::Fail).chain(of(Verdict::Inconclusive)).collect()
}
