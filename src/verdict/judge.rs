//! From a rule and an observation to a check.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::advice::Instrument;
use super::band::{Band, Compared, Side, margin};
use super::unseen::Unresolved;
use super::{Check, Judged, LeftOut, Plots, Standing, Statistics, Verdict, WhyLeftOut};
use crate::frame::Observation;
use crate::quantity::{Absent, Code, Doubt, Measure, Outline, Seen, Subject, Track, frame_count};
use crate::rig::Role;
use crate::spec::{Allow, Origin, Rule, Spec};
use crate::units::{Rational, Rounding, SampleIndex, Unit};

/// Violations and marginal values are listed up to this many.
const LISTED: usize = 100;

/// Whether a rule has anything to say of this capture: without a frame time, missing frames are implied only where a rhythm
/// breaks.
#[must_use]
pub fn applies(rule: &Rule, observation: &Observation) -> bool {
    match (rule.origin, rule.subject) {
        (Origin::Implied, Subject::Camera(camera)) if *rule.quantity == frame_count::MISSING => {
            let is_counted = observation.rig.cameras[camera].frame_time.is_some();
            is_counted || !matches!(rule.quantity.measure(observation, rule.subject), Err(Absent::NoFrameTime))
        }
        (Origin::Implied | Origin::Stated, Subject::Camera(_) | Subject::Line(_)) => true,
    }
}

/// Judges one rule.
#[must_use]
pub fn judge(rule: &Rule, spec: &Spec, observation: &Observation) -> Check {
    match rule.quantity.measure(observation, rule.subject) {
        Ok(track) => {
            let judged = |track: &Track| Judging::new(rule, spec, observation, track).check();
            let check = judged(&track);
            // Where each of the tracks that may be the true one fails, it fails, whichever is.
            let is_fail = |check: &Check| check.verdict == Verdict::Fail;
            let mut each: Vec<Check> = match check.verdict {
                Verdict::Inconclusive => track.one_of.iter().map(judged).collect(),
                Verdict::Pass | Verdict::Fail => Vec::new(),
            };
            if !each.is_empty() && each.iter().all(is_fail) { each.swap_remove(0) } else { check }
        }
        Err(absent) => {
            let settle = absent.settled_by().map(str::to_owned);
            Check { reason: Some(absent.reason()), settle, ..unmeasured(rule, spec) }
        }
    }
}

/// The check of a rule before anything was measured: nothing measured is never a pass.
pub(crate) fn unmeasured(rule: &Rule, spec: &Spec) -> Check {
    let (camera, line) = match rule.subject {
        Subject::Camera(camera) => (spec.rig.cameras.get(camera).map(|camera| camera.name.clone()), None),
        Subject::Line(wire) => {
            let wire = spec.rig.wire(wire);
            (Some(wire.owner.clone()), Some(wire.key()))
        }
    };
    Check {
        quantity: rule.quantity,
        subject: rule.subject,
        camera,
        line,
        rule: rule.text(),
        limits: rule.limits.clone(),
        phase: 0,
        origin: rule.origin,
        verdict: Verdict::Inconclusive,
        reason: None,
        settle: None,
        too_narrow: None,
        measured: 0,
        failed: 0,
        marginal: 0,
        unresolved: 0,
        left_out: Vec::new(),
        statistics: None,
        uncertainty: None,
        worst: None,
        violations: Vec::new(),
        marginals: Vec::new(),
        track: Arc::default(),
    }
}

/// How many of a check's values decide it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tally<'a> {
    /// The values that are open.
    pub(super) marginal: &'a [usize],
    /// How many more may be outside.
    pub(super) spare: u64,
    /// How many of the open ones pulses that no sample shows may account for.
    pub(super) excused: u64,
}

pub(super) struct Judging<'a> {
    pub(super) rule: &'a Rule,
    pub(super) spec: &'a Spec,
    pub(super) observation: &'a Observation,
    pub(super) instrument: Instrument<'a>,
    pub(super) track: &'a Track,
    pub(super) unresolved: Unresolved<'a>,
    /// Where time begins anew: how many frames have passed since those before is not known.
    pub(super) restarts: Vec<SampleIndex>,
}

impl<'a> Judging<'a> {
    pub(super) fn new(rule: &'a Rule, spec: &'a Spec, observation: &'a Observation, track: &'a Track) -> Judging<'a> {
        Judging {
            rule,
            spec,
            observation,
            instrument: Instrument { rate: &observation.rate, clock: &spec.analyzer.clock },
            track,
            unresolved: Unresolved::of(rule, spec, observation),
            restarts: observation.renumberings(),
        }
    }

    pub(super) fn bands(&self) -> Vec<Band> {
        (self.rule.limits.iter())
            .map(|limit| Band::new(self.rule.quantity, limit, self.instrument.clock, self.track))
            .collect()
    }

    fn check(&self) -> Check {
        let bands = self.bands();
        let mut compared = Compared::with(&bands, &self.track.points);
        let mut standings: Vec<Standing> =
            self.points().map(|(_, point)| self.standing(&point, &mut compared, self.entry(&point))).collect();
        let excused = self.excuse(&mut standings, &bands);
        let places = |wanted: Standing| -> Vec<usize> {
            standings.iter().enumerate().filter(|(_, s)| **s == wanted).map(|(place, _)| place).collect()
        };
        let (failed, marginal) = (places(Standing::Outside), places(Standing::Straddling));
        let judged = JudgedPoints { judging: self, standings: &standings };
        let measured = standings.iter().filter(|standing| **standing != Standing::NotJudged).count() as u64;
        let worst_place = self.worst(judged);
        let worst = worst_place.map(|place| self.judged(place));
        let (verdict, reason) = self.verdict(judged, measured, &failed, &marginal, excused);
        let spare = self.allowed(measured).saturating_sub(failed.len() as u64);
        let tally = Tally { marginal: &marginal, spare, excused };
        let whole = judged.iter().map(|(_, point)| point).filter(|point| point.seen != Seen::CutOff);
        Check {
            phase: self.phase(0),
            verdict,
            reason,
            settle: if verdict == Verdict::Inconclusive { self.settle(tally) } else { None },
            too_narrow: self.too_narrow(worst_place),
            measured,
            failed: failed.len() as u64,
            marginal: marginal.len() as u64,
            unresolved: excused,
            left_out: self.left_out(&standings),
            statistics: Statistics::of(self.track, whole),
            uncertainty: worst.as_ref().and_then(Judged::half_width),
            worst,
            violations: failed.iter().take(LISTED).map(|&place| self.judged(place)).collect(),
            marginals: marginal.iter().take(LISTED).map(|&place| self.judged(place)).collect(),
            track: Arc::new(self.plotted(&standings)),
            ..unmeasured(self.rule, self.spec)
        }
    }

    /// The values with their places.
    fn points(&self) -> impl Iterator<Item = (usize, Outline)> + Clone {
        self.track.points.outlines().enumerate()
    }

    pub(super) fn standing(&self, point: &Outline, compared: &mut Compared<'_>, entry: Option<usize>) -> Standing {
        match entry {
            Some(entry) if !self.is_warm_up(point) => compared.standing(point, entry),
            Some(_) | None => Standing::NotJudged,
        }
    }

    /// Takes back the proof of as many violations as pulses that no sample shows may account for, the last ones first,
    /// and says how many that are.
    fn excuse(&self, standings: &mut [Standing], bands: &[Band]) -> u64 {
        let (mut left, mut excused) = (self.unresolved.excuses(), 0);
        for (place, standing) in
            standings.iter_mut().enumerate().rev().filter(|(_, standing)| **standing == Standing::Outside)
        {
            let Some(point) = self.track.points.outline(place) else { continue };
            let band = self.entry(&point).and_then(|entry| bands.get(entry));
            if band.is_some_and(|band| self.is_excused(&point, band, left)) {
                *standing = Standing::Straddling;
                left -= 1;
                excused += 1;
            }
        }
        excused
    }

    /// Whether so many unseen pulses may account for a violation.
    fn is_excused(&self, point: &Outline, band: &Band, pulses: u64) -> bool {
        if pulses == 0 {
            return false;
        }
        let reading = self.track.points.reading(point.code);
        let (raises, lowers) = (self.unresolved.raises, self.unresolved.lowers);
        match self.rule.quantity.unit {
            // A pulse has two edges, of which either may count.
            Unit::Count => {
                let pulses = Rational::from(pulses);
                let less = if raises { pulses.clone() } else { Rational::ZERO };
                let more = if lowers { pulses.times(2) } else { Rational::ZERO };
                band.beyond(&reading.widened(&less, &more)).is_none()
            }
            Unit::Second | Unit::Hertz | Unit::Percent | Unit::Ppm => match band.beyond(&reading) {
                Some(Side::Above) => raises,
                Some(Side::Below) => lowers,
                None => false,
            },
        }
    }

    /// Warm-up frames are shown and not judged; what belongs to no frame is judged by where it lies.
    fn is_warm_up(&self, point: &Outline) -> bool {
        let skip = self.observation.rig.skip_frames;
        match (self.rule.quantity.measure, self.rule.subject) {
            (Measure::Frames(_), Subject::Camera(camera)) if skip > 0 => match point.frame {
                Some(frame) => u64::try_from(frame).is_ok_and(|frame| frame < skip) || frame < 0,
                None => {
                    let edges = &self.observation.cameras[camera].clock.edges;
                    let first = edges.iter().find(|edge| u64::try_from(edge.starts).is_ok_and(|n| n >= skip));
                    first.is_none_or(|first| point.from < first.edge.at())
                }
            },
            (Measure::Frames(_) | Measure::Line(_) | Measure::Capture(_), _) => false,
        }
    }

    /// What is not judged, and why.
    fn left_out(&self, standings: &[Standing]) -> Vec<LeftOut> {
        let not_judged = (0..standings.len()).filter(|&place| standings[place] == Standing::NotJudged);
        let reasons: Vec<WhyLeftOut> = not_judged
            .filter_map(|place| self.track.points.outline(place))
            .map(|point| match point.seen {
                _ if self.is_warm_up(&point) => WhyLeftOut::WarmUp,
                Seen::CutOff => WhyLeftOut::CutOff,
                Seen::Whole | Seen::InDoubt => WhyLeftOut::NoEntry,
            })
            .collect();
        let count = |why: WhyLeftOut| reasons.iter().filter(|reason| **reason == why).count() as u64;
        let counted = WhyLeftOut::ALL.into_iter().map(|why| LeftOut { count: count(why), why });
        counted.filter(|left_out| left_out.count > 0).chain(self.track.left_out.iter().copied()).collect()
    }

    fn verdict(
        &self,
        judged: JudgedPoints<'_>,
        measured: u64,
        failed: &[usize],
        marginal: &[usize],
        excused: u64,
    ) -> (Verdict, Option<String>) {
        if measured == 0 {
            return (Verdict::Inconclusive, Some("nothing was measured: all of it is cut off or warm-up".to_owned()));
        }
        let allowed = self.allowed(measured);
        let (broken, doubtful) = (failed.len() as u64, marginal.len() as u64);
        if broken > allowed {
            return (Verdict::Fail, Some(self.failure_text(broken, measured, allowed)));
        }
        let asked = self.spec.min_frames;
        if let Some(frames) = self.frames_measured(judged, asked).filter(|frames| *frames < asked) {
            let text = format!("{frames} frames were measured, timing.min_frames asks for {asked}");
            return (Verdict::Inconclusive, Some(text));
        }
        if broken + doubtful <= allowed {
            return match self.is_turned_at_seam() {
                true => (Verdict::Inconclusive, Some(Doubt::Seam.reason().to_owned())),
                false => (Verdict::Pass, None),
            };
        }
        let values = if doubtful == 1 { "1 value straddles".to_owned() } else { format!("{doubtful} values straddle") };
        let unseen = self.unresolved.reason().filter(|_| excused > 0);
        let doubt = || self.track.doubt.map(|doubt| doubt.reason().to_owned());
        let reason = unseen.or_else(doubt).unwrap_or_else(|| format!("{values} the limit within the uncertainty"));
        (Verdict::Inconclusive, Some(reason))
    }

    fn failure_text(&self, broken: u64, judged: u64, allowed: u64) -> String {
        let are = if broken == 1 { "is" } else { "are" };
        let text = match self.rule.quantity.measure {
            Measure::Frames(_) if allowed > 0 => {
                format!("{broken} of {judged} values {are} outside the limit, {allowed} may be")
            }
            Measure::Frames(_) => format!("{broken} of {judged} values {are} outside the limit"),
            Measure::Line(_) | Measure::Capture(_) => "the value is outside the limit".to_owned(),
        };
        match self.unresolved.presumption() {
            Some(presumption) => format!("{text}; {presumption}"),
            None => text,
        }
    }

    fn allowed(&self, measured: u64) -> u64 {
        match &self.rule.allow {
            Allow::Frames(frames) => *frames,
            Allow::Share(share) => {
                let frames = (share * &Rational::from(measured)).to_integer(Rounding::Down);
                frames.and_then(|frames| u64::try_from(frames).ok()).unwrap_or(0)
            }
        }
    }

    /// How many frames the verdict rests on, counted up to `enough`; none for quantities of a line.
    fn frames_measured(&self, judged: JudgedPoints<'_>, enough: u64) -> Option<u64> {
        match (self.rule.quantity.measure, self.rule.subject) {
            (Measure::Frames(_), Subject::Camera(camera)) => {
                // Values of no frame are of as many as there are.
                let most = if self.has_frames(camera) { self.observation.complete_frames(camera) } else { u64::MAX };
                let (mut numbered, mut unnumbered) = (BTreeSet::new(), 0);
                for (_, point) in judged.iter() {
                    match point.frame {
                        Some(frame) => drop(numbered.insert(frame)),
                        None => unnumbered += 1,
                    }
                    if numbered.len() as u64 >= enough {
                        break;
                    }
                }
                Some((numbered.len() as u64).max(most.min(unnumbered)))
            }
            // A camera of which neither FSIN nor STROBE is wired has no frames to count.
            (Measure::Capture(_), Subject::Camera(camera)) if self.has_frames(camera) => {
                Some(self.observation.complete_frames(camera))
            }
            (Measure::Frames(_) | Measure::Line(_) | Measure::Capture(_), _) => None,
        }
    }

    fn has_frames(&self, camera: usize) -> bool {
        let wired = |role| self.observation.rig.cameras[camera].has(role);
        wired(Role::Fsin) || wired(Role::Strobe)
    }

    /// The place of the value with the least margin: for each limit of the rule it is the smallest or the largest value, the first
    /// one of each kind.
    fn worst(&self, judged: JudgedPoints<'_>) -> Option<usize> {
        type Found = (i64, usize);
        let kinds = self.track.points.kinds();
        let mut extremes: Vec<Option<(Found, Found)>> = vec![None; self.rule.limits.len() * kinds];
        let mut candidates: Vec<(usize, usize)> = Vec::new();
        for (place, point) in judged.iter() {
            let Some(entry) = self.entry(&point) else { continue };
            let (kind, units) = match point.code {
                Code::OfKind { kind, units } => (kind, units),
                Code::Odd(_) => {
                    candidates.push((place, entry));
                    continue;
                }
            };
            match &mut extremes[entry * kinds + kind] {
                Some((least, _)) if units < least.0 => *least = (units, place),
                Some((_, most)) if units > most.0 => *most = (units, place),
                Some(_) => {}
                none @ None => *none = Some(((units, place), (units, place))),
            }
        }
        for (at, (least, most)) in extremes.iter().enumerate().filter_map(|(at, found)| Some((at, (*found)?))) {
            candidates.extend([(least.1, at / kinds), (most.1, at / kinds)]);
        }
        let margin_at = |&(place, entry): &(usize, usize)| {
            let value = self.track.points.value(self.track.points.outline(place)?.code);
            Some((margin(&self.base(&value), &self.rule.limits[entry]), place))
        };
        candidates.iter().filter_map(margin_at).min().map(|(_, place)| place)
    }

    /// A reading's value in the quantity's base unit.
    pub(super) fn base(&self, value: &Rational) -> Rational {
        value * &self.track.scale
    }

    pub(super) fn judged(&self, place: usize) -> Judged {
        let entry = self.track.points.outline(place).and_then(|point| self.entry(&point)).unwrap_or(0);
        Judged::of(&self.track.points.at(place), &self.track.scale, entry, &self.rule.limits[entry])
    }

    fn plotted(&self, standings: &[Standing]) -> Plots {
        let (points, scale) = (self.track.points.clone(), self.track.scale.clone());
        match self.rule.limits.len() {
            1 => Plots::new(points, scale, standings.iter().map(|standing| (*standing, 0))),
            _ => {
                let entry = |point: Outline| self.entry(&point).unwrap_or(0);
                Plots::new(points, scale, self.points().map(|(place, point)| (standings[place], entry(point))))
            }
        }
    }
}

/// The values that are judged.
#[derive(Clone, Copy)]
struct JudgedPoints<'a> {
    judging: &'a Judging<'a>,
    standings: &'a [Standing],
}

impl<'a> JudgedPoints<'a> {
    /// One after the other, with their places.
    fn iter(self) -> impl Iterator<Item = (usize, Outline)> + Clone + use<'a> {
        let standings = self.standings;
        self.judging.points().filter(move |(place, _)| standings[*place] != Standing::NotJudged)
    }
}
