//! What the fuzz targets share: sessions of given bytes, and the plainest reading of them.

#[path = "../../../src/format/archive/testing.rs"]
#[allow(dead_code, unreachable_pub, reason = "the targets take a part of it")]
mod archive;

use archive::{RawArchive, RawMember};
use strobecheck::capture::{Caps, Extent, Header, Request, Sink, SinkError};
use strobecheck::format::{FormatError, open_as};
use strobecheck::signal::LostSpan;
use strobecheck::units::{SampleIndex, SampleRate};

/// A capture as its reader sent it.
#[derive(Debug, PartialEq)]
pub struct Reading {
    /// What the file says of itself.
    pub header: Header,
    /// The changes: sample and state.
    pub changes: Vec<(u64, u64)>,
    /// Length, losses and problems.
    pub extent: Extent,
}

/// Holds a reader to the order that it owes its sink.
#[derive(Default)]
struct Strict {
    changes: Vec<(u64, u64)>,
    proven_from: u64,
}

impl Sink for Strict {
    fn change(&mut self, at: SampleIndex, state: u64) -> Result<(), SinkError> {
        let at = at.get();
        match self.changes.last() {
            None => assert_eq!(at, 0, "the first state is at another sample"),
            Some((before, was)) => {
                assert!(at > *before, "{at} after {before}");
                assert_ne!(*was, state, "no change at {at}");
                assert!(at >= self.proven_from, "a change at {at}, lost up to {}", self.proven_from);
            }
        }
        self.changes.push((at, state));
        Ok(())
    }

    fn lost(&mut self, span: LostSpan) {
        assert!(span.from <= span.to && span.from.get() >= self.proven_from, "{span:?}");
        self.proven_from = span.to.get();
    }
}

/// A file of megabytes gives no sentence of megabytes.
pub const LONGEST_SENTENCE: usize = 2000;

/// Reads all probes of a sigrok session; see [`read_as`].
///
/// # Errors
/// Those of the reader.
pub fn read(file: Vec<u8>) -> Result<Reading, FormatError> {
    read_as("srzip", file, None)
}

/// Reads all probes of a capture of this format, at this rate if one is stated, at most a billion samples and a million edges, and checks what a reader owes.
///
/// # Errors
/// Those of the reader.
pub fn read_as(format: &str, file: Vec<u8>, rate: Option<&str>) -> Result<Reading, FormatError> {
    let reader = open_as(Box::new(file), format, &Caps::default())
        .inspect_err(|error| assert!(error.to_string().len() < LONGEST_SENTENCE))?;
    let header = reader.header().clone();
    assert!(header.probes.is_sorted_by(|a, b| a.bit < b.bit), "probes out of order");
    let bits = header.probes.iter().map(|probe| probe.bit).collect();
    let caps = Caps { samples: 1 << 30, edges: 1 << 20, ..Caps::default() };
    let mut sink = Strict::default();
    let rate = rate.and_then(|rate| SampleRate::parse(rate).ok());
    let extent = reader.read(&Request { caps, rate, ..Request::of(bits) }, &mut sink)?;
    let length = extent.length.get();
    assert!(sink.changes.iter().all(|(at, _)| *at < length), "a change beyond the end");
    assert!(extent.lost.spans().iter().all(|span| span.to.get() <= length), "losses beyond the end");
    assert!(extent.lost.is_empty() || !extent.problems.is_empty(), "a loss that is not said");
    for sentence in extent.problems.iter().chain(&header.warnings) {
        assert!(sentence.len() < LONGEST_SENTENCE, "{sentence:?}");
    }
    Ok(Reading { header, changes: sink.changes, extent })
}

/// A capture of Saleae Logic 2, of this `meta.json` and channels 0 and 1.
#[must_use]
pub fn sal(meta: &[u8], channels: [&[u8]; 2]) -> Vec<u8> {
    let [one, two] = channels;
    RawArchive::default()
        .with(RawMember::stored("digital-0.bin", one))
        .with(RawMember::stored("digital-1.bin", two))
        .with(RawMember::stored("meta.json", meta))
        .build()
}

/// A capture of DSView, of this `header` and blocks of probe 0.
#[must_use]
pub fn dsl<'b>(header: &[u8], blocks: impl Iterator<Item = &'b [u8]>) -> Vec<u8> {
    let begun = RawArchive::default().with(RawMember::stored("header", header));
    let add = |archive: RawArchive, (number, bytes): (usize, &[u8])| {
        archive.with(RawMember::stored(&format!("L-0/{number}"), bytes))
    };
    blocks.enumerate().fold(begun, add).build()
}

/// Metadata of three probes.
#[must_use]
pub fn metadata(unit: usize, rate: &str) -> String {
    format!(
        "[device 1]\ncapturefile=logic-1\ntotal probes={}\nsamplerate={rate}\nprobe1=FSIN\nprobe2=STROBE\nprobe3=FLASH\n\
         unitsize={unit}\n",
        unit * 8
    )
}

/// A session of this metadata and one stored chunk.
#[must_use]
pub fn session(metadata: &[u8], samples: &[u8]) -> Vec<u8> {
    begun(metadata).with(RawMember::stored("logic-1-1", samples)).build()
}

fn begun(metadata: &[u8]) -> RawArchive {
    RawArchive::default().with(RawMember::stored("version", b"2")).with(RawMember::stored("metadata", metadata))
}

/// A session whose one chunk is this DEFLATE stream, said to hold so many bytes of this sum.
#[must_use]
pub fn deflated(metadata: &[u8], stream: &[u8], size: u64, crc: u32) -> Vec<u8> {
    let chunk = RawMember::stored("logic-1-1", stream).but(|member| {
        (member.method, member.size, member.crc) = (8, size, crc);
    });
    begun(metadata).with(chunk).build()
}

/// A session in chunks of so many samples; the bytes of some are not what their sums say.
#[must_use]
pub fn chunked(metadata: &[u8], samples: &[u8], chunk: usize, damaged: impl Fn(usize) -> bool) -> Vec<u8> {
    let mut archive = begun(metadata);
    for (index, bytes) in samples.chunks(chunk.max(1)).enumerate() {
        let member = RawMember::deflated(&format!("logic-1-{}", index + 1), bytes);
        archive = archive.with(member.but(|member| member.crc ^= u32::from(damaged(index))));
    }
    archive.build()
}

/// The states of samples by the plainest means, of the bits below `bits`: the first one, and each that differs from the
/// one before it.
#[must_use]
pub fn states(unit: usize, bits: u32, bytes: &[u8]) -> Vec<(u64, u64)> {
    let mask = (1 << bits) - 1;
    let mut states: Vec<(u64, u64)> = Vec::new();
    for (at, sample) in bytes.chunks_exact(unit).enumerate() {
        let mut word = [0; 8];
        word[..unit].copy_from_slice(sample);
        let state = u64::from_le_bytes(word) & mask;
        if states.last().is_none_or(|(_, before)| *before != state) {
            states.push((at as u64, state));
        }
    }
    states
}
