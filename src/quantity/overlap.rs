//! Which stretches of light and exposure overlap, as far as the windows of their ends tell.

use std::collections::BTreeMap;

use super::count::Range;
use super::exposure::readout_samples;
use super::interval::Instant;
use super::light::Span;
use crate::frame::{CameraView, Exposure, FlashPulse};
use crate::rig::{Role, StrobeShows, WireIndex};
use crate::signal::{EdgeTime, Limb, Pulse, Stretch};
use crate::units::{Columns, Packed, Rational, Rounding, SampleIndex};

/// Whether two stretches have time in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Overlap {
    /// Surely not.
    None,
    /// The windows of their ends leave it open.
    Open,
    /// Surely.
    Sure,
}

impl Span {
    pub(super) fn overlap(&self, other: &Span) -> Overlap {
        if self.start.until <= other.end.after && other.start.until <= self.end.after {
            Overlap::Sure
        } else if self.start.after < other.end.until && other.start.after < self.end.until {
            Overlap::Open
        } else {
            Overlap::None
        }
    }
}

/// A pulse as a span of uncertain ends; a cut end lies where the record begins or ends.
pub(super) fn span(pulse: &Pulse, slack: &Rational) -> Span {
    let instant = |limb: Limb| match limb {
        Limb::Edge(edge) => Instant::of(edge, slack),
        Limb::Cut(at) => Instant::of(EdgeTime::sharp(at), &Rational::ZERO),
    };
    Span { start: instant(pulse.start), end: instant(pulse.end) }
}

/// The cameras that have a flash line in common with this one, itself included.
pub(super) fn sharing(camera: CameraView<'_>) -> impl Iterator<Item = CameraView<'_>> {
    let shares = move |other: &CameraView<'_>| {
        other.wiring.wires(Role::Flash).iter().any(|wire| camera.wiring.wires(Role::Flash).contains(wire))
    };
    camera.observation.cameras().filter(shares)
}

/// What STROBE shows as a span, later at its start and at its end by so many readout times of a rolling shutter, as STROBE shows row
/// 0, all rows at once, or any row.
fn shown(camera: CameraView<'_>, exposure: &Exposure, later: fn(StrobeShows) -> [i128; 2]) -> Option<Span> {
    let rig = camera.wiring;
    let mut span = span(&exposure.pulse, &camera.observation.lines[rig.wire(Role::Strobe)?.get()].slack);
    if let Some(readout) = readout_samples(camera) {
        let [start, end] = later(rig.strobe_shows);
        span.start = span.start.later_by_stated(&readout.times(start), &camera.observation.clock);
        span.end = span.end.later_by_stated(&readout.times(end), &camera.observation.clock);
    }
    Some(span)
}

/// The time in which any row of a camera is exposed.
pub(super) fn exposed(camera: CameraView<'_>, exposure: &Exposure) -> Option<Span> {
    shown(camera, exposure, |shows| match shows {
        StrobeShows::Row0 => [0, 1],
        StrobeShows::AllRows => [-1, 1],
        StrobeShows::AnyRow => [0, 0],
    })
}

/// The time in which row 0 of a camera is exposed.
pub(super) fn row_0(camera: CameraView<'_>, exposure: &Exposure) -> Option<Span> {
    shown(camera, exposure, |shows| match shows {
        StrobeShows::Row0 => [0, 0],
        StrobeShows::AllRows => [-1, 0],
        StrobeShows::AnyRow => [0, -1],
    })
}

/// The time in which all rows of a camera are exposed; it ends before it starts where they never are.
pub(super) fn window(camera: CameraView<'_>, exposure: &Exposure) -> Option<Span> {
    shown(camera, exposure, |shows| match shows {
        StrobeShows::Row0 => [1, 0],
        StrobeShows::AllRows => [0, 0],
        StrobeShows::AnyRow => [1, -1],
    })
}

/// Where the record begins, and where it goes on behind a lost stretch, later rows of a rolling shutter may still be exposed
/// whose row 0 was not seen: for as long as the readout takes, or not at all. Where STROBE shows all rows at once, so may the first
/// ones where the record ends, or is lost.
fn possibly_exposed(camera: CameraView<'_>) -> Vec<Span> {
    let Some(readout) = readout_samples(camera) else { return Vec::new() };
    let span = |instant: Instant| Span { start: instant.clone(), end: instant };
    let behind = |stretch: &Stretch| {
        let begin = Instant::exact(Rational::from(stretch.from.get()));
        span(Instant { until: begin.later_by_stated(&readout, &camera.observation.clock).until, ..begin })
    };
    let before = |stretch: &Stretch| {
        let end = Instant::exact(Rational::from(stretch.to.get()));
        span(Instant { after: end.later_by_stated(&-&readout, &camera.observation.clock).after, ..end })
    };
    let stretches = camera.observation.lost.proven(camera.observation.length);
    match camera.wiring.strobe_shows {
        StrobeShows::Row0 => stretches.iter().map(behind).collect(),
        StrobeShows::AllRows => stretches.iter().flat_map(|stretch| [behind(stretch), before(stretch)]).collect(),
        StrobeShows::AnyRow => Vec::new(),
    }
}

/// Spans in order of their starts, to be asked for those near a stretch: each is made when it is, since a span takes the room of
/// ten samples.
pub(super) struct Spans<'a> {
    span: Box<dyn Fn(usize) -> Option<(Shown, Span)> + 'a>,
    lines: BTreeMap<Shown, Line>,
}

/// What shows a span: a line of the camera at this place, or the record. One line shows one after the other, so that those near a
/// stretch are found among them at once; those of several may lie within each other.
pub(super) type Shown = Option<(usize, WireIndex)>;

/// The spans of one line.
struct Line {
    places: Packed<1>,
    /// The first sample that may be in this one or one behind it, and the last that may be in it or one before it.
    reach: Columns<Stretch, 2>,
}

/// Where a span comes from.
#[derive(Debug, Clone, Copy)]
enum Source {
    /// The exposure of a camera, by the places of both.
    Exposure(u32, u32),
    /// One that is held.
    Held(u32),
}

impl<'a> Spans<'a> {
    /// The pulses of a camera's flash lines.
    pub(super) fn of_light(camera: CameraView<'a>) -> Spans<'a> {
        let flashes = &camera.frames.flashes;
        let light = move |flash: FlashPulse| {
            (Some((camera.place, flash.wire)), span(&flash.pulse, &camera.line(flash.wire).slack))
        };
        Spans::new(flashes.len(), move |place| flashes.get(place).map(light))
    }

    /// The exposures of the cameras that share this one's flash lines.
    pub(super) fn of_exposures(camera: CameraView<'a>) -> Spans<'a> {
        let cameras: Vec<CameraView<'_>> = sharing(camera).filter(|other| other.wiring.has(Role::Strobe)).collect();
        let held: Vec<Span> = cameras.iter().flat_map(|other| possibly_exposed(*other)).collect();
        let own = cameras.iter().zip(0..).flat_map(|(other, camera)| {
            (0..).take(other.frames.exposures.len()).map(move |place| Source::Exposure(camera, place))
        });
        let mut sources: Vec<Source> = own.chain((0..).take(held.len()).map(Source::Held)).collect();
        let span = move |source: Source| match source {
            Source::Exposure(camera, place) => {
                let camera = cameras[camera as usize];
                let exposure = camera.frames.exposures.at(place as usize);
                Some((Some((camera.place, exposure.wire)), exposed(camera, &exposure)?))
            }
            Source::Held(place) => held.get(place as usize).cloned().map(|span| (None, span)),
        };
        let start = |source: &Source| span(*source).map(|(_, span)| span.start.at);
        // Those of one line are in order already.
        if !sources.is_sorted_by_key(start) {
            sources.sort_by_cached_key(start);
        }
        Spans::new(sources.len(), move |place| span(sources[place]))
    }

    /// So many spans in order of their starts, by their places.
    pub(super) fn new(count: usize, span: impl Fn(usize) -> Option<(Shown, Span)> + 'a) -> Spans<'a> {
        let sample = |at: &Rational, rounding| {
            let at = at.to_integer(rounding).and_then(|at| u64::try_from(at.max(0)).ok());
            SampleIndex::new(at.unwrap_or(u64::MAX))
        };
        let mut lines: BTreeMap<Shown, (Packed<1>, Vec<Stretch>)> = BTreeMap::new();
        for (place, (shown, span)) in (0..count).filter_map(|place| Some((place, span(place)?))) {
            let (places, reach) = lines.entry(shown).or_default();
            let before = reach.last().map_or(SampleIndex::default(), |last| last.to);
            let (from, to) = (sample(&span.start.after, Rounding::Down), sample(&span.end.until, Rounding::Up));
            reach.push(Stretch { from, to: to.max(before) });
            places.push([place as i64]);
        }
        let line = |(shown, (places, mut reach)): (Shown, (Packed<1>, Vec<Stretch>))| {
            let mut behind = SampleIndex::new(u64::MAX);
            for own in reach.iter_mut().rev() {
                own.from = own.from.min(behind);
                behind = own.from;
            }
            (shown, Line { places, reach: reach.into_iter().collect() })
        };
        Spans { lines: lines.into_iter().map(line).collect(), span: Box::new(span) }
    }

    /// The spans that may touch this stretch, in order; those within a few samples of it count as touching.
    pub(super) fn near(&self, from: SampleIndex, to: SampleIndex) -> Vec<Span> {
        let of_line = |line: &Line| -> Vec<usize> {
            let first = line.reach.partition_point(|reach| reach.to < from).saturating_sub(1);
            let last = line.reach.partition_point(|reach| reach.from <= to) + 1;
            let places = (first..last.min(line.reach.len())).filter_map(|place| line.places.get(place));
            places.map(|[place]| place as usize).collect()
        };
        let mut places: Vec<usize> = self.lines.values().flat_map(of_line).collect();
        places.sort_unstable();
        places.into_iter().filter_map(|place| Some((self.span)(place)?.1)).collect()
    }

    /// Whether any of them overlaps a pulse, which as a span is `span`.
    pub(super) fn overlap(&self, span: &Span) -> Overlap {
        self.around(span).iter().map(|other| other.overlap(span)).max().unwrap_or(Overlap::None)
    }

    /// How many of them overlap a pulse.
    pub(super) fn count(&self, span: &Span) -> Range {
        let mut range = Range { sure: 0, seen: 0, possible: 0 };
        for other in self.around(span) {
            let overlap = other.overlap(span);
            // What begins as the other ends is seen beside it.
            let is_seen = other.start.at < span.end.at && span.start.at < other.end.at;
            range.sure += u64::from(overlap == Overlap::Sure);
            range.seen += u64::from(is_seen);
            range.possible += u64::from(overlap != Overlap::None);
        }
        range
    }

    /// Those that may touch a span.
    pub(super) fn around(&self, span: &Span) -> Vec<Span> {
        let sample = |at: &Rational| {
            SampleIndex::new(at.to_integer(Rounding::Down).and_then(|at| u64::try_from(at.max(0)).ok()).unwrap_or(0))
        };
        self.near(sample(&span.start.after), sample(&(&span.end.until + &Rational::ONE)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pulse(from: u64, to: u64) -> Span {
        let edge = |at| Limb::Edge(EdgeTime::sharp(SampleIndex::new(at)));
        span(&Pulse { start: edge(from), end: edge(to) }, &Rational::ZERO)
    }

    #[test]
    fn pulses_that_meet_at_a_sample_may_overlap_or_not() {
        let both = [pulse(100, 200), pulse(300, 400)];
        let spans = Spans::new(2, |place| Some((None, both.get(place)?.clone())));
        // A start at sample 200 lies in (199, 200], as the end at 200 does.
        for (other, expected) in [
            (pulse(200, 250), Overlap::Open),
            (pulse(201, 250), Overlap::None),
            (pulse(199, 250), Overlap::Sure),
            (pulse(250, 299), Overlap::None),
            (pulse(250, 300), Overlap::Open),
            (pulse(250, 301), Overlap::Sure),
            (pulse(150, 160), Overlap::Sure),
            (pulse(0, 500), Overlap::Sure),
            (pulse(500, 600), Overlap::None),
        ] {
            assert_eq!(spans.overlap(&other), expected, "{other:?}");
        }
    }

    #[test]
    fn spans_within_each_other_and_windows_that_reach_back_are_found() {
        // A line that stays active, one pulse after another on a second line, and on a third one whose start may be much earlier.
        let on = |line: usize| Some((0, WireIndex::at(line)));
        let window = |from: u64, to: u64, earlier: u64| {
            let start = EdgeTime::bridged(SampleIndex::new(from - earlier), SampleIndex::new(from)).unwrap();
            span(
                &Pulse { start: Limb::Edge(start), end: Limb::Edge(EdgeTime::sharp(SampleIndex::new(to))) },
                &Rational::ZERO,
            )
        };
        let mut all = vec![(on(0), pulse(1, 100_000))];
        for at in (1000..50_000).step_by(100) {
            all.push((on(1), pulse(at, at + 10)));
            all.push((on(2), window(at + 50, at + 60, 35)));
        }
        let spans = Spans::new(all.len(), |place| all.get(place).cloned());
        for (from, to, sure, possible) in
            [(2020, 2025, 1, 2), (2040, 2045, 1, 2), (2011, 2014, 1, 1), (2005, 2055, 3, 3)]
        {
            let Range { sure: surely, possible: possibly, .. } = spans.count(&pulse(from, to));
            assert_eq!((surely, possibly), (sure, possible), "{from}..{to}");
        }
        // What stays active does not make all that is before it near.
        assert!(spans.near(SampleIndex::new(40_000), SampleIndex::new(40_010)).len() < 10);
    }

    #[test]
    fn a_start_that_may_be_earlier_than_those_before_it_is_found() {
        let start = EdgeTime::bridged(SampleIndex::new(50), SampleIndex::new(130)).unwrap();
        let last = Pulse { start: Limb::Edge(start), end: Limb::Edge(EdgeTime::sharp(SampleIndex::new(140))) };
        let all = [pulse(100, 110), pulse(121, 125), span(&last, &Rational::ZERO)];
        let spans = Spans::new(3, |place| Some((None, all.get(place)?.clone())));
        assert_eq!(spans.overlap(&pulse(55, 60)), Overlap::Open);
        assert_eq!(spans.overlap(&pulse(30, 40)), Overlap::None);
    }
}
