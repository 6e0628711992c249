//! Any bytes as a capture of Saleae Logic 2, as its `meta.json`, and as the members of its channels: read, flagged or refused,
//! and what is read of a channel is what the plainest reading finds.
#![no_main]

use libfuzzer_sys::fuzz_target;
use strobecheck_fuzz::{Reading, read_as, sal};

const META: &str = r#"{"version": 16, "data": {}, "binData": [
    {"type": "Digital", "deviceChannel": 0, "file": "./digital-0.bin"},
    {"type": "Digital", "deviceChannel": 1, "file": "./digital-1.bin"}]}"#;

/// The first sample that is kept, and the edges within chunks and between those that follow each other.
fn plain(bytes: &[u8]) -> Option<(u64, Vec<u64>)> {
    let mut rest = bytes;
    let mut take = |count: usize| -> Option<u64> {
        let (field, after) = rest.split_at_checked(count)?;
        rest = after;
        Some(field.iter().rev().fold(0, |value, byte| value << 8 | u64::from(*byte)))
    };
    take(8)?;
    let version = take(4)?;
    take(4 + 1)?;
    (take(8)?, take(8)?, take(8)?);
    let first = if take(1)? == 1 { take(8)? } else { 0 };
    let last = if take(1)? == 1 { take(8)? } else { u64::MAX };
    let (mut edges, mut begin, mut before) = (Vec::new(), None, None);
    for _ in 0..take(8)? {
        let (from, to) = (take(8)?, take(8)?);
        let mut level = 0;
        if version == 1 {
            (take(8)?, take(8)?, take(8)?);
        } else {
            level = take(1)?;
            take(1)?;
        }
        let (mut own, mut at) = (Vec::new(), from);
        let mut left = take(8)?;
        while left > 0 {
            left -= 1;
            let byte = take(1)?;
            let (mut value, mut more) = (byte & 0x3f, byte & 0x40 != 0);
            while more {
                left = left.checked_sub(1)?;
                let byte = take(1)?;
                (value, more) = (value << 7 | byte & 0x7f, byte & 0x80 != 0);
            }
            at += value + 1;
            own.push(at);
        }
        own.pop();
        if version == 1 {
            for place in 0..take(8)? {
                (take(8)?, take(8)?);
                let found = take(4)?;
                level = if place == 0 { found } else { level };
            }
        }
        if from == to {
            continue;
        }
        begin.get_or_insert(from);
        if before.is_some_and(|(end, shown)| end == from && shown != level) {
            edges.push(from);
        }
        before = Some((to, level ^ (own.len() as u64 & 1)));
        edges.extend(own);
    }
    let begin = first.max(begin?);
    edges.retain(|at| (begin + 1..=last).contains(at));
    Some((begin, edges))
}

/// The samples at which a bit changes, both sides being known.
fn edges(reading: &Reading, bit: u32) -> Vec<u64> {
    let pairs = reading.changes.windows(2);
    let changed = pairs.filter(|pair| (pair[0].1 ^ pair[1].1) >> bit & 1 == 1).map(|pair| pair[1].0);
    let unknown = reading.extent.unknown.get(&bit);
    let spans = || reading.extent.lost.spans().iter().chain(unknown.into_iter().flat_map(|lost| lost.spans()));
    changed.filter(|at| !spans().any(|span| (span.from.get()..=span.to.get()).contains(at))).collect()
}

fuzz_target!(|data: &[u8]| {
    let _refused = read_as("saleae-sal", data.to_vec(), None);
    let Some((&split, rest)) = data.split_first() else { return };
    if split == u8::MAX {
        let _refused = read_as("saleae-sal", sal(rest, [&[], &[]]), None);
        return;
    }
    let (one, two) = rest.split_at(rest.len() * usize::from(split) / 254_usize.max(split.into()));
    let Ok(reading) = read_as("saleae-sal", sal(META.as_bytes(), [one, two]), None) else { return };
    let found = [plain(one), plain(two)].map(|line| line.expect("it was read"));
    let begin = found.iter().map(|(begin, _)| *begin).min().unwrap_or(0);
    for (bit, (_, expected)) in (0..).zip(&found) {
        let expected: Vec<u64> = expected.iter().map(|at| at - begin).collect();
        assert_eq!(edges(&reading, bit), expected, "channel {bit}");
    }
});
