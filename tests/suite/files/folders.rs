//! Folders and lists of captures, and what is told of a run without a word too many.

use std::fs;
use std::io::Write;
use std::process::Stdio;

use super::{Bench, Said};

/// Captures in folders, among everything else that lies there.
fn bench() -> Bench {
    let bench = Bench::new();
    for folder in ["in", "in/b", "in/a", "in/.hidden", "empty"] {
        fs::create_dir(bench.path(folder)).unwrap();
    }
    for capture in ["in/z.sr", "in/b/x.sr", "in/a/x.SR", "in/.hidden/h.sr"] {
        fs::copy(bench.path("a.sr"), bench.path(capture)).unwrap();
    }
    fs::copy(bench.path("a.sr"), bench.path("in/killed.sr.part")).unwrap();
    bench.write("in/b/cut.sr", "");
    bench.write("in/a/log.csv", "seq,ts_device_us,exposure_us\n0,1500,1000\n1,2500,1000\n");
    bench.write("in/a/table.csv", "time_s,STROBE\n0,0\n0.001,1\n0.002,0\n0.003,1\n0.004,0\n");
    bench.write("in/a/table.spec.toml", super::SPEC);
    bench.write("in/notes.txt", "what we saw\n");
    for folder in ["in", "in/a", "in/b"] {
        bench.write(&format!("{folder}/spec.toml"), super::SPEC);
    }
    bench
}

/// The captures that a run judged, in order.
fn judged(said: &Said) -> Vec<String> {
    let lines = said.stdout.lines().take_while(|line| !line.is_empty());
    lines.map(|line| line.split_whitespace().nth(1).unwrap().to_owned()).collect()
}

const ALL: [&str; 5] = ["in/a/table.csv", "in/a/x.SR", "in/b/cut.sr", "in/b/x.sr", "in/z.sr"];

#[test]
fn a_folder_stands_for_the_captures_in_it() {
    let bench = bench();
    let said = bench.run(&["verify", "in", "--no-report"]);
    assert_eq!((said.code, judged(&said)), (Some(2), ALL.map(str::to_owned).to_vec()), "{said:?}");
    assert!(
        said.stdout.lines().any(|line| line.contains("in/b/cut.sr") && line.ends_with("the file is empty")),
        "{said:?}"
    );
    assert!(said.stderr.contains("not judged: in/a/log.csv: a table may be a log"), "{said:?}");
    assert!(said.stderr.contains("not judged: in/killed.sr.part: a recording that did not end"), "{said:?}");
    // What is named beside it is judged once.
    let said = bench.run(&["verify", "in/b/x.sr", "in", "--no-report", "--jobs", "100000"]);
    assert_eq!(judged(&said), [&["in/b/x.sr"], &ALL[..3], &ALL[4..]].concat());
    let none = bench.run(&["verify", "empty", "--no-report"]);
    assert!(none.code == Some(2) && none.stderr.contains("empty: there is no capture in it"), "{none:?}");
}

#[test]
fn reports_in_a_folder_are_no_captures() {
    let bench = bench();
    fs::remove_file(bench.path("in/b/cut.sr")).unwrap();
    fs::remove_file(bench.path("in/a/table.csv")).unwrap();
    let failing = ["--limit", "exposure.time=<= 1 ns", "--clips", "--format", "html,csv,json,svg,png,parquet,junit"];
    let verify = |reports: &str| {
        let said = bench.run(&[&["verify", "in", "--reports", reports][..], &failing].concat());
        assert_eq!(
            (said.code, judged(&said)),
            (Some(1), vec!["in/a/x.SR".into(), "in/b/x.sr".into(), "in/z.sr".into()])
        );
    };
    verify("in/reports");
    assert!(bench.listed("in/reports").iter().any(|name| name.ends_with(".sr")), "there are clips");
    verify("elsewhere");
}

#[test]
fn the_files_of_a_folder_are_called_alike_whatever_is_in_it() {
    let bench = Bench::new();
    fs::create_dir(bench.path("in")).unwrap();
    fs::copy(bench.path("a.sr"), bench.path("in/a.sr")).unwrap();
    bench.write("in/spec.toml", super::SPEC);
    let formats = ["--format", "html,json,junit,markdown"];
    assert_eq!(bench.run(&[&["verify", "in"][..], &formats].concat()).code, Some(0));
    let names = ["a.html", "a.json", "index.html", "index.json", "junit.xml", "summary.md"];
    assert_eq!(bench.listed("reports"), names);
}

#[test]
fn a_list_names_captures() {
    let bench = bench();
    let from = |list: &str, bytes: &[u8]| {
        let mut command = bench.command(&["verify", "--files-from", list, "--no-report"]);
        let command = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        let _unread = stdin.write_all(bytes);
        drop(stdin);
        Said::of(&child.wait_with_output().unwrap())
    };
    for bytes in ["in/z.sr\nin/b/x.sr\n", "in/z.sr\r\n\nin/b/x.sr", "in/z.sr\0in/b/x.sr\0"] {
        let said = from("-", bytes.as_bytes());
        assert_eq!((said.code, judged(&said)), (Some(0), vec!["in/z.sr".to_owned(), "in/b/x.sr".to_owned()]));
    }
    bench.write("list", "in/z.sr\nin/b\n");
    let said = from("list", b"");
    assert_eq!(judged(&said), ["in/z.sr", "in/b/cut.sr", "in/b/x.sr"], "{said:?}");
    let empty = from("-", b"\n");
    assert!(empty.code == Some(2) && empty.stderr.contains("--files-from: -: it names no capture"), "{empty:?}");
    let twice = bench.run(&["verify", "-", "--files-from", "-"]);
    assert!(twice.code == Some(2) && twice.stderr.contains("standard input is a capture already"), "{twice:?}");
    // What is read is not written over.
    bench.write("list.md", "in/z.sr\n");
    let said = bench.run(&[
        "verify",
        "a.sr",
        "--files-from",
        "list.md",
        "--reports",
        ".",
        "--name",
        "list",
        "--format",
        "html",
    ]);
    assert_eq!(said.code, Some(2), "{said:?}");
    let said = bench.run(&["verify", "--files-from", "list.md", "--reports", "out", "--force", "--format", "markdown"]);
    assert_eq!((said.code, bench.text("list.md")), (Some(0), "in/z.sr\n".to_owned()), "{said:?}");
}

#[test]
fn in_brief_only_what_is_no_pass_is_told_and_the_verdict() {
    let bench = bench();
    fs::remove_file(bench.path("in/a/table.csv")).unwrap();
    let said = bench.run(&["verify", "in", "--no-report", "-q"]);
    let lines: Vec<&str> = said.stdout.lines().collect();
    assert_eq!(
        lines,
        ["ERROR  in/b/cut.sr  the file is empty", "", "ERROR  4 captures: 3 pass, 1 error",],
        "a line for each that is no pass, and the last one"
    );
    let passing = bench.run(&["verify", "in/b/x.sr", "in/z.sr", "-q"]);
    assert_eq!((passing.code, passing.stdout.as_str()), (Some(0), "PASS  2 captures: 2 pass\n"));
}

#[test]
fn more_captures_than_a_process_may_open_files() {
    let bench = bench();
    fs::remove_file(bench.path("in/a/table.csv")).unwrap();
    for number in 0..80 {
        fs::copy(bench.path("a.sr"), bench.path(&format!("in/n{number:02}.sr"))).unwrap();
    }
    let script =
        "ulimit -n 64; exec \"$0\" verify in --reports out --results results --format html,json,svg,csv --jobs 4";
    let mut command = std::process::Command::new("bash");
    let command = command.current_dir(bench.path("")).args(["-c", script, env!("CARGO_BIN_EXE_strobecheck")]);
    let said = Said::of(&command.output().unwrap());
    assert!(said.code == Some(2) && said.stdout.contains("ERROR  84 captures: 83 pass, 1 error"), "{said:?}");
    assert!(bench.listed("out").len() > 84 * 3, "{said:?}");
}
