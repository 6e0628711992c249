//! `verify --expect` and `--bless`: what is expected of a capture lies beside it, is read only when it is asked for, and is
//! written only where nothing is lost.

use std::fs;
use std::path::Path;

use super::{Bench, Said};

/// A capture that fails, with the fault that is found first.
const LATE: &str = "fault-flash-late";

fn bench() -> Bench {
    let bench = Bench::new();
    for extension in ["sr", "spec.toml"] {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("captures/{LATE}.{extension}"));
        fs::copy(file, bench.path(&format!("late.{extension}"))).unwrap();
    }
    bench
}

fn verify(bench: &Bench, more: &[&str]) -> Said {
    bench.run(&[&["verify", "late.sr", "--no-report"], more].concat())
}

#[test]
fn a_file_beside_the_capture_has_no_effect_unless_it_is_asked_for() {
    let bench = bench();
    bench.write("late.expect.toml", "verdict = \"fail\"\n");
    assert_eq!(verify(&bench, &[]).code, Some(1));
    let said = verify(&bench, &["--expect"]);
    assert_eq!((said.code, said.stdout.as_str()), (Some(0), "AS EXPECTED  late.sr  FAIL: flash-late\n"));
    // What is asked for and is not there, or cannot be read, is no pass.
    let said = bench.run(&["verify", "a.sr", "late.sr", "--no-report", "--expect"]);
    assert_eq!(said.code, Some(2));
    assert!(said.stdout.contains("NOT AS EXPECTED  a.sr  a.expect.toml is not there; --expect --bless writes it"));
    assert!(said.stdout.ends_with("NOT AS EXPECTED  2 captures: 1 as expected, 1 not\n"), "{said:?}");
    bench.write("late.expect.toml", "verdict = \"fail\"\nfindigs = \"flash-late\"\n");
    let said = verify(&bench, &["--expect"]);
    assert_eq!(said.code, Some(2));
    assert!(
        said.stdout.contains("late.sr  late.expect.toml:2:1: unknown field `findigs`, expected one of"),
        "{said:?}"
    );
}

#[test]
fn a_capture_that_cannot_be_judged_is_never_as_expected() {
    let bench = bench();
    bench.write("late.sr", "gone");
    bench.write("late.expect.toml", "verdict = \"fail\"\n");
    for more in [&["--expect"][..], &["--expect", "--bless"], &["--expect", "--bless", "--force"]] {
        let said = verify(&bench, more);
        assert_eq!(said.code, Some(2), "{said:?}");
        assert!(said.stdout.contains("late.sr"), "{said:?}");
        assert_eq!(bench.text("late.expect.toml"), "verdict = \"fail\"\n");
    }
}

#[test]
fn bless_writes_what_is_missing_and_replaces_only_when_forced() {
    let bench = bench();
    let said = verify(&bench, &["--expect", "--bless"]);
    assert_eq!(said.code, Some(0), "{said:?}");
    assert!(
        said.stdout.ends_with("AS EXPECTED  late.sr  FAIL: flash-late\nExpectation: late.expect.toml\n"),
        "{said:?}"
    );
    let written = bench.text("late.expect.toml");
    let stated: toml::Table = written.parse().unwrap();
    assert_eq!(stated["verdict"].as_str(), Some("fail"));
    assert_eq!(stated["finding"].as_str(), Some("flash-late"));
    assert_eq!(stated["checks"]["flash.lead"].as_str(), Some("fail"));
    assert_eq!(stated["checks"]["frame.missing"].as_str(), Some("pass"));
    assert_eq!(verify(&bench, &["--expect"]).code, Some(0));
    // What somebody wrote stays, also what is not met, and also behind another name.
    let wrong = "# Ours.\nverdict = \"pass\"\n";
    bench.write("late.expect.toml", wrong);
    let said = verify(&bench, &["--expect", "--bless"]);
    assert_eq!((said.code, bench.text("late.expect.toml").as_str()), (Some(1), wrong), "{said:?}");
    assert_eq!(said.stdout, "NOT AS EXPECTED  late.sr  verdict: expected pass, came fail\n");
    let said = verify(&bench, &["--expect", "--bless", "--force"]);
    assert_eq!(
        (said.code, bench.text("late.expect.toml").as_str()),
        (Some(0), "# Ours.\nverdict = \"fail\"\n"),
        "{said:?}"
    );
    // One that is met is not written again.
    let said = verify(&bench, &["--expect", "--bless", "--force"]);
    assert_eq!((said.code, said.stdout.as_str()), (Some(0), "AS EXPECTED  late.sr  FAIL: flash-late\n"));
}

#[cfg(unix)]
#[test]
fn bless_writes_nothing_over_what_is_read_and_tells_nothing_of_other_files() {
    let bench = bench();
    let spec = bench.text("late.spec.toml");
    std::os::unix::fs::symlink("late.spec.toml", bench.path("late.expect.toml")).unwrap();
    for more in [&["--expect"][..], &["--expect", "--bless", "--force"]] {
        let said = verify(&bench, more);
        assert_eq!((said.code, bench.text("late.spec.toml") == spec), (Some(2), true), "{said:?}");
        assert!(said.stdout.contains("late.expect.toml: the link leads to no expectation"), "{said:?}");
    }
    fs::remove_file(bench.path("late.expect.toml")).unwrap();
    fs::create_dir(bench.path("late.expect.toml")).unwrap();
    let said = verify(&bench, &["--expect", "--bless"]);
    assert!(said.code == Some(2) && said.stdout.contains("late.expect.toml: is no file"), "{said:?}");
}

#[test]
fn two_captures_that_share_a_file_do_not_write_it_both() {
    let bench = bench();
    fs::copy(bench.path("late.sr"), bench.path("late.SR")).unwrap();
    let said = bench.run(&["verify", "late.sr", "late.SR", "--no-report", "--expect", "--bless"]);
    assert_eq!(said.code, Some(2), "{said:?}");
    assert!(!bench.path("late.expect.toml").exists(), "{said:?}");
}

#[test]
fn a_ci_sees_one_case_for_each_capture() {
    let bench = bench();
    fs::copy(bench.path("late.sr"), bench.path("other.sr")).unwrap();
    fs::copy(bench.path("late.spec.toml"), bench.path("other.spec.toml")).unwrap();
    bench.write("late.expect.toml", "verdict = \"fail\"\n");
    bench.write("other.expect.toml", "verdict = \"fail\"\nfinding = \"line-dead\"\n");
    let said =
        bench.run(&["verify", "late.sr", "other.sr", "--expect", "--format", "junit,github", "--reports", "out"]);
    assert_eq!(said.code, Some(1), "{said:?}");
    let junit = bench.text("out/junit.xml");
    assert_eq!(junit.matches("<testcase name=\"verdict as expected\"").count(), 2, "{junit}");
    assert!(junit.contains("tests=\"2\" failures=\"1\" errors=\"0\""), "{junit}");
    assert!(junit.contains("finding: expected line-dead, came flash-late"), "{junit}");
    let error = "::error file=other.sr,title=not as expected::other.sr: finding: expected line-dead, came flash-late\n";
    assert!(said.stdout.contains(error), "{said:?}");
    assert_eq!(said.stdout.matches("::error").count(), 1, "{said:?}");
}
