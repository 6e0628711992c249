//! The world fails: disks, pipes, rights, signals, neighbours. Nothing is left half-written, and nothing passes for it.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use assert_cmd::cargo::CommandCargoExt as _;
use strobecheck::format::{FormatError, Source, open};
use tempfile::TempDir;

use super::archives::{RawMember, SPEC, metadata, plain, request, session};

fn strobecheck() -> Command {
    Command::cargo_bin("strobecheck").unwrap()
}

/// A folder with a capture that passes, `case.sr`, and its spec.
fn bench() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("case.sr"), plain().build()).unwrap();
    fs::write(folder.path().join("spec.toml"), SPEC).unwrap();
    folder
}

/// The names of what lies in a folder, in order.
fn listed(folder: &Path) -> Vec<String> {
    let names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.collect();
    names.sort();
    names
}

#[test]
fn a_full_standard_output_is_an_error() {
    let folder = bench();
    for arguments in
        [vec!["verify", "--no-report"], vec!["verify", "--json"], vec!["edges"], vec!["wiring"], vec!["measure"]]
    {
        let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let (command, options) = arguments.split_first().unwrap();
        let spec = if *command == "measure" { vec!["--spec", "spec.toml"] } else { vec![] };
        let child = (strobecheck().current_dir(&folder).arg(command).arg("case.sr").args(options).args(spec))
            .stdout(full)
            .stderr(Stdio::piped())
            .spawn();
        let output = child.unwrap().wait_with_output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {said}");
        assert!(said.contains("no space left on device"), "{arguments:?}: {said}");
    }
}

#[test]
fn a_full_disk_leaves_the_old_reports_whole() {
    let folder = bench();
    let reports = folder.path().join("out");
    fs::create_dir(&reports).unwrap();
    // No file may grow beyond so many KiB: a report does not fit, as on a full disk.
    let run = |blocks: &str| {
        let script = format!("ulimit -f {blocks}; exec \"$0\" verify case.sr --reports out --format json,html");
        let program = strobecheck().get_program().to_owned();
        Command::new("bash").current_dir(&folder).arg("-c").arg(script).arg(program).output().unwrap()
    };
    assert_eq!(run("unlimited").status.code(), Some(0));
    let old = fs::read(reports.join("case.html")).unwrap();
    fs::remove_file(reports.join("case.json")).unwrap();
    let output = run("4");
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("cannot be written: file too large"), "{said}");
    assert!(String::from_utf8(output.stdout).unwrap().starts_with("PASS  case.sr\n"), "the verdict was said");
    assert_eq!(listed(&reports), ["case.html"]);
    assert!(fs::read(reports.join("case.html")).unwrap() == old);
}

/// How a command ends whose standard output nobody reads.
fn unread(folder: &Path, arguments: &[&str]) -> (Option<i32>, String) {
    let mut child = strobecheck()
        .current_dir(folder)
        .args(arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

#[test]
fn a_closed_pipe_is_a_quiet_end_and_changes_no_verdict() {
    let folder = bench();
    let failing = SPEC.replace("5 ms ± 100 us", "4 ms ± 100 us");
    fs::write(folder.path().join("failing.toml"), failing).unwrap();
    let open = SPEC.replace("frame_time", "min_frames = 100\nframe_time");
    fs::write(folder.path().join("open.toml"), open).unwrap();
    let quiet = |code| (Some(code), String::new());
    for (arguments, code) in [
        (vec!["verify", "case.sr", "--no-report"], 0),
        (vec!["verify", "case.sr", "--no-report", "--spec", "failing.toml"], 1),
        (vec!["verify", "case.sr", "--json", "--spec", "failing.toml"], 1),
        (vec!["verify", "case.sr", "--no-report", "--spec", "open.toml"], 3),
        (vec!["edges", "case.sr"], 0),
        (vec!["wiring", "case.sr"], 0),
    ] {
        assert_eq!(unread(folder.path(), &arguments), quiet(code), "{arguments:?}");
    }
}

#[test]
fn where_nothing_can_be_written_nothing_passes() {
    let folder = bench();
    for reports in ["case.sr/out", "/proc/no-such-folder", "/dev/null/out"] {
        let output =
            strobecheck().current_dir(&folder).args(["verify", "case.sr", "--reports", reports]).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{reports}");
        assert!(String::from_utf8(output.stderr).unwrap().contains("cannot be written"), "{reports}");
        assert!(String::from_utf8(output.stdout).unwrap().starts_with("PASS  case.sr\n"), "{reports}");
    }
    assert_eq!(listed(folder.path()), ["case.sr", "spec.toml"]);
}

#[cfg(unix)]
#[test]
fn without_the_right_to_read_or_write_nothing_passes() {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
    use std::os::unix::process::CommandExt as _;
    const NOBODY: u32 = 65_534;

    let folder = bench();
    let rights =
        |name: &str, mode| fs::set_permissions(folder.path().join(name), fs::Permissions::from_mode(mode)).unwrap();
    fs::create_dir(folder.path().join("out")).unwrap();
    // Root may do anything: as somebody else then, with a copy of the program that he can reach.
    let is_root = fs::metadata("/proc/self").unwrap().uid() == 0;
    let program = folder.path().join("strobecheck");
    fs::copy(strobecheck().get_program(), &program).unwrap();
    rights("", 0o755);
    let run = |arguments: &[&str]| {
        let mut command = Command::new(&program);
        command.current_dir(&folder).arg("verify").args(arguments);
        if is_root {
            command.uid(NOBODY).gid(NOBODY);
        }
        let output = command.output().unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap() + &String::from_utf8(output.stdout).unwrap())
    };
    rights("out", 0o555);
    let (code, said) = run(&["case.sr", "--reports", "out"]);
    assert!(code == Some(2) && said.contains("permission denied"), "{code:?} {said}");
    assert!(listed(&folder.path().join("out")).is_empty());
    rights("case.sr", 0o000);
    let (code, said) = run(&["case.sr", "--no-report"]);
    assert!(code == Some(2) && said.contains("permission denied"), "{code:?} {said}");
    rights("case.sr", 0o644);
    rights("spec.toml", 0o000);
    let (code, said) = run(&["case.sr", "--no-report"]);
    assert!(code == Some(2) && said.contains("permission denied"), "{code:?} {said}");
}

/// A file on a disk that cannot be read from a byte on.
struct Failing {
    bytes: Vec<u8>,
    from: u64,
}

impl Source for Failing {
    fn len(&self) -> u64 {
        self.bytes.len() as u64
    }

    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        let before = usize::try_from(self.from.saturating_sub(offset)).unwrap_or(usize::MAX).min(buffer.len());
        if before == 0 && !buffer.is_empty() {
            return Err(io::Error::other("input/output error"));
        }
        self.bytes.read_at(&mut buffer[..before], offset)
    }
}

#[test]
fn a_read_error_is_an_error_and_no_damage() {
    struct Ignored;
    impl strobecheck::capture::Sink for Ignored {
        fn change(
            &mut self,
            _: strobecheck::units::SampleIndex,
            _: u64,
        ) -> Result<(), strobecheck::capture::SinkError> {
            Ok(())
        }
        fn lost(&mut self, _: strobecheck::signal::LostSpan) {}
    }

    for archive in [plain(), super::archives::with_chunks(|_, member| member.deferred = true)] {
        let bytes = archive.build();
        for from in 0..bytes.len() as u64 {
            let result = open(Box::new(Failing { bytes: bytes.clone(), from }))
                .and_then(|reader| reader.read(&request(1), &mut Ignored));
            let said = match result {
                Err(error @ (FormatError::Io(_) | FormatError::Unreadable { .. })) => error.to_string(),
                other => panic!("from byte {from} on: {other:?}"),
            };
            assert!(said.contains("input/output error"), "from byte {from} on: {said}");
        }
    }
}

/// A capture whose edges take a while to write down: 2 million of them, in chunks.
fn long(path: &Path) {
    let chunk: Vec<u8> = (0..1_u32 << 20).map(|at| (at % 2) as u8).collect();
    let packed = RawMember::deflated("", &chunk);
    let mut archive = session(metadata().as_bytes());
    for number in 1..=2 {
        let name = format!("logic-1-{number}");
        archive = archive.with(packed.clone().but(|member| (member.name, member.local_name) = (name.clone(), name)));
    }
    fs::write(path, archive.build()).unwrap();
}

/// Begins to write a long table, and returns when a part of it is on the disk.
fn half_written(folder: &Path) -> (Child, PathBuf) {
    long(&folder.join("long.sr"));
    fs::create_dir_all(folder.join("out")).unwrap();
    let child = (strobecheck().current_dir(folder).args(["edges", "long.sr", "-o", "out/edges.csv"]))
        .stderr(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let begun = Instant::now();
    let is_begun = || {
        let entries = fs::read_dir(folder.join("out")).unwrap();
        entries.filter_map(|entry| entry.unwrap().metadata().ok()).any(|metadata| metadata.len() > 100_000)
    };
    while !is_begun() {
        assert!(begun.elapsed() < Duration::from_secs(60), "nothing is written");
        std::thread::sleep(Duration::from_millis(5));
    }
    (child, folder.join("out"))
}

#[cfg(unix)]
fn signal(child: &Child, name: &str) {
    let status = Command::new("kill").args(["-s", name, &child.id().to_string()]).status().unwrap();
    assert!(status.success());
}

#[cfg(unix)]
#[test]
fn an_interruption_leaves_nothing_half_written() {
    for name in ["INT", "TERM", "HUP", "QUIT"] {
        let folder = tempfile::tempdir().unwrap();
        let (child, out) = half_written(folder.path());
        signal(&child, name);
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{name}: {output:?}");
        assert!(String::from_utf8(output.stderr).unwrap().contains("interrupted"), "{name}");
        assert_eq!(listed(&out), [""; 0], "{name}");
    }
}

#[cfg(unix)]
#[test]
fn waiting_for_standard_input_can_be_interrupted() {
    let mut child = (strobecheck().args(["edges", "-"]))
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(b"PK\x03\x04").unwrap();
    // Until the handler is there, a signal ends the process in the usual way.
    std::thread::sleep(Duration::from_secs(1));
    signal(&child, "INT");
    assert_eq!(child.wait().unwrap().code(), Some(2));
    drop(stdin);
}

#[test]
fn a_capture_that_changes_while_it_is_read_is_refused() {
    let changes: [fn(&Path); 2] = [
        |path| fs::OpenOptions::new().append(true).open(path).unwrap().write_all(b"more").unwrap(),
        |path| {
            let file = fs::OpenOptions::new().write(true).open(path).unwrap();
            file.set_len(file.metadata().unwrap().len() / 2).unwrap();
        },
    ];
    for change in changes {
        let folder = tempfile::tempdir().unwrap();
        let (child, out) = half_written(folder.path());
        change(&folder.path().join("long.sr"));
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{output:?}");
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(said.contains("long.sr: it changed while it was read"), "{said}");
        assert_eq!(listed(&out), [""; 0]);
    }
}

#[test]
fn runs_that_write_the_same_reports_leave_whole_ones() {
    let folder = bench();
    let run = |reports: &str| {
        let mut command = strobecheck();
        command.current_dir(&folder).args([
            "verify",
            "case.sr",
            "--format",
            "html,json,junit,csv",
            "--reports",
            reports,
        ]);
        command.stdout(Stdio::null()).spawn().unwrap()
    };
    assert_eq!(run("alone").wait().unwrap().code(), Some(0));
    let children: Vec<Child> = (0..6).map(|_| run("shared")).collect();
    for mut child in children {
        assert_eq!(child.wait().unwrap().code(), Some(0));
    }
    let (alone, shared) = (folder.path().join("alone"), folder.path().join("shared"));
    assert_eq!(listed(&alone), listed(&shared));
    for name in listed(&alone) {
        assert!(fs::read(alone.join(&name)).unwrap() == fs::read(shared.join(&name)).unwrap(), "{name}");
    }
}

#[cfg(unix)]
#[test]
fn devices_and_links_are_written_to_and_not_replaced() {
    use std::os::unix::fs::FileTypeExt as _;

    let folder = bench();
    let edges =
        |output: &str| strobecheck().current_dir(&folder).args(["edges", "case.sr", "-o", output]).output().unwrap();
    assert_eq!(edges("/dev/null").status.code(), Some(0));
    assert!(fs::metadata("/dev/null").unwrap().file_type().is_char_device());
    let full = edges("/dev/full");
    assert_eq!(full.status.code(), Some(2), "{full:?}");
    assert!(fs::metadata("/dev/full").unwrap().file_type().is_char_device());

    fs::write(folder.path().join("real.csv"), "channel,sample,time_s,level\nold").unwrap();
    std::os::unix::fs::symlink("real.csv", folder.path().join("link.csv")).unwrap();
    assert_eq!(edges("link.csv").status.code(), Some(0));
    assert!(fs::symlink_metadata(folder.path().join("link.csv")).unwrap().is_symlink());
    let written = fs::read_to_string(folder.path().join("real.csv")).unwrap();
    assert!(written.starts_with("channel,sample,time_s,level\n") && !written.contains("old"));
}
