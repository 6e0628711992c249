//! What may be read at most: refused in a sentence that names the option, and read once that is raised.

use std::path::Path;
use std::process::{Command, Output};

use assert_cmd::cargo::CommandCargoExt as _;
use strobecheck::capture::Caps;
use strobecheck::format::open_within;

use super::archives::{LENGTH, RawMember, metadata, plain, samples, session, states_without, with_metadata};

/// Exit code and standard error of a command over this file.
fn run(file: &[u8], command: &str, options: &[&str]) -> (Option<i32>, String) {
    let output = output(file, command, options);
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

fn output(file: &[u8], command: &str, options: &[&str]) -> Output {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("case.sr"), file).unwrap();
    let mut process = Command::cargo_bin("strobecheck").unwrap();
    process.current_dir(folder.path()).arg(command).arg("case.sr").args(options).output().unwrap()
}

/// One more than allowed is refused so, and as many as allowed are read, by every command that reads all probes.
fn holds(file: &[u8], option: &str, allowed: u64, sentence: &str) {
    for command in ["edges", "wiring"] {
        let (code, said) = run(file, command, &[option, &(allowed - 1).to_string()]);
        assert_eq!((code, said.trim_end()), (Some(2), format!("strobecheck: case.sr: {sentence}").as_str()));
        let (code, said) = run(file, command, &[option, &allowed.to_string()]);
        assert_eq!((code, said.as_str()), (Some(0), ""), "{command} {option}");
    }
}

#[test]
fn samples_are_limited() {
    holds(&plain().build(), "--max-samples", LENGTH, "more than 12499 samples; raise --max-samples");
}

#[test]
fn members_are_limited() {
    holds(&plain().build(), "--max-members", 7, "the archive has more than 6 members; raise --max-members");
    let cut = plain().without_directory();
    let (code, said) = run(&cut, "edges", &["--max-members", "6"]);
    assert_eq!(code, Some(2));
    assert_eq!(said, "strobecheck: case.sr: the archive has more than 6 members; raise --max-members\n");
}

#[test]
fn metadata_is_limited() {
    let size = metadata().len() as u64;
    let sentence = format!("'metadata' has {size} bytes, more than {}; raise --max-metadata", size - 1);
    holds(&plain().build(), "--max-metadata", size, &sentence);
    // As much as a name of two megabytes takes.
    let long = with_metadata("probe3=SPARE", &format!("probe3={}", "n".repeat(2 << 20))).build();
    let (code, said) = run(&long, "wiring", &[]);
    assert!(code == Some(2) && said.ends_with("more than 1048576; raise --max-metadata\n"), "{said}");
    assert_eq!(run(&long, "wiring", &["--max-metadata", "3000000"]).0, Some(0));
}

#[test]
fn edges_are_limited_where_they_are_held() {
    let file = plain().build();
    // 12 pulses on each of two lines.
    let edges = states_without(&[]).windows(2).map(|two| (two[0].1 ^ two[1].1).count_ones()).sum::<u32>();
    assert_eq!(edges, 48);
    let (code, said) = run(&file, "measure", &["--max-edges", "47"]);
    let sentence = "strobecheck: case.sr: more than 47 edges on the wanted lines, as noise or a bus has, and a camera in more than a day; wire other lines, or raise --max-edges\n";
    assert_eq!((code, said.as_str()), (Some(2), sentence));
    assert_eq!(run(&file, "measure", &["--max-edges", "48"]).0, Some(0));
    // What streams holds one chunk: its edges, at most.
    assert_eq!(run(&file, "edges", &["--max-edges", "20"]).0, Some(0));
    assert_eq!(run(&file, "edges", &["--max-edges", "3"]).0, Some(2));
}

#[test]
fn where_edges_are_too_many_those_before_are_written_by_any_number_of_threads() {
    const FIRST: usize = 40_000;
    let toggling = |samples: usize| [0, 1].into_iter().cycle().take(samples).collect::<Vec<u8>>();
    let file = session(metadata().as_bytes())
        .with(RawMember::deflated("logic-1-1", &toggling(FIRST)))
        .with(RawMember::deflated("logic-1-2", &toggling(FIRST + 20_000)))
        .build();
    // At 100 kHz a sample takes 10 us.
    let line = |at: usize| format!("FSIN,{at},0.{at:05}0,{}\n", at % 2);
    let expected = "channel,sample,time_s,level\n".to_owned() + &(1..FIRST).map(line).collect::<String>();
    for jobs in ["1", "2", "5"] {
        let output = output(&file, "edges", &["--max-edges", "50000", "--jobs", jobs]);
        assert_eq!(output.status.code(), Some(2), "{jobs}");
        assert!(String::from_utf8(output.stderr).unwrap().contains("raise --max-edges"), "{jobs}");
        assert!(output.stdout == expected.as_bytes(), "{jobs}: {} bytes", output.stdout.len());
    }
}

#[test]
fn a_thousandfold_packing_is_read_without_ado() {
    // 64 MiB of idle lines in 64 KiB.
    let mut bytes = samples();
    bytes.resize(64 << 20, 0);
    let file = session(metadata().as_bytes()).with(RawMember::deflated("logic-1-1", &bytes)).build();
    assert!(file.len() < bytes.len() / 900, "{}", file.len());
    assert_eq!(run(&file, "edges", &[]).0, Some(0));
}

#[test]
fn what_bzip2_could_blow_up_is_bounded() {
    let chunk = RawMember::bzip2("logic-1-1", &samples()).but(|member| member.size = (4 << 30) + 1);
    let mut archive = session(metadata().as_bytes()).with(chunk.clone());
    archive.zip64 = true;
    let (code, said) = run(&archive.build(), "edges", &[]);
    assert_eq!(code, Some(2));
    assert!(said.ends_with("more than the 4294967296 that are read; pack it by deflate\n"), "{said}");
    archive.members[2] = chunk.but(|member| member.size = 4 << 30);
    assert_eq!(run(&archive.build(), "edges", &[]).0, Some(3));
}

#[test]
fn the_usual_limits_hold_without_being_asked_for() {
    let caps = Caps::default();
    // A directory that counts more members than that is not read.
    let refused = |caps: &Caps| open_within(Box::new(plain().build()), caps).err().map(|error| error.to_string());
    assert_eq!(refused(&caps), None);
    assert!(refused(&Caps { members: 3, ..caps }).unwrap().contains("--max-members"));
    assert!(refused(&Caps { metadata: 3, ..caps }).unwrap().contains("--max-metadata"));
    assert!(caps.members >= 100_000 && caps.members <= 1_000_000);
    assert!(caps.edges * 8 <= 1 << 30);
}

#[test]
fn many_members_take_little_memory_and_time() {
    // 70 000 chunks of one sample, as 0.5.2 writes what trickles in.
    let mut archive = session(metadata().as_bytes());
    for number in 1..=70_000_u32 {
        archive = archive.with(RawMember::stored(&format!("logic-1-{number}"), &[(number / 100 % 2) as u8]));
    }
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), RawZip64(&archive).build()).unwrap();
    // One at every multiple of 100.
    assert_eq!(edges(file.path()), 700);
}

/// More members than 16 bits count need the wide end record.
struct RawZip64<'a>(&'a super::archives::RawArchive);

impl RawZip64<'_> {
    fn build(&self) -> Vec<u8> {
        let mut archive = self.0.clone();
        archive.zip64 = true;
        archive.build()
    }
}

fn edges(path: &Path) -> usize {
    let output = Command::cargo_bin("strobecheck").unwrap().arg("edges").arg(path).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    output.stdout.iter().filter(|&&byte| byte == b'\n').count() - 1
}
