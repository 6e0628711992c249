//! The guides: pages for those who use the program, each with commands that are run by the tests.

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

/// Results of many units, and machines that are not enough.
pub mod fleet {
    #![doc = include_str!("fleet.md")]
}
