//! What the guides show works as it stands.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn ci() -> String {
    fs::read_to_string(root().join("src/guide/ci.md")).unwrap()
}

/// The blocks of a page in this language.
fn blocks(page: &str, language: &str) -> Vec<String> {
    let fence = format!("```{language}\n");
    page.split(&fence).skip(1).map(|rest| rest.split("```").next().unwrap().to_owned()).collect()
}

/// A folder with the captures of these names and their specs, under `captures/`.
fn folder(names: &[&str]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("captures")).unwrap();
    for name in names {
        for extension in ["sr", "spec.toml"] {
            let file = format!("captures/{name}.{extension}");
            fs::copy(root().join(&file), folder.path().join(&file)).unwrap();
        }
    }
    folder
}

/// Runs a command of Debian's with our program on its path.
fn run(folder: &Path, program: &str, arguments: &[&str]) -> Output {
    let ours = Path::new(env!("CARGO_BIN_EXE_strobecheck")).parent().unwrap();
    let path = format!("{}:{}", ours.display(), std::env::var("PATH").unwrap());
    let output = Command::new(program).args(arguments).current_dir(folder).env("PATH", path).output();
    output.unwrap_or_else(|error| panic!("{program}: {error}; apt-get install python3-pytest"))
}

#[test]
fn the_commands_of_the_ci_examples_pass() {
    let page = ci();
    let yaml = blocks(&page, "yaml");
    let commands: Vec<&str> = (yaml.iter().flat_map(|block| block.lines()))
        .filter_map(|line| {
            Some(line.trim().trim_start_matches("- ").trim_start_matches("run: "))
                .filter(|line| line.starts_with("strobecheck "))
        })
        .collect();
    assert_eq!(commands.len(), 2, "{commands:?}");
    for command in commands {
        let folder = folder(&["seed-pass", "trigger-pass"]);
        let output = run(folder.path(), "sh", &["-c", command]);
        assert_eq!(output.status.code(), Some(0), "{command}: {}", String::from_utf8_lossy(&output.stderr));
        for written in ["seed-pass.html", "junit.xml"] {
            assert!(folder.path().join("out").join(written).exists(), "{command} wrote no {written}");
        }
    }
}
