//! Exposures and the light on them.

use super::super::series::spread;
use super::super::view::{CaptureView, counted};
use crate::frame::CameraFrames;

/// In how many of the frames: `in all 15 frames`, `in 3 of 15 frames`.
pub(super) fn in_frames(count: usize, all: usize) -> String {
    if count >= all {
        format!("in all {}", counted(all, "frame"))
    } else {
        format!("in {count} of {}", counted(all, "frame"))
    }
}

/// An exposure, and its first and last flash.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lighting {
    pub(super) from: u64,
    pub(super) width: f64,
    /// How long after the exposure's start the flash begins, in samples.
    pub(super) began: Option<f64>,
    /// How long after the exposure's end the flash ends, in samples.
    pub(super) ended: Option<f64>,
    /// How long the flash lasts, if it is one.
    pub(super) lasts: Option<f64>,
}

/// The exposures that were seen whole and have a flash.
pub(super) struct Lit(pub(super) Vec<Lighting>);

impl Lit {
    pub(super) fn of(frames: &CameraFrames) -> Lit {
        let whole = frames.exposures.iter().filter(|exposure| exposure.pulse.is_whole());
        let lighting = |exposure: crate::frame::Exposure| {
            let flash = |place: Option<&usize>| frames.flashes.get(*place?);
            let (first, last) = (flash(exposure.flashes.first())?, flash(exposure.flashes.last())?);
            let (start, end) = (first.pulse.start.edge(), last.pulse.end.edge());
            let single = exposure.flashes.len() == 1;
            Some(Lighting {
                from: exposure.pulse.from().get(),
                width: (exposure.pulse.to() - exposure.pulse.from()).get() as f64,
                began: start.map(|start| (start.at() - exposure.pulse.from()).get() as f64),
                ended: end.map(|end| (end.at() - exposure.pulse.to()).get() as f64),
                lasts: start.zip(end).filter(|_| single).map(|(start, end)| (end.at() - start.at()).get() as f64),
            })
        };
        Lit(whole.filter_map(lighting).collect())
    }

    /// Those whose value holds, with their places.
    pub(super) fn of_those(
        &self,
        value: impl Fn(&Lighting) -> Option<f64>,
        holds: impl Fn(f64) -> bool,
    ) -> Vec<(f64, u64)> {
        (self.0.iter()).filter_map(|lit| Some((value(lit).filter(|value| holds(*value))?, lit.from))).collect()
    }
}

pub(super) fn places(values: &[(f64, u64)]) -> Vec<u64> {
    values.iter().map(|(_, at)| *at).collect()
}

/// The largest magnitude of these values.
pub(super) fn most(values: &[(f64, u64)]) -> f64 {
    values.iter().map(|(value, _)| value.abs()).fold(0.0, f64::max)
}

/// What these values are: `1.95 ms`, or `up to 1.95 ms` where they differ.
pub(super) fn size_text(view: &CaptureView<'_>, values: &[(f64, u64)]) -> String {
    let sizes: Vec<f64> = values.iter().map(|(value, _)| value.abs()).collect();
    let most = most(values);
    let up_to = if spread(&sizes) > 2.0_f64.max(most * 0.05) { "up to " } else { "" };
    format!("{up_to}{}", view.time(most))
}

impl Lighting {
    /// How much light is before the exposure, and how much after it.
    pub(super) fn outside(&self) -> (f64, f64) {
        (self.began.map_or(0.0, |began| (-began).max(0.0)), self.ended.unwrap_or(0.0).max(0.0))
    }
}
