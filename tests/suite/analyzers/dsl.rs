//! DSView's captures.

use strobecheck::capture::RecordEnd;
use strobecheck::units::SampleRate;

use super::{Levels, expect, random_levels, read, refused};
use crate::damage::archives::{RawArchive, RawMember};
use crate::generator::Random;

/// A capture of these lines, of which each has blocks of so many bytes.
#[derive(Debug, Clone)]
pub(super) struct Dsl {
    pub(super) lines: Vec<(u32, Vec<bool>)>,
    pub(super) blocks: Vec<usize>,
    pub(super) pack: fn(&str, &[u8]) -> RawMember,
}

impl Dsl {
    pub(super) fn header(&self) -> String {
        let probes: String = self.lines.iter().map(|(number, _)| format!("probe{number} = D{number}\n")).collect();
        format!(
            "[version]\nversion = 3\n[header]\ndriver = DSLogic\ndevice mode = 0\ncapturefile = data\ntotal samples = {}\n\
             total probes = {}\ntotal blocks = {}\nsamplerate = 25 MHz\ntrigger time = -28800000\ntrigger pos = 0\n{probes}",
            self.lines[0].1.len(),
            self.lines.len(),
            self.blocks.len()
        )
    }

    /// The archive, of which some members are changed or left out.
    pub(super) fn archive_with(&self, mut change: impl FnMut(&str, RawMember) -> Option<RawMember>) -> RawArchive {
        let mut members = vec![(self.pack)("header", self.header().as_bytes())];
        members.extend([(self.pack)("decoders", b"[]"), (self.pack)("session", b"{}")]);
        for (number, levels) in &self.lines {
            let byte = |bits: &[bool]| bits.iter().rev().fold(0, |byte, bit| byte << 1 | u8::from(*bit));
            let bytes: Vec<u8> = levels.chunks(8).map(byte).collect();
            let mut rest = bytes.as_slice();
            for (block, size) in self.blocks.iter().enumerate() {
                let (own, others) = rest.split_at(*size);
                members.push((self.pack)(&format!("L-{number}/{block}"), own));
                rest = others;
            }
        }
        let members = members.into_iter().filter_map(|member| change(&member.name.clone(), member));
        members.fold(RawArchive::default(), RawArchive::with)
    }

    pub(super) fn file(&self) -> Vec<u8> {
        self.archive_with(|_, member| Some(member)).build()
    }

    /// What the lines show.
    pub(super) fn shown(&self) -> Vec<(u32, Levels)> {
        self.lines.iter().map(|(number, levels)| (*number, levels.iter().map(|level| Some(*level)).collect())).collect()
    }
}

pub(super) fn random_dsl(random: &mut Random, lines: usize) -> Dsl {
    let blocks: Vec<usize> = (0..1 + random.below(4)).map(|_| 1 + random.below(60)).collect();
    let samples = 8 * blocks.iter().sum::<usize>() as u64;
    let lines = (0..lines as u32).map(|n| (5 * n + 1, random_levels(random, samples))).collect();
    Dsl { lines, blocks, pack: [RawMember::deflated, RawMember::stored][random.below(2)] }
}

#[test]
fn random_captures_are_read_exactly() {
    for seed in 0..1000 {
        let mut random = Random::new(seed);
        let lines = 1 + random.below(5);
        let dsl = random_dsl(&mut random, lines);
        let capture = read(&dsl.file()).unwrap_or_else(|error| panic!("{seed}: {error}"));
        expect(&capture, &dsl.shown(), 1, &format!("seed {seed}"));
        assert_eq!((capture.problems.len(), capture.end), (0, RecordEnd::Stated), "{seed}");
        assert_eq!(capture.rate, SampleRate::parse("25 MHz").unwrap());
    }
}

#[test]
fn whole_blocks_are_those_of_two_to_the_24_samples() {
    // Edges right before, at and behind the end of the first block, and one that DSView's total cuts off.
    let edges = [5, (1 << 24) - 1, 1 << 24, (1 << 24) + 1, (1 << 24) + 64];
    let mut levels = vec![false; (1 << 24) + 72];
    edges.iter().for_each(|at| levels[*at..].iter_mut().for_each(|level| *level = !*level));
    let dsl = Dsl { lines: vec![(0, levels)], blocks: vec![2 << 20, 9], pack: RawMember::deflated };
    let capture = read(&dsl.file()).unwrap();
    assert_eq!(capture.lines[0].waveform.changes(), edges.map(|at| at as u64));
    let total = |samples: u64| {
        let archive = dsl.archive_with(|name, member| {
            let header = dsl.header().replace("total samples = 16777288", &format!("total samples = {samples}"));
            Some(if name == "header" { RawMember::stored(name, header.as_bytes()) } else { member })
        });
        let capture = read(&archive.build()).unwrap();
        (capture.length.get(), capture.lines[0].waveform.changes().len())
    };
    // After a range was saved it says more; where it says less, the rest of the last byte is no sample.
    assert_eq!([total(99_999_999), total((1 << 24) + 65)], [((1 << 24) + 72, 5), ((1 << 24) + 65, 5)]);
    assert_eq!(total((1 << 24) + 64), ((1 << 24) + 64, 4));
}

#[test]
fn a_damaged_block_is_lost_on_its_line_alone() {
    for seed in 0..200 {
        let mut random = Random::new(seed);
        let dsl = random_dsl(&mut random, 3);
        let block = random.below(dsl.blocks.len());
        let begin = 8 * dsl.blocks[..block].iter().sum::<usize>();
        let end = begin + 8 * dsl.blocks[block];
        let name = format!("L-6/{block}");
        let mut lines = dsl.shown();
        lines[1].1[begin..end].fill(None);
        for is_missing in [false, true] {
            let file = dsl.archive_with(|own, member| match own == name {
                true if is_missing => None,
                true => Some(member.but(|member| member.crc ^= 1)),
                false => Some(member),
            });
            let capture = read(&file.build()).unwrap();
            expect(&capture, &lines, 1, &format!("seed {seed}"));
            assert!(capture.problems[0].starts_with(&format!("'{name}': ")), "{:?}", capture.problems);
        }
    }
}

#[test]
fn a_block_that_is_damaged_on_all_lines_is_lost() {
    let levels = |seed| random_levels(&mut Random::new(seed), 8 * 30);
    let lines = vec![(0, levels(1)), (1, levels(2))];
    let dsl = Dsl { lines, blocks: vec![10, 10, 10], pack: RawMember::deflated };
    let damaged = dsl.archive_with(|name, member| {
        Some(if name.ends_with("/1") { member.but(|member| member.crc ^= 1) } else { member })
    });
    let capture = read(&damaged.build()).unwrap();
    let mut shown = dsl.shown();
    shown.iter_mut().for_each(|(_, levels)| levels[80..160].fill(None));
    expect(&capture, &shown, 1, "damaged");
    assert_eq!(capture.lost.spans().len(), 1);
    // Without them nothing tells how long they were: time begins anew behind a cut.
    for (block, at) in [(1, 80), (2, 160)] {
        let missing = dsl.archive_with(|name, member| (!name.ends_with(&format!("/{block}"))).then_some(member));
        let capture = read(&missing.build()).unwrap();
        let spans: Vec<(u64, u64)> = capture.lost.spans().iter().map(|span| (span.from.get(), span.to.get())).collect();
        assert_eq!((capture.length.get(), spans), (160, vec![(at, at)]), "{:?}", capture.problems);
        assert_eq!(capture.lost.restarts().count(), 1);
        assert_eq!(capture.end == RecordEnd::AtLeast, block == 2);
    }
}

#[test]
fn what_is_not_known_is_refused_by_name() {
    let dsl = Dsl { lines: vec![(0, vec![true; 80]), (1, vec![false; 80])], blocks: vec![10], pack: RawMember::stored };
    let with_header = |from: &str, to: &str| {
        let header = dsl.header().replace(from, to);
        let archive = dsl.archive_with(|name, member| {
            Some(if name == "header" { RawMember::stored(name, header.as_bytes()) } else { member })
        });
        refused(&archive.build())
    };
    assert!(with_header("version = 3", "version = 2").contains("version 2; version 3 can be read"));
    assert!(with_header("mode = 0", "mode = 2").contains("'device mode = 2', an oscilloscope's or a data logger's"));
    assert!(with_header("blocks = 1", "blocks = 0").starts_with("'L-0/0' is none of the 0 blocks of the 2 probes"));
    assert!(with_header("samples = 80", "samples = 0").starts_with("it has no probes, or no samples"));
    let unlike =
        dsl.archive_with(|name, member| Some(if name == "L-1/0" { RawMember::stored(name, &[0; 9]) } else { member }));
    assert!(refused(&unlike.build()).starts_with("block 0 has 10 bytes of one probe and 9 of another"));
    let large = dsl.archive_with(|name, member| {
        Some(if name == "L-1/0" { RawMember::deflated(name, &[0; (2 << 20) + 1]) } else { member })
    });
    assert!(refused(&large.build()).starts_with("'L-1/0' has 2097153 bytes, more than the 2097152 of a block"));
    let stray = dsl.archive_with(|_, member| Some(member)).with(RawMember::stored("L-7/0", &[0; 10]));
    assert!(refused(&stray.build()).starts_with("'L-7/0' is none of the 1 blocks of the 2 probes"));
    let none = dsl.archive_with(|name, member| (name != "header").then_some(member));
    // It begins with another member then, and is no file of DSView's.
    assert!(refused(&none.build()).contains("no sigrok session: the archive has no member 'version'"));
}
