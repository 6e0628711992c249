//! Which lines play which part. A probe's own name is a witness; where it says nothing, or the line speaks against it, what the
//! others do beside it tells, or it stays undecided.

use super::names::Claim;
use crate::line::limits::at_once;
use crate::line::{LineSummary, Pulses, Shape, after, coincidence, edges_to, is_clock, overlap};
use crate::rig::{Polarity, Role};
use crate::signal::{Level, Waveform};
use crate::units::{Rational, SampleCount, SampleRate};

/// A probe that may show a line of a camera.
pub(super) struct Candidate<'a> {
    pub(super) shape: Shape,
    pub(super) waveform: Option<&'a Waveform>,
    pub(super) summary: Option<LineSummary>,
    pub(super) pulses: Pulses,
    pub(super) claim: Option<Claim>,
}

impl Candidate<'_> {
    /// Whether it is no faster than frames only because its pulses come in groups, all alike: a light that is dimmed so.
    pub(super) fn is_pulsed(&self) -> bool {
        const ALIKE_SAMPLES: u64 = 3;
        let active = self.summary.as_ref().and_then(LineSummary::active_width);
        // Crosstalk is of a sample or two.
        self.shape == Shape::Other
            && active.is_some_and(|width| width.min > ALIKE_SAMPLES && width.max - width.min <= ALIKE_SAMPLES)
    }
}

/// This many per mille of edges that meet another line's are a rule, not chance.
const AS_A_RULE: u64 = 800;
/// What is active for no more of its time than this (per cent) is active at the level that it has less: exposures that fill more
/// of the frame than the rest are rare.
pub(super) const CLEAR_PERCENT: u64 = 35;
/// To be at the same time by chance is rare if a frame has so many samples, and one of them is no longer than this: cameras take
/// longer from a trigger to the exposure (field guide, C10).
const FINE_SAMPLES: u64 = 4000;
pub(super) const FINE_RATE_HZ: i128 = 200_000;
/// A line by itself at more frames a second than this may be bytes as well: 9600 baud are 960 of them.
const FAST_FRAMES_PER_S: i128 = 900;
/// An exposure begins no later after its trigger than this part of a frame: 777 µs of an OV9282 (field guide, C10) are less at
/// 320 frames a second.
const LATENCY_PER_FRAME: u64 = 4;
/// A line by itself that is low for no more than this may be bytes: a line of bytes is high between them.
const BYTES_PERCENT: u64 = 20;

/// Why a line is what it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Witness {
    /// Its name.
    Name,
    /// It is the only one left.
    Rest,
    /// No other line moves.
    Alone,
    /// An edge of it, at the same time as those of another line.
    Edge,
    /// Where it lies beside the others.
    Place,
}

/// Which candidates play which part.
pub(super) struct Roles<'a> {
    pub(super) candidates: &'a [Candidate<'a>],
    pub(super) rate: &'a SampleRate,
    pub(super) parts: Vec<Option<(Role, Witness)>>,
    /// Those whose names and edges contradict each other.
    pub(super) disputed: Vec<usize>,
}

impl<'a> Roles<'a> {
    pub(super) fn among(candidates: &'a [Candidate<'a>], rate: &'a SampleRate) -> Roles<'a> {
        let parts = vec![None; candidates.len()];
        let mut roles = Roles { candidates, rate, parts, disputed: Vec::new() };
        roles.take_names();
        roles.dispute_swapped();
        roles.find_strobe();
        roles.find_others();
        roles
    }

    fn usable(&self) -> impl Iterator<Item = usize> + use<'a> {
        let candidates = self.candidates;
        (0..candidates.len()).filter(move |&place| {
            let candidate = &candidates[place];
            let is_light = candidate.claim == Some(Claim::Line(Role::Flash)) && candidate.is_pulsed();
            (candidate.shape.is_of_camera() || is_light) && candidate.claim != Some(Claim::Foreign)
        })
    }

    /// Those that have no part, and about which nothing is disputed.
    pub(super) fn open(&self) -> Vec<usize> {
        self.usable().filter(|place| self.parts[*place].is_none() && !self.disputed.contains(place)).collect()
    }

    pub(super) fn all(&self, role: Role) -> Vec<usize> {
        (0..self.parts.len()).filter(|&place| self.parts[place].is_some_and(|(part, _)| part == role)).collect()
    }

    /// Whether a probe is called so, whatever it shows.
    pub(super) fn is_claimed(&self, role: Role) -> bool {
        self.candidates.iter().any(|candidate| candidate.claim == Some(Claim::Line(role)))
    }

    /// The line of this role, if there is one only.
    pub(super) fn only(&self, role: Role) -> Option<usize> {
        if let [one] = *self.all(role) { Some(one) } else { None }
    }

    fn take_names(&mut self) {
        for place in self.usable() {
            if let Some(Claim::Line(role)) = self.candidates[place].claim {
                self.parts[place] = Some((role, Witness::Name));
            }
        }
        // A trigger without FSIN beside it is what this program calls FSIN; another line may yet be that.
        if !self.is_claimed(Role::Fsin) {
            let is_last = self.open().is_empty();
            for place in self.all(Role::Trigger) {
                self.parts[place] = is_last.then_some((Role::Fsin, Witness::Name));
                self.disputed.extend((!is_last).then_some(place));
            }
        }
    }

    /// Two lines whose names are swapped: the one called FSIN ends just where the one called STROBE begins, as exposures do before
    /// FSIN; or its pulses are the long ones and come after the short ones of the other, as exposures do after a trigger.
    fn dispute_swapped(&mut self) {
        for fsin in self.all(Role::Fsin) {
            for strobe in self.all(Role::Strobe) {
                let is_met = self.is_too_long_a_latency(fsin) && self.meets(self.ends(fsin), self.starts(strobe));
                let is_long = self.candidates[fsin].shape == Shape::Window;
                let is_odd = is_long && self.candidates[strobe].shape == Shape::Sync;
                let starts = self.starts(strobe);
                let is_at_edge = [Level::High, Level::Low].into_iter().any(|level| {
                    self.candidates[fsin].waveform.is_some_and(|line| self.meets(edges_to(line, level), starts.clone()))
                });
                if is_met || (is_odd && (is_at_edge || self.is_answered(strobe, fsin))) {
                    self.disputed.extend([fsin, strobe]);
                }
            }
        }
        for place in &self.disputed {
            self.parts[*place] = None;
        }
    }

    fn find_strobe(&mut self) {
        // What chatters or is dead may be it as well.
        if self.is_claimed(Role::Strobe) || !self.disputed.is_empty() {
            return;
        }
        let is_odd = |candidate: &Candidate<'_>| candidate.shape == Shape::Other && candidate.claim.is_none();
        let has_odd = self.candidates.iter().any(is_odd);
        let open = self.open();
        let has_others = self.parts.iter().any(Option::is_some);
        match *open {
            [] => {}
            [_] if has_odd => {}
            [one] if has_others => self.parts[one] = Some((Role::Strobe, Witness::Rest)),
            [one] if self.looks_exposed(one) => self.parts[one] = Some((Role::Strobe, Witness::Alone)),
            [_] => {}
            [_, _, ..] => {
                let meets_fsin = |place: &usize| {
                    self.all(Role::Fsin).into_iter().any(|fsin| self.meets(self.ends(*place), self.starts(fsin)))
                };
                let meeting: Vec<usize> = open.iter().copied().filter(meets_fsin).collect();
                if let [one] = *meeting {
                    self.parts[one] = Some((Role::Strobe, Witness::Edge));
                } else if self.all(Role::Fsin).is_empty() {
                    self.find_pair(&open);
                }
            }
        }
    }

    /// A STROBE and an FSIN: exposures end just where FSIN begins. A longer pulse there may be a light that is lit with exposures of the
    /// other level, which begin there.
    fn find_pair(&mut self, open: &[usize]) {
        let pairs = open.iter().flat_map(|&a| open.iter().map(move |&b| (a, b))).filter(|(a, b)| a != b);
        let is_pair = |&(strobe, fsin): &(usize, usize)| {
            let Some(line) = self.candidates[strobe].waveform else { return false };
            let is_met = |level| {
                let edges = edges_to(line, level);
                self.meets(edges.clone(), self.starts(fsin)) && self.meets(self.starts(fsin), edges)
            };
            let ends = if self.is_clear(strobe, CLEAR_PERCENT) {
                // What ends where another begins may be a trigger, if it is no longer than a camera's latency.
                is_met(!Level::from(self.lesser(strobe))) && self.is_too_long_a_latency(strobe)
            } else {
                is_met(Level::Low) && !is_met(Level::High) && !self.may_begin_at(line, Level::Low, fsin)
            };
            self.candidates[fsin].shape == Shape::Sync && ends
        };
        let found: Vec<(usize, usize)> = pairs.filter(is_pair).collect();
        if let [(strobe, fsin)] = *found {
            self.parts[strobe] = Some((Role::Strobe, Witness::Edge));
            self.parts[fsin] = Some((Role::Fsin, Witness::Edge));
        }
    }

    /// Whether the pulses of a line begin as late after those of another as exposures do after a trigger, and not the other way round.
    fn is_answered(&self, trigger: usize, line: usize) -> bool {
        let soon = |place: usize, other: usize| {
            let late = after(&self.starts(place), &self.starts(other));
            late.zip(self.period(other)).is_some_and(|(late, period)| late * LATENCY_PER_FRAME <= period)
        };
        soon(line, trigger) && !soon(trigger, line)
    }

    /// Whether no camera is as late after its trigger as the pulses of a line are long.
    fn is_too_long_a_latency(&self, place: usize) -> bool {
        self.width(place).zip(self.period(place)).is_some_and(|(width, period)| width * LATENCY_PER_FRAME > period)
    }

    /// What lines are that stand beside one STROBE.
    fn find_others(&mut self) {
        let Some(strobe) = self.only(Role::Strobe) else { return };
        if self.active(strobe, Role::Strobe).is_likely() {
            return;
        }
        for place in self.open() {
            // Longer pulses that begin there may be those of a readout.
            if self.all(Role::Fsin).is_empty()
                && self.candidates[place].shape == Shape::Sync
                && self.meets(self.starts(place), self.ends(strobe))
                && self.meets(self.ends(strobe), self.starts(place))
            {
                self.parts[place] = Some((Role::Fsin, Witness::Edge));
            }
        }
        let Some(fsin) = self.only(Role::Fsin) else { return };
        for place in self.open() {
            if let Some(role) = self.beside(place, strobe, fsin) {
                self.parts[place] = Some((role, Witness::Place));
            }
        }
    }

    /// What a line is beside a STROBE and an FSIN; nothing where that is not told.
    fn beside(&self, place: usize, strobe: usize, fsin: usize) -> Option<Role> {
        let (line, exposures) = (self.line(place)?, self.line(strobe)?);
        let (period, width) = (self.period(strobe)?, self.width(strobe)?);
        let in_step = self.period(place)?.abs_diff(period) <= period / 8 && self.is_clear(place, CLEAR_PERCENT);
        // As wide as exposures: those of another camera.
        let is_as_wide = self.width(place)?.abs_diff(width) <= (width / 20).max(3);
        if !in_step || is_as_wide || period < FINE_SAMPLES / 10 {
            return None;
        }
        let lit = overlap(line, exposures);
        let (own, exposed) = (overlap(line, line), overlap(exposures, exposures));
        let gap = period.saturating_sub(width);
        let after_end = after(&self.starts(place), &self.ends(strobe))?;
        let before_fsin = after(&self.starts(fsin), &self.starts(place))?;
        let ends_at_fsin = self.meets(self.ends(strobe), self.starts(fsin));
        if lit * 50 <= own && after_end * 3 <= gap && before_fsin * 2 > gap {
            Some(Role::Readout)
        } else if lit * 10 >= own * 7 && lit * 10 >= exposed * 7 && (ends_at_fsin || self.only(Role::Trigger).is_some())
        {
            Some(Role::Flash)
        } else {
            None
        }
    }

    /// Whether a line by itself looks like exposures.
    fn looks_exposed(&self, place: usize) -> bool {
        let candidate = &self.candidates[place];
        let Some(summary) = candidate.summary.as_ref() else { return false };
        let period = summary.period().map_or(0, |period| period.median);
        let seconds = self.rate.seconds(SampleCount::new(i128::from(period)));
        candidate.shape == Shape::Window
            && !is_clock(summary)
            && seconds.times(FAST_FRAMES_PER_S) >= Rational::ONE
            && summary.high_share.times(100) <= Rational::from(100 - BYTES_PERCENT)
    }

    /// Whether the edges of a line to this level come as a rule behind the starts of FSIN, if only by a sample: as exposures begin that
    /// answer it, and none need end.
    pub(super) fn may_begin_at(&self, line: &Waveform, level: Level, fsin: usize) -> bool {
        let (edges, starts) = (edges_to(line, level), self.starts(fsin));
        let behind = starts.iter().filter(|&&start| {
            let next = edges.partition_point(|edge| *edge <= start);
            edges.get(next).is_some_and(|edge| edge - start <= at_once(self.rate))
        });
        behind.count() * 2 > starts.len()
    }

    /// Whether these edges come as a rule at those of another line, and not by chance.
    pub(super) fn meets(&self, edges: Vec<u64>, others: Vec<u64>) -> bool {
        let usual = |edges: &[u64]| edges.first().zip(edges.last()).map_or(0, |(a, b)| (b - a) / edges.len() as u64);
        let is_fine = *self.rate.hz() >= Rational::integer(FINE_RATE_HZ) && usual(&others) >= FINE_SAMPLES;
        edges.len() >= 3 && is_fine && coincidence(&edges, &others, at_once(self.rate)) >= AS_A_RULE
    }

    /// The level that a line has for less of the time.
    pub(super) fn lesser(&self, place: usize) -> Polarity {
        let idle = self.candidates[place].summary.as_ref().map(LineSummary::idle);
        if idle == Some(Level::High) { Polarity::ActiveLow } else { Polarity::ActiveHigh }
    }

    /// Whether it has that level for no more than this.
    pub(super) fn is_clear(&self, place: usize, percent: u64) -> bool {
        let summary = self.candidates[place].summary.as_ref();
        summary.is_some_and(|summary| summary.share_at(!summary.idle()).times(100) <= Rational::from(percent))
    }

    fn polarity(&self, place: usize) -> Polarity {
        let strobe = matches!(self.parts[place], Some((Role::Strobe, _)));
        if strobe { self.active(place, Role::Strobe).polarity() } else { self.lesser(place) }
    }

    fn line(&self, place: usize) -> Option<(&'a Waveform, Level)> {
        Some((self.candidates[place].waveform?, Level::from(self.polarity(place))))
    }

    /// Where its pulses begin.
    pub(super) fn starts(&self, place: usize) -> Vec<u64> {
        let level = Level::from(self.lesser(place));
        self.candidates[place].waveform.map(|line| edges_to(line, level)).unwrap_or_default()
    }

    /// Where they end.
    fn ends(&self, place: usize) -> Vec<u64> {
        self.ends_at(place, self.lesser(place))
    }

    pub(super) fn ends_at(&self, place: usize, polarity: Polarity) -> Vec<u64> {
        self.candidates[place].waveform.map(|line| edges_to(line, !Level::from(polarity))).unwrap_or_default()
    }

    fn period(&self, place: usize) -> Option<u64> {
        Some(self.candidates[place].summary.as_ref()?.period()?.median)
    }

    /// The usual width of its pulses, in samples.
    fn width(&self, place: usize) -> Option<u64> {
        let level = Level::from(self.polarity(place));
        Some(self.candidates[place].summary.as_ref()?.width_at(level)?.median)
    }
}
