//! The last seconds of what is sampled, as a capture.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::capture::{Capture, Line, Probe, Sink, SinkError};
use crate::signal::{Level, Lost, LostSpan, WaveformBuilder};
use crate::units::{Rational, Rounding, SampleIndex, SampleRate};

/// More changes are not held: where lines are so busy, fewer seconds are.
const MOST_CHANGES: usize = 2_000_000;

/// A sink that forgets what is older than its window.
#[derive(Debug)]
pub(crate) struct Ring {
    probes: Vec<Probe>,
    rate: SampleRate,
    window: u64,
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
            held: VecDeque::new(),
            arrived: 0,
            lost: Vec::new(),
        }
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
        let wanted = self.arrived.saturating_sub(self.window);
        self.held.front().map_or(wanted, |(first, _)| wanted.max(*first))
    }

    fn forget(&mut self) {
        let start = self.arrived.saturating_sub(self.window);
        while self.held.get(1).is_some_and(|(next, _)| *next <= start) || self.held.len() > MOST_CHANGES {
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
    fn a_window_that_is_not_full_says_so() {
        let mut ring = ring(2);
        ring.change(SampleIndex::new(0), 3).unwrap();
        ring.advance(19);
        assert_eq!((ring.is_full(), ring.capture().unwrap().length.get()), (false, 19));
        ring.advance(20);
        assert!(ring.is_full());
    }
}
