//! One waveform, whatever it is for: its signal told from spikes, bursts and fragments, its shape and its numbers; and of two,
//! which follows which.

mod bursts;
mod fragments;
mod relation;
mod shape;
mod signal;
mod summary;

pub(crate) use fragments::{are_uneven, are_unsteady};
pub(crate) use relation::{coincidence, edges_to, inside, offset, overlap};
pub(crate) use shape::{Shape, other_text, too_soon};
pub(crate) use signal::{Pulses, Separated};
pub use summary::{LineSummary, Spread};
