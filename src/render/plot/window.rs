//! Which part of a capture a still drawing shows.

use std::ops::Range;

use crate::frame::{FrameEdges, Observation};
use crate::signal::Stretch;
use crate::units::SampleIndex;

/// The window of the first `frames` frames of the first camera that shows any, and a little on both sides; the whole
/// capture where none does.
#[must_use]
pub fn first_frames(observation: &Observation, frames: usize) -> Stretch {
    match edges(observation) {
        Some(edges) => between(observation, edges, 0..frames.min(edges.len() - 1), frames.max(1)),
        None => Stretch { from: SampleIndex::default(), to: observation.length },
    }
}

/// The window of `frames` frames around a sample, and a little on both sides; the first frames where no frame was seen.
#[must_use]
pub fn frames_around(observation: &Observation, sample: SampleIndex, frames: usize) -> Stretch {
    let Some(edges) = edges(observation) else { return first_frames(observation, frames) };
    let frames = frames.clamp(1, edges.len() - 1);
    let holding = edges.partition_point(|edge| edge.edge.at() <= sample).saturating_sub(1);
    let first = holding.saturating_sub(frames / 2).min(edges.len() - 1 - frames);
    between(observation, edges, first..first + frames, frames)
}

/// The edges of the first camera that shows a frame.
fn edges(observation: &Observation) -> Option<&FrameEdges> {
    observation.cameras.iter().map(|camera| &camera.clock.edges).find(|edges| edges.len() > 1)
}

/// From one edge to another, and a quarter of one part in so many on both sides.
fn between(observation: &Observation, edges: &FrameEdges, range: Range<usize>, parts: usize) -> Stretch {
    let (from, to) = (edges.at(range.start).edge.at().get(), edges.at(range.end).edge.at().get());
    let pad = (to - from) / (4 * parts as u64);
    Stretch {
        from: SampleIndex::new(from.saturating_sub(pad)),
        to: SampleIndex::new(to.saturating_add(pad)).min(observation.length),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::fixture::{Bench, FIRST, PERIOD};

    #[test]
    fn the_frame_of_the_sample_is_inside_wherever_it_lies() {
        let judgement = Bench::passing().judge();
        let observation = &judgement.observation;
        for frame in [0, 1, 150, 298, 299] {
            let sample = SampleIndex::new(FIRST + frame * PERIOD + PERIOD / 2);
            let window = frames_around(observation, sample, 4);
            assert!(window.from < sample && sample < window.to, "frame {frame}");
            let frames = (window.to - window.from).get() / i128::from(PERIOD);
            assert_eq!(frames, 4, "frame {frame}: four frames and half a frame around them");
        }
    }
}
