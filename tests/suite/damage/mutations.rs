//! No mutation of an archive gives other edges without a word.
//!
//! `STROBECHECK_MUTATIONS=100000 cargo test --test suite mutations` tries so many, and holds the memory of the process to
//! its bound too.

use std::time::{Duration, Instant};

use super::archives::{
    CHUNKS, RawArchive, RawMember, Reading, chunk, metadata, plain, read, samples, session, with_chunks,
};

const USUAL: u64 = 1000;
const LONGEST: Duration = Duration::from_secs(1);
const MOST_MEMORY_KB: u64 = 400 << 10;

/// Numbers that look random, the same in each run.
pub(crate) struct Noise(u64);

impl Noise {
    pub(crate) fn new(seed: u64) -> Noise {
        Noise(seed)
    }

    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % end.max(1)
    }

    fn byte(&mut self) -> u8 {
        self.below(256) as u8
    }

    /// A stretch of at most so many bytes.
    fn stretch(&mut self, length: usize, longest: usize) -> std::ops::Range<usize> {
        let from = self.below(length);
        from..(from + 1 + self.below(longest)).min(length)
    }
}

/// Archives of every kind, each of the whole capture.
fn archives() -> Vec<Vec<u8>> {
    let packed = |pack: fn(&str, &[u8]) -> RawMember| {
        with_chunks(|number, member| *member = pack(&format!("logic-1-{number}"), &chunk(number)))
    };
    let in_one_piece = session(metadata().as_bytes()).with(RawMember::deflated("logic-1", &samples()));
    let short_chunks =
        samples().chunks(200).zip(1..).fold(session(metadata().as_bytes()), |archive, (bytes, number)| {
            archive.with(RawMember::deflated(&format!("logic-1-{number}"), bytes))
        });
    vec![
        plain().build(),
        packed(RawMember::bzip2).build(),
        packed(RawMember::stored).build(),
        in_one_piece.build(),
        short_chunks.build(),
        RawArchive { zip64: true, ..plain() }.build(),
        with_chunks(|_, member| member.deferred = true).build(),
        plain().without_directory(),
    ]
}

/// Where headers, records and ends of an archive begin.
fn signatures(file: &[u8]) -> Vec<usize> {
    (0..file.len().saturating_sub(3)).filter(|&at| file[at..].starts_with(b"PK")).collect()
}

/// One change to a file; most change little, and where it matters.
pub(crate) fn mutate(file: &mut Vec<u8>, other: &[u8], noise: &mut Noise) {
    if file.is_empty() {
        return;
    }
    match noise.below(12) {
        0 | 1 => {
            let at = noise.below(file.len());
            file[at] ^= 1 << noise.below(8);
        }
        2 => {
            let at = noise.below(file.len());
            file[at] = noise.byte();
        }
        // A field of a header: most of what the archive states is within 46 bytes of a signature.
        3 | 4 => {
            let places = signatures(file);
            if !places.is_empty() {
                let at = (places[noise.below(places.len())] + noise.below(46)).min(file.len() - 1);
                file[at] = [0, 1, 0x7f, 0x80, 0xff, noise.byte()][noise.below(6)];
            }
        }
        5 => {
            let range = noise.stretch(file.len(), 40);
            range.for_each(|at| file[at] = noise.byte());
        }
        6 => {
            let range = noise.stretch(file.len(), 300);
            file[range].fill(0);
        }
        7 => file.truncate(noise.below(file.len())),
        8 => {
            let range = noise.stretch(file.len(), 200);
            file.drain(range);
        }
        9 => {
            let range = noise.stretch(file.len(), 200);
            let copy = file[range].to_vec();
            let at = noise.below(file.len());
            file.splice(at..at, copy);
        }
        // A block of the same archive in another place, as a disk may leave it.
        10 => {
            let range = noise.stretch(file.len(), 512);
            let to = noise.below(file.len() - range.len() + 1);
            file.copy_within(range, to);
        }
        _ => {
            let range = noise.stretch(other.len(), 512);
            let at = noise.below(file.len());
            let end = (at + range.len()).min(file.len());
            file.splice(at..end, other[range].iter().copied());
        }
    }
}

/// Refused, flagged, or the same in every edge and the length.
pub(crate) fn is_honest(reading: Option<&Reading>, truth: &Reading) -> bool {
    reading.is_none_or(|reading| {
        !reading.extent.problems.is_empty()
            || (&reading.changes, &reading.extent, &reading.header) == (&truth.changes, &truth.extent, &truth.header)
    })
}

fn peak_memory_kb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

#[test]
fn no_mutation_gives_other_edges_without_a_word() {
    let asked = std::env::var("STROBECHECK_MUTATIONS").ok().map(|count| count.parse::<u64>().unwrap());
    let archives = archives();
    let truth = read(&archives[0]).unwrap();
    assert_eq!(truth.extent.problems.len(), 0);
    let (mut refused, mut flagged, mut same) = (0_u64, 0_u64, 0_u64);
    let mut slowest = Duration::ZERO;
    for round in 0..asked.unwrap_or(USUAL) {
        let mut noise = Noise::new(round.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x5eed);
        let mut file = archives[noise.below(archives.len())].clone();
        let other = &archives[noise.below(archives.len())];
        (0..=noise.below(3)).for_each(|_| mutate(&mut file, other, &mut noise));
        let begun = Instant::now();
        let reading = read(&file).ok();
        slowest = slowest.max(begun.elapsed());
        assert!(is_honest(reading.as_ref(), &truth), "round {round}: {reading:?}");
        match reading {
            None => refused += 1,
            Some(reading) if reading.extent.problems.is_empty() => same += 1,
            Some(_) => flagged += 1,
        }
    }
    assert!(slowest < LONGEST, "one took {slowest:?}");
    // Each way out is taken: the mutations are neither too mild nor too wild.
    assert!(refused.min(flagged).min(same) > 20, "{refused} refused, {flagged} flagged, {same} the same");
    if asked.is_some() {
        let peak = peak_memory_kb();
        assert!(peak < MOST_MEMORY_KB, "{peak} KB");
        let counts = format!("{refused} refused, {flagged} flagged, {same} the same in every edge");
        std::fs::write(
            env!("CARGO_TARGET_TMPDIR").to_owned() + "/mutations.txt",
            format!("{counts}; the slowest took {slowest:?}; at most {peak} KB of memory\n"),
        )
        .unwrap();
    }
}

#[test]
fn every_single_byte_may_be_any_other() {
    // The bytes of an archive's headers and directory, one by one: no field of them is believed unproven.
    let file = plain().build();
    let truth = read(&file).unwrap();
    let header_bytes: Vec<usize> = signatures(&file).into_iter().flat_map(|at| at..(at + 56).min(file.len())).collect();
    assert!(header_bytes.len() > (CHUNKS + 2) * 76);
    for at in header_bytes {
        for value in [0, 1, 2, 8, 0x30, 0x31, 0x32, 0x7f, 0x80, 0xff] {
            let mut bad = file.clone();
            bad[at] = value;
            let reading = read(&bad).ok();
            assert!(is_honest(reading.as_ref(), &truth), "byte {at} as {value}: {reading:?}");
        }
    }
}
