//! Whether values scatter by chance about one nominal, or were changed: by auto exposure, in steps, from unit to unit.
//!
//! A tolerance factor holds for values that scatter like normal ones. Of values that were changed it says nothing.

use super::series::{mean, square_sum};
use crate::study::statistics::normal_quantile;

/// Values that lie nearer to their mean than this part of the frame time need no closer look.
const NOTABLE: f64 = 0.002;
/// Captures whose means lie farther from one another's mean than this part of the frame time were set differently.
const SET_APART: f64 = 0.01;

/// So sure it must be that values do not scatter by chance.
const SURE: f64 = 0.99;

/// The values of one entry, by capture in the order of their frames.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scatter<'a> {
    pub(super) captures: &'a [Vec<f64>],
    /// The pooled standard deviation within captures; none where each has but one value.
    pub(super) within: Option<f64>,
    /// The frame time in seconds, or the values' magnitude where that is more.
    pub(super) scale: f64,
}

impl Scatter<'_> {
    /// Whether values of a capture differ notably, and not by chance.
    pub(super) fn is_changed_within(self) -> bool {
        let Some(sd) = self.within else { return false };
        let farthest = self.captures.iter().map(|values| farthest(values)).fold(0.0, f64::max);
        farthest > NOTABLE * self.scale && (self.has_no_tails(farthest / sd) || self.has_order())
    }

    /// Whether the means of captures differ by more than units do, and by more than their frames explain.
    pub(super) fn is_changed_between(self) -> bool {
        let means: Vec<f64> = self.captures.iter().map(|values| mean(values)).collect();
        let fewest = self.captures.iter().map(Vec::len).min().unwrap_or(1) as f64;
        let by_chance = self.within.unwrap_or(0.0) / fewest.sqrt() * normal_quantile(f64::midpoint(1.0, SURE));
        farthest(&means) > by_chance.max(SET_APART * self.scale)
    }

    /// Whether the farthest value is nearer to the mean than that of as many normal ones would be: values that go to and fro
    /// between ends have no tails. All n of them lie within z standard deviations with probability (2Φ(z) − 1)ⁿ.
    fn has_no_tails(self, farthest: f64) -> bool {
        let share = (1.0 - SURE).powf(1.0 / self.count());
        farthest < normal_quantile(f64::midpoint(1.0, share))
    }

    /// Whether neighbours are more alike than values in random order: Σ(xᵢ₊₁ − xᵢ)²/Σ(x − x̄)² is 2 of those, with variance 4/n
    /// (von Neumann, Ann. Math. Stat. 12, 1941).
    fn has_order(self) -> bool {
        let steps = |values: &Vec<f64>| values.windows(2).map(|pair| (pair[1] - pair[0]).powi(2)).sum::<f64>();
        let steps: f64 = self.captures.iter().map(steps).sum();
        let squares: f64 = self.captures.iter().map(|values| square_sum(values)).sum();
        steps / squares < 2.0 - normal_quantile(SURE) * 2.0 / self.count().sqrt()
    }

    fn count(self) -> f64 {
        self.captures.iter().map(Vec::len).sum::<usize>() as f64
    }
}

/// How far the farthest value is from their mean.
fn farthest(values: &[f64]) -> f64 {
    let mean = mean(values);
    values.iter().map(|value| (value - mean).abs()).fold(0.0, f64::max)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Milliseconds in one capture, of a frame time of 33.3 ms.
    fn is_changed(values: &[f64]) -> bool {
        let within = Some((square_sum(values) / (values.len() - 1) as f64).sqrt());
        Scatter { captures: &[values.to_vec()], within, scale: 33.3 }.is_changed_within()
    }

    /// The quantiles of as many normal values, in an order that tells nothing: 37 has no divisor in common with 60.
    fn normal(mean: f64, sd: f64) -> Vec<f64> {
        (0..60).map(|i| mean + sd * normal_quantile((f64::from(i * 37 % 60) + 0.5) / 60.0)).collect()
    }

    #[test]
    fn normal_values_in_no_order_scatter_by_chance() {
        assert!(!is_changed(&normal(10.0, 1.0)));
        assert!(!is_changed(&normal(10.0, 0.001)));
    }

    #[test]
    fn the_same_values_in_order_were_changed() {
        let mut sorted = normal(10.0, 1.0);
        sorted.sort_by(f64::total_cmp);
        assert!(is_changed(&sorted));
    }

    #[test]
    fn two_levels_were_changed_in_whatever_order() {
        let steps: Vec<f64> = (0..60).map(|i| if i < 30 { 10.0 } else { 20.0 }).collect();
        assert!(is_changed(&steps));
        let mixed: Vec<f64> = (0..60).map(|i| if i * 37 % 60 < 30 { 10.0 } else { 20.0 }).collect();
        assert!(is_changed(&mixed));
    }

    #[test]
    fn values_that_lie_evenly_between_ends_were_changed_in_whatever_order() {
        // Their farthest is √3 standard deviations from the mean: all of 60 normal values lie within 1.79 once in 100 times.
        assert!(is_changed(&(0..60).map(|i| 10.0 + f64::from(i * 37 % 60) / 10.0).collect::<Vec<_>>()));
    }

    #[test]
    fn what_is_not_notable_is_left_to_chance() {
        // 0.002 of 33.3 ms: 66.6 µs on either side.
        let two = |off: f64| (0..60).map(|i| if i < 30 { 10.0 - off } else { 10.0 + off }).collect::<Vec<_>>();
        assert!(!is_changed(&two(0.0665)));
        assert!(is_changed(&two(0.0667)));
    }

    #[test]
    fn captures_were_set_apart_from_a_hundredth_of_the_frame_time_on() {
        let of = |captures: &[Vec<f64>], within| Scatter { captures, within, scale: 33.3 }.is_changed_between();
        // Two means are as far from their middle as half of what lies between them: 333 µs.
        assert!(!of(&[vec![10.0; 9], vec![10.665; 9]], Some(0.0)));
        assert!(of(&[vec![10.0; 9], vec![10.667; 9]], Some(0.0)));
        // Means of nine frames that scatter by 1 ms differ by chance: 2.576 · 1 ms / 3 = 0.859 ms.
        assert!(!of(&[vec![10.0; 9], vec![11.71; 9]], Some(1.0)));
        assert!(of(&[vec![10.0; 9], vec![11.73; 9]], Some(1.0)));
    }
}
