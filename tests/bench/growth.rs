//! How reading grows: with the recorded time at the same number of edges, and with the edges in the same time.

use std::path::Path;
use std::time::Instant;

use strobecheck::capture::{Caps, Request, Sink, SinkError};
use strobecheck::format::{open_source, open_within};
use strobecheck::signal::LostSpan;
use strobecheck::units::SampleIndex;

use crate::captures::sparse;
use crate::decoders::median;

pub(crate) const ROUNDS: usize = 11;

/// Counts what it is sent.
#[derive(Default)]
struct Count(u64);

impl Sink for Count {
    fn change(&mut self, _: SampleIndex, _: u64) -> Result<(), SinkError> {
        self.0 += 1;
        Ok(())
    }

    fn lost(&mut self, _: LostSpan) {}
}

/// Reads a capture and returns how long that took, from its opening on, and the number of changes.
pub(crate) fn read(path: &Path, jobs: usize) -> (f64, u64) {
    let begun = Instant::now();
    let caps = Caps { jobs, edges: u64::MAX, ..Caps::default() };
    let reader = open_within(open_source(path).unwrap(), &caps).unwrap();
    let bits = reader.header().probes.iter().map(|probe| probe.bit).collect();
    let mut count = Count::default();
    let extent = reader.read(&Request { caps, ..Request::of(bits) }, &mut count).unwrap();
    assert!(extent.problems.is_empty(), "{}: {:?}", path.display(), extent.problems);
    (begun.elapsed().as_secs_f64(), count.0 - 1)
}

fn row(name: &str, path: &Path) {
    let packed = path.metadata().unwrap().len() as f64;
    let (_, edges) = read(path, 1);
    let seconds = median((0..ROUNDS).map(|_| read(path, 1).0).collect());
    let rate = packed / seconds / 1e6;
    println!("{name:<44} {:>9.3} {edges:>9} {:>9.3} {rate:>14.0}", packed / 1e6, seconds * 1e3);
}

fn heading(title: &str) {
    println!("\n{title:<44} {:>9} {:>9} {:>9} {:>14}", "packed MB", "edges", "ms", "packed MB/s");
}

/// From a second to a day of the same thousand edges.
pub(crate) fn with_time(folder: &Path) {
    heading("a thousand edges in (one core)");
    for (name, seconds) in [("1 s", 1), ("1 min", 60), ("1 h", 3600), ("24 h at 1 MHz", 86_400)] {
        row(name, &sparse(folder, "1MHz", seconds * 1_000_000, 1000));
    }
}

/// From a thousand to a hundred million edges in the same ten seconds.
pub(crate) fn with_edges(folder: &Path) {
    heading("ten seconds at 24 MHz with (one core)");
    for (name, edges) in [
        ("10^3 edges", 1_000),
        ("10^4", 10_000),
        ("10^5", 100_000),
        ("10^6", 1_000_000),
        ("10^7", 10_000_000),
        ("10^8", 100_000_000),
    ] {
        row(name, &sparse(folder, "24MHz", 240_000_000, edges));
    }
}
