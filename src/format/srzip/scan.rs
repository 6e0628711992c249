//! Finds the changes of the wanted probes in a stream of samples.
//!
//! Lines are idle most of the time, so groups of samples are compared as a whole with the present state, and only in
//! a group that differs are its samples looked at one by one.

use super::changes::{Changes, TooManyChanges, bytes, word};
use super::unit::UnitSize;

/// Samples are compared eight times eight at once.
const EIGHTS: usize = 8;
const GROUP: usize = 8 * EIGHTS;

/// The changes found so far in a chunk's samples.
#[derive(Debug)]
pub(crate) struct Scan {
    unit: UnitSize,
    mask: u64,
    most: u64,
    at: u64,
    rest: u64,
    changes: Changes,
}

impl Scan {
    /// A scan for changes of the bits in `mask`; at most `most` are held, in `room`.
    pub(crate) fn new(unit: UnitSize, mask: u64, most: u64, mut room: Changes) -> Scan {
        room.renew(unit);
        Scan { unit, mask, most, at: 0, rest: 0, changes: room }
    }

    /// The number of whole samples.
    pub(crate) fn samples(&self) -> u64 {
        self.at
    }

    /// The bytes behind the last whole sample.
    pub(crate) fn rest(&self) -> u64 {
        self.rest
    }

    /// The changes; the first is that of the first sample.
    pub(crate) fn into_changes(self) -> Changes {
        self.changes
    }

    /// Goes on with these bytes. All blocks but the last must hold whole samples only.
    pub(crate) fn block(&mut self, block: &[u8]) -> Result<(), TooManyChanges> {
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

    /// Goes on with `length` bytes, which are `pattern` over and over again; both are whole samples.
    pub(crate) fn repeat(&mut self, pattern: &[u8], length: u64) -> Result<(), TooManyChanges> {
        let once = pattern.len() as u64;
        let before = self.changes.len();
        if length < once {
            return self.block(pattern.get(..length as usize).unwrap_or_default());
        }
        self.block(pattern)?;
        let period = once / self.unit.bytes() as u64;
        let samples = (length - once) / self.unit.bytes() as u64;
        if self.changes.len() > before {
            self.changes.again(before, period, self.at + samples, self.most)?;
        }
        self.at += samples;
        Ok(())
    }

    fn samples_of<const UNIT: usize>(&mut self, block: &[u8]) -> Result<(), TooManyChanges> {
        let (words, _) = block.as_chunks::<8>();
        let (eights, _) = words.as_chunks::<UNIT>();
        let (groups, _) = eights.as_chunks::<EIGHTS>();
        let (tail, rest) = block.get(groups.len() * GROUP * UNIT..).unwrap_or_default().as_chunks::<UNIT>();
        self.rest = rest.len() as u64;
        let first = block.as_chunks::<UNIT>().0.first();
        let mut state = match (self.changes.state::<UNIT>(), first) {
            (Some(state), _) => state,
            (None, Some(first)) => self.change::<UNIT>(0, word(first) & self.mask)?,
            (None, None) => return Ok(()),
        };
        let mut idle = Idle::new(state, self.mask);
        for group in groups {
            if idle.shows(group) {
                self.at += GROUP as u64;
            } else {
                state = self.group(group, state)?;
                idle = Idle::new(state, self.mask);
            }
        }
        self.one_by_one(tail, state)?;
        Ok(())
    }

    /// Looks at a group of samples that begins in this state, and returns the state in which it ends.
    fn group<const UNIT: usize>(&mut self, group: &Group<UNIT>, mut state: u64) -> Result<u64, TooManyChanges> {
        let samples = group.as_flattened().as_flattened().as_chunks::<UNIT>().0;
        if 8 % UNIT > 0 {
            return self.one_by_one(samples, state);
        }
        let mut places = changing::<UNIT>(group, state, repeated(self.mask, UNIT, 0));
        let found = &mut Found { gaps: [0; GROUP], states: [[0; UNIT]; GROUP] };
        let (mut count, mut before) = (0, 0);
        // Each place is below 64, and so is their number.
        for (gap, found) in found.gaps.iter_mut().zip(&mut found.states) {
            if places == 0 {
                break;
            }
            let place = places.trailing_zeros();
            state = word(&samples[place as usize]) & self.mask;
            (*gap, *found) = (place - before, bytes(state));
            (count, before) = (count + 1, place);
            places &= places - 1;
        }
        self.changes.extend(self.at, &found.gaps[..count], &found.states[..count]);
        // The first one is no change of a line.
        if (self.changes.len() as u64).saturating_sub(1) > self.most {
            return Err(TooManyChanges);
        }
        self.at += GROUP as u64;
        Ok(state)
    }

    /// Looks at samples that begin in this state, and returns the state in which they end.
    fn one_by_one<const UNIT: usize>(&mut self, samples: &[[u8; UNIT]], mut state: u64) -> Result<u64, TooManyChanges> {
        for (at, sample) in (self.at..).zip(samples) {
            let now = word(sample) & self.mask;
            if now != state {
                state = self.change::<UNIT>(at, now)?;
            }
        }
        self.at += samples.len() as u64;
        Ok(state)
    }

    #[inline]
    fn change<const UNIT: usize>(&mut self, at: u64, state: u64) -> Result<u64, TooManyChanges> {
        // The first one is no change of a line.
        if self.changes.len() as u64 > self.most {
            return Err(TooManyChanges);
        }
        self.changes.push::<UNIT>(at, state);
        Ok(state)
    }
}

/// The samples of a group, a bit each, that differ from the one before them in bits of `mask`. Words have room for whole
/// samples, and the first sample comes behind this state.
#[inline]
fn changing<const UNIT: usize>(group: &Group<UNIT>, state: u64, mask: u64) -> u64 {
    let bits = 8 * UNIT as u32;
    let lowest = u64::MAX / (u64::MAX >> (u64::BITS - bits));
    let below_highest = lowest * ((1 << (bits - 1)) - 1);
    let mut before = state;
    let mut places = 0;
    for (index, word) in (0..).zip(group.as_flattened()) {
        let word = u64::from_le_bytes(*word);
        let differs = (word ^ (word.checked_shl(bits).unwrap_or(0) | before)) & mask;
        before = word >> (u64::BITS - bits);
        // What differs at all carries into the highest bit of the sample, or has it.
        let differs = (((differs & below_highest) + below_highest) | differs) >> (bits - 1) & lowest;
        places |= gathered::<UNIT>(differs) << (index * (8 / UNIT as u32));
    }
    places
}

/// The lowest bit of each sample of a word, one beside the other.
#[inline]
fn gathered<const UNIT: usize>(word: u64) -> u64 {
    match UNIT {
        1 => word.wrapping_mul(0x0102_0408_1020_4080) >> 56,
        2 => (word | word >> 15 | word >> 30 | word >> 45) & 0xf,
        4 => (word | word >> 31) & 3,
        _ => word & 1,
    }
}

/// The changes of a group.
struct Found<const UNIT: usize> {
    /// How many samples each is behind the one before, the first behind the group's first.
    gaps: [u32; GROUP],
    states: [[u8; UNIT]; GROUP],
}

/// Samples compared at once, as they lie in memory: `UNIT` words are eight samples.
type Group<const UNIT: usize> = [[[u8; 8]; UNIT]; EIGHTS];

/// Eight samples of one state, as words, each with those of its bits that count.
struct Idle<const UNIT: usize>([(u64, u64); UNIT]);

impl<const UNIT: usize> Idle<UNIT> {
    fn new(state: u64, mask: u64) -> Idle<UNIT> {
        Idle(std::array::from_fn(|index| (repeated(state, UNIT, index), repeated(mask, UNIT, index))))
    }

    /// Whether every sample of a group shows this state.
    #[inline]
    fn shows(&self, group: &Group<UNIT>) -> bool {
        let mut difference = 0;
        // No iterator that zips: without optimisation its length checks take longer than the rest.
        for (index, (state, mask)) in self.0.iter().enumerate() {
            let mut differs = 0;
            for eight in group {
                differs |= u64::from_le_bytes(eight[index]) ^ state;
            }
            difference |= differs & mask;
        }
        difference == 0
    }
}

/// One of the words that eight samples of `unit` bytes and of this state fill.
fn repeated(state: u64, unit: usize, index: usize) -> u64 {
    let bytes = state.to_le_bytes();
    u64::from_le_bytes(std::array::from_fn(|byte| bytes[(8 * index + byte) % unit]))
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
        let unit = UnitSize::new(unit as u64).unwrap();
        let mut scan = Scan::new(unit, mask, 1 << 30, Changes::none(unit));
        for block in blocks {
            scan.block(block).unwrap();
        }
        let (samples, rest) = (scan.samples(), scan.rest());
        (scan.into_changes().list(), samples, rest)
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
        let unit = UnitSize::new(1).unwrap();
        let mut scan = Scan::new(unit, 1, 2, Changes::none(unit));
        assert_eq!(scan.block(&[0, 1, 0]), Ok(()));
        assert_eq!(scan.block(&[1]), Err(TooManyChanges));
        // A whole group, a pattern, and as many as there can be.
        let group: Vec<u8> = (0..GROUP as u8).collect();
        let scanned = |most| {
            let mut scan = Scan::new(unit, 1, most, Changes::none(unit));
            scan.block(&group).and_then(|()| scan.repeat(&group, 2 * GROUP as u64)).map(|()| scan.samples())
        };
        let all = 3 * GROUP as u64;
        assert_eq!([all - 1, u64::MAX].map(scanned), [Ok(all); 2]);
        assert_eq!([GROUP as u64 - 2, all - 2].map(scanned), [Err(TooManyChanges); 2]);
    }
}
