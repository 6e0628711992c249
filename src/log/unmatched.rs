//! Why a log cannot be laid on a capture.

use super::seconds;
use crate::units::{Rounding, Unit, value_text};

/// Why a log cannot be laid on a capture.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unmatched {
    /// Too few of either.
    #[error("it takes two exposures and two timestamps to lay a log on a capture; there are {exposures} and {stamps}")]
    TooFew {
        /// The exposures that were seen to end.
        exposures: usize,
        /// The timestamps.
        stamps: usize,
    },
    /// The intervals agree nowhere.
    #[error(
        "the log fits nowhere on the capture: its timestamps are {} apart (median), the exposures {}{}",
        span(*.log), span(*.capture), hint(*.log, *.capture)
    )]
    Nowhere {
        /// The median interval of the log, in femtoseconds.
        log: i128,
        /// That of the exposures.
        capture: i128,
    },
    /// The timestamps are told too coarsely for frames that follow each other so soon.
    #[error(
        "the timestamps of the log are whole numbers of {}, and the exposures are {} apart: a log with more digits tells which frame is which",
        span(*.digit), span(*.capture)
    )]
    TooCoarse {
        /// What timestamps are rounded to, in femtoseconds.
        digit: i128,
        /// The median interval of the exposures.
        capture: i128,
    },
    /// Times or rates that arithmetic cannot hold.
    #[error("the times of the log are too large to be compared with the capture")]
    TooLarge,
}

fn span(femtos: i128) -> String {
    value_text(&seconds(femtos), Unit::Second, Rounding::Nearest)
}

/// So many times as long or short is another unit.
pub(super) const FAR: i128 = 100;

/// What to look at when intervals differ by more than a few times.
fn hint(log: i128, capture: i128) -> &'static str {
    let (small, large) = (log.min(capture), log.max(capture));
    if small.saturating_mul(FAR) < large {
        ": is the unit of its times right (timestamps.unit)?"
    } else {
        ": is it the log of this capture?"
    }
}
