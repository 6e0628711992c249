//! `strobecheck measure`: lines and quantities in numbers, without limits.

use super::args::MeasureArgs;
use super::choose_spec::SpecChoice;
use super::files::Files;
use super::load::{Opened, ReadOptions, open_source};
use super::timestamps::LogBytes;
use super::{Exit, Failure, output};
use crate::capture::Capture;
use crate::escape::visible;
use crate::frame::Observation;
use crate::line::LineSummary;
use crate::quantity::{QUANTITIES, Subject};
use crate::render::text::Detail;
use crate::render::{Figures, Looked, Measured, lines_text, measure_json, quantities_text};
use crate::verify::observe_with_log;

pub(super) fn run(args: &MeasureArgs, detail: Detail) -> Result<Exit, Failure> {
    let options = ReadOptions::new(&args.read)?;
    let files = Files::default();
    let choice = SpecChoice::new(&args.spec, &files)?;
    let chosen = choice.spec_for(&args.capture)?;
    let log = LogBytes::read(args.timestamps.as_deref(), &files)?;
    let mut opened = Opened::new(&args.capture, open_source(&args.capture, &files)?, &options)?;
    if let Some(chosen) = &chosen {
        opened.wire_analog(&chosen.spec.rig).map_err(|source| super::unwired(&args.capture, &chosen.spec, source))?;
        super::wired(&args.capture, &chosen.spec, opened.header())?;
    }
    super::say_warnings(&opened);
    let capture = opened.capture_all()?;
    let lines = summaries(&capture);
    let mut knows_lines = true;
    let wired = match chosen {
        None => None,
        Some(chosen) => {
            let log = log.map(|log| log.parse(&chosen.spec.timestamps)).transpose()?;
            let observation = observe_with_log(&capture, &chosen.spec, log.as_ref().map(|file| file.log.as_ref()))
                .map_err(|source| Failure::Verify { path: args.capture.clone(), source: Box::new(source) })?;
            knows_lines = observation.lost.is_empty();
            Some((chosen.source, measured(&observation, log.is_some())))
        }
    };
    if args.json {
        let path = args.capture.to_string_lossy();
        let looked = Looked { path: &path, problems: &capture.problems };
        let measured = wired.as_ref().map(|(source, measured)| (source.as_str(), measured.as_slice()));
        output::print_bytes(&measure_json(&lines, &capture.rate, looked, measured)?)?;
    } else {
        output::print_text(&text(&lines, &capture, wired, detail))?;
    }
    let exit = super::exit_for(&capture.problems);
    Ok(if knows_lines { exit } else { Exit::Damaged })
}

/// What was measured; briefly, the values alone, without what could not be.
fn text(
    lines: &[(String, LineSummary)],
    capture: &Capture,
    wired: Option<(String, Vec<Measured>)>,
    detail: Detail,
) -> String {
    let lines = lines_text(lines, &capture.rate);
    match wired {
        Some((_, mut measured)) if detail == Detail::Brief => {
            measured.retain(|measured| measured.figures.is_ok());
            quantities_text(&measured)
        }
        None if detail == Detail::Brief => lines,
        Some((source, measured)) => {
            format!("{lines}\nWired by {}:\n{}", visible(&source), quantities_text(&measured))
        }
        None => format!(
            "{lines}\nSay which probe shows which line to measure frames and exposures: --wire strobe=PROBE --wire \
             fsin=PROBE\n"
        ),
    }
}

fn summaries(capture: &Capture) -> Vec<(String, LineSummary)> {
    (capture.lines.iter())
        .map(|line| {
            (capture.header.display_name(&line.probe), LineSummary::of(&line.waveform, &capture.lost_on([line])))
        })
        .collect()
}

/// Everything that can be measured on the lines that are wired, and on the log where there is one.
pub(super) fn measured(observation: &Observation, has_log: bool) -> Vec<Measured> {
    let rig = &observation.rig;
    (QUANTITIES.iter())
        .filter(|quantity| has_log || !quantity.needs_log())
        .flat_map(|quantity| quantity.subjects(rig).into_iter().map(move |subject| (*quantity, subject)))
        .map(|(quantity, subject)| Measured {
            quantity,
            subject: match subject {
                Subject::Camera(camera) => rig.cameras[camera].name.clone(),
                Subject::Line(wire) => rig.wire(wire).full_key(),
            },
            figures: quantity
                .measure(observation, subject)
                .map(|track| Figures::of(quantity, &track))
                .map_err(|absent| absent.to_string()),
        })
        .collect()
}
