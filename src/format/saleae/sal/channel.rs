//! A digital channel: proven as a whole, then read step by step.

use super::SalError;
use super::walk::{Broken, Chunk, Head, Unknown, Walk};
use crate::format::archive::{Blocks, Member, Unpacker};
use crate::format::lines::{Step, Steps};
use crate::format::source::Source;
use crate::format::{FormatError, unreadable};

/// What the bytes of a channel say, all of which were proven.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Record {
    /// Samples per second.
    pub(super) rate: u64,
    /// The first sample, and the one behind the last, of those that are kept and there.
    pub(super) from: u64,
    pub(super) to: u64,
    /// Behind the last one that is kept; above `to`, the end is missing.
    pub(super) kept_to: u64,
    /// The level at the begin of each chunk; that of one without samples is of no matter.
    levels: Vec<bool>,
}

impl Record {
    /// Reads a member to its end.
    pub(super) fn prove(source: &dyn Source, member: &Member, unpacker: &mut Unpacker) -> Result<Record, Broken> {
        let mut walk = Walk::new(unpacker.blocks(source, member)?);
        Record::of(&mut walk).map_err(|broken| walk.fault(broken))
    }

    fn of(walk: &mut Walk<'_>) -> Result<Record, Broken> {
        let head = walk.head()?;
        let mut ends = None;
        let mut levels = Vec::new();
        while let Some(mut chunk) = walk.chunk(&head)? {
            while walk.runs(&mut chunk, |_| ())? {}
            levels.push(walk.close(&head, &chunk)?.unwrap_or(false));
            if chunk.begin < chunk.end {
                let (begin, _) = *ends.get_or_insert((chunk.begin, chunk.end));
                ends = Some((begin, chunk.end));
            }
        }
        let (begin, end) = ends.ok_or(Unknown::NoSamples)?;
        let from = head.first.unwrap_or(0).max(begin);
        let kept_to = head.last.map_or(end, |last| last + 1);
        let to = kept_to.min(end);
        if from >= to {
            return Err(Unknown::NoSamples.into());
        }
        Ok(Record { rate: head.rate, from, to, kept_to, levels })
    }
}

/// A channel that is read a second time.
pub(super) struct Channel<'a> {
    name: &'a str,
    walk: Walk<'a>,
    head: Head,
    kept: Kept<'a>,
    /// The chunk that is being read, how many were, and where the last one that had samples ended.
    chunk: Option<Chunk>,
    done: usize,
    reached: Option<u64>,
    is_over: bool,
    high: bool,
}

impl<'a> Channel<'a> {
    /// A proven channel of a capture that lasts from one sample to another.
    pub(super) fn open(
        name: &'a str,
        blocks: Blocks<'a>,
        record: &'a Record,
        (begin, end): (u64, u64),
    ) -> Result<Channel<'a>, FormatError> {
        let mut walk = Walk::new(blocks);
        let head = walk.head().map_err(|broken| changed(name, broken))?;
        let kept = Kept { record, begin, end, at_begin: None };
        Ok(Channel { name, walk, head, kept, chunk: None, done: 0, reached: None, is_over: false, high: false })
    }

    fn step(&mut self, steps: &mut Vec<Step>) -> Result<(), Broken> {
        let Some(chunk) = &mut self.chunk else {
            self.chunk = self.walk.chunk(&self.head)?;
            self.next(steps);
            return Ok(());
        };
        let (kept, mut high) = (&mut self.kept, self.high);
        let is_some = self.walk.runs(chunk, |at| {
            high = !high;
            kept.push(steps, at, Some(high));
        })?;
        self.high = high;
        if !is_some {
            self.walk.close(&self.head, chunk)?;
            self.chunk = None;
        }
        Ok(())
    }

    /// Goes on with the chunk that was begun, or to the end behind the last one.
    fn next(&mut self, steps: &mut Vec<Step>) {
        let Some(chunk) = &self.chunk else {
            self.is_over = true;
            return self.kept.finish(steps);
        };
        let high = self.kept.record.levels.get(self.done).copied().unwrap_or(false);
        self.done += 1;
        if chunk.begin == chunk.end {
            return;
        }
        let gap = self.reached.filter(|reached| *reached < chunk.begin);
        if let Some(reached) = gap {
            self.kept.push(steps, reached, None);
        }
        if gap.is_some() || self.reached.is_none() || high != self.high {
            self.kept.push(steps, chunk.begin, Some(high));
        }
        (self.high, self.reached) = (high, Some(chunk.end));
    }
}

/// What is kept of a channel's samples.
struct Kept<'a> {
    record: &'a Record,
    /// The number of the sample with which the capture begins, and of the one behind its last.
    begin: u64,
    end: u64,
    /// The level with which the channel begins, until it is told.
    at_begin: Option<bool>,
}

impl Kept<'_> {
    fn push(&mut self, steps: &mut Vec<Step>, at: u64, high: Option<bool>) {
        if at <= self.record.from {
            self.at_begin = high;
        } else if at < self.record.to {
            self.tell_begin(steps);
            steps.push(Step { at: at - self.begin, high });
        }
    }

    fn tell_begin(&mut self, steps: &mut Vec<Step>) {
        if self.at_begin.is_some() {
            steps.push(Step { at: self.record.from - self.begin, high: self.at_begin.take() });
        }
    }

    fn finish(&mut self, steps: &mut Vec<Step>) {
        self.tell_begin(steps);
        if self.record.to < self.end {
            steps.push(Step { at: self.record.to - self.begin, high: None });
        }
    }
}

impl Steps for Channel<'_> {
    fn more(&mut self, steps: &mut Vec<Step>) -> Result<(), FormatError> {
        while steps.is_empty() && !self.is_over {
            self.step(steps).map_err(|broken| changed(self.name, broken))?;
        }
        Ok(())
    }
}

/// What was proven once can only be wrong if it is another by now.
fn changed(name: &str, broken: Broken) -> FormatError {
    unreadable(SalError::Changed { name: name.to_owned(), broken })
}
