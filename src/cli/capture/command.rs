//! `--run`: a command that runs while the device samples.

use std::io;
use std::process::{Child, Command, ExitStatus};

/// A command that was started.
#[derive(Debug)]
pub(super) struct Running {
    child: Child,
    ended: Option<ExitStatus>,
}

impl Running {
    /// Starts a line in the shell.
    pub(super) fn start(line: &str) -> io::Result<Running> {
        #[cfg(unix)]
        let mut command = Command::new("sh");
        #[cfg(unix)]
        command.arg("-c");
        #[cfg(not(unix))]
        let mut command = Command::new("cmd");
        #[cfg(not(unix))]
        command.arg("/C");
        Ok(Running { child: command.arg(line).spawn()?, ended: None })
    }

    /// Whether it has ended.
    pub(super) fn has_ended(&mut self) -> bool {
        if self.ended.is_none() {
            // A command that cannot be asked is waited for in the end.
            self.ended = self.child.try_wait().unwrap_or(None);
        }
        self.ended.is_some()
    }

    /// Waits for its end; its exit code, or none if a signal ended it.
    pub(super) fn exit_code(mut self) -> io::Result<Option<i32>> {
        let status = match self.ended {
            Some(status) => status,
            None => self.child.wait()?,
        };
        Ok(status.code())
    }
}
