//! From the bytes of a Parquet file to its columns. With [`super::write`], the only files that name the data frame
//! library.

use std::io::Cursor;

use polars::prelude::{ChunkedArray, DataFrame, Float64Type, Int64Type, PolarsResult, StringChunked};
use polars_io::SerReader;
use polars_io::parquet::read::ParquetReader;

use super::TableError;

/// Some rows of some columns.
pub(super) struct Columns(DataFrame);

/// A column of texts.
pub(super) struct Texts<'a>(&'a StringChunked);

/// A column of numbers.
pub(super) struct Numbers<'a>(&'a ChunkedArray<Float64Type>);

/// A column of counts.
pub(super) struct Counts<'a>(&'a ChunkedArray<Int64Type>);

fn library(error: impl std::fmt::Display) -> TableError {
    TableError::Unreadable(error.to_string())
}

impl Columns {
    /// At most `count` rows of these columns from row `from` on.
    pub(super) fn read(bytes: Cursor<&[u8]>, from: usize, count: usize, names: &[&str]) -> Result<Columns, TableError> {
        let names = names.iter().map(|name| (*name).to_owned()).collect();
        let reader = ParquetReader::new(bytes).with_columns(Some(names)).with_slice(Some((from, count)));
        let frame: PolarsResult<DataFrame> = reader.finish();
        let mut frame = frame.map_err(library)?;
        frame.rechunk_mut();
        Ok(Columns(frame))
    }

    pub(super) fn height(&self) -> usize {
        self.0.height()
    }

    pub(super) fn texts<const N: usize>(&self, names: [&str; N]) -> Result<[Texts<'_>; N], TableError> {
        let texts = names.map(|name| Ok(Texts(self.0.column(name).and_then(|column| column.str()).map_err(library)?)));
        all(texts)
    }

    pub(super) fn numbers<const N: usize>(&self, names: [&str; N]) -> Result<[Numbers<'_>; N], TableError> {
        let numbers =
            names.map(|name| Ok(Numbers(self.0.column(name).and_then(|column| column.f64()).map_err(library)?)));
        all(numbers)
    }

    pub(super) fn counts(&self, name: &str) -> Result<Counts<'_>, TableError> {
        Ok(Counts(self.0.column(name).and_then(|column| column.i64()).map_err(library)?))
    }
}

/// All of them, or the first error.
fn all<T, const N: usize>(results: [Result<T, TableError>; N]) -> Result<[T; N], TableError> {
    let found: Vec<T> = results.into_iter().collect::<Result<_, _>>()?;
    found.try_into().map_err(|_| TableError::Unreadable("columns are missing".to_owned()))
}

impl<'a> Texts<'a> {
    pub(super) fn get(&self, row: usize) -> Option<&'a str> {
        self.0.get(row)
    }
}

impl Numbers<'_> {
    pub(super) fn get(&self, row: usize) -> Option<f64> {
        self.0.get(row)
    }
}

impl Counts<'_> {
    pub(super) fn get(&self, row: usize) -> Option<u64> {
        self.0.get(row).and_then(|count| u64::try_from(count).ok())
    }
}
