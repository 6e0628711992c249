//! Quantities of a line by itself.

use super::{Absent, ClockShare, Measure, Needs, On, Point, Quantity, Reading, Seen, Track, Unseen};
use crate::frame::Observation;
use crate::rig::WireIndex;
use crate::signal::Glitch;
use crate::units::{Rational, SampleIndex, Unit};

/// Raw edges of a line.
pub(crate) static EDGES: Quantity = Quantity {
    id: "line.edges",
    unit: Unit::Count,
    label: "edges",
    definition: "the number of changes of level on the line, before polarity and glitch filter; where samples are lost, at least so many",
    formula: "number of level changes",
    source: "counted as recorded",
    raised_by: "a floating or chattering wire adds thousands; a dead one has none",
    needs: Needs::AnyLine,
    clock: ClockShare::Cancels,
    unseen: Unseen::Lower(On::Itself),
    measure: Measure::Line(edges),
};

/// Glitches on a line.
pub(crate) static GLITCHES: Quantity = Quantity {
    id: "line.glitches",
    unit: Unit::Count,
    label: "glitches",
    definition: "the number of stretches on the line that are shorter than its analyzer.glitch",
    formula: "number of stretches with duration < analyzer.glitch",
    source: "IEEE 181-2011 (runts and glitches), counted on the sampled line",
    raised_by: "ringing, a slow edge at the threshold, a missing GND wire, a loose contact",
    needs: Needs::AnyLine,
    clock: ClockShare::Cancels,
    unseen: Unseen::Nothing,
    measure: Measure::Line(glitches),
};

fn edges(observation: &Observation, wire: WireIndex) -> Result<Track, Absent> {
    let line = &observation.lines[wire.get()];
    let end = SampleIndex::new(observation.length.get().saturating_sub(1));
    let seen = Reading::exact(Rational::from(line.train.raw_edges));
    Ok(track(seen, SampleIndex::default(), end).of_the_largest(observation))
}

fn glitches(observation: &Observation, wire: WireIndex) -> Result<Track, Absent> {
    if observation.rig.wire(wire).glitch.is_none() {
        return Err(Absent::TooLittle("the line has no analyzer.glitch".to_owned()));
    }
    let glitches = &observation.lines[wire.get()].train.glitches;
    let end = SampleIndex::new(observation.length.get().saturating_sub(1));
    let (from, to) = glitches.first().map_or((SampleIndex::default(), end), |Glitch { from, to }| (*from, *to));
    Ok(track(Reading::exact(Rational::from(glitches.len() as u64)), from, to).of_the_largest(observation))
}

/// A track of one count.
fn track(reading: Reading, from: SampleIndex, to: SampleIndex) -> Track {
    Track::plain(vec![Point { frame: None, from, to, reading, seen: Seen::Whole }])
}
