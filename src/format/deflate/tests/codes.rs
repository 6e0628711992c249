//! Headers at the border of what a code may be.

use super::encoder::{Bits, Chance, codes, put_header};
use super::*;

/// A block of codes of these lengths, and of these bits.
fn block(literals: &[(usize, u8)], distances: &[(usize, u8)], body: impl FnOnce(&mut Bits, &[(u32, u32)])) -> Unpacked {
    let lengths = |symbols: &[(usize, u8)], total: usize| {
        let mut lengths = vec![0; total];
        symbols.iter().for_each(|&(symbol, length)| lengths[symbol] = length);
        lengths
    };
    let (literals, distances) = (lengths(literals, 288), lengths(distances, 32));
    let mut bits = Bits::default();
    bits.put(0b101, 3);
    put_header(&mut bits, &literals, &distances, &mut Chance(1));
    body(&mut bits, &codes(&literals));
    bits.bytes.extend([0; 4]);
    both(&mut Inflater::new(), &bits.bytes)
}

fn nothing(bits: &mut Bits, literals: &[(u32, u32)]) {
    bits.code(literals, 256);
}

fn empty() -> Unpacked {
    Some((vec![], 4))
}

#[test]
fn a_code_has_neither_too_few_nor_too_many_symbols() {
    assert_eq!(block(&[(65, 1), (256, 1)], &[], nothing), empty());
    assert_eq!(block(&[(65, 1), (66, 1), (256, 1)], &[], nothing), None);
    assert_eq!(block(&[(65, 1), (66, 2), (256, 3)], &[], nothing), None);
    assert_eq!(block(&[(65, 1), (66, 2), (67, 3), (256, 3)], &[], nothing), empty());
    assert_eq!(block(&[(65, 1), (256, 2)], &[], nothing), None);
}

#[test]
fn a_single_code_may_be_of_one_bit() {
    assert_eq!(block(&[(256, 1)], &[], nothing), empty());
    assert_eq!(block(&[(256, 2)], &[], nothing), None);
    assert_eq!(block(&[(65, 1), (256, 1)], &[(0, 1)], nothing), empty());
    assert_eq!(block(&[(65, 1), (256, 1)], &[(0, 2)], nothing), None);
    assert_eq!(block(&[(65, 1), (256, 1)], &[(0, 2), (1, 2)], nothing), None);
    // The other bit is no code.
    assert_eq!(block(&[(256, 1)], &[], |bits, _| bits.put(1, 1)), None);
}

#[test]
fn the_only_distance_is_one_bit_and_the_other_bit_is_none() {
    let literals = [(65, 2), (256, 2), (257, 2), (258, 2)];
    let with = |bit: u32, distances: &[(usize, u8)]| {
        block(&literals, distances, |bits, codes| {
            bits.code(codes, 65);
            bits.code(codes, 257);
            bits.put(bit, 1);
            bits.code(codes, 256);
        })
    };
    assert_eq!(with(0, &[(0, 1)]), Some((vec![65; 4], 4)));
    assert_eq!(with(1, &[(0, 1)]), None);
    // No distance at all is no error before one is used.
    assert_eq!(with(0, &[]), None);
    // Two bytes back there is nothing.
    assert_eq!(with(0, &[(1, 1)]), None);
}

#[test]
fn a_block_has_an_end() {
    assert_eq!(block(&[(65, 1), (66, 1)], &[], |bits, _| bits.put(0, 9)), None);
}

#[test]
fn symbols_without_meaning_are_refused() {
    assert_eq!(block(&[(256, 1), (285, 1)], &[(29, 1)], nothing), empty());
    assert_eq!(block(&[(256, 1), (286, 1)], &[], nothing), None);
    assert_eq!(block(&[(256, 1), (65, 1)], &[(30, 1)], nothing), None);
    // In the codes that DEFLATE defines they are there, and mean nothing: literal 286, distance 30.
    for (code, distance) in [(0b1100_0110, None), (0b1100_0111, None), (0, Some(30)), (0, Some(31))] {
        let mut bits = Bits::default();
        bits.put(0b011, 3);
        match distance {
            None => bits.code(&[(code, 8)], 0),
            Some(distance) => {
                bits.code(&[(0x30, 8)], 0);
                bits.code(&[(1, 7)], 0);
                bits.code(&[(distance, 5)], 0);
            }
        }
        bits.bytes.extend([0; 8]);
        assert_eq!(both(&mut Inflater::new(), &bits.bytes), None);
    }
}

#[test]
fn stored_blocks_and_their_complements() {
    let mut inflater = Inflater::new();
    assert_eq!(both(&mut inflater, &[1, 2, 0, 0xfd, 0xff, 7, 8, 9]), Some((vec![7, 8], 1)));
    assert_eq!(both(&mut inflater, &[1, 2, 0, 0xfc, 0xff, 7, 8, 9]), None);
    assert_eq!(both(&mut inflater, &[1, 2, 0, 0xfd, 0xff, 7]), None);
    assert_eq!(both(&mut inflater, &[1, 0, 0, 0xff, 0xff]), Some((vec![], 0)));
    assert_eq!(both(&mut inflater, &[7]), None);
    assert_eq!(both(&mut inflater, &[]), None);
}

/// Lengths of codes that are repeated behind the last, or before the first.
#[test]
fn repeats_stay_among_the_codes() {
    for (before_the_first, behind_the_last, sound) in [(false, false, true), (false, true, false), (true, false, false)]
    {
        let mut bits = Bits::default();
        bits.put(0b101, 3);
        bits.put(0, 5);
        bits.put(1, 5);
        bits.put(14, 4);
        // Of the symbols that describe lengths 16, 18, 1 and 0 have codes of two bits.
        for symbol in [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1] {
            bits.put(if [16, 18, 0, 1].contains(&symbol) { 2 } else { 0 }, 3);
        }
        let (zero, one, before, zeros) = ((0, 2), (1, 2), (2, 2), (3, 2));
        if before_the_first {
            bits.code(&[before], 0);
            bits.put(0, 2);
        }
        bits.code(&[zeros], 0);
        bits.put(138 - 11, 7);
        bits.code(&[zeros], 0);
        bits.put(117 - 11, 7);
        bits.code(&[one], 0); // literal 255
        bits.code(&[one], 0); // the end
        if behind_the_last {
            bits.code(&[zeros], 0); // eleven, for two distances
            bits.put(0, 7);
        } else {
            bits.code(&[zero], 0);
            bits.code(&[zero], 0);
        }
        bits.code(&[(1, 1)], 0);
        bits.bytes.extend([0; 4]);
        assert_eq!(both(&mut Inflater::new(), &bits.bytes).is_some(), sound);
    }
}
