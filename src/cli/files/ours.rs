//! Whether a file is one that this program wrote, by what is in it.

use std::borrow::Cow;
use std::collections::HashSet;
use std::path::Path;

use super::STANDARD;
use super::identity::is_same_file;
use crate::cli::output::WriteError;
use crate::cli::sidecar;
use crate::escape::csv_cell;
use crate::render::Imprinting;
use crate::report::{Digest, Imprint, Subject, Written};
use crate::study::learn::LearnedFile;

/// What a file must be for this program to replace it: what would be written there.
#[derive(Debug, Clone)]
pub(in crate::cli) enum Ours {
    /// It bears such an imprint.
    Imprinted(Imprinting, Written),
    /// It begins so.
    Begins(&'static str),
    /// It is a learned spec that nobody has changed since.
    Learned,
    /// It is the sidecar of a recording.
    Sidecar,
    /// It has these bytes already: others may be evidence.
    Same(Vec<u8>),
    /// It is a report of the same captures.
    Report(ReportFile),
    /// Nothing: what is there stays.
    Nothing,
}

/// A report that is to be written: where its imprint is, its first line, and the captures that it is of.
#[derive(Debug, Clone)]
pub(in crate::cli) struct ReportFile {
    pub(in crate::cli) kind: Written,
    pub(in crate::cli) imprinting: Imprinting,
    pub(in crate::cli) headings: String,
    pub(in crate::cli) of: Vec<Subject>,
}

impl Ours {
    /// Refuses a file that is not ours.
    pub(super) fn check(&self, path: &Path) -> Result<(), WriteError> {
        let not_ours = || WriteError::NotOurs { path: path.to_owned() };
        // What may be written and not read is nobody's report.
        let bytes = std::fs::read(path).map_err(|_| not_ours())?;
        let is_ours = match self {
            Ours::Imprinted(place, kind) => place.find(&bytes, "").is_some_and(|imprint| imprint.kind == *kind),
            Ours::Begins(text) => bytes.starts_with(text.as_bytes()),
            Ours::Learned => match LearnedFile::of(&bytes) {
                LearnedFile::AsWritten => true,
                LearnedFile::Changed => return Err(WriteError::Edited { path: path.to_owned() }),
                LearnedFile::Other => false,
            },
            Ours::Sidecar => serde_json::from_slice(&bytes).is_ok_and(|value| sidecar::is_ours(&value)),
            Ours::Same(wanted) => bytes == *wanted,
            // Whoever wrote it: a recording is taken once.
            Ours::Nothing => return Err(WriteError::Stays { path: path.to_owned() }),
            Ours::Report(report) => {
                let imprint = report.imprinting.find(&bytes, &report.headings);
                return report.check(path, &imprint.ok_or_else(not_ours)?);
            }
        };
        if is_ours { Ok(()) } else { Err(not_ours()) }
    }
}

impl ReportFile {
    /// Refuses a report of another capture, and a verdict where nothing but errors would take its place.
    fn check(&self, path: &Path, there: &Imprint) -> Result<(), WriteError> {
        if there.kind != self.kind {
            return Err(WriteError::NotOurs { path: path.to_owned() });
        }
        let captures = Captures::of(&self.of);
        if let Some(other) = there.of.iter().find(|old| !captures.have(old)) {
            let (path, of) = (path.to_owned(), other.path.clone());
            // What is of a whole run has a name of its own, which no --name changes.
            return Err(match self.of.as_slice() {
                [_] => WriteError::OtherCapture { path, of },
                [] | [_, _, ..] => WriteError::OtherRun { path, of },
            });
        }
        self.keep_verdict(path, there)
    }

    /// Refuses the place of a verdict to a report of nothing but errors.
    fn keep_verdict(&self, path: &Path, there: &Imprint) -> Result<(), WriteError> {
        let is_judged = |subject: &&Subject| subject.digest != Digest::Unread;
        match there.of.iter().find(is_judged).filter(|_| self.of.iter().all(|new| !is_judged(&new))) {
            Some(judged) => Err(WriteError::ErrorOverVerdict { path: path.to_owned(), of: judged.path.clone() }),
            None => Ok(()),
        }
    }

    /// Why a file that is there stays whatever the user forces: an error takes no verdict's place.
    pub(in crate::cli) fn kept(&self, path: &Path) -> Option<WriteError> {
        let there = self.imprinting.find(&std::fs::read(path).ok()?, &self.headings)?;
        self.keep_verdict(path, &there).err()
    }
}

/// The captures of a report, by all that tells whether another one is of the same.
struct Captures<'a> {
    of: &'a [Subject],
    digests: HashSet<&'a str>,
    paths: HashSet<Cow<'a, str>>,
}

impl<'a> Captures<'a> {
    fn of(of: &'a [Subject]) -> Captures<'a> {
        let digest = |subject: &'a Subject| match &subject.digest {
            Digest::Sha256(digest) => Some(digest.as_str()),
            Digest::Untold | Digest::Unread => None,
        };
        // Standard input is another capture each time.
        let paths = of.iter().map(|subject| subject.path.as_str()).filter(|path| *path != STANDARD);
        // A table holds paths as cells.
        let paths = paths.flat_map(|path| [Cow::Borrowed(path), csv_cell(path)]).collect();
        Captures { of, digests: of.iter().filter_map(digest).collect(), paths }
    }

    /// Whether a capture is among them: by its bytes, or by its path.
    fn have(&self, old: &Subject) -> bool {
        let is_same_digest = matches!(&old.digest, Digest::Sha256(digest) if self.digests.contains(digest.as_str()));
        let is_same_file = || self.of.iter().any(|new| is_same_file(Path::new(&new.path), Path::new(&old.path)));
        is_same_digest || self.paths.contains(old.path.as_str()) || (old.path != STANDARD && is_same_file())
    }
}
