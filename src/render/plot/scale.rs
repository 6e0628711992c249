//! Scales: from values to px, and the round numbers to label.

use super::font::text_width;
use super::style::SMALL;
use crate::units::{Prefix, Rational, Rounding, Unit};

/// Values to px, linearly; `start` is where `from` lies.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Scale {
    pub(super) from: f64,
    pub(super) to: f64,
    pub(super) start: f64,
    pub(super) end: f64,
}

impl Scale {
    /// A scale over these values, which are widened where they are equal.
    pub(super) fn new((from, to): (f64, f64), (start, end): (f64, f64)) -> Scale {
        let (from, to) = if to > from { (from, to) } else { widened(from) };
        Scale { from, to, start, end }
    }

    pub(super) fn px(&self, value: f64) -> f64 {
        self.start + (value - self.from) / (self.to - self.from) * (self.end - self.start)
    }

    /// The value at a place.
    pub(super) fn value(&self, px: f64) -> f64 {
        self.from + (px - self.start) / (self.end - self.start) * (self.to - self.from)
    }

    pub(super) fn holds(&self, value: f64) -> bool {
        (self.from..=self.to).contains(&value)
    }
}

/// The least and the greatest of values; none of none.
pub(super) fn spanned(values: impl Iterator<Item = f64>) -> Option<(f64, f64)> {
    values.fold(None, |span: Option<(f64, f64)>, value| {
        Some(span.map_or((value, value), |(from, to)| (from.min(value), to.max(value))))
    })
}

fn widened(value: f64) -> (f64, f64) {
    let half = (value.abs() * 0.05).max(1e-12);
    (value - half, value + half)
}

/// A round number on a scale.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Tick {
    pub(super) value: Rational,
    pub(super) at: f64,
    /// Its number in the prefix of the axis, without symbol.
    pub(super) label: String,
}

/// A float as an exact number, to a femto of the base unit; what is not finite is zero.
pub(in crate::render) fn rational(value: f64) -> Rational {
    const EXPONENT: i32 = -15;
    let femto = value * 1e15;
    // Saturates beyond 38 digits, which no axis shows.
    if femto.is_finite() { Rational::decimal(femto.round() as i128, EXPONENT) } else { Rational::ZERO }
}

/// The prefix in which a scale of this unit reads best.
pub(super) fn prefix_of(scale: &Scale, unit: Unit) -> Prefix {
    Prefix::for_value(&rational(scale.from.abs().max(scale.to.abs())), unit)
}

/// The smallest of 1, 2 and 5 times a power of ten that is at least this.
pub(super) fn round_step(at_least: f64) -> Rational {
    const EXPONENTS: std::ops::Range<i32> = -15..16;
    for exponent in EXPONENTS {
        let power = Rational::decimal(1, exponent).to_f64();
        for mantissa in [1, 2, 5] {
            if mantissa as f64 * power >= at_least * (1.0 - 1e-9) {
                return Rational::decimal(mantissa, exponent);
            }
        }
    }
    Rational::decimal(1, EXPONENTS.end)
}

/// At most about `most` round numbers on a scale; whole ones for counts.
pub(super) fn ticks(scale: &Scale, unit: Unit, prefix: Prefix, most: f64) -> Vec<Tick> {
    let least = (scale.to - scale.from) / most.max(1.0);
    let least = if unit == Unit::Count { least.max(1.0) } else { least };
    let step = round_step(least);
    let per_step = step.to_f64();
    let (first, last) = ((scale.from / per_step - 1e-6).ceil(), (scale.to / per_step + 1e-6).floor());
    let places = prefix.places_for(&step);
    let count = (last - first).clamp(-1.0, 2.0 * most.max(1.0)) as i128;
    (0..=count)
        .map(|i| {
            let value = step.times(first as i128 + i);
            let label = prefix.number(&value, places, Rounding::Nearest);
            Tick { at: scale.px(value.to_f64()), value, label }
        })
        .collect()
}

/// As many round numbers as fit beside one another along a horizontal scale, with `gap` px between their labels. A
/// second label, such as the sample's number, may stand below the first: `second` gives it.
pub(super) fn ticks_across(
    scale: &Scale,
    unit: Unit,
    prefix: Prefix,
    gap: f64,
    second: impl Fn(&Tick) -> String,
) -> Vec<(Tick, String)> {
    const MOST: i32 = 12;
    let width = |(tick, below): &(Tick, String)| text_width(&tick.label, SMALL).max(text_width(below, SMALL));
    let fits = |ticks: &[(Tick, String)]| {
        let pairs = ticks.iter().zip(ticks.iter().skip(1));
        pairs.into_iter().all(|(a, b)| (width(a) + width(b)) / 2.0 + gap <= b.0.at - a.0.at)
    };
    let labelled = |most: i32| -> Vec<(Tick, String)> {
        let ticks = ticks(scale, unit, prefix, f64::from(most));
        ticks.into_iter().map(|tick| (second(&tick), tick)).map(|(below, tick)| (tick, below)).collect()
    };
    (1..=MOST).rev().map(labelled).find(|ticks| fits(ticks)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(ticks: &[Tick]) -> Vec<&str> {
        ticks.iter().map(|tick| tick.label.as_str()).collect()
    }

    #[test]
    fn values_lie_where_a_ruler_puts_them() {
        let scale = Scale::new((10.0, 30.0), (100.0, 500.0));
        assert!((scale.px(10.0) - 100.0).abs() < 1e-9);
        assert!((scale.px(15.0) - 200.0).abs() < 1e-9);
        assert!((scale.value(200.0) - 15.0).abs() < 1e-9);
        let upwards = Scale::new((0.0, 1.0), (80.0, 20.0));
        assert!((upwards.px(0.25) - 65.0).abs() < 1e-9);
    }

    #[test]
    fn a_scale_without_width_is_widened() {
        let scale = Scale::new((20.0, 20.0), (0.0, 100.0));
        assert!((scale.px(20.0) - 50.0).abs() < 1e-9);
        let zero = Scale::new((0.0, 0.0), (0.0, 100.0));
        assert!((zero.px(0.0) - 50.0).abs() < 1e-9);
    }

    #[test]
    fn ticks_are_round_and_exact() {
        let scale = Scale::new((0.0199, 0.0201), (0.0, 200.0));
        let prefix = prefix_of(&scale, Unit::Second);
        let found = ticks(&scale, Unit::Second, prefix, 4.0);
        assert_eq!(labels(&found), ["19.90", "19.95", "20.00", "20.05", "20.10"]);
        assert!((found[1].at - 50.0).abs() < 1e-6);
        assert_eq!(found[1].value, Rational::decimal(1995, -5));
        let around_zero = Scale::new((-2.2e-5, 2.2e-5), (0.0, 200.0));
        let found = ticks(&around_zero, Unit::Second, prefix_of(&around_zero, Unit::Second), 5.0);
        assert_eq!(labels(&found), ["-20", "-10", "0", "10", "20"]);
    }

    #[test]
    fn counts_have_whole_ticks() {
        let scale = Scale::new((0.0, 2.4), (0.0, 200.0));
        let found = ticks(&scale, Unit::Count, prefix_of(&scale, Unit::Count), 10.0);
        assert_eq!(labels(&found), ["0", "1", "2"]);
    }

    #[test]
    fn labels_across_do_not_touch() {
        for width in [60.0, 120.0, 600.0, 1100.0] {
            let scale = Scale::new((1_799.966_601, 1_799.966_655), (0.0, width));
            let found = ticks_across(&scale, Unit::Second, prefix_of(&scale, Unit::Second), 10.0, |_| String::new());
            for pair in found.windows(2) {
                let half = |(tick, _): &(Tick, String)| text_width(&tick.label, SMALL) / 2.0;
                assert!(pair[0].0.at + half(&pair[0]) + 10.0 <= pair[1].0.at - half(&pair[1]) + 1e-9);
            }
            assert!(width < 500.0 || found.len() > 3, "{found:?}");
        }
    }
}
