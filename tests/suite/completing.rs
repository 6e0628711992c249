//! What shells are answered that complete a line, and what the script of bash makes of it.

use std::path::Path;
use std::process::Command;

use strobecheck::diagnosis::FAULTS;
use strobecheck::quantity::QUANTITIES;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// What a shell is answered for a line whose last word is at the cursor, without what the words mean.
fn answered(shell: &str, words: &[&str]) -> Vec<String> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_strobecheck"));
    command.current_dir(root()).env("STROBECHECK_COMPLETE", shell).env("_CLAP_IFS", "\n");
    command.env("_CLAP_COMPLETE_INDEX", words.len().to_string()).args(["--", "strobecheck"]).args(words);
    let output = command.output().unwrap();
    assert!(output.status.success() && output.stderr.is_empty(), "{words:?}: {output:?}");
    let before_meaning = |line: &str| match shell {
        "fish" => line.split('\t').next().unwrap().to_owned(),
        "zsh" => line.replace("\\:", "\0").split(':').next().unwrap().replace('\0', ":"),
        _ => line.to_owned(),
    };
    String::from_utf8(output.stdout).unwrap().lines().map(before_meaning).collect()
}

#[test]
fn names_are_completed_in_every_shell() {
    let exposures = QUANTITIES.iter().filter(|quantity| quantity.id.starts_with("exposure.l"));
    let exposures: Vec<String> = exposures.map(|quantity| format!("{}=", quantity.id)).collect();
    let lines: Vec<String> = FAULTS.iter().filter(|f| f.id.starts_with("line-")).map(|f| f.id.to_owned()).collect();
    assert!(exposures.len() > 1 && !lines.is_empty());
    let capture = "captures/seed-pass.sr";
    let cases: [(&[&str], &[&str]); 9] = [
        (&["verify", capture, "--wire", "strobe="], &["strobe=FSIN", "strobe=STROBE", "strobe=FLASH"]),
        (&["look", capture, "--wire", "flash=low:FL"], &["flash=low:FLASH"]),
        (&["measure", capture, "--wire", "right.st"], &["right.strobe="]),
        (&["calibrate", capture, "--line", "FS"], &["FSIN"]),
        (&["edges", capture, "--probe", "FS"], &["FSIN"]),
        (&["capture", "--channels", "D0=EYE,D1", "--wire", "strobe=E"], &["strobe=EYE"]),
        (&["verify", capture, "--format", "html,ju"], &["html,junit"]),
        (&["verify", "--profile", "ov9282-freerun-30", "--param", "exp"], &["exposure="]),
        (&["edges", capture, "--input-format", "fs"], &["fst"]),
    ];
    for shell in ["bash", "zsh", "fish"] {
        for (words, expected) in cases {
            assert_eq!(answered(shell, words), expected, "{shell}: {words:?}");
        }
        assert_eq!(answered(shell, &["verify", capture, "--limit", "exposure.l"]), exposures, "{shell}");
        assert_eq!(answered(shell, &["explain", "line-"]), lines, "{shell}");
        let of_camera = answered(shell, &["verify", capture, "--limit", "right:exposure.tim"]);
        assert_eq!(of_camera, ["right:exposure.time="], "{shell}");
        assert!(answered(shell, &["profiles", "ov9282-free"]).contains(&"ov9282-freerun-30".to_owned()), "{shell}");
        // What it calls itself by is offered to nobody.
        assert_eq!(answered(shell, &["im"]), [""; 0], "{shell}");
    }
}

#[test]
fn what_is_no_capture_has_no_probes() {
    for file in ["Cargo.toml", "captures", "no-such-file.sr", "/dev/zero"] {
        assert_eq!(answered("bash", &["verify", file, "--wire", "strobe="]), [""; 0], "{file}");
    }
}

/// What bash puts in the place of the word at the cursor: it cuts words at `=` and `:` too, and says what it would replace.
fn bash(line: &str, pieces: &[&str], replaced: &str) -> String {
    let script = r#"source /dev/stdin <<<"$("$1" completions bash)"
        program=$1 COMP_LINE=$2 replaced=$3; shift 3
        COMP_POINT=${#COMP_LINE} COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
        _strobecheck "$program" "$replaced"
        printf '%s ' "${COMPREPLY[@]}""#;
    let mut command = Command::new("bash");
    command.current_dir(root()).args(["-c", script, "bash", env!("CARGO_BIN_EXE_strobecheck"), line, replaced]);
    let output = command.args(pieces).output().unwrap();
    assert!(output.stderr.is_empty(), "{output:?}");
    String::from_utf8(output.stdout).unwrap().trim_end().to_owned()
}

#[test]
fn bash_goes_on_behind_what_it_cuts_words_at() {
    let capture = "captures/seed-pass.sr";
    let line = |rest: &str| format!("strobecheck look {capture} {rest}");
    let words = |rest: &[&'static str]| [&["strobecheck", "look", capture], rest].concat();
    let wire = |rest: &str, pieces: &[&'static str], replaced| bash(&line(rest), &words(pieces), replaced);
    assert_eq!(wire("--wire strobe=", &["--wire", "strobe", "="], ""), "FSIN STROBE FLASH");
    assert_eq!(wire("--wire strobe=S", &["--wire", "strobe", "=", "S"], "S"), "STROBE");
    assert_eq!(wire("--wire flash=low:F", &["--wire", "flash", "=", "low", ":", "F"], "F"), "FSIN FLASH");
    assert_eq!(wire("--wire fs", &["--wire", "fs"], "fs"), "fsin=");
    // Within quotes bash cuts nothing.
    assert_eq!(wire("--wire 'strobe=S", &["--wire", "'strobe=S"], "strobe=S"), "strobe=STROBE");
    // What is complete needs nothing.
    let limit = bash(
        "strobecheck verify --limit exposure.time=",
        &["strobecheck", "verify", "--limit", "exposure.time", "="],
        "",
    );
    assert_eq!(limit, "");
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a run.sr"), "").unwrap();
    let begun = format!("{}/a", folder.path().display());
    let named = bash(&format!("strobecheck look {begun}"), &["strobecheck", "look", &begun], &begun);
    assert_eq!(named, format!("{begun}\\ run.sr"));
    // Within quotes nothing runs, and the quotes do not end.
    let hostile = "b$(touch x)`y`\"\\'.sr";
    std::fs::write(folder.path().join(hostile), "").unwrap();
    for quote in ["\"", "'"] {
        let begun = format!("{}/b", folder.path().display());
        let word = format!("{quote}{begun}");
        let named = bash(&format!("strobecheck look {word}"), &["strobecheck", "look", &word], &begun);
        let printed = format!("printf %s {quote}{named}{quote}");
        let output = Command::new("bash").current_dir(folder.path()).args(["-c", &printed]).output().unwrap();
        let meant = format!("{}/{hostile}", folder.path().display());
        assert_eq!(String::from_utf8_lossy(&output.stdout), meant, "{named}: {output:?}");
    }
}
