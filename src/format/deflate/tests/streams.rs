//! Streams by chance: matches of every kind, silence, and damage.

use std::io::Write;

use flate2::{Compression, write::DeflateEncoder};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;

use super::encoder::{Block, Chance, Token, encode, unpacked};
use super::*;

/// What a stream goes on with.
#[derive(Debug, Clone)]
enum Step {
    Literals(Vec<u8>),
    /// The same match so many times, of this length and distance.
    Matches {
        length: usize,
        distance: usize,
        times: usize,
    },
    Block(Kind),
}

#[derive(Debug, Clone, Copy)]
enum Kind {
    Stored,
    Fixed,
    Dynamic,
}

fn any_distance() -> impl Strategy<Value = usize> {
    prop_oneof![
        6 => 1_usize..=9,
        2 => 1_usize..=70,
        2 => (1_usize..=40).prop_map(|times| 24 * times),
        2 => 1_usize..=1000,
        1 => 32_500_usize..=32_768,
        1 => Just(32_768),
        1 => 1_usize..=32_768,
    ]
}

fn any_step() -> impl Strategy<Value = Step> {
    let length = prop_oneof![3 => Just(258_usize), 2 => 3_usize..=258, 1 => 3_usize..=5];
    let times = prop_oneof![6 => 1_usize..=3, 3 => 1_usize..=40, 2 => 1_usize..=400];
    let literal = prop_oneof![4 => 0_u8..2, 1 => any::<u8>()];
    let kind = prop_oneof![1 => Just(Kind::Stored), 1 => Just(Kind::Fixed), 3 => Just(Kind::Dynamic)];
    prop_oneof![
        3 => vec(literal, 1..12).prop_map(Step::Literals),
        9 => (length, any_distance(), times)
            .prop_map(|(length, distance, times)| Step::Matches { length, distance, times }),
        2 => kind.prop_map(Step::Block),
    ]
}

/// The blocks that these steps make; a distance that reaches too far is made shorter.
fn blocks(steps: &[Step]) -> Vec<Block> {
    let mut blocks = vec![Block::Dynamic(vec![])];
    let mut size = 0;
    let mut add = |blocks: &mut Vec<Block>, token: Token| match (blocks.last_mut().unwrap(), token) {
        (Block::Fixed(tokens) | Block::Dynamic(tokens), token) => {
            size += match token {
                Token::Literal(_) => 1,
                Token::Match { length, .. } => length,
            };
            tokens.push(token);
        }
        (Block::Stored(bytes), Token::Literal(byte)) => {
            size += 1;
            bytes.push(byte);
        }
        (Block::Stored(_), Token::Match { .. }) => {}
    };
    for step in steps {
        match step {
            Step::Block(Kind::Stored) => blocks.push(Block::Stored(vec![])),
            Step::Block(Kind::Fixed) => blocks.push(Block::Fixed(vec![])),
            Step::Block(Kind::Dynamic) => blocks.push(Block::Dynamic(vec![])),
            Step::Literals(literals) => literals.iter().for_each(|&byte| add(&mut blocks, Token::Literal(byte))),
            &Step::Matches { length, distance, times } => {
                // The first byte has none before it.
                add(&mut blocks, Token::Literal(times as u8 % 3));
                if matches!(blocks.last(), Some(Block::Stored(_))) {
                    blocks.push(Block::Fixed(vec![]));
                }
                (0..times).for_each(|_| add(&mut blocks, Token::Match { length, distance }));
            }
        }
    }
    shortened(blocks)
}

/// No match reaches before the first byte.
fn shortened(mut blocks: Vec<Block>) -> Vec<Block> {
    let mut size = 0;
    for block in &mut blocks {
        match block {
            Block::Stored(bytes) => size += bytes.len(),
            Block::Fixed(tokens) | Block::Dynamic(tokens) => {
                for token in tokens {
                    match token {
                        Token::Literal(_) => size += 1,
                        Token::Match { length, distance } => {
                            *distance = (*distance - 1) % size.min(32_768) + 1;
                            size += *length;
                        }
                    }
                }
            }
        }
    }
    blocks
}

/// Changes bytes of a stream, or cuts it.
#[derive(Debug, Clone)]
enum Damage {
    Byte(Index, u8),
    Cut(Index),
    Insert(Index, u8),
}

fn damaged(mut packed: Vec<u8>, damage: &Damage) -> Vec<u8> {
    match damage {
        Damage::Byte(at, flip) => {
            let at = at.index(packed.len());
            packed[at] ^= flip;
        }
        Damage::Cut(at) => packed.truncate(at.index(packed.len())),
        Damage::Insert(at, byte) => packed.insert(at.index(packed.len()), *byte),
    }
    packed
}

fn any_damage() -> impl Strategy<Value = Damage> {
    prop_oneof![
        3 => (any::<Index>(), 1_u8..).prop_map(|(at, flip)| Damage::Byte(at, flip)),
        1 => any::<Index>().prop_map(Damage::Cut),
        1 => (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Damage::Insert(at, byte)),
    ]
}

/// Samples of silence and noise: stretches of a state, of a clock, of anything.
fn any_samples() -> impl Strategy<Value = Vec<u8>> {
    let length = prop_oneof![3 => 1_usize..50, 3 => 1_usize..3000, 2 => 1_usize..100_000];
    let stretch = (1_usize..=8, vec(0_u8..4, 1..30), length);
    vec(stretch, 0..8).prop_map(|stretches| {
        let pieces = stretches.iter().map(|(unit, pattern, length)| {
            let whole = pattern.iter().flat_map(|&state| std::iter::repeat_n(state, *unit));
            whole.cycle().take(*length).collect::<Vec<u8>>()
        });
        pieces.collect::<Vec<_>>().concat()
    })
}

fn deflated(bytes: &[u8], level: u32) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::new(level));
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

proptest! {
    #![proptest_config(cases(400))]

    #[test]
    fn any_stream_is_unpacked(steps in vec(any_step(), 0..40), seed in any::<u64>()) {
        let blocks = blocks(&steps);
        let packed = encode(&blocks, &mut Chance(seed));
        let found = both(&mut Inflater::new(), &packed);
        prop_assert!(found == Some((unpacked(&blocks), 0)));
    }

    #[test]
    fn a_damaged_stream_is_as_damaged_as_elsewhere(
        steps in vec(any_step(), 0..12), seed in any::<u64>(), damage in vec(any_damage(), 1..3),
    ) {
        let packed = encode(&blocks(&steps), &mut Chance(seed));
        let packed = damage.iter().fold(packed, |packed, damage| if packed.is_empty() { packed } else { damaged(packed, damage) });
        both(&mut Inflater::new(), &packed);
    }

    #[test]
    fn what_other_encoders_write_is_unpacked(bytes in any_samples(), level in 0_u32..=9, other in 0_i32..=12) {
        let mut inflater = Inflater::new();
        prop_assert!(both(&mut inflater, &deflated(&bytes, level)) == Some((bytes.clone(), 0)));
        let mut encoder = libdeflater::Compressor::new(libdeflater::CompressionLvl::new(other).unwrap());
        let mut packed = vec![0; encoder.deflate_compress_bound(bytes.len())];
        let length = encoder.deflate_compress(&bytes, &mut packed).unwrap();
        packed.truncate(length);
        prop_assert!(both(&mut inflater, &packed) == Some((bytes, 0)));
    }

    #[test]
    fn any_bytes_are_a_stream_or_not(bytes in vec(any::<u8>(), 0..300), head in any::<u8>()) {
        let mut packed = vec![head];
        packed.extend(bytes);
        both(&mut Inflater::new(), &packed);
    }
}

/// Counts how many bytes of this stream come as repeats, and checks all of them.
fn repeated(unit: usize, blocks: &[Block]) -> u64 {
    let packed = encode(blocks, &mut Chance(7));
    both(&mut Inflater::new(), &packed);
    let (found, repeated) = ours(&mut Inflater::new(), &packed, unit);
    assert!(found == Some((unpacked(blocks), 0)));
    repeated
}

fn silence(sample: &[u8], distance: usize, times: usize) -> Vec<Token> {
    let literals = sample.iter().map(|&byte| Token::Literal(byte));
    literals.chain(vec![Token::Match { length: 258, distance }; times]).collect()
}

#[test]
fn silence_is_not_unpacked() {
    let size = 258 * 1000;
    for unit in 1..=8 {
        let sample: Vec<u8> = (1..=unit as u8).collect();
        let repeated = repeated(unit, &[Block::Fixed(silence(&sample, unit, 1000))]);
        assert!(repeated >= size - 600, "unit {unit}: {repeated} of {size}");
    }
}

#[test]
fn bytes_that_are_all_alike_are_silence_for_every_unit() {
    for unit in 1..=8 {
        let repeated = repeated(unit, &[Block::Dynamic(silence(&[0], 1, 1000))]);
        assert!(repeated >= 258 * 1000 - 600, "unit {unit}: {repeated}");
    }
}

#[test]
fn silence_goes_on_over_the_ends_of_blocks() {
    let more = || vec![Token::Match { length: 258, distance: 1 }; 500];
    let blocks = [Block::Dynamic(silence(&[0], 1, 500)), Block::Fixed(more()), Block::Dynamic(more())];
    let repeated = repeated(1, &blocks);
    assert!(repeated >= 258 * 1500 - 600, "{repeated}");
}

#[test]
fn a_clock_is_a_repeat() {
    let clock: Vec<u8> = (0..24).map(|sample| sample / 12).collect();
    let repeated = repeated(1, &[Block::Dynamic(silence(&clock, 24, 1000))]);
    assert!(repeated >= 258 * 1000 - 600, "{repeated}");
}

#[test]
fn matches_reach_back_into_silence_and_beyond_it() {
    for times in [1, 2, 126, 127, 128, 300] {
        for distance in [1, 7, 300] {
            for reach in [258 * times + 1, 258 * times + 7, 32_768, 32_767, 20_000, 66, 64, 63, 5] {
                let mut tokens: Vec<Token> = (0..40_000).map(|at| Token::Literal((at * at % 251) as u8)).collect();
                tokens.extend(silence(&[9, 8, 7], distance, times));
                tokens.push(Token::Literal(1));
                tokens.extend([Token::Match { length: 258, distance: reach.min(32_768) }; 2]);
                tokens.push(Token::Match { length: 3, distance: 32_768 });
                repeated(1, &[Block::Fixed(tokens)]);
            }
        }
    }
}
