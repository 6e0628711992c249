//! What is wrong with a spec, and where: file, line and column, the line itself with a caret under it, and what would
//! be valid.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use crate::escape::{is_unseen, visible};

/// A text that a spec, or a part of it, was read from.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Source {
    /// What messages call it: the file's path, the profile, the option.
    pub(super) name: String,
    pub(super) text: String,
    pub(super) kind: SourceKind,
}

/// What kind of text it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SourceKind {
    /// A spec file.
    File,
    /// A built-in profile.
    Profile,
    /// An argument of the command line.
    Argument,
}

/// A stretch of bytes in a source. Invariant: within the text, on character boundaries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    source: Arc<Source>,
    span: Range<usize>,
}

impl Place {
    /// The bytes of `span`, widened to whole characters and cut to the text.
    pub(super) fn new(source: &Arc<Source>, span: Range<usize>) -> Place {
        let text = &source.text;
        let mut start = span.start.min(text.len());
        while !text.is_char_boundary(start) {
            start -= 1;
        }
        let mut end = span.end.clamp(start, text.len());
        while !text.is_char_boundary(end) {
            end += 1;
        }
        Place { source: Arc::clone(source), span: start..end }
    }

    /// The whole text.
    pub(super) fn whole(source: &Arc<Source>) -> Place {
        Place::new(source, 0..source.text.len())
    }

    /// The text that stands there.
    pub(super) fn text(&self) -> &str {
        &self.source.text[self.span.clone()]
    }

    /// What messages call it: `board7.spec.toml:3:10`, or the argument.
    pub(super) fn called(&self) -> String {
        match self.source.kind {
            SourceKind::File | SourceKind::Profile => {
                let LineColumn { line, column } = self.line_column();
                format!("{}:{line}:{column}", self.source.name)
            }
            SourceKind::Argument => format!("{} {}", self.source.name, quoted(&self.source.text)),
        }
    }
    /// Whether it stands in a built-in profile.
    pub(super) fn is_in_profile(&self) -> bool {
        self.source.kind == SourceKind::Profile
    }

    fn line_column(&self) -> LineColumn {
        let before = &self.source.text[..self.span.start];
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        LineColumn { line: before.matches('\n').count() + 1, column: before[line_start..].chars().count() + 1 }
    }

    /// The whole text that it is a part of.
    pub(super) fn source_text(&self) -> &str {
        &self.source.text
    }

    /// The line on which it begins.
    pub(super) fn line(&self) -> &str {
        let text = &self.source.text;
        let from = text[..self.span.start].rfind('\n').map_or(0, |at| at + 1);
        text[from..].lines().next().unwrap_or_default()
    }

    /// The bytes `inner` of it.
    pub(super) fn part(&self, inner: Range<usize>) -> Place {
        Place::new(&self.source, self.span.start + inner.start..self.span.start + inner.end)
    }
}

/// A value and where it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Located<T> {
    pub(super) value: T,
    pub(super) place: Place,
}

/// How an error is drawn; whether a terminal takes colour is the caller's to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorStyle {
    /// Without escape sequences.
    Plain,
    /// With ANSI colours.
    Coloured,
}

/// A line and a column in a text, both from 1; the column counts characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LineColumn {
    /// The line.
    pub line: usize,
    /// The character in the line.
    pub column: usize,
}

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
    place: Option<Place>,
}

/// Longer messages quote what nobody wrote by hand.
const LONGEST_MESSAGE: usize = 500;
/// Longer texts are cut before they are quoted in a message.
const LONGEST_QUOTE: usize = 60;

impl SpecError {
    /// An error at a place.
    pub(super) fn at(place: &Place, message: impl AsRef<str>) -> SpecError {
        SpecError::new(Some(place.clone()), message.as_ref())
    }

    /// An error that no single place is to blame for.
    pub(super) fn unplaced(message: impl AsRef<str>) -> SpecError {
        SpecError::new(None, message.as_ref())
    }

    fn new(place: Option<Place>, message: &str) -> SpecError {
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
        self.0.place.as_ref().map(|place| place.source.name.as_str())
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
        self.0.place.as_ref().map(|place| place.span.clone())
    }

    /// Where the wrong bytes begin.
    #[must_use]
    pub fn line_column(&self) -> Option<LineColumn> {
        self.0.place.as_ref().map(Place::line_column)
    }

    /// The error as a person reads it, several lines: message, place, the source line with a caret, note and help.
    #[must_use]
    pub fn render(&self, style: ErrorStyle) -> String {
        let Details { message, help, note, place } = &*self.0;
        let mut group = match place {
            Some(place) => {
                let snippet = Snippet::source(drawable(&place.source.text))
                    .path(visible(&place.source.name))
                    .annotation(AnnotationKind::Primary.span(place.span.clone()));
                Level::ERROR.primary_title(message.as_str()).element(snippet)
            }
            None => Group::with_title(Level::ERROR.primary_title(message.as_str())),
        };
        group = group.elements(note.iter().map(|note| Level::NOTE.message(note.as_str())));
        group = group.elements(help.iter().map(|help| Level::HELP.message(help.as_str())));
        let renderer = match style {
            ErrorStyle::Plain => Renderer::plain(),
            ErrorStyle::Coloured => Renderer::styled(),
        };
        renderer.render(&[group])
    }
}

impl fmt::Display for SpecError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Details { message, help, note, place } = &*self.0;
        match (place, self.line_column()) {
            (Some(place), Some(at)) if place.source.kind != SourceKind::Argument => {
                write!(f, "{}:{}:{}: ", visible(&place.source.name), at.line, at.column)?;
            }
            (Some(place), _) => write!(f, "{} {}: ", place.source.name, visible(&quoted(&place.source.text)))?,
            (None, _) => {}
        }
        f.write_str(message)?;
        for more in note.iter().chain(help) {
            write!(f, "; {more}")?;
        }
        Ok(())
    }
}

impl std::error::Error for SpecError {}

/// A text of the user's in quotes, cut where it is long.
pub(super) fn quoted(text: &str) -> String {
    let shown: String = text.chars().take(LONGEST_QUOTE).collect();
    let cut = if shown.len() < text.len() { "…" } else { "" };
    format!("'{shown}{cut}'")
}

/// The text with everything that a terminal would act on replaced by something of as many bytes, so that spans stay
/// true; the renderer itself takes care of ASCII.
fn drawable(text: &str) -> String {
    let replaced = |c: char| match c.len_utf8() {
        1 => c,
        2 => '·',
        3 => '\u{fffd}',
        _ => '\u{1fbc4}',
    };
    text.chars().map(|c| if is_unseen(c) { replaced(c) } else { c }).collect()
}

/// The candidate that is most like `wanted`, where one is near.
pub(super) fn nearest<'c>(wanted: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    const NEAR: f64 = 0.8;
    if wanted.len() > LONGEST_QUOTE {
        return None;
    }
    let wanted = wanted.to_lowercase();
    (candidates.into_iter())
        .map(|candidate| (strsim::jaro_winkler(&candidate.to_lowercase(), &wanted), candidate))
        .filter(|(similarity, _)| *similarity >= NEAR)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, candidate)| candidate)
}
