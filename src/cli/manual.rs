//! `strobecheck completions` and `man`: what shells and `man` want to know of the command line.

use std::path::Path;

use clap::{Command, CommandFactory};

use super::args::{Cli, CompletionsArgs, ManArgs};
use super::files::{Files, Ours, STANDARD, Staged, commit};
use super::output::WriteError;
use super::{Exit, Failure, complete, output};

/// What is said to somebody who calls the program for the first time.
pub(super) const WELCOME: &str = "\
strobecheck judges logic-analyzer captures of a camera's STROBE, FSIN and flash lines.

You have a capture: which probe shows which line, and what does the camera do? And then: is it as it should be?
  strobecheck look capture.sr -o board.spec.toml
  strobecheck verify capture.sr --spec board.spec.toml

You have an analyzer (and libsigrok): record, and judge in the same breath.
  strobecheck devices
  strobecheck capture --device fx2lafw --samplerate 4MHz --time 2s --channels D0=STROBE,D1=FSIN -o run.sr

You have a known camera: take its limits from a profile.
  strobecheck profiles

A word of a report is not clear: strobecheck explain
All commands: strobecheck --help
";

/// What every manual page of ours begins with.
const PAGE_BEGINNING: &str = ".ie \\n(.g .ds Aq \\(aq\n.el .ds Aq '\n.TH strobecheck";

/// Prints the completions of a shell.
pub(super) fn completions(args: &CompletionsArgs) -> Result<Exit, Failure> {
    print(&complete::script(args.shell).map_err(WriteError::StandardOutput)?)
}

/// The command line without the commands that this program calls itself by: shells would offer hidden ones too.
pub(super) fn public(command: &Command) -> Command {
    let subcommands = command.get_subcommands().filter(|command| !command.is_hide_set());
    Command::new(env!("CARGO_PKG_NAME"))
        .version(env!("CARGO_PKG_VERSION"))
        .args(command.get_arguments())
        .subcommands(subcommands.cloned())
}

/// Prints the manual page, or writes that of every command into a folder.
pub(super) fn man(args: &ManArgs) -> Result<Exit, Failure> {
    let mut command = Cli::command().disable_help_subcommand(true);
    command.build();
    let Some(folder) = &args.output else {
        return print(&page(&command)?);
    };
    if folder == Path::new(STANDARD) {
        return Err(Failure::usage("--output -", "many pages come out; name a folder"));
    }
    let files = Files::new(args.write.force);
    // What is hidden is for this program itself.
    let subcommands = command.get_subcommands().filter(|command| !command.is_hide_set());
    let pages = std::iter::once(&command).chain(subcommands).map(|command| {
        // A subcommand that was built is called `strobecheck-verify`.
        let name = command.get_display_name().unwrap_or_else(|| command.get_name());
        files.target(&folder.join(format!("{name}.1")), Ours::Begins(PAGE_BEGINNING))?.stage_bytes(&page(command)?)
    });
    commit(pages.collect::<Result<Vec<Staged<'_>>, WriteError>>()?)?;
    Ok(Exit::Done)
}

fn page(command: &Command) -> Result<Vec<u8>, WriteError> {
    let mut page = Vec::new();
    clap_mangen::Man::new(command.clone()).render(&mut page).map_err(WriteError::StandardOutput)?;
    Ok(page)
}

fn print(text: &[u8]) -> Result<Exit, Failure> {
    output::print(|out| out.write_all(text).map_err(WriteError::StandardOutput))?;
    Ok(Exit::Done)
}
