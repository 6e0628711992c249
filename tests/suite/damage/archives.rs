//! One small capture that passes, and the archives that hold it, whole or flawed.

use std::sync::Arc;

use strobecheck::capture::{Caps, Capture, EveryChange, Extent, Header, Request};
use strobecheck::format::{FormatError, open, read_capture};
use strobecheck::report::{Judgement, Provenance};
use strobecheck::spec::Spec;
use strobecheck::verify::verify;

#[path = "../../../src/format/archive/testing.rs"]
#[allow(dead_code, unreachable_pub, reason = "shared with the unit tests, which use other parts of it")]
mod raw;

pub(crate) use raw::{RawArchive, RawMember};

/// 100 kHz, FSIN every 10 ms, STROBE for 5 ms up to it.
pub(super) const SPEC: &str = "[wiring]\nfsin = \"FSIN\"\nstrobe = \"STROBE\"\n[timing]\nalignment = \"end\"\n\
                               frame_time = \"10 ms\"\n[limits]\nframe.time = \"10 ms ± 1 %\"\n\
                               exposure.time = \"5 ms ± 100 us\"\n";

/// Samples in the capture, and in each of its chunks.
pub(super) const LENGTH: u64 = 12_500;
pub(super) const CHUNK: u64 = 2_500;
pub(super) const CHUNKS: usize = 5;

const FSIN: u8 = 1;
const STROBE: u8 = 2;

/// The samples, one byte each.
pub(super) fn samples() -> Vec<u8> {
    (0..LENGTH)
        .map(|at| {
            let phase = at % 1000;
            let fsin = if at >= 1000 && phase < 100 { FSIN } else { 0 };
            fsin | if phase >= 500 && at < 12_000 { STROBE } else { 0 }
        })
        .collect()
}

/// The samples as words of so many bytes.
pub(super) fn widened(unit: usize) -> Vec<u8> {
    samples().iter().flat_map(|sample| (0..unit).map(move |byte| if byte == 0 { *sample } else { 0 })).collect()
}

/// The states, by the plainest means, without those of the lost samples: the first one, and each that differs from the
/// one before it.
pub(super) fn states_without(lost: &[(u64, u64)]) -> Vec<(u64, u64)> {
    let mut known: Vec<(u64, u64)> = Vec::new();
    for (at, sample) in (0..).zip(samples()) {
        let is_lost = lost.iter().any(|(from, to)| (*from..*to).contains(&at));
        if !is_lost && known.last().is_none_or(|(_, before)| *before != u64::from(sample)) {
            known.push((if known.is_empty() { 0 } else { at }, u64::from(sample)));
        }
    }
    known
}

pub(super) fn metadata() -> String {
    "[global]\nsigrok version=0.5.2\n\n[device 1]\ncapturefile=logic-1\ntotal probes=8\nsamplerate=100 kHz\n\
     total analog=0\nprobe1=FSIN\nprobe2=STROBE\nprobe3=SPARE\nunitsize=1\n"
        .to_owned()
}

/// A session without samples.
pub(super) fn session(metadata: &[u8]) -> RawArchive {
    RawArchive::default().with(RawMember::stored("version", b"2")).with(RawMember::deflated("metadata", metadata))
}

/// The samples of chunk `number`, from 1.
pub(super) fn chunk(number: usize) -> Vec<u8> {
    samples().chunks(CHUNK as usize).nth(number - 1).unwrap().to_vec()
}

/// The capture with this metadata.
pub(super) fn described(metadata: &str) -> RawArchive {
    described_by(metadata.as_bytes())
}

pub(super) fn described_by(metadata: &[u8]) -> RawArchive {
    (1..=CHUNKS).fold(session(metadata), |archive, number| {
        archive.with(RawMember::deflated(&format!("logic-1-{number}"), &chunk(number)))
    })
}

/// The capture with a piece of its metadata replaced.
pub(super) fn with_metadata(from: &str, to: &str) -> RawArchive {
    assert!(metadata().contains(from), "{from:?}");
    described(&metadata().replacen(from, to, 1))
}

/// The whole capture in five chunks.
pub(super) fn plain() -> RawArchive {
    described(&metadata())
}

/// The capture with something wrong about the chunk `number`, from 1.
pub(super) fn with_chunk(number: usize, change: impl FnOnce(&mut RawMember)) -> RawArchive {
    let mut archive = plain();
    change(&mut archive.members[number + 1]);
    archive
}

/// The capture with something wrong about every chunk.
pub(super) fn with_chunks(change: impl Fn(usize, &mut RawMember)) -> RawArchive {
    let mut archive = plain();
    for (number, member) in (1..).zip(archive.members.iter_mut().skip(2)) {
        change(number, member);
    }
    archive
}

/// The capture with the chunk `number` as this member.
pub(super) fn with_member(number: usize, member: RawMember) -> RawArchive {
    with_chunk(number, |chunk| *chunk = member)
}

/// The capture with a change to the bytes of its file.
pub(super) fn surgery(archive: &RawArchive, change: impl FnOnce(&mut Vec<u8>)) -> Vec<u8> {
    let mut file = archive.build();
    change(&mut file);
    file
}

/// Where these bytes stand in a file for the last time.
pub(super) fn last_of(file: &[u8], bytes: &[u8]) -> usize {
    file.windows(bytes.len()).rposition(|window| window == bytes).unwrap()
}

/// A capture as its reader sent it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Reading {
    pub(super) header: Header,
    pub(super) changes: Vec<(u64, u64)>,
    pub(crate) extent: Extent,
}

impl Reading {
    pub(super) fn lost(&self) -> Vec<(u64, u64)> {
        self.extent.lost.spans().iter().map(|span| (span.from.get(), span.to.get())).collect()
    }
}

/// The two lines of the capture, whatever else it has.
pub(super) fn request(jobs: usize) -> Request {
    Request { caps: Caps { jobs, ..Caps::default() }, ..Request::of(vec![0, 1]) }
}

pub(crate) fn read(file: &[u8]) -> Result<Reading, FormatError> {
    let reader = open(Box::new(file.to_vec()))?;
    let mut calls = EveryChange::default();
    let extent = reader.read(&request(1), &mut calls)?;
    Ok(Reading { header: reader.header().clone(), changes: calls.0, extent })
}

/// What `verify` makes of a file by a spec; the reason where it cannot be judged.
pub(super) fn judged(file: &[u8], spec: &str) -> Result<Judgement, String> {
    let reader = open(Box::new(file.to_vec())).map_err(|error| error.to_string())?;
    let every = Request { bits: (0..64).collect(), ..request(1) };
    let capture = read_capture(reader.as_ref(), &every).map_err(|error| error.to_string())?;
    judged_capture(&capture, spec)
}

pub(super) fn judged_capture(capture: &Capture, spec: &str) -> Result<Judgement, String> {
    let provenance = Provenance::of(capture);
    let spec = Spec::parse("test.spec.toml", spec).unwrap_or_else(|error| panic!("{error}"));
    verify(capture, Arc::new(spec), "test".to_owned(), provenance).map_err(|error| error.to_string())
}
