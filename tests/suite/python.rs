//! The Python module, its pytest plugin and its guide page, by Debian's pytest. `.ci/python_module` tries the wheel, and what
//! takes data frames, type checkers and notebooks.

use std::fs;
use std::path::Path;
use std::process::Command;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Runs pytest with our module and program, and gives what it said; all must pass.
fn pytest(folder: &Path, arguments: &[&str]) -> String {
    let output = Command::new("pytest-3")
        .args(["-q", "-p", "no:cacheprovider"])
        .args(arguments)
        .current_dir(folder)
        .env("PYTHONPATH", root().join("src/python"))
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("PYTEST_PLUGINS", "strobecheck.pytest_plugin")
        .env("STROBECHECK_PROGRAM", env!("CARGO_BIN_EXE_strobecheck"))
        .output();
    let output = output.unwrap_or_else(|error| panic!("pytest-3: {error}; apt-get install python3-pytest"));
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    assert!(!said.contains("skipped"), "{said}");
    said
}

#[test]
fn the_module_and_its_plugin_do_what_their_tests_say() {
    // None found is a failure, too.
    pytest(root(), &["tests/python"]);
}

#[test]
fn each_capture_of_ours_is_a_test_that_passes() {
    let captures = fs::read_dir(root().join("captures")).unwrap().map(|entry| entry.unwrap().path());
    let captures = captures.filter(|path| path.extension().is_some_and(|extension| extension == "sr")).count();
    let said = pytest(root(), &["captures"]);
    assert!(said.contains(&format!("{captures} passed")), "{said}");
}

#[test]
fn the_guide_shows_what_comes() {
    let page = fs::read_to_string(root().join("src/guide/python.md")).unwrap();
    // Tables take libraries that Debian's Python has not.
    let (plain, _) = page.split_once("\n## Tables\n").unwrap();
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("python.md");
    fs::write(&copy, plain).unwrap();
    let said = pytest(root(), &["--doctest-glob=*.md", copy.to_str().unwrap()]);
    assert!(said.contains("1 passed"), "{said}");
    let test = plain.split("```python\n").nth(1).unwrap().split("```").next().unwrap();
    let file = folder.path().join("test_guide.py");
    fs::write(&file, test).unwrap();
    let said = pytest(root(), &[file.to_str().unwrap()]);
    assert!(said.contains("1 passed"), "{said}");
}
