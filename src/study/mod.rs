//! What can be learned from captures without judging them.

mod lines;
mod wiring;

pub use lines::{LineSummary, Spread};
pub use wiring::{Likeness, ProbeReport, WiringReport, wiring};
