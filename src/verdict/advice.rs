//! What it takes to decide a value: the one answer to what would settle a check, and to what a limit that is too narrow needs.

use crate::units::{Prefix, Rational, Rounding, SampleRate, Unit, half_width_text, value_text};

/// The measuring instrument: the sample rate and the accuracy of its clock.
#[derive(Debug, Clone, Copy)]
pub struct Instrument<'a> {
    /// Samples per second.
    pub rate: &'a SampleRate,
    /// The accuracy of the clock, as a ratio.
    pub clock: &'a Rational,
}

/// Whether the sample rate may still be chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RateIs {
    /// It may: a limit that another rate could prove is open.
    Free,
    /// It is given.
    Given,
}

/// How far the truth may lie from a value, in its base unit, by what leaves it open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Known {
    /// Samples, which another rate makes fewer or more.
    pub(super) samples: Rational,
    /// The edges themselves, as far as they are known to no more than `analyzer.edge`.
    pub(super) edges: Rational,
    /// What glitch filters bridged at the edges.
    pub(super) bridged: Rational,
    /// The clock of the analyzer.
    pub(super) clock: Rational,
}

/// What decides a value; what is asked for first comes first.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Advice {
    /// So many times the sample rate.
    Rate { factor: Rational },
    /// At so many times the sample rate, a clock that is so many times better than the one used.
    Clock { factor: Rational, better: Rational },
    /// Edges that are known so well.
    Edges { within: Rational },
    /// More of the record.
    Longer,
}

impl Known {
    /// What decides a value whose truth is this far from the end of its limit, whatever the phase of the samples: seen again it
    /// may lie off by all that samples and edges leave open, and its bounds as far again. The clock is the same, so that it
    /// shows the same error.
    pub(super) fn advice(&self, distance: &Rational) -> Advice {
        match self.wanted(distance, RateIs::Given) {
            Advice::Rate { factor } => Advice::Rate { factor: factor.max(Rational::ONE) },
            // Another analyzer shows another error, so that its clock counts twice as well.
            Advice::Clock { factor, better } => {
                Advice::Clock { factor: factor.max(Rational::ONE), better: better.times(2) }
            }
            advice @ (Advice::Edges { .. } | Advice::Longer) => advice,
        }
    }

    /// The same of a value that the clock shows as far off as is known, where less than this instrument may do as well.
    pub(super) fn wanted(&self, distance: &Rational, rate_is: RateIs) -> Advice {
        let fixed = &self.edges + &self.bridged;
        let left = distance - &fixed.times(2);
        if !left.is_positive() {
            // Half of it for the edges, half for samples and clock.
            let room = distance - &self.clock.clone().min(distance.half());
            return Advice::Edges { within: room.half().half() };
        }
        let needed = |room: &Rational| self.samples.times(2).checked_div(room).unwrap_or(Rational::ZERO);
        let room = &left - &self.clock;
        // With less than a tenth for the samples the clock is what is wanting.
        if room.times(10) > left {
            return Advice::Rate { factor: needed(&room) };
        }
        let half = left.half();
        let factor = needed(&half);
        let room = match rate_is {
            RateIs::Given if factor <= Rational::ONE => &left - &self.samples.times(2),
            RateIs::Given | RateIs::Free => half,
        };
        Advice::Clock { factor, better: self.clock.checked_div(&room).unwrap_or(Rational::ONE) }
    }

    /// What it takes, as a clause.
    pub(super) fn text(&self, advice: &Advice, instrument: Instrument<'_>, unit: Unit) -> String {
        let rate = |factor: &Rational| SampleRate::from_hz(instrument.rate.hz() * factor);
        match advice {
            Advice::Rate { factor } => match rate(factor) {
                Some(rate) => format!("a sample rate of at least {}", rate_text(&rate)),
                None => "a higher sample rate".to_owned(),
            },
            Advice::Clock { factor, better } => {
                let at = rate(factor).filter(|_| *factor > Rational::ONE);
                let at =
                    at.map(|rate| format!("a sample rate of at least {} and ", rate_text(&rate))).unwrap_or_default();
                let clock = instrument.clock.checked_div(better).unwrap_or(Rational::ZERO);
                let clock = clock_text(&clock.times(1_000_000));
                format!("{at}an analyzer clock better than {clock}, or its error found with `strobecheck calibrate`")
            }
            Advice::Edges { within } => {
                let fixed = half_width_text(&(&self.edges + &self.bridged), unit);
                let what = if self.bridged > self.edges {
                    "edges that do not chatter: what analyzer.glitch bridged"
                } else {
                    "sharper edges: their stated uncertainty (analyzer.edge)"
                };
                let prefix = Prefix::for_value(within, unit);
                let within =
                    prefix.text(within, prefix.places_for(&(within * &Rational::decimal(1, -1))), Rounding::Down);
                format!("{what} leaves ± {fixed} open, where ± {within} would do")
            }
            Advice::Longer => "a longer capture".to_owned(),
        }
    }
}

/// A clock that is not worse than so many ppm, in at most three significant digits.
fn clock_text(ppm: &Rational) -> String {
    const MOST_PLACES: i32 = 9;
    let places = (0..MOST_PLACES).find(|places| *ppm >= Rational::decimal(100, -places)).unwrap_or(MOST_PLACES);
    let digits = (ppm * &Rational::decimal(1, places)).to_integer(Rounding::Down).unwrap_or(0);
    value_text(&Rational::decimal(digits, -places), Unit::Ppm, Rounding::Down)
}

/// A sample rate that is at least this, in at most three significant digits.
pub(crate) fn rate_text(rate: &SampleRate) -> String {
    const HIGHEST: i128 = 1 << 100;
    let hz = rate.hz().to_integer(Rounding::Up).unwrap_or(HIGHEST).min(HIGHEST);
    let mut step = 1;
    while hz / step >= 1000 {
        step *= 10;
    }
    value_text(&Rational::integer((hz + step - 1) / step * step), Unit::Hertz, Rounding::Up)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(samples: i128, edges: i128, clock: i128) -> Known {
        let [samples, edges, clock] = [samples, edges, clock].map(Rational::integer);
        Known { samples, edges, bridged: Rational::ZERO, clock }
    }

    fn ratio(over: i128, under: i128) -> Rational {
        Rational::integer(over).checked_div(&Rational::integer(under)).unwrap()
    }

    #[test]
    fn the_rate_leaves_room_for_the_worst_phase_the_edges_and_the_clock() {
        // 2·10 / (8 − 3) and 2·10 / (8 − 2·1 − 3).
        assert_eq!(known(10, 0, 3).advice(&Rational::integer(8)), Advice::Rate { factor: Rational::integer(4) });
        assert_eq!(known(10, 1, 3).advice(&Rational::integer(8)), Advice::Rate { factor: ratio(20, 3) });
    }

    #[test]
    fn a_clock_that_takes_all_must_be_better_and_leaves_room_to_the_samples() {
        // Half for either: 2·10 / 4 the rate, and the clock twice, 2·2 of 8.
        let clock = Advice::Clock { factor: Rational::integer(5), better: Rational::integer(4) };
        assert_eq!(known(10, 0, 8).advice(&Rational::integer(8)), clock);
        // The samples do, with 2·1 of 8: 6 are left for the clock, twice.
        let clock = Advice::Clock { factor: Rational::ONE, better: Rational::integer(3) };
        assert_eq!(known(1, 0, 9).advice(&Rational::integer(8)), clock);
    }

    #[test]
    fn of_two_values_the_one_nearer_to_its_limit_asks_for_more() {
        let asked = |distance: i128| known(1, 0, 9).advice(&Rational::integer(distance));
        assert!(asked(6) > asked(8) && asked(8) > asked(20));
    }

    #[test]
    fn edges_that_take_all_must_be_sharper_before_anything_helps() {
        // Of 8, 2 for the clock: a quarter of what is left, as they count twice.
        assert_eq!(known(10, 4, 2).advice(&Rational::integer(8)), Advice::Edges { within: ratio(3, 2) });
        assert!(Advice::Rate { factor: Rational::integer(99) } < Advice::Edges { within: Rational::ONE });
    }
}
