//! Which exposure of another camera belongs to which of the first camera's.

use super::pairing::pair;
use super::{CameraFrames, Exposure};
use crate::rig::Alignment;
use crate::signal::{Limb, Lost};
use crate::units::Rounding;

/// For each of a camera's exposures, the place of the first camera's exposure that it is paired with: by time, one to
/// one, in order, at most half of the first camera's frame time apart, and not across a lost stretch.
pub(super) fn partners(first: &CameraFrames, own: &[Exposure], lost: &Lost) -> Vec<Option<usize>> {
    let mut partners = vec![None; own.len()];
    let reach = first.clock.period.as_ref().and_then(|period| period.half().to_integer(Rounding::Down));
    let Some(reach) = reach else { return partners };
    let anchor = |exposure: &Exposure| -> Limb {
        match first.alignment {
            Some(Alignment::Start) => exposure.pulse.start,
            Some(Alignment::End) | None => exposure.pulse.end,
        }
    };
    let instants = |exposures: &[Exposure]| -> Vec<(usize, i128)> {
        let seen = exposures.iter().enumerate().filter(|(_, exposure)| exposure.burst_index == 0);
        seen.filter_map(|(place, exposure)| Some((place, anchor(exposure).edge()?.until()))).collect()
    };
    let (a, b) = (instants(&first.exposures), instants(own));
    let times = |instants: &[(usize, i128)]| -> Vec<i128> { instants.iter().map(|(_, at)| *at).collect() };
    for (i, j) in pair(&times(&a), &times(&b), reach) {
        let (reference, exposure) = (a[i].0, b[j].0);
        let (at, other) = (anchor(&first.exposures[reference]).at(), anchor(&own[exposure]).at());
        if lost.spares(at.min(other), at.max(other)) {
            partners[exposure] = Some(reference);
        }
    }
    partners
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
        let found = partners(&camera(&[100, 200, 400]), &exposures(&[103, 203, 303, 403]), &Lost::nothing());
        assert_eq!(found, [Some(0), Some(1), None, Some(2)]);
        let found = partners(&camera(&[100, 200, 300, 400]), &exposures(&[97, 297, 397]), &Lost::nothing());
        assert_eq!(found, [Some(0), Some(2), Some(3)]);
    }

    #[test]
    fn half_a_frame_of_phase_is_the_most() {
        let found = partners(&camera(&[100, 200, 300]), &exposures(&[150, 250, 350]), &Lost::nothing());
        assert_eq!(found, [Some(0), Some(1), Some(2)]);
    }
}
