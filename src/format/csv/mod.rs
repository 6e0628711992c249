//! Tables of logic levels as text: what sigrok-cli, DSView, Saleae's Logic, WaveForms and oscilloscopes export as CSV, and
//! any table with a column of times.
//!
//! Lines that begin with `;`, `#` or `%` are comments; programs say the names of their channels, the sample rate and the
//! number of samples there, or in rows of `key, value`. The line above the first row names the columns, with a row of units
//! between them at most. Columns of `0`, `1`, `X` (not known) and what else means a level are probes, whatever the others
//! hold. With a column of times, rows may be samples or changes; without one, each row is a sample. A column whose numbers
//! rise like times, and of which nothing says their unit, is refused. A table that does not say its sample rate states times
//! only.

mod cell;
mod clock;
mod column;
mod heading;
mod number;
mod preamble;
mod rows;
mod sheet;

use super::placer::Placer;
use super::text::{Lines, TextError};
use super::timebase::{Tick, Timebase};
use super::{Format, FormatError, Reader, Source, unreadable};
use crate::capture::{Extent, Header, Request, Sink};
use crate::units::SampleRate;
use clock::Clock;
use column::Fault;
use heading::Labels;
use rows::{Positions, Reading};
use sheet::Sheet;

pub(super) const ID: &str = "csv";

/// The format of tables of logic levels.
pub(super) static CSV: Format = Format {
    id: ID,
    about: "table of levels (CSV of sigrok-cli, Saleae Logic, or with a time column)",
    sniff: |head| {
        let whole_lines = head.iter().rposition(|byte| *byte == b'\n').map_or(head, |at| &head[..=at]);
        !head.contains(&0) && Sheet::scan(&whole_lines.to_vec()).map_or_else(|error| error.is_of_a_table(), |_| true)
    },
    open: |source, _| {
        let sheet = Sheet::scan(&*source).map_err(unreadable)?;
        let header = Header {
            format: ID,
            rate: sheet.rate.clone(),
            probes: sheet.probes.iter().map(|(probe, _)| probe.clone()).collect(),
            warnings: sheet.warnings.clone(),
        };
        Ok(Box::new(Table { source, header, sheet }))
    },
};

/// Why a table cannot be read.
#[derive(Debug, thiserror::Error)]
enum CsvError {
    #[error(transparent)]
    Text(#[from] TextError),
    #[error("no table of levels: it has no row of numbers")]
    NoRows,
    #[error("no table of levels: {0}")]
    FirstRow(Fault),
    #[error("no table of levels: no column has only 0, 1 and X")]
    NoLevels,
    #[error(
        "its columns ({0}) hold measured values, none only 0 and 1: export the logic channels, or compare with a threshold before"
    )]
    Measured(String),
    #[error("no table of levels: it is a text")]
    Prose,
    #[error(
        "it is strobecheck's table of edges, which says neither the levels before them nor where the record ends: name the capture \
         that it was made of"
    )]
    Edges,
    #[error("its rows have neither a time nor a second column")]
    OneColumn,
    #[error(
        "column {column} rises from row to row as a time does, and nothing says its unit: call it 'Time [s]', 'Time [us]' or \
         'Sample', or take it out"
    )]
    Rising { column: String },
    #[error(
        "column {column} is a time in whole numbers, and nothing says their unit: call it 'Time [s]', 'Time [us]' or 'Sample'"
    )]
    NoUnit { column: String },
    #[error("the unit '{unit}' of column {column} is not known; known are {} and samples", heading::UNITS)]
    UnknownUnit { column: String, unit: String },
}

impl CsvError {
    /// No column is one of levels.
    fn no_levels(labels: &Labels, clock: Option<usize>) -> CsvError {
        const SHOWN: usize = 200;
        let others = labels.names.iter().enumerate().filter(|(place, name)| Some(*place) != clock && !name.is_empty());
        let others: Vec<&str> = others.map(|(_, name)| name.as_str()).collect();
        if others.is_empty() {
            return CsvError::NoLevels;
        }
        CsvError::Measured(others.join(", ").chars().take(SHOWN).collect())
    }

    /// Whether it is a table, which nobody else reads better.
    fn is_of_a_table(&self) -> bool {
        match self {
            CsvError::Edges
            | CsvError::Measured(_)
            | CsvError::Rising { .. }
            | CsvError::NoUnit { .. }
            | CsvError::UnknownUnit { .. } => true,
            CsvError::Text(_)
            | CsvError::NoRows
            | CsvError::FirstRow(_)
            | CsvError::NoLevels
            | CsvError::Prose
            | CsvError::OneColumn => false,
        }
    }
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
            Clock::Rows | Clock::Samples(_) => None,
            Clock::Times(times) => times.tick.rate(),
        }
    }

    fn read(&self, request: &Request, sink: &mut dyn Sink) -> Result<Extent, FormatError> {
        let rate = request.rate.as_ref().or(self.sheet.rate.as_ref());
        let positions = Positions::new(&self.sheet.clock, rate);
        let timebase = match &positions {
            Positions::Rows | Positions::Numbers(_) | Positions::Cut(..) => Timebase::new(Tick::NANOSECOND, None),
            Positions::Ticks(times) => {
                Timebase::new(times.tick, rate).map(|timebase| timebase.written(times.unit.factor, times.digits))
            }
        };
        let timebase = timebase.map_err(unreadable)?;
        let placer = Placer::new(timebase, request.mask(), sink);
        Reading { sheet: &self.sheet, positions, rate }.read(&mut Lines::new(&*self.source), placer)
    }
}

#[cfg(test)]
mod tests;
