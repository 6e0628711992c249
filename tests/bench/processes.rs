//! Whole processes: what a user waits for.

use std::process::{Command, Stdio};
use std::time::Instant;

use crate::cases::real;
use crate::decoders::median;

const ROUNDS: usize = 9;

/// Compares `strobecheck edges` with sigrok-cli, where both are.
pub(crate) fn compare() {
    let Some(capture) = real() else {
        println!("\nno processes compared: STROBECHECK_REAL_CAPTURES names no folder with captures");
        return;
    };
    let strobecheck = std::env::current_exe().unwrap().with_file_name("../strobecheck");
    if !strobecheck.exists() || seconds(Command::new("sigrok-cli").arg("--version")).is_none() {
        println!("\nno processes compared: that takes sigrok-cli, and {}", strobecheck.display());
        return;
    }
    let mut rounds = Vec::new();
    for _ in 0..ROUNDS {
        let ours = seconds(Command::new(&strobecheck).arg("edges").arg(&capture)).unwrap();
        let start = seconds(Command::new(&strobecheck).arg("--version")).unwrap();
        rounds.push((ours, start));
    }
    let vcd =
        || seconds(Command::new("sigrok-cli").arg("-i").arg(&capture).args(["-O", "vcd", "-o", "/dev/null"])).unwrap();
    let theirs = median((0..3).map(|_| vcd()).collect());
    let ours = median(rounds.iter().map(|round| round.0).collect());
    let start = median(rounds.iter().map(|round| round.1).collect());
    println!("\n{:<44} {:>9}", "", "ms");
    println!("{:<44} {:>9.1}", "strobecheck --version", start * 1e3);
    println!("{:<44} {:>9.1}", "strobecheck edges, of the real capture", ours * 1e3);
    println!("{:<44} {:>9.1}   {:>12.0} ×", "sigrok-cli to VCD", theirs * 1e3, theirs / ours);
}

/// How long it takes; none if it fails.
fn seconds(command: &mut Command) -> Option<f64> {
    let begun = Instant::now();
    let status = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status().ok()?;
    status.success().then(|| begun.elapsed().as_secs_f64())
}
