//! Flashes that light no exposure, among others that do.

use super::of_flash;
use crate::diagnosis::claims::Which;
use crate::diagnosis::fault::Candidate;
use crate::diagnosis::trigger::EXTRA_PULSES;
use crate::diagnosis::view::{JudgedCamera, counted};
use crate::frame::FlashPulse;
use crate::quantity::{flash, flash_count, flash_train, leak};

/// Flashes are too many one by one where at most one of so many lights no exposure; else they come at another time.
const OF_SO_MANY: usize = 4;

/// Flashes that are too many.
pub(super) fn too_many(camera: JudgedCamera<'_>) -> Option<Candidate> {
    let view = camera.capture;
    if !camera.is_broken(&flash_count::EXTRA) {
        return None;
    }
    let (flashes, exposures) = (&camera.frames().flashes, &camera.frames().exposures);
    // Where an exposure is missing, its flashes are not too many.
    let is_between = |flash: &FlashPulse| {
        let next = exposures.partition_point(|exposure| exposure.pulse.from() < flash.pulse.from());
        let beside = next.checked_sub(1).and_then(|last| exposures.get(last)).zip(exposures.get(next));
        let is_gap = |interval: i128| interval as f64 > 1.5 * camera.frame();
        beside.is_none_or(|(last, next)| !is_gap((next.pulse.from() - last.pulse.from()).get()))
    };
    let lights_nothing = |flash: &FlashPulse| flash.touches.is_empty() && flash.pulse.is_whole() && is_between(flash);
    let at: Vec<u64> = flashes.iter().filter(lights_nothing).map(|flash| flash.pulse.from().get()).collect();
    let first = *at.first()?;
    if at.len() * OF_SO_MANY > flashes.len() {
        return None;
    }
    let mut candidate = EXTRA_PULSES.seen(
        format!("{} too many: between exposures, the first at {}", counted(at.len(), "flash"), view.when(first)),
        format!("of {}, the others light exposures", counted(flashes.len(), "flash")),
    );
    candidate.finding.explanations.clear();
    let candidate = candidate
        .because(
            "something else fires the light as well: a second input of its driver, or a spike on its trigger",
            "probe the input of the driver beside its output: a pulse there comes from what fires it, else the driver makes it",
        )
        .unlike_if(true, "contended-fsin");
    let which = [
        Which::One(&flash_count::EXTRA),
        Which::One(&leak::LEAK),
        Which::One(&flash::ON_TIME),
        Which::One(&flash_train::OFF_TIME),
        Which::One(&flash_train::CYCLE_DUTY),
    ];
    let claims = camera.not_passed_near(&which, &at);
    Some(of_flash(camera, candidate, claims, at))
}
