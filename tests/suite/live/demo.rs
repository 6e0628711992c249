//! What the demo driver of libsigrok 0.5.2 samples, as its source defines it (`src/hardware/demo/protocol.c`, function
//! `logic_generator`), for 8 channels and so one byte per sample; and how a capture of it is made and read.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::LazyLock;

use strobecheck::capture::{Caps, EveryChange, Request};
use strobecheck::format::{open, open_source};
use tempfile::TempDir;

/// A pattern: its name, and sample `n` of it.
pub(super) type Pattern = (&'static str, fn(u64) -> u8);

/// Every pattern that is the same each time; `random` is not.
pub(super) const PATTERNS: [Pattern; 8] = [
    ("sigrok", |n| {
        // The word, in columns of dots: `~(pattern_sigrok[n % 64] >> 1)`.
        const COLUMNS: [u8; 64] = [
            0x4c, 0x92, 0x92, 0x92, 0x64, 0, 0, 0, 0x82, 0xfe, 0xfe, 0x82, 0, 0, 0, 0, 0x7c, 0x82, 0x82, 0x92, 0x74, 0,
            0, 0, 0xfe, 0x12, 0x12, 0x32, 0xcc, 0, 0, 0, 0x7c, 0x82, 0x82, 0x82, 0x7c, 0, 0, 0, 0xfe, 0x10, 0x28, 0x44,
            0x82, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xbe, 0xbe, 0, 0, 0, 0, 0, 0,
        ];
        !(COLUMNS[(n % 64) as usize] >> 1)
    }),
    // The number of the sample.
    ("incremental", |n| n as u8),
    // No bit, then each bit in turn.
    ("walking-one", walking),
    ("walking-zero", |n| !walking(n)),
    ("all-low", |_| 0),
    ("all-high", |_| 0xff),
    ("squid", |n| match n % 128 {
        // The first byte of the 128 columns of `pattern_squid`, those that are not 0.
        43 | 55 | 73 | 85 => 0x80,
        54 | 74 => 0xf8,
        64 => 0xfe,
        _ => 0,
    }),
    // The number of the sample, counted from 1, in Gray code.
    ("graycode", |n| ((n + 1) ^ (((n + 1) & 0xff) >> 1)) as u8),
];

fn walking(n: u64) -> u8 {
    match n % 9 {
        0 => 0,
        place => 1 << (place - 1),
    }
}

/// A pattern by its name.
pub(super) fn pattern(name: &str) -> fn(u64) -> u8 {
    PATTERNS.iter().find(|(known, _)| *known == name).unwrap().1
}

/// The changes that a pattern makes from a sample on, over so many samples.
pub(super) fn changes_of(pattern: fn(u64) -> u8, from: u64, samples: u64) -> Vec<(u64, u64)> {
    let mut changes: Vec<(u64, u64)> = Vec::new();
    for at in 0..samples {
        let state = u64::from(pattern(from + at));
        if changes.last().is_none_or(|(_, last)| *last != state) {
            changes.push((at, state));
        }
    }
    changes
}

/// A folder for captures, and the command in it.
pub(super) struct Bench(TempDir);

/// Whether libsigrok can be used here; that is asked once.
static LIBSIGROK: LazyLock<Result<(), String>> = LazyLock::new(|| {
    let output = Command::new(env!("CARGO_BIN_EXE_strobecheck")).arg("devices").output().unwrap();
    if output.status.success() { Ok(()) } else { Err(stderr(&output)) }
});

impl Bench {
    /// A folder on a machine with libsigrok.
    pub(super) fn new() -> Bench {
        if let Err(reason) = &*LIBSIGROK {
            panic!("this test needs libsigrok, of the package libsigrok4, which sigrok-cli brings: {reason}");
        }
        Bench::without_libsigrok()
    }

    /// A folder for what needs no libsigrok.
    pub(super) fn without_libsigrok() -> Bench {
        Bench(TempDir::new().unwrap())
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(super) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_strobecheck"));
        command.current_dir(self.0.path()).args(arguments);
        command
    }

    pub(super) fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// `capture` from the demo driver at 1 MHz.
    pub(super) fn capture(&self, arguments: &[&str]) -> Output {
        self.run(&[&["capture", "--device", "demo", "--samplerate", "1MHz"], arguments].concat())
    }

    pub(super) fn sidecar(&self, name: &str) -> serde_json::Value {
        serde_json::from_slice(&std::fs::read(self.path(name)).unwrap()).unwrap()
    }
}

pub(super) fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

pub(super) fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// What the program that is to succeed said.
pub(super) fn succeeded(output: &Output) {
    assert!(output.status.success(), "{:?}: {}{}", output.status, stdout(output), stderr(output));
}

/// The changes of all probes of a capture, the number of its samples, and what is wrong with it.
pub(super) fn read_all(path: &Path) -> (Vec<(u64, u64)>, u64, Vec<String>) {
    let reader = open(open_source(path).unwrap()).unwrap();
    let bits = reader.header().probes.iter().map(|probe| probe.bit).collect();
    let mut calls = EveryChange::default();
    let extent =
        reader.read(&Request { caps: Caps { jobs: 2, ..Caps::default() }, ..Request::of(bits) }, &mut calls).unwrap();
    (calls.0, extent.length.get(), extent.problems)
}

/// The same of one that must be whole.
pub(super) fn read(path: &Path) -> (Vec<(u64, u64)>, u64) {
    let (changes, samples, problems) = read_all(path);
    assert!(problems.is_empty(), "{problems:?}");
    (changes, samples)
}
