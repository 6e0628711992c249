//! Chunks packed by DEFLATE, decoded both ways: as repeats and as bytes. Both find the same changes, or the same fault.

use proptest::collection::vec;
use proptest::prelude::*;

use super::super::decode::{Chunk, Decoded, Decoder, Refusal, Undecoded, Unproven, Wanted, settled};
use super::super::unit::UnitSize;
use super::*;
use crate::format::archive::{Fault, Member, Packing, Place};
use crate::format::deflate::tests::cases;
use crate::format::deflate::{Fault as DeflateFault, Packed};

const MOST: u64 = 1 << 24;

/// A member whose bytes are the whole source.
fn member(raw: &RawMember) -> Member {
    let place = Ok(Place { data: 0, packing: Packing::Deflate });
    let packed = raw.packed.len() as u64;
    Member { name: raw.name.clone(), header: 0, packed, size: raw.size, crc: raw.crc, place }
}

fn wanted(unit: usize, mask: u64, most: u64) -> Wanted {
    Wanted { unit: UnitSize::new(unit as u64).unwrap(), mask, most }
}

/// Decodes a member both ways and returns what both came to.
fn both(raw: &RawMember, wanted: Wanted) -> Result<Chunk, Undecoded> {
    let member = member(raw);
    let mut decoder = Decoder::new();
    let packed = Packed { source: &raw.packed, at: 0, length: member.packed };
    let quick = decoder.by_repeats(packed, &member, wanted);
    let plain = decoder.by_bytes(&raw.packed, &member, wanted);
    assert_eq!(quick.ok(), plain.clone().ok());
    assert_eq!(decoder.decode(&raw.packed, &member, wanted), Decoded { chunk: plain.clone(), misread: None });
    plain
}

/// Stretches in which a pattern of states comes again and again, for so many samples; the last one is cut short.
fn any_stretches() -> impl Strategy<Value = Vec<(Vec<u64>, usize)>> {
    let state = prop_oneof![3 => 0_u64..4, 1 => any::<u64>()];
    let samples = prop_oneof![3 => 1_usize..50, 3 => 1_usize..3000, 2 => 1_usize..60_000];
    vec((prop_oneof![3 => vec(state.clone(), 1), 1 => vec(state, 1..40)], samples), 0..10)
}

fn bytes_of(stretches: &[(Vec<u64>, usize)], unit: usize) -> Vec<u8> {
    let samples = stretches.iter().flat_map(|(pattern, samples)| pattern.iter().cycle().take(*samples));
    samples.flat_map(|state| state.to_le_bytes().into_iter().take(unit)).collect()
}

proptest! {
    #![proptest_config(cases(300))]

    #[test]
    fn repeats_and_bytes_have_the_same_changes(
        stretches in any_stretches(), unit in 1_usize..=8, mask in prop_oneof![Just(u64::MAX), any::<u64>(), 0_u64..4],
        cut in 0_usize..8,
    ) {
        let mut bytes = bytes_of(&stretches, unit);
        bytes.truncate(bytes.len().saturating_sub(cut));
        let mask = mask & u64::MAX >> (64 - 8 * unit);
        let chunk = both(&RawMember::deflated("logic-1", &bytes), wanted(unit, mask, MOST)).unwrap();
        prop_assert_eq!((chunk.samples, chunk.rest), ((bytes.len() / unit) as u64, (bytes.len() % unit) as u64));
        let mut expected: Vec<(u64, u64)> = Vec::new();
        for (at, sample) in (0..).zip(bytes.chunks_exact(unit)) {
            let state = sample.iter().rev().fold(0, |word, &byte| word << 8 | u64::from(byte)) & mask;
            if expected.last().is_none_or(|(_, before)| *before != state) {
                expected.push((at, state));
            }
        }
        prop_assert_eq!(chunk.changes.iter().map(|change| (change.at, change.state)).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn damage_is_the_same_fault_both_ways(
        stretches in any_stretches(), unit in 1_usize..=8, most in prop_oneof![3 => Just(MOST), 1 => 0_u64..50],
        flips in vec((any::<prop::sample::Index>(), any::<u8>()), 0..3), size in prop_oneof![3 => Just(0_i64), 1 => -9_i64..9],
        bad_sum in prop::bool::weighted(0.1), trailing in prop_oneof![3 => Just(0_usize), 1 => 0_usize..5],
    ) {
        let mut raw = RawMember::deflated("logic-1", &bytes_of(&stretches, unit));
        for (at, flip) in flips {
            let at = at.index(raw.packed.len());
            raw.packed[at] ^= flip;
        }
        raw.packed.extend(vec![0; trailing]);
        raw.size = raw.size.saturating_add_signed(size);
        raw.crc ^= u32::from(bad_sum);
        let found = both(&raw, wanted(unit, u64::MAX >> (64 - 8 * unit), most));
        prop_assert!(found.is_err() || (size == 0 || raw.size == 0) && !bad_sum && trailing == 0);
    }
}

#[test]
fn the_most_changes_are_held_both_ways_and_no_more() {
    // A clock, whose changes are found in its first periods only.
    let clock = toggling(100_000, 12);
    let raw = RawMember::deflated("logic-1", &clock);
    let edges = 100_000_u64.div_ceil(12) - 1;
    assert_eq!(both(&raw, wanted(1, 1, edges)).unwrap().changes.len() as u64, edges + 1);
    assert_eq!(both(&raw, wanted(1, 1, edges - 1)), Err(Undecoded::TooManyChanges));
}

#[test]
fn each_fault_is_told_both_ways() {
    let good = RawMember::deflated("logic-1", &toggling(9000, 1000));
    let crc = good.crc;
    let fault = |raw: RawMember| match both(&raw, wanted(1, 1, MOST)) {
        Err(Undecoded::Damaged(fault)) => fault,
        other => panic!("{other:?}"),
    };
    assert_eq!(fault(good.clone().but(|raw| raw.crc ^= 1)), Fault::Crc { stated: crc ^ 1, found: crc });
    assert_eq!(fault(good.clone().but(|raw| raw.size = 8999)), Fault::Size(8999));
    assert_eq!(fault(good.clone().but(|raw| raw.size = 9001)), Fault::Size(9001));
    assert_eq!(fault(good.clone().but(|raw| raw.packed.push(0))), Fault::Trailing);
    assert_eq!(fault(good.clone().but(|raw| raw.packed.truncate(9))), Fault::Corrupt("deflate"));
    assert_eq!(fault(good.but(|raw| raw.packed[0] |= 6)), Fault::Corrupt("deflate"));
}

fn chunk(samples: u64) -> Chunk {
    Chunk { samples, rest: 0, changes: vec![] }
}

#[test]
fn what_is_proven_is_not_decoded_twice() {
    let decoded = settled(Ok(chunk(5)), || panic!("it is proven"));
    assert_eq!(decoded, Decoded { chunk: Ok(chunk(5)), misread: None });
}

#[test]
fn a_damaged_chunk_is_told_from_a_misread_one() {
    let refused = || Err(Unproven::Deflate(DeflateFault::Refused(Refusal::TooManyChanges)));
    assert_eq!(
        settled(Err(Unproven::Crc), || Ok(chunk(7))),
        Decoded { chunk: Ok(chunk(7)), misread: Some("bad CRC-32".to_owned()) }
    );
    assert_eq!(
        settled(refused(), || Ok(chunk(7))),
        Decoded { chunk: Ok(chunk(7)), misread: Some("it has too many changes".to_owned()) }
    );
    for why in [Undecoded::TooManyChanges, Undecoded::Damaged(Fault::Trailing)] {
        assert_eq!(settled(refused(), || Err(why.clone())), Decoded { chunk: Err(why), misread: None });
    }
}
