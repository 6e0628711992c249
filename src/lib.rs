//! strobecheck (crate documentation follows with the public face).
#![allow(missing_docs, reason = "scaffold")]
pub mod capture;
pub mod format;
pub mod rig;
pub mod signal;
pub mod units;
