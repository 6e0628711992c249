//! Faults of lines that pick up what is not theirs: floating inputs, a missing ground, crosstalk, stray glitches.

use super::{FaultKind, Given, Record};
use crate::scenario::draws::SplitMix64;
use crate::scenario::error::Problem;
use crate::scenario::lines::{TrueLine, TruePulse};
use crate::scenario::node::Text;
use crate::scenario::time::{FEMTOS_PER_SECOND, Femtos};
use crate::scenario::values::{out_of_range, value};
use crate::units::{Rational, Rounding, Unit};

/// The most flips of one fault: noise as dense as this says nothing more.
const MOST_FLIPS: usize = 500_000;
/// Noise comes in bursts that fill a third of each half-wave of the mains.
const BURST_PARTS: i128 = 3;

/// A line that nothing drives.
pub(super) static FLOATING_LINE: FaultKind = FaultKind {
    id: "floating-line",
    about: "a line shows noise of about `rate` changes a second instead of its signal; with `mains` (50 Hz or 60 Hz) only in \
            bursts at each half-wave of it",
    takes: &["camera", "line", "rate", "mains"],
    example: "line = \"strobe\"\nrate = \"20 kHz\"\nmains = \"50 Hz\"",
    read: |given| {
        let noise = Noise::read(given)?;
        given.line(Femtos::ZERO, move |line, active, record| {
            *line = TrueLine::from_pulses(active, noise.flips(record));
        })
    },
};

/// Nothing refers the lines to the analyzer's ground.
pub(super) static MISSING_GROUND: FaultKind = FaultKind {
    id: "missing-ground",
    about: "all lines show the same noise of about `rate` changes a second on top of their signals; with `mains` (50 Hz or \
            60 Hz) only in bursts at each half-wave of it",
    takes: &["rate", "mains"],
    example: "rate = \"5 kHz\"\nmains = \"50 Hz\"",
    read: |given| {
        let noise = Noise::read(given)?;
        given.lines(Femtos::ZERO, move |lines, record| {
            let flips = noise.flips(record);
            lines.iter_mut().for_each(|line| line.flip(&flips));
        })
    },
};

/// A line that shows its neighbour's edges.
pub(super) static CROSSTALK: FaultKind = FaultKind {
    id: "crosstalk",
    about: "a line whose wire is off shows a spike of `width` at each edge of the line `from`, and nothing of its own",
    takes: &["camera", "line", "from", "width"],
    example: "line = \"strobe\"\nfrom = \"fsin\"\nwidth = \"4 us\"",
    read: |given| {
        let (wire, from) = (given.wire("line")?, given.wire("from")?);
        let (active, width) = (given.active(wire), given.time_above_zero("width")?);
        given.lines(Femtos::ZERO, move |lines, _| {
            let edges = lines.get(from).map(|line| line.changes().to_vec()).unwrap_or_default();
            let spikes = edges.into_iter().filter_map(|edge| TruePulse::lasting(edge, width)).collect();
            if let Some(line) = lines.get_mut(wire) {
                *line = TrueLine::from_pulses(active, spikes);
            }
        })
    },
};

/// Stray spikes.
pub(super) static GLITCHES: FaultKind = FaultKind {
    id: "glitches",
    about: "`count` spikes of `width` at any time of the record",
    takes: &["camera", "line", "count", "width"],
    example: "line = \"strobe\"\ncount = 5\nwidth = \"3 us\"",
    read: |given| {
        let count = i64::from(given.needed::<u16>("count")?);
        let width = given.time_above_zero("width")?;
        given.line(Femtos::ZERO, move |line, _, record| {
            let (start, end) = (record.sampler.start(), record.sampler.end());
            let spike = |number: i64| TruePulse::lasting(record.random.at(number).within(start, end - width), width);
            line.flip(&(0..count).filter_map(spike).collect::<Vec<_>>());
        })
    },
};

/// Random changes.
#[derive(Debug)]
struct Noise {
    /// The mean time between two changes.
    spacing: Femtos,
    /// A half-wave of the mains, in which a part is noisy.
    half_wave: Option<Femtos>,
}

impl Noise {
    fn read(given: &Given<'_>) -> Result<Noise, Problem> {
        let spacing = period(&given.needed("rate")?, "rate")?;
        let half_wave = given.stated("mains")?.map(|mains| period(&mains, "mains")).transpose()?;
        Ok(Noise { spacing, half_wave: half_wave.map(|period| Femtos::new((period.get() / 2).max(1))) })
    }

    /// The noisy stretches of time within the record.
    fn bursts(&self, record: Record<'_>) -> Vec<(Femtos, Femtos)> {
        let (start, end) = (record.sampler.start(), record.sampler.end());
        let Some(half_wave) = self.half_wave else { return vec![(start, end)] };
        let burst = Femtos::new(half_wave.get() / BURST_PARTS);
        let mut bursts = Vec::new();
        let mut from = start;
        while from < end && bursts.len() < MOST_FLIPS {
            bursts.push((from, (from + burst).min(end)));
            from = from + half_wave;
        }
        bursts
    }

    /// The stretches in which the line is flipped.
    fn flips(&self, record: Record<'_>) -> Vec<TruePulse> {
        let mut random: SplitMix64 = record.random.at(0);
        let mut flips = Vec::new();
        let span = self.spacing + self.spacing;
        for (from, to) in self.bursts(record) {
            let mut at = from + random.within(Femtos::ZERO, span);
            while at < to && flips.len() < MOST_FLIPS {
                let end = at + random.within(Femtos::new(1), span);
                flips.extend(TruePulse::between(at, end.min(to)));
                at = end + random.within(Femtos::new(1), span);
            }
        }
        flips
    }
}

fn period(rate: &Text, what: &'static str) -> Result<Femtos, Problem> {
    let hertz = value(rate, Unit::Hertz)?;
    let femtos = Rational::integer(FEMTOS_PER_SECOND).checked_div(&hertz);
    let femtos = femtos.and_then(|femtos| femtos.to_integer(Rounding::Down));
    let sensible = |femtos: &i128| (1..=3600 * FEMTOS_PER_SECOND).contains(femtos);
    let range = "above 0 Hz, and a rate that a line can have";
    femtos.filter(sensible).map(Femtos::new).ok_or_else(|| out_of_range(rate.span(), what, range))
}
