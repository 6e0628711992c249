//! Small parts that all pages share: the sign of a verdict, and an address.

use crate::render::words::verdict_word;
use crate::report::Overall;

/// A verdict as pages show it: a sign, a word, and a class for its colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mark {
    pub(super) symbol: &'static str,
    pub(super) word: &'static str,
    pub(super) class: &'static str,
}

impl Mark {
    pub(super) fn of(overall: Overall) -> Mark {
        let (symbol, class) = match overall {
            Overall::Pass => ("✓", "pass"),
            Overall::Fail => ("✗", "fail"),
            Overall::Inconclusive => ("?", "inconclusive"),
            Overall::Error => ("!", "error"),
        };
        Mark { symbol, word: verdict_word(overall), class }
    }
}

/// An address that is escaped for its place already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Href(pub(super) String);
