//! Which flash lines are lit in which frame.

/// How a sequence is laid over the frames.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SequencePhase {
    /// At its best phase.
    Fit,
    /// Its first entry is the first complete frame.
    Strict,
}

/// Which flash lines are lit in which frame, over and over. Invariant: it has at least one entry, and the names of an
/// entry are sorted and differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FlashPattern {
    entries: Vec<Vec<String>>,
}

impl FlashPattern {
    /// The pattern of these entries: the names of the flash lines of each frame, none for a dark one. `None` without any.
    #[must_use]
    pub fn new(mut entries: Vec<Vec<String>>) -> Option<FlashPattern> {
        for names in &mut entries {
            names.sort_unstable();
            names.dedup();
        }
        (!entries.is_empty()).then_some(FlashPattern { entries })
    }

    /// The names of the flash lines of each frame, sorted.
    #[must_use]
    pub fn entries(&self) -> &[Vec<String>] {
        &self.entries
    }

    /// How many frames it takes to repeat.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "it is never empty")]
    pub fn len(&self) -> usize {
        self.entries.len()
    }
}
