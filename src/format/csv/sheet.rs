//! What a table is: its columns, its clock, and how far its rows can be read. All of it is looked at once.

use std::ops::ControlFlow;

use super::CsvError;
use super::cell::{Cell, text};
use super::clock::{Clock, called, clock};
use super::column::{Column, Fault};
use super::heading::{Labels, Meaning, is_unit, meaning};
use super::preamble::Preamble;
use crate::capture::{Presence, Probe};
use crate::csv::{EDGES_CSV, OpenQuote, Records, Taken, character, delimiter};
use crate::format::Source;
use crate::format::text::{Line, Lines};
use crate::units::SampleRate;

/// A state has room for so many probes.
const MOST_PROBES: usize = 64;
/// A row of more fields is none of a table of levels.
const MOST_COLUMNS: usize = 1024;
/// Rows come after fewer lines of other things than these.
const MOST_ABOVE: u64 = 1000;

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
    /// The sample rate that is stated above the rows.
    pub(super) rate: Option<SampleRate>,
    /// The number of samples that is stated there.
    pub(super) count: Option<u64>,
    pub(super) warnings: Vec<String>,
    /// From where on it cannot be read.
    pub(super) unreadable_from: Option<Fault>,
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

/// The rows of a table, while they are looked at.
struct Rows {
    records: Records,
    delimiter: u8,
    first_row: u64,
    /// The line in which the record begins that is being read.
    begin: u64,
    columns: Vec<Column>,
    labels: Labels,
}

#[derive(Default)]
struct Scan {
    preamble: Preamble,
    /// The two lines before this one that may name the columns, and their units.
    above: Vec<Vec<u8>>,
    seen: u64,
    rows: Option<Rows>,
    unreadable_from: Option<Fault>,
    /// Whether it has the headings of our own table of edges.
    is_edges: bool,
}

/// The fields of a line that stands alone; none where a quote is open.
fn fields(line: &[u8], delimiter: u8) -> Option<Vec<String>> {
    let mut records = Records::new(delimiter);
    let is_whole = line.split(|byte| *byte == b'\n').map(|line| records.take(line)).last();
    (is_whole == Some(Ok(Taken::Whole))).then(|| records.fields().take(MOST_COLUMNS + 1).map(text).collect())
}

impl Scan {
    fn line(&mut self, line: Line<'_>) -> ControlFlow<()> {
        if line.bytes.trim_ascii().is_empty() && self.rows.as_ref().is_none_or(|rows| rows.records.open().is_none()) {
            return ControlFlow::Continue(());
        }
        self.seen += 1;
        let row = if self.rows.is_some() { true } else { self.head(line) };
        if !row {
            return if self.seen > MOST_ABOVE { ControlFlow::Break(()) } else { ControlFlow::Continue(()) };
        }
        let Some(rows) = &mut self.rows else { return ControlFlow::Continue(()) };
        match rows.add(line) {
            Ok(()) => ControlFlow::Continue(()),
            Err(what) => {
                self.unreadable_from = Some(Fault { line: rows.begin, character: None, what });
                ControlFlow::Break(())
            }
        }
    }

    /// Takes a line above the rows; true where it is the first row itself.
    fn head(&mut self, line: Line<'_>) -> bool {
        // A tab at either end is an empty field.
        let is_text = |byte: &u8| *byte != b' ';
        let from = line.bytes.iter().position(is_text).unwrap_or(0);
        let bytes = &line.bytes[from..line.bytes.iter().rposition(is_text).map_or(from, |last| last + 1)];
        self.is_edges |= bytes == EDGES_CSV.trim_end().as_bytes();
        // Where semicolons part the names, one that comes first is an empty field.
        let is_field = |bytes: &[u8]| {
            let count = |line: &[u8]| fields(line, b';').map_or(0, |fields| fields.len());
            bytes.starts_with(b";")
                && self.above.last().is_some_and(|names| count(names) > 1 && count(names) == count(bytes))
        };
        let comment = bytes.strip_prefix(b";").or(bytes.strip_prefix(b"#")).or(bytes.strip_prefix(b"%"));
        if let Some(comment) = comment.filter(|_| !is_field(bytes)) {
            self.preamble.comment(&text(comment));
            return false;
        }
        let delimiter = delimiter(bytes);
        if fields(bytes, delimiter).is_some_and(|fields| self.is_row(&fields, delimiter)) {
            let labels = self.labels(delimiter);
            self.rows = Some(Rows {
                records: Records::new(delimiter),
                delimiter,
                first_row: line.number,
                begin: line.number,
                columns: Vec::new(),
                labels,
            });
            return true;
        }
        match self.above.last_mut() {
            // A name goes on in the next line.
            Some(last) if fields(last, b',').is_none() && last.len() < MOST_COLUMNS => {
                last.push(b'\n');
                last.extend_from_slice(bytes);
            }
            Some(_) | None => self.above.push(bytes.to_vec()),
        }
        if self.above.len() > 2 {
            let first = self.above.remove(0);
            self.pair(&first);
        }
        false
    }

    /// Whether these fields are a row: values only, or under as many names more values than texts.
    fn is_row(&self, fields: &[String], delimiter: u8) -> bool {
        let is_value = |field: &&String| Cell::of(field.as_bytes()).is_value();
        let is_text = |field: &&String| Cell::of(field.as_bytes()) == Cell::Text;
        let (values, texts) = (fields.iter().filter(is_value).count(), fields.iter().filter(is_text).count());
        let names = self.above.last().and_then(|last| self::fields(last, delimiter)).unwrap_or_default();
        let is_first_value = fields.first().is_some_and(|first| is_value(&first));
        let is_time = |name: &String| matches!(meaning(name), Meaning::Time(_));
        let is_odd_time = || names.iter().zip(fields).any(|(name, field)| is_time(name) && is_text(&field));
        values > 0
            && (texts == 0 || (names.len() == fields.len() && (values > texts || is_first_value || is_odd_time())))
    }

    /// A line above the names: `key, value`.
    fn pair(&mut self, line: &[u8]) {
        let delimiter = delimiter(line);
        if let Some([key, value, ..]) = fields(line, delimiter).as_deref() {
            self.preamble.fact(key, value);
        }
    }

    /// The names of the columns, from the lines above the first row.
    fn labels(&mut self, delimiter: u8) -> Labels {
        let mut above = std::mem::take(&mut self.above);
        let of = |line: Option<Vec<u8>>| line.and_then(|line| fields(&line, delimiter)).unwrap_or_default();
        let is_units = |units: &[String]| {
            let said: Vec<&String> = units.iter().filter(|unit| !unit.is_empty()).collect();
            let is_number = |unit: &str| matches!(Cell::of(unit.as_bytes()), Cell::Number(_) | Cell::Level(_));
            said.first().is_some_and(|first| is_unit(first)) && said.iter().all(|unit| is_unit(unit) || is_number(unit))
        };
        let mut labels = Labels { names: of(above.pop()), units: Vec::new() };
        if above.last().is_some() && is_units(&labels.names) {
            labels = Labels { names: of(above.pop()), units: labels.names };
        }
        for line in above {
            self.pair(&line);
        }
        // Rigol's row of units has the values of its last names.
        for (name, value) in labels.names.iter().zip(&labels.units) {
            if matches!(Cell::of(value.as_bytes()), Cell::Number(_) | Cell::Level(_)) {
                self.preamble.fact(name, value);
            }
        }
        let is_number = |unit: &String| matches!(Cell::of(unit.as_bytes()), Cell::Number(_) | Cell::Level(_));
        let values = labels.units.iter().position(is_number).unwrap_or(labels.names.len());
        labels.names.truncate(values);
        // Behind the last name there is a separator, or several.
        let named = labels.names.iter().rposition(|name| !name.is_empty()).map_or(0, |last| last + 1);
        labels.names.truncate(named);
        labels
    }

    /// Whether what looks like a table is some lines of a text: none has a name without a letter or digit, such as `=`, or ends
    /// behind its first rows.
    fn is_prose(&self) -> bool {
        const FEW: u64 = 3;
        let Some(rows) = &self.rows else { return false };
        let is_sign = |name: &String| !name.is_empty() && !name.contains(char::is_alphanumeric);
        let ends_soon =
            self.unreadable_from.is_some() && rows.columns.first().is_some_and(|column| column.fields() < FEW);
        ends_soon || rows.labels.names.iter().any(is_sign)
    }

    fn finish(self) -> Result<Sheet, CsvError> {
        if self.is_edges {
            return Err(CsvError::Edges);
        }
        let is_prose = self.is_prose();
        self.sheet().map_err(|error| if is_prose && error.is_of_a_table() { CsvError::Prose } else { error })
    }

    fn sheet(self) -> Result<Sheet, CsvError> {
        let Some(rows) = self.rows else { return Err(CsvError::NoRows) };
        let Rows { records, delimiter, first_row, begin, columns, labels } = rows;
        let open = |open: OpenQuote| Fault {
            line: begin,
            character: Some(open.at + 1),
            what: "a quote that is not closed".to_owned(),
        };
        let mut unreadable_from = self.unreadable_from.or_else(|| records.open().map(open));
        if let Some(fault) = unreadable_from.clone().filter(|fault| fault.line == first_row) {
            return Err(CsvError::FirstRow(fault));
        }
        if columns.len() < 2 && !self.preamble.by_sigrok {
            return Err(CsvError::OneColumn);
        }
        let clock = clock(&columns, &labels, &self.preamble);
        let Preamble { by_sigrok: _, channels, rate, unit: _, count, mut warnings } = self.preamble;
        let place = clock.as_ref().ok().and_then(Clock::column);
        let (probes, more) = probes(&columns, &labels, &channels, place);
        if probes.is_empty() {
            return Err(CsvError::no_levels(&labels, place));
        }
        let clock = clock?;
        if let Some(broken) = clock.column().and_then(|place| columns.get(place)?.clock.broken.clone())
            && unreadable_from.as_ref().is_none_or(|fault| broken.line < fault.line)
        {
            if broken.line == first_row {
                return Err(CsvError::FirstRow(broken));
            }
            unreadable_from = Some(broken);
        }
        if let Clock::Times(times) = &clock
            && times.is_taken_for_seconds
        {
            let column = called(&labels, times.column);
            warnings.push(format!(
                "times are taken for seconds: nothing says the unit of column {column}; call it 'Time [ms]' if they are \
                 milliseconds"
            ));
        }
        if more {
            warnings.push(format!("only the first {MOST_PROBES} columns of levels can be read"));
        }
        for (probe, place) in &probes {
            if let Some(odd) = columns.get(*place).and_then(|column| column.odd.as_ref()) {
                let name: String = probe.name.chars().take(40).collect();
                warnings.push(format!("{odd} is no level: that of '{name}' is not known there"));
            }
        }
        let columns = columns.len();
        Ok(Sheet { delimiter, first_row, columns, probes, clock, rate, count, warnings, unreadable_from })
    }
}

impl Rows {
    fn add(&mut self, line: Line<'_>) -> Result<(), String> {
        if self.records.open().is_none() {
            self.begin = line.number;
        }
        match self.records.take(line.bytes) {
            Ok(Taken::Whole) => {}
            Ok(Taken::Open) => return Ok(()),
            Err(open) => return Err(format!("a quote at character {} that is not closed", open.at + 1)),
        }
        if self.columns.is_empty() {
            let count = match self.labels.names.len() {
                0 => self.records.len(),
                names if names <= self.records.len() => names,
                names => return Err(format!("{} fields under {names} names", self.records.len())),
            };
            if count > MOST_COLUMNS {
                return Err(format!("more than {MOST_COLUMNS} fields"));
            }
            self.columns = vec![Column::default(); count];
        }
        width(&self.records, self.columns.len())?;
        for (place, column) in self.columns.iter_mut().enumerate() {
            let at = || (line.number, character(line.bytes, self.records.at(place)));
            column.add(self.records.field(place), at);
        }
        Ok(())
    }
}

/// Refuses a row of another number of fields; behind the last one, empty ones may follow.
pub(super) fn width(records: &Records, columns: usize) -> Result<(), String> {
    let found = (0..records.len()).rev().find(|place| !records.field(*place).is_empty()).map_or(0, |last| last + 1);
    let found = if records.len() > columns { found.max(columns) } else { records.len() };
    if found == columns { Ok(()) } else { Err(format!("{found} fields, not {columns}")) }
}

/// The columns that are lines, as probes; and whether there are more than can be read.
fn probes(
    columns: &[Column],
    labels: &Labels,
    channels: &[String],
    clock: Option<usize>,
) -> (Vec<(Probe, usize)>, bool) {
    // sigrok's labels are units by default: 'logic', or 'V DC' of an analog channel.
    let by_units = labels.names.iter().any(|label| label == "logic");
    let number = |place: usize| place - usize::from(clock.is_some_and(|clock| clock < place));
    let named = |place: usize| match (by_units, labels.names.get(place)) {
        (false, Some(label)) => label.clone(),
        (_, _) => {
            let is_whole = channels.len() + usize::from(clock.is_some()) == columns.len();
            let stated = channels.get(number(place)).filter(|_| is_whole);
            stated.cloned().unwrap_or(format!("D{}", number(place)))
        }
    };
    let is_named = |place: usize| match (by_units, labels.names.get(place).map(String::as_str)) {
        (true, label) => label == Some("logic"),
        (false, label) => label != Some(""),
    };
    let is_line =
        |place: &usize| Some(*place) != clock && is_named(*place) && columns.get(*place).is_some_and(Column::is_line);
    let places: Vec<usize> = (0..columns.len()).filter(is_line).take(MOST_PROBES + 1).collect();
    let probe = |(bit, place)| (Probe { bit, name: named(place), presence: Presence::Recorded }, place);
    let more = places.len() > MOST_PROBES;
    ((0..).zip(places.into_iter().take(MOST_PROBES)).map(probe).collect(), more)
}
