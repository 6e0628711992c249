//! What the commands share that read a capture, or write a file.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::Args;

use super::{complete, values};
use crate::format::format_ids;
use crate::units::{Rational, SampleRate};

/// How a capture is read.
#[derive(Debug, Clone, Default, Args)]
pub(super) struct ReadArgs {
    /// The sample rate, if the file states none: 24MHz
    #[arg(long, value_name = "RATE", value_parser = SampleRate::parse)]
    pub(super) samplerate: Option<SampleRate>,
    /// How long the record is, if the file has changes only: 4s
    #[arg(long, value_name = "TIME", value_parser = values::time)]
    pub(super) duration: Option<Rational>,
    #[arg(long, value_name = "FORMAT", help = input_format_help(), add = complete::input_formats())]
    pub(super) input_format: Option<String>,
    /// Take only what comes after this time: 1.5s
    #[arg(long, value_name = "TIME", value_parser = values::time)]
    pub(super) from: Option<Rational>,
    /// Take only what comes before this time: 2.5s
    #[arg(long, value_name = "TIME", value_parser = values::time)]
    pub(super) to: Option<Rational>,
    #[command(flatten)]
    pub(super) limits: LimitArgs,
}

/// A file that libsigrok reads, as long as standard input is open.
#[derive(Debug, Clone, Args)]
pub(super) struct ImportArgs {
    /// The file
    #[arg(value_name = "FILE")]
    pub(super) file: PathBuf,
    /// The input module, and what it is told
    #[arg(long, value_name = "MODULE[:KEY=VALUE]")]
    pub(super) module: Option<String>,
    /// The sample rate, if the file states none
    #[arg(long, value_name = "RATE")]
    pub(super) samplerate: Option<String>,
    /// The most samples that it may have
    #[arg(long, value_name = "N")]
    pub(super) max_samples: u64,
    /// The most seconds of a processor that it may take
    #[arg(long, value_name = "N")]
    pub(super) max_seconds: u64,
}

fn input_format_help() -> String {
    let own = format_ids();
    format!(
        "Read the file as one of {own}, or by an input module of libsigrok (sigrok:chronovu-la8, \
         sigrok:binary:numchannels=8:samplerate=24MHz); default: as its content looks"
    )
}

/// How much of a capture is read before it is refused.
#[derive(Debug, Clone, Default, Args)]
pub(super) struct LimitArgs {
    /// Refuse captures of more samples
    #[arg(long, value_name = "N")]
    pub(super) max_samples: Option<u64>,
    /// Refuse captures of more edges on the wanted lines
    #[arg(long, value_name = "N")]
    pub(super) max_edges: Option<u64>,
    /// Refuse archives of more members
    #[arg(long, value_name = "N")]
    pub(super) max_members: Option<u64>,
    /// Refuse captures that say more bytes of themselves than this
    #[arg(long, value_name = "BYTES")]
    pub(super) max_metadata: Option<u64>,
    /// How many threads to use; default: one per core
    #[arg(long, value_name = "N", value_parser = values::count::<NonZeroUsize>)]
    pub(super) jobs: Option<NonZeroUsize>,
}

/// How files are written.
#[derive(Debug, Clone, Copy, Default, Args)]
pub(super) struct WriteArgs {
    /// Replace what is there even if it is none of ours; never what is read
    #[arg(long)]
    pub(super) force: bool,
}

/// What a capture is judged by.
#[derive(Debug, Clone, Default, Args)]
pub(super) struct SpecArgs {
    /// The spec file; default: <capture>.spec.toml, then spec.toml beside the capture
    #[arg(long, value_name = "FILE", conflicts_with = "profile")]
    pub(super) spec: Option<PathBuf>,
    #[command(flatten)]
    pub(super) stated: StatedArgs,
    /// What a column of the camera's log is, as [timestamps] in a spec: time=SensorTimestamp, unit=ns, exposure_unit=us
    #[arg(long, value_name = "KEY=VALUE", add = complete::columns())]
    pub(super) column: Vec<String>,
}

/// What the command line states of a capture's spec, whatever file it begins with.
#[derive(Debug, Clone, Default, Args)]
pub(super) struct StatedArgs {
    /// A built-in profile (see `strobecheck profiles`)
    #[arg(long, value_name = "NAME", add = complete::profiles())]
    pub(super) profile: Option<String>,
    /// A parameter of the profile: exposure=20ms
    #[arg(long, value_name = "K=V", requires = "profile", add = complete::parameters())]
    pub(super) param: Vec<String>,
    /// Which probe shows which line: strobe=D2, flash=low:D4, right.strobe=D3,
    /// strobe=TOUT1,TOUT2 (in turn)
    #[arg(long, value_name = "[CAMERA.]ROLE=PROBE", add = complete::wires())]
    pub(super) wire: Vec<String>,
    /// A limit, in place of the spec's: 'exposure.time=20 ms ± 50 us'
    #[arg(long, value_name = "[CAMERA:]ID=LIMIT", add = complete::quantities())]
    pub(super) limit: Vec<String>,
}
