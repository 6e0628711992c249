//! Whether what agrees between a log and a capture is more than chance.
//!
//! A log that was cut elsewhere is tried at many places, and of few frames some agree at one of them by chance. What is compared are
//! steps: from one frame to the next, of time or of exposure. A step tells as much as it is rare in the log, and little where steps
//! come again in an order in which they came before: of two exposures in turn, or of a ramp, every further step is foretold.

/// An agreement that comes by chance once in 2 to the power of this, over all places that were tried, is taken for proven.
const BITS: u64 = 20;

/// So many steps are looked at, at most.
const MOST: usize = 2000;

/// What the frames of one place are compared by.
pub(super) struct Steps<'a> {
    /// Steps of the capture and of the log that lie at the same frames, in order of time; none where one of them is not known.
    pub(super) both: &'a [Option<(i128, i128)>],
    /// The steps of the whole log.
    pub(super) log: Vec<i128>,
    /// Steps that differ by no more are the same.
    pub(super) tolerance: i128,
    /// At so many places it could have come out by chance.
    pub(super) tried: usize,
}

impl Steps<'_> {
    /// Whether they agree by more than chance.
    pub(super) fn are_told(mut self) -> bool {
        self.log.sort_unstable();
        let steps: Vec<(i128, i128)> = self.both.iter().flatten().take(MOST).copied().collect();
        let agrees = |place: usize| steps.get(place).is_some_and(|(step, logged)| self.is_same(*step, *logged));
        let compared = steps.len() as u64;
        let off = compared - (0..steps.len()).filter(|place| agrees(*place)).count() as u64;
        // Which of them are off could be chosen in so many ways.
        let chosen = compared.min(off.saturating_mul(bits(compared)));
        let needed = BITS + bits(self.tried as u64) + chosen;
        let rarity = |place: usize| if agrees(place) { self.rarity(steps[place].0) } else { 0 };
        // Phrases: as many steps as came before somewhere in this order, and one more. One of them tells no more than where it
        // came before, and its last step.
        let (mut place, mut told) = (0, 0);
        while place < steps.len() && told < needed {
            let known = (0..place).map(|from| self.alike(&steps, from, place)).max().unwrap_or(0);
            let all: u64 = (place..steps.len().min(place + known + 1)).map(rarity).sum();
            let last = if place + known < steps.len() { rarity(place + known) } else { 0 };
            told += all.min(bits(place as u64) + last);
            place += known + 1;
        }
        told >= needed
    }

    fn is_same(&self, a: i128, b: i128) -> bool {
        a.saturating_sub(b).saturating_abs() <= self.tolerance
    }

    /// How many steps from one place on are those from another on.
    fn alike(&self, steps: &[(i128, i128)], from: usize, to: usize) -> usize {
        let (a, b) = (steps[from..].iter(), steps[to..].iter());
        a.zip(b).take_while(|(a, b)| self.is_same(a.0, b.0)).count()
    }

    /// How often a step of the log is like this one, as a power of two, rounded down.
    fn rarity(&self, step: i128) -> u64 {
        let tolerance = self.tolerance;
        let from = self.log.partition_point(|other| *other < step.saturating_sub(tolerance));
        let to = self.log.partition_point(|other| *other <= step.saturating_add(tolerance));
        let like = to.saturating_sub(from).max(1);
        u64::from((self.log.len() / like).checked_ilog2().unwrap_or(0))
    }
}

/// The bits that so many take.
fn bits(of: u64) -> u64 {
    u64::from(u64::BITS - of.leading_zeros())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(capture: &[i128], log: &[i128], tried: usize) -> bool {
        let both: Vec<Option<(i128, i128)>> = capture.iter().zip(log).map(|(a, b)| Some((*a, *b))).collect();
        Steps { both: &both, log: log.to_vec(), tolerance: 2, tried }.are_told()
    }

    #[test]
    fn steps_tell_by_how_rare_they_are() {
        // 8 steps that all differ: 3 bits each make 24, against 20 and 4 of the 8 places; of 9 it is 27.
        let differ: Vec<i128> = (1..=9).map(|n| 100 * n * n).collect();
        assert!(told(&differ[..8], &differ[..8], 15));
        assert!(!told(&differ[..8], &differ[..8], 16));
        assert!(told(&differ, &differ, 127));
        assert!(!told(&differ, &differ, 128));
        // One that is off takes its own 3 bits, and 4 for its place: 24 − 4 are no more than 20 at no place.
        let mut off = differ.clone();
        off[4] += 3;
        assert!(!told(&off, &differ, 1));
        off[4] -= 1;
        assert!(told(&off, &differ, 1));
        assert!(!told(&differ[..7], &differ[..7], 1));
    }

    #[test]
    fn what_repeats_tells_nothing_new() {
        let turns: Vec<i128> = (0..400).map(|n| if n % 2 == 0 { 5000 } else { -5000 }).collect();
        assert!(!told(&turns, &turns, 1));
        assert!(!told(&[100; 400], &[100; 400], 1));
        assert!(!told(&[], &[], 0));
    }
}
