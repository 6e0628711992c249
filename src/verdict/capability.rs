//! What a capture can decide at best.

use super::Check;
use super::advice::Instrument;
use super::band::clock_error;
use crate::quantity::{Measure, frame};
use crate::spec::Limit;
use crate::units::{Prefix, Rational, Rounding, Unit, half_width_text, value_text};

/// What these checks can be decided to with this instrument: how well the longest time is known, and which limits are
/// too narrow for any value to pass.
#[must_use]
pub fn capability(checks: &[Check], instrument: Instrument<'_>) -> Vec<String> {
    let mut sentences: Vec<String> = best_known(checks, instrument).into_iter().collect();
    sentences.extend(checks.iter().filter_map(|check| check.too_narrow.clone()));
    sentences
}

/// How well the frame time is known, or else the longest limit of a per-frame time: `1 MHz and 100 ppm: ± 4.4 µs on
/// 33.3 ms`.
fn best_known(checks: &[Check], instrument: Instrument<'_>) -> Option<String> {
    let is_time = |check: &&Check| match (check.quantity.measure, check.quantity.unit) {
        (Measure::Frames(_), Unit::Second) => check.uncertainty.is_some(),
        (Measure::Frames(_) | Measure::Capture(_) | Measure::Line(_), _) => false,
    };
    let limits = checks.iter().filter(is_time).flat_map(|check| check.limits.iter().map(move |limit| (check, limit)));
    let is_frame_time = |check: &Check| *check.quantity == frame::TIME;
    let (check, value) = (limits.map(|(check, limit)| (check, reference(limit))))
        .max_by(|a, b| (is_frame_time(a.0), &a.1).cmp(&(is_frame_time(b.0), &b.1)))?;
    let uncertainty =
        check.uncertainty.clone()? + clock_error(check.quantity, &value, instrument.clock, &Rational::ZERO);
    let prefix = Prefix::for_value(&value, Unit::Second);
    let places = prefix.places_for(&(&value * &Rational::decimal(1, -2)));
    Some(format!(
        "{} and {}: ± {} on {}",
        value_text(instrument.rate.hz(), Unit::Hertz, Rounding::Nearest),
        value_text(&instrument.clock.times(1_000_000), Unit::Ppm, Rounding::Up),
        half_width_text(&uncertainty, Unit::Second),
        prefix.text(&value, places, Rounding::Nearest)
    ))
}

/// The value that a limit is about: its nominal, else its end farthest from zero.
fn reference(limit: &Limit) -> Rational {
    let ends = [limit.min(), limit.max()].into_iter().flatten().map(Rational::abs);
    limit.nominal().map(Rational::abs).or_else(|| ends.max()).unwrap_or(Rational::ZERO)
}
