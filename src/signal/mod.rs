//! What a line did: its level over time, the stretches of the capture that are proven, its edges and its pulses.
//!
//! An edge at sample *n* (the first at the new level) happened after sample *n* − 1 was taken and no later than sample
//! *n*. This half-open window is carried by every [`EdgeTime`] and is what all uncertainty is made of.

mod analog;
mod edge;
mod glitch;
mod level;
mod list;
mod lost;
mod pulse;
mod pulses;
mod waveform;

pub use analog::{AnalogTrace, Comparator, Compared, Outline};
pub use edge::EdgeTime;
pub use glitch::{Glitch, GlitchFilter};
pub use level::Level;
pub use list::{SampleIter, SampleList, SampleSpan};
pub use lost::{Length, Lost, LostSpan, Stretch};
pub use pulse::{Limb, Pulse, PulseTrain};
pub use pulses::Pulses;
pub use waveform::{Waveform, WaveformBuilder, WaveformError};
