//! Tables for spreadsheets and data tools, as CSV and Parquet: the frames of a capture, the checks of one or several,
//! and, as Parquet, the edges of a capture of any length.
//!
//! Values are in the base unit of their quantity (s, Hz, %, ppm, count). Parquet files say so in their metadata
//! (`strobecheck.units`: a JSON object of column and unit); a CSV file has no place for it but the `unit` column of the
//! checks. What is absent is null, an empty cell in CSV. In CSV, names are made visible and never a formula
//! ([`crate::escape::csv_cell`]); Parquet holds them as they are.
//!
//! This is the only place that knows the data frame library, and within it only `write`, `read` and `compact`.

mod checks;
mod columns;
mod compact;
mod edges;
mod frames;
mod read;
mod results;
#[cfg(test)]
mod testing;
mod write;

pub use crate::csv::EDGES_CSV;
pub use checks::{checks, subjects};
pub use compact::Compactor;
pub use edges::EdgeTable;
pub use frames::frames;
pub use read::is_reading;
pub use results::{Notes, Reading, ResultsFile, results};

use std::io;

use serde::{Serialize, Serializer};
use strum::EnumString;

use crate::report::Imprint;

/// What a table is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString)]
#[strum(serialize_all = "lowercase")]
pub enum TableFormat {
    /// Comma-separated values, with a line of headings.
    Csv,
    /// Apache Parquet, compressed with Zstandard.
    Parquet,
}

/// Why a table cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// What it is written to takes no more.
    #[error(transparent)]
    Write(#[from] io::Error),
    /// The library refused it.
    #[error("the table cannot be written: {0}")]
    Library(String),
    /// It is no table, or not the one that is expected.
    #[error("it is no table of results: {0}")]
    Unreadable(String),
}

/// A table: columns of equal length. Within a JSON document it is an object of columns, in their order, each an array of its cells.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// What it is a table of, and the version of its columns: `frames/1`.
    kind: &'static str,
    /// What a Parquet file says of itself to be known by; parts of a folder of results are known by their names.
    imprint: Option<Imprint>,
    columns: Vec<TableColumn>,
}

/// A column and its name.
#[derive(Debug, Clone, PartialEq)]
struct TableColumn {
    name: &'static str,
    /// The unit of its values, where they have one.
    unit: Option<&'static str>,
    cells: Cells,
}

/// The cells of a column, by type.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
enum Cells {
    Text(Vec<Option<String>>),
    Flag(Vec<Option<bool>>),
    /// Whole numbers: frames, samples, counts. No reader of tables subtracts unsigned ones well.
    Whole(Vec<Option<i64>>),
    Number(Vec<Option<f64>>),
    /// Microseconds since 1970, UTC.
    Time(Vec<Option<i64>>),
}

impl Serialize for Table {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.columns.iter().map(|column| (column.name, &column.cells)))
    }
}

impl Table {
    /// The bytes of the table's file.
    ///
    /// # Errors
    /// [`TableError`] when the library refuses it.
    pub fn bytes(&self, format: TableFormat) -> Result<Vec<u8>, TableError> {
        match format {
            TableFormat::Csv => write::csv(self),
            TableFormat::Parquet => write::parquet(self),
        }
    }
}
