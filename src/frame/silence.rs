//! Silence before the first frame: frames that are missing, or a record that began before the stream.

use super::clock::ClockContext;
use super::{FrameClock, ObservedLine};
use crate::rig::{Ends, Role, WireIndex};
use crate::signal::Pulse;
use crate::units::{Rational, Rounding, SampleIndex};

/// Silence of two frame times or more before the first frame edge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LeadIn {
    /// The first sample of it.
    pub from: SampleIndex,
    /// The first frame edge.
    pub to: SampleIndex,
    /// How many frame times fit in it.
    pub frames: u64,
    /// What it is.
    pub before: Before,
}

/// What silence before the first frame is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Before {
    /// Frames are missing: the camera is stated to run, or another line shows that it ran.
    Missing,
    /// The record began before the stream: nothing is owed.
    Stream,
}

impl LeadIn {
    /// The silence before the first edge of a camera's clock, where `witnesses` are the other lines of the camera, and those
    /// of the cameras on its FSIN. `None` without a nominal frame time.
    pub(super) fn of(clock: &FrameClock, witnesses: &[WireIndex], context: ClockContext<'_>) -> Option<LeadIn> {
        let period = context.nominal()?;
        let to = clock.edges.first()?.edge.at();
        let lost = context.lost.spans().iter().take_while(|span| span.to <= to).last();
        let from = lost.map_or(SampleIndex::default(), |span| span.to);
        let silence = Rational::from(to - from);
        if silence < period.times(2) {
            return None;
        }
        // What comes within a frame time of the first edge may belong to it.
        let until = (&Rational::from(to.get()) - &period).to_integer(Rounding::Down)?;
        let until = SampleIndex::new(u64::try_from(until).ok()?);
        let is_witness = |wire: &WireIndex| has_edge(&context.lines[wire.get()], from, until);
        let runs = context.rig.ends == Ends::Running || witnesses.iter().any(is_witness);
        Some(LeadIn {
            from,
            to,
            frames: u64::try_from(silence.checked_div(&period)?.to_integer(Rounding::Down)?).unwrap_or(u64::MAX),
            before: if runs { Before::Missing } else { Before::Stream },
        })
    }
}

fn has_edge(line: &ObservedLine, from: SampleIndex, until: SampleIndex) -> bool {
    let edges = |pulse: Pulse| [pulse.start.edge(), pulse.end.edge()];
    let mut edges = line.train.pulses.iter().take_while(|pulse| pulse.from() <= until).flat_map(edges).flatten();
    edges.any(|edge| from < edge.at() && edge.at() <= until)
}

/// The lines that show whether a camera ran before its first frame: its own, and those of the cameras on its FSIN, but for
/// the one that its frames are counted by.
pub(super) fn witnesses(camera: usize, counted_by: Option<WireIndex>, context: ClockContext<'_>) -> Vec<WireIndex> {
    let cameras = &context.rig.cameras;
    let fsin = cameras[camera].wire(Role::Fsin);
    let together = cameras
        .iter()
        .enumerate()
        .filter(|(place, other)| *place == camera || (fsin.is_some() && other.wire(Role::Fsin) == fsin));
    let wires = together.flat_map(|(_, camera)| camera.all_wires());
    wires.filter(|wire| Some(*wire) != counted_by).collect()
}
