//! Saleae Logic 2's captures.

use strobecheck::format::open;
use strobecheck::units::SampleRate;

use super::{Levels, expect, random_levels, random_places, read, refused};
use crate::damage::archives::{RawArchive, RawMember};
use crate::generator::Random;

/// What a channel's member says.
#[derive(Debug, Clone)]
pub(super) struct Channel {
    pub(super) number: u32,
    pub(super) version: i32,
    pub(super) rate: u64,
    pub(super) first: Option<u64>,
    pub(super) last: Option<u64>,
    /// The number of the first sample of the levels.
    pub(super) origin: u64,
    pub(super) levels: Vec<bool>,
    /// So many samples stand for each level.
    pub(super) scale: u64,
    /// The chunks, in levels.
    pub(super) chunks: Vec<(u64, u64)>,
}

/// A run of so many samples.
fn run(samples: u64) -> Vec<u8> {
    let mut value = samples - 1;
    let mut groups = Vec::new();
    while value > 0x3f {
        groups.push((value & 0x7f) as u8);
        value >>= 7;
    }
    let more = |is_last: bool, bit: u8| if is_last { 0 } else { bit };
    let mut bytes = vec![value as u8 | more(groups.is_empty(), 0x40)];
    while let Some(group) = groups.pop() {
        bytes.push(group | more(groups.is_empty(), 0x80));
    }
    bytes
}

impl Channel {
    fn head(&self, chunks: u64) -> Vec<u8> {
        let mut bytes = b"<SALEAE>".to_vec();
        bytes.extend(self.version.to_le_bytes());
        bytes.extend(100_i32.to_le_bytes());
        bytes.push(1);
        bytes.extend((self.rate as f64).to_le_bytes());
        bytes.extend(1_719_302_058_657_u64.to_le_bytes());
        bytes.extend(0.2137_f64.to_le_bytes());
        for kept in [self.first, self.last] {
            bytes.push(u8::from(kept.is_some()));
            bytes.extend(kept.into_iter().flat_map(u64::to_le_bytes));
        }
        bytes.extend(chunks.to_le_bytes());
        bytes
    }

    fn sample(&self, level: u64) -> u64 {
        self.origin + level * self.scale
    }

    /// The bytes of its member.
    pub(super) fn bytes(&self) -> Vec<u8> {
        let mut bytes = self.head(self.chunks.len() as u64);
        for &(from, to) in &self.chunks {
            let (begin, end) = (self.sample(from), self.sample(to));
            let levels = &self.levels[from as usize..to as usize];
            let (mut runs, mut places) = (Vec::new(), vec![(0_u64, 0_u64, levels[0])]);
            let mut at = 0;
            for group in levels.chunk_by(|one, next| one == next) {
                // Logic 2 writes such a place with the first run behind each 128 bytes.
                if runs.len() as u64 >= places[places.len() - 1].1 + 128 {
                    places.push((at * self.scale, runs.len() as u64, group[0]));
                }
                runs.extend(run(group.len() as u64 * self.scale));
                at += group.len() as u64;
            }
            bytes.extend([begin, end].iter().flat_map(|number| number.to_le_bytes()));
            if self.version == 1 {
                bytes.extend([end - begin, self.rate, 1].iter().flat_map(|number| number.to_le_bytes()));
            } else {
                bytes.extend([u8::from(levels[0]), 0]);
            }
            bytes.extend((runs.len() as u64).to_le_bytes());
            bytes.extend(runs);
            if self.version == 1 {
                bytes.extend((places.len() as u64).to_le_bytes());
                for (sample, byte, level) in places {
                    bytes.extend([sample, byte].iter().flat_map(|number| number.to_le_bytes()));
                    bytes.extend(u32::from(level).to_le_bytes());
                }
            }
        }
        bytes
    }

    /// The first level that is kept, the one behind the last that is there, and the one behind the last that is kept.
    fn kept(&self) -> (u64, u64, u64) {
        let level = |sample: u64| sample.saturating_sub(self.origin) / self.scale;
        let (begin, end) = (self.chunks[0].0, self.chunks[self.chunks.len() - 1].1);
        let kept_to = self.last.map_or(end, |last| level(last + 1));
        (self.first.map_or(0, level).max(begin), kept_to.min(end), kept_to)
    }
}

/// `meta.json` of this version, with so many digital channels called `D0`, `D1` and so on, and what else it says.
pub(super) fn meta(version: u32, channels: &[u32], more: &str) -> String {
    let number = if version < 14 { "index" } else { "deviceChannel" };
    let list = channels
        .iter()
        .map(|channel| format!(r#"{{"type": "Digital", "{number}": {channel}, "file": "./digital-{channel}.bin"}}"#));
    let list: Vec<String> = list.collect();
    let rows = channels
        .iter()
        .map(|channel| format!(r#"{{"name": "D{channel}", "channel": {{"type": "Digital", "{number}": {channel}}}}}"#));
    let (list, rows) = (list.join(", "), rows.collect::<Vec<_>>().join(", "));
    format!(r#"{{"version": {version}, "data": {{"rowsSettings": [{rows}]{more}}}, "binData": [{list}]}}"#)
}

/// A capture of these channels, packed so.
pub(super) fn archive(version: u32, channels: &[Channel], pack: fn(&str, &[u8]) -> RawMember) -> RawArchive {
    let numbers: Vec<u32> = channels.iter().map(|channel| channel.number).collect();
    let begun = channels.iter().fold(RawArchive::default(), |archive, channel| {
        archive.with(pack(&format!("digital-{}.bin", channel.number), &channel.bytes()))
    });
    begun.with(pack("meta.json", meta(version, &numbers, "").as_bytes()))
}

/// A channel whose chunks follow each other from begin to end.
pub(super) fn simple(number: u32, levels: Vec<bool>) -> Channel {
    let length = levels.len() as u64;
    let (version, rate, first, last) = (1, 1_000_000, None, None);
    Channel { number, version, rate, first, last, origin: 0, levels, scale: 1, chunks: vec![(0, length)] }
}

/// The member of one channel among others of a good capture.
fn with_member(member: &[u8]) -> Vec<u8> {
    RawArchive::default()
        .with(RawMember::stored("digital-0.bin", member))
        .with(RawMember::stored("meta.json", meta(16, &[0], "").as_bytes()))
        .build()
}

/// Stretches that follow each other, some of them left out.
fn chunks(places: &[u64], length: u64, left_out: &[bool]) -> Vec<(u64, u64)> {
    let begins = [0].into_iter().chain(places.iter().copied());
    let ends = places.iter().copied().chain([length]);
    let all = begins.zip(ends).zip(left_out.iter().copied().chain(std::iter::repeat(false)));
    all.filter(|(_, is_out)| !is_out).map(|(chunk, _)| chunk).collect()
}

/// A random capture: its channels, and what each of them shows.
fn random_capture(random: &mut Random) -> (Vec<Channel>, Vec<(u32, Levels)>, u64) {
    let length = 30 + random.next() % 900;
    let scale = [1, 1, 1, 64, 100, 70_000, 1 << 33][random.below(7)];
    let origin = [0, 5_000_000, 1 << 40][random.below(3)];
    let version = 1 + random.below(2) as i32;
    let rate = [1_000_000, 24_000_000, 125_000_000, 500_000_000][random.below(4)];
    let has_gaps = random.below(3) == 0;
    let shared = random_places(random, length, 6);
    let out: Vec<bool> = (0..shared.len()).map(|_| has_gaps && random.below(3) == 0).collect();
    let (from, to) = (random.next() % (length / 3), length - random.next() % (length / 3));
    let trims = (random.below(2) == 1, random.below(2) == 1);
    let mut channels = Vec::new();
    for number in (0..1 + random.below(5) as u32).map(|n| 3 * n) {
        let own = random.below(3) == 0;
        let places = if own { random_places(random, length, 6) } else { shared.clone() };
        let mut channel = simple(number, random_levels(random, length));
        (channel.version, channel.rate, channel.origin, channel.scale) = (version, rate, origin, scale);
        // Behind the last one left out, one is there.
        channel.chunks = chunks(&places, length, if own { &[] } else { &out });
        channel.first = trims.0.then(|| channel.sample(from));
        channel.last = trims.1.then(|| channel.sample(to) - 1);
        let (kept_from, kept_to, _) = channel.kept();
        if kept_from < kept_to {
            channels.push(channel);
        }
    }
    let begin = channels.iter().map(|channel| channel.kept().0).min().unwrap_or(0);
    let end = channels.iter().map(|channel| channel.kept().2).max().unwrap_or(0);
    let lines = channels.iter().map(|channel| {
        let (from, to, _) = channel.kept();
        let is_there = |at: &u64| channel.chunks.iter().any(|(from, to)| (from..to).contains(&at));
        let level = |at: u64| Some(at).filter(is_there).filter(|at| (from..to).contains(at));
        (channel.number, (begin..end).map(|at| level(at).map(|at| channel.levels[at as usize])).collect())
    });
    let lines = lines.collect();
    (channels, lines, scale)
}

#[test]
fn random_captures_are_read_exactly() {
    let mut read_whole = 0;
    for seed in 0..1000 {
        let mut random = Random::new(seed);
        let (channels, lines, scale) = random_capture(&mut random);
        if channels.is_empty() {
            continue;
        }
        let version = [5, 14, 15, 16, 17, 19, 20][random.below(7)];
        let pack = [RawMember::deflated, RawMember::stored][random.below(2)];
        let capture =
            read(&archive(version, &channels, pack).build()).unwrap_or_else(|error| panic!("{seed}: {error}"));
        expect(&capture, &lines, scale, &format!("seed {seed}"));
        assert_eq!(capture.rate, SampleRate::parse(&format!("{} Hz", channels[0].rate)).unwrap(), "{seed}");
        let names: Vec<&str> = capture.lines.iter().map(|line| line.probe.name.as_str()).collect();
        assert_eq!(names, channels.iter().map(|channel| format!("D{}", channel.number)).collect::<Vec<_>>(), "{seed}");
        let is_lost = !capture.lost.is_empty();
        assert_eq!(capture.problems.is_empty(), !is_lost, "{seed}: {:?}", capture.problems);
        read_whole += u32::from(!is_lost);
    }
    assert!((500..990).contains(&read_whole), "{read_whole}");
}

#[test]
fn bytes_that_logic_2_wrote_are_read_by_hand() {
    // The first chunk of a capture that Logic 2 made, up to its third edge, with the end moved there: 41 8e c0 27 is
    // ((1·128 + 0x0e)·128 + 0x40)·128 + 0x27 + 1 = 2,334,760 samples; 41 cb 42 26,051; 41 cb 25 26,022; 40 e5 61 13,026.
    let runs = [0x41, 0x8e, 0xc0, 0x27, 0x41, 0xcb, 0x42, 0x41, 0xcb, 0x25, 0x40, 0xe5, 0x61];
    let begin = 0x2080_0000_u64;
    let length = 2_334_760 + 26_051 + 26_022 + 13_026;
    let mut member = b"<SALEAE>\x01\0\0\0\x64\0\0\0\x01\0\0\0\0\x65\xcd\x9d\x41\xa1\x72\x63\x4e\x90\x01\0\0".to_vec();
    member.extend(b"\x98\xdd\x93\x87\x85\x5a\xcb\x3f\x01\x72\x26\x96\x20\0\0\0\0\x01");
    member.extend((begin + length - 1).to_le_bytes());
    member.extend(1_u64.to_le_bytes());
    let numbers = [begin, begin + length, length, 125_000_000, 1, runs.len() as u64];
    member.extend(numbers.iter().flat_map(|number| number.to_le_bytes()));
    member.extend(runs);
    member.extend(b"\x01\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01\0\0\0");
    let capture = read(&with_member(&member)).unwrap();
    // It keeps the samples from 0x20962672 on.
    let cut = 0x2096_2672 - begin;
    let edges = [2_334_760 - cut, 2_360_811 - cut, 2_386_833 - cut];
    assert_eq!((capture.length.get(), capture.lines[0].waveform.changes().to_vec()), (length - cut, edges.to_vec()));
    assert_eq!(capture.lines[0].waveform.initial().bit(), 1);
    // As Logic 2 shows them.
    assert_eq!(edges, [883_126, 909_177, 935_199]);
}

#[test]
fn runs_of_every_length_are_as_long() {
    let lengths = [1, 63, 64, 65, 8191, 8192, 8193, 1 << 20, (1 << 20) + 1, (1 << 27) + 1, 1 << 34, (1 << 34) + 1, 1];
    for version in [1, 2] {
        let total: u64 = lengths.iter().sum();
        let mut channel = simple(0, vec![true]);
        (channel.version, channel.scale) = (version, total);
        let good = channel.bytes();
        let runs: Vec<u8> = lengths.iter().flat_map(|length| run(*length)).collect();
        let one = run(total);
        let at = good.windows(one.len()).rposition(|bytes| bytes == one).unwrap();
        let mut member = good[..at - 8].to_vec();
        member.extend((runs.len() as u64).to_le_bytes());
        member.extend(&runs);
        member.extend(&good[at + one.len()..]);
        let capture = read(&with_member(&member)).unwrap();
        let mut at = 0;
        let ends: Vec<u64> = lengths
            .iter()
            .map(|length| {
                at += length;
                at
            })
            .collect();
        assert_eq!(capture.lines[0].waveform.changes(), ends[..lengths.len() - 1], "{version}");
        assert_eq!(capture.length.get(), total);
    }
}

/// Changes bytes of the good member of version 1 or 2, and says why it is refused.
fn changed(version: i32, change: impl FnOnce(&mut Vec<u8>)) -> String {
    let mut channel = simple(0, [vec![true; 70], vec![false; 30]].concat());
    channel.version = version;
    let mut member = channel.bytes();
    change(&mut member);
    refused(&with_member(&member))
}

#[test]
fn what_is_not_known_is_refused_by_name() {
    // Bytes 8 version, 12 type, 16 the first 1, 17 the rate, 41 and 42 the flags, 43 the chunks, 51 begin, 59 end; of
    // version 1, 67 count, 75 rate, 83 one, 91 size of the runs, 99 runs (of 2 and 1 bytes), 102 places; of version 2, 67
    // level, 68 zero, 69 size, 77 runs.
    let set = |version, at: usize, value: u8| changed(version, |member| member[at] = value);
    let is_said = |said: String, what: &str| {
        assert!(said.starts_with("'digital-0.bin': ") && said.contains(what), "{said}");
        assert!(said.ends_with("; in Logic 2, export the raw data as CSV"), "{said}");
    };
    is_said(set(1, 0, b'['), "does not begin with '<SALEAE>'");
    is_said(set(1, 8, 3), "version 3; versions 1 and 2 can be read");
    is_said(set(1, 12, 101), "an analog channel");
    is_said(set(1, 12, 7), "type 7; type 100, digital");
    for version in [1, 2] {
        is_said(set(version, 16, 2), "the byte before the sample rate is 2, where 1 is known");
        is_said(set(version, 41, 2), "the byte before a kept sample is 2, where 0 or 1 is known");
        is_said(
            changed(version, |member| member[17..25].copy_from_slice(&1.5_f64.to_le_bytes())),
            "1.5 Hz is no whole",
        );
        is_said(changed(version, |member| member[17..25].copy_from_slice(&f64::NAN.to_le_bytes())), "NaN Hz");
        is_said(set(version, 43, 0), "bytes follow behind");
        is_said(set(version, 43, 2), "ends within its data");
        is_said(set(version, 45, 0xff), "more than 1048576 chunks");
        is_said(set(version, 51, 101), "ends before it begins");
        is_said(changed(version, |member| member.push(0)), "bytes follow behind its last chunk");
        is_said(changed(version, |member| member.truncate(43)), "ends within its data");
    }
    is_said(set(1, 67, 99), "chunk 1: its samples are not as many as it says");
    is_said(set(1, 59, 99), "chunk 1: its samples are not as many as it says");
    is_said(set(2, 59, 99), "chunk 1: its samples are not as many as it says");
    is_said(set(2, 59, 101), "chunk 1: its samples are not as many as it says");
    is_said(set(1, 75, 1), "the sample rate of a chunk is");
    is_said(set(1, 83, 0), "the number before the runs is 0, where 1 is known");
    is_said(set(2, 67, 2), "the level at a chunk's begin is 2");
    is_said(set(2, 68, 1), "the byte behind the level is 1, where 0 is known");
    is_said(set(1, 99, 0x80), "a run with its highest bit set");
    is_said(set(2, 77, 0xc0), "a run with its highest bit set");
    is_said(set(1, 102, 0), "its places to begin at are none within it");
    is_said(set(1, 110, 1), "its places to begin at are none within it");
    is_said(set(1, 126, 2), "the level at a place to begin at is 2");
    let mut overlap = simple(0, vec![true; 100]);
    overlap.chunks = vec![(0, 60), (59, 100)];
    is_said(refused(&with_member(&overlap.bytes())), "chunk 2 begins before the one before it ends");
    let mut trimmed = simple(0, vec![true; 100]);
    trimmed.first = Some(100);
    is_said(refused(&with_member(&trimmed.bytes())), "it has no samples");
    let mut other = simple(1, vec![true; 100]);
    other.rate = 2_000_000;
    let rates = refused(&archive(16, &[simple(0, vec![true; 100]), other], RawMember::deflated).build());
    assert!(rates.starts_with("'digital-1.bin' has another sample rate than the channel before it"), "{rates}");
}

#[test]
fn another_container_is_refused_by_name() {
    let with_meta = |meta: &str| {
        let member = simple(0, vec![true; 100]).bytes();
        let archive = RawArchive::default().with(RawMember::stored("digital-0.bin", &member));
        refused(&archive.with(RawMember::stored("meta.json", meta.as_bytes())).build())
    };
    let version = with_meta(&meta(21, &[0], ""));
    assert!(version.contains("of version 21; versions 5 and 14 to 20 can be read"), "{version}");
    let mso = with_meta(&meta(20, &[0], r#", "connectedDevice": {"deviceType": "LogicMSO2x100"}"#));
    assert!(mso.contains("a capture of Logic MSO"), "{mso}");
    assert!([version, mso].iter().all(|said| said.ends_with("export the raw data as CSV")));
    let none = refused(&RawArchive::default().with(RawMember::stored("digital-0.bin", b"x")).build());
    assert_eq!(none, "no capture of Saleae Logic 2: the archive has no member 'meta.json'");
}

#[test]
fn a_software_glitch_filter_is_said() {
    for (filter, is_on) in [(r#"{"enabled": true}"#, true), (r#"{"enabled": false}"#, false)] {
        let more = format!(r#", "captureSettings": {{"glitchFilter": {filter}}}"#);
        let archive = RawArchive::default()
            .with(RawMember::stored("digital-0.bin", &simple(0, vec![true; 100]).bytes()))
            .with(RawMember::stored("meta.json", meta(16, &[0], &more).as_bytes()));
        let reader = open(Box::new(archive.build())).unwrap();
        let said = reader.header().warnings.join(" ");
        assert_eq!(said.starts_with("Logic 2's software glitch filter was on"), is_on, "{said}");
    }
}
