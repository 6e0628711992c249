//! What a spec reads that merely lies beside a capture: nothing elsewhere, and nobody waits for it.
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::symlink;
use std::process::Command;

use super::{Bench, SPEC};

/// A capture in a folder of its own, beside files of somebody else's.
fn bench() -> Bench {
    let bench = Bench::new();
    fs::create_dir(bench.path("in")).unwrap();
    fs::rename(bench.path("a.sr"), bench.path("in/a.sr")).unwrap();
    bench.write("secret.txt", "TOKEN = hunter2\n");
    bench.write("in/notes.txt", "PASSWORD = hunter2\n");
    bench.write("clock.toml", "correction = \"+5 ppm\"\nclock = \"1 ppm\"\n");
    symlink("../secret.txt", bench.path("in/link.txt")).unwrap();
    assert!(Command::new("mkfifo").arg(bench.path("in/pipe")).status().unwrap().success());
    bench
}

#[test]
fn a_spec_that_was_found_reads_nothing_elsewhere_and_quotes_no_other_file() {
    let bench = bench();
    let outside =
        "it lies outside the folder, and the spec was found beside the capture; name it with --spec if you know it";
    for (name, said) in [
        ("../secret.txt", outside),
        ("../nothing.txt", outside),
        ("/etc/passwd", outside),
        ("sub/../../secret.txt", outside),
        ("link.txt", outside),
        ("pipe", "is no file"),
        ("/dev/zero", outside),
        ("notes.txt", "in/notes.txt:1:12: what stands there makes no sense"),
    ] {
        let calibrated = format!("{SPEC}analyzer.calibration = \"{name}\"\n");
        for spec in [format!("extends = \"{name}\"\n"), calibrated] {
            bench.write("in/spec.toml", &spec);
            let judged = bench.run(&["verify", "in/a.sr", "--format", "html,junit,json,github"]);
            assert!(judged.code == Some(2) && judged.stdout.contains(said), "{name}: {judged:?}");
            let reports: String =
                bench.listed("reports").iter().map(|file| bench.text(&format!("reports/{file}"))).collect();
            for text in [judged.stdout, judged.stderr, reports] {
                assert!(
                    !text.contains("hunter2") && !text.contains("root:") && !text.contains("TOKEN"),
                    "{name}: {text}"
                );
            }
        }
    }
    // What lies there, or deeper, is read.
    fs::rename(bench.path("clock.toml"), bench.path("in/clock.toml")).unwrap();
    bench.write("in/base.toml", SPEC);
    bench.write("in/spec.toml", "extends = \"./base.toml\"\nanalyzer.calibration = \"clock.toml\"\n");
    let judged = bench.run(&["verify", "in/a.sr", "--no-report"]);
    assert_eq!(judged.code, Some(0), "{judged:?}");
}

#[test]
fn a_spec_that_is_a_link_to_elsewhere_is_not_quoted() {
    let bench = bench();
    symlink("../secret.txt", bench.path("in/spec.toml")).unwrap();
    let judged = bench.run(&["verify", "in/a.sr", "--no-report"]);
    assert!(judged.stdout.contains("in/spec.toml:1:9: what stands there makes no sense"), "{judged:?}");
    assert!(!judged.stdout.contains("hunter2"), "{judged:?}");
    // Units may share one.
    bench.write("secret.txt", SPEC);
    assert_eq!(bench.run(&["verify", "in/a.sr", "--no-report"]).code, Some(0));
}

#[test]
fn a_spec_that_is_named_reads_what_it_names() {
    let bench = bench();
    bench.write("base.toml", SPEC);
    bench.write("in/named.toml", "extends = \"../base.toml\"\nanalyzer.calibration = \"../clock.toml\"\n");
    let named = |name: &str| bench.run(&["verify", "in/a.sr", "--no-report", "--spec", name]);
    assert_eq!(named("in/named.toml").code, Some(0));
    bench.write("in/named.toml", "extends = \"../secret.txt\"\n");
    let wrong = named("in/named.toml");
    assert!(wrong.code == Some(2) && wrong.stderr.contains("TOKEN = hunter2"), "its writer sees the line: {wrong:?}");
    bench.write("in/named.toml", "extends = \"pipe\"\n");
    assert!(named("in/named.toml").stderr.contains("is no file"));
    bench.write("in/named.toml", SPEC);
    let piped = Command::new("bash")
        .current_dir(bench.path(""))
        .args([
            "-c",
            "exec \"$0\" verify in/a.sr --no-report --spec <(cat in/named.toml)",
            env!("CARGO_BIN_EXE_strobecheck"),
        ])
        .output()
        .unwrap();
    assert_eq!(piped.status.code(), Some(0), "a pipe that is named is read: {piped:?}");
}

#[test]
fn an_error_about_a_spec_names_the_spec() {
    let bench = bench();
    fs::write(bench.path("in/spec.toml"), b"\xff").unwrap();
    let judged = bench.run(&["verify", "in/a.sr", "--no-report"]);
    assert!(judged.stdout.starts_with("ERROR  in/a.sr\n  in/spec.toml: cannot be read: "), "{judged:?}");
    let gone = bench.run(&["verify", "in/b.sr", "--no-report", "--wire", "strobe=0"]);
    assert!(gone.stdout.starts_with("ERROR  in/b.sr\n  cannot be read: there is no such file"), "{gone:?}");
}
