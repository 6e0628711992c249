//! What is wrong with a spec, and where: file, line and column, the line itself with a caret under it, and what would
//! be valid.

use std::fmt;
use std::ops::Range;

use annotate_snippets::{Group, Level};

use crate::escape::visible;
use crate::snippet::{LineColumn, SourceKind, SourceSpan, render};

/// Why a spec cannot be used: what is wrong, where, and what would be valid.
///
/// `Display` is one line, `board7.spec.toml:12:20: message; help`; [`SpecError::render`] shows the source line too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpecError(Box<Details>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Details {
    message: String,
    help: Option<String>,
    note: Option<String>,
    place: Option<SourceSpan>,
}

/// Longer messages quote what nobody wrote by hand.
const LONGEST_MESSAGE: usize = 500;

impl SpecError {
    /// An error at a place.
    pub(super) fn at(place: &SourceSpan, message: impl AsRef<str>) -> SpecError {
        SpecError::new(Some(place.clone()), message.as_ref())
    }

    /// An error that no single place is to blame for.
    pub(super) fn unplaced(message: impl AsRef<str>) -> SpecError {
        SpecError::new(None, message.as_ref())
    }

    fn new(place: Option<SourceSpan>, message: &str) -> SpecError {
        let message = visible(message).chars().take(LONGEST_MESSAGE).collect();
        SpecError(Box::new(Details { message, help: None, note: None, place }))
    }

    /// The same, with what would be valid.
    #[must_use]
    pub fn help(mut self, help: impl AsRef<str>) -> SpecError {
        self.0.help = Some(visible(help.as_ref()).into_owned());
        self
    }

    /// The same, with what else must be known to understand it.
    pub(super) fn note(mut self, note: impl AsRef<str>) -> SpecError {
        self.0.note = Some(visible(note.as_ref()).into_owned());
        self
    }

    /// What is wrong.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// What would be valid, where that can be said.
    #[must_use]
    pub fn suggestion(&self) -> Option<&str> {
        self.0.help.as_deref()
    }

    /// The file, profile or option that is wrong.
    #[must_use]
    pub fn source_name(&self) -> Option<&str> {
        self.0.place.as_ref().map(|place| place.source().name.as_str())
    }

    /// Whether what is wrong stands in an argument of the command line.
    #[must_use]
    pub fn is_in_argument(&self) -> bool {
        self.0.place.as_ref().is_some_and(|place| place.kind() == SourceKind::Argument)
    }

    /// The same without a word of the text that is wrong, which is not for everybody's eyes: its file, line and column.
    #[must_use]
    pub fn unquoted(&self) -> SpecError {
        match (self.source_name(), self.line_column()) {
            (Some(source), Some(LineColumn { line, column })) => {
                SpecError::unplaced(format!("{source}:{line}:{column}: what stands there makes no sense"))
            }
            (Some(_) | None, _) => self.clone(),
        }
    }

    /// The bytes of the source that are wrong: within it, on character boundaries.
    #[must_use]
    pub fn span(&self) -> Option<Range<usize>> {
        self.0.place.as_ref().map(SourceSpan::span)
    }

    /// Where the wrong bytes begin.
    #[must_use]
    pub fn line_column(&self) -> Option<LineColumn> {
        self.0.place.as_ref().map(SourceSpan::line_column)
    }

    /// The error as a person reads it, several lines: message, place, the source line with a caret, note and help.
    #[must_use]
    pub fn render(&self) -> String {
        let Details { message, help, note, place } = &*self.0;
        let mut group = match place {
            Some(place) => place.drawn(message),
            None => Group::with_title(Level::ERROR.primary_title(message.as_str())),
        };
        group = group.elements(note.iter().map(|note| Level::NOTE.message(note.as_str())));
        group = group.elements(help.iter().map(|help| Level::HELP.message(help.as_str())));
        render(group)
    }
}

impl fmt::Display for SpecError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Details { message, help, note, place } = &*self.0;
        if let Some(place) = place {
            write!(f, "{}: ", visible(&place.called()))?;
        }
        f.write_str(message)?;
        for more in note.iter().chain(help) {
            write!(f, "; {more}")?;
        }
        Ok(())
    }
}

impl std::error::Error for SpecError {}
