//! From a table to the bytes of its file. The only file that names the data frame library.

use std::collections::BTreeMap;
use std::io::{self, Write};

use polars::prelude::{Column, DataFrame, PolarsError, PolarsResult};
use polars_io::SerWriter;
use polars_io::csv::write::{BatchedWriter as CsvOutput, CsvWriter};
use polars_io::parquet::write::{BatchedWriter as ParquetOutput, KeyValueMetadata, ParquetCompression, ParquetWriter};

use super::{Cells, Table, TableColumn, TableError, TableFormat};
use crate::escape::csv_cell;

/// Writes tables of the same columns, one after the other, into one file.
pub(super) struct TableWriter<W: Write> {
    output: Output<W>,
}

enum Output<W: Write> {
    Csv(CsvOutput<W>),
    Parquet(Box<ParquetOutput<W>>),
}

impl From<PolarsError> for TableError {
    fn from(error: PolarsError) -> TableError {
        if let PolarsError::IO { error, .. } = &error {
            // The kind is kept: a closed pipe is a quiet end, a full disk is not.
            return TableError::Write(io::Error::new(error.kind(), error.to_string()));
        }
        TableError::Library(error.to_string())
    }
}

impl<W: Write> TableWriter<W> {
    /// A file of tables whose columns are those of `like`.
    pub(super) fn new(out: W, format: TableFormat, like: &Table) -> Result<TableWriter<W>, TableError> {
        let schema = data_frame(like, format)?.schema().clone();
        let output = match format {
            TableFormat::Csv => Output::Csv(CsvWriter::new(out).batched(&schema)?),
            TableFormat::Parquet => {
                let writer = ParquetWriter::new(out)
                    .with_compression(ParquetCompression::Zstd(None))
                    .with_key_value_metadata(Some(KeyValueMetadata::from_static(metadata(like))));
                Output::Parquet(Box::new(writer.batched(&schema)?))
            }
        };
        Ok(TableWriter { output })
    }

    /// Adds the rows of a table.
    pub(super) fn write(&mut self, table: &Table) -> Result<(), TableError> {
        match &mut self.output {
            Output::Csv(writer) => writer.write_batch(&data_frame(table, TableFormat::Csv)?)?,
            Output::Parquet(writer) => writer.write_batch(&data_frame(table, TableFormat::Parquet)?)?,
        }
        Ok(())
    }

    /// Writes what belongs at the end of the file.
    pub(super) fn finish(self) -> Result<(), TableError> {
        match self.output {
            Output::Csv(mut writer) => writer.finish()?,
            Output::Parquet(writer) => _ = writer.finish()?,
        }
        Ok(())
    }
}

fn data_frame(table: &Table, format: TableFormat) -> PolarsResult<DataFrame> {
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
        Cells::Signed(cells) => Column::new(name, cells),
        Cells::Unsigned(cells) => Column::new(name, cells),
        Cells::Number(cells) => Column::new(name, cells),
    }
}

/// What a Parquet file says of itself: which table it is, what wrote it, and the units of its columns.
fn metadata(table: &Table) -> Vec<(String, String)> {
    let units: BTreeMap<&str, &str> = table.columns.iter().filter_map(|c| Some((c.name, c.unit?))).collect();
    let units = serde_json::Value::from_iter(units).to_string();
    [
        ("strobecheck.table", table.kind),
        ("strobecheck.version", env!("CARGO_PKG_VERSION")),
        ("strobecheck.units", &units),
    ]
    .map(|(key, value)| (key.to_owned(), value.to_owned()))
    .to_vec()
}
