//! Flashes that are missing or too many.

use super::count::Count;
use super::exposure::strobe_line;
use super::flash::FLASH_AND_STROBE;
use super::light::Span;
use super::overlap::{Overlap, Spans, exposed, sharing, span};
use super::owed::missing_pulses;
use super::pattern::owed_by_pattern;
use super::{Absent, ClockShare, Measure, Needs, On, Quantity, Track, Unseen, WhyLeftOut};
use crate::frame::{CameraView, Exposure, Recorded, leaves_its_turn};
use crate::rig::{Role, WireIndex};
use crate::signal::Pulse;
use crate::units::{Rounding, Unit};

/// Exposures without flash.
pub(crate) static MISSING: Quantity = Quantity {
    id: "flash.missing",
    unit: Unit::Count,
    label: "missing flashes",
    definition: "exposures that no flash pulse touches, of a rolling shutter any of whose rows; frames that timing.flash_pattern leaves dark owe none. Without STROBE: FSIN edges, or nominal frame times, without a flash",
    formula: "number of exposures that owe a flash and that no flash pulse touches",
    source: "pairing by overlap",
    raised_by: "a flash that was not fired, or fired outside the exposure",
    needs: Needs::Counted(Role::Flash),
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

fn missing(camera: CameraView<'_>) -> Result<Track, Absent> {
    if camera.wiring.wire(Role::Strobe).is_none() {
        // Which frames are dark only exposures tell.
        let is_lit = camera
            .observation
            .rig
            .flash_pattern
            .as_ref()
            .is_none_or(|_| !camera.observation.rig.has_pattern_lines(camera.place));
        let mut pulses: Vec<Pulse> = camera.frames.flashes.iter().map(|flash| flash.pulse).collect();
        pulses.sort_by_key(Pulse::from);
        return if is_lit { missing_pulses(camera, Role::Flash, &pulses) } else { Err(Absent::NotWired("STROBE")) };
    }
    if camera.frames.exposures.is_empty() {
        return Err(Absent::Silent(Role::Strobe.label()));
    }
    let judged_from = camera.observation.judged_from(camera.place);
    let light = Spans::of_light(camera);
    let owes_light = owes_light(camera);
    let is_lit = is_lit(camera);
    let recorded = camera.observation.recorded_on(camera.wiring.wires(Role::Flash).iter().copied());
    let mut count = Count::default();
    for exposure in camera.frames.exposures.iter().filter(|exposure| exposure.pulse.from() >= judged_from) {
        let Some(span) = exposed(camera, &exposure) else { continue };
        if !exposure.pulse.is_whole() || !was_recorded(recorded, &span) || !owes_light(&exposure) {
            continue;
        }
        match light.overlap(&span) {
            Overlap::Sure => {}
            Overlap::Open => count.add_open(exposure.flashes.is_empty(), exposure.pulse.from(), exposure.pulse.to()),
            Overlap::None => count.add(1, exposure.pulse.from(), exposure.pulse.to()),
        }
    }
    if count.is_empty()
        && let Some((line, exposures)) = stuck_line(camera)
    {
        return Err(Absent::StaysActive(format!(
            "{line} has a pulse for each frame, then stays active to the end of the record: whether it is fired for the last {exposures} exposures it does not tell"
        )));
    }
    if count.is_empty()
        && let Some(line) = line_out_of_turn(camera)
    {
        return Err(Absent::TurnBroken(format!(
            "{line} leaves frames out that it is lit in before, and no pattern says whether it should"
        )));
    }
    let never_lit = if is_lit { 0 } else { camera.frames.exposures.len() };
    Ok(count.track(camera.observation).leaving_out(WhyLeftOut::NeverLit, never_lit))
}

/// A flash line that has a pulse for each frame and then stays active up to the end of the record, and how many exposures are lit
/// by nothing else.
fn stuck_line(camera: CameraView<'_>) -> Option<(String, usize)> {
    let last = camera.frames.flashes.last().filter(|last| last.pulse.end.edge().is_none())?;
    let mut whole = camera.frames.flashes.iter().filter(|flash| flash.pulse.is_whole()).peekable();
    whole.peek()?;
    let exposures = &camera.frames.exposures;
    let is_one_each = whole.all(|flash| {
        let frame = |place: Option<&usize>| place.map(|&place| exposures.at(place).frame);
        frame(flash.touches.first()) == frame(flash.touches.last())
    });
    let mut lit = last.touches.iter().map(|&place| exposures.at(place));
    let first = lit.next()?.frame;
    let further = lit.filter(|exposure| exposure.frame != first && exposure.flashes.len() == 1).count();
    (is_one_each && further > 0).then(|| (camera.observation.rig.wire(last.wire).full_key(), further))
}

/// Of several flash lines without a pattern one that is lit in every n-th frame, and then is not.
fn line_out_of_turn(camera: CameraView<'_>) -> Option<String> {
    let rig = &camera.observation.rig;
    let lines = &camera.wiring.wires(Role::Flash);
    if lines.len() < 2 || rig.has_pattern_lines(camera.place) {
        return None;
    }
    let judged_from = camera.observation.judged_from(camera.place);
    let whole = || {
        camera
            .frames
            .exposures
            .iter()
            .filter(|exposure| exposure.pulse.is_whole() && exposure.pulse.from() >= judged_from)
    };
    let last = whole().filter_map(|exposure| exposure.frame).next_back()?;
    let out_of_turn = lines.iter().find(|line| {
        let is_lit =
            |exposure: &Exposure| exposure.flashes.iter().any(|&flash| camera.frames.flashes.at(flash).wire == **line);
        let lit: Vec<i64> = whole().filter(is_lit).filter_map(|exposure| exposure.frame).collect();
        leaves_its_turn(&lit, last)
    })?;
    Some(rig.wire(*out_of_turn).full_key())
}

fn extra(camera: CameraView<'_>) -> Result<Track, Absent> {
    strobe_line(camera)?;
    let judged_from = camera.observation.judged_from(camera.place);
    let exposures = Spans::of_exposures(camera);
    let sharing = sharing(camera).flat_map(|other| other.wiring.wires(Role::Strobe).iter().copied());
    let strobes = camera.observation.recorded_on(sharing);
    let mut count = Count::default();
    for flash in &camera.frames.flashes {
        if !flash.pulse.is_whole() || flash.pulse.from() < judged_from {
            continue;
        }
        let light = span(&flash.pulse, &camera.line(flash.wire).slack);
        if !was_recorded(strobes, &light) {
            continue;
        }
        match exposures.overlap(&light) {
            Overlap::Sure => {}
            Overlap::Open => count.add_open(flash.touches.is_empty(), flash.pulse.from(), flash.pulse.to()),
            Overlap::None => count.add(1, flash.pulse.from(), flash.pulse.to()),
        }
    }
    Ok(count.track(camera.observation))
}

/// Whether edges from the start of a span to its end would have been seen.
pub(super) fn was_recorded(recorded: Recorded<'_>, span: &Span) -> bool {
    let (start, end) = (span.start.at.to_integer(Rounding::Down), span.end.until.to_integer(Rounding::Up));
    // The end lies behind the last sample of the span.
    start.zip(end).is_some_and(|(start, end)| recorded.holds(start, end - 1))
}

/// Whether an exposure owes a flash. One whose entry of the pattern is dark does not; neither does any of a camera that only
/// shares the flash lines of another one and is never lit by them.
pub(super) fn owes_light(camera: CameraView<'_>) -> impl Fn(&Exposure) -> bool {
    let is_lit = is_lit(camera);
    let in_pattern = owed_by_pattern(camera);
    move |exposure| is_lit && in_pattern(exposure)
}

/// Whether a camera has flash lines of its own, or is lit by those that it shares.
fn is_lit(camera: CameraView<'_>) -> bool {
    let rig = &camera.observation.rig;
    let is_own = |wire: &WireIndex| rig.wire(*wire).owner == camera.wiring.name;
    camera.wiring.wires(Role::Flash).iter().any(is_own)
        || camera.frames.flashes.iter().any(|flash| !flash.touches.is_empty())
}
