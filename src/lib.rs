//! strobecheck (crate documentation follows with the public face).
pub mod capture;
pub mod cli;
pub mod diagnosis;
pub mod escape;
pub mod format;
pub mod frame;
pub mod quantity;
pub mod render;
pub mod report;
pub mod rig;
pub mod scenario;
pub mod signal;
pub mod spec;
pub mod study;
pub mod units;
pub mod verdict;
pub mod verify;
