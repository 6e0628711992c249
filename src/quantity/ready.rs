//! Whether the camera was ready when it was triggered.

use std::collections::BTreeMap;

use super::exposure::{fsin_line, require, strobe_line};
use super::interval::Instant;
use super::{Absent, ClockShare, Measure, Needs, On, Point, Points, Quantity, Seen, Track, Unseen, WhyLeftOut};
use crate::frame::{CameraFrames, CameraView, Exposure, Observation, ObservedLine};
use crate::rig::{Alignment, Camera, Overlap, Role};
use crate::signal::EdgeTime;
use crate::units::{Rational, Unit};

/// From the moment in which the camera can expose again to the next trigger.
pub(crate) static MARGIN: Quantity = Quantity {
    id: "trigger.margin",
    unit: Unit::Second,
    label: "trigger margin",
    definition: "active edge of FSIN, extra ones included, less the time from which the camera is ready for it: the end of the last exposure (of its burst) that began before it, later by timing.recovery, and where timing.overlap is \"never\" not before the end of its readout; for start-aligned cameras; below 0 the trigger came too early",
    formula: "t(FSIN active edge) − max(t(STROBE end) + recovery, t(readout end) without overlap)",
    source: "overtriggering as machine-vision vendors define it (Basler, Allied Vision: trigger ready)",
    raised_by: "a slower trigger, a shorter exposure or readout; below 0 the camera ignores the trigger or takes it late",
    needs: Needs::All(&[Role::Fsin, Role::Strobe]),
    clock: ClockShare::Scales,
    unseen: Unseen::Raise(On::Own(&[Role::Strobe])),
    measure: Measure::Frames(margin),
};

/// Why an edge of FSIN has no value.
enum Without {
    /// No exposure was seen before it.
    First,
    /// What makes the camera ready was not recorded.
    CutOff,
    /// The exposure before it has no readout, or begins with it and is not its own.
    Unpaired,
}

fn margin(camera: CameraView<'_>) -> Result<Track, Absent> {
    require(camera, Alignment::Start)?;
    let (rig, frames) = (camera.wiring, camera.frames);
    let (fsin, strobe) = (fsin_line(camera)?, strobe_line(camera)?);
    let readouts = frames.readouts.iter().filter_map(|readout| Some((readout.exposure?, readout.pulse.end.edge())));
    let triggered =
        Triggered { observation: camera.observation, rig, frames, fsin, strobe, readouts: readouts.collect() };
    let (mut points, mut cut_off, mut unpaired) = (Points::default(), 0, 0);
    for edge in fsin.train.pulses.iter().filter_map(|pulse| pulse.start.edge()) {
        match triggered.by(edge) {
            Ok(point) => points.push(point),
            Err(Without::First) => {}
            Err(Without::CutOff) => cut_off += 1,
            Err(Without::Unpaired) => unpaired += 1,
        }
    }
    if points.is_empty() {
        return Err(Absent::TooLittle("no trigger follows an exposure that was seen to end".to_owned()));
    }
    Ok(Track::of_times(&camera.observation.rate, points, &fsin.slack + &strobe.slack)
        .leaving_out(WhyLeftOut::CutOff, cut_off)
        .leaving_out(WhyLeftOut::Unpaired, unpaired))
}

/// A camera that is triggered by FSIN.
struct Triggered<'a> {
    observation: &'a Observation,
    rig: &'a Camera,
    frames: &'a CameraFrames,
    fsin: &'a ObservedLine,
    strobe: &'a ObservedLine,
    /// The ends of the readouts by the places of their exposures; none of those that are cut off.
    readouts: BTreeMap<usize, Option<EdgeTime>>,
}

impl Triggered<'_> {
    fn by(&self, edge: EdgeTime) -> Result<Point, Without> {
        let at = Instant::of(edge, &self.fsin.slack);
        let Some(begun) = self.begun_before(edge, &at) else { return Err(Without::First) };
        let Some(last) = begun else { return Err(Without::Unpaired) };
        let exposure = &self.frames.exposures[last];
        let Some(end) = exposure.pulse.end.edge() else { return Err(Without::CutOff) };
        let ended = Instant::of(end, &self.strobe.slack);
        let mut ready = self.later(&ended, &self.rig.recovery);
        let mut seen = end.at();
        match (&self.rig.overlap, self.rig.wire(Role::Readout)) {
            (Overlap::Allowed, _) | (Overlap::Never { readout_time: None }, None) => {}
            (Overlap::Never { readout_time: Some(time) }, None) => ready = ready.or_later(&self.later(&ended, time)),
            (Overlap::Never { .. }, Some(wire)) => match self.readouts.get(&last) {
                None => return Err(Without::Unpaired),
                Some(None) => return Err(Without::CutOff),
                Some(Some(read)) => {
                    let line = &self.observation.lines[wire.get()];
                    ready = ready.or_later(&Instant::of(*read, &line.slack));
                    seen = seen.max(read.at());
                }
            },
        }
        let (from, to) = (edge.at().min(seen), edge.at().max(seen));
        if !self.observation.lost.spares(from.min(exposure.pulse.from()), to) {
            return Err(Without::CutOff);
        }
        let edges = &self.frames.clock.edges;
        let frame = edges.binary_search_by_key(&edge.at(), |frame| frame.edge.at()).ok().map(|at| edges[at].starts);
        Ok(Point { frame, from, to, reading: ready.until(&at), seen: Seen::Whole })
    }

    /// The last exposure that began before an edge, or the last one of its burst: none where the windows leave it open whether
    /// another did.
    fn begun_before(&self, edge: EdgeTime, at: &Instant) -> Option<Option<usize>> {
        let exposures = &self.frames.exposures;
        let near = exposures.partition_point(|exposure| exposure.pulse.from() <= edge.at());
        // Its own exposure may begin with it, within what samples tell.
        let others = (0..exposures.len().min(near + 1)).rev().filter(|&place| exposures[place].fsin != Some(edge));
        for place in others {
            let start = exposures[place].pulse.start.edge().map(|start| Instant::of(start, &self.strobe.slack));
            if start.as_ref().is_none_or(|start| start.until <= at.after) {
                let own = &exposures[place];
                let is_of_burst = |other: &&Exposure| own.frame.is_some() && other.frame == own.frame;
                let rest = exposures[place + 1..].iter().take_while(is_of_burst).count();
                return Some(Some(place + rest));
            }
            if start.is_some_and(|start| start.after < at.until) {
                return Some(None);
            }
        }
        None
    }

    /// An instant later by a stated time.
    fn later(&self, instant: &Instant, seconds: &Rational) -> Instant {
        instant.later_by_stated(&self.observation.rate.samples(seconds), &self.observation.clock)
    }
}
