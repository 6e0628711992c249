//! Fast Signal Trace (FST), GTKWave's packed form of a value change dump.
//!
//! A file is a row of blocks: the head, sections of value changes, the *geometry* (how wide each variable is) and the
//! *hierarchy* (what it is called). As in a dump, variables of one bit are probes, and so is each bit of a wider one, and
//! a time unit is stated instead of a sample rate.
//!
//! It is read with a reader of our own. wellen 0.25.7 with fst-reader 0.17.1, the crates that read FST, reserve what a file
//! states and panic on what they do not expect: of the 2358 changes of one bit pattern in one byte of the trace of 786
//! bytes that the tests use, more than 150 make them panic, and one ends the process, since it asks for 64 PiB. A file
//! may state anything, and a record that is cut off shall be read as far as it goes.

mod blocks;
mod cursor;
mod hierarchy;
mod pack;
mod section;
mod wrapped;

use super::levels::Levels;
use super::placer::{Finish, Placer};
use super::timebase::Timebase;
use super::{Format, FormatError, Reader, Source, unreadable};
use crate::capture::{Extent, Header, RecordEnd, Request, Sink, SinkError};
use crate::units::SampleRate;
use blocks::Trace;

const ID: &str = "fst";

/// The format of GTKWave's traces.
pub(super) static FST: Format = Format {
    id: ID,
    about: "GTKWave trace (FST)",
    sniff: |head| {
        // The head block: its type, and its length of 329 bytes.
        head.starts_with(&[0, 0, 0, 0, 0, 0, 0, 1, 0x49]) || wrapped::is_begin(head)
    },
    open: |source, _| {
        let source = wrapped::unwrap(source).map_err(unreadable)?;
        let trace = Trace::open(&*source).map_err(unreadable)?;
        let header = Header {
            format: ID,
            rate: None,
            probes: trace.names.probes.clone(),
            warnings: trace.names.warnings.clone(),
        };
        Ok(Box::new(Opened { source, header, trace }))
    },
};

/// Why a trace cannot be read.
#[derive(Debug, thiserror::Error)]
enum FstError {
    #[error("cannot be read: {}", super::io_text(.0))]
    Io(#[from] std::io::Error),
    #[error("byte {at}: {what}")]
    Block { at: u64, what: &'static str },
    #[error("it has no {0}: it was not closed after writing; close it, or write a VCD")]
    Missing(&'static str),
    #[error(
        "its changes are packed with FastLZ, which is not read here; write it anew without that: \
         fst2vcd FILE | vcd2fst -4 - NEW"
    )]
    FastLz,
    #[error("it is packed as a whole, and has more than {0} bytes; unpack it: fst2vcd FILE")]
    WrappedLarge(usize),
    #[error("it is packed as a whole, and that is damaged: {0}")]
    WrappedDamaged(&'static str),
    #[error("it has no variable of one bit")]
    NoProbes,
}

/// An opened trace.
struct Opened {
    source: Box<dyn Source>,
    header: Header,
    trace: Trace,
}

impl Reader for Opened {
    fn header(&self) -> &Header {
        &self.header
    }

    fn time_unit(&self) -> Option<SampleRate> {
        self.trace.tick.rate()
    }

    fn read(&self, request: &Request, sink: &mut dyn Sink) -> Result<Extent, FormatError> {
        let timebase = Timebase::new(self.trace.tick, request.rate.as_ref()).map_err(unreadable)?;
        let wanted = request.mask();
        let mut placer = Placer::new(timebase, wanted, sink);
        let mut levels = Levels::UNKNOWN;
        let mut is_whole = true;
        // A value for each edge; and those that each section begins with, which are no edges.
        let begins = (self.trace.sections.len() as u64).saturating_mul(u64::BITS.into());
        let mut left = section::Left {
            values: request.caps.edges.saturating_add(begins),
            digits: request.caps.edges.saturating_mul(2),
            times: request.caps.edges.saturating_mul(2),
        };
        let (mut last, mut changes_at_end) = (0, true);
        for (number, block) in self.trace.sections.iter().enumerate() {
            let bytes = blocks::bytes(&*self.source, block).map_err(unreadable)?;
            let handles = &self.trace.names.handles;
            let changes = match section::read(&bytes, block.kind, handles, wanted, number == 0, &mut left) {
                Ok(changes) if changes.is_after(last) => changes,
                Err(section::Unread::TooMany) => return Err(SinkError::TooManyEdges(request.caps.edges).into()),
                Err(section::Unread::FastLz) => return Err(unreadable(FstError::FastLz)),
                // Time does not go back: where it seems to, the section is not what was written.
                Ok(_) | Err(section::Unread::Damaged) => {
                    placer.cut(format!("the section at byte {} is damaged; what follows is not read", block.at));
                    is_whole = false;
                    break;
                }
            };
            changes.send(&mut levels, &mut placer)?;
            if let Some(time) = changes.last() {
                (last, changes_at_end) = (time, changes.changes_at_end());
            }
        }
        if let Some(problem) = &self.trace.problem {
            placer.cut(problem.clone());
            is_whole = false;
        }
        // Where the last time is that of a change, it says nothing of what follows.
        let states_end = is_whole && (self.trace.end > last || !changes_at_end);
        placer.finish(if states_end { Finish::Before(self.trace.end.into()) } else { Finish::Last(RecordEnd::AtLeast) })
    }
}

#[cfg(test)]
mod tests;
