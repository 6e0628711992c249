//! `strobecheck verify`: judge captures by a spec and write reports.

mod captures;
mod expect;
mod fleet;
mod manifest;
mod names;
mod reports;
mod results;

use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::args::VerifyArgs;
use super::choose_spec::{SpecChoice, misnamed, own_spec};
use super::files::{Files, Ours, STANDARD, commit};
use super::load::{Opened, ReadOptions, open_source};
use super::output::{self, Aside, shown};
use super::progress::Progress;
use super::timestamps::LogBytes;
use super::{Exit, Failure, bug};
use crate::capture::Capture;
use crate::escape::visible;
use crate::format::sha256;
use crate::render::text::{Detail, summary};
use crate::render::{json_report, suggestion_text};
use crate::report::{
    CaptureReport, ExitCode, InconclusivePolicy, Judgement, Outcome, Overall, Provenance, RateSource, Report,
    SubjectNotes,
};
use crate::study::record::tags_text;
use crate::study::results::{Said, Stated, judged_by};
use crate::study::wiring_of;
use crate::units::{Rounding, Unit, value_text};
use crate::verify::verify;
use captures::Captures;
use expect::Blessed;
pub(super) use reports::REPORTS;
use reports::{Reports, StagedReports};

pub(super) fn run(args: &VerifyArgs, detail: Detail) -> Result<Exit, Failure> {
    if let Some((manifest, results)) = args.manifest.as_ref().zip(args.subject.results.as_ref()) {
        return fleet::run(args, manifest, results, detail);
    }
    let options = ReadOptions::new(&args.read)?;
    let files = Files::new(args.write.force);
    let choice = SpecChoice::new(&args.spec, &files)?;
    let captures = Captures::new(args, &files)?;
    let reports = Reports::new(args, &captures)?;
    let log = LogBytes::read(args.timestamps.as_deref(), &files)?;
    let progress = Progress::new(captures.paths.len());
    let subject = subject(args);
    let judge = |path: &PathBuf| {
        let none_known = |_: &str, _: &str| None;
        let outcome = match judged(path, &subject, (&options, &choice, log.as_ref(), &files), &none_known) {
            Ok(Judging::Judged(judgement)) => Outcome::Judged(judgement),
            // None is.
            Ok(Judging::Known(_)) => Outcome::Error(String::new()),
            Err(failure) => Outcome::Error(failure.of_capture(path)),
        };
        progress.done();
        CaptureReport { path: path.display().to_string(), outcome, expected: None }
    };
    let mut judged = match captures.paths.as_slice() {
        [single] => vec![judge(single)],
        several => options.pool(several.len())?.install(|| several.par_iter().map(judge).collect()),
    };
    progress.finish();
    let mut blessed = Vec::new();
    if args.expect {
        let held =
            judged.into_iter().zip(&captures.paths).map(|(report, path)| expect::held(report, path, args, &files));
        let (reports, made): (Vec<_>, Vec<_>) = held.unzip();
        judged = reports;
        blessed.extend(made.into_iter().flatten());
    }
    let report = Report { captures: judged };
    let policy = args.inconclusive.unwrap_or_default();
    // The verdict comes first: whatever can no longer be written, it was said.
    let said = unless_unread(say_verdict(args, &report, &reports, detail));
    unless_unread(write(args, &report, (&reports, &blessed), &files, detail))?;
    said?;
    let code = ExitCode::of(&report, policy);
    if code != ExitCode::of(&report, InconclusivePolicy::default()) && detail > Detail::Brief {
        output::say(format_args!("inconclusive counts as --inconclusive says: exit code {}", code.number()));
    }
    Ok(Exit::Verdict(code))
}

/// A reader that goes away, as `head` does, is a quiet end, and changes nothing about the verdict.
fn unless_unread(result: Result<(), Failure>) -> Result<(), Failure> {
    match result {
        Err(failure) if !output::is_closed_pipe(&failure) => Err(failure),
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Prints the JSON report, or the summary; and what was asked for as lines of a log.
fn say_verdict(args: &VerifyArgs, report: &Report, reports: &Reports, detail: Detail) -> Result<(), Failure> {
    let log = reports.log(report)?;
    let log = String::from_utf8_lossy(&log);
    if let Some(of) = args.json {
        // Standard output holds the JSON report and nothing else; a CI reads both.
        log.lines().for_each(output::say_commands);
        return Ok(output::print_bytes(&json_report(report, of)?)?);
    }
    let aside = if reports.is_standard_output() { Aside::Error } else { Aside::Output };
    aside.print(&summary(report, detail, aside.width()))?;
    match aside {
        Aside::Output => output::print_commands(&log)?,
        Aside::Error => log.lines().for_each(output::say_commands),
    }
    Ok(())
}

/// Writes the reports and results, and says where they are.
fn write(
    args: &VerifyArgs,
    report: &Report,
    (reports, blessed): (&Reports, &[Blessed]),
    files: &Files,
    detail: Detail,
) -> Result<(), Failure> {
    let subject = subject(args);
    let tags = tags_text(&args.subject.tag);
    let said = Said { subject: &subject, tags: tags.as_deref() };
    let folder = args.subject.results.as_deref();
    let mut added = folder.map(|folder| results::stage(folder, report, said, files)).transpose()?;
    let mut staged = StagedReports::default();
    if reports.is_standard_output() {
        let bytes = reports.single(report)?;
        files.target(Path::new(STANDARD), Ours::Nothing)?.write_bytes(&bytes)?;
    } else {
        staged = reports.stage(report, files)?;
    }
    let results = added.as_mut().map(|added| std::mem::take(&mut added.files)).unwrap_or_default();
    let expectations = blessed.iter().map(|made| made.stage(files)).collect::<Result<Vec<_>, _>>()?;
    commit(staged.files.into_iter().chain(results).chain(expectations).collect())?;
    staged.kept.iter().for_each(output::say);
    if args.json.is_some() || reports.is_standard_output() || detail == Detail::Brief {
        return Ok(());
    }
    let lines = written_text(&staged.paths).into_iter().chain(added.map(|added| added.text()));
    let lines = lines.chain(blessed.iter().map(Blessed::line));
    Ok(output::print_text(&lines.collect::<String>())?)
}

/// What the user said of the device under test.
fn subject(args: &VerifyArgs) -> SubjectNotes {
    SubjectNotes {
        dut: args.subject.dut.clone(),
        station: args.subject.station.clone(),
        operator: args.subject.operator.clone(),
        note: args.subject.note.clone(),
    }
}

/// Where the reports are: each file, or of many their folder.
fn written_text(written: &[PathBuf]) -> Option<String> {
    const NAMED: usize = 4;
    let folder = written.first()?.parent()?;
    if written.len() <= NAMED {
        let names: Vec<String> = written.iter().map(|path| shown(path)).collect();
        return Some(format!("Report: {}\n", names.join(", ")));
    }
    Some(format!("Reports: {} files in {}\n", written.len(), shown(folder)))
}

/// What came of a capture.
enum Judging {
    Judged(Box<Judgement>),
    /// Its verdict is there already.
    Known(Overall),
}

/// Judges one capture by the spec that is stated for it or lies beside it. `known` is asked for the verdict of these bytes by
/// what they are judged by, before they are read; it is not told of windows and logs.
fn judged(
    path: &Path,
    subject: &SubjectNotes,
    (options, choice, log, files): (&ReadOptions, &SpecChoice<'_>, Option<&LogBytes>, &Files),
    known: &dyn Fn(&str, &str) -> Option<Overall>,
) -> Result<Judging, Failure> {
    let input = bug::Input::of(path);
    let file = open_source(path, files)?;
    let chosen = choice.spec_for(path)?;
    let digest = sha256(file.source.as_ref()).map_err(|source| Failure::ReadFile { path: path.to_owned(), source })?;
    input.is_known_as(&digest);
    let mut opened = Opened::new(path, file, options)?;
    let Some(chosen) = chosen else { return Err(no_spec(path, &opened)?) };
    let (rate, rate_source) = opened.rate()?;
    let stated = Stated { rate: (&rate, rate_source), duration: options.duration(), window: None, log: None };
    if let Some(verdict) = known(&digest, &judged_by(&chosen.spec, &stated)) {
        return Ok(Judging::Known(verdict));
    }
    opened.wire_analog(&chosen.spec.rig).map_err(|source| super::unwired(path, &chosen.spec, source))?;
    let bits = super::wired(path, &chosen.spec, opened.header())?;
    let (capture, window) = opened.capture(bits)?;
    let provenance = Provenance {
        sha256: digest,
        rate,
        rate_source,
        window,
        duration: options.duration().cloned(),
        problems: remarks(&capture, rate_source),
        subject: subject.clone(),
        sidecar: opened.sidecar()?,
        log: log.map(|log| log.parse(&chosen.spec.timestamps)).transpose()?,
        ..Provenance::of(&capture)
    };
    verify(&capture, chosen.spec, chosen.source, provenance)
        .map(|judgement| Judging::Judged(Box::new(judgement)))
        .map_err(|source| Failure::Verify { path: path.to_owned(), source: Box::new(source) })
}

/// What is damaged, what is odd, and what was stated of the capture instead of being read from it.
pub(super) fn remarks(capture: &Capture, rate_source: RateSource) -> Vec<String> {
    let mut remarks: Vec<String> = capture.problems.iter().chain(&capture.header.warnings).cloned().collect();
    match rate_source {
        RateSource::File => {}
        RateSource::Stated => {
            let rate = value_text(capture.rate.hz(), Unit::Hertz, Rounding::Nearest);
            remarks.push(format!("the sample rate, {rate}, was stated with --samplerate"));
        }
        RateSource::TimeUnit => remarks.push(super::NO_RATE.to_owned()),
    }
    remarks
}

/// What to do about a capture that nothing says how to judge: the lines that get further, with the wiring that the capture
/// suggests.
fn no_spec(path: &Path, opened: &Opened) -> Result<Failure, Failure> {
    let (capture, spec) = (path.display().to_string(), own_spec(path).display().to_string());
    let suggestion = suggestion_text(&wiring_of(&opened.excerpt()?), &capture, &spec);
    let misnamed = misnamed(path).into_iter().map(|(there, meant)| {
        format!("'{}' lies beside it: is it its spec? Then call it '{}'.\n", visible(&there), visible(&meant))
    });
    let help = misnamed.chain([suggestion]).collect();
    Ok(Failure::NoSpec { path: path.to_owned(), help })
}
