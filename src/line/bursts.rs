//! Contact that is lost for moments: bursts of short stretches in a line that is steady apart from them.

use super::relation::overlap;
use super::span::{Span, without_short};
use crate::signal::{Level, Waveform};

/// A burst of short stretches, from its first change to its last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Burst {
    /// The first sample of it.
    pub(crate) from: u64,
    /// The last change of it.
    pub(crate) to: u64,
    /// How many changes it has.
    pub(crate) changes: usize,
}

/// Stretches of a burst are this many times shorter than those in which the line spends most of its time.
const FAR_SHORTER: u64 = 8;
/// So many short stretches in a row are a burst; a pulse between two pauses is one.
const LEAST_STRETCHES: usize = 3;
/// A signal has so many pulses beside its bursts at least, and as many for each burst.
const LEAST_PULSES: usize = 4;
const PULSES_PER_BURST: usize = 2;

/// A line without its bursts, and the bursts; nothing where it has none, or little else.
pub(crate) fn without_bursts(waveform: &Waveform) -> Option<(Waveform, Vec<Burst>)> {
    let changes = waveform.changes().to_vec();
    let short = usual_stretch(&changes)? / FAR_SHORTER;
    let mut bursts = Vec::new();
    let mut kept = Vec::with_capacity(changes.len());
    let mut place = 0;
    while place < changes.len() {
        let run = changes[place..].windows(2).take_while(|pair| pair[1] - pair[0] < short).count();
        let end = place + run;
        if run >= LEAST_STRETCHES {
            bursts.push(Burst { from: changes[place], to: changes[end], changes: run + 1 });
            // Between two levels the line has changed once, nobody knows when.
            kept.extend((run % 2 == 0).then_some(changes[place]));
        } else {
            kept.extend_from_slice(&changes[place..=end]);
        }
        place = end + 1;
    }
    let pulses = kept.len() / 2;
    let is_signal = pulses >= LEAST_PULSES && pulses >= bursts.len() * PULSES_PER_BURST;
    if bursts.is_empty() || !is_signal {
        return None;
    }
    Some((Waveform::new(waveform.initial(), kept, waveform.length()).ok()?, bursts))
}

/// Stretches that are so many times shorter than all others are none of the signal.
const SHORTER_THAN_OTHERS: u64 = 4;
/// They fill no more than one part in so many of the time that the line spends at the level where it is less.
const MOST_CHATTER: u64 = 10;
/// And there are no more than so many for each pulse: data have more bits.
const MOST_PER_PULSE: usize = 12;

/// A line without the stretches that are far shorter than all of its others, however many they are, and where they begin; nothing
/// where lengths do not fall apart like that, or the short ones are more than a disturbance.
pub(crate) fn without_chatter(waveform: &Waveform) -> Option<(Waveform, Vec<Span>)> {
    let mut lengths: Vec<u64> = waveform.changes().gaps().collect();
    lengths.sort_unstable();
    let jumps = lengths.windows(2).enumerate().filter(|(_, pair)| pair[1] / SHORTER_THAN_OTHERS >= pair[0]);
    let enough = jumps.filter(|(place, _)| lengths.len() - place > 2 * LEAST_PULSES);
    let (_, widest) = enough.max_by_key(|(_, pair)| pair[1] / pair[0])?;
    let (changes, spikes) = without_short(waveform.initial(), waveform.changes(), widest[0] + 1);
    let signal = Waveform::new(waveform.initial(), changes, waveform.length()).ok()?;
    let chatter: u64 = spikes.iter().map(|spike| spike.length()).sum();
    let least = [Level::High, Level::Low].map(|level| overlap((&signal, level), (&signal, level))).into_iter().min()?;
    let pulses = signal.changes().len() / 2;
    let is_signal = pulses >= LEAST_PULSES && spikes.len() <= pulses * MOST_PER_PULSE;
    let is_little = is_signal && chatter.saturating_mul(MOST_CHATTER) <= least;
    is_little.then_some((signal, spikes))
}

/// The length of the stretches in which the line spends most of its time: half of it in shorter ones, half in longer.
fn usual_stretch(changes: &[u64]) -> Option<u64> {
    let mut lengths: Vec<u64> = changes.windows(2).map(|pair| pair[1] - pair[0]).collect();
    lengths.sort_unstable();
    let half = lengths.iter().sum::<u64>() / 2;
    let mut passed = 0;
    lengths.into_iter().find(|length| {
        passed += length;
        passed >= half
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::SampleIndex;

    fn line(mut changes: Vec<u64>) -> Waveform {
        changes.sort_unstable();
        Waveform::new(Level::Low, changes, SampleIndex::new(2_000_000)).unwrap()
    }

    /// Twenty pulses of 5 ms every 20 ms, at 1 MHz.
    fn pulses() -> Vec<u64> {
        (0..20).flat_map(|n| [1000 + 20_000 * n, 6000 + 20_000 * n]).collect()
    }

    #[test]
    fn a_burst_between_pulses_is_taken_out() {
        let burst = [70_000, 70_300, 70_500, 70_900, 71_000, 71_250];
        let (signal, bursts) = without_bursts(&line([pulses(), burst.to_vec()].concat())).unwrap();
        assert_eq!(signal.changes(), pulses());
        assert_eq!(bursts, [Burst { from: 70_000, to: 71_250, changes: 6 }]);
    }

    #[test]
    fn a_pulse_that_begins_in_a_burst_is_one_pulse() {
        // The fourth pulse, from 61 000 to 66 000, begins with chatter: up, down, up, down, up.
        let (signal, bursts) =
            without_bursts(&line([pulses(), vec![61_200, 61_400, 61_500, 61_900]].concat())).unwrap();
        assert_eq!(signal.changes(), pulses());
        assert_eq!(bursts, [Burst { from: 61_000, to: 61_900, changes: 5 }]);
    }

    #[test]
    fn chatter_at_every_edge_is_taken_out() {
        // Each pulse, of 5 ms, crosses the threshold twice more as it ends.
        let ends = (0..20).flat_map(|n| [6030, 6060, 6090, 6110].map(|at| at + 20_000 * n));
        let (signal, spikes) = without_chatter(&line(pulses().into_iter().chain(ends).collect())).unwrap();
        assert_eq!(signal.changes().len(), 40);
        // Four short stretches each.
        assert_eq!(spikes.len(), 80);
        assert!(without_chatter(&line(pulses())).is_none());
        // Short pulses beside long ones are more than chatter: two of 300 µs beside each of 5 ms.
        let short = (0..20).flat_map(|n| [9000, 9300, 12_000, 12_300].map(|at| at + 20_000 * n));
        assert!(without_chatter(&line(pulses().into_iter().chain(short).collect())).is_none());
    }

    #[test]
    fn clean_lines_and_lines_of_nothing_but_bursts_have_none() {
        assert!(without_bursts(&line(pulses())).is_none());
        // A bus: eight bits of 10 µs every 20 ms.
        let bus = (0..20).flat_map(|n| (0..8).map(move |bit| 1000 + 20_000 * n + 10 * bit)).collect();
        assert!(without_bursts(&line(bus)).is_none());
        assert!(without_bursts(&line(Vec::new())).is_none());
    }
}
