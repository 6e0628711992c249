//! Light outside the exposures.

use super::corner::Instant;
use super::exposure::strobe_line;
use super::flash::{FLASH_AND_STROBE, flash_slack, sharing, span};
use super::light::{self, FrameSpan, SharedEdge, Span};
use super::{Absent, ClockShare, Measure, On, Point, Quantity, Seen, Track, Unseen};
use crate::frame::{ClockSource, Interval, Observation};
use crate::rig::Alignment;
use crate::signal::Pulse;
use crate::units::{Rational, SampleIndex, Unit};

/// Light outside every exposure.
pub(super) static LEAK: Quantity = Quantity {
    id: "flash.leak",
    unit: Unit::Second,
    label: "flash leak",
    definition: "flash time outside every exposure of the cameras that share the line, per frame",
    formula: "flash time − flash time within any exposure, per frame",
    source: "light outside the exposures: heat, eye safety, ghosts in other cameras",
    raised_by: "a flash that is held too long, fired too early, or fired for a frame that was not taken",
    needs: FLASH_AND_STROBE,
    clock: ClockShare::Scales,
    unseen: Unseen::Raise(On::Clock),
    measure: Measure::Frames(leak),
};

fn leak(observation: &Observation, camera: usize) -> Result<Track, Absent> {
    strobe_line(observation, camera)?;
    let frames = &observation.cameras[camera];
    let exposed = LitSpans::of((sharing(observation, camera).into_iter()).flat_map(|other| {
        let strobe = strobe_line(observation, other).ok();
        let exposures = strobe.map(|_| observation.cameras[other].exposures.as_slice()).unwrap_or_default();
        let slack = strobe.map(|line| &line.slack);
        exposures.iter().filter_map(move |exposure| Some((exposure.pulse, slack?)))
    }));
    let lit =
        LitSpans::of((frames.flashes.iter()).map(|flash| (flash.pulse, &observation.lines[flash.wire.get()].slack)));
    let (shared, wire) = match frames.clock.source {
        ClockSource::Fsin => (SharedEdge::None, observation.rig.cameras[camera].fsin),
        ClockSource::StrobeStart => (SharedEdge::Start, observation.rig.cameras[camera].strobe),
        ClockSource::StrobeEnd | ClockSource::Nothing => (SharedEdge::End, observation.rig.cameras[camera].strobe),
    };
    let slack = wire.map_or(Rational::ZERO, |wire| observation.lines[wire.get()].slack.clone());
    let edges = &frames.clock.edges;
    let points: Vec<Point> = (edges.iter().zip(edges.iter().skip(1)))
        .filter(|(_, after)| after.before != Interval::Lost)
        .map(|(before, after)| {
            let (from, to) = (before.edge.at(), after.edge.at());
            let ends = Span { start: Instant::of(before.edge, &slack), end: Instant::of(after.edge, &slack) };
            let reading = light::leak(&FrameSpan { span: ends, shared }, lit.near(from, to), exposed.near(from, to));
            let frame = match frames.alignment {
                Some(Alignment::End) => after.starts - 1,
                Some(Alignment::Start) | None => before.starts,
            };
            Point { frame: Some(frame), from, to, reading, seen: Seen::Whole }
        })
        .collect();
    if points.is_empty() {
        return Err(Absent::TooLittle("it takes one complete frame".to_owned()));
    }
    let slack = &flash_slack(observation, camera).times(2) + &slack;
    Ok(Track::of_times(&observation.rate, points, slack))
}

/// Spans in order of their starts, to be asked for those near a stretch.
struct LitSpans {
    spans: Vec<Span>,
    starts: Vec<SampleIndex>,
    /// The latest end of a span up to and with this one.
    latest_end: Vec<SampleIndex>,
}

impl LitSpans {
    fn of<'a>(pulses: impl Iterator<Item = (Pulse, &'a Rational)>) -> LitSpans {
        let mut pulses: Vec<(Pulse, &Rational)> = pulses.collect();
        pulses.sort_by_key(|(pulse, _)| pulse.from());
        let mut latest = SampleIndex::default();
        let latest_end = pulses.iter().map(|(pulse, _)| {
            latest = latest.max(pulse.to());
            latest
        });
        LitSpans {
            latest_end: latest_end.collect(),
            starts: pulses.iter().map(|(pulse, _)| pulse.from()).collect(),
            spans: pulses.iter().map(|(pulse, slack)| span(pulse, slack)).collect(),
        }
    }

    /// The spans that may touch this stretch; those within a few samples of it count as touching.
    fn near(&self, from: SampleIndex, to: SampleIndex) -> &[Span] {
        let first = self.latest_end.partition_point(|end| *end < from);
        let last = self.starts.partition_point(|start| *start <= to);
        self.spans.get(first.saturating_sub(1)..(last + 1).min(self.spans.len())).unwrap_or(&[])
    }
}
