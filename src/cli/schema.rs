//! `strobecheck schema`: what machines read and write.

use super::args::{SchemaArgs, SchemaOf};
use super::{Exit, Failure, output};
use crate::explain::spec_schema;
use crate::render::{RenderError, report_schema};
use crate::report::expect_schema;
use crate::scenario::scenario_schema;

pub(super) fn run(args: &SchemaArgs) -> Result<Exit, Failure> {
    let schema = match args.of {
        SchemaOf::Report => report_schema(),
        SchemaOf::Expect => expect_schema().to_value(),
        SchemaOf::Spec => spec_schema(),
        SchemaOf::Scenario => scenario_schema(),
    };
    let text = serde_json::to_string_pretty(&schema).map_err(RenderError::from)?;
    output::print_text(&(text + "\n"))?;
    Ok(Exit::Done)
}
