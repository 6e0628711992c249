//! By how much triggers that nothing answers came too early.

use crate::diagnosis::view::JudgedCamera;
use crate::quantity::{Point, ready};

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
