//! `strobecheck spec new`: a spec to fill in.

use super::args::{SpecAction, SpecCommandArgs};
use super::{Exit, Failure, output};
use crate::explain::new_spec;

pub(super) fn run(args: &SpecCommandArgs) -> Result<Exit, Failure> {
    match args.what {
        SpecAction::New => output::print_text(&new_spec())?,
    }
    Ok(Exit::Done)
}
