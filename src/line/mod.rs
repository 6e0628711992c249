//! One waveform, whatever it is for: its signal told from spikes, bursts and fragments, its shape and its numbers; and of two,
//! which follows which.

mod beat;
mod bursts;
mod cadence;
mod fragments;
pub(crate) mod limits;
mod relation;
mod shape;
mod signal;
mod span;
mod summary;

pub(crate) use beat::{Beat, middle};
pub(crate) use cadence::{Cadence, Told};
pub(crate) use fragments::whole_pulses;
pub(crate) use relation::{
    after, answer, are_same, behind, coincidence, edges_to, follows, last_before, level_at, overlap,
};
pub(crate) use shape::{Shape, comes_in_groups, is_clock, is_noise, other_text, too_soon};
pub(crate) use signal::{Pulses, Separated};
pub(crate) use span::Span;
pub use summary::{LineSummary, Spread};
