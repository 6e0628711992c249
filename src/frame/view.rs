//! A camera of an observation, with all that is known of it.

use super::{CameraFrames, Observation, ObservedLine};
use crate::rig::{Camera, WireIndex};

/// A camera of an observation: how it is wired, its frames, and the record that they are in.
#[derive(Debug, Clone, Copy)]
pub struct CameraView<'a> {
    /// The record.
    pub observation: &'a Observation,
    /// How the camera is wired and runs.
    pub wiring: &'a Camera,
    /// Its frames.
    pub frames: &'a CameraFrames,
    /// Its place among the cameras; the first is 0.
    pub place: usize,
}

impl<'a> CameraView<'a> {
    /// The line of a wire.
    #[must_use]
    pub fn line(self, wire: WireIndex) -> &'a ObservedLine {
        &self.observation.lines[wire.get()]
    }

    /// Whether a frame is judged: one of a number, unless it is warm-up; one without a number where nothing is.
    #[must_use]
    pub fn judges(self, frame: impl Into<Option<i64>>) -> bool {
        let skip = self.observation.rig.skip_frames;
        skip == 0 || frame.into().is_some_and(|frame| u64::try_from(frame).is_ok_and(|frame| frame >= skip))
    }
}

impl Observation {
    /// Its cameras, in the order of the rig.
    pub fn cameras(&self) -> impl Iterator<Item = CameraView<'_>> {
        (0..self.cameras.len()).map(|place| self.camera(place))
    }

    /// The camera at this place.
    #[must_use]
    pub fn camera(&self, place: usize) -> CameraView<'_> {
        CameraView { observation: self, wiring: &self.rig.cameras[place], frames: &self.cameras[place], place }
    }
}
