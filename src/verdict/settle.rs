//! What would settle an inconclusive.

use crate::units::{Rational, Rounding, SampleRate, Unit, value_text};

/// The measuring instrument: the sample rate and the accuracy of its clock.
#[derive(Debug, Clone, Copy)]
pub struct Instrument<'a> {
    /// Samples per second.
    pub rate: &'a SampleRate,
    /// The accuracy of the clock, as a ratio.
    pub clock: &'a Rational,
}

/// What would settle a value that straddles a limit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Settlement {
    /// The value lies on the limit: no instrument decides.
    Nothing,
    /// The uncertainty of the edges themselves (`analyzer.edge`) is too large.
    SharperEdges,
    /// At least this sample rate.
    Rate(SampleRate),
    /// At this sample rate (the one used, if none) a clock better than this ratio.
    Clock { rate: Option<SampleRate>, better_than: Rational },
}

impl Settlement {
    /// For a value at distance `distance` from the nearest end of its limit, known to `half_width` of which `slack` does
    /// not come from sampling; all in the base unit. `error` is what the clock adds (design: what would settle it).
    pub(super) fn find(
        instrument: Instrument<'_>,
        distance: &Rational,
        half_width: &Rational,
        slack: &Rational,
        error: &Rational,
    ) -> Settlement {
        if distance.is_zero() {
            return Settlement::Nothing;
        }
        let distance = distance - slack;
        if !distance.is_positive() {
            return Settlement::SharperEdges;
        }
        let sampling = half_width - slack;
        let left = &distance - error;
        if left.is_positive() {
            let factor = sampling.checked_div(&left).unwrap_or(Rational::ZERO);
            return SampleRate::from_hz(instrument.rate.hz() * &factor).map_or(Settlement::Nothing, Settlement::Rate);
        }
        Settlement::with_better_clock(instrument, &distance, &sampling, error)
    }

    /// The clock alone is too uncertain: first a rate at which sampling leaves it room, then its accuracy.
    fn with_better_clock(
        instrument: Instrument<'_>,
        distance: &Rational,
        sampling: &Rational,
        error: &Rational,
    ) -> Settlement {
        // What the clock adds is proportional to its accuracy: ε for `error`, so x for error · x / ε.
        let accuracy_for = |room: Rational| (room * instrument.clock).checked_div(error).unwrap_or(Rational::ZERO);
        if sampling < distance {
            return Settlement::Clock { rate: None, better_than: accuracy_for(distance - sampling) };
        }
        // Twice the rate at which sampling alone would do leaves the clock half of the distance.
        let factor = sampling.checked_div(distance).unwrap_or(Rational::ONE).times(2);
        let rate = SampleRate::from_hz(instrument.rate.hz() * &factor);
        Settlement::Clock { rate, better_than: accuracy_for(distance.half()) }
    }

    /// The sentence for it.
    pub(super) fn text(&self) -> String {
        match self {
            Settlement::Nothing => "the value lies exactly on the limit: no instrument decides".to_owned(),
            Settlement::SharperEdges => {
                "the stated uncertainty of the edges (analyzer.edge) exceeds the distance to the limit".to_owned()
            }
            Settlement::Rate(rate) => format!("a sample rate of at least {} would settle it", rate_text(rate)),
            Settlement::Clock { rate, better_than } => {
                let at = rate.as_ref().map(|rate| format!("at {}, ", rate_text(rate))).unwrap_or_default();
                let ppm = value_text(&better_than.times(1_000_000), Unit::Ppm, Rounding::Down);
                format!("{at}an analyzer clock better than {ppm} (or `strobecheck calibrate`) would settle it")
            }
        }
    }
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
