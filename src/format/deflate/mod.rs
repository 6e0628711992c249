//! DEFLATE, unpacked to repeats: cost that follows what happened on the lines, not how long they were watched.
//!
//! A logic capture is mostly silence, and DEFLATE (RFC 1951) stores silence as matches: "258 bytes more, like those
//! one sample back", two bits each. Here such matches are not carried out. Where a match comes again as the same bits,
//! what follows has the match's distance as its *period*, for as long as these bits go on; they are counted many at a
//! time, and the whole becomes one [`Pieces::repeat`]: a pattern and a length. Anything else is unpacked as usual, into a
//! window, and handed on as [`Pieces::bytes`].
//!
//! A stream is unpacked on one core, however long it is: what a match means depends on all the bytes before it. Several
//! streams, such as the chunks of a session, are unpacked on as many.
//!
//! Words: a *match* copies earlier bytes, so many from so far back (its *length* and *distance*); the *window* holds
//! the bytes that a match may reach; a *literal* is a byte as it is; a *code* is a Huffman code.

mod bits;
mod crc;
mod header;
mod inflate;
mod run;
mod symbols;
mod tables;
#[cfg(test)]
pub(crate) mod tests;
mod window;

pub(crate) use bits::Packed;
pub(crate) use crc::Crc32;
pub(crate) use inflate::Inflater;

/// Takes what a stream unpacks to, piece by piece, in order.
pub(crate) trait Pieces {
    /// Why no more is taken.
    type Refusal;

    /// The next bytes: whole samples, but for the last piece of all.
    fn bytes(&mut self, bytes: &[u8]) -> Result<(), Self::Refusal>;

    /// The next `length` bytes are those of `pattern` over and over again, from its start; both are whole samples, and
    /// the bytes before them end with the pattern.
    fn repeat(&mut self, pattern: &[u8], length: u64) -> Result<(), Self::Refusal>;
}

/// Why a stream is not unpacked to its end.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Fault<E> {
    /// The packed bytes cannot be read.
    #[error("cannot be read: {0}")]
    Io(#[from] std::io::Error),
    /// They are no DEFLATE stream.
    #[error(transparent)]
    Corrupt(#[from] Corruption),
    /// What takes its pieces takes no more.
    #[error("{0}")]
    Refused(E),
}

/// What is wrong with a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Corruption {
    #[error("a block of a kind that does not exist")]
    BlockKind,
    #[error("a stored block's length and its complement disagree")]
    StoredLength,
    #[error("a block with codes for more symbols than there are")]
    TooManyCodes,
    #[error("lengths of codes, by a code that is none")]
    Precode,
    #[error("a length of a code that is repeated before the first or behind the last")]
    LengthRepeat,
    #[error("a block without a code for its end")]
    NoEnd,
    #[error("literals and lengths by a code that is none")]
    LiteralCode,
    #[error("distances by a code that is none")]
    DistanceCode,
    #[error("bits that are the code of no symbol")]
    NoSymbol,
    #[error("a match that reaches back before the first byte")]
    TooFar,
    #[error("it breaks off")]
    Truncated,
}
