//! Session files in exchange with others: sigrok-cli reads what is written here, and what it writes is read here.
//!
//! `sigrok-cli` must be installed; archives that neither of the two writes come from the `zip` crate.

use std::io::{Cursor, Read, Write};
use std::path::Path;
use std::process::Command;

use strobecheck::capture::{Caps, EveryChange, Extent, Presence, Probe, Request, Sink};
use strobecheck::format::srzip::SrzipWriter;
use strobecheck::format::{Reader, open, open_source};
use strobecheck::units::{SampleIndex, SampleRate};
use tempfile::TempDir;
use zip::write::SimpleFileOptions;

fn sigrok_cli(arguments: &[&str]) -> Vec<u8> {
    let output = (Command::new("sigrok-cli").args(arguments).output())
        .unwrap_or_else(|error| panic!("sigrok-cli cannot be run: {error}; these tests need it"));
    assert!(output.stderr.is_empty(), "sigrok-cli {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// The samples' bytes as sigrok-cli reads them.
fn samples_by_sigrok(path: &Path) -> Vec<u8> {
    sigrok_cli(&["-i", text(path), "-O", "binary"])
}

fn read(reader: &dyn Reader) -> (Vec<(u64, u64)>, Extent) {
    let mut calls = EveryChange::default();
    let bits = reader.header().probes.iter().map(|probe| probe.bit).collect();
    let extent =
        reader.read(&Request { caps: Caps { jobs: 2, ..Caps::default() }, ..Request::of(bits) }, &mut calls).unwrap();
    (calls.0, extent)
}

/// The bytes of samples that change so.
fn bytes_of(changes: &[(u64, u64)], length: u64, unit: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    let ends = changes.iter().skip(1).map(|(at, _)| *at).chain([length]);
    for ((at, state), end) in changes.iter().zip(ends) {
        (*at..end).for_each(|_| bytes.extend(&state.to_le_bytes()[..unit]));
    }
    bytes
}

fn probe(bit: u32) -> Probe {
    Probe { bit, name: format!("D{bit}"), presence: Presence::Recorded }
}

/// Writes a session of these bits and returns the size of its samples.
fn write(path: &Path, bits: &[u32], changes: &[(u64, u64)], length: u64) -> usize {
    let probes: Vec<Probe> = bits.iter().map(|bit| probe(*bit)).collect();
    let file = std::fs::File::create(path).unwrap();
    let mut writer = SrzipWriter::new(file, &probes, &SampleRate::parse("24.5 MHz").unwrap()).unwrap();
    for &(at, state) in changes {
        writer.change(SampleIndex::new(at), state).unwrap();
    }
    writer.finish(SampleIndex::new(length)).unwrap();
    bits.iter().max().map(|bit| *bit as usize / 8 + 1).unwrap()
}

/// Changes of these bits at places that follow no pattern, from a fixed seed.
fn changes(bits: &[u32], length: u64, longest: u64) -> Vec<(u64, u64)> {
    let mut noise = 1_u64;
    let mut next = || {
        noise = noise.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        noise >> 33
    };
    let (mut at, mut state, mut changes) = (0, 0, vec![(0, 0)]);
    loop {
        at += 1 + next() % longest;
        if at >= length {
            return changes;
        }
        state ^= 1_u64 << bits[next() as usize % bits.len()];
        changes.push((at, state));
    }
}

#[test]
fn sigrok_reads_the_samples_that_were_written() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("written.sr");
    let cases: [(&[u32], u64, u64); 9] = [
        (&[0], 1, 1),
        (&[0, 1, 2], 1000, 3),
        (&[7], 50_000, 400),
        (&[0, 9], 10_000, 70),
        (&[2, 16], 4_000_000, 9000),
        (&[31], 3000, 5),
        (&[3, 39], 1_000_001, 777),
        (&[5, 60, 63], 20_000, 11),
        // Three chunks, one of them idle throughout.
        (&[0, 4], 11_000_000, 6_000_000),
    ];
    for (bits, length, longest) in cases {
        let changes = changes(bits, length, longest);
        let unit = write(&path, bits, &changes, length);
        let by_sigrok = samples_by_sigrok(&path);
        assert!(by_sigrok == bytes_of(&changes, length, unit), "{bits:?}, {length} samples");
    }
}

#[test]
fn sigrok_reads_names_rate_and_edges_that_were_written() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("written.sr");
    write(&path, &[0, 1], &[(0, 0), (49, 2), (98, 3), (147, 0)], 245);
    let shown = String::from_utf8(sigrok_cli(&["-i", text(&path), "--show"])).unwrap();
    assert!(shown.contains("Samplerate: 24500000"), "{shown}");
    let vcd = String::from_utf8(sigrok_cli(&["-i", text(&path), "-O", "vcd"])).unwrap();
    let lines: Vec<&str> = vcd.lines().collect();
    assert!(lines.contains(&"$var wire 1 ! D0 $end") && lines.contains(&"$var wire 1 \" D1 $end"), "{vcd}");
    // 49 samples at 24.5 MHz are 2 microseconds.
    assert!(lines.contains(&"$timescale 100 ps $end"), "{vcd}");
    for line in ["#0 0! 0\"", "#20000 1\"", "#40000 1!", "#60000 0! 0\"", "#100000"] {
        assert!(lines.contains(&line), "{line}: {vcd}");
    }
}

#[test]
fn what_sigrok_writes_is_read() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("demo.sr");
    for (logic, analog, samples) in [(8, 0, 20_000_u64), (16, 0, 30_000), (3, 1, 5000), (64, 0, 2000)] {
        let device = format!("demo:logic_channels={logic}:analog_channels={analog}");
        let count = samples.to_string();
        sigrok_cli(&["-d", &device, "-c", "samplerate=1m", "--samples", &count, "-o", text(&path)]);
        let reader = open(open_source(&path).unwrap()).unwrap();
        let names: Vec<&str> = reader.header().probes.iter().map(|probe| probe.name.as_str()).collect();
        assert_eq!(names, (0..logic).map(|bit| format!("D{bit}")).collect::<Vec<_>>());
        assert_eq!(reader.header().rate, SampleRate::parse("1 MHz").ok());
        let (calls, extent) = read(&*reader);
        assert_eq!((extent.length.get(), extent.problems.len(), extent.lost.is_empty()), (samples, 0, true));
        let unit = usize::div_ceil(logic, 8);
        let mut by_sigrok = samples_by_sigrok(&path);
        // The analog channels follow, as text.
        by_sigrok.truncate(samples as usize * unit);
        // The driver fills the bits beyond its probes with its pattern too.
        by_sigrok.iter_mut().skip(unit - 1).step_by(unit).for_each(|byte| *byte &= 0xff >> (8 * unit - logic));
        assert!(by_sigrok == bytes_of(&calls, samples, unit), "{logic} probes");
    }
}

/// A session as the `zip` crate packs it.
fn session_by_zip(samplerate: &str, samples: &[u8]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let metadata =
        format!("[device 1]\ncapturefile=logic-1\ntotal probes=1\nsamplerate={samplerate}\nprobe1=D0\nunitsize=1\n");
    for (name, bytes) in [("version", b"2".as_slice()), ("metadata", metadata.as_bytes()), ("logic-1-1", samples)] {
        archive.start_file(name, SimpleFileOptions::default()).unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

#[test]
fn rates_that_sigrok_misreads_are_warned_of_as_it_reads_them() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("rate.sr");
    for samplerate in [
        "24 MHz",
        "24MHz",
        "24M",
        "24000000",
        "24.5 MHz",
        "24.5MHz",
        "2.4 MHz",
        "2.4MHz",
        "1.5M",
        "2 mHz",
        "0.57 kHz",
        "3.2768 kHz",
        "66.666666667 MHz",
        "12.500000 MHz",
        "1.515151 MHz",
        "0.024 GHz",
        "17 Hz",
        "1 GHz",
    ] {
        let file = session_by_zip(samplerate, &[0, 1]);
        std::fs::write(&path, &file).unwrap();
        let shown = String::from_utf8(sigrok_cli(&["-i", text(&path), "--show"])).unwrap();
        let by_sigrok = shown.lines().find_map(|line| line.strip_prefix("Samplerate: ")).unwrap().to_owned();
        let reader = open(Box::new(file)).unwrap();
        let agree = reader.header().rate == SampleRate::parse(&by_sigrok).ok();
        let warned = reader
            .header()
            .warnings
            .iter()
            .any(|w| w.ends_with(&format!("sigrok's own tools read it as {by_sigrok} Hz")));
        assert_eq!(warned, !agree, "{samplerate}: {by_sigrok} Hz, {:?}", reader.header().warnings);
    }
}

#[test]
fn another_archiver_agrees_on_what_is_written() {
    let samples: Vec<u8> = (0..3000_u32).map(|at| (at / 70 % 2) as u8).collect();
    let reader = open(Box::new(session_by_zip("1 MHz", &samples))).unwrap();
    let (calls, extent) = read(&*reader);
    assert_eq!((bytes_of(&calls, 3000, 1), extent.problems.len()), (samples, 0));

    let folder = TempDir::new().unwrap();
    let path = folder.path().join("written.sr");
    let changes = changes(&[0, 3], 9_000_000, 1_000_000);
    write(&path, &[0, 3], &changes, 9_000_000);
    let mut archive = zip::ZipArchive::new(std::fs::File::open(&path).unwrap()).unwrap();
    let names: Vec<String> = archive.file_names().map(|name| name.unwrap().into_owned()).collect();
    assert_eq!(names, ["version", "metadata", "logic-1-1", "logic-1-2", "logic-1-3"]);
    let mut bytes = Vec::new();
    for name in names.iter().skip(2) {
        archive.by_name(name).unwrap().read_to_end(&mut bytes).unwrap();
    }
    assert!(bytes == bytes_of(&changes, 9_000_000, 1));
}
