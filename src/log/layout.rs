//! Which columns of a log are read, and what their fields say.

use super::columns::{EXPOSURE_NAMES, SEQUENCE_NAMES, SPLIT_NAMES, STREAM_NAMES, TIME_NAMES, folded, unit_by_stack};
use super::error::LogErrorKind;
use super::forms::{At, Cell, Misread};
use super::moment::moment;
use super::number::{self, NumberError};
use super::{LogColumns, LogTime, TimeUnit};
use crate::csv::character;

/// A column of times.
pub(super) struct TimeColumn {
    pub(super) name: String,
    place: usize,
    /// Of numbers; times that are texts need none.
    unit: Option<TimeUnit>,
    /// The column of the nanoseconds behind the seconds.
    nanos: Option<usize>,
    /// Line and character of its name.
    at: (u64, usize),
    what: What,
    may_be_comma: bool,
}

/// What a column of times is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    Timestamps,
    Exposures,
}

/// Where a log says what.
pub(super) struct Layout {
    pub(super) fields: usize,
    pub(super) time: TimeColumn,
    pub(super) sequence: Option<(usize, String)>,
    pub(super) exposure: Option<TimeColumn>,
    pub(super) stream: Option<usize>,
}

/// The last digit of a time: which power of ten of femtoseconds it is.
pub(super) type Digit = i32;

impl Layout {
    pub(super) fn of(
        (number, line): (u64, &str),
        cells: &[Cell],
        may_be_comma: bool,
        columns: &LogColumns,
    ) -> Result<Layout, Misread> {
        let names: Vec<&str> = cells.iter().map(|cell| cell.text.trim()).collect();
        let there = || names.iter().map(|name| (*name).to_owned()).collect::<Vec<String>>();
        let only = |place: usize| -> Result<usize, Misread> {
            let twice = names.iter().filter(|name| **name == names[place]).count() > 1;
            let kind = || LogErrorKind::TwiceThere(names[place].to_owned());
            if twice { Err((At::Byte(cells[place].at), kind())) } else { Ok(place) }
        };
        let stated = |wanted: &Option<String>| -> Result<Option<usize>, Misread> {
            let Some(wanted) = wanted else { return Ok(None) };
            let place = names.iter().position(|name| name == wanted);
            let missing = || (At::Byte(0), LogErrorKind::NoColumn { wanted: wanted.clone(), there: there() });
            place.ok_or_else(missing).and_then(only).map(Some)
        };
        let bare: Vec<(String, String)> =
            names.iter().map(|name| (folded(name), folded(TimeUnit::of_name(name).0))).collect();
        let is = |place: usize, known: &str| bare[place].0 == known || bare[place].1 == known;
        let usual = |known: &[&str]| -> Result<Option<usize>, Misread> {
            // The frame_id of ROS is the name of a coordinate frame.
            let is_usable = |place: &usize| names[*place] != "frame_id" && !names[*place].ends_with(".frame_id");
            let found =
                known.iter().find_map(|known| (0..names.len()).filter(is_usable).find(|&place| is(place, known)));
            found.map(only).transpose()
        };
        let column = |place: usize, unit: Option<TimeUnit>, what: What| TimeColumn {
            name: names[place].to_owned(),
            unit: unit.or_else(|| TimeUnit::of_name(names[place]).1).or_else(|| unit_by_stack(names[place])),
            place,
            nanos: None,
            at: (number, character(line.as_bytes(), cells[place].at)),
            what,
            may_be_comma,
        };
        let split = || {
            let of = |known: &str| bare.iter().position(|(folded, _)| folded == known);
            SPLIT_NAMES.iter().find_map(|(seconds, nanos)| Some((of(seconds)?, of(nanos)?)))
        };
        let time = match (stated(&columns.time)?, usual(&TIME_NAMES)?, split()) {
            (Some(place), ..) | (None, Some(place), _) => column(place, columns.unit, What::Timestamps),
            (None, None, Some((seconds, nanos))) => TimeColumn {
                nanos: Some(nanos),
                name: format!("{}, {}", names[seconds], names[nanos]),
                ..column(seconds, Some(TimeUnit::Second), What::Timestamps)
            },
            (None, None, None) if !names.is_empty() && names.iter().any(|name| is_value(name)) => {
                return Err((At::Byte(0), LogErrorKind::NoHeader));
            }
            (None, None, None) => return Err((At::Byte(0), LogErrorKind::NoTime(there()))),
        };
        let exposure = stated(&columns.exposure)?.map_or_else(|| usual(&EXPOSURE_NAMES), |place| Ok(Some(place)))?;
        let sequence = stated(&columns.sequence)?.map_or_else(|| usual(&SEQUENCE_NAMES), |place| Ok(Some(place)))?;
        let stream = stated(&columns.stream)?.map_or_else(|| usual(&STREAM_NAMES), |place| Ok(Some(place)))?;
        Ok(Layout {
            fields: cells.len(),
            time,
            sequence: sequence.map(|place| (place, names[place].to_owned())),
            exposure: exposure.map(|place| column(place, columns.exposure_unit, What::Exposures)),
            stream,
        })
    }
}

/// Whether what should be a name is a number or a time.
fn is_value(name: &str) -> bool {
    number::time(name, TimeUnit::Second).is_ok() || moment(name).is_some()
}

impl TimeColumn {
    /// The field of a row.
    pub(super) fn cell<'c>(&self, cells: &'c [Cell]) -> &'c Cell {
        &cells[self.place]
    }

    /// What a row says, and the last digit that says it; none where a text leaves its fraction out.
    pub(super) fn read(&self, cells: &[Cell]) -> Result<(LogTime, Option<Digit>), Misread> {
        let cell = self.cell(cells);
        let text = cell.text.trim();
        if let Some((time, places)) = moment(text) {
            return Ok((time, places.map(|places| 15 - places)));
        }
        let number = |text: &str, unit: TimeUnit, at: usize| {
            let is_decimal_comma =
                self.may_be_comma && !text.contains('.') && text.bytes().filter(|b| *b == b',').count() == 1;
            let pointed = if is_decimal_comma { text.replace(',', ".") } else { text.to_owned() };
            let read = number::time(&pointed, unit).map_err(|error| {
                let (found, column) = (text.to_owned(), self.name.clone());
                let kind = match error {
                    NumberError::Form => LogErrorKind::NotANumber { found, column },
                    NumberError::TooManyDigits => LogErrorKind::TooManyDigits { found, column },
                };
                (At::Byte(at), kind)
            });
            read.map(|(time, places)| (time, unit.femtos_exponent() - places))
        };
        let Some(unit) = self.unit else {
            // What is no number at all is worse than one without a unit; how many digits are too many, the unit says.
            if let Err(misread @ (_, LogErrorKind::NotANumber { .. })) = number(text, TimeUnit::Second, cell.at) {
                return Err(misread);
            }
            let kind = LogErrorKind::NoUnit { column: self.name.clone(), is_time: self.what == What::Timestamps };
            return Err((At::Place(self.at.0, self.at.1), kind));
        };
        let (time, digit) = number(text, unit, cell.at)?;
        let Some(nanos) = self.nanos.map(|place| &cells[place]) else { return Ok((time, Some(digit))) };
        let (behind, digit) = number(nanos.text.trim(), TimeUnit::Nano, nanos.at)?;
        Ok((LogTime::new(time.get() + behind.get()), Some(digit)))
    }
}
