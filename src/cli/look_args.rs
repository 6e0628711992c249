//! The arguments of `look`.

use std::path::PathBuf;

use clap::Args;

use super::complete;
use super::read_args::{ReadArgs, WriteArgs};

#[derive(Debug, Clone, Args)]
pub(super) struct LookArgs {
    /// The capture; - reads standard input
    #[arg(value_name = "CAPTURE")]
    pub(super) capture: PathBuf,
    /// Which probe shows which line, where you know: strobe=D2, flash=low:D4, right.strobe=D3,
    /// strobe=TOUT1,TOUT2 (in turn); default: found out
    #[arg(long, value_name = "[CAMERA.]ROLE=PROBE", add = complete::wires())]
    pub(super) wire: Vec<String>,
    #[command(flatten)]
    pub(super) read: ReadArgs,
    /// Write a spec whose numbers are this capture's: board.spec.toml
    #[arg(short, long, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
    /// Where the page is written [default: reports]
    #[arg(long, value_name = "DIR")]
    pub(super) reports: Option<PathBuf>,
    /// Write no page
    #[arg(long, conflicts_with = "reports")]
    pub(super) no_report: bool,
    #[command(flatten)]
    pub(super) write: WriteArgs,
}
