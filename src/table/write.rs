//! From a table to the bytes of its file. With [`super::read`] and [`super::compact`], the only files that name the data
//! frame library.

use std::collections::BTreeMap;
use std::fmt;
use std::io::{self, Write};
use std::sync::{Arc, OnceLock};

use polars::prelude::{
    Column, CompatLevel, DataFrame, Int64Chunked, IntoColumn as _, NewChunkedArray as _, PlSmallStr, PolarsError,
    PolarsResult, Schema, SchemaExt as _, TimeUnit,
};
use polars_arrow::array::{Array, DictionaryArray, PrimitiveArray, Utf8ViewArray};
use polars_io::SerWriter;
use polars_io::csv::write::CsvWriter;
use polars_io::parquet::write::{BatchedWriter, KeyValueMetadata, ParquetWriter};
use polars_parquet::write::{
    CompressedPage, CompressionOptions, Encoding, ParquetType, StatisticsOptions, Version, WriteOptions, ZstdLevel,
    array_to_columns, compress, get_dtype_encoding, schema_to_metadata_key,
};

use super::{Cells, Table, TableColumn, TableError, TableFormat};
use crate::escape::csv_cell;

/// A group of fewer rows is not compressed: it hardly gets smaller, and to begin to unpack each of its columns takes longer than all
/// else that is read of it.
const FEW_ROWS: usize = 100;

/// Under this key a Parquet file says which table it is.
pub(super) const KIND: &str = "strobecheck.table";

/// A table as CSV.
pub(super) fn csv(table: &Table) -> Result<Vec<u8>, TableError> {
    let mut bytes = Vec::new();
    let written =
        data_frame(table, TableFormat::Csv).and_then(|mut frame| CsvWriter::new(&mut bytes).finish(&mut frame));
    written.map_err(|error| TableError::Library(error.to_string()))?;
    Ok(bytes)
}

/// A table as Parquet.
pub(super) fn parquet(table: &Table) -> Result<Vec<u8>, TableError> {
    let mut bytes = Vec::new();
    let rows = data_frame(table, TableFormat::Parquet).map_err(|error| TableError::Library(error.to_string()))?;
    let mut writer = TableWriter::of(&mut bytes, table, &rows)?;
    if rows.height() > 0 {
        writer.write_frame(&rows)?;
    }
    writer.finish()?;
    Ok(bytes)
}

/// Writes groups of rows of the same columns, one after the other, into one Parquet file.
pub(super) struct TableWriter<W: Write> {
    output: BatchedWriter<Target<W>>,
    failed: Arc<OnceLock<io::ErrorKind>>,
}

/// What the bytes are written to; it remembers why it failed, which the library may forget on the way: a closed pipe is
/// a quiet end, a full disk is not.
struct Target<W> {
    out: W,
    failed: Arc<OnceLock<io::ErrorKind>>,
}

impl<W: Write> Target<W> {
    fn remember<T>(&self, result: io::Result<T>) -> io::Result<T> {
        if let Err(error) = &result {
            self.failed.get_or_init(|| error.kind());
        }
        result
    }
}

impl<W: Write> Write for Target<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes);
        self.remember(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        let flushed = self.out.flush();
        self.remember(flushed)
    }
}

impl<W: Write> fmt::Debug for TableWriter<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TableWriter {{ failed: {:?} }}", self.failed)
    }
}

impl<W: Write> TableWriter<W> {
    /// A file of tables whose columns are those of `like`.
    pub(super) fn new(out: W, like: &Table) -> Result<TableWriter<W>, TableError> {
        let rows = data_frame(like, TableFormat::Parquet).map_err(|error| TableError::Library(error.to_string()))?;
        TableWriter::of(out, like, &rows)
    }

    fn of(out: W, like: &Table, rows: &DataFrame) -> Result<TableWriter<W>, TableError> {
        let failed = Arc::new(OnceLock::new());
        let target = Target { out, failed: failed.clone() };
        let notes = KeyValueMetadata::from_static(metadata(like, rows.schema()));
        let output = ParquetWriter::new(target).with_key_value_metadata(Some(notes)).batched(rows.schema());
        let output = output.map_err(|error| explained(&error, &failed))?;
        Ok(TableWriter { output, failed })
    }

    /// What makes its groups of rows.
    pub(super) fn packer(&mut self) -> Packer {
        Packer {
            columns: self.output.parquet_schema().fields().to_vec(),
            options: WriteOptions {
                statistics: StatisticsOptions::default(),
                version: Version::V1,
                // Higher levels take a tenth more of the time for files a seventh smaller.
                compression: CompressionOptions::Zstd(ZstdLevel::try_new(1).ok()),
                data_page_size: None,
            },
        }
    }

    /// Adds a group of rows.
    pub(super) fn write(&mut self, rows: &Packed) -> Result<(), TableError> {
        self.output.write_row_group(rows.rows as u64, &rows.columns).map_err(|error| explained(&error, &self.failed))
    }

    /// Adds rows, as a group of their own.
    pub(super) fn write_frame(&mut self, rows: &DataFrame) -> Result<(), TableError> {
        let packed = self.packer().pack_frame(rows)?;
        self.write(&packed)
    }

    /// Writes what belongs at the end of the file.
    pub(super) fn finish(self) -> Result<(), TableError> {
        self.output.finish().map(|_| ()).map_err(|error| explained(&error, &self.failed))
    }
}

fn explained(error: &PolarsError, failed: &OnceLock<io::ErrorKind>) -> TableError {
    match failed.get() {
        Some(kind) => TableError::Write(io::Error::new(*kind, error.to_string())),
        None => TableError::Library(error.to_string()),
    }
}

/// Makes groups of rows, on whatever thread.
#[derive(Debug, Clone)]
pub(super) struct Packer {
    columns: Vec<ParquetType>,
    options: WriteOptions,
}

/// A group of rows as it stands in the file: the pages of each column.
#[derive(Debug)]
pub(super) struct Packed {
    rows: usize,
    columns: Vec<Vec<CompressedPage>>,
}

/// A column without an empty cell, and what is known of its values: to find that out takes longer than to write them.
pub(super) enum Packing<'a> {
    /// A few texts, and which of them each row has.
    Texts(&'a [String], Vec<u32>),
    /// A few whole numbers, and which of them each row has.
    Wholes(&'a [i64], Vec<u32>),
    /// Whole numbers that rise.
    Rising(Vec<i64>),
    /// Numbers of which hardly two are equal.
    Numbers(Vec<f64>),
}

impl Packing<'_> {
    fn encoded(self) -> PolarsResult<(Box<dyn Array>, Encoding)> {
        let of = |values: Box<dyn Array>, rows| {
            let array = DictionaryArray::<u32>::try_from_keys(PrimitiveArray::from_vec(rows), values, false)?;
            Ok((array.boxed(), Encoding::RleDictionary))
        };
        match self {
            Packing::Texts(texts, rows) => of(Utf8ViewArray::from_slice_values(texts).boxed(), rows),
            Packing::Wholes(numbers, rows) => of(PrimitiveArray::from_slice(numbers).boxed(), rows),
            Packing::Rising(numbers) => Ok((PrimitiveArray::from_vec(numbers).boxed(), Encoding::DeltaBinaryPacked)),
            Packing::Numbers(numbers) => Ok((PrimitiveArray::from_vec(numbers).boxed(), Encoding::Plain)),
        }
    }
}

impl Packer {
    /// The group of rows that have these columns.
    pub(super) fn pack<'a>(&self, columns: impl IntoIterator<Item = Packing<'a>>) -> Result<Packed, TableError> {
        self.group(columns.into_iter().map(Packing::encoded))
    }

    /// The group of these rows.
    fn pack_frame(&self, rows: &DataFrame) -> Result<Packed, TableError> {
        self.group(rows.columns().iter().map(|column| {
            let array = column.as_materialized_series().rechunk().to_arrow(0, CompatLevel::newest());
            let encoding = get_dtype_encoding(array.dtype()).first().copied().unwrap_or(Encoding::Plain);
            Ok((array, encoding))
        }))
    }

    fn group(
        &self,
        columns: impl Iterator<Item = PolarsResult<(Box<dyn Array>, Encoding)>>,
    ) -> Result<Packed, TableError> {
        let mut rows = 0;
        let packed = columns.zip(&self.columns).map(|(column, of)| {
            let (array, encoding) = column?;
            rows = array.len();
            let mut options = self.options;
            if rows < FEW_ROWS {
                options.compression = CompressionOptions::Uncompressed;
            }
            let mut pages = Vec::new();
            for page in array_to_columns(array, of.clone(), options, &[encoding])?.into_iter().flatten() {
                pages.push(compress(page?, Vec::new(), options.compression)?);
            }
            Ok(pages)
        });
        let columns = packed.collect::<PolarsResult<Vec<_>>>();
        let columns = columns.map_err(|error| TableError::Library(error.to_string()))?;
        Ok(Packed { rows, columns })
    }
}

pub(super) fn data_frame(table: &Table, format: TableFormat) -> PolarsResult<DataFrame> {
    DataFrame::new_infer_height(table.columns.iter().map(|column| data_column(column, format)).collect())
}

fn data_column(column: &TableColumn, format: TableFormat) -> Column {
    let name = column.name.into();
    match &column.cells {
        Cells::Text(cells) => {
            let inert = |cell: &Option<String>| cell.as_deref().map(|text| csv_cell(text).into_owned());
            match format {
                TableFormat::Csv => Column::new(name, cells.iter().map(inert).collect::<Vec<_>>()),
                TableFormat::Parquet => Column::new(name, cells),
            }
        }
        Cells::Flag(cells) => Column::new(name, cells),
        Cells::Whole(cells) => Column::new(name, cells),
        Cells::Number(cells) => Column::new(name, cells),
        Cells::Time(cells) => times(name, cells.iter().copied()),
    }
}

/// A column of times in UTC, from microseconds since 1970: without a zone, which makes a reader take them for its own.
pub(super) fn times(name: PlSmallStr, micros: impl Iterator<Item = Option<i64>>) -> Column {
    Int64Chunked::from_iter_options(name, micros).into_datetime(TimeUnit::Microseconds, None).into_column()
}

/// What a Parquet file says of itself: which table it is, what wrote it, the units of its columns, and what they are to
/// readers that know Arrow: plain texts, since views are none of older ones' types, and newer ones cannot filter them.
fn metadata(table: &Table, schema: &Schema) -> Vec<(String, String)> {
    let arrow = schema_to_metadata_key(&schema.to_arrow(CompatLevel::oldest()));
    let units: BTreeMap<&str, &str> = table.columns.iter().filter_map(|c| Some((c.name, c.unit?))).collect();
    let units = serde_json::Value::from_iter(units).to_string();
    let imprint = table.imprint.as_ref().map(|imprint| ("strobecheck.imprint", imprint.to_string()));
    let of_all = [
        (KIND, table.kind.to_owned()),
        ("strobecheck.version", env!("CARGO_PKG_VERSION").to_owned()),
        ("strobecheck.units", units),
    ];
    let of_all = of_all.into_iter().chain(imprint).map(|(key, value)| (key.to_owned(), value));
    of_all.chain(arrow.value.map(|value| (arrow.key, value))).collect()
}
