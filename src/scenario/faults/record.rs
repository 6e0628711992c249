//! Faults of the record: what the analyzer makes of all lines at once.

use super::{FaultKind, LineFault, Record};
use crate::scenario::lines::{TrueLine, TruePulse};
use crate::scenario::time::Femtos;
use crate::units::SampleIndex;

/// Samples are lost and nothing says so.
pub(super) static DROPPED_SAMPLES: FaultKind = FaultKind {
    id: "dropped-samples",
    about: "the samples of `lost` are missing at `at`, on all lines at once: what follows comes too early",
    takes: &["at", "lost"],
    example: "at = \"52 ms\"\nlost = \"2 ms\"",
    read: |given| given.line_fault(DroppedSamples { at: given.time("at")?, lost: given.time_above_zero("lost")? }),
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
        given.line_fault(StrideNoise { stride, width })
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
        given.line_fault(RepeatedSamples { at: given.time("at")?, samples })
    },
};

#[derive(Debug)]
struct RepeatedSamples {
    at: Femtos,
    samples: u64,
}

impl LineFault for RepeatedSamples {
    fn apply(&self, lines: &mut [TrueLine], record: Record<'_>) {
        let time = |sample: u64| Femtos::from_seconds(&record.sampler.time(SampleIndex::new(sample)));
        let Some(until) = record.sampler.shows_at(self.at).map(SampleIndex::get) else { return };
        if let (Some(from), Some(until)) = (until.checked_sub(self.samples).and_then(time), time(until)) {
            lines.iter_mut().for_each(|line| line.repeat(from, until));
        }
    }
}

#[derive(Debug)]
struct DroppedSamples {
    at: Femtos,
    lost: Femtos,
}

impl LineFault for DroppedSamples {
    fn reach(&self) -> Femtos {
        self.lost
    }

    fn apply(&self, lines: &mut [TrueLine], _: Record<'_>) {
        lines.iter_mut().for_each(|line| line.cut_out(self.at, self.at + self.lost));
    }
}

#[derive(Debug)]
struct StrideNoise {
    stride: u64,
    width: u64,
}

/// The most places with noise.
const MOST_PLACES: u64 = 100_000;

impl LineFault for StrideNoise {
    fn apply(&self, lines: &mut [TrueLine], record: Record<'_>) {
        let length = record.sampler.length().get();
        let time = |sample: u64| Femtos::from_seconds(&record.sampler.time(SampleIndex::new(sample)));
        for (number, line) in (0..).zip(lines) {
            let mut random = record.random.at(number);
            let mut flips = Vec::new();
            for place in 1..(length / self.stride).min(MOST_PLACES) {
                for sample in place * self.stride..place * self.stride + self.width {
                    // From just after the sample before it up to itself, so that it alone differs.
                    let (Some(before), Some(at)) = (time(sample - 1), time(sample)) else { continue };
                    if random.happens(500_000_000) {
                        flips.extend(TruePulse::between(before + Femtos::new(1), at + Femtos::new(1)));
                    }
                }
            }
            line.flip(&flips);
        }
    }
}
