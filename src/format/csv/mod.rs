//! Tables of logic levels as text: what sigrok-cli and Saleae's Logic export as CSV, and any table whose first column is
//! a time.
//!
//! Lines that begin with `;`, `#` or `%` are comments; sigrok says the names of its channels and the sample rate there.
//! A first row that is no row of numbers names the columns. Columns of `0`, `1` and `X` (not known) are probes. With a
//! column of times, rows may be samples or changes; without one, each row is a sample. A table that does not say its
//! sample rate states times only.

mod number;
mod rows;
mod sheet;

use super::grid::{Grid, Tick};
use super::placer::Placer;
use super::text::{Lines, TextError};
use super::{Format, FormatError, Reader, Source};
use crate::capture::{Caps, Extent, Header, Request, Sink};
use crate::units::SampleRate;
use sheet::{Clock, Sheet};

const ID: &str = "csv";

/// The format of tables of logic levels.
#[derive(Debug, Clone, Copy)]
pub(super) struct Csv;

impl Format for Csv {
    fn id(&self) -> &'static str {
        ID
    }

    fn about(&self) -> &'static str {
        "table of levels (CSV of sigrok-cli, Saleae Logic, or with a time column)"
    }

    fn sniff(&self, head: &[u8]) -> bool {
        let whole_lines = head.iter().rposition(|byte| *byte == b'\n').map_or(head, |at| &head[..=at]);
        !head.contains(&0) && Sheet::scan(&whole_lines.to_vec()).is_ok()
    }

    fn open(&self, source: Box<dyn Source>, _: &Caps) -> Result<Box<dyn Reader>, FormatError> {
        let sheet = Sheet::scan(&*source).map_err(unreadable)?;
        let header = Header {
            format: ID,
            rate: sheet.rate.clone(),
            probes: sheet.probes.iter().map(|(probe, _)| probe.clone()).collect(),
            warnings: sheet.warnings.clone(),
        };
        Ok(Box::new(Table { source, header, sheet }))
    }
}

/// Why a table cannot be read.
#[derive(Debug, thiserror::Error)]
enum CsvError {
    #[error(transparent)]
    Text(#[from] TextError),
    #[error("no table of levels: it has no row of numbers")]
    NoRows,
    #[error("no table of levels: line {line}: {what}")]
    FirstRow { line: u64, what: String },
    #[error("no table of levels: no column has only 0, 1 and X")]
    NoLevels,
    #[error("its rows have neither a time nor a second column")]
    OneColumn,
}

fn unreadable(error: CsvError) -> FormatError {
    FormatError::Unreadable { format: ID, reason: Box::new(error) }
}

/// An opened table.
struct Table {
    source: Box<dyn Source>,
    header: Header,
    sheet: Sheet,
}

impl Reader for Table {
    fn header(&self) -> &Header {
        &self.header
    }

    fn time_unit(&self) -> Option<SampleRate> {
        match &self.sheet.clock {
            Clock::Rows => None,
            Clock::Times(times) => times.tick.rate(),
        }
    }

    fn read(&self, request: &Request, sink: &mut dyn Sink) -> Result<Extent, FormatError> {
        let rate = request.rate.as_ref().or(self.sheet.rate.as_ref());
        let positions = rows::Positions::new(&self.sheet.clock, rate);
        let by_samples = Grid::new(Tick::NANOSECOND, None);
        let grid = match &positions {
            rows::Positions::Samples(_) => by_samples,
            rows::Positions::Ticks(times) => Grid::new(times.tick, rate),
        };
        let grid = grid.map_err(|error| FormatError::Unreadable { format: ID, reason: Box::new(error) })?;
        let placer = Placer::new(ID, grid, request.mask(), sink);
        rows::read(&mut Lines::new(&*self.source), &self.sheet, &positions, placer)
    }
}

#[cfg(test)]
mod tests;
