//! Light outside the exposures.

use super::exposure::strobe_line;
use super::flash::{FLASH_AND_STROBE, flash_slack};
use super::frame::{frame_between, taken_from};
use super::interval::Instant;
use super::light::{self, FrameSpan, SharedEdge, Span};
use super::overlap::Spans;
use super::{Absent, Bound, ClockShare, Measure, On, Point, Quantity, Reading, Seen, Track, Unseen};
use crate::frame::{CameraView, ClockSource, FrameEdge, Interval};
use crate::rig::Role;
use crate::units::{Rational, SampleIndex, Unit};

/// Light outside every exposure.
pub(crate) static LEAK: Quantity = Quantity {
    id: "flash.leak",
    unit: Unit::Second,
    label: "flash leak",
    definition: "flash time outside every exposure of the cameras that share the line, per frame; before the first and after the last frame edge it can only break an upper limit",
    formula: "flash time − flash time within any exposure, per frame",
    source: "light outside the exposures: heat, eye safety, ghosts in other cameras",
    raised_by: "a flash that is held too long, fired too early, or fired for a frame that was not taken",
    needs: FLASH_AND_STROBE,
    clock: ClockShare::Scales,
    unseen: Unseen::Raise(On::Own(&[Role::Fsin, Role::Strobe])),
    measure: Measure::Frames(leak),
};

fn leak(camera: CameraView<'_>) -> Result<Track, Absent> {
    strobe_line(camera)?;
    let (exposed, lit) = (Spans::of_exposures(camera), Spans::of_light(camera));
    let (shared, wire) = match camera.frames.clock.source {
        ClockSource::Fsin => (SharedEdge::None, camera.wiring.wire(Role::Fsin)),
        ClockSource::StrobeMiddle => (SharedEdge::None, camera.wiring.wire(Role::Strobe)),
        ClockSource::StrobeStart => (SharedEdge::Start, camera.wiring.wire(Role::Strobe)),
        ClockSource::StrobeEnd | ClockSource::Nothing => (SharedEdge::End, camera.wiring.wire(Role::Strobe)),
    };
    let slack = wire.map_or(Rational::ZERO, |wire| camera.line(wire).slack.clone());
    let leak = |frame: i64, start: Instant, end: Instant, (from, to): (SampleIndex, SampleIndex), seen: Seen| {
        let ends = FrameSpan { span: Span { start, end }, shared };
        let reading = light::leak(&ends, &lit.near(from, to), &exposed.near(from, to));
        let reading = match seen {
            Seen::Whole | Seen::InDoubt => reading,
            Seen::CutOff => Reading { high: Bound::Unbounded, ..reading },
        };
        Point { frame: Some(frame), from, to, reading, seen }
    };
    let edges = &camera.frames.clock.edges;
    let (Some(first), Some(last)) = (edges.first(), edges.last()) else {
        return Err(Absent::TooLittle("it takes a frame edge".to_owned()));
    };
    let instant = |edge: FrameEdge| Instant::of(edge.edge, &slack);
    // What comes before the first and after the last frame edge is a part of a frame, and may be too much already.
    let start = Instant::exact(Rational::ZERO);
    let end = Instant::exact(Rational::from(camera.observation.length.get()));
    let (_, until) = taken_from(camera, first, first);
    let before_first = (SampleIndex::default(), until);
    let mut points = vec![leak(first.starts - 1, start, instant(first), before_first, Seen::CutOff)];
    for (before, after) in edges.pairs().filter(|(_, after)| after.before != Interval::Lost) {
        let (frame, taken) = (frame_between(camera.frames, before, after), taken_from(camera, before, after));
        points.push(leak(frame, instant(before), instant(after), taken, Seen::Whole));
    }
    let (after, _) = taken_from(camera, last, last);
    points.push(leak(last.starts, instant(last), end, (after, camera.observation.length), Seen::CutOff));
    // Where samples are lost there may have been frames, and the light is that of several.
    points.retain(|point| camera.observation.lost.spares(point.from, point.to));
    let slack = &flash_slack(camera).times(2) + &slack;
    Ok(Track::of_times(&camera.observation.rate, points, slack))
}
