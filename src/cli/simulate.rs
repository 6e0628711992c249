//! `strobecheck simulate`: a capture from a scenario, and the log of its cameras.

use std::path::Path;

use super::args::SimulateArgs;
use super::choose_spec::read_text;
use super::files::{Files, Ours, Target};
use super::output::{WriteError, write_session};
use super::{Exit, Failure};
use crate::render::Imprinting;
use crate::report::Written;
use crate::scenario::{Scenario, StreamLog, simulate, write_log};

pub(super) fn run(args: &SimulateArgs) -> Result<Exit, Failure> {
    let path = &args.scenario;
    let files = Files::new(args.write.force);
    let text = read_text(path, &files).map_err(|source| Failure::ReadFile { path: path.clone(), source })?;
    let scenario = Scenario::parse(&path.display().to_string(), &text)?;
    let simulation = simulate(&scenario)?;
    let capture = files.target(&args.output, Ours::Imprinted(Imprinting::Session, Written::Simulated))?;
    let log = args.timestamps.as_ref().map(|path| log(&simulation.logs, path, &files)).transpose()?;
    capture.write(|out| write_session(&simulation.capture, Written::Simulated, out).map_err(Failure::from))?;
    if let Some((target, bytes)) = log {
        target.write_bytes(&bytes)?;
    }
    Ok(Exit::Done)
}

/// The log of the cameras. One that is there may be a camera's: other bytes never take its place.
fn log<'f>(logs: &[StreamLog], path: &Path, files: &'f Files) -> Result<(Target<'f>, Vec<u8>), Failure> {
    let mut bytes = Vec::new();
    write_log(logs, &mut bytes).map_err(|source| WriteError::File { path: path.to_owned(), source })?;
    Ok((files.target(path, Ours::Same(bytes.clone()))?, bytes))
}
