//! Quantities of a rolling shutter: the window in which all rows are exposed, and how the flash lies in it.
//!
//! Where STROBE shows row 0, the last row starts `readout_time` later, so all rows are exposed from STROBE start + readout_time to
//! STROBE end. STROBE may also show just that time, or the time in which any row is exposed.

use super::count::Count;
use super::exposure::{readout_samples, strobe_line};
use super::flash::{flash_slack, touching};
use super::flash_count::owes_light;
use super::interval::Instant;
use super::{
    Absent, ClockShare, Measure, Needs, On, Point, Points, Quantity, Reading, Seen, Track, Unseen, WhyLeftOut,
};
use crate::frame::{CameraView, Exposure, Observation};
use crate::rig::{Role, StrobeShows};
use crate::units::{Rational, Unit};

/// How long all rows are exposed.
pub(crate) static WINDOW: Quantity = Quantity {
    id: "rolling.window",
    unit: Unit::Second,
    label: "all-rows window",
    definition: "exposure.time − readout_time: from STROBE start + readout_time to STROBE end, when all rows are exposed; below 0, never. By timing.strobe_shows: exposure.time where STROBE shows all rows, exposure.time − 2 · readout_time where it shows any row",
    formula: "exposure.time − readout_time",
    source: "Basler and Luxonis: flash window of a rolling shutter, E − tRow·(rows − 1)",
    raised_by: "a longer exposure or a faster readout",
    needs: Needs::Rolling(&[Role::Strobe]),
    clock: ClockShare::Scales,
    unseen: Unseen::Raise(On::Own(&[Role::Strobe])),
    measure: Measure::Frames(window),
};

/// From the start of the window to the flash.
pub(crate) static MARGIN_START: Quantity = Quantity {
    id: "rolling.margin-start",
    unit: Unit::Second,
    label: "margin before the flash",
    definition: "flash start − start of the all-rows window; nothing where the window is empty",
    formula: "t(flash start) − (t(STROBE start) + readout_time), or − t(STROBE start) where STROBE shows all rows",
    source: "flash window of a rolling shutter",
    raised_by: "a later flash; below 0 the last rows see less light",
    needs: Needs::Rolling(&[Role::Strobe, Role::Flash]),
    clock: ClockShare::Scales,
    unseen: Unseen::Move(On::Own(&[Role::Strobe, Role::Flash])),
    measure: Measure::Frames(margin_start),
};

/// From the flash to the end of the window.
pub(crate) static MARGIN_END: Quantity = Quantity {
    id: "rolling.margin-end",
    unit: Unit::Second,
    label: "margin after the flash",
    definition: "end of the all-rows window − flash end; nothing where the window is empty",
    formula: "t(STROBE end) − t(flash end), less readout_time where STROBE shows any row",
    source: "flash window of a rolling shutter",
    raised_by: "an earlier end of the flash; below 0 the first rows see less light",
    needs: Needs::Rolling(&[Role::Strobe, Role::Flash]),
    clock: ClockShare::Scales,
    unseen: Unseen::Move(On::Own(&[Role::Strobe, Role::Flash])),
    measure: Measure::Frames(margin_end),
};

/// So many readout times, as what STROBE shows has it, in sample periods.
fn readouts(camera: CameraView<'_>, times: fn(StrobeShows) -> i128) -> Result<Rational, Absent> {
    let global = || Absent::TooLittle("the camera has a global shutter".to_owned());
    let times = times(camera.wiring.strobe_shows);
    Ok(readout_samples(camera).ok_or_else(global)?.times(times))
}

/// How much shorter the all-rows window is than STROBE.
fn readout(camera: CameraView<'_>) -> Result<Rational, Absent> {
    readouts(camera, |shows| match shows {
        StrobeShows::Row0 => 1,
        StrobeShows::AllRows => 0,
        StrobeShows::AnyRow => 2,
    })
}

/// Exposures without a window in which all rows are exposed.
pub(crate) static EMPTY: Quantity = Quantity {
    id: "rolling.empty",
    unit: Unit::Count,
    label: "exposures without an all-rows window",
    definition: "exposures that owe a flash and have no all-rows window (rolling.window at 0 or below), so that no flash can light all their rows alike; implied unless a limit on flash.missing allows exposures without a flash",
    formula: "number of exposures that owe a flash with rolling.window ≤ 0",
    source: "flash window of a rolling shutter",
    raised_by: "an exposure that was set or has become too short for the flash",
    needs: Needs::Rolling(&[Role::Strobe, Role::Flash]),
    clock: ClockShare::Cancels,
    unseen: Unseen::Nothing,
    measure: Measure::Capture(empty),
};

/// The start and the end of an exposure, as STROBE shows it; `None` of one that is cut off.
fn ends(exposure: &Exposure, slack: &Rational) -> Option<(Instant, Instant)> {
    Some((Instant::of(exposure.pulse.start.edge()?, slack), Instant::of(exposure.pulse.end.edge()?, slack)))
}

/// A measured time less the stated readout time.
fn less(measured: &Reading, readout: &Rational) -> Reading {
    let less = |at: &Rational| at - readout;
    Reading { value: less(&measured.value), low: measured.low.map(less), high: measured.high.map(less) }
}

fn point(exposure: &Exposure, reading: Reading) -> Point {
    let (from, to) = (exposure.pulse.from(), exposure.pulse.to());
    Point { frame: exposure.frame, from, to, reading, seen: Seen::Whole }
}

fn window(camera: CameraView<'_>) -> Result<Track, Absent> {
    let (readout, strobe) = (readout(camera)?, strobe_line(camera)?);
    let points = (camera.frames.exposures.iter()).filter(|exposure| exposure.frame.is_some()).filter_map(|exposure| {
        let (start, end) = ends(&exposure, &strobe.slack)?;
        Some(point(&exposure, less(&start.until(&end), &readout)))
    });
    let stated = camera.observation.rate.period() * &readout;
    Ok(Track { stated, ..track(camera.observation, points.collect(), strobe.slack.times(2))? })
}

fn empty(camera: CameraView<'_>) -> Result<Track, Absent> {
    let (readout, strobe) = (readout(camera)?, strobe_line(camera)?);
    // A clock that is fast by its error counts more periods in the same time.
    let error = &readout * &camera.observation.clock;
    if camera.frames.exposures.is_empty() {
        return Err(Absent::Silent(Role::Strobe.label()));
    }
    let (least, most) = (&readout - &error, &readout + &error);
    let owes_light = owes_light(camera);
    let judged_from = camera.observation.judged_from(camera.place);
    let mut count = Count::default();
    for exposure in camera.frames.exposures.iter().filter(|exposure| owes_light(exposure)) {
        let Some((start, end)) = ends(&exposure, &strobe.slack) else { continue };
        let (pulse, time) = (&exposure.pulse, start.until(&end));
        if pulse.from() < judged_from {
            continue;
        }
        if time.high.at().is_some_and(|high| *high <= least) {
            count.add(1, pulse.from(), pulse.to());
        } else if time.low.at().is_some_and(|low| *low < most) {
            count.add_open(time.value <= readout, pulse.from(), pulse.to());
        }
    }
    Ok(count.track(camera.observation))
}

fn margin_start(camera: CameraView<'_>) -> Result<Track, Absent> {
    let from_strobe = margin(camera, |(start, _), lit| start.until(&lit.0))?;
    let readouts = readouts(camera, |shows| match shows {
        StrobeShows::Row0 | StrobeShows::AnyRow => 1,
        StrobeShows::AllRows => 0,
    })?;
    Ok(from_window(camera.observation, from_strobe, &readouts))
}

fn margin_end(camera: CameraView<'_>) -> Result<Track, Absent> {
    let from_strobe = margin(camera, |(_, end), lit| lit.1.until(end))?;
    let readouts = readouts(camera, |shows| match shows {
        StrobeShows::Row0 | StrobeShows::AllRows => 0,
        StrobeShows::AnyRow => 1,
    })?;
    Ok(from_window(camera.observation, from_strobe, &readouts))
}

/// Times to an end of STROBE, to that of a window which lies so far within it.
fn from_window(observation: &Observation, from_strobe: Track, within: &Rational) -> Track {
    let points = from_strobe.points.with(|point| point.reading = less(&point.reading, within));
    Track { points, stated: observation.rate.period() * within, ..from_strobe }
}

/// A time between an end of the exposure and the flash pulses that touch it, the first start and the last end of them.
fn margin(
    camera: CameraView<'_>,
    margin: fn(&(Instant, Instant), &(Instant, Instant)) -> Reading,
) -> Result<Track, Absent> {
    let (readout, strobe) = (readout(camera)?, strobe_line(camera)?);
    let points = (camera.frames.exposures.iter())
        .filter_map(|exposure| {
            let exposed = ends(&exposure, &strobe.slack)?;
            let first = touching(camera, &exposure).next()?;
            let last = touching(camera, &exposure).max_by_key(|flash| flash.pulse.to())?;
            let slack_of = |flash: &crate::frame::FlashPulse| &camera.line(flash.wire).slack;
            let lit = (
                Instant::of(first.pulse.start.edge()?, slack_of(&first)),
                Instant::of(last.pulse.end.edge()?, slack_of(&last)),
            );
            let is_open = &exposed.1.at - &exposed.0.at > readout;
            is_open.then(|| point(&exposure, margin(&exposed, &lit)))
        })
        .collect();
    let whole = camera.frames.exposures.iter().filter_map(|exposure| {
        let (start, end) = ends(&exposure, &strobe.slack)?;
        Some((exposure, &end.at - &start.at > readout))
    });
    let (open, empty): (Vec<_>, Vec<_>) = whole.partition(|(_, is_open)| *is_open);
    let unlit = open.iter().filter(|(exposure, _)| exposure.flashes.is_empty()).count();
    Ok(track(camera.observation, points, &flash_slack(camera) + &strobe.slack)?
        .leaving_out(WhyLeftOut::Unlit, unlit)
        .leaving_out(WhyLeftOut::EmptyWindow, empty.len()))
}

fn track(observation: &Observation, points: Points, slack: Rational) -> Result<Track, Absent> {
    if points.is_empty() {
        return Err(Absent::TooLittle("no exposure with a window of its own was seen whole".to_owned()));
    }
    Ok(Track::of_times(&observation.rate, points, slack))
}
