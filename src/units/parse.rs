//! The one parser of values with units: `33.3 ms`, `1/30 s`, `-50 us`, `0.1 %`, `100 ppm`, `24 MHz`, `3`.

use std::ops::Range;

use super::meant::{as_time, meant};
use super::{Rational, Unit};

/// Why a text is not a value with a unit, and which part of it is to blame.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{kind}")]
pub struct ValueError {
    /// What is wrong.
    pub kind: ValueErrorKind,
    /// The bytes of the text that are wrong.
    pub at: Range<usize>,
}

/// What is wrong with the text of a value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ValueErrorKind {
    /// There is no number where one must stand.
    #[error("expected a number such as 20, 33.3 or 1/30")]
    NumberExpected,
    /// The number has more digits than any measurement needs.
    #[error("a number of more than {MOST_DIGITS} digits")]
    TooManyDigits,
    /// A fraction with a denominator of zero.
    #[error("division by zero")]
    ZeroDenominator,
    /// The quantity has a unit and the text does not.
    #[error("a unit is missing: add {0}")]
    UnitMissing(&'static str),
    /// The unit is none that is known.
    #[error("unknown unit '{found}'{}", accepted_list(.accepted))]
    UnitUnknown {
        /// The unit as written.
        found: String,
        /// The spellings that are possible here; empty where any known unit is.
        accepted: &'static str,
    },
    /// It is written as no value is here, and what was meant is clear.
    #[error("{why}: write {write}")]
    Miswritten {
        /// What is wrong.
        why: String,
        /// The value as it is written here.
        write: String,
    },
    /// The unit is known, and of another kind than the quantity's.
    #[error("'{found}' cannot be the unit here: use {accepted}")]
    UnitWrong {
        /// The unit as written; `no unit` where there is none.
        found: String,
        /// The spellings that are possible here.
        accepted: &'static str,
    },
}

fn accepted_list(accepted: &str) -> String {
    if accepted.is_empty() { String::new() } else { format!(": use {accepted}") }
}

/// More digits than this in one number are a mistake or an attack; 18 hold a year in picoseconds with room to spare.
const MOST_DIGITS: usize = 24;

/// Every spelling of a unit: base unit, and the factor to it as mantissa and power of ten.
const UNITS: [(&str, Unit, i128, i32); 16] = [
    ("s", Unit::Second, 1, 0),
    ("ms", Unit::Second, 1, -3),
    ("us", Unit::Second, 1, -6),
    ("\u{b5}s", Unit::Second, 1, -6),
    ("\u{3bc}s", Unit::Second, 1, -6),
    ("ns", Unit::Second, 1, -9),
    ("ps", Unit::Second, 1, -12),
    ("min", Unit::Second, 60, 0),
    ("Hz", Unit::Hertz, 1, 0),
    ("kHz", Unit::Hertz, 1, 3),
    ("MHz", Unit::Hertz, 1, 6),
    ("GHz", Unit::Hertz, 1, 9),
    ("mHz", Unit::Hertz, 1, -3),
    ("%", Unit::Percent, 1, 0),
    ("ppm", Unit::Ppm, 1, 0),
    ("", Unit::Count, 1, 0),
];

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

/// The same, without looking for what was meant.
pub(super) fn strict_value(text: &str) -> Result<(Rational, Unit), ValueError> {
    let start = text.len() - text.trim_start().len();
    let (number, mut rest) = signed_number(text, start)?;
    rest += text[rest..].len() - text[rest..].trim_start().len();
    let symbol = text[rest..].trim_end();
    match UNITS.iter().find(|(spelling, ..)| *spelling == symbol) {
        Some((_, unit, mantissa, exponent)) => Ok((&number * &Rational::decimal(*mantissa, *exponent), *unit)),
        None => Err(ValueError {
            kind: ValueErrorKind::UnitUnknown { found: symbol.to_owned(), accepted: "" },
            at: rest..rest + symbol.len(),
        }),
    }
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

/// A sign, then a decimal or a fraction of decimals; returns the number and where the text goes on.
fn signed_number(text: &str, start: usize) -> Result<(Rational, usize), ValueError> {
    let (negative, from) = match text.as_bytes().get(start) {
        Some(b'-') => (true, start + 1),
        Some(b'+') => (false, start + 1),
        Some(_) | None => (false, start),
    };
    let (mut number, mut end) = decimal(text, from)?;
    if text.as_bytes().get(end) == Some(&b'/') {
        let (denominator, denominator_end) = decimal(text, end + 1)?;
        let zero = ValueError { kind: ValueErrorKind::ZeroDenominator, at: end + 1..denominator_end };
        number = number.checked_div(&denominator).ok_or(zero)?;
        end = denominator_end;
    }
    Ok((if negative { -number } else { number }, end))
}

fn decimal(text: &str, start: usize) -> Result<(Rational, usize), ValueError> {
    let len = text[start..].bytes().take_while(|b| b.is_ascii_digit() || *b == b'.').count();
    let digits = &text[start..start + len];
    let at = start..if len == 0 { text.len().max(start) } else { start + len };
    if len > MOST_DIGITS {
        return Err(ValueError { kind: ValueErrorKind::TooManyDigits, at });
    }
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let expected = ValueError { kind: ValueErrorKind::NumberExpected, at };
    if whole.is_empty() || fraction.contains('.') || digits.ends_with('.') {
        return Err(expected);
    }
    match (format!("{whole}{fraction}").parse(), i32::try_from(fraction.len())) {
        (Ok(mantissa), Ok(places)) => Ok((Rational::decimal(mantissa, -places), start + len)),
        (Err(_), _) | (_, Err(_)) => Err(expected),
    }
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
