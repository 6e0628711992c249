//! The arguments of live recording.

use std::num::NonZeroU64;
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::read_args::{SpecArgs, StatedArgs, WriteArgs};
use super::verify_args::SubjectArgs;
use super::{complete, values};
use crate::live::{ChannelChoice, DeviceChoice, Setting};
use crate::report::InconclusivePolicy;
use crate::units::{Rational, SampleRate};

/// What is asked of a logic analyzer.
#[derive(Debug, Clone, Args)]
pub(super) struct DeviceArgs {
    /// The driver of the logic analyzer, and where it is: demo, fx2lafw, fx2lafw:conn=1.5 (see `strobecheck devices`)
    #[arg(short, long, value_name = "DRIVER[:conn=WHERE]")]
    pub(super) device: Option<DeviceChoice>,
    /// Which channels are recorded, and what their probes are called: D0=STROBE,D1=FSIN, A0=PHOTODIODE [default: all logic ones]
    #[arg(long, value_name = "LIST", value_delimiter = ',')]
    pub(super) channels: Vec<ChannelChoice>,
    /// A setting of the device: pattern=graycode
    #[arg(long, value_name = "KEY=VALUE")]
    pub(super) config: Vec<Setting>,
    /// From which voltage on a line is high, where the device can be told: 0.9V for lines of 1.8 V
    #[arg(long, value_name = "VOLTAGE", value_parser = values::volts)]
    pub(super) threshold: Option<f64>,
}

#[derive(Debug, Clone, Args)]
#[command(group(clap::ArgGroup::new("judged by").args(["verify", "profile", "wire", "limit"]).multiple(true)))]
pub(super) struct CaptureArgs {
    #[command(flatten)]
    pub(super) device: DeviceArgs,
    /// The sample rate: 4MHz [default: what the device is set to]
    #[arg(long, value_name = "RATE", value_parser = SampleRate::parse)]
    pub(super) samplerate: Option<SampleRate>,
    /// How long: 10s
    #[arg(long, value_name = "TIME", value_parser = values::time_above_zero, conflicts_with = "samples")]
    pub(super) time: Option<Rational>,
    /// How many samples
    #[arg(long, value_name = "N", value_parser = values::count::<NonZeroU64>)]
    pub(super) samples: Option<NonZeroU64>,
    /// How many frames of the camera, counted on FSIN, else on STROBE; with --time, no longer than that
    #[arg(long, value_name = "N", value_parser = values::count::<NonZeroU64>)]
    pub(super) frames: Option<NonZeroU64>,
    /// Begin when this happens: STROBE=r (rising), f (falling), e (either edge), 1 (high), 0 (low)
    #[arg(long, value_name = "CHANNEL=WHAT", value_delimiter = ',')]
    pub(super) trigger: Vec<String>,
    /// How much of what comes before the trigger is kept
    #[arg(long, value_name = "TIME", default_value = "1ms", value_parser = values::time_from_zero, requires = "trigger")]
    pub(super) before: Rational,
    /// Give up when the trigger has not come by then: 30s [default: it is waited for]
    #[arg(long, value_name = "TIME", value_parser = values::time_above_zero, requires = "trigger")]
    pub(super) timeout: Option<Rational>,
    /// Let the device wait for the trigger, not this program
    #[arg(long, requires = "trigger")]
    pub(super) hardware_trigger: bool,
    /// Run this command when everything that happens is seen, and end with it
    #[arg(long, value_name = "COMMAND")]
    pub(super) run: Option<String>,
    /// Touch this file when everything that happens is seen
    #[arg(long, value_name = "FILE")]
    pub(super) ready_file: Option<PathBuf>,
    /// The capture to write; what is said of it goes to <stem>.capture.json beside it [default: <unit>-<number>.sr, a new one]
    #[arg(short, long, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
    /// Judge it by this spec
    #[arg(long, value_name = "SPEC", conflicts_with = "profile")]
    pub(super) verify: Option<PathBuf>,
    #[command(flatten)]
    pub(super) stated: StatedArgs,
    /// Where its reports are written [default: reports]
    #[arg(long, value_name = "DIR", requires = "judged by")]
    pub(super) reports: Option<PathBuf>,
    /// Which reports are written [default: html]
    #[arg(long, value_name = "LIST", value_delimiter = ',', requires = "judged by", add = complete::report_formats())]
    pub(super) format: Vec<String>,
    /// Write no reports
    #[arg(long, requires = "judged by", conflicts_with = "format")]
    pub(super) no_report: bool,
    /// Write a clip of each violation beside the reports
    #[arg(long, requires = "judged by", conflicts_with = "no_report")]
    pub(super) clips: bool,
    /// What an inconclusive verdict counts as; of a damaged capture never as a pass
    #[arg(long, value_name = "AS", requires = "judged by", value_parser = values::word::<InconclusivePolicy, _>(["fail", "pass", "skip"]))]
    pub(super) inconclusive: Option<InconclusivePolicy>,
    #[command(flatten)]
    pub(super) subject: SubjectArgs,
    #[command(flatten)]
    pub(super) write: WriteArgs,
}

#[derive(Debug, Clone, Args)]
pub(super) struct WatchArgs {
    /// The file that grows, instead of a device
    #[arg(value_name = "CAPTURE", conflicts_with_all = ["device", "channels", "config"])]
    pub(super) capture: Option<PathBuf>,
    #[command(flatten)]
    pub(super) device: DeviceArgs,
    #[command(flatten)]
    pub(super) spec: SpecArgs,
    /// The sample rate: 4MHz [default: what the device is set to, or the file says]
    #[arg(long, value_name = "RATE", value_parser = SampleRate::parse)]
    pub(super) samplerate: Option<SampleRate>,
    /// How many of the last seconds are judged and kept
    #[arg(long, value_name = "TIME", default_value = "10s", value_parser = values::time_above_zero)]
    pub(super) window: Rational,
    /// Ring the bell when the verdict changes
    #[arg(long)]
    pub(super) bell: bool,
    /// Run this command at the first failure, when the window is saved
    #[arg(long, value_name = "COMMAND")]
    pub(super) on_fail: Option<String>,
    /// Keep the first so many violations: each as a line of <stem>.violations.csv beside --output, and as a clip
    #[arg(long, value_name = "N")]
    pub(super) keep_violations: Option<u64>,
    /// End when this is the verdict; a pass only of a full window
    #[arg(long, value_name = "VERDICT")]
    pub(super) until: Option<Until>,
    /// Where the window is saved, on 's' and at the first failure; a number keeps what is there
    #[arg(short, long, value_name = "FILE", default_value = "watch.sr")]
    pub(super) output: PathBuf,
    /// A line for every change of the verdict instead of a screen
    #[arg(long)]
    pub(super) plain: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Until {
    Pass,
    Fail,
}
