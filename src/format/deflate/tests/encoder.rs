//! An encoder for streams that no other one writes: any blocks, any codes, any matches.

use super::super::tables::{DISTANCES, LITERALS, PRECODES};

/// A literal or a match.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Token {
    Literal(u8),
    Match { length: usize, distance: usize },
}

/// A block of a stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Block {
    Stored(Vec<u8>),
    Fixed(Vec<Token>),
    /// By codes that are drawn by chance.
    Dynamic(Vec<Token>),
}

/// Chance, the same every time.
#[derive(Debug, Clone)]
pub(crate) struct Chance(pub(crate) u64);

impl Chance {
    /// A number below this one.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % bound
    }
}

/// Bits, the lowest of a byte first.
#[derive(Debug, Default)]
pub(crate) struct Bits {
    pub(crate) bytes: Vec<u8>,
    free: u32,
}

impl Bits {
    pub(crate) fn put(&mut self, value: u32, count: u32) {
        for bit in 0..count {
            if self.free == 0 {
                self.bytes.push(0);
                self.free = 8;
            }
            *self.bytes.last_mut().unwrap() |= ((value >> bit & 1) as u8) << (8 - self.free);
            self.free -= 1;
        }
    }

    pub(crate) fn align(&mut self) {
        self.free = 0;
    }

    /// Codes begin with their highest bit.
    pub(crate) fn code(&mut self, codes: &[(u32, u32)], symbol: usize) {
        let (code, length) = codes[symbol];
        assert!(length > 0, "symbol {symbol} has no code");
        (0..length).rev().for_each(|bit| self.put(code >> bit, 1));
    }
}

/// The codes of these lengths, as RFC 1951 §3.2.2 derives them.
pub(crate) fn codes(lengths: &[u8]) -> Vec<(u32, u32)> {
    let mut next = 0;
    let mut codes = vec![(0, 0); lengths.len()];
    for length in 1..=15 {
        for (code, _) in codes.iter_mut().zip(lengths).filter(|(_, l)| u32::from(**l) == length) {
            *code = (next, length);
            next += 1;
        }
        next <<= 1;
    }
    codes
}

/// Lengths of a whole code for these symbols, of at most so many bits; for a single one, of one bit.
pub(crate) fn lengths(symbols: &[usize], total: usize, longest: u8, chance: &mut Chance) -> Vec<u8> {
    let mut leaves = vec![0_u8];
    while leaves.len() < symbols.len().max(1) {
        let open: Vec<usize> = (0..leaves.len()).filter(|&leaf| leaves[leaf] < longest).collect();
        // The last ones more often: a code like a comb has long codes.
        let leaf = if chance.below(2) == 0 { *open.last().unwrap() } else { open[chance.below(open.len())] };
        leaves[leaf] += 1;
        leaves.push(leaves[leaf]);
    }
    let mut lengths = vec![0; total];
    for &symbol in symbols {
        let leaf = chance.below(leaves.len());
        lengths[symbol] = leaves.swap_remove(leaf).max(1);
    }
    lengths
}

/// A length's symbol, extra bits and their number; 258 may be written in two ways.
fn length_symbol(length: usize) -> (usize, u32, u32) {
    if length == 258 {
        return (285, 0, 0);
    }
    let mut base = 3;
    for symbol in 257..285 {
        let extra = if symbol < 265 { 0 } else { (symbol as u32 - 257) / 4 - 1 };
        if length < base + (1 << extra) {
            return (symbol, (length - base) as u32, extra);
        }
        base += 1 << extra;
    }
    panic!("no match is of length {length}")
}

fn distance_symbol(distance: usize) -> (usize, u32, u32) {
    let mut base = 1;
    for symbol in 0..30 {
        let extra = if symbol < 4 { 0 } else { symbol as u32 / 2 - 1 };
        if distance < base + (1 << extra) {
            return (symbol, (distance - base) as u32, extra);
        }
        base += 1 << extra;
    }
    panic!("no match is of distance {distance}")
}

/// The stream of these blocks.
pub(crate) fn encode(blocks: &[Block], chance: &mut Chance) -> Vec<u8> {
    let mut bits = Bits::default();
    for (index, block) in blocks.iter().enumerate() {
        bits.put(u32::from(index + 1 == blocks.len()), 1);
        match block {
            Block::Stored(bytes) => stored(&mut bits, bytes),
            Block::Fixed(tokens) => {
                bits.put(1, 2);
                let mut lengths = [8; LITERALS];
                lengths[144..256].fill(9);
                lengths[256..280].fill(7);
                put_tokens(&mut bits, tokens, &codes(&lengths), &codes(&[5; DISTANCES]));
            }
            Block::Dynamic(tokens) => {
                bits.put(2, 2);
                dynamic(&mut bits, tokens, chance);
            }
        }
    }
    bits.bytes
}

fn stored(bits: &mut Bits, bytes: &[u8]) {
    bits.put(0, 2);
    bits.align();
    bits.put(bytes.len() as u32, 16);
    bits.put(!(bytes.len() as u32), 16);
    bits.bytes.extend_from_slice(bytes);
}

fn put_tokens(bits: &mut Bits, tokens: &[Token], literals: &[(u32, u32)], distances: &[(u32, u32)]) {
    for &token in tokens {
        match token {
            Token::Literal(byte) => bits.code(literals, byte.into()),
            Token::Match { length, distance } => {
                let (symbol, extra, count) = length_symbol(length);
                bits.code(literals, symbol);
                bits.put(extra, count);
                let (symbol, extra, count) = distance_symbol(distance);
                bits.code(distances, symbol);
                bits.put(extra, count);
            }
        }
    }
    bits.code(literals, 256);
}

fn dynamic(bits: &mut Bits, tokens: &[Token], chance: &mut Chance) {
    let mut used = [vec![256], vec![]];
    for &token in tokens {
        match token {
            Token::Literal(byte) => used[0].push(byte.into()),
            Token::Match { length, distance } => {
                used[0].push(length_symbol(length).0);
                used[1].push(distance_symbol(distance).0);
            }
        }
    }
    // Codes for symbols that do not occur make the others longer.
    (0..chance.below(30)).for_each(|_| used[0].push(chance.below(286)));
    (0..chance.below(8)).for_each(|_| used[1].push(chance.below(30)));
    for symbols in &mut used {
        symbols.sort_unstable();
        symbols.dedup();
    }
    let literals = lengths(&used[0], 286, 15, chance);
    let distances = lengths(&used[1], 30, 15, chance);
    put_header(bits, &literals, &distances, chance);
    put_tokens(bits, tokens, &codes(&literals), &codes(&distances));
}

/// The header of a block with codes of these lengths.
pub(crate) fn put_header(bits: &mut Bits, literals: &[u8], distances: &[u8], chance: &mut Chance) {
    let trimmed = |lengths: &[u8], least: usize| {
        let used = lengths.iter().rposition(|&length| length > 0).map_or(0, |last| last + 1);
        lengths[..used.max(least)].to_vec()
    };
    let (literals, distances) = (trimmed(literals, 257), trimmed(distances, 1));
    let all = [literals.as_slice(), &distances].concat();
    let symbols = repeats(&all, chance);
    let mut used: Vec<usize> = symbols.iter().map(|(symbol, _, _)| *symbol).collect();
    used.extend([0, 1]); // a code for lengths has to be whole
    used.sort_unstable();
    used.dedup();
    let lengths = lengths(&used, PRECODES, 7, chance);
    let order = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
    bits.put(literals.len() as u32 - 257, 5);
    bits.put(distances.len() as u32 - 1, 5);
    bits.put(PRECODES as u32 - 4, 4);
    order.iter().for_each(|&symbol| bits.put(lengths[symbol].into(), 3));
    let codes = codes(&lengths);
    for (symbol, extra, count) in symbols {
        bits.code(&codes, symbol);
        bits.put(extra, count);
    }
}

/// Lengths of codes as symbols with extra bits and their number, sometimes with repeats.
fn repeats(lengths: &[u8], chance: &mut Chance) -> Vec<(usize, u32, u32)> {
    let mut symbols = Vec::new();
    let mut at = 0;
    while at < lengths.len() {
        let length = lengths[at];
        let same = lengths[at..].iter().take_while(|&&other| other == length).count();
        let before = at > 0 && lengths[at - 1] == length;
        let (symbol, count) = match (length, same) {
            _ if chance.below(8) == 0 => (length.into(), 1),
            (0, 11..) => (18, same.min(138)),
            (0, 3..) => (17, same.min(10)),
            (_, 3..) if before => (16, same.min(6)),
            (_, _) => (length.into(), 1),
        };
        symbols.push(match symbol {
            16 => (16, count as u32 - 3, 2),
            17 => (17, count as u32 - 3, 3),
            18 => (18, count as u32 - 11, 7),
            _ => (symbol, 0, 0),
        });
        at += count;
    }
    symbols
}

/// What the blocks unpack to.
pub(crate) fn unpacked(blocks: &[Block]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for block in blocks {
        match block {
            Block::Stored(stored) => bytes.extend_from_slice(stored),
            Block::Fixed(tokens) | Block::Dynamic(tokens) => {
                for &token in tokens {
                    match token {
                        Token::Literal(byte) => bytes.push(byte),
                        Token::Match { length, distance } => {
                            (0..length).for_each(|_| bytes.push(bytes[bytes.len() - distance]));
                        }
                    }
                }
            }
        }
    }
    bytes
}
