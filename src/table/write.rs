//! From a table to the bytes of its file. With [`super::read`] and [`super::compact`], the only files that name the data
//! frame library.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::sync::{Arc, OnceLock};

use polars::prelude::{Column, CompatLevel, DataFrame, PolarsError, PolarsResult, Schema, SchemaExt as _};
use polars_io::SerWriter;
use polars_io::csv::write::{BatchedWriter as CsvOutput, CsvWriter};
use polars_io::parquet::write::{BatchedWriter as ParquetOutput, KeyValueMetadata, ParquetCompression, ParquetWriter};
use polars_parquet::write::{ZstdLevel, schema_to_metadata_key};

use super::{Cells, Table, TableColumn, TableError, TableFormat};
use crate::escape::csv_cell;

/// Under this key a Parquet file says which table it is.
pub(super) const KIND: &str = "strobecheck.table";

/// Writes tables of the same columns, one after the other, into one file.
pub(super) struct TableWriter<W: Write> {
    output: Output<W>,
    failed: Arc<OnceLock<io::ErrorKind>>,
}

enum Output<W: Write> {
    Csv(CsvOutput<Target<W>>),
    Parquet(Box<ParquetOutput<Target<W>>>),
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

impl<W: Write> TableWriter<W> {
    /// A file of tables whose columns are those of `like`.
    pub(super) fn new(out: W, format: TableFormat, like: &Table) -> Result<TableWriter<W>, TableError> {
        let failed = Arc::new(OnceLock::new());
        let target = Target { out, failed: failed.clone() };
        let output = Output::new(target, format, like).map_err(|error| explained(&error, &failed))?;
        Ok(TableWriter { output, failed })
    }

    /// Adds the rows of a table.
    pub(super) fn write(&mut self, table: &Table) -> Result<(), TableError> {
        self.output.write(table).map_err(|error| explained(&error, &self.failed))
    }

    /// Adds rows that are in its columns already, as a group of their own in a Parquet file.
    pub(super) fn write_frame(&mut self, rows: &DataFrame) -> Result<(), TableError> {
        let written = match &mut self.output {
            Output::Csv(writer) => writer.write_batch(rows),
            Output::Parquet(writer) => writer.write_batch(rows),
        };
        written.map_err(|error| explained(&error, &self.failed))
    }

    /// Writes what belongs at the end of the file.
    pub(super) fn finish(self) -> Result<(), TableError> {
        self.output.finish().map_err(|error| explained(&error, &self.failed))
    }
}

fn explained(error: &PolarsError, failed: &OnceLock<io::ErrorKind>) -> TableError {
    match failed.get() {
        Some(kind) => TableError::Write(io::Error::new(*kind, error.to_string())),
        None => TableError::Library(error.to_string()),
    }
}

impl<W: Write> Output<W> {
    fn new(target: Target<W>, format: TableFormat, like: &Table) -> PolarsResult<Output<W>> {
        let frame = data_frame(like, format)?;
        let schema = frame.schema();
        Ok(match format {
            TableFormat::Csv => Output::Csv(CsvWriter::new(target).batched(schema)?),
            TableFormat::Parquet => {
                // Higher levels take a tenth more of the time for files a seventh smaller.
                let writer = ParquetWriter::new(target)
                    .with_compression(ParquetCompression::Zstd(ZstdLevel::try_new(1).ok()))
                    .with_key_value_metadata(Some(KeyValueMetadata::from_static(metadata(like, schema))));
                Output::Parquet(Box::new(writer.batched(schema)?))
            }
        })
    }

    fn write(&mut self, table: &Table) -> PolarsResult<()> {
        match self {
            Output::Csv(writer) => writer.write_batch(&data_frame(table, TableFormat::Csv)?),
            Output::Parquet(writer) => writer.write_batch(&data_frame(table, TableFormat::Parquet)?),
        }
    }

    fn finish(self) -> PolarsResult<()> {
        match self {
            Output::Csv(mut writer) => writer.finish(),
            Output::Parquet(writer) => writer.finish().map(|_| ()),
        }
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
        Cells::Choice(texts, rows) => {
            let text = |row: &usize| texts.get(*row).map_or("", String::as_str);
            Column::new(name, rows.iter().map(text).collect::<Vec<_>>())
        }
        Cells::Flag(cells) => Column::new(name, cells),
        Cells::Whole(cells) => Column::new(name, cells),
        Cells::Number(cells) => Column::new(name, cells),
        Cells::EachWhole(cells) => Column::new(name, cells),
        Cells::EachNumber(cells) => Column::new(name, cells),
    }
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
