//! Where the levels of probes are not known: what the record of all lines, or of one, has lost.

use std::collections::BTreeMap;

use super::{FormatError, unreadable};
use crate::capture::{Extent, Sink};
use crate::signal::{Lost, LostSpan};
use crate::units::SampleIndex;

/// More stretches without data than this are not said one by one.
const MOST_PROBLEMS: usize = 100;
/// A record of more stretches in which a level is not known is none of a capture.
pub(super) const MOST_GAPS: usize = 1 << 20;

/// There are more gaps than any capture has.
#[derive(Debug, thiserror::Error)]
#[error("its levels are unknown in more than {MOST_GAPS} stretches, more than any capture has")]
struct TooManyGaps;

/// The stretches in which levels are not known, told to a sink as they end.
pub(super) struct Gaps {
    /// The bits of the wanted probes.
    wanted: u64,
    /// For each bit that is not known, the sample from which on it is not.
    since: [u64; u64::BITS as usize],
    lost: Vec<LostSpan>,
    unknown: BTreeMap<u32, Vec<LostSpan>>,
    count: usize,
    problems: Vec<String>,
}

impl Gaps {
    /// Before the first sample no level is known.
    pub(super) fn new(wanted: u64) -> Gaps {
        Gaps {
            wanted,
            since: [0; u64::BITS as usize],
            lost: Vec::new(),
            unknown: BTreeMap::new(),
            count: 0,
            problems: Vec::new(),
        }
    }

    /// The bits of the wanted probes.
    pub(super) fn wanted(&self) -> u64 {
        self.wanted
    }

    /// Something is wrong, as a sentence.
    pub(super) fn problem(&mut self, problem: String) {
        self.problems.push(problem);
    }

    /// From this sample on the levels of these bits are not known.
    pub(super) fn begin(&mut self, probes: u64, from: u64) {
        bits(probes).for_each(|bit| self.since[bit as usize] = from);
    }

    /// The first sample from which on these bits, none of which is known, may be known again.
    pub(super) fn least_end(&self, probes: u64) -> u64 {
        bits(probes).map(|bit| self.since[bit as usize]).max().unwrap_or(0)
    }

    /// The levels of these bits are known again from this sample on.
    pub(super) fn end(&mut self, probes: u64, to: u64, sink: &mut dyn Sink) -> Result<(), FormatError> {
        let mut rest = probes;
        while let Some(first) = bits(rest).next() {
            let from = self.since[first as usize];
            let group = bits(rest).filter(|bit| self.since[*bit as usize] == from).fold(0, |all, bit| all | 1 << bit);
            rest &= !group;
            // Before the first level there was no record to lose.
            if from > 0 || to > 0 {
                self.lose(group, LostSpan::new(SampleIndex::new(from), SampleIndex::new(to)), sink)?;
            }
        }
        Ok(())
    }

    /// The levels of these bits are not known in this stretch.
    fn lose(&mut self, probes: u64, span: LostSpan, sink: &mut dyn Sink) -> Result<(), FormatError> {
        self.count += probes.count_ones() as usize;
        if self.count > MOST_GAPS {
            return Err(unreadable(TooManyGaps));
        }
        if probes != self.wanted || span.from == SampleIndex::default() {
            bits(probes).for_each(|bit| self.unknown.entry(bit).or_default().push(span));
            sink.unknown(probes, span);
            return Ok(());
        }
        let (from, to) = (span.from.get(), span.to.get());
        if self.problems.len() < MOST_PROBLEMS {
            self.problems.push(match to - from {
                0 => format!("an unknown time before sample {from} has no data and is lost"),
                _ => format!("samples {from} to {} have no data and are lost", to - 1),
            });
        }
        self.lost.push(span);
        sink.lost(span);
        Ok(())
    }

    /// An unknown number of samples is missing here on all lines, for a problem that is said elsewhere.
    pub(super) fn cut(&mut self, at: SampleIndex, sink: &mut dyn Sink) {
        let span = LostSpan::new(at, at);
        self.lost.push(span);
        sink.lost(span);
    }

    /// The extent of a record of this length whose end is stated.
    pub(super) fn into_extent(self, length: SampleIndex) -> Extent {
        Extent {
            lost: Lost::from_spans(self.lost),
            unknown: self.unknown.into_iter().map(|(bit, spans)| (bit, Lost::from_spans(spans))).collect(),
            problems: self.problems,
            ..Extent::whole(length)
        }
    }
}

/// The places of the bits that are set, the lowest first.
fn bits(mask: u64) -> impl Iterator<Item = u32> {
    (0..u64::BITS).filter(move |bit| mask >> bit & 1 == 1)
}
