//! What can be learned from captures without judging them.

mod calibrate;
mod lines;
mod relation;
mod wiring;

pub use calibrate::{CalibrateError, Calibration, Reference, WrittenCalibration, calibrate};
pub use lines::{LineSummary, Spread};
pub use wiring::{Likeness, ProbeReport, WiringReport, wiring};
