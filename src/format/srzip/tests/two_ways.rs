//! Chunks packed by DEFLATE, decoded both ways: as repeats and as bytes. Both find the same changes, or the same fault.

use std::sync::Arc;

use proptest::collection::vec;
use proptest::prelude::*;

use super::super::changes::Changes;
use super::super::chunks::Part;
use super::super::decode::{Both, Chunk, Decoded, Decoder, Refusal, Undecoded, Unproven, Wanted, settled};
use super::super::session::Session;
use super::super::unit::UnitSize;
use super::*;
use crate::format::archive::{Fault, Member, Packing, Payload, Stated};
use crate::format::deflate::Fault as DeflateFault;
use crate::format::deflate::tests::cases;

const MOST: u64 = 1 << 24;

/// A member whose bytes are the whole source.
fn member(raw: &RawMember) -> Member {
    let place = Ok(Payload { data: 0, packing: Packing::Deflate });
    let packed = raw.packed.len() as u64;
    Member { name: raw.name.clone(), header: 0, packed, size: raw.size, crc: raw.crc, stated: Stated::Twice, place }
}

fn wanted(unit: usize, mask: u64, most: u64) -> Wanted {
    Wanted { unit: UnitSize::new(unit as u64).unwrap(), mask, most }
}

/// Decodes a member both ways and returns what both came to.
fn both(raw: &RawMember, wanted: Wanted) -> Result<Chunk, Undecoded> {
    let member = member(raw);
    let mut decoder = Decoder::new();
    let both = decoder.both(&raw.packed, &member, wanted).unwrap();
    assert_eq!(both.difference(), None);
    assert_eq!(decoder.decode(&raw.packed, &member, wanted), Decoded { chunk: both.by_bytes.clone(), misread: None });
    both.by_bytes
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
        prop_assert_eq!(chunk.changes.list(), expected);
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
    Chunk { samples, rest: 0, changes: Changes::of([]) }
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

#[test]
fn a_difference_between_both_ways_is_said() {
    let sound = || Ok(chunk(7));
    let of = |by_repeats, by_bytes| Both { by_repeats, by_bytes }.difference();
    assert_eq!(of(Ok(chunk(7)), sound()), None);
    assert_eq!(of(Err(Unproven::Crc), Err(Undecoded::Damaged(Fault::Trailing))), None);
    assert_eq!(of(Ok(chunk(8)), sound()).as_deref(), Some("both ways find it sound, with other changes"));
    assert_eq!(of(Err(Unproven::Crc), sound()).as_deref(), Some("it is sound byte by byte; as repeats: bad CRC-32"));
    let fault = Err(Undecoded::Damaged(Fault::Size(7)));
    let words = "it is sound as repeats; byte by byte: its size is not the 7 bytes that are stated";
    assert_eq!(of(Ok(chunk(7)), fault).as_deref(), Some(words));
}

/// Two chunks, read with a decoder of repeats that misreads the second one.
fn misread(second: &[u8], damage: u32) -> Extent {
    let archive = session(1)
        .with(RawMember::deflated("logic-1-1", &toggling(100, 7)))
        .with(RawMember::deflated("logic-1-2", second).but(|raw| raw.crc ^= damage));
    let session = Session::open(Box::new(archive.build()), &Caps::default()).unwrap();
    let request = Request::of(all_bits());
    let (wanted, source) = (session.wanted(&request), Arc::clone(session.source()));
    let decode = move |decoder: &mut Decoder, part: &Part| {
        let Part::Chunk { member, .. } = part else { panic!("{part:?}") };
        match member.name.as_str() {
            "logic-1-2" => settled(Err(Unproven::Crc), || decoder.by_bytes(&*source, member, wanted)),
            _ => decoder.decode(&*source, member, wanted),
        }
    };
    session.read_by(&request, &mut EveryChange::default(), decode).unwrap()
}

#[test]
fn a_chunk_that_was_misread_is_named_in_the_report() {
    let extent = misread(&toggling(100, 9), 0);
    assert_eq!((extent.length.get(), extent.lost.is_empty()), (200, true));
    assert_eq!(
        extent.problems,
        [
            "'logic-1-2' (chunk 2): it is sound, but was decoded a second time, by other means, since at first 'bad CRC-32'; \
             please report this with the capture"
        ]
    );
    // What is damaged both ways is damaged, and nothing else.
    let extent = misread(&toggling(100, 9), 1);
    let [problem] = extent.problems.as_slice() else { panic!("{:?}", extent.problems) };
    assert!(problem.starts_with("'logic-1-2' (chunk 2): bad CRC-32: its bytes give"), "{problem}");
    assert_eq!(extent.lost.spans().len(), 1);
}
