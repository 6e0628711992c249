//! The records of a binary export: their heads, and the transitions one after the other.

use super::SaleaeError;
use crate::format::Source;

/// No capture is longer than thirty years.
const LONGEST_S: f64 = 1e9;
/// A capture of more gaps is none.
pub(super) const MOST_CHUNKS: u64 = 1 << 20;

/// A stretch of continuous samples.
#[derive(Debug, Clone, Copy)]
pub(super) struct Chunk {
    /// The level at its begin.
    high: bool,
    pub(super) rate: Option<f64>,
    pub(super) begin: f64,
    pub(super) end: f64,
    /// Where the times of its transitions begin, in bytes, and how many there are.
    at: u64,
    transitions: u64,
    /// How many are stated: more than there are where the file is cut off.
    stated: u64,
}

/// The chunks as far as the file goes, and what is wrong with it.
pub(super) fn chunks(
    fields: &mut Fields<'_>,
    count: u64,
    chunked: bool,
) -> Result<(Vec<Chunk>, Vec<String>), SaleaeError> {
    let (mut chunks, mut problems) = (Vec::new(), Vec::new());
    for number in 1..=count {
        let chunk = match Chunk::read(fields, chunked) {
            Ok(chunk) => chunk,
            Err(SaleaeError::CutHead(_)) if number > 1 => {
                problems.push(format!("the file ends before chunk {number} of {count}; what follows is lost"));
                break;
            }
            Err(error) => return Err(error),
        };
        chunks.push(chunk);
        if chunk.transitions < chunk.stated {
            let (read, stated) = (chunk.transitions, chunk.stated);
            problems.push(format!(
                "the file ends after {read} of the {stated} transitions of chunk {number}; what follows is lost"
            ));
            break;
        }
        fields.at = chunk.at + 8 * chunk.transitions;
    }
    let left = fields.source.len().saturating_sub(fields.at);
    if problems.is_empty() && left > 0 {
        problems.push(format!("{left} bytes follow after the last transition; what they are is not known"));
    }
    if chunks.is_empty() { Err(SaleaeError::NoChunks) } else { Ok((chunks, problems)) }
}

impl Chunk {
    fn read(fields: &mut Fields<'_>, chunked: bool) -> Result<Chunk, SaleaeError> {
        let start = fields.at;
        let error = |what| SaleaeError::Chunk { at: start, what };
        let high = match u32::from_le_bytes(fields.take()?) {
            0 => false,
            1 => true,
            _ => return Err(error("the level at its begin is neither 0 nor 1")),
        };
        let rate = if chunked { Some(f64::from_le_bytes(fields.take()?)) } else { None };
        if rate.is_some_and(|rate| !(rate.is_finite() && rate > 0.0)) {
            return Err(error("its sample rate is not above zero"));
        }
        let (begin, end) = (f64::from_le_bytes(fields.take()?), f64::from_le_bytes(fields.take()?));
        if begin.is_nan() || end.is_nan() || end < begin {
            return Err(error("it ends before it begins"));
        }
        if begin < -LONGEST_S || end > LONGEST_S {
            return Err(error("its times are beyond what can be counted"));
        }
        let stated = u64::from_le_bytes(fields.take()?);
        let held = fields.source.len().saturating_sub(fields.at) / 8;
        Ok(Chunk { high, rate, begin, end, at: fields.at, transitions: stated.min(held), stated })
    }
}

/// Where the level of a channel changes, or the record of it begins or ends.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Step {
    pub(super) time: f64,
    /// The level from there on; none where it is not recorded.
    pub(super) high: Option<bool>,
}

/// The steps of a channel in order of time, read in blocks.
pub(super) struct Steps<'c> {
    source: &'c dyn Source,
    chunks: &'c [Chunk],
    /// How long a sample lasts: chunks that follow each other within one have no gap.
    period: f64,
    /// The chunk that is being read, and how many of its transitions were.
    chunk: usize,
    done: u64,
    is_begun: bool,
    last: Step,
    block: Vec<u8>,
    taken: usize,
}

/// Why a channel cannot be read on.
#[derive(Debug)]
pub(super) enum Broken {
    Io(std::io::Error),
    /// As a sentence.
    Senseless(String),
}

impl<'c> Steps<'c> {
    pub(super) fn new(source: &'c dyn Source, chunks: &'c [Chunk], period: f64) -> Steps<'c> {
        let last = Step { time: f64::NEG_INFINITY, high: None };
        Steps { source, chunks, period, chunk: 0, done: 0, is_begun: false, last, block: Vec::new(), taken: 0 }
    }

    /// The next step; none at the end of the record.
    pub(super) fn next(&mut self) -> Result<Option<Step>, Broken> {
        let Some(chunk) = self.chunks.get(self.chunk).copied() else { return Ok(None) };
        let step = if !self.is_begun {
            if self.chunk > 0 && chunk.begin < self.last.time - self.period {
                return Err(Broken::Senseless("a chunk begins before the one before it ends".to_owned()));
            }
            self.is_begun = true;
            Step { time: chunk.begin.max(self.last.time), high: Some(chunk.high) }
        } else if self.done < chunk.transitions {
            let time = self.transition(&chunk)?;
            if !(time >= self.last.time && time <= chunk.end.max(self.last.time)) {
                let at = chunk.at + 8 * self.done;
                return Err(Broken::Senseless(format!("transition {} at byte {at} is out of order", self.done)));
            }
            self.done += 1;
            Step { time, high: self.last.high.map(|high| !high) }
        } else {
            (self.chunk, self.done, self.is_begun, self.taken) = (self.chunk + 1, 0, false, 0);
            self.block.clear();
            let Some(next) = self.chunks.get(self.chunk) else { return Ok(None) };
            if next.begin - chunk.end <= self.period {
                self.last.time = chunk.end;
                return self.next();
            }
            Step { time: chunk.end, high: None }
        };
        self.last = step;
        Ok(Some(step))
    }

    /// The time of the next transition.
    fn transition(&mut self, chunk: &Chunk) -> Result<f64, Broken> {
        const BLOCK: u64 = 8 << 10;
        if self.taken == self.block.len() {
            let count = (chunk.transitions - self.done).min(BLOCK);
            self.block.resize(8 * count as usize, 0);
            let read = self.source.fill_at(&mut self.block, chunk.at + 8 * self.done).map_err(Broken::Io)?;
            self.block.truncate(read / 8 * 8);
            self.taken = 0;
        }
        let bytes = self.block.get(self.taken..).and_then(|rest| rest.first_chunk::<8>());
        let bytes = bytes.ok_or_else(|| Broken::Senseless("the file was cut while it was read".to_owned()))?;
        self.taken += 8;
        Ok(f64::from_le_bytes(*bytes))
    }
}

/// The numbers at the head of a record, one after the other.
pub(super) struct Fields<'s> {
    pub(super) source: &'s dyn Source,
    pub(super) at: u64,
}

impl Fields<'_> {
    pub(super) fn take<const N: usize>(&mut self) -> Result<[u8; N], SaleaeError> {
        let mut bytes = [0; N];
        if self.source.fill_at(&mut bytes, self.at)? < N {
            return Err(SaleaeError::CutHead(self.at));
        }
        self.at += N as u64;
        Ok(bytes)
    }
}
