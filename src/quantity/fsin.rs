//! Quantities of the FSIN pulse itself.

use std::num::NonZeroU32;

use super::exposure::line_of;
use super::interval::width;
use super::{Absent, Bound, ClockShare, Measure, Needs, On, Point, Points, Quantity, Reading, Seen, Track, Unseen};
use crate::frame::{CameraView, FrameEdge, Interval};
use crate::rig::{Alignment, Role};
use crate::signal::{EdgeTime, Limb};
use crate::units::{Rational, SampleIndex, Unit};

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

/// Pulses of FSIN a frame.
pub(crate) static PULSES: Quantity = Quantity {
    id: "fsin.pulses",
    unit: Unit::Count,
    label: "FSIN pulses of a frame",
    definition: "pulses of FSIN that begin from the start of a frame on and before the start of the next, where timing.fsin_per_frame is more than 1; none where frames are missing between the two",
    formula: "number of active edges of FSIN in [frame start, next frame start)",
    source: "as many pulses as the sensor takes for a frame (timing.fsin_per_frame)",
    raised_by: "a source that is set to more pulses, a contact that bounces; a pulse that is lost lowers it",
    needs: Needs::Groups,
    clock: ClockShare::Cancels,
    unseen: Unseen::Lower(On::Own(&[Role::Fsin])),
    measure: Measure::Frames(fsin_pulses),
};

fn fsin_pulses(camera: CameraView<'_>) -> Result<Track, Absent> {
    let line = line_of(camera, Role::Fsin)?;
    let too_few = || Absent::TooLittle("it takes two frames in a row".to_owned());
    let clock = camera.frames.fsin_clock().ok_or_else(too_few)?;
    let boundary_closes = i64::from(camera.frames.alignment == Some(Alignment::End));
    let starts: Vec<SampleIndex> =
        line.train.pulses.iter().filter_map(|pulse| pulse.start.edge()).map(EdgeTime::at).collect();
    let place = |at: SampleIndex| starts.partition_point(|start| *start < at);
    let of_frame = |(first, next): (FrameEdge, FrameEdge)| {
        let (from, to) = (first.edge.at(), next.edge.at());
        let is_one_frame = match next.before {
            Interval::Regular | Interval::WithExtra => true,
            Interval::First | Interval::WithMissing(_) | Interval::Lost => false,
        };
        let value = Rational::from((place(to) - place(from)) as u64);
        let reading = Reading { low: Bound::Closed(value.clone()), high: Bound::Closed(value.clone()), value };
        let frame = Some(first.starts - boundary_closes);
        is_one_frame.then_some(Point { frame, from, to, reading, seen: Seen::Whole })
    };
    let points: Points = clock.edges.pairs().filter_map(of_frame).collect();
    if points.is_empty() {
        return Err(too_few());
    }
    Ok(Track::plain(points))
}

fn fsin_width(camera: CameraView<'_>) -> Result<Track, Absent> {
    let line = line_of(camera, Role::Fsin)?;
    let mut edges = camera.frames.fsin_clock().into_iter().flat_map(|clock| &clock.edges).peekable();
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
