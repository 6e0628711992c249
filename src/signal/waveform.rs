//! The level of one line over a whole capture.

use super::{Level, Lost, SampleList, SampleSpan, Stretch};
use crate::units::SampleIndex;

/// The level of one line over time: its level at sample 0, and the samples at which it changes.
///
/// Invariants: the changes are strictly increasing, each above 0 and below the length. Where samples are lost, the
/// level is carried on through the gap, and a change at the first sample after it is a change of record, not an edge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waveform {
    initial: Level,
    changes: SampleList,
    length: u64,
}

/// Why changes do not make a waveform.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WaveformError {
    /// A change is not after the one before it, or at sample 0.
    #[error("the change at sample {0} is not after the one before it")]
    NotIncreasing(u64),
    /// A change lies at or beyond the end.
    #[error("the change at sample {0} lies beyond the end of the capture")]
    BeyondEnd(u64),
}

/// Collects a line's changes in order.
#[derive(Debug, Clone, Default)]
pub struct WaveformBuilder {
    initial: Option<Level>,
    changes: SampleList,
}

impl WaveformBuilder {
    /// The line shows `level` from sample `at` on. A level that it has already is no change.
    ///
    /// # Errors
    /// [`WaveformError::NotIncreasing`] when `at` is not after the last change.
    pub fn push(&mut self, at: SampleIndex, level: Level) -> Result<(), WaveformError> {
        let Some(initial) = self.initial else {
            self.initial = Some(level);
            return Ok(());
        };
        let present = if self.changes.len().is_multiple_of(2) { initial } else { !initial };
        if present == level { Ok(()) } else { self.toggle(at) }
    }

    /// The line changes its level at sample `at`; one that was never pushed was low.
    ///
    /// # Errors
    /// [`WaveformError::NotIncreasing`] when `at` is not after the last change.
    pub fn toggle(&mut self, at: SampleIndex) -> Result<(), WaveformError> {
        self.initial.get_or_insert(Level::Low);
        if self.changes.last().unwrap_or(0) >= at.get() {
            return Err(WaveformError::NotIncreasing(at.get()));
        }
        self.changes.push(at.get());
        Ok(())
    }

    /// The waveform of a capture of `length` samples; a line that was never pushed is low throughout.
    ///
    /// # Errors
    /// [`WaveformError::BeyondEnd`] when a change lies at or beyond `length`.
    pub fn finish(mut self, length: SampleIndex) -> Result<Waveform, WaveformError> {
        self.changes.shrink();
        let initial = self.initial.unwrap_or(Level::Low);
        Waveform { initial, changes: self.changes, length: length.get() }.within_its_length()
    }
}

impl Waveform {
    /// A waveform from its initial level and its changes.
    ///
    /// # Errors
    /// [`WaveformError`] when the changes are not strictly increasing within 1 to `length` − 1.
    pub fn new(
        initial: Level,
        changes: impl IntoIterator<Item = u64>,
        length: SampleIndex,
    ) -> Result<Waveform, WaveformError> {
        let mut builder = WaveformBuilder { initial: Some(initial), changes: SampleList::default() };
        changes.into_iter().try_for_each(|change| builder.toggle(SampleIndex::new(change)))?;
        builder.finish(length)
    }

    fn within_its_length(self) -> Result<Waveform, WaveformError> {
        match self.changes.last() {
            Some(last) if last >= self.length => Err(WaveformError::BeyondEnd(last)),
            Some(_) | None => Ok(self),
        }
    }

    /// The number of samples.
    #[must_use]
    pub fn length(&self) -> SampleIndex {
        SampleIndex::new(self.length)
    }

    /// The level at sample 0.
    #[must_use]
    pub fn initial(&self) -> Level {
        self.initial
    }

    /// The samples at which the level changes, in order.
    #[must_use]
    pub fn changes(&self) -> SampleSpan<'_> {
        self.changes.all()
    }

    /// The level that this sample shows.
    #[must_use]
    pub fn level_at(&self, at: SampleIndex) -> Level {
        self.level_after(self.changes().count_up_to(at.get()))
    }

    /// The level after this many changes.
    #[must_use]
    pub fn level_after(&self, changes: usize) -> Level {
        if changes.is_multiple_of(2) { self.initial } else { !self.initial }
    }

    /// The number of edges: changes whose two samples were both recorded.
    #[must_use]
    pub fn edges(&self, lost: &Lost) -> u64 {
        // At most one change per lost span is none.
        let unproven = lost.spans().iter().filter(|s| self.changes().contains(s.to.get())).count();
        (self.changes.len() - unproven) as u64
    }

    /// The changes inside one proven stretch, and the level at its first sample.
    #[must_use]
    pub fn within(&self, stretch: Stretch) -> (Level, SampleSpan<'_>) {
        let first = self.changes().count_up_to(stretch.from.get());
        let last = self.changes().count_before(stretch.to.get());
        (self.level_after(first), self.changes().range(first..last))
    }

    /// The same line within a window of samples, renumbered from its first.
    #[must_use]
    pub fn window(&self, window: Stretch) -> Waveform {
        let (initial, changes) = self.within(window);
        let to = window.to.get().min(self.length);
        Waveform {
            initial,
            changes: changes.iter().map(|change| change - window.from.get()).collect(),
            length: to.saturating_sub(window.from.get()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::LostSpan;
    use super::*;

    fn at(index: u64) -> SampleIndex {
        SampleIndex::new(index)
    }

    #[test]
    fn changes_outside_the_capture_or_out_of_order_are_refused() {
        assert_eq!(Waveform::new(Level::Low, vec![0], at(9)), Err(WaveformError::NotIncreasing(0)));
        assert_eq!(Waveform::new(Level::Low, vec![3, 3], at(9)), Err(WaveformError::NotIncreasing(3)));
        assert_eq!(Waveform::new(Level::Low, vec![3, 9], at(9)), Err(WaveformError::BeyondEnd(9)));
        assert!(Waveform::new(Level::Low, vec![3, 8], at(9)).is_ok());
        assert!(Waveform::new(Level::High, vec![], at(0)).is_ok());
    }

    #[test]
    fn a_builder_keeps_only_changes() {
        let mut builder = WaveformBuilder::default();
        for (i, bit) in [1, 1, 0, 0, 1, 1].into_iter().enumerate() {
            builder.push(at(i as u64), Level::from_bit(bit)).unwrap();
        }
        let waveform = builder.finish(at(6)).unwrap();
        assert_eq!((waveform.initial(), waveform.changes().to_vec()), (Level::High, vec![2, 4]));
        let levels: Vec<u8> = (0..6).map(|i| waveform.level_at(at(i)).bit()).collect();
        assert_eq!(levels, [1, 1, 0, 0, 1, 1]);
    }

    #[test]
    fn a_change_right_after_a_gap_is_no_edge() {
        let waveform = Waveform::new(Level::Low, vec![2, 10, 12], at(20)).unwrap();
        let lost = Lost::from_spans(vec![LostSpan::new(at(5), at(10))]);
        assert_eq!(waveform.edges(&Lost::nothing()), 3);
        assert_eq!(waveform.edges(&lost), 2);
        let (level, changes) = waveform.within(Stretch { from: at(10), to: at(20) });
        assert_eq!((level, changes.to_vec()), (Level::Low, vec![12]));
    }

    #[test]
    fn a_window_starts_again_from_zero() {
        let waveform = Waveform::new(Level::Low, vec![2, 10, 12], at(20)).unwrap();
        let window = waveform.window(Stretch { from: at(2), to: at(12) });
        assert_eq!(window, Waveform::new(Level::High, vec![8], at(10)).unwrap());
    }
}
