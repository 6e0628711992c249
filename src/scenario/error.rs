//! What can be wrong with a scenario file, and where.

use std::ops::Range;

use crate::capture::ProbeError;
use crate::escape::visible;
use crate::snippet::{ErrorStyle, LineColumn, Source, SourceSpan, nearest_name};
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
#[error("{}: {kind}", place.called())]
pub struct ScenarioError {
    pub(super) place: SourceSpan,
    /// What is wrong.
    pub kind: Box<ScenarioErrorKind>,
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
    pub fn render(&self, style: ErrorStyle) -> String {
        style.render(self.place.drawn(&visible(&self.kind.to_string())))
    }
}

/// What is wrong with a scenario.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ScenarioErrorKind {
    /// The file is too long to be one.
    #[error("a scenario of more than {MOST_BYTES} bytes")]
    TooLong,
    /// It is not TOML, has an unknown key, lacks one, or a value is of the wrong type.
    #[error("{0}")]
    Toml(String),
    /// A text is not a value with a unit.
    #[error(transparent)]
    Value(#[from] ValueError),
    /// A value is of no use here.
    #[error("{what} must be {range}")]
    OutOfRange {
        /// The key.
        what: &'static str,
        /// What is valid.
        range: &'static str,
    },
    /// A value has the wrong shape.
    #[error("expected {0}")]
    Shape(&'static str),
    /// Something must be stated and is not.
    #[error("{what} is missing: {remedy}")]
    Missing {
        /// The key.
        what: &'static str,
        /// What to write.
        remedy: &'static str,
    },
    /// Two keys say the same thing, or contradict each other.
    #[error("{one} and {other} exclude each other: state one of them")]
    Conflict {
        /// A key.
        one: &'static str,
        /// The other key.
        other: &'static str,
    },
    /// A key needs another one.
    #[error("{what} needs {needs}")]
    Needs {
        /// The key.
        what: &'static str,
        /// What it needs.
        needs: &'static str,
    },
    /// A wired line that nothing ever drives.
    #[error("a {line} line is wired, but nothing says when it is active: {remedy}")]
    Idle {
        /// The line's key.
        line: &'static str,
        /// What to write.
        remedy: &'static str,
    },
    /// A probe cannot be taken.
    #[error(transparent)]
    Probe(#[from] ProbeError),
    /// A probe shows two lines.
    #[error("probe '{0}' shows two lines; each line needs one of its own")]
    ProbeShared(String),
    /// A bit has two probes.
    #[error("bit {0} has two probes")]
    BitShared(u32),
    /// A camera, a line or a kind of fault that does not exist.
    #[error("there is no {what} '{wanted}'; there is {available}{}", suggestion_text(.suggestion))]
    Unknown {
        /// What kind of thing.
        what: &'static str,
        /// Its name as written.
        wanted: String,
        /// The names there are.
        available: String,
        /// The most similar name, if one is near.
        suggestion: Option<String>,
    },
    /// Nothing that an analyzer could record.
    #[error("duration · analyzer.samplerate must be 1 to {0} samples")]
    Samples(u64),
    /// The true sample rate cannot be computed with exactly.
    #[error("the true sample rate, with clock_error, must have at most 12 decimals of a hertz")]
    RateDigits,
    /// More pulses than may be held.
    #[error(transparent)]
    TooManyPulses(#[from] TooManyPulses),
    /// More faults than may be applied.
    #[error("more than {MOST_FAULTS} faults")]
    TooManyFaults,
}

/// More pulses than may be held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "more than {MOST_PULSES} pulses; shorten the duration, lengthen the frame time, or move pulses less far from their frames"
)]
pub struct TooManyPulses;

fn suggestion_text(suggestion: &Option<String>) -> String {
    suggestion.as_ref().map(|name| format!("; did you mean '{name}'?")).unwrap_or_default()
}

impl ScenarioErrorKind {
    /// A name that is none of those that exist.
    pub(super) fn unknown(what: &'static str, wanted: &str, names: &[&str]) -> ScenarioErrorKind {
        ScenarioErrorKind::Unknown {
            what,
            wanted: wanted.to_owned(),
            available: names.join(", "),
            suggestion: nearest_name(wanted, names.iter().copied()).map(str::to_owned),
        }
    }
}

/// What is wrong, and where, before the file's name and its lines are known.
#[derive(Debug)]
pub(super) struct Problem {
    /// The bytes of the file.
    at: Range<usize>,
    /// The bytes within a quoted text that stands there.
    within: Option<Range<usize>>,
    kind: Box<ScenarioErrorKind>,
}

impl Problem {
    pub(super) fn new(at: Range<usize>, kind: ScenarioErrorKind) -> Problem {
        Problem { at, within: None, kind: Box::new(kind) }
    }

    /// A text that is not a value: points at the part of it that is wrong.
    pub(super) fn value(at: Range<usize>, error: ValueError) -> Problem {
        Problem { at, within: Some(error.at.clone()), kind: Box::new(ScenarioErrorKind::Value(error)) }
    }

    pub(super) fn toml(error: &toml::de::Error) -> Problem {
        let kind = ScenarioErrorKind::Toml(error.message().trim_end().replace('\n', "; "));
        Problem::new(error.span().unwrap_or(0..0), kind)
    }

    /// The error for the one who wrote the file.
    pub(super) fn in_file(self, name: &str, text: &str) -> ScenarioError {
        let whole = SourceSpan::new(&Source::file(name, text), self.at);
        let place = match self.within {
            Some(within) if is_plainly_quoted(whole.text()) => whole.part(within.start + 1..within.end + 1),
            Some(_) | None => whole,
        };
        ScenarioError { place, kind: self.kind }
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
        Problem::value(at, error).in_file("a.toml", text)
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
