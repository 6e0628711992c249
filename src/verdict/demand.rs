//! What a limit takes of the instrument, before anything is recorded: the advice of an open check with the true value at the
//! nominal. How many samples a value is known to comes from a capture of a camera that keeps to the spec's nominals.

use super::advice::{Advice, Known, RateIs};
use super::judge::Judging;
use super::settle::Parts;
use crate::frame::Observation;
use crate::quantity::{Absent, Seen};
use crate::spec::{Limit, Rule, Spec};
use crate::units::{Rational, Unit};

/// How a limit stands to an instrument.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stands {
    /// A value at the nominal is proven inside, whatever the phase of the samples and the clock's error.
    Decided,
    /// In some phase it is not.
    Open,
    /// No value at all is proven inside.
    Never,
}

/// What one limit takes.
#[derive(Debug, Clone)]
pub struct Demand {
    /// The limit: an entry of the rule.
    pub limit: Limit,
    /// Where the true value is taken to be, in the quantity's base unit; none of a limit with one end, which says where values
    /// must not be and not where they are.
    pub nominal: Option<Rational>,
    /// The sample rate in hertz from which on it is decided, if need be with the clock that `takes` names; none where a
    /// sample rate is not what it takes.
    pub rate: Option<Rational>,
    /// What it takes, as a clause.
    pub takes: Option<String>,
    /// How far inside the limit a true value is proven inside with this instrument, whatever the phase and the clock's error.
    pub guard: Rational,
    /// How it stands to this instrument.
    pub stands: Stands,
}

/// What each limit of a rule takes, by a capture of a camera that keeps to the nominals.
///
/// # Errors
/// [`Absent`] when the capture has no value of it.
pub fn demands(rule: &Rule, spec: &Spec, observation: &Observation, rate_is: RateIs) -> Result<Vec<Demand>, Absent> {
    let track = rule.quantity.measure(observation, rule.subject)?;
    let judging = Judging::new(rule, spec, observation, &track);
    let parts = Parts::of(&judging);
    let widest = |entry: usize| {
        let of_entry = |place: &usize| {
            let point = track.points.outline(*place);
            point.is_some_and(|point| point.seen == Seen::Whole && judging.entry(&point) == Some(entry))
        };
        let known = |place: usize| Some((track.points.get(place)?.reading.half_width()?, place));
        (0..track.points.len()).filter(of_entry).filter_map(known).max().map(|(_, place)| place)
    };
    let demand = |(entry, limit): (usize, &Limit)| match widest(entry) {
        Some(place) => Ok(judging.demand(limit, &judging.known(place, &judging.judged(place), &parts), rate_is)),
        None => Err(Absent::TooLittle("no value of it is seen whole".to_owned())),
    };
    rule.limits.iter().enumerate().map(demand).collect()
}

impl Judging<'_> {
    /// What a limit takes, given what leaves a value near it open.
    fn demand(&self, limit: &Limit, known: &Known, rate_is: RateIs) -> Demand {
        let unit = self.rule.quantity.unit;
        let open = (&known.samples + &known.edges) + &known.bridged;
        let at_ends = limit.min().into_iter().chain(limit.max()).map(|end| self.clock_at(end));
        let at_ends = at_ends.max().unwrap_or(Rational::ZERO);
        let nominal = self.nominal(limit);
        // A value is shown as far off as the clock is, and its limit is widened as far again.
        let at = nominal.as_ref().map(|nominal| self.clock_at(nominal)).unwrap_or_else(|| at_ends.clone());
        let known = Known { clock: at_ends + at, ..known.clone() };
        let wanted = nominal.as_ref().and_then(|nominal| {
            let distances = self.distances(limit, nominal);
            // A count is exact, and so is a share of light far from the exposure's edges.
            let is_exact = unit == Unit::Count || open.is_zero();
            distances.iter().filter(|_| !is_exact).map(|distance| known.wanted(distance, rate_is)).max()
        });
        let least_open = match rate_is {
            RateIs::Free => &known.edges + &known.bridged,
            RateIs::Given => open.clone(),
        };
        let is_never = self.room(limit).is_some_and(|(room, clock)| room <= &least_open + &clock);
        let is_never = unit != Unit::Count && is_never;
        let stands = match &wanted {
            _ if is_never => Stands::Never,
            None => Stands::Decided,
            Some(Advice::Rate { factor }) if *factor <= Rational::ONE => Stands::Decided,
            Some(Advice::Rate { .. } | Advice::Clock { .. } | Advice::Edges { .. } | Advice::Longer) => Stands::Open,
        };
        let rate = match &wanted {
            Some(Advice::Rate { factor } | Advice::Clock { factor, .. }) => Some(self.instrument.rate.hz() * factor),
            Some(Advice::Edges { .. } | Advice::Longer) | None => None,
        };
        let takes = wanted.map(|advice| known.text(&advice, self.instrument, unit));
        Demand { limit: limit.clone(), nominal, rate, takes, guard: open.times(2) + known.clock, stands }
    }

    /// Where the true value is taken to be: at the nominal, or between the ends. Of a spread, which has no value below zero,
    /// at zero; of a share that is to be large, at the whole.
    fn nominal(&self, limit: &Limit) -> Option<Rational> {
        let stated = limit.nominal().cloned();
        stated.or_else(|| match (limit.min(), limit.max(), self.least()) {
            (_, Some(_), Some(least)) => Some(least),
            (Some(min), Some(max), None) => Some((min + max).half()),
            (Some(_), None, None) if self.rule.quantity.unit == Unit::Percent => Some(Rational::integer(100)),
            (Some(_), None, Some(_) | None) | (None, Some(_), None) | (None, None, _) => None,
        })
    }

    /// How far the nominal is from each end that a value can be beyond.
    fn distances(&self, limit: &Limit, nominal: &Rational) -> Vec<Rational> {
        let least = self.least();
        let min = limit.min().filter(|min| least.as_ref().is_none_or(|least| least < *min)).map(|min| nominal - min);
        min.into_iter().chain(limit.max().map(|max| max - nominal)).collect()
    }
}
