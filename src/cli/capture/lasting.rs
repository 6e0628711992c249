//! A file that outlasts what may happen to whoever writes it: the end of the process, and of the power.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::time::{Duration, Instant};

/// So long what is handed on may be in memory alone.
const SOON: Duration = Duration::from_secs(1);

/// A file whose bytes are the system's when it is flushed, and on the disk soon after.
#[derive(Debug)]
pub(super) struct Lasting {
    file: BufWriter<File>,
    /// None: nothing is on the disk yet.
    synced: Option<Instant>,
}

impl Lasting {
    pub(super) fn create(path: &Path) -> io::Result<Lasting> {
        Ok(Lasting { file: BufWriter::new(File::create(path)?), synced: None })
    }

    /// All of it is on the disk.
    pub(super) fn end(self) -> io::Result<()> {
        self.file.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()
    }
}

impl Write for Lasting {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()?;
        if self.synced.is_none_or(|synced| synced.elapsed() >= SOON) {
            self.file.get_ref().sync_all()?;
            self.synced = Some(Instant::now());
        }
        Ok(())
    }
}
