//! Frames that are missing or too many.

use super::count::{Count, Range};
use super::exposure::fsin_line;
use super::frame::{FSIN_OR_STROBE, clock_slack, clock_wire, first_judged, nominal};
use super::interval::Instant;
use super::overlap::Overlap;
use super::{Absent, ClockShare, Measure, On, Quantity, Reading, Track, Unseen, WhyLeftOut};
use crate::frame::{Before, CameraView, FrameClock, FrameEdge, Interval, Observation, RhythmBreak};
use crate::rig::{Ends, Rhythm};
use crate::signal::EdgeTime;
use crate::units::{Rational, Rounding, SampleIndex, Unit, value_text};

/// Frames that should be there and are not.
pub(crate) static MISSING: Quantity = Quantity {
    id: "frame.missing",
    unit: Unit::Count,
    label: "missing frames",
    definition: "frames that an interval of round(Δ/T) ≥ 2 lacks, and that silence of 2 T or more at the end owes (timing.ends), or before the first frame where another line shows that the camera ran; T is the nominal frame time. Without one nothing is counted, and a rhythm that breaks leaves it open",
    formula: "Σ (round(Δ/T) − 1) over intervals Δ, and floor(silence/T) at the ends",
    source: "interval counting against the nominal frame time",
    raised_by: "dropped frames, a camera that stopped, triggers that were not sent",
    needs: FSIN_OR_STROBE,
    clock: ClockShare::Cancels,
    unseen: Unseen::Raise(On::Clock),
    measure: Measure::Capture(missing),
};

/// Frame edges that should not be there.
pub(crate) static EXTRA: Quantity = Quantity {
    id: "frame.extra",
    unit: Unit::Count,
    label: "extra frames",
    definition: "frame edges less than 3 T/4 after the last kept one; T is the nominal frame time. Where frames are counted by the middles of STROBE, edges of FSIN as well",
    formula: "number of frame edges with Δ < 3T/4 after the last kept one",
    source: "interval counting against the nominal frame time",
    raised_by: "bounce or ringing on FSIN, two drivers on one line, a burst that is not declared",
    needs: FSIN_OR_STROBE,
    clock: ClockShare::Cancels,
    unseen: Unseen::Nothing,
    measure: Measure::Capture(extra),
};

fn missing(camera: CameraView<'_>) -> Result<Track, Absent> {
    let first = first_judged(camera.observation);
    let clock = &camera.frames.clock;
    if let (Err(no_frame_time), Rhythm::Kept) = (nominal(camera), camera.wiring.rhythm) {
        let broken = clock.rhythm_break(first, &camera.observation.lost, camera.observation.length);
        let broken = broken.filter(|broken| broken.to.is_some() || camera.observation.rig.ends != Ends::Stops);
        let quiet = || match camera.observation.is_end_open(camera.place) && clock.edges.len() > 2 {
            true => Absent::UnknownEnd,
            false => no_frame_time,
        };
        return Err(broken.map_or_else(quiet, |broken| rhythm_broken(camera, broken)));
    }
    let periods = Periods::of(camera)?;
    let mut count = Count::default();
    let lead_in = clock.lead_in.filter(|lead_in| lead_in.before == Before::Missing);
    if let Some(lead_in) = lead_in {
        let first = clock.edges.first().map_or_else(|| periods.end(), |edge| periods.edge(edge.edge));
        let frames = periods.in_silence(&periods.start(lead_in.from).until(&first));
        count.add_range(frames, lead_in.from, lead_in.to);
    }
    for pair in clock.edges.pairs().filter(|(before, _)| before.starts >= first) {
        let (before, after) = pair;
        if after.before != Interval::Lost {
            count.add_range(periods.missing_between(clock, pair), before.edge.at(), after.edge.at());
        }
    }
    match camera.observation.rig.ends {
        Ends::Stops => {}
        Ends::Unstated | Ends::Running => {
            let from = clock.silent_from(&camera.observation.lost);
            let begin = clock.edges.last().filter(|last| last.edge.at() == from);
            let begin = begin.map_or_else(|| periods.start(from), |last| periods.edge(last.edge));
            count.add_range(periods.in_silence(&begin.until(&periods.end())), from, camera.observation.length);
        }
    }
    let before = clock.lead_in.filter(|lead_in| lead_in.before == Before::Stream).map_or(0, |lead_in| lead_in.frames);
    let before = usize::try_from(before).unwrap_or(usize::MAX);
    Ok(count.track(camera.observation).up_to_the_end(camera).leaving_out(WhyLeftOut::BeforeStream, before))
}

/// The edges that begin frames, without extra ones; where the windows leave it open whether one is extra, it is open.
pub(super) fn starts(camera: CameraView<'_>) -> Count {
    let clock = &camera.frames.clock;
    let periods = Periods::of(camera).ok();
    let is_open = |kept: EdgeTime, edge: EdgeTime| {
        periods.as_ref().is_some_and(|periods| periods.is_extra(kept, edge) == Overlap::Open)
    };
    let mut count = Count::default();
    let mut before: Option<EdgeTime> = None;
    for start in &clock.edges {
        let edge = start.edge;
        match before.filter(|_| start.before != Interval::Lost).is_some_and(|before| is_open(before, edge)) {
            true => count.add_open(true, edge.at(), edge.at()),
            false => count.add(1, edge.at(), edge.at()),
        }
        for extra in clock.extra_after(start).filter(|extra| is_open(edge, **extra)) {
            count.add_open(false, extra.at(), extra.at());
        }
        before = Some(edge);
    }
    for open in &clock.open {
        count.add_open(false, open.at(), open.at());
    }
    count
}

/// How many nominal frame times are in a time, as far as the windows of edges and the clock's error tell.
struct Periods<'a> {
    observation: &'a Observation,
    nominal: Rational,
    slack: Rational,
    /// How near to an end of the record an edge may go unseen, in sample periods.
    rim: Rational,
}

impl<'a> Periods<'a> {
    fn of(camera: CameraView<'a>) -> Result<Periods<'a>, Absent> {
        let rim = Rational::integer(camera.observation.recorded_on(clock_wire(camera)).rim());
        Ok(Periods { observation: camera.observation, nominal: nominal(camera)?, slack: clock_slack(camera), rim })
    }

    /// Where a recorded stretch begins: an edge may be unseen up to a rim later.
    fn start(&self, at: SampleIndex) -> Instant {
        let at = Rational::from(at.get());
        Instant { after: at.clone(), until: &at + &self.rim, at }
    }

    /// The end of the record, which lies behind its last sample.
    fn end(&self) -> Instant {
        let end = Instant::of(EdgeTime::sharp(self.observation.length), &Rational::ZERO);
        Instant { after: &end.after - &self.rim, ..end }
    }

    fn edge(&self, edge: EdgeTime) -> Instant {
        Instant::of(edge, &self.slack)
    }

    /// A time in frame times: the true one lies above the lower and below the upper.
    fn ratios(&self, time: &Reading) -> [Rational; 3] {
        let clock = &self.observation.clock;
        let of = |at: Option<&Rational>, error: Rational| {
            at.and_then(|at| at.checked_div(&(&self.nominal * &error))).unwrap_or(Rational::ZERO)
        };
        [
            of(time.low.at(), &Rational::ONE + clock),
            of(Some(&time.value), Rational::ONE),
            of(time.high.at(), &Rational::ONE - clock),
        ]
    }

    /// The frames that silence owes: as many as fit in it, from two on.
    fn in_silence(&self, time: &Reading) -> Range {
        let owed = |frames: u64| if frames < 2 { 0 } else { frames };
        let [low, seen, high] = self.ratios(time);
        Range {
            sure: owed(whole(&low, Rounding::Down)),
            seen: owed(whole(&seen, Rounding::Down)),
            // The truth lies below the upper bound.
            possible: owed(whole(&high, Rounding::Up).saturating_sub(1)),
        }
    }

    /// The frames that are missing between two kept edges. An edge of which the windows leave open whether it is too many
    /// may be one of them, or make one of them.
    fn missing_between(&self, clock: &FrameClock, (before, after): (FrameEdge, FrameEdge)) -> Range {
        let [low, seen, high] = self.ratios(&self.between(before.edge, after.edge));
        let open =
            clock.extra_after(before).filter(|extra| self.is_extra(before.edge, **extra) == Overlap::Open).count()
                as u64;
        let is_open = self.is_extra(before.edge, after.edge) == Overlap::Open;
        // A time just below k + 1/2 frame times is k of them, so the open upper bound rounds down there.
        let most = (&high - &Rational::ONE.half()).to_integer(Rounding::Up).and_then(|most| u64::try_from(most).ok());
        let missing = |frames: u64| frames.max(1) - 1;
        Range {
            sure: missing(whole(&low, Rounding::Nearest)).saturating_sub(open),
            seen: missing(whole(&seen, Rounding::Nearest)),
            possible: missing(most.unwrap_or(1)) + open + u64::from(is_open),
        }
    }

    /// Whether an edge comes less than 3/4 of a frame time after a kept one.
    fn is_extra(&self, kept: EdgeTime, edge: EdgeTime) -> Overlap {
        let [low, _, high] = self.ratios(&self.between(kept, edge)).map(|ratio| ratio.times(4));
        let border = Rational::integer(3);
        match (low >= border, high <= border) {
            (true, _) => Overlap::None,
            (false, true) => Overlap::Sure,
            (false, false) => Overlap::Open,
        }
    }

    fn between(&self, from: EdgeTime, to: EdgeTime) -> Reading {
        self.edge(from).until(&self.edge(to))
    }
}

fn whole(number: &Rational, rounding: Rounding) -> u64 {
    number.to_integer(rounding).map_or(u64::MAX, |whole| u64::try_from(whole.max(0)).unwrap_or(u64::MAX))
}

/// Why it is open whether a frame is missing.
fn rhythm_broken(camera: CameraView<'_>, broken: RhythmBreak) -> Absent {
    let line = clock_wire(camera).map_or("the frame line", |wire| camera.observation.rig.wire(wire).role.label());
    let at = |sample: SampleIndex| {
        let seconds = camera.observation.rate.period() * &Rational::from(sample.get());
        value_text(&seconds, Unit::Second, Rounding::Nearest)
    };
    let until = broken.to.map_or("to the end of the record".to_owned(), |to| format!("to {}", at(to)));
    Absent::RhythmBroken(format!(
        "{line} is silent from {} {until}, {} of its usual intervals, and no frame time says whether frames are missing",
        at(broken.from),
        broken.intervals
    ))
}

fn extra(camera: CameraView<'_>) -> Result<Track, Absent> {
    let mut count = Count::default();
    add_extra(&mut count, camera, &camera.frames.clock, &Periods::of(camera)?);
    // Where frames are counted by the middles of exposures, each edge of FSIN asks for one.
    if let Some(fsin) = &camera.frames.fsin {
        let slack = fsin_line(camera)?.slack.clone();
        add_extra(&mut count, camera, fsin, &Periods { slack, ..Periods::of(camera)? });
    }
    Ok(count.track(camera.observation))
}

/// Adds the edges of a clock that are too many.
fn add_extra(count: &mut Count, camera: CameraView<'_>, clock: &FrameClock, periods: &Periods<'_>) {
    let judged_from = camera.observation.judged_from(camera.place);
    let extras = clock.edges.iter().flat_map(|kept| clock.extra_after(kept).map(move |extra| (kept.edge, *extra, 1)));
    // An edge that was kept is none for sure; warm-up frames come as they come.
    let first = first_judged(camera.observation);
    let kept = clock.edges.pairs().filter(|(before, after)| after.before != Interval::Lost && before.starts >= first);
    let candidates = extras.chain(kept.map(|(before, after)| (before.edge, after.edge, 0)));
    for (kept, edge, seen) in candidates.filter(|(_, edge, _)| edge.at() >= judged_from) {
        let range = match periods.is_extra(kept, edge) {
            Overlap::None => Range { sure: 0, seen, possible: 0 },
            Overlap::Sure => Range { sure: seen, seen, possible: 1 },
            Overlap::Open => Range { sure: 0, seen, possible: 1 },
        };
        count.add_range(range, edge.at(), edge.at());
    }
}
