//! The scripts of the shells. Those of bash and zsh are our own: they keep words together that the shell cuts at `=` and `:`, and
//! put no blank behind a name that a value follows.

use std::ffi::OsString;
use std::io::{self, Write};
use std::path::Path;

use clap_complete::env::{Bash, Elvish, EnvCompleter, Fish, Powershell, Shells, Zsh};

use super::VARIABLE;

/// Each shell, and the script that is not clap's.
pub(super) const ALL: Shells<'static> = Shells(&[
    &Own { shell: &Bash, script: include_str!("strobecheck.bash") },
    &Own { shell: &Zsh, script: include_str!("strobecheck.zsh") },
    &Fish,
    &Powershell,
    &Elvish,
]);

/// A shell whose script is ours; what it is answered with is clap's.
struct Own<S> {
    shell: S,
    script: &'static str,
}

impl<S: EnvCompleter> EnvCompleter for Own<&S> {
    fn name(&self) -> &'static str {
        self.shell.name()
    }

    fn is(&self, name: &str) -> bool {
        self.shell.is(name)
    }

    fn write_registration(&self, _: &str, _: &str, _: &str, _: &str, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(self.script.as_bytes())
    }

    fn write_complete(
        &self,
        command: &mut clap::Command,
        words: Vec<OsString>,
        folder: Option<&Path>,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        self.shell.write_complete(command, words, folder, out)
    }
}

/// The script that a shell is to read.
pub(in crate::cli) fn script(shell: clap_complete::Shell) -> io::Result<Vec<u8>> {
    const PROGRAM: &str = env!("CARGO_PKG_NAME");
    let shell = shell.to_string();
    let completer = ALL.completer(&shell).ok_or_else(|| io::Error::other(format!("{shell} has no completions")))?;
    let mut text = Vec::new();
    completer.write_registration(VARIABLE, PROGRAM, PROGRAM, PROGRAM, &mut text)?;
    Ok(text)
}
