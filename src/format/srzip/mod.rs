//! sigrok's session files (`.sr`), version 1 and 2: read with every proof that the archive offers, and written.
//!
//! A session is a ZIP archive of `version`, `metadata` and the samples: one member `logic-1`, or the chunks
//! `logic-1-1`, `logic-1-2` and so on. A *sample* is a little-endian word of `unitsize` bytes; `probeN` is its bit
//! N − 1. Everything that sigrok reads right is read; what it reads wrong (gaps, bad sums, ragged chunks, what stands
//! twice) is refused, or read as far as it is proven and said.
//!
//! Chunks are decoded on all cores and joined in order. Data in one piece, as version 1 has them, are one huge stream,
//! which stays on one core: there is no place in a DEFLATE stream to begin at but its start.

mod analog;
mod changes;
mod channel;
mod chunks;
mod cross_check;
mod decode;
mod error;
mod losses;
mod metadata;
mod names;
mod parallel;
mod rate;
mod scan;
mod session;
#[cfg(test)]
mod tests;
mod timeline;
mod unit;
mod write;
mod written;

pub use cross_check::{CrossCheck, cross_check};
pub use write::{SrzipWriter, WriteError};
pub use written::written_at;

use super::{Format, Source, unreadable};

/// Its short name.
pub const ID: &str = "srzip";

/// The format of sigrok's session files.
pub(super) static SRZIP: Format = Format {
    id: ID,
    about: "sigrok session (.sr)",
    sniff: |head| head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06"),
    open: |source, caps| Ok(Box::new(session::Session::open(source, caps).map_err(unreadable)?)),
};
