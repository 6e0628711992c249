//! What no fault explains: what was looked for, so that nobody looks for it again.

use super::claims::{EXPOSURE, FLASH, FRAME, FSIN, LINE, Ledger, ROLLING, SKEW, TIMESTAMP, TRIGGER, Which};
use super::fault::{Candidate, Cause, Fault};
use super::view::{CaptureView, counted};
use super::{
    Severity, cameras, clock, contact, crosstalk, electric, exposure, flash, lamp, logs, noise, source, trigger,
};
use crate::verdict::Check;

/// What is left over.
pub(super) static UNEXPLAINED: Fault = Fault {
    id: "unexplained",
    number: "F53",
    severity: Severity::Info,
    about: "Values are proven outside their limits, and no fault that is known here makes them so.",
    drawing: "\
asked   __|~~~~|______________|~~~~|____________
seen    ________|~~~~|______________|~~~~|______   and nothing says why",
    causes: &[&OTHERWISE],
    look_alikes: &[],
};

static OTHERWISE: Cause = Cause {
    why: "the camera is set otherwise than the spec says, or the spec asks for what this camera does not do",
    remedy: "compare the measured values with what the camera is set to; state what is meant in [limits]",
};

/// The faults that break the quantities of a family.
static LOOKED_FOR: &[(Which, &[&Fault])] = &[
    (LINE, &[&contact::GLITCHES, &noise::FLOATING_LINE, &electric::MARGINAL_THRESHOLD, &crosstalk::CROSSTALK_SPIKE]),
    (FRAME, &[&source::RATE_MISMATCH, &trigger::DROPPED_FRAME, &clock::PHASE_RESET, &clock::SYNC_HUNTING]),
    (FSIN, &[&source::FSIN_TOO_NARROW]),
    (TRIGGER, &[&trigger::MISSED_TRIGGER, &clock::TRIGGER_JITTER]),
    (
        EXPOSURE,
        &[
            &exposure::EXPOSURE_SCALED,
            &exposure::ALTERNATING_EXPOSURE,
            &exposure::AUTO_EXPOSURE_ON,
            &clock::TRIGGER_JITTER,
            &clock::EXPOSURE_SHIFTED,
        ],
    ),
    (
        FLASH,
        &[
            &flash::FLASH_LATE,
            &flash::FLASH_EARLY,
            &flash::FLASH_SHORT,
            &flash::FLASH_LEAK,
            &lamp::LIGHT_ON_ITS_OWN_CLOCK,
        ],
    ),
    (ROLLING, &[&super::light::ROLLING_PARTIAL_FLASH]),
    (SKEW, &[&cameras::CAMERA_DRIFT, &cameras::SOFT_SYNC_STEPS, &cameras::PARTNER_MISSING]),
    (TIMESTAMP, &[&logs::HOST_DROP, &logs::TIMESTAMP_CONVENTION]),
];

/// What is still proven outside after all findings.
pub(super) fn find(view: &CaptureView<'_>, ledger: &Ledger<'_>) -> Option<Candidate> {
    let left = ledger.unexplained();
    let (first, _) = *left.first()?;
    let checks: Vec<&Check> = left.iter().map(|(place, _)| &view.checks[*place]).collect();
    let mut names: Vec<&str> = checks.iter().map(|check| check.quantity.id).collect();
    names.dedup();
    let looked_for = LOOKED_FOR.iter().filter(|(which, _)| checks.iter().any(|check| which.holds(check.quantity)));
    let ruled_out: Vec<&str> = looked_for.flat_map(|(_, faults)| faults.iter().map(|fault| fault.id)).collect();
    let values: u64 = left.iter().map(|(_, count)| count).sum();
    let looked = match ruled_out.as_slice() {
        [] => String::new(),
        [..] => format!("; it is not {}", ruled_out.join(", nor ")),
    };
    let are = if names.len() == 1 { "is" } else { "are" };
    let mut candidate = UNEXPLAINED.seen(
        format!("{} {are} outside the limits, and nothing known here makes it so", names.join(", ")),
        format!("{} left over{looked}", counted(usize::try_from(values).unwrap_or(usize::MAX), "value")),
    );
    candidate.finding.camera = view.checks[first].camera.clone();
    let at = checks.iter().flat_map(|check| check.violations.iter().map(|worst| worst.from.get())).collect();
    let claims = left.iter().map(|(place, _)| super::claims::Claim::all(*place)).collect();
    Some(candidate.at(at).explaining(claims))
}
