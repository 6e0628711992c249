//! A glitch filter that takes pulses for glitches.

use super::explained::explained;
use super::fault::{Candidate, Cause, FAILURE, Fault};
use super::series::median;
use super::view::{CaptureView, LineView};
use crate::units::Rational;

/// Field guide, F55.
pub(super) static FILTER_EATS_PULSES: Fault = Fault {
    id: "filter-eats-pulses",
    number: "F55",
    about: "The glitch filter is longer than the line's own pulses, and bridges them: they are missing in what is judged.",
    drawing: "\
flash     _|~|_________|~|_________|~|_________|~|___   as recorded
filtered  ___________________________________________   as judged
analyzer.glitch <--->",
    causes: &[&TOO_LONG],
    ..FAILURE
};

static TOO_LONG: Cause = Cause {
    why: "analyzer.glitch is longer than the pulses of the line",
    remedy: "state a shorter analyzer.glitch for this line",
};

/// So many pulses that are bridged, in time with the frames, are no glitches.
const FEWEST: usize = 3;

/// Lines whose pulses are bridged.
pub(super) fn find(view: &CaptureView<'_>) -> Vec<Candidate> {
    view.lines.iter().filter_map(|line| eaten(view, line)).collect()
}

fn eaten(view: &CaptureView<'_>, line: &LineView<'_>) -> Option<Candidate> {
    let filter = line.wire.glitch.as_ref().map(Rational::to_f64)?;
    let least = view.samples(filter);
    let short: Vec<_> = line.signal.iter().filter(|pulse| (pulse.length() as f64) < least).collect();
    let is_signal = line.period.is_some_and(|period| line.has_signal(view.tolerance(period)));
    if short.len() < FEWEST || short.len() * 4 < line.signal.len() || !is_signal || !view.is_suspect(line) {
        return None;
    }
    let width = median(short.iter().map(|pulse| pulse.length() as f64).collect())?;
    let narrowest = short.iter().map(|pulse| pulse.length()).min()? as f64;
    let key = line.wire.role.key();
    let candidate = FILTER_EATS_PULSES
        .seen(
            format!("the glitch filter bridges the pulses of {}", line.label()),
            format!(
                "{} of its {} pulses are shorter than analyzer.glitch, {}; they last {}, and come with the frames",
                short.len(),
                line.signal.len(),
                view.time(least),
                view.time(width)
            ),
        )
        .supported_if(true, &TOO_LONG)
        .remedied(
            &TOO_LONG,
            format!(
                "state analyzer.glitch = {{ {key} = \"{}\" }}, half of its narrowest pulse, or less",
                view.time(narrowest / 2.0)
            ),
        );
    Some(explained(view, line, candidate.at(short.iter().map(|pulse| pulse.from).collect())))
}
