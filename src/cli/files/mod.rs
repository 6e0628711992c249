//! The files of a run: what it reads, and what it writes. Nothing that is read is ever written, and nothing is replaced
//! that somebody else may miss.

mod identity;
mod ours;
mod staged;

pub(super) use ours::{Ours, ReportFile};
pub(super) use staged::{Staged, commit, drop_temporary_files, scratch};

use std::collections::HashMap;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::output::{self, Aside, WriteError};
use identity::{Identity, identities};

/// The name that stands for standard input, or for standard output.
pub(super) const STANDARD: &str = "-";

/// So many bytes are written at a time.
const BUFFER: usize = 128 << 10;

/// What a run reads and writes.
#[derive(Debug, Default)]
pub(super) struct Files {
    read: Known,
    written: Known,
    /// Whether what this program did not write may be replaced (`--force`).
    force: bool,
}

/// Files, and the names under which they were noted.
#[derive(Debug, Default)]
struct Known(Mutex<Noted>);

#[derive(Debug, Default)]
struct Noted {
    /// Those that nobody has asked for since: to find out what a name stands for takes longer than to read a small file.
    names: Vec<PathBuf>,
    files: HashMap<Identity, PathBuf>,
}

impl Known {
    fn lock(&self) -> MutexGuard<'_, Noted> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The name under which a file is known.
    fn name_of(&self, path: &Path) -> Option<PathBuf> {
        let Noted { names, files } = &mut *self.lock();
        for name in names.drain(..) {
            files.extend(identities(&name).map(|identity| (identity, name.clone())));
        }
        identities(path).find_map(|identity| files.get(&identity).cloned())
    }

    fn add(&self, path: &Path) {
        self.lock().names.push(path.to_owned());
    }
}

impl Files {
    /// The files of a run that writes; with `force` it may replace what this program did not write.
    pub(super) fn new(force: bool) -> Files {
        Files { force, ..Files::default() }
    }

    /// Notes that a file is read. It is noted before it is opened: no command can read one and forget to.
    pub(super) fn reads(&self, path: &Path) {
        if path != Path::new(STANDARD) {
            self.read.add(path);
        }
    }

    /// A file to write, if it may be written: it is none that is read, not written twice, and either not there or one
    /// that this program wrote.
    ///
    /// # Errors
    /// [`WriteError`] says what stands against it.
    pub(super) fn target(&self, path: &Path, ours: Ours) -> Result<Target<'_>, WriteError> {
        let place = if path == Path::new(STANDARD) { None } else { Some(path.to_owned()) };
        let target = Target { files: self, place, ours };
        target.check()?;
        if let Some(other) = self.written.name_of(path) {
            return Err(WriteError::Twice { path: path.to_owned(), other });
        }
        self.written.add(path);
        Ok(target)
    }
}

/// Whether it is a device or a pipe, which is written to: a file beside it would take its place.
fn is_device(path: &Path) -> bool {
    path.metadata().is_ok_and(|metadata| !metadata.is_file())
}

/// Writes a file to a device or a pipe, and removes it.
fn hand_over(written: &Path, device: &Path) -> io::Result<()> {
    io::copy(&mut std::fs::File::open(written)?, &mut std::fs::OpenOptions::new().write(true).open(device)?)?;
    std::fs::remove_file(written)
}

/// A file that may be written, or standard output.
#[derive(Debug)]
pub(super) struct Target<'f> {
    files: &'f Files,
    /// None: standard output.
    place: Option<PathBuf>,
    ours: Ours,
}

impl Target<'_> {
    /// Where to say what is written.
    pub(super) fn aside(&self) -> Aside {
        if self.place.is_none() { Aside::Error } else { Aside::Output }
    }

    /// Writes a file whole or not at all: to a temporary name beside it, which then takes its place. Missing folders are
    /// made.
    pub(super) fn write<T, E: From<WriteError>>(
        self,
        write: impl FnOnce(&mut dyn Write) -> Result<T, E>,
    ) -> Result<T, E> {
        let Some(path) = &self.place else { return output::print(write) };
        if is_device(path) {
            let error = |source| WriteError::File { path: path.to_owned(), source };
            let file = std::fs::OpenOptions::new().write(true).open(path).map_err(error)?;
            let mut buffered = io::BufWriter::with_capacity(BUFFER, file);
            let written = write(&mut buffered)?;
            buffered.flush().map_err(error)?;
            return Ok(written);
        }
        let (staged, written) = self.stage(write)?;
        commit(vec![staged])?;
        Ok(written)
    }

    /// The same with bytes that are there.
    pub(super) fn write_bytes(self, bytes: &[u8]) -> Result<(), WriteError> {
        let name = self.place.clone();
        self.write(|out| {
            out.write_all(bytes).map_err(|source| match name {
                Some(path) => WriteError::File { path, source },
                None => WriteError::StandardOutput(source),
            })
        })
    }

    /// Makes the file, or gives the one that is there a new time.
    pub(super) fn touch(&self) -> Result<(), WriteError> {
        let Some(path) = &self.place else { return Ok(()) };
        let touched = std::fs::OpenOptions::new().create(true).append(true).open(path);
        let touched = touched.and_then(|file| file.set_modified(std::time::SystemTime::now()));
        touched.map_err(|source| WriteError::File { path: path.clone(), source })
    }

    /// Gives a file that was written beside it its name.
    pub(super) fn take(&self, written: &Path) -> Result<(), WriteError> {
        self.check()?;
        let path = self.place.clone().unwrap_or_default();
        let taken = if is_device(&path) { hand_over(written, &path) } else { std::fs::rename(written, &path) };
        taken.map_err(|source| WriteError::File { path, source })
    }

    /// Refuses what must not be replaced.
    fn check(&self) -> Result<(), WriteError> {
        let Some(path) = &self.place else { return Ok(()) };
        let Ok(metadata) = path.metadata() else { return Ok(()) };
        let error = |kind: io::ErrorKind, text: &str| {
            Err(WriteError::File { path: path.clone(), source: io::Error::new(kind, text) })
        };
        if metadata.is_dir() {
            return error(io::ErrorKind::IsADirectory, "is a folder");
        }
        if !metadata.is_file() {
            return Ok(());
        }
        if let Some(input) = self.files.read.name_of(path) {
            return Err(WriteError::IsRead { path: path.clone(), input });
        }
        if metadata.permissions().readonly() {
            return error(io::ErrorKind::PermissionDenied, "it is write-protected");
        }
        if metadata.len() == 0 || self.files.force {
            return Ok(());
        }
        self.ours.check(path)
    }
}
