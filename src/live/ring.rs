//! The last seconds of what is sampled, as a capture.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::capture::{Capture, Line, Probe, Sink, SinkError};
use crate::signal::{Level, Lost, LostSpan, WaveformBuilder};
use crate::units::{Rational, Rounding, SampleIndex, SampleRate};

/// More changes are not held: where lines are so busy, fewer seconds are.
const MOST_CHANGES: usize = 2_000_000;

/// What a ring does with the oldest that it holds when it is full.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Oldest {
    /// It forgets it.
    Forgotten,
    /// What came from this sample on is held, and no more is taken.
    Held { from: u64 },
}

/// A sink that forgets what is older than its window.
#[derive(Debug)]
pub(crate) struct Ring {
    probes: Vec<Probe>,
    rate: SampleRate,
    window: u64,
    oldest: Oldest,
    most: usize,
    /// The changes in the window; the first is the state at its start, and may be older.
    held: VecDeque<(u64, u64)>,
    arrived: u64,
    lost: Vec<LostSpan>,
}

impl Ring {
    /// A window of so many seconds.
    #[must_use]
    pub(crate) fn new(probes: Vec<Probe>, rate: SampleRate, seconds: &Rational) -> Ring {
        let window = rate.samples(seconds).to_integer(Rounding::Up).and_then(|samples| u64::try_from(samples).ok());
        Ring {
            probes,
            rate,
            window: window.unwrap_or(u64::MAX).max(1),
            oldest: Oldest::Forgotten,
            most: MOST_CHANGES,
            held: VecDeque::new(),
            arrived: 0,
            lost: Vec::new(),
        }
    }

    /// The same, which begins no later than where [`Ring::next`] says of the window before.
    #[must_use]
    pub(crate) fn holding(self, from: u64) -> Ring {
        Ring { oldest: Oldest::Held { from }, ..self }
    }

    /// Where a window must begin, so that between it and this one, of which so much is judged, nothing is cut that is no longer than
    /// half a window. Where lines are too busy for that, half of what it can hold is left for what is new.
    #[must_use]
    pub(crate) fn next(&self, judged: u64) -> u64 {
        let busy = self.held.len().checked_sub(self.most / 2).and_then(|place| self.held.get(place));
        judged.saturating_sub(self.window / 2).max(busy.map_or(0, |(at, _)| *at))
    }

    /// So many samples have arrived by now.
    pub(crate) fn advance(&mut self, arrived: u64) {
        self.arrived = self.arrived.max(arrived);
        self.forget();
    }

    /// Whether the window is full: what it shows is as long as it is to be.
    #[must_use]
    pub(crate) fn is_full(&self) -> bool {
        self.arrived - self.start() >= self.window
    }

    /// The first sample of the window.
    #[must_use]
    pub(crate) fn start(&self) -> u64 {
        let wanted = self.wanted();
        self.held.front().map_or(wanted, |(first, _)| wanted.max(*first))
    }

    /// Where it begins, if there are not too many changes in it.
    fn wanted(&self) -> u64 {
        let last = self.arrived.saturating_sub(self.window);
        match self.oldest {
            Oldest::Forgotten => last,
            Oldest::Held { from } => last.min(from),
        }
    }

    /// Whether the oldest of what it holds must not be forgotten.
    fn is_held(&self) -> bool {
        match self.oldest {
            Oldest::Forgotten => false,
            Oldest::Held { from } => self.held.get(1).is_some_and(|(next, _)| *next > from),
        }
    }

    fn forget(&mut self) {
        let start = self.wanted();
        while self.held.get(1).is_some_and(|(next, _)| *next <= start) || self.held.len() > self.most {
            self.held.pop_front();
        }
        self.lost.retain(|span| span.to.get() > start);
    }

    /// What is in the window, numbered from its first sample; none before anything has arrived.
    #[must_use]
    pub(crate) fn capture(&self) -> Option<Capture> {
        let start = self.start();
        let length = SampleIndex::new(self.arrived - start);
        let lines: Option<Vec<Line>> = self.probes.iter().map(|probe| self.line(probe, start, length)).collect();
        let inside = |at: SampleIndex| SampleIndex::new(at.get().saturating_sub(start));
        let lost = self.lost.iter().map(|span| span.map(inside)).collect();
        let lines = lines.filter(|_| length > SampleIndex::default())?;
        Some(Capture { lost: Lost::from_spans(lost), ..Capture::of("live", self.rate.clone(), length, lines) })
    }

    fn line(&self, probe: &Probe, start: u64, length: SampleIndex) -> Option<Line> {
        let mut builder = WaveformBuilder::default();
        for (at, state) in self.held.iter().filter(|(at, _)| *at < self.arrived) {
            let at = SampleIndex::new(at.saturating_sub(start));
            builder.push(at, Level::from_bit(state >> probe.bit)).ok()?;
        }
        Some(Line { probe: probe.clone(), waveform: Arc::new(builder.finish(length).ok()?), unknown: Lost::nothing() })
    }
}

impl Sink for Ring {
    fn change(&mut self, at: SampleIndex, state: u64) -> Result<(), SinkError> {
        if self.held.len() >= self.most && self.is_held() {
            return Err(SinkError::Full);
        }
        self.held.push_back((at.get(), state));
        self.advance(at.get() + 1);
        Ok(())
    }

    fn lost(&mut self, span: LostSpan) {
        self.lost.push(span);
    }

    /// What is watched is watched as a whole.
    fn unknown(&mut self, _: u64, span: LostSpan) {
        self.lost(span);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capture::Presence;

    fn ring(seconds: i128) -> Ring {
        let probe = |bit| Probe { bit, name: format!("D{bit}"), presence: Presence::Recorded };
        Ring::new(vec![probe(0), probe(1)], SampleRate::parse("10 Hz").unwrap(), &Rational::from(seconds))
    }

    #[test]
    fn only_the_last_seconds_are_kept_and_numbered_from_their_start() {
        let mut ring = ring(2);
        assert!(ring.capture().is_none());
        // D0 high from 3 to 18, D1 high from 25.
        for (at, state) in [(0, 0), (3, 1), (18, 0), (25, 2)] {
            ring.change(SampleIndex::new(at), state).unwrap();
        }
        assert_eq!((ring.arrived, ring.is_full(), ring.start()), (26, true, 6));
        ring.advance(30);
        // The window is 10 .. 30.
        let capture = ring.capture().unwrap();
        assert_eq!(capture.length.get(), 20);
        let d0 = capture.waveform(0).unwrap();
        assert_eq!((d0.initial(), d0.changes().to_vec()), (Level::High, vec![8]));
        let d1 = capture.waveform(1).unwrap();
        assert_eq!((d1.initial(), d1.changes().to_vec()), (Level::Low, vec![15]));
    }

    #[test]
    fn what_no_window_has_shown_is_held_until_it_is_full() {
        // A window of 20 samples; D0 changes every 5.
        let told = |ring: &mut Ring, to: u64| {
            (0..to).step_by(5).try_for_each(|at| ring.change(SampleIndex::new(at), at / 5 % 2))
        };
        let mut first = ring(2);
        told(&mut first, 50).unwrap();
        first.advance(50);
        // 30 .. 50: the next one takes the second half of it too, as long as it is.
        assert_eq!((first.start(), first.next(50), first.next(48)), (30, 40, 38));
        let mut second = ring(2).holding(40);
        told(&mut second, 100).unwrap();
        second.advance(100);
        assert_eq!((second.start(), second.is_full(), second.capture().unwrap().length.get()), (40, true, 60));
        // It holds no longer than it is to be where nothing is new.
        let mut same = ring(2).holding(40);
        told(&mut same, 55).unwrap();
        same.advance(55);
        assert_eq!((same.start(), same.capture().unwrap().length.get()), (35, 20));
        // Of six changes, 40 to 65, none that is held is forgotten; half of them are left to the next.
        let mut full = Ring { most: 6, ..ring(2).holding(40) };
        assert!(matches!(told(&mut full, 100), Err(SinkError::Full)));
        assert_eq!((full.start(), full.arrived, full.next(66)), (40, 66, 56));
        assert_eq!(Ring { most: 2, ..full }.next(66), 65, "lines are too busy for half a window");
    }

    #[test]
    fn a_window_that_is_not_full_says_so() {
        let mut ring = ring(2);
        ring.change(SampleIndex::new(0), 3).unwrap();
        ring.advance(19);
        assert_eq!((ring.is_full(), ring.capture().unwrap().length.get()), (false, 19));
        ring.advance(20);
        assert!(ring.is_full());
    }
}
