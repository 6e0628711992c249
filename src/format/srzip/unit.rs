//! The size of a sample.

/// How many bytes a sample has: 1 to 8.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct UnitSize(usize);

impl UnitSize {
    /// A sample of one byte.
    pub(crate) const ONE: UnitSize = UnitSize(1);

    /// A sample of this many bytes; none unless 1 to 8.
    pub(crate) fn new(bytes: u64) -> Option<UnitSize> {
        usize::try_from(bytes).ok().filter(|bytes| (1..=8).contains(bytes)).map(UnitSize)
    }

    /// The number of bytes.
    pub(crate) fn bytes(self) -> usize {
        self.0
    }

    /// The number of bits: probes that a sample has room for.
    pub(crate) fn bits(self) -> u32 {
        self.0 as u32 * 8
    }

    /// How many whole samples so many bytes are, and how many bytes are left over.
    pub(crate) fn samples(self, bytes: u64) -> (u64, u64) {
        (bytes / self.0 as u64, bytes % self.0 as u64)
    }
}
