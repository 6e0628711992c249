//! The rows of a table become changes.

use super::number::Decimal;
use super::sheet::{Clock, Sheet, Times, fields, level};
use super::{CsvError, unreadable};
use crate::capture::{Extent, RecordEnd};
use crate::format::FormatError;
use crate::format::levels::Levels;
use crate::format::placer::{Finish, Placer};
use crate::format::text::Lines;
use crate::units::{Rational, Rounding, SampleRate};

/// What the place of a row in time is taken from.
#[derive(Debug, Clone, Copy)]
pub(super) enum Positions {
    /// Samples are counted: by rows, or by the times that libsigrok cuts.
    Samples(Option<CutTimes>),
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
            Clock::Rows => return Positions::Samples(None),
            Clock::Times(times) => *times,
        };
        let cut = rate.filter(|_| times.by_sigrok && times.common > 0).and_then(|rate| {
            let period = rate.period() * &Rational::decimal(1, -times.unit);
            let whole = period.to_integer(Rounding::Down).filter(|whole| *whole > 0)?;
            let is_cut = Rational::integer(whole) != period && times.common % whole == 0;
            is_cut.then_some(CutTimes { period: whole })
        });
        cut.map_or(Positions::Ticks(times), |cut| Positions::Samples(Some(cut)))
    }

    /// The place of a row: its number from 0, or what its first field says.
    fn of(&self, row: u64, time: Option<Decimal>) -> Option<i128> {
        match self {
            Positions::Samples(None) => Some(row.into()),
            Positions::Samples(Some(cut)) => Some(time?.scaled(0)? / cut.period),
            Positions::Ticks(times) => time?.scaled(-times.tick.exponent() - times.unit),
        }
    }
}

/// Sends the rows to the placer, and ends the record.
pub(super) fn read(
    lines: &mut Lines<'_>,
    sheet: &Sheet,
    positions: &Positions,
    mut placer: Placer<'_>,
) -> Result<Extent, FormatError> {
    let mut row = 0;
    // Whether the last row says that nothing has changed: the record was taken up to there.
    let mut is_same = false;
    // Of rows at the same time the last one counts.
    let mut held: Option<Row> = None;
    while let Some(line) = lines.next().map_err(|error| unreadable(CsvError::Text(error)))? {
        if line.number < sheet.first_row || line.bytes.trim_ascii().is_empty() {
            continue;
        }
        if let Some((_, what)) = sheet.unreadable_from.as_ref().filter(|(from, _)| *from <= line.number) {
            send(held.take(), &mut placer)?;
            placer.cut(format!("line {}: {what}; what follows is not read", line.number));
            return placer.finish(Finish::Last(RecordEnd::AtLeast));
        }
        let Some(next) = Row::of(line.bytes, sheet, positions, row) else {
            // It was looked at before: only a file that is being written changes meanwhile.
            send(held.take(), &mut placer)?;
            placer.cut(format!("line {} has changed since the file was opened; what follows is not read", line.number));
            return placer.finish(Finish::Last(RecordEnd::AtLeast));
        };
        is_same = held.as_ref().is_some_and(|held| held.at < next.at && held.levels == next.levels);
        if held.as_ref().is_some_and(|held| held.at < next.at) {
            send(held.take(), &mut placer)?;
        }
        held = Some(next);
        row += 1;
    }
    send(held, &mut placer)?;
    let by_rows = matches!(positions, Positions::Samples(None));
    placer.finish(Finish::Last(if by_rows || is_same { RecordEnd::Stated } else { RecordEnd::AtLeast }))
}

/// A row: its place and its levels.
struct Row {
    at: i128,
    levels: Levels,
}

impl Row {
    fn of(bytes: &[u8], sheet: &Sheet, positions: &Positions, row: u64) -> Option<Row> {
        let (mut time, mut levels) = (None, Levels::UNKNOWN);
        let mut probes = sheet.probes.iter().peekable();
        let mut count = 0;
        for (place, field) in fields(bytes, sheet.delimiter).enumerate() {
            count += 1;
            if place == 0 {
                time = Decimal::parse(field);
            }
            let Some((probe, _)) = probes.next_if(|(_, column)| *column == place) else { continue };
            levels.put(probe.bit, level(field).ok()?);
        }
        let at = positions.of(row, time)?;
        (count == sheet.columns).then_some(Row { at, levels })
    }
}

fn send(row: Option<Row>, placer: &mut Placer<'_>) -> Result<(), FormatError> {
    row.map_or(Ok(()), |row| placer.levels(row.at, row.levels))
}
