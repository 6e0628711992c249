//! What reports are called, and which of them may take another's place.

use std::fs;

use super::Bench;

/// Two units with a capture each, in files of the same name: A fails, B passes.
fn units() -> Bench {
    let bench = Bench::new();
    for (unit, limit) in [("A", ">= 1 s"), ("B", ">= 1 us")] {
        fs::create_dir(bench.path(unit)).unwrap();
        let capture = if unit == "A" { "ambiguous.sr" } else { "plain.sr" };
        let fixture = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli/fixtures").join(capture);
        fs::copy(fixture, bench.path(&format!("{unit}/run.sr"))).unwrap();
        bench.write(&format!("{unit}/spec.toml"), &format!("wiring.strobe = 0\nlimits.exposure.time = \"{limit}\"\n"));
    }
    bench
}

#[test]
fn a_report_of_another_capture_is_not_replaced_and_one_of_the_same_is() {
    for format in ["html", "json", "junit", "markdown", "csv", "parquet", "svg", "png"] {
        let bench = units();
        let verify = |capture: &str, further: &[&str]| {
            bench.run(&[&["verify", capture, "--reports", "out", "--format", format], further].concat())
        };
        assert_eq!(verify("A/run.sr", &[]).code, Some(1), "{format}");
        let reports = |bench: &Bench| -> Vec<Vec<u8>> {
            bench.listed("out").iter().map(|name| fs::read(bench.path(&format!("out/{name}"))).unwrap()).collect()
        };
        let of_a = reports(&bench);
        let refused = verify("B/run.sr", &[]);
        assert_eq!(refused.code, Some(2), "{format}: {refused:?}");
        assert!(refused.stdout.starts_with("PASS  B/run.sr\n"), "{format}: the verdict is said all the same");
        assert!(refused.stderr.contains("it is the report of another capture, A/run.sr"), "{format}: {refused:?}");
        assert!(reports(&bench) == of_a, "{format}");
        // The same capture under another name, and another one under the same.
        assert_eq!(verify("./A/../A/run.sr", &[]).code, Some(1), "{format}");
        fs::copy(bench.path("B/run.sr"), bench.path("A/run.sr")).unwrap();
        let again = verify("A/run.sr", &[]);
        assert_eq!(again.code, Some(1), "{format}: {again:?}");
        // Tables of the same samples are the same, and tell no digest.
        assert!(format == "csv" || reports(&bench) != of_a, "{format}");
        assert_eq!(verify("B/run.sr", &["--force"]).code, Some(0), "{format}");
        assert_eq!(verify("A/run.sr", &["--name", "{parent}-{stem}"]).code, Some(1), "{format}");
        assert!(bench.listed("out").iter().any(|name| name.starts_with("A-run.")), "{format}");
    }
}

#[test]
fn an_error_takes_no_verdicts_place() {
    for force in [&[][..], &["--force"]] {
        let bench = units();
        assert_eq!(bench.run(&["verify", "B/run.sr", "--format", "html,csv,junit"]).code, Some(0));
        let good = bench.text("reports/run.html");
        for typo in ["B/run.SR", "nowhere/run.sr"] {
            let said = bench.run(&[&["verify", typo, "--format", "html,csv,junit"][..], force].concat());
            assert_eq!(said.code, Some(2), "{said:?}");
            assert!(said.stdout.starts_with(&format!("ERROR  {typo}\n")), "{said:?}");
            assert!(
                said.stderr.contains("it stays as it is: the verdict on B/run.sr is not replaced by an error"),
                "{said:?}"
            );
        }
        assert_eq!(bench.text("reports/run.html"), good);
        assert_eq!(bench.listed("reports").len(), 4);
    }
    // Where there is no verdict, the error is reported, and a verdict takes its place.
    let bench = units();
    fs::rename(bench.path("B/run.sr"), bench.path("later.sr")).unwrap();
    assert_eq!(bench.run(&["verify", "B/run.sr", "--format", "json,junit"]).code, Some(2));
    assert!(bench.text("reports/run.json").contains("\"verdict\": \"error\""));
    let other = bench.run(&["verify", "A/run.sr", "--format", "json,junit"]);
    assert!(other.code == Some(2) && other.stderr.contains("another capture, B/run.sr"), "{other:?}");
    fs::rename(bench.path("later.sr"), bench.path("B/run.sr")).unwrap();
    assert_eq!(bench.run(&["verify", "B/run.sr", "--format", "json,junit"]).code, Some(0));
    assert!(bench.text("reports/run.json").contains("\"verdict\": \"pass\""));
}

#[test]
fn of_several_captures_each_test_is_counted_once() {
    let bench = units();
    let verify = ["verify", "A/run.sr", "B/run.sr", "--format", "junit,markdown,html,csv,json"];
    assert_eq!(bench.run(&verify).code, Some(1));
    let listed = bench.listed("reports");
    assert_eq!(
        listed,
        [
            "A-run.checks.csv",
            "A-run.csv",
            "A-run.html",
            "A-run.json",
            "B-run.checks.csv",
            "B-run.csv",
            "B-run.html",
            "B-run.json",
            "checks.csv",
            "index.html",
            "index.json",
            "junit.xml",
            "summary.md",
        ]
    );
    let junit = bench.text("reports/junit.xml");
    assert_eq!(junit.matches("<testsuite ").count(), 2, "{junit}");
    // The same run again, a larger one, and a smaller one.
    assert_eq!(bench.run(&verify).code, Some(1));
    let larger = bench.run(&[&verify[..], &["a.sr"]].concat());
    assert_eq!(larger.code, Some(1), "{larger:?}");
    let smaller = bench.run(&verify);
    assert!(smaller.code == Some(2) && smaller.stderr.contains("it is of another run, which read a.sr"), "{smaller:?}");
    // A single one has a name of its own, and leaves the run's alone.
    assert_eq!(bench.run(&["verify", "B/run.sr", "--format", "junit", "--name", "alone"]).code, Some(0));
    assert!(bench.path("reports/alone.junit.xml").exists());
}

#[test]
fn files_that_would_meet_are_told_before_one_is_written() {
    let bench = Bench::new();
    fs::copy(bench.path("a.sr"), bench.path("a.checks.sr")).unwrap();
    let said = bench.run(&["verify", "a.sr", "a.checks.sr", "--format", "csv", "--reports", "out"]);
    assert_eq!(said.code, Some(2), "{said:?}");
    assert!(said.stderr.contains("out/a.checks.csv: a.sr and a.checks.sr would both write it"), "{said:?}");
    assert!(!bench.path("out").exists() || bench.listed("out").is_empty());
    assert!(said.stdout.contains("PASS  2 captures"), "{said:?}");
}

#[test]
fn what_is_several_files_does_not_go_to_standard_output() {
    let bench = Bench::new();
    for arguments in [&["man", "-o", "-"][..], &["verify", "a.sr", "--reports", "-", "--format", "html,junit"]] {
        let said = bench.run(arguments);
        assert!(said.code == Some(2) && said.stderr.contains("name a") | said.stderr.contains("name one"), "{said:?}");
    }
    assert_eq!(bench.listed("."), ["a.sr", "spec.toml"]);
}
