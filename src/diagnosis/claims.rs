//! What a finding accounts for: the values of checks that it predicts, and not whole checks.

use std::collections::BTreeSet;

use crate::line::Span;
use crate::quantity::{Family, Measure, Quantity, exposure};
use crate::spec::Limit;
use crate::verdict::{Check, Judged, Plotted, Standing, Verdict};

/// Which quantities.
#[derive(Debug, Clone, Copy)]
pub(super) enum Which {
    /// All of them.
    All,
    /// All of a family.
    Family(Family),
    /// This one.
    One(&'static Quantity),
    /// These.
    AnyOf(&'static [&'static Quantity]),
}

pub(super) const LINE: Which = Which::Family(Family::Line);
pub(super) const FRAME: Which = Which::Family(Family::Frame);
pub(super) const FSIN: Which = Which::Family(Family::Fsin);
pub(super) const TRIGGER: Which = Which::Family(Family::Trigger);
pub(super) const EXPOSURE: Which = Which::Family(Family::Exposure);
pub(super) const FLASH: Which = Which::Family(Family::Flash);
pub(super) const ROLLING: Which = Which::Family(Family::Rolling);
pub(super) const SKEW: Which = Which::Family(Family::Skew);
pub(super) const READOUT: Which = Which::Family(Family::Readout);
pub(super) const TIMESTAMP: Which = Which::Family(Family::Timestamp);

/// Where exposures lie beside FSIN, by whatever alignment.
pub(super) const PLACING: [&Quantity; 4] = [&exposure::END, &exposure::LATENCY, &exposure::MIDDLE, &exposure::JITTER];
pub(super) const PLACED: Which = Which::AnyOf(&PLACING);

impl Which {
    pub(super) fn holds(self, quantity: &Quantity) -> bool {
        match self {
            Which::All => true,
            Which::Family(family) => quantity.family() == Some(family),
            Which::One(other) => quantity == other,
            Which::AnyOf(others) => others.contains(&quantity),
        }
    }
}

/// What a finding accounts for in a check that does not pass.
#[derive(Debug, Clone)]
pub(super) struct Claim {
    /// The place of the check.
    pub(super) check: usize,
    /// Only what lies in these stretches, or within a frame of them.
    within: Option<Within>,
    /// Only what lies on this side of its limit.
    side: Option<Side>,
}

#[derive(Debug, Clone)]
struct Within {
    spans: Places,
    frame: f64,
}

/// Stretches, of which those near a place are found without looking at each: a line of noise has hundreds of thousands.
#[derive(Debug, Clone, Default)]
struct Places {
    /// In order of where they begin.
    spans: Vec<Span>,
    /// How far those up to each of them reach.
    reach: Vec<u64>,
}

impl Places {
    fn of(mut spans: Vec<Span>) -> Places {
        spans.sort_by_key(|span| span.from);
        let mut farthest = 0;
        let reach = spans.iter().map(|span| {
            farthest = span.to.max(farthest);
            farthest
        });
        let reach = reach.collect();
        Places { spans, reach }
    }

    /// Whether any of them begins early enough and ends late enough; both hold of all that begin earlier, or end later.
    fn any(&self, begins: impl Fn(u64) -> bool, ends: impl Fn(u64) -> bool) -> bool {
        let begun = self.spans.partition_point(|span| begins(span.from));
        begun.checked_sub(1).and_then(|last| self.reach.get(last)).is_some_and(|reach| ends(*reach))
    }
}

/// The side of a limit on which a value lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Below,
    Above,
}

impl Claim {
    pub(super) fn all(check: usize) -> Claim {
        Claim { check, within: None, side: None }
    }

    /// The same, at these places only.
    pub(super) fn near(&self, spans: &[Span], frame: f64) -> Claim {
        Claim { within: Some(Within { spans: Places::of(spans.to_vec()), frame }), ..*self }
    }

    /// The same, on one side of its limit only.
    pub(super) fn beyond(&self, side: Side) -> Claim {
        Claim { side: Some(side), ..self.clone() }
    }

    /// Whether it holds a value of its check.
    fn holds(&self, check: &Check, value: &Plotted) -> bool {
        self.side.is_none_or(|side| side_of(check, value) == Some(side))
            && self.within.as_ref().is_none_or(|within| within.holds(value))
    }
}

impl Within {
    /// A value lies where it ends: up to a frame after the place that made it so.
    fn holds(&self, value: &Plotted) -> bool {
        let at = value.at.get() as f64;
        let (before, behind) = (0.5 * self.frame, 1.25 * self.frame);
        self.spans.any(|from| at >= from as f64 - before, |to| at <= to as f64 + behind)
    }
}

/// On which side of its limit a value lies, if outside.
pub(super) fn side_of(check: &Check, value: &Plotted) -> Option<Side> {
    let limit = check.limits.get(value.entry)?;
    let below = limit.min().map(crate::units::Rational::to_f64).is_some_and(|min| value.value < min);
    let above = limit.max().map(crate::units::Rational::to_f64).is_some_and(|max| value.value > max);
    match (below, above) {
        (true, _) => Some(Side::Below),
        (false, true) => Some(Side::Above),
        (false, false) => None,
    }
}

/// Whether a value of a check lies above the upper end of its limit.
pub(super) fn is_above(check: &Check, value: &Judged) -> bool {
    value.limit(check).and_then(Limit::max).is_some_and(|max| value.value > *max)
}

/// Whether a limit allows a value in its base unit, or the value misses it by no more than the slack.
pub(super) fn allows(limit: &Limit, value: f64, slack: f64) -> bool {
    limit.min().is_none_or(|min| value >= min.to_f64() - slack)
        && limit.max().is_none_or(|max| value <= max.to_f64() + slack)
}

/// Whether a check has a value outside its limit on this side, proven.
pub(super) fn is_beyond(check: Option<&Check>, side: Side) -> bool {
    check.is_some_and(|check| check.track.of(Standing::Outside).any(|value| side_of(check, &value) == Some(side)))
}

/// What is still to be explained, check by check.
pub(super) struct Ledger<'a> {
    checks: &'a [Check],
    open: Vec<Open>,
}

/// What is to be explained of a check.
enum Open {
    /// The places of values in its track.
    Values(BTreeSet<usize>),
    /// A count of what happens at places that it does not name: how much it is, and the places that are explained.
    Count { amount: u64, explained: Places },
    /// It passes, or all of it is explained.
    Nothing,
}

impl<'a> Ledger<'a> {
    pub(super) fn of(checks: &'a [Check]) -> Ledger<'a> {
        Ledger { checks, open: checks.iter().map(open).collect() }
    }

    /// How many violations these claims would explain that nothing explains yet.
    pub(super) fn gain(&self, claims: &[Claim]) -> u64 {
        claims.iter().map(|claim| self.gain_of(claim)).sum()
    }

    fn gain_of(&self, claim: &Claim) -> u64 {
        let check = &self.checks[claim.check];
        match (&self.open[claim.check], &claim.within) {
            (Open::Nothing, _) => 0,
            (Open::Values(places), _) => {
                places.iter().filter(|&&place| claim.holds(check, &check.track.at(place))).count() as u64
            }
            (Open::Count { amount, explained }, Some(Within { spans, frame })) => {
                let reach = (frame / 2.0) as u64;
                let is_new =
                    |span: &&Span| !explained.any(|from| from <= span.to + reach, |to| span.from <= to + reach);
                let new: Vec<&Span> = spans.spans.iter().filter(is_new).collect();
                // A stretch of frames accounts for any number of them.
                let is_wide = new.iter().any(|span| span.length() > reach);
                if is_wide { *amount } else { (new.len() as u64).min(*amount) }
            }
            (Open::Count { amount, explained }, None) => amount.saturating_sub(explained.spans.len() as u64),
        }
    }

    /// Takes what these claims explain off the list.
    pub(super) fn explain(&mut self, claims: &[Claim]) {
        for claim in claims {
            let check = &self.checks[claim.check];
            let open = &mut self.open[claim.check];
            match (open, &claim.within) {
                (Open::Nothing, _) => {}
                (Open::Values(places), _) => places.retain(|&place| !claim.holds(check, &check.track.at(place))),
                (Open::Count { amount, explained }, Some(Within { spans, frame })) => {
                    *explained = Places::of([explained.spans.as_slice(), &spans.spans].concat());
                    // What is not at places of its own counts no more than a stretch accounts for.
                    if spans.spans.iter().any(|span| span.length() as f64 > frame / 2.0) {
                        *amount = explained.spans.len() as u64;
                    }
                }
                (open @ Open::Count { .. }, None) => *open = Open::Nothing,
            }
        }
    }

    /// The checks that are proven outside and of which nothing explains some values, with how many.
    pub(super) fn unexplained(&self) -> Vec<(usize, u64)> {
        let left = |place: usize| {
            let check = &self.checks[place];
            let is_outside = |&&value: &&usize| check.track.standing(value) == Some(Standing::Outside);
            match &self.open[place] {
                Open::Nothing => 0,
                Open::Values(places) => places.iter().filter(is_outside).count() as u64,
                Open::Count { explained, .. } => u64::from(explained.spans.is_empty()),
            }
        };
        let failed = (0..self.checks.len()).filter(|&place| self.checks[place].verdict == Verdict::Fail);
        failed.map(|place| (place, left(place))).filter(|(_, left)| *left > 0).collect()
    }
}

fn open(check: &Check) -> Open {
    if check.verdict == Verdict::Pass {
        return Open::Nothing;
    }
    let is_open =
        |place: &usize| matches!(check.track.standing(*place), Some(Standing::Outside | Standing::Straddling));
    let places: BTreeSet<usize> = (0..check.track.len()).filter(is_open).collect();
    match check.quantity.measure {
        Measure::Frames(_) if !places.is_empty() => Open::Values(places),
        Measure::Frames(_) | Measure::Line(_) | Measure::Capture(_) => {
            let value = check.worst.as_ref().map_or(1.0, |worst| worst.value.to_f64().abs());
            let is_count = check.quantity.unit == crate::units::Unit::Count;
            Open::Count { amount: if is_count { (value as u64).max(1) } else { 1 }, explained: Places::default() }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_near_is_found_as_if_each_were_looked_at(
            spans in proptest::collection::vec((0..200_u64, 0..60_u64), 0..12),
            at in 0..300_u64,
            reach in 0..30_u64,
        ) {
            let spans: Vec<Span> = spans.into_iter().map(|(from, length)| Span { from, to: from + length }).collect();
            let each = spans.iter().any(|span| span.from <= at + reach && at <= span.to + reach);
            prop_assert_eq!(Places::of(spans).any(|from| from <= at + reach, |to| at <= to + reach), each);
        }
    }
}
