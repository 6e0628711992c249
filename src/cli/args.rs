//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// The whole command line.
#[derive(Debug, Parser)]
#[command(
    name = "strobecheck",
    version,
    about = "Judges logic-analyzer captures of a camera's STROBE, FSIN and flash lines",
    long_about = "Takes a logic-analyzer capture of a camera's STROBE, FSIN and flash lines and says, with proof, whether \
                  exposure, frame time and flash timing are what they should be, and if not, what is broken.",
    after_help = EXAMPLES,
    max_term_width = 100,
    subcommand_required = true,
    arg_required_else_help = true
)]
pub(super) struct Cli {
    #[command(subcommand)]
    pub(super) command: Command,
    /// Say less: only the verdict
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub(super) quiet: bool,
    /// Say more: passing checks too
    #[arg(short, long, global = true)]
    pub(super) verbose: bool,
}

const EXAMPLES: &str = "\
Examples:
  strobecheck wiring capture.sr                  which probe looks like which line
  strobecheck verify capture.sr                  judge it by capture.spec.toml or spec.toml beside it
  strobecheck verify capture.sr --wire strobe=D2 --limit 'exposure.time=20 ms ± 50 us'

Exit codes of verify: 0 pass, 1 fail, 2 could not run, 3 inconclusive.";

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Judge captures by a spec and write reports
    #[command(after_help = "\
Examples:
  strobecheck verify captures/seed-pass.sr
  strobecheck verify captures/*.sr --format html,junit --reports out
  strobecheck verify captures/strobe-constant.sr --profile ov9282-freerun-30 --param exposure=20ms --wire strobe=STROBE")]
    Verify(Box<VerifyArgs>),
    /// Which probe looks like which line of a camera; no spec needed
    #[command(after_help = "Example:\n  strobecheck wiring captures/seed-pass.sr")]
    Wiring(WiringArgs),
    /// Measure lines and quantities without judging them
    #[command(after_help = "\
Examples:
  strobecheck measure captures/seed-pass.sr
  strobecheck measure captures/strobe-constant.sr --wire strobe=STROBE")]
    Measure(Box<MeasureArgs>),
    /// Every edge of every probe: channel,sample,time_s,level
    #[command(after_help = "Example:\n  strobecheck edges captures/seed-pass.sr -o edges.csv")]
    Edges(EdgesArgs),
    /// How far the analyzer's clock is off, from a line of known frequency
    #[command(after_help = "\
Examples:
  strobecheck calibrate reference.sr --line D7 --frequency 10MHz
  strobecheck calibrate reference.sr --line D7 --frequency 1kHz --accuracy '0.5 ppm' --serial 07 --date 2026-08-20 -o fx2-07.toml

A spec then names the file: analyzer.calibration = \"fx2-07.toml\"")]
    Calibrate(CalibrateArgs),
    /// Make a capture from a scenario file
    #[command(after_help = "Example:\n  strobecheck simulate captures/seed-pass.scenario.toml -o seed.sr")]
    Simulate(SimulateArgs),
    /// The built-in profiles, or the effective spec of one
    #[command(after_help = "\
Examples:
  strobecheck profiles
  strobecheck profiles ov9282-freerun-30 --param exposure=10ms")]
    Profiles(ProfilesArgs),
    /// The JSON Schema of what strobecheck writes
    #[command(after_help = "Example:\n  strobecheck schema report")]
    Schema(SchemaArgs),
}

/// How a capture is read.
#[derive(Debug, Clone, Args)]
pub(super) struct ReadArgs {
    /// The sample rate, if the file states none or a wrong one: 24MHz
    #[arg(long, value_name = "RATE")]
    pub(super) samplerate: Option<String>,
    /// Read the file as srzip, vcd, fst, saleae-binary or csv; default: as its content looks
    #[arg(long, value_name = "FORMAT")]
    pub(super) input_format: Option<String>,
    /// Take only what comes after this time: 1.5s
    #[arg(long, value_name = "TIME")]
    pub(super) from: Option<String>,
    /// Take only what comes before this time: 2.5s
    #[arg(long, value_name = "TIME")]
    pub(super) to: Option<String>,
    /// Refuse captures of more samples
    #[arg(long, value_name = "N")]
    pub(super) max_samples: Option<u64>,
    /// Refuse captures of more edges on the wanted lines
    #[arg(long, value_name = "N")]
    pub(super) max_edges: Option<u64>,
    /// How many threads to use; default: one per core
    #[arg(long, value_name = "N")]
    pub(super) jobs: Option<usize>,
}

/// What a capture is judged by.
#[derive(Debug, Clone, Args)]
pub(super) struct SpecArgs {
    /// The spec file; default: <capture>.spec.toml, then spec.toml beside the capture
    #[arg(long, value_name = "FILE", conflicts_with = "profile")]
    pub(super) spec: Option<PathBuf>,
    /// A built-in profile (see `strobecheck profiles`)
    #[arg(long, value_name = "NAME")]
    pub(super) profile: Option<String>,
    /// A parameter of the profile: exposure=20ms
    #[arg(long, value_name = "K=V", requires = "profile")]
    pub(super) param: Vec<String>,
    /// Which probe shows which line: strobe=D2, flash=low:D4, right.strobe=D3
    #[arg(long, value_name = "[CAMERA.]ROLE=PROBE")]
    pub(super) wire: Vec<String>,
    /// A limit, in place of the spec's: 'exposure.time=20 ms ± 50 us'
    #[arg(long, value_name = "[CAMERA:]ID=LIMIT")]
    pub(super) limit: Vec<String>,
}

#[derive(Debug, Clone, Args)]
pub(super) struct VerifyArgs {
    /// The captures; - reads one from standard input
    #[arg(required = true, value_name = "CAPTURE")]
    pub(super) captures: Vec<PathBuf>,
    #[command(flatten)]
    pub(super) spec: SpecArgs,
    #[command(flatten)]
    pub(super) read: ReadArgs,
    /// Where reports are written [default: reports]
    #[arg(long, value_name = "DIR")]
    pub(super) reports: Option<PathBuf>,
    /// Which reports are written: html, json, junit, markdown, csv, parquet [default: html]
    #[arg(long, value_name = "LIST", value_delimiter = ',', conflicts_with = "no_report")]
    pub(super) format: Vec<String>,
    /// Print the JSON report on standard output instead of the summary
    #[arg(long)]
    pub(super) json: bool,
    /// Write no reports
    #[arg(long)]
    pub(super) no_report: bool,
    /// What an inconclusive verdict counts as
    #[arg(long, value_name = "AS")]
    pub(super) inconclusive: Option<InconclusiveAs>,
    /// The device under test, for the report
    #[arg(long, value_name = "TEXT")]
    pub(super) dut: Option<String>,
    /// The test station, for the report
    #[arg(long, value_name = "TEXT")]
    pub(super) station: Option<String>,
    /// Who ran it, for the report
    #[arg(long, value_name = "TEXT")]
    pub(super) operator: Option<String>,
    /// A note for the report
    #[arg(long, value_name = "TEXT")]
    pub(super) note: Option<String>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum InconclusiveAs {
    Fail,
    Pass,
    Skip,
}

#[derive(Debug, Clone, Args)]
pub(super) struct WiringArgs {
    /// The capture; - reads standard input
    #[arg(value_name = "CAPTURE")]
    pub(super) capture: PathBuf,
    #[command(flatten)]
    pub(super) read: ReadArgs,
}

#[derive(Debug, Clone, Args)]
pub(super) struct MeasureArgs {
    /// The capture; - reads standard input
    #[arg(value_name = "CAPTURE")]
    pub(super) capture: PathBuf,
    #[command(flatten)]
    pub(super) spec: SpecArgs,
    #[command(flatten)]
    pub(super) read: ReadArgs,
}

#[derive(Debug, Clone, Args)]
pub(super) struct EdgesArgs {
    /// The capture; - reads standard input
    #[arg(value_name = "CAPTURE")]
    pub(super) capture: PathBuf,
    #[command(flatten)]
    pub(super) read: ReadArgs,
    /// csv or parquet
    #[arg(long, value_name = "FORMAT", default_value = "csv")]
    pub(super) format: EdgeFormat,
    /// The file to write; default: standard output
    #[arg(short, long, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum EdgeFormat {
    Csv,
    Parquet,
}

#[derive(Debug, Clone, Args)]
pub(super) struct CalibrateArgs {
    /// The capture; - reads standard input
    #[arg(value_name = "CAPTURE")]
    pub(super) capture: PathBuf,
    #[command(flatten)]
    pub(super) read: ReadArgs,
    /// The probe that the line of known frequency is on
    #[arg(long, value_name = "PROBE")]
    pub(super) line: String,
    /// Its frequency: 10MHz
    #[arg(long, value_name = "FREQUENCY")]
    pub(super) frequency: String,
    /// How well that is known: '0.5 ppm'; default: exactly
    #[arg(long, value_name = "PPM")]
    pub(super) accuracy: Option<String>,
    /// The analyzer's serial number, for the file
    #[arg(long, value_name = "TEXT")]
    pub(super) serial: Option<String>,
    /// The date, for the file: 2026-08-20
    #[arg(long, value_name = "DATE")]
    pub(super) date: Option<String>,
    /// The calibration file to write, for analyzer.calibration of a spec
    #[arg(short, long, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
}

#[derive(Debug, Clone, Args)]
pub(super) struct SimulateArgs {
    /// The scenario file
    #[arg(value_name = "SCENARIO")]
    pub(super) scenario: PathBuf,
    /// The capture to write
    #[arg(short, long, value_name = "FILE")]
    pub(super) output: PathBuf,
}

#[derive(Debug, Clone, Args)]
pub(super) struct ProfilesArgs {
    /// The profile whose effective spec is printed
    #[arg(value_name = "NAME")]
    pub(super) name: Option<String>,
    /// A parameter of the profile: exposure=20ms
    #[arg(long, value_name = "K=V", requires = "name")]
    pub(super) param: Vec<String>,
}

#[derive(Debug, Clone, Args)]
pub(super) struct SchemaArgs {
    /// Of what
    #[arg(value_name = "WHAT")]
    pub(super) of: SchemaOf,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum SchemaOf {
    /// The JSON report
    Report,
}
