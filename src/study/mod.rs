//! What can be learned from captures without judging them.

mod health;
mod lines;
mod relation;
mod wiring;

pub use health::{Health, WireVerdict, WorstSecond};
pub use lines::{LineSummary, Spread};
pub use wiring::{Likeness, ProbeReport, WiringReport, wiring};
