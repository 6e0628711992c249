//! How a camera stands to the first one: skew, its drift, and the ratio of the frame times.
//!
//! Exposures of two cameras are paired by time, one to one and at most half a frame time apart; a frame that one of them
//! lost has no skew.

use super::count::Count;
use super::exposure::strobe_line;
use super::fit::{Line, Sample};
use super::interval::{Instant, widest};
use super::{
    Absent, ClockShare, Measure, Needs, On, Point, Points, Quantity, Reading, Seen, Track, Unseen, WhyLeftOut,
};
use crate::frame::{CameraView, Exposure, Observation, anchored};
use crate::rig::{Alignment, Role};
use crate::signal::{EdgeTime, Limb};
use crate::units::{Rational, SampleIndex, Unit};

const FURTHER: Needs = Needs::Further(&[Role::Strobe]);

/// STROBE start against the first camera's.
pub(crate) static START: Quantity = Quantity {
    id: "skew.start",
    unit: Unit::Second,
    label: "skew of starts",
    definition: "STROBE start of the camera − that of the first camera, same frame",
    formula: "t(STROBE start, camera) − t(STROBE start, first camera)",
    source: "IEEE 2414-2020, skew",
    raised_by: "cameras that are not synchronised; different exposures of end-aligned cameras",
    needs: FURTHER,
    clock: ClockShare::Scales,
    unseen: Unseen::Move(On::BothCameras(&[Role::Strobe])),
    measure: Measure::Frames(start),
};

/// STROBE end against the first camera's.
pub(crate) static END: Quantity = Quantity {
    id: "skew.end",
    unit: Unit::Second,
    label: "skew of ends",
    definition: "STROBE end of the camera − that of the first camera, same frame",
    formula: "t(STROBE end, camera) − t(STROBE end, first camera)",
    source: "IEEE 2414-2020, skew",
    raised_by: "cameras that are not synchronised; different exposures of start-aligned cameras",
    needs: FURTHER,
    clock: ClockShare::Scales,
    unseen: Unseen::Move(On::BothCameras(&[Role::Strobe])),
    measure: Measure::Frames(end),
};

/// How the skew grows.
pub(crate) static DRIFT: Quantity = Quantity {
    id: "skew.drift",
    unit: Unit::Ppm,
    label: "skew drift",
    definition: "the slope of the skew of the edges that are tied to the frame (least squares over the first camera's frames), against the first camera's fitted frame time",
    formula: "least-squares slope of the skew over the first camera's frames / its frame time",
    source: "frequency offset between two clocks",
    raised_by: "cameras that run freely on crystals of their own",
    needs: FURTHER,
    clock: ClockShare::Cancels,
    unseen: Unseen::Move(On::BothCameras(&[Role::Strobe])),
    measure: Measure::Capture(drift),
};

/// How the frame times compare.
pub(crate) static RATE: Quantity = Quantity {
    id: "skew.rate",
    unit: Unit::Ppm,
    label: "ratio of frame times",
    definition: "the camera's fitted frame time against the first camera's, as STROBE shows them",
    formula: "frame time / frame time of the first camera − 1",
    source: "frequency offset between two clocks",
    raised_by: "different frame rates; soft sync keeps it at 0 on average",
    needs: FURTHER,
    clock: ClockShare::Cancels,
    unseen: Unseen::Move(On::BothCameras(&[Role::Strobe])),
    measure: Measure::Capture(rate),
};

/// Frames of one of two cameras without the other's.
pub(crate) static MISSING: Quantity = Quantity {
    id: "skew.missing",
    unit: Unit::Count,
    label: "frames without partner",
    definition: "frames of the camera, or of the first one, without their partner, where half a frame time on either side of it was recorded; they pair about the nominal of the skew's limit",
    formula: "number of frames of either camera without partner",
    source: "pairing by time",
    raised_by: "a frame that one camera drops or takes alone, a camera that stops, different frame rates",
    needs: FURTHER,
    clock: ClockShare::Cancels,
    unseen: Unseen::Raise(On::BothCameras(&[Role::Fsin, Role::Strobe])),
    measure: Measure::Capture(missing),
};

fn missing(camera: CameraView<'_>) -> Result<Track, Absent> {
    if camera.place == 0 {
        return Err(Absent::TooLittle("the first camera is the reference".to_owned()));
    }
    let (first, own) = (&camera.observation.cameras[0], camera.frames);
    for silent in [first, own] {
        if silent.exposures.is_empty() {
            return Err(Absent::Silent(Role::Strobe.label()));
        }
    }
    let judged_from = camera.observation.judged_from(camera.place);
    let mut count = Count::default();
    for pulse in own.unpartnered.iter().filter(|pulse| pulse.from() >= judged_from) {
        count.add(1, pulse.from(), pulse.to());
    }
    Ok(count.track(camera.observation))
}

/// The exposures of the first camera and of this one that belong together.
fn pairs(camera: CameraView<'_>) -> Result<impl Iterator<Item = (Exposure, Exposure)> + Clone, Absent> {
    if camera.place == 0 {
        return Err(Absent::TooLittle("the first camera is the reference".to_owned()));
    }
    strobe_line(camera.observation.camera(0))?;
    strobe_line(camera)?;
    let reference = &camera.observation.cameras[0].exposures;
    let own = camera.frames;
    let pairs = (own.exposures.iter().zip(&own.partners))
        .filter_map(|(exposure, partner)| Some((reference.at((*partner)?), exposure)));
    if pairs.clone().next().is_none() {
        let text =
            "no exposure of it lies within half a frame time of one of the first camera's: set both to one frame rate";
        return Err(Absent::TooLittle(text.to_owned()));
    }
    Ok(pairs)
}

fn skew(camera: CameraView<'_>, limb: fn(&Exposure) -> Limb) -> Result<Track, Absent> {
    let pairs = pairs(camera)?;
    let (first, own) = (strobe_line(camera.observation.camera(0))?, strobe_line(camera)?);
    let points: Points = pairs
        .filter_map(|(reference, exposure)| {
            let (a, b) = (limb(&reference).edge()?, limb(&exposure).edge()?);
            let reading = Instant::of(a, &first.slack).until(&Instant::of(b, &own.slack));
            let (from, to) = (a.at().min(b.at()), a.at().max(b.at()));
            Some(Point { frame: reference.frame, from, to, reading, seen: Seen::Whole })
        })
        .collect();
    let stands_alone = |(exposure, partner): &(Exposure, &Option<usize>)| {
        exposure.frame.is_some() && partner.is_none() && exposure.pulse.is_whole()
    };
    let unpaired = camera.frames.exposures.iter().zip(&camera.frames.partners).filter(stands_alone).count();
    Ok(Track::of_times(&camera.observation.rate, points, &first.slack + &own.slack)
        .leaving_out(WhyLeftOut::Unpaired, unpaired))
}

fn start(camera: CameraView<'_>) -> Result<Track, Absent> {
    skew(camera, |exposure| exposure.pulse.start)
}

fn end(camera: CameraView<'_>) -> Result<Track, Absent> {
    skew(camera, |exposure| exposure.pulse.end)
}

/// The edge of a camera's exposure that is tied to its frame.
fn anchor(camera: CameraView<'_>, exposure: &Exposure) -> Limb {
    anchored(&exposure.pulse, camera.frames.alignment.unwrap_or(Alignment::End))
}

/// The judged anchors of a camera's exposures, numbered by its own frames, of the longest stretch without a gap.
fn anchors(camera: CameraView<'_>) -> Vec<(i64, EdgeTime)> {
    let anchors = camera.frames.exposures.iter().filter(|exposure| exposure.burst_index == 0);
    let anchors: Vec<(i64, EdgeTime)> = anchors
        .filter_map(|exposure| Some((exposure.frame?, anchor(camera, &exposure).edge()?)))
        .filter(|(frame, _)| camera.judges(*frame))
        .collect();
    let unbroken = |a: &(i64, EdgeTime), b: &(i64, EdgeTime)| camera.observation.lost.spares(a.1.at(), b.1.at());
    anchors.chunk_by(unbroken).max_by_key(|run| run.len()).unwrap_or(&[]).to_vec()
}

/// A value that lies within this distance of what was found.
struct Bounded {
    value: Rational,
    bound: Rational,
}

impl Bounded {
    fn low(&self) -> Rational {
        &self.value - &self.bound
    }

    fn high(&self) -> Rational {
        &self.value + &self.bound
    }

    /// The quotient by a bounded value that is above zero.
    fn over(&self, divisor: &Bounded) -> Option<Reading> {
        let (small, large) = (divisor.low(), divisor.high());
        if !small.is_positive() {
            return None;
        }
        let (low, high) = (self.low(), self.high());
        let low = low.checked_div(if low.is_negative() { &small } else { &large })?;
        let high = high.checked_div(if high.is_negative() { &large } else { &small })?;
        Some(Reading::between(low, self.value.checked_div(&divisor.value)?, high))
    }
}

fn frame_time(camera: CameraView<'_>) -> Result<Bounded, Absent> {
    let anchors = anchors(camera);
    let samples: Vec<Sample> = anchors.iter().map(|(frame, edge)| Sample { frame: *frame, at: edge.until() }).collect();
    let fit = Line::fit(&samples).ok_or_else(too_few)?;
    let half_width = widest(anchors.iter().map(|(_, edge)| *edge), &strobe_line(camera)?.slack);
    Ok(Bounded { value: fit.slope().clone(), bound: fit.slope_bound(&half_width) })
}

fn too_few() -> Absent {
    Absent::TooLittle("it takes two exposures of both cameras".to_owned())
}

/// A track of one ratio, in ppm.
fn ratio_track(observation: &Observation, reading: Reading) -> Track {
    let end = SampleIndex::new(observation.length.get().saturating_sub(1));
    let from = SampleIndex::default();
    let point = Point { frame: None, from, to: end, reading, seen: Seen::Whole };
    Track { scale: Rational::integer(1_000_000), ..Track::plain(vec![point]) }.of_the_whole(observation)
}

fn drift(camera: CameraView<'_>) -> Result<Track, Absent> {
    let pairs: Vec<(i64, EdgeTime, EdgeTime)> = pairs(camera)?
        .filter_map(|(reference, exposure)| {
            let (a, b) = (anchor(camera.observation.camera(0), &reference).edge()?, anchor(camera, &exposure).edge()?);
            let frame = reference.frame.filter(|frame| camera.judges(*frame))?;
            Some((frame, a, b))
        })
        .collect();
    // How many frames have passed where time begins anew is not known.
    let restarts: Vec<SampleIndex> = camera.observation.lost.restarts().collect();
    let part = |pair: &(i64, EdgeTime, EdgeTime)| restarts.partition_point(|restart| *restart <= pair.1.at());
    let pairs = pairs.chunk_by(|a, b| part(a) == part(b)).max_by_key(|part| part.len()).unwrap_or(&[]);
    let skews: Vec<Sample> =
        pairs.iter().map(|(frame, a, b)| Sample { frame: *frame, at: b.until() - a.until() }).collect();
    let fit = Line::fit(&skews).ok_or_else(too_few)?;
    let half_width = widest(pairs.iter().map(|(_, a, _)| *a), &strobe_line(camera.observation.camera(0))?.slack)
        + widest(pairs.iter().map(|(_, _, b)| *b), &strobe_line(camera)?.slack);
    let slope = Bounded { value: fit.slope().clone(), bound: fit.slope_bound(&half_width) };
    let reading = slope.over(&frame_time(camera.observation.camera(0))?).ok_or_else(too_few)?;
    Ok(ratio_track(camera.observation, reading))
}

fn rate(camera: CameraView<'_>) -> Result<Track, Absent> {
    pairs(camera).map(|_| ()).or_else(|absent| if camera.place == 0 { Err(absent) } else { Ok(()) })?;
    let ratio = frame_time(camera)?.over(&frame_time(camera.observation.camera(0))?).ok_or_else(too_few)?;
    let less_one = |at: &Rational| at - &Rational::ONE;
    let reading =
        Reading { value: less_one(&ratio.value), low: ratio.low.map(less_one), high: ratio.high.map(less_one) };
    Ok(ratio_track(camera.observation, reading))
}
