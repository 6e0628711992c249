//! A chunk's packed bytes become its proven changes.

use super::metadata::UnitSize;
use super::scan::{Change, Scan, TooManyChanges};
use crate::format::Source;
use crate::format::archive::{Fault, Member, Unpacker};

/// What is wanted of every chunk.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted {
    /// The size of a sample.
    pub(super) unit: UnitSize,
    /// The bits of the wanted probes.
    pub(super) mask: u64,
    /// The most changes that are held.
    pub(super) most: u64,
}

/// A chunk whose bytes are proven.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Chunk {
    /// The number of whole samples.
    pub(super) samples: u64,
    /// The bytes behind the last whole sample.
    pub(super) rest: u64,
    /// The states in order; the first is that of the first sample.
    pub(super) changes: Vec<Change>,
}

/// Why a chunk has no changes to give.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Undecoded {
    /// It is not in the archive: the capture goes on without it.
    #[error("missing")]
    Missing,
    /// It is damaged: the capture goes on without it.
    #[error(transparent)]
    Damaged(#[from] Fault),
    /// It has more changes than may be held.
    #[error("too many changes")]
    TooManyChanges,
}

impl From<TooManyChanges> for Undecoded {
    fn from(_: TooManyChanges) -> Undecoded {
        Undecoded::TooManyChanges
    }
}

/// Decodes chunks, one after the other, with the same buffers.
pub(super) struct Decoder(Unpacker);

impl Decoder {
    pub(super) fn new() -> Decoder {
        Decoder(Unpacker::new())
    }

    /// The changes of a chunk; none are given before size and CRC-32 of all its bytes are proven.
    pub(super) fn decode(&mut self, source: &dyn Source, member: &Member, wanted: Wanted) -> Result<Chunk, Undecoded> {
        let mut scan = Scan::new(wanted.unit, wanted.mask, wanted.most);
        self.0.unpack(source, member, |block| scan.block(block).map_err(Undecoded::from))?;
        Ok(Chunk { samples: scan.samples(), rest: scan.rest(), changes: scan.into_changes() })
    }
}
