//! Rigs that are known to the picosecond: cameras and what drives them, the lines that an analyzer's probes would show, the
//! spec that belongs to them, and what is true of every quantity. From design and field alone: nothing here shares a line of
//! code with what is tested, but for the capture that is handed over.
//!
//! `kind` says what rigs there are, `draw` makes one of a seed. `plan` lays out what its cameras do, frame by frame;
//! `line` holds the pulses of each probe, which can be edited; `analyzer` samples them; `truth` says what every quantity is;
//! `limit` states limits around that, and `statement` writes the spec; `session` makes a capture or a `.sr` of it.

mod analyzer;
mod draw;
mod kind;
mod limit;
mod line;
mod plan;
mod random;
mod session;
mod statement;
mod truth;

pub(crate) use analyzer::Analyzer;
pub(crate) use kind::Kind;
pub(crate) use limit::Limit;
pub(crate) use line::{Line, Pulse, Role};
pub(crate) use plan::Camera;
pub(crate) use random::Random;
pub(crate) use statement::{FrameTime, Statement};
pub(crate) use truth::{Known, Truth};

/// Picoseconds: true time, from the first sample of the record.
pub(crate) type Ps = i64;
pub(crate) const US: Ps = 1_000_000;
pub(crate) const MS: Ps = 1_000 * US;
pub(crate) const S: Ps = 1_000 * MS;

/// How exposures sit in the frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Alignment {
    /// They end where FSIN rises.
    End,
    /// They start a latency after FSIN.
    Start,
    /// Their middles come a time after FSIN, before it where that is below zero.
    Middle,
}

impl Alignment {
    /// As a spec states it.
    pub(crate) fn key(self) -> &'static str {
        match self {
            Alignment::End => "end",
            Alignment::Start => "start",
            Alignment::Middle => "middle",
        }
    }
}

/// A rig and its record.
#[derive(Debug, Clone)]
pub(crate) struct Rig {
    pub(crate) kind: Kind,
    pub(crate) seed: u64,
    /// What truly happens.
    pub(crate) cameras: Vec<Camera>,
    /// What each probe shows; edits change this, and nothing else.
    pub(crate) lines: Vec<Line>,
    /// The length of the record.
    pub(crate) length: Ps,
    /// The stretch that the record says it lost.
    pub(crate) lost: Option<(Ps, Ps)>,
    pub(crate) analyzer: Analyzer,
    /// What the spec states of the rig, without limits.
    pub(crate) statement: Statement,
    /// The camera's own log, as CSV.
    pub(crate) log: Option<String>,
}

impl Rig {
    /// A camera's name.
    pub(crate) fn name_of(camera: usize) -> &'static str {
        ["main", "right"][camera]
    }

    /// The line of this role of a camera: its own, or the one that the first shares.
    pub(crate) fn line_of(&self, camera: usize, role: Role) -> Option<&Line> {
        let of = |owner| self.lines.iter().find(move |line| line.role == role && line.camera == owner);
        of(camera).or_else(|| if role.is_shared() { of(0) } else { None })
    }

    /// The first and the last frame of a camera that have so many whole ones, warm-up left out, before and after them in the
    /// record; none of a record that is too short.
    pub(crate) fn judged_frames_within(&self, camera: usize, before: i64, after: i64) -> Option<(i64, i64)> {
        let whole = |frame: &&plan::Frame| !frame.transient && (0..self.length).contains(&frame.beat);
        let frames: Vec<i64> = self.cameras[camera].frames.iter().filter(whole).map(|frame| frame.number).collect();
        let skipped = self.statement.number("skip_frames").unwrap_or(0);
        // A frame more at each end: its exposure may be cut.
        let (first, last) = (frames.first()? + skipped + before + 1, frames.last()? - after - 1);
        (first <= last).then_some((first, last))
    }

    /// Cuts the record: only what lies from `from` to `to` is recorded.
    pub(crate) fn cut(&mut self, from: Ps, to: Ps) {
        self.cameras.iter_mut().flat_map(|camera| &mut camera.frames).for_each(|frame| frame.shift(-from));
        for line in &mut self.lines {
            line.pulses.iter_mut().for_each(|pulse| *pulse = pulse.shifted(-from));
        }
        self.length = to - from;
    }

    /// Takes a stretch of all lines away without a trace: what follows is recorded that much earlier.
    pub(crate) fn drop_samples(&mut self, from: Ps, to: Ps) {
        let squeezed = |at: Ps| if at < from { at } else { from.max(at - (to - from)) };
        for line in &mut self.lines {
            for pulse in &mut line.pulses {
                (pulse.start, pulse.end) = (squeezed(pulse.start), squeezed(pulse.end));
            }
            line.pulses.retain(|pulse| pulse.start < pulse.end);
            line.join();
        }
        self.length -= to - from;
    }
}
