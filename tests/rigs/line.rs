//! What one probe shows: pulses in true time, and how they are edited.

use super::{Ps, Random};

/// What a line is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Role {
    Trigger,
    Fsin,
    Strobe,
    Flash,
    Readout,
}

impl Role {
    /// Its key in a spec.
    pub(crate) fn key(self) -> &'static str {
        match self {
            Role::Trigger => "trigger",
            Role::Fsin => "fsin",
            Role::Strobe => "strobe",
            Role::Flash => "flash",
            Role::Readout => "readout",
        }
    }

    /// Whether cameras that name none of their own share the first one's.
    pub(crate) fn is_shared(self) -> bool {
        matches!(self, Role::Trigger | Role::Fsin | Role::Flash)
    }
}

/// The line is active from `start` until `end`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Pulse {
    pub(crate) start: Ps,
    pub(crate) end: Ps,
    /// The frame that it belongs to.
    pub(crate) frame: i64,
}

impl Pulse {
    pub(crate) fn width(self) -> Ps {
        self.end - self.start
    }

    pub(crate) fn middle(self) -> Ps {
        self.start + self.width() / 2
    }

    pub(crate) fn shifted(self, by: Ps) -> Pulse {
        Pulse { start: self.start + by, end: self.end + by, ..self }
    }

    /// For how long both are active.
    pub(crate) fn overlap(self, other: Pulse) -> Ps {
        (self.end.min(other.end) - self.start.max(other.start)).max(0)
    }
}

/// A probe on a line.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    pub(crate) role: Role,
    /// The camera whose table names it, by its place.
    pub(crate) camera: usize,
    /// Of several flash lines.
    pub(crate) name: Option<&'static str>,
    pub(crate) probe: String,
    pub(crate) active_low: bool,
    /// In order, apart from each other.
    pub(crate) pulses: Vec<Pulse>,
}

impl Line {
    /// Loses the pulses of these frames.
    pub(crate) fn lose(&mut self, lost: impl Fn(i64) -> bool) {
        self.pulses.retain(|pulse| !lost(pulse.frame));
    }

    /// Stays active from the start of this frame's last pulse on, up to and beyond a time.
    pub(crate) fn stick(&mut self, frame: i64, to: Ps) {
        let Some(last) = self.pulses.iter().rposition(|pulse| pulse.frame == frame) else { return };
        self.pulses.truncate(last + 1);
        self.pulses[last].end = to + super::S;
    }

    /// Shows one pulse more; what touches it becomes one with it.
    pub(crate) fn add(&mut self, pulse: Pulse) {
        let place = self.pulses.partition_point(|other| other.start < pulse.start);
        self.pulses.insert(place, pulse);
        self.join();
    }

    /// Makes one pulse of those that touch.
    pub(super) fn join(&mut self) {
        self.pulses.dedup_by(|next, kept| {
            let touches = next.start <= kept.end;
            if touches {
                kept.end = kept.end.max(next.end);
            }
            touches
        });
    }

    /// The instants at which it changes, as an analyzer's input sees them: each edge displaced by at most `edge`, and some
    /// of them chattering, in two stretches of these lengths, which show in a sample each.
    pub(super) fn toggles(&self, random: &mut Random, edge: Ps, chatter: (Ps, Ps)) -> Vec<Ps> {
        let mut toggles = Vec::with_capacity(2 * self.pulses.len());
        for at in self.pulses.iter().flat_map(|pulse| [pulse.start, pulse.end]) {
            let at = at + random.within(-edge, edge);
            if chatter.1 > 0 && random.one(4) {
                let (first, second) = (random.within(chatter.0, chatter.1), random.within(chatter.0, chatter.1));
                // The true edge is the first of the three, or the last.
                let start = if random.one(2) { at } else { at - first - second };
                toggles.extend([start, start + first, start + first + second]);
            } else {
                toggles.push(at);
            }
        }
        toggles
    }
}
