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

    /// The sample of the step that comes next; none is so late.
    fn at(&self) -> u64 {
        self.steps.get(self.next).map_or(NEVER, |step| step.at)
    }

    /// Goes on behind so many steps.
    fn advance(&mut self, count: usize) -> Result<(), FormatError> {
        self.next += count;
        if self.next >= self.steps.len() { self.refill() } else { Ok(()) }
    }

    fn refill(&mut self) -> Result<(), FormatError> {
        self.next = 0;
        self.steps.clear();
        self.record.more(&mut self.steps)
    }
}

/// No step is at this sample.
const NEVER: u64 = u64::MAX;
/// So many changes are sent at once.
const BATCH: usize = 4096;

/// What the sink is told of the lines together.
struct Told<'a> {
    sink: &'a mut dyn Sink,
    gaps: Gaps,
    /// What the sink is told next, and the sample of the last of it.
    batch: Vec<(SampleIndex, u64)>,
    last: u64,
    /// What it was told last, and what it is told last of the batch.
    before: Option<u64>,
    shown: Option<u64>,
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
    let mut told = Told { sink, gaps, batch, last: 0, before: None, shown: None, known: 0, state: 0 };
    lines.iter_mut().try_for_each(Line::refill)?;
    let mut next: Vec<u64> = lines.iter().map(Line::at).collect();
    loop {
        let Turn { now, until, line } = turn(&next);
        if now == NEVER {
            break;
        }
        if let (Some(line), Some(next)) = (lines.get_mut(line), next.get_mut(line)) {
            let alone = told.alone(line.bit, line.steps.get(line.next..).unwrap_or_default(), until)?;
            if alone > 0 {
                line.advance(alone)?;
                *next = line.at();
                continue;
            }
        }
        let (mut high, mut low, mut gone) = (0, 0, 0);
        for (line, next) in lines.iter_mut().zip(&mut next).filter(|(_, next)| **next == now) {
            match line.steps.get(line.next).and_then(|step| step.high) {
                Some(true) => high |= line.bit,
                Some(false) => low |= line.bit,
                None => gone |= line.bit,
            }
            line.advance(1)?;
            *next = line.at();
        }
        told.at(now, high, low, gone)?;
    }
    told.flush()?;
    let Told { sink, mut gaps, known, .. } = told;
    gaps.end(gaps.wanted() & !known, length, sink)?;
    Ok(gaps.into_extent(SampleIndex::new(length)))
}

/// Whose steps come next.
struct Turn {
    /// The sample of the next step, or [`NEVER`].
    now: u64,
    /// That of the next one of any other line.
    until: u64,
    /// The place of a line with the next step.
    line: usize,
}

fn turn(next: &[u64]) -> Turn {
    let mut turn = Turn { now: NEVER, until: NEVER, line: 0 };
    for (line, &at) in next.iter().enumerate() {
        if at < turn.now {
            turn = Turn { now: at, until: turn.now, line };
        } else {
            turn.until = turn.until.min(at);
        }
    }
    turn
}

impl Told<'_> {
    /// Goes on with those steps of a line that come before any of another one, and returns how many they were; none where its
    /// level was not known before.
    fn alone(&mut self, bit: u64, steps: &[Step], until: u64) -> Result<usize, FormatError> {
        if self.known & bit == 0 {
            return Ok(0);
        }
        for (count, step) in steps.iter().enumerate() {
            let Some(high) = step.high.filter(|_| step.at < until) else { return Ok(count) };
            let state = if high { self.state | bit } else { self.state & !bit };
            if state != self.state {
                self.state = state;
                self.push(step.at)?;
            }
        }
        Ok(steps.len())
    }

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
        if (high | low) != 0 && self.shown != Some(self.state) { self.put(now) } else { Ok(()) }
    }

    /// Takes the change at this sample, if it is the last one, out of what the sink will be told.
    fn take_back(&mut self, now: u64) -> bool {
        let is_back = self.last == now && self.batch.pop().is_some();
        if is_back {
            self.shown = self.batch.last().map(|(_, state)| *state).or(self.before);
        }
        is_back
    }

    /// From this sample on the state is as it is now.
    fn put(&mut self, now: u64) -> Result<(), FormatError> {
        if self.take_back(now) && self.shown == Some(self.state) {
            return Ok(());
        }
        self.push(now)
    }

    fn push(&mut self, now: u64) -> Result<(), FormatError> {
        if self.batch.len() == BATCH {
            self.flush()?;
        }
        // Before the first known sample nothing is known; what it shows stands for it.
        let is_first = self.batch.is_empty() && self.before.is_none();
        self.batch.push((SampleIndex::new(if is_first { 0 } else { now }), self.state));
        (self.last, self.shown) = (now, Some(self.state));
        Ok(())
    }

    fn flush(&mut self) -> Result<(), FormatError> {
        self.sink.changes(&self.batch)?;
        self.before = self.shown;
        self.batch.clear();
        Ok(())
    }
}
