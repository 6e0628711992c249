//! Any samples, in any chunks, come back as they are; no changed byte gives other edges without a word.

use std::sync::LazyLock;

use proptest::collection::vec;
use proptest::prelude::*;

use super::*;

#[derive(Debug, Clone, Copy)]
enum Pack {
    Stored,
    Deflated,
    Bzip2,
}

fn any_pack() -> impl Strategy<Value = Pack> {
    prop_oneof![9 => Just(Pack::Stored), 9 => Just(Pack::Deflated), 1 => Just(Pack::Bzip2)]
}

/// Runs of states: most lines are idle for long, some change at every sample.
fn any_runs() -> impl Strategy<Value = Vec<(u64, usize)>> {
    vec((any::<u64>(), prop_oneof![1_usize..4, 1_usize..200, 1_usize..10_000]), 0..30)
}

fn bytes_of(runs: &[(u64, usize)], unit: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (state, length) in runs {
        let sample = state.to_le_bytes();
        (0..*length).for_each(|_| bytes.extend(&sample[..unit]));
    }
    bytes
}

fn archive_of(bytes: &[u8], unit: usize, chunks: &[(usize, Pack)]) -> RawArchive {
    let mut archive = session(unit);
    let mut rest = bytes;
    let last = (usize::MAX, Pack::Deflated);
    for (number, (samples, pack)) in (1..).zip(chunks.iter().chain([&last])) {
        let (chunk, later) = rest.split_at(samples.saturating_mul(unit).min(rest.len()));
        let pack = match pack {
            Pack::Stored => RawMember::stored,
            Pack::Deflated => RawMember::deflated,
            Pack::Bzip2 => RawMember::bzip2,
        };
        archive = archive.with(pack(&format!("logic-1-{number}"), chunk));
        rest = later;
    }
    archive
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    #[test]
    fn samples_come_back(
        runs in any_runs(),
        unit in 1_usize..=8,
        chunks in vec((0_usize..9000, any_pack()), 0..6),
        zip64 in any::<bool>(),
    ) {
        let bytes = bytes_of(&runs, unit);
        let mut archive = archive_of(&bytes, unit, &chunks);
        archive.zip64 = zip64;
        let reading = whole(&archive.build());
        prop_assert_eq!(reading.calls, states(unit, &bytes));
        prop_assert_eq!(reading.length as usize, bytes.len() / unit);
    }

    #[test]
    fn any_bytes_are_read_or_refused(mut bytes in vec(any::<u8>(), 0..400), head in 0_usize..3) {
        let signature = [b"".as_slice(), b"PK\x03\x04", b"PK\x05\x06"][head];
        let mut file = signature.to_vec();
        file.append(&mut bytes);
        let _ = read(&file);
    }

    #[test]
    fn a_damaged_archive_gives_no_other_edges(
        at in any::<prop::sample::Index>(), with in vec(any::<u8>(), 1..30), cut in any::<prop::sample::Index>(),
    ) {
        let (archive, good) = &*SAMPLE;
        let mut bad = archive.clone();
        let at = at.index(bad.len());
        let end = bad.len().min(at + with.len());
        bad[at..end].copy_from_slice(&with[..end - at]);
        let reading = read_alone(&bad);
        prop_assert!(is_honest(&reading, good), "{at}..{end} of {}: {reading:?}", archive.len());
        bad.truncate(cut.index(bad.len()));
        let reading = read_alone(&bad);
        prop_assert!(is_honest(&reading, good), "{at}..{end}, then {} bytes: {reading:?}", bad.len());
    }
}

/// A small archive with members of every kind.
static SAMPLE: LazyLock<(Vec<u8>, Reading)> = LazyLock::new(|| {
    let bytes = toggling(60, 7);
    let archive = archive_of(&bytes, 1, &[(20, Pack::Stored), (20, Pack::Bzip2)]).build();
    let reading = whole(&archive);
    (archive, reading)
});

/// Refused, flagged, or the same.
fn is_honest(reading: &Result<Reading, String>, good: &Reading) -> bool {
    match reading {
        Err(_) => true,
        Ok(reading) => !reading.problems.is_empty() || reading == good,
    }
}

#[test]
fn no_flipped_bit_gives_other_edges() {
    let (archive, good) = &*SAMPLE;
    for at in 0..archive.len() {
        for flip in [1, 2, 4, 8, 16, 32, 64, 128, 255] {
            let mut bad = archive.clone();
            bad[at] ^= flip;
            let reading = read_alone(&bad);
            assert!(is_honest(&reading, good), "byte {at} ^ {flip}: {reading:?}");
        }
    }
}

#[test]
fn no_cut_gives_other_edges() {
    let (archive, good) = &*SAMPLE;
    for length in 0..archive.len() {
        let reading = read(&archive[..length]);
        assert!(is_honest(&reading, good), "{length} bytes: {reading:?}");
    }
}
