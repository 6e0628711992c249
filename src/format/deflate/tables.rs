//! Huffman codes as tables: the next bits of the stream are an index, what stands there is what they mean.
//!
//! A table has a first level for the codes of up to `BITS` bits, and behind it a second one for longer codes: what
//! stands in the first level then says where, and how many further bits are the index there.

use super::Corruption;

/// The longest code, in bits.
const LONGEST: usize = 15;

/// The number of literals and lengths that a code may have; the last two mean nothing.
pub(super) const LITERALS: usize = 288;
/// The number of distances that a code may have; the last two mean nothing.
pub(super) const DISTANCES: usize = 32;
/// The number of symbols that describe the lengths of codes.
pub(super) const PRECODES: usize = 19;

/// What the next bits mean: a literal, a length or a distance.
///
/// Bits 0 to 7 are the number of bits to take, extra bits included, 8 to 11 that of the code alone. The base of a
/// length or a distance is in bits 16 to 30, a literal in bits 16 to 23.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Entry(u32);

impl Entry {
    const LITERAL: u32 = 1 << 31;
    /// Neither literal nor length nor distance.
    const OTHER: u32 = 1 << 15;
    const LINK: u32 = 1 << 14;
    const END: u32 = 1 << 13;
    /// No code begins so.
    const NONE: Entry = Entry(Entry::OTHER);

    const fn literal(byte: u8) -> Entry {
        Entry(Entry::LITERAL | (byte as u32) << 16)
    }

    /// A length or a distance: its base and its number of extra bits.
    const fn range(base: u32, extra: u32) -> Entry {
        Entry(base << 16 | extra)
    }

    /// Where the second level of these codes begins, and how many bits are the index there.
    fn link(start: usize, bits: u32, first: u32) -> Entry {
        Entry(Entry::OTHER | Entry::LINK | (start as u32) << 16 | bits << 8 | first)
    }

    /// The same with a code of this many bits.
    fn coded(self, bits: u32) -> Entry {
        Entry(self.0 + (bits << 8 | bits))
    }

    #[inline(always)]
    pub(super) fn is_literal(self) -> bool {
        self.0 & Entry::LITERAL != 0
    }

    /// Whether it is a link, the end of the block, or nothing.
    #[inline(always)]
    pub(super) fn is_other(self) -> bool {
        self.0 & Entry::OTHER != 0
    }

    #[inline(always)]
    pub(super) fn is_link(self) -> bool {
        self.0 & Entry::LINK != 0
    }

    #[inline(always)]
    pub(super) fn is_end(self) -> bool {
        self.0 & Entry::END != 0
    }

    /// The number of bits to take.
    #[inline(always)]
    pub(super) fn bits(self) -> u32 {
        self.0 & 0x3f
    }

    /// The literal.
    #[inline(always)]
    pub(super) fn byte(self) -> u8 {
        (self.0 >> 16) as u8
    }

    /// The length or distance, of which `word` has the code and the extra bits.
    #[inline(always)]
    pub(super) fn value(self, word: u64) -> usize {
        let extra = (word & low_bits(self.bits())) >> (self.0 >> 8 & 15);
        (self.0 >> 16) as usize + extra as usize
    }
}

/// So many ones, at most 63.
#[inline(always)]
pub(super) fn low_bits(count: u32) -> u64 {
    (1_u64 << (count & 63)) - 1
}

/// A code as a table.
#[derive(Debug)]
pub(super) struct Table<const BITS: u32, const SIZE: usize>([Entry; SIZE]);

/// Which incomplete codes may stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Incomplete {
    /// None.
    Refused,
    /// One code of one bit, or no code at all.
    Single,
}

impl<const BITS: u32, const SIZE: usize> Table<BITS, SIZE> {
    pub(super) const EMPTY: Self = Table([Entry::NONE; SIZE]);

    /// What stands for these bits in the first level.
    #[inline(always)]
    pub(super) fn first(&self, word: u64) -> Entry {
        self.0[word as usize & ((1 << BITS) - 1)]
    }

    /// What stands for these bits, behind those of the first level, in the second level.
    #[inline(always)]
    pub(super) fn second(&self, link: Entry, word: u64) -> Entry {
        let index = (link.0 >> 16) as usize + (word & low_bits(link.0 >> 8 & 15)) as usize;
        self.0[index & (SIZE - 1)]
    }

    /// Fills the table for codes of these lengths, in bits, of which each means what stands at the same place in
    /// `meanings`.
    ///
    /// # Errors
    /// The corruption, where the lengths make more codes than there can be, or too few.
    pub(super) fn fill(
        &mut self,
        lengths: &[u8],
        meanings: &[Entry],
        incomplete: Incomplete,
        corruption: Corruption,
    ) -> Result<(), Corruption> {
        let mut counts = [0_u32; LONGEST + 1];
        lengths.iter().for_each(|&length| counts[usize::from(length & 15)] += 1);
        counts[0] = 0;
        let mut left = 1_i32;
        for count in &counts[1..] {
            left = 2 * left - *count as i32;
            if left < 0 {
                return Err(corruption);
            }
        }
        if left > 0 {
            // All of the lengths are 0, or one is 1 (two would be a whole code).
            if incomplete == Incomplete::Refused || counts[2..].iter().any(|&count| count > 0) {
                return Err(corruption);
            }
            self.0[..1 << BITS].fill(Entry::NONE);
            if let Some(only) = lengths.iter().position(|&length| length == 1) {
                let entry = meanings[only].coded(1);
                self.0[..1 << BITS].iter_mut().step_by(2).for_each(|place| *place = entry);
            }
            return Ok(());
        }
        let mut order = [0_u16; LITERALS];
        let symbols = sorted(lengths, &counts, &mut order);
        self.fill_whole(symbols, meanings, &counts);
        Ok(())
    }

    /// Fills the table for a whole code: its symbols in the order of the codes, and how many have each length.
    fn fill_whole(&mut self, symbols: &[u16], meanings: &[Entry], counts: &[u32; LONGEST + 1]) {
        let mut symbols = symbols.iter().map(|&symbol| meanings[usize::from(symbol)]);
        // Codes are packed from their highest bit on, so they count with their bits reversed.
        let mut code = 0_usize;
        for length in 1..=BITS {
            // What is filled so far serves for either value of the next bit.
            let filled = 1 << (length - 1);
            self.0.copy_within(..filled, filled);
            for entry in symbols.by_ref().take(counts[length as usize] as usize) {
                self.0[code] = entry.coded(length);
                code = successor(code, length);
            }
        }
        let mut start = 1 << BITS;
        let mut behind = start;
        let mut prefix = usize::MAX;
        for length in BITS + 1..=LONGEST as u32 {
            for left in (1..=counts[length as usize]).rev() {
                let Some(entry) = symbols.next() else { return };
                if code & ((1 << BITS) - 1) != prefix {
                    prefix = code & ((1 << BITS) - 1);
                    start = behind;
                    let index = second_index(counts, length, left, BITS);
                    behind = start + (1 << index);
                    self.0[prefix] = Entry::link(start, index, BITS);
                }
                let entry = entry.coded(length - BITS);
                let places = self.0[start..behind].iter_mut().skip(code >> BITS).step_by(1 << (length - BITS));
                places.for_each(|place| *place = entry);
                code = successor(code, length);
            }
        }
    }
}

/// The symbols that have codes, in the order of these.
fn sorted<'a>(lengths: &[u8], counts: &[u32; LONGEST + 1], order: &'a mut [u16; LITERALS]) -> &'a [u16] {
    let mut next = [0_usize; LONGEST + 1];
    let mut total = 0;
    for (next, count) in next.iter_mut().zip(counts) {
        *next = total;
        total += *count as usize;
    }
    for (symbol, &length) in (0..).zip(lengths) {
        if length > 0 {
            let next = &mut next[usize::from(length & 15)];
            order[*next] = symbol;
            *next += 1;
        }
    }
    &order[..total]
}

/// The code behind this one among those of the same length, with their bits reversed; the last is followed by 0.
fn successor(code: usize, length: u32) -> usize {
    // Of the bits above its highest 0 none is left; the count of ones is at most that of its bits.
    let zeros = !code & ((1 << length) - 1);
    match zeros.checked_ilog2() {
        Some(highest) => (code & ((1 << highest) - 1)) | 1 << highest,
        None => 0,
    }
}

/// How many bits the second level takes that begins with a code of this length, of which so many are left.
fn second_index(counts: &[u32; LONGEST + 1], length: u32, left: u32, first: u32) -> u32 {
    let mut bits = length - first;
    let mut taken = left;
    while taken < 1 << bits && ((first + bits) as usize) < LONGEST {
        bits += 1;
        taken = (taken << 1) + counts[(first + bits) as usize];
    }
    bits
}

/// The meanings of the code for literals and lengths.
pub(super) static LITERAL_MEANINGS: [Entry; LITERALS] = literal_meanings();

const fn literal_meanings() -> [Entry; LITERALS] {
    let mut meanings = [Entry::NONE; LITERALS];
    let mut byte = 0;
    while byte < 256 {
        meanings[byte] = Entry::literal(byte as u8);
        byte += 1;
    }
    meanings[256] = Entry(Entry::OTHER | Entry::END);
    let mut base = 3;
    let mut symbol = 0;
    while symbol < 28 {
        let extra = if symbol < 8 { 0 } else { symbol as u32 / 4 - 1 };
        meanings[257 + symbol] = Entry::range(base, extra);
        base += 1 << extra;
        symbol += 1;
    }
    meanings[285] = Entry::range(258, 0);
    meanings
}

/// The meanings of the code for distances.
pub(super) static DISTANCE_MEANINGS: [Entry; DISTANCES] = distance_meanings();

const fn distance_meanings() -> [Entry; DISTANCES] {
    let mut meanings = [Entry::NONE; DISTANCES];
    let mut base = 1;
    let mut symbol = 0;
    while symbol < 30 {
        let extra = if symbol < 4 { 0 } else { symbol as u32 / 2 - 1 };
        meanings[symbol] = Entry::range(base, extra);
        base += 1 << extra;
        symbol += 1;
    }
    meanings
}

/// The meanings of the code for lengths of codes: the symbol itself.
pub(super) static PRECODE_MEANINGS: [Entry; PRECODES] = precode_meanings();

const fn precode_meanings() -> [Entry; PRECODES] {
    let mut meanings = [Entry::NONE; PRECODES];
    let mut symbol = 0;
    while symbol < PRECODES {
        meanings[symbol] = Entry::range(symbol as u32, 0);
        symbol += 1;
    }
    meanings
}
