//! `repair`: what is left of a damaged capture opens everywhere, keeps its times, and still cannot pass.

use std::path::Path;
use std::process::{Command, Output};

use assert_cmd::cargo::CommandCargoExt as _;
use strobecheck::verdict::Verdict;

use super::archives::{CHUNK, LENGTH, SPEC, judged, plain, read, samples, states_without, with_chunk};
use super::table::{Outcome, cases};

fn repair(from: &Path, to: &Path) -> Output {
    (Command::cargo_bin("strobecheck").unwrap()).arg("repair").arg(from).arg("-o").arg(to).output().unwrap()
}

fn by_sigrok(path: &Path) -> Vec<u8> {
    let output = (Command::new("sigrok-cli").arg("-i").arg(path).args(["-O", "binary"]).output())
        .unwrap_or_else(|error| panic!("sigrok-cli cannot be run: {error}; these tests need it"));
    assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
    output.stdout
}

#[test]
fn a_capture_cut_off_opens_again_as_far_as_it_goes() {
    let folder = tempfile::tempdir().unwrap();
    let (cut, fixed) = (folder.path().join("cut.sr"), folder.path().join("fixed.sr"));
    // Within the last of five chunks: four are complete.
    let whole = plain().without_directory();
    std::fs::write(&cut, &whole[..whole.len() - 10]).unwrap();
    let sigrok = Command::new("sigrok-cli").arg("-i").arg(&cut).args(["-O", "binary"]).output();
    let sigrok = sigrok.unwrap_or_else(|error| panic!("sigrok-cli cannot be run: {error}; these tests need it"));
    assert!(sigrok.stdout.is_empty(), "sigrok-cli reads it as it is");

    let output = repair(&cut, &fixed);
    assert_eq!(output.status.code(), Some(3));
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(said.ends_with("fixed.sr: 12500 samples, 2500 of them lost, in one place\n"), "{said}");
    let lost = String::from_utf8(output.stderr).unwrap();
    assert!(lost.contains("samples 10000 to 12499 are lost"), "{lost}");

    let read_by_sigrok = by_sigrok(&fixed);
    assert_eq!(read_by_sigrok.len() as u64, LENGTH);
    assert!(read_by_sigrok[..10_000] == samples()[..10_000]);
    let bytes = std::fs::read(&fixed).unwrap();
    let reading = read(&bytes).unwrap();
    assert_eq!(reading.lost(), [(10_000, LENGTH)]);
    assert_eq!(reading.changes, states_without(&[(10_000, LENGTH)]));
    assert_eq!(judged(&bytes, SPEC).unwrap().verdict, Verdict::Inconclusive);
}

#[test]
fn what_is_flagged_is_repaired_and_stays_flagged() {
    let folder = tempfile::tempdir().unwrap();
    let (damaged, fixed) = (folder.path().join("damaged.sr"), folder.path().join("fixed.sr"));
    let mut repaired = 0;
    for case in cases() {
        let Outcome::Flagged { lost, .. } = &case.outcome else { continue };
        std::fs::write(&damaged, &case.file).unwrap();
        let _ = std::fs::remove_file(&fixed);
        let output = repair(&damaged, &fixed);
        let before = read(&case.file).unwrap();
        if before.extent.length.get() > 1 << 30 {
            // A few bytes that claim terabytes are not written out.
            assert_eq!(output.status.code(), Some(2), "{}", case.name);
            assert!(String::from_utf8_lossy(&output.stderr).contains("are lost: too little is left"), "{}", case.name);
            assert!(!fixed.exists(), "{}", case.name);
            continue;
        }
        if before.changes.is_empty() {
            assert_eq!(output.status.code(), Some(2), "{}", case.name);
            assert!(!fixed.exists(), "{}", case.name);
            continue;
        }
        assert_eq!(output.status.code(), Some(3), "{}: {output:?}", case.name);
        let bytes = std::fs::read(&fixed).unwrap();
        let after = read(&bytes).unwrap();
        assert_eq!((&after.changes, &after.extent), (&before.changes, &before.extent), "{}", case.name);
        assert_ne!(judged(&bytes, SPEC).unwrap().verdict, Verdict::Pass, "{}", case.name);
        let sigrok = by_sigrok(&fixed);
        assert_eq!(sigrok.len() as u64, before.extent.length.get(), "{}", case.name);
        if before.extent.length.get() == LENGTH {
            let samples = samples();
            let intact = |at: u64| !lost.iter().any(|(from, to)| (*from..*to).contains(&at));
            let wrong = (0..LENGTH).find(|&at| intact(at) && sigrok[at as usize] & 3 != samples[at as usize]);
            assert_eq!(wrong, None, "{}", case.name);
        }
        repaired += 1;
    }
    assert!(repaired > 30, "{repaired}");
}

#[test]
fn an_intact_window_of_a_repaired_capture_may_pass_and_one_across_the_gap_may_not() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    std::fs::write(path("damaged.sr"), with_chunk(3, |chunk| chunk.crc ^= 1).build()).unwrap();
    std::fs::write(path("spec.toml"), SPEC).unwrap();
    assert_eq!(repair(&path("damaged.sr"), &path("fixed.sr")).status.code(), Some(3));
    let verify = |from: &str, to: &str| {
        let mut command = Command::cargo_bin("strobecheck").unwrap();
        command.args(["verify", "--no-report", "-q", "--from", from, "--to", to]).arg(path("fixed.sr"));
        command.output().unwrap().status.code()
    };
    // Chunk 3 is 50 to 75 ms.
    assert_eq!(CHUNK, 2_500);
    assert_eq!([verify("0 ms", "50 ms"), verify("75 ms", "120 ms")], [Some(0); 2]);
    assert_eq!([verify("0 ms", "51 ms"), verify("60 ms", "120 ms")], [Some(3); 2]);
}

#[test]
fn a_whole_capture_comes_back_whole() {
    let folder = tempfile::tempdir().unwrap();
    let (whole, fixed) = (folder.path().join("whole.sr"), folder.path().join("fixed.sr"));
    std::fs::write(&whole, plain().build()).unwrap();
    let output = repair(&whole, &fixed);
    assert_eq!((output.status.code(), output.stderr.len()), (Some(0), 0));
    assert!(String::from_utf8(output.stdout).unwrap().ends_with("12500 samples, none of them lost\n"));
    let bytes = std::fs::read(&fixed).unwrap();
    assert_eq!(read(&bytes).unwrap().changes, states_without(&[]));
    assert_eq!(judged(&bytes, SPEC).unwrap().verdict, Verdict::Pass);
}

#[test]
fn the_evidence_is_never_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("damaged.sr");
    let file = plain().without_directory();
    std::fs::write(&path, &file).unwrap();
    let output = repair(&path, &folder.path().join("./damaged.sr"));
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stderr).unwrap().contains("nothing is written over"));
    assert_eq!(std::fs::read(&path).unwrap(), file);
}
