//! What a field of a table is.

use super::heading::TimeUnit;
use super::number::Decimal;

/// A field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cell {
    /// A level.
    Level(bool),
    /// A level that is not known.
    Unknown,
    /// A number that is no level.
    Number(Decimal),
    /// A time with its own unit, in seconds.
    Time(Decimal),
    /// A date and time, in seconds since 1970.
    Stamp(Decimal),
    /// Anything else.
    Text,
}

/// The fields that show a level in words, in lower case.
const WORDS: [(&[u8], bool); 8] = [
    (b"low", false),
    (b"high", true),
    (b"false", false),
    (b"true", true),
    (b"off", false),
    (b"on", true),
    (b"l", false),
    (b"h", true),
];

impl Cell {
    pub(super) fn of(field: &[u8]) -> Cell {
        match field {
            b"0" => return Cell::Level(false),
            b"1" => return Cell::Level(true),
            b"" | b"x" | b"X" | b"z" | b"Z" => return Cell::Unknown,
            _ => {}
        }
        if let Some(number) = Decimal::parse(field) {
            return number.level().map_or(Cell::Number(number), Cell::Level);
        }
        const LONGEST_WORD: usize = 5;
        if field.len() <= LONGEST_WORD
            && let Some((_, level)) = WORDS.iter().find(|(word, _)| word.eq_ignore_ascii_case(field))
        {
            return Cell::Level(*level);
        }
        if let Some(time) = with_unit(field) {
            return Cell::Time(time);
        }
        Decimal::stamp(field).map_or(Cell::Text, Cell::Stamp)
    }

    /// Whether it is part of a table of numbers.
    pub(super) fn is_value(self) -> bool {
        !matches!(self, Cell::Unknown | Cell::Text)
    }
}

/// A number with a unit of time behind it, in seconds: `-52.43 us`.
fn with_unit(field: &[u8]) -> Option<Decimal> {
    let letters = field.iter().rev().take_while(|byte| !byte.is_ascii_digit() && **byte != b'.').count();
    let (number, unit) = field.split_at(field.len() - letters);
    let unit = TimeUnit::of(&text(unit)).filter(|_| !number.is_empty())?;
    Decimal::parse(number.trim_ascii())?.times(unit.factor, unit.exponent)
}

/// A field as text; a byte that is no UTF-8 is taken for Latin-1, in which instruments write their micro sign.
pub(super) fn text(field: &[u8]) -> String {
    String::from_utf8(field.to_vec()).unwrap_or_else(|_| field.iter().copied().map(char::from).collect())
}

/// A field as messages quote it.
pub(super) fn shown(field: &[u8]) -> String {
    crate::format::shown(&text(field))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_levels_numbers_times_or_texts() {
        let number = |mantissa, exponent| Decimal { mantissa, exponent };
        for (field, cell) in [
            ("0", Cell::Level(false)),
            ("1.0", Cell::Level(true)),
            ("True", Cell::Level(true)),
            ("LOW", Cell::Level(false)),
            ("x", Cell::Unknown),
            ("2", Cell::Number(number(2, 0))),
            ("-52.430000 us", Cell::Time(number(-52_430_000, -12))),
            ("1.5min", Cell::Time(number(900, -1))),
            ("14:06:09", Cell::Stamp(number(50_769, 0))),
            ("a", Cell::Text),
            ("us", Cell::Text),
            ("3 V", Cell::Text),
            ("0..3", Cell::Text),
        ] {
            assert_eq!(Cell::of(field.as_bytes()), cell, "{field}");
        }
        assert_eq!(text(b"Time (\xb5s)"), "Time (\u{b5}s)");
    }
}
