//! `strobecheck measure`: lines and quantities in numbers, without limits.

use super::args::MeasureArgs;
use super::choose_spec::SpecChoice;
use super::files::Files;
use super::load::{Opened, ReadOptions, open_source};
use super::timestamps::LogBytes;
use super::{Exit, Failure, output};
use crate::capture::Capture;
use crate::frame::Observation;
use crate::line::LineSummary;
use crate::quantity::{Needs, QUANTITIES, Quantity, Subject};
use crate::render::{Measured, lines_text, quantities_text};
use crate::verify::observe_with_log;

pub(super) fn run(args: &MeasureArgs) -> Result<Exit, Failure> {
    let options = ReadOptions::new(&args.read)?;
    let files = Files::default();
    let choice = SpecChoice::new(&args.spec, &files)?;
    let chosen = choice.spec_for(&args.capture)?;
    let log = LogBytes::read(args.timestamps.as_deref(), &files)?;
    let mut opened = Opened::new(&args.capture, open_source(&args.capture, &files)?, &options)?;
    if let Some(chosen) = &chosen {
        opened.wire_analog(&chosen.spec.rig).map_err(|source| super::unwired(&args.capture, source))?;
    }
    super::say_warnings(&opened);
    let capture = opened.capture_all()?;
    let mut text = lines_text(&summaries(&capture), &capture.rate);
    text.push('\n');
    let mut knows_lines = true;
    match chosen {
        Some(chosen) => {
            let log = log.map(|log| log.parse(&chosen.spec.timestamps)).transpose()?;
            let observation = observe_with_log(&capture, &chosen.spec, log.as_ref().map(|file| file.log.as_ref()))
                .map_err(|source| Failure::Verify { path: args.capture.clone(), source: Box::new(source) })?;
            knows_lines = observation.lost.is_empty();
            text.push_str(&format!("Wired by {}:\n", crate::escape::visible(&chosen.source)));
            text.push_str(&quantities_text(&measured(&observation, log.is_some())));
        }
        None => text.push_str(
            "Say which probe shows which line to measure frames and exposures: --wire strobe=PROBE --wire fsin=PROBE\n",
        ),
    }
    output::print_text(&text)?;
    let exit = super::exit_for(&capture.problems);
    Ok(if knows_lines { exit } else { Exit::Damaged })
}

fn summaries(capture: &Capture) -> Vec<(String, LineSummary)> {
    (capture.lines.iter())
        .map(|line| {
            (capture.header.display_name(&line.probe), LineSummary::of(&line.waveform, &capture.lost_on([line])))
        })
        .collect()
}

/// Everything that can be measured on the lines that are wired, and on the log where there is one.
fn measured(observation: &Observation, has_log: bool) -> Vec<Measured> {
    let rig = &observation.rig;
    let needs_log = |quantity: &Quantity| matches!(quantity.needs, Needs::Log(_));
    (QUANTITIES.iter())
        .filter(|quantity| has_log || !needs_log(quantity))
        .flat_map(|quantity| quantity.subjects(rig).into_iter().map(move |subject| (*quantity, subject)))
        .map(|(quantity, subject)| Measured {
            quantity,
            subject: match subject {
                Subject::Camera(camera) => rig.cameras[camera].name.clone(),
                Subject::Line(wire) => rig.wire(wire).full_key(),
            },
            track: quantity.measure(observation, subject).map_err(|absent| absent.to_string()),
        })
        .collect()
}
