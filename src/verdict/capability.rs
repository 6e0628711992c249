//! What a capture can decide at best.

use super::Check;
use super::band::clock_error;
use super::settle::{Instrument, rate_text};
use crate::quantity::{ClockShare, Measure};
use crate::spec::Limit;
use crate::units::{Prefix, Rational, Rounding, SampleRate, Unit, half_width_text, value_text};

/// What these checks can be decided to with this instrument: how well the longest time is known, and which limits are
/// too narrow for any value to pass.
#[must_use]
pub fn capability(checks: &[Check], instrument: Instrument<'_>) -> Vec<String> {
    let mut sentences: Vec<String> = best_known(checks, instrument).into_iter().collect();
    for check in checks {
        let narrow = check.limits.iter().find(|limit| is_too_narrow(check, limit, instrument));
        if let Some(limit) = narrow {
            sentences.push(narrow_text(check, limit, instrument));
        }
    }
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
    let is_frame_time = |check: &Check| check.quantity.id == "frame.time";
    let (check, value) = (limits.map(|(check, limit)| (check, reference(limit))))
        .max_by(|a, b| (is_frame_time(a.0), &a.1).cmp(&(is_frame_time(b.0), &b.1)))?;
    let uncertainty = half_width(check)? + clock_error(check.quantity, &value, instrument.clock, &Rational::ZERO);
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

fn half_width(check: &Check) -> Option<Rational> {
    check.uncertainty.clone()
}

/// How far a value at this bound of the limit must stay inside to pass.
fn guard(check: &Check, bound: &Rational, instrument: Instrument<'_>) -> Option<Rational> {
    Some(half_width(check)? + clock_error(check.quantity, bound, instrument.clock, &Rational::ZERO))
}

/// Whether no value at all can pass: the guards of both ends meet. A spread cannot be below zero, so that zero is its
/// other end. No instrument makes a count wider.
fn is_too_narrow(check: &Check, limit: &Limit, instrument: Instrument<'_>) -> bool {
    let exact = check.quantity.unit == Unit::Count || check.uncertainty.as_ref().is_none_or(Rational::is_zero);
    let (Some(min), Some(max), false) = (limit.min(), limit.max(), exact) else { return false };
    match (guard(check, min, instrument), guard(check, max, instrument)) {
        (Some(at_min), Some(at_max)) => (max - min) < &at_min + &at_max,
        (None, _) | (_, None) => false,
    }
}

fn narrow_text(check: &Check, limit: &Limit, instrument: Instrument<'_>) -> String {
    let width = limit.max().zip(limit.min()).map_or(Rational::ZERO, |(max, min)| max - min);
    let by_clock = limit
        .max()
        .map_or(Rational::ZERO, |max| clock_error(check.quantity, max, instrument.clock, &Rational::ZERO).times(2));
    let room = &width - &by_clock;
    let needed = half_width(check).and_then(|half| half.times(2).checked_div(&room)).filter(Rational::is_positive);
    let needed = needed.and_then(|factor| SampleRate::from_hz(instrument.rate.hz() * &factor));
    let remedy = match (needed, check.quantity.clock) {
        (Some(rate), _) => format!("it takes {} or more", rate_text(&rate)),
        (None, ClockShare::Scales | ClockShare::Whole) => "it takes a better clock (analyzer.clock) first".to_owned(),
        (None, ClockShare::Cancels) => "it takes a higher sample rate".to_owned(),
    };
    format!("{} {}: too narrow for this capture, nothing can pass; {remedy}", check.quantity.id, limit.text())
}
