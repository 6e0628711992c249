//! Lines whose records were kept apart, told as the states of one capture.

use super::FormatError;
use super::gaps::Gaps;
use crate::capture::{Extent, Sink};
use crate::units::SampleIndex;

/// A line's level from a sample on; none where it is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Step {
    pub(super) at: u64,
    pub(super) high: Option<bool>,
}

/// The record of a line, step by step in the order of time. Behind a step without a level another one may follow at the same
/// sample: an unknown number of samples is missing there.
pub(super) trait Steps {
    /// Appends some of the steps that follow; none at the end.
    fn more(&mut self, steps: &mut Vec<Step>) -> Result<(), FormatError>;
}

/// A line that is being read.
pub(super) struct Line<S> {
    bit: u64,
    record: S,
    steps: Vec<Step>,
    next: usize,
}

impl<S: Steps> Line<S> {
    /// The line of the probe with this bit.
    pub(super) fn new(bit: u32, record: S) -> Line<S> {
        Line { bit: 1_u64.checked_shl(bit).unwrap_or(0), record, steps: Vec::new(), next: 0 }
    }

    /// Where its steps come from.
    pub(super) fn record(&self) -> &S {
        &self.record
    }

    /// The step that comes next.
    fn head(&self) -> Option<Step> {
        self.steps.get(self.next).copied()
    }

    fn advance(&mut self) -> Result<(), FormatError> {
        self.next += 1;
        if self.next >= self.steps.len() { self.refill() } else { Ok(()) }
    }

    fn refill(&mut self) -> Result<(), FormatError> {
        self.next = 0;
        self.steps.clear();
        self.record.more(&mut self.steps)
    }
}

/// So many changes are sent at once.
const BATCH: usize = 4096;

/// What the sink is told of the lines together.
struct Told<'a> {
    sink: &'a mut dyn Sink,
    gaps: Gaps,
    /// What the sink is told next, and the sample of the last of it.
    batch: Vec<(SampleIndex, u64)>,
    last: u64,
    /// What it was told last.
    before: Option<u64>,
    known: u64,
    state: u64,
}

/// Sends the states of these lines to a sink. Wanted bits of no line are those of one that cannot be read.
///
/// # Errors
/// Those of the records and of the sink.
pub(super) fn tell<S: Steps>(
    lines: &mut [Line<S>],
    gaps: Gaps,
    length: u64,
    sink: &mut dyn Sink,
) -> Result<Extent, FormatError> {
    let batch = Vec::with_capacity(BATCH);
    let mut told = Told { sink, gaps, batch, last: 0, before: None, known: 0, state: 0 };
    lines.iter_mut().try_for_each(Line::refill)?;
    while let Some(now) = lines.iter().filter_map(|line| Some(line.head()?.at)).min() {
        let (mut high, mut low, mut gone) = (0, 0, 0);
        for line in lines.iter_mut() {
            let Some(step) = line.head().filter(|step| step.at == now) else { continue };
            match step.high {
                Some(true) => high |= line.bit,
                Some(false) => low |= line.bit,
                None => gone |= line.bit,
            }
            line.advance()?;
        }
        told.at(now, high, low, gone)?;
    }
    told.flush()?;
    let Told { sink, mut gaps, known, .. } = told;
    gaps.end(gaps.wanted() & !known, length, sink)?;
    Ok(gaps.into_extent(SampleIndex::new(length)))
}

impl Told<'_> {
    /// From this sample on these bits are high, those are low, and those are not known.
    fn at(&mut self, now: u64, high: u64, low: u64, gone: u64) -> Result<(), FormatError> {
        let gone = gone & self.known;
        if gone != 0 {
            self.gaps.begin(gone, now);
            self.known &= !gone;
        }
        let gained = (high | low) & !self.known;
        self.state = self.state & !low | high;
        if gained != 0 {
            self.known |= gained;
            // What changes at this sample comes behind the stretch that ends there.
            self.take_back(now);
            self.flush()?;
            self.gaps.end(gained, now, self.sink)?;
        }
        if (high | low) != 0 && self.shown() != Some(self.state) { self.put(now) } else { Ok(()) }
    }

    /// The state that was shown last.
    fn shown(&self) -> Option<u64> {
        self.batch.last().map(|(_, state)| *state).or(self.before)
    }

    /// Takes the change at this sample, if it is the last one, out of what the sink will be told.
    fn take_back(&mut self, now: u64) -> bool {
        self.last == now && self.batch.pop().is_some()
    }

    /// From this sample on the state is as it is now.
    fn put(&mut self, now: u64) -> Result<(), FormatError> {
        if self.take_back(now) && self.shown() == Some(self.state) {
            return Ok(());
        }
        if self.batch.len() == BATCH {
            self.flush()?;
        }
        // Before the first known sample nothing is known; what it shows stands for it.
        let is_first = self.batch.is_empty() && self.before.is_none();
        self.batch.push((SampleIndex::new(if is_first { 0 } else { now }), self.state));
        self.last = now;
        Ok(())
    }

    fn flush(&mut self) -> Result<(), FormatError> {
        self.sink.changes(&self.batch)?;
        self.before = self.shown();
        self.batch.clear();
        Ok(())
    }
}
