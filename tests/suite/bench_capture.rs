//! Captures made by hand: each line as the samples at which it changes.

use std::sync::Arc;

use strobecheck::capture::{Capture, Header, Line, Presence, Probe, RecordEnd};
use strobecheck::report::{Judgement, Provenance};
use strobecheck::signal::{Level, Lost, LostSpan, Waveform};
use strobecheck::spec::Spec;
use strobecheck::units::{SampleIndex, SampleRate};
use strobecheck::verdict::Check;
use strobecheck::verify::verify;

/// A capture in which every line starts low and changes at these samples.
pub(crate) fn capture(rate: &str, length: u64, lines: &[(&str, Vec<u64>)]) -> Capture {
    let length = SampleIndex::new(length);
    let probe = |(bit, (name, _)): (usize, &(&str, Vec<u64>))| Probe {
        bit: bit as u32,
        name: (*name).to_owned(),
        presence: Presence::Recorded,
    };
    let probes: Vec<Probe> = lines.iter().enumerate().map(probe).collect();
    let rate = SampleRate::parse(rate).unwrap();
    let waveform = |changes: &Vec<u64>| Arc::new(Waveform::new(Level::Low, changes.clone(), length).unwrap());
    Capture {
        lines: (probes.iter().zip(lines))
            .map(|(p, (_, c))| Line { probe: p.clone(), waveform: waveform(c), unknown: Lost::nothing() })
            .collect(),
        header: Header { format: "test", rate: Some(rate.clone()), probes, warnings: Vec::new() },
        rate,
        length,
        end: RecordEnd::Stated,
        lost: Lost::nothing(),
        problems: Vec::new(),
        analog: Vec::new(),
    }
}

/// The same capture with these samples lost.
pub(crate) fn damaged(capture: Capture, from: u64, to: u64) -> Capture {
    let span = LostSpan::new(SampleIndex::new(from), SampleIndex::new(to));
    Capture { lost: Lost::from_spans(vec![span]), problems: vec!["chunk 2: bad CRC-32".to_owned()], ..capture }
}

/// Pulses of these widths, the first at `first`, one every `period` samples.
pub(crate) fn pulses(first: u64, period: u64, widths: &[u64]) -> Vec<u64> {
    let starts = (0..).map(|i| first + i * period);
    starts.zip(widths).flat_map(|(start, width)| [start, start + width]).collect()
}

/// What `verify` makes of a capture by this spec text.
pub(crate) fn judged(capture: &Capture, spec: &str) -> Judgement {
    let spec = Spec::parse("test.spec.toml", spec).unwrap_or_else(|error| panic!("{error}"));
    let provenance = Provenance::of(capture);
    verify(capture, Arc::new(spec), "test".to_owned(), provenance).unwrap()
}

/// The check of a quantity; there must be exactly one.
pub(crate) fn check<'a>(judgement: &'a Judgement, id: &str) -> &'a Check {
    let found: Vec<&Check> = judgement.checks.iter().filter(|check| check.quantity.id == id).collect();
    assert_eq!(found.len(), 1, "checks of {id}");
    found[0]
}
