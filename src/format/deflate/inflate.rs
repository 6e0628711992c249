//! A stream, block by block.

use super::bits::{BUFFER, Bits, Buffer, Packed};
use super::header::{self, Codes, Kind};
use super::symbols::{Stop, unpack};
use super::window::Window;
use super::{Fault, Pieces};

/// The buffers and tables that unpacking takes; they serve one stream after the other.
pub(crate) struct Inflater {
    buffer: Box<Buffer>,
    window: Window,
    dynamic: Box<Codes>,
    fixed: Option<Box<Codes>>,
}

impl Inflater {
    pub(crate) fn new() -> Inflater {
        Inflater { buffer: Box::new([0; BUFFER]), window: Window::new(), dynamic: Box::new(Codes::EMPTY), fixed: None }
    }

    /// Unpacks a stream of samples of `unit` bytes, 1 to 8. Returns how many packed bytes there are behind its end.
    ///
    /// # Errors
    /// The [`Fault`] of the stream. What it unpacked to is proven by nothing but its CRC-32.
    pub(crate) fn unpack<P: Pieces>(
        &mut self,
        packed: Packed<'_>,
        unit: usize,
        pieces: &mut P,
    ) -> Result<u64, Fault<P::Refusal>> {
        self.window.clear();
        let mut stream = Stream {
            bits: Bits::new(packed, &mut self.buffer),
            window: &mut self.window,
            dynamic: &mut self.dynamic,
            fixed: &mut self.fixed,
            block: Block::Next,
            last: false,
            unit,
            pieces,
        };
        stream.unpack()
    }
}

/// Where in the stream it goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Block {
    /// At the header of a block, or at the end of the last one.
    Next,
    /// So many bytes before the end of a stored block.
    Stored(usize),
    /// Within a block with the codes that DEFLATE defines.
    Fixed,
    /// Within a block with codes of its own.
    Dynamic,
}

/// A stream on its way.
pub(super) struct Stream<'a, P> {
    pub(super) bits: Bits<'a>,
    pub(super) window: &'a mut Window,
    dynamic: &'a mut Codes,
    fixed: &'a mut Option<Box<Codes>>,
    pub(super) block: Block,
    /// Whether the present block is the last.
    pub(super) last: bool,
    pub(super) unit: usize,
    pub(super) pieces: &'a mut P,
}

impl<P: Pieces> Stream<'_, P> {
    fn unpack(&mut self) -> Result<u64, Fault<P::Refusal>> {
        loop {
            match self.block {
                Block::Next if self.last => break,
                Block::Next => self.open()?,
                Block::Stored(left) => self.stored(left)?,
                Block::Fixed | Block::Dynamic => self.symbols()?,
            }
        }
        let left = self.bits.left()?;
        self.window.finish(self.unit, self.pieces)?;
        Ok(left)
    }

    /// Reads the header of a block.
    pub(super) fn open(&mut self) -> Result<(), Fault<P::Refusal>> {
        let (last, kind) = header::read(&mut self.bits, self.dynamic)?;
        self.last = last;
        self.block = match kind {
            Kind::Stored(0) => Block::Next,
            Kind::Stored(length) => Block::Stored(length),
            Kind::Fixed => {
                self.fixed.get_or_insert_with(|| Box::new(Codes::fixed()));
                Block::Fixed
            }
            Kind::Dynamic => Block::Dynamic,
        };
        Ok(())
    }

    fn stored(&mut self, left: usize) -> Result<(), Fault<P::Refusal>> {
        self.window.make_room(self.unit, self.pieces)?;
        let room = self.window.room();
        let count = room.len().min(left);
        let count = self.bits.bytes(&mut room[..count])?;
        self.window.end += count;
        self.block = if count == left { Block::Next } else { Block::Stored(left - count) };
        Ok(())
    }

    /// The codes of the present block.
    pub(super) fn codes(&self) -> &Codes {
        codes(self.block, self.fixed.as_deref(), self.dynamic)
    }

    fn symbols(&mut self) -> Result<(), Fault<P::Refusal>> {
        self.bits.ensure()?;
        self.window.make_room(self.unit, self.pieces)?;
        let codes = codes(self.block, self.fixed.as_deref(), self.dynamic);
        match unpack(&mut self.bits, codes, self.window)? {
            Stop::Pause => Ok(()),
            Stop::End => {
                self.block = Block::Next;
                Ok(())
            }
            Stop::Far { length, distance } => self.window.detour(distance, length, self.unit, self.pieces),
            Stop::Again(last) => self.run(last),
        }
    }
}

fn codes<'a>(block: Block, fixed: Option<&'a Codes>, dynamic: &'a Codes) -> &'a Codes {
    match block {
        Block::Fixed => fixed.unwrap_or(dynamic),
        Block::Dynamic | Block::Next | Block::Stored(_) => dynamic,
    }
}
