//! Which entry of a sequence a frame is judged by.

use super::Standing;
use super::band::Band;
use super::judge::Judging;
use crate::quantity::Point;
use crate::spec::SequencePhase;
use crate::units::Rational;

impl Judging<'_> {
    /// The same with a sequence laid anew in each part of time, where it breaks it least.
    pub(super) fn turned(mut self) -> Self {
        let entries = self.rule.limits.len();
        if entries > 1 && !self.restarts.is_empty() {
            let bands = self.bands();
            let phases: Vec<usize> = (0..=self.restarts.len()).map(|part| self.phase(&bands, part)).collect();
            let first = phases.first().copied().unwrap_or(0);
            self.turns = phases.into_iter().map(|phase| (phase + entries - first) % entries).collect();
        }
        self
    }

    /// The part of time in which a point lies.
    fn part(&self, point: &Point) -> usize {
        self.restarts.partition_point(|restart| *restart <= point.from)
    }

    /// The entry of the sequence by which a point is judged; none when its frame is not known.
    pub(super) fn entry(&self, point: &Point, phase: usize) -> Option<usize> {
        let entries = self.rule.limits.len();
        if entries == 1 {
            return Some(0);
        }
        let turn = self.turns.get(self.part(point)).copied().unwrap_or(0);
        let place = (i128::from(point.frame?) + (phase + turn) as i128).rem_euclid(entries as i128);
        usize::try_from(place).ok()
    }

    /// The phase of a sequence in a part of time: as strict as the spec wants, or the one that breaks it least. No part but the
    /// first has a frame whose number is known.
    pub(super) fn phase(&self, bands: &[Band], part: usize) -> usize {
        let is_strict = match self.spec.sequence {
            SequencePhase::Fit => false,
            SequencePhase::Strict => part == 0 && self.observation.begins_whole(),
        };
        if bands.len() == 1 || is_strict {
            return 0;
        }
        let points: Vec<&Point> = self.track.points.iter().filter(|point| self.part(point) == part).collect();
        let cost = |phase: usize| {
            let standings = points.iter().map(|point| self.standing(point, bands, phase));
            let (failed, marginal) = standings.fold((0_u64, 0_u64), |(failed, marginal), standing| match standing {
                Standing::Outside => (failed + 1, marginal),
                Standing::Straddling => (failed, marginal + 1),
                Standing::Inside | Standing::NotJudged => (failed, marginal),
            });
            (failed, marginal, self.distance_from_middle(&points, phase))
        };
        (0..bands.len()).min_by_key(|&phase| cost(phase)).unwrap_or(0)
    }

    /// How far values lie from the middle of their limits, in whole parts of a million of the track's unit: it decides only
    /// between phases of equally many violations.
    fn distance_from_middle(&self, points: &[&Point], phase: usize) -> u128 {
        let middles: Vec<f64> = (self.rule.limits.iter())
            .map(|limit| {
                let ends = [limit.min(), limit.max()].into_iter().flatten();
                let ends: Vec<f64> = ends.map(Rational::to_f64).collect();
                ends.iter().sum::<f64>() / ends.len() as f64
            })
            .collect();
        let scale = self.track.scale.to_f64();
        let sum: f64 = (points.iter())
            .filter_map(|point| Some((point.reading.value.to_f64() * scale - middles[self.entry(point, phase)?]).abs()))
            .sum();
        // A float cast saturates, which is all a tie-break needs.
        (sum / scale * 1e6) as u128
    }

    /// Whether a sequence goes on otherwise behind a seam: what may be lost there would be why, or else it slipped.
    pub(super) fn is_turned_at_seam(&self) -> bool {
        !self.observation.seams.all().is_empty() && self.turns.iter().any(|turn| *turn > 0)
    }
}
