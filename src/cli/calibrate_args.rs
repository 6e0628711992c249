//! The arguments of `calibrate`.

use std::path::PathBuf;

use clap::Args;

use super::read_args::{ReadArgs, WriteArgs};
use super::{complete, values};
use crate::units::Rational;

#[derive(Debug, Clone, Args)]
pub(super) struct CalibrateArgs {
    /// The capture; - reads standard input
    #[arg(value_name = "CAPTURE")]
    pub(super) capture: PathBuf,
    #[command(flatten)]
    pub(super) read: ReadArgs,
    /// The probe that the line of known frequency is on
    #[arg(long, value_name = "PROBE", add = complete::probes())]
    pub(super) line: String,
    /// Its frequency: 10MHz
    #[arg(long, value_name = "FREQUENCY", value_parser = values::frequency)]
    pub(super) frequency: Rational,
    /// How well that is known: '0.5 ppm'; default: exactly
    #[arg(long, value_name = "PPM", value_parser = values::accuracy)]
    pub(super) accuracy: Option<Rational>,
    /// The analyzer's serial number, for the file
    #[arg(long, value_name = "TEXT")]
    pub(super) serial: Option<String>,
    /// The date, for the file: 2026-08-20
    #[arg(long, value_name = "DATE")]
    pub(super) date: Option<String>,
    /// The calibration file to write, for analyzer.calibration of a spec
    #[arg(short, long, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
    #[command(flatten)]
    pub(super) write: WriteArgs,
}
