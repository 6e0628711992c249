//! The decoders within one process.

use std::time::Instant;

use crate::cases::Packed;
use crate::format::archive::{Member, Packing, Payload, Stated};
use crate::format::deflate;
use crate::format::srzip::changes::Changes;
use crate::format::srzip::decode::{Decoder, Wanted};
use crate::format::srzip::scan::Scan;
use crate::format::srzip::unit::UnitSize;
use crate::processes::times;

/// How often each decoder decodes a case: often where that takes little.
const LEAST_ROUNDS: usize = 6;
const MOST_ROUNDS: usize = 42;
/// Seconds for the rounds of a case, all decoders together.
const PATIENCE: f64 = 6.0;
/// libdeflate needs all bytes in memory at once.
const MOST_AT_ONCE: u64 = 1 << 30;

/// Prints a row of the table.
pub(crate) fn compare(name: &str, packed: &Packed) {
    let begun = Instant::now();
    let mut rounds = Vec::new();
    let mut edges = 0;
    let unpacked = (packed.size <= MOST_AT_ONCE).then(|| unpacked(packed));
    while rounds.len() < LEAST_ROUNDS || rounds.len() < MOST_ROUNDS && begun.elapsed().as_secs_f64() < PATIENCE {
        // What goes first finds the memory as the last one left it: each does so in turn.
        let (mut ours, mut zlib, mut whole) = ((0.0, 0), (0.0, 0), None);
        for turn in 0..3 {
            match (rounds.len() + turn) % 3 {
                0 => ours = timed(|| by_repeats(packed)),
                1 => zlib = timed(|| by_bytes(packed)),
                _ => whole = (packed.size <= MOST_AT_ONCE).then(|| timed(|| at_once(packed))),
            }
        }
        assert!(
            zlib.1 == ours.1 && whole.is_none_or(|(_, changes)| changes == ours.1),
            "{name}: the decoders disagree"
        );
        edges = ours.1.saturating_sub(1);
        let pass = unpacked.as_ref().map(|bytes| timed(|| pass(bytes)).0);
        let others = [Some(zlib.0), whole.map(|(seconds, _)| seconds), pass];
        rounds.push((ours.0, others.map(|seconds| seconds.map_or(f64::NAN, |seconds| seconds / ours.0))));
    }
    let seconds = median(rounds.iter().map(|round| round.0).collect());
    let samples = packed.size / packed.unit;
    let [zlib, whole, pass] = [0, 1, 2].map(|peer| times(median(rounds.iter().map(|round| round.1[peer]).collect())));
    println!("{name:<44} {samples:>9} {edges:>9} {:>9.3} {zlib:>14} {whole:>14} {pass:>14}", seconds * 1e3);
}

/// The middle one of these values; NaN where one is.
pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn timed<T>(work: impl FnOnce() -> T) -> (f64, T) {
    let begun = Instant::now();
    let result = work();
    (begun.elapsed().as_secs_f64(), result)
}

fn wanted(packed: &Packed) -> Wanted {
    let unit = UnitSize::new(packed.unit).unwrap();
    Wanted { unit, mask: u64::MAX >> (u64::BITS - unit.bits()), most: u64::MAX }
}

fn member(packed: &Packed) -> Member {
    let place = Ok(Payload { data: 0, packing: Packing::Deflate });
    let length = packed.bytes.len() as u64;
    Member {
        name: String::new(),
        header: 0,
        packed: length,
        size: packed.size,
        crc: packed.crc,
        stated: Stated::Twice,
        place,
    }
}

/// strobecheck's way; returns the number of states.
fn by_repeats(packed: &Packed) -> usize {
    let stream = deflate::Packed { source: &packed.bytes, at: 0, length: packed.bytes.len() as u64 };
    Decoder::new().by_repeats(stream, &member(packed), wanted(packed)).unwrap().changes.len()
}

/// zlib-rs, block by block.
fn by_bytes(packed: &Packed) -> usize {
    Decoder::new().by_bytes(&packed.bytes, &member(packed), wanted(packed)).unwrap().changes.len()
}

/// libdeflate, all at once.
fn at_once(packed: &Packed) -> usize {
    let bytes = unpacked(packed);
    assert_eq!(libdeflater::crc32(&bytes), packed.crc);
    let wanted = wanted(packed);
    let mut scan = Scan::new(wanted.unit, wanted.mask, wanted.most, Changes::none(wanted.unit));
    scan.block(&bytes).unwrap();
    scan.into_changes().len()
}

fn unpacked(packed: &Packed) -> Vec<u8> {
    let mut bytes = vec![0; packed.size as usize];
    libdeflater::Decompressor::new().deflate_decompress(&packed.bytes, &mut bytes).unwrap();
    bytes
}

/// What is left if unpacking took no time: one look at each byte and the one behind it.
fn pass(bytes: &[u8]) -> usize {
    bytes.iter().zip(bytes.get(1..).unwrap_or_default()).filter(|(byte, next)| byte != next).count()
}
