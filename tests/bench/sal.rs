//! Captures of Saleae Logic 2 of a hundred million edges: opened, by which they are proven, and read.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::time::Instant;

use strobecheck::capture::{Caps, Request, Sink, SinkError};
use strobecheck::format::{open_source, open_within};
use strobecheck::signal::LostSpan;
use strobecheck::units::SampleIndex;
use zip::write::SimpleFileOptions;

use crate::cases::Chance;

const EDGES: u64 = 100_000_000;
const EDGES_OF_A_CHUNK: u64 = 100_000;
const ROUNDS: usize = 3;

/// Counts states.
#[derive(Default)]
struct Count(u64);

impl Sink for Count {
    fn change(&mut self, _: SampleIndex, _: u64) -> Result<(), SinkError> {
        self.0 += 1;
        Ok(())
    }

    fn lost(&mut self, _: LostSpan) {}
}

/// Prints a row for each kind of line.
pub(crate) fn read(folder: &Path) {
    println!("{:<44} {:>9} {:>9} {:>9} {:>14}", "saleae logic 2, 10^8 edges", "MB", "s to open", "s", "10^6 edges/s");
    let mut chance = Chance(7);
    row(folder, "1 line, runs up to 60 samples", 1, || 1 + chance.below(60));
    row(folder, "1 line, runs up to 8000 samples", 1, || 1 + chance.below(8000));
    row(folder, "1 line, a clock with jitter", 1, || 100 + chance.below(4));
    row(folder, "8 lines, runs up to 8000 samples", 8, || 1 + chance.below(8000));
}

fn row(folder: &Path, name: &str, lines: u64, mut run: impl FnMut() -> u64) {
    let path = folder.join("capture.sal");
    write(&path, lines, &mut run);
    let caps = Caps::default();
    let mut best = (f64::INFINITY, 0.0);
    for _ in 0..ROUNDS {
        let begun = Instant::now();
        let reader = open_within(open_source(&path).unwrap(), &caps).unwrap();
        let opened = begun.elapsed().as_secs_f64();
        let mut sink = Count::default();
        let bits = reader.header().probes.iter().map(|probe| probe.bit).collect();
        assert!(reader.read(&Request::of(bits), &mut sink).unwrap().problems.is_empty());
        // Edges of several lines at one sample are one state.
        assert!(sink.0 > EDGES / 100 * 99, "{} states", sink.0);
        let all = begun.elapsed().as_secs_f64();
        best = if all < best.0 { (all, opened) } else { best };
    }
    let size = std::fs::metadata(&path).unwrap().len() >> 20;
    println!("{name:<44} {size:>9} {:>9.2} {:>9.2} {:>14.1}", best.1, best.0, EDGES as f64 / 1e6 / best.0);
}

fn write(path: &Path, lines: u64, run: &mut impl FnMut() -> u64) {
    let mut archive = zip::ZipWriter::new(File::create(path).unwrap());
    let mut list = Vec::new();
    for line in 0..lines {
        let name = format!("digital-{line}.bin");
        archive.start_file(&*name, SimpleFileOptions::default()).unwrap();
        write_channel(&mut archive, EDGES / lines, run);
        list.push(format!(r#"{{"type": "Digital", "deviceChannel": {line}, "file": "./{name}"}}"#));
    }
    archive.start_file("meta.json", SimpleFileOptions::default()).unwrap();
    write!(archive, r#"{{"version": 20, "binData": [{}]}}"#, list.join(", ")).unwrap();
    archive.finish().unwrap();
}

/// A member of version 2, in chunks of an even number of runs: each ends with another level than the next one begins with.
fn write_channel(out: &mut impl Write, edges: u64, run: &mut impl FnMut() -> u64) {
    let mut head = b"<SALEAE>\x02\0\0\0\x64\0\0\0\x01".to_vec();
    head.extend(500e6_f64.to_le_bytes());
    head.extend([0; 18]);
    head.extend((edges / EDGES_OF_A_CHUNK).to_le_bytes());
    out.write_all(&head).unwrap();
    let mut at = 0_u64;
    for _ in 0..edges / EDGES_OF_A_CHUNK {
        let (mut runs, begin) = (Vec::new(), at);
        for _ in 0..EDGES_OF_A_CHUNK {
            let samples = run();
            at += samples;
            let value = samples - 1;
            if value > 0x3f {
                runs.push((value >> 7) as u8 | 0x40);
                runs.push((value & 0x7f) as u8);
            } else {
                runs.push(value as u8);
            }
        }
        let numbers = [begin.to_le_bytes(), at.to_le_bytes()].concat();
        out.write_all(&[&numbers[..], &[0, 0], &(runs.len() as u64).to_le_bytes(), &runs].concat()).unwrap();
    }
}
