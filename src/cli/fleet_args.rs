//! The arguments of `learn`, `trend` and `results`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::read_args::{ReadArgs, WriteArgs};
use super::{complete, values};
use crate::study::gauge::Appraiser;

#[derive(Debug, Clone, Args)]
pub(super) struct LearnArgs {
    /// The captures, each of another good unit
    #[arg(required = true, value_name = "CAPTURE")]
    pub(super) captures: Vec<PathBuf>,
    /// A spec that says how they are wired; its limits are of no matter; default: found out
    #[arg(long, value_name = "FILE", conflicts_with = "profile")]
    pub(super) spec: Option<PathBuf>,
    /// A built-in profile that says how they are wired
    #[arg(long, value_name = "NAME", add = complete::profiles())]
    pub(super) profile: Option<String>,
    /// Which probe shows which line: strobe=D2, flash=low:D4, right.strobe=D3,
    /// strobe=TOUT1,TOUT2 (in turn)
    #[arg(long, value_name = "[CAMERA.]ROLE=PROBE", add = complete::wires())]
    pub(super) wire: Vec<String>,
    /// The share of good units that each limit shall let pass
    #[arg(long, value_name = "SHARE", default_value = "99.9 %", value_parser = values::share)]
    pub(super) coverage: f64,
    /// How sure that is
    #[arg(long, value_name = "SHARE", default_value = "95 %", value_parser = values::share)]
    pub(super) confidence: f64,
    #[command(flatten)]
    pub(super) read: ReadArgs,
    /// The spec file to write; default: standard output
    #[arg(short, long, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
    #[command(flatten)]
    pub(super) write: WriteArgs,
}

#[derive(Debug, Clone, Args)]
pub(super) struct TrendArgs {
    /// The folder of results, or Parquet files of one
    #[arg(required = true, value_name = "FOLDER|PARQUET")]
    pub(super) results: Vec<PathBuf>,
    /// Chart the means and ranges of so many captures in a row (2 to 10), instead of each and its moving range
    #[arg(long, value_name = "N")]
    pub(super) subgroup: Option<usize>,
    /// A gauge study instead: how much of the spread comes of measuring, by the units that each of these has measured again
    #[arg(long, value_name = "WHO", conflicts_with_all = ["subgroup", "output"])]
    pub(super) grr: Option<Grr>,
    /// Above this probability the interaction of a gauge study is pooled with repeatability
    #[arg(long, value_name = "P", default_value_t = 0.25, requires = "grr")]
    pub(super) alpha: f64,
    /// Print JSON on standard output instead of tables
    #[arg(long)]
    pub(super) json: bool,
    /// A page with the charts
    #[arg(short, long, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
    #[command(flatten)]
    pub(super) write: WriteArgs,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum Grr {
    /// Who ran it, as --operator says
    Operator,
    /// The test station
    Station,
    /// The analyzer, as the sidecar or --tag analyzer=NAME says
    Analyzer,
}

impl From<Grr> for Appraiser {
    fn from(given: Grr) -> Appraiser {
        match given {
            Grr::Operator => Appraiser::Operator,
            Grr::Station => Appraiser::Station,
            Grr::Analyzer => Appraiser::Analyzer,
        }
    }
}

#[derive(Debug, Clone, Args)]
pub(super) struct ResultsArgs {
    #[command(subcommand)]
    pub(super) work: ResultsWork,
}

#[derive(Debug, Clone, Subcommand)]
pub(super) enum ResultsWork {
    /// Read every file, say which are damaged, and how often judgements are there
    Check {
        /// The folder of results, or files of one
        #[arg(required = true, value_name = "FOLDER|PARQUET")]
        results: Vec<PathBuf>,
    },
    /// Make the files of each station and day one; judgements that are there twice are kept once
    Compact {
        /// The folder of results
        #[arg(value_name = "FOLDER")]
        folder: PathBuf,
    },
}
