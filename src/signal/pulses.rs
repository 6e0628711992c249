//! The pulses of a line, in few bytes.

use super::{EdgeTime, Limb, Pulse, SampleIter, SampleList};
use crate::units::{SampleIndex, partition_point};

/// Pulses in order of time, none of which begins before the end of the one before it.
///
/// Where each of them begins and ends takes four bytes; only ends that are cut off, and edges that a glitch filter bridged, take more.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Pulses {
    /// The samples at which they are seen to begin and to end, in turn.
    at: SampleList,
    /// Of those that are no sharp edges: the place among them, in order, and what they are.
    odd: Vec<(usize, Limb)>,
}

static NONE: Pulses = Pulses::none();

impl Pulses {
    /// None.
    #[must_use]
    pub const fn none() -> Pulses {
        Pulses { at: SampleList::none(), odd: Vec::new() }
    }

    /// Those of a line that is not there.
    #[must_use]
    pub fn of_nothing() -> &'static Pulses {
        &NONE
    }

    /// A pulse begins at this limb, or the one that has begun ends there and is added.
    pub(super) fn add(&mut self, begun: &mut Option<Limb>, limb: Limb) {
        match begun.take() {
            None => *begun = Some(limb),
            Some(start) => self.push(Pulse { start, end: limb }),
        }
    }

    /// Adds a pulse behind the last one. A line has them in order: one that is before it would be a bug, and is not taken.
    pub(crate) fn push(&mut self, pulse: Pulse) {
        let is_behind = self.at.last().is_none_or(|last| last <= pulse.from().get()) && pulse.from() <= pulse.to();
        debug_assert!(is_behind, "{pulse:?} behind {:?}", self.last());
        if is_behind {
            self.push_limb(pulse.start);
            self.push_limb(pulse.end);
        }
    }

    fn push_limb(&mut self, limb: Limb) {
        if limb != Limb::Edge(EdgeTime::sharp(limb.at())) {
            self.odd.push((self.at.len(), limb));
        }
        self.at.push(limb.at().get());
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.at.len() / 2
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.at.is_empty()
    }

    /// The pulse at this place.
    #[must_use]
    pub fn get(&self, place: usize) -> Option<Pulse> {
        self.from(place).next()
    }

    /// The first one.
    #[must_use]
    pub fn first(&self) -> Option<Pulse> {
        self.get(0)
    }

    /// The last one.
    #[must_use]
    pub fn last(&self) -> Option<Pulse> {
        self.get(self.len().checked_sub(1)?)
    }

    /// One after the other.
    #[must_use]
    pub fn iter(&self) -> PulseIter<'_> {
        self.from(0)
    }

    /// From the one at this place on.
    #[must_use]
    pub fn from(&self, place: usize) -> PulseIter<'_> {
        let limb = place.saturating_mul(2).min(self.at.len());
        let odd = self.odd.get(self.odd.partition_point(|(odd, _)| *odd < limb)..).unwrap_or(&[]);
        PulseIter { at: self.at.all().range(limb..self.at.len()).iter(), odd, limb }
    }

    /// How many of them, from the first on, are so; behind the first that is not, none is.
    #[must_use]
    pub fn partition_point(&self, is_so: impl Fn(Pulse) -> bool) -> usize {
        partition_point(self.len(), |place| self.get(place).is_some_and(&is_so))
    }

    /// The same with each edge in the sample period in which it was seen, whatever a glitch filter bridged before it.
    #[must_use]
    pub fn without_chatter(&self) -> Pulses {
        self.iter().map(Pulse::without_chatter).collect()
    }
}

impl FromIterator<Pulse> for Pulses {
    fn from_iter<I: IntoIterator<Item = Pulse>>(pulses: I) -> Pulses {
        let mut all = Pulses::none();
        pulses.into_iter().for_each(|pulse| all.push(pulse));
        all
    }
}

impl<'a> IntoIterator for &'a Pulses {
    type Item = Pulse;
    type IntoIter = PulseIter<'a>;

    fn into_iter(self) -> PulseIter<'a> {
        self.iter()
    }
}

/// Pulses one after the other.
#[derive(Debug, Clone)]
pub struct PulseIter<'a> {
    at: SampleIter<'a>,
    odd: &'a [(usize, Limb)],
    /// The place of the next limb.
    limb: usize,
}

impl PulseIter<'_> {
    #[inline]
    fn limb(&mut self) -> Option<Limb> {
        let at = self.at.next()?;
        let place = self.limb;
        self.limb += 1;
        match self.odd.split_first() {
            Some(((odd, limb), rest)) if *odd == place => {
                self.odd = rest;
                Some(*limb)
            }
            Some(_) | None => Some(Limb::Edge(EdgeTime::sharp(SampleIndex::new(at)))),
        }
    }
}

impl Iterator for PulseIter<'_> {
    type Item = Pulse;

    #[inline]
    fn next(&mut self) -> Option<Pulse> {
        Some(Pulse { start: self.limb()?, end: self.limb()? })
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.at.len() / 2, Some(self.at.len() / 2))
    }
}

impl ExactSizeIterator for PulseIter<'_> {}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Pulses of all kinds of ends, in order.
    fn pulses() -> impl Strategy<Value = Vec<Pulse>> {
        let limb = (0..(1_u64 << 33), 0..6_u8);
        proptest::collection::vec((limb.clone(), limb), 0..30).prop_map(|pulses| {
            let mut at = 0;
            let mut limb = |(gap, kind): (u64, u8)| {
                let before = at;
                at += gap;
                let (earliest, at) = (SampleIndex::new(before), SampleIndex::new(at));
                match kind {
                    0 => Limb::Cut(at),
                    1 => EdgeTime::bridged(earliest, at).map_or(Limb::Cut(at), Limb::Edge),
                    _ => Limb::Edge(EdgeTime::sharp(at)),
                }
            };
            pulses.into_iter().map(|(start, end)| Pulse { start: limb(start), end: limb(end) }).collect()
        })
    }

    proptest! {
        #[test]
        fn they_are_as_a_plain_list(plain in pulses(), place in 0..32_usize) {
            let held: Pulses = plain.iter().copied().collect();
            prop_assert_eq!(held.len(), plain.len());
            prop_assert_eq!(held.iter().collect::<Vec<_>>(), plain.clone());
            prop_assert_eq!(held.get(place), plain.get(place).copied());
            prop_assert_eq!((held.first(), held.last()), (plain.first().copied(), plain.last().copied()));
            prop_assert_eq!(held.from(place).collect::<Vec<_>>(), plain.get(place..).unwrap_or_default().to_vec());
            let at = plain.get(place).map_or(SampleIndex::new(1 << 34), Pulse::to);
            let before = |pulse: Pulse| pulse.from() < at;
            prop_assert_eq!(held.partition_point(before), plain.partition_point(|pulse| before(*pulse)));
            let sharp: Vec<Pulse> = plain.iter().map(|pulse| pulse.without_chatter()).collect();
            prop_assert_eq!(held.without_chatter().iter().collect::<Vec<_>>(), sharp);
        }
    }
}
