//! Quantities of a line by itself.

use super::{Absent, ClockShare, Measure, Needs, Point, Quantity, Reading, Seen, Track};
use crate::frame::Observation;
use crate::rig::WireIndex;
use crate::units::{Rational, SampleIndex, Unit};

/// Raw edges of a line.
pub(super) static EDGES: Quantity = Quantity {
    id: "line.edges",
    unit: Unit::Count,
    label: "edges",
    definition: "the number of changes of level on the line, before polarity and glitch filter",
    needs: Needs::AnyLine,
    clock: ClockShare::Cancels,
    measure: Measure::Line(edges),
};

/// Stretches shorter than the line's `analyzer.glitch`.
pub(super) static GLITCHES: Quantity = Quantity {
    id: "line.glitches",
    unit: Unit::Count,
    label: "glitches",
    definition: "the number of stretches on the line that are shorter than its analyzer.glitch",
    needs: Needs::AnyLine,
    clock: ClockShare::Cancels,
    measure: Measure::Line(edges),
};

fn edges(observation: &Observation, wire: WireIndex) -> Result<Track, Absent> {
    let count = observation.lines[wire.get()].train.raw_edges;
    Ok(whole_capture(observation, Rational::from(count)))
}

/// A track of one exact number for the whole capture.
fn whole_capture(observation: &Observation, value: Rational) -> Track {
    Track::plain(vec![Point {
        frame: None,
        from: SampleIndex::default(),
        to: observation.length,
        reading: Reading::exact(value),
        seen: Seen::Whole,
    }])
}
