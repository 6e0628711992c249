//! Literals and matches, one after the other, into the window: the loop that all but silence goes through.

use super::Corruption;
use super::bits::{Bits, refilled};
use super::header::Codes;
use super::tables::{Entry, low_bits};
use super::window::{Bytes, FULL, Window};

/// The longest match.
pub(super) const LONGEST: usize = 258;

/// A match, and the bits that mean it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Match {
    pub(super) length: usize,
    pub(super) distance: usize,
    /// Its bits, and those behind them.
    pub(super) word: u64,
    /// How many bits are its own.
    pub(super) count: u32,
}

/// Why the loop stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stop {
    /// There are too few bits, or there is too little room.
    Pause,
    /// The block is at its end.
    End,
    /// This match is still to be carried out: it reaches beyond the last gap.
    Far { length: usize, distance: usize },
    /// The same bits as those of this last match come again.
    Again(Match),
}

/// Unpacks literals and matches until it has to stop.
pub(super) fn unpack(bits: &mut Bits<'_>, codes: &Codes, window: &mut Window) -> Result<Stop, Corruption> {
    let limit = bits.limit();
    let (mut word, mut count, mut at) = (bits.word, bits.count, bits.at);
    let mut end = window.end;
    let buffer = &*bits.buffer;
    let bytes = &mut *window.bytes;
    let stop = loop {
        if at > limit || end > FULL {
            break Stop::Pause;
        }
        (word, count, at) = refilled(buffer, word, count, at);
        let mut entry = codes.literals.first(word);
        if entry.is_literal() {
            bytes[end] = entry.byte();
            end += 1;
            word >>= entry.bits();
            count -= entry.bits();
            entry = codes.literals.first(word);
            if entry.is_literal() {
                bytes[end] = entry.byte();
                end += 1;
                word >>= entry.bits();
                count -= entry.bits();
                continue;
            }
            (word, count, at) = refilled(buffer, word, count, at);
        }
        let start = (word, count);
        if entry.is_link() {
            word >>= entry.bits();
            count -= entry.bits();
            entry = codes.literals.second(entry, word);
            if entry.is_literal() {
                bytes[end] = entry.byte();
                end += 1;
                word >>= entry.bits();
                count -= entry.bits();
                continue;
            }
        }
        if entry.is_other() {
            if !entry.is_end() {
                return Err(Corruption::NoSymbol);
            }
            word >>= entry.bits();
            count -= entry.bits();
            break Stop::End;
        }
        let length = entry.value(word);
        word >>= entry.bits();
        count -= entry.bits();
        entry = codes.distances.first(word);
        if entry.is_other() {
            if !entry.is_link() {
                return Err(Corruption::NoSymbol);
            }
            word >>= entry.bits();
            count -= entry.bits();
            entry = codes.distances.second(entry, word);
            if entry.is_other() {
                return Err(Corruption::NoSymbol);
            }
        }
        let distance = entry.value(word);
        word >>= entry.bits();
        count -= entry.bits();
        let from = end.wrapping_sub(distance);
        if from >= end || from < window.whole {
            break Stop::Far { length, distance };
        }
        copy(bytes, from, end, length);
        end += length;
        if length == LONGEST {
            let own = start.1 - count;
            (word, count, at) = refilled(buffer, word, count, at);
            if (word ^ start.0) & low_bits(own) == 0 {
                break Stop::Again(Match { length, distance, word: start.0, count: own });
            }
        }
    };
    (bits.word, bits.count, bits.at) = (word, count, at);
    window.end = end;
    Ok(stop)
}

/// Copies a match; what it writes behind its end has room, and is written over later.
#[inline(always)]
fn copy(bytes: &mut Bytes, from: usize, to: usize, length: usize) {
    match to - from {
        32.. => copy_by::<32>(bytes, from, to, length),
        1 => {
            let chunk = [bytes[from]; 32];
            (0..length).step_by(32).for_each(|done| put(bytes, to + done, chunk));
        }
        16.. => copy_by::<16>(bytes, from, to, length),
        distance => copy_period(bytes, distance, to, length),
    }
}

/// Copies so many bytes at a time; the distance is no shorter.
#[inline(always)]
fn copy_by<const COUNT: usize>(bytes: &mut Bytes, from: usize, to: usize, length: usize) {
    (0..length).step_by(COUNT).for_each(|done| put(bytes, to + done, get::<COUNT>(bytes, from + done)));
}

/// Copies a match of a short distance: the same word again and again, moved on by whole periods.
#[inline(always)]
fn copy_period(bytes: &mut Bytes, distance: usize, to: usize, length: usize) {
    /// The most whole periods that fit into a word, in bytes.
    const STEPS: [u8; WORD] = [0, 16, 16, 15, 16, 15, 12, 14, 16, 9, 10, 11, 12, 13, 14, 15];
    const WORD: usize = 16;
    let mut word = u128::from_le_bytes(get(bytes, to - distance)) & ((1 << (8 * distance)) - 1);
    let mut filled = distance;
    while filled < WORD {
        word |= word << (8 * filled);
        filled *= 2;
    }
    let step = usize::from(STEPS[distance & 15]);
    let mut done = 0;
    while done < length {
        put(bytes, to + done, word.to_le_bytes());
        done += step;
    }
}

#[inline(always)]
fn get<const COUNT: usize>(bytes: &Bytes, at: usize) -> [u8; COUNT] {
    // Not `copy_from_slice`, which is a call where the crate is compiled in parts.
    bytes[at..at + COUNT].first_chunk().copied().unwrap_or([0; COUNT])
}

#[inline(always)]
fn put<const COUNT: usize>(bytes: &mut Bytes, at: usize, chunk: [u8; COUNT]) {
    if let Some(place) = bytes[at..at + COUNT].first_chunk_mut() {
        *place = chunk;
    }
}

/// The next symbol, and how many bits mean it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Symbol {
    Literal,
    End {
        count: u32,
    },
    Match(Match),
    /// The code of no symbol.
    None,
}

/// What the next bits mean, of which a whole word is there.
pub(super) fn next(word: u64, codes: &Codes) -> Symbol {
    let mut rest = word;
    let mut count = 0;
    let mut drop = |entry: Entry| {
        count += entry.bits();
        word >> count
    };
    let mut entry = codes.literals.first(rest);
    if entry.is_link() {
        rest = drop(entry);
        entry = codes.literals.second(entry, rest);
    }
    if entry.is_literal() {
        return Symbol::Literal;
    }
    let length = entry.value(rest);
    let is_end = entry.is_end();
    let is_other = entry.is_other();
    rest = drop(entry);
    if is_end {
        return Symbol::End { count };
    }
    if is_other {
        return Symbol::None;
    }
    entry = codes.distances.first(rest);
    if entry.is_link() {
        rest = drop(entry);
        entry = codes.distances.second(entry, rest);
    }
    if entry.is_other() {
        return Symbol::None;
    }
    let distance = entry.value(rest);
    drop(entry);
    Symbol::Match(Match { length, distance, word, count })
}
