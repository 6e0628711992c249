//! Small parts that all pages share: the sign of a verdict, and an address.

use crate::render::look::LOOKED_AT;
use crate::render::words::verdict_word;
use crate::report::Overall;
use crate::verdict::Verdict;

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

/// How a page shows what became of a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Manner {
    /// By its verdict.
    Judged,
    /// By whether the capture keeps to its own medians.
    LookedAt,
}

impl Manner {
    /// The mark of a check.
    pub(super) fn mark(self, verdict: Verdict) -> Mark {
        match (self, verdict) {
            (Manner::Judged, verdict) => Mark::of(verdict.into()),
            (Manner::LookedAt, Verdict::Pass) => Mark { symbol: "≈", word: "alike", class: "alike" },
            (Manner::LookedAt, Verdict::Fail) => Mark { symbol: "≠", word: "apart", class: "inconclusive" },
            (Manner::LookedAt, Verdict::Inconclusive) => Mark { symbol: "?", word: "not told", class: "inconclusive" },
        }
    }
}

/// In place of the verdict.
pub(super) const LOOKED: Mark = Mark { symbol: "◉", word: LOOKED_AT, class: "alike" };

/// An address that is escaped for its place already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Href(pub(super) String);
