//! From results to bytes.

mod columns;
mod edges;
mod lines;

pub use edges::EdgeCsv;
pub use lines::{Measured, lines_text, quantities_text, wiring_text};
