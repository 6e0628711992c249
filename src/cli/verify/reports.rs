//! Which reports are written, what they are called, and where they go.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use super::captures::{Captures, Named};
use super::names::Names;
use crate::cli::Failure;
use crate::cli::args::VerifyArgs;
use crate::cli::files::{Files, Ours, ReportFile, STANDARD, Staged};
use crate::cli::report_formats::{DEFAULT_FORMAT, known_formats};
use crate::escape::{log_lines, visible_lines};
use crate::render::clips;
use crate::render::{Imprinting, Options, Render, Renderer, renderers_of};
use crate::report::{CaptureReport, Imprint, InconclusivePolicy, Outcome, Report};

/// Where reports go unless `--reports` says otherwise.
pub(in crate::cli) const REPORTS: &str = "reports";

/// The reports of a run.
pub(super) struct Reports {
    renderers: Vec<&'static Renderer>,
    folder: PathBuf,
    names: Names,
    named: Named,
    clips: bool,
    inconclusive: InconclusivePolicy,
    /// The paths of the pages, as far as there are any.
    pages: Vec<String>,
}

/// A file of a run.
struct ReportBytes {
    name: String,
    imprinting: Imprinting,
    bytes: Vec<u8>,
}

/// The files of a run under their temporary names.
#[derive(Default)]
pub(super) struct StagedReports<'f> {
    pub(super) files: Vec<Staged<'f>>,
    pub(super) paths: Vec<PathBuf>,
    /// What is not written, and why.
    pub(super) kept: Vec<String>,
    /// Which capture each path is of, in letters that no file system takes for others.
    taken: HashMap<String, String>,
}

impl Reports {
    pub(super) fn new(args: &VerifyArgs, captures: &Captures) -> Result<Reports, Failure> {
        // With --json the report is on standard output; files are written only where they are asked for.
        let silent = args.json.is_some() && args.format.is_empty() && args.reports.is_none();
        let formats: Vec<&str> = match args.format.as_slice() {
            _ if args.no_report || silent => Vec::new(),
            [] => vec![DEFAULT_FORMAT],
            formats => formats.iter().map(|format| format.trim()).collect(),
        };
        let mut renderers: Vec<&'static Renderer> = Vec::new();
        for format in formats {
            let found: Vec<&Renderer> = renderers_of(format).collect();
            if found.is_empty() {
                return Err(Failure::UnknownFormat { wanted: format.to_owned(), known: known_formats() });
            }
            // A format that is named twice is written once.
            if !renderers.iter().any(|renderer| renderer.id == format) {
                renderers.extend(found);
            }
        }
        let folder = args.reports.clone().unwrap_or_else(|| PathBuf::from(REPORTS));
        let names = Names::new(&captures.paths, args.name.as_deref())?;
        let has_pages = renderers.iter().any(|renderer| renderer.id == DEFAULT_FORMAT);
        let page = |stem: &String| folder.join(format!("{stem}.{DEFAULT_FORMAT}")).display().to_string();
        let reports = Reports {
            renderers,
            pages: names.stems().iter().filter(|_| has_pages).map(page).collect(),
            folder,
            names,
            named: captures.named,
            clips: args.clips,
            inconclusive: args.inconclusive.unwrap_or_default(),
        };
        if reports.is_standard_output() && !reports.is_one_file(captures.paths.len()) {
            let reason = "more than one file comes out; name one --format of html, json, junit or markdown, and a folder for \
                          several captures";
            return Err(Failure::usage("--reports -", reason));
        }
        Ok(reports)
    }

    /// Whether the report goes to standard output.
    pub(super) fn is_standard_output(&self) -> bool {
        self.folder == Path::new(STANDARD)
    }

    /// Whether exactly one file comes out.
    fn is_one_file(&self, captures: usize) -> bool {
        let files = self.renderers.iter().map(|renderer| match renderer.render {
            Render::Capture(_) => captures,
            // Nobody knows before.
            Render::Parts(_) => 2,
            Render::Run(..) => usize::from(self.named == Named::Together),
            Render::Whole(..) => 1,
            Render::Log(_) => 0,
        });
        files.sum::<usize>() == 1 && !self.clips
    }

    /// What is told besides the report.
    fn options(&self) -> Options<'_> {
        Options { inconclusive: self.inconclusive, stems: self.names.stems(), pages: &self.pages, clips: None }
    }

    /// Lines for the log of a CI.
    pub(super) fn log(&self, report: &Report) -> Result<Vec<u8>, Failure> {
        let mut log = Vec::new();
        for renderer in &self.renderers {
            if let Render::Log(render) = renderer.render {
                log.extend(render(report, &self.options())?);
            }
        }
        Ok(log)
    }

    /// The one file that goes to standard output.
    pub(super) fn single(&self, report: &Report) -> Result<Vec<u8>, Failure> {
        let mut files = self.of_run(report)?;
        for (place, capture) in report.captures.iter().enumerate() {
            files.extend(self.of_capture(capture, place)?);
        }
        let bytes: Vec<u8> = files.into_iter().flat_map(|file| file.bytes).collect();
        Ok(match String::from_utf8(bytes) {
            Ok(text) => log_lines(&text).into_owned().into_bytes(),
            Err(error) => error.into_bytes(),
        })
    }

    /// Writes all files under temporary names. An error takes no verdict's place: its files are left out.
    pub(super) fn stage<'f>(&self, report: &Report, files: &'f Files) -> Result<StagedReports<'f>, Failure> {
        let mut staged = StagedReports::default();
        for (place, capture) in report.captures.iter().enumerate() {
            self.add(&mut staged, files, std::slice::from_ref(capture), self.of_capture(capture, place)?)?;
        }
        self.add(&mut staged, files, &report.captures, self.of_run(report)?)?;
        Ok(staged)
    }

    fn add<'f>(
        &self,
        staged: &mut StagedReports<'f>,
        files: &'f Files,
        captures: &[CaptureReport],
        written: Vec<ReportBytes>,
    ) -> Result<(), Failure> {
        let imprint = Imprint::of(captures);
        let report = |file: &ReportBytes| ReportFile {
            kind: imprint.kind,
            imprinting: file.imprinting,
            headings: String::from_utf8_lossy(file.bytes.split(|&byte| byte == b'\n').next().unwrap_or_default())
                .into(),
            of: imprint.of.clone(),
        };
        let kept = |file: &ReportBytes| report(file).kept(&self.folder.join(&file.name));
        if captures.iter().all(|capture| matches!(capture.outcome, Outcome::Error(_)))
            && let Some(kept) = written.iter().find_map(kept)
        {
            staged.kept.push(visible_lines(&kept.to_string()));
            return Ok(());
        }
        for file in written {
            let path = self.folder.join(&file.name);
            let of = captures.first().map(|capture| capture.path.clone()).unwrap_or_default();
            if let Some(other) = staged.taken.insert(file.name.to_lowercase(), of.clone()) {
                return Err(Failure::SameName { path, captures: [other, of] });
            }
            let target = files.target(&path, Ours::Report(report(&file)))?;
            staged.files.push(target.stage_bytes(&file.imprinting.add(file.bytes, &imprint))?);
            staged.paths.push(path);
        }
        Ok(())
    }

    /// The files of one capture.
    fn of_capture(&self, capture: &CaptureReport, place: usize) -> Result<Vec<ReportBytes>, Failure> {
        let stem = self.names.stem(place);
        let options = Options { clips: self.clips.then_some(stem), ..self.options() };
        let mut files = Vec::new();
        for Renderer { render, extension, imprinting, .. } in self.renderers.iter().copied() {
            let imprinting = *imprinting;
            match render {
                Render::Capture(render) => {
                    let name = format!("{stem}.{extension}");
                    files.push(ReportBytes { name, imprinting, bytes: render(capture, &options)? });
                }
                Render::Parts(render) => files.extend(render(capture, &options)?.into_iter().map(|part| {
                    let name = format!("{stem}.{}.{extension}", part.name);
                    ReportBytes { name, imprinting, bytes: part.bytes }
                })),
                Render::Log(_) | Render::Run(..) | Render::Whole(..) => {}
            }
        }
        if let (Outcome::Judged(judgement), true) = (&capture.outcome, self.clips) {
            let clips = clips(judgement, stem, &Imprint::of(std::slice::from_ref(capture)))?.into_iter();
            files.extend(clips.map(|(name, imprinting, bytes)| ReportBytes { name, imprinting, bytes }));
        }
        Ok(files)
    }

    /// The files of the run.
    fn of_run(&self, report: &Report) -> Result<Vec<ReportBytes>, Failure> {
        let mut files = Vec::new();
        let is_single = self.named == Named::Alone;
        for Renderer { render, extension, imprinting, .. } in self.renderers.iter().copied() {
            let (name, render) = match render {
                Render::Whole(_, render) if is_single => (format!("{}.{extension}", self.names.stem(0)), render),
                Render::Run(name, render) | Render::Whole(name, render) if !is_single => ((*name).to_owned(), render),
                Render::Run(..) | Render::Whole(..) | Render::Capture(_) | Render::Parts(_) | Render::Log(_) => {
                    continue;
                }
            };
            files.push(ReportBytes { name, imprinting: *imprinting, bytes: render(report, &self.options())? });
        }
        Ok(files)
    }
}
