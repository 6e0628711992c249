//! The instants of a line, held against a period that is known, and where they break it.

use super::series::steps;

/// The instants of one kind of edge of a line, held against a period.
#[derive(Debug)]
pub(super) struct Rhythm {
    /// How many intervals are no whole number of periods (at least one).
    pub(super) breaks: usize,
    /// The number of intervals.
    pub(super) intervals: usize,
    /// The sum of whole periods in intervals that hold more than one: how many beats are missing.
    pub(super) missing: usize,
}

impl Rhythm {
    /// Holds instants against a period. Intervals may stray by `tolerance`.
    pub(super) fn of(instants: &[f64], period: f64, tolerance: f64) -> Rhythm {
        let mut rhythm = Rhythm { breaks: 0, intervals: instants.len().saturating_sub(1), missing: 0 };
        for interval in steps(instants) {
            let beats = (interval / period).round().max(1.0);
            // No rhythm has no period.
            if period <= 0.0 || (interval - beats * period).abs() > tolerance {
                rhythm.breaks += 1;
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
        self.intervals >= 3 && self.breaks * SHARE <= self.intervals
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rhythm_keeps_through_missing_beats_and_breaks_at_a_step() {
        let rhythm = Rhythm::of(&[0.0, 100.0, 300.0, 401.0, 471.0, 571.0, 671.0], 100.0, 2.0);
        assert_eq!((rhythm.breaks, rhythm.missing, rhythm.intervals), (1, 1, 6));
        assert!(rhythm.is_kept());
    }
}
