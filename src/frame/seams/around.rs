//! What one line does around a jump of the frame clock: what it would have done had its rhythm gone on, and what it would
//! have done had the later rhythm begun earlier.

use crate::signal::{Limb, Pulses, Stretch};
use crate::units::SampleIndex;

/// A sequence of exposures, or a pattern of flash lines, comes again after at most so many frames.
const LONGEST_SEQUENCE: i128 = 8;
/// How many times a rhythm comes again is looked at over so many of them on either side.
const FARTHEST: i128 = 8;
/// So many places are tried for a boundary that no edge is near to.
const BOUNDARIES: i128 = 12;

/// An edge of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Edge {
    pub(super) at: i128,
    /// Whether the line is active from it on.
    pub(super) rises: bool,
}

impl Edge {
    fn is_near(self, other: Edge, most: i128) -> bool {
        self.rises == other.rises && (self.at - other.at).abs() <= most
    }

    fn later(self, by: i128) -> Edge {
        Edge { at: self.at + by, ..self }
    }
}

/// The edges of a line that keep its rhythm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kept {
    /// All.
    Both,
    /// Where its pulses begin; exposures of changing length end when they end.
    Rises,
    /// Where they end.
    Falls,
}

impl Kept {
    fn holds(self, edge: &Edge) -> bool {
        match self {
            Kept::Both => true,
            Kept::Rises => edge.rises,
            Kept::Falls => !edge.rises,
        }
    }
}

/// Whether a line can have been joined at a sample.
pub(super) enum Held {
    /// It does something else.
    No,
    /// It can: the line is idle on both sides.
    Idle,
    /// It can: this pulse lies there, or ends or begins with it.
    Pulse(Stretch),
}

/// A line around a jump.
#[derive(Debug)]
pub(super) struct Around {
    /// Which edges are looked at.
    kept: Kept,
    /// The stretch that is looked at, without its ends.
    from: i128,
    to: i128,
    /// After so many samples it does the same again.
    span: i128,
    /// The last `span` samples before the stretch, and the first after it.
    before: Vec<Edge>,
    behind: Vec<Edge>,
    /// What it does in the stretch, and would do if the rhythm of either side went on.
    seen: Vec<Edge>,
    ahead: Vec<Edge>,
    back: Vec<Edge>,
    /// Its level at both ends of the stretch.
    starts_active: bool,
    ends_active: bool,
    tolerance: i128,
}

impl Around {
    /// The line with these pulses around the interval of the clock between these two; none where neither all its edges nor those of
    /// one kind keep a rhythm.
    pub(super) fn of(
        pulses: &Pulses,
        period: i128,
        (before, behind): (SampleIndex, SampleIndex),
        tolerance: i128,
    ) -> Option<Around> {
        let clock = (i128::from(before.get()), i128::from(behind.get()));
        let turns = |kept| (1..=LONGEST_SEQUENCE).map(move |frames| (kept, frames));
        [Kept::Both, Kept::Rises, Kept::Falls]
            .into_iter()
            .flat_map(turns)
            .find_map(|(kept, frames)| Around::with_span(pulses, kept, period.checked_mul(frames)?, clock, tolerance))
    }

    fn with_span(
        pulses: &Pulses,
        kept: Kept,
        span: i128,
        (clock_from, clock_to): (i128, i128),
        tolerance: i128,
    ) -> Option<Around> {
        let edges = |from: i128, to: i128| edges(pulses, kept, from, to);
        let is_clear = |at: i128| edges(at - tolerance - 1, at + tolerance + 1).is_empty();
        let boundary = |clock: i128, away: i128| {
            let places = (0..BOUNDARIES).map(|step| clock + away * (tolerance + 1) * (2 * step + 1));
            places.into_iter().find(|&at| (0..=2).all(|times| is_clear(at + away * times * span)))
        };
        let (from, to) = (boundary(clock_from, -1)?, boundary(clock_to, 1)?);
        let before = edges(from - span, from);
        let behind = edges(to, to + span);
        let is_same = |a: &[Edge], b: &[Edge]| {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.later(span).is_near(*b, tolerance))
        };
        let goes_on = |at: i128| is_same(&edges(at, at + span), &edges(at + span, at + 2 * span));
        if !(goes_on(from - 2 * span) && goes_on(to)) {
            return None;
        }
        // A pulse that grows little by little is like the one before it, and not like those far from it.
        let is_shaped = |a: &[Edge], b: &[Edge]| {
            let apart = a.first().zip(b.first()).map_or(0, |(a, b)| b.at - a.at);
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.later(apart).is_near(*b, tolerance))
        };
        // Pulses of changing length are alike by chance, but not for long.
        let (first, last) = (pulses.first().map(|pulse| pulse.from()), pulses.last().map(|pulse| pulse.to()));
        let (first, last) = (first.map_or(from, |at| at.get().into()), last.map_or(to, |at| at.get().into()));
        let farther = (3..FARTHEST).map(|times| from - times * span).filter(|at| *at >= first);
        let farther = farther.chain((1..FARTHEST).map(|times| to + times * span).filter(|at| at + 2 * span <= last));
        let (alike, others): (Vec<i128>, Vec<i128>) = farther.partition(|&at| {
            goes_on(at) && is_shaped(&edges(at, at + span), if at < from { &before } else { &behind })
        });
        if others.len() * 3 > alike.len() {
            return None;
        }
        let times = (to - from) / span + 1;
        let within = |edge: &Edge| from < edge.at && edge.at < to;
        let ahead =
            (1..=times).flat_map(|k| before.iter().map(move |edge| edge.later(k * span))).filter(within).collect();
        let back = (1..=times)
            .rev()
            .flat_map(|k| behind.iter().map(move |edge| edge.later(-k * span)))
            .filter(within)
            .collect();
        Some(Around {
            kept,
            from,
            to,
            span,
            seen: edges(from, to),
            ahead,
            back,
            starts_active: is_active(pulses, from),
            ends_active: is_active(pulses, to),
            before,
            behind,
            tolerance,
        })
    }

    /// Whether it does anything at all.
    pub(super) fn has_rhythm(&self) -> bool {
        !self.before.is_empty()
    }

    /// Where something happens, or would.
    pub(super) fn edges(&self) -> impl Iterator<Item = &Edge> {
        self.seen.iter().chain(&self.ahead).chain(&self.back)
    }

    /// Whether what is behind the stretch is what was before it, with so many samples taken out.
    pub(super) fn goes_on_behind(&self, taken_out: i128) -> bool {
        let place = |at: i128| (at - self.from).rem_euclid(self.span);
        let is_there = |edge: &Edge| {
            let is_it = |other: &&Edge| {
                let apart = place(edge.at + taken_out - (other.at - self.from));
                edge.rises == other.rises && apart.min(self.span - apart) <= 2 * self.tolerance
            };
            self.before.iter().any(|other| is_it(&other))
        };
        self.before.len() == self.behind.len() && self.behind.iter().all(is_there)
    }

    /// Whether it can have gone on as before up to this sample, and as behind from it on.
    pub(super) fn joined_at(&self, at: i128) -> Held {
        let near = |edge: &Edge| (*edge, 2 * self.tolerance);
        let earlier = self.ahead.iter().take_while(|edge| edge.at < at);
        let later = self.back.iter().skip_while(|edge| edge.at < at);
        let is_seen = |seam: Option<(Edge, i128)>| {
            let expected: Vec<(Edge, i128)> =
                earlier.clone().map(near).chain(seam).chain(later.clone().map(near)).collect();
            expected.len() == self.seen.len()
                && expected.iter().zip(&self.seen).all(|((edge, most), seen)| edge.is_near(*seen, *most))
        };
        // The change of record at the seam is seen at its very sample.
        let seam = |rises: bool| Some((Edge { at, rises }, 1));
        match self.kept {
            Kept::Both => {}
            // Of what ends when it ends the level is not known, nor whether a pulse is cut.
            Kept::Rises | Kept::Falls => {
                let is_joined = is_seen(None) || is_seen(seam(self.kept == Kept::Rises));
                return if is_joined { Held::Idle } else { Held::No };
            }
        }
        let was_active = earlier.clone().last().map_or(self.starts_active, |edge| edge.rises);
        let is_active = later.clone().next().map_or(self.ends_active, |edge| !edge.rises);
        match (is_seen(seam(is_active).filter(|_| was_active != is_active)), was_active || is_active) {
            (false, _) => Held::No,
            (true, false) => Held::Idle,
            (true, true) => Held::Pulse(self.pulse_at(at)),
        }
    }

    /// The pulse at this sample, or that ends or begins with it, as far as it is within the stretch.
    fn pulse_at(&self, at: i128) -> Stretch {
        let from = self.seen.iter().rev().find(|edge| edge.rises && edge.at <= at).map_or(self.from, |edge| edge.at);
        let to = self.seen.iter().find(|edge| !edge.rises && edge.at >= at).map_or(self.to, |edge| edge.at);
        let sample = |at: i128| SampleIndex::new(u64::try_from(at).unwrap_or(0));
        Stretch { from: sample(from), to: sample(to) }
    }
}

/// The edges after one sample and before another.
fn edges(pulses: &Pulses, kept: Kept, from: i128, to: i128) -> Vec<Edge> {
    let at = |limb: Limb| i128::from(limb.at().get());
    let first = pulses.partition_point(|pulse| at(pulse.end) <= from);
    let touching = pulses.from(first).take_while(|pulse| at(pulse.start) < to);
    let edge = |limb: Limb, rises: bool| limb.edge().map(|_| Edge { at: at(limb), rises });
    touching
        .flat_map(|pulse| [edge(pulse.start, true), edge(pulse.end, false)])
        .flatten()
        .filter(|edge| from < edge.at && edge.at < to && kept.holds(edge))
        .collect()
}

/// Whether the line is active at this sample.
fn is_active(pulses: &Pulses, at: i128) -> bool {
    let after = pulses.partition_point(|pulse| i128::from(pulse.from().get()) <= at);
    let last = after.checked_sub(1).and_then(|last| pulses.get(last));
    last.is_some_and(|last| at < i128::from(last.to().get()))
}
