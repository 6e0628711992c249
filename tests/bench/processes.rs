//! Whole processes: what a user waits for.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use crate::captures::{Capture, DCF77, real};
use crate::decoders::median;

/// How often the others' processes run, and ours within each round: these take little.
const ROUNDS: usize = 3;
pub(crate) const OURS: usize = 7;

/// The command that is measured.
pub(crate) const STROBECHECK: &str = env!("CARGO_BIN_EXE_strobecheck");

pub(crate) fn edges(capture: &Path) -> Command {
    command(STROBECHECK, &["edges"], capture, &[])
}

pub(crate) fn command(program: &str, before: &[&str], capture: &Path, behind: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.args(before).arg(capture).args(behind);
    command
}

/// Compares `strobecheck edges` with what others do with the same file: sigrok-cli, to VCD and to nothing at all, and unzip.
pub(crate) fn compare(captures: &[Capture]) {
    println!(
        "\n{:<44} {:>9} {:>9} {:>14} {:>14} {:>14}",
        "strobecheck edges (process)", "ms", "peak MiB", "sigrok to VCD", "sigrok to null", "unzip -p"
    );
    for Capture { name, path } in captures {
        let mut rounds = Vec::new();
        for _ in 0..ROUNDS {
            let ours = median((0..OURS).filter_map(|_| seconds(&mut edges(path))).collect());
            let vcd = seconds(&mut command("sigrok-cli", &["-i"], path, &["-O", "vcd", "-o", "/dev/null"]));
            let null = seconds(&mut command("sigrok-cli", &["-i"], path, &["-O", "null", "-o", "/dev/null"]));
            let unzip = seconds(&mut command("unzip", &["-p"], path, &["logic-1*"]));
            rounds.push((ours, [vcd, null, unzip].map(|seconds| seconds.map_or(f64::NAN, |seconds| seconds / ours))));
        }
        let ours = median(rounds.iter().map(|round| round.0).collect());
        let others = [0, 1, 2].map(|peer| times(median(rounds.iter().map(|round| round.1[peer]).collect())));
        let peak = mebibytes(&edges(path));
        println!("{name:<44} {:>9.1} {peak:>9} {:>14} {:>14} {:>14}", ours * 1e3, others[0], others[1], others[2]);
    }
}

/// What the commands take of the real capture for speed: start-up, reading, judging, drawing.
pub(crate) fn commands(folder: &Path) {
    const JUDGED: [&str; 4] = ["--wire", "strobe=DATA", "--limit", "exposure.time = 50 ms .. 250 ms"];
    println!("\n{:<44} {:>9} {:>9}", "commands on the real capture", "ms", "peak MiB");
    let row = |name: &str, command: &mut Command| {
        let took = median((0..5 * OURS).filter_map(|_| seconds(command)).collect());
        println!("{name:<44} {:>9.1} {:>9}", took * 1e3, mebibytes(command));
    };
    row("strobecheck --version", Command::new(STROBECHECK).arg("--version"));
    let Some(capture) = real(DCF77) else { return };
    row("strobecheck edges", &mut edges(&capture));
    let json = [JUDGED.as_slice(), &["--json"]].concat();
    row("strobecheck verify --json", &mut command(STROBECHECK, &["verify"], &capture, &json));
    let mut html = command(STROBECHECK, &["verify"], &capture, &JUDGED);
    row("strobecheck verify, with its HTML", html.arg("--reports").arg(folder.join("reports")));
}

/// How long it takes; none if it is not there, or fails. That a capture fails a limit is no failure.
pub(crate) fn seconds(command: &mut Command) -> Option<f64> {
    const FAILED: i32 = 1;
    let begun = Instant::now();
    let status = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status().ok()?;
    let took = begun.elapsed().as_secs_f64();
    (status.success() || status.code() == Some(FAILED)).then_some(took)
}

/// The most memory that it holds at once, by GNU time where that is.
fn mebibytes(command: &Command) -> String {
    cost(command).map_or_else(|| "-".to_owned(), |(_, mebibytes)| format!("{mebibytes:.1}"))
}

/// How many seconds of CPU time it takes, and the most memory that it holds at once, in MiB, by GNU time where that is.
pub(crate) fn cost(command: &Command) -> Option<(f64, f64)> {
    let mut timed = Command::new("/usr/bin/time");
    timed.args(["-f", "%U %S %M"]).arg(command.get_program()).args(command.get_args());
    let output = timed.stdin(Stdio::null()).stdout(Stdio::null()).output().ok()?;
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    let numbers: Option<Vec<f64>> = text.lines().last()?.split_whitespace().map(|number| number.parse().ok()).collect();
    let [user, system, kibibytes] = numbers?[..] else { return None };
    Some((user + system, kibibytes / 1024.0))
}

/// How many times as long.
pub(crate) fn times(ratio: f64) -> String {
    match ratio {
        ratio if ratio.is_nan() => "-".to_owned(),
        ratio if ratio < 100.0 => format!("{ratio:.2} ×"),
        ratio => format!("{ratio:.0} ×"),
    }
}
