//! Noise of the transfer: spikes on the lines at whole multiples of a number of samples, where buffers meet.

use super::{Evidence, Seam};
use crate::frame::{Observation, ObservedLine};
use crate::signal::Stretch;
use crate::units::{Rational, Rounding, SampleIndex};

/// Strides at which transfers meet are powers of two of samples in this range.
const STRIDES: std::ops::RangeInclusive<u32> = 8..=20;
/// Noise at a stride stands within so many samples of it (field guide: 8 in 2048).
const WINDOW: u64 = 16;
/// So many places must show it: fewer are chance.
const PLACES: usize = 5;
/// Lines with more changes than this are noise, which says nothing here.
const MOST_CHANGES: usize = 1_000_000;

/// The stretch in which noise stands at a stride.
pub(super) fn find(observation: &Observation) -> Option<Seam> {
    // Spikes of logic lines are no longer than this (field guide, C02: 1 µs at a sensor; slower edges and cables: up to 20),
    // or a sample or two of noise: at a low rate nothing shorter can be seen.
    let longest = observation.rate.samples(&Rational::decimal(20, -6)).to_integer(Rounding::Down)?;
    let longest = u64::try_from(longest).ok()?.max(3);
    let lines: Vec<&ObservedLine> =
        observation.lines.iter().filter(|line| line.waveform.changes().len() <= MOST_CHANGES).collect();
    let split: Vec<(Vec<u64>, Vec<u64>)> =
        lines.iter().map(|line| split(&line.waveform.changes().to_vec(), longest)).collect();
    // A line of spikes alone has pulses that are as short.
    let with_signal = || split.iter().filter(|(_, others)| !others.is_empty());
    let mut places: Vec<u64> = with_signal().flat_map(|(spikes, _)| spikes).copied().collect();
    places.sort_unstable();
    places.dedup_by(|next, kept| *next - *kept <= WINDOW);
    let (first, last) = (*places.first()?, *places.last()?);
    if places.len() < PLACES {
        return None;
    }
    let stands = |stride: u64, place: &u64| {
        let off = (*place + stride - first % stride) % stride;
        off.min(stride - off) <= WINDOW
    };
    let most_stand = |stride: u64, places: &mut dyn Iterator<Item = &u64>| {
        let (all, standing) =
            places.fold((0, 0), |(all, standing), place| (all + 1, standing + usize::from(stands(stride, place))));
        standing * 10 >= all * 9
    };
    // The longest stride at which nearly all of them stand, and at half of its multiples; noise at random never stands so.
    let stride = STRIDES.rev().map(|power| 1_u64 << power).find(|&stride| {
        most_stand(stride, &mut places.iter()) && (places.len() as u64).saturating_mul(2) >= (last - first) / stride
    })?;
    // Where the rig's own edges stand there too, the frame time is a multiple of the stride.
    let is_of_the_rig = with_signal().any(|(_, others)| most_stand(stride, &mut others.iter()));
    if last - first < stride || is_of_the_rig {
        return None;
    }
    let within = Stretch {
        from: SampleIndex::new(first.saturating_sub(stride)),
        to: SampleIndex::new(last.saturating_add(stride).min(observation.length.get())),
    };
    let places = places.into_iter().map(SampleIndex::new).collect();
    Some(Seam { within, reach: stride, blur: 0, evidence: Evidence::Stride { stride, phase: first % stride, places } })
}

/// Where stretches of at most so many samples begin, and the changes that neither begin nor end one.
fn split(changes: &[u64], longest: u64) -> (Vec<u64>, Vec<u64>) {
    let is_short =
        |place: usize| (changes.get(place).zip(changes.get(place + 1))).is_some_and(|(from, to)| to - from <= longest);
    let spikes = (0..changes.len()).filter(|&place| is_short(place)).map(|place| changes[place]);
    let others = (0..changes.len()).filter(|&place| !is_short(place) && (place == 0 || !is_short(place - 1)));
    (spikes.collect(), others.map(|place| changes[place]).collect())
}
