//! Pulses: the stretches in which a line is active.

use super::{EdgeTime, Glitch, GlitchFilter, Level, Lost, Pulses, Stretch, Waveform};
use crate::units::SampleIndex;

/// One end of a pulse.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limb {
    /// It was seen to begin or to end there.
    Edge(EdgeTime),
    /// The record begins or ends there: the first, or the sample after the last, that shows it.
    Cut(SampleIndex),
}

impl Limb {
    /// The edge, if it was seen.
    #[must_use]
    #[inline]
    pub fn edge(self) -> Option<EdgeTime> {
        match self {
            Limb::Edge(edge) => Some(edge),
            Limb::Cut(_) => None,
        }
    }

    /// The sample at which it is seen, edge or cut.
    #[must_use]
    #[inline]
    pub fn at(self) -> SampleIndex {
        match self {
            Limb::Edge(edge) => edge.at(),
            Limb::Cut(at) => at,
        }
    }
}

/// A stretch in which a line is active. Where the record begins or ends within it, or a lost stretch cuts it, that end
/// is a [`Limb::Cut`], and it lasted at least as long as it is seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pulse {
    /// Where it begins.
    pub start: Limb,
    /// Where it ends.
    pub end: Limb,
}

impl Pulse {
    /// The first sample that shows it.
    #[must_use]
    #[inline]
    pub fn from(&self) -> SampleIndex {
        self.start.at()
    }

    /// The sample after the last that shows it.
    #[must_use]
    #[inline]
    pub fn to(&self) -> SampleIndex {
        self.end.at()
    }

    /// The same with each edge in the sample period in which it was seen, whatever a glitch filter bridged before it.
    #[must_use]
    pub fn without_chatter(self) -> Pulse {
        let sharp = |limb: Limb| match limb {
            Limb::Edge(edge) => Limb::Edge(EdgeTime::sharp(edge.at())),
            Limb::Cut(_) => limb,
        };
        Pulse { start: sharp(self.start), end: sharp(self.end) }
    }

    /// When its middle happened, halfway between its ends; none of one that is cut off. Between two samples the window is as much
    /// wider as it takes to hold it.
    #[must_use]
    pub fn middle(&self) -> Option<EdgeTime> {
        let (start, end) = (self.start.edge()?, self.end.edge()?);
        let (after, until) = (start.after() + end.after(), start.until() + end.until());
        let sample = |at: i128| u64::try_from(at).ok().map(SampleIndex::new);
        EdgeTime::bridged(sample(after.div_euclid(2) + 1)?, sample((until + 1).div_euclid(2))?)
    }

    /// Whether both its ends were seen.
    #[must_use]
    #[inline]
    pub fn is_whole(&self) -> bool {
        self.start.edge().is_some() && self.end.edge().is_some()
    }
}

/// What a line did, as its pulses.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PulseTrain {
    /// The active stretches in order.
    pub pulses: Pulses,
    /// The stretches that the glitch filter bridged.
    pub glitches: Vec<Glitch>,
    /// The number of edges before the glitch filter.
    pub raw_edges: u64,
    /// The shortest stretch of either level, in samples, whose both ends were seen, after the glitch filter.
    pub narrowest: Option<u64>,
}

impl PulseTrain {
    /// Where a stretch of no more samples than this was seen, others may lie between samples.
    pub const UNRESOLVED: u64 = 2;

    /// Whether each of its stretches is longer than that.
    #[must_use]
    pub fn is_resolved(&self) -> bool {
        self.narrowest.is_none_or(|narrowest| narrowest > Self::UNRESOLVED)
    }

    /// The lengths of its active stretches that were seen whole, and of the idle ones between pulses, in samples.
    #[must_use]
    pub fn lengths(&self) -> [Vec<u64>; 2] {
        let between = |from: Limb, to: Limb| Some(to.edge()?.at().get() - from.edge()?.at().get());
        let active = self.pulses.iter().filter_map(|pulse| between(pulse.start, pulse.end));
        let idle = self.pulses.iter().zip(self.pulses.iter().skip(1)).filter_map(|(a, b)| between(a.end, b.start));
        [active.collect(), idle.collect()]
    }

    /// The pulses of a line whose active level is `active`.
    #[must_use]
    pub fn of(waveform: &Waveform, lost: &Lost, active: Level, filter: GlitchFilter) -> PulseTrain {
        let mut train = PulseTrain { raw_edges: waveform.edges(lost), ..PulseTrain::default() };
        for stretch in lost.proven(waveform.length()) {
            train.add_stretch(waveform, stretch, active, filter);
        }
        train
    }

    fn add_stretch(&mut self, waveform: &Waveform, stretch: Stretch, active: Level, filter: GlitchFilter) {
        let (first, changes) = waveform.within(stretch);
        // A first stretch that is as short as a glitch may be the end of one: what follows may have begun before the record.
        // So may a last one be the beginning of one.
        let short_first = changes.first().filter(|at| filter.is_glitch(at - stretch.from.get()));
        let short_last = changes.last().filter(|at| filter.is_glitch(stretch.to.get() - at));
        let mut begun = (first == active).then_some(Limb::Cut(stretch.from));
        let mut last: Option<EdgeTime> = None;
        let mut held: Option<Limb> = None;
        for edge in filter.edges(first, changes, &mut self.glitches) {
            let begins_record = match last.replace(edge) {
                None => short_first.is_some_and(|at| edge.after() == EdgeTime::sharp(SampleIndex::new(at)).after()),
                Some(before) => {
                    let length = edge.at().get() - before.at().get();
                    self.narrowest = Some(self.narrowest.map_or(length, |least| least.min(length)));
                    false
                }
            };
            let limb = if begins_record { Limb::Cut(edge.at()) } else { Limb::Edge(edge) };
            if begins_record && begun.take().is_some() {
                continue;
            }
            if let Some(limb) = held.replace(limb) {
                self.pulses.add(&mut begun, limb);
            }
        }
        let last = match held {
            // What may be a glitch ends what has begun before it, and begins nothing.
            Some(Limb::Edge(edge)) if short_last == Some(edge.at().get()) => {
                let earliest = u64::try_from(edge.after() + 1).unwrap_or(edge.at().get());
                begun.map(|_| Limb::Cut(SampleIndex::new(earliest)))
            }
            Some(_) | None => held,
        };
        if let Some(limb) = last {
            self.pulses.add(&mut begun, limb);
        }
        if begun.is_some() {
            self.pulses.add(&mut begun, Limb::Cut(stretch.to));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::LostSpan;
    use super::*;
    use crate::units::{Rational, SampleRate};

    fn at(index: u64) -> SampleIndex {
        SampleIndex::new(index)
    }

    fn seen(train: &PulseTrain) -> Vec<(u64, u64, bool)> {
        train.pulses.iter().map(|p| (p.from().get(), p.to().get(), p.is_whole())).collect()
    }

    #[test]
    fn the_middle_of_a_pulse_lies_within_its_window() {
        let edge = |from: u64, to: u64| EdgeTime::bridged(at(from), at(to)).unwrap();
        let middle =
            |start: EdgeTime, end: EdgeTime| Pulse { start: Limb::Edge(start), end: Limb::Edge(end) }.middle().unwrap();
        let of = |start: (u64, u64), end: (u64, u64)| {
            let middle = middle(edge(start.0, start.1), edge(end.0, end.1));
            (middle.after(), middle.until())
        };
        // From (9, 10] to (19, 20]: (14, 15]. To (20, 21]: (14.5, 15.5].
        assert_eq!((of((10, 10), (20, 20)), of((10, 10), (21, 21))), ((14, 15), (14, 16)));
        // It may have begun from 6 on: (12, 15]. From 7 on: (12.5, 15].
        assert_eq!((of((6, 10), (20, 20)), of((7, 10), (20, 20))), ((12, 15), (12, 15)));
        let cut = Pulse { start: Limb::Cut(at(0)), end: Limb::Edge(edge(20, 20)) };
        assert_eq!(cut.middle(), None);
    }

    #[test]
    fn pulses_of_both_polarities_and_cut_ends() {
        let waveform = Waveform::new(Level::High, vec![2, 5, 9], at(12)).unwrap();
        let high = PulseTrain::of(&waveform, &Lost::nothing(), Level::High, GlitchFilter::OFF);
        assert_eq!(seen(&high), [(0, 2, false), (5, 9, true)]);
        let low = PulseTrain::of(&waveform, &Lost::nothing(), Level::Low, GlitchFilter::OFF);
        assert_eq!(seen(&low), [(2, 5, true), (9, 12, false)]);
        assert_eq!((low.raw_edges, low.narrowest), (3, Some(3)));
        assert_eq!((high.lengths(), low.lengths()), ([vec![4], vec![3]], [vec![3], vec![4]]));
    }

    #[test]
    fn a_pulse_across_a_lost_stretch_is_two_cut_ones() {
        let waveform = Waveform::new(Level::Low, vec![2, 18], at(20)).unwrap();
        let lost = Lost::from_spans(vec![LostSpan::new(at(5), at(10))]);
        let train = PulseTrain::of(&waveform, &lost, Level::High, GlitchFilter::OFF);
        assert_eq!(seen(&train), [(2, 5, false), (10, 18, false)]);
        assert_eq!(train.narrowest, None);
    }

    #[test]
    fn a_first_or_last_stretch_as_short_as_a_glitch_may_be_a_part_of_one() {
        let rate = SampleRate::parse("1 MHz").unwrap();
        let filter = GlitchFilter::shorter_than(&Rational::decimal(5, -6), &rate);
        let train = |changes: &[u64], active| {
            let waveform = Waveform::new(Level::Low, changes.to_vec(), at(100)).unwrap();
            seen(&PulseTrain::of(&waveform, &Lost::nothing(), active, filter))
        };
        // 4 samples low, then high: high may have begun before the record, and the low be a glitch in it.
        assert_eq!(train(&[4, 50, 60], Level::High), [(4, 50, false), (60, 100, false)]);
        assert_eq!(train(&[5, 50, 60], Level::High), [(5, 50, true), (60, 100, false)]);
        assert_eq!(train(&[4, 50, 60], Level::Low), [(50, 60, true)]);
        assert_eq!(train(&[5, 50, 60], Level::Low), [(0, 5, false), (50, 60, true)]);
        // Its last 4 samples are high: they may be a glitch.
        assert_eq!(train(&[40, 50, 96], Level::High), [(40, 50, true)]);
        assert_eq!(train(&[40, 50, 95], Level::High), [(40, 50, true), (95, 100, false)]);
        assert_eq!(train(&[40, 50, 96], Level::Low), [(0, 40, false), (50, 96, false)]);
        // Chatter before it belongs to it.
        assert_eq!(train(&[40, 50, 92, 94, 96], Level::Low), [(0, 40, false), (50, 92, false)]);
    }

    #[test]
    fn a_line_without_edges_is_one_cut_pulse_or_none() {
        let waveform = Waveform::new(Level::High, vec![], at(20)).unwrap();
        let train = PulseTrain::of(&waveform, &Lost::nothing(), Level::High, GlitchFilter::OFF);
        assert_eq!(seen(&train), [(0, 20, false)]);
        let idle = PulseTrain::of(&waveform, &Lost::nothing(), Level::Low, GlitchFilter::OFF);
        assert_eq!(seen(&idle), []);
    }
}
