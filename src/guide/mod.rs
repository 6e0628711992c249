//! The guides: pages for those who use the program, whose commands are run by the tests, and two for those who change it.

/// From the soldering iron to a verdict.
pub mod bench {
    #![doc = include_str!("bench.md")]
}

/// Judging recorded captures in CI.
pub mod ci {
    #![doc = include_str!("ci.md")]
}

/// The module for Python, its tables and its pytest plugin.
pub mod python {
    #![doc = include_str!("python.md")]
}

/// One odd capture, perhaps a damaged one.
pub mod field {
    #![doc = include_str!("field.md")]
}

/// Results of many units, and machines that are not enough.
pub mod fleet {
    #![doc = include_str!("fleet.md")]
}

/// The camera's own log beside a capture.
pub mod timestamps {
    #![doc = include_str!("timestamps.md")]
}

/// Captures of which the truth is known.
pub mod scenarios {
    #![doc = include_str!("scenarios.md")]
}

/// The spec, whole: keys, quantities, words, reasons, exit codes.
pub mod spec {
    #![doc = include_str!("spec.md")]
}

/// How to add a quantity, a fault, a format or a renderer.
pub mod adding {
    #![doc = include_str!("adding.md")]
}

/// The way of the data, the floors, and what always holds.
pub mod architecture {
    #![doc = include_str!("architecture.md")]
}
