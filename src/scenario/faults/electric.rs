//! Faults of levels: edges that take their time, and a threshold that the signal hardly reaches.

use super::FaultKind;
use crate::scenario::draws::SplitMix64;
use crate::scenario::lines::{TrueLine, TruePulse};
use crate::scenario::time::Femtos;

/// A line that goes idle slowly.
pub(super) static SLOW_EDGE: FaultKind = FaultKind {
    id: "slow-edge",
    about: "a line goes idle later by `delay`, and crosses the threshold `crossings` more times (default 0) on its way",
    takes: &["camera", "line", "delay", "crossings"],
    example: "line = \"strobe\"\ndelay = \"40 us\"\ncrossings = 2",
    read: |given| {
        let crossings = i128::from(given.stated::<u8>("crossings")?.unwrap_or(0));
        let delay = given.time_above_zero("delay")?;
        // Evenly from the true edge to the late one.
        let part = Femtos::new((delay.get() / (2 * crossings + 1)).max(1));
        given.line(Femtos::ZERO, move |line, active, _| {
            let pulses = line.pulses(active);
            let dips = |pulse: &TruePulse| TruePulse::train(pulse.end() + part, part.times(2), crossings, part);
            let dips: Vec<TruePulse> = pulses.iter().flat_map(dips).collect();
            let late = pulses.into_iter().map(|pulse| pulse.ended_later(delay)).collect();
            *line = TrueLine::from_pulses(active, late);
            line.flip(&dips);
        })
    },
};

/// A signal that hardly reaches the threshold.
pub(super) static MARGINAL_THRESHOLD: FaultKind = FaultKind {
    id: "marginal-threshold",
    about: "of each active stretch up to `erode` is lost at either end, where the level chatters, dips break it, and of five \
            stretches about one is not seen at all",
    takes: &["camera", "line", "erode"],
    example: "line = \"strobe\"\nerode = \"300 us\"",
    read: |given| {
        let erode = given.time_above_zero("erode")?;
        given.line(Femtos::ZERO, move |line, active, record| {
            let mut seen = Vec::new();
            for (number, pulse) in (0..).zip(&line.pulses(active)) {
                let mut random = record.random.at(number);
                if random.below(LOST_IN) > 0 {
                    add_seen(pulse, erode, &mut random, &mut seen);
                }
            }
            *line = TrueLine::from_pulses(active, seen);
        })
    },
};

/// One in so many active stretches is not seen at all.
const LOST_IN: u64 = 5;
/// Dips in a stretch that is seen.
const DIPS: u64 = 3;

/// Adds what is seen of an active stretch: the whole is cut into parts by short dips, more of them near its ends.
fn add_seen(pulse: &TruePulse, erode: Femtos, random: &mut SplitMix64, seen: &mut Vec<TruePulse>) {
    let erode = erode.min(Femtos::new(pulse.width().get() / 4));
    let dip = Femtos::new((erode.get() / 6).max(2));
    let mut cuts = vec![
        pulse.start() + random.within(dip, erode),
        pulse.start() + random.within(dip, erode),
        pulse.end() - random.within(dip, erode),
        pulse.end() - random.within(dip, erode),
    ];
    for _ in 0..random.below(DIPS + 1) {
        cuts.push(random.within(pulse.start() + erode, pulse.end() - erode));
    }
    cuts.sort_unstable();
    let mut from = pulse.start() + random.within(Femtos::ZERO, dip);
    for cut in cuts {
        seen.extend(TruePulse::between(from, cut));
        from = from.max(cut + random.within(Femtos::new(dip.get() / 2), dip));
    }
    seen.extend(TruePulse::between(from, pulse.end() - random.within(Femtos::ZERO, dip)));
}
