//! Whether the camera was ready when it was triggered.

use std::collections::BTreeMap;

use super::exposure::{fsin_line, require, seen_line, strobe_line};
use super::interval::Instant;
use super::{
    Absent, Bound, ClockShare, Measure, Needs, On, Point, Points, Quantity, Reading, Seen, Track, Unseen, WhyLeftOut,
};
use crate::frame::{CameraFrames, CameraView, Exposure, Observation, ObservedLine};
use crate::rig::{Alignment, Camera, Overlap, Role};
use crate::signal::{EdgeTime, Limb};
use crate::units::{Rational, SampleIndex, Unit};

/// From the moment in which the camera can expose again to the next trigger.
pub(crate) static MARGIN: Quantity = Quantity {
    id: "trigger.margin",
    unit: Unit::Second,
    label: "trigger margin",
    definition: "active edge of FSIN − the time from which the camera is ready for it, for start-aligned cameras. Below 0 the trigger came too early. Extra edges of FSIN count too. Without a ready line the camera is ready at the end of the last exposure (of its burst) that began before the edge, later by timing.recovery. Where timing.overlap is \"never\", it is not ready before the end of that exposure's readout. With a ready line it is ready at the line's last active edge since that exposure began. If the line is not active at the trigger, it is ready at the line's next active edge. A line that goes inactive within the same sample as a trigger that is answered, answers it",
    formula: "t(FSIN active edge) − max(t(STROBE end) + recovery, t(readout end) without overlap), or − t(ready active edge)",
    source: "overtriggering as machine-vision vendors define it (Basler, Allied Vision: trigger ready)",
    raised_by: "a slower trigger, a shorter exposure or readout; below 0 the camera ignores the trigger or takes it late",
    needs: Needs::All(&[Role::Fsin, Role::Strobe]),
    clock: ClockShare::Scales,
    unseen: Unseen::RaiseOrMove(On::Own(&[Role::Strobe]), On::Own(&[Role::Ready])),
    measure: Measure::Frames(margin),
};

/// Why an edge of FSIN has no value.
enum Without {
    /// No exposure was seen before it.
    First,
    /// What makes the camera ready was not recorded.
    CutOff,
    /// The exposure before it has no readout, or begins with it and is not its own; or the ready line was active all the time
    /// since, or may have been active at the trigger or not.
    Unpaired,
}

fn margin(camera: CameraView<'_>) -> Result<Track, Absent> {
    require(camera, Alignment::Start)?;
    let (rig, frames) = (camera.wiring, camera.frames);
    let (fsin, strobe) = (fsin_line(camera)?, strobe_line(camera)?);
    let readouts = frames.readouts.iter().filter_map(|readout| Some((readout.exposure?, readout.pulse.end)));
    let ready = rig.has(Role::Ready).then(|| seen_line(camera, Role::Ready)).transpose()?;
    let readouts = readouts.collect();
    let triggered = Triggered { observation: camera.observation, rig, frames, fsin, strobe, ready, readouts };
    let (mut points, mut cut_off, mut unpaired) = (Points::default(), 0, 0);
    // Of several pulses a frame, the first one is the trigger.
    let clock = &frames.clock;
    let mut edges: Vec<EdgeTime> =
        clock.edges.iter().map(|edge| edge.edge).chain(clock.extra.iter().copied()).collect();
    edges.sort_unstable_by_key(|edge| edge.at());
    for edge in edges {
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
    Ok(Track::of_times(&camera.observation.rate, points, &fsin.slack + &ready.unwrap_or(strobe).slack)
        .leaving_out(WhyLeftOut::CutOff, cut_off)
        .leaving_out(WhyLeftOut::Unpaired, unpaired))
}

/// When a camera is ready.
struct Ready {
    at: Instant,
    /// The last sample that shows it.
    shown: SampleIndex,
    /// Cut off: it is not ready before that.
    seen: Seen,
}

/// A camera that is triggered by FSIN.
struct Triggered<'a> {
    observation: &'a Observation,
    rig: &'a Camera,
    frames: &'a CameraFrames,
    fsin: &'a ObservedLine,
    strobe: &'a ObservedLine,
    /// The line on which the camera says so itself.
    ready: Option<&'a ObservedLine>,
    /// The ends of the readouts by the places of their exposures.
    readouts: BTreeMap<usize, Limb>,
}

impl Triggered<'_> {
    fn by(&self, edge: EdgeTime) -> Result<Point, Without> {
        let at = Instant::of(edge, &self.fsin.slack);
        let Some(begun) = self.begun_before(edge, &at) else { return Err(Without::First) };
        let Some(last) = begun else { return Err(Without::Unpaired) };
        let Ready { at: ready, shown, seen } = match self.ready {
            Some(line) => self.told(line, last, edge, &at)?,
            None => self.reckoned(last)?,
        };
        let (from, to) = (edge.at().min(shown), edge.at().max(shown));
        let exposure = self.frames.exposures.at(last).pulse;
        if !self.observation.lost.spares(from.min(exposure.from()), to) {
            return Err(Without::CutOff);
        }
        let edges = &self.frames.clock.edges;
        let frame = edges.find_by_key(&edge.at(), |frame| frame.edge.at()).map(|at| edges.at(at).starts);
        let reading = ready.until(&at);
        let reading = match seen {
            Seen::CutOff => Reading { low: Bound::Unbounded, ..reading },
            Seen::Whole | Seen::InDoubt => reading,
        };
        Ok(Point { frame, from, to, reading, seen })
    }

    /// When the camera is ready after an exposure, by its end and its readout: not before what is seen of them where they are cut off.
    fn reckoned(&self, last: usize) -> Result<Ready, Without> {
        let ends = |end: Limb, line: &ObservedLine| match end {
            Limb::Edge(edge) => (Instant::of(edge, &line.slack), Seen::Whole),
            Limb::Cut(at) => (Instant::of(EdgeTime::sharp(at), &line.slack), Seen::CutOff),
        };
        let end = self.frames.exposures.at(last).pulse.end;
        let (ended, mut seen) = ends(end, self.strobe);
        let mut ready = self.later(&ended, &self.rig.recovery);
        let mut shown = end.at();
        match (&self.rig.overlap, self.rig.wire(Role::Readout)) {
            (Overlap::Allowed, _) | (Overlap::Never { readout_time: None }, None) => {}
            (Overlap::Never { readout_time: Some(time) }, None) => ready = ready.or_later(&self.later(&ended, time)),
            (Overlap::Never { .. }, Some(wire)) => match self.readouts.get(&last) {
                None if seen == Seen::CutOff => {}
                None => return Err(Without::Unpaired),
                Some(read) => {
                    let (read_out, read_seen) = ends(*read, &self.observation.lines[wire.get()]);
                    ready = ready.or_later(&read_out);
                    shown = shown.max(read.at());
                    seen = if read_seen == Seen::CutOff { Seen::CutOff } else { seen };
                }
            },
        }
        Ok(Ready { at: ready, shown, seen })
    }

    /// When the camera is ready for a trigger after an exposure, as its own line says.
    fn told(&self, line: &ObservedLine, last: usize, edge: EdgeTime, at: &Instant) -> Result<Ready, Without> {
        let exposure = self.frames.exposures.at(last).pulse;
        if !self.observation.lost.spares(exposure.from().min(edge.at()), edge.at()) {
            return Err(Without::CutOff);
        }
        let instant = |limb: Limb| match limb.edge() {
            Some(edge) => Instant::of(edge, &line.slack),
            None => Instant::exact(Rational::from(limb.at().get())),
        };
        let pulses = &line.train.pulses;
        // The first one that has not ended before the trigger is active at it, or begins next.
        let place = pulses.partition_point(|pulse| instant(pulse.end).until <= at.after);
        let Some(pulse) = pulses.get(place) else { return Ok(self.never_told(line, edge)) };
        let Some(rise) = pulse.start.edge() else { return Err(Without::CutOff) };
        let (rises, falls) = (instant(pulse.start), instant(pulse.end));
        // Where it ends with the trigger, it has ended by it unless the trigger is answered.
        let is_open = falls.after < at.until && !self.is_answered(edge);
        let is_next_open = || pulses.get(place + 1).is_some_and(|next| instant(next.start).after < at.until);
        let begun = exposure.start.edge().map(|start| Instant::of(start, &self.strobe.slack));
        let may_be_before = rises.after < at.until;
        let is_older = may_be_before && begun.is_some_and(|begun| rises.after < begun.until);
        if is_open || is_next_open() || is_older {
            return Err(Without::Unpaired);
        }
        Ok(Ready { at: rises, shown: rise.at(), seen: Seen::Whole })
    }

    /// A camera whose line stays inactive from a trigger on is not ready before the record ends, or is lost.
    fn never_told(&self, line: &ObservedLine, edge: EdgeTime) -> Ready {
        let lost = self.observation.lost.spans().iter().map(|span| span.from).find(|from| *from >= edge.at());
        // A rise right before it may be taken for a glitch.
        let end = SampleIndex::new(lost.unwrap_or(self.observation.length).get().saturating_sub(line.blind));
        Ready { at: Instant::of(EdgeTime::sharp(end), &line.slack), shown: end, seen: Seen::CutOff }
    }

    /// Whether an exposure answers an edge of FSIN.
    fn is_answered(&self, edge: EdgeTime) -> bool {
        let exposures = &self.frames.exposures;
        let from = exposures.partition_point(|exposure| exposure.pulse.from() < edge.at());
        // Within what samples tell, it may have begun before.
        exposures.iter().skip(from.saturating_sub(1)).take(2).any(|exposure| exposure.fsin == Some(edge))
    }

    /// The last exposure that began before an edge, or the last one of its burst: none where the windows leave it open whether
    /// another did.
    fn begun_before(&self, edge: EdgeTime, at: &Instant) -> Option<Option<usize>> {
        let exposures = &self.frames.exposures;
        let near = exposures.partition_point(|exposure| exposure.pulse.from() <= edge.at());
        // Its own exposure may begin with it, within what samples tell.
        let others = (0..exposures.len().min(near + 1)).rev().filter(|&place| exposures.at(place).fsin != Some(edge));
        for place in others {
            let start = exposures.at(place).pulse.start.edge().map(|start| Instant::of(start, &self.strobe.slack));
            if start.as_ref().is_none_or(|start| start.until <= at.after) {
                let own = exposures.at(place);
                let is_of_burst = |other: &Exposure| own.frame.is_some() && other.frame == own.frame;
                let rest = exposures.iter().skip(place + 1).take_while(is_of_burst).count();
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
