//! Whether what is looked for would have been recorded: the time in which it may come lies in the record, and no lost stretch in
//! it.

use super::ObservedLine;
use crate::signal::Lost;
use crate::units::{Rational, Rounding, SampleIndex};

/// What a record shows of some lines.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Recorded<'a> {
    lost: &'a Lost,
    length: SampleIndex,
    /// How near to an end of the record, or to a lost stretch, an edge of them may go unseen, in sample periods: as far as their
    /// edges are uncertain together, and a glitch filter cannot tell an edge from a glitch.
    rim: i128,
    /// How far their edges are uncertain together beyond their windows, in sample periods.
    slack: i128,
}

impl<'a> Recorded<'a> {
    pub(crate) fn on<'l>(
        lines: impl IntoIterator<Item = &'l ObservedLine>,
        lost: &'a Lost,
        length: SampleIndex,
    ) -> Recorded<'a> {
        let (mut slack, mut blind) = (Rational::ZERO, 0);
        for line in lines {
            slack = slack + line.slack.clone();
            blind = line.blind.max(blind);
        }
        let slack = slack.to_integer(Rounding::Up).unwrap_or(i128::MAX / 4);
        Recorded { lost, length, rim: slack + i128::from(blind), slack }
    }

    /// How near to an end of the record an edge may go unseen, in sample periods.
    pub(crate) fn rim(self) -> i128 {
        self.rim
    }

    /// How far their edges are uncertain together beyond their windows, in sample periods.
    pub(crate) fn slack(self) -> i128 {
        self.slack
    }

    /// Whether edges from this sample to that one would have been seen: each shows by the sample before it.
    pub(crate) fn holds(self, from: i128, to: i128) -> bool {
        let (Ok(from), Ok(to)) = (u64::try_from(from - self.rim - 1), u64::try_from(to + self.rim)) else {
            return false;
        };
        to < self.length.get() && self.lost.spares(SampleIndex::new(from), SampleIndex::new(to))
    }

    /// Whether edges within `reach` of this sample would have been seen.
    pub(crate) fn holds_around(self, at: i128, reach: i128) -> bool {
        self.holds(at - reach, at + reach)
    }
}
