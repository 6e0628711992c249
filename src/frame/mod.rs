//! From lines to frames: which pulse belongs to which frame of which camera, and what belongs to none.
//!
//! A frame here is an imaging frame; the packets that sigrok calls frames are something else.

mod align;
mod analog;
mod anchor;
mod answer;
mod clock;
mod exposure;
mod flash;
mod groups;
mod held;
mod logged;
mod middle;
mod observe;
mod pairing;
mod partners;
mod pauses;
mod places;
mod readout;
mod recorded;
mod rhythm;
mod seams;
mod sharp;
mod silence;
mod view;

pub use analog::thresholds;
pub(crate) use anchor::anchored;
pub(crate) use answer::answers;
pub use held::{Exposures, FlashPulses, FrameEdgeIter, FrameEdges, Readouts};
pub use logged::Logged;
pub use observe::{ObserveError, wired_bits};
pub use places::Places;
pub(crate) use recorded::Recorded;
pub use rhythm::RhythmBreak;
pub(crate) use rhythm::leaves_its_turn;
pub use seams::{Evidence, Seam, Seams};
pub use silence::{Before, LeadIn};
pub use view::CameraView;

use std::sync::Arc;

use crate::capture::{Probe, RecordEnd};
use crate::rig::{Alignment, Camera, Ends, Rig, Role, WireIndex};
use crate::signal::{AnalogTrace, EdgeTime, Level, Lost, Pulse, PulseTrain, Waveform};
use crate::units::{Rational, SampleIndex, SampleRate};

/// What a rig's lines did, and the frames that they make up.
#[derive(Debug, Clone)]
pub struct Observation {
    /// How it is wired and synchronised.
    pub rig: Rig,
    /// The true sample rate: the capture's, corrected by the analyzer's known error.
    pub rate: SampleRate,
    /// The accuracy of the analyzer's clock, as a ratio: the true rate lies within it.
    pub clock: Rational,
    /// The number of samples.
    pub length: SampleIndex,
    /// Whether the record is known to end there.
    pub end: RecordEnd,
    /// The stretches that are lost: nothing is measured across them.
    pub lost: Lost,
    /// What each wire of the rig did, by its place.
    pub lines: Vec<ObservedLine>,
    /// The frames of each camera of the rig, by its place.
    pub cameras: Vec<CameraFrames>,
    /// Where the record is in doubt although nothing in it says so.
    pub seams: Seams,
}

impl Observation {
    /// The samples at which time begins anew, in order: how much of it has passed since those before them is not known. They
    /// lie behind lost stretches of no proven length, and behind seams.
    #[must_use]
    pub fn restarts(&self) -> Vec<SampleIndex> {
        let mut restarts: Vec<SampleIndex> =
            self.lost.restarts().chain(self.seams.all().iter().map(|seam| seam.within.to)).collect();
        restarts.sort_unstable();
        restarts.dedup();
        restarts
    }

    /// The samples at which frames may be numbered anew: there, and behind every other lost stretch, in which frames may have come
    /// otherwise than their numbers across it say.
    #[must_use]
    pub fn renumberings(&self) -> Vec<SampleIndex> {
        let mut renumberings = self.restarts();
        renumberings.extend(self.lost.spans().iter().map(|span| span.to));
        renumberings.sort_unstable();
        renumberings.dedup();
        renumberings
    }

    /// Whether the record holds the first frames of its part of time: a number that is counted from there is one.
    #[must_use]
    pub fn begins_whole(&self) -> bool {
        self.lost.spans().first().is_none_or(|span| span.from > SampleIndex::default())
    }

    /// Whether the record may go on, and the camera with it, behind the last thing that the file tells: it does not say where
    /// its record ends, and nothing states that so few frames are enough.
    #[must_use]
    pub fn is_end_open(&self, camera: usize) -> bool {
        let may_go_on = self.end == RecordEnd::AtLeast && self.rig.ends != Ends::Stops;
        may_go_on && self.rig.expected_frames.is_none_or(|least| self.complete_frames(camera) < least)
    }

    /// What the record shows of these lines.
    pub(crate) fn recorded_on(&self, wires: impl IntoIterator<Item = WireIndex>) -> Recorded<'_> {
        Recorded::on(wires.into_iter().map(|wire| &self.lines[wire.get()]), &self.lost, self.length)
    }

    /// How many frames of a camera were seen from their start to the next one, without warm-up.
    #[must_use]
    pub fn complete_frames(&self, camera: usize) -> u64 {
        let skip = i64::try_from(self.rig.skip_frames).unwrap_or(i64::MAX);
        let edges = &self.cameras[camera].clock.edges;
        let first = edges.partition_point(|edge| edge.starts < skip);
        (edges.len() - first).saturating_sub(1) as u64
    }

    /// The sample from which on a camera's events are judged: the start of the first frame after warm-up.
    #[must_use]
    pub fn judged_from(&self, camera: usize) -> SampleIndex {
        let skip = i64::try_from(self.rig.skip_frames).unwrap_or(i64::MAX);
        if skip == 0 {
            return SampleIndex::default();
        }
        let frames = &self.cameras[camera];
        let first = match frames.clock.source {
            // A frame begins within its exposure.
            ClockSource::StrobeMiddle => {
                let judged = |exposure: &Exposure| exposure.frame.is_some_and(|frame| frame >= skip);
                frames.exposures.iter().find(judged).map(|exposure| exposure.pulse.from())
            }
            ClockSource::Fsin | ClockSource::StrobeEnd | ClockSource::StrobeStart | ClockSource::Nothing => {
                frames.clock.edges.iter().find(|edge| edge.starts >= skip).map(|edge| edge.edge.at())
            }
        };
        first.unwrap_or(self.length)
    }
}

/// What one line did.
#[derive(Debug, Clone)]
pub struct ObservedLine {
    /// The probe that shows it.
    pub probe: Probe,
    /// Its raw level over time.
    pub waveform: Arc<Waveform>,
    /// The level that is its active one.
    pub active: Level,
    /// Its active stretches, after polarity and glitch filter.
    pub train: PulseTrain,
    /// The further uncertainty of each of its edges (`analyzer.edge`, and that of an analog channel), in sample periods.
    pub slack: Rational,
    /// How many samples from an end of the record, or from a lost stretch, an edge may go unseen, since the glitch filter cannot
    /// tell it from a glitch there.
    pub blind: u64,
    /// The analog channel that it is read from, if it is.
    pub analog: Option<Arc<AnalogTrace>>,
}

/// What a camera's frames are counted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClockSource {
    /// FSIN's active edges.
    Fsin,
    /// The end of STROBE, at the frame boundary.
    StrobeEnd,
    /// The start of STROBE.
    StrobeStart,
    /// The middle of STROBE.
    StrobeMiddle,
    /// Nothing: no line that shows frames has an edge.
    Nothing,
}

impl ClockSource {
    /// The line of a camera that its frames are counted by.
    #[must_use]
    pub fn wire(self, camera: &Camera) -> Option<WireIndex> {
        match self {
            ClockSource::Fsin => camera.wire(Role::Fsin),
            ClockSource::StrobeEnd | ClockSource::StrobeStart | ClockSource::StrobeMiddle => camera.wire(Role::Strobe),
            ClockSource::Nothing => camera.wire(Role::Fsin).or(camera.wire(Role::Strobe)),
        }
    }
}

/// What lies between two kept frame edges.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Interval {
    /// Nothing: it is the first edge of the capture.
    First,
    /// One frame.
    Regular,
    /// One frame, with extra frame edges inside.
    WithExtra,
    /// This many frames, of which all but one are missing.
    WithMissing(u64),
    /// A lost stretch: nothing can be said.
    Lost,
}

/// A frame edge that was kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FrameEdge {
    /// The number of the frame that starts here; frame 0 is the first complete one.
    pub starts: i64,
    /// When it happened.
    pub edge: EdgeTime,
    /// What lies between the edge before it and itself.
    pub before: Interval,
}

/// A camera's frame clock: the edges that its frames are counted by.
#[derive(Debug, Clone)]
pub struct FrameClock {
    /// The line and edge.
    pub source: ClockSource,
    /// The edges in order of time.
    pub edges: FrameEdges,
    /// Edges too near to the one before them to start a frame.
    pub extra: Vec<EdgeTime>,
    /// Of several FSIN pulses a frame, the first one of a group that an end of the record or a lost stretch may cut: whether it begins
    /// a frame is open. In order of time, and in none of the others.
    pub open: Vec<EdgeTime>,
    /// Silence before the first edge, of two frame times or more.
    pub lead_in: Option<LeadIn>,
    /// How many frames the silence at the end owes, and where it starts.
    pub owed: Option<(SampleIndex, u64)>,
    /// The frame time in sample periods: the nominal, else the median interval.
    pub period: Option<Rational>,
}

/// A STROBE pulse and the frame that it belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exposure {
    /// The pulse.
    pub pulse: Pulse,
    /// Its frame; none for a pulse without its FSIN edge.
    pub frame: Option<i64>,
    /// The FSIN edge that it is paired with: its end (end-aligned), its trigger (start-aligned), or that of its middle.
    pub fsin: Option<EdgeTime>,
    /// Its place in the burst of its trigger, from 0.
    pub burst_index: u32,
    /// The line that shows it: of several pins, which STROBE comes on in turn, the one.
    pub wire: WireIndex,
    /// The places of the flash pulses that touch it in [`CameraFrames::flashes`], in order of time.
    pub flashes: Places,
}

/// An exposure that a trigger or a boundary lacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MissingExposure {
    /// The frame that lacks it.
    pub frame: i64,
    /// The FSIN edge without its pulse.
    pub fsin: EdgeTime,
    /// How many pulses are missing: more than one only in a burst.
    pub pulses: u32,
}

/// A flash pulse, and the exposures of this camera that it touches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FlashPulse {
    /// Its line.
    pub wire: WireIndex,
    /// The pulse.
    pub pulse: Pulse,
    /// The places of the exposures that it touches in [`CameraFrames::exposures`], in order.
    pub touches: Places,
}

/// A readout pulse, and the exposure whose rows it reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Readout {
    /// The pulse.
    pub pulse: Pulse,
    /// The place of the exposure in [`CameraFrames::exposures`] that ends nearest to its start.
    pub exposure: Option<usize>,
}

/// The frames of one camera.
#[derive(Debug, Clone)]
pub struct CameraFrames {
    /// Stated or found; none where it cannot be told.
    pub alignment: Option<Alignment>,
    /// The other alignment, where the capture hardly tells which of STROBE's edges is tied to the frames.
    pub other_alignment: Option<Alignment>,
    /// What its frames are counted by.
    pub clock: FrameClock,
    /// The edges of FSIN, numbered as the frames that they are paired with, where frames are counted by the middles of STROBE.
    pub fsin: Option<FrameClock>,
    /// Every STROBE pulse, in order of time.
    pub exposures: Exposures,
    /// The exposures that are missing.
    pub missing: Vec<MissingExposure>,
    /// The places of exposures whose FSIN edge is missing, or that are too many in their burst.
    pub extra: Vec<usize>,
    /// The pulses of its flash lines, in order of time.
    pub flashes: FlashPulses,
    /// The pulses of its readout line, in order of time.
    pub readouts: Readouts,
    /// For each exposure, the place of the first camera's exposure of the same frame in its [`CameraFrames::exposures`];
    /// of the first camera itself, none.
    pub partners: Vec<Option<usize>>,
    /// The exposures of this or the first camera that stand for a frame and have no partner, in order of time, where all of
    /// the time in which the partner may lie was recorded.
    pub unpartnered: Vec<Pulse>,
    /// The place in its sequences, and in the flash pattern, that the first exposure of frame 0 has, in each part of time
    /// ([`Observation::restarts`]): one for all of them, counted in exposures. Without any they begin with frame 0.
    pub phases: Vec<u64>,
    /// What its log says of its exposures.
    pub logged: Logged,
}

impl CameraFrames {
    /// The clock of FSIN's edges, whether frames are counted by them or not; none where it shows no edge.
    #[must_use]
    pub fn fsin_clock(&self) -> Option<&FrameClock> {
        match self.clock.source {
            ClockSource::Fsin => Some(&self.clock),
            ClockSource::StrobeMiddle => self.fsin.as_ref(),
            ClockSource::StrobeEnd | ClockSource::StrobeStart | ClockSource::Nothing => None,
        }
    }
}
