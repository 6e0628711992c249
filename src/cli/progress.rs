//! How far a run over several captures is: a bar on a terminal, once it lasts longer than a person likes to wait.

use std::io::IsTerminal;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget};

/// Shorter runs show none.
const PATIENCE: Duration = Duration::from_secs(1);

/// The captures that are done, of all.
pub(super) struct Progress {
    bar: ProgressBar,
    is_terminal: bool,
}

impl Progress {
    pub(super) fn new(captures: usize) -> Progress {
        let bar = ProgressBar::with_draw_target(Some(captures as u64), ProgressDrawTarget::hidden());
        // Of a single capture there is nothing to count.
        Progress { bar, is_terminal: captures > 1 && std::io::stderr().is_terminal() }
    }

    /// One more is done.
    pub(super) fn done(&self) {
        if self.is_terminal && self.bar.is_hidden() && self.bar.elapsed() > PATIENCE {
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
        }
        self.bar.inc(1);
    }

    /// Leaves the terminal as it was.
    pub(super) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}
