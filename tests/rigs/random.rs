//! Random numbers that a seed makes again on every machine.

use super::Ps;

/// SplitMix64 (Steele, Lea and Flood 2014).
#[derive(Debug, Clone)]
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Random {
        Random(seed)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Below `count`, which is above 0. The bias of the remainder is of no matter here.
    pub(crate) fn below(&mut self, count: usize) -> usize {
        (self.next() % count as u64) as usize
    }

    /// From `low` to `high`, both included; `low` where there is nothing above it.
    pub(crate) fn within(&mut self, low: i64, high: i64) -> i64 {
        let room = high.saturating_sub(low).max(0) as u64;
        low + (self.next() % (room + 1)) as i64
    }

    /// From `low` to `high`, each octave as likely as the next; `low` where there is nothing above it.
    pub(crate) fn log_within(&mut self, low: Ps, high: Ps) -> Ps {
        let low = low.max(1);
        if high <= low {
            return low;
        }
        let octave = low << self.below((high / low).ilog2() as usize + 1);
        self.within(octave, high.min(2 * octave))
    }

    /// Whether one of `in_so_many` comes.
    pub(crate) fn one(&mut self, in_so_many: usize) -> bool {
        self.below(in_so_many) == 0
    }

    pub(crate) fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }
}
