//! Arithmetic in built-in profiles: `${min(exposure, 0.3 * 1 s / fps)}`, exact, over parameters and values with units. Sums and
//! extremes are of one unit; a product has at most one; a unit divided by itself is none, and so is a time times a rate.

use std::ops::Range;

use crate::units::{Prefix, Rational, Rounding, Unit, parse_value, value_text};

/// A value and its unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Value {
    pub(super) number: Rational,
    pub(super) unit: Unit,
}

/// What is wrong with an expression, and with which of its bytes.
pub(super) type Wrong = (Range<usize>, String);

/// What a name stands for.
pub(super) type Lookup<'l> = &'l dyn Fn(&str) -> Result<Value, String>;

/// Deeper brackets are a mistake.
const DEEPEST: usize = 16;

/// The value of an expression.
pub(super) fn evaluate(text: &str, lookup: Lookup<'_>) -> Result<Value, Wrong> {
    let mut reader = Reader { text, at: 0, depth: 0, lookup };
    let value = reader.sum()?;
    match reader.peek() {
        None => Ok(value),
        Some(_) => Err((reader.at..text.len(), "expected +, -, *, / or the end".to_owned())),
    }
}

/// The names in an expression.
pub(super) fn names(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !is_name(c)).filter(|word| word.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_'))
}

fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

impl Value {
    /// The text of it, exact: a decimal where it is one of a few digits, else a fraction.
    pub(super) fn text(&self) -> String {
        let plain = value_text(&self.number, self.unit, Rounding::Nearest).replace('\u{b5}', "u");
        if parse_value(&plain).is_ok_and(|(number, unit)| (number, unit) == (self.number.clone(), self.unit)) {
            return plain;
        }
        let prefix = Prefix::for_value(&self.number, self.unit);
        let scaled = self.number.checked_div(&prefix.factor()).unwrap_or_else(|| self.number.clone());
        format!("{} {}", scaled.to_fraction(), prefix.symbol().replace('\u{b5}', "u")).trim_end().to_owned()
    }
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    depth: usize,
    lookup: Lookup<'t>,
}

impl Reader<'_> {
    /// The next character that is no blank.
    fn peek(&mut self) -> Option<char> {
        let rest = &self.text[self.at..];
        self.at += rest.len() - rest.trim_start().len();
        self.text[self.at..].chars().next()
    }

    fn take(&mut self, wanted: &[char]) -> Option<char> {
        let found = self.peek().filter(|c| wanted.contains(c))?;
        self.at += found.len_utf8();
        Some(found)
    }

    fn expect(&mut self, wanted: char) -> Result<(), Wrong> {
        match self.take(&[wanted]) {
            Some(_) => Ok(()),
            None => Err((self.at..self.text.len(), format!("expected '{wanted}'"))),
        }
    }

    fn sum(&mut self) -> Result<Value, Wrong> {
        let from = self.at;
        let mut value = self.product()?;
        while let Some(sign) = self.take(&['+', '-', '\u{2212}']) {
            let other = self.product()?;
            let other = self.alike(&value, other, from)?;
            value.number = if sign == '+' { value.number + other.number } else { value.number - other.number };
        }
        Ok(value)
    }

    /// The other value, if it has the same unit.
    fn alike(&self, value: &Value, other: Value, from: usize) -> Result<Value, Wrong> {
        if value.unit == other.unit {
            return Ok(other);
        }
        let (one, two) = (value.unit.symbol(), other.unit.symbol());
        Err((from..self.at, format!("{one} and {two} cannot be added or compared")))
    }

    fn product(&mut self) -> Result<Value, Wrong> {
        let from = self.at;
        let mut value = self.factor()?;
        while let Some(sign) = self.take(&['*', '\u{d7}', '/']) {
            let other = self.factor()?;
            let units = (value.unit, other.unit);
            let unit = match (sign, units) {
                (_, (unit, Unit::Count)) => Some(unit),
                ('/', (one, two)) if one == two => Some(Unit::Count),
                ('/', (Unit::Count, Unit::Second)) => Some(Unit::Hertz),
                ('/', (Unit::Count, Unit::Hertz)) => Some(Unit::Second),
                ('/', _) => None,
                (_, (Unit::Count, unit)) => Some(unit),
                (_, (Unit::Second, Unit::Hertz) | (Unit::Hertz, Unit::Second)) => Some(Unit::Count),
                (_, _units) => None,
            };
            let wrong = |text: String| (from..self.at, text);
            let unit = unit
                .ok_or_else(|| wrong(format!("{} {sign} {} has no unit here", units.0.symbol(), units.1.symbol())))?;
            let number = match sign {
                '/' => value.number.checked_div(&other.number).ok_or_else(|| wrong("division by zero".to_owned()))?,
                _ => value.number * other.number,
            };
            value = Value { number, unit };
        }
        Ok(value)
    }

    fn factor(&mut self) -> Result<Value, Wrong> {
        match self.peek() {
            Some('(') => {
                self.expect('(')?;
                let value = self.deeper(Reader::sum)?;
                self.expect(')')?;
                Ok(value)
            }
            Some(c) if c.is_ascii_digit() => self.number(),
            Some(c) if c.is_ascii_alphabetic() || c == '_' => self.word(),
            Some(_) | None => {
                Err((self.at..self.text.len(), "expected a number, a parameter, min(…), max(…) or (…)".to_owned()))
            }
        }
    }

    fn deeper(&mut self, read: fn(&mut Self) -> Result<Value, Wrong>) -> Result<Value, Wrong> {
        if self.depth == DEEPEST {
            return Err((self.at..self.text.len(), format!("more than {DEEPEST} brackets in each other")));
        }
        self.depth += 1;
        let value = read(self)?;
        self.depth -= 1;
        Ok(value)
    }

    /// A decimal and its unit.
    fn number(&mut self) -> Result<Value, Wrong> {
        let from = self.at;
        let rest = &self.text[from..];
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        let blanks = rest[digits..].len() - rest[digits..].trim_start().len();
        let behind = &rest[digits + blanks..];
        let unit = behind.find(|c: char| !c.is_alphabetic() && c != '%').unwrap_or(behind.len());
        let end = if unit == 0 { digits } else { digits + blanks + unit };
        self.at = from + end;
        let value = parse_value(&rest[..end])
            .map_err(|error| (from + error.at.start..from + error.at.end, error.to_string()))?;
        Ok(Value { number: value.0, unit: value.1 })
    }

    /// A parameter, or the extreme of several values.
    fn word(&mut self) -> Result<Value, Wrong> {
        let from = self.at;
        let rest = &self.text[from..];
        let word = &rest[..rest.find(|c: char| !is_name(c)).unwrap_or(rest.len())];
        self.at += word.len();
        if !["min", "max"].contains(&word) || self.peek() != Some('(') {
            return (self.lookup)(word).map_err(|wrong| (from..from + word.len(), wrong));
        }
        self.expect('(')?;
        let mut value = self.deeper(Reader::sum)?;
        while self.take(&[',']).is_some() {
            let other = self.deeper(Reader::sum)?;
            let other = self.alike(&value, other, from)?;
            value.number = if word == "min" { value.number.min(other.number) } else { value.number.max(other.number) };
        }
        self.expect(')')?;
        Ok(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(expression: &str) -> Result<String, String> {
        let lookup = |name: &str| {
            let value = match name {
                "row" => "9.1 us",
                "fps" => "30",
                "rate" => "30 Hz",
                "exposure" => "20 ms",
                _ => return Err(format!("unknown parameter '{name}'")),
            };
            parse_value(value).map(|(number, unit)| Value { number, unit }).map_err(|error| error.to_string())
        };
        evaluate(expression, &lookup).map(|value| value.text()).map_err(|(_, wrong)| wrong)
    }

    #[test]
    fn expressions_are_exact() {
        for (expression, value) in [
            ("2 * row", "18.2 us"),
            ("1 s / fps", "100/3 ms"),
            // 33 333.3… − 227.5 µs.
            ("1 s / fps - 25 * row", "39727/1200 ms"),
            ("1 / rate", "100/3 ms"),
            ("min(exposure, 0.3 * 1 s / fps)", "10 ms"),
            ("max(exposure, 0.005 * 1 s / fps)", "20 ms"),
            ("(exposure + row) \u{d7} 2 \u{2212} 40 ms", "18.2 us"),
            ("exposure / row - exposure / row", "0"),
            ("exposure * rate", "0.6"),
            ("100 % - 25 %", "75 %"),
            ("min(3, max(1, 2), 5)", "2"),
        ] {
            assert_eq!(text(expression).as_deref(), Ok(value), "{expression}");
            // What is written is read as the same.
            let (number, unit) = parse_value(value).unwrap();
            assert_eq!(Value { number, unit }.text(), value);
        }
    }

    #[test]
    fn what_makes_no_sense_is_said() {
        for (expression, wrong) in [
            ("row + fps", "s and count cannot be added or compared"),
            ("row * row", "s * s has no unit here"),
            ("1 / (row - row)", "division by zero"),
            ("rwo", "unknown parameter 'rwo'"),
            ("min(row", "expected ')'"),
            ("2 *", "expected a number, a parameter, min(…), max(…) or (…)"),
            ("row row", "expected +, -, *, / or the end"),
            ("", "expected a number, a parameter, min(…), max(…) or (…)"),
            ("2 rows", "unknown unit 'rows'"),
        ] {
            assert_eq!(text(expression), Err(wrong.to_owned()), "{expression}");
        }
        assert!(text(&"(".repeat(1000)).unwrap_err().contains("brackets"));
    }
}
