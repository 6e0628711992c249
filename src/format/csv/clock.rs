//! What tells the place of a row in time: a column of times, one of numbers of samples, or that each row is a sample.

use super::CsvError;
use super::column::Column;
use super::heading::{Labels, Meaning, Named, TimeUnit, meaning};
use super::number::Decimal;
use super::preamble::Preamble;
use crate::format::timebase::Tick;
use crate::units::{Rational, SampleRate};

/// What the place of a row in time is told by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Clock {
    /// Each row is a sample.
    Rows,
    /// A column of numbers of samples.
    Samples(usize),
    /// A column of times.
    Times(Times),
}

/// A column of times.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Times {
    pub(super) column: usize,
    pub(super) unit: TimeUnit,
    /// Whether nothing says the unit.
    pub(super) is_taken_for_seconds: bool,
    /// What is counted from, where the times are dates.
    pub(super) origin: Option<Decimal>,
    /// The finest unit that they are written in.
    pub(super) tick: Tick,
    /// Whether that is because they need no finer one.
    pub(super) is_exact: bool,
    /// The number of digits to which they were cut, if they were.
    pub(super) digits: Option<u32>,
    /// The largest whole number that all of them are multiples of, in their unit; 0 where some are not whole.
    pub(super) common: i128,
    /// Whether libsigrok may have written them.
    pub(super) by_sigrok: bool,
}

impl Clock {
    /// The column that tells it.
    pub(super) fn column(&self) -> Option<usize> {
        match self {
            Clock::Rows => None,
            Clock::Samples(column) => Some(*column),
            Clock::Times(times) => Some(times.column),
        }
    }
}

/// How good a column is as the clock of a table, the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Merit {
    /// Its name or its fields say the unit.
    Times,
    /// Its name says that it is a time.
    Named,
    /// It rises, and its name ends in a unit.
    Ends,
    Samples,
    /// The first column of a table without names.
    First,
    /// The unit that is said is none that is known.
    Unknown,
}

/// What tells the place of the rows of these columns.
pub(super) fn clock(columns: &[Column], labels: &Labels, preamble: &Preamble) -> Result<Clock, CsvError> {
    let by_sigrok = preamble.by_sigrok;
    let candidate = |place: usize| -> Option<(bool, Merit, usize, Meaning)> {
        let column = columns.get(place)?;
        let meaning = meaning_of(labels, place);
        let merit = merit(column, &meaning, place == 0 && labels.names.is_empty())?;
        // A length of time beside the time itself rises and falls.
        Some((column.clock.broken.is_some() && column.clock.rises < 2, merit, place, meaning))
    };
    let best =
        (0..columns.len()).filter_map(candidate).min_by_key(|(is_poor, merit, place, _)| (*is_poor, *merit, *place));
    let Some((column, (_, merit, place, meaning))) = best.and_then(|best| Some((columns.get(best.2)?, best))) else {
        return match (0..columns.len()).find(|place| columns.get(*place).is_some_and(Column::rises)) {
            Some(place) if !by_sigrok => Err(CsvError::Rising { column: called(labels, place) }),
            Some(_) | None => Ok(Clock::Rows),
        };
    };
    let stated = match meaning {
        Meaning::Samples if merit == Merit::Samples => return Ok(Clock::Samples(place)),
        _ if column.clock.stamps + column.clock.own_units > 0 => Some(TimeUnit::SECOND),
        Meaning::Time(Named::Said(unit)) | Meaning::Ends(unit) => Some(unit),
        Meaning::Time(Named::Unknown(unit)) => {
            return Err(CsvError::UnknownUnit { column: called(labels, place), unit });
        }
        Meaning::Time(Named::Unsaid) | Meaning::Samples | Meaning::Other => preamble.unit,
    };
    let (unit, is_taken_for_seconds) = match (stated, &preamble.rate) {
        (Some(unit), _) => (unit, false),
        // sigrok calls the column 'Time' in any unit.
        (None, Some(rate)) if by_sigrok => (TimeUnit::decimal(sigrok_unit(rate)), false),
        (None, _) if !column.clock.fractions => return Err(CsvError::NoUnit { column: called(labels, place) }),
        (None, _) => (TimeUnit::SECOND, true),
    };
    let tick = Tick::new((-unit.exponent - column.clock.finest).min(15)).unwrap_or(Tick::SECOND);
    Ok(Clock::Times(Times {
        column: place,
        unit,
        is_taken_for_seconds,
        origin: column.clock.first.filter(|_| column.clock.stamps > 0),
        tick,
        is_exact: column.clock.is_exact(),
        digits: column.clock.cut_to(),
        common: column.clock.common,
        by_sigrok: by_sigrok || (stated.is_some() && unit.factor == 1),
    }))
}

fn merit(column: &Column, meaning: &Meaning, is_first_unnamed: bool) -> Option<Merit> {
    let clock = &column.clock;
    // A line may be called T; its levels fall.
    let is_line = column.is_line() && clock.fell;
    match meaning {
        _ if clock.rows > 0 && (clock.stamps == clock.rows || clock.own_units == clock.rows) => Some(Merit::Times),
        Meaning::Time(Named::Said(_)) => Some(Merit::Times),
        Meaning::Time(Named::Unsaid) if !is_line => Some(Merit::Named),
        Meaning::Time(Named::Unknown(_)) if !column.is_line() => Some(Merit::Unknown),
        Meaning::Ends(_) if column.rises() => Some(Merit::Ends),
        Meaning::Samples if !clock.fractions && !is_line && clock.rows > 0 => Some(Merit::Samples),
        Meaning::Other if is_first_unnamed && !column.is_line() && clock.rows > 0 => Some(Merit::First),
        Meaning::Time(_) | Meaning::Ends(_) | Meaning::Samples | Meaning::Other => None,
    }
}

/// What a column is by its name and by the row of units.
fn meaning_of(labels: &Labels, place: usize) -> Meaning {
    let named = labels.names.get(place).map_or(Meaning::Other, |name| meaning(name));
    let Some(unit) = labels.units.get(place).filter(|unit| !unit.is_empty()) else { return named };
    if unit.eq_ignore_ascii_case("sequence") {
        return Meaning::Samples;
    }
    let is_bracketed = unit.starts_with(['(', '[']);
    match (named, meaning(&if is_bracketed { format!("t {unit}") } else { format!("t ({unit})") })) {
        (Meaning::Time(Named::Unsaid), said) => said,
        (Meaning::Other, Meaning::Time(Named::Said(unit))) => Meaning::Ends(unit),
        (Meaning::Other, Meaning::Samples) => Meaning::Samples,
        (named, _) => named,
    }
}

/// A column as messages name it.
pub(super) fn called(labels: &Labels, place: usize) -> String {
    const LONGEST: usize = 40;
    match labels.names.get(place).filter(|name| !name.is_empty()) {
        Some(name) => format!("'{}'", name.chars().take(LONGEST).collect::<String>()),
        None => format!("{}", place + 1),
    }
}

/// The unit in which sigrok counts times of this rate: the coarsest that a sample has one of.
fn sigrok_unit(rate: &SampleRate) -> i32 {
    let fits = |unit: &i32| *rate.period() >= Rational::decimal(1, *unit);
    [0, -3, -6, -9, -12].into_iter().find(fits).unwrap_or(-15)
}
