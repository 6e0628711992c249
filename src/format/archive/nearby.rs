//! Many small pieces that lie near each other, such as the headers of chunks, take one read of the file.

use std::io;
use std::sync::{Mutex, PoisonError};

use crate::format::Source;

/// So many bytes are read at once.
const SPAN: usize = 32 << 10;

/// A source of which small pieces are read with what lies behind them.
pub(super) struct Nearby<'a> {
    source: &'a dyn Source,
    held: Mutex<Held>,
}

/// The bytes that were read last, and where they lie.
#[derive(Default)]
struct Held {
    at: u64,
    bytes: Vec<u8>,
}

impl Held {
    /// The bytes from there on, if they are as many.
    fn get(&self, offset: u64, count: usize) -> Option<&[u8]> {
        let from = usize::try_from(offset.checked_sub(self.at)?).ok()?;
        self.bytes.get(from..from.checked_add(count)?)
    }

    fn read(&mut self, source: &dyn Source, offset: u64) -> io::Result<()> {
        self.bytes.resize(SPAN, 0);
        let read = source.fill_at(&mut self.bytes, offset);
        self.bytes.truncate(*read.as_ref().unwrap_or(&0));
        self.at = offset;
        read.map(|_| ())
    }
}

impl<'a> Nearby<'a> {
    pub(super) fn new(source: &'a dyn Source) -> Nearby<'a> {
        Nearby { source, held: Mutex::new(Held::default()) }
    }
}

impl Source for Nearby<'_> {
    fn len(&self) -> u64 {
        self.source.len()
    }

    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        if buffer.len() > SPAN {
            return self.source.read_at(buffer, offset);
        }
        // A read that panicked left bytes of its own place or none.
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if held.get(offset, buffer.len()).is_none() {
            held.read(self.source, offset)?;
        }
        // Fewer only at the end of the source.
        let count = buffer.len().min(held.bytes.len());
        let bytes = held.get(offset, count).unwrap_or_default();
        let count = bytes.len();
        buffer[..count].copy_from_slice(bytes);
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_piece_is_that_of_the_source() {
        let bytes: Vec<u8> = (0..3 * SPAN as u64 + 5).map(|at| (at * at % 251) as u8).collect();
        let nearby = Nearby::new(&bytes);
        let span = SPAN as u64;
        for offset in [0, 1, 30, 0, span - 3, span, 3 * span - 1, 3 * span + 4, 3 * span + 5, u64::MAX, 7] {
            for count in [0, 1, 256, SPAN, SPAN + 1, 2 * SPAN] {
                let (mut found, mut expected) = (vec![0; count], vec![0; count]);
                let read = nearby.fill_at(&mut found, offset).unwrap();
                assert_eq!(read, bytes.fill_at(&mut expected, offset).unwrap(), "{count} at {offset}");
                assert_eq!(found, expected, "{count} at {offset}");
            }
        }
        assert_eq!(nearby.len(), bytes.len() as u64);
    }
}
