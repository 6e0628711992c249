//! Damaged captures of analyzers' own programs: flagged or refused, and never other edges without a word.

use std::process::Command;

use super::dsl::{Dsl, random_dsl};
use super::sal::{Channel, archive, meta, simple};
use super::{expect, random_levels, read, refused};
use crate::damage::archives::{self, RawArchive, RawMember};
use crate::damage::mutations::{Noise, is_honest, mutate};
use crate::generator::Random;

/// Two lines, in chunks.
fn channels(version: i32) -> Vec<Channel> {
    let levels = |seed| random_levels(&mut Random::new(seed), 1500);
    let chunked = |channel: Channel| Channel { version, chunks: vec![(0, 400), (400, 1111), (1111, 1500)], ..channel };
    vec![chunked(simple(0, levels(1))), chunked(simple(1, levels(2)))]
}

fn sal_files() -> Vec<Vec<u8>> {
    let (one, two) = (channels(1), channels(2));
    let deferred = |mut archive: RawArchive| {
        archive.members.iter_mut().for_each(|member| member.deferred = true);
        archive
    };
    vec![
        archive(16, &one, RawMember::deflated).build(),
        archive(16, &one, RawMember::stored).build(),
        archive(16, &two, RawMember::deflated).build(),
        deferred(archive(16, &one, RawMember::deflated)).build(),
        RawArchive { zip64: true, ..archive(16, &two, RawMember::bzip2) }.build(),
        archive(16, &two, RawMember::stored).without_directory(),
    ]
}

/// A good file of each of these formats, by its id.
pub(crate) fn good_files() -> [(&'static str, Vec<u8>); 3] {
    [
        ("saleae-sal", sal_files().swap_remove(1)),
        ("saleae-sal", sal_files().swap_remove(2)),
        ("dsview-dsl", dsl_files().swap_remove(1)),
    ]
}

fn dsl_files() -> Vec<Vec<u8>> {
    let dsl = Dsl { blocks: vec![40, 50, 7], ..random_dsl(&mut Random::new(3), 2) };
    let lines = (0..2).map(|n| (n, random_levels(&mut Random::new(n.into()), 8 * 97))).collect();
    let of = |pack| Dsl { lines: Vec::clone(&lines), pack, ..dsl.clone() };
    let archive = |dsl: &Dsl| dsl.archive_with(|_, member| Some(member));
    vec![
        of(RawMember::deflated).file(),
        of(RawMember::stored).file(),
        RawArchive { zip64: true, ..archive(&of(RawMember::bzip2)) }.build(),
        of(RawMember::deflated).archive_with(|_, member| Some(member.but(|member| member.deferred = true))).build(),
        archive(&of(RawMember::stored)).without_directory(),
    ]
}

/// `STROBECHECK_MUTATIONS=10000` tries so many of each format.
fn no_mutation_gives_other_edges(files: &[Vec<u8>]) {
    let count = std::env::var("STROBECHECK_MUTATIONS").map_or(1000, |count| count.parse::<u64>().unwrap());
    let truth = archives::read(&files[0]).unwrap();
    assert_eq!(truth.extent.problems.len(), 0);
    for file in files {
        assert!(is_honest(Some(&archives::read(file).unwrap()), &truth));
    }
    let (mut refused, mut flagged, mut same) = (0_u64, 0_u64, 0_u64);
    for round in 0..count {
        let mut noise = Noise::new(round.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x5a1);
        let mut file = files[noise.below(files.len())].clone();
        let other = &files[noise.below(files.len())];
        (0..=noise.below(3)).for_each(|_| mutate(&mut file, other, &mut noise));
        let reading = archives::read(&file).ok();
        assert!(is_honest(reading.as_ref(), &truth), "round {round}: {reading:?}");
        match reading {
            None => refused += 1,
            Some(reading) if reading.extent.problems.is_empty() => same += 1,
            Some(_) => flagged += 1,
        }
    }
    assert!(refused.min(flagged).min(same) > count / 100, "{refused} refused, {flagged} flagged, {same} the same");
}

#[test]
fn no_mutation_of_a_sal_gives_other_edges_without_a_word() {
    no_mutation_gives_other_edges(&sal_files());
}

#[test]
fn no_mutation_of_a_dsl_gives_other_edges_without_a_word() {
    no_mutation_gives_other_edges(&dsl_files());
}

#[test]
fn a_file_that_is_cut_anywhere_is_flagged_or_refused() {
    for file in [&sal_files()[0], &dsl_files()[0]] {
        for length in (0..file.len()).step_by(7) {
            if let Ok(reading) = archives::read(&file[..length]) {
                assert!(!reading.extent.problems.is_empty(), "cut at {length} of {}", file.len());
            }
        }
    }
}

#[test]
fn a_damaged_channel_is_lost_and_the_others_are_not() {
    let whole = archive(16, &channels(1), RawMember::deflated);
    let mut lines: Vec<_> =
        channels(1).into_iter().map(|own| (own.number, own.levels.into_iter().map(Some).collect())).collect();
    let damaged = |change: fn(&mut RawMember)| {
        let mut archive = whole.clone();
        change(&mut archive.members[1]);
        read(&archive.build()).unwrap()
    };
    let levels: &mut Vec<Option<bool>> = &mut lines[1].1;
    levels.fill(None);
    for (capture, what) in [
        (damaged(|member| member.crc ^= 1), "'digital-1.bin': bad CRC-32"),
        (damaged(|member| member.packed[9] ^= 4), "'digital-1.bin': "),
        (damaged(|member| member.size += 1), "'digital-1.bin': its size is not the"),
        (damaged(|member| member.local_name = "digital-9.bin".to_owned()), "'digital-1.bin': its own header calls it"),
    ] {
        expect(&capture, &lines, 1, what);
        assert!(capture.problems[0].starts_with(what), "{:?}", capture.problems);
    }
    let mut missing = whole.clone();
    missing.members.remove(1);
    let capture = read(&missing.build()).unwrap();
    expect(&capture, &lines, 1, "missing");
    assert_eq!(capture.problems, ["'digital-1.bin': it is not in the archive; its line is lost"]);
    let mut none = whole;
    none.members.iter_mut().take(2).for_each(|member| member.crc ^= 1);
    assert!(refused(&none.build()).starts_with("none of its channels can be read; 'digital-0.bin': bad CRC-32"));
}

#[test]
fn a_damaged_capture_never_passes() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("capture");
    // 1 MHz: 20 frames of 10 ms, exposed for 5 ms.
    let levels = || -> Vec<bool> { (0..200_000).map(|at| at % 10_000 >= 5000).collect() };
    let whole = archive(20, &[simple(0, levels()), simple(1, levels())], RawMember::deflated);
    let judged = |strobe: &str| {
        let limit = ["--limit", "exposure.time=5 ms ± 10 us", "--limit", "frame.time=10 ms ± 10 us"];
        let mut command = Command::new(env!("CARGO_BIN_EXE_strobecheck"));
        command.arg("verify").arg(&path).args(["--no-report", "--wire"]).arg(format!("strobe={strobe}")).args(limit);
        command.output().unwrap().status.code()
    };
    let verify = |archive: &RawArchive, strobe: &str| {
        std::fs::write(&path, archive.build()).unwrap();
        judged(strobe)
    };
    assert_eq!(verify(&whole, "D0"), Some(0));
    // A line of which nothing is known cannot be judged; one with a hole is not whole.
    let mut damaged = whole.clone();
    damaged.members[1].crc ^= 1;
    assert_eq!(verify(&damaged, "D1"), Some(2));
    let hole = Channel { chunks: vec![(0, 90_000), (91_000, 200_000)], ..simple(0, levels()) };
    assert_eq!(verify(&archive(20, &[hole], RawMember::deflated), "D0"), Some(3));
    let mut unlisted = whole.build();
    unlisted.truncate(unlisted.len() - 20);
    std::fs::write(&path, &unlisted).unwrap();
    assert_eq!(judged("D0"), Some(3));
}

#[test]
fn an_archive_that_was_packed_anew_is_read_when_it_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("anew.sal");
    let anew = RawArchive::default()
        .with(RawMember::stored("notes.txt", b"by hand"))
        .with(RawMember::stored("meta.json", meta(16, &[0], "").as_bytes()))
        .with(RawMember::stored("digital-0.bin", &simple(0, [vec![true; 5], vec![false; 5]].concat()).bytes()));
    std::fs::write(&path, anew.build()).unwrap();
    let edges = |more: &[&str]| {
        let output =
            Command::new(env!("CARGO_BIN_EXE_strobecheck")).arg("edges").arg(&path).args(more).output().unwrap();
        String::from_utf8([output.stdout, output.stderr].concat()).unwrap()
    };
    let said = edges(&[]);
    assert!(said.contains("it is a capture of Saleae Logic 2 (.sal), packed anew: say so: --input-format"), "{said}");
    let said = edges(&["--input-format", "saleae-sal"]);
    assert!(said.contains("\nD0,5,"), "{said}");
}
