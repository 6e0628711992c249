//! Quantities of the exposure, as STROBE shows it.

use super::count::Count;
use super::frame::{first_judged, nominal};
use super::interval::{Instant, peak_to_peak, width};
use super::{Absent, ClockShare, Measure, Needs, On, Point, Points, Quantity, Seen, Track, Unseen, WhyLeftOut};
use crate::frame::{CameraView, Exposure, ObservedLine};
use crate::rig::{Alignment, Role, Shutter};
use crate::signal::EdgeTime;
use crate::units::{Rational, Unit};

const STROBE: Needs = Needs::All(&[Role::Strobe]);
const FSIN_AND_STROBE: Needs = Needs::All(&[Role::Fsin, Role::Strobe]);

/// Active width of STROBE.
pub(crate) static TIME: Quantity = Quantity {
    id: "exposure.time",
    unit: Unit::Second,
    label: "exposure time",
    definition: "the active width of STROBE",
    formula: "t(STROBE inactive edge) − t(STROBE active edge)",
    source: "GenICam SFNC ExposureTime; STROBE is exposure active",
    raised_by: "auto-exposure, another setting than expected, rounding to whole sensor lines, an inverted line (it is then the rest of the frame)",
    needs: STROBE,
    clock: ClockShare::Scales,
    unseen: Unseen::Raise(On::Own(&[Role::Strobe])),
    measure: Measure::Frames(time),
};

/// From FSIN to the start of the exposure.
pub(crate) static LATENCY: Quantity = Quantity {
    id: "exposure.latency",
    unit: Unit::Second,
    label: "trigger-to-exposure latency",
    definition: "active edge of FSIN → STROBE start, for start-aligned cameras; the first pulse of a burst",
    formula: "t(STROBE start) − t(FSIN active edge)",
    source: "trigger-to-exposure latency as machine-vision vendors define it; snapshot mode of OmniVision sensors: about 0.8 ms",
    raised_by: "the sensor's snapshot delay, an opto-coupler in the line, a trigger during readout",
    needs: FSIN_AND_STROBE,
    clock: ClockShare::Scales,
    unseen: Unseen::Raise(On::Own(&[Role::Fsin, Role::Strobe])),
    measure: Measure::Frames(latency),
};

/// From FSIN to the end of the exposure.
pub(crate) static END: Quantity = Quantity {
    id: "exposure.end",
    unit: Unit::Second,
    label: "exposure end",
    definition: "STROBE end − the paired active edge of FSIN, for end-aligned cameras",
    formula: "t(STROBE end) − t(FSIN active edge)",
    source: "Luxonis, synchronisation of flashlight and camera: exposures end at the frame boundary",
    raised_by: "a camera that is not locked to FSIN, an opto-coupler in one of the lines",
    needs: FSIN_AND_STROBE,
    clock: ClockShare::Scales,
    unseen: Unseen::Move(On::Own(&[Role::Fsin, Role::Strobe])),
    measure: Measure::Frames(end),
};

/// From FSIN to the middle of the exposure. Its two edges are known to half a sample each, and so is their mean: ± 1 sample with FSIN.
pub(crate) static MIDDLE: Quantity = Quantity {
    id: "exposure.middle",
    unit: Unit::Second,
    label: "exposure middle",
    definition: "the middle of STROBE, halfway between its start and its end, − the paired active edge of FSIN, for middle-aligned cameras; FSIN n is paired with the middle nearest to FSIN n + the median offset, which is at most half a frame time, or whole frame times more where that is nearer to the nominal of its limit",
    formula: "(t(STROBE start) + t(STROBE end)) / 2 − t(FSIN active edge)",
    source: "sensors and lights that expose about a fixed time, so that auto-exposure does not move the picture in time",
    raised_by: "a camera that is not locked to FSIN, one of STROBE's edges that is tied to the frame instead of its middle, an opto-coupler whose edges are not alike",
    needs: FSIN_AND_STROBE,
    clock: ClockShare::Scales,
    unseen: Unseen::Move(On::Own(&[Role::Fsin, Role::Strobe])),
    measure: Measure::Frames(middle),
};

/// Spread of the latency or of the end.
pub(crate) static JITTER: Quantity = Quantity {
    id: "exposure.jitter",
    unit: Unit::Second,
    label: "exposure jitter",
    definition: "peak-to-peak of exposure.latency (start-aligned), exposure.end (end-aligned) or exposure.middle (middle-aligned)",
    formula: "max − min of exposure.latency, exposure.end or exposure.middle",
    source: "trigger jitter: the spread of the trigger-to-exposure latency",
    raised_by: "triggers during readout (up to one line), a sensor that is not locked to FSIN",
    needs: FSIN_AND_STROBE,
    clock: ClockShare::Scales,
    unseen: Unseen::Raise(On::Own(&[Role::Fsin, Role::Strobe])),
    measure: Measure::Capture(jitter),
};

/// From the end of one exposure to the start of the next.
pub(crate) static GAP: Quantity = Quantity {
    id: "exposure.gap",
    unit: Unit::Second,
    label: "exposure gap",
    definition: "from the end of one exposure to the start of the next",
    formula: "t(STROBE start, n+1) − t(STROBE end, n)",
    source: "time between exposures; exposure and readout may overlap",
    raised_by: "a shorter exposure or a longer frame; a long exposure takes it away",
    needs: STROBE,
    clock: ClockShare::Scales,
    unseen: Unseen::Raise(On::Own(&[Role::Strobe])),
    measure: Measure::Frames(gap),
};

/// Exposures that should be there and are not.
pub(crate) static MISSING: Quantity = Quantity {
    id: "exposure.missing",
    unit: Unit::Count,
    label: "missing exposures",
    definition: "triggers or frame boundaries (FSIN) without their STROBE pulse or pulses, where all of the time in which these may come was recorded: half a frame to either side, or a frame behind a trigger, and no longer than a limit on exposure.end or exposure.latency that no frame may break leaves them",
    formula: "number of FSIN edges without (all of) their STROBE pulses",
    source: "one-to-one pairing by time, at most T/2 apart",
    raised_by: "missed triggers: too early after the last one, too narrow, too low; a STROBE wire with a bad contact",
    needs: Needs::Counted(Role::Strobe),
    clock: ClockShare::Cancels,
    unseen: Unseen::Raise(On::Own(&[Role::Strobe])),
    measure: Measure::Capture(missing),
};

/// Exposures that should not be there.
pub(crate) static EXTRA: Quantity = Quantity {
    id: "exposure.extra",
    unit: Unit::Count,
    label: "extra exposures",
    definition: "STROBE pulses without their trigger or frame boundary (FSIN)",
    formula: "number of STROBE pulses without an FSIN edge",
    source: "one-to-one pairing by time, at most T/2 apart",
    raised_by: "bounce on STROBE, a burst that is not declared, lost FSIN pulses",
    needs: FSIN_AND_STROBE,
    clock: ClockShare::Cancels,
    unseen: Unseen::Raise(On::Own(&[Role::Fsin])),
    measure: Measure::Capture(extra),
};

/// The line of a camera's only wire of a role.
pub(super) fn line_of(camera: CameraView<'_>, role: Role) -> Result<&ObservedLine, Absent> {
    let wire = camera.wiring.wire(role).ok_or(Absent::NotWired(role.label()))?;
    Ok(camera.line(wire))
}

/// The STROBE line of a camera.
pub(super) fn strobe_line(camera: CameraView<'_>) -> Result<&ObservedLine, Absent> {
    line_of(camera, Role::Strobe)
}

/// The FSIN line of a camera, if it shows edges.
pub(super) fn fsin_line(camera: CameraView<'_>) -> Result<&ObservedLine, Absent> {
    seen_line(camera, Role::Fsin)
}

/// The line of a camera's only wire of a role, if it becomes active.
pub(super) fn seen_line(camera: CameraView<'_>, role: Role) -> Result<&ObservedLine, Absent> {
    let line = line_of(camera, role)?;
    let shows_edges = line.train.pulses.iter().any(|pulse| pulse.start.edge().is_some());
    if shows_edges { Ok(line) } else { Err(Absent::Silent(role.label())) }
}

fn silent_unless(points: Points) -> Result<Points, Absent> {
    if points.is_empty() { Err(Absent::Silent(Role::Strobe.label())) } else { Ok(points) }
}

fn time(camera: CameraView<'_>) -> Result<Track, Absent> {
    let line = strobe_line(camera)?;
    // A whole pulse that belongs to no frame is extra and has no value; one that is cut off may still break a limit.
    let points = (camera.frames.exposures.iter())
        .filter(|exposure| exposure.frame.is_some() || !exposure.pulse.is_whole())
        .map(|exposure| {
            let (reading, seen) = width(&exposure.pulse, line);
            let pulse = &exposure.pulse;
            Point { frame: exposure.frame, from: pulse.from(), to: pulse.to(), reading, seen }
        })
        .collect();
    let is_unpaired = |exposure: &Exposure| exposure.frame.is_none() && exposure.pulse.is_whole();
    let unpaired = camera.frames.exposures.iter().filter(is_unpaired).count();
    Ok(Track::of_times(&camera.observation.rate, silent_unless(points)?, line.slack.times(2))
        .leaving_out(WhyLeftOut::Unpaired, unpaired))
}

/// The alignment, which must be this one.
pub(super) fn require(camera: CameraView<'_>, alignment: Alignment) -> Result<(), Absent> {
    match camera.frames.alignment {
        Some(found) if found == alignment => Ok(()),
        Some(found) => Err(Absent::OtherAlignment(found.key())),
        None => Err(untold(camera)),
    }
}

/// Why the alignment is not told: there is nothing to align, or both may be.
fn untold(camera: CameraView<'_>) -> Absent {
    match camera.frames.exposures.is_empty() {
        true => Absent::Silent(Role::Strobe.label()),
        false => Absent::AlignmentUndecided,
    }
}

/// FSIN → the instant between two edges of each exposure that belongs to one; an edge itself is between it and itself.
fn from_fsin(camera: CameraView<'_>, edges_of: fn(&Exposure) -> Option<(EdgeTime, EdgeTime)>) -> Result<Track, Absent> {
    let (fsin, strobe) = (fsin_line(camera)?, strobe_line(camera)?);
    let points = (camera.frames.exposures.iter())
        .filter_map(|exposure| {
            let (from, (a, b)) = (exposure.fsin?, edges_of(&exposure)?);
            let to = Instant::of(a, &strobe.slack).halfway(&Instant::of(b, &strobe.slack));
            let reading = Instant::of(from, &fsin.slack).until(&to);
            let (first, last) = (from.at().min(a.at()), from.at().max(b.at()));
            Some(Point { frame: exposure.frame, from: first, to: last, reading, seen: Seen::Whole })
        })
        .collect();
    let is_unpaired = |exposure: &Exposure| exposure.fsin.is_none() && edges_of(exposure).is_some();
    let unpaired = camera.frames.exposures.iter().filter(is_unpaired).count();
    Ok(Track::of_times(&camera.observation.rate, silent_unless(points)?, &fsin.slack + &strobe.slack)
        .leaving_out(WhyLeftOut::Unpaired, unpaired))
}

fn latency(camera: CameraView<'_>) -> Result<Track, Absent> {
    require(camera, Alignment::Start)?;
    from_fsin(camera, |exposure| {
        let start = exposure.pulse.start.edge().filter(|_| exposure.burst_index == 0)?;
        Some((start, start))
    })
}

fn end(camera: CameraView<'_>) -> Result<Track, Absent> {
    require(camera, Alignment::End)?;
    from_fsin(camera, |exposure| exposure.pulse.end.edge().map(|end| (end, end)))
}

fn middle(camera: CameraView<'_>) -> Result<Track, Absent> {
    require(camera, Alignment::Middle)?;
    from_fsin(camera, |exposure| exposure.pulse.start.edge().zip(exposure.pulse.end.edge()))
}

fn jitter(camera: CameraView<'_>) -> Result<Track, Absent> {
    let track = match camera.frames.alignment {
        Some(Alignment::End) => end(camera)?,
        Some(Alignment::Start) => latency(camera)?,
        Some(Alignment::Middle) => middle(camera)?,
        None => return Err(untold(camera)),
    };
    let judged = || track.points.iter().filter(|point| camera.judges(point.frame));
    let too_few = || Absent::TooLittle("it takes two exposures with their FSIN edges".to_owned());
    let reading = peak_to_peak(judged().map(|point| point.reading)).ok_or_else(too_few)?;
    let (Some(from), Some(to)) = (judged().map(|p| p.from).min(), judged().map(|p| p.to).max()) else {
        return Err(too_few());
    };
    let points = vec![Point { frame: None, from, to, reading, seen: Seen::Whole }];
    Ok(Track::of_times(&camera.observation.rate, points, track.slack.times(2)).of_the_largest(camera.observation))
}

fn gap(camera: CameraView<'_>) -> Result<Track, Absent> {
    let line = strobe_line(camera)?;
    let points: Points = (camera.frames.exposures.pairs())
        .filter_map(|(before, after)| {
            let (end, start) = (before.pulse.end.edge()?, after.pulse.start.edge()?);
            // Of pins in turn, the next one may begin before this one ends.
            let (from, to) = (end.at().min(start.at()), end.at().max(start.at()));
            if !camera.observation.lost.spares(from, to) {
                return None;
            }
            let reading = Instant::of(end, &line.slack).until(&Instant::of(start, &line.slack));
            // An end-aligned frame begins with the gap, a start-aligned one ends with it, and a middle-aligned one holds it.
            let frame = match camera.frames.alignment {
                Some(Alignment::End) => after.frame,
                Some(Alignment::Start | Alignment::Middle) | None => before.frame,
            };
            Some(Point { frame, from, to, reading, seen: Seen::Whole })
        })
        .collect();
    if points.is_empty() {
        return Err(Absent::TooLittle("it takes two exposures in a row".to_owned()));
    }
    Ok(Track::of_times(&camera.observation.rate, points, line.slack.times(2)))
}

/// The time from the start of row 0 to that of the last row, in sample periods; none of a global shutter.
pub(super) fn readout_samples(camera: CameraView<'_>) -> Option<Rational> {
    match &camera.wiring.shutter {
        Shutter::Global => None,
        Shutter::Rolling { readout_time } => Some(camera.observation.rate.samples(readout_time)),
    }
}

fn missing(camera: CameraView<'_>) -> Result<Track, Absent> {
    if camera.wiring.wire(Role::Fsin).is_none() {
        return missing_in_bursts(camera);
    }
    fsin_line(camera)?;
    let mut count = Count::default();
    for missing in camera.frames.missing.iter().filter(|missing| camera.judges(missing.frame)) {
        count.add(u64::from(missing.pulses), missing.fsin.at(), missing.fsin.at());
    }
    Ok(count.track(camera.observation))
}

/// The pulses that bursts lack, where only STROBE shows them: told by the frame time.
fn missing_in_bursts(camera: CameraView<'_>) -> Result<Track, Absent> {
    nominal(camera)?;
    let first = first_judged(camera.observation);
    let burst = camera.wiring.burst.get() as usize;
    let exposures = &camera.frames.exposures;
    // Where another frame begins. The record may cut the first and the last one.
    let begins: Vec<usize> =
        (exposures.pairs().zip(1..)).filter(|((a, b), _)| a.frame != b.frame).map(|(_, place)| place).collect();
    let mut count = Count::default();
    for frame in begins.iter().zip(begins.iter().skip(1)).map(|(from, to)| *from..*to) {
        let (begin, end) = (exposures.at(frame.start), exposures.at(frame.end - 1));
        let is_judged = begin.frame.is_some_and(|number| number >= first);
        if is_judged && camera.observation.lost.spares(begin.pulse.from(), end.pulse.to()) {
            count.add(burst.saturating_sub(frame.len()) as u64, begin.pulse.from(), end.pulse.to());
        }
    }
    Ok(count.track(camera.observation))
}

fn extra(camera: CameraView<'_>) -> Result<Track, Absent> {
    fsin_line(camera)?;
    let judged_from = camera.observation.judged_from(camera.place);
    let mut count = Count::default();
    for pulse in camera.frames.extra.iter().map(|&extra| camera.frames.exposures.at(extra).pulse) {
        if pulse.from() >= judged_from {
            count.add(1, pulse.from(), pulse.to());
        }
    }
    Ok(count.track(camera.observation))
}
