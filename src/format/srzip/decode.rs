//! A chunk's packed bytes become its proven changes.
//!
//! DEFLATE is unpacked to repeats, which are accounted for without being looked at. CRC-32 and changes come from the
//! same pieces, so that what the CRC-32 proves is what the changes were found in. Where it proves nothing, the chunk is
//! decoded once more, byte by byte and by other code: that tells a damaged file from an error of this one.

use super::changes::{Changes, TooManyChanges};
use super::scan::Scan;
use super::unit::UnitSize;
use crate::format::Source;
use crate::format::archive::{Fault, Member, Packing, Unpacker};
use crate::format::deflate::{self, Crc32, Inflater, Packed, Pieces};

/// What is wanted of every chunk.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wanted {
    /// The size of a sample.
    pub(crate) unit: UnitSize,
    /// The bits of the wanted probes.
    pub(crate) mask: u64,
    /// The most changes that are held.
    pub(crate) most: u64,
}

/// A chunk whose bytes are proven.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Chunk {
    /// The number of whole samples.
    pub(crate) samples: u64,
    /// The bytes behind the last whole sample.
    pub(crate) rest: u64,
    /// The states in order; the first is that of the first sample.
    pub(crate) changes: Changes,
}

impl From<Scan> for Chunk {
    fn from(scan: Scan) -> Chunk {
        Chunk { samples: scan.samples(), rest: scan.rest(), changes: scan.into_changes() }
    }
}

/// A chunk, and whether it was decoded as it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Decoded {
    /// The chunk, or why it has no changes to give.
    pub(crate) chunk: Result<Chunk, Undecoded>,
    /// What the decoder of repeats said of a chunk that is sound.
    pub(crate) misread: Option<String>,
}

impl Decoded {
    /// The room that its changes take.
    pub(crate) fn into_room(self) -> Option<Changes> {
        self.chunk.map(|chunk| chunk.changes).ok()
    }
}

/// Why a chunk has no changes to give.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Undecoded {
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
pub(crate) struct Decoder {
    inflater: Option<Inflater>,
    unpacker: Option<Unpacker>,
    /// Room for the changes of the next chunk.
    room: Option<Changes>,
}

impl Decoder {
    pub(crate) fn new() -> Decoder {
        Decoder { inflater: None, unpacker: None, room: None }
    }

    /// Takes the room of a chunk whose changes are no longer needed, for the next one: new memory costs more than to decode
    /// into it.
    pub(crate) fn reuse(&mut self, room: Option<Changes>) {
        self.room = room;
    }

    fn scan(&mut self, wanted: Wanted) -> Scan {
        let room = self.room.take().unwrap_or_else(|| Changes::none(wanted.unit));
        Scan::new(wanted.unit, wanted.mask, wanted.most, room)
    }

    /// The changes of a chunk; none are given before size and CRC-32 of all its bytes are proven.
    pub(crate) fn decode(&mut self, source: &dyn Source, member: &Member, wanted: Wanted) -> Decoded {
        match deflated(source, member) {
            Some(packed) => {
                let quick = self.by_repeats(packed, member, wanted);
                settled(quick, || self.by_bytes(source, member, wanted))
            }
            None => Decoded { chunk: self.by_bytes(source, member, wanted), misread: None },
        }
    }

    /// What each of both ways makes of a chunk; none if there is only one, since it is not packed by DEFLATE.
    pub(crate) fn both(&mut self, source: &dyn Source, member: &Member, wanted: Wanted) -> Option<Both> {
        let packed = deflated(source, member)?;
        let by_repeats = self.by_repeats(packed, member, wanted);
        Some(Both { by_repeats, by_bytes: self.by_bytes(source, member, wanted) })
    }

    /// The changes of a chunk packed by DEFLATE.
    pub(crate) fn by_repeats(
        &mut self,
        packed: Packed<'_>,
        member: &Member,
        wanted: Wanted,
    ) -> Result<Chunk, Unproven> {
        let mut proof = Proof { scan: self.scan(wanted), crc: Crc32::new(), left: member.size };
        let inflater = self.inflater.get_or_insert_with(Inflater::new);
        let trailing = inflater.unpack(packed, wanted.unit.bytes(), &mut proof)?;
        if trailing > 0 {
            Err(Unproven::Trailing)
        } else if proof.left > 0 {
            Err(Unproven::Short)
        } else if proof.crc.sum() != member.crc {
            Err(Unproven::Crc)
        } else {
            Ok(proof.scan.into())
        }
    }

    /// The changes of a chunk, however it is packed, found in its bytes.
    pub(crate) fn by_bytes(
        &mut self,
        source: &dyn Source,
        member: &Member,
        wanted: Wanted,
    ) -> Result<Chunk, Undecoded> {
        let mut scan = self.scan(wanted);
        let unpacker = self.unpacker.get_or_insert_with(Unpacker::new);
        unpacker.unpack(source, member, |block| scan.block(block).map_err(Undecoded::from))?;
        Ok(scan.into())
    }
}

/// The packed bytes of a chunk that the decoder of repeats can unpack.
fn deflated<'a>(source: &'a dyn Source, member: &Member) -> Option<Packed<'a>> {
    let place = member.place.as_ref().ok().filter(|place| place.packing == Packing::Deflate)?;
    Some(Packed { source, at: place.data, length: member.packed })
}

/// What each of both ways makes of a chunk.
#[derive(Debug)]
pub(crate) struct Both {
    pub(crate) by_repeats: Result<Chunk, Unproven>,
    pub(crate) by_bytes: Result<Chunk, Undecoded>,
}

impl Both {
    /// In what they differ: in their changes, or in whether the chunk is sound. Two faults may differ in their words.
    pub(crate) fn difference(&self) -> Option<String> {
        match (&self.by_repeats, &self.by_bytes) {
            (Ok(quick), Ok(plain)) if quick == plain => None,
            (Ok(_), Ok(_)) => Some("both ways find it sound, with other changes".to_owned()),
            (Ok(_), Err(fault)) => Some(format!("it is sound as repeats; byte by byte: {fault}")),
            (Err(unproven), Ok(_)) => Some(format!("it is sound byte by byte; as repeats: {unproven}")),
            (Err(_), Err(_)) => None,
        }
    }
}

/// Believes the decoder of repeats where its chunk is proven, and else the one of bytes.
pub(crate) fn settled(quick: Result<Chunk, Unproven>, by_bytes: impl FnOnce() -> Result<Chunk, Undecoded>) -> Decoded {
    match quick {
        Ok(chunk) => Decoded { chunk: Ok(chunk), misread: None },
        Err(unproven) => {
            let chunk = by_bytes();
            let misread = chunk.is_ok().then(|| unproven.to_string());
            Decoded { chunk, misread }
        }
    }
}

/// Why a chunk is not proven.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unproven {
    #[error(transparent)]
    Deflate(#[from] deflate::Fault<Refusal>),
    #[error("it is too short")]
    Short,
    #[error("bad CRC-32")]
    Crc,
    #[error("its packed bytes go on after their end")]
    Trailing,
}

/// Why no more of a chunk is taken.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Refusal {
    #[error("it is too long")]
    TooLong,
    #[error("it has too many changes")]
    TooManyChanges,
}

impl From<TooManyChanges> for Refusal {
    fn from(_: TooManyChanges) -> Refusal {
        Refusal::TooManyChanges
    }
}

/// A chunk's changes and what proves them, from the same pieces.
struct Proof {
    scan: Scan,
    crc: Crc32,
    /// How many bytes the chunk has still, as stated.
    left: u64,
}

impl Proof {
    fn count(&mut self, length: u64) -> Result<(), Refusal> {
        self.left = self.left.checked_sub(length).ok_or(Refusal::TooLong)?;
        Ok(())
    }
}

impl Pieces for Proof {
    type Refusal = Refusal;

    fn bytes(&mut self, bytes: &[u8]) -> Result<(), Refusal> {
        self.count(bytes.len() as u64)?;
        self.crc.bytes(bytes);
        Ok(self.scan.block(bytes)?)
    }

    fn repeat(&mut self, pattern: &[u8], length: u64) -> Result<(), Refusal> {
        self.count(length)?;
        self.crc.repeat(pattern, length);
        Ok(self.scan.repeat(pattern, length)?)
    }
}
