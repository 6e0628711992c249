//! The lines of a summary: their width, how they are set in, and what is painted.

use anstyle::{AnsiColor, Style};

use crate::escape::visible;
use crate::render::layout::wrap;
use crate::render::words::{counted, verdict_word};
use crate::report::Overall;

/// The width of a line.
pub(super) const WIDTH: usize = 80;
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

/// Text that may hold names, made inert and wrapped, its further lines set in by one step.
pub(super) fn add_text(lines: &mut Vec<String>, indent: &str, text: &str) {
    lines.extend(wrap(&visible(text), indent, &format!("{indent}{INDENT}"), WIDTH));
}

/// That there is more, which only the full summary lists.
pub(super) fn add_rest(lines: &mut Vec<String>, rest: usize, noun: &str) {
    if rest > 0 {
        lines.push(painted(QUIET, &format!("{INDENT}and {} more (-v)", counted(rest as u64, noun))));
    }
}
