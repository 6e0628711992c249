//! Quantities of the exposure, as STROBE shows it.

use super::corner::{Instant, peak_to_peak, width};
use super::count::Count;
use super::frame::{first_judged, nominal};
use super::{Absent, ClockShare, Measure, Needs, On, Point, Quantity, Seen, Track, Unseen, WhyLeftOut};
use crate::frame::{Exposure, Observation, ObservedLine};
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

/// Spread of the latency or of the end.
pub(crate) static JITTER: Quantity = Quantity {
    id: "exposure.jitter",
    unit: Unit::Second,
    label: "exposure jitter",
    definition: "peak-to-peak of exposure.latency (start-aligned) or of exposure.end (end-aligned)",
    formula: "max − min of exposure.latency or exposure.end",
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
    definition: "triggers or frame boundaries (FSIN) without their STROBE pulse or pulses",
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

/// The STROBE line of a camera.
pub(super) fn strobe_line(observation: &Observation, camera: usize) -> Result<&ObservedLine, Absent> {
    let wire = observation.rig.cameras[camera].strobe.ok_or(Absent::NotWired("STROBE"))?;
    Ok(&observation.lines[wire.get()])
}

/// The FSIN line of a camera, if it shows edges.
pub(super) fn fsin_line(observation: &Observation, camera: usize) -> Result<&ObservedLine, Absent> {
    let wire = observation.rig.cameras[camera].fsin.ok_or(Absent::NotWired("FSIN"))?;
    let line = &observation.lines[wire.get()];
    let shows_edges = line.train.pulses.iter().any(|pulse| pulse.start.edge().is_some());
    if shows_edges { Ok(line) } else { Err(Absent::Silent(Role::Fsin.label())) }
}

fn silent_unless(points: Vec<Point>) -> Result<Vec<Point>, Absent> {
    if points.is_empty() { Err(Absent::Silent(Role::Strobe.label())) } else { Ok(points) }
}

fn time(observation: &Observation, camera: usize) -> Result<Track, Absent> {
    let line = strobe_line(observation, camera)?;
    // A whole pulse that belongs to no frame is extra and has no value; one that is cut off may still break a limit.
    let points = (observation.cameras[camera].exposures.iter())
        .filter(|exposure| exposure.frame.is_some() || !exposure.pulse.is_whole())
        .map(|exposure| {
            let (reading, seen) = width(&exposure.pulse, line);
            let pulse = &exposure.pulse;
            Point { frame: exposure.frame, from: pulse.from(), to: pulse.to(), reading, seen }
        })
        .collect();
    let is_unpaired = |exposure: &&Exposure| exposure.frame.is_none() && exposure.pulse.is_whole();
    let unpaired = observation.cameras[camera].exposures.iter().filter(is_unpaired).count();
    Ok(Track::of_times(&observation.rate, silent_unless(points)?, line.slack.times(2))
        .leaving_out(WhyLeftOut::Unpaired, unpaired))
}

/// The alignment, which must be this one.
pub(super) fn require(observation: &Observation, camera: usize, alignment: Alignment) -> Result<(), Absent> {
    match observation.cameras[camera].alignment {
        Some(found) if found == alignment => Ok(()),
        Some(found) => Err(Absent::OtherAlignment(found.key())),
        None => Err(Absent::AlignmentUndecided),
    }
}

/// FSIN → an edge of each exposure that belongs to one.
fn from_fsin(
    observation: &Observation,
    camera: usize,
    edge_of: fn(&Exposure) -> Option<EdgeTime>,
) -> Result<Track, Absent> {
    let (fsin, strobe) = (fsin_line(observation, camera)?, strobe_line(observation, camera)?);
    let points = (observation.cameras[camera].exposures.iter())
        .filter_map(|exposure| {
            let (from, to) = (exposure.fsin?, edge_of(exposure)?);
            let reading = Instant::of(from, &fsin.slack).until(&Instant::of(to, &strobe.slack));
            let (first, last) = (from.at().min(to.at()), from.at().max(to.at()));
            Some(Point { frame: exposure.frame, from: first, to: last, reading, seen: Seen::Whole })
        })
        .collect();
    let is_unpaired = |exposure: &&Exposure| exposure.fsin.is_none() && edge_of(exposure).is_some();
    let unpaired = observation.cameras[camera].exposures.iter().filter(is_unpaired).count();
    Ok(Track::of_times(&observation.rate, silent_unless(points)?, &fsin.slack + &strobe.slack)
        .leaving_out(WhyLeftOut::Unpaired, unpaired))
}

fn latency(observation: &Observation, camera: usize) -> Result<Track, Absent> {
    require(observation, camera, Alignment::Start)?;
    from_fsin(observation, camera, |exposure| exposure.pulse.start.edge().filter(|_| exposure.burst_index == 0))
}

fn end(observation: &Observation, camera: usize) -> Result<Track, Absent> {
    require(observation, camera, Alignment::End)?;
    from_fsin(observation, camera, |exposure| exposure.pulse.end.edge())
}

fn jitter(observation: &Observation, camera: usize) -> Result<Track, Absent> {
    let track = match observation.cameras[camera].alignment {
        Some(Alignment::End) => end(observation, camera)?,
        Some(Alignment::Start) => latency(observation, camera)?,
        None => return Err(Absent::AlignmentUndecided),
    };
    let first = first_judged(observation);
    let judged = || track.points.iter().filter(|p| first == 0 || p.frame.is_some_and(|frame| frame >= first));
    let too_few = || Absent::TooLittle("it takes two exposures with their FSIN edges".to_owned());
    let reading = peak_to_peak(judged().map(|point| &point.reading)).ok_or_else(too_few)?;
    let (Some(from), Some(to)) = (judged().map(|p| p.from).min(), judged().map(|p| p.to).max()) else {
        return Err(too_few());
    };
    let points = vec![Point { frame: None, from, to, reading, seen: Seen::Whole }];
    Ok(Track::of_times(&observation.rate, points, track.slack.times(2)).of_the_largest(observation))
}

fn gap(observation: &Observation, camera: usize) -> Result<Track, Absent> {
    let line = strobe_line(observation, camera)?;
    let frames = &observation.cameras[camera];
    let points: Vec<Point> = (frames.exposures.windows(2))
        .filter_map(|pair| {
            let [before, after] = pair else { return None };
            let (end, start) = (before.pulse.end.edge()?, after.pulse.start.edge()?);
            if !observation.lost.spares(end.at(), start.at()) {
                return None;
            }
            let reading = Instant::of(end, &line.slack).until(&Instant::of(start, &line.slack));
            // An end-aligned frame begins with the gap, a start-aligned one ends with it.
            let frame = match frames.alignment {
                Some(Alignment::End) => after.frame,
                Some(Alignment::Start) | None => before.frame,
            };
            Some(Point { frame, from: end.at(), to: start.at(), reading, seen: Seen::Whole })
        })
        .collect();
    if points.is_empty() {
        return Err(Absent::TooLittle("it takes two exposures in a row".to_owned()));
    }
    Ok(Track::of_times(&observation.rate, points, line.slack.times(2)))
}

/// The time from the start of row 0 to that of the last row, in sample periods; none of a global shutter.
pub(super) fn readout_samples(observation: &Observation, camera: usize) -> Option<Rational> {
    match &observation.rig.cameras[camera].shutter {
        Shutter::Global => None,
        Shutter::Rolling { readout_time } => Some(observation.rate.samples(readout_time)),
    }
}

fn missing(observation: &Observation, camera: usize) -> Result<Track, Absent> {
    if observation.rig.cameras[camera].fsin.is_none() {
        return missing_in_bursts(observation, camera);
    }
    fsin_line(observation, camera)?;
    let first = first_judged(observation);
    let frames = &observation.cameras[camera];
    let mut count = Count::default();
    for missing in frames.missing.iter().filter(|missing| first == 0 || missing.frame >= first) {
        count.add(u64::from(missing.pulses), missing.fsin.at(), missing.fsin.at());
    }
    Ok(count.track(observation))
}

/// The pulses that bursts lack, where only STROBE shows them: told by the frame time.
fn missing_in_bursts(observation: &Observation, camera: usize) -> Result<Track, Absent> {
    nominal(observation, camera)?;
    let first = first_judged(observation);
    let burst = observation.rig.cameras[camera].burst.get() as usize;
    let exposures = &observation.cameras[camera].exposures;
    let frames: Vec<&[Exposure]> = exposures.chunk_by(|a, b| a.frame == b.frame).collect();
    let mut count = Count::default();
    // The record may cut the first and the last one.
    for frame in frames.iter().skip(1).rev().skip(1).rev() {
        let Some((begin, end)) = frame.first().zip(frame.last()) else { continue };
        let is_judged = begin.frame.is_some_and(|number| number >= first);
        if is_judged && observation.lost.spares(begin.pulse.from(), end.pulse.to()) {
            count.add(burst.saturating_sub(frame.len()) as u64, begin.pulse.from(), end.pulse.to());
        }
    }
    Ok(count.track(observation))
}

fn extra(observation: &Observation, camera: usize) -> Result<Track, Absent> {
    fsin_line(observation, camera)?;
    let judged_from = observation.judged_from(camera);
    let frames = &observation.cameras[camera];
    let mut count = Count::default();
    for pulse in frames.extra.iter().map(|&extra| &frames.exposures[extra].pulse) {
        if pulse.from() >= judged_from {
            count.add(1, pulse.from(), pulse.to());
        }
    }
    Ok(count.track(observation))
}
