//! No name of a file, a probe or a station commands the CI that reads what the program says.

use std::fs;
use std::process::Command;

use assert_cmd::cargo::CommandCargoExt as _;

use super::archives::{SPEC, described, metadata};

/// Names that a CI would take for commands, wherever they come to stand.
const NAMES: [&str; 6] = [
    "::stop-commands::x",
    "two\n::stop-commands::x\nlines",
    "##[stop-commands]x",
    "##vso[task.complete]x",
    "a word and then ::error::x and more words ::error::y than a narrow line has room for ::error::z",
    "\t::error::x",
];

/// Every command that tells of a capture, with the options that print something else.
const COMMANDS: [&str; 23] = [
    "wiring FILE",
    "measure FILE",
    "measure FILE --wire strobe=1 --wire fsin=0",
    "measure FILE --wire strobe=NONE",
    "edges FILE",
    "edges nowhere/FILE",
    "clip FILE --from 1ms --to 5ms -o NAME.vcd",
    "clip FILE --from 5s --to 6s -o x.sr",
    "repair FILE -o x.sr",
    "calibrate FILE --line 0 --frequency 100Hz -o x.toml",
    "calibrate FILE --line NONE --frequency 100Hz",
    "compare FILE FILE --spec spec.toml -o -",
    "learn FILE -o -",
    "learn FILE --wire strobe=1 -o -",
    "explain NAME",
    "NAME",
    "verify FILE --no-report",
    "verify FILE --spec failing.toml --format html,github --dut NAME --station NAME --results results",
    "verify FILE FILE nowhere/FILE --spec failing.toml --no-report -v",
    "verify FILE FILE nowhere/FILE --spec failing.toml --no-report -q",
    "verify FILE --spec failing.toml --reports - --format html --note NAME",
    "verify FILE --spec failing.toml --reports - --format junit --note NAME",
    "verify FILE --spec failing.toml --reports - --format markdown --note NAME",
];

fn is_command(line: &str) -> bool {
    line.trim_start().starts_with("::") || line.contains("##[") || line.contains("##vso[")
}

/// Ours, with a name in it that is none.
fn is_annotation(line: &str) -> bool {
    let known =
        |line: &str| ["::error file=", "::warning file=", "::notice file="].iter().any(|begin| line.starts_with(begin));
    known(line) && !line.contains("##") && line.trim_start() == line
}

#[test]
fn no_name_commands_the_ci_that_reads_along() {
    let folder = tempfile::tempdir().unwrap();
    let spec = SPEC.replace("\"FSIN\"", "0").replace("\"STROBE\"", "1");
    fs::write(folder.path().join("spec.toml"), &spec).unwrap();
    fs::write(folder.path().join("failing.toml"), spec.replace("5 ms ±", "4 ms ±")).unwrap();
    let mut annotations = 0;
    for name in NAMES {
        let written = name.replace('\n', "\\n").replace('\t', "\\t");
        let file = format!("{name}.sr");
        let capture = described(&metadata().replace("=FSIN", &format!("={written}")));
        fs::write(folder.path().join(&file), capture.build()).unwrap();
        for command in COMMANDS {
            let arguments = command.split(' ').map(|word| word.replace("FILE", &file).replace("NAME", name));
            let output =
                Command::cargo_bin("strobecheck").unwrap().current_dir(&folder).args(arguments).output().unwrap();
            for text in [&output.stdout, &output.stderr] {
                let text = String::from_utf8_lossy(text);
                for line in text.lines().filter(|line| is_command(line)) {
                    assert!(is_annotation(line), "{command} of {name:?}: {line}");
                    annotations += 1;
                }
            }
        }
    }
    assert!(annotations >= NAMES.len(), "{annotations}");
}
