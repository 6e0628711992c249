//! Texts that people write: where in one something stands, the line with a caret under it, and what was probably meant.

use std::ops::Range;
use std::sync::Arc;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use crate::escape::{is_unseen, visible};

/// A text that something was read from.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Source {
    /// What messages call it: the file's path, the profile, the option.
    pub(crate) name: String,
    pub(crate) text: String,
    pub(crate) kind: SourceKind,
}

/// What kind of text it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SourceKind {
    /// A file.
    File,
    /// A built-in profile.
    Profile,
    /// An argument of the command line.
    Argument,
}

impl Source {
    /// The text of a file.
    pub(crate) fn file(name: &str, text: &str) -> Arc<Source> {
        Arc::new(Source { name: name.to_owned(), text: text.to_owned(), kind: SourceKind::File })
    }
}

/// A stretch of bytes in a source. Invariant: within the text, on character boundaries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SourceSpan {
    source: Arc<Source>,
    span: Range<usize>,
}

impl SourceSpan {
    /// What the source is.
    pub(crate) fn kind(&self) -> SourceKind {
        self.source.kind
    }

    /// The bytes of `span`, widened to whole characters and cut to the text.
    pub(crate) fn new(source: &Arc<Source>, span: Range<usize>) -> SourceSpan {
        let text = &source.text;
        let mut start = span.start.min(text.len());
        while !text.is_char_boundary(start) {
            start -= 1;
        }
        let mut end = span.end.clamp(start, text.len());
        while !text.is_char_boundary(end) {
            end += 1;
        }
        SourceSpan { source: Arc::clone(source), span: start..end }
    }

    /// The whole text.
    pub(crate) fn whole(source: &Arc<Source>) -> SourceSpan {
        SourceSpan::new(source, 0..source.text.len())
    }

    /// The text that stands there.
    pub(crate) fn text(&self) -> &str {
        &self.source.text[self.span.clone()]
    }

    /// What messages call it: `board7.spec.toml:3:10`, or the argument.
    pub(crate) fn called(&self) -> String {
        match self.source.kind {
            SourceKind::File | SourceKind::Profile => {
                let LineColumn { line, column } = self.line_column();
                format!("{}:{line}:{column}", self.source.name)
            }
            SourceKind::Argument => format!("{} {}", self.source.name, quoted(&self.source.text)),
        }
    }

    /// The bytes of the source.
    pub(crate) fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    /// What its source is called.
    pub(crate) fn source(&self) -> &Source {
        &self.source
    }

    /// The message about it, its line with a caret under it, and what else is to be said.
    pub(crate) fn drawn<'a>(&'a self, message: &'a str) -> Group<'a> {
        let snippet = Snippet::source(drawable(&self.source.text))
            .path(visible(&self.source.name))
            .annotation(AnnotationKind::Primary.span(self.span.clone()));
        Level::ERROR.primary_title(message).element(snippet)
    }

    /// Whether it stands in a built-in profile.
    pub(crate) fn is_in_profile(&self) -> bool {
        self.source.kind == SourceKind::Profile
    }

    /// Where it begins.
    pub(crate) fn line_column(&self) -> LineColumn {
        let before = &self.source.text[..self.span.start];
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        LineColumn { line: before.matches('\n').count() + 1, column: before[line_start..].chars().count() + 1 }
    }

    /// The whole text that it is a part of.
    pub(crate) fn source_text(&self) -> &str {
        &self.source.text
    }

    /// The line on which it begins.
    pub(crate) fn line(&self) -> &str {
        let text = &self.source.text;
        let from = text[..self.span.start].rfind('\n').map_or(0, |at| at + 1);
        text[from..].lines().next().unwrap_or_default()
    }

    /// The bytes `inner` of it.
    pub(crate) fn part(&self, inner: Range<usize>) -> SourceSpan {
        SourceSpan::new(&self.source, self.span.start + inner.start..self.span.start + inner.end)
    }
}

/// A value and where it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Located<T> {
    pub(crate) value: T,
    pub(crate) place: SourceSpan,
}

/// What is to be said, as a person reads it.
pub(crate) fn render(group: Group<'_>) -> String {
    Renderer::plain().render(&[group])
}

/// A line and a column in a text, both from 1; the column counts characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LineColumn {
    /// The line.
    pub line: usize,
    /// The character in the line.
    pub column: usize,
}

/// Longer texts are cut before they are quoted in a message.
const LONGEST_QUOTE: usize = 60;

/// A text of the user's in quotes, cut where it is long.
pub(crate) fn quoted(text: &str) -> String {
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

/// The key or id that is most like `wanted`, where one is near.
pub(crate) fn nearest<'c>(wanted: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    nearest_of(wanted, candidates, 0.8)
}

/// The same of names that people give.
pub(crate) fn nearest_name<'c>(wanted: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    nearest_of(wanted, candidates, 0.7)
}

/// The question which of these was meant: all that begin so where these are several, else the one that is most like it.
pub(crate) fn suggestion<'c>(wanted: &str, candidates: impl IntoIterator<Item = &'c str> + Clone) -> Option<String> {
    /// Of more nothing is told.
    const MOST: usize = 20;
    let is_begun = |candidate: &&str| !wanted.is_empty() && candidate.starts_with(wanted);
    let begun: Vec<&str> = candidates.clone().into_iter().filter(is_begun).take(MOST + 1).collect();
    match begun.as_slice() {
        [first @ .., last] if !first.is_empty() && first.len() < MOST => {
            Some(format!("did you mean {} or {last}?", first.join(", ")))
        }
        _ => Some(format!("did you mean '{}'?", nearest(wanted, candidates)?)),
    }
}

fn nearest_of<'c>(wanted: &str, candidates: impl IntoIterator<Item = &'c str>, least: f64) -> Option<&'c str> {
    if wanted.len() > LONGEST_QUOTE {
        return None;
    }
    let wanted = wanted.to_lowercase();
    (candidates.into_iter())
        .map(|candidate| (strsim::jaro_winkler(&candidate.to_lowercase(), &wanted), candidate))
        .filter(|(similarity, _)| *similarity >= least)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, candidate)| candidate)
}
