//! The one formatter of values with units. What is rounded is rounded outward: a lower bound down, an upper bound and
//! a half-width up, so that a printed text never claims more than was measured.

use std::fmt;

use super::{Rational, Rounding, Unit};

/// A count with its noun: `1 check`, `2 checks`, `2 flashes`.
pub(crate) fn counted<N: fmt::Display + PartialEq + From<u8>>(count: N, noun: &str) -> String {
    let end = if noun.ends_with(['s', 'x', 'z']) || noun.ends_with("sh") || noun.ends_with("ch") { "es" } else { "s" };
    if count == N::from(1) { format!("1 {noun}") } else { format!("{count} {noun}{end}") }
}

/// A unit with an SI prefix: what a whole column, axis or sentence is printed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Prefix {
    symbol: &'static str,
    /// The value of one of it is 10^exponent base units.
    exponent: i32,
}

const SECONDS: [Prefix; 5] = [
    Prefix { symbol: "s", exponent: 0 },
    Prefix { symbol: "ms", exponent: -3 },
    Prefix { symbol: "\u{b5}s", exponent: -6 },
    Prefix { symbol: "ns", exponent: -9 },
    Prefix { symbol: "ps", exponent: -12 },
];
const HERTZ: [Prefix; 4] = [
    Prefix { symbol: "GHz", exponent: 9 },
    Prefix { symbol: "MHz", exponent: 6 },
    Prefix { symbol: "kHz", exponent: 3 },
    Prefix { symbol: "Hz", exponent: 0 },
];
const PERCENT: [Prefix; 1] = [Prefix { symbol: "%", exponent: 0 }];
const PPM: [Prefix; 1] = [Prefix { symbol: "ppm", exponent: 0 }];
const COUNT: [Prefix; 1] = [Prefix { symbol: "", exponent: 0 }];

/// A text never carries more decimals than this; a tenth of a femtosecond is beyond every analyzer.
const MOST_PLACES: u32 = 12;

impl Prefix {
    /// The prefix in which a value of this magnitude reads best: at least 1 and below 1000 where there is one.
    ///
    /// ```
    /// use strobecheck::units::{Prefix, Rational, Unit};
    /// let prefix = Prefix::for_value(&Rational::new(1, 30).unwrap(), Unit::Second);
    /// assert_eq!(prefix.symbol(), "ms");
    /// ```
    #[must_use]
    pub fn for_value(value: &Rational, unit: Unit) -> Prefix {
        let choices: &[Prefix] = match unit {
            Unit::Second => &SECONDS,
            Unit::Hertz => &HERTZ,
            Unit::Percent => &PERCENT,
            Unit::Ppm => &PPM,
            Unit::Count => &COUNT,
        };
        let base = Prefix { symbol: unit_symbol(unit), exponent: 0 };
        if value.is_zero() {
            return base;
        }
        let magnitude = value.abs();
        let smallest = choices.last().copied().unwrap_or(base);
        choices.iter().copied().find(|p| magnitude >= p.factor()).unwrap_or(smallest)
    }

    /// The prefix for a value that is known to `resolution`: none finer, so that zero is `0.0 µs` where microseconds are
    /// told apart, and not `0.0000000 s`.
    #[must_use]
    pub fn for_known(value: &Rational, resolution: &Rational, unit: Unit) -> Prefix {
        Prefix::for_value(&value.abs().max(resolution.abs()), unit)
    }

    /// The symbol with its prefix, such as `ms`; empty for a count.
    #[must_use]
    pub fn symbol(self) -> &'static str {
        self.symbol
    }

    /// How many base units one of it is.
    #[must_use]
    pub fn factor(self) -> Rational {
        Rational::decimal(1, self.exponent)
    }

    /// The value's number in this prefix, without the symbol.
    #[must_use]
    pub fn number(self, value: &Rational, places: u32, rounding: Rounding) -> String {
        (value * &Rational::decimal(1, -self.exponent)).to_decimal(places, rounding)
    }

    /// Number and symbol: `33.333 ms`.
    #[must_use]
    pub fn text(self, value: &Rational, places: u32, rounding: Rounding) -> String {
        with_symbol(self.number(value, places, rounding), self.symbol)
    }

    /// The number of decimals at which this prefix shows `resolution` with at least one digit.
    #[must_use]
    pub fn places_for(self, resolution: &Rational) -> u32 {
        let resolution = (resolution * &Rational::decimal(1, -self.exponent)).abs();
        if resolution.is_zero() {
            return 0;
        }
        (0..MOST_PLACES).find(|&places| resolution >= Rational::decimal(1, -(places as i32))).unwrap_or(MOST_PLACES)
    }
}

fn unit_symbol(unit: Unit) -> &'static str {
    if unit == Unit::Count { "" } else { unit.symbol() }
}

fn with_symbol(number: String, symbol: &str) -> String {
    if symbol.is_empty() { number } else { format!("{number} {symbol}") }
}

/// A value that is known exactly, such as a limit: every digit that it has, or 9 significant ones rounded as told.
///
/// ```
/// use strobecheck::units::{Rational, Rounding, Unit, value_text};
/// assert_eq!(value_text(&Rational::new(1, 50).unwrap(), Unit::Second, Rounding::Nearest), "20 ms");
/// ```
#[must_use]
pub fn value_text(value: &Rational, unit: Unit, rounding: Rounding) -> String {
    const SIGNIFICANT: u32 = 9;
    let prefix = Prefix::for_value(value, unit);
    let whole_digits = prefix.number(&value.abs(), 0, Rounding::Down).len() as u32;
    let places = SIGNIFICANT.saturating_sub(whole_digits);
    let number = prefix.number(value, places, rounding);
    let trimmed = if places == 0 { &number } else { number.trim_end_matches('0').trim_end_matches('.') };
    with_symbol(trimmed.to_owned(), prefix.symbol)
}

/// A half-width of two significant digits, rounded up: `4.4 µs`.
#[must_use]
pub fn half_width_text(half_width: &Rational, unit: Unit) -> String {
    if half_width.is_zero() {
        return with_symbol("0".to_owned(), unit_symbol(unit));
    }
    let prefix = Prefix::for_value(half_width, unit);
    let places = prefix.places_for(&(half_width * &Rational::decimal(1, -1)));
    let number = prefix.number(half_width, places, Rounding::Up);
    let trimmed = if places == 0 { &number } else { number.trim_end_matches('0').trim_end_matches('.') };
    with_symbol(trimmed.to_owned(), prefix.symbol)
}

/// A measured value with its half-width: `33.3333 ms ± 4.4 µs`; an exact one stands alone.
///
/// ```
/// use strobecheck::units::{Rational, Unit, measured_text};
/// let value = Rational::new(1, 30).unwrap();
/// assert_eq!(measured_text(&value, &Rational::decimal(4333, -9), Unit::Second), "33.3333 ms ± 4.4 µs");
/// assert_eq!(measured_text(&Rational::integer(12), &Rational::integer(2), Unit::Count), "12 ± 2");
/// ```
#[must_use]
pub fn measured_text(value: &Rational, half_width: &Rational, unit: Unit) -> String {
    if half_width.is_zero() {
        return value_text(value, unit, Rounding::Nearest);
    }
    let prefix = Prefix::for_known(value, half_width, unit);
    let places = match unit {
        Unit::Count => 0,
        Unit::Second | Unit::Hertz | Unit::Percent | Unit::Ppm => {
            prefix.places_for(&(half_width * &Rational::decimal(1, -1)))
        }
    };
    let text = prefix.text(value, places, Rounding::Nearest);
    format!("{text} ± {}", half_width_text(half_width, unit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_have_the_plural_of_their_noun() {
        let said = [(15, "flash"), (2, "stretch"), (2, "bus"), (2, "box"), (0, "edge"), (1, "flash")];
        let said = said.map(|(count, noun)| counted(count, noun));
        assert_eq!(said, ["15 flashes", "2 stretches", "2 buses", "2 boxes", "0 edges", "1 flash"]);
    }

    #[test]
    fn zero_is_told_in_the_unit_that_it_is_known_in() {
        for (value, resolution, symbol) in [(0, -6, "µs"), (-3, -6, "ms"), (-9, -6, "µs"), (0, -2, "ms"), (1, -6, "s")]
        {
            let value = if value == 0 { Rational::ZERO } else { Rational::decimal(1, value) };
            let prefix = Prefix::for_known(&value, &Rational::decimal(1, resolution), Unit::Second);
            assert_eq!(prefix.symbol(), symbol, "{value:?} to 1e{resolution}");
        }
        assert_eq!(Prefix::for_known(&Rational::ZERO, &Rational::ZERO, Unit::Second).symbol(), "s");
    }

    #[test]
    fn exact_values_keep_every_digit() {
        for (num, exponent, unit, text) in [
            (20, -3, Unit::Second, "20 ms"),
            (9, -7, Unit::Second, "900 ns"),
            (0, 0, Unit::Second, "0 s"),
            (-5, -5, Unit::Second, "-50 µs"),
            (999, -1, Unit::Percent, "99.9 %"),
            (1, -13, Unit::Second, "0.1 ps"),
            (24_500_000, 0, Unit::Hertz, "24.5 MHz"),
            (100, 0, Unit::Count, "100"),
            (1_234_567_890_123, 0, Unit::Count, "1234567890123"),
        ] {
            assert_eq!(value_text(&Rational::decimal(num, exponent), unit, Rounding::Nearest), text);
        }
        let third = Rational::new(1, 30).unwrap();
        assert_eq!(value_text(&third, Unit::Second, Rounding::Down), "33.3333333 ms");
        assert_eq!(value_text(&third, Unit::Second, Rounding::Up), "33.3333334 ms");
    }

    #[test]
    fn a_half_width_never_shrinks() {
        assert_eq!(half_width_text(&Rational::decimal(4_301, -9), Unit::Second), "4.4 µs");
        assert_eq!(half_width_text(&Rational::decimal(41_667, -12), Unit::Second), "42 ns");
        assert_eq!(half_width_text(&Rational::decimal(1, -6), Unit::Second), "1 µs");
        assert_eq!(half_width_text(&Rational::decimal(123, -6), Unit::Second), "123 µs");
    }

    #[test]
    fn a_value_shows_no_more_digits_than_it_has() {
        let value = Rational::decimal(1_234_567_891, -9);
        assert_eq!(measured_text(&value, &Rational::decimal(1, -6), Unit::Second), "1.2345679 s ± 1 µs");
        assert_eq!(measured_text(&Rational::ZERO, &Rational::decimal(1, -6), Unit::Second), "0.0 µs ± 1 µs");
        assert_eq!(measured_text(&Rational::integer(3), &Rational::ZERO, Unit::Count), "3");
    }
}
