//! What would settle a check, and which limits are too narrow for any value: both ask the same of the instrument.

use super::Judged;
use super::advice::{Advice, Known};
use super::band::clock_error;
use super::judge::{Judging, Tally};
use crate::frame::{ClockSource, Observation};
use crate::quantity::{Doubt, Family, Subject, Track, exposure};
use crate::spec::Limit;
use crate::units::{Rational, Unit, half_width_text};

/// A value that is open, and what decides it if the truth is there.
struct Open {
    judged: Judged,
    known: Known,
    /// How far from its limit the truth is taken to be.
    distance: Rational,
    /// Whether it is where it was measured.
    is_measured: bool,
    advice: Advice,
}

/// The track as other instruments would show it where the samples are: what each of them takes away is its part of the bounds.
pub(super) struct Parts {
    /// With edges that are known as well as samples show them.
    sharp: Option<Track>,
    /// And with edges that do not chatter, but are known as stated.
    unbridged: Option<Track>,
    /// With a clock without error as well.
    perfect: Option<Track>,
}

impl Parts {
    pub(super) fn of(judging: &Judging<'_>) -> Parts {
        let measured =
            |observation: &Observation| judging.rule.quantity.measure(observation, judging.rule.subject).ok();
        let unbridged = judging.observation.without_chatter();
        let sharp = unbridged.with_sharp_edges();
        let perfect = Observation { clock: Rational::ZERO, ..sharp.clone() };
        Parts { sharp: measured(&sharp), unbridged: measured(&unbridged), perfect: measured(&perfect) }
    }
}

impl Judging<'_> {
    /// What would settle the check, as it stands behind `to settle it:`.
    pub(super) fn settle(&self, tally: Tally<'_>) -> Option<String> {
        if tally.excused > 0 {
            return self.unresolved.settled_by();
        }
        if self.is_turned_at_seam() {
            return Some(Doubt::Seam.settled_by().to_owned());
        }
        if let Some(doubt) = self.track.doubt {
            return (!tally.marginal.is_empty()).then(|| doubt.settled_by().to_owned());
        }
        if tally.marginal.is_empty() {
            return None;
        }
        if self.rule.quantity.unit == Unit::Count {
            return Some(
                "edges whose order is known: a higher sample rate, or sharper ones (analyzer.edge)".to_owned(),
            );
        }
        let parts = Parts::of(self);
        let open = |place: &usize| self.open(*place, &parts);
        let (mut outside, mut inside): (Vec<Open>, Vec<Open>) =
            tally.marginal.iter().map(open).partition(|open| open.judged.margin.is_negative());
        outside.sort_by(|a, b| a.advice.cmp(&b.advice));
        inside.sort_by(|a, b| a.advice.cmp(&b.advice));
        // So many proven outside fail it; and all but so many proven inside pass it.
        let spare = usize::try_from(tally.spare).unwrap_or(usize::MAX);
        let deciding = match outside.get(spare) {
            Some(open) => open,
            None => inside.get(inside.len().checked_sub(1 + spare - outside.len())?)?,
        };
        let unit = self.rule.quantity.unit;
        let what = deciding.known.text(&deciding.advice, self.instrument, unit);
        Some(match deciding.advice {
            Advice::Longer => what,
            Advice::Rate { .. } | Advice::Clock { .. } | Advice::Edges { .. } => {
                let condition = if !deciding.is_measured {
                    format!("the true value is {} or more from the limit", half_width_text(&deciding.distance, unit))
                } else if tally.marginal.len() == 1 {
                    "this is the true value".to_owned()
                } else {
                    "these are the true values".to_owned()
                };
                format!("{what}, if {condition}")
            }
        })
    }

    fn open(&self, place: usize, parts: &Parts) -> Open {
        let judged = self.judged(place);
        let known = self.known(place, &judged, parts);
        // A value on the limit is put there by the samples.
        let tenth = judged.half_width().map_or(Rational::ZERO, |half| &half * &Rational::decimal(1, -1));
        let measured = self.distance(&judged);
        let is_measured = measured >= tenth;
        let distance = measured.max(tenth);
        let advice = match judged.half_width() {
            Some(_) => known.advice(&distance),
            None => Advice::Longer,
        };
        Open { judged, known, distance, is_measured, advice }
    }

    /// How far a value is from the end of its limit that is open.
    fn distance(&self, judged: &Judged) -> Rational {
        let limit = &self.rule.limits[judged.entry];
        // No value is below what none can be below, and so none is to be told from it.
        let least = self.least();
        let min = limit.min().filter(|min| least.is_none_or(|least| least < **min)).map(|min| &judged.value - min);
        let max = limit.max().map(|max| max - &judged.value);
        let nearest = min.into_iter().chain(max).min();
        nearest.unwrap_or(Rational::ZERO).abs()
    }

    /// What leaves a value open.
    pub(super) fn known(&self, place: usize, judged: &Judged, parts: &Parts) -> Known {
        let half = |track: &Option<Track>| {
            let track = track.as_ref()?;
            // With other windows other edges may belong together, and values come or go: any is known about as well as this.
            let half_width = if track.points.len() == self.track.points.len() {
                track.points.get(place)?.reading.half_width()?
            } else {
                track.points.half_width()?
            };
            Some(&half_width * &track.scale)
        };
        let whole = judged.half_width().unwrap_or(Rational::ZERO);
        let unbridged = half(&parts.unbridged).unwrap_or_else(|| whole.clone());
        let sharp = half(&parts.sharp).unwrap_or_else(|| unbridged.clone());
        let samples = half(&parts.perfect).unwrap_or_else(|| sharp.clone());
        let measured = &judged.value + &self.track.stated;
        let band = clock_error(self.rule.quantity, &measured, self.instrument.clock, &self.track.clock_span);
        let clock = &sharp - &samples + band;
        let samples = if self.rests_on_middles() { samples.times(2) } else { samples };
        Known { bridged: &whole - &unbridged, edges: &unbridged - &sharp, clock, samples }
    }

    /// Whether it is a quantity of the middles of exposures: one that falls on a sample is known twice as well as one that falls
    /// between two, and seen again it may be either.
    fn rests_on_middles(&self) -> bool {
        let (Subject::Camera(camera), quantity) = (self.rule.subject, self.rule.quantity) else { return false };
        self.observation.cameras[camera].clock.source == ClockSource::StrobeMiddle
            && (quantity.family() == Some(Family::Frame) || [&exposure::MIDDLE, &exposure::JITTER].contains(&quantity))
    }

    /// Why no value at all can pass a limit, and what it takes: where the guards at its ends meet. Of what cannot be below
    /// zero, zero itself is known.
    pub(super) fn too_narrow(&self, worst: Option<usize>) -> Option<String> {
        let place = worst?;
        let judged = self.judged(place);
        let half_width = judged.half_width()?;
        let quantity = self.rule.quantity;
        if quantity.unit == Unit::Count || half_width.is_zero() {
            return None;
        }
        let narrow = |limit: &&Limit| self.room(limit).is_some_and(|(room, clock)| room < &half_width + &clock);
        let limit = self.rule.limits.iter().find(narrow)?;
        let (room, clock) = self.room(limit)?;
        let known = self.known(place, &judged, &Parts::of(self));
        let known = Known { clock: clock.max(known.clock.clone()), ..known };
        let takes = match self.track.doubt {
            // What a log does not say, no analyzer does.
            Some(doubt @ (Doubt::CoarseStamps | Doubt::AmbiguousLog | Doubt::UnmetRows | Doubt::ExposureLag)) => {
                doubt.settled_by().to_owned()
            }
            Some(
                Doubt::LostSamples
                | Doubt::Seam
                | Doubt::CutPulses
                | Doubt::LogEnds
                | Doubt::UnknownEnd
                | Doubt::Unresolved,
            )
            | None => known.text(&known.advice(&room), self.instrument, quantity.unit),
        };
        Some(format!(
            "{} {}: too narrow for this capture, nothing can pass; it takes {takes}",
            quantity.id,
            limit.text()
        ))
    }

    /// What the clock's error makes of a bound of a limit.
    pub(super) fn clock_at(&self, bound: &Rational) -> Rational {
        let measured = bound + &self.track.stated;
        clock_error(self.rule.quantity, &measured, self.instrument.clock, &self.track.clock_span)
    }

    /// How far from both ends of a limit a value can lie, at most, and what the clock's error takes of it; none without two ends.
    pub(super) fn room(&self, limit: &Limit) -> Option<(Rational, Rational)> {
        let (min, max) = (limit.min()?, limit.max()?);
        match self.least() {
            Some(least) if *min <= least => Some((max - &least, self.clock_at(max))),
            Some(_) | None => Some(((max - min).half(), (&self.clock_at(min) + &self.clock_at(max)).half())),
        }
    }

    /// What no value is below, in the base unit.
    pub(super) fn least(&self) -> Option<Rational> {
        self.track.least.as_ref().map(|least| self.base(least))
    }
}
