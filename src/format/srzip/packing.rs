//! Packing chunks while the next ones are made: each on a thread of its own, few at a time, and out in their order.

use std::collections::VecDeque;
use std::io;
use std::thread::{self, JoinHandle};

use crate::format::archive::PackedMember;

/// More are not packed at once, whatever the number of cores: each holds some megabytes.
const MOST: usize = 4;

/// Chunks that are being packed.
#[derive(Debug)]
pub(super) struct Packing {
    queue: VecDeque<JoinHandle<io::Result<PackedMember>>>,
    most: usize,
}

impl Packing {
    /// Nothing is packed; as many will be at once as there are cores.
    pub(super) fn new() -> Packing {
        let cores = thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Packing { queue: VecDeque::new(), most: cores.min(MOST) }
    }

    /// Begins with a chunk.
    pub(super) fn begin(&mut self, chunk: Vec<u8>) -> io::Result<()> {
        let pack = move || PackedMember::deflate(&chunk).map_err(io::Error::other);
        let packing = thread::Builder::new().name("packing".to_owned()).spawn(pack)?;
        self.queue.push_back(packing);
        Ok(())
    }

    /// The first chunk that is not out yet, waited for where too many are in work.
    pub(super) fn next_if_crowded(&mut self) -> io::Result<Option<PackedMember>> {
        let is_due = self.queue.len() > self.most || self.queue.front().is_some_and(JoinHandle::is_finished);
        if is_due { self.next() } else { Ok(None) }
    }

    /// The first chunk that is not out yet; none when all are.
    pub(super) fn next(&mut self) -> io::Result<Option<PackedMember>> {
        let Some(first) = self.queue.pop_front() else { return Ok(None) };
        first.join().unwrap_or_else(|_| Err(io::Error::other("the thread that packs has failed"))).map(Some)
    }
}
