//! Captures in chunks on one core and on two.

use std::time::Instant;

use crate::captures::Capture;
use crate::decoders::median;
use crate::growth::{self, read};
use crate::processes::{self, edges, seconds, times};

/// What one round took, in seconds.
struct Round {
    /// On one core.
    one: f64,
    /// On two.
    two: f64,
    /// Twice at the same time, on one core each.
    apart: f64,
}

impl Round {
    /// Times what is done on so many cores.
    fn of(on: impl Fn(usize) -> f64 + Sync) -> Round {
        let (one, two) = (on(1), on(2));
        let begun = Instant::now();
        std::thread::scope(|scope| [(); 2].map(|()| scope.spawn(|| on(1))).map(|each| each.join().unwrap()));
        Round { one, two, apart: begun.elapsed().as_secs_f64() }
    }
}

/// Within this process, and as whole ones.
pub(crate) fn compare(captures: &[Capture]) {
    heading("reading in chunks");
    for Capture { name, path } in captures {
        read(path, 2);
        row(name, (0..3 * growth::ROUNDS).map(|_| Round::of(|jobs| read(path, jobs).0)).collect());
    }
    heading("strobecheck edges --jobs N (process)");
    for Capture { name, path } in captures {
        let process = |jobs: usize| seconds(edges(path).arg(format!("--jobs={jobs}"))).unwrap_or(f64::NAN);
        row(name, (0..3 * processes::OURS).map(|_| Round::of(process)).collect());
    }
}

fn heading(title: &str) {
    println!("\n{title:<44} {:>9} {:>9} {:>14} {:>14}", "1: ms", "2: ms", "on 2", "2 apart");
}

fn row(name: &str, rounds: Vec<Round>) {
    let column = |of: fn(&Round) -> f64| median(rounds.iter().map(of).collect());
    let (one, two) = (column(|round| round.one) * 1e3, column(|round| round.two) * 1e3);
    let (ratio, apart) = (column(|round| round.one / round.two), column(|round| 2.0 * round.one / round.apart));
    println!("{name:<44} {one:>9.1} {two:>9.1} {:>14} {:>14}", times(ratio), times(apart));
}
