//! Checks of which nothing is proven: of a record whose sample rate, or whose alignment, is not known.

use std::sync::Arc;

use super::{Check, Judged, Verdict};
use crate::quantity::Absent;

impl Check {
    /// The same check of a file that states times and not how often the lines were looked at: its values are shown, and
    /// nothing is proven by them, since the unit of the times is no sample period.
    #[must_use]
    pub fn unproven(self) -> Check {
        let unproven = |judged: Judged| Judged { low: None, high: None, ..judged };
        let open = self.left_open();
        Check {
            reason: Some("the file states times, but not the rate at which the lines were sampled".to_owned()),
            settle: Some("state the sample rate of the capture, for example with --samplerate 24MHz".to_owned()),
            marginal: open.measured,
            too_narrow: None,
            uncertainty: None,
            worst: open.worst.map(unproven),
            marginals: open.marginals.into_iter().map(unproven).collect(),
            ..open
        }
    }

    /// The same check if it comes out as `other` does, which takes the other edge of STROBE for the one that is tied to the
    /// frames; else it is open which of them is right.
    #[must_use]
    pub fn unless_otherwise(self, other: &Check) -> Check {
        if self.verdict == other.verdict || self.verdict == Verdict::Inconclusive {
            return self;
        }
        let absent = Absent::AlignmentUndecided;
        let settle = "timing.alignment = \"end\", \"start\" or \"middle\", or FSIN wired";
        Check { reason: Some(absent.to_string()), settle: Some(settle.to_owned()), ..self.left_open() }
    }

    /// The same, of which nothing is proven.
    fn left_open(self) -> Check {
        Check {
            verdict: Verdict::Inconclusive,
            failed: 0,
            marginal: self.failed + self.marginal,
            violations: Vec::new(),
            marginals: self.violations.into_iter().chain(self.marginals).collect(),
            track: Arc::new(self.track.left_open()),
            ..self
        }
    }
}
