//! What is written reads back, and is the same bytes each time.

use super::*;
use crate::capture::{Presence, Probe};
use crate::format::srzip::{SrzipWriter, WriteError};
use crate::units::SampleRate;

fn probe(bit: u32, name: &str) -> Probe {
    Probe { bit, name: name.to_owned(), presence: Presence::Recorded }
}

fn rate(text: &str) -> SampleRate {
    SampleRate::parse(text).unwrap()
}

fn written(probes: &[Probe], changes: &[(u64, u64)], length: u64) -> Vec<u8> {
    let mut writer = SrzipWriter::new(Vec::new(), probes, &rate("24 MHz")).unwrap();
    for &(at, state) in changes {
        writer.change(SampleIndex::new(at), state).unwrap();
    }
    writer.finish(SampleIndex::new(length)).unwrap()
}

#[test]
fn changes_come_back_in_every_unit_size() {
    for bit in [0, 9, 17, 30, 35, 44, 50, 63] {
        let chunk = (4 << 20) / u64::from(bit / 8 + 1);
        let probes = [probe(bit, "STROBE")];
        let on = 1 << bit;
        let changes = [(0, on), (1, 0), (7, on), (chunk - 1, 0), (chunk, on), (3 * chunk + 5, 0)];
        let reading = whole(&written(&probes, &changes, 3 * chunk + 6));
        assert_eq!((reading.calls, reading.length), (changes.to_vec(), 3 * chunk + 6), "bit {bit}");
        assert_eq!(reading.header.probes, probes);
        assert_eq!((reading.header.rate, reading.header.warnings), (Some(rate("24 MHz")), vec![]));
    }
}

#[test]
fn hours_of_idle_lines_are_few_bytes() {
    let hour = 24_000_000 * 3600;
    let file = written(&[probe(0, "a")], &[(0, 0), (hour - 5, 1), (hour, 0)], 2 * hour);
    assert!(file.len() < 200 << 20, "{}", file.len());
}

#[test]
fn the_same_capture_is_the_same_bytes() {
    let probes = [probe(3, "FSIN"), probe(0, "STROBE")];
    let changes = [(0, 9), (5, 1), (8, 0)];
    assert_eq!(written(&probes, &changes, 10), written(&probes, &changes, 10));
    let reading = whole(&written(&probes, &changes, 10));
    let bits: Vec<u32> = reading.header.probes.iter().map(|probe| probe.bit).collect();
    assert_eq!((bits, reading.calls), (vec![0, 3], changes.to_vec()));
}

#[test]
fn names_come_back_as_they_are() {
    let names = ["", " FSIN ", "\\s", "a=b", "#x", "[device 2]", "line\nbreak", "\ttab", "µ"];
    let probes: Vec<Probe> = (0..).zip(names).map(|(bit, name)| probe(bit, name)).collect();
    assert_eq!(whole(&written(&probes, &[], 1)).header.probes, probes);
}

#[test]
fn captures_of_no_length_and_without_changes() {
    let probes = [probe(0, "a")];
    let empty = whole(&written(&probes, &[], 0));
    assert_eq!((empty.calls, empty.length), (vec![], 0));
    let idle = whole(&written(&probes, &[(0, 1)], 5));
    assert_eq!((idle.calls, idle.length), (vec![(0, 1)], 5));
}

#[test]
fn probes_that_were_not_recorded_are_left_out() {
    let beyond = Probe { presence: Presence::BeyondUnit, ..probe(12, "D12") };
    let reading = whole(&written(&[probe(2, "D2"), beyond], &[(0, 4 | 1 << 12)], 5));
    assert_eq!((reading.header.probes, reading.calls), (vec![probe(2, "D2")], vec![(0, 4)]));
}

#[test]
fn what_sigrok_could_not_read_is_refused() {
    let refused = |probes: &[Probe], text: &str| {
        SrzipWriter::new(Vec::new(), probes, &rate(text)).map(|_| ()).unwrap_err().to_string()
    };
    let plain = [probe(0, "a")];
    assert_eq!(
        refused(&[], "1 MHz"),
        "a session without probes cannot be written; name at least one that was recorded"
    );
    assert_eq!(refused(&[probe(1, "a"), probe(1, "b")], "1 MHz"), "two probes have bit 1; each needs its own");
    assert_eq!(refused(&[probe(64, "a")], "1 MHz"), "bit 64 is beyond the 64 bits of the largest sample");
    assert_eq!(refused(&[probe(5, "a\0")], "1 MHz"), "the name of the probe with bit 5 has a zero byte in it");
    assert_eq!(
        refused(&plain, "32.7685 Hz"),
        "32.7685 Hz is no whole number of hertz, and sigrok would read another; state one with --samplerate"
    );
}

#[test]
fn changes_out_of_order_and_beyond_the_end_are_refused() {
    let begin = || SrzipWriter::new(Vec::new(), &[probe(0, "a")], &rate("1 MHz")).unwrap();
    let at = SampleIndex::new;
    assert!(begin().change(at(1), 1).is_err());
    let mut writer = begin();
    writer.change(at(0), 1).unwrap();
    assert!(writer.change(at(0), 0).is_err());
    writer.change(at(5), 0).unwrap();
    assert!(matches!(writer.finish(at(5)), Err(WriteError::BeyondEnd { change: 5, length: 5 })));
}

/// A writer that is full at once.
struct Full;

impl std::io::Write for Full {
    fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
        Err(std::io::ErrorKind::StorageFull.into())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_full_disk_is_an_error() {
    assert!(SrzipWriter::new(Full, &[probe(0, "a")], &rate("1 MHz")).is_err());
}
