//! The lines of a summary: their width, how they are set in, and what is painted.

use anstyle::{AnsiColor, Style};

use crate::escape::visible;
use crate::render::layout::wrap;
use crate::render::words::{counted, verdict_word};
use crate::report::Overall;

/// What lines below a heading begin with.
pub(super) const INDENT: &str = "  ";
/// What need not be read.
pub(super) const QUIET: Style = Style::new().dimmed();

pub(super) fn style(overall: Overall) -> Style {
    let colour = match overall {
        Overall::Pass => AnsiColor::Green,
        Overall::Inconclusive => AnsiColor::Yellow,
        Overall::Fail | Overall::Error => AnsiColor::Red,
    };
    colour.on_default().bold()
}

pub(super) fn painted(style: Style, text: &str) -> String {
    format!("{style}{text}{style:#}")
}

pub(super) fn word(overall: Overall) -> String {
    painted(style(overall), verdict_word(overall))
}

/// The lines of a summary, and how wide they may be.
#[derive(Debug)]
pub(super) struct Paper {
    pub(super) width: usize,
    lines: Vec<String>,
}

impl Paper {
    /// Of so many columns; none: as many as a line needs.
    pub(super) fn new(width: Option<usize>) -> Paper {
        /// What is narrower shows words, and no lines.
        const NARROWEST: usize = 40;
        Paper { width: width.map_or(usize::MAX, |width| width.max(NARROWEST)), lines: Vec::new() }
    }

    /// A line as it is.
    pub(super) fn push(&mut self, line: String) {
        self.lines.push(line);
    }

    pub(super) fn extend(&mut self, lines: impl IntoIterator<Item = String>) {
        self.lines.extend(lines);
    }

    /// Text that may hold names, made inert and wrapped, its further lines set in by one step.
    pub(super) fn add_text(&mut self, indent: &str, text: &str) {
        self.lines.extend(wrap(&visible(text), indent, &format!("{indent}{INDENT}"), self.width));
    }

    /// That there is more, which only the full summary lists.
    pub(super) fn add_rest(&mut self, rest: usize, noun: &str) {
        if rest > 0 {
            self.lines.push(painted(QUIET, &format!("{INDENT}and {} more (-v)", counted(rest as u64, noun))));
        }
    }

    pub(super) fn into_text(self) -> String {
        self.lines.into_iter().map(|line| line + "\n").collect()
    }
}
