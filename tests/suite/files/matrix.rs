//! Every command, every option that names an output, and every file that must not be replaced. It takes links.
#![cfg(unix)]

use std::collections::BTreeMap;
use std::fs;

use super::{Bench, SCENARIO};

/// Every command that writes a file, with `OUT` where it is named; and which files it reads.
const COMMANDS: [(&str, &[&str]); 14] = [
    ("edges a.sr -o OUT", &["a.sr", "a.capture.json"]),
    ("edges a.sr --format parquet -o OUT", &["a.sr", "a.capture.json"]),
    ("clip a.sr --from 1ms --to 5ms -o OUT", &["a.sr", "a.capture.json"]),
    ("repair a.sr -o OUT", &["a.sr", "a.capture.json"]),
    ("calibrate a.sr --line STROBE --frequency 1kHz -o OUT", &["a.sr", "a.capture.json"]),
    ("compare a.sr b.sr -o OUT", &["a.sr", "b.sr", "spec.toml", "base.toml", "a.capture.json"]),
    ("look a.sr --no-report -o OUT", &["a.sr", "a.capture.json"]),
    ("learn a.sr --spec spec.toml -o OUT", &["a.sr", "spec.toml", "base.toml", "a.capture.json"]),
    ("trend part.parquet -o OUT", &["part.parquet"]),
    ("simulate s.toml -o OUT", &["s.toml"]),
    ("simulate s.toml -o new.sr --timestamps OUT", &["s.toml"]),
    ("capture --device demo --samples 10 --verify spec.toml -o OUT", &["spec.toml", "base.toml"]),
    ("capture --device demo --samples 10 --verify spec.toml -o new.sr --ready-file OUT", &["spec.toml", "base.toml"]),
    ("man -o FOLDER", &[]),
];

/// What somebody may miss.
const FILES: [&str; 9] =
    ["a.sr", "b.sr", "spec.toml", "base.toml", "a.csv", "a.capture.json", "s.toml", "part.parquet", "notes.txt"];

fn bench() -> Bench {
    let bench = Bench::new();
    bench.write("base.toml", &bench.text("spec.toml"));
    bench.write("spec.toml", "extends = \"base.toml\"\n");
    bench.write("s.toml", SCENARIO);
    bench.write("a.csv", "seq,ts_device_us,exposure_us\n0,100,50\n");
    bench.write("a.capture.json", "{\"schema\": \"somebody/1\"}\n");
    bench.write("notes.txt", "what we saw\n");
    fs::copy(bench.path("a.sr"), bench.path("b.sr")).unwrap();
    assert_eq!(bench.run(&["verify", "a.sr", "--no-report", "--results", "results"]).code, Some(0));
    let parts: Vec<_> = walk(&bench.path("results")).into_iter().filter(|path| path.is_file()).collect();
    // Its own name is a hash, by which it is read.
    std::os::unix::fs::symlink(&parts[0], bench.path("part.parquet")).unwrap();
    bench
}

fn walk(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { walk(&path) } else { vec![path] }).collect()
}

fn bytes(bench: &Bench) -> BTreeMap<&'static str, Vec<u8>> {
    FILES.iter().map(|name| (*name, fs::read(bench.path(name)).unwrap())).collect()
}

/// The names of a file: its own, a roundabout one, a link to it, and a second name for it.
fn names(bench: &Bench, file: &str) -> Vec<String> {
    let (soft, hard) = (format!("soft-{file}"), format!("hard-{file}"));
    let mut names = vec![file.to_owned(), format!("./sub/../{file}")];
    fs::create_dir_all(bench.path("sub")).unwrap();
    if !bench.path(&soft).exists() {
        std::os::unix::fs::symlink(file, bench.path(&soft)).unwrap();
        fs::hard_link(bench.path(file), bench.path(&hard)).unwrap();
    }
    names.extend([soft, hard].into_iter().filter(|name| bench.path(name).exists()));
    names
}

fn arguments(command: &str, out: &str) -> Vec<String> {
    command.split(' ').map(|word| word.replace("OUT", out).replace("FOLDER", out)).collect()
}

#[test]
fn no_output_replaces_what_is_read_or_what_others_wrote() {
    let bench = bench();
    let before = bytes(&bench);
    for (command, read) in COMMANDS.iter().filter(|(command, _)| command.contains("OUT")) {
        for file in FILES {
            // One name is enough of what is not read: the rest is about finding out that it is.
            let names = names(&bench, file);
            let names = if read.contains(&file) || file == "notes.txt" { &names[..] } else { &names[..1] };
            for out in names {
                let arguments = arguments(command, out);
                let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
                let said = bench.run(&arguments);
                assert_eq!(said.code, Some(2), "{arguments:?}: {said:?}");
                assert!(said.stderr.contains(out.as_str()), "{arguments:?}: {said:?}");
                if read.contains(&file) {
                    let forced = bench.run(&[&arguments[..], &["--force"]].concat());
                    assert_eq!(forced.code, Some(2), "{arguments:?} --force: {forced:?}");
                    let sentence = format!("strobecheck: {out}: nothing is written over ");
                    assert!(forced.stderr.contains(&sentence) && forced.stderr.contains(file), "{forced:?}");
                }
                assert!(bytes(&bench) == before, "{arguments:?} changed something");
            }
        }
        assert!(!bench.path("new.sr").exists() && !bench.path("new.sr.part").exists(), "{command}");
    }
    let left: Vec<String> = bench.listed(".").into_iter().filter(|name| name.starts_with('.')).collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn what_others_wrote_is_replaced_when_it_is_asked_for() {
    for (command, read) in
        COMMANDS.iter().filter(|(command, _)| !command.contains("capture --device") && command.contains("OUT"))
    {
        assert!(!read.contains(&"notes.txt"));
        let bench = bench();
        let arguments = arguments(command, "notes.txt");
        let forced = bench.run(&arguments.iter().map(String::as_str).chain(["--force"]).collect::<Vec<_>>());
        assert_eq!(forced.code, Some(0), "{command}: {forced:?}");
        assert_ne!(fs::read(bench.path("notes.txt")).unwrap(), b"what we saw\n", "{command}");
    }
}

#[test]
fn what_a_command_wrote_it_writes_again() {
    for (command, _) in COMMANDS.iter().filter(|(command, _)| !command.contains("capture --device")) {
        let bench = bench();
        let out = if command.contains("vcd") { "out.vcd" } else { "out" };
        let arguments = arguments(command, out);
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let first = bench.run(&arguments);
        assert_eq!(first.code, Some(0), "{command}: {first:?}");
        let second = bench.run(&arguments);
        assert_eq!(second.code, Some(0), "{command}: {second:?}");
    }
    let bench = bench();
    let clip = ["clip", "a.sr", "--from", "1ms", "--to", "5ms", "-o", "out.vcd"];
    assert_eq!([bench.run(&clip).code, bench.run(&clip).code], [Some(0); 2]);
    // A longer scenario has another log: it may be a camera's.
    let simulate = ["simulate", "s.toml", "-o", "s.sr", "--timestamps", "s.csv"];
    assert_eq!(bench.run(&simulate).code, Some(0));
    bench.write("s.toml", &SCENARIO.replace("100 ms", "200 ms"));
    let log = bench.text("s.csv");
    let said = bench.run(&simulate);
    assert!(said.code == Some(2) && said.stderr.contains("s.csv: it is there"), "{said:?}");
    assert_eq!(bench.text("s.csv"), log);
    assert_eq!(bench.run(&simulate[..4]).code, Some(0));
}

#[test]
fn every_command_makes_the_folder_of_its_output() {
    let bench = bench();
    let commands = COMMANDS.iter().filter(|(command, _)| !command.contains("capture --device"));
    for (place, (command, _)) in commands.enumerate() {
        let arguments = arguments(command, &format!("new{place}/deeper/out"));
        let said = bench.run(&arguments.iter().map(String::as_str).chain(["--force"]).collect::<Vec<_>>());
        assert_eq!(said.code, Some(0), "{command}: {said:?}");
    }
}

#[test]
fn what_one_command_wrote_no_other_replaces() {
    let bench = bench();
    assert_eq!(bench.run(&["simulate", "s.toml", "-o", "made.sr"]).code, Some(0));
    assert_eq!(bench.run(&["clip", "a.sr", "--from", "1ms", "-o", "clip.sr"]).code, Some(0));
    assert_eq!(bench.run(&["repair", "a.sr", "-o", "saved.sr"]).code, Some(0));
    for command in ["clip a.sr --from 1ms -o", "repair a.sr -o", "simulate s.toml -o"] {
        let own = match command.split(' ').next().unwrap() {
            "clip" => "clip.sr",
            "repair" => "saved.sr",
            _ => "made.sr",
        };
        for out in ["made.sr", "clip.sr", "saved.sr"] {
            let arguments: Vec<&str> = command.split(' ').chain([out]).collect();
            assert_eq!(bench.run(&arguments).code, Some(if out == own { 0 } else { 2 }), "{arguments:?}");
        }
    }
}

#[test]
fn a_learned_spec_that_was_edited_stays() {
    let bench = bench();
    for command in ["look a.sr --no-report -o", "learn a.sr --spec spec.toml -o"] {
        let run = |more: &[&str]| {
            bench.run(&command.split(' ').chain(["board.toml"]).chain(more.iter().copied()).collect::<Vec<_>>())
        };
        assert_eq!(run(&["--force"]).code, Some(0), "{command}");
        let written = bench.text("board.toml");
        assert_eq!(run(&[]).code, Some(0), "{command}");
        let first_line = written.lines().next().unwrap();
        // Edited, the rest taken away, and as versions without a digest wrote it.
        let (unsealed, _) = written.trim_end().rsplit_once('\n').unwrap();
        for edited in
            [written.replacen("[wiring]", "[wiring] # checked", 1), format!("{first_line}\n"), unsealed.to_owned()]
        {
            bench.write("board.toml", &edited);
            let said = run(&[]);
            assert!(
                said.code == Some(2) && said.stderr.contains("board.toml: it is there, and was edited since"),
                "{said:?}"
            );
            assert!(said.stderr.contains("--force"), "{said:?}");
            assert_eq!(bench.text("board.toml"), edited);
        }
        assert_eq!(run(&["--force"]).code, Some(0), "{command}");
        assert_eq!(bench.text("board.toml"), written);
    }
}

#[test]
fn a_table_of_edges_is_what_its_name_says_unless_a_format_is_stated() {
    let bench = bench();
    let is_parquet = |arguments: &str, out: &str| {
        let said = bench.run(&arguments.split(' ').chain(["-o", out]).collect::<Vec<_>>());
        assert_eq!(said.code, Some(0), "{said:?}");
        fs::read(bench.path(out)).unwrap().starts_with(b"PAR1")
    };
    assert!(is_parquet("edges a.sr", "e1.parquet") && is_parquet("edges a.sr", "e2.PARQUET"));
    assert!(is_parquet("edges a.sr --format parquet", "e3.csv"));
    assert!(!is_parquet("edges a.sr", "e4.csv") && !is_parquet("edges a.sr", "e5"));
    assert!(!is_parquet("edges a.sr --format csv", "e6.parquet"));
}

#[test]
fn of_a_window_outside_of_the_capture_no_table_is_written() {
    let bench = bench();
    for out in ["e.csv", "e.parquet"] {
        for window in [["--from", "5s"], ["--to", "0s"]] {
            let said = bench.run(&[&["edges", "a.sr", "-o", out], &window[..]].concat());
            assert!(said.code == Some(2) && said.stderr.contains("a.sr: the window lies outside"), "{said:?}");
            assert!(!bench.path(out).exists());
        }
    }
}

#[test]
fn a_recording_stays_and_is_not_called_somebody_elses() {
    let bench = bench();
    // A device is asked for only after the names are claimed.
    bench.write("demo.sr", "a recording\n");
    let said = bench.run(&["capture", "--device", "demo", "--samples", "10", "-o", "demo.sr"]);
    assert_eq!(said.code, Some(2));
    assert_eq!(
        said.stderr.trim_end(),
        "strobecheck: demo.sr: it is there, and nothing takes its place; name another file, or replace it with --force"
    );
    assert_eq!(bench.text("demo.sr"), "a recording\n");
}

#[test]
fn two_outputs_are_two_files() {
    let bench = bench();
    let said = bench.run(&["simulate", "s.toml", "-o", "x.sr", "--timestamps", "./x.sr"]);
    assert!(said.code == Some(2) && said.stderr.contains("it is to be written twice"), "{said:?}");
    assert!(!bench.path("x.sr").exists());
}

#[test]
fn manual_pages_replace_manual_pages_alone() {
    let bench = bench();
    bench.write("strobecheck-verify.1", "somebody else's\n");
    let said = bench.run(&["man", "-o", "."]);
    assert!(said.code == Some(2) && said.stderr.contains("strobecheck-verify.1: it is there"), "{said:?}");
    assert!(!bench.path("strobecheck.1").exists(), "all or none");
    assert_eq!(bench.run(&["man", "-o", ".", "--force"]).code, Some(0));
}

/// A report bears the name of its capture: that of an input, where both lie in one folder.
#[test]
fn no_report_replaces_what_is_read_or_what_others_wrote() {
    let bench = Bench::new();
    let table = "time_s,STROBE\n0,0\n0.001,1\n0.002,0\n0.003,1\n0.004,0\n";
    bench.write("x.csv", table);
    bench.write("log.csv", "seq,ts_device_us,exposure_us\n0,1500,1000\n");
    for name in ["log.sr", "x.capture.sr", "log.capture.sr", "notes.sr"] {
        fs::copy(bench.path("a.sr"), bench.path(name)).unwrap();
    }
    for name in
        ["notes.csv", "notes.html", "notes.json", "notes.junit.xml", "notes.md", "notes.parquet", "notes.timeline.svg"]
    {
        bench.write(name, "what we saw");
    }
    bench.write("log.capture.json", "{}");
    let protected =
        ["x.csv", "log.csv", "log.capture.json", "notes.csv", "notes.html", "notes.md", "notes.timeline.svg"];
    let before: Vec<String> = protected.iter().map(|name| bench.text(name)).collect();
    for (arguments, code, said) in [
        (vec!["x.csv", "--samplerate", "1kHz", "--format", "csv"], 0, "x.csv: nothing is written over x.csv"),
        (vec!["log.sr", "--timestamps", "log.csv", "--format", "csv"], 0, "log.csv: nothing is written over log.csv"),
        (vec!["log.sr", "log.capture.sr", "--format", "json"], 0, "log.capture.json: nothing is written over"),
        (vec!["notes.sr", "--format", "html"], 2, "notes.html: it is there, and is none that this command wrote"),
        (vec!["notes.sr", "--format", "csv"], 2, "notes.csv: it is there"),
        (vec!["notes.sr", "--format", "json"], 2, "notes.json: it is there"),
        (vec!["notes.sr", "--format", "junit"], 2, "notes.junit.xml: it is there"),
        (vec!["notes.sr", "--format", "markdown"], 2, "notes.md: it is there"),
        (vec!["notes.sr", "--format", "parquet"], 2, "notes.parquet: it is there"),
        (vec!["notes.sr", "--format", "svg"], 2, "notes.timeline.svg: it is there"),
    ] {
        let call = [&["verify", "--reports", "."][..], &arguments].concat();
        let refused = bench.run(&call);
        assert!(refused.code == Some(2) && refused.stderr.contains(said), "{call:?}: {refused:?}");
        assert!(
            refused.stdout.starts_with("PASS") || refused.stdout.contains("\nPASS"),
            "the verdict is said: {refused:?}"
        );
        let forced = bench.run(&[&call[..], &["--force"]].concat());
        assert_eq!(forced.code, Some(if code == 0 { 2 } else { 0 }), "{call:?} --force: {forced:?}");
        if code == 0 {
            assert!(forced.stderr.contains(said), "{forced:?}");
        }
    }
    for (name, text) in protected.iter().zip(before).take(3) {
        assert_eq!(bench.text(name), text, "{name}");
    }
}
