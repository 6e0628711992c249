//! The arguments of `verify`.

use std::path::PathBuf;

use clap::Args;

use super::read_args::{ReadArgs, SpecArgs, WriteArgs};
use super::report_formats::format_help;
use super::{complete, values};
use crate::render::JsonOf;
use crate::report::InconclusivePolicy;

/// What is of single captures, or of a report.
const NOT_OF_MANIFESTS: [&str; 10] =
    ["captures", "files_from", "timestamps", "reports", "format", "json", "name", "expect", "clips", "note"];

#[derive(Debug, Clone, Default, Args)]
pub(super) struct VerifyArgs {
    /// The captures, and folders of them; - reads one from standard input
    #[arg(required_unless_present_any = ["files_from", "manifest"], value_name = "CAPTURE|FOLDER")]
    pub(super) captures: Vec<PathBuf>,
    /// Judge the captures that this file lists too, one on each line; - reads the list from standard input
    #[arg(long, value_name = "FILE")]
    pub(super) files_from: Option<PathBuf>,
    /// Judge the captures of a CSV file into --results, and write no reports; columns: capture, dut, station, operator,
    /// taken_at, spec, params, tags; - reads it from standard input
    #[arg(long, value_name = "CSV", requires = "results", conflicts_with_all = NOT_OF_MANIFESTS)]
    pub(super) manifest: Option<PathBuf>,
    /// Leave out what is in --results already, by the same rules, spec, station and unit
    #[arg(long, requires = "manifest", conflicts_with_all = ["from", "to", "inconclusive"])]
    pub(super) resume: bool,
    #[command(flatten)]
    pub(super) spec: SpecArgs,
    #[command(flatten)]
    pub(super) read: ReadArgs,
    /// The camera's own log of its frames, CSV with a header: seq,ts_device_us,exposure_us
    #[arg(long, value_name = "CSV")]
    pub(super) timestamps: Option<PathBuf>,
    /// Where reports are written [default: reports]
    #[arg(long, value_name = "DIR")]
    pub(super) reports: Option<PathBuf>,
    #[arg(long, value_name = "LIST", value_delimiter = ',', conflicts_with = "no_report", help = format_help(), add = complete::report_formats())]
    pub(super) format: Vec<String>,
    /// Print the JSON report on standard output instead of the summary; with frames: each capture's table of frames too;
    /// lines: a line for each capture
    #[arg(long, value_name = "WHAT", num_args = 0..=1, require_equals = true, default_missing_value = "report", value_parser = values::word::<JsonOf, _>(["report", "frames", "lines"]))]
    pub(super) json: Option<JsonOf>,
    /// Write no reports
    #[arg(long)]
    pub(super) no_report: bool,
    /// What the files of each capture are called, {stem} the name of its file, {parent} that of its folder: '{parent}-{stem}'
    #[arg(long, value_name = "PATTERN", conflicts_with = "no_report")]
    pub(super) name: Option<String>,
    /// Hold each capture against what is expected of it, <stem>.expect.toml beside it: 0 if all came as expected, else 1
    #[arg(long, conflicts_with = "inconclusive")]
    pub(super) expect: bool,
    /// Write the expectations that are missing, from what came; with --force put those right that are not met
    #[arg(long, requires = "expect")]
    pub(super) bless: bool,
    /// Write a clip of each violation beside the reports, linked from the page
    #[arg(long)]
    pub(super) clips: bool,
    /// What an inconclusive verdict counts as; of a damaged capture never as a pass
    #[arg(long, value_name = "AS", value_parser = values::word::<InconclusivePolicy, _>(["fail", "pass", "skip"]))]
    pub(super) inconclusive: Option<InconclusivePolicy>,
    #[command(flatten)]
    pub(super) subject: SubjectArgs,
    #[command(flatten)]
    pub(super) write: WriteArgs,
}

/// Of what the results are, and where they are kept. What a bench sets once may stand in the environment.
#[derive(Debug, Clone, Default, Args)]
pub(super) struct SubjectArgs {
    /// Add the results to this folder of Parquet files, a row per check, for `strobecheck trend` and data tools
    #[arg(long, value_name = "FOLDER", env = "STROBECHECK_RESULTS")]
    pub(super) results: Option<PathBuf>,
    /// The device under test, for the report
    #[arg(long, value_name = "TEXT")]
    pub(super) dut: Option<String>,
    /// The test station, for the report
    #[arg(long, value_name = "TEXT", env = "STROBECHECK_STATION")]
    pub(super) station: Option<String>,
    /// Who ran it, for the report
    #[arg(long, value_name = "TEXT", env = "STROBECHECK_OPERATOR")]
    pub(super) operator: Option<String>,
    /// A note for the report
    #[arg(long, value_name = "TEXT")]
    pub(super) note: Option<String>,
    /// What else is said of it, for the results: lot=7, soldered=2; analyzer=NAME says which analyzer recorded it
    #[arg(long, value_name = "NAME=VALUE", value_parser = tag, requires = "results")]
    pub(super) tag: Vec<String>,
}

/// A tag as it is typed.
fn tag(text: &str) -> Result<String, String> {
    match text.split_once('=') {
        Some((name, value)) if !name.trim().is_empty() && !text.contains(';') => {
            Ok(format!("{}={}", name.trim(), value.trim()))
        }
        Some(_) | None => {
            Err("a tag is NAME=VALUE, as lot=7, without a semicolon; several are several --tag".to_owned())
        }
    }
}
