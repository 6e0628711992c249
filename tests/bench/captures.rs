//! Captures as files: real ones where they are at hand, and made ones, written as sigrok writes them.

use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};

use strobecheck::capture::{Presence, Probe, Sink};
use strobecheck::format::srzip::SrzipWriter;
use strobecheck::scenario::{Scenario, simulate};
use strobecheck::units::{SampleIndex, SampleRate};

use crate::cases::Chance;

/// A capture and what it is.
pub(crate) struct Capture {
    pub(crate) name: &'static str,
    pub(crate) path: PathBuf,
}

/// The speed case among the real captures: half an hour of a line much like STROBE, in one stream.
pub(crate) const DCF77: &str = "dcf77/pollin_dcf1_module/dcf77_1800s.sr";
/// The densest of them: nearly every sample of four lines is an edge.
const WS281X: &str = "led/ws281x/ws281x_4ch_5mhz.sr";

/// A real capture, if it is here.
pub(crate) fn real(file: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("STROBECHECK_REAL_CAPTURES")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/real-captures"), PathBuf::from);
    Some(folder.join(file)).filter(|path| path.exists())
}

/// The captures that whole processes read; made ones are written into this folder.
pub(crate) fn all(folder: &Path) -> Vec<Capture> {
    let found = |name, file| real(file).map(|path| Capture { name, path });
    let made = |name, path| Some(Capture { name, path });
    [
        found("DCF77 clock signal, 1 MHz, 30 min (real)", DCF77),
        found("LED strip data, 4 lines, 5 MHz (real, dense)", WS281X),
        made("camera, 8 lines, 24 MHz, 60 s (simulated)", camera(folder)),
        made("AC'97-like: clock, data, frame (dense)", ac97(folder, 20_000_000)),
        made("1 MHz clock at 24 MHz, 37 ppm off, 10 s", clock(folder)),
        made("every sample another", every_sample(folder)),
        made("8 lines of noise", noise(folder)),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Captures of many chunks.
pub(crate) fn chunked(folder: &Path) -> Vec<Capture> {
    vec![
        Capture { name: "camera, 8 lines, 24 MHz, 60 s (simulated)", path: camera(folder) },
        Capture { name: "8 idle lines, 1 MHz, 10 h", path: sparse(folder, "1MHz", 36_000_000_000, 1000) },
        Capture { name: "10^6 edges at 24 MHz, 10 s", path: sparse(folder, "24MHz", 240_000_000, 1_000_000) },
        Capture { name: "1 MHz clock at 24 MHz, 37 ppm off, 10 s", path: clock(folder) },
        Capture { name: "AC'97-like: clock, data, frame (dense)", path: ac97(folder, 80_000_000) },
    ]
}

/// A camera, its trigger and its flash on an analyzer of eight probes, for a minute.
pub(crate) fn camera(folder: &Path) -> PathBuf {
    const SCENARIO: &str = r#"
        duration = "60 s"
        analyzer = { samplerate = "24 MHz", clock_error = "20 ppm", probes = ["D0", "D1", "D2", "D3", "D4", "D5", "D6", "D7"] }
        wiring = { fsin = "D0", strobe = "D1", flash = "D2" }
        [timing]
        alignment = "end"
        offset = "35 ms"
        frame.time = "1/30 s"
        exposure.time = ["20 ms", "10 ms", "30 ms"]
        fsin.width = "100 us"
        flash.lead = "50 us"
        flash.lag = "200 us"
    "#;
    let capture = simulate(&Scenario::parse("camera", SCENARIO).unwrap()).unwrap().capture;
    let path = folder.join("camera.sr");
    let mut writer = writer(&path, 8, "24 MHz");
    capture.replay(&mut writer).unwrap();
    writer.finish(capture.length).unwrap();
    path
}

/// Hours of a camera at 30 Hz whose every edge jitters: FSIN, STROBE that ends with it, and the flash around STROBE.
pub(crate) fn hours(folder: &Path, hours: u64) -> PathBuf {
    let mut chance = Chance(5);
    let mut jitter = |at: u64, by: u64| at + chance.below(2 * by + 1) - by;
    let path = folder.join(format!("hours-{hours}.sr"));
    let mut writer = writer(&path, 3, "1 MHz");
    writer.change(SampleIndex::default(), 0).unwrap();
    for frame in 0..hours * 3600 * 30 {
        let fsin = jitter(35_000 + frame * 100_000 / 3, 15);
        let (start, end) = (jitter(fsin - 20_000, 5), jitter(fsin + 3, 2));
        let mut changes = [
            (jitter(start - 50, 2), 0b100),
            (start, 0b010),
            (fsin, 0b001),
            (end, 0b010),
            (jitter(fsin + 100, 1), 0b001),
            (jitter(end + 200, 3), 0b100),
        ];
        changes.sort_unstable();
        let mut state = 0;
        for (at, line) in changes {
            state ^= line;
            writer.change(SampleIndex::new(at), state).unwrap();
        }
    }
    writer.finish(SampleIndex::new(hours * 3_600_000_000 + 1_000_000)).unwrap();
    path
}

/// Every other sample an edge of the clock, with data that change beside it.
pub(crate) fn ac97(folder: &Path, samples: u64) -> PathBuf {
    let mut chance = Chance(4);
    let mut data = 0;
    by_sample(&folder.join(format!("ac97-{samples}.sr")), samples, move |at| {
        data = if at & 1 == 0 { chance.below(2) << 1 } else { data };
        at >> 1 & 1 | data | (at >> 8 & 1) << 2
    })
}

fn clock(folder: &Path) -> PathBuf {
    by_sample(&folder.join("clock.sr"), 240_000_000, |at| ((u128::from(at) * 1_000_037 / 12_000_000) & 1) as u64)
}

fn every_sample(folder: &Path) -> PathBuf {
    by_sample(&folder.join("every-sample.sr"), 10_000_000, |at| at & 1)
}

fn noise(folder: &Path) -> PathBuf {
    let mut chance = Chance(6);
    by_sample(&folder.join("noise.sr"), 4_000_000, move |_| chance.below(256))
}

/// Idle lines, of which one toggles at even distances: so many edges in so many samples.
pub(crate) fn sparse(folder: &Path, rate: &str, samples: u64, edges: u64) -> PathBuf {
    let path = folder.join(format!("{rate}-{samples}-{edges}.sr"));
    let mut writer = writer(&path, 8, rate);
    for edge in 0..=edges {
        // Never quite even: a real line repeats itself no more exactly than this.
        let jitter = if edge == 0 { 0 } else { edge * edge % 5 };
        writer.change(SampleIndex::new(edge * (samples / (edges + 1)) + jitter), edge & 1).unwrap();
    }
    writer.finish(SampleIndex::new(samples)).unwrap();
    path
}

/// Samples of eight probes by their number, at 24 MHz.
fn by_sample(path: &Path, samples: u64, mut state: impl FnMut(u64) -> u64) -> PathBuf {
    let mut writer = writer(path, 8, "24 MHz");
    let mut last = None;
    for at in 0..samples {
        let now = state(at);
        if last.replace(now) != Some(now) {
            writer.change(SampleIndex::new(at), now).unwrap();
        }
    }
    writer.finish(SampleIndex::new(samples)).unwrap();
    path.to_owned()
}

fn writer(path: &Path, probes: u32, rate: &str) -> SrzipWriter<BufWriter<File>> {
    let probe = |bit| Probe { bit, name: format!("D{bit}"), presence: Presence::Recorded };
    let probes: Vec<Probe> = (0..probes).map(probe).collect();
    let out = BufWriter::new(File::create(path).unwrap());
    SrzipWriter::new(out, &probes, &SampleRate::parse(rate).unwrap()).unwrap()
}
