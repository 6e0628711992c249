//! Series of instants and of values in floats: medians, regular intervals, and places where a rhythm breaks.

/// The median (the lower of two middle ones); none of none.
pub(super) fn median(mut values: Vec<f64>) -> Option<f64> {
    let middle = values.len().checked_sub(1)? / 2;
    Some(*values.select_nth_unstable_by(middle, f64::total_cmp).1)
}

/// The largest minus the smallest; 0 of none.
pub(super) fn spread(values: &[f64]) -> f64 {
    let most = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let least = values.iter().copied().fold(f64::INFINITY, f64::min);
    if values.is_empty() { 0.0 } else { most - least }
}

/// The differences of neighbours.
pub(super) fn steps(values: &[f64]) -> Vec<f64> {
    values.windows(2).map(|pair| pair[1] - pair[0]).collect()
}

/// The autocorrelation of a series at this lag: 1 where neighbours are alike, -1 where they alternate, about 0 of noise.
pub(super) fn autocorrelation(values: &[f64], lag: usize) -> f64 {
    let mean = values.iter().sum::<f64>() / (values.len().max(1)) as f64;
    let variance: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    let products = values.iter().zip(values.iter().skip(lag)).map(|(a, b)| (a - mean) * (b - mean));
    if variance > 0.0 { products.sum::<f64>() / variance } else { 0.0 }
}

/// The slope of a straight line through the values over their places, by least squares; none of fewer than two.
pub(super) fn slope(values: &[f64]) -> Option<f64> {
    let n = values.len() as f64;
    let mid = (n - 1.0) / 2.0;
    let spread: f64 = (0..values.len()).map(|i| (i as f64 - mid).powi(2)).sum();
    let sum: f64 = values.iter().enumerate().map(|(i, value)| (i as f64 - mid) * value).sum();
    (spread > 0.0).then(|| sum / spread)
}

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

    #[test]
    fn alternation_noise_and_swings_are_told_apart() {
        let alternating: Vec<f64> = (0..20).map(|i| f64::from(i % 2)).collect();
        assert!(autocorrelation(&alternating, 1) < -0.9);
        let swing: Vec<f64> = (0..48).map(|i| (f64::from(i) * 0.5).sin()).collect();
        assert!(autocorrelation(&swing, 1) > 0.8);
        approx::assert_abs_diff_eq!(slope(&[1.0, 3.0, 5.0]).unwrap(), 2.0, epsilon = 1e-12);
    }
}
