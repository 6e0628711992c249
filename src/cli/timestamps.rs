//! `--timestamps`: the camera's own log.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::Failure;
use super::files::Files;
use super::load::{LoadError, open_source};
use crate::format::{FormatError, Source, refuse_no_file, sha256};
use crate::log::{CameraLog, LogColumns};
use crate::report::LogFile;

/// Longer files are no logs of a capture.
const LONGEST: u64 = 256 << 20;

/// A log that was read and not parsed: its columns are for each capture's spec to name.
pub(super) struct LogBytes {
    path: PathBuf,
    sha256: String,
    bytes: Vec<u8>,
}

impl LogBytes {
    /// Reads the file that the command line names.
    pub(super) fn read(path: Option<&Path>, files: &Files) -> Result<Option<LogBytes>, Failure> {
        let Some(path) = path else { return Ok(None) };
        let source = open_source(path, files)?.source;
        let failed = |source| Failure::ReadFile { path: path.to_owned(), source };
        if source.len() > LONGEST {
            let text = format!("is longer than {LONGEST} bytes");
            return Err(failed(std::io::Error::new(std::io::ErrorKind::FileTooLarge, text)));
        }
        if let Err(pointer @ FormatError::Pointer) = refuse_no_file(source.as_ref()) {
            return Err(LoadError::Read { path: path.to_owned(), source: Box::new(pointer) }.into());
        }
        let bytes = all_of(source.as_ref()).map_err(failed)?;
        let sha256 = sha256(source.as_ref()).map_err(failed)?;
        Ok(Some(LogBytes { path: path.to_owned(), sha256, bytes }))
    }

    /// What it says by these columns.
    pub(super) fn parse(&self, columns: &LogColumns) -> Result<LogFile, Failure> {
        let path = self.path.display().to_string();
        let log = CameraLog::parse(&path, &self.bytes, columns)?;
        Ok(LogFile { path, sha256: self.sha256.clone(), log: Arc::new(log) })
    }
}

fn all_of(source: &dyn Source) -> std::io::Result<Vec<u8>> {
    let length = usize::try_from(source.len()).map_err(|_| std::io::ErrorKind::FileTooLarge)?;
    let mut bytes = vec![0; length];
    let read = source.fill_at(&mut bytes, 0)?;
    bytes.truncate(read);
    Ok(bytes)
}
