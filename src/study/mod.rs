//! What can be learned from captures besides a verdict: which probe is which line ([`wiring`]), how far the clock is off
//! ([`calibrate`]), what differs ([`compare`]), what to ask of others ([`learn`]), and what many results show over time
//! ([`results`], [`trend`]).

mod calibrate;
mod compare;
mod health;
pub mod learn;
pub mod results;
mod roles;
pub mod statistics;
pub mod trend;
mod wiring;

pub use calibrate::{CalibrateError, Calibration, Reference, WrittenCalibration, calibrate};
pub use compare::{Comparison, Difference, NewViolation, Outcome, Side, compare};
pub use health::{Health, WireVerdict, WorstSecond};
pub use wiring::{Likeness, ProbeReport, WiringReport, wiring};
