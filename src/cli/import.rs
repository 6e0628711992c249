//! `strobecheck import`, which other commands call in a process of its own: a file of another program, by libsigrok's
//! input modules, as a session on standard output.
//!
//! The modules are C, and not made for files that someone wants to harm with: what breaks here breaks no verdict, and what
//! they hold, and how long they take, is bounded. They end with whoever called, who holds standard input open.

use std::fs::File;
use std::io::{BufWriter, StdoutLock, Write};
use std::path::Path;

use super::args::ImportArgs;
use super::output::{WriteError, say};
use super::{Exit, Failure};
use crate::escape::visible;
use crate::format::FORMATS;
use crate::format::srzip::SrzipWriter;
use crate::live::{ImportOrder, ModuleChoice, import};
use crate::units::SampleRate;

/// Ends this process when the one that called it is gone.
fn end_with_caller() {
    let wait = || {
        // Nothing is ever said there.
        let _said = std::io::copy(&mut std::io::stdin().lock(), &mut std::io::sink());
        // In the middle of whatever a module does: nothing is tidied up that could wait for it.
        std::process::abort();
    };
    let _unavailable = std::thread::Builder::new().name("caller".to_owned()).spawn(wait);
}

/// Lets this process ask for no more memory and time, and leave no core where it breaks.
#[cfg(unix)]
fn bound(file: &Path, seconds: u64) {
    use super::foreign::MOST_GIB;
    use rustix::process::{Resource, Rlimit, setrlimit};
    let size = std::fs::metadata(file).map_or(0, |metadata| metadata.len());
    let most = (MOST_GIB << 30).saturating_add(size.saturating_mul(2));
    for (resource, most) in [(Resource::As, most), (Resource::Cpu, seconds), (Resource::Core, 0)] {
        // Where there is no such limit, or a stricter one, the modules run with that.
        let _kept = setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) });
    }
}

#[cfg(not(unix))]
fn bound(_: &Path, _: u64) {}

pub(super) fn run(args: &ImportArgs) -> Result<Exit, Failure> {
    let rate = args.samplerate.as_deref().map(SampleRate::parse).transpose();
    let order = ImportOrder {
        module: args.module.as_deref().map(ModuleChoice::parse).transpose()?,
        rate: rate.map_err(|error| Failure::usage("--samplerate", error.to_string()))?,
        most_samples: args.max_samples,
        not_offered: FORMATS.iter().map(|format| format.id).collect(),
    };
    bound(&args.file, args.max_seconds);
    end_with_caller();
    let mut file = File::open(&args.file).map_err(|source| Failure::ReadFile { path: args.file.clone(), source })?;
    let imported = import(&args.file, &mut file, &order, |rate, probes| -> Result<_, Failure> {
        let out: BufWriter<StdoutLock<'static>> = BufWriter::new(std::io::stdout().lock());
        Ok(SrzipWriter::new(out, probes, rate)?)
    })?;
    let mut out = imported.sink.finish(imported.length)?;
    out.flush().map_err(WriteError::StandardOutput)?;
    say(format_args!("module: {}", visible(&imported.module)));
    for text in &imported.said {
        say(format_args!("said: {}", visible(text)));
    }
    Ok(Exit::Done)
}
