//! Quantities of the readout line.

use super::count::Count;
use super::exposure::{line_of, strobe_line};
use super::interval::{Instant, width};
use super::owed::missing_pulses;
use super::{Absent, ClockShare, Measure, Needs, On, Point, Points, Quantity, Seen, Track, Unseen, WhyLeftOut};
use crate::frame::{CameraView, Exposure, ObservedLine};
use crate::rig::{Rhythm, Role};
use crate::signal::Pulse;
use crate::units::{Rounding, Unit};

/// From the end of the exposure to the start of the readout.
pub(crate) static START: Quantity = Quantity {
    id: "readout.start",
    unit: Unit::Second,
    label: "readout start",
    definition: "readout start − the STROBE end nearest to it",
    formula: "t(readout start) − t(STROBE end)",
    source: "Luxonis, synchronisation of flashlight and camera: MIPI readout starts at the frame boundary",
    raised_by: "a sensor that waits after the exposure",
    needs: Needs::All(&[Role::Readout, Role::Strobe]),
    clock: ClockShare::Scales,
    unseen: Unseen::Move(On::Own(&[Role::Strobe, Role::Readout])),
    measure: Measure::Frames(start),
};

/// Active width of the readout.
pub(crate) static TIME: Quantity = Quantity {
    id: "readout.time",
    unit: Unit::Second,
    label: "readout time",
    definition: "the active width of the readout line",
    formula: "t(readout end) − t(readout start)",
    source: "sensor readout: rows times line time",
    raised_by: "more rows, a slower line; a narrower MIPI link",
    needs: Needs::All(&[Role::Readout]),
    clock: ClockShare::Scales,
    unseen: Unseen::Raise(On::Own(&[Role::Readout])),
    measure: Measure::Frames(time),
};

/// Exposures that are not read out.
pub(crate) static MISSING: Quantity = Quantity {
    id: "readout.missing",
    unit: Unit::Count,
    label: "exposures without readout",
    definition: "exposures without a readout that starts within half a frame time of their end, where the record reaches from the end of the exposure before to that of the next one; of events without FSIN also readouts without an exposure. Without STROBE: FSIN edges, or nominal frame times, without a readout",
    formula: "number of exposures without their readout, and of events without FSIN of readouts without their exposure",
    source: "pairing by time",
    raised_by: "frames that the sensor exposes and does not deliver, a readout line that is dead",
    needs: Needs::Counted(Role::Readout),
    clock: ClockShare::Cancels,
    unseen: Unseen::Raise(On::Own(&[Role::Readout])),
    measure: Measure::Capture(missing),
};

fn readout_line(camera: CameraView<'_>) -> Result<&ObservedLine, Absent> {
    let line = line_of(camera, Role::Readout)?;
    if line.train.pulses.is_empty() { Err(Absent::Silent(Role::Readout.label())) } else { Ok(line) }
}

fn start(camera: CameraView<'_>) -> Result<Track, Absent> {
    let (readout, strobe) = (readout_line(camera)?, strobe_line(camera)?);
    let points: Points = (camera.frames.readouts.iter())
        .filter_map(|readout_pulse| {
            let exposure = &camera.frames.exposures.at(readout_pulse.exposure?);
            let (from, to) = (exposure.pulse.end.edge()?, readout_pulse.pulse.start.edge()?);
            let reading = Instant::of(from, &strobe.slack).until(&Instant::of(to, &readout.slack));
            let (first, last) = (from.at().min(to.at()), from.at().max(to.at()));
            Some(Point { frame: exposure.frame, from: first, to: last, reading, seen: Seen::Whole })
        })
        .collect();
    if points.is_empty() {
        return Err(Absent::TooLittle("no readout starts within half a frame time of an exposure's end".to_owned()));
    }
    let unpaired = camera.frames.readouts.iter().filter(|readout| readout.exposure.is_none()).count();
    Ok(Track::of_times(&camera.observation.rate, points, &readout.slack + &strobe.slack)
        .leaving_out(WhyLeftOut::Unpaired, unpaired))
}

fn missing(camera: CameraView<'_>) -> Result<Track, Absent> {
    readout_line(camera)?;
    if camera.wiring.wire(Role::Strobe).is_none() {
        let pulses: Vec<Pulse> = camera.frames.readouts.iter().map(|readout| readout.pulse).collect();
        return missing_pulses(camera, Role::Readout, &pulses);
    }
    if camera.frames.clock.period.is_none() {
        let why = "nothing shows a frame time, and so not which readout is of which exposure";
        return Err(Absent::TooLittle(why.to_owned()));
    }
    let judged_from = camera.observation.judged_from(camera.place);
    let mut is_read_out = vec![false; camera.frames.exposures.len()];
    for exposure in camera.frames.readouts.iter().filter_map(|readout| readout.exposure) {
        is_read_out[exposure] = true;
    }
    let rig = camera.wiring;
    let recorded = camera
        .observation
        .recorded_on([Role::Readout, Role::Strobe].into_iter().flat_map(|role| rig.wires(role)).copied());
    let mut count = Count::default();
    // Only where the record reaches from the end of the exposure before to that of the next one.
    let exposures = &camera.frames.exposures;
    let threes = exposures.pairs().zip(exposures.iter().skip(2)).zip(is_read_out.iter().skip(1));
    for (((before, exposure), next), is_read_out) in threes {
        let (Some(before), Some(next)) = (before.pulse.end.edge(), next.pulse.end.edge()) else { continue };
        let is_judged = exposure.frame.is_some() && exposure.pulse.from() >= judged_from;
        let was_recorded = || recorded.holds(i128::from(before.at().get()), i128::from(next.at().get()));
        if is_judged && !is_read_out && was_recorded() {
            count.add(1, exposure.pulse.from(), exposure.pulse.to());
        }
    }
    // A readout reads an exposure: STROBE lacks the one that none is found for, half a frame time around. Where frames have a rhythm,
    // or FSIN shows them, frame.missing or exposure.missing tells of it.
    let only_readout_tells = match rig.rhythm {
        Rhythm::Events => !rig.has(Role::Fsin) && rig.frame_time.is_none(),
        Rhythm::Kept => false,
    };
    let reach = camera.frames.clock.period.as_ref().and_then(|period| period.half().to_integer(Rounding::Up));
    let alone = camera.frames.readouts.iter().filter(|readout| readout.exposure.is_none() && only_readout_tells);
    for (start, pulse) in alone.filter_map(|readout| Some((readout.pulse.start.edge()?, readout.pulse))) {
        let at = i128::from(start.at().get());
        // That of an exposure of no frame, such as the first of a triggered camera whose trigger lies before the record, has one.
        let ends = |reach: i128| {
            let end = |exposure: &Exposure| i128::from(exposure.pulse.to().get());
            let first = camera.frames.exposures.partition_point(|exposure| end(&exposure) < at - reach);
            camera.frames.exposures.get(first).is_some_and(|exposure| end(&exposure) <= at + reach)
        };
        let is_whole = reach.is_some_and(|reach| recorded.holds_around(at, reach) && !ends(reach));
        if is_whole && start.at() >= judged_from {
            count.add(1, pulse.from(), pulse.to());
        }
    }
    Ok(count.track(camera.observation))
}

fn time(camera: CameraView<'_>) -> Result<Track, Absent> {
    let line = readout_line(camera)?;
    let points: Points = (camera.frames.readouts.iter())
        .map(|readout| {
            let (reading, seen) = width(&readout.pulse, line);
            let frame = readout.exposure.and_then(|exposure| camera.frames.exposures.at(exposure).frame);
            Point { frame, from: readout.pulse.from(), to: readout.pulse.to(), reading, seen }
        })
        .collect();
    Ok(Track::of_times(&camera.observation.rate, points, line.slack.times(2)))
}
