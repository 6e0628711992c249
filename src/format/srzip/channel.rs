//! An analog channel of a session, and which members hold its samples.

use super::chunks::{self, Part, SequenceError};
use crate::format::archive::Archive;

/// The bytes of a sample.
pub(super) const SAMPLE: usize = 4;

/// A channel and its samples.
pub(super) struct Channel {
    pub(super) name: String,
    pub(super) parts: Result<Vec<Part>, SequenceError>,
}

impl Channel {
    /// The channel of this number, as far as the archive has it.
    pub(super) fn new(archive: &Archive, number: u32, name: String) -> Channel {
        let base = format!("analog-1-{number}");
        let members = archive.members.iter().filter(|member| member.name.starts_with(&base)).cloned().collect();
        let parts = chunks::sequence(members, &base).map(|sequence| sequence.parts);
        Channel { name, parts }
    }

    /// About how many samples it has.
    pub(super) fn samples(&self) -> u64 {
        let size = |part: &Part| match part {
            Part::Chunk { member, .. } => member.size,
            Part::Missing { .. } => 0,
        };
        self.parts.iter().flatten().map(size).fold(0, u64::saturating_add) / SAMPLE as u64
    }
}
