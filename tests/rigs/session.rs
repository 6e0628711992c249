//! A capture of a rig: handed over as it is, or as a sigrok session.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;

use strobecheck::capture::Capture;
use strobecheck::signal::{Level, Waveform};
use zip::write::{SimpleFileOptions, ZipWriter};

use super::{Limit, Ps, Rig};
use crate::bench_capture::{capture, damaged};

/// So many samples are written at a time.
const CHUNK: u64 = 1 << 22;

/// What a probe shows: the level of the first sample, and where it changes.
struct Sampled {
    name: String,
    high_first: bool,
    changes: Vec<u64>,
}

impl Rig {
    /// The number of samples.
    fn samples(&self) -> u64 {
        self.sample_at(self.length)
    }

    /// The first sample that is taken at or after an instant.
    fn sample_at(&self, at: Ps) -> u64 {
        u64::try_from(self.analyzer.samples_before(at)).unwrap_or(0)
    }

    fn sampled(&self) -> Vec<Sampled> {
        let length = self.samples();
        let lines = self.lines.iter().enumerate().map(|(number, line)| {
            let (active, changes) = self.analyzer.sample(line, number, length);
            Sampled { name: line.probe.clone(), high_first: active != line.active_low, changes }
        });
        lines.collect()
    }

    /// The capture, as a reader hands it over.
    pub(crate) fn capture(&self) -> Capture {
        let sampled = self.sampled();
        let lines: Vec<(&str, Vec<u64>)> = sampled.iter().map(|line| (&line.name[..], line.changes.clone())).collect();
        let mut capture = capture(&format!("{} Hz", self.analyzer.rate), self.samples(), &lines);
        for (line, sampled) in capture.lines.iter_mut().zip(sampled).filter(|(_, sampled)| sampled.high_first) {
            line.waveform = Arc::new(Waveform::new(Level::High, sampled.changes, capture.length).unwrap());
        }
        let at = |at: Ps| self.sample_at(at).min(self.samples());
        match self.lost {
            Some((from, to)) => damaged(capture, at(from), at(to)),
            None => capture,
        }
    }

    /// Writes the capture, the spec and the log as `NAME.sr`, `NAME.spec.toml` and `NAME.csv`.
    pub(crate) fn write(&self, limits: &[Limit], folder: &Path, name: &str) {
        fs::create_dir_all(folder).unwrap();
        fs::write(folder.join(format!("{name}.spec.toml")), self.spec(limits)).unwrap();
        if let Some(log) = &self.log {
            fs::write(folder.join(format!("{name}.csv")), log).unwrap();
        }
        self.write_session(File::create(folder.join(format!("{name}.sr"))).unwrap());
    }

    fn write_session(&self, file: File) {
        let sampled = self.sampled();
        let mut zip = ZipWriter::new(file);
        let options = SimpleFileOptions::default();
        let mut metadata = format!(
            "[device 1]\ncapturefile=logic-1\ntotal probes={}\nsamplerate={} Hz\ntotal analog=0\n",
            sampled.len(),
            self.analyzer.rate
        );
        for (number, line) in (1..).zip(&sampled) {
            metadata.push_str(&format!("probe{number}={}\n", line.name));
        }
        metadata.push_str("unitsize=1\n");
        for (name, text) in [("version", "2"), ("metadata", &metadata)] {
            zip.start_file(name, options).unwrap();
            zip.write_all(text.as_bytes()).unwrap();
        }
        let length = self.samples();
        for (number, from) in (1..).zip((0..length).step_by(CHUNK as usize)) {
            zip.start_file(format!("logic-1-{number}"), options).unwrap();
            zip.write_all(&bytes(&sampled, from, length.min(from + CHUNK))).unwrap();
        }
        zip.finish().unwrap();
    }
}

/// The bytes of samples `from` to `to`: a bit for each probe.
fn bytes(sampled: &[Sampled], from: u64, to: u64) -> Vec<u8> {
    let mut bytes = vec![0; (to - from) as usize];
    for (bit, line) in sampled.iter().enumerate() {
        let mut high = line.high_first ^ (line.changes.partition_point(|&change| change <= from) % 2 == 1);
        let within = line.changes.iter().copied().filter(|change| (from + 1..to).contains(change));
        let mut start = from;
        for change in within.chain([to]) {
            if high {
                bytes[(start - from) as usize..(change - from) as usize].iter_mut().for_each(|byte| *byte |= 1 << bit);
            }
            (start, high) = (change, !high);
        }
    }
    bytes
}
