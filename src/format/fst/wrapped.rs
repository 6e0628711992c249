//! A trace that is packed as a whole: one block with a trace in gzip, as NVC, GHDL and `vcd2fst -c` write it.

use std::io::Read;

use super::FstError;
use super::cursor::Cursor;
use crate::format::Source;

/// The kind of the block.
const WRAPPED: u8 = 254;
/// Its kind, its length, the length of the trace, and how gzip begins.
const BEGIN: usize = 1 + 8 + 8 + 2;
/// What is unpacked is held in memory.
const LARGEST: usize = 256 << 20;

/// Whether a file that begins with these bytes is such a trace.
pub(super) fn is_begin(head: &[u8]) -> bool {
    matches!(head.get(..BEGIN), Some([WRAPPED, .., 0x1f, 0x8b]))
}

/// The bytes of a trace, unpacked where they are packed as a whole.
pub(super) fn unwrap(source: Box<dyn Source>) -> Result<Box<dyn Source>, FstError> {
    let mut head = [0; BEGIN];
    let filled = source.fill_at(&mut head, 0)?;
    if filled < BEGIN || !is_begin(&head) {
        return Ok(source);
    }
    let size = Cursor(head.get(9..).unwrap_or_default()).u64().and_then(|size| usize::try_from(size).ok());
    let size = size.filter(|size| *size <= LARGEST).ok_or(FstError::WrappedLarge(LARGEST))?;
    let packed = Packed { source: source.as_ref(), at: BEGIN as u64 - 2 };
    let mut bytes = Vec::new();
    let most = u64::try_from(size).unwrap_or(u64::MAX).saturating_add(1);
    let unpacked = flate2::read::GzDecoder::new(std::io::BufReader::new(packed)).take(most).read_to_end(&mut bytes);
    match unpacked {
        Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => {
            Err(FstError::WrappedDamaged("it is cut off"))
        }
        Err(_) => Err(FstError::WrappedDamaged("it cannot be unpacked")),
        Ok(_) if bytes.len() != size => Err(FstError::WrappedDamaged("it has another length than it states")),
        Ok(_) => Ok(Box::new(bytes)),
    }
}

/// A source from a place on.
struct Packed<'a> {
    source: &'a dyn Source,
    at: u64,
}

impl Read for Packed<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.source.read_at(buffer, self.at)?;
        self.at += read as u64;
        Ok(read)
    }
}
