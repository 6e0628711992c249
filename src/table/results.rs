//! The table of results: a row per check of each capture, as a folder of results keeps them; and reading it back, a part
//! at a time.

use std::io::Cursor;

use super::columns::{SECONDS, number, text, time, unsigned};
use super::read::{Columns, Foot, Texts};
use super::{Table, TableError};
use crate::escape::visible;
use crate::report::Overall;
use crate::study::judgements::JudgementView;
use crate::study::results::{CheckResult, ResultRow, ResultView, TakenAt};
use crate::verdict;

/// The number of the rules that judged.
pub(super) const RULES: &str = "rules";
/// The part that a row came in, where it was compacted into another.
pub(super) const PART: &str = "part";
/// The driver of the analyzer, and its serial number.
const DRIVER: &str = "analyzer_driver";
const SERIAL: &str = "analyzer_serial";
const OPERATOR: &str = "operator";
const TAGS: &str = "tags";

/// Whether rows are read with what was said of who ran them, and with their tags.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notes {
    /// Without.
    Left,
    /// With.
    Taken,
}

/// The table of these rows. Station and day stand in the names of the folders.
#[must_use]
pub fn results(rows: &[&ResultRow]) -> Table {
    let of = |row: &&ResultRow, text: fn(&CheckResult) -> Option<String>| row.check.as_ref().and_then(text);
    let count = |row: &&ResultRow, of: fn(&CheckResult) -> u64| row.check.as_ref().map(of);
    let value = |row: &&ResultRow, of: fn(&CheckResult) -> Option<f64>| row.check.as_ref().and_then(of);
    Table {
        kind: KINDS[KINDS.len() - 1],
        imprint: None,
        columns: vec![
            text("taken_at", rows, |row| row.taken.as_ref().map(|taken| taken.time.clone())),
            time("taken_at_utc", rows, |row| row.taken.as_ref().and_then(TakenAt::utc)),
            text("time_source", rows, |row| row.taken.as_ref().map(|taken| taken.source.key().to_owned())),
            text("dut", rows, |row| row.dut.clone()),
            text(OPERATOR, rows, |row| row.operator.clone()),
            text(TAGS, rows, |row| row.tags.clone()),
            text(DRIVER, rows, |row| row.record.as_ref()?.driver.clone()),
            text(SERIAL, rows, |row| row.record.as_ref()?.serial.clone()),
            number("samplerate_hz", Some("Hz"), rows, |row| row.record.as_ref().map(|record| record.samplerate)),
            number("clock_ppm", Some("ppm"), rows, |row| row.record.as_ref().map(|record| record.clock)),
            number("correction_ppm", Some("ppm"), rows, |row| row.record.as_ref().map(|record| record.correction)),
            number("duration_s", SECONDS, rows, |row| row.record.as_ref().map(|record| record.duration)),
            text("integrity", rows, |row| row.record.as_ref().map(|record| record.integrity.to_owned())),
            text("capture", rows, |row| Some(row.capture.clone())),
            text("sha256", rows, |row| row.sha256.clone()),
            text("tool_version", rows, |_| Some(env!("CARGO_PKG_VERSION").to_owned())),
            text("spec", rows, |row| row.spec.clone()),
            text("profile", rows, |row| row.record.as_ref()?.profile.clone()),
            text("spec_sha256", rows, |row| row.spec_sha256.clone()),
            unsigned("schema_version", rows, |_| Some(KINDS.len() as u64)),
            unsigned(RULES, rows, |_| Some(verdict::RULES)),
            text(PART, rows, |_| None),
            text("capture_verdict", rows, |row| Some(row.capture_verdict.key().to_owned())),
            text("capture_fault", rows, |row| row.capture_fault.map(str::to_owned)),
            unsigned("place", rows, |row| Some(row.place)),
            text("id", rows, |row| of(row, |check| Some(check.id.to_owned()))),
            text("camera", rows, |row| of(row, |check| check.camera.clone())),
            text("line", rows, |row| of(row, |check| check.line.clone())),
            text("alignment", rows, |row| of(row, |check| check.alignment.map(str::to_owned))),
            text("rule", rows, |row| of(row, |check| Some(check.rule.clone()))),
            text("unit", rows, |row| of(row, |check| Some(check.unit.to_owned()))),
            text("verdict", rows, |row| of(row, |check| Some(Overall::from(check.verdict).key().to_owned()))),
            text("fault", rows, |row| of(row, |check| check.fault.map(str::to_owned))),
            text("basis", rows, |row| of(row, |check| Some(check.basis.key().to_owned()))),
            number("value", None, rows, |row| value(row, |check| check.value)),
            number("limit_min", None, rows, |row| value(row, |check| check.limit_min)),
            number("limit_max", None, rows, |row| value(row, |check| check.limit_max)),
            unsigned("measured", rows, |row| count(row, |check| check.measured)),
            unsigned("failed", rows, |row| count(row, |check| check.failed)),
            unsigned("marginal", rows, |row| count(row, |check| check.marginal)),
            number("min", None, rows, |row| value(row, |check| check.min)),
            number("max", None, rows, |row| value(row, |check| check.max)),
            number("sd", None, rows, |row| value(row, |check| check.sd)),
            number("uncertainty", None, rows, |row| value(row, |check| check.uncertainty)),
        ],
    }
}

/// A file of a folder of results.
#[derive(Debug)]
pub struct ResultsFile<B> {
    bytes: B,
    foot: Foot,
    version: Version,
    /// Its first rows, in the columns of these names.
    ahead: Option<(Vec<&'static str>, Columns)>,
}

/// What of a file is read.
#[derive(Debug, Clone, Copy)]
pub enum Reading {
    /// What [`ResultsFile::judgements`] gives.
    Judgements,
    /// What [`ResultsFile::rows`] gives.
    Rows(Notes),
    /// What both give, without notes.
    Both,
}

/// Which columns a file has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Version {
    /// Without the rules' number.
    First,
    /// Without what is known of the record.
    Second,
    /// With all of today.
    Third,
}

/// What files of results say that they are, by version.
const KINDS: [&str; 3] = ["results/1", "results/2", "results/3"];

/// The columns of [`ResultsFile::judgements`] that every version has, beside the place.
const OF_JUDGEMENTS: [&str; 7] =
    ["sha256", "spec_sha256", "capture", "capture_verdict", "dut", "taken_at", "time_source"];

/// The columns of [`ResultsFile::rows`] that every version has.
const TEXTS: [&str; 13] = [
    "taken_at",
    "dut",
    "sha256",
    "spec_sha256",
    "capture_verdict",
    "capture_fault",
    "id",
    "camera",
    "line",
    "rule",
    "unit",
    "verdict",
    "basis",
];
const NUMBERS: [&str; 3] = ["value", "limit_min", "limit_max"];
const COUNTS: [&str; 3] = ["place", "measured", "failed"];

/// So many rows of a file are held at a time.
const AT_A_TIME: usize = 1 << 16;

impl<B: AsRef<[u8]>> ResultsFile<B> {
    /// What these bytes are.
    ///
    /// # Errors
    /// [`TableError`] when they are no Parquet file, or one of another table, or of a newer version.
    pub fn open(bytes: B) -> Result<ResultsFile<B>, TableError> {
        let foot = Foot::read(bytes.as_ref())?;
        let version = match foot.kind() {
            Some("results/1") => Version::First,
            Some("results/2") => Version::Second,
            Some("results/3") => Version::Third,
            Some(other) => {
                let known = KINDS.join(", ");
                return Err(TableError::Unreadable(format!("it is '{}', and {known} are known", visible(other))));
            }
            None => return Err(TableError::Unreadable("strobecheck did not write it".to_owned())),
        };
        Ok(ResultsFile { bytes, foot, version, ahead: None })
    }

    /// Unpacks the first rows, of most files all, before they are asked for: that takes most of the time, and another thread
    /// can do it.
    ///
    /// # Errors
    /// [`TableError`] when it lacks a column that its version has.
    pub fn ahead(mut self, reading: Reading) -> Result<ResultsFile<B>, TableError> {
        let names = self.names(reading);
        let first = self.chunk(0, Some(&names))?;
        self.ahead = Some((names, first));
        Ok(self)
    }

    /// The columns that are read.
    fn names(&self, reading: Reading) -> Vec<&'static str> {
        match reading {
            Reading::Judgements => {
                let newer: &[&str] = match self.version {
                    Version::First => &[],
                    Version::Second | Version::Third => &[RULES, PART],
                };
                [&OF_JUDGEMENTS[..], &["place"], newer].concat()
            }
            Reading::Rows(notes) => [&TEXTS[..], &COUNTS, &NUMBERS, self.further(notes)].concat(),
            Reading::Both => {
                let mut names = self.names(Reading::Rows(Notes::Left));
                let others = self.names(Reading::Judgements).into_iter().filter(|name| !names.contains(name));
                names.extend(others.collect::<Vec<_>>());
                names
            }
        }
    }

    /// The columns of rows that not every version has, or that are not always asked for.
    fn further(&self, notes: Notes) -> &'static [&'static str] {
        match (self.version, notes) {
            (Version::First | Version::Second, Notes::Left) => &[],
            (Version::First | Version::Second, Notes::Taken) => &[OPERATOR],
            (Version::Third, Notes::Left) => &[DRIVER, SERIAL],
            (Version::Third, Notes::Taken) => &[DRIVER, SERIAL, OPERATOR, TAGS],
        }
    }

    /// Gives its judgements, one after the other, in their order.
    ///
    /// # Errors
    /// [`TableError`] when it lacks a column that its version has, or its rows are not those of whole judgements.
    pub fn judgements(&self, mut take: impl FnMut(JudgementView<'_>)) -> Result<(), TableError> {
        let mut places = Places::default();
        self.chunks(Some(&self.names(Reading::Judgements)), |columns| {
            let [sha256, spec_sha256, capture, verdict, dut, taken_at, time_source] = columns.texts(OF_JUDGEMENTS)?;
            let place = columns.count("place")?;
            let (rules, part) = match self.version {
                Version::First => (None, None),
                Version::Second | Version::Third => (Some(columns.count(RULES)?), Some(columns.text(PART)?)),
            };
            for row in 0..columns.height() {
                if places.next(place.get(row))?.is_first {
                    take(JudgementView {
                        sha256: sha256.get(row),
                        spec_sha256: spec_sha256.get(row),
                        rules: rules.as_ref().and_then(|rules| rules.get(row)).unwrap_or(0),
                        capture: capture.get(row).unwrap_or_default(),
                        verdict: verdict.get(row),
                        dut: dut.get(row),
                        taken_at: taken_at.get(row),
                        time_source: time_source.get(row),
                        part: part.as_ref().and_then(|part| part.get(row)),
                    });
                }
            }
            Ok(())
        })
    }

    /// Gives its rows, one after the other, in their order.
    ///
    /// # Errors
    /// As [`ResultsFile::judgements`].
    pub fn rows(&self, notes: Notes, mut take: impl FnMut(ResultView<'_>)) -> Result<(), TableError> {
        let further = self.further(notes);
        let mut places = Places::default();
        self.chunks(Some(&self.names(Reading::Rows(notes))), |columns| {
            let [taken_at, dut, sha256, spec_sha256, capture_verdict, capture_fault, rest @ ..] =
                columns.texts(TEXTS)?;
            let [id, camera, line, rule, unit, verdict, basis] = rest;
            let [value, limit_min, limit_max] = columns.numbers(NUMBERS)?;
            let [place, measured, failed] = columns.counts(COUNTS)?;
            let further: Vec<(&str, Texts<'_>)> =
                (further.iter()).map(|name| Ok((*name, columns.text(name)?))).collect::<Result<_, TableError>>()?;
            let of = |wanted: &str| further.iter().find(|(name, _)| *name == wanted).map(|(_, texts)| texts);
            let [driver, serial, operator, tags] = [DRIVER, SERIAL, OPERATOR, TAGS].map(of);
            // What all rows of a judgement say alike is looked up once.
            let mut of_judgement = ResultView::default();
            for row in 0..columns.height() {
                let Place { judgement, is_first } = places.next(place.get(row))?;
                if is_first || row == 0 {
                    of_judgement = ResultView {
                        taken_at: taken_at.get(row),
                        dut: dut.get(row),
                        operator: operator.and_then(|operator| operator.get(row)),
                        tags: tags.and_then(|tags| tags.get(row)),
                        driver: driver.and_then(|driver| driver.get(row)),
                        serial: serial.and_then(|serial| serial.get(row)),
                        sha256: sha256.get(row),
                        spec_sha256: spec_sha256.get(row),
                        capture_verdict: capture_verdict.get(row).unwrap_or_default(),
                        capture_fault: capture_fault.get(row),
                        judgement,
                        ..ResultView::default()
                    };
                }
                take(ResultView {
                    place: place.get(row).unwrap_or(0),
                    id: id.get(row),
                    camera: camera.get(row),
                    line: line.get(row),
                    rule: rule.get(row),
                    unit: unit.get(row),
                    verdict: verdict.get(row),
                    basis: basis.get(row),
                    measured: measured.get(row).unwrap_or(0),
                    failed: failed.get(row).unwrap_or(0),
                    value: value.get(row),
                    limit_min: limit_min.get(row),
                    limit_max: limit_max.get(row),
                    ..of_judgement
                });
            }
            Ok(())
        })
    }

    /// Gives all its columns, some rows at a time, and of each row whether its judgement is kept.
    pub(super) fn frames(
        &self,
        keep: impl Fn(u32) -> bool,
        mut take: impl FnMut(Columns, &[bool]) -> Result<(), TableError>,
    ) -> Result<(), TableError> {
        let mut places = Places::default();
        self.chunks(None, |columns| {
            let place = columns.count("place")?;
            let kept = (0..columns.height()).map(|row| Ok(keep(places.next(place.get(row))?.judgement)));
            let kept = kept.collect::<Result<Vec<bool>, TableError>>()?;
            take(columns, &kept)
        })
    }

    /// The rows from one on, in the columns of these names, or in all.
    fn chunk(&self, from: usize, names: Option<&[&'static str]>) -> Result<Columns, TableError> {
        match &self.ahead {
            Some((ahead, first))
                if from == 0 && names.is_some_and(|names| names.iter().all(|name| ahead.contains(name))) =>
            {
                Ok(first.clone())
            }
            Some(_) | None => Columns::read(Cursor::new(self.bytes.as_ref()), &self.foot, from, AT_A_TIME, names),
        }
    }

    fn chunks(
        &self,
        names: Option<&[&'static str]>,
        mut take: impl FnMut(Columns) -> Result<(), TableError>,
    ) -> Result<(), TableError> {
        for from in (0..).step_by(AT_A_TIME) {
            let columns = self.chunk(from, names)?;
            let height = columns.height();
            take(columns)?;
            if height < AT_A_TIME {
                break;
            }
        }
        Ok(())
    }
}

/// Counts the judgements of a file: the rows of each have the places 0, 1, 2 and so on.
#[derive(Debug, Default)]
struct Places {
    judgements: u32,
    next: u64,
}

struct Place {
    judgement: u32,
    is_first: bool,
}

impl Places {
    fn next(&mut self, place: Option<u64>) -> Result<Place, TableError> {
        let is_first = place == Some(0);
        if is_first {
            self.judgements = self.judgements.saturating_add(1);
            self.next = 0;
        }
        let Some(judgement) = self.judgements.checked_sub(1).filter(|_| place == Some(self.next)) else {
            let found = place.map_or("none".to_owned(), |place| place.to_string());
            let before = self.judgements;
            return Err(TableError::Unreadable(format!(
                "a row has the place {found}, where {} follows in judgement {before}",
                self.next
            )));
        };
        self.next += 1;
        Ok(Place { judgement, is_first })
    }
}

#[cfg(test)]
mod tests {
    use super::super::TableFormat;
    use super::*;
    use crate::report::{CaptureReport, Outcome, Report, SubjectNotes, testing};
    use crate::study::results::{Said, result_rows};

    #[test]
    fn what_is_written_is_read_back() {
        let report = Report { captures: vec![testing::failing(), testing::unreadable()] };
        let rows = result_rows(&report, Said { subject: &SubjectNotes::default(), tags: None }, &[]);
        let bytes = results(&rows.iter().collect::<Vec<_>>()).bytes(TableFormat::Parquet).unwrap();
        let mut read = Vec::new();
        let file = ResultsFile::open(&bytes).unwrap();
        file.rows(Notes::Left, |row| {
            read.push((row.id.map(str::to_owned), row.capture_verdict.to_owned(), row.place, row.value, row.limit_max));
        })
        .unwrap();
        let mut judgements = Vec::new();
        file.judgements(|view| judgements.push((view.rules, view.sha256.is_some(), view.part.is_some()))).unwrap();
        assert_eq!(judgements, [(verdict::RULES, true, false), (verdict::RULES, false, false)]);
        let id = |id: &str| Some(id.to_owned());
        let (fail, error) = ("fail".to_owned(), "error".to_owned());
        assert_eq!(read[0], (id("frame.time"), fail.clone(), 0, Some(1e-3), Some(1.01e-3)));
        assert_eq!((&read[1].0, &read[1].1, read[1].2), (&id("exposure.time"), &fail, 1));
        assert_eq!(read[2], (None, error, 0, None, None));
    }

    #[test]
    fn files_of_older_versions_are_read_and_compacted_with_new_ones() {
        let Outcome::Judged(mut judgement) = testing::failing().outcome else { unreachable!() };
        let device = serde_json::json!({ "device": { "driver": "fx2lafw", "serial_number": "07" } });
        judgement.provenance.sidecar = Some(device);
        let capture = CaptureReport { outcome: Outcome::Judged(judgement), ..testing::failing() };
        let subject = SubjectNotes::default();
        let rows =
            result_rows(&Report { captures: vec![capture] }, Said { subject: &subject, tags: Some("lot=7") }, &[]);
        let new = results(&rows.iter().collect::<Vec<_>>());
        let mut old = new.clone();
        old.kind = "results/2";
        let added = [DRIVER, SERIAL, "taken_at_utc", "samplerate_hz", "clock_ppm", "correction_ppm", "duration_s"];
        let added = [&added[..], &["integrity", "profile", "schema_version", "alignment"]].concat();
        old.columns.retain(|column| !added.contains(&column.name));
        assert_eq!(new.columns.len() - old.columns.len(), added.len());
        let [new, old] = [new, old].map(|table| table.bytes(TableFormat::Parquet).unwrap());
        let mut both = Vec::new();
        let mut compactor = super::super::Compactor::new(&mut both).unwrap();
        for (name, bytes) in [("part-1", &old), ("part-2", &new)] {
            compactor.add(name, &ResultsFile::open(bytes).unwrap(), |_| true).unwrap();
        }
        compactor.finish().unwrap();
        let mut read = Vec::new();
        let text = |text: Option<&str>| text.unwrap_or("none").to_owned();
        let file = ResultsFile::open(&both).unwrap();
        file.rows(Notes::Taken, |row| read.push((text(row.driver), text(row.serial), text(row.tags), row.failed)))
            .unwrap();
        let failed = rows.iter().map(|row| row.check.as_ref().unwrap().failed).collect::<Vec<_>>();
        let of = |driver: &str, serial: &str, tags: &str| {
            let row = |failed: &u64| (driver.to_owned(), serial.to_owned(), tags.to_owned(), *failed);
            failed.iter().map(row).collect::<Vec<_>>()
        };
        assert_eq!(read, [of("none", "none", "lot=7"), of("fx2lafw", "07", "lot=7")].concat());
    }

    #[test]
    fn what_is_no_part_is_refused() {
        assert!(ResultsFile::open(b"PAR1 and nothing").is_err());
        let of_kind = |kind| {
            let table = Table { kind, imprint: None, columns: vec![unsigned("place", &[1_u64], |place| Some(*place))] };
            table.bytes(TableFormat::Parquet).unwrap()
        };
        let said = |kind| ResultsFile::open(&of_kind(kind)).unwrap_err().to_string();
        assert_eq!(
            said("frames/1"),
            "it is no table of results: it is 'frames/1', and results/1, results/2, results/3 are known"
        );
        assert!(said("results/4").contains("it is 'results/4'"));
        let bytes = of_kind("results/1");
        let error = ResultsFile::open(&bytes).unwrap().rows(Notes::Left, |_| {}).unwrap_err().to_string();
        assert!(error.contains("taken_at"), "{error}");
    }

    #[test]
    fn the_rows_of_a_judgement_have_the_places_from_0_on() {
        let judgements = |places: &[u64]| {
            let mut counted = Places::default();
            let places: Result<Vec<_>, _> = places.iter().map(|place| counted.next(Some(*place))).collect();
            places.map(|places| places.iter().map(|place| place.judgement).collect::<Vec<_>>())
        };
        assert_eq!(judgements(&[0, 1, 2, 0, 0, 1]).unwrap(), [0, 0, 0, 1, 2, 2]);
        for broken in [&[1][..], &[0, 2], &[0, 1, 1], &[0, 0, 2]] {
            assert!(judgements(broken).is_err(), "{broken:?}");
        }
    }
}
