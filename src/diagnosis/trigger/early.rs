//! Triggers that come before the camera is ready, or with less reserve than is asked for.

use super::{TIGHT_TRIGGER, TRIGGER_BEFORE_READY};
use crate::diagnosis::claims::{Side, Which, side_of};
use crate::diagnosis::fault::Candidate;
use crate::diagnosis::view::{JudgedCamera, counted, time_text};
use crate::quantity::{Point, ready};
use crate::verdict::{Plotted, Standing};

/// What the margins of unanswered triggers say, to stand behind the evidence; nothing where none came too early.
pub(super) fn too_early(camera: JudgedCamera<'_>, unanswered: &[u64]) -> String {
    let view = camera.capture;
    let Ok(track) = ready::MARGIN.measure(view.observation, camera.subject()) else { return String::new() };
    // The trigger lies at either end: before the end of an exposure or its own line, or behind the end that a stated time follows.
    let is_unanswered =
        |point: &Point| [point.from, point.to].iter().any(|at| unanswered.binary_search(&at.get()).is_ok());
    let early = track.points.iter().filter(|point| point.reading.value.is_negative() && is_unanswered(point));
    let early: Vec<f64> = early.map(|point| -point.reading.value.to_f64()).collect();
    let Some(most) = early.iter().copied().reduce(f64::max) else { return String::new() };
    let come = if early.len() == 1 { "comes" } else { "come" };
    format!(
        "; {} of them {come} before the camera is ready, by up to {} (trigger.margin)",
        early.len(),
        view.time(most)
    )
}

/// Margins below their limit: triggers that come before the camera is ready, or sooner after it than is asked for.
pub(super) fn not_ready(camera: JudgedCamera<'_>) -> Option<Candidate> {
    let check = camera.check(&ready::MARGIN)?;
    let is_below = |value: &Plotted| side_of(check, value) == Some(Side::Below);
    let below: Vec<Plotted> = check.track.of(Standing::Outside).filter(is_below).collect();
    let least = below.iter().map(|value| value.value).reduce(f64::min)?;
    let early = below.iter().filter(|value| value.value < 0.0).count();
    let of = counted(check.track.len(), "trigger");
    let candidate = if early > 0 {
        let come = if early == 1 { "comes" } else { "come" };
        TRIGGER_BEFORE_READY.seen(
            format!("{early} of {of} {come} before the camera is ready, by up to {}", time_text(-least)),
            format!("{early} margins are below 0 (trigger.margin)"),
        )
    } else {
        let come = if below.len() == 1 { "comes" } else { "come" };
        TIGHT_TRIGGER.seen(
            format!("{} of {of} {come} sooner after the camera is ready than is asked for", below.len()),
            format!("the soonest {} after it, where {} is asked for", time_text(least), check.rule),
        )
    };
    let claims = camera.not_passed(&[Which::One(&ready::MARGIN)]);
    let claims = claims.iter().map(|claim| claim.beyond(Side::Below)).collect();
    let at = below.iter().map(|value| value.at.get()).collect();
    Some(candidate.of_camera(camera.name(), claims).at(at))
}
