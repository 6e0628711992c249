//! How fast captures become edges, as ratios to other ways, all in one run.
//!
//! ```text
//! cargo bench --bench reading [-- TABLE [PART OF A CASE'S NAME]]
//! ```
//!
//! Every row runs the ways that it compares one after the other, several times; a ratio is the median of those of single
//! rounds, so that what else the machine does matters little. The tables:
//!
//! - `decoders`, within this process: that of strobecheck; zlib-rs, streaming, with a scan by groups of 64 samples;
//!   libdeflate, all at once, with the same scan. All three check the CRC-32 and find the same changes. A plain pass over
//!   bytes that are unpacked already, which unpacks and keeps nothing, is the floor of every way that unpacks them.
//! - `processes`: `strobecheck edges`; sigrok-cli, which writes VCD, or nothing; `unzip -p`, which only unpacks.
//! - `commands`: what a user waits for, from `--version` to a report.
//! - `dense`: what each edge of a dense capture, and each frame of a long one, takes of time and memory.
//! - `cores`: captures in chunks on one core and on two, within this process and as processes; and what two cores can be at
//!   best: the same twice at the same time, apart, on one core each.
//! - `sal`: captures of Saleae Logic 2, of a hundred million edges, within this process.
//! - `growth`: with the recorded time at the same number of edges, and with the number of edges.
//!
//! sigrok-cli, unzip, GNU time and the real captures (in the folder that `STROBECHECK_REAL_CAPTURES` names, else in
//! `../shared/real-captures`) are used where they are.

#![cfg_attr(
    test,
    allow(dead_code, unused_imports, reason = "with benches, cargo compiles the tests of what is measured")
)]
#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a program for developers, which may say so and stop")]

mod captures;
mod cases;
mod cores;
mod decoders;
mod dense;
mod growth;
mod processes;
mod sal;

/// What the archive divides its members by.
#[allow(dead_code, reason = "nothing is begun ahead here")]
#[path = "../../src/workers.rs"]
mod workers;

/// The modules that are measured, compiled once more: the library does not show them.
#[path = "."]
mod format {
    #[expect(dead_code, unused_imports, reason = "of the archive only members are needed")]
    #[path = "../../src/format/archive/mod.rs"]
    pub(crate) mod archive;
    #[path = "../../src/format/deflate/mod.rs"]
    pub(crate) mod deflate;
    #[path = "."]
    pub(crate) mod srzip {
        #[expect(dead_code, reason = "changes are only counted here")]
        #[path = "../../src/format/srzip/changes.rs"]
        pub(crate) mod changes;
        #[expect(dead_code, reason = "what a chunk turned out to be is of no matter here")]
        #[path = "../../src/format/srzip/decode.rs"]
        pub(crate) mod decode;
        #[path = "../../src/format/srzip/scan.rs"]
        pub(crate) mod scan;
        #[expect(dead_code, reason = "samples are not counted here")]
        #[path = "../../src/format/srzip/unit.rs"]
        pub(crate) mod unit;
    }
    pub(crate) use strobecheck::format::Source;
}
mod units {
    pub(crate) use strobecheck::units::SampleIndex;
}

fn main() {
    // cargo adds --bench.
    let mut arguments = std::env::args().skip(1).filter(|argument| argument != "--bench");
    let (table, part) = (arguments.next(), arguments.next().unwrap_or_default());
    let asked = |name: &str| table.as_deref().is_none_or(|table| table == name);
    if asked("decoders") {
        println!(
            "{:<44} {:>9} {:>9} {:>9} {:>14} {:>14} {:>14}",
            "decoders", "samples", "edges", "ms", "zlib-rs", "libdeflate", "plain pass"
        );
        for case in cases::all().into_iter().filter(|case| case.name.contains(&part)) {
            decoders::compare(&case.name, &(case.packed)());
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    if asked("processes") {
        let captures = captures::all(folder).into_iter().filter(|capture| capture.name.contains(&part));
        processes::compare(&captures.collect::<Vec<_>>());
    }
    if asked("commands") {
        processes::commands(folder);
    }
    if asked("dense") {
        dense::commands(folder);
    }
    if asked("cores") {
        let captures = captures::chunked(folder).into_iter().filter(|capture| capture.name.contains(&part));
        cores::compare(&captures.collect::<Vec<_>>());
    }
    if asked("sal") {
        sal::read(folder);
    }
    if asked("growth") {
        growth::with_time(folder);
        growth::with_edges(folder);
    }
}
