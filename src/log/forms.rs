//! What logs are written as: tables of separated values, JSON, and what rpicam and v4l2-ctl write. Each is a header and rows here.

use std::collections::BTreeMap;

use serde_json::value::RawValue;

use super::Convention;
use super::error::{LONGEST_LINE, LogErrorKind};
use crate::csv::{Records, Taken, character, delimiter};

/// A field, and the byte of its line at which it begins, from 0.
pub(super) struct Cell {
    pub(super) text: String,
    pub(super) at: usize,
}

/// Where something is wrong.
#[derive(Debug)]
pub(super) enum At {
    /// At this byte of the line, from 0.
    Byte(usize),
    /// At this line and character, from 1.
    Place(u64, usize),
}

/// What is wrong, and where.
pub(super) type Misread = (At, LogErrorKind);

/// What is wrong, and at which line and character; none where no place is to blame.
pub(super) type Failed = (Option<(u64, usize)>, LogErrorKind);

/// Takes what a log holds, in order.
pub(super) trait Take {
    /// The names of the columns; `line` is the text that they stand in, and a comma may stand for a decimal point.
    fn header(&mut self, number: u64, line: &str, names: &[Cell], may_be_comma: bool) -> Result<(), Misread>;
    /// What a frame says, a field for each column of a log that is no table.
    fn row(&mut self, number: u64, cells: &[Cell]) -> Result<(), Misread>;
}

/// The first line of what `rpicam-vid --save-pts` writes: milliseconds, one on each line.
const TIMECODES: &str = "# timecode format v2";
/// What `v4l2-ctl --stream-mmap --verbose` writes of each buffer.
const BUFFER: &str = "cap dqbuf:";
/// So far into a file its first buffer is looked for.
const HEAD: usize = 4096;
/// More fields than this make no record of a frame.
const MOST_FIELDS: usize = 1024;
/// Objects within objects, and no deeper.
const DEEPEST: usize = 16;

/// Reads a log, whatever it is written as, and says which instant of the exposure it claims to mark, where it does.
pub(super) fn read(bytes: &[u8], take: &mut dyn Take) -> Result<Option<Convention>, Failed> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(HEAD)]);
    match head.trim_start().as_bytes() {
        [b'{' | b'[', ..] => json(bytes, take).map(|()| None),
        _ if head.starts_with(TIMECODES) => timecodes(bytes, take).map(|()| None),
        _ if head.contains(BUFFER) => buffers(bytes, take),
        _ => table(bytes, take).map(|()| None),
    }
}

/// The lines of a text that are not empty, with their numbers.
fn lines(bytes: &[u8]) -> impl Iterator<Item = Result<(u64, &str), Failed>> {
    let lines = (1..).zip(bytes.split(|b| *b == b'\n')).map(|(number, line)| {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.len() > LONGEST_LINE {
            return Err((Some((number, 1)), LogErrorKind::LineTooLong));
        }
        let text = std::str::from_utf8(line).map_err(|_| (Some((number, 1)), LogErrorKind::NotText))?;
        Ok((number, text))
    });
    lines.filter(|line| line.as_ref().map_or(true, |(_, text)| !text.trim().is_empty()))
}

fn placed(number: u64, line: &str, (at, kind): Misread) -> Failed {
    match at {
        At::Byte(at) => (Some((number, character(line.as_bytes(), at))), kind),
        At::Place(number, character) => (Some((number, character)), kind),
    }
}

fn table(bytes: &[u8], take: &mut dyn Take) -> Result<(), Failed> {
    let mut separator = None;
    for line in lines(bytes) {
        let (number, text) = line?;
        if text.starts_with('#') {
            continue;
        }
        let fail = |misread| placed(number, text, misread);
        match separator {
            None => {
                let found = delimiter(text.as_bytes());
                separator = Some(found);
                take.header(number, text, &cells(text, found).map_err(fail)?, found != b',').map_err(fail)?;
            }
            Some(separator) => take.row(number, &cells(text, separator).map_err(fail)?).map_err(fail)?,
        }
    }
    Ok(())
}

/// The fields of a line.
fn cells(line: &str, delimiter: u8) -> Result<Vec<Cell>, Misread> {
    let line = line.as_bytes();
    let mut records = Records::new(delimiter);
    let open = match records.take(line) {
        Ok(Taken::Whole) => None,
        Ok(Taken::Open) => records.open(),
        Err(open) => Some(open),
    };
    if let Some(open) = open {
        return Err((At::Byte(open.at), LogErrorKind::OpenQuote));
    }
    let cell = |(place, field)| {
        let text = String::from_utf8_lossy(field).into_owned();
        Cell { text, at: records.at(place) }
    };
    Ok(records.fields().enumerate().map(cell).collect())
}

fn named(names: &[&str]) -> Vec<Cell> {
    names.iter().map(|name| Cell { text: (*name).to_owned(), at: 0 }).collect()
}

fn timecodes(bytes: &[u8], take: &mut dyn Take) -> Result<(), Failed> {
    for line in lines(bytes) {
        let (number, text) = line?;
        let fail = |misread| placed(number, text, misread);
        if text.starts_with(TIMECODES) {
            take.header(number, text, &named(&["time_ms"]), false).map_err(fail)?;
        } else if !text.starts_with('#') {
            take.row(number, &[Cell { text: text.trim().to_owned(), at: 0 }]).map_err(fail)?;
        }
    }
    Ok(())
}

/// `cap dqbuf: 1 seq: 7 bytesused: 614400 ts: 0.025000 delta: 33.333 ms fps: 30.00 (ts-monotonic, ts-src-soe)`; lines of something
/// else are passed over.
fn buffers(bytes: &[u8], take: &mut dyn Take) -> Result<Option<Convention>, Failed> {
    let mut claims = None;
    let mut has_header = false;
    for line in lines(bytes) {
        let (number, text) = line?;
        let fail = |misread| placed(number, text, misread);
        let Some(buffer) = text.find(BUFFER) else { continue };
        let value = |name: &str| {
            let at = text[buffer..].find(name).map_or(text.len(), |at| buffer + at + name.len());
            let rest = &text[at..];
            let at = at + (rest.len() - rest.trim_start().len());
            let value = rest.split_whitespace().next().unwrap_or_default();
            Cell { text: value.to_owned(), at }
        };
        if !has_header {
            take.header(number, text, &named(&["seq", "ts_s"]), false).map_err(fail)?;
            has_header = true;
            claims = text.contains("ts-src-soe").then_some(Convention::Start);
        }
        take.row(number, &[value(" seq:"), value(" ts:")]).map_err(fail)?;
    }
    Ok(claims)
}

/// Objects, one for each frame: one behind the other, or in an array. Fields of fields have names with dots.
fn json(bytes: &[u8], take: &mut dyn Take) -> Result<(), Failed> {
    let text = std::str::from_utf8(bytes).map_err(|_| (None, LogErrorKind::NotText))?;
    let offset = |part: &str| (part.as_ptr() as usize).saturating_sub(text.as_ptr() as usize).min(text.len());
    // How far lines were counted, and the line there; records come in order.
    let (mut counted, mut line) = (0, 1_u64);
    let broken = |error: &serde_json::Error| {
        let at = u64::try_from(error.line()).ok().filter(|line| *line > 0).map(|line| (line, error.column().max(1)));
        (at, LogErrorKind::NotJson(error.to_string()))
    };
    let mut header: Option<Vec<String>> = None;
    let mut record = |raw: &RawValue| -> Result<(), Failed> {
        let at = offset(raw.get());
        line += text.as_bytes()[counted..at].iter().filter(|b| **b == b'\n').count() as u64;
        counted = at;
        let place = || {
            let begin = text[..at].rfind('\n').map_or(0, |end| end + 1);
            Some((line, text[begin..at].chars().count() + 1))
        };
        let mut fields = BTreeMap::new();
        flatten(raw, 0, &mut String::new(), &mut fields).map_err(|kind| (place(), kind))?;
        if fields.is_empty() {
            return Err((place(), LogErrorKind::NoRecord));
        }
        let fail = |(_, kind): Misread| (place(), kind);
        let names = match &header {
            Some(names) => names,
            None => {
                let names: Vec<String> = fields.keys().cloned().collect();
                let cells: Vec<Cell> = names.iter().map(|name| Cell { text: name.clone(), at: 0 }).collect();
                take.header(line, "", &cells, false).map_err(fail)?;
                header.insert(names)
            }
        };
        let cell = |name: &String| Cell { text: fields.remove(name).unwrap_or_default(), at: 0 };
        let cells: Vec<Cell> = names.iter().map(cell).collect();
        take.row(line, &cells).map_err(fail)
    };
    if text.trim_start().starts_with('[') {
        let all: Vec<&RawValue> = serde_json::from_str(text).map_err(|error| broken(&error))?;
        return all.into_iter().try_for_each(record);
    }
    if let Some(all) = enclosed(text) {
        return all.into_iter().try_for_each(record);
    }
    serde_json::Deserializer::from_str(text)
        .into_iter::<&RawValue>()
        .try_for_each(|raw| record(raw.map_err(|error| broken(&error))?))
}

/// The frames of one object around them, `{"frames": [{...}, {...}]}`: its only list of objects.
fn enclosed(text: &str) -> Option<Vec<&RawValue>> {
    let around: BTreeMap<&str, &RawValue> = serde_json::from_str(text).ok()?;
    let mut lists = around.into_values().filter_map(objects);
    let only = lists.next()?;
    lists.next().is_none().then_some(only)
}

/// The objects of a list that holds nothing else.
fn objects(list: &RawValue) -> Option<Vec<&RawValue>> {
    let all: Vec<&RawValue> = serde_json::from_str(list.get()).ok()?;
    (!all.is_empty() && all.iter().all(|one| one.get().trim_start().starts_with('{'))).then_some(all)
}

/// The fields of an object that are numbers or texts, by their names.
fn flatten(
    raw: &RawValue,
    depth: usize,
    name: &mut String,
    fields: &mut BTreeMap<String, String>,
) -> Result<(), LogErrorKind> {
    let text = raw.get().trim();
    let not_json = |error: serde_json::Error| LogErrorKind::NotJson(error.to_string());
    if fields.len() > MOST_FIELDS || name.len() > LONGEST_LINE || depth > DEEPEST {
        return Err(LogErrorKind::NoRecord);
    }
    match text.as_bytes().first() {
        Some(b'{') => {
            let inner: BTreeMap<String, &RawValue> = serde_json::from_str(text).map_err(not_json)?;
            for (key, value) in inner {
                let before = name.len();
                if before > 0 {
                    name.push('.');
                }
                name.push_str(&key);
                flatten(value, depth + 1, name, fields)?;
                name.truncate(before);
            }
        }
        _ if name.is_empty() => return Err(LogErrorKind::NoRecord),
        Some(b'"') => {
            fields.insert(name.clone(), serde_json::from_str(text).map_err(not_json)?);
        }
        Some(b'-' | b'0'..=b'9') => {
            fields.insert(name.clone(), text.to_owned());
        }
        // Lists, true, false and null are no number of a frame.
        Some(_) | None => {}
    }
    Ok(())
}
