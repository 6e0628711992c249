//! The time interval error of a camera's frames: how far each frame edge lies from an evenly running clock.

use std::sync::Arc;

use super::{Figure, PlotError, track};
use crate::frame::{ClockSource, Observation};
use crate::quantity::{self, Point, Reading, Seen};
use crate::units::{Rational, Rounding, Unit, value_text};
use crate::verdict::{Check, Plots, Standing};

/// The clock that frame edges are held against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reference {
    /// The evenly running one that fits them best.
    Fitted,
    /// The one of the nominal frame time, from the first edge on.
    Nominal,
}

impl Reference {
    fn quantity(self) -> &'static str {
        match self {
            Reference::Fitted => "frame.tie",
            Reference::Nominal => "frame.tie-nominal",
        }
    }
}

/// The error of each frame edge of a camera over time, as far as its frames are judged in any way; none where there are
/// fewer than three edges, or no such clock.
///
/// # Errors
/// [`PlotError`] when the figure cannot be drawn.
pub fn tie(
    checks: &[Check],
    observation: &Observation,
    camera: usize,
    reference: Reference,
) -> Result<Option<Figure>, PlotError> {
    let (Some(errors), Some(quantity)) = (errors(observation, camera, reference), quantity::find(reference.quantity()))
    else {
        return Ok(None);
    };
    let Some(like) = checks.iter().find(|check| check.subject == quantity::Subject::Camera(camera)) else {
        return Ok(None);
    };
    let shown = Check {
        quantity,
        limits: Vec::new(),
        measured: errors.track.len() as u64,
        failed: 0,
        marginal: 0,
        track: Arc::new(errors.track),
        ..like.clone()
    };
    let Some(drawing) = track::drawing(&shown, observation)? else { return Ok(None) };
    let frame_time = value_text(&errors.frame_time, Unit::Second, Rounding::Nearest);
    let caption = match reference {
        Reference::Fitted => format!(
            "How far each frame edge lies from the evenly running clock that fits them best. Scatter is jitter, a step \
             is a lost phase, a bend is a rate that changes. One frame of that clock lasts {frame_time}."
        ),
        Reference::Nominal => format!(
            "How far each frame edge lies from the nominal clock of {frame_time} a frame, counted from the first edge. \
             A slope is drift."
        ),
    };
    Ok(Some(Figure::new(drawing, caption)))
}

struct Errors {
    track: Plots,
    /// Of the clock that they are held against, in seconds.
    frame_time: Rational,
}

/// A sample is so many parts.
const PARTS: i32 = 1 << 20;

/// Only drawn, never judged: floats do.
fn errors(observation: &Observation, camera: usize, reference: Reference) -> Option<Errors> {
    let frames = observation.cameras.get(camera)?;
    let edges = &frames.clock.edges;
    match frames.clock.source {
        ClockSource::Nothing => return None,
        ClockSource::Fsin | ClockSource::StrobeEnd | ClockSource::StrobeStart | ClockSource::StrobeMiddle => {}
    }
    let first = edges.first().filter(|_| edges.len() > 2)?;
    let samples: Vec<(f64, f64)> = (edges.iter())
        .map(|edge| ((edge.starts - first.starts) as f64, (edge.edge.at() - first.edge.at()).get() as f64))
        .collect();
    let period = observation.rate.period().to_f64();
    let (intercept, slope) = match reference {
        Reference::Fitted => fitted(&samples)?,
        Reference::Nominal => (0.0, observation.rig.cameras[camera].frame_time.as_ref()?.to_f64() / period),
    };
    // In parts of a sample that no figure shows.
    let parts = |samples: f64| Rational::new((samples * f64::from(PARTS)).round() as i128, PARTS.into());
    let points = edges.iter().zip(&samples).filter_map(|(edge, (frame, at))| {
        let reading = Reading::exact(parts(at - intercept - slope * frame)?);
        let (frame, at) = (Some(edge.starts), edge.edge.at());
        Some(Point { frame, from: at, to: at, reading, seen: Seen::Whole })
    });
    let scale = observation.rate.period().clone();
    let track = Plots::new(points.collect(), scale, edges.iter().map(|_| (Standing::Inside, 0)));
    Some(Errors { track, frame_time: Rational::from_f64(slope * period)? })
}

/// The least-squares line through places: where it is at 0, and its slope.
fn fitted(samples: &[(f64, f64)]) -> Option<(f64, f64)> {
    let count = samples.len() as f64;
    let mean = |of: fn(&(f64, f64)) -> f64| samples.iter().map(of).sum::<f64>() / count;
    let (mean_x, mean_y) = (mean(|sample| sample.0), mean(|sample| sample.1));
    let spread: f64 = samples.iter().map(|(x, _)| (x - mean_x) * (x - mean_x)).sum();
    let common: f64 = samples.iter().map(|(x, y)| (x - mean_x) * (y - mean_y)).sum();
    let slope = common / spread;
    slope.is_finite().then_some((mean_y - slope * mean_x, slope))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::fixture::{Bench, PERIOD};

    #[test]
    fn the_line_through_places_is_that_of_the_textbook() {
        // Anscombe's first set: 3.00 + 0.500 x.
        let set = [
            (10.0, 8.04),
            (8.0, 6.95),
            (13.0, 7.58),
            (9.0, 8.81),
            (11.0, 8.33),
            (14.0, 9.96),
            (6.0, 7.24),
            (4.0, 4.26),
            (12.0, 10.84),
            (7.0, 4.82),
            (5.0, 5.68),
        ];
        let (intercept, slope) = fitted(&set).unwrap();
        approx::assert_abs_diff_eq!(intercept, 3.0, epsilon = 1e-3);
        approx::assert_abs_diff_eq!(slope, 0.5, epsilon = 1e-3);
        assert_eq!(fitted(&[(1.0, 2.0), (1.0, 3.0)]), None);
    }

    #[test]
    fn against_the_nominal_a_drift_is_a_slope_and_against_the_fit_it_is_gone() {
        // 33 333 samples of 1 µs a frame against 1/30 s: a third of a µs a frame, edges up to 2 µs late.
        let judgement = Bench::passing().judge();
        let nominal = errors(&judgement.observation, 0, Reference::Nominal).unwrap();
        let last = nominal.track.iter().next_back().unwrap();
        let frames = (nominal.track.len() - 1) as f64;
        approx::assert_abs_diff_eq!(last.value, frames * (PERIOD as f64 * 1e-6 - 1.0 / 30.0), epsilon = 2.1e-6);
        let fitted = errors(&judgement.observation, 0, Reference::Fitted).unwrap();
        assert!(fitted.track.iter().all(|point| point.value.abs() <= 2e-6));
        approx::assert_abs_diff_eq!(fitted.frame_time.to_f64(), PERIOD as f64 * 1e-6, epsilon = 1e-8);
    }
}
