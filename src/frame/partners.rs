//! Which exposure of another camera belongs to which of the first camera's.

use std::collections::BTreeMap;

use super::pairing::pair;
use super::{CameraFrames, Exposure};
use crate::rig::Alignment;
use crate::signal::{Limb, Lost};
use crate::units::Rounding;

/// By what the exposures of two cameras are matched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum MatchedBy {
    /// By the nearness of the edges that the first camera's frames are anchored at.
    Time,
    /// By the number of the frame: both count the edges of the same FSIN line, of which one camera's exposures end there
    /// and the other's start, so that their times within the frame say nothing.
    Frame,
}

/// For each of a camera's exposures, the place of the first camera's exposure of the same frame: by time, one to one, in
/// order, at most half of the first camera's frame time apart; or by number. Never across a lost stretch, and never an
/// exposure that belongs to no frame.
pub(super) fn partners(first: &CameraFrames, own: &CameraFrames, by: MatchedBy, lost: &Lost) -> Vec<Option<usize>> {
    let found = match by {
        MatchedBy::Time => by_time(first, own),
        MatchedBy::Frame => by_frame(first, own),
    };
    let mut partners = vec![None; own.exposures.len()];
    for (reference, exposure) in found {
        let (at, other) = (anchor(first, &first.exposures[reference]), anchor(first, &own.exposures[exposure]));
        if lost.spares(at.at().min(other.at()), at.at().max(other.at())) {
            partners[exposure] = Some(reference);
        }
    }
    partners
}

/// The edge of an exposure that the first camera's frames are anchored at.
fn anchor(first: &CameraFrames, exposure: &Exposure) -> Limb {
    match first.alignment {
        Some(Alignment::Start) => exposure.pulse.start,
        Some(Alignment::End) | None => exposure.pulse.end,
    }
}

/// The exposures that stand for their frames, with their places: those that are too many would take others' partners.
fn of_frames(camera: &CameraFrames) -> impl Iterator<Item = (usize, &Exposure)> {
    let exposures = camera.exposures.iter().enumerate();
    exposures.filter(|(_, exposure)| exposure.burst_index == 0 && exposure.frame.is_some())
}

fn by_time(first: &CameraFrames, own: &CameraFrames) -> Vec<(usize, usize)> {
    let reach = first.clock.period.as_ref().and_then(|period| period.half().to_integer(Rounding::Down));
    let Some(reach) = reach else { return Vec::new() };
    let instants = |camera| -> Vec<(usize, i128)> {
        of_frames(camera).filter_map(|(i, exposure)| Some((i, anchor(first, exposure).edge()?.until()))).collect()
    };
    let (a, b) = (instants(first), instants(own));
    let times = |instants: &[(usize, i128)]| -> Vec<i128> { instants.iter().map(|(_, at)| *at).collect() };
    pair(&times(&a), &times(&b), reach).into_iter().map(|(i, j)| (a[i].0, b[j].0)).collect()
}

fn by_frame(first: &CameraFrames, own: &CameraFrames) -> Vec<(usize, usize)> {
    let references: BTreeMap<Option<i64>, usize> = of_frames(first).map(|(i, exposure)| (exposure.frame, i)).collect();
    of_frames(own).filter_map(|(i, exposure)| Some((*references.get(&exposure.frame)?, i))).collect()
}

#[cfg(test)]
mod tests {
    use super::super::{ClockSource, FrameClock};
    use super::*;
    use crate::signal::{EdgeTime, Pulse};
    use crate::units::{Rational, SampleIndex};

    fn exposures(ends: &[u64]) -> Vec<Exposure> {
        let edge = |at: u64| Limb::Edge(EdgeTime::sharp(SampleIndex::new(at)));
        (ends.iter().enumerate())
            .map(|(n, &end)| Exposure {
                pulse: Pulse { start: edge(end - 10), end: edge(end) },
                frame: i64::try_from(n).ok(),
                fsin: None,
                burst_index: 0,
                flashes: Vec::new(),
            })
            .collect()
    }

    fn found(first: &CameraFrames, own: &CameraFrames) -> Vec<Option<usize>> {
        partners(first, own, MatchedBy::Time, &Lost::nothing())
    }

    fn camera(ends: &[u64]) -> CameraFrames {
        CameraFrames {
            alignment: Some(Alignment::End),
            clock: FrameClock {
                source: ClockSource::StrobeEnd,
                edges: Vec::new(),
                extra: Vec::new(),
                owed: None,
                period: Some(Rational::integer(100)),
            },
            exposures: exposures(ends),
            missing: Vec::new(),
            extra: Vec::new(),
            flashes: Vec::new(),
            readouts: Vec::new(),
            partners: Vec::new(),
            logged: crate::frame::Logged::NotGiven,
        }
    }

    #[test]
    fn a_frame_lost_on_one_side_shifts_no_pair() {
        assert_eq!(found(&camera(&[100, 200, 400]), &camera(&[103, 203, 303, 403])), [Some(0), Some(1), None, Some(2)]);
        assert_eq!(found(&camera(&[100, 200, 300, 400]), &camera(&[97, 297, 397])), [Some(0), Some(2), Some(3)]);
    }

    #[test]
    fn half_a_frame_of_phase_is_the_most() {
        assert_eq!(found(&camera(&[100, 200, 300]), &camera(&[150, 250, 350])), [Some(0), Some(1), Some(2)]);
        // 151 is farther from 100 than half a frame, and nearer to 200.
        assert_eq!(found(&camera(&[100, 200, 300]), &camera(&[151, 251, 351])), [Some(1), Some(2), None]);
    }

    #[test]
    fn a_pulse_of_no_frame_takes_no_partner() {
        // 130 is nearer to 128 than the exposure at 100 is, but too many.
        let mut first = camera(&[100, 130, 200]);
        first.exposures[1].frame = None;
        assert_eq!(found(&first, &camera(&[128, 228])), [Some(0), Some(2)]);
    }

    #[test]
    fn cameras_that_count_the_same_edges_are_matched_by_their_frames() {
        let mut own = camera(&[160, 260, 360]);
        own.alignment = Some(Alignment::Start);
        own.exposures[2].frame = Some(7);
        let found = partners(&camera(&[100, 200, 300]), &own, MatchedBy::Frame, &Lost::nothing());
        assert_eq!(found, [Some(0), Some(1), None]);
    }
}
