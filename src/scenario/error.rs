//! What can be wrong with a scenario file, and where.

use std::fmt;
use std::ops::Range;

use super::node::Text;
use crate::escape::visible;
use crate::snippet::{LineColumn, Source, SourceSpan, nearest_name, render};
use crate::units::ValueError;

/// The longest scenario file, in bytes.
pub(super) const MOST_BYTES: usize = 1 << 20;
/// The most pulses of a simulation, all lines together.
pub(super) const MOST_PULSES: usize = 2_000_000;
/// The most faults of a scenario.
pub(super) const MOST_FAULTS: usize = 100;
/// The highest bit of a probe, and one.
pub(super) const MOST_PROBES: u32 = 64;

/// Why a text is not a scenario.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}: {message}", place.called())]
pub struct ScenarioError {
    pub(super) place: SourceSpan,
    message: String,
}

impl ScenarioError {
    /// Where it begins.
    #[must_use]
    pub fn line_column(&self) -> LineColumn {
        self.place.line_column()
    }

    /// The bytes of the text that are wrong.
    #[must_use]
    pub fn span(&self) -> Range<usize> {
        self.place.span()
    }

    /// The error as a person reads it, several lines: what is wrong, where, and the line with a caret.
    #[must_use]
    pub fn render(&self) -> String {
        render(self.place.drawn(&visible(&self.message)))
    }
}

/// More pulses than may be held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "more than {MOST_PULSES} pulses; shorten the duration, lengthen the frame time, or move pulses less far from their frames"
)]
pub struct TooManyPulses;

/// What is wrong, and where, before the file's name and its lines are known.
#[derive(Debug)]
pub(super) struct Problem {
    /// The bytes of the file.
    at: Range<usize>,
    /// The bytes within a quoted text that stands there.
    within: Option<Range<usize>>,
    message: String,
}

impl Problem {
    pub(super) fn new(at: Range<usize>, message: impl fmt::Display) -> Problem {
        Problem { at, within: None, message: message.to_string() }
    }

    /// A value of the wrong shape.
    pub(super) fn expected(at: Range<usize>, form: &str) -> Problem {
        Problem::new(at, format_args!("expected {form}"))
    }

    /// A name that is none of those that exist.
    pub(super) fn unknown(what: &str, wanted: &Text, names: &[&str]) -> Problem {
        let nearest = nearest_name(wanted.get_ref(), names.iter().copied());
        let suggestion = nearest.map(|name| format!("; did you mean '{name}'?")).unwrap_or_default();
        let (wanted, at, available) = (wanted.get_ref(), wanted.span(), names.join(", "));
        Problem::new(at, format_args!("there is no {what} '{wanted}'; there is {available}{suggestion}"))
    }

    /// A text that is not a value: points at the part of it that is wrong.
    pub(super) fn value(at: Range<usize>, error: &ValueError) -> Problem {
        Problem { within: Some(error.at.clone()), ..Problem::new(at, error) }
    }

    pub(super) fn toml(error: &toml::de::Error) -> Problem {
        Problem::new(error.span().unwrap_or(0..0), error.message().trim_end().replace('\n', "; "))
    }

    /// The error for the one who wrote the file.
    pub(super) fn in_file(self, name: &str, text: &str) -> ScenarioError {
        let whole = SourceSpan::new(&Source::file(name, text), self.at);
        let place = match self.within {
            Some(within) if is_plainly_quoted(whole.text()) => whole.part(within.start + 1..within.end + 1),
            Some(_) | None => whole,
        };
        ScenarioError { place, message: self.message }
    }
}

/// Whether a quoted text reads as it is written: one quote at either end, and no escapes.
fn is_plainly_quoted(text: &str) -> bool {
    let quoted = |quote: char| {
        let inner = text.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote));
        inner.is_some_and(|inner| !inner.contains([quote, '\\']))
    };
    quoted('"') || quoted('\'')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::{Unit, parse_value_as};

    fn placed(text: &str, at: Range<usize>) -> ScenarioError {
        let error = parse_value_as("20 sec", Unit::Second).unwrap_err();
        Problem::value(at, &error).in_file("a.toml", text)
    }

    #[test]
    fn a_wrong_value_is_pointed_at_within_its_quotes() {
        let error = placed("# µs\nx = \"20 sec\"\n", 10..18);
        assert_eq!((error.line_column(), error.place.span()), (LineColumn { line: 2, column: 9 }, 14..17));
    }

    #[test]
    fn an_escaped_or_long_quoted_text_is_pointed_at_as_a_whole() {
        let escaped = "x = \"20\\u0020sec\"";
        assert_eq!(placed(escaped, 4..17).place.span(), 4..17);
        let triple = "x = \"\"\"20 sec\"\"\"";
        assert_eq!(placed(triple, 4..16).place.span(), 4..16);
    }
}
