//! `strobecheck explain`: what a word of a report means.

use super::args::ExplainArgs;
use super::{Exit, Failure, output};
use crate::explain::{Topic, list, nearest, text_of};

pub(super) fn run(args: &ExplainArgs) -> Result<Exit, Failure> {
    if args.words.is_empty() {
        output::print_text(&list())?;
        return Ok(Exit::Done);
    }
    let word = args.words.join(" ");
    let topic = Topic::find(&word).ok_or_else(|| Failure::UnknownTopic { nearest: nearest(&word), wanted: word })?;
    output::print_text(&text_of(topic))?;
    Ok(Exit::Done)
}
