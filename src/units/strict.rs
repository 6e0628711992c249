//! Values as they are written here: a number, a fraction or a decimal, and a known unit.

use std::ops::Range;

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

/// Reads a value and its unit, as they are written here, and returns it in the base unit.
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
