//! The values of a scenario file: from texts with units to exact times and ratios, each within sensible bounds.

use std::ops::Range;

use super::error::Problem;
use super::node::Text;
use super::time::Femtos;
use crate::units::{Rational, Unit, parse_value_as};

/// No time of a scenario is longer than a week, so that sums of them stay far from 128 bits.
const MOST_SECONDS: i128 = 7 * 24 * 3600;
/// No clock is off by more than a tenth.
const MOST_PPM: i128 = 100_000;

/// The value of a text in the base unit of `unit`.
pub(super) fn value(text: &Text, unit: Unit) -> Result<Rational, Problem> {
    parse_value_as(text.get_ref(), unit).map_err(|error| Problem::value(text.span(), &error))
}

/// A value that is of no use here.
pub(super) fn out_of_range(at: Range<usize>, what: &str, range: &str) -> Problem {
    Problem::new(at, format_args!("{what} must be {range}"))
}

/// A key that must be stated and is not.
pub(super) fn missing(at: Range<usize>, what: &str, remedy: &str) -> Problem {
    Problem::new(at, format_args!("{what} is missing: {remedy}"))
}

/// Two keys of which only one can be true.
pub(super) fn conflicting(at: Range<usize>, one: &str, other: &str) -> Problem {
    Problem::new(at, format_args!("{one} and {other} exclude each other: state one of them"))
}

/// A key without what it needs.
pub(super) fn lacking(at: Range<usize>, what: &str, needs: &str) -> Problem {
    Problem::new(at, format_args!("{what} needs {needs}"))
}

/// A time or its negative.
pub(super) fn time(text: &Text, what: &str) -> Result<Femtos, Problem> {
    let seconds = value(text, Unit::Second)?;
    let problem = || out_of_range(text.span(), what, "within a week");
    if seconds.abs() > Rational::integer(MOST_SECONDS) {
        return Err(problem());
    }
    Femtos::from_seconds(&seconds).ok_or_else(problem)
}

/// A time that is at or above zero.
pub(super) fn time_from_zero(text: &Text, what: &str) -> Result<Femtos, Problem> {
    let time = time(text, what)?;
    if time < Femtos::ZERO { Err(out_of_range(text.span(), what, "0 s or more")) } else { Ok(time) }
}

/// A time that is above zero.
pub(super) fn time_above_zero(text: &Text, what: &str) -> Result<Femtos, Problem> {
    let time = time(text, what)?;
    if time <= Femtos::ZERO { Err(out_of_range(text.span(), what, "above 0 s")) } else { Ok(time) }
}

/// The error of a clock, as a ratio.
pub(super) fn clock_error(text: &Text, what: &str) -> Result<Rational, Problem> {
    let ppm = value(text, Unit::Ppm)?;
    if ppm.abs() > Rational::integer(MOST_PPM) {
        return Err(out_of_range(text.span(), what, "at most 100000 ppm to either side"));
    }
    Ok(&ppm * &Rational::decimal(1, -6))
}

#[cfg(test)]
mod tests {
    use super::super::node::Placed;
    use super::*;

    fn text(text: &str) -> Text {
        Placed::new(0..text.len(), text.to_owned())
    }

    #[test]
    fn times_have_bounds() {
        assert_eq!(time(&text("-20 us"), "x").unwrap(), Femtos::new(-20_000_000_000));
        assert!(time(&text("10080 min"), "x").is_ok());
        assert!(time(&text("10080.001 min"), "x").is_err());
        assert!(time(&text("-10080.001 min"), "x").is_err());
        assert!(time_from_zero(&text("0 s"), "x").is_ok());
        assert!(time_from_zero(&text("-1 ps"), "x").is_err());
        assert!(time_above_zero(&text("1 ps"), "x").is_ok());
        assert!(time_above_zero(&text("0 s"), "x").is_err());
    }

    #[test]
    fn clock_errors_are_ratios() {
        assert_eq!(clock_error(&text("+97 ppm"), "x").unwrap(), Rational::decimal(97, -6));
        assert!(clock_error(&text("100000 ppm"), "x").is_ok());
        assert!(clock_error(&text("-100000.1 ppm"), "x").is_err());
    }
}
