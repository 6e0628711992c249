//! Every way in which a session file is odd or damaged, and what must come of it: peers.md's list of what sigrok reads,
//! of what it reads wrong without a word, and what malice adds.

mod chunks;
mod container;
mod lies;
mod metadata;

/// What must come of a file.
#[derive(Debug, Clone)]
pub(super) enum Outcome {
    /// Every edge and the length are right, and it passes.
    Right,
    /// The same, and something is said of it.
    RightWith(&'static str),
    /// What is proven is right, the problems say this, these samples are lost, and it does not pass.
    Flagged { says: &'static str, lost: Vec<(u64, u64)> },
    /// Nothing is measured, and the reason says this.
    Refused(&'static str),
}

/// Whether sigrok-cli reads the same samples from a file that is read right here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BySigrok {
    /// It does.
    Same,
    /// It does not: it is the stricter or the worse reader.
    Other,
    /// Sometimes: it reads beyond the end of a text.
    Luck,
}

/// A file and what must come of it.
#[derive(Debug, Clone)]
pub(super) struct Case {
    pub(super) name: String,
    pub(super) file: Vec<u8>,
    pub(super) outcome: Outcome,
    pub(super) by_sigrok: BySigrok,
}

fn case(name: impl Into<String>, file: impl Into<File>, outcome: Outcome) -> Case {
    Case { name: name.into(), file: file.into().0, outcome, by_sigrok: BySigrok::Same }
}

/// A file that is read right here, and not by sigrok-cli.
fn ours_alone(name: impl Into<String>, file: impl Into<File>, outcome: Outcome) -> Case {
    Case { by_sigrok: BySigrok::Other, ..case(name, file, outcome) }
}

fn flagged(says: &'static str, lost: &[(u64, u64)]) -> Outcome {
    Outcome::Flagged { says, lost: lost.to_vec() }
}

struct File(Vec<u8>);

impl From<Vec<u8>> for File {
    fn from(bytes: Vec<u8>) -> File {
        File(bytes)
    }
}

impl From<super::archives::RawArchive> for File {
    fn from(archive: super::archives::RawArchive) -> File {
        File(archive.build())
    }
}

/// The whole table.
pub(super) fn cases() -> Vec<Case> {
    [container::cases(), metadata::cases(), chunks::cases(), lies::cases()].concat()
}
