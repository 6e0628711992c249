//! When an edge happened, as far as samples can tell.

use crate::units::SampleIndex;

/// An edge: seen at sample `at`, the first at the new level, and happened in the half-open window
/// (`earliest` − 1, `at`] of sample times.
///
/// `earliest` is before `at` only where a glitch filter bridged stretches that may already have been the new level.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct EdgeTime {
    at: SampleIndex,
    bridged: u64,
}

impl EdgeTime {
    /// An edge between sample `at` − 1 and sample `at`.
    #[must_use]
    pub const fn sharp(at: SampleIndex) -> EdgeTime {
        EdgeTime { at, bridged: 0 }
    }

    /// An edge seen at `at` that may have begun at any sample from `earliest` on; `None` when `earliest` is later.
    #[must_use]
    pub fn bridged(earliest: SampleIndex, at: SampleIndex) -> Option<EdgeTime> {
        at.get().checked_sub(earliest.get()).map(|bridged| EdgeTime { at, bridged })
    }

    /// The first sample of the new level.
    #[must_use]
    pub const fn at(self) -> SampleIndex {
        self.at
    }

    /// The lower end of its window, in sample periods from the first sample (exclusive).
    #[must_use]
    pub fn after(self) -> i128 {
        i128::from(self.at.get()) - i128::from(self.bridged) - 1
    }

    /// The upper end of its window, in sample periods from the first sample (inclusive).
    #[must_use]
    pub fn until(self) -> i128 {
        i128::from(self.at.get())
    }
}
