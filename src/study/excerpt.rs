//! As much of each line as is looked at, in bounded memory, whatever there is of them: a line of a camera is held whole, one that
//! is dense (noise, a bus, a clock) says the same everywhere, and is held up to some sample.

use std::sync::Arc;

use crate::capture::{Capture, Extent, Header, Line, Probe, Sink, SinkError};
use crate::signal::{Level, Lost, LostSpan, Waveform, WaveformError};
use crate::units::{SampleIndex, SampleRate};

/// The most changes that are held, of all lines together: 8 MB, and each is copied a few times while it is looked at.
const MOST_CHANGES: usize = 1 << 20;

/// A line, up to some sample.
#[derive(Debug)]
struct Kept {
    probe: Probe,
    initial: Level,
    changes: Vec<u64>,
    /// All changes, held or not.
    all: u64,
    /// The first one that is not held.
    until: Option<u64>,
}

/// A sink that holds an excerpt of each line.
#[derive(Debug)]
pub struct Excerpts {
    lines: Vec<Kept>,
    window: (u64, u64),
    state: Option<u64>,
    held: usize,
}

/// A capture of whose lines some are held up to a sample only, from which on they are unknown.
#[derive(Debug)]
pub struct Excerpt {
    /// What is held.
    pub capture: Capture,
    /// The changes of each line, held or not, in the order of the capture's lines.
    pub changes: Vec<u64>,
}

impl Excerpt {
    /// All of a capture.
    #[must_use]
    pub fn whole(capture: &Capture) -> Excerpt {
        let changes = capture.lines.iter().map(|line| line.waveform.changes().len() as u64).collect();
        Excerpt { capture: capture.clone(), changes }
    }

    /// The changes of the probe with this bit, held or not.
    pub(super) fn changes_of(&self, bit: u32) -> u64 {
        let line = self.capture.lines.iter().zip(&self.changes).find(|(line, _)| line.probe.bit == bit);
        line.map_or(0, |(_, changes)| *changes)
    }
}

impl Excerpts {
    /// A sink for these probes, of the changes behind the first of these samples and before the last.
    #[must_use]
    pub fn new(probes: Vec<Probe>, (from, to): (SampleIndex, Option<SampleIndex>)) -> Excerpts {
        let kept = |probe| Kept { probe, initial: Level::Low, changes: Vec::new(), all: 0, until: None };
        let window = (from.get(), to.map_or(u64::MAX, SampleIndex::get));
        Excerpts { lines: probes.into_iter().map(kept).collect(), window, state: None, held: 0 }
    }

    /// What is held of a capture with this header.
    ///
    /// # Errors
    /// [`WaveformError`] when a change lies beyond its length: an error of the reader.
    pub fn finish(self, header: Header, rate: SampleRate, extent: Extent) -> Result<Excerpt, WaveformError> {
        let changes = self.lines.iter().map(|line| line.all).collect();
        let line = |kept: Kept| {
            let unknown = extent.unknown.get(&kept.probe.bit).cloned().unwrap_or_default();
            let rest = kept.until.map(|until| LostSpan::new(SampleIndex::new(until), extent.length));
            let unknown = match rest {
                Some(rest) => Lost::from_spans([unknown.spans(), &[rest]].concat()),
                None => unknown,
            };
            let waveform = Arc::new(Waveform::new(kept.initial, kept.changes, extent.length)?);
            Ok(Line { probe: kept.probe, waveform, unknown })
        };
        let lines = self.lines.into_iter().map(line).collect::<Result<Vec<Line>, WaveformError>>()?;
        let Extent { length, end, lost, problems, analog, .. } = extent;
        Ok(Excerpt { capture: Capture { header, rate, length, end, lines, lost, problems, analog }, changes })
    }

    /// Gives up half of the line of which most is held.
    fn shorten(&mut self) {
        if let Some(longest) = self.lines.iter_mut().max_by_key(|line| line.changes.len()) {
            let half = longest.changes.len() / 2;
            longest.until = longest.changes.get(half).copied();
            longest.changes.truncate(half);
            longest.changes.shrink_to_fit();
            self.held = self.lines.iter().map(|line| line.changes.len()).sum();
        }
    }
}

impl Sink for Excerpts {
    fn change(&mut self, at: SampleIndex, state: u64) -> Result<(), SinkError> {
        let before = self.state.replace(state);
        let is_first = before.is_none() || at.get() <= self.window.0;
        if at.get() >= self.window.1 {
            return Ok(());
        }
        let differs = before.unwrap_or(0) ^ state;
        for line in &mut self.lines {
            let bit = 1_u64.checked_shl(line.probe.bit).unwrap_or(0);
            if is_first {
                line.initial = Level::from_bit(u8::from(state & bit != 0).into());
            } else if differs & bit != 0 {
                line.all += 1;
                if line.until.is_none() {
                    line.changes.push(at.get());
                    self.held += 1;
                }
            }
        }
        if self.held > MOST_CHANGES {
            self.shorten();
        }
        Ok(())
    }

    /// What is lost is in the extent.
    fn lost(&mut self, _: LostSpan) {}
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capture::Presence;

    fn probe(bit: u32) -> Probe {
        Probe { bit, name: format!("D{bit}"), presence: Presence::Recorded }
    }

    fn excerpt(sink: Excerpts, length: u64) -> Excerpt {
        let probes = sink.lines.iter().map(|line| line.probe.clone()).collect();
        let header = Header { format: "test", rate: None, probes, warnings: Vec::new() };
        sink.finish(header, SampleRate::parse("1 MHz").unwrap(), Extent::whole(SampleIndex::new(length))).unwrap()
    }

    #[test]
    fn a_dense_line_is_held_up_to_a_sample_and_others_whole() {
        let mut sink = Excerpts::new(vec![probe(0), probe(1)], (SampleIndex::default(), None));
        let samples = 2 * MOST_CHANGES as u64;
        for at in 0..samples {
            // The second changes at every thousandth sample.
            let state = (at & 1) | (((at / 1000) & 1) << 1);
            sink.change(SampleIndex::new(at), state).unwrap();
        }
        let Excerpt { capture, changes } = excerpt(sink, samples);
        let [dense, sparse] = [&capture.lines[0], &capture.lines[1]];
        assert_eq!(changes, [samples - 1, (samples - 1) / 1000]);
        assert_eq!(sparse.waveform.changes().len() as u64, changes[1]);
        assert!(sparse.unknown.is_empty());
        let held = dense.waveform.changes();
        assert!(held.len() >= MOST_CHANGES / 4 && held.len() <= MOST_CHANGES, "{}", held.len());
        let rest = LostSpan::new(SampleIndex::new(held.len() as u64 + 1), SampleIndex::new(samples));
        assert_eq!(dense.unknown.spans(), [rest]);
    }

    #[test]
    fn a_window_has_its_own_first_level() {
        let mut sink = Excerpts::new(vec![probe(0)], (SampleIndex::new(10), Some(SampleIndex::new(20))));
        for (at, state) in [(0, 0), (10, 1), (15, 0), (20, 1)] {
            sink.change(SampleIndex::new(at), state).unwrap();
        }
        let Excerpt { capture, changes } = excerpt(sink, 30);
        let waveform = &capture.lines[0].waveform;
        assert_eq!((waveform.initial(), waveform.changes().to_vec(), changes), (Level::High, vec![15], vec![1]));
    }
}
