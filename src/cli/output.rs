//! Saying and printing: a standard output whose reader may go away, and why something could not be written.

use std::io::{self, Write};
use std::path::PathBuf;

use crate::escape::visible;
use crate::format::io_text;

/// So many bytes are written at a time.
const BUFFER: usize = 128 << 10;

/// Why something could not be written.
#[derive(Debug, thiserror::Error)]
pub(super) enum WriteError {
    #[error("{}: cannot be written: {}", path.display(), io_text(source))]
    File { path: PathBuf, source: io::Error },
    #[error("standard output: {}", io_text(.0))]
    StandardOutput(#[source] io::Error),
    #[error("{}: nothing is written over {}, which this run reads", path.display(), input.display())]
    IsRead { path: PathBuf, input: PathBuf },
    #[error("{}: it is to be written twice, the other time as {}", path.display(), other.display())]
    Twice { path: PathBuf, other: PathBuf },
    #[error("{}: it is there, and is none that this command wrote; name another file, or replace it with --force", path.display())]
    NotOurs { path: PathBuf },
    #[error(
        "{}: it is the report of another capture, {}; name reports apart with --name '{{parent}}-{{stem}}', write them to another \
         folder with --reports, or replace it with --force",
        path.display(), visible(of)
    )]
    OtherCapture { path: PathBuf, of: String },
    #[error("{}: it stays as it is: the verdict on {} is not replaced by an error", path.display(), visible(of))]
    ErrorOverVerdict { path: PathBuf, of: String },
}

/// Writes data to standard output as they are: nothing is taken for a style.
pub(super) fn print<T, E: From<WriteError>>(write: impl FnOnce(&mut dyn Write) -> Result<T, E>) -> Result<T, E> {
    let mut out = io::BufWriter::with_capacity(BUFFER, io::stdout().lock());
    let written = write(&mut out)?;
    out.flush().map_err(WriteError::StandardOutput)?;
    Ok(written)
}

/// Prints a text, styled if standard output is a terminal.
pub(super) fn print_text(text: &str) -> Result<(), WriteError> {
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

/// Says something on standard error; there is nowhere left to say that it could not be said.
pub(super) fn say(text: impl std::fmt::Display) {
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
