//! The command: arguments, files and exit codes. Everything else is below.

mod args;
mod calibrate;
mod choose_spec;
mod edges;
mod load;
mod measure;
mod names;
mod output;
mod profiles;
mod schema;
mod simulate;
mod verify;
mod wiring;

use std::path::{Path, PathBuf};
use std::{io, process};

use clap::Parser;

use crate::capture::ProbeError;
use crate::escape::{visible, visible_lines};
use crate::format::{io_text, srzip};
use crate::frame::ObserveError;
use crate::render::RenderError;
use crate::render::text::Detail;
use crate::report::{ExitCode, RateSource};
use crate::scenario::{ScenarioError, SimulationError};
use crate::spec::{ErrorStyle, SpecError};
use crate::study::CalibrateError;
use crate::table::TableError;
use crate::verify::VerifyError;
use args::{Cli, Command};
use load::{LoadError, Opened};
use output::{WriteError, is_closed_pipe, say};

/// Why a command could not do its work: exit code 2.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error(transparent)]
    Load(#[from] LoadError),
    #[error(transparent)]
    Write(#[from] WriteError),
    #[error("{}", .0.render(ErrorStyle::Plain))]
    Spec(#[from] SpecError),
    #[error("{}: cannot be read: {}", path.display(), io_text(source))]
    ReadFile { path: PathBuf, source: io::Error },
    #[error(transparent)]
    Scenario(#[from] ScenarioError),
    #[error(transparent)]
    Simulation(#[from] SimulationError),
    #[error(transparent)]
    Render(#[from] RenderError),
    #[error(transparent)]
    Table(#[from] TableError),
    #[error("{}: no spec says what it is judged by", .path.display())]
    NoSpec { path: PathBuf, help: String },
    #[error("--format {wanted}: there is no such format; there are {known}")]
    UnknownFormat { wanted: String, known: String },
    #[error("{line}: {source}")]
    Calibrate { line: String, source: CalibrateError },
    #[error("--line: {0}")]
    Probe(#[from] ProbeError),
    #[error("{option}: it must be {wanted}")]
    OutOfRange { option: &'static str, wanted: &'static str },
    #[error(transparent)]
    WriteCapture(#[from] srzip::WriteError),
    #[error("{}: {source}", path.display())]
    Verify { path: PathBuf, source: Box<VerifyError> },
}

impl Failure {
    /// The whole explanation: the error, and what gets further where that is known.
    fn explained(&self) -> String {
        if let Failure::NoSpec { help, .. } = self { format!("{self}\n{help}") } else { self.to_string() }
    }
}

impl Failure {
    /// The explanation as it stands beside the name of the capture, which it does not repeat.
    fn of_capture(&self) -> String {
        let named = match self {
            Failure::Load(LoadError::Read { path, .. } | LoadError::WindowOutside { path, .. })
            | Failure::ReadFile { path, .. }
            | Failure::NoSpec { path, .. }
            | Failure::Verify { path, .. } => Some(path),
            Failure::Load(_)
            | Failure::Write(_)
            | Failure::Spec(_)
            | Failure::Scenario(_)
            | Failure::Simulation(_)
            | Failure::Render(_)
            | Failure::Table(_)
            | Failure::UnknownFormat { .. }
            | Failure::Calibrate { .. }
            | Failure::Probe(_)
            | Failure::OutOfRange { .. }
            | Failure::WriteCapture(_) => None,
        };
        let text = self.explained();
        let prefix = named.map(|path| format!("{}: ", path.display())).unwrap_or_default();
        text.strip_prefix(&prefix).map(str::to_owned).unwrap_or(text)
    }
}

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Exit {
    /// It did its work.
    Done,
    /// It did its work on a capture that is damaged; what is lost was said.
    Damaged,
    /// `verify` came to a verdict.
    Verdict(ExitCode),
}

impl Exit {
    fn number(self) -> u8 {
        match self {
            Exit::Done => 0,
            Exit::Damaged => 3,
            Exit::Verdict(code) => code.number(),
        }
    }
}

const COULD_NOT_RUN: u8 = 2;

/// Runs the command that the process was called with.
#[must_use]
pub fn run() -> process::ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version are no errors; clap prints each where it belongs.
            let _unsaid = error.print();
            let asked_for = !error.use_stderr();
            return process::ExitCode::from(if asked_for { 0 } else { COULD_NOT_RUN });
        }
    };
    process::ExitCode::from(match dispatch(&cli) {
        Ok(exit) => exit.number(),
        Err(failure) if is_closed_pipe(&failure) => Exit::Done.number(),
        Err(failure) => {
            say(format_args!("strobecheck: {}", visible_lines(&failure.explained())));
            COULD_NOT_RUN
        }
    })
}

fn dispatch(cli: &Cli) -> Result<Exit, Failure> {
    match &cli.command {
        Command::Verify(args) => verify::run(args, detail(cli)),
        Command::Wiring(args) => wiring::run(args),
        Command::Measure(args) => measure::run(args),
        Command::Edges(args) => edges::run(args),
        Command::Calibrate(args) => calibrate::run(args),
        Command::Simulate(args) => simulate::run(args),
        Command::Profiles(args) => profiles::run(args),
        Command::Schema(args) => schema::run(args),
    }
}

/// How much `verify` says.
fn detail(cli: &Cli) -> Detail {
    match (cli.quiet, cli.verbose) {
        (true, _) => Detail::Brief,
        (false, true) => Detail::Full,
        (false, false) => Detail::Normal,
    }
}

/// The failure to find what a rig's wires name in a capture.
fn unwired(path: &Path, source: ObserveError) -> Failure {
    Failure::Verify { path: path.to_owned(), source: Box::new(source.into()) }
}

/// What is to be known of a file that states times.
const NO_RATE: &str = "the file states times and no sample rate: no uncertainty covers how often the lines were looked at, \
                       and no limit is decided; state the rate with --samplerate";

/// Says what is odd about a capture without being damage.
fn say_warnings(opened: &Opened) {
    if let Ok((_, RateSource::TimeUnit)) = opened.rate() {
        say(format_args!("warning: {NO_RATE}"));
    }
    for warning in &opened.header().warnings {
        say(format_args!("warning: {}", visible(warning)));
    }
}

/// The exit of a command that reads a capture: what is damaged is said.
fn exit_for(problems: &[String]) -> Exit {
    for problem in problems {
        say(format_args!("damaged: {}", visible(problem)));
    }
    if problems.is_empty() { Exit::Done } else { Exit::Damaged }
}
