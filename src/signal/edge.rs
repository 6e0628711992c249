//! When an edge happened, as far as samples can tell.

use std::num::NonZeroU64;

use crate::units::SampleIndex;

/// An edge: seen at sample `at`, the first at the new level, and happened in the half-open window
/// (`earliest` − 1, `at`] of sample times.
///
/// `earliest` is before `at` only where a glitch filter bridged stretches that may already have been the new level.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct EdgeTime {
    at: SampleIndex,
    /// The length of its window: in this form an edge that may be none, or a cut, needs no more room.
    window: NonZeroU64,
}

impl EdgeTime {
    /// An edge between sample `at` − 1 and sample `at`.
    #[must_use]
    #[inline]
    pub const fn sharp(at: SampleIndex) -> EdgeTime {
        EdgeTime { at, window: NonZeroU64::MIN }
    }

    /// An edge seen at `at` that may have begun at any sample from `earliest` on; `None` when `earliest` is later.
    #[must_use]
    #[inline]
    pub fn bridged(earliest: SampleIndex, at: SampleIndex) -> Option<EdgeTime> {
        let window = at.get().checked_sub(earliest.get())?.checked_add(1).and_then(NonZeroU64::new)?;
        Some(EdgeTime { at, window })
    }

    /// An edge seen at `at` whose window is so many samples long; `None` when that is 0.
    #[inline]
    pub(crate) fn with_window(at: SampleIndex, window: u64) -> Option<EdgeTime> {
        NonZeroU64::new(window).map(|window| EdgeTime { at, window })
    }

    /// The length of its window in samples.
    #[inline]
    pub(crate) fn window(self) -> u64 {
        self.window.get()
    }

    /// The first sample of the new level.
    #[must_use]
    #[inline]
    pub const fn at(self) -> SampleIndex {
        self.at
    }

    /// The lower end of its window, in sample periods from the first sample (exclusive).
    #[must_use]
    #[inline]
    pub fn after(self) -> i128 {
        i128::from(self.at.get()) - i128::from(self.window.get())
    }

    /// The upper end of its window, in sample periods from the first sample (inclusive).
    #[must_use]
    #[inline]
    pub fn until(self) -> i128 {
        i128::from(self.at.get())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_is_as_long_as_what_was_bridged() {
        let [early, late] = [SampleIndex::new(5), SampleIndex::new(9)];
        let edge = EdgeTime::bridged(early, late).unwrap();
        assert_eq!((edge.after(), edge.until()), (4, 9));
        assert_eq!(EdgeTime::bridged(late, early), None);
        assert_eq!((EdgeTime::sharp(early).after(), EdgeTime::sharp(early).until()), (4, 5));
        assert_eq!(EdgeTime::bridged(early, early), Some(EdgeTime::sharp(early)));
        // There are two to a pulse, and pulses come by the million.
        assert_eq!(size_of::<Option<EdgeTime>>(), 16);
        assert_eq!(size_of::<crate::signal::Pulse>(), 32);
    }
}
