//! Nothing is lost: no file that somebody may miss is replaced, whatever is asked for, however many ask at once, and
//! whenever they are interrupted.

mod crowd;
mod expect;
mod folders;
mod interrupted;
mod matrix;
mod named;
mod reach;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

/// What judges `a.sr`.
const SPEC: &str = "wiring.strobe = \"STROBE\"\nlimits.exposure.time = \">= 1 us\"\n";

#[cfg(unix)]
const SCENARIO: &str = "duration = \"100 ms\"\nanalyzer.samplerate = \"100 kHz\"\n[timing]\nframe.time = \"10 ms\"\n\
                        exposure.time = \"5 ms\"\n";

/// A folder of captures and what belongs to them.
struct Bench(TempDir);

impl Bench {
    /// With a capture of somebody else's, `a.sr`, and its spec.
    fn new() -> Bench {
        let bench = Bench(tempfile::tempdir().unwrap());
        let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli/fixtures/plain.sr");
        fs::copy(fixture, bench.path("a.sr")).unwrap();
        bench.write("spec.toml", SPEC);
        bench
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
    }

    fn text(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_strobecheck"));
        command.current_dir(self.0.path()).args(arguments);
        command
    }

    fn run(&self, arguments: &[&str]) -> Said {
        Said::of(&self.command(arguments).output().unwrap())
    }

    /// The names of what lies in a folder, in order.
    fn listed(&self, folder: &str) -> Vec<String> {
        let entries = fs::read_dir(self.path(folder)).unwrap();
        let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

/// How a command ended.
#[derive(Debug)]
struct Said {
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

impl Said {
    fn of(output: &Output) -> Said {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Said { code: output.status.code(), stdout: text(&output.stdout), stderr: text(&output.stderr) }
    }
}
