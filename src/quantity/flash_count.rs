//! Flashes that are missing or too many.

use super::count::Count;
use super::exposure::strobe_line;
use super::flash::FLASH_AND_STROBE;
use super::light::Span;
use super::overlap::{Overlap, Spans, exposed, sharing, span};
use super::pattern::owed_by_pattern;
use super::{Absent, ClockShare, Measure, On, Quantity, Track, Unseen, WhyLeftOut};
use crate::frame::{Exposure, Observation, Recorded};
use crate::rig::{Role, WireIndex};
use crate::units::{Rounding, Unit};

/// Exposures without flash.
pub(crate) static MISSING: Quantity = Quantity {
    id: "flash.missing",
    unit: Unit::Count,
    label: "missing flashes",
    definition: "exposures that no flash pulse touches, of a rolling shutter any of whose rows; frames that timing.flash_pattern leaves dark owe none",
    formula: "number of exposures that owe a flash and that no flash pulse touches",
    source: "pairing by overlap",
    raised_by: "a flash that was not fired, or fired outside the exposure",
    needs: FLASH_AND_STROBE,
    clock: ClockShare::Cancels,
    unseen: Unseen::Raise(On::Own(&[Role::Flash])),
    measure: Measure::Capture(missing),
};

/// Flash pulses without exposure.
pub(crate) static EXTRA: Quantity = Quantity {
    id: "flash.extra",
    unit: Unit::Count,
    label: "extra flashes",
    definition: "flash pulses that touch no exposure of the cameras that share the line",
    formula: "number of flash pulses that touch no exposure",
    source: "pairing by overlap",
    raised_by: "triggers without an exposure, bounce at the flash driver",
    needs: FLASH_AND_STROBE,
    clock: ClockShare::Cancels,
    unseen: Unseen::Raise(On::Sharing(&[Role::Strobe])),
    measure: Measure::Capture(extra),
};

fn missing(observation: &Observation, camera: usize) -> Result<Track, Absent> {
    if strobe_line(observation, camera)?.train.pulses.is_empty() {
        return Err(Absent::Silent(Role::Strobe.label()));
    }
    let frames = &observation.cameras[camera];
    let judged_from = observation.judged_from(camera);
    let light = Spans::of_light(observation, camera);
    let owes_light = owes_light(observation, camera);
    let is_lit = is_lit(observation, camera);
    let recorded = observation.recorded_on(observation.rig.cameras[camera].flash.iter().copied());
    let mut count = Count::default();
    for exposure in frames.exposures.iter().filter(|exposure| exposure.pulse.from() >= judged_from) {
        let Some(span) = exposed(observation, camera, exposure) else { continue };
        if !exposure.pulse.is_whole() || !was_recorded(recorded, &span) || !owes_light(exposure) {
            continue;
        }
        match light.overlap(&span) {
            Overlap::Sure => {}
            Overlap::Open => count.add_open(exposure.flashes.is_empty(), exposure.pulse.from(), exposure.pulse.to()),
            Overlap::None => count.add(1, exposure.pulse.from(), exposure.pulse.to()),
        }
    }
    let never_lit = if is_lit { 0 } else { frames.exposures.len() };
    Ok(count.track(observation).leaving_out(WhyLeftOut::NeverLit, never_lit))
}

fn extra(observation: &Observation, camera: usize) -> Result<Track, Absent> {
    strobe_line(observation, camera)?;
    let judged_from = observation.judged_from(camera);
    let exposures = Spans::of_exposures(observation, camera);
    let sharing = sharing(observation, camera).into_iter().filter_map(|other| observation.rig.cameras[other].strobe);
    let strobes = observation.recorded_on(sharing);
    let mut count = Count::default();
    for flash in &observation.cameras[camera].flashes {
        if !flash.pulse.is_whole() || flash.pulse.from() < judged_from {
            continue;
        }
        let light = span(&flash.pulse, &observation.lines[flash.wire.get()].slack);
        if !was_recorded(strobes, &light) {
            continue;
        }
        match exposures.overlap(&light) {
            Overlap::Sure => {}
            Overlap::Open => count.add_open(flash.touches.is_empty(), flash.pulse.from(), flash.pulse.to()),
            Overlap::None => count.add(1, flash.pulse.from(), flash.pulse.to()),
        }
    }
    Ok(count.track(observation))
}

/// Whether edges from the start of a span to its end would have been seen.
fn was_recorded(recorded: Recorded<'_>, span: &Span) -> bool {
    let (start, end) = (span.start.at.to_integer(Rounding::Down), span.end.until.to_integer(Rounding::Up));
    // The end lies behind the last sample of the span.
    start.zip(end).is_some_and(|(start, end)| recorded.holds(start, end - 1))
}

/// Whether an exposure owes a flash. One whose entry of the pattern is dark does not; neither does any of a camera that only
/// shares the flash lines of another one and is never lit by them.
pub(super) fn owes_light(observation: &Observation, camera: usize) -> impl Fn(&Exposure) -> bool {
    let is_lit = is_lit(observation, camera);
    let in_pattern = owed_by_pattern(observation, camera);
    move |exposure| is_lit && in_pattern(exposure)
}

/// Whether a camera has flash lines of its own, or is lit by those that it shares.
fn is_lit(observation: &Observation, camera: usize) -> bool {
    let rig = &observation.rig;
    let is_own = |wire: &WireIndex| rig.wire(*wire).owner == rig.cameras[camera].name;
    rig.cameras[camera].flash.iter().any(is_own)
        || observation.cameras[camera].flashes.iter().any(|flash| !flash.touches.is_empty())
}
