//! Whole session files, read: every form that sigrok reads, every damage that it does not see.

mod damage;
mod forms;
mod properties;
mod two_ways;
mod writer;

use super::cross_check;
use crate::capture::{Caps, EveryChange, Extent, Header, Request, Sink};
use crate::format::archive::testing::{RawArchive, RawMember};
use crate::format::open;
use crate::signal::Length;
use crate::units::SampleIndex;

/// A session file as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Reading {
    header: Header,
    calls: Vec<(u64, u64)>,
    length: u64,
    lost: Vec<(u64, u64)>,
    problems: Vec<String>,
}

fn all_bits() -> Vec<u32> {
    (0..64).collect()
}

fn read_with(bytes: &[u8], request: &Request) -> Result<Reading, String> {
    let reader = open(Box::new(bytes.to_vec())).map_err(|error| error.to_string())?;
    let mut calls = EveryChange::default();
    let extent = reader.read(request, &mut calls).map_err(|error| error.to_string())?;
    Ok(Reading {
        header: reader.header().clone(),
        calls: calls.0,
        length: extent.length.get(),
        lost: extent.lost.spans().iter().map(|span| (span.from.get(), span.to.get())).collect(),
        problems: extent.problems,
    })
}

/// What is said of all of it.
fn extent(bytes: &[u8]) -> Extent {
    let reader = open(Box::new(bytes.to_vec())).unwrap();
    reader.read(&Request::of(all_bits()), &mut EveryChange::default()).unwrap()
}

/// Reads all probes on one thread.
fn read_alone(bytes: &[u8]) -> Result<Reading, String> {
    read_with(bytes, &Request::of(all_bits()))
}

/// Reads all probes; neither the number of threads nor the way of decoding may make a difference.
fn read(bytes: &[u8]) -> Result<Reading, String> {
    let reading = read_alone(bytes);
    let request = Request { caps: Caps { jobs: 2, ..Caps::default() }, ..Request::of(all_bits()) };
    assert_eq!(reading, read_with(bytes, &request));
    if let Ok(both) = cross_check(Box::new(bytes.to_vec()), &request) {
        assert_eq!(both.differences, Vec::<String>::new());
    }
    reading
}

/// Reads a session that is whole.
fn whole(bytes: &[u8]) -> Reading {
    let reading = read(bytes).unwrap();
    assert_eq!((&reading.problems, &reading.lost), (&vec![], &vec![]));
    reading
}

fn metadata(unit: usize) -> String {
    format!(
        "[global]\nsigrok version=0.5.2\n\n[device 1]\ncapturefile=logic-1\ntotal probes={}\nsamplerate=1 MHz\n\
         total analog=0\nprobe1=FSIN\nprobe2=STROBE\nunitsize={unit}\n",
        unit * 8
    )
}

/// A session with its header and without samples.
fn session(unit: usize) -> RawArchive {
    RawArchive::default()
        .with(RawMember::stored("version", b"2"))
        .with(RawMember::deflated("metadata", metadata(unit).as_bytes()))
}

/// So many samples of one byte that toggle bit 0 every `period` samples, from low.
fn toggling(samples: usize, period: usize) -> Vec<u8> {
    (0..samples).map(|at| (at / period % 2) as u8).collect()
}

/// The states by the plainest means: the first one, and each that differs from the one before it.
fn states(unit: usize, bytes: &[u8]) -> Vec<(u64, u64)> {
    let mut states: Vec<(u64, u64)> = Vec::new();
    for (at, sample) in bytes.chunks_exact(unit).enumerate() {
        let mut word = [0; 8];
        word[..unit].copy_from_slice(sample);
        let state = u64::from_le_bytes(word);
        if states.last().is_none_or(|(_, before)| *before != state) {
            states.push((at as u64, state));
        }
    }
    states
}
