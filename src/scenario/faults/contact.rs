//! Faults of contacts: a wire that pulls at its testpoint, a trigger that bounces, lines that ring with each other.

use super::FaultKind;
use crate::scenario::draws::SplitMix64;
use crate::scenario::lines::{TrueLine, TruePulse};
use crate::scenario::time::Femtos;

/// A contact that comes and goes.
pub(super) static INTERMITTENT_CONTACT: FaultKind = FaultKind {
    id: "intermittent-contact",
    about: "a line loses contact `bursts` times (default 1), each for `length`, and chatters as it goes and comes back",
    takes: &["camera", "line", "bursts", "length"],
    example: "line = \"strobe\"\nlength = \"30 ms\"",
    read: |given| {
        let bursts = i64::from(given.stated::<u8>("bursts")?.unwrap_or(1));
        let length = given.time_above_zero("length")?;
        given.line(Femtos::ZERO, move |line, active, record| {
            let (start, end) = (record.sampler.start(), record.sampler.end());
            // An eighth of the record at either end stays in contact, so that there is a before and an after.
            let margin = Femtos::new((end - start).get() / 8);
            for burst in 0..bursts {
                let mut random = record.random.at(burst);
                let from = random.within(start + margin, end - margin - length);
                let until = from + length;
                line.hold(!active, Some(from), Some(until));
                let chatter = Femtos::new(length.get() / 10);
                let mut spikes = chattering(&mut random, from, from + chatter);
                spikes.extend(chattering(&mut random, until - chatter, until));
                line.flip(&spikes);
            }
        })
    },
};

/// A contact that bounces.
pub(super) static BOUNCE: FaultKind = FaultKind {
    id: "bounce",
    about: "after each of its pulses a line shows `count` more (default 2), `spacing` apart and half as wide",
    takes: &["camera", "line", "count", "spacing"],
    example: "line = \"fsin\"\nspacing = \"300 us\"",
    read: |given| {
        let count = i128::from(given.stated::<u8>("count")?.unwrap_or(2));
        let spacing = given.time_above_zero("spacing")?;
        let half = Femtos::new((spacing.get() / 2).max(1));
        given.line(spacing.times(count + 1), move |line, active, _| {
            let mut pulses = line.pulses(active);
            let bounces = |pulse: &TruePulse| TruePulse::train(pulse.end() + half, spacing, count, half);
            let bounces: Vec<TruePulse> = pulses.iter().flat_map(bounces).collect();
            pulses.extend(bounces);
            *line = TrueLine::from_pulses(active, pulses);
        })
    },
};

/// Edges of a line that ring on another one.
pub(super) static RINGING: FaultKind = FaultKind {
    id: "ringing",
    about: "after each edge of the line `from`, another line shows `count` spikes (default 3) of `width`, as far apart",
    takes: &["camera", "line", "from", "count", "width"],
    example: "line = \"strobe\"\nfrom = \"flash\"\nwidth = \"2 us\"",
    read: |given| {
        let (wire, from) = (given.wire("line")?, given.wire("from")?);
        let count = i128::from(given.stated::<u8>("count")?.unwrap_or(3));
        let width = given.time_above_zero("width")?;
        given.lines(Femtos::ZERO, move |lines, _| {
            let edges = lines.get(from).map(|line| line.changes().to_vec()).unwrap_or_default();
            let rings = |edge: Femtos| TruePulse::train(edge + width, width.times(2), count, width);
            let spikes: Vec<TruePulse> = edges.into_iter().flat_map(rings).collect();
            lines.iter_mut().skip(wire).take(1).for_each(|line| line.flip(&spikes));
        })
    },
};

/// How often a contact chatters as it goes, and as it comes back.
const CHATTERS: i64 = 6;

/// Short contacts between two times.
fn chattering(random: &mut SplitMix64, from: Femtos, to: Femtos) -> Vec<TruePulse> {
    let longest = Femtos::new(((to - from).get() / i128::from(2 * CHATTERS)).max(2));
    let mut spikes = Vec::new();
    let mut at = from;
    for _ in 0..CHATTERS {
        let start = at + random.within(Femtos::new(longest.get() / 4), longest);
        let end = start + random.within(Femtos::new(longest.get() / 4), longest);
        spikes.extend(TruePulse::between(start, end));
        at = end;
    }
    spikes
}
