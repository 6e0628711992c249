//! What a probe looks like, in words, and why.

use super::active::ActiveLevel;
use super::names::Claim;
use super::roles::{Candidate, FINE_RATE_HZ, Roles, Witness};
use crate::line::limits::{ECHO_US, at_once, samples};
use crate::line::{LineSummary, Shape, are_same, behind, coincidence, comes_in_groups, is_clock, other_text};
use crate::rig::Role;
use crate::signal::{Level, Waveform};
use crate::units::{Rational, Rounding};

/// So many per mille of a line's changes at those of another are crosstalk.
const NEARLY_ALL: u64 = 980;

/// Crosstalk of an edge is no longer: ground that bounces, 1 to 2 samples at 1 MHz (field guide, F19). A sensor takes no shorter trigger.
const LONGEST_ECHO_US: i128 = 4;

/// What a probe looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Likeness {
    /// Listed, but not in the samples.
    NotRecorded,
    /// It does not move in what is left of it: samples are lost.
    Lost,
    /// It never moves.
    Silent,
    /// A line of a camera, with this active level.
    Line(Role, ActiveLevel),
    /// Like a line of a camera, of which it cannot be told.
    Undecided,
    /// It moves, but not like any line of a camera.
    Other,
}

impl Likeness {
    /// A few words for it: `STROBE, active high`; with a question mark where the level is likely only.
    #[must_use]
    pub fn text(self) -> String {
        match self {
            Likeness::NotRecorded => "not recorded".to_owned(),
            Likeness::Lost => "lost".to_owned(),
            Likeness::Silent => "silent".to_owned(),
            Likeness::Line(role, active) => {
                let level = Level::from(active.polarity()).key();
                let doubt = if active.is_likely() { "?" } else { "" };
                format!("{}, active {level}{doubt}", role.label())
            }
            Likeness::Undecided => "undecided".to_owned(),
            Likeness::Other => "something else".to_owned(),
        }
    }
}

impl Roles<'_> {
    /// Whether a probe is called a line of a camera, and shows none.
    pub(super) fn belies_its_name(&self, place: usize) -> bool {
        let candidate = &self.candidates[place];
        let is_claimed = matches!(candidate.claim, Some(Claim::Line(_)));
        is_claimed && candidate.shape == Shape::Other && self.parts[place].is_none()
    }

    /// What a probe looks like, and why.
    pub(super) fn likeness(&self, place: usize) -> (Likeness, String) {
        let candidate = &self.candidates[place];
        let undecided = |why: &str| (Likeness::Undecided, why.to_owned());
        match (candidate.shape, self.parts[place]) {
            (Shape::NotRecorded, _) => (Likeness::NotRecorded, "its bit lies beyond the samples".to_owned()),
            (Shape::Silent, _) => (Likeness::Silent, "no edge: not connected, idle, or dead".to_owned()),
            (Shape::Other, Some((role, witness))) => {
                (Likeness::Line(role, self.active(place, role)), self.reason(place, role, witness))
            }
            (Shape::Other, None) if self.is_echo(place) => {
                (Likeness::Other, "it moves only at the edges of another probe, for moments".to_owned())
            }
            (Shape::Other, None) if self.belies_its_name(place) => {
                let text = other_text(candidate.waveform, candidate.summary.as_ref());
                (Likeness::Undecided, format!("by its name a line of a camera, but: {text}"))
            }
            (Shape::Other, None) if candidate.is_pulsed() && !candidate.summary.as_ref().is_some_and(is_clock) => {
                undecided("pulses that are all alike, in groups: a light that is dimmed so, a clock, or data")
            }
            (Shape::Other, None)
                if candidate.waveform.is_some_and(|line| comes_in_groups(&line.changes().to_vec())) =>
            {
                undecided(
                    "a few pulses at a time, at a steady rate: a light in pulses, a trigger that bounces, or data",
                )
            }
            (Shape::Other, None) => {
                (Likeness::Other, other_text(candidate.waveform, candidate.summary.as_ref()).to_owned())
            }
            (Shape::Sync | Shape::Window | Shape::Events, Some((role, witness))) => {
                let active = self.active(place, role);
                (Likeness::Line(role, active), self.reason(place, role, witness))
            }
            (Shape::Sync | Shape::Window | Shape::Events, None) if candidate.claim == Some(Claim::Foreign) => {
                (Likeness::Other, "by its name no line of a camera".to_owned())
            }
            (Shape::Sync | Shape::Window | Shape::Events, None) if self.disputed.contains(&place) => {
                undecided(if candidate.claim == Some(Claim::Line(Role::Trigger)) {
                    "a trigger: that of the host, or FSIN itself"
                } else {
                    "its name says one thing and its edges another: are two wires swapped?"
                })
            }
            (Shape::Sync, None) => {
                undecided("short pulses at a frame rate: FSIN, a trigger, a flash, or a STROBE of short exposures")
            }
            (Shape::Window, None) if candidate.summary.as_ref().is_some_and(is_clock) => {
                undecided("a steady square wave: a clock, or exposures of half the frame time")
            }
            (Shape::Window, None) => {
                undecided("pulses that fill part of each frame: a STROBE, a flash, a readout, or bytes")
            }
            (Shape::Events, None) => undecided("pulses at no steady rate: of events, or no line of a camera"),
        }
    }

    /// What an undecided line would be in the most usual of rigs.
    pub(super) fn guess(&self, place: usize) -> Option<Role> {
        let is_it = |role: Role, of_shape: Shape| {
            let mut open = self.open().into_iter().filter(|&open| self.candidates[open].shape == of_shape);
            !self.is_claimed(role) && self.all(role).is_empty() && open.next() == Some(place)
        };
        match self.candidates[place].shape {
            Shape::Sync if is_it(Role::Fsin, Shape::Sync) => Some(Role::Fsin),
            Shape::Window if is_it(Role::Strobe, Shape::Window) => Some(Role::Strobe),
            Shape::Sync | Shape::Window | Shape::Events | Shape::NotRecorded | Shape::Silent | Shape::Other => None,
        }
    }

    fn reason(&self, place: usize, role: Role, witness: Witness) -> String {
        let shape = match self.candidates[place].shape {
            Shape::Sync => "short pulses at a frame rate",
            Shape::Window => "pulses that fill part of each frame",
            Shape::Events => "pulses at no steady rate",
            Shape::NotRecorded | Shape::Silent | Shape::Other => "pulses that are all alike, in groups",
        };
        let why = match witness {
            Witness::Name => "and so says its name",
            Witness::Rest => "and no other line is left for it",
            Witness::Alone => "and no other line moves",
            Witness::Edge if role == Role::Fsin => "which begin where those of the STROBE end",
            Witness::Edge => "which end where those of FSIN begin",
            Witness::Place if role == Role::Readout => "which follow each exposure",
            Witness::Place => "which come with each exposure",
        };
        let active = self.active(place, role);
        let level = Level::from(active.polarity()).key();
        let doubt = match (active, self.candidates[place].summary.as_ref()) {
            (ActiveLevel::Likely(_), Some(summary)) => format!(
                "; high for {} % of the time: active {level} is likely, not certain",
                summary.high_share.times(100).to_decimal(0, Rounding::Nearest)
            ),
            (ActiveLevel::Known(_) | ActiveLevel::Likely(_), _) => String::new(),
        };
        format!("{shape}, {why}{doubt}")
    }

    /// Whether all changes of a line come within moments after those of a line of the camera.
    pub(super) fn is_echo(&self, place: usize) -> bool {
        let candidate = &self.candidates[place];
        let longest = candidate.summary.as_ref().and_then(LineSummary::active_width).map_or(0, |width| width.max);
        let is_short = candidate.shape == Shape::Other || longest <= samples(LONGEST_ECHO_US, self.rate);
        let may_be = |line: &&Waveform| is_short && !candidate.is_pulsed() && line.changes().len() >= 8;
        let Some(line) = candidate.waveform.filter(may_be) else { return false };
        let reach = samples(ECHO_US, self.rate).max(at_once(self.rate) + 1);
        let (changes, starts) = (line.changes().to_vec(), self.starts(place));
        let follows = |source: &Waveform| {
            let source = source.changes().to_vec();
            if candidate.shape == Shape::Other {
                return coincidence(&changes, &source, reach) >= NEARLY_ALL;
            }
            let met = behind(starts.iter().copied(), &source, reach).count() as u64;
            met * 1000 >= starts.len() as u64 * NEARLY_ALL
        };
        let mut others = self.candidates.iter().enumerate().filter(|(other, _)| *other != place);
        others.any(|(_, other)| other.shape.is_of_camera() && other.waveform.is_some_and(follows))
    }

    /// Whether a line that is called STROBE shows, edge for edge, what one shows that is called a trigger.
    pub(super) fn is_copy(&self, place: usize) -> bool {
        let candidate = &self.candidates[place];
        let claims = |candidate: &Candidate<'_>, roles: &[Role]| {
            roles.iter().any(|role| candidate.claim == Some(Claim::Line(*role)))
        };
        let Some(line) = candidate.waveform.filter(|line| line.changes().len() >= 8) else { return false };
        let is_same = |other: &Waveform| are_same(line.changes(), other.changes(), 1);
        claims(candidate, &[Role::Strobe])
            && candidate.shape == Shape::Sync
            && *self.rate.hz() >= Rational::integer(FINE_RATE_HZ)
            && self
                .candidates
                .iter()
                .any(|other| claims(other, &[Role::Fsin, Role::Trigger]) && other.waveform.is_some_and(is_same))
    }
}
