//! What is irregular about a camera's frames, and whether only the first ones are: a rough start.

use super::super::claims::Which;
use super::{START_TRANSIENT, Where, of_frames};
use crate::diagnosis::contact::WARM_UP_FRAMES;
use crate::diagnosis::fault::Candidate;
use crate::diagnosis::series::median;
use crate::diagnosis::view::{JudgedCamera, counted};
use crate::frame::Interval;
use crate::quantity::{exposure, flash};

/// What is irregular about a camera's frames: places in samples.
#[derive(Debug, Default)]
pub(super) struct Irregular {
    /// FSIN edges without their exposure.
    pub(super) unanswered: Vec<u64>,
    /// Kept frame edges before which whole frames are missing, in phase, and how many.
    pub(super) gaps: Vec<(u64, u64)>,
    /// Frame edges that are too many.
    pub(super) extra_edges: Vec<u64>,
    /// STROBE pulses that are too many.
    pub(super) extra_pulses: Vec<u64>,
    /// STROBE pulses that are out of place: far from their FSIN edge, or short and before the first one.
    pub(super) out_of_place: Vec<u64>,
    /// STROBE pulses of another length than is asked for.
    pub(super) odd_pulses: Vec<u64>,
    /// Frame edges that are followed by no whole number of frame times.
    pub(super) off_beat: Vec<u64>,
}

impl Irregular {
    pub(super) fn of(camera: JudgedCamera<'_>) -> Irregular {
        let view = camera.capture;
        let frames = camera.frames();
        let period = frames.clock.period.as_ref().map_or(1.0, crate::units::Rational::to_f64);
        let tolerance = view.tolerance(period);
        let gaps = frames.clock.edges.pairs().filter_map(|(from, to)| {
            let Interval::WithMissing(beats) = to.before else { return None };
            let length = (to.edge.at() - from.edge.at()).get() as f64;
            let in_phase = (length - beats as f64 * period).abs() <= tolerance * beats as f64;
            in_phase.then(|| (from.edge.at().get(), beats - 1))
        });
        let off_beat = frames.clock.edges.pairs().filter_map(|(from, to)| {
            let length = (to.edge.at() - from.edge.at()).get() as f64;
            let beats = (length / period).round().max(1.0);
            let is_proven = to.before != Interval::Lost;
            (is_proven && (length - beats * period).abs() > tolerance * beats).then_some(from.edge.at().get())
        });
        Irregular {
            off_beat: off_beat.collect(),
            unanswered: frames.missing.iter().map(|missing| missing.fsin.at().get()).collect(),
            gaps: gaps.collect(),
            extra_edges: (frames.clock.extra.iter().chain(frames.fsin.iter().flat_map(|fsin| &fsin.extra)))
                .map(|edge| edge.at().get())
                .collect(),
            extra_pulses: frames.extra.iter().map(|&place| frames.exposures.at(place).pulse.from().get()).collect(),
            out_of_place: out_of_place(camera),
            odd_pulses: (camera.check(&exposure::TIME).into_iter())
                .flat_map(|check| check.violations.iter().map(|worst| worst.from.get()))
                .collect(),
        }
    }

    pub(super) fn places(&self) -> Vec<u64> {
        let gaps = self.gaps.iter().map(|(at, _)| *at);
        let mut places: Vec<u64> = (self
            .unanswered
            .iter()
            .chain(&self.extra_edges)
            .chain(&self.extra_pulses)
            .chain(&self.odd_pulses)
            .chain(&self.off_beat)
            .chain(&self.out_of_place))
        .copied()
        .chain(gaps)
        .collect();
        places.sort_unstable();
        places
    }
}

fn out_of_place(camera: JudgedCamera<'_>) -> Vec<u64> {
    let judged = [&exposure::LATENCY, &exposure::END, &exposure::MIDDLE].into_iter().filter_map(|id| camera.check(id));
    let mut places: Vec<u64> = judged.flat_map(|check| check.violations.iter().map(|worst| worst.from.get())).collect();
    let width = |exposure: &crate::frame::Exposure| (exposure.pulse.to() - exposure.pulse.from()).get() as f64;
    let exposures = &camera.frames().exposures;
    let usual = median(exposures.iter().map(|exposure| width(&exposure)).collect()).unwrap_or(0.0);
    // Shorter than any exposure, and of no frame.
    let stray = |exposure: &crate::frame::Exposure| {
        exposure.frame.is_none() && exposure.pulse.is_whole() && width(exposure) * 4.0 < usual
    };
    places.extend(
        exposures
            .iter()
            .take_while(|exposure| exposure.frame.is_none())
            .filter(stray)
            .map(|exposure| exposure.pulse.from().get()),
    );
    places
}

/// A finding where only the first frames are irregular.
pub(super) fn at_start(camera: JudgedCamera<'_>, irregular: &Irregular) -> Option<Candidate> {
    let view = camera.capture;
    let frames = camera.frames();
    let period = frames.clock.period.as_ref()?.to_f64();
    let first = frames.clock.edges.first()?.edge.at().get() as f64;
    let first = frames.exposures.first().map_or(first, |exposure| first.min(exposure.pulse.from().get() as f64));
    let places = irregular.places();
    let last = *places.last()? as f64;
    let settled = frames.clock.edges.iter().filter(|edge| edge.edge.at().get() as f64 > last + period).count();
    let only_first = last <= first + (WARM_UP_FRAMES + 1.5) * period && settled as f64 >= 2.0 * WARM_UP_FRAMES;
    // One frame that is missing may be missing anywhere: a rough start is rough in more ways than one.
    let kinds = [
        &irregular.unanswered,
        &irregular.extra_edges,
        &irregular.extra_pulses,
        &irregular.odd_pulses,
        &irregular.out_of_place,
        &irregular.off_beat,
    ]
    .iter()
    .filter(|list| !list.is_empty())
    .count()
        + usize::from(!irregular.gaps.is_empty());
    let only_lengths = places.len() == irregular.odd_pulses.len();
    let rough = !only_lengths && places.len() >= 2 && (kinds >= 2 || last < first + 2.5 * period);
    (only_first && rough && frames.clock.owed.is_none()).then(|| {
        let skip = ((last - first) / period).ceil().max(1.0) as u64 + 1;
        let mut candidate = START_TRANSIENT.seen(
            format!(
                "{} in the first {}, then {}",
                counted(places.len(), "irregular pulse"),
                view.time(last - first),
                counted(settled, "clean frame")
            ),
            format!("missing, too many or odd, the last at {}", view.when(last as u64)),
        );
        candidate = candidate.remedied(
            &super::faults::ROUGH_START,
            format!(
                "leave the first frames out: skip_frames = {} in [timing]; or keep the sensor always on",
                skip.max(5)
            ),
        );
        let mut candidate = of_frames(camera, candidate, places.clone(), Where::There);
        // The short pulses of the start are no exposures.
        candidate
            .claims
            .extend(camera.not_passed_near(&[Which::One(&exposure::TIME), Which::One(&flash::COVERAGE)], &places));
        candidate
    })
}
