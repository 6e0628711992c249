//! `strobecheck verify`: judge captures by a spec and write reports.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::args::{InconclusiveAs, VerifyArgs};
use super::choose_spec::SpecChoice;
use super::load::{Opened, ReadOptions, open_source, sidecar};
use super::names::report_stems;
use super::progress::Progress;
use super::report_formats::{DEFAULT_FORMAT, known_formats};
use super::sidecar::problems as recording_problems;
use super::timestamps::LogBytes;
use super::{Exit, Failure, bug, output, results};
use crate::capture::Capture;
use crate::format::sha256;
use crate::frame::wired_bits;
use crate::render::clips as clips_of;
use crate::render::text::{Detail, summary};
use crate::render::{Options, Render, Renderer, json_report, renderers_of, suggestion_text};
use crate::report::{
    CaptureReport, ExitCode, InconclusivePolicy, Judgement, Outcome, Provenance, RateSource, Report, SubjectNotes,
};
use crate::study::wiring;
use crate::units::{Rounding, Unit, value_text};
use crate::verify::verify;

/// Where reports go unless `--reports` says otherwise.
const REPORTS: &str = "reports";

pub(super) fn run(args: &VerifyArgs, detail: Detail) -> Result<Exit, Failure> {
    let options = ReadOptions::new(&args.read)?;
    let choice = SpecChoice::new(&args.spec)?;
    let outputs = Outputs::new(args)?;
    let log = LogBytes::read(args.timestamps.as_deref())?;
    let progress = Progress::new(args.captures.len());
    let judge = |path: &PathBuf| {
        let outcome = match judged(path, args, (&options, &choice, log.as_ref())) {
            Ok(judgement) => Outcome::Judged(Box::new(judgement)),
            Err(failure) => Outcome::Error(failure.of_capture()),
        };
        progress.done();
        CaptureReport { path: path.display().to_string(), outcome }
    };
    let captures = match args.captures.as_slice() {
        [single] => vec![judge(single)],
        several => options.pool()?.install(|| several.par_iter().map(judge).collect()),
    };
    progress.finish();
    let report = Report { captures };
    let policy = match args.inconclusive {
        None => InconclusivePolicy::AsIs,
        Some(InconclusiveAs::Fail) => InconclusivePolicy::Fail,
        Some(InconclusiveAs::Pass) => InconclusivePolicy::Pass,
        Some(InconclusiveAs::Skip) => InconclusivePolicy::Skip,
    };
    let written = outputs.write(args, &report, policy)?;
    let added = args.results.as_deref().map(|folder| results::add(folder, &report)).transpose()?;
    // A reader that goes away, as `head` does, is a quiet end, and changes nothing about the verdict.
    match print(args, &report, &written, added, detail) {
        Err(failure) if !output::is_closed_pipe(&failure) => return Err(failure),
        Ok(()) | Err(_) => {}
    }
    Ok(Exit::Verdict(ExitCode::of(report.overall(), policy)))
}

/// Prints the JSON report, or the summary and where the reports are; and what was asked for as annotations.
fn print(
    args: &VerifyArgs,
    report: &Report,
    written: &Written,
    added: Option<usize>,
    detail: Detail,
) -> Result<(), Failure> {
    let log = String::from_utf8_lossy(&written.log);
    if args.json {
        // Standard output holds the JSON report and nothing else; a CI reads both.
        log.lines().for_each(output::say);
        let bytes = json_report(report)?;
        return output::print(|out| out.write_all(&bytes).map_err(|e| output::WriteError::StandardOutput(e).into()));
    }
    output::print_text(&summary(report, detail))?;
    if let Some(text) = written_text(&written.files) {
        output::print_text(&text)?;
    }
    if let Some((rows, folder)) = added.zip(args.results.as_ref()) {
        let folder = folder.display().to_string();
        output::print_text(&format!("Results: {rows} rows added to {}\n", crate::escape::visible(&folder)))?;
    }
    Ok(output::print_text(&log)?)
}

/// Judges one capture by the spec that is stated for it or lies beside it.
fn judged(
    path: &Path,
    args: &VerifyArgs,
    (options, choice, log): (&ReadOptions, &SpecChoice, Option<&LogBytes>),
) -> Result<Judgement, Failure> {
    let input = bug::Input::of(path);
    let file = open_source(path)?;
    let chosen = choice.spec_for(path)?;
    let digest = sha256(file.source.as_ref()).map_err(|source| Failure::ReadFile { path: path.to_owned(), source })?;
    input.is_known_as(&digest);
    let mut opened = Opened::new(path, file, options)?;
    let Some(chosen) = chosen else { return Err(no_spec(path, &opened)?) };
    let (rate, rate_source) = opened.rate()?;
    opened.wire_analog(&chosen.spec.rig).map_err(|source| super::unwired(path, source))?;
    let bits = wired_bits(&chosen.spec.rig, opened.header()).map_err(|source| super::unwired(path, source))?;
    let (mut capture, window) = opened.capture(bits)?;
    let sidecar = sidecar(path)?;
    let recorded = sidecar.as_ref().map(recording_problems).unwrap_or_default();
    // The capture itself says them too, unless something else wrote it.
    let unsaid: Vec<String> = recorded.into_iter().filter(|problem| !capture.problems.contains(problem)).collect();
    capture.problems.extend(unsaid);
    let provenance = Provenance {
        sha256: digest,
        rate,
        rate_source,
        window,
        problems: remarks(&capture, rate_source),
        subject: SubjectNotes {
            dut: args.dut.clone(),
            station: args.station.clone(),
            operator: args.operator.clone(),
            note: args.note.clone(),
        },
        sidecar,
        log: log.map(|log| log.parse(&chosen.spec.timestamps)).transpose()?,
        ..Provenance::of(&capture)
    };
    verify(&capture, chosen.spec, chosen.source, provenance)
        .map_err(|source| Failure::Verify { path: path.to_owned(), source: Box::new(source) })
}

/// What is damaged, what is odd, and what was stated of the capture instead of being read from it.
fn remarks(capture: &Capture, rate_source: RateSource) -> Vec<String> {
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
    let capture = opened.capture_all()?;
    let help = suggestion_text(&wiring(&capture), &path.display().to_string());
    Ok(Failure::NoSpec { path: path.to_owned(), help })
}

/// What became of the reports.
struct Written {
    files: Vec<PathBuf>,
    /// Lines for the log of a CI.
    log: Vec<u8>,
}

/// Which files are written, and where.
struct Outputs {
    renderers: Vec<&'static Renderer>,
    folder: PathBuf,
}

impl Outputs {
    fn new(args: &VerifyArgs) -> Result<Outputs, Failure> {
        // With --json the report is on standard output; files are written only where they are asked for.
        let silent = args.json && args.format.is_empty() && args.reports.is_none();
        let formats: Vec<&str> = match args.format.as_slice() {
            _ if args.no_report || silent => Vec::new(),
            [] => vec![DEFAULT_FORMAT],
            formats => formats.iter().map(|format| format.trim()).collect(),
        };
        let mut renderers = Vec::new();
        for format in formats {
            let found: Vec<&Renderer> = renderers_of(format).collect();
            if found.is_empty() {
                return Err(Failure::UnknownFormat { wanted: format.to_owned(), known: known_formats() });
            }
            renderers.extend(found);
        }
        renderers.dedup_by(|a, b| std::ptr::eq(*a, *b));
        Ok(Outputs { renderers, folder: args.reports.clone().unwrap_or_else(|| PathBuf::from(REPORTS)) })
    }

    /// Renders everything before anything is written, so that a report that cannot be rendered leaves no files.
    fn write(&self, args: &VerifyArgs, report: &Report, inconclusive: InconclusivePolicy) -> Result<Written, Failure> {
        let paths: Vec<&Path> = args.captures.iter().map(PathBuf::as_path).collect();
        let stems = report_stems(&paths);
        let options = Options { inconclusive, stems: &stems, clips: None };
        let clips = |stem| args.clips.then_some(stem);
        let mut files: BTreeMap<PathBuf, Vec<u8>> = BTreeMap::new();
        let mut log = Vec::new();
        for renderer in &self.renderers {
            match renderer.render {
                Render::Capture(render) => {
                    for (capture, stem) in report.captures.iter().zip(&stems) {
                        let path = self.folder.join(format!("{stem}.{}", renderer.extension));
                        files.insert(path, render(capture, &Options { clips: clips(stem.as_str()), ..options })?);
                    }
                }
                Render::Parts(render) => {
                    for (capture, stem) in report.captures.iter().zip(&stems) {
                        for part in render(capture, &options)? {
                            let name = format!("{stem}.{}.{}", part.name, renderer.extension);
                            files.insert(self.folder.join(name), part.bytes);
                        }
                    }
                }
                Render::Log(render) => log.extend(render(report, &options)?),
                Render::Run(render) if report.captures.len() > 1 => {
                    let path = self.folder.join(format!("index.{}", renderer.extension));
                    files.insert(path, render(report, &options)?);
                }
                Render::Run(_) => {}
            }
        }
        for (capture, stem) in report.captures.iter().zip(&stems).filter(|_| args.clips) {
            if let Outcome::Judged(judgement) = &capture.outcome {
                let clips = clips_of(judgement, stem)?.into_iter();
                files.extend(clips.map(|(name, bytes)| (self.folder.join(name), bytes)));
            }
        }
        output::write_files(&files)?;
        Ok(Written { files: files.into_keys().collect(), log })
    }
}

/// Where the reports are: each file, or of many their folder.
fn written_text(written: &[PathBuf]) -> Option<String> {
    const NAMED: usize = 4;
    let folder = written.first()?.parent()?;
    let shown = |path: &Path| crate::escape::visible(&path.display().to_string()).into_owned();
    if written.len() <= NAMED {
        let names: Vec<String> = written.iter().map(|path| shown(path)).collect();
        return Some(format!("Report: {}\n", names.join(", ")));
    }
    Some(format!("Reports: {} files in {}\n", written.len(), shown(folder)))
}
