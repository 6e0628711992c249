//! A member's bytes, unpacked block by block and proven at the end.

use bzip2::Status as Bzip2Status;
use flate2::{FlushDecompress, Status as DeflateStatus};

use super::{Fault, Member, Packing, Payload};
use crate::format::Source;

/// Members are handed out in blocks of this many bytes; only the last is shorter. It is a multiple of every number up
/// to 8, so that no sample of that many bytes straddles two blocks.
pub(super) const BLOCK: usize = 840 * 156;

/// Packed bytes are read this many at a time.
const INPUT: usize = 64 << 10;

/// The buffers that unpacking takes; they serve one member after the other.
pub(crate) struct Unpacker {
    input: Vec<u8>,
    output: Vec<u8>,
}

impl Unpacker {
    pub(crate) fn new() -> Unpacker {
        Unpacker { input: vec![0; INPUT], output: vec![0; BLOCK] }
    }

    /// A member's bytes, to be taken one after the other.
    ///
    /// # Errors
    /// The [`Fault`] for which they cannot be had.
    pub(crate) fn blocks<'a>(&'a mut self, source: &'a dyn Source, member: &'a Member) -> Result<Blocks<'a>, Fault> {
        let stream = Stream::new(source, member.place.clone()?, member.packed, &mut self.input);
        let crc = crc32fast::Hasher::new();
        Ok(Blocks {
            stream,
            member,
            output: &mut self.output,
            filled: 0,
            taken: 0,
            crc,
            size: 0,
            is_last: false,
            fault: None,
        })
    }

    /// Hands out a member's bytes in blocks. They are proven, in size and by their CRC-32, only when it returns `Ok`.
    ///
    /// # Errors
    /// The [`Fault`] that the member has, or what `each` returns.
    pub(crate) fn unpack<E: From<Fault>>(
        &mut self,
        source: &dyn Source,
        member: &Member,
        mut each: impl FnMut(&[u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut blocks = self.blocks(source, member)?;
        loop {
            match blocks.rest()? {
                [] => return Ok(()),
                block => each(block)?,
            }
            blocks.take(BLOCK);
        }
    }
}

/// A member's bytes, which are taken one after the other.
pub(crate) struct Blocks<'a> {
    stream: Stream<'a>,
    member: &'a Member,
    output: &'a mut [u8],
    filled: usize,
    taken: usize,
    crc: crc32fast::Hasher,
    size: u64,
    /// Whether no block follows the present one.
    is_last: bool,
    /// What was wrong: behind it nothing is unpacked any more.
    fault: Option<Fault>,
}

impl Blocks<'_> {
    /// Bytes that are not yet taken: those that are left of a block, or a whole one. There are none at the end: then all are
    /// proven, in size and by their CRC-32.
    ///
    /// # Errors
    /// The [`Fault`] that the member has.
    pub(crate) fn rest(&mut self) -> Result<&[u8], Fault> {
        if self.taken == self.filled && self.fault.is_none() {
            self.fault = self.go_on().err();
        }
        if let Some(fault) = &self.fault {
            return Err(fault.clone());
        }
        Ok(self.output.get(self.taken..self.filled).unwrap_or_default())
    }

    /// Takes so many of the bytes of the block, or all that are left of it.
    pub(crate) fn take(&mut self, count: usize) {
        self.taken = self.taken.saturating_add(count).min(self.filled);
    }

    fn go_on(&mut self) -> Result<(), Fault> {
        if !self.is_last {
            self.fill()?;
        }
        if self.filled == self.taken { self.prove() } else { Ok(()) }
    }

    fn fill(&mut self) -> Result<(), Fault> {
        (self.filled, self.taken) = (self.stream.fill(self.output)?, 0);
        self.is_last = self.filled < BLOCK;
        self.size += self.filled as u64;
        if self.size > self.member.size {
            return Err(Fault::Size(self.member.size));
        }
        self.crc.update(self.output.get(..self.filled).unwrap_or_default());
        Ok(())
    }

    /// Whether all bytes were those that are stated.
    fn prove(&self) -> Result<(), Fault> {
        let found = self.crc.clone().finalize();
        if self.size != self.member.size {
            Err(Fault::Size(self.member.size))
        } else if found != self.member.crc {
            Err(Fault::Crc { stated: self.member.crc, found })
        } else if self.stream.remains() {
            Err(Fault::Trailing)
        } else {
            Ok(())
        }
    }
}

/// The bytes of a small member, proven; at most `most`.
///
/// # Errors
/// The [`Fault`] that the member has.
pub(crate) fn contents(source: &dyn Source, member: &Member, most: u64) -> Result<Vec<u8>, Fault> {
    if member.size > most {
        return Err(Fault::TooLarge { size: member.size, most });
    }
    let mut bytes = Vec::new();
    Unpacker::new().unpack(source, member, |block| {
        bytes.extend_from_slice(block);
        Ok::<(), Fault>(())
    })?;
    Ok(bytes)
}

/// What a member turns out to hold whose sizes are not known beforehand.
#[derive(Debug, Clone, Copy)]
pub(super) struct Measure {
    pub(super) packed: u64,
    pub(super) size: u64,
    pub(super) crc: u32,
}

/// Unpacks what begins at this place until its stream says that it ends.
pub(super) fn measure(source: &dyn Source, place: Payload) -> Result<Measure, Fault> {
    if place.packing == Packing::Stored {
        return Err(Fault::BeyondEnd); // stored bytes do not say where they end
    }
    let mut input = vec![0; INPUT];
    let mut output = vec![0; BLOCK];
    let most = source.len().saturating_sub(place.data);
    let mut stream = Stream::new(source, place, most, &mut input);
    let mut crc = crc32fast::Hasher::new();
    let mut size = 0;
    loop {
        let filled = stream.fill(&mut output)?;
        crc.update(output.get(..filled).unwrap_or_default());
        size += filled as u64;
        if filled < BLOCK {
            return Ok(Measure { packed: stream.consumed(most), size, crc: crc.finalize() });
        }
    }
}

/// The packed bytes that are not read yet: where the next are, and how many are left from there.
struct Packed<'a> {
    source: &'a dyn Source,
    next: u64,
    left: u64,
}

impl Packed<'_> {
    /// Fills the buffer, as far as there are any left, and returns how many there were.
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, Fault> {
        let count = usize::try_from(self.left).unwrap_or(usize::MAX).min(buffer.len());
        if self.source.fill_at(buffer.get_mut(..count).unwrap_or_default(), self.next)? < count {
            return Err(Fault::BeyondEnd);
        }
        self.next += count as u64;
        self.left -= count as u64;
        Ok(count)
    }
}

/// Packed bytes on their way out of the archive.
struct Stream<'a> {
    packed: Packed<'a>,
    /// What was read and not yet unpacked: this part of the buffer.
    input: &'a mut [u8],
    begin: usize,
    end: usize,
    method: Method,
    ended: bool,
}

enum Method {
    Stored,
    Deflate(Box<flate2::Decompress>),
    Bzip2(bzip2::Decompress),
}

/// What one step of unpacking did.
struct Step {
    taken: u64,
    given: u64,
    ended: bool,
}

impl<'a> Stream<'a> {
    fn new(source: &'a dyn Source, place: Payload, packed: u64, input: &'a mut [u8]) -> Stream<'a> {
        let method = match place.packing {
            Packing::Stored => Method::Stored,
            Packing::Deflate => Method::Deflate(Box::new(flate2::Decompress::new(false))),
            Packing::Bzip2 => Method::Bzip2(bzip2::Decompress::new(false)),
        };
        let packed = Packed { source, next: place.data, left: packed };
        Stream { packed, input, begin: 0, end: 0, method, ended: false }
    }

    /// Fills the buffer and returns how many bytes there were; fewer only at the end of the stream.
    fn fill(&mut self, output: &mut [u8]) -> Result<usize, Fault> {
        let mut filled = 0;
        while !self.ended && filled < output.len() {
            let rest = output.get_mut(filled..).unwrap_or_default();
            filled += match self.method {
                Method::Stored => self.copy(rest)?,
                Method::Deflate(_) | Method::Bzip2(_) => self.inflate(rest)?,
            };
        }
        Ok(filled)
    }

    fn copy(&mut self, output: &mut [u8]) -> Result<usize, Fault> {
        let count = self.packed.read(output)?;
        self.ended = self.packed.left == 0;
        Ok(count)
    }

    fn inflate(&mut self, output: &mut [u8]) -> Result<usize, Fault> {
        if self.begin == self.end {
            (self.begin, self.end) = (0, self.packed.read(self.input)?);
        }
        let input = self.input.get(self.begin..self.end).unwrap_or_default();
        let step = self.method.step(input, output)?;
        if step.taken == 0 && step.given == 0 && !step.ended {
            return Err(Fault::Corrupt(self.method.name())); // it wants more bytes than there are
        }
        self.begin += step.taken as usize;
        self.ended = step.ended;
        Ok(step.given as usize)
    }

    /// Whether packed bytes are left that the stream did not need.
    fn remains(&self) -> bool {
        self.packed.left > 0 || self.begin < self.end
    }

    /// How many of so many packed bytes the stream needed.
    fn consumed(&self, packed: u64) -> u64 {
        packed - self.packed.left - (self.end - self.begin) as u64
    }
}

impl Method {
    fn name(&self) -> &'static str {
        match self {
            Method::Stored => "stored",
            Method::Deflate(_) => "deflate",
            Method::Bzip2(_) => "bzip2",
        }
    }

    fn step(&mut self, input: &[u8], output: &mut [u8]) -> Result<Step, Fault> {
        let name = self.name();
        match self {
            Method::Stored => Ok(Step { taken: 0, given: 0, ended: true }),
            Method::Deflate(inflate) => {
                let (taken, given) = (inflate.total_in(), inflate.total_out());
                let status = inflate
                    .decompress(input, output, FlushDecompress::None)
                    .map_err(|_: flate2::DecompressError| Fault::Corrupt(name))?;
                let ended = status == DeflateStatus::StreamEnd;
                Ok(Step { taken: inflate.total_in() - taken, given: inflate.total_out() - given, ended })
            }
            Method::Bzip2(inflate) => {
                let (taken, given) = (inflate.total_in(), inflate.total_out());
                let status = inflate.decompress(input, output).map_err(|_: bzip2::Error| Fault::Corrupt(name))?;
                let ended = status == Bzip2Status::StreamEnd;
                Ok(Step { taken: inflate.total_in() - taken, given: inflate.total_out() - given, ended })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::archive::Archive;
    use crate::format::archive::testing::{RawArchive, RawMember};

    #[test]
    fn nothing_is_unpacked_behind_a_fault() {
        let bytes: Vec<u8> = (0..90_000_u32).flat_map(u32::to_le_bytes).collect();
        for pack in [RawMember::bzip2, RawMember::deflated, RawMember::stored] {
            let good = pack("a", &bytes);
            for at in (0..good.packed.len()).step_by(good.packed.len() / 50) {
                let file = RawArchive::default().with(good.clone().but(|raw| raw.packed[at] ^= 0x55)).build();
                let archive = Archive::open(&file, 9, 1).unwrap();
                let mut unpacker = Unpacker::new();
                let mut blocks = unpacker.blocks(&file, &archive.members[0]).unwrap();
                let fault = loop {
                    match blocks.rest() {
                        Ok(rest) => assert!(!rest.is_empty(), "{at}: it is proven"),
                        Err(fault) => break fault,
                    }
                    blocks.take(BLOCK);
                };
                for _ in 0..3 {
                    assert_eq!(blocks.rest(), Err(fault.clone()), "{at}");
                }
            }
        }
    }
}
