//! Contact that is lost for moments: bursts of short stretches in a line that is steady apart from them.

use crate::signal::Waveform;

/// A burst of short stretches, from its first change to its last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Burst {
    /// The first sample of it.
    pub(super) from: u64,
    /// The last change of it.
    pub(super) to: u64,
    /// How many changes it has.
    pub(super) changes: usize,
}

/// Stretches of a burst are this many times shorter than those in which the line spends most of its time.
const FAR_SHORTER: u64 = 8;
/// So many short stretches in a row are a burst; a pulse between two pauses is one.
const LEAST_STRETCHES: usize = 3;
/// A signal has so many pulses beside its bursts at least, and as many for each burst.
const LEAST_PULSES: usize = 4;
const PULSES_PER_BURST: usize = 2;

/// A line without its bursts, and the bursts; nothing where it has none, or little else.
pub(super) fn without_bursts(waveform: &Waveform) -> Option<(Waveform, Vec<Burst>)> {
    let changes = waveform.changes();
    let short = usual_stretch(changes)? / FAR_SHORTER;
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
    use crate::signal::Level;
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
    fn clean_lines_and_lines_of_nothing_but_bursts_have_none() {
        assert!(without_bursts(&line(pulses())).is_none());
        // A bus: eight bits of 10 µs every 20 ms.
        let bus = (0..20).flat_map(|n| (0..8).map(move |bit| 1000 + 20_000 * n + 10 * bit)).collect();
        assert!(without_bursts(&line(bus)).is_none());
        assert!(without_bursts(&line(Vec::new())).is_none());
    }
}
