//! `--frames`: counting the camera's frames while they are recorded.

use std::cell::Cell;
use std::io::Write;
use std::rc::Rc;

use crate::capture::{Probe, Sink, SinkError};
use crate::format::srzip::SrzipWriter;
use crate::frame::wired_bits;
use crate::live::Recorder;
use crate::rig::{Polarity, Rig, Role};
use crate::signal::LostSpan;
use crate::units::SampleIndex;

/// Which line counts the frames, and what its active level is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct FrameLine {
    bit: u64,
    active: bool,
    /// Pulses of a frame.
    pulses: u64,
    /// Frames from one pulse to the next, of a pin that pulses in turn with others.
    turns: u64,
}

impl FrameLine {
    /// The line of a rig: the first FSIN, else the first STROBE.
    pub(super) fn of_rig(rig: &Rig, probes: &[Probe]) -> Option<FrameLine> {
        let wire = [Role::Fsin, Role::Strobe]
            .into_iter()
            .find_map(|role| rig.wires().iter().find(|wire| wire.role == role))?;
        let mut alone = Rig::default();
        alone.add_wire(wire.clone());
        let header =
            crate::capture::Header { format: "live", rate: None, probes: probes.to_vec(), warnings: Vec::new() };
        let bit = *wired_bits(&alone, &header).ok()?.first()?;
        let owner = rig.cameras.iter().find(|camera| camera.name == wire.owner);
        let (pulses, turns) = match wire.role {
            Role::Fsin => (owner.map_or(1, |camera| camera.fsin_per_frame.get()), 1),
            Role::Strobe => (1, owner.map_or(1, |camera| camera.wires(Role::Strobe).len().max(1))),
            Role::Trigger | Role::Flash | Role::Readout | Role::Ready => (1, 1),
        };
        let (pulses, turns) = (u64::from(pulses), turns as u64);
        Some(FrameLine { bit: 1 << bit, active: wire.polarity == Polarity::ActiveHigh, pulses, turns })
    }

    /// The probe that is called FSIN, else the one that is called STROBE.
    pub(super) fn by_name(probes: &[Probe]) -> Option<FrameLine> {
        let called = |name: &str| probes.iter().find(|probe| probe.name.eq_ignore_ascii_case(name));
        let probe = called("FSIN").or_else(|| called("STROBE"))?;
        Some(FrameLine { bit: 1 << probe.bit, active: true, pulses: 1, turns: 1 })
    }
}

/// Counts the active edges on their way to a sink.
pub(super) struct FrameCounter<S> {
    sink: S,
    line: Option<FrameLine>,
    last: Option<bool>,
    /// Pulses since the last that was counted.
    pulses: u64,
    edges: Rc<Cell<u64>>,
}

impl<S: Sink> FrameCounter<S> {
    pub(super) fn new(sink: S, line: Option<FrameLine>, edges: Rc<Cell<u64>>) -> FrameCounter<S> {
        FrameCounter { sink, line, last: None, pulses: 0, edges }
    }

    pub(super) fn into_sink(self) -> S {
        self.sink
    }
}

impl<S: Sink> Sink for FrameCounter<S> {
    fn change(&mut self, at: SampleIndex, state: u64) -> Result<(), SinkError> {
        if let Some(line) = self.line {
            let now = (state & line.bit != 0) == line.active;
            if now && self.last == Some(false) {
                self.pulses += 1;
                if self.pulses == line.pulses {
                    self.pulses = 0;
                    let turns = if self.edges.get() == 0 { 1 } else { line.turns };
                    self.edges.set(self.edges.get() + turns);
                }
            }
            self.last = Some(now);
        }
        self.sink.change(at, state)
    }

    fn reached(&mut self, at: SampleIndex) -> Result<(), SinkError> {
        self.sink.reached(at)
    }

    fn lost(&mut self, span: LostSpan) {
        self.sink.lost(span);
    }
}

impl<W: Write> Recorder for FrameCounter<SrzipWriter<W>> {
    fn analog(&mut self, place: usize, samples: &[f32]) -> Result<(), SinkError> {
        self.sink.analog(place, samples).map_err(SinkError::Write)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capture::Presence;

    struct Nowhere;

    impl Sink for Nowhere {
        fn change(&mut self, _: SampleIndex, _: u64) -> Result<(), SinkError> {
            Ok(())
        }
        fn lost(&mut self, _: LostSpan) {}
    }

    #[test]
    fn frames_are_counted_by_the_active_edges_of_fsin() {
        let probe = |bit, name: &str| Probe { bit, name: name.to_owned(), presence: Presence::Recorded };
        let probes = [probe(0, "STROBE"), probe(2, "fsin")];
        let strobe = FrameLine { bit: 1, active: true, pulses: 1, turns: 1 };
        assert_eq!(FrameLine::by_name(&probes[..1]).unwrap(), strobe);
        assert_eq!(FrameLine::by_name(&[]), None);
        let line = FrameLine::by_name(&probes).unwrap();
        let count = |line| {
            let edges = Rc::new(Cell::new(0));
            let mut counter = FrameCounter::new(Nowhere, Some(line), Rc::clone(&edges));
            // FSIN is high at first, then low, high, high with STROBE, low.
            for (at, state) in [(0, 4), (5, 0), (9, 4), (12, 5), (20, 0)] {
                counter.change(SampleIndex::new(at), state).unwrap();
            }
            edges.get()
        };
        assert_eq!(count(line), 1);
        assert_eq!(count(FrameLine { active: false, ..line }), 2);
        // Both of them are one frame; of two pins in turn they are the edges of three.
        assert_eq!(count(FrameLine { active: false, pulses: 2, ..line }), 1);
        assert_eq!(count(FrameLine { active: false, turns: 2, ..line }), 3);
    }
}
