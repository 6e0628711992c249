//! Files under temporary names, which take their places together.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tempfile::TempPath;

use super::{BUFFER, Target};
use crate::cli::output::WriteError;

/// A file that is written whole, under its temporary name. It is not kept open: a run may have more of them than a
/// process may have open files.
#[derive(Debug)]
pub(in crate::cli) struct Staged<'f> {
    target: Target<'f>,
    temporary: TempPath,
    place: PathBuf,
}

/// The temporary files that there are; an interruption takes them away.
static TEMPORARY: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

fn temporary() -> MutexGuard<'static, BTreeSet<PathBuf>> {
    TEMPORARY.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Takes all temporary files away; none is made, and none takes its place, while the guard is held.
pub(in crate::cli) fn drop_temporary_files() -> impl Sized {
    let mut files = temporary();
    for path in std::mem::take(&mut *files) {
        // What is gone already need not go.
        let _gone = std::fs::remove_file(path);
    }
    files
}

impl<'f> Target<'f> {
    /// Writes a file whole, to a temporary name beside the one that it is to have.
    pub(in crate::cli) fn stage<T, E: From<WriteError>>(
        self,
        write: impl FnOnce(&mut dyn Write) -> Result<T, E>,
    ) -> Result<(Staged<'f>, T), E> {
        let path = self.place.clone().unwrap_or_default();
        let error = |source| WriteError::File { path: path.clone(), source };
        // Where the name is a link, what it links to is written.
        let place = path.canonicalize().unwrap_or_else(|_| path.clone());
        let folder = folder_of(&place);
        std::fs::create_dir_all(folder).map_err(error)?;
        let mut known = temporary();
        let (mut file, temporary) = temporary_in(folder).map_err(error)?.into_parts();
        known.insert(temporary.to_path_buf());
        drop(known);
        let staged = Staged { target: self, temporary, place };
        let mut buffered = io::BufWriter::with_capacity(BUFFER, &mut file);
        let written = write(&mut buffered)?;
        buffered.flush().map_err(error)?;
        drop(buffered);
        // What is replaced keeps its rights.
        if let Ok(there) = staged.place.metadata() {
            file.set_permissions(there.permissions()).map_err(error)?;
        }
        Ok((staged, written))
    }

    /// The same with bytes that are there.
    pub(in crate::cli) fn stage_bytes(self, bytes: &[u8]) -> Result<Staged<'f>, WriteError> {
        let path = self.place.clone().unwrap_or_default();
        let written = self.stage(|out| out.write_all(bytes).map_err(|source| WriteError::File { path, source }));
        written.map(|(staged, ())| staged)
    }
}

/// A temporary file elsewhere, which an interruption takes away as well.
pub(in crate::cli) fn scratch() -> io::Result<(File, TempPath)> {
    let mut known = temporary();
    let (file, path) = tempfile::NamedTempFile::new()?.into_parts();
    known.insert(path.to_path_buf());
    Ok((file, path))
}

/// A new file with the rights that any program's files have here.
fn temporary_in(folder: &Path) -> io::Result<tempfile::NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.prefix(".strobecheck-").tempfile_in(folder)
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Gives files their names: all of them, or, where one must not be replaced or an interruption comes before, none. Runs
/// that write to the same folders do so one after the other.
pub(in crate::cli) fn commit(staged: Vec<Staged<'_>>) -> Result<(), WriteError> {
    // Each once, whatever it is called: nobody waits for himself.
    let folders = staged.iter().filter_map(|staged| folder_of(&staged.place).canonicalize().ok());
    let folders: BTreeSet<PathBuf> = folders.collect();
    let _locked: Vec<File> = folders.iter().filter_map(|folder| locked(folder)).collect();
    staged.iter().try_for_each(|staged| staged.target.check())?;
    let mut known = temporary();
    for Staged { temporary, place, .. } in staged {
        known.remove::<Path>(temporary.as_ref());
        temporary.persist(&place).map_err(|error| WriteError::File { path: place, source: error.error })?;
    }
    Ok(())
}

/// A folder that no other run writes to until this is dropped; none where the system has no such locks.
fn locked(folder: &Path) -> Option<File> {
    let folder = File::open(folder).ok()?;
    folder.lock().ok()?;
    Some(folder)
}
