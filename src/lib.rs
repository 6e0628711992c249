//! strobecheck (crate documentation follows with the public face).
pub mod capture;
pub mod diagnosis;
pub mod frame;
pub mod quantity;
pub mod report;
pub mod rig;
pub mod scenario;
pub mod signal;
pub mod spec;
pub mod units;
pub mod verdict;
