//! What can be learned from captures besides a verdict: which probe is which line ([`wiring`]), how far the clock is off
//! ([`calibrate`]), what differs ([`fn@compare`]), what to ask of others ([`mod@learn`]), what a spec takes of the analyzer
//! ([`plan`]), and what many results show over time
//! ([`results`], [`trend`]).

mod active;
mod calibrate;
mod compare;
mod excerpt;
pub mod gauge;
mod health;
pub mod judgements;
pub mod learn;
mod likeness;
mod names;
mod nominal;
pub mod partition;
pub mod plan;
pub mod record;
pub mod results;
mod roles;
pub mod statistics;
mod texts;
pub mod trend;
mod wiring;

pub use active::ActiveLevel;
pub use calibrate::{CalibrateError, Calibration, Reference, WrittenCalibration, calibrate};
pub use compare::{Comparison, Difference, NewViolation, Outcome, OwnViolation, Side, Twin, compare};
pub use excerpt::{Excerpt, Excerpts};
pub use health::{Health, WireVerdict, WorstSecond};
pub use likeness::Likeness;
pub use wiring::{ProbeReport, WiringReport, wiring, wiring_of};
