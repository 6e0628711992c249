//! Finds the changes of the wanted probes in a stream of samples.
//!
//! Lines are idle most of the time, so groups of samples are compared as a whole with the present state, and only in
//! a group that differs are its samples looked at one by one.

use super::metadata::UnitSize;

/// From a sample on, the wanted probes show another state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Change {
    /// The sample, from the first of the chunk.
    pub(super) at: u64,
    /// The state: bit *i* is that of the probe with bit *i*; bits of other probes are 0.
    pub(super) state: u64,
}

/// More changes than may be held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TooManyChanges;

/// Samples compared at once.
const GROUP: usize = 64;

/// The changes found so far in a chunk's samples.
#[derive(Debug)]
pub(super) struct Scan {
    unit: UnitSize,
    mask: u64,
    most: u64,
    at: u64,
    rest: u64,
    changes: Vec<Change>,
}

impl Scan {
    /// A scan for changes of the bits in `mask`; at most `most` are held.
    pub(super) fn new(unit: UnitSize, mask: u64, most: u64) -> Scan {
        Scan { unit, mask, most, at: 0, rest: 0, changes: Vec::new() }
    }

    /// The number of whole samples.
    pub(super) fn samples(&self) -> u64 {
        self.at
    }

    /// The bytes behind the last whole sample.
    pub(super) fn rest(&self) -> u64 {
        self.rest
    }

    /// The changes; the first is that of the first sample.
    pub(super) fn into_changes(self) -> Vec<Change> {
        self.changes
    }

    /// Goes on with these bytes. All blocks but the last must hold whole samples only.
    pub(super) fn block(&mut self, block: &[u8]) -> Result<(), TooManyChanges> {
        match self.unit.bytes() {
            1 => self.samples_of::<1>(block),
            2 => self.samples_of::<2>(block),
            3 => self.samples_of::<3>(block),
            4 => self.samples_of::<4>(block),
            5 => self.samples_of::<5>(block),
            6 => self.samples_of::<6>(block),
            7 => self.samples_of::<7>(block),
            _ => self.samples_of::<8>(block),
        }
    }

    fn samples_of<const UNIT: usize>(&mut self, block: &[u8]) -> Result<(), TooManyChanges> {
        let (samples, rest) = block.as_chunks::<UNIT>();
        self.rest = rest.len() as u64;
        let (Some(first), mask) = (samples.first(), self.mask) else { return Ok(()) };
        let mut state = match self.changes.last() {
            Some(change) => change.state,
            None => self.change(0, word(first) & mask)?,
        };
        let mut idle = Idle::<UNIT>::new(state, mask);
        for group in samples.chunks(GROUP) {
            if !idle.shows(group) {
                let before = state;
                for (at, sample) in (self.at..).zip(group) {
                    let now = word(sample) & mask;
                    if now != state {
                        state = self.change(at, now)?;
                    }
                }
                if state != before {
                    idle = Idle::new(state, mask);
                }
            }
            self.at += group.len() as u64;
        }
        Ok(())
    }

    fn change(&mut self, at: u64, state: u64) -> Result<u64, TooManyChanges> {
        // The first one is no change of a line.
        if self.changes.len() as u64 > self.most {
            return Err(TooManyChanges);
        }
        self.changes.push(Change { at, state });
        Ok(state)
    }
}

/// A sample's bytes as a little-endian word.
#[inline]
fn word<const UNIT: usize>(sample: &[u8; UNIT]) -> u64 {
    sample.iter().rev().fold(0, |word, &byte| word << 8 | u64::from(byte))
}

/// Eight samples of one state, as they lie in memory, and which of their bits count.
struct Idle<const UNIT: usize> {
    state: [u64; UNIT],
    mask: [u64; UNIT],
}

impl<const UNIT: usize> Idle<UNIT> {
    fn new(state: u64, mask: u64) -> Idle<UNIT> {
        Idle { state: repeated(state), mask: repeated(mask) }
    }

    /// Whether every sample of a whole group shows this state; a shorter group is not looked at.
    #[inline]
    fn shows(&self, group: &[[u8; UNIT]]) -> bool {
        let (words, _) = group.as_flattened().as_chunks::<8>();
        let (eights, _) = words.as_chunks::<UNIT>();
        let mut difference = 0;
        for eight in eights {
            for ((word, state), mask) in eight.iter().zip(&self.state).zip(&self.mask) {
                difference |= (u64::from_le_bytes(*word) ^ state) & mask;
            }
        }
        difference == 0 && group.len() == GROUP
    }
}

/// Eight samples of this state, as the words that they fill.
fn repeated<const UNIT: usize>(state: u64) -> [u64; UNIT] {
    let bytes = state.to_le_bytes();
    std::array::from_fn(|word| u64::from_le_bytes(std::array::from_fn(|byte| bytes[(8 * word + byte) % UNIT])))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The changes by the plainest means.
    fn plain(unit: usize, mask: u64, bytes: &[u8]) -> Vec<(u64, u64)> {
        let mut changes: Vec<(u64, u64)> = Vec::new();
        for (at, sample) in bytes.chunks_exact(unit).enumerate() {
            let mut word = [0; 8];
            word[..unit].copy_from_slice(sample);
            let state = u64::from_le_bytes(word) & mask;
            if changes.last().is_none_or(|(_, before)| *before != state) {
                changes.push((at as u64, state));
            }
        }
        changes
    }

    fn scanned(unit: usize, mask: u64, blocks: &[&[u8]]) -> (Vec<(u64, u64)>, u64, u64) {
        let mut scan = Scan::new(UnitSize::new(unit as u64).unwrap(), mask, 1 << 30);
        for block in blocks {
            scan.block(block).unwrap();
        }
        let (samples, rest) = (scan.samples(), scan.rest());
        (scan.into_changes().iter().map(|change| (change.at, change.state)).collect(), samples, rest)
    }

    #[test]
    fn one_bit_that_toggles_is_found_at_every_place() {
        for unit in 1..=8 {
            for (place, bit) in (0..300).zip((0..unit * 8).cycle()) {
                let mut bytes = vec![0x5a; 300 * unit];
                bytes[place * unit + bit / 8] ^= 1 << (bit % 8);
                for mask in [u64::MAX, 1 << bit, !(1 << bit)] {
                    let expected = plain(unit, mask, &bytes);
                    assert_eq!(scanned(unit, mask, &[&bytes]), (expected, 300, 0), "unit {unit} place {place}");
                }
            }
        }
    }

    #[test]
    fn blocks_go_on_where_the_last_one_ended() {
        let mut noise = 1_u32;
        let bytes: Vec<u8> = (0..840 * 3 + 5)
            .map(|_| {
                noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (noise >> 24) as u8 & 1
            })
            .collect();
        for unit in 1..=8 {
            let (a, b) = bytes.split_at(840);
            let (samples, rest) = (bytes.len() / unit, bytes.len() % unit);
            let expected = (plain(unit, 0x0101, &bytes), samples as u64, rest as u64);
            assert_eq!(scanned(unit, 0x0101, &[a, b]), expected, "unit {unit}");
        }
    }

    #[test]
    fn no_more_changes_are_held_than_may_be() {
        let mut scan = Scan::new(UnitSize::new(1).unwrap(), 1, 2);
        assert_eq!(scan.block(&[0, 1, 0]), Ok(()));
        assert_eq!(scan.block(&[1]), Err(TooManyChanges));
    }
}
