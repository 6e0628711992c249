//! What a column of a table holds, as far as it was seen.

use std::cmp::Ordering;
use std::fmt;

use num_integer::Integer;

use super::cell::{Cell, shown};
use super::number::Decimal;

/// What is wrong in a table, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) line: u64,
    /// The character of the line, from 1, where it is one field that is wrong.
    pub(super) character: Option<usize>,
    pub(super) what: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}", self.line)?;
        if let Some(character) = self.character {
            write!(f, ", character {character}")?;
        }
        write!(f, ": {}", self.what)
    }
}

/// How often each kind of field was there, and what its numbers are as times.
#[derive(Debug, Clone, Default)]
pub(super) struct Column {
    pub(super) levels: u64,
    unknown: u64,
    numbers: u64,
    texts: u64,
    /// The first field of a column of levels that is none.
    pub(super) odd: Option<Fault>,
    pub(super) clock: Clockwork,
}

/// What a column would be as one of times or of numbers of samples.
#[derive(Debug, Clone, Default)]
pub(super) struct Clockwork {
    pub(super) first: Option<Decimal>,
    pub(super) last: Option<Decimal>,
    /// How many rows it was read for, and in how many of them the time had gone on.
    pub(super) rows: u64,
    pub(super) rises: u64,
    /// Whether all fields are dates, or state their own unit.
    pub(super) stamps: u64,
    pub(super) own_units: u64,
    /// Whether any field is written with more than the digits of a whole number.
    pub(super) fractions: bool,
    /// The finest unit that its numbers are written in, and the coarsest, as powers of ten.
    pub(super) finest: i32,
    coarsest: i32,
    /// The most digits that a number has, and the coarsest unit of those that have as many.
    pub(super) digits: u32,
    pub(super) coarsest_full: i32,
    /// The largest whole number that all of them are multiples of; 0 where some are not whole.
    pub(super) common: i128,
    /// Whether it went back.
    pub(super) fell: bool,
    /// From where on it is no column of times.
    pub(super) broken: Option<Fault>,
}

impl Column {
    /// Takes the field of a row; `place` says the line and the character at which it begins.
    pub(super) fn add(&mut self, field: &[u8], place: impl Fn() -> (u64, usize)) {
        let cell = Cell::of(field);
        let fault = |what: String| {
            let (line, character) = place();
            Fault { line, character: Some(character), what }
        };
        let count = match cell {
            Cell::Level(_) => &mut self.levels,
            Cell::Unknown => &mut self.unknown,
            Cell::Number(_) => &mut self.numbers,
            Cell::Time(_) | Cell::Stamp(_) | Cell::Text => &mut self.texts,
        };
        *count += 1;
        if self.odd.is_none() && !matches!(cell, Cell::Level(_) | Cell::Unknown) {
            self.odd = Some(fault(format!("'{}'", shown(field))));
        }
        if self.clock.broken.is_none() {
            self.clock.broken = self.clock.put(cell, field).err().map(fault);
        }
    }

    /// How many fields it has.
    pub(super) fn fields(&self) -> u64 {
        self.levels + self.unknown + self.numbers + self.texts
    }

    /// Whether its fields are levels, but for a few that are broken.
    pub(super) fn is_line(&self) -> bool {
        const FEW: u64 = 100;
        self.levels + self.unknown > 0 && self.numbers * FEW <= self.levels && self.texts * 2 <= self.levels
    }

    /// Whether its numbers are no levels and rise from row to row, as a time does.
    pub(super) fn rises(&self) -> bool {
        let clock = &self.clock;
        !self.is_line() && clock.broken.is_none() && clock.rises > 1 && clock.rises * 2 >= clock.rows
    }
}

/// Nobody cuts numbers to fewer digits.
const FEWEST_DIGITS: u32 = 6;

impl Clockwork {
    fn put(&mut self, cell: Cell, field: &[u8]) -> Result<(), String> {
        let time = match cell {
            Cell::Level(_) | Cell::Number(_) => Decimal::parse(field),
            Cell::Time(time) => {
                self.own_units += 1;
                Some(time)
            }
            Cell::Stamp(time) => {
                self.stamps += 1;
                Some(time)
            }
            Cell::Unknown | Cell::Text => None,
        };
        let time = time.ok_or_else(|| format!("'{}' is no time", shown(field)))?;
        self.rows += 1;
        if (self.stamps != 0 && self.stamps != self.rows) || (self.own_units != 0 && self.own_units != self.rows) {
            return Err(format!("the time '{}' is written in another way than the ones before", shown(field)));
        }
        if time.scaled(-15).is_none() {
            return Err(format!("the time '{}' is beyond what can be counted", shown(field)));
        }
        if let Some(before) = self.last {
            match before.order(time) {
                Some(Ordering::Less) => self.rises += 1,
                Some(Ordering::Equal) => {}
                Some(Ordering::Greater) => {
                    self.fell = true;
                    return Err(format!("the time '{}' lies before the last one", shown(field)));
                }
                None => return Err(format!("the time '{}' is beyond what can be counted", shown(field))),
            }
        }
        if self.first.is_none() {
            (self.first, self.finest, self.coarsest) = (Some(time), time.exponent, time.exponent);
        }
        self.fractions |= !field.iter().all(|byte| byte.is_ascii_digit() || matches!(byte, b'-' | b'+'));
        self.finest = self.finest.min(time.exponent);
        self.coarsest = self.coarsest.max(time.exponent);
        self.common = if self.finest == 0 { self.common.gcd(&time.mantissa) } else { 0 };
        match time.digits().cmp(&self.digits) {
            Ordering::Greater => (self.digits, self.coarsest_full) = (time.digits(), time.exponent),
            Ordering::Equal => self.coarsest_full = self.coarsest_full.max(time.exponent),
            Ordering::Less => {}
        }
        self.last = Some(time);
        Ok(())
    }

    /// Whether its numbers have as few digits as they need, and so few that nothing was cut off: they are exact.
    pub(super) fn is_exact(&self) -> bool {
        self.digits < FEWEST_DIGITS && self.coarsest > self.finest && self.stamps == 0
    }

    /// The number of digits to which its numbers were cut, if they seem to be: large ones have as many as small ones, and are
    /// coarser (`%.9g`).
    pub(super) fn cut_to(&self) -> Option<u32> {
        (self.digits >= FEWEST_DIGITS && self.coarsest_full > self.finest && self.stamps == 0).then_some(self.digits)
    }
}
