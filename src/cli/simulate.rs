//! `strobecheck simulate`: a capture from a scenario, and the log of its cameras.

use std::io::Write;

use super::args::SimulateArgs;
use super::choose_spec::read_text;
use super::output::WriteError;
use super::{Exit, Failure, output};
use crate::capture::Capture;
use crate::format::srzip::{self, SrzipWriter};
use crate::scenario::{Scenario, simulate, write_log};

pub(super) fn run(args: &SimulateArgs) -> Result<Exit, Failure> {
    let path = &args.scenario;
    let text = read_text(path).map_err(|source| Failure::ReadFile { path: path.clone(), source })?;
    let scenario = Scenario::parse(&path.display().to_string(), &text)?;
    let simulation = simulate(&scenario)?;
    output::write_file(&args.output, |out| write(&simulation.capture, out).map_err(Failure::from))?;
    if let Some(log) = &args.timestamps {
        let error = |source| WriteError::File { path: log.clone(), source };
        output::write_file(log, |out| write_log(&simulation.logs, out).map_err(error))?;
    }
    Ok(Exit::Done)
}

fn write(capture: &Capture, out: &mut dyn Write) -> Result<(), srzip::WriteError> {
    let mut writer = SrzipWriter::new(out, &capture.header.probes, &capture.rate)?;
    capture.replay(&mut writer)?;
    writer.finish(capture.length)?;
    Ok(())
}
