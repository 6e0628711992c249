//! The values that arguments state: exact times, rates and ratios, each within its bounds.

use std::str::FromStr;

use clap::builder::{PossibleValuesParser, TypedValueParser};

use crate::units::{Rational, Unit, ValueError, parse_value_as};

/// A value within bounds that are said where it lies outside them.
fn within(text: &str, unit: Unit, wanted: &str, is_so: impl Fn(&Rational) -> bool) -> Result<Rational, String> {
    let value = parse_value_as(text, unit).map_err(|error| error.to_string())?;
    if is_so(&value) { Ok(value) } else { Err(format!("it must be {wanted}")) }
}

/// A time, or its negative.
pub(super) fn time(text: &str) -> Result<Rational, ValueError> {
    parse_value_as(text, Unit::Second)
}

pub(super) fn time_from_zero(text: &str) -> Result<Rational, String> {
    within(text, Unit::Second, "0 s or more", |time| !time.is_negative())
}

pub(super) fn time_above_zero(text: &str) -> Result<Rational, String> {
    within(text, Unit::Second, "above 0 s", Rational::is_positive)
}

pub(super) fn frequency(text: &str) -> Result<Rational, String> {
    within(text, Unit::Hertz, "above 0 Hz", Rational::is_positive)
}

/// How well a clock is known, as a ratio.
pub(super) fn accuracy(text: &str) -> Result<Rational, String> {
    let million = Rational::integer(1_000_000);
    let is_so = |ppm: &Rational| !ppm.is_negative() && *ppm < million;
    let ppm = within(text, Unit::Ppm, "from 0 to less than 1000000 ppm", is_so)?;
    Ok(&ppm * &Rational::decimal(1, -6))
}

/// A share of a whole.
pub(super) fn share(text: &str) -> Result<f64, ValueError> {
    Ok(parse_value_as(text, Unit::Percent)?.to_f64() / 100.0)
}

/// A voltage, as in `0.9V`.
pub(super) fn volts(text: &str) -> Result<f64, String> {
    let number = text.trim().trim_end_matches(['V', 'v']).trim_end();
    let is_plain = number.chars().all(|c| c.is_ascii_digit() || c == '.');
    number.parse().ok().filter(|_| is_plain).ok_or_else(|| "that is no voltage; say it as in 0.9V".to_owned())
}

/// How many, of a type that has no 0.
pub(super) fn count<T: FromStr>(text: &str) -> Result<T, &'static str> {
    text.parse().map_err(|_| "it must be a whole number above 0")
}

/// One of these words.
pub(super) fn word<T, const N: usize>(words: [&'static str; N]) -> impl TypedValueParser<Value = T>
where
    T: FromStr<Err = strum::ParseError> + Clone + Send + Sync + 'static,
{
    PossibleValuesParser::new(words).try_map(|word| word.parse())
}
