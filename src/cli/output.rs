//! Saying and printing: a standard output whose reader may go away, and why something could not be written.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::capture::{Capture, Extent};
use crate::escape::{log_lines, visible};
use crate::format::io_text;
use crate::format::srzip::{self, SrzipWriter};
use crate::report::{Imprint, Written};

/// So many bytes are written at a time.
const BUFFER: usize = 128 << 10;

/// A path as it is said.
pub(super) fn shown(path: &Path) -> String {
    visible(&path.display().to_string()).into_owned()
}

/// Why something could not be written.
#[derive(Debug, thiserror::Error)]
pub(super) enum WriteError {
    #[error("{}: cannot be written: {}", shown(path), io_text(source))]
    File { path: PathBuf, source: io::Error },
    #[error("standard output: {}", io_text(.0))]
    StandardOutput(#[source] io::Error),
    #[error("{}: nothing is written over {}, which this run reads", shown(path), shown(input))]
    IsRead { path: PathBuf, input: PathBuf },
    #[error("{}: it is to be written twice, the other time as {}", shown(path), shown(other))]
    Twice { path: PathBuf, other: PathBuf },
    #[error(
        "{}: it is there, and is none that this command wrote; name another file, or replace it with --force",
        shown(path)
    )]
    NotOurs { path: PathBuf },
    #[error("{}: it is there, and nothing takes its place; name another file, or replace it with --force", shown(path))]
    Stays { path: PathBuf },
    #[error(
        "{}: it is there, and was edited since a command wrote it, or an older version wrote it; name another file, or replace it \
         with --force",
        shown(path)
    )]
    Edited { path: PathBuf },
    #[error(
        "{}: it is the report of another capture, {}; name reports apart with --name '{{parent}}-{{stem}}', write them to another \
         folder with --reports, or replace it with --force",
        shown(path),
        visible(of)
    )]
    OtherCapture { path: PathBuf, of: String },
    #[error(
        "{}: it is of another run, which read {}; write the reports of this one to another folder with --reports, or replace it with \
         --force",
        shown(path),
        visible(of)
    )]
    OtherRun { path: PathBuf, of: String },
    #[error("{}: it stays as it is: the verdict on {} is not replaced by an error", shown(path), visible(of))]
    ErrorOverVerdict { path: PathBuf, of: String },
}

/// Writes data to standard output as they are: nothing is taken for a style.
pub(super) fn print<T, E: From<WriteError>>(write: impl FnOnce(&mut dyn Write) -> Result<T, E>) -> Result<T, E> {
    let mut out = io::BufWriter::with_capacity(BUFFER, io::stdout().lock());
    let written = write(&mut out)?;
    out.flush().map_err(WriteError::StandardOutput)?;
    Ok(written)
}

/// The same of data that are there.
pub(super) fn print_bytes(bytes: &[u8]) -> Result<(), WriteError> {
    print(|out| out.write_all(bytes).map_err(WriteError::StandardOutput))
}

/// Prints a text, styled if standard output is a terminal, and no command to a CI.
pub(super) fn print_text(text: &str) -> Result<(), WriteError> {
    print_commands(&log_lines(text))
}

/// Prints a text that may have commands to a CI.
pub(super) fn print_commands(text: &str) -> Result<(), WriteError> {
    let mut out = anstream::AutoStream::auto(io::stdout().lock());
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(WriteError::StandardOutput)
}

/// Where a command says what it did: on standard output, unless what it made goes there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Aside {
    Output,
    Error,
}

impl Aside {
    /// How many columns there are; none where it is no terminal, but a log, which is cut nowhere.
    pub(super) fn width(self) -> Option<usize> {
        let size = match self {
            Aside::Output => terminal_size::terminal_size_of(io::stdout()),
            Aside::Error => terminal_size::terminal_size_of(io::stderr()),
        };
        size.map(|(columns, _)| columns.0.into())
    }

    pub(super) fn print(self, text: &str) -> Result<(), WriteError> {
        match self {
            Aside::Output => print_text(text),
            Aside::Error => {
                say(text.trim_end());
                Ok(())
            }
        }
    }
}

/// Says something on standard error, and no command to a CI; there is nowhere left to say that it could not be said.
pub(super) fn say(text: impl std::fmt::Display) {
    say_commands(log_lines(&text.to_string()));
}

/// The same of what may be commands to a CI.
pub(super) fn say_commands(text: impl std::fmt::Display) {
    let mut err = anstream::AutoStream::auto(io::stderr().lock());
    let _unsaid = writeln!(err, "{text}");
}

/// Whether an error comes from a reader of our output that went away, as `head` does: a quiet end.
pub(super) fn is_closed_pipe(error: &(dyn std::error::Error + 'static)) -> bool {
    let mut next = Some(error);
    while let Some(error) = next {
        if error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe) {
            return true;
        }
        next = error.source();
    }
    false
}

/// Writes a capture as a session, with what is lost in it.
pub(super) fn write_session(capture: &Capture, kind: Written, out: &mut dyn Write) -> Result<(), srzip::WriteError> {
    let writer = SrzipWriter::new(out, &capture.header.probes, &capture.rate)?;
    let mut writer = writer.with_comment(Imprint::new(kind).to_string());
    capture.replay(&mut writer)?;
    let (lost, problems) = (capture.lost.clone(), capture.problems.clone());
    writer.finish_marked(&Extent { lost, problems, ..Extent::whole(capture.length) })?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_closed_pipe_is_found_behind_other_errors() {
        let pipe = || io::Error::from(io::ErrorKind::BrokenPipe);
        assert!(is_closed_pipe(&WriteError::File { path: "x".into(), source: pipe() }));
        assert!(!is_closed_pipe(&io::Error::other("x")));
    }
}
