//! `--keep-violations`: each violation that a window shows, once, in a table, with a clip of it. What is held of them is what may
//! come again in the next window.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::history::{CheckKey, key};
use crate::cli::Failure;
use crate::cli::files::{Files, Ours};
use crate::cli::output::WriteError;
use crate::cli::sidecar::utc_text;
use crate::escape::csv_cell;
use crate::quantity::Measure;
use crate::render::{Clip, clip};
use crate::report::{Imprint, Judgement, Written};
use crate::units::{Rounding, SampleCount, SampleIndex, SampleRate, Unit};
use crate::verdict::{Check, Judged, Standing};

/// What the name of the table ends in.
const TABLE: &str = "violations.csv";

const HEADING: &str = "number,sample,time_s,noticed,quantity,camera,line,value,unit,limit,clip\n";
/// Digits behind the point of values and times, in the base unit.
const PLACES: u32 = 12;

/// What of a check is known already, in samples since the watching began.
#[derive(Debug, Default)]
struct Known {
    /// Where the values of single frames begin, and end, that are in the window. One that an end of a window cuts off has one of
    /// both in common with itself in the next window.
    begins: BTreeSet<u64>,
    ends: BTreeSet<u64>,
    /// Up to where a value of the whole window was broken.
    until: Option<u64>,
}

impl Known {
    /// What of a violation is new, in a window that begins at this sample.
    fn new_part(&mut self, check: &Check, violation: Judged, start: u64) -> Option<Judged> {
        let (from, to) = (start + violation.from.get(), start + violation.to.get());
        let is_capture = match check.quantity.measure {
            Measure::Frames(_) => {
                let begins_anew = self.begins.insert(from);
                let ends_anew = self.ends.insert(to);
                return (begins_anew && ends_anew).then_some(violation);
            }
            Measure::Capture(_) => true,
            Measure::Line(_) => false,
        };
        let before = self.until.replace(self.until.map_or(to, |until| until.max(to)));
        match before {
            None => Some(violation),
            Some(until) if from > until => Some(violation),
            // A count goes from the first thing that it counts to the last.
            Some(until) if is_capture && check.quantity.unit == Unit::Count && to > until => {
                Some(Judged { from: violation.to, ..violation })
            }
            Some(_) => None,
        }
    }
}

/// Keeps violations.
#[derive(Debug)]
pub(super) struct Keeper {
    most: u64,
    stem: PathBuf,
    table: File,
    known: BTreeMap<CheckKey, Known>,
    /// How many there were, and how many of them are written.
    seen: u64,
    kept: u64,
    /// Up to where was judged, and how much was not: windows that do not overlap.
    judged: u64,
    unjudged: u64,
    rate: Option<SampleRate>,
    /// Why no more are written: a disk that is full ends no watching.
    broken: Option<String>,
}

impl Keeper {
    /// Begins a table beside the window's file, under a name that is new.
    pub(super) fn new(output: &Path, most: u64) -> Result<Keeper, WriteError> {
        let stem = output.with_extension("");
        let name = stem.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let numbered = (2..).map(|number: u64| stem.with_file_name(format!("{name}-{number}")));
        let is_new = |stem: &PathBuf| !stem.with_added_extension(TABLE).exists();
        let stem = std::iter::once(stem.clone()).chain(numbered).find(is_new).unwrap_or(stem);
        let path = stem.with_added_extension(TABLE);
        let error = |source| WriteError::File { path: path.clone(), source };
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(error)?;
        }
        let mut table = File::create_new(&path).map_err(error)?;
        table.write_all(HEADING.as_bytes()).map_err(error)?;
        let known = BTreeMap::new();
        let (rate, broken) = (None, None);
        Ok(Keeper { most, stem, table, known, seen: 0, kept: 0, judged: 0, unjudged: 0, rate, broken })
    }

    /// Takes a judgement of the window that begins at this sample.
    pub(super) fn add(&mut self, judgement: &Judgement, start: u64) {
        self.rate = Some(judgement.provenance.rate.clone());
        let length = judgement.observation.length.get();
        self.unjudged += start.saturating_sub(self.judged);
        self.judged = start + length;
        for (check, violation) in self.new_ones(judgement, start) {
            self.seen += 1;
            if self.kept < self.most && self.broken.is_none() {
                match self.keep(judgement, check, &violation, start) {
                    Ok(()) => self.kept += 1,
                    Err(failure) => self.broken = Some(failure.to_string()),
                }
            }
        }
    }

    fn new_ones<'a>(&mut self, judgement: &'a Judgement, start: u64) -> Vec<(&'a Check, Judged)> {
        let mut new = Vec::new();
        for check in &judgement.checks {
            let known = self.known.entry(key(check)).or_default();
            // What lies before the window cannot come again.
            known.begins.retain(|begin| *begin >= start);
            known.ends.retain(|end| *end >= start);
            let violations = match check.quantity.is_per_frame() {
                // A report lists the first of them only.
                true => check.track.judged(Standing::Outside, &check.limits).collect(),
                false => check.violations.clone(),
            };
            new.extend(
                violations.into_iter().filter_map(|violation| Some((check, known.new_part(check, violation, start)?))),
            );
        }
        new
    }

    fn keep(&mut self, judgement: &Judgement, check: &Check, violation: &Judged, start: u64) -> Result<(), Failure> {
        let number = self.kept + 1;
        let name = format!("{}.violation-{number}", self.stem.display());
        let clip = clip(judgement, check, violation, &Imprint::new(Written::Recording))?;
        let mut named = String::new();
        if let Some(Clip { session, view }) = clip {
            let files = Files::default();
            let session_path = PathBuf::from(format!("{name}.sr"));
            files.target(&session_path, Ours::Nothing)?.write_bytes(&session)?;
            files.target(Path::new(&format!("{name}.pvs")), Ours::Nothing)?.write_bytes(&view)?;
            named = session_path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        }
        let sample = start + violation.from.get();
        let seconds = judgement.provenance.rate.seconds(SampleIndex::new(sample) - SampleIndex::default());
        let of = |text: &Option<String>| csv_cell(text.as_deref().unwrap_or_default()).into_owned();
        let row = format!(
            "{number},{sample},{},{}Z,{},{},{},{},{},{},{}\n",
            seconds.to_decimal(PLACES, Rounding::Nearest),
            utc_text(SystemTime::now()),
            check.quantity.id,
            of(&check.camera),
            of(&check.line),
            violation.value.to_decimal(PLACES, Rounding::Nearest),
            check.quantity.unit.symbol(),
            csv_cell(&check.rule),
            csv_cell(&named),
        );
        let error = |source| WriteError::File { path: self.stem.with_added_extension(TABLE), source };
        Ok(self.table.write_all(row.as_bytes()).map_err(error)?)
    }

    /// What was seen so far, and where it is.
    pub(super) fn text(&self) -> String {
        let table = self.stem.with_added_extension(TABLE);
        let beyond = if self.seen > self.kept { format!(", the first {}", self.kept) } else { String::new() };
        let unjudged = SampleCount::new(i128::from(self.unjudged));
        let gaps = match &self.rate {
            Some(rate) if self.unjudged > 0 => {
                format!("; {} s were not judged", rate.seconds(unjudged).to_decimal(3, Rounding::Up))
            }
            Some(_) | None => String::new(),
        };
        let broken = self.broken.as_ref().map(|why| format!("; no more are kept: {why}")).unwrap_or_default();
        format!("violations: {}{beyond} in {}{gaps}{broken}", self.seen, table.display())
    }
}
