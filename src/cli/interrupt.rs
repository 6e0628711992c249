//! Signals that end the program: nothing half-written is left, and the exit code is none of a verdict.

use std::io;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// From now on an interruption takes away what is half-written and ends the process with exit code 2. Where that cannot
/// be had, the system ends it, and leaves a hidden file at most.
pub(super) fn install() {
    let Ok(is_interrupted) = interruption() else { return };
    let wait = move || {
        if is_interrupted() {
            let _held = super::files::drop_temporary_files();
            super::output::say("strobecheck: interrupted; what was not finished is not written");
            std::process::exit(i32::from(super::COULD_NOT_RUN));
        }
    };
    let _unavailable = std::thread::Builder::new().name("signals".to_owned()).spawn(wait);
}

/// From now on a file that reaches the largest size that this process may write is an error of writing, as a full disk is.
#[cfg(unix)]
pub(super) fn survive_full_files() {
    // Where it cannot be had, the system ends the process.
    let _unavailable = signal_hook::flag::register(signal_hook::consts::SIGXFSZ, Arc::<AtomicBool>::default());
}

#[cfg(not(unix))]
pub(super) fn survive_full_files() {}

/// What waits for an interruption; from now on none ends the process by itself.
#[cfg(unix)]
fn interruption() -> io::Result<impl FnOnce() -> bool> {
    use signal_hook::consts::{SIGINT, SIGQUIT, SIGTERM, SIGXCPU};
    let ending = [SIGINT, SIGTERM, SIGQUIT, SIGXCPU].into_iter().chain(hangup());
    let mut signals = signal_hook::iterator::Signals::new(ending)?;
    Ok(move || signals.forever().next().is_some())
}

/// Where no signal wakes a thread, one looks now and then.
#[cfg(not(unix))]
fn interruption() -> io::Result<impl FnOnce() -> bool> {
    use std::sync::atomic::Ordering;
    const BEAT: std::time::Duration = std::time::Duration::from_millis(50);
    let asked = Arc::<AtomicBool>::default();
    for signal in [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM] {
        signal_hook::flag::register(signal, Arc::clone(&asked))?;
    }
    Ok(move || {
        while !asked.load(Ordering::Relaxed) {
            std::thread::sleep(BEAT);
        }
        true
    })
}

/// The signal of a terminal that goes away; none where whoever called us wants it to pass by, as `nohup` does.
#[cfg(unix)]
pub(super) fn hangup() -> Option<i32> {
    use signal_hook::consts::SIGHUP;
    (!is_ignored(SIGHUP)).then_some(SIGHUP)
}

/// Whether a signal was ignored when this process began; where the system does not say, it was not.
#[cfg(unix)]
fn is_ignored(signal: i32) -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0);
    mask.checked_shr(signal.unsigned_abs().saturating_sub(1)).unwrap_or(0) & 1 == 1
}
