//! Chunks, decoded and lost, one after the other: the changes go to the sink, the losses into the extent.

use super::decode::Chunk;
use super::error::SessionError;
use super::losses::{self, LossesError};
use crate::capture::{Extent, Sink};
use crate::format::{FormatError, unreadable};
use crate::signal::{Length, Lost, LostSpan};
use crate::units::SampleIndex;

/// More problems than this are counted, not listed.
const MOST_PROBLEMS: usize = 100;

/// How many samples are lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Loss {
    /// So many.
    Proven(u64),
    /// So many, if what says so is right.
    Inferred(u64),
    /// Nothing tells it.
    Unknown,
}

/// The capture up to the present sample.
pub(super) struct Timeline<'a> {
    sink: &'a mut dyn Sink,
    most: u64,
    at: u64,
    state: Option<u64>,
    lost: Vec<LostSpan>,
    /// What is marked as lost within samples that are there, and not yet passed.
    marked: &'a [LostSpan],
    /// Up to this sample something is lost.
    lost_to: SampleIndex,
    problems: Vec<String>,
    unlisted: u64,
}

impl<'a> Timeline<'a> {
    /// A capture of at most `most` samples, whose archive has these problems already, and marks these samples as lost.
    pub(super) fn new(
        sink: &'a mut dyn Sink,
        most: u64,
        problems: Vec<String>,
        marked: &'a [LostSpan],
    ) -> Timeline<'a> {
        Timeline {
            sink,
            most,
            at: 0,
            state: None,
            lost: Vec::new(),
            marked,
            lost_to: SampleIndex::default(),
            problems,
            unlisted: 0,
        }
    }

    /// Goes on with a proven chunk.
    pub(super) fn proven(&mut self, chunk: &Chunk) -> Result<(), FormatError> {
        let start = self.at;
        self.advance(chunk.samples)?;
        chunk.changes.try_some(start, |some| self.some(some))
    }

    /// Goes on with some changes of a chunk.
    fn some(&mut self, some: &[(SampleIndex, u64)]) -> Result<(), FormatError> {
        let Some((&(at, state), others)) = some.split_first() else { return Ok(()) };
        // The first one of a chunk may show what was shown before. Before the first proven sample nothing is known; what it
        // shows stands for it.
        if self.state != Some(state) {
            self.change(if self.state.is_none() { SampleIndex::default() } else { at }, state)?;
        }
        if self.marked.is_empty() && self.lost_to <= at {
            self.sink.changes(others)?;
        } else {
            others.iter().try_for_each(|&(at, state)| self.change(at, state))?;
        }
        self.state = some.last().map(|(_, state)| *state);
        Ok(())
    }

    /// Sends a change to the sink, behind what is marked as lost before it.
    fn change(&mut self, at: SampleIndex, state: u64) -> Result<(), FormatError> {
        self.pass_marks(at);
        if self.state.is_some() && at < self.lost_to {
            let source = LossesError::Alive(at.get());
            return Err(unreadable(SessionError::Losses { name: losses::MEMBER, source }));
        }
        self.state = Some(state);
        Ok(self.sink.change(at, state)?)
    }

    /// Goes on behind samples that are lost, as many as are known to be; none known is a cut.
    pub(super) fn lost(&mut self, loss: Loss, why: &str) -> Result<(), FormatError> {
        let from = self.at;
        let (samples, length, perhaps) = match loss {
            Loss::Proven(samples) => (samples, Length::Proven, ""),
            Loss::Inferred(samples) => (samples, Length::Inferred, ", or another number of them"),
            Loss::Unknown => (0, Length::Unknown, ""),
        };
        self.advance(samples)?;
        self.lose(from, length);
        self.problem(match (loss, samples) {
            (Loss::Unknown, _) => format!("{why}; an unknown number of samples is lost before sample {from}"),
            (_, 0) => format!("{why}; it held no samples{perhaps}"),
            (_, 1) => format!("{why}; sample {from} is lost{perhaps}"),
            (_, _) => format!("{why}; samples {from} to {} are lost{perhaps}", self.at - 1),
        });
        Ok(())
    }

    /// Says what is wrong besides.
    pub(super) fn problem(&mut self, sentence: String) {
        if self.problems.len() < MOST_PROBLEMS {
            self.problems.push(sentence);
        } else {
            self.unlisted += 1;
        }
    }

    /// Marks that an unknown number of samples is missing here, for a problem that is said elsewhere.
    pub(super) fn cut(&mut self) {
        self.lose(self.at, Length::Unknown);
    }

    fn lose(&mut self, from: u64, length: Length) {
        let span = LostSpan::new(SampleIndex::new(from), SampleIndex::new(self.at)).known_to(length);
        self.pass_marks(span.from);
        self.note(span);
    }

    fn note(&mut self, span: LostSpan) {
        self.lost.push(span);
        self.lost_to = self.lost_to.max(span.to);
        self.sink.lost(span);
    }

    /// Loses what is marked as lost and begins at or before this sample.
    fn pass_marks(&mut self, at: SampleIndex) {
        while let Some((span, later)) = self.marked.split_first().filter(|(span, _)| span.from <= at) {
            self.marked = later;
            self.note(*span);
        }
    }

    /// The capture's extent.
    pub(super) fn finish(mut self) -> Extent {
        let end = SampleIndex::new(self.at);
        self.pass_marks(end);
        for span in &mut self.lost {
            span.to = span.to.min(end);
        }
        if self.unlisted > 0 {
            self.problems.push(format!("{} more problems are not listed", self.unlisted));
        }
        let whole = Extent::whole(SampleIndex::new(self.at));
        Extent { lost: Lost::from_spans(self.lost), problems: self.problems, ..whole }
    }

    fn advance(&mut self, samples: u64) -> Result<(), FormatError> {
        let at = self.at.checked_add(samples).filter(|&at| at <= self.most);
        self.at = at.ok_or(FormatError::TooManySamples(self.most))?;
        Ok(())
    }
}
