//! What a table is: its columns, its clock, and how far its rows can be read. All of it is looked at once.

use std::ops::ControlFlow;

use num_integer::Integer;

use super::CsvError;
use super::number::Decimal;
use crate::capture::{Presence, Probe};
use crate::format::Source;
use crate::format::grid::Tick;
use crate::format::text::{Line, Lines};
use crate::units::SampleRate;

/// A state has room for so many probes.
const MOST_PROBES: usize = 64;
/// A row of more fields is none of a table of levels.
const MOST_COLUMNS: usize = 1024;

/// A table.
#[derive(Debug, Clone)]
pub(super) struct Sheet {
    pub(super) delimiter: u8,
    /// The number of the first line that is a row.
    pub(super) first_row: u64,
    /// How many fields a row has.
    pub(super) columns: usize,
    /// The probes and their columns.
    pub(super) probes: Vec<(Probe, usize)>,
    pub(super) clock: Clock,
    /// The sample rate that a comment states.
    pub(super) rate: Option<SampleRate>,
    pub(super) warnings: Vec<String>,
    /// The line from which on it cannot be read, and why.
    pub(super) unreadable_from: Option<(u64, String)>,
}

/// What the place of a row in time is told by.
#[derive(Debug, Clone)]
pub(super) enum Clock {
    /// Each row is a sample.
    Rows,
    /// The first column.
    Times(Times),
}

/// A column of times.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Times {
    /// The unit of the numbers: 10^unit seconds.
    pub(super) unit: i32,
    /// The finest unit that they are written in.
    pub(super) tick: Tick,
    /// The largest whole number that all of them are multiples of, in their unit; 0 where some are not whole.
    pub(super) common: i128,
    /// Whether libsigrok wrote them.
    pub(super) by_sigrok: bool,
}

impl Sheet {
    /// Looks at a whole table.
    pub(super) fn scan(source: &dyn Source) -> Result<Sheet, CsvError> {
        let mut lines = Lines::new(source);
        let mut scan = Scan::default();
        while let Some(line) = lines.next()? {
            if scan.line(line).is_break() {
                break;
            }
        }
        scan.finish()
    }
}

/// The fields of a row, without the blanks and quotes around them.
pub(super) fn fields(row: &[u8], delimiter: u8) -> impl Iterator<Item = &[u8]> {
    row.split(move |byte| *byte == delimiter).map(|field| {
        let field = field.trim_ascii();
        field.strip_prefix(b"\"").and_then(|field| field.strip_suffix(b"\"")).unwrap_or(field)
    })
}

/// The level that a field shows, or none for one that is not known; an error for any other field.
pub(super) fn level(field: &[u8]) -> Result<Option<bool>, ()> {
    match field {
        b"0" => Ok(Some(false)),
        b"1" => Ok(Some(true)),
        b"" | b"x" | b"X" | b"z" | b"Z" => Ok(None),
        _ => Err(()),
    }
}

/// What a column holds, as far as it was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Levels,
    Numbers,
    Texts,
}

impl Kind {
    fn of(field: &[u8]) -> Kind {
        match (level(field), Decimal::parse(field)) {
            (Ok(_), _) => Kind::Levels,
            (Err(()), Some(_)) => Kind::Numbers,
            (Err(()), None) => Kind::Texts,
        }
    }
}

#[derive(Default)]
struct Scan {
    by_sigrok: bool,
    channels: Vec<String>,
    rate: Option<SampleRate>,
    warnings: Vec<String>,
    labels: Vec<String>,
    delimiter: u8,
    kinds: Vec<Kind>,
    first_row: u64,
    /// The last time, the finest exponent, and what all times are multiples of.
    time: Option<Decimal>,
    finest: i32,
    common: i128,
    unreadable_from: Option<(u64, String)>,
}

impl Scan {
    fn line(&mut self, line: Line<'_>) -> ControlFlow<()> {
        let text = line.bytes.trim_ascii();
        if text.is_empty() {
            return ControlFlow::Continue(());
        }
        if self.kinds.is_empty() {
            if let Some(comment) = text.strip_prefix(b";").or(text.strip_prefix(b"#")).or(text.strip_prefix(b"%")) {
                self.comment(&String::from_utf8_lossy(comment));
                return ControlFlow::Continue(());
            }
            if self.labels.is_empty() {
                self.delimiter = delimiter(text);
                let is_row = |field| Kind::of(field) != Kind::Texts;
                if !fields(text, self.delimiter).all(is_row) {
                    let labels = fields(text, self.delimiter).take(MOST_COLUMNS);
                    self.labels = labels.map(|label| String::from_utf8_lossy(label).into_owned()).collect();
                    return ControlFlow::Continue(());
                }
            }
        }
        match self.row(text, line.number) {
            Ok(()) => ControlFlow::Continue(()),
            Err(what) => {
                self.unreadable_from = Some((line.number, what));
                ControlFlow::Break(())
            }
        }
    }

    fn comment(&mut self, comment: &str) {
        let comment = comment.trim();
        self.by_sigrok |= comment.contains("generated by libsigrok");
        let Some((key, value)) = comment.split_once(':') else { return };
        if key.starts_with("Channels") {
            self.channels = value.split(',').take(MOST_COLUMNS).map(|name| name.trim().to_owned()).collect();
        } else if key == "Samplerate" || key == "Sample rate" {
            match SampleRate::parse(value) {
                Ok(rate) => self.rate = Some(rate),
                // One is enough: a hostile file has as many as it likes.
                Err(_) if !self.warnings.is_empty() => {}
                Err(_) => self.warnings.push(format!("'{}' states no sample rate", shown(comment.as_bytes()))),
            }
        }
    }

    fn row(&mut self, row: &[u8], number: u64) -> Result<(), String> {
        if self.kinds.is_empty() {
            let kinds: Vec<Kind> = fields(row, self.delimiter).take(MOST_COLUMNS + 1).map(Kind::of).collect();
            if !self.labels.is_empty() && kinds.len() != self.labels.len() {
                return Err(format!("{} fields under {} names", kinds.len(), self.labels.len()));
            }
            if kinds.len() > MOST_COLUMNS || kinds.iter().all(|kind| *kind == Kind::Texts) {
                return Err("it is no row of numbers".to_owned());
            }
            (self.kinds, self.first_row) = (kinds, number);
        }
        let mut count = 0;
        for (place, field) in fields(row, self.delimiter).enumerate() {
            count += 1;
            let Some(kind) = self.kinds.get_mut(place) else { continue };
            match (*kind, Kind::of(field)) {
                (Kind::Levels, Kind::Numbers) => *kind = Kind::Numbers,
                (Kind::Levels | Kind::Numbers, Kind::Texts) => {
                    return Err(format!("'{}' is neither a level nor a number", shown(field)));
                }
                (Kind::Levels | Kind::Numbers | Kind::Texts, _) => {}
            }
            if place == 0 {
                self.time(field)?;
            }
        }
        if count == self.kinds.len() { Ok(()) } else { Err(format!("{count} fields, not {}", self.kinds.len())) }
    }

    /// Takes the first field of a row for a time, unless the column has levels only and another name.
    fn time(&mut self, field: &[u8]) -> Result<(), String> {
        let Some(time) = Decimal::parse(field) else {
            let wrong = self.has_times();
            return if wrong { Err(format!("'{}' is no time in seconds", shown(field))) } else { Ok(()) };
        };
        if self.has_times() && time.scaled(-15).is_none() {
            return Err(format!("the time '{}' is beyond what can be counted", shown(field)));
        }
        if self.has_times()
            && let Some(before) = self.time
        {
            let exponent = before.exponent.min(time.exponent);
            if time.scaled(exponent).is_none_or(|time| before.scaled(exponent).is_none_or(|before| time < before)) {
                return Err(format!("the time '{}' lies before the last one", shown(field)));
            }
        }
        self.finest = if self.time.is_none() { time.exponent } else { self.finest.min(time.exponent) };
        self.common = if self.finest == 0 { self.common.gcd(&time.mantissa) } else { 0 };
        self.time = Some(time);
        Ok(())
    }

    /// Whether the first column is known to hold times.
    fn has_times(&self) -> bool {
        match self.labels.first() {
            Some(label) => time_unit(label).is_some(),
            None => self.kinds.first() == Some(&Kind::Numbers),
        }
    }

    fn finish(self) -> Result<Sheet, CsvError> {
        if self.kinds.is_empty() {
            return Err(match self.unreadable_from {
                Some((line, what)) => CsvError::FirstRow { line, what },
                None => CsvError::NoRows,
            });
        }
        if let Some((line, what)) = self.unreadable_from.clone().filter(|(line, _)| *line == self.first_row) {
            return Err(CsvError::FirstRow { line, what });
        }
        if self.kinds.len() < 2 && !self.by_sigrok {
            return Err(CsvError::OneColumn);
        }
        let clock = self.clock();
        let probes = self.probes(matches!(clock, Clock::Times(_)));
        if probes.is_empty() {
            return Err(CsvError::NoLevels);
        }
        let mut warnings = self.warnings;
        let levels = self.kinds.iter().filter(|kind| **kind == Kind::Levels).count();
        if levels > MOST_PROBES + 1 {
            warnings.push(format!("only the first {MOST_PROBES} columns of levels can be read"));
        }
        Ok(Sheet {
            delimiter: self.delimiter,
            first_row: self.first_row,
            columns: self.kinds.len(),
            probes,
            clock,
            rate: self.rate,
            warnings,
            unreadable_from: self.unreadable_from,
        })
    }

    fn clock(&self) -> Clock {
        let stated = self.labels.first().and_then(|label| time_unit(label));
        let tick = |unit: i32| Tick::new((-unit - self.finest).min(15)).or(Tick::new(0));
        let unit = match (stated, &self.rate) {
            // sigrok calls the column 'Time' in any unit.
            (Some(TimeUnit::Said(unit)), _) => unit,
            (None, _) if !self.has_times() => return Clock::Rows,
            (Some(TimeUnit::Unsaid) | None, Some(rate)) if self.by_sigrok => sigrok_unit(rate),
            (Some(TimeUnit::Unsaid) | None, _) => 0,
        };
        let by_sigrok = self.by_sigrok || matches!(stated, Some(TimeUnit::Said(_)));
        tick(unit).map_or(Clock::Rows, |tick| Clock::Times(Times { unit, tick, common: self.common, by_sigrok }))
    }

    fn probes(&self, first_is_time: bool) -> Vec<(Probe, usize)> {
        let before = usize::from(first_is_time);
        // sigrok's labels are units by default: 'logic', or 'V DC' of an analog channel.
        let by_units = self.labels.iter().any(|label| label == "logic");
        let named = |place: usize| match (by_units || self.labels.is_empty(), self.labels.get(place)) {
            (false, Some(label)) => label.clone(),
            (_, _) => {
                let stated = Some(&self.channels).filter(|names| names.len() + before == self.kinds.len());
                stated.and_then(|names| names.get(place - before).cloned()).unwrap_or(format!("D{}", place - before))
            }
        };
        let is_logic = |place: &usize| {
            let label = self.labels.get(*place).map(String::as_str);
            let is_named = if by_units { label == Some("logic") } else { label != Some("") };
            self.kinds.get(*place) == Some(&Kind::Levels) && is_named
        };
        (0..)
            .zip((before..self.kinds.len()).filter(is_logic).take(MOST_PROBES))
            .map(|(bit, place)| (Probe { bit, name: named(place), presence: Presence::Recorded }, place))
            .collect()
    }
}

/// A field as messages quote it.
fn shown(field: &[u8]) -> String {
    String::from_utf8_lossy(field).chars().take(40).collect()
}

/// What parts the fields: whichever of tab, semicolon and comma there is, in this order.
fn delimiter(row: &[u8]) -> u8 {
    [b'\t', b';'].into_iter().find(|byte| row.contains(byte)).unwrap_or(b',')
}

/// What a name says of a column of times.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum TimeUnit {
    /// 10^unit seconds.
    Said(i32),
    /// Nothing: seconds, as a rule.
    Unsaid,
}

/// Whether a column of this name holds times: `Time [s]`, `time (us)`, `t`, `microseconds`.
fn time_unit(label: &str) -> Option<TimeUnit> {
    const WORDS: [&str; 6] = ["seconds", "milliseconds", "microseconds", "nanoseconds", "picoseconds", "femtoseconds"];
    let label = label.trim().to_lowercase();
    let thousands = |place: usize| TimeUnit::Said(-3 * place as i32);
    if let Some(place) = WORDS.iter().position(|word| *word == label) {
        return Some(thousands(place));
    }
    let name = label.trim_end_matches([']', ')']);
    let (name, unit) = name.split_once(['[', '(']).unwrap_or((name, ""));
    if !matches!(name.trim(), "time" | "t" | "timestamp") {
        return None;
    }
    let unit = unit.trim().replace(['\u{b5}', '\u{3bc}'], "u");
    let place = ["s", "ms", "us", "ns", "ps", "fs"].iter().position(|known| *known == unit);
    Some(place.map_or(TimeUnit::Unsaid, thousands))
}

/// The unit in which sigrok counts times of this rate: the coarsest that a sample has one of.
fn sigrok_unit(rate: &SampleRate) -> i32 {
    let fits = |unit: &i32| *rate.period() >= crate::units::Rational::decimal(1, *unit);
    [0, -3, -6, -9, -12].into_iter().find(fits).unwrap_or(-15)
}
