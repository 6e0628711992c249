//! From samples as they arrive to changes.

use crate::capture::{Sink, SinkError};
use crate::units::SampleIndex;

/// Idle lines are compared so many bytes at once with the present state.
const BLOCK: usize = 64;

/// Finds the changes in samples that arrive piece by piece.
#[derive(Debug)]
pub(super) struct Changes {
    unit: usize,
    mask: u64,
    /// The samples that were looked at.
    at: u64,
    state: Option<u64>,
}

impl Changes {
    /// Looks at samples of so many bytes, and at these bits of them.
    pub(super) fn new(unit: usize, mask: u64) -> Changes {
        Changes { unit, mask, at: 0, state: None }
    }

    /// How many samples were looked at.
    pub(super) fn samples(&self) -> u64 {
        self.at
    }

    /// Goes on with these samples; what does not fill the last one is left out.
    pub(super) fn feed(&mut self, bytes: &[u8], sink: &mut dyn Sink) -> Result<(), SinkError> {
        let mut rest = bytes;
        while rest.len() >= self.unit {
            let (first, others) = rest.split_at(self.unit);
            self.sample(first, sink)?;
            // Bits of other channels count here too: where they are busy, every sample is looked at one by one.
            let same = match self.unit {
                1 => same_samples::<1>(first, others),
                2 => same_samples::<2>(first, others),
                4 => same_samples::<4>(first, others),
                8 => same_samples::<8>(first, others),
                unit => others.chunks_exact(unit).take_while(|sample| *sample == first).count(),
            };
            self.at += same as u64;
            rest = &others[same * self.unit..];
        }
        Ok(())
    }

    fn sample(&mut self, bytes: &[u8], sink: &mut dyn Sink) -> Result<(), SinkError> {
        let mut word = [0; 8];
        let used = bytes.len().min(word.len());
        word[..used].copy_from_slice(&bytes[..used]);
        let state = u64::from_le_bytes(word) & self.mask;
        if self.state != Some(state) {
            sink.change(SampleIndex::new(self.at), state)?;
            self.state = Some(state);
        }
        self.at += 1;
        Ok(())
    }
}

/// How many samples from the first of these on are like `first`; `N`, the size of a sample, divides [`BLOCK`].
fn same_samples<const N: usize>(first: &[u8], bytes: &[u8]) -> usize {
    /// Where lines change so soon, blocks are not worth while.
    const NEAR: usize = 16;
    let Some(first) = first.first_chunk::<N>() else { return 0 };
    let alike = |bytes: &[u8]| {
        let (samples, _) = bytes.as_chunks::<N>();
        samples.iter().take_while(|sample| *sample == first).count()
    };
    let near = alike(&bytes[..bytes.len().min(NEAR * N)]);
    if near < NEAR {
        return near;
    }
    let far = &bytes[near * N..];
    let mut block = [0; BLOCK];
    block.chunks_exact_mut(N).for_each(|sample| sample.copy_from_slice(first));
    let (blocks, _) = far.as_chunks::<BLOCK>();
    let idle = blocks.iter().take_while(|other| **other == block).count() * BLOCK;
    near + idle / N + alike(&far[idle..])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capture::EveryChange;
    use proptest::prelude::*;

    /// Each sample on its own, as one would write it down.
    fn plainly(samples: &[u64], mask: u64) -> Vec<(u64, u64)> {
        let mut calls: Vec<(u64, u64)> = Vec::new();
        for (at, sample) in samples.iter().enumerate() {
            if calls.last().is_none_or(|(_, state)| *state != sample & mask) {
                calls.push((at as u64, sample & mask));
            }
        }
        calls
    }

    proptest! {
        #[test]
        fn however_samples_are_cut_into_pieces_the_changes_are_the_same(
            runs in prop::collection::vec((any::<u64>(), 1_usize..300), 1..20),
            cuts in prop::collection::vec(1_usize..400, 1..20),
            unit in prop::sample::select(vec![1_usize, 2, 3, 4, 5, 8, 9, 65]),
            mask in prop::sample::select(vec![1_u64, 0x0f, 0x80, u64::MAX]),
        ) {
            let width = unit.min(8);
            let low = if width == 8 { u64::MAX } else { (1 << (8 * width)) - 1 };
            let samples: Vec<u64> = runs.iter().flat_map(|(s, n)| std::iter::repeat_n(s & low, *n)).collect();
            let mut bytes = Vec::new();
            for sample in &samples {
                bytes.extend_from_slice(&sample.to_le_bytes()[..width]);
                bytes.resize(bytes.len() + unit - width, 0xa5);
            }
            let (mut changes, mut calls) = (Changes::new(unit, mask), EveryChange::default());
            let mut rest = bytes.as_slice();
            for cut in cuts.iter().cycle() {
                let (piece, more) = rest.split_at((cut * unit).min(rest.len()));
                changes.feed(piece, &mut calls).unwrap();
                rest = more;
                if rest.is_empty() {
                    break;
                }
            }
            prop_assert_eq!(changes.samples(), samples.len() as u64);
            prop_assert_eq!(calls.0, plainly(&samples, mask));
        }
    }
}
