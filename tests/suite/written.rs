//! What `verify` writes: the same bytes for the same input, in every format, and nothing where it cannot be written.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Output};

use strobecheck::render::{RENDERERS, Render, Renderer};

const CAPTURES: [&str; 3] = ["captures/seed-long-exposure.sr", "captures/seed-pass.sr", "captures/too-tight.sr"];

/// Every renderer that writes files.
fn renderers() -> impl Iterator<Item = &'static Renderer> {
    RENDERERS.iter().copied().filter(|renderer| !matches!(renderer.render, Render::Log(_)))
}

fn verify(arguments: &[&str]) -> Output {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    Command::new(env!("CARGO_BIN_EXE_strobecheck")).current_dir(root).arg("verify").args(arguments).output().unwrap()
}

fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.map(|path| (path.file_name().unwrap().to_str().unwrap().to_owned(), std::fs::read(path).unwrap())).collect()
}

#[test]
fn the_same_captures_give_the_same_bytes_in_every_format() {
    let mut formats: Vec<&str> = renderers().map(|renderer| renderer.id).collect();
    formats.dedup();
    let formats = formats.join(",");
    let formats = formats.as_str();
    let written = |jobs| {
        let folder = tempfile::tempdir().unwrap();
        // Some files name the folder of the reports, as it was given.
        let captures = CAPTURES.map(|capture| Path::new(env!("CARGO_MANIFEST_DIR")).join(capture));
        let output = Command::new(env!("CARGO_BIN_EXE_strobecheck"))
            .current_dir(folder.path())
            .arg("verify")
            .args(captures)
            .args(["--reports", ".", "--format", formats, "--jobs", jobs])
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
        files(folder.path())
    };
    let written = std::thread::scope(|scope| {
        let runs = ["1", "4"].map(|jobs| scope.spawn(move || written(jobs)));
        runs.map(|run| run.join().unwrap())
    });
    let [one, four] = &written;
    for extension in renderers().map(|renderer| renderer.extension) {
        assert!(one.keys().any(|name| name.ends_with(extension)), "no file is {extension}");
    }
    for name in ["index.html", "seed-pass.timeline.svg", "seed-long-exposure.exposure.time.evidence.png"] {
        assert!(one.contains_key(name), "{name} is not there");
    }
    assert_eq!(one.keys().collect::<Vec<_>>(), four.keys().collect::<Vec<_>>());
    for (name, bytes) in one {
        assert!(bytes == &four[name], "{name} differs");
    }
}

#[test]
fn a_report_that_cannot_be_written_leaves_nothing_and_ends_with_2() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("no-folder");
    std::fs::write(&file, "a file").unwrap();
    let reports = file.join("reports");
    let output = verify(&[CAPTURES[1], "--reports", reports.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("cannot be written"));
    assert_eq!(files(folder.path()).into_iter().collect::<Vec<_>>(), [("no-folder".to_owned(), b"a file".to_vec())]);
}

#[test]
fn annotations_are_on_standard_output() {
    let folder = tempfile::tempdir().unwrap();
    let reports = folder.path().to_str().unwrap();
    let output = verify(&[CAPTURES[0], "--format", "github", "--reports", reports]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.lines().any(|line| line.starts_with("::error ") && line.contains("exposure.time")), "{text}");
    assert!(files(folder.path()).is_empty());
}
