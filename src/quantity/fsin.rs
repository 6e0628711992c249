//! Quantities of the FSIN pulse itself.

use std::num::NonZeroU32;

use super::exposure::line_of;
use super::interval::width;
use super::{Absent, ClockShare, Measure, Needs, On, Point, Points, Quantity, Track, Unseen};
use crate::frame::{CameraView, ClockSource};
use crate::rig::{Alignment, Role};
use crate::signal::Limb;
use crate::units::Unit;

/// Active width of FSIN.
pub(crate) static WIDTH: Quantity = Quantity {
    id: "fsin.width",
    unit: Unit::Second,
    label: "FSIN width",
    definition: "the active width of the FSIN pulse; it says nothing about exposure",
    formula: "t(inactive edge) − t(active edge) of FSIN",
    source: "sensor data sheets: minimum FSIN width (about 5 µs OV9x82, 0.5 µs IMX, 0.125 µs AR0234)",
    raised_by: "the trigger source; it is not proportional to the exposure",
    needs: Needs::All(&[Role::Fsin]),
    clock: ClockShare::Scales,
    unseen: Unseen::Raise(On::Own(&[Role::Fsin])),
    measure: Measure::Frames(fsin_width),
};

fn fsin_width(camera: CameraView<'_>) -> Result<Track, Absent> {
    let line = line_of(camera, Role::Fsin)?;
    let mut edges = match camera.frames.clock.source {
        ClockSource::Fsin => camera.frames.clock.edges.as_slice(),
        ClockSource::StrobeEnd | ClockSource::StrobeStart | ClockSource::Nothing => &[],
    }
    .iter()
    .peekable();
    let boundary_closes = i64::from(camera.frames.alignment == Some(Alignment::End));
    // Of several pulses a frame, those behind the first one belong to its frame.
    let has_more = camera.wiring.fsin_per_frame > NonZeroU32::MIN;
    let mut frame = None;
    let points: Points = (line.train.pulses.iter())
        .map(|pulse| {
            let edge = edges.next_if(|edge| Limb::Edge(edge.edge) == pulse.start);
            let (reading, seen) = width(&pulse, line);
            frame = edge.map(|edge| edge.starts - boundary_closes).or(frame.filter(|_| has_more));
            Point { frame, from: pulse.from(), to: pulse.to(), reading, seen }
        })
        .collect();
    if points.is_empty() {
        return Err(Absent::Silent(Role::Fsin.label()));
    }
    Ok(Track::of_times(&camera.observation.rate, points, line.slack.times(2)))
}
