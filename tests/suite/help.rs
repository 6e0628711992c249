//! Every command's help has an example, and every example works.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

fn strobecheck(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_strobecheck")).current_dir(folder).args(arguments).output().unwrap()
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The names of the commands, as the help lists them.
fn commands() -> Vec<String> {
    let help = String::from_utf8(strobecheck(root(), &["--help"]).stdout).unwrap();
    let listed = help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let names = listed.filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    names.map(|line| line.split_whitespace().next().unwrap().to_owned()).filter(|name| name != "help").collect()
}

/// The examples of a command, by what stands in its help: a line each, or two where the first ends with `\`.
fn examples(command: &str) -> Vec<String> {
    // As wide as no terminal is, so that no example is broken.
    let output =
        Command::new(env!("CARGO_BIN_EXE_strobecheck")).env("COLUMNS", "500").args([command, "--help"]).output();
    let help = String::from_utf8(output.unwrap().stdout).unwrap().replace("\\\n", " ");
    let after = help.split_once("Example").map(|(_, after)| after.to_owned()).unwrap_or_default();
    after.lines().map(str::trim).filter(|line| line.starts_with("strobecheck ")).map(str::to_owned).collect()
}

/// What the examples name: the captures that they are shown on, and files of users.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    for sub in ["captures", "golden"] {
        fs::create_dir(at(sub)).unwrap();
    }
    for name in ["seed-pass", "seed-long-exposure", "strobe-constant"] {
        for entry in fs::read_dir(root().join("captures")).unwrap() {
            let path = entry.unwrap().path();
            let file = path.file_name().unwrap().to_str().unwrap();
            if file.starts_with(&format!("{name}.")) {
                fs::copy(&path, at("captures").join(file)).unwrap();
            }
        }
    }
    let scenario = |name: &str, seed: u32| {
        let text = format!(
            "duration = \"2 s\"\nseed = {seed}\nanalyzer.samplerate = \"1 MHz\"\n[wiring]\nstrobe = \"D2\"\nfsin = \"D3\"\n\
             [timing]\nalignment = \"end\"\noffset = \"40 ms\"\nframe.time = \"1/30 s\"\nexposure.time = \"20 ms\"\n\
             fsin.width = \"100 us\"\n"
        );
        fs::write(at("made.scenario.toml"), text).unwrap();
        let made = strobecheck(folder.path(), &["simulate", "made.scenario.toml", "-o", name]);
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    };
    for (seed, name) in ["golden/1.sr", "golden/2.sr", "golden/3.sr", "good.sr", "bad.sr"].into_iter().enumerate() {
        scenario(name, seed as u32 + 1);
    }
    // A clock of 1 kHz.
    let clock = "duration = \"1 s\"\nanalyzer.samplerate = \"1 MHz\"\n[wiring]\nfsin = \"D7\"\n[timing]\nframe.time = \"1 ms\"\n\
                 fsin.width = \"500 us\"\nexposure.time = \"100 us\"\n";
    fs::write(at("clock.scenario.toml"), clock).unwrap();
    let made = strobecheck(folder.path(), &["simulate", "clock.scenario.toml", "-o", "reference.sr"]);
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    fs::copy(at("captures/seed-pass.sr"), at("run7.sr")).unwrap();
    fs::copy(at("captures/seed-pass.spec.toml"), at("run7.spec.toml")).unwrap();
    let whole = fs::read(at("captures/seed-pass.sr")).unwrap();
    fs::write(at("cut-off.sr"), &whole[..whole.len() - 60]).unwrap();
    // The exposures of the seed end where FSIN rises, every 1/30 s.
    let log: String = (0..60)
        .map(|frame| format!("{frame},{},{}\n", 1_000_000 + frame * 100_000 / 3, [20_000, 10_000, 30_000][frame % 3]))
        .collect();
    fs::write(at("run7.csv"), format!("seq,ts_device_us,exposure_us\n{log}")).unwrap();
    folder
}

#[test]
fn every_example_of_every_help_works() {
    let folder = folder();
    let mut shown: BTreeMap<String, usize> = BTreeMap::new();
    for command in commands() {
        for example in examples(&command) {
            *shown.entry(command.clone()).or_default() += 1;
            // What takes an analyzer is run with one, in tests/suite/live.
            if ["devices", "capture", "watch"].contains(&command.as_str()) {
                continue;
            }
            let program = env!("CARGO_BIN_EXE_strobecheck");
            let line = example.replacen("strobecheck", &format!("'{program}'"), 1);
            let output = Command::new("sh").args(["-c", &line]).current_dir(folder.path()).output().unwrap();
            let done = matches!(output.status.code(), Some(0 | 1 | 3));
            assert!(done, "{example}: {}", String::from_utf8_lossy(&output.stderr));
        }
        assert!(shown.contains_key(&command), "the help of {command} has no example");
    }
}

#[test]
fn a_newcomer_is_told_what_to_do_next() {
    let output = strobecheck(root(), &[]);
    assert_eq!(output.status.code(), Some(2));
    let text = String::from_utf8(output.stderr).unwrap();
    for next in ["strobecheck look", "strobecheck verify", "strobecheck capture", "strobecheck profiles", "--help"] {
        assert!(text.contains(next), "{text}");
    }
}

#[test]
fn there_is_a_page_for_every_command_and_completions_name_them() {
    let folder = tempfile::tempdir().unwrap();
    assert!(strobecheck(folder.path(), &["man", "-o", "man1"]).status.success());
    // What a shell is answered that completes the first word.
    let mut asked = Command::new(env!("CARGO_BIN_EXE_strobecheck"));
    asked.env("STROBECHECK_COMPLETE", "bash").env("_CLAP_COMPLETE_INDEX", "1").args(["--", "strobecheck", ""]);
    let completions = String::from_utf8(asked.output().unwrap().stdout).unwrap();
    let completions: Vec<&str> = completions.lines().collect();
    // What the program calls itself by is offered to nobody.
    assert!(!completions.contains(&"import"), "{completions:?}");
    for command in commands() {
        let page = fs::read_to_string(folder.path().join(format!("man1/strobecheck-{command}.1"))).unwrap();
        assert!(page.contains(".TH") && page.contains("Example"), "{command}");
        assert!(completions.contains(&command.as_str()), "{command}");
    }
    assert!(folder.path().join("man1/strobecheck.1").exists());
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let completions = strobecheck(folder.path(), &["completions", shell]).stdout;
        let completions = String::from_utf8(completions).unwrap();
        assert!(completions.contains("strobecheck") && completions.contains("STROBECHECK_COMPLETE"), "{shell}");
    }
}
