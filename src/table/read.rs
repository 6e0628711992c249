//! From the bytes of a Parquet file to its columns. With [`super::write`] and [`super::compact`], the only
//! files that name the data frame library.

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use polars::prelude::{
    BooleanChunked, ChunkedArray, Column, DataFrame, Float64Type, Int64Type, NewChunkedArray, PolarsResult,
    StringChunked,
};
use polars_io::SerReader;
use polars_io::parquet::metadata::FileMetadataRef;
use polars_io::parquet::read::{ParallelStrategy, ParquetReader};
use polars_parquet::read::read_metadata;

use super::TableError;
use super::columns::micros;
use super::write::{KIND, times};
use crate::units::calendar_seconds;

/// How many files the library reads at this moment.
static READING: AtomicUsize = AtomicUsize::new(0);

/// Whether the library reads a file at this moment. A panic of any thread is then about that file, which is refused for it:
/// it is no bug of ours to tell of.
pub fn is_reading() -> bool {
    READING.load(Ordering::SeqCst) > 0
}

/// What the library reads of a file. It panics at some files that were made to harm, or are damaged: they are refused.
fn read_whole<T>(read: impl FnOnce() -> Result<T, TableError>) -> Result<T, TableError> {
    READING.fetch_add(1, Ordering::SeqCst);
    // What was half read is not looked at.
    let done = catch_unwind(AssertUnwindSafe(read));
    READING.fetch_sub(1, Ordering::SeqCst);
    done.unwrap_or_else(|_| Err(TableError::Unreadable("it is damaged".to_owned())))
}

/// What a file says of itself at its end, which is read once.
#[derive(Debug, Clone)]
pub(super) struct Foot {
    metadata: FileMetadataRef,
    kind: Option<String>,
}

impl Foot {
    pub(super) fn read(bytes: &[u8]) -> Result<Foot, TableError> {
        read_whole(|| {
            let mut metadata = read_metadata(&mut Cursor::new(bytes)).map_err(library)?;
            // Arrow's schema is among them, says nothing of the columns that Parquet's does not, and takes as long to read.
            let notes = metadata.key_value_metadata.take().into_iter().flatten();
            let kind = notes.into_iter().find(|note| note.key == KIND).and_then(|note| note.value);
            Ok(Foot { metadata: Arc::new(metadata), kind })
        })
    }

    /// What it says that it is a table of, and the version of its columns.
    pub(super) fn kind(&self) -> Option<&str> {
        self.kind.as_deref()
    }
}

/// Some rows of some columns.
#[derive(Debug, Clone)]
pub(super) struct Columns(DataFrame);

/// A column of texts.
pub(super) struct Texts<'a>(&'a StringChunked);

/// A column of numbers.
pub(super) struct Numbers<'a>(&'a ChunkedArray<Float64Type>);

/// A column of counts.
pub(super) struct Counts<'a>(&'a ChunkedArray<Int64Type>);

/// What the library says, without its guess at what was meant: nobody typed it.
fn library(error: impl std::fmt::Display) -> TableError {
    TableError::Unreadable(error.to_string().lines().next().unwrap_or_default().to_owned())
}

impl Columns {
    /// The rows that are kept, in the columns and types of `like`; those that are not there have no cells, but for
    /// `filled`, in which empty cells get a text.
    pub(super) fn kept(self, keep: &[bool], like: &DataFrame, filled: (&str, &str)) -> Result<DataFrame, TableError> {
        let mask = BooleanChunked::from_slice("".into(), keep);
        let rows = self.0.filter(&mask).map_err(library)?;
        let column = |wanted: &Column| {
            let column = match rows.column(wanted.name()) {
                Ok(column) if column.dtype() == wanted.dtype() => column.clone(),
                // An older part holds times as texts.
                Ok(column) if wanted.dtype().is_datetime() && column.dtype().is_string() => {
                    let micros = |text: Option<&str>| text.and_then(calendar_seconds).and_then(micros);
                    times(wanted.name().clone(), column.str().map_err(library)?.iter().map(micros))
                }
                Ok(column) => return Err(library(format!("{} is {}", wanted.name(), column.dtype()))),
                Err(_) => Column::full_null(wanted.name().clone(), rows.height(), wanted.dtype()),
            };
            if wanted.name() != filled.0 {
                return Ok(column);
            }
            let texts = column.str().map_err(library)?.iter().map(|text| Some(text.unwrap_or(filled.1)));
            Ok(Column::new(wanted.name().clone(), texts.collect::<Vec<_>>()))
        };
        let columns = like.columns().iter().map(column).collect::<Result<Vec<_>, _>>()?;
        DataFrame::new(rows.height(), columns).map_err(library)
    }

    /// At most `count` rows of these columns from row `from` on.
    pub(super) fn read(
        bytes: Cursor<&[u8]>,
        foot: &Foot,
        from: usize,
        count: usize,
        names: Option<&[&str]>,
    ) -> Result<Columns, TableError> {
        let names = names.map(|names| names.iter().map(|name| (*name).to_owned()).collect());
        read_whole(|| {
            // Small files are read several at a time: to divide one costs more than to read it.
            let parallel = if foot.metadata.num_rows > count { ParallelStrategy::Auto } else { ParallelStrategy::None };
            let reader = ParquetReader::new(bytes).with_columns(names).with_slice(Some((from, count)));
            let mut reader = reader.read_parallel(parallel);
            reader.set_metadata(foot.metadata.clone());
            let frame: PolarsResult<DataFrame> = reader.finish();
            let mut frame = frame.map_err(library)?;
            frame.rechunk_mut();
            // It makes one of columns that state different lengths.
            if frame.columns().iter().any(|column| column.len() != frame.height()) {
                return Err(library("its columns are of different lengths"));
            }
            Ok(Columns(frame))
        })
    }

    pub(super) fn height(&self) -> usize {
        self.0.height()
    }

    pub(super) fn texts<const N: usize>(&self, names: [&str; N]) -> Result<[Texts<'_>; N], TableError> {
        let texts = names.map(|name| Ok(Texts(self.0.column(name).and_then(|column| column.str()).map_err(library)?)));
        all(texts)
    }

    pub(super) fn text(&self, name: &str) -> Result<Texts<'_>, TableError> {
        let [texts] = self.texts([name])?;
        Ok(texts)
    }

    pub(super) fn numbers<const N: usize>(&self, names: [&str; N]) -> Result<[Numbers<'_>; N], TableError> {
        let numbers =
            names.map(|name| Ok(Numbers(self.0.column(name).and_then(|column| column.f64()).map_err(library)?)));
        all(numbers)
    }

    pub(super) fn counts<const N: usize>(&self, names: [&str; N]) -> Result<[Counts<'_>; N], TableError> {
        all(names.map(|name| Ok(Counts(self.0.column(name).and_then(|column| column.i64()).map_err(library)?))))
    }

    pub(super) fn count(&self, name: &str) -> Result<Counts<'_>, TableError> {
        let [counts] = self.counts([name])?;
        Ok(counts)
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
