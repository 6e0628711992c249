//! What is decoded: one real capture, and made ones from silence to noise.

use std::io::Write;
use std::path::Path;

use flate2::Compression;
use flate2::write::DeflateEncoder;
use strobecheck::format::open_source;

use crate::captures::{DCF77, real};
use crate::format::archive::{Archive, Payload};

/// Samples, packed.
pub(crate) struct Packed {
    pub(crate) bytes: Vec<u8>,
    /// Bytes per sample.
    pub(crate) unit: u64,
    /// The size unpacked, in bytes.
    pub(crate) size: u64,
    pub(crate) crc: u32,
}

/// A name, and how to come by the samples.
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) packed: Box<dyn Fn() -> Packed>,
}

/// Every case; the real one only where the real captures are.
pub(crate) fn all() -> Vec<Case> {
    let mut cases = Vec::new();
    if let Some(path) = real(DCF77) {
        cases.push(Case {
            name: "DCF77 clock signal, 1 MHz, 30 min (real)".to_owned(),
            packed: Box::new(move || member(&path)),
        });
    }
    cases.extend([
        made("8 idle lines, 24 MHz, 60 s", 1, |out| silence(out, 1, 1_440_000_000, 2_000..2_000_000)),
        made("8 busier lines, 24 MHz, 10 s", 1, |out| silence(out, 1, 240_000_000, 2_000..42_000)),
        made("16 idle lines, 24 MHz, 5 s", 2, |out| silence(out, 2, 120_000_000, 2_000..400_000)),
        made("24 idle lines, 24 MHz, 5 s", 3, |out| silence(out, 3, 120_000_000, 2_000..400_000)),
        made("stretches of 20 to 420 samples", 1, |out| silence(out, 1, 64_000_000, 20..420)),
        made("1 MHz clock at 24 MHz", 1, |out| each(out, 64_000_000, |at, _| ((at / 12) & 1) as u8)),
        made("1 MHz clock at 24 MHz, 37 ppm off", 1, |out| {
            each(out, 64_000_000, |at, _| ((at as u64 * 1_000_037 / 12_000_000) & 1) as u8)
        }),
        made("every sample another", 1, |out| each(out, 32_000_000, |at, _| (at & 1) as u8)),
        made("AC'97-like: clock, data, frame", 1, |out| {
            let mut data = 0;
            each(out, 32_000_000, move |at, chance| {
                data = if at & 1 == 0 { chance.below(2) as u8 } else { data };
                (at & 1) as u8 | data << 1 | (at as u8 >> 7 & 1) << 2
            });
        }),
        made("4 lines of noise", 1, |out| each(out, 16_000_000, |_, chance| chance.below(16) as u8)),
        made("8 lines of noise", 1, |out| each(out, 16_000_000, |_, chance| chance.below(256) as u8)),
        made("16 lines, distances of odd bytes", 2, |out| {
            let mut chance = Chance(5);
            let pattern: Vec<u8> = (0..1001).map(|_| chance.below(256) as u8).collect();
            (0..32_000).for_each(|_| out(&pattern));
        }),
    ]);
    cases
}

fn member(path: &Path) -> Packed {
    let source = open_source(path).unwrap();
    let archive = Archive::open(&*source, 70_000, 1).unwrap();
    let member = archive.named("logic-1")[0].clone();
    let Payload { data, .. } = member.place.unwrap();
    let mut bytes = vec![0; member.packed as usize];
    source.fill_at(&mut bytes, data).unwrap();
    Packed { bytes, unit: 1, size: member.size, crc: member.crc }
}

fn made(name: &str, unit: u64, samples: impl Fn(&mut dyn FnMut(&[u8])) + 'static) -> Case {
    let packed = move || {
        // As sigrok packs: by zlib at its usual level.
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
        let mut crc = crc32fast::Hasher::new();
        let mut size = 0;
        samples(&mut |bytes| {
            encoder.write_all(bytes).unwrap();
            crc.update(bytes);
            size += bytes.len() as u64;
        });
        Packed { bytes: encoder.finish().unwrap(), unit, size, crc: crc.finalize() }
    };
    Case { name: name.to_owned(), packed: Box::new(packed) }
}

/// Chance, the same every time.
pub(crate) struct Chance(pub(crate) u64);

impl Chance {
    /// A number below this one.
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }
}

/// Stretches of random length in each of which the lines are idle; between them one line toggles.
fn silence(out: &mut dyn FnMut(&[u8]), unit: usize, samples: u64, lengths: std::ops::Range<u64>) {
    let mut chance = Chance(3);
    let mut state = 0_u64;
    let mut left = samples;
    while left > 0 {
        let length = left.min(lengths.start + chance.below(lengths.end - lengths.start));
        let stretch: Vec<u8> = state.to_le_bytes()[..unit].repeat(length as usize);
        out(&stretch);
        left -= length;
        state ^= 1 << chance.below(8 * unit as u64);
    }
}

/// Samples of one byte, by their number.
fn each(out: &mut dyn FnMut(&[u8]), samples: usize, mut sample: impl FnMut(usize, &mut Chance) -> u8) {
    let mut chance = Chance(4);
    let all: Vec<u8> = (0..samples).map(|at| sample(at, &mut chance)).collect();
    out(&all);
}
