//! Faults of the record: what the analyzer makes of all lines at once.

use super::{FaultKind, Record};
use crate::scenario::lines::TruePulse;
use crate::scenario::time::Femtos;
use crate::units::SampleIndex;

/// Samples are lost and nothing says so.
pub(super) static DROPPED_SAMPLES: FaultKind = FaultKind {
    id: "dropped-samples",
    about: "the samples of `lost` are missing at `at`, on all lines at once: what follows comes too early",
    takes: &["at", "lost"],
    example: "at = \"52 ms\"\nlost = \"2 ms\"",
    read: |given| {
        let (at, lost) = (given.time("at")?, given.time_above_zero("lost")?);
        given.lines(lost, move |lines, _| lines.iter_mut().for_each(|line| line.cut_out(at, at + lost)))
    },
};

/// Noise at a fixed distance of samples.
pub(super) static STRIDE_NOISE: FaultKind = FaultKind {
    id: "stride-noise",
    about: "`width` samples (default 8) of noise every `stride` samples (default 2048), on all lines: transfers that go wrong \
            where buffers meet",
    takes: &["stride", "width"],
    example: "stride = 2048",
    read: |given| {
        let stride = u64::from(given.stated::<u32>("stride")?.unwrap_or(2048).max(16));
        let width = u64::from(given.stated::<u32>("width")?.unwrap_or(8)).min(stride);
        given.lines(Femtos::ZERO, move |lines, record| {
            for (number, line) in (0..).zip(lines) {
                line.flip(&noise(record, number, stride, width));
            }
        })
    },
};

/// A buffer that is handed over twice.
pub(super) static REPEATED_SAMPLES: FaultKind = FaultKind {
    id: "repeated-samples",
    about: "the `samples` (default 65536) before `at` are recorded a second time, on all lines at once: what follows comes too \
            late",
    takes: &["at", "samples"],
    example: "at = \"52 ms\"\nsamples = 4096",
    read: |given| {
        let samples = u64::from(given.stated::<u32>("samples")?.unwrap_or(65536));
        let at = given.time("at")?;
        given.lines(Femtos::ZERO, move |lines, record| {
            let Some(until) = record.sampler.shows_at(at).map(SampleIndex::get) else { return };
            let from = until.checked_sub(samples).and_then(|from| time(record, from));
            if let (Some(from), Some(until)) = (from, time(record, until)) {
                lines.iter_mut().for_each(|line| line.repeat(from, until));
            }
        })
    },
};

fn time(record: Record<'_>, sample: u64) -> Option<Femtos> {
    Femtos::from_seconds(&record.sampler.time(SampleIndex::new(sample)))
}

/// The most places with noise.
const MOST_PLACES: u64 = 100_000;

/// The samples of a line that differ: of each `stride` the first `width`, every other one by chance.
fn noise(record: Record<'_>, line: i64, stride: u64, width: u64) -> Vec<TruePulse> {
    let mut random = record.random.at(line);
    let mut flips = Vec::new();
    for place in 1..(record.sampler.length().get() / stride).min(MOST_PLACES) {
        for sample in place * stride..place * stride + width {
            // From just after the sample before it up to itself, so that it alone differs.
            let (Some(before), Some(at)) = (time(record, sample - 1), time(record, sample)) else { continue };
            if random.happens(500_000_000) {
                flips.extend(TruePulse::between(before + Femtos::new(1), at + Femtos::new(1)));
            }
        }
    }
    flips
}
