//! The command: arguments, files and exit codes. Everything else is below.

mod args;
mod bug;
mod calibrate;
mod calibrate_args;
mod capture;
mod choose_spec;
mod clip;
mod compare;
mod complete;
mod devices;
mod edges;
mod explain;
mod files;
mod fleet_args;
mod foreign;
mod import;
mod interrupt;
mod learn;
mod live_args;
mod load;
mod look;
mod look_args;
mod manual;
mod measure;
mod output;
mod plan;
mod profiles;
mod progress;
mod read_args;
mod repair;
mod report_formats;
mod results;
mod results_folder;
mod schema;
mod sidecar;
mod simulate;
mod spec;
mod stop;
mod timestamps;
mod trend;
mod values;
mod verify;
mod verify_args;
mod watch;
mod wiring;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::{io, process};

use clap::{CommandFactory, Parser};

use crate::capture::{Header, ProbeError};
use crate::escape::{log_lines, visible, visible_lines};
use crate::format::{io_text, srzip};
use crate::frame::{ObserveError, wired_bits};
use crate::live::{ImportError, LiveError};
use crate::log::LogError;
use crate::render::RenderError;
use crate::render::text::Detail;
use crate::report::{ExitCode, RateSource};
use crate::scenario::{ScenarioError, SimulationError};
use crate::spec::{Spec, SpecError};
use crate::study::CalibrateError;
use crate::study::learn::LearnError;
use crate::study::plan::PlanError;
use crate::table::TableError;
use crate::verify::VerifyError;
use args::{Cli, Command};
use load::{LoadError, Opened};
use output::{WriteError, is_closed_pipe, say, shown};

/// Why a command could not do its work: exit code 2.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error(transparent)]
    Load(#[from] LoadError),
    #[error(transparent)]
    Write(#[from] WriteError),
    #[error("{}", .0.render())]
    Spec(#[from] SpecError),
    #[error("{}: cannot be read: {}", shown(path), io_text(source))]
    ReadFile { path: PathBuf, source: io::Error },
    #[error(transparent)]
    Log(#[from] LogError),
    #[error("{}", .0.render())]
    Scenario(#[from] ScenarioError),
    #[error(transparent)]
    Simulation(#[from] SimulationError),
    #[error(transparent)]
    Render(#[from] RenderError),
    #[error(transparent)]
    Table(#[from] TableError),
    #[error("{}: no spec says what it is judged by", shown(path))]
    NoSpec { path: PathBuf, help: String },
    #[error("--format {wanted}: there is no such format; there are {known}")]
    UnknownFormat { wanted: String, known: String },
    #[error("{line}: {source}")]
    Calibrate { line: String, source: CalibrateError },
    #[error("{option}: {source}")]
    Probe { option: &'static str, source: ProbeError },
    #[error("there is nothing called '{}' to explain{}", visible(.wanted), offered(.nearest))]
    UnknownTopic { wanted: String, nearest: Vec<String> },
    #[error("--tolerance {wanted}: there is no such quantity; {help}")]
    UnknownQuantity { wanted: String, help: String },
    #[error(transparent)]
    WriteCapture(#[from] srzip::WriteError),
    #[error(transparent)]
    Live(#[from] LiveError),
    #[error(transparent)]
    Import(#[from] ImportError),
    #[error("{option}: {reason}")]
    Usage { option: &'static str, reason: String },
    #[error("--run {line}: {}", io_text(source))]
    Command { line: String, source: io::Error },
    #[error("{}: {source} (wired by {})", shown(path), visible(at))]
    Wired { path: PathBuf, at: String, source: Box<ObserveError> },
    #[error("{}: {source}", shown(path))]
    Verify { path: PathBuf, source: Box<VerifyError> },
    #[error(
        "{}: a recording that did not end has left it: save it with 'strobecheck repair {} -o NEW.sr' and take it away, \
         or drop it with --force", shown(.0), shown(.0)
    )]
    LeftOver(PathBuf),
    #[error(
        "{}: the recording broke off: {reason}; what came before is in that file: save it with 'strobecheck repair {} -o NEW.sr'",
        shown(part),
        shown(part)
    )]
    Broke { part: PathBuf, reason: String },
    #[error("{}: {source}", shown(path))]
    Results { path: PathBuf, source: TableError },
    #[error(
        "{}: {} and {} would both write it; name them apart with --name '{{parent}}-{{stem}}', or judge them in calls of \
         their own, with other folders for --reports", shown(path), visible(&.captures[0]), visible(&.captures[1])
    )]
    SameName { path: PathBuf, captures: [String; 2] },
    #[error("{place}: {reason}")]
    Manifest { place: String, reason: String },
    #[error("{}: there are no results in it; verify --results FOLDER writes them", shown(.0))]
    NoResults(PathBuf),
    #[error("{}: there is no capture in it", shown(.0))]
    NoCaptures(PathBuf),
    #[error("{}: nothing of its samples can be read", shown(.0))]
    NothingLeft(PathBuf),
    #[error("{}: {lost} of its {length} samples are lost: too little is left to be written", shown(path))]
    TooLittleLeft { path: PathBuf, lost: u64, length: u64 },
    #[error(transparent)]
    Learn(#[from] LearnError),
    #[error(transparent)]
    Plan(#[from] PlanError),
}

/// Words that come near one that is not known.
fn offered(nearest: &[String]) -> String {
    if nearest.is_empty() {
        "; `strobecheck explain` lists all words".to_owned()
    } else {
        format!("; did you mean {}?", nearest.join(", "))
    }
}

impl Failure {
    /// An option that is used as it cannot be.
    fn usage(option: &'static str, reason: impl Into<String>) -> Failure {
        Failure::Usage { option, reason: reason.into() }
    }

    /// The whole explanation: the error, and what gets further where that is known.
    fn explained(&self) -> String {
        if let Failure::NoSpec { help, .. } = self { format!("{self}\n{help}") } else { self.to_string() }
    }

    /// The explanation as it stands beside the name of the capture, which it does not repeat; that of another file stays.
    fn of_capture(&self, capture: &Path) -> String {
        let text = self.explained();
        text.strip_prefix(&format!("{}: ", shown(capture))).map(str::to_owned).unwrap_or(text)
    }
}

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Exit {
    /// It did its work.
    Done,
    /// It did its work on a capture that is damaged; what is lost was said.
    Damaged,
    /// `compare` found a difference beyond the limits or a tolerance.
    Differs,
    /// `plan` found a limit that can never pass.
    NeverPasses,
    /// `compare` could not say whether two captures differ, `look` not what a capture shows, `plan` found a limit that can stay open.
    Undecided,
    /// `learn` or `look` made no spec of a capture; the reason was said.
    Refused,
    /// `verify` came to a verdict.
    Verdict(ExitCode),
}

impl Exit {
    fn number(self) -> u8 {
        match self {
            Exit::Done => 0,
            Exit::Damaged | Exit::Undecided | Exit::Refused => 3,
            Exit::Differs | Exit::NeverPasses => 1,
            Exit::Verdict(code) => code.number(),
        }
    }
}

const COULD_NOT_RUN: u8 = 2;

/// What the process was called with. The shells of Windows leave patterns of file names to the program.
fn arguments() -> Vec<OsString> {
    #[cfg(windows)]
    let arguments = wild::args_os();
    #[cfg(not(windows))]
    let arguments = std::env::args_os();
    arguments.collect()
}

/// Runs the command that the process was called with.
#[must_use]
pub fn run() -> process::ExitCode {
    match complete::answered(|| manual::public(&Cli::command())) {
        Ok(false) => {}
        Ok(true) => return process::ExitCode::SUCCESS,
        Err(error) => return process::ExitCode::from(say_usage(&error)),
    }
    let arguments = arguments();
    if arguments.len() < 2 {
        say(manual::WELCOME.trim_end());
        return process::ExitCode::from(COULD_NOT_RUN);
    }
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => {
            return process::ExitCode::from(say_usage(&error));
        }
    };
    interrupt::survive_full_files();
    // While a device samples, an interruption ends the recording and keeps what there is.
    if !matches!(cli.command, Command::Capture(_) | Command::Watch(_)) {
        interrupt::install();
    }
    guarded(|| match dispatch(&cli) {
        Ok(exit) => exit.number(),
        Err(failure) if is_closed_pipe(&failure) => Exit::Done.number(),
        Err(failure) => {
            say(format_args!("strobecheck: {}", visible_lines(&failure.explained())));
            COULD_NOT_RUN
        }
    })
}

/// Says what clap has to say: help and version, which are no errors, or what is wrong with the arguments, which may hold
/// anything.
fn say_usage(error: &clap::Error) -> u8 {
    let text = error.to_string();
    if error.use_stderr() {
        let inert = visible_lines(&text);
        // Coloured, where that is all there is to it.
        let is_plain = inert == text.trim_end_matches('\n') && log_lines(&inert) == inert && !inert.contains("##");
        let is_said = is_plain && error.print().is_ok();
        if !is_said {
            say(inert);
        }
        return COULD_NOT_RUN;
    }
    match error.print() {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            say(format_args!("strobecheck: {}", WriteError::StandardOutput(error)));
            COULD_NOT_RUN
        }
        Ok(()) | Err(_) => Exit::Done.number(),
    }
}

/// Does the work of a command and ends with its exit code. A panic in it is a bug of this program, and is said to be
/// one, with what it takes to find it: the exit code then is 2, which no verdict has.
#[must_use]
pub fn guarded(work: impl FnOnce() -> u8) -> process::ExitCode {
    bug::say_panics();
    // What was half done is not looked at again.
    let done = std::panic::catch_unwind(std::panic::AssertUnwindSafe(work));
    process::ExitCode::from(done.unwrap_or(COULD_NOT_RUN))
}

fn dispatch(cli: &Cli) -> Result<Exit, Failure> {
    match &cli.command {
        Command::Verify(args) => verify::run(args, detail(cli)),
        Command::Look(args) => look::run(args, detail(cli)),
        Command::Wiring(args) => wiring::run(args, detail(cli)),
        Command::Measure(args) => measure::run(args, detail(cli)),
        Command::Repair(args) => repair::run(args),
        Command::Edges(args) => edges::run(args),
        Command::Calibrate(args) => calibrate::run(args),
        Command::Clip(args) => clip::run(args),
        Command::Compare(args) => compare::run(args, detail(cli)),
        Command::Learn(args) => learn::run(args),
        Command::Trend(args) => trend::run(args),
        Command::Results(args) => results::run(args),
        Command::Simulate(args) => simulate::run(args),
        Command::Explain(args) => explain::run(args),
        Command::Devices(args) => devices::run(args),
        Command::Import(args) => import::run(args),
        Command::Capture(args) => capture::run(args, detail(cli)),
        Command::Watch(args) => watch::run(args),
        Command::Profiles(args) => profiles::run(args),
        Command::Plan(args) => plan::run(args),
        Command::Spec(args) => spec::run(args),
        Command::Schema(args) => schema::run(args),
        Command::Completions(args) => manual::completions(args),
        Command::Man(args) => manual::man(args),
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
fn unwired(path: &Path, spec: &Spec, source: ObserveError) -> Failure {
    let at = match &source {
        ObserveError::Probe { wire, .. } => spec.wired_at(wire),
        ObserveError::Shared { second, .. } => spec.wired_at(second),
        ObserveError::NotRead(_) => None,
    };
    match at {
        Some(at) => Failure::Wired { path: path.to_owned(), at: at.to_owned(), source: Box::new(source) },
        None => Failure::Verify { path: path.to_owned(), source: Box::new(source.into()) },
    }
}

/// The bits of the probes that a spec wires. Which probe is meant is said where a number may mean two.
fn wired(path: &Path, spec: &Spec, header: &Header) -> Result<Vec<u32>, Failure> {
    let bits = wired_bits(&spec.rig, header).map_err(|source| unwired(path, spec, source))?;
    for (wire, bit) in spec.rig.wires().iter().zip(&bits) {
        if let Some(text) = header.other_of_number(&wire.probe, *bit) {
            say(format_args!("warning: {}: {} = {text}", shown(path), visible(&wire.full_key())));
        }
    }
    Ok(bits)
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
