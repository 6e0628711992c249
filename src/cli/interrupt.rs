//! SIGINT and SIGTERM: nothing half-written is left, and the exit code is none of a verdict.

/// From now on an interruption takes away what is half-written and ends the process with exit code 2. Where that cannot
/// be had, the system ends it, and leaves a hidden file at most.
#[cfg(unix)]
pub(super) fn install() {
    use signal_hook::consts::{SIGINT, SIGTERM};
    let Ok(mut signals) = signal_hook::iterator::Signals::new([SIGINT, SIGTERM]) else { return };
    let wait = move || {
        if signals.forever().next().is_some() {
            let _held = super::output::drop_temporary_files();
            super::output::say("strobecheck: interrupted; what was not finished is not written");
            std::process::exit(i32::from(super::COULD_NOT_RUN));
        }
    };
    let _unavailable = std::thread::Builder::new().name("signals".to_owned()).spawn(wait);
}

#[cfg(not(unix))]
pub(super) fn install() {}
