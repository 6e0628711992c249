//! Series of values in floats: medians, spreads, slopes.

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alternation_noise_and_swings_are_told_apart() {
        let alternating: Vec<f64> = (0..20).map(|i| f64::from(i % 2)).collect();
        assert!(autocorrelation(&alternating, 1) < -0.9);
        let swing: Vec<f64> = (0..48).map(|i| (f64::from(i) * 0.5).sin()).collect();
        assert!(autocorrelation(&swing, 1) > 0.8);
        approx::assert_abs_diff_eq!(slope(&[1.0, 3.0, 5.0]).unwrap(), 2.0, epsilon = 1e-12);
    }
}
