//! The limit grammar: from `20 ms ± 50 us` to the smallest and largest allowed value.
//!
//! | text | allowed |
//! |---|---|
//! | `NOMINAL ± TOLERANCE` (also `+-`, `+/-`) | nominal − tolerance to nominal + tolerance |
//! | `NOMINAL +UPPER -LOWER` (in either order) | nominal − lower to nominal + upper |
//! | `MIN .. MAX` | from min to max |
//! | `>= MIN`, `<= MAX` | from min, up to max |
//! | `N` (counts only) | exactly N |
//!
//! Both ends are allowed values. A tolerance is written in the quantity's unit, or in % or ppm of the nominal's
//! magnitude; where the quantity itself is in % (or ppm), a tolerance in it is in the quantity's unit.

use std::ops::Range;

use crate::units::{Rational, Rounding, Unit, ValueError, ValueErrorKind, parse_value, parse_value_as};

/// A limit: what one value of a quantity must lie in, both ends included.
///
/// Invariants: at least one end; the lower one is not above the upper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limit {
    min: Option<Rational>,
    max: Option<Rational>,
    nominal: Option<Written>,
    text: String,
}

/// A value in its base unit, and the text that it was written as, its blanks tidied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Written {
    pub(super) value: Rational,
    pub(super) text: String,
}

/// Why a text is not a limit, and which part of it is to blame.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{kind}")]
pub struct LimitError {
    /// What is wrong.
    pub kind: LimitErrorKind,
    /// The bytes of the text that are wrong.
    pub at: Range<usize>,
}

/// What is wrong with the text of a limit.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LimitErrorKind {
    /// There is no text.
    #[error("the limit is empty")]
    Empty,
    /// The text is longer than any limit needs.
    #[error("a limit of more than {LONGEST_TEXT} bytes")]
    TooLong,
    /// One of its values is none.
    #[error(transparent)]
    Value(ValueErrorKind),
    /// The tolerance is no value, or its unit is none that a tolerance can have.
    #[error("{0}, or % or ppm of the nominal")]
    ToleranceUnit(ValueErrorKind),
    /// A tolerance below zero.
    #[error("a tolerance below zero")]
    NegativeTolerance,
    /// A tolerance relative to a nominal of zero, which allows nothing.
    #[error("a share of a nominal of 0 is 0: write the tolerance in {0}")]
    ShareOfZero(&'static str),
    /// Only one of the two tolerances.
    #[error("a tolerance on one side only: write both, such as {0}, or use .. , >= or <=")]
    OneSided(&'static str),
    /// Two tolerances of the same sign.
    #[error("two tolerances of the same sign: one is +, the other -")]
    SameSigns,
    /// The lower end is above the upper one.
    #[error("the lower end is above the upper one")]
    Reversed,
    /// Two forms in one.
    #[error("a limit has one form: MIN .. MAX, >= MIN, <= MAX or NOMINAL ± TOLERANCE")]
    Mixed,
    /// A comparison that would leave out the limit itself.
    #[error("limits are inclusive: write >= or <=")]
    Strict,
    /// A count that is not whole.
    #[error("a count is a whole number")]
    NotWhole,
    /// A single value where no value is met exactly.
    #[error("a single value is no limit for what is measured: write {0}")]
    NoTolerance(&'static str),
}

/// The longest limit that makes sense has some 60 bytes.
const LONGEST_TEXT: usize = 200;

impl Limit {
    /// Reads a limit on a quantity of this unit.
    ///
    /// ```
    /// use strobecheck::spec::Limit;
    /// use strobecheck::units::{Rational, Unit};
    /// let limit = Limit::parse("20 ms +- 0.5 %", Unit::Second).unwrap();
    /// assert_eq!(limit.min(), Rational::new(199, 10_000).as_ref());
    /// assert_eq!(limit.text(), "20 ms ± 0.5 %");
    /// ```
    ///
    /// # Errors
    /// [`LimitError`] on any text outside the grammar, on values of another unit, and on limits that nothing meets.
    pub fn parse(text: &str, unit: Unit) -> Result<Limit, LimitError> {
        let whole = Part { text, at: 0 };
        if text.len() > LONGEST_TEXT {
            return Err(whole.error(LimitErrorKind::TooLong));
        }
        let whole = whole.trimmed();
        if whole.text.is_empty() {
            return Err(Part { text, at: 0 }.error(LimitErrorKind::Empty));
        }
        if let Some(bound) = whole.after_prefix(&[">=", "≥"]) {
            return Ok(Limit::at_least(bound.written(unit)?));
        }
        if let Some(bound) = whole.after_prefix(&["<=", "≤"]) {
            return Ok(Limit::at_most(bound.written(unit)?));
        }
        if let Some(sign) = whole.first_if(['<', '>', '=']) {
            return Err(sign.error(LimitErrorKind::Strict));
        }
        if let Some((min, max)) = whole.split_at("..") {
            return Limit::between(min.written(unit)?, max.written(unit)?).ok_or(whole.error(LimitErrorKind::Reversed));
        }
        for sign in ["±", "+/-", "+-"] {
            if let Some((nominal, tolerance)) = whole.split_at(sign) {
                return Limit::symmetric(nominal.written(unit)?, &tolerance, unit);
            }
        }
        match whole.first_sign_inside() {
            // The sign may be that of an exponent.
            Some(first) => Limit::asymmetric(&whole, first, unit).map_err(|error| match parse_value(whole.text) {
                Err(value) if matches!(value.kind, ValueErrorKind::Miswritten { .. }) => {
                    whole.value_error(value, LimitErrorKind::Value)
                }
                Ok(_) | Err(_) => error,
            }),
            None => Limit::exact(&whole, unit),
        }
    }

    /// Examples of limits on a quantity of this unit, for messages.
    #[must_use]
    pub fn examples(unit: Unit) -> &'static str {
        match unit {
            Unit::Second => "\"20 ms ± 50 us\", \"1/30 s ± 0.1 %\", \"0 us .. 1 ms\", \">= 5 us\" or \"<= 1 ms\"",
            Unit::Hertz => "\"30 Hz ± 0.1 %\", \"29.9 Hz .. 30.1 Hz\", \">= 30 Hz\" or \"<= 30 Hz\"",
            Unit::Percent => "\">= 99 %\", \"<= 30 %\" or \"10 % .. 30 %\"",
            Unit::Ppm => "\"0 ppm ± 100 ppm\", \"-50 ppm .. 100 ppm\" or \"<= 100 ppm\"",
            Unit::Count => "\"0\", \"<= 2\", \">= 1\" or \"1 .. 3\"",
        }
    }

    /// The limit that only this count meets.
    pub(super) fn exactly(count: u64) -> Limit {
        let value = Rational::from(count);
        Limit { min: Some(value.clone()), max: Some(value), nominal: None, text: count.to_string() }
    }

    pub(super) fn at_least(min: Written) -> Limit {
        Limit { text: format!(">= {}", min.text), min: Some(min.value), max: None, nominal: None }
    }

    fn at_most(max: Written) -> Limit {
        Limit { text: format!("<= {}", max.text), min: None, max: Some(max.value), nominal: None }
    }

    fn between(min: Written, max: Written) -> Option<Limit> {
        let text = format!("{} .. {}", min.text, max.text);
        if min.value > max.value {
            return None;
        }
        Some(Limit { min: Some(min.value), max: Some(max.value), nominal: None, text })
    }

    fn symmetric(nominal: Written, tolerance: &Part<'_>, unit: Unit) -> Result<Limit, LimitError> {
        let tolerance = tolerance.tolerance(&nominal.value, unit)?;
        let text = format!("{} ± {}", nominal.text, tolerance.text);
        Ok(Limit::around(nominal, &tolerance.value, &tolerance.value, text))
    }

    /// `NOMINAL +UPPER -LOWER`, with the first sign behind the nominal at byte `first` of `whole`.
    fn asymmetric(whole: &Part<'_>, first: usize, unit: Unit) -> Result<Limit, LimitError> {
        let nominal = whole.slice(0..first).written(unit)?;
        let tolerances = whole.slice(first..whole.text.len());
        let Some(second) = tolerances.first_sign_inside() else {
            return Err(tolerances.error(LimitErrorKind::OneSided("20 ms +50 us -20 us")));
        };
        let (one, other) = (tolerances.slice(1..second), tolerances.slice(second + 1..tolerances.text.len()));
        let sign_at = |at: usize| tolerances.text.as_bytes().get(at).copied();
        let (upper, lower) = match (sign_at(0), sign_at(second)) {
            (Some(b'+'), Some(b'-')) => (one, other),
            (Some(b'-'), Some(b'+')) => (other, one),
            (Some(_) | None, Some(_) | None) => return Err(tolerances.error(LimitErrorKind::SameSigns)),
        };
        let upper = upper.tolerance(&nominal.value, unit)?;
        let lower = lower.tolerance(&nominal.value, unit)?;
        let text = format!("{} +{} -{}", nominal.text, upper.text, lower.text);
        Ok(Limit::around(nominal, &lower.value, &upper.value, text))
    }

    fn around(nominal: Written, lower: &Rational, upper: &Rational, text: String) -> Limit {
        let (min, max) = (&nominal.value - lower, &nominal.value + upper);
        Limit { min: Some(min), max: Some(max), nominal: Some(nominal), text }
    }

    fn exact(whole: &Part<'_>, unit: Unit) -> Result<Limit, LimitError> {
        let Written { value, text } = whole.written(unit)?;
        match unit {
            Unit::Count => Ok(Limit { min: Some(value.clone()), max: Some(value), nominal: None, text }),
            Unit::Second | Unit::Hertz | Unit::Percent | Unit::Ppm => {
                Err(whole.error(LimitErrorKind::NoTolerance(Limit::examples(unit))))
            }
        }
    }

    /// The smallest allowed value, in the quantity's base unit.
    #[must_use]
    pub fn min(&self) -> Option<&Rational> {
        self.min.as_ref()
    }

    /// The largest allowed value, in the quantity's base unit.
    #[must_use]
    pub fn max(&self) -> Option<&Rational> {
        self.max.as_ref()
    }

    /// The nominal value, where the limit was written as nominal and tolerance.
    #[must_use]
    pub fn nominal(&self) -> Option<&Rational> {
        self.nominal.as_ref().map(|nominal| &nominal.value)
    }

    pub(super) fn written_nominal(&self) -> Option<&Written> {
        self.nominal.as_ref()
    }

    /// The limit as it was written, its blanks tidied: the rule that reports print.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }
}

impl Written {
    /// Reads a value of this unit; counts are whole.
    pub(super) fn parse(text: &str, unit: Unit) -> Result<Written, LimitError> {
        Part { text, at: 0 }.trimmed().written(unit)
    }
}

/// A part of a limit's text, and the byte at which it begins there.
#[derive(Clone, Copy)]
struct Part<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Part<'t> {
    fn slice(&self, range: Range<usize>) -> Part<'t> {
        Part { at: self.at + range.start, text: &self.text[range] }
    }

    fn trimmed(&self) -> Part<'t> {
        let start = self.text.len() - self.text.trim_start().len();
        Part { text: self.text.trim(), at: self.at + start }
    }

    fn after_prefix(&self, prefixes: &[&str]) -> Option<Part<'t>> {
        let prefix = prefixes.iter().find(|prefix| self.text.starts_with(**prefix))?;
        Some(self.slice(prefix.len()..self.text.len()))
    }

    fn first_if(&self, wanted: [char; 3]) -> Option<Part<'t>> {
        self.text.starts_with(wanted).then(|| self.slice(0..1))
    }

    fn split_at(&self, sign: &str) -> Option<(Part<'t>, Part<'t>)> {
        let at = self.text.find(sign)?;
        Some((self.slice(0..at), self.slice(at + sign.len()..self.text.len())))
    }

    /// The first `+` or `-` that is not the sign of the part's own value.
    fn first_sign_inside(&self) -> Option<usize> {
        let own = usize::from(self.text.starts_with(['+', '-']));
        self.text[own..].find(['+', '-']).map(|at| at + own)
    }

    /// The first sign of another form, of which a value has none.
    fn first_of_form(&self) -> Option<Part<'t>> {
        let found = ["..", "±", ">", "<", "≥", "≤"].into_iter().filter_map(|sign| Some((self.text.find(sign)?, sign)));
        found.min().map(|(at, sign)| self.slice(at..at + sign.len()))
    }

    fn error(&self, kind: LimitErrorKind) -> LimitError {
        LimitError { kind, at: self.at..self.at + self.text.len() }
    }

    fn value_error(&self, error: ValueError, kind: impl Fn(ValueErrorKind) -> LimitErrorKind) -> LimitError {
        LimitError { kind: kind(error.kind), at: self.at + error.at.start..self.at + error.at.end }
    }

    fn written(&self, unit: Unit) -> Result<Written, LimitError> {
        let part = self.trimmed();
        if let Some(sign) = part.first_of_form() {
            return Err(sign.error(LimitErrorKind::Mixed));
        }
        let value = parse_value_as(part.text, unit).map_err(|error| part.value_error(error, LimitErrorKind::Value))?;
        if unit == Unit::Count && value.to_integer(Rounding::Down).map(Rational::integer).as_ref() != Some(&value) {
            return Err(part.error(LimitErrorKind::NotWhole));
        }
        Ok(Written { value, text: tidied(part.text) })
    }

    /// A tolerance in the quantity's unit, given in that unit or relative to the nominal.
    fn tolerance(&self, nominal: &Rational, unit: Unit) -> Result<Written, LimitError> {
        let part = self.trimmed();
        let share = |value: &Rational, exponent: i32| -> Result<Rational, LimitError> {
            if nominal.is_zero() && !value.is_zero() {
                return Err(part.error(LimitErrorKind::ShareOfZero(unit.accepted())));
            }
            Ok(&(&nominal.abs() * value) * &Rational::decimal(1, exponent))
        };
        let value = match parse_value(part.text) {
            Ok((value, found)) if found == unit => value,
            Ok((value, Unit::Percent)) => share(&value, -2)?,
            Ok((value, Unit::Ppm)) => share(&value, -6)?,
            Ok((_, Unit::Second | Unit::Hertz | Unit::Count)) | Err(_) => {
                parse_value_as(part.text, unit).map_err(|error| part.value_error(error, tolerance_error))?
            }
        };
        if value.is_negative() {
            return Err(part.error(LimitErrorKind::NegativeTolerance));
        }
        // Its sign is that of its side; one of its own says nothing.
        let text = part.text.strip_prefix(['+', '-']).unwrap_or(part.text);
        Ok(Written { value, text: tidied(text) })
    }
}

/// The text of a value with one blank between number and unit, and none elsewhere.
pub(super) fn tidied(value: &str) -> String {
    let value = value.trim();
    let number = value.trim_end_matches(|c: char| c.is_alphabetic() || c == '%').trim_end();
    let symbol = value[number.len()..].trim_start();
    if symbol.is_empty() { number.to_owned() } else { format!("{number} {symbol}") }
}

fn tolerance_error(kind: ValueErrorKind) -> LimitErrorKind {
    use ValueErrorKind::{UnitMissing, UnitUnknown, UnitWrong};
    let is_of_unit = matches!(kind, UnitMissing(_) | UnitUnknown { .. } | UnitWrong { .. });
    if is_of_unit { LimitErrorKind::ToleranceUnit(kind) } else { LimitErrorKind::Value(kind) }
}

#[cfg(test)]
mod tests;
