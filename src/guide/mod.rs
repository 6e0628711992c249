//! The guides: pages for the three who use the program, each with commands that the tests run.

/// From the soldering iron to a verdict.
pub mod bench {
    #![doc = include_str!("bench.md")]
}

/// Judging recorded captures in CI.
pub mod ci {
    #![doc = include_str!("ci.md")]
}

/// One odd capture, perhaps a damaged one.
pub mod field {
    #![doc = include_str!("field.md")]
}
