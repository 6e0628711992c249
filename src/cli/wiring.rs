//! `strobecheck wiring`: which probe looks like which line.

use super::args::WiringArgs;
use super::files::Files;
use super::load::{Opened, ReadOptions, open_source};
use super::{Exit, Failure, output};
use crate::render::text::Detail;
use crate::render::{Looked, wiring_json, wiring_text};
use crate::study::wiring_of;

pub(super) fn run(args: &WiringArgs, detail: Detail) -> Result<Exit, Failure> {
    let options = ReadOptions::new(&args.read)?;
    let opened = Opened::new(&args.capture, open_source(&args.capture, &Files::default())?, &options)?;
    super::say_warnings(&opened);
    let excerpt = opened.excerpt()?;
    if args.json {
        let path = args.capture.to_string_lossy();
        let looked = Looked { path: &path, problems: &excerpt.capture.problems };
        output::print_bytes(&wiring_json(&wiring_of(&excerpt), looked, &opened.analog_channels())?)?;
        return Ok(super::exit_for(&excerpt.capture.problems));
    }
    let text = wiring_text(&wiring_of(&excerpt), &args.capture.to_string_lossy(), &opened.analog_channels(), detail);
    output::print_text(&text)?;
    Ok(super::exit_for(&excerpt.capture.problems))
}
