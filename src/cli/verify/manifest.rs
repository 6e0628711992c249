//! A manifest: the captures of a run with what is known of each, as CSV, read a line at a time.

use std::io::{BufRead, Read as _};
use std::path::{Path, PathBuf};

use crate::cli::Failure;
use crate::cli::files::{Files, STANDARD};
use crate::cli::output::shown;
use crate::csv::{Records, Taken, character, delimiter};
use crate::escape::visible;
use crate::report::SubjectNotes;
use crate::study::partition::is_time;
use crate::study::results::{TakenAt, TimeSource};

/// A longer line is none.
const LONGEST_LINE: u64 = 1 << 20;

/// The columns that there are, in any order; `capture` must be among them.
const COLUMNS: [&str; 8] = ["capture", "dut", "station", "operator", "taken_at", "spec", "params", "tags"];

/// A capture and what is known of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    /// Its line in the manifest, from 1.
    pub(super) line: u64,
    pub(super) capture: PathBuf,
    pub(super) subject: SubjectNotes,
    pub(super) taken: Option<TakenAt>,
    pub(super) spec: SpecEntry,
    /// `lot=7`, `tray=2`.
    pub(super) tags: Vec<String>,
}

/// What an entry says that its capture is judged by.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub(super) struct SpecEntry {
    /// A file, or else a profile.
    pub(super) name: Option<String>,
    /// `exposure=20ms`.
    pub(super) params: Vec<String>,
}

/// A manifest as it is read.
pub(super) struct Manifest {
    path: PathBuf,
    lines: Box<dyn BufRead>,
    line: u64,
    records: Records,
    /// Of each field of a record, which of [`COLUMNS`] it is.
    columns: Vec<usize>,
}

impl Manifest {
    /// Opens a manifest and reads its headings.
    pub(super) fn open(path: &Path, files: &Files) -> Result<Manifest, Failure> {
        let lines: Box<dyn BufRead> = if path == Path::new(STANDARD) {
            Box::new(std::io::BufReader::new(std::io::stdin()))
        } else {
            files.reads(path);
            let file = std::fs::File::open(path);
            let file = file.map_err(|source| Failure::ReadFile { path: path.to_owned(), source })?;
            Box::new(std::io::BufReader::new(file))
        };
        let records = Records::new(b',');
        let mut manifest = Manifest { path: path.to_owned(), lines, line: 0, records, columns: Vec::new() };
        let Some(first) = manifest.next_line()? else { return Err(manifest.refused("it is empty")) };
        let first = first.strip_prefix(b"\xef\xbb\xbf").map(<[u8]>::to_vec).unwrap_or(first);
        manifest.records = Records::new(delimiter(&first));
        manifest.take(first)?;
        let names = manifest.texts()?;
        for name in names {
            let Some(place) = COLUMNS.iter().position(|known| *known == name) else {
                let known = COLUMNS.join(", ");
                return Err(manifest.refused(&format!("there is no column '{}'; there are {known}", visible(&name))));
            };
            if manifest.columns.contains(&place) {
                return Err(manifest.refused(&format!("two columns are called '{name}'")));
            }
            manifest.columns.push(place);
        }
        if !manifest.columns.contains(&0) {
            return Err(manifest.refused("it has no column 'capture'"));
        }
        Ok(manifest)
    }

    /// The next entries, at most so many; none at the end. What stops it comes behind those that were read before.
    pub(super) fn entries(&mut self, most: usize) -> (Vec<Entry>, Result<(), Failure>) {
        let mut entries = Vec::new();
        while entries.len() < most {
            match self.next_entry() {
                Ok(Some(entry)) => entries.push(entry),
                Ok(None) => break,
                Err(failure) => return (entries, Err(failure)),
            }
        }
        (entries, Ok(()))
    }

    fn next_entry(&mut self) -> Result<Option<Entry>, Failure> {
        while let Some(line) = self.next_line()? {
            if !line.iter().all(u8::is_ascii_whitespace) {
                self.take(line)?;
                return self.entry().map(Some);
            }
        }
        Ok(None)
    }

    fn entry(&self) -> Result<Entry, Failure> {
        let texts = self.texts()?;
        if texts.len() != self.columns.len() {
            let counts = format!("it has {} fields, and there are {} columns", texts.len(), self.columns.len());
            return Err(self.refused(&counts));
        }
        let mut fields: [Option<String>; COLUMNS.len()] = Default::default();
        for (place, text) in self.columns.iter().zip(texts) {
            fields[*place] = Some(text).filter(|text| !text.is_empty());
        }
        let [capture, dut, station, operator, taken_at, spec, params, tags] = fields;
        let Some(capture) = capture else { return Err(self.refused("it names no capture")) };
        let taken = taken_at.map(|time| self.taken(time)).transpose()?;
        let params = params.map(|params| self.pairs("params", &params)).transpose()?.unwrap_or_default();
        let tags = tags.map(|tags| self.pairs("tags", &tags)).transpose()?.unwrap_or_default();
        Ok(Entry {
            line: self.line,
            capture: PathBuf::from(capture),
            subject: SubjectNotes { dut, station, operator, note: None },
            taken,
            spec: SpecEntry { name: spec, params },
            tags,
        })
    }

    fn taken(&self, text: String) -> Result<TakenAt, Failure> {
        let time = text.strip_suffix('Z').unwrap_or(&text).replacen(' ', "T", 1);
        if !is_time(&time) {
            let wanted = "taken_at must be UTC, as 2026-11-23T05:12:08";
            return Err(self.refused(&format!("'{}': {wanted}", visible(&text))));
        }
        Ok(TakenAt { time, source: TimeSource::Stated })
    }

    /// `name=value`, parted by semicolons.
    fn pairs(&self, column: &str, text: &str) -> Result<Vec<String>, Failure> {
        let pairs = text.split(';').map(str::trim).filter(|pair| !pair.is_empty());
        let checked = pairs.map(|pair| match pair.split_once('=') {
            Some((name, _)) if !name.trim().is_empty() => Ok(pair.to_owned()),
            Some(_) | None => {
                Err(self.refused(&format!("{column}: '{}' must be NAME=VALUE; several are parted by ;", visible(pair))))
            }
        });
        checked.collect()
    }

    /// Takes a record that begins with this line.
    fn take(&mut self, mut line: Vec<u8>) -> Result<(), Failure> {
        loop {
            match self.records.take(&line) {
                Ok(Taken::Whole) => return Ok(()),
                Ok(Taken::Open) => {}
                Err(open) => {
                    let place = character(&line, open.at);
                    return Err(self.refused(&format!("the quote at character {place} is not closed")));
                }
            }
            let Some(next) = self.next_line()? else {
                return Err(self.refused("a quote is not closed"));
            };
            line = next;
        }
    }

    fn texts(&self) -> Result<Vec<String>, Failure> {
        let text = |field: &[u8]| String::from_utf8(field.to_vec()).map_err(|_| self.refused("it is no UTF-8"));
        self.records.fields().map(text).collect()
    }

    /// The next line, without its end.
    fn next_line(&mut self) -> Result<Option<Vec<u8>>, Failure> {
        let mut line = Vec::new();
        let read = self.lines.by_ref().take(LONGEST_LINE + 1).read_until(b'\n', &mut line);
        read.map_err(|source| Failure::ReadFile { path: self.path.clone(), source })?;
        if line.is_empty() {
            return Ok(None);
        }
        self.line += 1;
        if line.len() as u64 > LONGEST_LINE {
            return Err(self.refused("it is too long"));
        }
        let line = line.strip_suffix(b"\n").unwrap_or(&line);
        Ok(Some(line.strip_suffix(b"\r").unwrap_or(line).to_vec()))
    }

    fn refused(&self, reason: &str) -> Failure {
        Failure::Manifest { place: format!("{}:{}", shown(&self.path), self.line.max(1)), reason: reason.to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries(text: &str) -> Result<Vec<Entry>, String> {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), text).unwrap();
        let name = format!("{}:", file.path().display());
        let read = Manifest::open(file.path(), &Files::default()).map(|mut manifest| manifest.entries(100));
        read.and_then(|(entries, end)| end.map(|()| entries))
            .map_err(|failure| failure.to_string().replace(&name, "units.csv:"))
    }

    #[test]
    fn an_entry_holds_what_is_known_of_its_capture() {
        let text = "\u{feff}dut,capture,taken_at,tags,params,spec\r\n\"a, \"\"b\"\"\",x.sr,2026-11-23T05:12:08Z,lot=7; b=1,e=1;f=2,p\r\n\r\n,y.sr,,,,\r\n";
        let [first, second] = entries(text).unwrap().try_into().unwrap();
        assert_eq!(
            (first.line, first.capture, first.subject.dut.unwrap()),
            (2, PathBuf::from("x.sr"), "a, \"b\"".to_owned())
        );
        let taken = TakenAt { time: "2026-11-23T05:12:08".to_owned(), source: TimeSource::Stated };
        assert_eq!((first.taken, first.tags), (Some(taken), vec!["lot=7".to_owned(), "b=1".to_owned()]));
        assert_eq!(
            (first.spec.name.as_deref(), first.spec.params),
            (Some("p"), vec!["e=1".to_owned(), "f=2".to_owned()])
        );
        assert_eq!((second.line, second.subject, second.spec), (4, SubjectNotes::default(), SpecEntry::default()));
    }

    #[test]
    fn what_it_does_not_say_is_told_with_its_line() {
        let columns = COLUMNS.join(", ");
        for (text, said) in [
            ("", "units.csv:1: it is empty".to_owned()),
            ("file\n", format!("units.csv:1: there is no column 'file'; there are {columns}")),
            ("dut\n", "units.csv:1: it has no column 'capture'".to_owned()),
            ("capture,capture\n", "units.csv:1: two columns are called 'capture'".to_owned()),
            ("capture,dut\na.sr,1\n,2\n", "units.csv:3: it names no capture".to_owned()),
            ("capture,dut\na.sr\n", "units.csv:2: it has 1 fields, and there are 2 columns".to_owned()),
            ("capture\n\"a.sr\n", "units.csv:2: a quote is not closed".to_owned()),
            (
                "capture,taken_at\na.sr,2026-02-30T00:00:00\n",
                "units.csv:2: '2026-02-30T00:00:00': taken_at must be UTC, as 2026-11-23T05:12:08".to_owned(),
            ),
            (
                "capture,tags\na.sr,lot\n",
                "units.csv:2: tags: 'lot' must be NAME=VALUE; several are parted by ;".to_owned(),
            ),
        ] {
            assert_eq!(entries(text), Err(said), "{text}");
        }
    }
}
