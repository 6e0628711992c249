//! What the table tests read files with, other than what wrote them where there is such a reader.

use std::io::Cursor;

use polars::prelude::DataFrame;
use polars_io::SerReader;
use polars_io::parquet::read::ParquetReader;

/// The records of a CSV file (RFC 4180).
pub(super) fn csv_records(bytes: &[u8]) -> Vec<Vec<String>> {
    let text = std::str::from_utf8(bytes).unwrap();
    let mut records = vec![vec![String::new()]];
    let mut quoted = false;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let record = records.last_mut().unwrap();
        match (c, quoted) {
            ('"', true) if chars.peek() == Some(&'"') => {
                chars.next();
                record.last_mut().unwrap().push('"');
            }
            ('"', _) => quoted = !quoted,
            (',', false) => record.push(String::new()),
            ('\n', false) => records.push(vec![String::new()]),
            (c, _) => record.last_mut().unwrap().push(c),
        }
    }
    assert!(!quoted, "an open quote in {text}");
    assert_eq!(records.pop(), Some(vec![String::new()]), "the file must end with a line break: {text}");
    records
}

/// The numbers of a column of a Parquet file.
pub(super) fn parquet_numbers(bytes: &[u8], column: &str) -> Vec<Option<f64>> {
    let frame = parquet(bytes);
    frame.column(column).unwrap().f64().unwrap().iter().collect()
}

/// The texts of a column of a Parquet file.
pub(super) fn parquet_texts(bytes: &[u8], column: &str) -> Vec<Option<String>> {
    let frame = parquet(bytes);
    frame.column(column).unwrap().str().unwrap().iter().map(|text| text.map(str::to_owned)).collect()
}

/// A Parquet file, read back.
pub(super) fn parquet(bytes: &[u8]) -> DataFrame {
    ParquetReader::new(Cursor::new(bytes)).finish().unwrap()
}

/// What a Parquet file says of itself under this key.
pub(super) fn parquet_note(bytes: &[u8], key: &str) -> Option<String> {
    let mut reader = ParquetReader::new(Cursor::new(bytes));
    let notes = reader.get_metadata().unwrap().key_value_metadata().clone()?;
    notes.into_iter().find(|note| note.key == key)?.value
}
