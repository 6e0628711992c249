//! What each edge, and each frame, costs: captures with an edge at nearly every sample, and hours of a camera.

use std::path::Path;
use std::process::Command;

use crate::captures::{ac97, hours};
use crate::processes::{STROBECHECK, command, cost};

/// More edges than the default allows.
const MANY: [&str; 2] = ["--max-edges", "100000000"];
const WIRES: [&str; 6] = ["--wire", "fsin=D0", "--wire", "strobe=D1", "--wire", "flash=D2"];
/// Ten quantities, of which nine have a value per frame.
const LIMITS: [&str; 10] = [
    "frame.time=33.2 ms .. 33.5 ms",
    "frame.cycle-jitter=-1 ms .. 1 ms",
    "fsin.width=50 us .. 200 us",
    "exposure.time=9 ms .. 31 ms",
    "exposure.end=-1 ms .. 1 ms",
    "exposure.gap=0 ms .. 50 ms",
    "flash.lead=0 ms .. 1 ms",
    "flash.lag=0 ms .. 1 ms",
    "flash.on-time=1 ms .. 100 ms",
    "flash.coverage=90 % .. 110 %",
];

/// The CPU time and the most memory of commands, and of it what each edge or frame takes beside what the program takes by itself.
pub(crate) fn commands(folder: &Path) {
    println!("\n{:<52} {:>9} {:>9} {:>9}", "dense captures, and long ones", "CPU s", "peak MiB", "bytes each");
    let start = cost(Command::new(STROBECHECK).arg("--version")).map_or(0.0, |(_, peak)| peak);
    let row = |name: &str, count: f64, command: &mut Command| {
        let Some((seconds, peak)) = cost(command) else { return println!("{name:<52} {:>9}", "-") };
        let each = (peak - start) * 1024.0 * 1024.0 / count;
        println!("{name:<52} {seconds:>9.2} {peak:>9.1} {each:>9.0}");
    };
    // Three edges in four samples.
    let bus = ac97(folder, 43_000_000);
    let edges = 43e6 * 0.75;
    row("AC'97-like bus, 32 M edges: edges", edges, &mut command(STROBECHECK, &["edges"], &bus, &[]));
    let parquet = folder.join("bus.parquet");
    let into = ["--format", "parquet", "--force", "-o"];
    row("the same as Parquet", edges, command(STROBECHECK, &["edges"], &bus, &into).arg(&parquet));
    row("AC'97-like bus, 32 M edges: measure", edges, &mut command(STROBECHECK, &["measure"], &bus, &MANY));
    row("AC'97-like bus, 32 M edges: wiring", edges, &mut command(STROBECHECK, &["wiring"], &bus, &[]));
    let limits: Vec<&str> = LIMITS.iter().flat_map(|limit| ["--limit", *limit]).collect();
    let judged = [WIRES.as_slice(), &limits, &MANY, &["--json"]].concat();
    for (name, count) in [("an hour", 1_u32), ("a day", 24)] {
        let frames = f64::from(count) * 108_000.0;
        let camera = hours(folder, u64::from(count));
        let row =
            |what: &str, command: &mut Command| row(&format!("{name} of a camera at 30 Hz: {what}"), frames, command);
        row("verify, ten limits", &mut command(STROBECHECK, &["verify"], &camera, &judged));
        row("measure, wired", &mut command(STROBECHECK, &["measure"], &camera, &[WIRES.as_slice(), &MANY].concat()));
        row("look", &mut command(STROBECHECK, &["look", "--no-report"], &camera, &MANY));
    }
}
