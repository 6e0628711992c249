//! The guides: pages for those who use the program, whose commands are run by the tests, and one for those who change it.

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

/// The way of the data, the floors, what always holds, and how to add to it.
pub mod architecture {
    #![doc = include_str!("architecture.md")]
}
