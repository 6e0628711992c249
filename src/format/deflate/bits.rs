//! The bits of a stream, as they come from the capture.

use std::io;

use super::tables::low_bits;
use super::{Corruption, Fault};
use crate::format::Source;

/// Packed bytes are read this many at a time.
const INPUT: usize = 64 << 10;
/// Behind the last packed byte stand so many zeros: what is read past the end need not be told from the rest at each
/// step, only before it is believed. It is more than the longest header of a block.
const PAD: usize = 1 << 10;
pub(super) const BUFFER: usize = INPUT + PAD;

/// A loop may take up to two words between two looks at [`Bits::limit`].
const AHEAD: usize = 3 * 8;

/// The buffer that packed bytes are read into.
pub(super) type Buffer = [u8; BUFFER];

/// Packed bytes in the archive.
#[derive(Clone, Copy)]
pub(crate) struct Packed<'a> {
    /// Where they are read.
    pub(crate) source: &'a dyn Source,
    /// The first, in bytes from the start of the source.
    pub(crate) at: u64,
    /// How many there are.
    pub(crate) length: u64,
}

/// A stream of bits, the lowest bit of a byte first.
pub(super) struct Bits<'a> {
    /// What was not yet read.
    packed: Packed<'a>,
    pub(super) buffer: &'a mut Buffer,
    /// The next byte of the buffer that goes into the word, and the end of what was read.
    pub(super) at: usize,
    end: usize,
    /// The next bits, of which so many are sure to be there; those above them are right too, or 0.
    pub(super) word: u64,
    pub(super) count: u32,
}

impl<'a> Bits<'a> {
    pub(super) fn new(packed: Packed<'a>, buffer: &'a mut Buffer) -> Bits<'a> {
        Bits { packed, buffer, at: 0, end: 0, word: 0, count: 0 }
    }

    /// While `at` is at most this, two words may be taken.
    pub(super) fn limit(&self) -> usize {
        // At the end zeros may be taken, but not without end.
        if self.packed.length > 0 { self.end.saturating_sub(AHEAD) } else { (self.end + 8).min(BUFFER - AHEAD) }
    }

    /// Takes the next bytes into the word: it has at least 56 bits then.
    #[inline(always)]
    pub(super) fn refill(&mut self) {
        (self.word, self.count, self.at) = refilled(self.buffer, self.word, self.count, self.at);
    }

    /// Takes so many bits out of the word.
    #[inline(always)]
    pub(super) fn drop(&mut self, count: u32) {
        self.word >>= count;
        self.count -= count;
    }

    /// Takes the next bits, at most 32.
    pub(super) fn take(&mut self, count: u32) -> u32 {
        self.refill();
        let bits = self.word & low_bits(count);
        self.drop(count);
        bits as u32
    }

    /// Makes sure that two words may be taken.
    #[inline]
    pub(super) fn ensure<E>(&mut self) -> Result<(), Fault<E>> {
        if self.at > self.limit() { self.more() } else { Ok(()) }
    }

    /// Makes sure that the longest header of a block may be taken.
    pub(super) fn ensure_header<E>(&mut self) -> Result<(), Fault<E>> {
        if self.packed.length > 0 && self.end - self.at < PAD { self.more() } else { self.check() }
    }

    /// Reads more packed bytes.
    pub(super) fn more<E>(&mut self) -> Result<(), Fault<E>> {
        self.check()?;
        self.buffer.copy_within(self.at..self.end, 0);
        self.end -= self.at;
        self.at = 0;
        let room = INPUT - self.end;
        let count = usize::try_from(self.packed.length).unwrap_or(usize::MAX).min(room);
        let target = &mut self.buffer[self.end..self.end + count];
        if self.packed.source.fill_at(target, self.packed.at)? < count {
            return Err(io::Error::from(io::ErrorKind::UnexpectedEof).into());
        }
        self.packed.at += count as u64;
        self.packed.length -= count as u64;
        self.end += count;
        self.buffer[self.end..self.end + PAD].fill(0);
        Ok(())
    }

    /// Goes on with the next whole byte.
    pub(super) fn align(&mut self) {
        self.drop(self.count & 7);
        self.give_back();
        self.word = 0;
    }

    /// Takes whole bytes, as many as are at hand and fit; only behind [`Bits::align`].
    pub(super) fn bytes<E>(&mut self, target: &mut [u8]) -> Result<usize, Fault<E>> {
        if self.at >= self.end {
            self.more()?;
            if self.at == self.end {
                return Err(Corruption::Truncated.into());
            }
        }
        let count = target.len().min(self.end - self.at);
        target[..count].copy_from_slice(&self.buffer[self.at..self.at + count]);
        self.at += count;
        Ok(count)
    }

    /// How many packed bytes are left behind the present one.
    pub(super) fn left<E>(&mut self) -> Result<u64, Fault<E>> {
        self.check()?;
        Ok((self.end - self.at) as u64 + self.packed.length)
    }

    /// Refuses bits from behind the end.
    fn check<E>(&mut self) -> Result<(), Fault<E>> {
        self.give_back();
        if self.at > self.end { Err(Corruption::Truncated.into()) } else { Ok(()) }
    }

    /// Puts whole bytes of the word back.
    fn give_back(&mut self) {
        self.at -= self.count as usize / 8;
        self.count %= 8;
        self.word &= low_bits(self.count);
    }
}

/// The word, its count of bits and the place of the next byte, when the next bytes are taken into the word.
#[inline(always)]
pub(super) fn refilled(buffer: &Buffer, word: u64, count: u32, at: usize) -> (u64, u32, usize) {
    // Not `copy_from_slice`, which is a call where the crate is compiled in parts.
    let next = buffer[at..at + 8].first_chunk().copied().unwrap_or_default();
    // Of the last byte that does not fit whole, some bits are taken too, and the same bits once more the next time.
    (word | u64::from_le_bytes(next) << (count & 63), count | 56, at + (63 - (count & 63) as usize) / 8)
}
