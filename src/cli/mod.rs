//! The command: arguments, files and exit codes. Everything else is below.

mod args;
mod choose_spec;
mod edges;
mod load;
mod measure;
mod names;
mod output;
mod profiles;
mod simulate;
mod wiring;

use std::path::PathBuf;
use std::{io, process};

use clap::Parser;

use crate::escape::{visible, visible_lines};
use crate::format::srzip;
use crate::report::ExitCode;
use crate::scenario::{ScenarioError, SimulationError};
use crate::spec::{ErrorStyle, SpecError};
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
    #[error("{}: cannot be read: {source}", path.display())]
    ReadSpec { path: PathBuf, source: io::Error },
    #[error(transparent)]
    Scenario(#[from] ScenarioError),
    #[error(transparent)]
    Simulation(#[from] SimulationError),
    #[error(transparent)]
    WriteCapture(#[from] srzip::WriteError),
    #[error("{}: {source}", path.display())]
    Verify { path: PathBuf, source: VerifyError },
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
            say(format_args!("strobecheck: {}", visible_lines(&failure.to_string())));
            COULD_NOT_RUN
        }
    })
}

fn dispatch(cli: &Cli) -> Result<Exit, Failure> {
    match &cli.command {
        Command::Wiring(args) => wiring::run(args),
        Command::Measure(args) => measure::run(args),
        Command::Edges(args) => edges::run(args),
        Command::Simulate(args) => simulate::run(args),
        Command::Profiles(args) => profiles::run(args),
    }
}

/// Says what is odd about a capture without being damage.
fn say_warnings(opened: &Opened) {
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
