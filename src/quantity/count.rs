//! Counting events of which some may have happened or not.

use super::{Bound, Doubt, Point, Reading, Seen, Track};
use crate::frame::Observation;
use crate::units::{Rational, SampleIndex};

/// Counts events, those that the windows of edges leave open apart, and remembers where they are.
#[derive(Debug, Default)]
pub(super) struct Count {
    events: Vec<Event>,
}

/// How many events there may have been.
#[derive(Debug, Clone, Copy)]
pub(super) struct Range {
    /// How many surely happened.
    pub(super) sure: u64,
    /// How many the samples show.
    pub(super) seen: u64,
    /// How many may have happened.
    pub(super) possible: u64,
}

/// Events of one place.
#[derive(Debug)]
struct Event {
    range: Range,
    from: SampleIndex,
    to: SampleIndex,
}

impl Count {
    pub(super) fn add(&mut self, events: u64, from: SampleIndex, to: SampleIndex) {
        self.add_range(Range { sure: events, seen: events, possible: events }, from, to);
    }

    /// Adds what may be events, or none.
    pub(super) fn add_range(&mut self, range: Range, from: SampleIndex, to: SampleIndex) {
        if range.seen > 0 || range.possible > 0 {
            self.events.push(Event { range, from, to });
        }
    }

    /// Adds an event of which it is open whether it happened, and which the samples show or not.
    pub(super) fn add_open(&mut self, is_seen: bool, from: SampleIndex, to: SampleIndex) {
        self.add_range(Range { sure: 0, seen: u64::from(is_seen), possible: 1 }, from, to);
    }

    /// Whether nothing was counted.
    pub(super) fn is_empty(&self) -> bool {
        self.events.is_empty()
    }

    /// The count as a track; it stands at its first event that is certain. Where samples are lost there may be more, and what
    /// lies at a seam of the record is in doubt.
    pub(super) fn track(&self, observation: &Observation) -> Track {
        let end = SampleIndex::new(observation.length.get().saturating_sub(1));
        let spares = |event: &&Event| observation.seams.spare_event(event.from, event.to);
        let shown = self.events.iter().find(spares).or_else(|| self.events.first());
        let (from, to) = shown.map_or((SampleIndex::default(), end), |event| (event.from, event.to));
        let sum = |counts: &mut dyn Iterator<Item = u64>| Rational::from(counts.fold(0, u64::saturating_add));
        let sure = sum(&mut self.events.iter().map(|event| event.range.sure));
        let certain = sum(&mut self.events.iter().filter(spares).map(|event| event.range.sure));
        let is_lossy = !observation.lost.is_empty();
        let may_be_more = is_lossy || observation.seams.are_certain();
        let doubt = match (is_lossy, may_be_more || certain < sure) {
            (true, _) => Some(Doubt::LostSamples),
            (false, true) => Some(Doubt::Seam),
            (false, false) => None,
        };
        let possible = sum(&mut self.events.iter().map(|event| event.range.possible));
        let reading = Reading {
            value: sum(&mut self.events.iter().map(|event| event.range.seen)),
            low: Bound::Closed(certain),
            high: if may_be_more { Bound::Unbounded } else { Bound::Closed(possible) },
        };
        let points = vec![Point { frame: None, from, to: to.min(end), reading, seen: Seen::Whole }];
        Track { doubt, ..Track::plain(points) }
    }
}
