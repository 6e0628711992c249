//! Writing: files whole or not at all, and a standard output whose reader may go away.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::format::io_text;

/// So many bytes are written at a time.
const BUFFER: usize = 128 << 10;

/// Why something could not be written.
#[derive(Debug, thiserror::Error)]
pub(super) enum WriteError {
    #[error("{}: cannot be written: {}", path.display(), io_text(source))]
    File { path: PathBuf, source: io::Error },
    #[error("standard output: {}", io_text(.0))]
    StandardOutput(io::Error),
}

/// Writes a file whole or not at all: to a temporary name beside it, which then takes its place. Missing folders are made.
pub(super) fn write_file<T, E: From<WriteError>>(
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> Result<T, E>,
) -> Result<T, E> {
    let error = |source| WriteError::File { path: path.to_owned(), source };
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder).map_err(error)?;
    let mut file = tempfile::Builder::new().prefix(".strobecheck-").tempfile_in(folder).map_err(error)?;
    let mut buffered = io::BufWriter::with_capacity(BUFFER, file.as_file_mut());
    let written = write(&mut buffered)?;
    buffered.flush().map_err(error)?;
    drop(buffered);
    share_like_other_files(file.path()).map_err(error)?;
    file.persist(path).map_err(|persist| error(persist.error))?;
    Ok(written)
}

/// Temporary files are made for their owner alone; a report is for whoever may read the folder.
#[cfg(unix)]
fn share_like_other_files(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    const READ_BY_ALL: u32 = 0o644;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(READ_BY_ALL))
}

#[cfg(not(unix))]
fn share_like_other_files(_: &Path) -> io::Result<()> {
    Ok(())
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
    fn a_failed_write_leaves_the_old_file_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sub/report.json");
        write_file(&path, |out| out.write_all(b"old").map_err(WriteError::StandardOutput)).unwrap();
        let failed: Result<(), WriteError> = write_file(&path, |out| {
            out.write_all(b"half").map_err(WriteError::StandardOutput)?;
            Err(WriteError::StandardOutput(io::Error::other("disk full")))
        });
        assert!(failed.is_err());
        assert_eq!(std::fs::read(&path).unwrap(), b"old");
        assert_eq!(std::fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
    }

    #[test]
    fn a_closed_pipe_is_found_behind_other_errors() {
        let pipe = || io::Error::from(io::ErrorKind::BrokenPipe);
        assert!(is_closed_pipe(&WriteError::File { path: "x".into(), source: pipe() }));
        assert!(!is_closed_pipe(&io::Error::other("x")));
    }
}
