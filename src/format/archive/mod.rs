//! ZIP archives, read as evidence: every member is checked against its own header, nothing that the directory states
//! is believed before it is proven, and an archive that lost its directory is read by the members' own headers.
//!
//! Words: a *member* is a file in the archive; its *local header* stands before its bytes; the *directory* at the end
//! of the archive repeats what all local headers say. *Packed* bytes are those in the archive, of whatever method.

mod directory;
mod fields;
mod local;
mod member;
mod nearby;
mod pack;
#[cfg(test)]
pub(crate) mod testing;
mod unpack;

pub(crate) use local::first_name;
pub(crate) use member::{Fault, Member, Packing, Payload, Stated};
pub(crate) use pack::{PackedMember, Packer};
pub(crate) use unpack::{Blocks, Unpacker, contents};

use super::Source;

/// Longer names than this belong to nothing that is read here.
const LONGEST_NAME: usize = 4096;

/// The members of an archive.
#[derive(Debug)]
pub(crate) struct Archive {
    /// In the order in which they are listed.
    pub(crate) members: Vec<Member>,
    /// Whether the list is whole.
    pub(crate) listing: Listing,
}

/// How the members of an archive were found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Listing {
    /// By the archive's directory.
    Directory,
    /// By their own headers, one after the other, for want of a directory.
    Salvaged {
        /// What is wrong, as a sentence.
        problem: String,
        /// Whether every member was met: only the directory is damaged.
        whole: bool,
    },
}

/// Why an archive cannot be read at all.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ArchiveError {
    /// The operating system cannot read it.
    #[error("cannot be read: {0}")]
    Io(#[from] std::io::Error),
    /// More members than may be held.
    #[error("the archive has more than {0} members; raise --max-members")]
    TooManyMembers(u64),
}

impl Archive {
    /// Lists the members of an archive, at most `most`, by its directory or, where that is damaged, by their own headers. Many
    /// members are checked by as many threads as there are `jobs`.
    pub(crate) fn open(source: &dyn Source, most: u64, jobs: usize) -> Result<Archive, ArchiveError> {
        match directory::read(source, most) {
            Ok(directory) => {
                let mut members = local::members_of(source, directory.records, jobs);
                if local::holds_unlisted(source, &members, directory.offset)? {
                    return local::salvage(source, &directory::Damage::Unlisted, most);
                }
                member::refuse_overlaps(&mut members);
                Ok(Archive { members, listing: Listing::Directory })
            }
            Err(directory::Failure::Archive(error)) => Err(error),
            Err(directory::Failure::Damaged(damage)) => local::salvage(source, &damage, most),
        }
    }

    /// The same behind a sentence that says what it lacks.
    pub(crate) fn hint(&self) -> String {
        self.problem().map(|problem| format!("; {problem}")).unwrap_or_default()
    }

    /// What is wrong with it as a whole, as a sentence.
    pub(crate) fn problem(&self) -> Option<&str> {
        match &self.listing {
            Listing::Directory => None,
            Listing::Salvaged { problem, .. } => Some(problem),
        }
    }

    /// The one member of this name.
    pub(crate) fn member(&self, name: &str) -> Result<&Member, Fault> {
        match self.named(name).as_slice() {
            [member] => Ok(member),
            [] => Err(Fault::Missing),
            [..] => Err(Fault::Twice),
        }
    }

    /// The members of this name, in the order in which they are listed.
    pub(crate) fn named(&self, name: &str) -> Vec<&Member> {
        self.members.iter().filter(|member| member.name == name).collect()
    }
}
