//! `strobecheck simulate`: a capture from a scenario.

use super::args::SimulateArgs;
use super::{Exit, Failure, output};

pub(super) fn run(args: &SimulateArgs) -> Result<Exit, Failure> {
    let _ = args;
    let _ = output::say;
    Ok(Exit::Done)
}
