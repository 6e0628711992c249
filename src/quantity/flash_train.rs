//! What light, driver and eye must stand: how long the flash is off, its duty pulse by pulse, and its pulses of an exposure.

use super::count::Range;
use super::exposure::strobe_line;
use super::flash::FLASH_AND_STROBE;
use super::flash_count::{owes_light, was_recorded};
use super::interval::Instant;
use super::overlap::{Spans, exposed};
use super::{
    Absent, Bound, ClockShare, Measure, Needs, On, Point, Points, Quantity, Reading, Seen, Track, Unseen, WhyLeftOut,
};
use crate::frame::{CameraFrames, CameraView, FlashPulse};
use crate::rig::{Ends, Role};
use crate::signal::EdgeTime;
use crate::units::{Rational, Unit};

/// From one flash pulse to the next.
pub(crate) static OFF_TIME: Quantity = Quantity {
    id: "flash.off-time",
    unit: Unit::Second,
    label: "flash off-time",
    definition: "from the end of a flash pulse to the start of the next on its line, numbered as the pulse before it; behind the last one what is seen can break an upper limit",
    formula: "t(flash start, n+1) − t(flash end, n)",
    source: "LED drivers: the least pause that the capacitor needs",
    raised_by: "a slower trigger or shorter pulses; bounce and re-triggering shorten it",
    needs: Needs::All(&[Role::Flash]),
    clock: ClockShare::Scales,
    unseen: Unseen::Raise(On::Own(&[Role::Flash])),
    measure: Measure::Frames(off_time),
};

/// The share of each cycle in which the flash is lit: within (w ± 1 sample) / P of a width w and a period P, whatever the clock.
pub(crate) static CYCLE_DUTY: Quantity = Quantity {
    id: "flash.cycle-duty",
    unit: Unit::Percent,
    label: "flash cycle duty",
    definition: "on-time of a flash pulse over its on-time and the off-time that follows it, on its line; none of the last pulse, nor of one before a lost stretch",
    formula: "on / (on + following off)",
    source: "data sheets of LED lights: D = t_on / (t_on + t_off)",
    raised_by: "longer pulses; a trigger faster than planned",
    needs: Needs::All(&[Role::Flash]),
    clock: ClockShare::Cancels,
    unseen: Unseen::Move(On::Own(&[Role::Flash])),
    measure: Measure::Frames(cycle_duty),
};

/// Flash pulses of an exposure.
pub(crate) static PULSES: Quantity = Quantity {
    id: "flash.pulses",
    unit: Unit::Count,
    label: "flash pulses of an exposure",
    definition: "flash pulses, of all lines, that touch an exposure which was seen whole; of a rolling shutter any of its rows; frames that timing.flash_pattern leaves dark have none",
    formula: "number of flash pulses that touch the exposure",
    source: "lights that are pulsed several times in an exposure (PWM, multi-flash)",
    raised_by: "bounce at the flash driver, a light on its own timer",
    needs: FLASH_AND_STROBE,
    clock: ClockShare::Cancels,
    unseen: Unseen::Lower(On::Own(&[Role::Flash])),
    measure: Measure::Frames(pulses),
};

/// A flash pulse and the next one on its line, where nothing is lost between them.
struct Cycle {
    pulse: FlashPulse,
    next: Option<EdgeTime>,
}

/// The pulses whose end was seen, each with the next on its line, in order of time.
fn cycles(camera: CameraView<'_>) -> Vec<Cycle> {
    let flashes = &camera.frames.flashes;
    let mut cycles = Vec::new();
    for (place, pulse) in flashes.iter().enumerate() {
        let Some(end) = pulse.pulse.end.edge() else { continue };
        let next = flashes.iter().skip(place + 1).find(|next| next.wire == pulse.wire);
        let start = next.and_then(|next| next.pulse.start.edge());
        cycles.push(Cycle { pulse, next: start.filter(|start| camera.observation.lost.spares(end.at(), start.at())) });
    }
    cycles
}

fn frame_of(frames: &CameraFrames, pulse: &FlashPulse) -> Option<i64> {
    pulse.touches.iter().find_map(|&place| frames.exposures.at(place).frame)
}

fn off_time(camera: CameraView<'_>) -> Result<Track, Absent> {
    let mut slack = Rational::ZERO;
    let mut points = Points::default();
    for Cycle { pulse, next } in cycles(camera) {
        let line = camera.line(pulse.wire);
        slack = slack.max(line.slack.clone());
        let Some(edge) = pulse.pulse.end.edge() else { continue };
        let end = Instant::of(edge, &line.slack);
        let (to, reading, seen) = match next {
            Some(next) => (next.at(), end.until(&Instant::of(next, &line.slack)), Seen::Whole),
            None => {
                let to = camera
                    .observation
                    .lost
                    .proven(camera.observation.length)
                    .into_iter()
                    .find(|stretch| stretch.to > edge.at());
                let to = to.map_or(camera.observation.length, |stretch| stretch.to);
                // Where the camera may have stopped, no flash was to come.
                if to == camera.observation.length && camera.observation.rig.ends == Ends::Stops {
                    continue;
                }
                let last = Rational::integer(i128::from(to.get()) - 1);
                let seen = &last - &end.at;
                (to, Reading::at_least(&last - &end.until, seen).not_below_zero(), Seen::CutOff)
            }
        };
        points.push(Point { frame: frame_of(camera.frames, &pulse), from: edge.at(), to, reading, seen });
    }
    if points.is_empty() {
        return Err(Absent::Silent(Role::Flash.label()));
    }
    Ok(Track::of_times(&camera.observation.rate, points, slack.times(2)))
}

fn cycle_duty(camera: CameraView<'_>) -> Result<Track, Absent> {
    let mut points = Points::default();
    for Cycle { pulse, next } in cycles(camera) {
        let slack = &camera.line(pulse.wire).slack;
        let (Some(start), Some(end), Some(next)) = (pulse.pulse.start.edge(), pulse.pulse.end.edge(), next) else {
            continue;
        };
        let instant = |edge| Instant::of(edge, slack);
        let (s, e, n) = (instant(start), instant(end), instant(next));
        let share = |on: Rational, of: Rational| on.checked_div(&of).unwrap_or(Rational::ONE);
        // A later start makes both shorter, and their ratio smaller.
        let reading = Reading::between(
            share(&e.after - &s.until, &n.until - &s.until),
            share(&e.at - &s.at, &n.at - &s.at),
            share(&e.until - &s.after, &n.after - &s.after),
        );
        points.push(Point {
            frame: frame_of(camera.frames, &pulse),
            from: start.at(),
            to: next.at(),
            reading: reading.not_below_zero(),
            seen: Seen::Whole,
        });
    }
    if points.is_empty() {
        return Err(Absent::TooLittle("it takes two flash pulses in a row".to_owned()));
    }
    Ok(Track { scale: Rational::integer(100), ..Track::plain(points) })
}

fn pulses(camera: CameraView<'_>) -> Result<Track, Absent> {
    strobe_line(camera)?;
    let light = Spans::of_light(camera);
    let owes_light = owes_light(camera);
    let recorded = camera.observation.recorded_on(camera.wiring.wires(Role::Flash).iter().copied());
    let mut points = Points::default();
    let (mut unlit, mut cut_off) = (0, 0);
    for exposure in camera.frames.exposures.iter().filter(|exposure| exposure.pulse.is_whole()) {
        let Some(rows) = exposed(camera, &exposure) else { continue };
        if !owes_light(&exposure) {
            unlit += 1;
            continue;
        }
        if !was_recorded(recorded, &rows) {
            cut_off += 1;
            continue;
        }
        let Range { sure, seen, possible } = light.count(&rows);
        let reading = Reading {
            value: Rational::from(seen),
            low: Bound::Closed(Rational::from(sure)),
            high: Bound::Closed(Rational::from(possible)),
        };
        let pulse = &exposure.pulse;
        points.push(Point { frame: exposure.frame, from: pulse.from(), to: pulse.to(), reading, seen: Seen::Whole });
    }
    if points.is_empty() {
        return Err(Absent::TooLittle("no complete exposure that is to be lit was seen".to_owned()));
    }
    let track = Track::plain(points).leaving_out(WhyLeftOut::CutOff, cut_off);
    Ok(track.leaving_out(WhyLeftOut::NoLightOwed, unlit))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quantity::overlap::span;
    use crate::signal::{Limb, Pulse};
    use crate::units::SampleIndex;

    #[test]
    fn pulses_that_may_touch_make_a_range() {
        let edge = |at| Limb::Edge(EdgeTime::sharp(SampleIndex::new(at)));
        let pulse = |(from, to)| span(&Pulse { start: edge(from), end: edge(to) }, &Rational::ZERO);
        let exposure = pulse((100, 200));
        let count = |pulses: &[(u64, u64)]| {
            let spans = Spans::new(pulses.len(), |place| Some((None, pulse(*pulses.get(place)?))));
            let Range { sure, seen, possible } = spans.count(&exposure);
            (sure, seen, possible)
        };
        assert_eq!(count(&[(50, 60), (110, 120), (130, 140), (250, 260)]), (2, 2, 2));
        // An end at sample 100 lies in (99, 100], as the start of the exposure does.
        assert_eq!(count(&[(90, 100), (110, 120)]), (1, 1, 2));
        assert_eq!(count(&[(90, 101), (199, 210)]), (2, 2, 2));
        assert_eq!(count(&[]), (0, 0, 0));
    }
}
