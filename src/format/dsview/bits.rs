//! The samples of a probe: a bit each, the earliest in the lowest bit of the first byte, in blocks.

use super::super::FormatError;
use super::super::archive::{Fault, Member, contents};
use super::super::lines::{Step, Steps};
use super::super::source::Source;
use super::LARGEST_BLOCK;

/// So many bytes are looked at at once.
const SOME: usize = 8 << 10;

/// A block of all probes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Block {
    /// The first of its samples.
    pub(super) begin: u64,
    /// How many there are; none where nothing tells it.
    pub(super) samples: Option<u64>,
}

/// The samples of a probe on their way.
pub(super) struct Bits<'a> {
    source: &'a dyn Source,
    /// The probe's blocks: each where all begin, and its member, or what is wrong with it.
    blocks: std::slice::Iter<'a, Block>,
    members: std::slice::Iter<'a, Result<Member, Fault>>,
    /// How many samples the capture has.
    length: u64,
    bytes: Vec<u8>,
    taken: usize,
    at: u64,
    high: Option<bool>,
    /// What is wrong with which blocks.
    pub(super) faults: Vec<(u64, Fault)>,
    number: u64,
    is_over: bool,
}

impl<'a> Bits<'a> {
    pub(super) fn new(
        source: &'a dyn Source,
        blocks: &'a [Block],
        members: &'a [Result<Member, Fault>],
        length: u64,
    ) -> Bits<'a> {
        Bits {
            source,
            blocks: blocks.iter(),
            members: members.iter(),
            length,
            bytes: Vec::new(),
            taken: 0,
            at: 0,
            high: None,
            faults: Vec::new(),
            number: 0,
            is_over: false,
        }
    }

    /// Takes the next block, which is lost if it is damaged.
    fn block(&mut self, steps: &mut Vec<Step>) -> Result<(), FormatError> {
        let (Some(block), Some(member)) = (self.blocks.next(), self.members.next()) else {
            self.is_over = true;
            return Ok(());
        };
        (self.at, self.taken) = (block.begin, 0);
        let bytes = member.clone().and_then(|member| contents(self.source, &member, LARGEST_BLOCK));
        let whole = bytes.and_then(|bytes| match block.samples {
            Some(samples) if samples == 8 * bytes.len() as u64 => Ok(bytes),
            Some(samples) => Err(Fault::Size(samples / 8)),
            None => Err(Fault::Size(0)),
        });
        self.bytes = match whole {
            Ok(bytes) => bytes,
            // That is no damage of the file: another reading of it may well succeed.
            Err(Fault::Io(why)) => return Err(FormatError::Io(std::io::Error::other(why))),
            Err(fault) => {
                self.faults.push((self.number, fault));
                self.high = None;
                if self.at < self.length || block.samples.is_none() {
                    steps.push(Step { at: self.at.min(self.length), high: None });
                }
                Vec::new()
            }
        };
        self.number += 1;
        Ok(())
    }

    /// Looks at some bytes of the block.
    fn scan(&mut self, steps: &mut Vec<Step>) {
        let end = self.bytes.len().min(self.taken.saturating_add(SOME));
        let some = self.bytes.get(self.taken..end).unwrap_or_default();
        self.taken = end;
        for group in some.chunks(8) {
            let mut word = [0; 8];
            word[..group.len()].copy_from_slice(group);
            let (word, count) = (u64::from_le_bytes(word), 8 * group.len() as u64);
            let first = word & 1 == 1;
            if self.high.is_none() {
                put(steps, self.at, first, self.length);
            }
            let before = u64::from(self.high.unwrap_or(first));
            let mut changes = (word ^ (word << 1 | before)) & (u64::MAX >> (64 - count));
            while changes != 0 {
                let bit = changes.trailing_zeros();
                put(steps, self.at + u64::from(bit), word >> bit & 1 == 1, self.length);
                changes &= changes - 1;
            }
            self.high = Some(word >> (count - 1) & 1 == 1);
            self.at += count;
        }
    }
}

/// A step within the capture.
fn put(steps: &mut Vec<Step>, at: u64, high: bool, length: u64) {
    if at < length {
        steps.push(Step { at, high: Some(high) });
    }
}

impl Steps for Bits<'_> {
    fn more(&mut self, steps: &mut Vec<Step>) -> Result<(), FormatError> {
        while steps.is_empty() && !self.is_over {
            if self.taken < self.bytes.len() {
                self.scan(steps);
            } else {
                self.block(steps)?;
            }
        }
        Ok(())
    }
}
