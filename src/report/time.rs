//! Where and when things are in a judged capture.

use super::Judgement;
use crate::frame::{CameraFrames, Interval};
use crate::units::{Rational, SampleCount, SampleIndex};

impl Judgement {
    /// The time of a sample in seconds, by the true sample rate, from the first sample judged: that of the window, where
    /// there is one.
    #[must_use]
    pub fn time(&self, at: SampleIndex) -> Rational {
        self.observation.rate.seconds(at - SampleIndex::default())
    }

    /// How long the samples judged last in seconds, by the true sample rate.
    #[must_use]
    pub fn duration(&self) -> Rational {
        self.observation.rate.seconds(SampleCount::new(i128::from(self.provenance.samples)))
    }
}

/// How many frames of a camera were seen from start to end.
#[must_use]
pub fn complete_frames(frames: &CameraFrames) -> u64 {
    let ends = frames.clock.edges.iter().filter(|edge| match edge.before {
        Interval::First | Interval::Lost => false,
        Interval::Regular | Interval::WithExtra | Interval::WithMissing(_) => true,
    });
    ends.count() as u64
}
