//! Quantities of the flash: when it is lit, and how well it covers the exposure.

use super::corner::{Instant, larger, width};
use super::exposure::strobe_line;
use super::frame::first_judged;
use super::light::{self, Span};
use super::overlap::{Overlap, Spans, span, window};
use super::pattern::owed_by_pattern;
use super::{Absent, ClockShare, Measure, Needs, On, Point, Quantity, Reading, Seen, Track, Unseen, WhyLeftOut};
use crate::frame::{ClockSource, Exposure, FlashPulse, Observation, ObservedLine, answers};
use crate::rig::Role;
use crate::signal::{EdgeTime, Limb};
use crate::units::{Rational, Unit};

pub(super) const FLASH_AND_STROBE: Needs = Needs::All(&[Role::Strobe, Role::Flash]);

/// How long the flash is lit before the exposure.
pub(crate) static LEAD: Quantity = Quantity {
    id: "flash.lead",
    unit: Unit::Second,
    label: "flash lead",
    definition: "STROBE start − flash start, of the first flash pulse that touches the exposure; positive: lit before",
    formula: "t(STROBE start) − t(flash start)",
    source: "flash lead as strobe controllers define it; Euresys StrobeDelay with the sign turned",
    raised_by: "a flash that is fired before the exposure; the delay of the driver lowers it",
    needs: FLASH_AND_STROBE,
    clock: ClockShare::Scales,
    unseen: Unseen::Move(On::Own(&[Role::Strobe, Role::Flash])),
    measure: Measure::Frames(lead),
};

/// How long the flash stays lit after the exposure.
pub(crate) static LAG: Quantity = Quantity {
    id: "flash.lag",
    unit: Unit::Second,
    label: "flash lag",
    definition: "flash end − STROBE end, of the last flash pulse that touches the exposure; positive: lit after",
    formula: "t(flash end) − t(STROBE end)",
    source: "flash lag as strobe controllers define it",
    raised_by: "a flash that is held longer than the exposure; a pulse that is cut short lowers it",
    needs: FLASH_AND_STROBE,
    clock: ClockShare::Scales,
    unseen: Unseen::Move(On::Own(&[Role::Strobe, Role::Flash])),
    measure: Measure::Frames(lag),
};

/// From FSIN to the flash.
pub(crate) static LATENCY: Quantity = Quantity {
    id: "flash.latency",
    unit: Unit::Second,
    label: "flash latency",
    definition: "active edge of FSIN n → start of the first flash pulse that touches the exposure of frame n; negative: lit before. Without STROBE: → the first flash start before the next edge of FSIN",
    formula: "t(flash start) − t(FSIN active edge)",
    source: "trigger-to-light latency",
    raised_by: "the delay of the flash driver and of what fires it",
    needs: Needs::All(&[Role::Fsin, Role::Flash]),
    clock: ClockShare::Scales,
    unseen: Unseen::Move(On::Own(&[Role::Fsin, Role::Strobe, Role::Flash])),
    measure: Measure::Frames(latency),
};

/// The lit share of the exposure.
pub(crate) static COVERAGE: Quantity = Quantity {
    id: "flash.coverage",
    unit: Unit::Percent,
    label: "flash coverage",
    definition: "1 − (uncovered head + gaps + tail) / exposure.time; frames that timing.flash_pattern leaves dark have none",
    formula: "1 − (uncovered head + gaps + tail) / exposure.time; of the all-rows window of a rolling shutter",
    source: "share of the exposure that is lit",
    raised_by: "a flash that is lit before the exposure and after it; delay, a cap on the on-time and pulse-width modulation lower it",
    needs: FLASH_AND_STROBE,
    clock: ClockShare::Cancels,
    unseen: Unseen::Lower(On::Own(&[Role::Flash])),
    measure: Measure::Frames(coverage),
};

/// Active width of the flash.
pub(crate) static ON_TIME: Quantity = Quantity {
    id: "flash.on-time",
    unit: Unit::Second,
    label: "flash on-time",
    definition: "the active width of every flash pulse",
    formula: "t(flash end) − t(flash start) of every flash pulse",
    source: "limit of LED and laser drivers",
    raised_by: "a longer exposure, a held flash, a driver without a cap",
    needs: Needs::All(&[Role::Flash]),
    clock: ClockShare::Scales,
    unseen: Unseen::Raise(On::Own(&[Role::Flash])),
    measure: Measure::Frames(on_time),
};

/// How long the flash must stay lit beyond the exposure.
pub(crate) static HOLD: Quantity = Quantity {
    id: "flash.hold",
    unit: Unit::Second,
    label: "flash hold",
    definition: "the least on-time beyond the exposure (delta) that would have covered every exposure seen: the largest STROBE end − flash start − exposure.time, of flashes that went out before their exposure too",
    formula: "max(t(STROBE end) − t(flash start) − exposure.time)",
    source: "Luxonis, synchronisation over a network: the flash must stay on for exposure + delta",
    raised_by: "the latency from the flash to the exposure and its spread",
    needs: FLASH_AND_STROBE,
    clock: ClockShare::Scales,
    unseen: Unseen::Raise(On::Own(&[Role::Strobe, Role::Flash])),
    measure: Measure::Capture(hold),
};

pub(super) fn flash_slack(observation: &Observation, camera: usize) -> Rational {
    let wires = observation.rig.cameras[camera].flash.iter();
    wires.map(|wire| observation.lines[wire.get()].slack.clone()).fold(Rational::ZERO, Rational::max)
}

/// A track of times per frame.
fn times(observation: &Observation, camera: usize, points: Vec<Point>, slack: Rational) -> Result<Track, Absent> {
    if points.is_empty() {
        let frames = &observation.cameras[camera];
        return Err(match (frames.flashes.is_empty(), frames.exposures.is_empty()) {
            (true, _) => Absent::Silent(Role::Flash.label()),
            (false, true) => Absent::Silent(Role::Strobe.label()),
            (false, false) => Absent::TooLittle("no flash touches an exposure of which both were seen".to_owned()),
        });
    }
    Ok(Track::of_times(&observation.rate, points, slack))
}

/// How many exposures were seen whole without a flash.
fn unlit(observation: &Observation, camera: usize) -> usize {
    let is_unlit = |exposure: &&Exposure| exposure.pulse.is_whole() && exposure.flashes.is_empty();
    observation.cameras[camera].exposures.iter().filter(is_unlit).count()
}

/// The time from one end of a flash or exposure to another, where the flash's end may be cut off.
fn offset(frame: Option<i64>, from: (Limb, &Rational), to: (Limb, &Rational)) -> Option<Point> {
    let (first, last) = (from.0.at().min(to.0.at()), from.0.at().max(to.0.at()));
    let (reading, seen) = match (from.0, to.0) {
        (Limb::Edge(a), Limb::Edge(b)) => (Instant::of(a, from.1).until(&Instant::of(b, to.1)), Seen::Whole),
        // The flash was lit before the record began, or after it ended: the offset is longer than what is seen.
        (Limb::Cut(at), Limb::Edge(b)) => {
            let low = Instant::of(b, to.1).after - Rational::from(at.get());
            (Reading::at_least(low, Rational::from(b.at() - at)), Seen::CutOff)
        }
        (Limb::Edge(a), Limb::Cut(at)) => {
            let last_seen = Rational::integer(i128::from(at.get()) - 1);
            (Reading::at_least(last_seen - Instant::of(a, from.1).until, Rational::from(at - a.at())), Seen::CutOff)
        }
        (Limb::Cut(_), Limb::Cut(_)) => return None,
    };
    Some(Point { frame, from: first, to: last, reading, seen })
}

/// The flash pulses that touch an exposure, as places in its camera's flashes.
pub(super) fn touching<'a>(
    observation: &'a Observation,
    camera: usize,
    exposure: &'a Exposure,
) -> impl Iterator<Item = &'a FlashPulse> {
    exposure.flashes.iter().map(move |&flash| &observation.cameras[camera].flashes[flash])
}

fn lead(observation: &Observation, camera: usize) -> Result<Track, Absent> {
    let strobe = strobe_line(observation, camera)?;
    let points = (observation.cameras[camera].exposures.iter())
        .filter_map(|exposure| {
            let start = exposure.pulse.start.edge()?;
            let first = touching(observation, camera, exposure).next()?;
            let slack = &observation.lines[first.wire.get()].slack;
            offset(exposure.frame, (first.pulse.start, slack), (Limb::Edge(start), &strobe.slack))
        })
        .collect();
    Ok(times(observation, camera, points, &flash_slack(observation, camera) + &strobe.slack)?
        .leaving_out(WhyLeftOut::Unlit, unlit(observation, camera)))
}

fn lag(observation: &Observation, camera: usize) -> Result<Track, Absent> {
    let strobe = strobe_line(observation, camera)?;
    let points = (observation.cameras[camera].exposures.iter())
        .filter_map(|exposure| {
            let end = exposure.pulse.end.edge()?;
            let last = touching(observation, camera, exposure).max_by_key(|flash| flash.pulse.to())?;
            let slack = &observation.lines[last.wire.get()].slack;
            offset(exposure.frame, (Limb::Edge(end), &strobe.slack), (last.pulse.end, slack))
        })
        .collect();
    Ok(times(observation, camera, points, &flash_slack(observation, camera) + &strobe.slack)?
        .leaving_out(WhyLeftOut::Unlit, unlit(observation, camera)))
}

/// The largest lead, over the flashes that touch their exposure and those that ended before it: an exposure that starts so
/// long after the flash is covered by an on-time of itself and as much more.
fn hold(observation: &Observation, camera: usize) -> Result<Track, Absent> {
    let first = first_judged(observation);
    let strobe = strobe_line(observation, camera)?;
    let frames = &observation.cameras[camera];
    let exposures = Spans::of_exposures(observation, camera);
    // The last flash pulse before an exposure, if it touches none of any camera: it was fired for this one, and went out too
    // early.
    let missed_before = |exposure: &Exposure| {
        let before = frames.flashes.partition_point(|flash| flash.pulse.from() < exposure.pulse.from());
        let flash = frames.flashes.get(before.checked_sub(1)?)?;
        let light = span(&flash.pulse, &observation.lines[flash.wire.get()].slack);
        (exposures.overlap(&light) == Overlap::None).then_some(flash)
    };
    let is_lit = owed_by_pattern(observation, camera);
    let lit = frames.exposures.iter().filter(|exposure| is_lit(exposure));
    let judged = lit.filter(|exposure| first == 0 || exposure.frame.is_some_and(|n| n >= first));
    let leads = judged.filter_map(|exposure| {
        let flash = touching(observation, camera, exposure).next().or_else(|| missed_before(exposure))?;
        let slack = &observation.lines[flash.wire.get()].slack;
        let start = Limb::Edge(exposure.pulse.start.edge()?);
        offset(exposure.frame, (flash.pulse.start, slack), (start, &strobe.slack))
    });
    let largest = leads.filter(|point| point.seen == Seen::Whole).reduce(|a, b| {
        let (from, to) = if b.reading.value > a.reading.value { (b.from, b.to) } else { (a.from, a.to) };
        Point { from, to, reading: larger(a.reading, b.reading), ..b }
    });
    let none = || Absent::TooLittle("no flash was seen to start before or in an exposure".to_owned());
    let largest = Point { frame: None, ..largest.ok_or_else(none)? };
    Ok(Track::of_times(&observation.rate, vec![largest], &flash_slack(observation, camera) + &strobe.slack)
        .of_the_largest(observation))
}

fn latency(observation: &Observation, camera: usize) -> Result<Track, Absent> {
    let fsin = observation.rig.cameras[camera].fsin.ok_or(Absent::NotWired("FSIN"))?;
    let fsin_slack = &observation.lines[fsin.get()].slack;
    let frames = &observation.cameras[camera];
    match frames.clock.source {
        ClockSource::Fsin => {}
        ClockSource::StrobeEnd | ClockSource::StrobeStart | ClockSource::Nothing => {
            return Err(Absent::Silent(Role::Fsin.label()));
        }
    }
    let points = match observation.rig.cameras[camera].strobe {
        Some(_) => latency_to_exposure(observation, camera, fsin_slack),
        None => latency_to_next(observation, camera, fsin_slack),
    };
    Ok(times(observation, camera, points, &flash_slack(observation, camera) + fsin_slack)?
        .leaving_out(WhyLeftOut::Unlit, unlit(observation, camera)))
}

/// From each FSIN edge to the first flash pulse that touches the exposure of its frame.
fn latency_to_exposure(observation: &Observation, camera: usize, fsin_slack: &Rational) -> Vec<Point> {
    let frames = &observation.cameras[camera];
    let edges = &frames.clock.edges;
    let firsts = frames.exposures.iter().filter(|exposure| exposure.burst_index == 0);
    firsts
        .filter_map(|exposure| {
            let frame = exposure.frame?;
            let edge = edges[edges.binary_search_by_key(&frame, |edge| edge.starts).ok()?].edge;
            let flash = touching(observation, camera, exposure).next()?;
            let start = flash.pulse.start.edge()?;
            let (from, to) = (edge.at().min(start.at()), edge.at().max(start.at()));
            let slack = &observation.lines[flash.wire.get()].slack;
            let reading = Instant::of(edge, fsin_slack).until(&Instant::of(start, slack));
            observation.lost.spares(from, to).then_some(Point {
                frame: Some(frame),
                from,
                to,
                reading,
                seen: Seen::Whole,
            })
        })
        .collect()
}

/// From each FSIN edge to the first flash start that answers it, where no STROBE tells the exposures.
fn latency_to_next(observation: &Observation, camera: usize, fsin_slack: &Rational) -> Vec<Point> {
    let frames = &observation.cameras[camera];
    let triggers: Vec<EdgeTime> = frames.clock.edges.iter().map(|edge| edge.edge).collect();
    let (lines, starts): (Vec<&ObservedLine>, Vec<EdgeTime>) = (frames.flashes.iter())
        .filter_map(|flash| Some((&observation.lines[flash.wire.get()], flash.pulse.start.edge()?)))
        .unzip();
    let slack = fsin_slack + &flash_slack(observation, camera);
    let mut answered = None;
    (answers(&triggers, &starts, &slack, &observation.lost).into_iter().zip(lines.iter().zip(&starts)))
        .filter_map(|(trigger, (line, start))| {
            let first = trigger.filter(|_| answered != trigger)?;
            answered = trigger;
            let edge = frames.clock.edges[first];
            let reading = Instant::of(edge.edge, fsin_slack).until(&Instant::of(*start, &line.slack));
            let (from, to) = (edge.edge.at().min(start.at()), edge.edge.at().max(start.at()));
            Some(Point { frame: Some(edge.starts), from, to, reading, seen: Seen::Whole })
        })
        .collect()
}

fn on_time(observation: &Observation, camera: usize) -> Result<Track, Absent> {
    let frames = &observation.cameras[camera];
    let points = (frames.flashes.iter())
        .map(|flash| {
            let (reading, seen) = width(&flash.pulse, &observation.lines[flash.wire.get()]);
            let frame = frames.exposures[flash.touches.clone()].iter().find_map(|exposure| exposure.frame);
            Point { frame, from: flash.pulse.from(), to: flash.pulse.to(), reading, seen }
        })
        .collect();
    times(observation, camera, points, flash_slack(observation, camera).times(2))
}

fn coverage(observation: &Observation, camera: usize) -> Result<Track, Absent> {
    let strobe = strobe_line(observation, camera)?;
    let is_lit = owed_by_pattern(observation, camera);
    let exposures = observation.cameras[camera].exposures.iter();
    let whole = exposures.filter(|exposure| exposure.pulse.is_whole() && is_lit(exposure));
    let points: Vec<Point> = (whole.clone())
        .filter_map(|exposure| {
            let lit: Vec<Span> = touching(observation, camera, exposure)
                .map(|flash| span(&flash.pulse, &observation.lines[flash.wire.get()].slack))
                .collect();
            let exposed = window(observation, camera, exposure)?;
            if exposed.start.at >= exposed.end.at {
                return None;
            }
            let reading = light::coverage(&exposed, &lit);
            let pulse = &exposure.pulse;
            Some(Point { frame: exposure.frame, from: pulse.from(), to: pulse.to(), reading, seen: Seen::Whole })
        })
        .collect();
    if points.is_empty() {
        if strobe.train.pulses.is_empty() {
            return Err(Absent::Silent(Role::Strobe.label()));
        }
        return Err(Absent::TooLittle("no complete exposure was seen".to_owned()));
    }
    let empty = whole.count() - points.len();
    Ok(Track { scale: Rational::integer(100), ..Track::plain(points) }.leaving_out(WhyLeftOut::EmptyWindow, empty))
}
