//! Quantities of the flash: when it is lit, and how well it covers the exposure.

use super::exposure::{line_of, strobe_line};
use super::interval::{Instant, larger, width};
use super::light::{self, Span};
use super::overlap::{Overlap, Spans, span, window};
use super::pattern::owed_by_pattern;
use super::{
    Absent, ClockShare, Measure, Needs, On, Point, Points, Quantity, Reading, Seen, Track, Unseen, WhyLeftOut,
};
use crate::frame::{CameraView, ClockSource, Exposure, FlashPulse, FrameClock, ObservedLine, answers};
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

pub(super) fn flash_slack(camera: CameraView<'_>) -> Rational {
    let wires = camera.wiring.wires(Role::Flash).iter();
    wires.map(|&wire| camera.line(wire).slack.clone()).fold(Rational::ZERO, Rational::max)
}

/// A track of times per frame.
fn times(camera: CameraView<'_>, points: Points, slack: Rational) -> Result<Track, Absent> {
    if points.is_empty() {
        return Err(match (camera.frames.flashes.is_empty(), camera.frames.exposures.is_empty()) {
            (true, _) => Absent::Silent(Role::Flash.label()),
            (false, true) => Absent::Silent(Role::Strobe.label()),
            (false, false) => Absent::TooLittle("no flash touches an exposure of which both were seen".to_owned()),
        });
    }
    Ok(Track::of_times(&camera.observation.rate, points, slack))
}

/// How many exposures were seen whole without a flash.
fn unlit(camera: CameraView<'_>) -> usize {
    let is_unlit = |exposure: &Exposure| exposure.pulse.is_whole() && exposure.flashes.is_empty();
    camera.frames.exposures.iter().filter(is_unlit).count()
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
pub(super) fn touching<'a>(camera: CameraView<'a>, exposure: &'a Exposure) -> impl Iterator<Item = FlashPulse> + 'a {
    exposure.flashes.iter().map(move |&flash| camera.frames.flashes.at(flash))
}

fn lead(camera: CameraView<'_>) -> Result<Track, Absent> {
    let strobe = strobe_line(camera)?;
    let points = (camera.frames.exposures.iter())
        .filter_map(|exposure| {
            let start = exposure.pulse.start.edge()?;
            let first = touching(camera, &exposure).next()?;
            let slack = &camera.line(first.wire).slack;
            offset(exposure.frame, (first.pulse.start, slack), (Limb::Edge(start), &strobe.slack))
        })
        .collect();
    Ok(times(camera, points, &flash_slack(camera) + &strobe.slack)?.leaving_out(WhyLeftOut::Unlit, unlit(camera)))
}

fn lag(camera: CameraView<'_>) -> Result<Track, Absent> {
    let strobe = strobe_line(camera)?;
    let points = (camera.frames.exposures.iter())
        .filter_map(|exposure| {
            let end = exposure.pulse.end.edge()?;
            let last = touching(camera, &exposure).max_by_key(|flash| flash.pulse.to())?;
            let slack = &camera.line(last.wire).slack;
            offset(exposure.frame, (Limb::Edge(end), &strobe.slack), (last.pulse.end, slack))
        })
        .collect();
    Ok(times(camera, points, &flash_slack(camera) + &strobe.slack)?.leaving_out(WhyLeftOut::Unlit, unlit(camera)))
}

/// The largest lead, over the flashes that touch their exposure and those that ended before it: an exposure that starts so
/// long after the flash is covered by an on-time of itself and as much more.
fn hold(camera: CameraView<'_>) -> Result<Track, Absent> {
    let strobe = strobe_line(camera)?;
    let exposures = Spans::of_exposures(camera);
    // The last flash pulse before an exposure, if it touches none of any camera: it was fired for this one, and went out too
    // early.
    let missed_before = |exposure: &Exposure| {
        let before = camera.frames.flashes.partition_point(|flash| flash.pulse.from() < exposure.pulse.from());
        let flash = camera.frames.flashes.get(before.checked_sub(1)?)?;
        let light = span(&flash.pulse, &camera.line(flash.wire).slack);
        (exposures.overlap(&light) == Overlap::None).then_some(flash)
    };
    let is_lit = owed_by_pattern(camera);
    let lit = camera.frames.exposures.iter().filter(|exposure| is_lit(exposure));
    let judged = lit.filter(|exposure| camera.judges(exposure.frame));
    let leads = judged.filter_map(|exposure| {
        let flash = touching(camera, &exposure).next().or_else(|| missed_before(&exposure))?;
        let slack = &camera.line(flash.wire).slack;
        let start = Limb::Edge(exposure.pulse.start.edge()?);
        offset(exposure.frame, (flash.pulse.start, slack), (start, &strobe.slack))
    });
    let largest = leads.filter(|point| point.seen == Seen::Whole).reduce(|a, b| {
        let (from, to) = if b.reading.value > a.reading.value { (b.from, b.to) } else { (a.from, a.to) };
        Point { from, to, reading: larger(a.reading, b.reading), ..b }
    });
    let none = || Absent::TooLittle("no flash was seen to start before or in an exposure".to_owned());
    let largest = Point { frame: None, ..largest.ok_or_else(none)? };
    Ok(Track::of_times(&camera.observation.rate, vec![largest], &flash_slack(camera) + &strobe.slack)
        .of_the_largest(camera.observation))
}

fn latency(camera: CameraView<'_>) -> Result<Track, Absent> {
    let fsin_slack = &line_of(camera, Role::Fsin)?.slack;
    let clock = camera.frames.fsin_clock().ok_or(Absent::Silent(Role::Fsin.label()))?;
    let points = match camera.wiring.wire(Role::Strobe) {
        Some(_) => latency_to_exposure(camera, fsin_slack),
        None => latency_to_next(camera, clock, fsin_slack),
    };
    Ok(times(camera, points, &flash_slack(camera) + fsin_slack)?.leaving_out(WhyLeftOut::Unlit, unlit(camera)))
}

/// From each FSIN edge to the first flash pulse that touches the exposure of its frame.
fn latency_to_exposure(camera: CameraView<'_>, fsin_slack: &Rational) -> Points {
    let edges = &camera.frames.clock.edges;
    let fsin_of = |exposure: &Exposure, frame: i64| match camera.frames.clock.source {
        ClockSource::StrobeMiddle => exposure.fsin,
        ClockSource::Fsin | ClockSource::StrobeEnd | ClockSource::StrobeStart | ClockSource::Nothing => {
            Some(edges.at(edges.find_by_key(&frame, |edge| edge.starts)?).edge)
        }
    };
    let firsts = camera.frames.exposures.iter().filter(|exposure| exposure.burst_index == 0);
    firsts
        .filter_map(|exposure| {
            let frame = exposure.frame?;
            let edge = fsin_of(&exposure, frame)?;
            let flash = touching(camera, &exposure).next()?;
            let start = flash.pulse.start.edge()?;
            let (from, to) = (edge.at().min(start.at()), edge.at().max(start.at()));
            let slack = &camera.line(flash.wire).slack;
            let reading = Instant::of(edge, fsin_slack).until(&Instant::of(start, slack));
            camera.observation.lost.spares(from, to).then_some(Point {
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
fn latency_to_next(camera: CameraView<'_>, clock: &FrameClock, fsin_slack: &Rational) -> Points {
    let triggers: Vec<EdgeTime> = clock.edges.iter().map(|edge| edge.edge).collect();
    let (lines, starts): (Vec<&ObservedLine>, Vec<EdgeTime>) = (camera.frames.flashes.iter())
        .filter_map(|flash| Some((camera.line(flash.wire), flash.pulse.start.edge()?)))
        .unzip();
    let slack = fsin_slack + &flash_slack(camera);
    let mut answered = None;
    (answers(&triggers, &starts, &slack, &camera.observation.lost).into_iter().zip(lines.iter().zip(&starts)))
        .filter_map(|(trigger, (line, start))| {
            let first = trigger.filter(|_| answered != trigger)?;
            answered = trigger;
            let edge = clock.edges.at(first);
            let reading = Instant::of(edge.edge, fsin_slack).until(&Instant::of(*start, &line.slack));
            let (from, to) = (edge.edge.at().min(start.at()), edge.edge.at().max(start.at()));
            Some(Point { frame: Some(edge.starts), from, to, reading, seen: Seen::Whole })
        })
        .collect()
}

fn on_time(camera: CameraView<'_>) -> Result<Track, Absent> {
    let points = (camera.frames.flashes.iter())
        .map(|flash| {
            let (reading, seen) = width(&flash.pulse, camera.line(flash.wire));
            let frame = flash.touches.iter().find_map(|&place| camera.frames.exposures.at(place).frame);
            Point { frame, from: flash.pulse.from(), to: flash.pulse.to(), reading, seen }
        })
        .collect();
    times(camera, points, flash_slack(camera).times(2))
}

fn coverage(camera: CameraView<'_>) -> Result<Track, Absent> {
    strobe_line(camera)?;
    let is_lit = owed_by_pattern(camera);
    let exposures = camera.frames.exposures.iter();
    let whole = exposures.filter(|exposure| exposure.pulse.is_whole() && is_lit(exposure));
    let points: Points = (whole.clone())
        .filter_map(|exposure| {
            let lit: Vec<Span> =
                touching(camera, &exposure).map(|flash| span(&flash.pulse, &camera.line(flash.wire).slack)).collect();
            let exposed = window(camera, &exposure)?;
            if exposed.start.at >= exposed.end.at {
                return None;
            }
            let reading = light::coverage(&exposed, &lit);
            let pulse = &exposure.pulse;
            Some(Point { frame: exposure.frame, from: pulse.from(), to: pulse.to(), reading, seen: Seen::Whole })
        })
        .collect();
    if points.is_empty() {
        if camera.frames.exposures.is_empty() {
            return Err(Absent::Silent(Role::Strobe.label()));
        }
        return Err(Absent::TooLittle("no complete exposure was seen".to_owned()));
    }
    let empty = whole.count() - points.len();
    Ok(Track { scale: Rational::integer(100), ..Track::plain(points) }.leaving_out(WhyLeftOut::EmptyWindow, empty))
}
