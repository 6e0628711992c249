//! The programs of others that these tests call, of which a machine may lack some: said once, with what to install.

use std::path::Path;

/// Each with its package in Debian.
const TOOLS: [(&str, &str); 8] = [
    ("sigrok-cli", "sigrok-cli"),
    ("chromium", "chromium"),
    ("pytest-3", "python3-pytest"),
    ("cc", "gcc"),
    ("bash", "bash"),
    ("script", "bsdutils"),
    ("mkfifo", "coreutils"),
    ("kill", "procps"),
];

#[test]
fn the_programs_that_tests_call_are_there() {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let is_there =
        |tool: &str| std::env::split_paths(&path).any(|folder: std::path::PathBuf| folder.join(tool).is_file());
    let missing: Vec<(&str, &str)> = TOOLS.into_iter().filter(|(tool, _)| !is_there(tool)).collect();
    let tools: Vec<&str> = missing.iter().map(|(tool, _)| *tool).collect();
    let packages: Vec<&str> = missing.iter().map(|(_, package)| *package).collect();
    assert!(
        missing.is_empty(),
        "{} cannot be found: the tests that call them fail for that; apt-get install {}",
        tools.join(", "),
        packages.join(" ")
    );
    assert!(Path::new(env!("CARGO_BIN_EXE_strobecheck")).is_file());
}
