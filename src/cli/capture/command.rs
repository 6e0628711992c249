//! `--run`: a command that runs while the device samples.

use std::io;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// How often it is asked whether it has ended.
const BEAT: Duration = Duration::from_millis(20);
/// So long it may take to end when it is told to.
const GRACE: Duration = Duration::from_secs(5);

/// A command that was started.
#[derive(Debug)]
pub(in crate::cli) struct Running {
    child: Child,
    ended: Option<ExitStatus>,
    /// Whether signals go to all that it started: not at a terminal, which has told them itself.
    #[cfg(unix)]
    is_group: bool,
}

impl Running {
    /// Starts a line in the shell.
    pub(in crate::cli) fn start(line: &str) -> io::Result<Running> {
        Running::begin(line, false)
    }

    /// The same without a word on the terminal, which shows something else.
    pub(in crate::cli) fn start_unseen(line: &str) -> io::Result<Running> {
        Running::begin(line, true)
    }

    fn begin(line: &str, is_unseen: bool) -> io::Result<Running> {
        #[cfg(unix)]
        let mut command = Command::new("sh");
        #[cfg(unix)]
        command.arg("-c");
        #[cfg(not(unix))]
        let mut command = Command::new("cmd");
        #[cfg(not(unix))]
        command.arg("/C");
        // In a group of its own it could not read the terminal.
        #[cfg(unix)]
        let is_group = !io::IsTerminal::is_terminal(&io::stdin());
        #[cfg(unix)]
        if is_group {
            std::os::unix::process::CommandExt::process_group(&mut command, 0);
        }
        if is_unseen {
            command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        }
        Ok(Running {
            child: command.arg(line).spawn()?,
            ended: None,
            #[cfg(unix)]
            is_group,
        })
    }

    /// Whether it has ended.
    pub(super) fn has_ended(&mut self) -> bool {
        if self.ended.is_none() {
            // A command that cannot be asked is waited for in the end.
            self.ended = self.child.try_wait().unwrap_or(None);
        }
        self.ended.is_some()
    }

    /// Waits for its end; its exit code, or none if a signal ended it. When a stop is asked for, it is told to end, and if it
    /// does not, it is ended.
    pub(in crate::cli) fn exit_code(mut self, is_asked: &dyn Fn() -> bool) -> io::Result<Option<i32>> {
        let mut told: Option<Instant> = None;
        while !self.has_ended() {
            match told {
                None if is_asked() => {
                    self.tell();
                    told = Some(Instant::now());
                }
                Some(told) if told.elapsed() > GRACE => self.child.kill()?,
                Some(_) | None => {}
            }
            std::thread::sleep(BEAT);
        }
        Ok(self.ended.and_then(|status| status.code()))
    }

    /// Asks it to end. What is gone already needs no telling.
    #[cfg(unix)]
    fn tell(&self) {
        use rustix::process::{Pid, Signal, kill_process, kill_process_group};
        let pid = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw);
        let tell = if self.is_group { kill_process_group } else { kill_process };
        let _told = pid.map(|pid| tell(pid, Signal::TERM));
    }

    #[cfg(not(unix))]
    fn tell(&mut self) {
        let _told = self.child.kill();
    }
}
