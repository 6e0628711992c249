//! The files that a spec names: they lie beside it, and the caller reads them.

use std::io;

/// A spec file that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpecFile {
    /// What messages call it: its path. Two files are the same if their names are.
    pub name: String,
    /// What it says.
    pub text: String,
}

/// Reads the file that a spec names in `extends` or `analyzer.calibration`: from the name of the spec that says so, and the
/// text there.
pub type ReadBeside<'r> = &'r dyn Fn(&str, &str) -> io::Result<SpecFile>;
