//! The changes of a chunk in few bytes: they come by the million, and one core hands them to another.

use super::unit::UnitSize;
use crate::units::SampleIndex;

/// From which samples on the wanted probes show which states: bit *i* of a state is that of the probe with bit *i*, and bits of
/// other probes are 0. Samples are counted from the first of the chunk, and each change is behind the one before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Changes {
    unit: UnitSize,
    /// How many samples each is behind the one before, the first behind sample 0; [`LONG`] for what is next in `long`.
    gaps: Vec<u32>,
    long: Vec<u64>,
    /// The states, each of as many bytes as a sample.
    states: Vec<u8>,
    /// The sample of the last one.
    last: u64,
}

const LONG: u32 = u32::MAX;
/// What is copied is no more than so many behind where that is enough: they are in the cache.
const NEAR: usize = 1 << 12;
/// So many are passed on at a time.
const AT_ONCE: usize = 128;

/// More changes than may be held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TooManyChanges;

impl Changes {
    /// None, of samples of this size.
    pub(crate) fn none(unit: UnitSize) -> Changes {
        Changes { unit, gaps: Vec::new(), long: Vec::new(), states: Vec::new(), last: 0 }
    }

    /// None, of samples of this size, in the room of these.
    pub(crate) fn renew(&mut self, unit: UnitSize) {
        self.gaps.clear();
        self.long.clear();
        self.states.clear();
        (self.unit, self.last) = (unit, 0);
    }

    pub(crate) fn len(&self) -> usize {
        self.gaps.len()
    }

    /// For how many changes there is room.
    pub(crate) fn capacity(&self) -> usize {
        self.gaps.capacity()
    }

    /// The last state of samples of so many bytes.
    #[inline]
    pub(crate) fn state<const UNIT: usize>(&self) -> Option<u64> {
        self.states.last_chunk::<UNIT>().map(word)
    }

    /// Adds a change of samples of so many bytes, behind the last one.
    #[inline]
    pub(crate) fn push<const UNIT: usize>(&mut self, at: u64, state: u64) {
        self.push_gap(at - self.last);
        self.last = at;
        self.states.extend_from_slice(&bytes::<UNIT>(state));
    }

    /// Adds changes of samples of so many bytes: each that many samples behind the one before, the first behind `at`.
    #[inline]
    pub(crate) fn extend<const UNIT: usize>(&mut self, at: u64, gaps: &[u32], states: &[[u8; UNIT]]) {
        let Some((first, others)) = gaps.split_first() else { return };
        self.push_gap(at + u64::from(*first) - self.last);
        self.gaps.extend_from_slice(others);
        self.states.extend_from_slice(states.as_flattened());
        self.last = at + gaps.iter().map(|&gap| u64::from(gap)).sum::<u64>();
    }

    #[inline]
    fn push_gap(&mut self, gap: u64) {
        match u32::try_from(gap) {
            Ok(gap) if gap != LONG => self.gaps.push(gap),
            Ok(_) | Err(_) => {
                self.gaps.push(LONG);
                self.long.push(gap);
            }
        }
    }

    /// Passes all on in order, some at a time, as those of a chunk that starts at this sample.
    ///
    /// # Errors
    /// The first of `take`, behind which no more are passed on.
    pub(crate) fn try_some<E>(
        &self,
        start: u64,
        take: impl FnMut(&[(SampleIndex, u64)]) -> Result<(), E>,
    ) -> Result<(), E> {
        match self.unit.bytes() {
            1 => self.some_of::<1, E>(start, take),
            2 => self.some_of::<2, E>(start, take),
            3 => self.some_of::<3, E>(start, take),
            4 => self.some_of::<4, E>(start, take),
            5 => self.some_of::<5, E>(start, take),
            6 => self.some_of::<6, E>(start, take),
            7 => self.some_of::<7, E>(start, take),
            _ => self.some_of::<8, E>(start, take),
        }
    }

    fn some_of<const UNIT: usize, E>(
        &self,
        start: u64,
        mut take: impl FnMut(&[(SampleIndex, u64)]) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut some = [(SampleIndex::default(), 0); AT_ONCE];
        let mut long = self.long.iter();
        let mut at = start;
        for (gaps, states) in self.gaps.chunks(AT_ONCE).zip(self.states.as_chunks::<UNIT>().0.chunks(AT_ONCE)) {
            for ((change, &gap), state) in some.iter_mut().zip(gaps).zip(states) {
                at += if gap == LONG { long.next().copied().unwrap_or(0) } else { u64::from(gap) };
                *change = (SampleIndex::new(at), word(state));
            }
            take(some.get(..gaps.len()).unwrap_or_default())?;
        }
        Ok(())
    }

    /// The changes from this one on come again every `period` samples, up to the sample `behind`: more than `most` of a
    /// line and its first are too many. They lie in one period of a pattern in memory, so that no gap is long.
    pub(crate) fn again(&mut self, from: usize, period: u64, behind: u64, most: u64) -> Result<(), TooManyChanges> {
        let once = self.len().saturating_sub(from);
        let inner = self.gaps.get(from + 1..).unwrap_or_default();
        let first = self.last - inner.iter().copied().map(u64::from).sum::<u64>();
        // How often the last one comes again; so do all, and those that fit before the end once more.
        let whole = behind.saturating_sub(1 + self.last) / period;
        let mut at = first + (whole + 1) * period;
        let mut more = 0;
        let mut last = self.last + whole * period;
        for gap in inner.iter().map(|&gap| u64::from(gap)).chain([0]) {
            if at >= behind {
                break;
            }
            (more, last) = (more + 1, at);
            at += gap;
        }
        let fits = most.saturating_add(1).saturating_sub(self.len() as u64);
        let count = whole.checked_mul(once as u64).and_then(|count| count.checked_add(more)).filter(|&n| n <= fits);
        let Some(mut left) = count.and_then(|count| usize::try_from(count).ok()) else { return Err(TooManyChanges) };
        if left > 0 {
            self.gaps.reserve(left);
            self.states.reserve(left * self.unit.bytes());
            // From the last one to the first one again; from there on each gap is the one of a period before.
            self.push_gap(first + period - self.last);
            self.copy_states(from, 1);
            left -= 1;
            left -= self.copy(from + 1, left.min(once - 1));
            while left > 0 {
                let periods = ((self.len() - from) / once - 1).clamp(1, (NEAR / once).max(1));
                left -= self.copy(self.len() - periods * once, left);
            }
        }
        self.last = last;
        Ok(())
    }

    /// Adds those from this one on once more, at most so many, and returns how many there were.
    fn copy(&mut self, from: usize, most: usize) -> usize {
        let count = most.min(self.len() - from);
        self.gaps.extend_from_within(from..from + count);
        self.copy_states(from, count);
        count
    }

    fn copy_states(&mut self, from: usize, count: usize) {
        let unit = self.unit.bytes();
        self.states.extend_from_within(from * unit..(from + count) * unit);
    }
}

/// A sample's bytes as a little-endian word.
#[inline]
pub(crate) fn word<const UNIT: usize>(sample: &[u8; UNIT]) -> u64 {
    sample.iter().rev().fold(0, |word, &byte| word << 8 | u64::from(byte))
}

/// The sample of this word.
#[inline]
pub(crate) fn bytes<const UNIT: usize>(word: u64) -> [u8; UNIT] {
    let bytes = word.to_le_bytes();
    std::array::from_fn(|index| bytes[index])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    impl Changes {
        /// Samples of eight bytes that change here.
        pub(in crate::format::srzip) fn of(changes: impl IntoIterator<Item = (u64, u64)>) -> Changes {
            let mut all = Changes::none(UnitSize::new(8).unwrap());
            changes.into_iter().for_each(|(at, state)| all.push::<8>(at, state));
            all
        }

        /// Sample and state of each.
        pub(in crate::format::srzip) fn list(&self) -> Vec<(u64, u64)> {
            let mut list = Vec::new();
            let each = self.try_some(0, |some| {
                list.extend(some.iter().map(|(at, state)| (at.get(), *state)));
                Ok::<(), ()>(())
            });
            assert_eq!((each, list.len()), (Ok(()), self.len()));
            list
        }
    }

    #[test]
    fn no_gap_is_too_long() {
        let changes =
            [(0, 1), (u64::from(LONG) - 1, 2), (2 * u64::from(LONG) - 1, 3), (1 << 40, u64::MAX), (u64::MAX, 0)];
        assert_eq!(Changes::of(changes).list(), changes);
    }

    #[test]
    fn room_is_used_again_for_samples_of_another_size() {
        let mut changes = Changes::of([(0, 1 << 60), (1 << 40, 2)]);
        changes.renew(UnitSize::new(3).unwrap());
        assert!(changes.capacity() >= 2);
        changes.push::<3>(7, 0x02_03_04);
        assert_eq!((changes.list(), changes.state::<3>()), (vec![(7, 0x02_03_04)], Some(0x02_03_04)));
    }

    #[test]
    fn as_many_come_again_as_may_be_held() {
        let again = |most| {
            let mut changes = Changes::of([(0, 0), (1, 1)]);
            changes.again(0, 2, 10, most).map(|()| changes.list().len())
        };
        assert_eq!((again(9), again(8)), (Ok(10), Err(TooManyChanges)));
    }

    proptest! {
        #[test]
        fn a_pattern_comes_again_as_if_each_were_pushed(
            before in 0..3_u64,
            gaps in proptest::collection::vec(1..9_u64, 1..6),
            rest in 0..9_u64,
            samples in prop_oneof![0..200_u64, 0..100_000_u64],
        ) {
            let mut list: Vec<(u64, u64)> = (0..before).map(|at| (at, at)).collect();
            let mut at = before;
            for (state, gap) in (5..).zip(&gaps) {
                list.push((at, state));
                at += gap;
            }
            let (period, from) = (at + rest - before, before as usize);
            let mut changes = Changes::of(list.iter().copied());
            let behind = at + rest + samples;
            prop_assert_eq!(changes.again(from, period, behind, 1 << 20), Ok(()));
            for next in from.. {
                let (at, state) = list[next];
                if at + period >= behind {
                    break;
                }
                list.push((at + period, state));
            }
            prop_assert_eq!(&changes.list(), &list);
            changes.push::<8>(behind, 99);
            list.push((behind, 99));
            prop_assert_eq!(changes.list(), list);
        }
    }
}
