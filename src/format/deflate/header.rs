//! The headers of blocks: how a block is packed, and by which codes.

use super::bits::Bits;
use super::tables::{
    DISTANCE_MEANINGS, DISTANCES, Incomplete, LITERAL_MEANINGS, LITERALS, PRECODE_MEANINGS, PRECODES, Table,
};
use super::{Corruption, Fault};

/// The codes of a block.
pub(super) struct Codes {
    /// Of 288 codes of at most 15 bits, the second levels take no more than 310 places.
    pub(super) literals: Table<10, 2048>,
    /// Of 32 codes of at most 15 bits, the second levels take no more than 146 places.
    pub(super) distances: Table<8, 512>,
}

impl Codes {
    pub(super) const EMPTY: Codes = Codes { literals: Table::EMPTY, distances: Table::EMPTY };

    /// The codes that DEFLATE itself defines.
    pub(super) fn fixed() -> Codes {
        let mut lengths = [8; LITERALS];
        lengths[144..256].fill(9);
        lengths[256..280].fill(7);
        let mut codes = Codes::EMPTY;
        // Both are whole codes.
        let _ = codes.fill(&lengths, &[5; DISTANCES]);
        codes
    }

    fn fill(&mut self, literals: &[u8], distances: &[u8]) -> Result<(), Corruption> {
        self.literals.fill(literals, &LITERAL_MEANINGS, Incomplete::Single, Corruption::LiteralCode)?;
        self.distances.fill(distances, &DISTANCE_MEANINGS, Incomplete::Single, Corruption::DistanceCode)
    }
}

/// How a block is packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// So many bytes as they are.
    Stored(usize),
    /// By the codes that DEFLATE defines.
    Fixed,
    /// By codes of its own.
    Dynamic,
}

/// Reads the header of a block: whether it is the last, and how it is packed. Codes of its own go into `codes`.
pub(super) fn read<E>(bits: &mut Bits<'_>, codes: &mut Codes) -> Result<(bool, Kind), Fault<E>> {
    bits.ensure_header()?;
    let last = bits.take(1) == 1;
    let kind = match bits.take(2) {
        0 => Kind::Stored(stored(bits)?),
        1 => Kind::Fixed,
        2 => {
            dynamic(bits, codes)?;
            Kind::Dynamic
        }
        _ => return Err(Corruption::BlockKind.into()),
    };
    Ok((last, kind))
}

fn stored(bits: &mut Bits<'_>) -> Result<usize, Corruption> {
    bits.align();
    let (length, complement) = (bits.take(16), bits.take(16));
    bits.align();
    if length ^ complement == 0xffff { Ok(length as usize) } else { Err(Corruption::StoredLength) }
}

/// The order in which the lengths of the codes for lengths are stated.
const PRECODE_ORDER: [usize; PRECODES] = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
/// More symbols than these may not have a code, though a code could have them.
const MOST_LITERALS: usize = 286;
const MOST_DISTANCES: usize = 30;
/// The symbol that ends a block.
const END: usize = 256;

fn dynamic(bits: &mut Bits<'_>, codes: &mut Codes) -> Result<(), Corruption> {
    let literals = bits.take(5) as usize + 257;
    let distances = bits.take(5) as usize + 1;
    let precodes = bits.take(4) as usize + 4;
    if literals > MOST_LITERALS || distances > MOST_DISTANCES {
        return Err(Corruption::TooManyCodes);
    }
    let mut precode_lengths = [0; PRECODES];
    for &symbol in PRECODE_ORDER.iter().take(precodes) {
        precode_lengths[symbol] = bits.take(3) as u8;
    }
    let mut precode = Table::<7, 128>::EMPTY;
    precode.fill(&precode_lengths, &PRECODE_MEANINGS, Incomplete::Refused, Corruption::Precode)?;
    let mut lengths = [0; LITERALS + DISTANCES];
    let lengths = &mut lengths[..literals + distances];
    code_lengths(bits, &precode, lengths)?;
    if lengths[END] == 0 {
        return Err(Corruption::NoEnd);
    }
    let (literals, distances) = lengths.split_at(literals);
    codes.fill(literals, distances)
}

/// Reads the lengths of codes, which are packed by a code themselves.
fn code_lengths(bits: &mut Bits<'_>, precode: &Table<7, 128>, lengths: &mut [u8]) -> Result<(), Corruption> {
    let mut at = 0;
    while at < lengths.len() {
        bits.refill();
        let entry = precode.first(bits.word);
        bits.drop(entry.bits());
        let (length, count) = match entry.value(0) {
            16 => (at.checked_sub(1).and_then(|before| lengths.get(before)).copied(), 3 + bits.take(2)),
            17 => (Some(0), 3 + bits.take(3)),
            18 => (Some(0), 11 + bits.take(7)),
            length => (Some(length as u8), 1),
        };
        let behind = at + count as usize;
        match (length, lengths.get_mut(at..behind)) {
            (Some(length), Some(places)) => places.fill(length),
            (_, _) => return Err(Corruption::LengthRepeat),
        }
        at = behind;
    }
    Ok(())
}
