//! Checks of a record whose sample rate is not known.

use std::sync::Arc;

use super::{Check, Judged, Plotted, Standing, Verdict};

impl Check {
    /// The same check of a file that states times and not how often the lines were looked at: its values are shown, and
    /// nothing is proven by them, since the unit of the times is no sample period.
    #[must_use]
    pub fn withheld(self) -> Check {
        let unproven = |judged: Judged| Judged { low: None, high: None, ..judged };
        let open = |plotted: &Plotted| match plotted.standing {
            Standing::Inside | Standing::Outside | Standing::Straddling => {
                Plotted { standing: Standing::Straddling, ..*plotted }
            }
            Standing::NotJudged => *plotted,
        };
        Check {
            verdict: Verdict::Inconclusive,
            reason: Some("the file states times, but not the rate at which the lines were sampled".to_owned()),
            settle: Some("state the sample rate of the capture, for example with --samplerate 24MHz".to_owned()),
            failed: 0,
            marginal: self.measured,
            uncertainty: None,
            worst: self.worst.map(unproven),
            violations: Vec::new(),
            marginals: self.violations.into_iter().chain(self.marginals).map(unproven).collect(),
            track: Arc::new(self.track.iter().map(open).collect()),
            ..self
        }
    }
}
