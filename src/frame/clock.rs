//! The frame clock: which edges start a frame, which are too many, and how many are missing.

use std::ops::Range;

use super::{
    ClockSource, FrameClock, FrameEdge, FrameEdgeIter, FrameEdges, Interval, ObservedLine, Recorded, RhythmBreak,
    rhythm,
};
use crate::line::middle;
use crate::rig::{Camera, Ends, Rig, Role};
use crate::signal::{EdgeTime, Lost};
use crate::units::{Rational, Rounding, SampleIndex, SampleRate};

/// What a frame clock is built from besides the edges.
#[derive(Debug, Clone, Copy)]
pub(super) struct ClockContext<'a> {
    pub(super) rig: &'a Rig,
    pub(super) camera: &'a Camera,
    pub(super) lines: &'a [ObservedLine],
    pub(super) rate: &'a SampleRate,
    pub(super) lost: &'a Lost,
    pub(super) length: SampleIndex,
}

impl ClockContext<'_> {
    /// The camera's nominal frame time in sample periods.
    pub(super) fn nominal(&self) -> Option<Rational> {
        self.camera.frame_time.as_ref().map(|seconds| self.rate.samples(seconds))
    }

    /// How long behind an edge of FSIN no exposure may begin or end any more, in whole sample periods; none if nothing says so. It is
    /// twice as long as is stated, whatever the clock, and two samples show it.
    pub(super) fn latest(&self) -> Option<i128> {
        let latest = self.rate.samples(self.camera.latest.as_ref()?).times(2).to_integer(Rounding::Up)?;
        Some(latest.max(0) + 2)
    }

    /// What the record shows of the camera's FSIN and STROBE.
    pub(super) fn recorded(&self) -> Recorded<'_> {
        let wires = [Role::Fsin, Role::Strobe].into_iter().flat_map(|role| self.camera.wires(role));
        Recorded::on(wires.map(|wire| &self.lines[wire.get()]), self.lost, self.length)
    }

    /// The further uncertainty of an edge of FSIN and one of STROBE together, in sample periods.
    pub(super) fn slack(&self) -> Rational {
        let wires = [Role::Fsin, Role::Strobe].map(|role| self.camera.wire(role)).into_iter().flatten();
        wires.map(|wire| self.lines[wire.get()].slack.clone()).fold(Rational::ZERO, |sum, slack| sum + slack)
    }
}

impl FrameClock {
    /// A clock without edges. With a nominal frame time, and a camera that was meant to run, the whole capture is owed.
    pub(super) fn silent(context: ClockContext<'_>) -> FrameClock {
        FrameClock::from_edges(ClockSource::Nothing, Vec::new(), context)
    }

    /// Numbers the edges from 0 and tells regular intervals from those with missing or extra edges. Only a nominal
    /// frame time makes an edge extra or missing; without one every edge starts a frame.
    pub(super) fn from_edges(source: ClockSource, edges: Vec<EdgeTime>, context: ClockContext<'_>) -> FrameClock {
        FrameClock::with_open(source, edges, Vec::new(), context)
    }

    /// The same, where further edges may begin frames or not.
    pub(super) fn with_open(
        source: ClockSource,
        edges: Vec<EdgeTime>,
        open: Vec<EdgeTime>,
        context: ClockContext<'_>,
    ) -> FrameClock {
        let nominal = context.nominal();
        let period = nominal.clone().or_else(|| median_interval(&edges, context.lost));
        let (kept, extra) = (FrameEdges::default(), Vec::new());
        let mut clock = FrameClock { source, edges: kept, extra, open, lead_in: None, owed: None, period };
        let warm_up = usize::try_from(context.rig.skip_frames).unwrap_or(usize::MAX);
        for edge in edges {
            // Warm-up frames come as they come: none of them is missing or too many.
            let counted = clock.edges.len() > warm_up || warm_up == 0;
            clock.add(edge, nominal.as_ref().filter(|_| counted), context.lost);
        }
        clock.owed = nominal.and_then(|period| clock.owed_by_silence(&period, context));
        clock
    }

    fn add(&mut self, edge: EdgeTime, nominal: Option<&Rational>, lost: &Lost) {
        let Some(last) = self.edges.last() else {
            self.edges.push(FrameEdge { starts: 0, edge, before: Interval::First });
            return;
        };
        let distance = Rational::from(edge.at() - last.edge.at());
        let proven = lost.spares(last.edge.at(), edge.at());
        // 3T/4 is the contract's border between an extra edge and the next frame.
        let extra = nominal.is_some_and(|period| distance.times(4) < period.times(3));
        if proven && extra {
            self.extra.push(edge);
            return;
        }
        let frames = nominal.map_or(1, |period| frames_in(&distance, period));
        let has_extra = self.extra.last().is_some_and(|extra| extra.at() > last.edge.at());
        let before = match (proven, frames) {
            (false, _) => Interval::Lost,
            (true, 1) if has_extra => Interval::WithExtra,
            (true, 1) => Interval::Regular,
            (true, frames) => Interval::WithMissing(frames),
        };
        let starts = last.starts.saturating_add_unsigned(frames);
        self.edges.push(FrameEdge { starts, edge, before });
    }

    /// Silence of two frame times or more at the end owes as many frames as fit in it.
    fn owed_by_silence(&self, period: &Rational, context: ClockContext<'_>) -> Option<(SampleIndex, u64)> {
        if context.rig.ends == Ends::Stops {
            return None;
        }
        let from = self.silent_from(context.lost);
        let silence = Rational::from(context.length - from);
        if silence < period + period {
            return None;
        }
        let owed = silence.checked_div(period)?.to_integer(Rounding::Down)?;
        Some((from, u64::try_from(owed).unwrap_or(u64::MAX)))
    }

    /// The last edge, also of those that may begin no frame, or the end of a lost stretch behind it: from there on to the end of the
    /// record no frame was seen.
    #[must_use]
    pub fn silent_from(&self, lost: &Lost) -> SampleIndex {
        let edges = self.edges.last().map(|last| last.edge).into_iter().chain(self.open.last().copied());
        let last_edge = edges.map(EdgeTime::at).max().unwrap_or_default();
        lost.spans().last().map_or(last_edge, |span| last_edge.max(span.to))
    }

    /// Its edges in order of time, those that are too many as well.
    pub(super) fn with_extra(&self) -> Vec<EdgeTime> {
        let mut edges: Vec<EdgeTime> = self.edges.iter().map(|edge| edge.edge).collect();
        edges.extend_from_slice(&self.extra);
        edges.sort_unstable();
        edges
    }

    /// The edges that are too many between a kept edge and the next one.
    pub fn extra_after(&self, kept: FrameEdge) -> impl Iterator<Item = &EdgeTime> {
        let first = self.extra.partition_point(|extra| extra.at() <= kept.edge.at());
        let next = self.edges.partition_point(|edge| edge.edge.at() <= kept.edge.at());
        let end = self.edges.get(next).map(|next| next.edge.at());
        self.extra[first..].iter().take_while(move |extra| end.is_none_or(|end| extra.at() < end))
    }

    /// Where the rhythm of the frames from this one on breaks first, if they have one; `length` is that of the record.
    #[must_use]
    pub fn rhythm_break(&self, from_frame: i64, lost: &Lost, length: SampleIndex) -> Option<RhythmBreak> {
        rhythm::broken(self.edges.range(self.edges_from(from_frame)), lost, length)
    }

    fn edges_from(&self, frame: i64) -> Range<usize> {
        self.edges.partition_point(|edge| edge.starts < frame)..self.edges.len()
    }

    /// The longest run of edges without a lost stretch between them: what rates and fits are computed from.
    #[must_use]
    pub fn longest_run(&self, from_frame: i64) -> FrameEdgeIter<'_> {
        let settled = self.edges_from(from_frame);
        let mut begin = settled.start;
        let mut best = begin..begin;
        for (place, edge) in settled.clone().zip(self.edges.range(settled)) {
            if edge.before == Interval::Lost {
                begin = place;
            }
            if place + 1 - begin > best.len() {
                best = begin..place + 1;
            }
        }
        self.edges.range(best)
    }
}

/// How many frame times a distance is, to the nearest; at least one.
fn frames_in(distance: &Rational, period: &Rational) -> u64 {
    let frames = distance.checked_div(period).and_then(|ratio| ratio.to_integer(Rounding::Nearest));
    frames.and_then(|frames| u64::try_from(frames).ok()).unwrap_or(u64::MAX).max(1)
}

/// The median of the distances of neighbouring edges (the lower of the two middle ones), in sample periods.
pub(super) fn median_interval(edges: &[EdgeTime], lost: &Lost) -> Option<Rational> {
    middle(spared_intervals(edges, lost)).map(Rational::integer)
}

/// From each edge to the next, in samples, where nothing between them is lost.
pub(super) fn spared_intervals(edges: &[EdgeTime], lost: &Lost) -> impl Iterator<Item = i128> {
    let spared = edges.array_windows().filter(|[a, b]| lost.spares(a.at(), b.at()));
    spared.map(|[a, b]| (b.at() - a.at()).get())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signal::LostSpan;

    fn clock_of(edges: &[u64], nominal: Option<i128>, lost: Vec<LostSpan>, length: u64) -> FrameClock {
        let mut rig = Rig::default();
        rig.cameras[0].frame_time = nominal.map(|samples| Rational::decimal(samples, -6));
        let rate = SampleRate::parse("1 MHz").unwrap();
        let lost = Lost::from_spans(lost);
        let context = ClockContext {
            rig: &rig,
            camera: &rig.cameras[0],
            lines: &[],
            rate: &rate,
            lost: &lost,
            length: SampleIndex::new(length),
        };
        let edges = edges.iter().map(|&at| EdgeTime::sharp(SampleIndex::new(at))).collect();
        FrameClock::from_edges(ClockSource::Fsin, edges, context)
    }

    fn kept(clock: &FrameClock) -> Vec<(u64, i64, Interval)> {
        clock.edges.iter().map(|e| (e.edge.at().get(), e.starts, e.before)).collect()
    }

    #[test]
    fn missing_frames_keep_their_numbers() {
        let clock = clock_of(&[100, 200, 400, 501], Some(100), vec![], 600);
        let expected = [
            (100, 0, Interval::First),
            (200, 1, Interval::Regular),
            (400, 3, Interval::WithMissing(2)),
            (501, 4, Interval::Regular),
        ];
        assert_eq!(kept(&clock), expected);
        assert_eq!(clock.owed, None);
    }

    #[test]
    fn an_edge_within_three_quarters_is_extra_and_the_next_counts_from_the_kept_one() {
        let clock = clock_of(&[100, 174, 200, 275], Some(100), vec![], 300);
        let expected = [(100, 0, Interval::First), (200, 1, Interval::WithExtra), (275, 2, Interval::Regular)];
        assert_eq!(kept(&clock), expected);
        assert_eq!(clock.extra, [EdgeTime::sharp(SampleIndex::new(174))]);
    }

    #[test]
    fn warm_up_frames_are_numbered_as_they_come() {
        let mut rig = Rig::default();
        rig.skip_frames = 3;
        rig.cameras[0].frame_time = Some(Rational::decimal(100, -6));
        let rate = SampleRate::parse("1 MHz").unwrap();
        let (camera, lost, length) = (&rig.cameras[0], Lost::nothing(), SampleIndex::new(1000));
        let context = ClockContext { rig: &rig, camera, lines: &[], rate: &rate, lost: &lost, length };
        let at = |at: &u64| EdgeTime::sharp(SampleIndex::new(*at));
        let edges = [100, 280, 340, 500, 600, 800].iter().map(at).collect();
        let clock = FrameClock::from_edges(ClockSource::Fsin, edges, context);
        let numbers: Vec<i64> = clock.edges.iter().map(|edge| edge.starts).collect();
        assert_eq!((numbers, clock.extra.len()), (vec![0, 1, 2, 3, 4, 6], 0));
    }

    #[test]
    fn half_frames_round_up() {
        assert_eq!(kept(&clock_of(&[100, 249], Some(100), vec![], 300))[1].2, Interval::Regular);
        assert_eq!(kept(&clock_of(&[100, 250], Some(100), vec![], 300))[1].2, Interval::WithMissing(2));
    }

    #[test]
    fn silence_at_the_end_owes_frames_from_two_frame_times_on() {
        assert_eq!(clock_of(&[100], Some(100), vec![], 299).owed, None);
        assert_eq!(clock_of(&[100], Some(100), vec![], 300).owed, Some((SampleIndex::new(100), 2)));
        assert_eq!(clock_of(&[], Some(100), vec![], 1050).owed, Some((SampleIndex::new(0), 10)));
        assert_eq!(clock_of(&[100], None, vec![], 9000).owed, None);
    }

    #[test]
    fn without_a_nominal_every_edge_starts_a_frame() {
        let clock = clock_of(&[100, 110, 400, 500], None, vec![], 600);
        assert_eq!(clock.edges.iter().map(|e| e.starts).collect::<Vec<_>>(), [0, 1, 2, 3]);
        assert_eq!(clock.period, Some(Rational::integer(100)));
        assert!(clock.extra.is_empty());
    }

    #[test]
    fn nothing_is_said_across_a_lost_stretch() {
        let lost = vec![LostSpan::new(SampleIndex::new(210), SampleIndex::new(290))];
        let clock = clock_of(&[100, 200, 300, 400, 500], Some(100), lost, 600);
        assert_eq!(kept(&clock)[2], (300, 2, Interval::Lost));
        let run: Vec<u64> = clock.longest_run(0).map(|e| e.edge.at().get()).collect();
        assert_eq!(run, [300, 400, 500]);
    }
}
