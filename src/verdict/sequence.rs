//! Which entry of a sequence a frame is judged by: all sequences of a camera and its flash pattern lie at one phase.

use super::Standing;
use super::band::Compared;
use super::judge::Judging;
use crate::frame::Observation;
use crate::quantity::{Outline, Subject, Track, pattern_breaks};
use crate::spec::{Rule, SequencePhase, Spec};
use crate::units::Rational;

/// The same with the sequences and the flash pattern of each camera laid where they are broken least.
#[must_use]
pub fn laid(spec: &Spec, mut observation: Observation) -> Observation {
    let phases: Vec<Vec<u64>> =
        (0..observation.cameras.len()).map(|camera| phases(spec, &observation, camera)).collect();
    for (frames, phases) in observation.cameras.iter_mut().zip(phases) {
        frames.phases = phases;
    }
    observation
}

/// How badly a sequence is broken: violations, undecided values, and how far the values are from the middle of their limits,
/// which decides only between phases that are broken equally.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
struct Cost(u64, u64, u128);

impl Cost {
    fn and(self, other: Cost) -> Cost {
        Cost(self.0 + other.0, self.1 + other.1, self.2.saturating_add(other.2))
    }
}

/// What each phase of one sequence costs in a part of time, in order.
struct Costs {
    costs: Vec<Cost>,
    /// So many exposures are one entry of it.
    exposures: usize,
}

impl Costs {
    fn at(&self, phase: usize) -> Cost {
        self.costs[phase / self.exposures % self.costs.len()]
    }
}

/// The phase of a camera in each part of time, in exposures. No part but the first has a frame whose number is known.
fn phases(spec: &Spec, observation: &Observation, camera: usize) -> Vec<u64> {
    let burst = observation.rig.cameras[camera].burst.get() as usize;
    let is_sequence = |rule: &&Rule| rule.limits.len() > 1 && rule.subject == Subject::Camera(camera);
    let tracks: Vec<(&Rule, Track)> = (spec.rules.iter().filter(is_sequence))
        .filter_map(|rule| Some((rule, rule.quantity.measure(observation, rule.subject).ok()?)))
        .collect();
    let sequences: Vec<Judging<'_>> =
        tracks.iter().map(|(rule, track)| Judging::new(rule, spec, observation, track)).collect();
    let best = |part: usize| {
        let is_strict = match spec.sequence {
            SequencePhase::Fit => false,
            SequencePhase::Strict => part == 0 && observation.begins_whole(),
        };
        if is_strict {
            return 0;
        }
        let pattern = pattern_breaks(observation.camera(camera), part).map(|breaks| {
            let costs = breaks.into_iter().map(|broken| Cost(broken, 0, 0)).collect();
            Costs { costs, exposures: 1 }
        });
        let arrays = sequences.iter().map(|judging| Costs { costs: judging.costs(part), exposures: burst });
        best_phase(&arrays.chain(pattern).collect::<Vec<Costs>>())
    };
    (0..=observation.renumberings().len()).map(|part| best(part) as u64).collect()
}

/// The first phase that costs least over all of these.
fn best_phase(all: &[Costs]) -> usize {
    /// Sequences whose lengths have no common measure repeat after so many exposures that not all of them are tried.
    const MOST: usize = 1 << 16;
    let period = all.iter().fold(1, |period: usize, one| {
        let length = one.costs.len().saturating_mul(one.exposures);
        period.saturating_mul(length / greatest_common_divisor(period, length))
    });
    let cost = |phase: &usize| all.iter().map(|one| one.at(*phase)).fold(Cost::default(), Cost::and);
    (0..period.min(MOST)).min_by_key(cost).unwrap_or(0)
}

fn greatest_common_divisor(a: usize, b: usize) -> usize {
    if b == 0 { a.max(1) } else { greatest_common_divisor(b, a % b) }
}

impl Judging<'_> {
    /// The part of time in which a point lies.
    fn part(&self, point: &Outline) -> usize {
        self.restarts.partition_point(|restart| *restart <= point.from)
    }

    /// The entry of a sequence that frame 0 of a part of time has.
    pub(super) fn phase(&self, part: usize) -> usize {
        let Subject::Camera(camera) = self.rule.subject else { return 0 };
        let burst = u64::from(self.observation.rig.cameras[camera].burst.get());
        let phase = self.observation.cameras[camera].phases.get(part).copied().unwrap_or(0);
        usize::try_from(phase / burst).unwrap_or(0) % self.rule.limits.len().max(1)
    }

    /// The entry of the sequence by which a point is judged; none when its frame is not known.
    pub(super) fn entry(&self, point: &Outline) -> Option<usize> {
        if self.rule.limits.len() == 1 {
            return Some(0);
        }
        self.entry_at(point, self.phase(self.part(point)))
    }

    /// The entry that a point has if frame 0 has this one.
    fn entry_at(&self, point: &Outline, phase: usize) -> Option<usize> {
        let place = (i128::from(point.frame?) + phase as i128).rem_euclid(self.rule.limits.len() as i128);
        usize::try_from(place).ok()
    }

    /// What each phase costs in a part of time.
    fn costs(&self, part: usize) -> Vec<Cost> {
        let bands = self.bands();
        let mut compared = Compared::with(&bands, &self.track.points);
        let points: Vec<Outline> = self.track.points.outlines().filter(|point| self.part(point) == part).collect();
        let cost = |phase: usize| {
            let standings = points.iter().map(|point| self.standing(point, &mut compared, self.entry_at(point, phase)));
            let (failed, marginal) = standings.fold((0, 0), |(failed, marginal), standing| match standing {
                Standing::Outside => (failed + 1, marginal),
                Standing::Straddling => (failed, marginal + 1),
                Standing::Inside | Standing::NotJudged => (failed, marginal),
            });
            Cost(failed, marginal, self.distance_from_middle(&points, phase))
        };
        (0..bands.len()).map(cost).collect()
    }

    /// How far values lie from the middle of their limits, in millionths of the largest of these.
    fn distance_from_middle(&self, points: &[Outline], phase: usize) -> u128 {
        let middles: Vec<f64> = (self.rule.limits.iter())
            .map(|limit| {
                let ends = [limit.min(), limit.max()].into_iter().flatten();
                let ends: Vec<f64> = ends.map(Rational::to_f64).collect();
                ends.iter().sum::<f64>() / ends.len() as f64
            })
            .collect();
        let scale = self.track.scale.to_f64();
        let value = |point: &Outline| self.track.points.value(point.code).to_f64() * scale;
        let off = |point: &Outline| Some((value(point) - middles[self.entry_at(point, phase)?]).abs());
        let sum: f64 = points.iter().filter_map(off).sum();
        let largest = middles.iter().fold(f64::MIN_POSITIVE, |largest, middle| largest.max(middle.abs()));
        // A float cast saturates, which is all a tie-break needs.
        (sum / largest * 1e6) as u128
    }

    /// Whether a sequence goes on otherwise behind a seam: what may be lost there would be why, or else it slipped.
    pub(super) fn is_turned_at_seam(&self) -> bool {
        let is_turned = || (1..=self.restarts.len()).any(|part| self.phase(part) != self.phase(0));
        self.rule.limits.len() > 1 && !self.observation.seams.all().is_empty() && is_turned()
    }
}
