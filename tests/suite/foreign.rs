//! Captures of other programs through libsigrok's input modules: made by sigrok-cli, with the edges of its sessions; and
//! a module that breaks breaks nothing but itself.
//!
//! `sigrok-cli` must be installed.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn strobecheck(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_strobecheck"));
    command.current_dir(root()).args(arguments);
    command
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// A session in another format, as sigrok-cli writes it.
fn exported(session: &str, folder: &TempDir, format: &str) -> PathBuf {
    let path = folder.path().join(format!("exported.{format}"));
    let mut command = Command::new("sigrok-cli");
    command.current_dir(root()).args(["-i", session, "-O", format, "-o"]).arg(&path);
    let output = command.output().unwrap_or_else(|error| panic!("sigrok-cli cannot be run: {error}; this needs it"));
    assert!(output.status.success(), "{}", said(&output));
    path
}

/// All edges, by the number of the channel: names are not in every format.
fn edges(arguments: &[&str]) -> Vec<(usize, String)> {
    let output = strobecheck(arguments).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", said(&output));
    let text = String::from_utf8(output.stdout).unwrap();
    let rows: Vec<(&str, &str)> = text.lines().skip(1).map(|row| row.split_once(',').unwrap()).collect();
    let mut names: Vec<&str> = rows.iter().map(|row| row.0).collect();
    names.sort_unstable();
    names.dedup();
    let number = |name: &str| names.iter().position(|other| *other == name).unwrap();
    rows.iter().map(|(name, rest)| (number(name), (*rest).to_owned())).collect()
}

#[test]
fn what_sigrok_exports_has_the_edges_of_its_session() {
    let folder = TempDir::new().unwrap();
    let session = "captures/sigrok-demo.sr";
    let expected = edges(&["edges", session]);
    assert!(expected.len() > 1000, "{}", expected.len());
    let binary = exported(session, &folder, "binary");
    let module = "sigrok:binary:numchannels=8:samplerate=200kHz";
    assert_eq!(edges(&["edges", binary.to_str().unwrap(), "--input-format", module]), expected);
    // The rate may be stated apart.
    let apart = ["edges", binary.to_str().unwrap(), "--input-format", "sigrok:binary:numchannels=8"];
    let refused = strobecheck(&apart).output().unwrap();
    assert!(refused.status.code() == Some(2) && said(&refused).contains("--samplerate 24MHz"), "{}", said(&refused));
    assert_eq!(edges(&[&apart[..], &["--samplerate", "200kHz"]].concat()), expected);
}

#[test]
fn a_file_that_libsigrok_recognises_is_read_and_says_by_what() {
    let folder = TempDir::new().unwrap();
    let export = exported("captures/sigrok-demo.sr", &folder, "chronovu-la8");
    // The analyzer's memory, of which the export fills a part, and behind it the divider of 100 MHz and the trigger's place.
    let mut file = std::fs::read(&export).unwrap();
    file.resize(8 << 20, 0);
    file.extend_from_slice(&[0, 0, 0, 0, 0]);
    std::fs::write(&export, file).unwrap();
    let output = strobecheck(&["wiring", export.to_str().unwrap()]).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert!(said(&output).contains("read by libsigrok's input module chronovu-la8"), "{}", said(&output));
    // From standard input too, where it has no name.
    let piped = strobecheck(&["wiring", "-"]).stdin(std::fs::File::open(&export).unwrap()).output().unwrap();
    assert_eq!((piped.status.code(), &piped.stdout), (Some(0), &output.stdout), "{}", said(&piped));
}

#[test]
fn a_capture_that_libsigrok_reads_is_judged() {
    let folder = TempDir::new().unwrap();
    let binary = exported("captures/trigger-pass.sr", &folder, "binary");
    let (path, module) = (binary.to_str().unwrap(), "sigrok:binary:numchannels=8:samplerate=1MHz");
    let verdict = |limit: &str| {
        let wires = ["--wire", "strobe=0", "--wire", "fsin=1", "--no-report", "--input-format", module];
        let output = strobecheck(&[&["verify", path, "--limit", limit], &wires[..]].concat()).output().unwrap();
        (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned())
    };
    // As captures/trigger-pass.scenario.toml says.
    let (code, text) = verdict("frame.time=50 ms ± 50 us");
    assert_eq!(code, Some(0), "{text}");
    let (code, text) = verdict("frame.time=30 ms ± 50 us");
    assert_eq!(code, Some(1), "{text}");
}

#[test]
fn what_cannot_be_read_says_why_and_what_would_be_valid() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("run.bin");
    std::fs::write(&path, [0, 1, 0, 1, 1]).unwrap();
    let path = path.to_str().unwrap();
    let wav = folder.path().join("tone.wav");
    std::fs::write(&wav, tone()).unwrap();
    // No dump that we know begins so, yet libsigrok's module would read it, with a unit of time for a rate.
    let dump = folder.path().join("dump.txt");
    let text = "$Attr x $end\n$timescale 1 ns $end\n$var wire 1 ! a $end\n$enddefinitions $end\n#0\n0!\n#5\n1!\n";
    std::fs::write(&dump, text).unwrap();
    let cases: [(&str, &str, &[&str]); 9] = [
        (path, "", &["not a capture of a known format", "none of libsigrok's input modules recognises it"]),
        (path, "sigrok:sump", &["libsigrok has no input module 'sump'; there are binary, chronovu-la8"]),
        (path, "sigrok:binary:channels=3", &["option channels=3: there is no such option", "numchannels"]),
        (path, "sigrok:binary:numchannels=x", &["numchannels=x: numchannels is a whole number"]),
        (path, "sigrok:binary:numchannels", &["'numchannels' is no option of an input module"]),
        (path, "sigrok:vcd", &["--input-format vcd"]),
        (dump.to_str().unwrap(), "sigrok:wav", &["libsigrok's input module wav cannot read it: input/wav: "]),
        (dump.to_str().unwrap(), "", &["libsigrok takes it for vcd", "to have it read: --input-format vcd"]),
        (wav.to_str().unwrap(), "", &["libsigrok's input module wav finds 1 analog channels and no logic channel"]),
    ];
    for (file, format, expected) in cases {
        let mut command = strobecheck(&["edges", file]);
        if !format.is_empty() {
            command.args(["--input-format", format]);
        }
        let output = command.output().unwrap();
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{format}");
        let said = said(&output);
        assert!(expected.iter().all(|part| said.contains(part)), "{format}: {said}");
        assert_eq!(said.lines().count(), 1, "{format}: {said}");
        // What would be refused is not offered.
        let offered = said.split_once("there are ").map_or("", |(_, modules)| modules.trim_end());
        assert!(!offered.split(", ").any(|module| ["vcd", "csv"].contains(&module)), "{format}: {said}");
    }
}

/// A WAV file of one channel.
fn tone() -> Vec<u8> {
    let samples: Vec<u8> = (0..2000_i16).flat_map(|n| (n * 16).to_le_bytes()).collect();
    let length = |more: usize| u32::try_from(samples.len() + more).unwrap().to_le_bytes();
    let format = [&1_u16.to_le_bytes()[..], &1_u16.to_le_bytes(), &44_100_u32.to_le_bytes(), &88_200_u32.to_le_bytes()];
    let format = [&format.concat()[..], &2_u16.to_le_bytes(), &16_u16.to_le_bytes()].concat();
    [&b"RIFF"[..], &length(36), b"WAVEfmt ", &16_u32.to_le_bytes(), &format, b"data", &length(0), &samples].concat()
}

/// A library in place of libsigrok that does this as it is loaded.
fn library(folder: &TempDir, statements: &str) -> PathBuf {
    let (source, library) = (folder.path().join("broken.c"), folder.path().join("broken.so"));
    let text =
        format!("#include <stdlib.h>\n__attribute__((constructor)) static void opened(void) {{ {statements} }}\n");
    std::fs::write(&source, text).unwrap();
    let compiled = Command::new("cc").args(["-shared", "-fPIC", "-o"]).arg(&library).arg(&source).status().unwrap();
    assert!(compiled.success());
    library
}

#[test]
fn a_module_is_given_four_gibibytes_and_no_more() {
    let folder = TempDir::new().unwrap();
    let unknown = folder.path().join("run.bin");
    std::fs::write(&unknown, [0, 1, 2]).unwrap();
    for (wanted, broke_off) in [(2, false), (5, true)] {
        // Nothing else in it, so that a library that does get its memory is no libsigrok.
        let library = library(&folder, &format!("if (!malloc((size_t)1024 * 1024 * 1024 * {wanted})) abort();"));
        let output =
            strobecheck(&["wiring", unknown.to_str().unwrap()]).env("SIGROK_LIBRARY", library).output().unwrap();
        let text = said(&output);
        assert_eq!((output.status.code(), text.contains("broke off")), (Some(2), broke_off), "{wanted} GiB: {text}");
    }
}

#[test]
fn a_module_that_breaks_is_an_error_and_no_more() {
    let folder = TempDir::new().unwrap();
    let library = library(&folder, "abort();");
    let unknown = folder.path().join("run.bin");
    std::fs::write(&unknown, [0, 1, 2]).unwrap();
    let unknown = unknown.to_str().unwrap();
    let run = |arguments: &[&str], library: &Path| {
        let output = strobecheck(arguments).env("SIGROK_LIBRARY", library).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        format!("{}{}", String::from_utf8_lossy(&output.stdout), said(&output))
    };
    let text = run(&["wiring", unknown], &library);
    assert!(text.contains("libsigrok's input module broke off"), "{text}");
    // The captures beside it are judged.
    let text = run(&["verify", "captures/seed-pass.sr", unknown, "--no-report"], &library);
    assert!(text.contains("1 pass, 1 error"), "{text}");
    // Where there is no libsigrok, it says what to install.
    let text = run(&["wiring", unknown], &folder.path().join("missing.so"));
    assert!(text.contains("not a capture of a known format") && text.contains("install one"), "{text}");
}

#[test]
fn a_pipe_is_read_by_a_module_too() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("run.bin");
    std::fs::write(&path, [0, 1, 0, 1, 1]).unwrap();
    let script = "exec \"$0\" edges <(cat \"$1\") --input-format sigrok:binary:numchannels=1:samplerate=1MHz";
    let program = env!("CARGO_BIN_EXE_strobecheck");
    let output = Command::new("bash").args(["-c", script, program]).arg(&path).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert_eq!(String::from_utf8_lossy(&output.stdout).lines().count(), 1 + 3);
}

#[test]
fn no_module_makes_more_channels_than_a_sample_has_bits() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("run.bin");
    std::fs::write(&path, [0; 64]).unwrap();
    let module = |count: u32| format!("sigrok:binary:numchannels={count}:samplerate=1MHz");
    let run =
        |count| strobecheck(&["edges", path.to_str().unwrap(), "--input-format", &module(count)]).output().unwrap();
    assert_eq!(run(64).status.code(), Some(0), "{}", said(&run(64)));
    assert!(said(&run(65)).contains("option numchannels=65: at most 64 channels are read"), "{}", said(&run(65)));
}

#[test]
fn a_module_that_does_not_end_is_ended() {
    let folder = TempDir::new().unwrap();
    let endless = library(&folder, "for (;;) { }");
    let import = ["import", "--max-samples=1", "--max-seconds=1", "Cargo.toml"];
    let mut child = strobecheck(&import).env("SIGROK_LIBRARY", endless).stdin(Stdio::piped()).spawn().unwrap();
    let _held = child.stdin.take();
    assert_eq!(child.wait().unwrap().code(), None, "a signal ends it");
}

#[cfg(unix)]
#[test]
fn a_module_ends_with_the_process_that_called_it() {
    use std::time::{Duration, Instant};

    let folder = TempDir::new().unwrap();
    // Nobody ever writes to it: it would be waited for.
    let pipe = folder.path().join("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let import = ["import", "--max-samples=1", "--max-seconds=60", pipe.to_str().unwrap()];
    let mut child = strobecheck(&import).stdin(Stdio::piped()).spawn().unwrap();
    // As it is closed when that process is gone, however it went.
    drop(child.stdin.take());
    let begun = Instant::now();
    while child.try_wait().unwrap().is_none() {
        if begun.elapsed() > Duration::from_secs(60) {
            child.kill().unwrap();
            panic!("it goes on");
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn a_pointer_of_git_lfs_is_called_one_whatever_it_is_to_be_read_as() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("run.sr");
    let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daa\nsize 12345\n";
    std::fs::write(&path, pointer).unwrap();
    let path = path.to_str().unwrap();
    let log = ["captures/seed-pass.sr", "--wire", "strobe=STROBE", "--timestamps", path];
    for arguments in [&[path][..], &[path, "--input-format", "csv"], &[path, "--input-format", "sigrok:binary"], &log] {
        let output = strobecheck(&[&["measure"], arguments].concat()).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(said(&output).contains("a Git LFS pointer, which stands for the file; fetch it with 'git lfs pull'"));
    }
}
