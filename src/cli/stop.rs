//! Ctrl-C, and the end of the terminal, while a device samples: the recording ends, and what is there is kept.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use signal_hook::consts::SIGINT;
use signal_hook::flag;

use super::COULD_NOT_RUN;

/// Whether a stop was asked for.
#[derive(Debug, Clone)]
pub(super) struct Stop(Arc<AtomicBool>);

impl Stop {
    /// From now on Ctrl-C, a request to end and a terminal that goes away ask for a stop; a second one ends the program at once.
    pub(super) fn on_interrupt() -> std::io::Result<Stop> {
        let asked = Arc::new(AtomicBool::new(false));
        // In this order: the first interrupt finds the flag unset, and sets it for the second.
        flag::register_conditional_shutdown(SIGINT, COULD_NOT_RUN.into(), Arc::clone(&asked))?;
        #[cfg(unix)]
        for signal in std::iter::once(signal_hook::consts::SIGTERM).chain(super::interrupt::hangup()) {
            flag::register(signal, Arc::clone(&asked))?;
        }
        flag::register(SIGINT, Arc::clone(&asked))?;
        Ok(Stop(asked))
    }

    pub(super) fn is_asked(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}
