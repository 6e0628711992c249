//! What a row of a timeline is: its name, and the brackets, instants or line in it.

use super::axis::TimeAxis;
use super::decimate::Piece;
use super::drawing::{Anchor, Area};
use crate::signal::Level;

/// Height of a lane of brackets, in px.
pub(super) const BRACKET_LANE: f64 = 24.0;
/// Height of a line's lane, in px.
pub(super) const WAVE_LANE: f64 = 46.0;
/// Where the active and the idle level of a line lie below the top of its lane, in px.
pub(super) const WAVE_SPAN: (f64, f64) = (8.0, 38.0);

/// One row of a timeline.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Lane {
    /// What it shows: `STROBE`.
    pub(super) name: String,
    /// Where that comes from: `D2, active low`.
    pub(super) detail: String,
    pub(super) content: Content,
    /// Behind it, the trace of the analog channel that it is read from; y counts from the top of the lane.
    pub(super) trace: Vec<Area>,
}

/// What a lane holds.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Content {
    /// Stretches of time with a text each.
    Brackets(Vec<Bracket>),
    /// Too many stretches to draw: a sentence instead.
    TooMany(String),
    /// Instants with a text each.
    Ticks(Vec<Tick>),
    /// A line, and what is written into it.
    Wave { pieces: Vec<Piece>, active: Level, notes: Vec<Note> },
}

/// How the ends of a bracket look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ends {
    /// `|---|`
    Bars,
    /// `<--->`
    Arrows,
}

/// A stretch of time: its visible part in px, and the text in it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Bracket {
    pub(super) from: f64,
    pub(super) to: f64,
    /// Whether its beginning and its end were seen and are inside the figure.
    pub(super) closed: (bool, bool),
    pub(super) ends: Ends,
    pub(super) text: String,
}

/// What a note in a line's lane says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tone {
    /// The number of a frame.
    Frame,
    /// Something that is not as it should be.
    Amiss,
}

/// A caret and what stands beside it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Tick {
    pub(super) at: f64,
    pub(super) text: String,
    pub(super) tone: Tone,
}

/// A text in a line's lane.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Note {
    pub(super) at: f64,
    pub(super) anchor: Anchor,
    pub(super) text: String,
    pub(super) tone: Tone,
}

/// Stretches narrower than this on average are not drawn one by one.
const NARROWEST: f64 = 4.0;

/// Whether so many stretches or instants are too many to draw one by one.
pub(super) fn are_too_many(count: usize, axis: &TimeAxis<'_>) -> bool {
    count as f64 * NARROWEST > axis.right - axis.left
}
