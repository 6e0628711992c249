//! How fast captures become edges, as ratios to other ways, all in one run.
//!
//! ```text
//! cargo build --release && cargo run --release --example bench [PART OF A CASE'S NAME]
//! ```
//!
//! The first table compares decoders within this process: that of strobecheck; zlib-rs, streaming, with a scan by groups
//! of 64 samples; libdeflate, all at once, with the same scan. All three check the CRC-32. Each case is decoded by one
//! after the other, many times; a ratio is the median of those of single rounds. The second table compares whole
//! processes: `strobecheck edges` and sigrok-cli, which writes VCD.

#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a program for developers, which may say so and stop")]

mod cases;
mod decoders;
mod processes;

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

fn main() {
    let part = std::env::args().nth(1).unwrap_or_default();
    println!("{:<44} {:>9} {:>9} {:>9}   {:>14} {:>14}", "", "samples", "edges", "ms", "zlib-rs", "libdeflate");
    for case in cases::all().into_iter().filter(|case| case.name.contains(&part)) {
        decoders::compare(&case.name, &(case.packed)());
    }
    processes::compare();
}
