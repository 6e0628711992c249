//! Which exposure of another camera belongs to which of the first camera's.

use std::collections::BTreeMap;

use super::anchor::{anchored, may_lie_within, usual_of_turns};
use super::clock::ClockContext;
use super::pairing::{Instants, pair};
use super::{CameraFrames, Exposure, Recorded};
use crate::rig::{Alignment, Role};
use crate::signal::{Limb, Pulse};
use crate::units::{Rational, Rounding};

/// By what the exposures of two cameras are matched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum MatchedBy {
    /// By the nearness of the edges that the first camera's frames are anchored at.
    Time,
    /// By the number of the frame: both count the edges of the same FSIN line, of which one camera's exposures end there
    /// and the other's start, so that their times within the frame say nothing.
    Frame,
}

/// How the exposures of a camera lie to those of the first one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Phase {
    /// The edges that are compared.
    pub(super) edges: Alignment,
    /// How much later the camera's edge is meant to come, in sample periods.
    pub(super) later: i128,
}

impl Phase {
    /// How much later the exposures of a camera mostly come than those of the first one, at most half a frame time before or
    /// after. 0 where they come at times that are spread over more than half of a frame, as those of a camera that drifts.
    pub(super) fn usual(first: &CameraFrames, own: &CameraFrames, edges: Alignment) -> Phase {
        let none = Phase { edges, later: 0 };
        let Some(period) = first.clock.period.as_ref().and_then(|period| period.to_integer(Rounding::Nearest)) else {
            return none;
        };
        let period = period.max(1);
        let (references, instants) = (instants(first, none), instants(own, none));
        let after_last = |(_, at): &(usize, i128)| {
            let later = references.partition_point(|(_, reference)| reference <= at);
            let (_, before) = references.get(later.saturating_sub(1))?;
            Some((at - before).rem_euclid(period))
        };
        let after: Vec<i128> = instants.iter().filter_map(after_last).collect();
        let neighbours: Vec<[i128; 2]> = (instants.iter())
            .filter_map(|(_, at)| {
                let later = references.partition_point(|(_, reference)| reference <= at);
                Some([at - references.get(later.checked_sub(1)?)?.1, at - references.get(later)?.1])
            })
            .collect();
        let spread = |side: usize| {
            let range = neighbours.iter().map(|apart| apart[side]).fold(None, |range: Option<(i128, i128)>, at| {
                Some(range.map_or((at, at), |(least, most)| (least.min(at), most.max(at))))
            });
            range.map_or(0, |(least, most)| most - least)
        };
        let Some(later) = usual_of_turns(after, period) else { return none };
        let is_nearer = later * 2 <= period;
        // Half a frame apart, either of two neighbours may be the partner: it is the one that the camera keeps step with.
        let is_partner = if (later - period / 2).abs() * 8 < period { spread(0) <= spread(1) } else { is_nearer };
        Phase { edges, later: if is_partner { later } else { later - period } }
    }
}

/// Who belongs to whom.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Partners {
    /// For each of the camera's exposures whose frame is known, the place of the first camera's exposure of the same frame.
    pub(super) of: Vec<Option<usize>>,
    /// The exposures of either camera that stand for a frame and have no partner, in order of time, where the whole time in
    /// which the partner may lie was recorded.
    pub(super) lacking: Vec<Pulse>,
}

/// Pairs the exposures of a camera with those of the first one: by time, one to one, in order, at most half of the first
/// camera's frame time from the phase that is meant; or by number. Never across a lost stretch, and never an exposure that
/// belongs to no frame.
pub(super) fn partners(
    first: &CameraFrames,
    own: &CameraFrames,
    by: MatchedBy,
    phase: Phase,
    context: ClockContext<'_>,
) -> Partners {
    let Some(period) = first.clock.period.as_ref() else {
        return Partners { of: vec![None; own.exposures.len()], lacking: Vec::new() };
    };
    let whole = |samples: Rational| samples.to_integer(Rounding::Down).unwrap_or(i128::MAX / 2);
    let (found, reach) = match by {
        MatchedBy::Time => (by_time(first, own, phase, whole(period.half())), whole(period.half())),
        MatchedBy::Frame => (by_frame(first, own), whole(period.clone())),
    };
    let mut of = vec![None; own.exposures.len()];
    let mut is_partner = vec![false; first.exposures.len()];
    let mut has_partner = vec![false; own.exposures.len()];
    for (reference, exposure) in found {
        let (one, other) = (first.exposures.at(reference), own.exposures.at(exposure));
        let (at, later) = (anchor(&one, phase).at(), anchor(&other, phase).at());
        if context.lost.spares(at.min(later), at.max(later)) {
            (is_partner[reference], has_partner[exposure]) = (true, true);
            // A frame that is not known has nothing that is measured of it.
            of[exposure] = (one.frame.is_some() && other.frame.is_some()).then_some(reference);
        }
    }
    let strobes = [&context.rig.cameras[0], context.camera].into_iter().flat_map(|camera| camera.wires(Role::Strobe));
    let strobes = strobes.filter_map(|wire| context.lines.get(wire.get()));
    let recorded = Recorded::on(strobes, context.lost, context.length);
    // The middle of an exposure that the record cuts may be the partner's.
    let is_cut = |exposure: &Exposure| phase.edges == Alignment::Middle && !exposure.pulse.is_whole();
    let cut: Vec<Exposure> = first.exposures.iter().chain(&own.exposures).filter(is_cut).collect();
    let reaches = reach + recorded.rim() + 1;
    let lacks = |exposure: &Exposure, later: i128| {
        let at = anchor(exposure, phase).edge().map(|edge| i128::from(edge.at().get()) + later);
        let is_clear = |at: i128| !cut.iter().any(|cut| may_lie_within(&cut.pulse, at - reaches, at + reaches));
        at.is_some_and(|at| recorded.holds_around(at, reach) && is_clear(at))
    };
    let later = match by {
        MatchedBy::Time => phase.later,
        MatchedBy::Frame => 0,
    };
    let of_first = of_frames(first).filter(|(place, _)| !is_partner[*place]);
    let of_own = of_frames(own).filter(|(place, _)| !has_partner[*place]);
    let mut lacking: Vec<Pulse> = (of_first.filter(|(_, exposure)| lacks(exposure, later)))
        .chain(of_own.filter(|(_, exposure)| lacks(exposure, -later)))
        .map(|(_, exposure)| exposure.pulse)
        .collect();
    lacking.sort_by_key(Pulse::from);
    Partners { of, lacking }
}

/// The edge of an exposure that is compared.
fn anchor(exposure: &Exposure, phase: Phase) -> Limb {
    anchored(&exposure.pulse, phase.edges)
}

/// The exposures that stand for their frames, with their places: those that are too many would take others' partners.
fn of_frames(camera: &CameraFrames) -> impl Iterator<Item = (usize, Exposure)> {
    let exposures = camera.exposures.iter().enumerate();
    exposures.filter(|(_, exposure)| exposure.burst_index == 0 && exposure.frame.is_some())
}

/// The edges of a camera's exposures that are compared, with the places of the exposures: of those that stand for a frame, and
/// of those that the record cuts, whose frame may be unknown but whose edge may be a partner's all the same.
fn instants(camera: &CameraFrames, phase: Phase) -> Vec<(usize, i128)> {
    let may_be_partner =
        |exposure: &Exposure| exposure.burst_index == 0 && (exposure.frame.is_some() || !exposure.pulse.is_whole());
    let exposures = camera.exposures.iter().enumerate().filter(|(_, exposure)| may_be_partner(exposure));
    let edges = exposures.filter_map(|(i, exposure)| Some((i, anchor(&exposure, phase).edge()?)));
    edges.map(|(i, edge)| (i, edge.until())).collect()
}

fn by_time(first: &CameraFrames, own: &CameraFrames, phase: Phase, reach: i128) -> Vec<(usize, usize)> {
    let (a, mut b) = (instants(first, phase), instants(own, phase));
    b.iter_mut().for_each(|(_, at)| *at -= phase.later);
    let later = Instants { count: b.len(), at: |place: usize| b[place].1 };
    pair(a.iter().map(|(_, at)| *at), &later, reach).into_iter().map(|(i, j)| (a[i].0, b[j].0)).collect()
}

fn by_frame(first: &CameraFrames, own: &CameraFrames) -> Vec<(usize, usize)> {
    let references: BTreeMap<Option<i64>, usize> = of_frames(first).map(|(i, exposure)| (exposure.frame, i)).collect();
    of_frames(own).filter_map(|(i, exposure)| Some((*references.get(&exposure.frame)?, i))).collect()
}

#[cfg(test)]
mod tests {
    use super::super::{ClockSource, FrameClock};
    use super::super::{FlashPulses, FrameEdges, Readouts};
    use super::*;
    use crate::frame::Places;
    use crate::rig::{Rig, WireIndex};
    use crate::signal::{EdgeTime, Lost};
    use crate::units::{SampleIndex, SampleRate};

    fn exposures(ends: &[u64]) -> Vec<Exposure> {
        let edge = |at: u64| Limb::Edge(EdgeTime::sharp(SampleIndex::new(at)));
        (ends.iter().enumerate())
            .map(|(n, &end)| Exposure {
                pulse: Pulse { start: edge(end - 10), end: edge(end) },
                frame: i64::try_from(n).ok(),
                fsin: None,
                burst_index: 0,
                wire: WireIndex::default(),
                flashes: Places::default(),
            })
            .collect()
    }

    /// The partners by end of the first 1000 samples.
    fn pairing(first: &CameraFrames, own: &CameraFrames, by: MatchedBy, later: i128) -> Partners {
        let (rig, rate, lost) = (Rig::default(), SampleRate::parse("1 MHz").unwrap(), Lost::nothing());
        let length = SampleIndex::new(1000);
        let context = ClockContext { rig: &rig, camera: &rig.cameras[0], lines: &[], rate: &rate, lost: &lost, length };
        partners(first, own, by, Phase { edges: Alignment::End, later }, context)
    }

    fn found(first: &CameraFrames, own: &CameraFrames) -> Vec<Option<usize>> {
        pairing(first, own, MatchedBy::Time, 0).of
    }

    fn camera(ends: &[u64]) -> CameraFrames {
        CameraFrames {
            alignment: Some(Alignment::End),
            other_alignment: None,
            fsin: None,
            clock: FrameClock {
                source: ClockSource::StrobeEnd,
                edges: FrameEdges::default(),
                extra: Vec::new(),
                open: Vec::new(),
                lead_in: None,
                owed: None,
                period: Some(Rational::integer(100)),
            },
            exposures: exposures(ends).into_iter().collect(),
            missing: Vec::new(),
            extra: Vec::new(),
            flashes: FlashPulses::default(),
            readouts: Readouts::default(),
            partners: Vec::new(),
            unpartnered: Vec::new(),
            phases: Vec::new(),
            logged: crate::frame::Logged::NotGiven,
        }
    }

    fn change(camera: &mut CameraFrames, which: usize, change: impl Fn(&mut Exposure)) {
        camera.exposures.change(|place, exposure| {
            if place == which {
                change(exposure)
            }
        });
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
        change(&mut first, 1, |exposure| exposure.frame = None);
        assert_eq!(found(&first, &camera(&[128, 228])), [Some(0), Some(2)]);
    }

    #[test]
    fn a_pulse_that_the_record_cuts_is_a_partner_by_the_edge_that_it_shows() {
        let mut own = camera(&[103, 203, 303, 952]);
        change(&mut own, 3, |exposure| {
            exposure.frame = None;
            exposure.pulse.start = Limb::Cut(SampleIndex::new(945));
        });
        let found = pairing(&camera(&[100, 200, 300, 949]), &own, MatchedBy::Time, 0);
        assert_eq!(found, Partners { of: vec![Some(0), Some(1), Some(2), None], lacking: Vec::new() });
    }

    #[test]
    fn cameras_that_count_the_same_edges_are_matched_by_their_frames() {
        let mut own = camera(&[160, 260, 360]);
        own.alignment = Some(Alignment::Start);
        change(&mut own, 2, |exposure| exposure.frame = Some(7));
        let found = pairing(&camera(&[100, 200, 300]), &own, MatchedBy::Frame, 0);
        assert_eq!(found.of, [Some(0), Some(1), None]);
    }

    #[test]
    fn cameras_pair_about_the_phase_that_is_meant() {
        // Half a frame later on purpose, and a little more: by nearness alone, they would pair with the next.
        let found = pairing(&camera(&[100, 200, 300]), &camera(&[151, 251, 351]), MatchedBy::Time, 50);
        assert_eq!(found.of, [Some(0), Some(1), Some(2)]);
    }

    #[test]
    fn without_a_stated_skew_cameras_pair_about_the_phase_that_they_mostly_have() {
        let usual = |own: &[u64]| {
            let first = camera(&[100, 200, 300, 400, 500]);
            Phase::usual(&first, &camera(own), Alignment::End).later
        };
        assert_eq!(usual(&[103, 203, 303]), 3);
        assert_eq!(usual(&[98, 198, 297, 403]), -2, "around a frame's edge");
        // Half a frame later, now a little more, now a little less.
        assert_eq!(usual(&[149, 251, 350, 452, 548]), 50);
        assert_eq!(usual(&[149, 251, 350, 452, 503]), 50, "one that is odd moves nothing");
        // It drifts through a whole frame.
        assert_eq!(usual(&[110, 230, 350, 470, 590]), 0);
        assert_eq!(usual(&[]), 0);
    }

    #[test]
    fn frames_lack_their_partner_where_all_of_its_time_was_recorded() {
        let ends = |partners: Partners| -> Vec<u64> { partners.lacking.iter().map(|p| p.to().get()).collect() };
        // The partner of 400 is missing, and that of 503; that of 951 may lie beyond the record's 1000 samples, and that of 50
        // at its first one, before which nothing shows an edge.
        let first = camera(&[100, 200, 300, 400, 949]);
        assert_eq!(ends(pairing(&first, &camera(&[103, 203, 303, 503]), MatchedBy::Time, 0)), [400, 503, 949]);
        let first = camera(&[100, 200, 300, 400, 951]);
        assert_eq!(ends(pairing(&first, &camera(&[103, 203, 303, 503]), MatchedBy::Time, 0)), [400, 503]);
        assert_eq!(ends(pairing(&camera(&[50, 200]), &camera(&[203]), MatchedBy::Time, 0)), Vec::<u64>::new());
        assert_eq!(ends(pairing(&camera(&[51, 200]), &camera(&[203]), MatchedBy::Time, 0)), [51]);
    }
}
