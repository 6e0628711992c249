//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

pub(super) use super::calibrate_args::CalibrateArgs;
pub(super) use super::fleet_args::{LearnArgs, ResultsArgs, TrendArgs};
pub(super) use super::live_args::{CaptureArgs, DeviceArgs, Until, WatchArgs};
pub(super) use super::look_args::LookArgs;
pub(super) use super::read_args::{ImportArgs, LimitArgs, ReadArgs, SpecArgs, StatedArgs, WriteArgs};
pub(super) use super::verify_args::VerifyArgs;

use super::{complete, values};
use crate::table::TableFormat;
use crate::units::{Rational, SampleRate};

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
    subcommand_required = true
)]
pub(super) struct Cli {
    #[command(subcommand)]
    pub(super) command: Command,
    /// Say less: only the verdict, of many captures those that are no pass; only the tables, without reasons and advice
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub(super) quiet: bool,
    /// Say more: passing checks too
    #[arg(short, long, global = true)]
    pub(super) verbose: bool,
}

const EXAMPLES: &str = "\
Examples:
  strobecheck look capture.sr                    which probe is which, what the camera does, what stands apart
  strobecheck verify capture.sr                  judge it by capture.spec.toml or spec.toml beside it
  strobecheck verify capture.sr --wire strobe=D2 --limit 'exposure.time=20 ms ± 50 us'

Exit codes of verify: 0 pass, 1 fail, 2 could not run, 3 inconclusive.";

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// A first look at a capture: which probe is which, what the camera does, what stands apart; no spec needed
    #[command(after_help = "\
It never judges. The spec that it writes has this capture's own numbers: change them to what the camera should do.

Examples:
  strobecheck look captures/seed-pass.sr
  strobecheck look captures/strobe-constant.sr --wire strobe=STROBE -o board.spec.toml

Exit codes: 0 looked at, 2 could not, 3 something is not told, the capture is damaged, or no spec could be made of it.")]
    Look(LookArgs),
    /// Judge captures by a spec and write reports
    #[command(after_help = "\
Examples:
  strobecheck verify captures/seed-pass.sr
  strobecheck verify captures --format html,junit --reports out
  strobecheck verify run7.sr --dut 0042 --station S1 --results results
  strobecheck verify run7.sr --timestamps run7.csv --limit 'timestamp.residual=0 us ± 50 us'
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
    /// What can still be read of a damaged capture, as a new one that every tool opens
    #[command(after_help = "\
What is lost is listed, and stands in the new capture too: its times stay right, and it cannot pass where it is damaged.

Example:
  strobecheck repair cut-off.sr -o repaired.sr")]
    Repair(RepairArgs),
    /// Every edge of every probe: channel,sample,time_s,level
    #[command(after_help = "Example:\n  strobecheck edges captures/seed-pass.sr -o edges.csv")]
    Edges(EdgesArgs),
    /// How far the analyzer's clock is off, from a line of known frequency
    #[command(after_help = "\
Examples:
  strobecheck calibrate captures/seed-pass.sr --line FSIN --frequency 30Hz
  strobecheck calibrate reference.sr --line D7 --frequency 1kHz --accuracy '0.5 ppm' --serial 07 --date 2026-08-20 -o fx2-07.toml

A spec then names the file: analyzer.calibration = \"fx2-07.toml\"")]
    Calibrate(CalibrateArgs),
    /// Cut a window of time into a capture of its own
    #[command(after_help = "\
Examples:
  strobecheck clip captures/seed-pass.sr --at 0.7s --span 100ms -o clip.sr
  strobecheck clip captures/seed-pass.sr --from 0.5s --to 0.9s -o clip.vcd")]
    Clip(ClipArgs),
    /// What differs between two captures; exit code 1 if it is more than limits or tolerances allow
    #[command(after_help = "\
Examples:
  strobecheck compare captures/seed-pass.sr captures/seed-long-exposure.sr
  strobecheck compare good.sr bad.sr --wire strobe=D2 --tolerance exposure.time=50us

Exit codes: 0 no difference, 1 they differ, 2 could not run, 3 undecided, or neither a limit nor a tolerance is stated.")]
    Compare(Box<CompareArgs>),
    /// A spec from captures that are known to be good
    #[command(after_help = "\
Each number's comment says where it comes from. A capture that shows something wrong is refused, with the reason.

Examples:
  strobecheck learn captures/seed-pass.sr -o board7.spec.toml
  strobecheck learn golden/*.sr --wire strobe=D2 --wire fsin=D3
  strobecheck learn golden/*.sr --profile ov9282-freerun-30 --wire strobe=D2 --coverage '99.99 %'

Exit codes: 0 learned, 2 could not, 3 refused.")]
    Learn(Box<LearnArgs>),
    /// Many results over time: control charts, capability, drift, and what fails most often
    #[command(after_help = "\
Reads what `verify --results FOLDER` has written: the folder, or single Parquet files of it.

Examples:
  strobecheck trend results
  strobecheck trend results --subgroup 5 -o trend.html
  strobecheck trend results --json > trend.json")]
    Trend(TrendArgs),
    /// Look after a folder of results: check its files, or make few of many
    #[command(after_help = "\
Each file is named by the hash of its bytes, and is held against it.

Examples:
  strobecheck results check results
  strobecheck results compact results

Exit codes: 0 done, 2 could not, 3 a file is damaged.")]
    Results(ResultsArgs),
    /// Make a capture from a scenario file
    #[command(after_help = "Example:\n  strobecheck simulate captures/seed-pass.scenario.toml -o seed.sr")]
    Simulate(SimulateArgs),
    /// What a word of a report means: a quantity, a fault, an exit code, a reason
    #[command(after_help = "\
Examples:
  strobecheck explain
  strobecheck explain exposure.time
  strobecheck explain line-dead
  strobecheck explain exit 3")]
    Explain(ExplainArgs),
    /// Which logic analyzers are connected, and why one is not usable
    #[command(after_help = "Examples:\n  strobecheck devices\n  strobecheck devices --spec board7.spec.toml")]
    Devices(DevicesArgs),
    /// A file of another program through libsigrok, as a session on standard output; other commands call it
    #[command(hide = true)]
    Import(ImportArgs),
    /// Record a capture with a logic analyzer, and judge it
    #[command(after_help = "\
Examples:
  strobecheck capture --device fx2lafw --samplerate 4MHz --time 10s --channels D0=STROBE,D1=FSIN -o board7.sr
  strobecheck capture --device fx2lafw --samplerate 4MHz --frames 300 --channels D0=STROBE,D1=FSIN \\
      -o board7.sr --verify board7.spec.toml
  strobecheck capture --device demo --samplerate 1MHz --config pattern=graycode --run './stream.sh' -o run.sr

Ctrl-C ends the recording and keeps what there is.

Exit codes: 0 recorded, 2 could not record, 3 recorded, but the device delivered less than it should have: such a \
capture cannot pass. With --verify, those of verify.")]
    Capture(Box<CaptureArgs>),
    /// The live verdict over the last seconds of a device, or of a file that grows
    #[command(after_help = "\
Examples:
  strobecheck watch --device fx2lafw --samplerate 4MHz --channels D0=STROBE,D1=FSIN --spec board7.spec.toml
  strobecheck watch --device fx2lafw --channels D0=STROBE --wire strobe=STROBE --limit 'exposure.time=20 ms ± 50 us' --bell
  strobecheck watch growing.sr --spec board7.spec.toml --until fail

Keys: q quits, s saves the window, r forgets the worst. Without a terminal, a line is printed for every change of the \
verdict.

Exit codes: 0 it was quit, or --until pass has come; 1 --until fail has come; 2 could not run; 3 the device ended by \
itself.")]
    Watch(Box<WatchArgs>),
    /// The built-in profiles, or the effective spec of one
    #[command(after_help = "\
Examples:
  strobecheck profiles
  strobecheck profiles ov9282-freerun-30 --param exposure=10ms
  strobecheck profiles ov9282-freerun-30 --check")]
    Profiles(ProfilesArgs),
    /// What a spec takes of the analyzer, before anything is recorded: sample rate, clock, time and memory
    #[command(after_help = "\
A camera that keeps to the nominals of the spec is simulated, and each limit held against what its capture leaves open. A limit \
is decided if a true value at its nominal (between two ends, in the middle) is proven inside whatever the phase of the samples and \
the clock's error. A limit with one end says how far inside a value must be.

Examples:
  strobecheck plan captures/seed-pass.spec.toml
  strobecheck plan captures/seed-pass.spec.toml --samplerate 4MHz --clock 50ppm
  strobecheck plan --profile ov9282-freerun-30 --param exposure=10ms --wire strobe=D2

Exit codes: 0 every limit is decided, 1 one can never pass, 2 could not run, 3 one can stay open, or what it takes is not told.")]
    Plan(Box<PlanArgs>),
    /// A spec to fill in
    #[command(after_help = "Example:\n  strobecheck spec new > board7.spec.toml")]
    Spec(SpecCommandArgs),
    /// The JSON Schema of a spec, a scenario or a report
    #[command(after_help = "\
Examples:
  strobecheck schema spec > spec.schema.json
  strobecheck schema report")]
    Schema(SchemaArgs),
    /// What a shell completes the command line by
    #[command(after_help = "Example:\n  strobecheck completions bash > strobecheck.bash")]
    Completions(CompletionsArgs),
    /// The manual page, or those of all commands
    #[command(after_help = "Example:\n  strobecheck man -o man1")]
    Man(ManArgs),
}

#[derive(Debug, Clone, Args)]
pub(super) struct WiringArgs {
    /// The capture; - reads standard input
    #[arg(value_name = "CAPTURE")]
    pub(super) capture: PathBuf,
    #[command(flatten)]
    pub(super) read: ReadArgs,
    /// Print JSON for programs instead of text
    #[arg(long)]
    pub(super) json: bool,
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
    /// Print JSON for programs instead of text
    #[arg(long)]
    pub(super) json: bool,
    /// The camera's own log of its frames, CSV with a header: seq,ts_device_us,exposure_us
    #[arg(long, value_name = "CSV")]
    pub(super) timestamps: Option<PathBuf>,
}

#[derive(Debug, Clone, Args)]
pub(super) struct RepairArgs {
    /// The damaged capture; - reads standard input
    #[arg(value_name = "CAPTURE")]
    pub(super) capture: PathBuf,
    /// The capture to write
    #[arg(short, long, value_name = "FILE")]
    pub(super) output: PathBuf,
    /// The sample rate, if the file states none: 24MHz
    #[arg(long, value_name = "RATE", value_parser = SampleRate::parse)]
    pub(super) samplerate: Option<SampleRate>,
    #[command(flatten)]
    pub(super) limits: LimitArgs,
    #[command(flatten)]
    pub(super) write: WriteArgs,
}

#[derive(Debug, Clone, Args)]
pub(super) struct DevicesArgs {
    /// Say of each whether it is fast enough for this spec
    #[arg(long, value_name = "SPEC", conflicts_with = "json")]
    pub(super) spec: Option<PathBuf>,
    /// Print JSON for programs instead of text
    #[arg(long)]
    pub(super) json: bool,
}

#[derive(Debug, Clone, Args)]
pub(super) struct EdgesArgs {
    /// The capture; - reads standard input
    #[arg(value_name = "CAPTURE")]
    pub(super) capture: PathBuf,
    #[command(flatten)]
    pub(super) read: ReadArgs,
    /// Of this probe only; several may be named
    #[arg(long = "probe", value_name = "PROBE", add = complete::probes())]
    pub(super) probes: Vec<String>,
    /// csv or parquet; default: parquet if the file's name ends in .parquet, else csv
    #[arg(long, value_name = "FORMAT", value_parser = values::word::<TableFormat, _>(["csv", "parquet"]))]
    pub(super) format: Option<TableFormat>,
    /// The file to write; default: standard output
    #[arg(short, long, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
    #[command(flatten)]
    pub(super) write: WriteArgs,
}

#[derive(Debug, Clone, Args)]
pub(super) struct ClipArgs {
    /// The capture; - reads standard input
    #[arg(value_name = "CAPTURE")]
    pub(super) capture: PathBuf,
    /// The middle of the window: 12.5s
    #[arg(long, value_name = "TIME", value_parser = values::time, requires = "span", conflicts_with_all = ["from", "to"])]
    pub(super) at: Option<Rational>,
    /// How long the window is: 100ms
    #[arg(long, value_name = "TIME", value_parser = values::time, requires = "at")]
    pub(super) span: Option<Rational>,
    #[command(flatten)]
    pub(super) read: ReadArgs,
    /// The file to write: a sigrok session, or a value change dump if it ends in .vcd
    #[arg(short, long, value_name = "FILE")]
    pub(super) output: PathBuf,
    #[command(flatten)]
    pub(super) write: WriteArgs,
}

#[derive(Debug, Clone, Args)]
pub(super) struct CompareArgs {
    /// The capture that is as it should be
    #[arg(value_name = "GOOD")]
    pub(super) good: PathBuf,
    /// The capture that is held against it
    #[arg(value_name = "BAD")]
    pub(super) bad: PathBuf,
    #[command(flatten)]
    pub(super) spec: SpecArgs,
    #[command(flatten)]
    pub(super) read: ReadArgs,
    /// How much mean and frames may differ: exposure.time=50us
    #[arg(long, value_name = "ID=VALUE", add = complete::quantities())]
    pub(super) tolerance: Vec<String>,
    /// A page with a figure of both for each quantity
    #[arg(short, long, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
    #[command(flatten)]
    pub(super) write: WriteArgs,
}

#[derive(Debug, Clone, Args)]
pub(super) struct SimulateArgs {
    /// The scenario file
    #[arg(value_name = "SCENARIO")]
    pub(super) scenario: PathBuf,
    /// The capture to write
    #[arg(short, long, value_name = "FILE")]
    pub(super) output: PathBuf,
    /// The cameras' log to write: a CSV as verify --timestamps reads it
    #[arg(long, value_name = "FILE")]
    pub(super) timestamps: Option<PathBuf>,
    #[command(flatten)]
    pub(super) write: WriteArgs,
}

#[derive(Debug, Clone, Args)]
pub(super) struct ExplainArgs {
    /// The word; without it, all of them are listed
    #[arg(value_name = "ID", add = complete::topics())]
    pub(super) words: Vec<String>,
}

#[derive(Debug, Clone, Args)]
pub(super) struct ProfilesArgs {
    /// The profile whose effective spec is printed
    #[arg(value_name = "NAME", add = complete::profiles())]
    pub(super) name: Option<String>,
    /// A parameter of the profile: exposure=20ms
    #[arg(long, value_name = "K=V", requires = "name", add = complete::parameters())]
    pub(super) param: Vec<String>,
    /// Each number instead: how it comes about, what it rests on, and how sure that is
    #[arg(long)]
    pub(super) check: bool,
}

#[derive(Debug, Clone, Args)]
#[command(group(clap::ArgGroup::new("planned").args(["spec", "profile", "wire"]).multiple(true).required(true)))]
pub(super) struct PlanArgs {
    /// The spec file
    #[arg(value_name = "SPEC", conflicts_with = "profile")]
    pub(super) spec: Option<PathBuf>,
    #[command(flatten)]
    pub(super) stated: StatedArgs,
    /// The sample rate of the analyzer: 4MHz [default: the least that decides every limit]
    #[arg(long, value_name = "RATE", value_parser = SampleRate::parse)]
    pub(super) samplerate: Option<SampleRate>,
    /// The accuracy of its clock: 50ppm [default: what the spec says]
    #[arg(long, value_name = "PPM", value_parser = values::accuracy)]
    pub(super) clock: Option<Rational>,
    /// How long the record is: 10s [default: 20 frames and more, as the spec asks]
    #[arg(long, value_name = "TIME", value_parser = values::time_above_zero)]
    pub(super) time: Option<Rational>,
}

#[derive(Debug, Clone, Args)]
pub(super) struct SpecCommandArgs {
    /// What to do
    #[arg(value_name = "WHAT")]
    pub(super) what: SpecAction,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum SpecAction {
    /// Print one with all keys and quantities behind a #, and what each says
    New,
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
    /// The file of what is expected of a capture
    Expect,
    /// The spec: what a capture is judged by
    Spec,
    /// The scenario: what simulate takes
    Scenario,
}

#[derive(Debug, Clone, Args)]
pub(super) struct CompletionsArgs {
    /// The shell
    pub(super) shell: clap_complete::Shell,
}

#[derive(Debug, Clone, Args)]
pub(super) struct ManArgs {
    /// Write the pages of all commands into this folder
    #[arg(short, long, value_name = "FOLDER")]
    pub(super) output: Option<PathBuf>,
    #[command(flatten)]
    pub(super) write: WriteArgs,
}
