//! How a camera's own log is to be written.

use super::draws::Jitter;
use super::time::Femtos;
use crate::log::Convention;
use crate::units::Rational;

/// How a camera's log is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct LogPlan {
    /// What the device's clock shows at the scenario's time 0.
    pub(super) offset: Femtos,
    /// How much faster than true time it runs: a ratio.
    pub(super) rate: Rational,
    /// The host's clock less the device's.
    pub(super) host_offset: Femtos,
    pub(super) device_jitter: Jitter,
    pub(super) host_jitter: Jitter,
    pub(super) convention: Convention,
    /// The sequence number of the first image.
    pub(super) first_sequence: u64,
    /// By how many images the reported exposure is too old.
    pub(super) exposure_lag: usize,
    /// The frames whose images never arrived, by their numbers, in order: their sequence numbers are skipped.
    pub(super) missing: Vec<i64>,
}
