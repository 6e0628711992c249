//! Several files of results made one.

use std::io::Write;

use polars::prelude::DataFrame;

use super::TableError;
use super::results::{PART, ResultsFile, results};
use super::write::{TableWriter, data_frame};
use crate::table::TableFormat;

/// Rows are written in groups of about so many: of smaller ones a reader needs longer for their heads than for their rows.
const IN_A_GROUP: usize = 1 << 16;

/// Makes one file of several, without holding them all.
pub struct Compactor<W: Write> {
    out: TableWriter<W>,
    /// No rows, in the columns that there are.
    like: DataFrame,
    waiting: Option<DataFrame>,
}

impl<W: Write> Compactor<W> {
    /// A file without rows.
    ///
    /// # Errors
    /// [`TableError`] when it cannot be written.
    pub fn new(out: W) -> Result<Compactor<W>, TableError> {
        let none = results(&[]);
        let like = data_frame(&none, TableFormat::Parquet).map_err(|error| TableError::Library(error.to_string()))?;
        Ok(Compactor { out: TableWriter::new(out, &none)?, like, waiting: None })
    }

    /// Adds the judgements of a file that are kept, by their places in it. Rows say which file they came in.
    ///
    /// # Errors
    /// [`TableError`] when it cannot be read or written.
    pub fn add(
        &mut self,
        name: &str,
        file: &ResultsFile<impl AsRef<[u8]>>,
        keep: impl Fn(u32) -> bool,
    ) -> Result<(), TableError> {
        file.frames(keep, |columns, keep| {
            let rows = columns.kept(keep, &self.like, (PART, name))?;
            let waiting = self.waiting.get_or_insert_with(|| self.like.clear());
            waiting.vstack_mut(&rows).map_err(|error| TableError::Library(error.to_string()))?;
            if waiting.height() >= IN_A_GROUP { self.write() } else { Ok(()) }
        })
    }

    fn write(&mut self) -> Result<(), TableError> {
        let Some(mut rows) = self.waiting.take() else { return Ok(()) };
        rows.rechunk_mut();
        self.out.write_frame(&rows)
    }

    /// Writes what belongs at the end of the file.
    ///
    /// # Errors
    /// [`TableError`] when it cannot be written.
    pub fn finish(mut self) -> Result<(), TableError> {
        self.write()?;
        self.out.finish()
    }
}
