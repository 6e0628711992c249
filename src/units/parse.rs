//! The one parser of values with units: `33.3 ms`, `1/30 s`, `-50 us`, `0.1 %`, `100 ppm`, `24 MHz`, `3`.

use super::meant::{as_time, meant};
use super::strict::{ValueError, ValueErrorKind, strict_value};
use super::{Rational, Unit};

/// Reads a value and its unit, and returns it in the base unit.
///
/// ```
/// use strobecheck::units::{Rational, Unit, parse_value};
/// assert_eq!(parse_value("1/30 s").unwrap(), (Rational::new(1, 30).unwrap(), Unit::Second));
/// ```
///
/// # Errors
/// [`ValueError`] on anything but a decimal number or a fraction, followed by a known unit or nothing.
pub fn parse_value(text: &str) -> Result<(Rational, Unit), ValueError> {
    strict_value(text).map_err(|error| match meant(text) {
        Some((why, write)) => ValueError { kind: ValueErrorKind::Miswritten { why, write }, at: error.at },
        None => error,
    })
}

/// Reads a value that must be of this unit, and returns it in the base unit.
///
/// # Errors
/// [`ValueError`] as [`parse_value`], and for a unit that is missing or of another kind.
pub fn parse_value_as(text: &str, unit: Unit) -> Result<Rational, ValueError> {
    let accepted = unit.accepted();
    let (value, found) = parse_value(text).map_err(|error| match error.kind {
        ValueErrorKind::UnitUnknown { found, .. } => {
            ValueError { kind: ValueErrorKind::UnitUnknown { found, accepted }, at: error.at }
        }
        ValueErrorKind::Miswritten { why, write } => {
            let write = if unit == Unit::Second { as_time(&write).unwrap_or(write) } else { write };
            ValueError { kind: ValueErrorKind::Miswritten { why, write }, at: error.at }
        }
        ValueErrorKind::NumberExpected
        | ValueErrorKind::TooManyDigits
        | ValueErrorKind::ZeroDenominator
        | ValueErrorKind::UnitMissing(_)
        | ValueErrorKind::UnitWrong { .. } => error,
    })?;
    if found == unit {
        return Ok(value);
    }
    let symbol_at = text.trim_end().trim_end_matches(|c: char| c.is_alphabetic() || c == '%').len();
    let at = symbol_at..text.trim_end().len();
    let kind = if found == Unit::Count {
        ValueErrorKind::UnitMissing(accepted)
    } else {
        ValueErrorKind::UnitWrong { found: text[at.clone()].to_owned(), accepted }
    };
    let at = if at.is_empty() { 0..text.len() } else { at };
    Err(ValueError { kind, at })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ratio(num: i128, den: i128) -> Rational {
        Rational::new(num, den).unwrap()
    }

    #[test]
    fn values_of_every_unit() {
        for (text, value, unit) in [
            ("33.3ms", ratio(333, 10_000), Unit::Second),
            ("33.3 ms", ratio(333, 10_000), Unit::Second),
            ("1/30 s", ratio(1, 30), Unit::Second),
            ("1001/30000 s", ratio(1001, 30_000), Unit::Second),
            ("-50us", ratio(-50, 1_000_000), Unit::Second),
            ("+50 \u{b5}s", ratio(50, 1_000_000), Unit::Second),
            ("50 \u{3bc}s", ratio(50, 1_000_000), Unit::Second),
            ("0.5ns", ratio(1, 2_000_000_000), Unit::Second),
            ("1 ps", ratio(1, 1_000_000_000_000), Unit::Second),
            ("2 min", ratio(120, 1), Unit::Second),
            ("30 Hz", ratio(30, 1), Unit::Hertz),
            ("0.1 %", ratio(1, 10), Unit::Percent),
            ("100 ppm", ratio(100, 1), Unit::Ppm),
            (" 7 ", ratio(7, 1), Unit::Count),
        ] {
            assert_eq!(parse_value(text).unwrap(), (value, unit), "{text}");
        }
    }

    #[test]
    fn errors_point_at_the_part_that_is_wrong() {
        for (text, at) in [
            ("", 0..0),
            ("ms", 0..2),
            ("1. ms", 0..2),
            ("1/0 s", 2..3),
            ("20 sec", 3..6),
            ("1e3 s", 1..5),
            ("1 000 us", 2..8),
            ("0000000000000000000000001 s", 0..25),
        ] {
            assert_eq!(parse_value(text).unwrap_err().at, at, "{text}");
        }
    }

    #[test]
    fn a_time_without_a_unit_is_refused() {
        let error = parse_value_as("20", Unit::Second).unwrap_err();
        assert_eq!(error.to_string(), "a unit is missing: add s, ms, us (µs), ns, ps or min");
        let error = parse_value_as("20 %", Unit::Second).unwrap_err();
        assert_eq!(error.to_string(), "'%' cannot be the unit here: use s, ms, us (µs), ns, ps or min");
        assert_eq!(error.at, 3..4);
        let error = parse_value_as("3 ms", Unit::Count).unwrap_err();
        assert_eq!(error.to_string(), "'ms' cannot be the unit here: use no unit: a plain number");
        assert_eq!(parse_value_as("3", Unit::Count).unwrap(), Rational::integer(3));
    }
}
