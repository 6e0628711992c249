//! `verify --manifest`: many captures into a folder of results, in bounded memory.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use rayon::prelude::*;

use super::manifest::{Entry, Manifest, SpecEntry};
use super::results::{stage_rows, taken_at};
use super::{Judging, judged, subject};
use crate::cli::args::VerifyArgs;
use crate::cli::choose_spec::SpecChoice;
use crate::cli::files::{Files, commit};
use crate::cli::load::ReadOptions;
use crate::cli::output::{print_text, say, shown};
use crate::cli::results_folder::ResultsFolder;
use crate::cli::{Exit, Failure};
use crate::escape::visible_lines;
use crate::render::text::Detail;
use crate::report::{CaptureReport, ExitCode, Outcome, Overall, Report, SubjectNotes};
use crate::study::judgements::KnownJudgements;
use crate::study::record::tags_text;
use crate::study::results::{ResultRow, Said, result_rows};
use crate::table::ResultsFile;

/// So many captures are read from the manifest at a time.
const AT_A_TIME: usize = 256;

/// Results are written when so many wait: about four thousand captures of what a run loses when it is killed.
const WAITING: usize = 1 << 16;

/// So many specs are kept at a time; a manifest may name one for each capture.
const SPECS: usize = 256;

/// The specs that entries name, each read once.
struct Specs<'a> {
    args: &'a VerifyArgs,
    files: &'a Files,
    known: Mutex<HashMap<SpecEntry, Arc<SpecChoice<'a>>>>,
}

impl<'a> Specs<'a> {
    fn of(&self, entry: &SpecEntry) -> Result<Arc<SpecChoice<'a>>, Failure> {
        let known = || self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(choice) = known().get(entry) {
            return Ok(choice.clone());
        }
        let mut args = self.args.spec.clone();
        match &entry.name {
            Some(name) if name.ends_with(".toml") => (args.spec, args.stated.profile) = (Some(name.into()), None),
            Some(name) => (args.spec, args.stated.profile) = (None, Some(name.clone())),
            None => {}
        }
        args.stated.param.extend(entry.params.iter().cloned());
        if !args.stated.param.is_empty() && args.stated.profile.is_none() {
            let reason = "params are those of a profile, and none is named in 'spec' or by --profile";
            return Err(Failure::usage("--manifest", reason));
        }
        let choice = Arc::new(SpecChoice::new(&args, self.files)?);
        let mut known = known();
        if known.len() >= SPECS {
            known.clear();
        }
        known.insert(entry.clone(), choice.clone());
        Ok(choice)
    }
}

/// How the captures of a run came out.
#[derive(Debug, Default)]
struct Counts {
    judged: u64,
    pass: u64,
    fail: u64,
    inconclusive: u64,
    error: u64,
    left_out: u64,
}

impl Counts {
    fn add(&mut self, overall: Overall) {
        self.judged += 1;
        match overall {
            Overall::Pass => self.pass += 1,
            Overall::Fail => self.fail += 1,
            Overall::Inconclusive => self.inconclusive += 1,
            Overall::Error => self.error += 1,
        }
    }

    fn text(&self) -> String {
        let parts = [
            (self.pass, "pass"),
            (self.fail, "fail"),
            (self.inconclusive, "inconclusive"),
            (self.error, "not judged"),
            (self.left_out, "there already"),
        ];
        let parts: Vec<String> =
            parts.iter().filter(|(count, _)| *count > 0).map(|(count, word)| format!("{count} {word}")).collect();
        let captures = if self.judged == 1 { "1 capture".to_owned() } else { format!("{} captures", self.judged) };
        format!("{captures}: {}\n", if parts.is_empty() { "none is named".to_owned() } else { parts.join(", ") })
    }
}

pub(super) fn run(args: &VerifyArgs, manifest: &Path, results: &Path, detail: Detail) -> Result<Exit, Failure> {
    let options = ReadOptions::new(&args.read)?;
    let files = Files::new(args.write.force);
    let specs = Specs { args, files: &files, known: Mutex::default() };
    let mut entries = Manifest::open(manifest, &files)?;
    let known = if args.resume { known(results)? } else { KnownJudgements::default() };
    let pool = options.pool(AT_A_TIME)?;
    let policy = args.inconclusive.unwrap_or_default();
    let (mut counts, mut code, mut waiting) = (Counts::default(), None, Vec::new());
    let done = loop {
        let (chunk, end) = entries.entries(AT_A_TIME);
        // What is read is noted for as long as it is read: a list of all of them would grow with the manifest.
        let read = Files::new(args.write.force);
        let judge = |entry: &Entry| judged_entry(entry, args, (&options, &specs, &read, &known));
        let judged: Vec<Result<CaptureReport, Overall>> = pool.install(|| chunk.par_iter().map(judge).collect());
        for (entry, report) in chunk.iter().zip(judged) {
            let report = match report {
                Ok(report) => report,
                Err(there) => {
                    counts.left_out += 1;
                    code = stronger(code, ExitCode::from(there));
                    continue;
                }
            };
            if let Outcome::Error(error) = &report.outcome {
                say(visible_lines(&format!("{}:{}: {}: {error}", shown(manifest), entry.line, shown(&entry.capture))));
            }
            counts.add(report.overall());
            let report = Report { captures: vec![report] };
            code = stronger(code, ExitCode::of(&report, policy));
            waiting.extend(rows(entry, &report, args, &read));
        }
        if waiting.len() >= WAITING {
            write(results, &mut waiting, args.write.force)?;
        }
        if end.is_err() || chunk.len() < AT_A_TIME {
            break end;
        }
    };
    let added = write(results, &mut waiting, args.write.force)?;
    done?;
    if detail > Detail::Brief {
        print_text(&counts.text())?;
        print_text(&added)?;
    }
    Ok(Exit::Verdict(code.unwrap_or(ExitCode::CouldNotRun)))
}

fn stronger(code: Option<ExitCode>, other: ExitCode) -> Option<ExitCode> {
    Some(code.map_or(other, |code| code.stronger(other)))
}

/// What an entry says of its unit; what it does not say, the command line does.
fn subject_of(entry: &Entry, args: &VerifyArgs) -> SubjectNotes {
    let (own, all) = (entry.subject.clone(), subject(args));
    SubjectNotes {
        dut: own.dut.or(all.dut),
        station: own.station.or(all.station),
        operator: own.operator.or(all.operator),
        note: all.note,
    }
}

/// Judges the capture of an entry, unless its verdict is there already.
fn judged_entry(
    entry: &Entry,
    args: &VerifyArgs,
    (options, specs, files, known): (&ReadOptions, &Specs<'_>, &Files, &KnownJudgements),
) -> Result<CaptureReport, Overall> {
    let subject = subject_of(entry, args);
    let is_known = |sha256: &str, judged_by: &str| known.verdict(&subject, sha256, judged_by);
    let outcome = specs
        .of(&entry.spec)
        .and_then(|choice| judged(&entry.capture, &subject, (options, &choice, None, files), &is_known));
    let outcome = match outcome {
        Ok(Judging::Known(verdict)) => return Err(verdict),
        Ok(Judging::Judged(judgement)) => Outcome::Judged(judgement),
        Err(failure) => Outcome::Error(failure.of_capture(&entry.capture)),
    };
    Ok(CaptureReport { path: entry.capture.display().to_string(), outcome, expected: None })
}

fn rows(entry: &Entry, report: &Report, args: &VerifyArgs, files: &Files) -> Vec<ResultRow> {
    let taken = report.captures.iter().map(|capture| entry.taken.clone().or_else(|| taken_at(capture, files)));
    // What an entry says counts for what the command line does.
    let tags = tags_text(entry.tags.iter().chain(&args.subject.tag));
    let subject = subject_of(entry, args);
    result_rows(report, Said { subject: &subject, tags: tags.as_deref() }, &taken.collect::<Vec<_>>())
}

/// Writes what waits, and says what was added.
fn write(results: &Path, waiting: &mut Vec<ResultRow>, force: bool) -> Result<String, Failure> {
    let files = Files::new(force);
    let mut added = stage_rows(results, waiting, &files)?;
    commit(std::mem::take(&mut added.files))?;
    waiting.clear();
    Ok(added.text())
}

/// What a folder of results holds already, if it is there.
fn known(results: &Path) -> Result<KnownJudgements, Failure> {
    let mut known = KnownJudgements::default();
    if !results.exists() {
        return Ok(known);
    }
    let folder = match ResultsFolder::new(&[results.to_owned()], &Files::new(false)) {
        Err(Failure::NoResults(_)) => return Ok(known),
        folder => folder?,
    };
    for (shelf, path) in folder.files() {
        let bytes = crate::cli::results_folder::bytes(path)?;
        let read = ResultsFile::open(&bytes)
            .and_then(|file| file.judgements(|view| known.take(shelf.station.as_deref(), &view)));
        read.map_err(|source| Failure::Results { path: path.clone(), source })?;
    }
    Ok(known)
}
