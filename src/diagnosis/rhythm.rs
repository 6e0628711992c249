//! The instants of a line, held against a period that is known, and where they break it.

/// An interval between two neighbouring instants that is no whole number of periods.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Break {
    /// The instant before it.
    pub(super) from: f64,
    /// The instant after it.
    pub(super) to: f64,
    /// By how much it is longer than a whole number of periods (at least one).
    pub(super) excess: f64,
}

/// The instants of one kind of edge of a line, held against a period.
#[derive(Debug)]
pub(super) struct Rhythm {
    /// Where it breaks.
    pub(super) breaks: Vec<Break>,
    /// The number of intervals.
    pub(super) intervals: usize,
    /// The sum of whole periods in intervals that hold more than one: how many beats are missing.
    pub(super) missing: usize,
}

impl Rhythm {
    /// Holds instants against a period. Intervals may stray by `tolerance`.
    pub(super) fn of(instants: &[f64], period: f64, tolerance: f64) -> Rhythm {
        let mut rhythm = Rhythm { breaks: Vec::new(), intervals: instants.len().saturating_sub(1), missing: 0 };
        for pair in instants.windows(2) {
            let interval = pair[1] - pair[0];
            if period <= 0.0 {
                // No rhythm has no period.
                rhythm.breaks.push(Break { from: pair[0], to: pair[1], excess: interval });
                continue;
            }
            let beats = (interval / period).round().max(1.0);
            let excess = interval - beats * period;
            if excess.abs() > tolerance {
                rhythm.breaks.push(Break { from: pair[0], to: pair[1], excess });
            } else {
                rhythm.missing += beats as usize - 1;
            }
        }
        rhythm
    }

    /// Whether nearly all of its intervals are whole numbers of periods.
    pub(super) fn is_kept(&self) -> bool {
        /// Four of five, and at least three.
        const SHARE: usize = 5;
        self.intervals >= 3 && self.breaks.len() * SHARE <= self.intervals
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rhythm_keeps_through_missing_beats_and_breaks_at_a_step() {
        let rhythm = Rhythm::of(&[0.0, 100.0, 300.0, 401.0, 471.0, 571.0, 671.0], 100.0, 2.0);
        assert_eq!(rhythm.breaks, [Break { from: 401.0, to: 471.0, excess: -30.0 }]);
        assert_eq!((rhythm.missing, rhythm.intervals), (1, 6));
        assert!(rhythm.is_kept());
    }
}
