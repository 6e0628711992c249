//! What a CI is given: the steps of the action, the hooks of pre-commit, and the commands of the guide do what they say.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn text(file: &str) -> String {
    fs::read_to_string(root().join(file)).unwrap()
}

/// The values of a key in a YAML file, each on its line.
fn values(file: &str, key: &str) -> Vec<String> {
    let key = format!("{key}: ");
    let lines = text(file);
    let found = lines.lines().filter_map(|line| line.trim().trim_start_matches("- ").strip_prefix(&key));
    found.map(str::to_owned).collect()
}

/// A checkout of somebody else's: captures with their specs and expectations, in a folder whose name is no word.
struct Checkout(TempDir);

impl Checkout {
    fn new(captures: &[&str]) -> Checkout {
        let checkout = Checkout(tempfile::tempdir().unwrap());
        fs::create_dir_all(checkout.path("rig $(touch x) a/")).unwrap();
        for name in captures {
            for extension in ["sr", "spec.toml", "expect.toml"] {
                let from = root().join(format!("captures/{name}.{extension}"));
                fs::copy(from, checkout.path(&format!("rig $(touch x) a/{name}.{extension}"))).unwrap();
            }
        }
        let bin = checkout.path("temp/strobecheck/bin");
        fs::create_dir_all(&bin).unwrap();
        let program = env!("CARGO_BIN_EXE_strobecheck");
        fs::write(bin.join("strobecheck"), format!("#!/bin/sh\nexec '{program}' \"$@\"\n")).unwrap();
        assert!(Command::new("chmod").arg("+x").arg(bin.join("strobecheck")).status().unwrap().success());
        checkout
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Runs a line as a step of a workflow does.
    fn step(&self, line: &str, args: &str) -> Output {
        let path = format!("{}:{}", self.path("temp/strobecheck/bin").display(), std::env::var("PATH").unwrap());
        let output = Command::new("bash")
            .args(["--noprofile", "--norc", "-eo", "pipefail", "-c", line])
            .current_dir(self.0.path())
            .env("PATH", path)
            .env("GITHUB_ACTION_PATH", root().join("tests/packaging/action"))
            .env("GITHUB_OUTPUT", self.path("output"))
            .env("GITHUB_STEP_SUMMARY", self.path("summary"))
            .env("RUNNER_TEMP", self.path("temp"))
            .env("CAPTURES", "rig $(touch x) a\n")
            .env("ARGS", args)
            .env("REPORTS", "out")
            .output();
        output.unwrap()
    }
}

#[test]
fn the_steps_of_the_action_judge_annotate_and_sum_up() {
    let runs = values("tests/packaging/action/action.yml", "run");
    let [hash, install, verify] = runs.as_slice() else { panic!("{runs:?}") };
    let failing: Vec<&str> = vec![
        "fault-flash-late",
        "fault-flash-early",
        "fault-flash-leak",
        "fault-flash-missing",
        "fault-flash-short",
        "fault-half-rate",
        "fault-line-dead",
        "fault-missed-trigger",
        "fault-overtrigger",
        "fault-phase-reset",
        "fault-sync-hunting",
        "fault-trigger-jitter",
        "seed-pass",
    ];
    let checkout = Checkout::new(&failing);
    for _ in 0..2 {
        assert!(checkout.step(hash, "").status.success());
    }
    let output = fs::read_to_string(checkout.path("output")).unwrap();
    let hashes: Vec<&str> = output.lines().map(|line| line.strip_prefix("hash=").unwrap()).collect();
    assert!(hashes[0].len() == 32 && hashes[0] == hashes[1], "{output}");
    let built = install.split("--path ").nth(1).unwrap().trim_matches('"');
    let built = built.replace("$GITHUB_ACTION_PATH", root().join("tests/packaging/action").to_str().unwrap());
    assert!(Path::new(&built).join("Cargo.lock").exists(), "{built}");

    let judged = checkout.step(verify, "");
    let said = String::from_utf8_lossy(&judged.stdout);
    assert_eq!(judged.status.code(), Some(1), "{said}{}", String::from_utf8_lossy(&judged.stderr));
    let annotations: Vec<&str> = said.lines().filter(|line| line.starts_with("::")).collect();
    assert_eq!(annotations.len(), 10, "{said}");
    assert!(annotations[0].starts_with("::error file=rig $(touch x) a/fault-") && annotations[0].contains("; do: "));
    assert!(annotations[9].starts_with("::error title=and 3 more::"), "{said}");
    let summary = fs::read_to_string(checkout.path("summary")).unwrap();
    assert!(summary.starts_with("## strobecheck: FAIL\n") && summary.contains("fault-line-dead"), "{summary}");
    for file in ["index.html", "junit.xml", "seed-pass.html"] {
        assert!(checkout.path("out").join(file).exists(), "{file}");
    }
    let junit = fs::read_to_string(checkout.path("out/junit.xml")).unwrap();
    assert!(junit.contains("[[ATTACHMENT|out/fault-line-dead.html]]"), "{junit}");
    assert!(!checkout.path("x").exists(), "a name was run");
}

#[test]
fn the_action_ends_as_the_verdict_does_whatever_it_is_told() {
    let runs = values("tests/packaging/action/action.yml", "run");
    let checkout = Checkout::new(&["fault-flash-late", "seed-pass"]);
    let code = |args: &str| checkout.step(&runs[2], args).status.code();
    assert_eq!(
        [code("--expect"), code("--expect\n\n--no-such-option"), code("--limit\nframe.time=1 s ± 1 ms\n")],
        [Some(0), Some(2), Some(1)]
    );
}

#[test]
fn the_hooks_judge_what_is_committed() {
    let entries = values(".pre-commit-hooks.yaml", "entry");
    let checkout = Checkout::new(&["fault-flash-late", "seed-pass"]);
    let captures = "'rig $(touch x) a/fault-flash-late.sr' 'rig $(touch x) a/seed-pass.sr'";
    let codes: Vec<_> =
        entries.iter().map(|entry| checkout.step(&format!("{entry} {captures}"), "").status.code()).collect();
    assert_eq!(codes, [Some(1), Some(0)]);
}

#[test]
fn the_commands_of_the_guide_write_what_the_ci_reads() {
    let page = text("src/guide/ci.md");
    let blocks = page.split("```yaml\n").skip(1).chain(page.split("```groovy\n").skip(1));
    let mut commands = Vec::new();
    for block in blocks.map(|rest| rest.split("```").next().unwrap()) {
        let lines = block.lines().filter_map(|line| line.split_once("strobecheck verify "));
        commands.extend(lines.map(|(_, rest)| format!("strobecheck verify {}", rest.trim_end_matches('\''))));
    }
    assert_eq!(commands.len(), 2, "{commands:?}");
    for command in commands {
        let checkout = Checkout::new(&["seed-pass", "trigger-pass"]);
        fs::rename(checkout.path("rig $(touch x) a"), checkout.path("captures")).unwrap();
        let output = checkout.step(&command, "");
        assert_eq!(output.status.code(), Some(0), "{command}: {}", String::from_utf8_lossy(&output.stderr));
        for written in ["seed-pass.html", "junit.xml"] {
            assert!(checkout.path("out").join(written).exists(), "{command} wrote no {written}");
        }
    }
}
