//! What a finding accounts for: the values of checks that it predicts, and not whole checks.

use std::collections::BTreeSet;

use crate::line::Span;
use crate::quantity::{Family, Measure, Quantity};
use crate::verdict::{Check, Plotted, Standing, Verdict};

/// Which quantities.
#[derive(Debug, Clone, Copy)]
pub(super) enum Which {
    /// All of them.
    All,
    /// All of a family.
    Family(Family),
    /// This one.
    One(&'static Quantity),
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

impl Which {
    pub(super) fn holds(self, quantity: &Quantity) -> bool {
        match self {
            Which::All => true,
            Which::Family(family) => quantity.family() == Some(family),
            Which::One(other) => quantity == other,
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
    spans: Vec<Span>,
    frame: f64,
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
        Claim { within: Some(Within { spans: spans.to_vec(), frame }), ..*self }
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
        let is_near =
            |span: &Span| at >= span.from as f64 - 0.5 * self.frame && at <= span.to as f64 + 1.25 * self.frame;
        self.spans.iter().any(is_near)
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

/// Whether a check has a value outside its limit on this side, proven.
pub(super) fn is_beyond(check: Option<&Check>, side: Side) -> bool {
    check.is_some_and(|check| {
        check.track.iter().any(|value| value.standing == Standing::Outside && side_of(check, value) == Some(side))
    })
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
    Count { amount: u64, explained: Vec<Span> },
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
                places.iter().filter(|&&place| claim.holds(check, &check.track[place])).count() as u64
            }
            (Open::Count { amount, explained }, Some(Within { spans, frame })) => {
                let reach = (frame / 2.0) as u64;
                let is_new = |span: &&Span| {
                    explained.iter().all(|other| span.to + reach < other.from || other.to + reach < span.from)
                };
                let new: Vec<&Span> = spans.iter().filter(is_new).collect();
                // A stretch of frames accounts for any number of them.
                let is_wide = new.iter().any(|span| span.length() > reach);
                if is_wide { *amount } else { (new.len() as u64).min(*amount) }
            }
            (Open::Count { amount, explained }, None) => amount.saturating_sub(explained.len() as u64),
        }
    }

    /// Takes what these claims explain off the list.
    pub(super) fn explain(&mut self, claims: &[Claim]) {
        for claim in claims {
            let check = &self.checks[claim.check];
            let open = &mut self.open[claim.check];
            match (open, &claim.within) {
                (Open::Nothing, _) => {}
                (Open::Values(places), _) => places.retain(|&place| !claim.holds(check, &check.track[place])),
                (Open::Count { explained, .. }, Some(Within { spans, .. })) => {
                    explained.extend(spans);
                }
                (open @ Open::Count { .. }, None) => *open = Open::Nothing,
            }
        }
    }

    /// The checks that are proven outside and of which nothing explains some values, with how many.
    pub(super) fn unexplained(&self) -> Vec<(usize, u64)> {
        let left = |place: usize| {
            let check = &self.checks[place];
            let is_outside = |&&value: &&usize| check.track[value].standing == Standing::Outside;
            match &self.open[place] {
                Open::Nothing => 0,
                Open::Values(places) => places.iter().filter(is_outside).count() as u64,
                Open::Count { explained, .. } => u64::from(explained.is_empty()),
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
    let is_open = |value: &Plotted| matches!(value.standing, Standing::Outside | Standing::Straddling);
    let places: BTreeSet<usize> =
        check.track.iter().enumerate().filter(|(_, value)| is_open(value)).map(|(place, _)| place).collect();
    match check.quantity.measure {
        Measure::Frames(_) if !places.is_empty() => Open::Values(places),
        Measure::Frames(_) | Measure::Line(_) | Measure::Capture(_) => {
            let value = check.worst.as_ref().map_or(1.0, |worst| worst.value.to_f64().abs());
            let is_count = check.quantity.unit == crate::units::Unit::Count;
            Open::Count { amount: if is_count { (value as u64).max(1) } else { 1 }, explained: Vec::new() }
        }
    }
}
