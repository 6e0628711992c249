//! The rows of a table become changes.

use super::CsvError;
use super::cell::Cell;
use super::clock::{Clock, Times};
use super::number::Decimal;
use super::sheet::{Sheet, width};
use crate::capture::{Extent, RecordEnd};
use crate::csv::{Records, Taken};
use crate::format::levels::Levels;
use crate::format::placer::{Finish, Placer};
use crate::format::text::Lines;
use crate::format::{FormatError, unreadable};
use crate::units::{Rational, Rounding, SampleRate};

/// What the place of a row in time is taken from.
#[derive(Debug, Clone, Copy)]
pub(super) enum Positions {
    /// Rows are counted: each is a sample.
    Rows,
    /// The numbers of samples in this column.
    Numbers(usize),
    /// Times that libsigrok cut.
    Cut(Times, CutTimes),
    /// Times in ticks.
    Ticks(Times),
}

/// Times that grow with each sample by the same whole number of units, whatever the sample rate is: libsigrok 0.5 cuts the
/// period to whole units before it counts on (41 ns at 24 MHz). The samples can be told from them, the times cannot.
#[derive(Debug, Clone, Copy)]
pub(super) struct CutTimes {
    period: i128,
}

impl Positions {
    /// For a table whose rate, stated by the user or in it, is this.
    pub(super) fn new(clock: &Clock, rate: Option<&SampleRate>) -> Positions {
        let times = match clock {
            Clock::Rows => return Positions::Rows,
            Clock::Samples(column) => return Positions::Numbers(*column),
            Clock::Times(times) => *times,
        };
        let cut = rate.filter(|_| times.by_sigrok && times.common > 0).and_then(|rate| {
            let period = rate.period() * &Rational::decimal(1, -times.unit.exponent);
            let whole = period.to_integer(Rounding::Down).filter(|whole| *whole > 0)?;
            let is_cut = Rational::integer(whole) != period && times.common % whole == 0;
            is_cut.then_some(CutTimes { period: whole })
        });
        let exact = rate.filter(|_| times.is_exact).map_or(times.tick, |rate| times.tick.within(rate));
        cut.map_or(Positions::Ticks(Times { tick: exact, ..times }), |cut| Positions::Cut(times, cut))
    }

    /// The place of a row: its number from 0, or what its column says.
    fn of(&self, row: u64, records: &Records) -> Option<i128> {
        match self {
            Positions::Rows => Some(row.into()),
            Positions::Numbers(column) => Decimal::parse(records.field(*column))?.scaled(0),
            Positions::Cut(times, cut) => Some(Decimal::parse(records.field(times.column))?.scaled(0)? / cut.period),
            Positions::Ticks(times) => times.ticks(records.field(times.column)),
        }
    }

    /// The record has so many samples of this rate: where it ends.
    fn end(&self, count: u64, rate: Option<&SampleRate>, first: i128) -> Option<i128> {
        match self {
            Positions::Rows => None,
            Positions::Numbers(_) | Positions::Cut(..) => first.checked_add(count.into()),
            Positions::Ticks(times) => {
                let lasts =
                    rate?.period() * &Rational::integer(count.into()) * Rational::decimal(1, times.tick.exponent());
                // The last sample is taken a period before; where it lies between ticks is no matter.
                first.checked_add(lasts.to_integer(Rounding::Down)?)
            }
        }
    }
}

impl Times {
    /// A time in ticks.
    fn ticks(&self, field: &[u8]) -> Option<i128> {
        let time = match Cell::of(field) {
            Cell::Level(_) => Decimal::parse(field)?,
            Cell::Number(time) | Cell::Time(time) | Cell::Stamp(time) => time,
            Cell::Unknown | Cell::Text => return None,
        };
        let time = self.origin.map_or(Some(time), |origin| time.minus(origin))?;
        time.times(self.unit.factor, self.unit.exponent)?.scaled(-self.tick.exponent())
    }
}

/// A table whose rows are read.
pub(super) struct Reading<'a> {
    pub(super) sheet: &'a Sheet,
    pub(super) positions: Positions,
    pub(super) rate: Option<&'a SampleRate>,
}

/// How the rows went so far.
#[derive(Default)]
struct Progress {
    rows: u64,
    first: i128,
    /// The least and the greatest distance of two rows.
    steps: Option<(i128, i128)>,
    /// Whether the last row says that nothing has changed: the record was taken up to there.
    is_same: bool,
    /// The last row, which is not sent yet.
    held: Option<Row>,
}

impl Reading<'_> {
    /// Sends the rows to the placer, and ends the record.
    pub(super) fn read(&self, lines: &mut Lines<'_>, mut placer: Placer<'_>) -> Result<Extent, FormatError> {
        let mut progress = Progress::default();
        let mut records = Records::new(self.sheet.delimiter);
        let mut begin = 0;
        while let Some(line) = lines.next().map_err(|error| unreadable(CsvError::Text(error)))? {
            let is_within = records.open().is_some();
            if line.number < self.sheet.first_row || (line.bytes.trim_ascii().is_empty() && !is_within) {
                continue;
            }
            begin = if is_within { begin } else { line.number };
            let unreadable = self.sheet.unreadable_from.as_ref().filter(|fault| fault.line <= begin);
            let next = match (unreadable, records.take(line.bytes)) {
                (Some(fault), _) => Err(format!("{fault}; what follows is not read")),
                (None, Ok(Taken::Open)) => continue,
                // It was looked at before: only a file that is being written changes meanwhile.
                (None, taken) => taken.ok().and_then(|_| Row::of(&records, self, progress.rows)).ok_or_else(|| {
                    format!("line {begin} has changed since the file was opened; what follows is not read")
                }),
            };
            match next {
                Ok(next) => progress.add(next, &mut placer)?,
                Err(problem) => {
                    send(progress.held.take(), &mut placer)?;
                    placer.cut(problem);
                    return placer.finish(Finish::Last(RecordEnd::AtLeast));
                }
            }
        }
        self.finish(progress, placer)
    }

    /// Ends a record whose rows were all read.
    fn finish(&self, mut progress: Progress, mut placer: Placer<'_>) -> Result<Extent, FormatError> {
        const FEW: u64 = 8;
        let last = progress.held.as_ref().map_or(progress.first, |held| held.at);
        send(progress.held.take(), &mut placer)?;
        let is_stated = matches!(self.positions, Positions::Rows) || progress.is_same;
        let unstated = Finish::Last(if is_stated { RecordEnd::Stated } else { RecordEnd::AtLeast });
        let Some(count) = self.sheet.count else { return placer.finish(unstated) };
        // Rows that lie a sample apart are samples, and as many as there are.
        let period = self.positions.end(1, self.rate, 0);
        let is_sample = |step: i128| period.is_some_and(|period| (step - period).abs() <= 1);
        let is_dense =
            progress.rows > FEW && progress.steps.is_some_and(|(least, most)| is_sample(least) && is_sample(most));
        if matches!(self.positions, Positions::Rows) || is_dense {
            if progress.rows < count {
                let rows = progress.rows;
                placer.cut(format!("it says that it has {count} samples, and ends after {rows}"));
            }
            return placer.finish(unstated);
        }
        match self.positions.end(count, self.rate, progress.first) {
            Some(end) if end > last => placer.finish(Finish::Before(end)),
            Some(_) => {
                placer.cut(format!("it says that it has {count} samples, and its rows reach beyond them"));
                placer.finish(unstated)
            }
            None => placer.finish(unstated),
        }
    }
}

impl Progress {
    fn add(&mut self, next: Row, placer: &mut Placer<'_>) -> Result<(), FormatError> {
        if let Some(held) = &self.held {
            let step = next.at - held.at;
            self.steps = Some(self.steps.map_or((step, step), |(least, most)| (least.min(step), most.max(step))));
            self.is_same = step > 0 && held.levels == next.levels;
            // Of rows at one time each counts: a line that changes back within it is none that is told by its last level.
            send(self.held.take(), placer)?;
        } else {
            self.first = next.at;
        }
        self.held = Some(next);
        self.rows += 1;
        Ok(())
    }
}

/// A row: its place and its levels.
struct Row {
    at: i128,
    levels: Levels,
}

impl Row {
    fn of(records: &Records, reading: &Reading<'_>, row: u64) -> Option<Row> {
        width(records, reading.sheet.columns).ok()?;
        let mut levels = Levels::UNKNOWN;
        for (probe, column) in &reading.sheet.probes {
            // What is no level says nothing of the line.
            let cell = Cell::of(records.field(*column));
            let level = if let Cell::Level(level) = cell { Some(level) } else { None };
            levels.put(probe.bit, level);
        }
        Some(Row { at: reading.positions.of(row, records)?, levels })
    }
}

fn send(row: Option<Row>, placer: &mut Placer<'_>) -> Result<(), FormatError> {
    row.map_or(Ok(()), |row| placer.levels(row.at, row.levels))
}
