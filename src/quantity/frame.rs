//! Quantities of the frame clock: frame time, rate, jitter, missing and extra frames.

use super::interval::{Instant, larger, peak_to_peak};
use super::{Absent, Bound, ClockShare, Measure, Needs, On, Point, Points, Quantity, Reading, Seen, Track, Unseen};
use crate::frame::{CameraFrames, CameraView, ClockSource, FrameEdge, FrameEdgeIter, Interval, Observation};
use crate::rig::{Alignment, Role, WireIndex};
use crate::signal::EdgeTime;
use crate::units::{Rational, SampleIndex, Unit};

pub(super) const FSIN_OR_STROBE: Needs = Needs::OneOf(&[Role::Fsin, Role::Strobe]);

/// From one frame start to the next.
pub(crate) static TIME: Quantity = Quantity {
    id: "frame.time",
    unit: Unit::Second,
    label: "frame time",
    definition: "from one frame start to the next: between active edges of FSIN; without FSIN, of the anchored edge of STROBE",
    formula: "t(n+1) − t(n) of frame starts",
    source: "IEEE 2414-2020, period",
    raised_by: "a dropped frame doubles it; soft sync changes it by whole lines; a frame rate that is set wrong moves all of it",
    needs: FSIN_OR_STROBE,
    clock: ClockShare::Scales,
    unseen: Unseen::Raise(On::Clock),
    measure: Measure::Frames(time),
};

/// Frames per second over the capture: (n − 1) / (tₙ − t₁). The time between two edges is known to a sample, so the mean
/// frame time to 1/(n − 1) of one.
pub(crate) static RATE: Quantity = Quantity {
    id: "frame.rate",
    unit: Unit::Hertz,
    label: "frame rate",
    definition: "(n − 1) / (last − first frame start) over the longest stretch without lost samples",
    formula: "(n − 1) / (t(last) − t(first))",
    source: "GenICam SFNC AcquisitionFrameRate, as measured",
    raised_by: "the frame rate that is set; missing frames lower it",
    needs: FSIN_OR_STROBE,
    clock: ClockShare::Scales,
    unseen: Unseen::Lower(On::Clock),
    measure: Measure::Capture(rate),
};

/// Peak-to-peak of the frame time: max Tₖ − min Tₖ with Tₖ = tₖ₊₁ − tₖ, the peak-to-peak period jitter of IEEE 2414-2020.
/// Known to ± 2 samples: the difference of two intervals.
pub(crate) static JITTER: Quantity = Quantity {
    id: "frame.jitter",
    unit: Unit::Second,
    label: "frame jitter",
    definition: "peak-to-peak of frame.time; intervals with missing or extra frames are left out",
    formula: "max(frame.time) − min(frame.time)",
    source: "IEEE 2414-2020, period jitter, peak-to-peak",
    raised_by: "soft sync steps, a trigger source that is not a crystal, PTP that has not locked",
    needs: FSIN_OR_STROBE,
    clock: ClockShare::Scales,
    unseen: Unseen::Raise(On::Clock),
    measure: Measure::Capture(jitter),
};

/// Largest change from one frame time to the next: max |Tₖ₊₁ − Tₖ|, the cycle-to-cycle jitter of IEEE 2414-2020. Known to
/// ± 2 samples: tₖ₊₂ − 2 tₖ₊₁ + tₖ.
pub(crate) static CYCLE_JITTER: Quantity = Quantity {
    id: "frame.cycle-jitter",
    unit: Unit::Second,
    label: "cycle-to-cycle jitter",
    definition: "the largest absolute difference of neighbouring frame.time values",
    formula: "max |frame.time(n+1) − frame.time(n)|",
    source: "IEEE 2414-2020, cycle-to-cycle jitter",
    raised_by: "single late or early frames; slow drift does not raise it",
    needs: FSIN_OR_STROBE,
    clock: ClockShare::Scales,
    unseen: Unseen::Raise(On::Clock),
    measure: Measure::Capture(cycle_jitter),
};

/// The line that a camera's frame clock is read from.
pub(super) fn clock_wire(camera: CameraView<'_>) -> Option<WireIndex> {
    camera.frames.clock.source.wire(camera.wiring)
}

/// The lines that show the edges of a camera's frame clock: of STROBE all the pins that it comes on.
pub(super) fn clock_wires(camera: CameraView<'_>) -> Vec<WireIndex> {
    match clock_wire(camera) {
        Some(wire) if camera.observation.rig.wire(wire).role == Role::Strobe => {
            camera.wiring.wires(Role::Strobe).to_vec()
        }
        wire => wire.into_iter().collect(),
    }
}

/// The samples that two edges of a camera's clock, and all between them, were taken from: of middles those of their exposures.
pub(super) fn taken_from(camera: CameraView<'_>, first: FrameEdge, last: FrameEdge) -> (SampleIndex, SampleIndex) {
    let frames = camera.frames;
    let exposure = |edge: FrameEdge| {
        let begun = frames.exposures.partition_point(|exposure| exposure.pulse.from() <= edge.edge.at());
        let begun = frames.exposures.range(0..begun).rev();
        begun.map(|exposure| exposure.pulse).find(|pulse| pulse.middle() == Some(edge.edge))
    };
    let own = (first.edge.at(), last.edge.at());
    match frames.clock.source {
        ClockSource::StrobeMiddle => {
            (exposure(first).map_or(own.0, |pulse| pulse.from()), exposure(last).map_or(own.1, |pulse| pulse.to()))
        }
        ClockSource::Fsin | ClockSource::StrobeEnd | ClockSource::StrobeStart | ClockSource::Nothing => own,
    }
}

/// The uncertainty of the clock's edges beyond sampling, in sample periods.
pub(super) fn clock_slack(camera: CameraView<'_>) -> Rational {
    clock_wire(camera).map_or(Rational::ZERO, |wire| camera.line(wire).slack.clone())
}

/// The number of the frame that lies between two neighbouring kept edges.
pub(super) fn frame_between(frames: &CameraFrames, before: FrameEdge, after: FrameEdge) -> i64 {
    match frames.alignment {
        Some(Alignment::End) => after.starts - 1,
        Some(Alignment::Start | Alignment::Middle) | None => before.starts,
    }
}

/// The first frame that is judged, as a number that edges start.
pub(super) fn first_judged(observation: &Observation) -> i64 {
    i64::try_from(observation.rig.skip_frames).unwrap_or(i64::MAX)
}

fn times(camera: CameraView<'_>) -> impl Iterator<Item = (FrameEdge, FrameEdge, Reading)> + Clone {
    let slack = clock_slack(camera);
    let edges = &camera.frames.clock.edges;
    edges.pairs().filter(|(_, after)| after.before != Interval::Lost).map(move |(before, after)| {
        let reading = Instant::of(before.edge, &slack).until(&Instant::of(after.edge, &slack));
        (before, after, reading)
    })
}

fn time(camera: CameraView<'_>) -> Result<Track, Absent> {
    let points: Points = times(camera)
        .map(|(before, after, reading)| {
            let frame = Some(frame_between(camera.frames, before, after));
            let (from, to) = taken_from(camera, before, after);
            Point { frame, from, to, reading, seen: Seen::Whole }
        })
        .collect();
    if points.is_empty() {
        return Err(too_few_edges(camera, 2));
    }
    let slack = clock_slack(camera).times(2);
    Ok(Track::of_times(&camera.observation.rate, points, slack))
}

/// Judged frames that are exactly one frame time long.
fn regular_times(camera: CameraView<'_>) -> impl Iterator<Item = (FrameEdge, FrameEdge, Reading)> + Clone {
    let first = first_judged(camera.observation);
    times(camera).filter(move |(before, after, _)| before.starts >= first && after.before == Interval::Regular)
}

/// A track of one value in sample periods, taken from this stretch.
pub(super) fn spread_track(
    observation: &Observation,
    reading: Reading,
    from: SampleIndex,
    to: SampleIndex,
    slack: Rational,
) -> Track {
    let points = vec![Point { frame: None, from, to, reading, seen: Seen::Whole }];
    Track { least: Some(Rational::ZERO), ..Track::of_times(&observation.rate, points, slack) }
}

fn jitter(camera: CameraView<'_>) -> Result<Track, Absent> {
    let times = regular_times(camera);
    let ends = times.clone().next().zip(times.clone().last());
    let spread = peak_to_peak(times.map(|(_, _, reading)| reading));
    let (spread, ((first, ..), (_, last, _))) = spread.zip(ends).ok_or_else(|| too_few_edges(camera, 3))?;
    let (from, to) = taken_from(camera, first, last);
    Ok(spread_track(camera.observation, spread, from, to, clock_slack(camera).times(4))
        .of_the_largest(camera.observation))
}

fn cycle_jitter(camera: CameraView<'_>) -> Result<Track, Absent> {
    let slack = clock_slack(camera);
    let mut largest: Option<(Reading, SampleIndex, SampleIndex)> = None;
    let mut previous: Option<(FrameEdge, FrameEdge)> = None;
    for (begin, c, _) in regular_times(camera) {
        let Some((a, b)) = previous.replace((begin, c)).filter(|(_, b)| b.starts == begin.starts) else { continue };
        let change = change_of_time(a.edge, b.edge, c.edge, &slack);
        let own = taken_from(camera, a, c);
        largest = Some(match largest {
            None => (change, own.0, own.1),
            Some((before, from, to)) => {
                let (from, to) = if change.value > before.value { own } else { (from, to) };
                (larger(before, change), from, to)
            }
        });
    }
    let (reading, from, to) = largest.ok_or_else(|| too_few_edges(camera, 3))?;
    Ok(spread_track(camera.observation, reading, from, to, slack.times(4)).of_the_largest(camera.observation))
}

/// |(c − b) − (b − a)|: each edge within its window, so known to ±2 samples.
fn change_of_time(a: EdgeTime, b: EdgeTime, c: EdgeTime, slack: &Rational) -> Reading {
    let (a, b, c) = (Instant::of(a, slack), Instant::of(b, slack), Instant::of(c, slack));
    let value = &c.at - &b.at.times(2) + &a.at;
    let low = &c.after - &b.until.times(2) + &a.after;
    let high = &c.until - &b.after.times(2) + &a.until;
    let farthest = (-&low).max(high.clone());
    let nearest = low.max(-&high);
    Reading::between(nearest, value.abs(), farthest).not_below_zero()
}

/// The judged edges that fits and rates are computed from.
pub(super) struct Run<'a> {
    /// One after the other.
    pub(super) edges: FrameEdgeIter<'a>,
    /// The first and the last one.
    pub(super) first: FrameEdge,
    pub(super) last: FrameEdge,
}

/// The longest run, if it has at least this many edges.
pub(super) fn run(camera: CameraView<'_>, least: usize) -> Result<Run<'_>, Absent> {
    let edges = camera.frames.clock.longest_run(first_judged(camera.observation));
    let ends = edges.clone().next().zip(edges.clone().next_back()).filter(|_| edges.len() >= least);
    let (first, last) = ends.ok_or_else(|| too_few_edges(camera, least))?;
    Ok(Run { edges, first, last })
}

pub(super) fn too_few_edges(camera: CameraView<'_>, least: usize) -> Absent {
    match camera.frames.clock.edges.len() {
        0 => Absent::Silent(
            clock_wire(camera).map_or("the frame line", |wire| camera.observation.rig.wire(wire).role.label()),
        ),
        seen => Absent::TooLittle(format!(
            "it takes {least} frame starts in a row with nothing lost, missing or extra between; the capture has {seen} in all"
        )),
    }
}

fn rate(camera: CameraView<'_>) -> Result<Track, Absent> {
    let Run { edges, first, last } = run(camera, 2)?;
    let slack = clock_slack(camera);
    let time = Instant::of(first.edge, &slack).until(&Instant::of(last.edge, &slack));
    let intervals = Rational::integer(edges.len() as i128 - 1);
    let per_sample = |time: Option<&Rational>| intervals.checked_div(time?).filter(Rational::is_positive);
    let value = per_sample(Some(&time.value)).ok_or_else(|| too_few_edges(camera, 2))?;
    let reading = Reading {
        low: per_sample(time.high.at()).map_or(Bound::Closed(Rational::ZERO), Bound::Open),
        high: per_sample(time.low.at()).map_or(Bound::Unbounded, Bound::Open),
        value,
    };
    let (from, to) = taken_from(camera, first, last);
    let points = vec![Point { frame: None, from, to, reading, seen: Seen::Whole }];
    Ok(Track { scale: camera.observation.rate.hz().clone(), ..Track::plain(points) }.of_the_whole(camera.observation))
}

/// The camera's nominal frame time in sample periods.
pub(super) fn nominal(camera: CameraView<'_>) -> Result<Rational, Absent> {
    let seconds = camera.wiring.frame_time.as_ref().ok_or(Absent::NoFrameTime)?;
    Ok(camera.observation.rate.samples(seconds))
}
