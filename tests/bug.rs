//! A panic, in a process of its own: it is said to be a bug of ours, and ends with exit code 2, never 0 or 1.

use std::process::{Command, ExitCode};

/// How the process is told to panic, which the command itself cannot be.
const INNER: &str = "panic-on-purpose";

fn main() -> ExitCode {
    if std::env::args().nth(1).as_deref() == Some(INNER) {
        return strobecheck::cli::guarded(|| panic!("made for this test \u{1b}[2J"));
    }
    let program = std::env::current_exe().unwrap_or_else(|error| panic!("{error}"));
    let output = Command::new(program).arg(INNER).output().unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty());
    let said = String::from_utf8_lossy(&output.stderr);
    let first = format!(
        "strobecheck: this is a bug in strobecheck {}, not in your capture or spec: made for this test \\u{{1b}}[2J\n",
        env!("CARGO_PKG_VERSION")
    );
    assert!(said.starts_with(&first), "{said}");
    assert!(said.contains("\n  at tests/bug.rs:") && said.contains("Please report this text"), "{said}");
    ExitCode::SUCCESS
}
