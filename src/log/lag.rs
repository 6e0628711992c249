//! By how many frames the exposure times of a log are late.
//!
//! Cameras report the exposure that they were set to when the image left them; the exposure that it was taken with may be that of
//! an earlier frame. A lag is right if the measured times follow the logged ones with it: they may be longer by a constant, and by
//! a few percent (rows, steps of the STROBE counter). How well they follow is the sum of absolute deviations from the median of
//! what is left of a least-squares line whose slope is near 1.

use std::ops::RangeInclusive;

use super::sums::{Straight, median};
use crate::units::{Rational, Rounding};

/// The lags that are looked for: 0 to 3 frames.
pub(super) const LAGS: RangeInclusive<i64> = 0..=3;
/// The same, where it is not proven which frame is which, and the log may lie as many frames beside its place.
pub(super) const LAGS_BESIDE: RangeInclusive<i64> = -3..=6;
/// Fewer frames than this tell no lag.
const FEWEST: usize = 4;
/// The scale of measured exposures against logged ones lies within so many thousandths of 1.
const SCALE: i128 = 100;

/// By how many frames the exposure times of a log are late.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExposureLag {
    /// The log has no exposure times.
    NotLogged,
    /// The spec says so, and intervals which frame is which.
    Stated(i64),
    /// Only with this one the measured times follow the logged ones; by more than chance, where nothing else tells which frame is which.
    Found(i64),
    /// With each of these they follow about equally well.
    Undecided(Vec<i64>),
    /// They follow with none of those that are looked for, and the log may lie further beside its place.
    Unfollowed,
    /// They follow by more than chance with this one, which no camera has: the log lies elsewhere than its times and its length say.
    Beside(i64),
    /// The logged times are so many times as long or as short as STROBE that they are of another unit than was read: the median of
    /// either, in femtoseconds.
    OtherUnit {
        /// Of the logged times.
        logged: i128,
        /// Of the measured ones.
        shown: i128,
    },
}

impl ExposureLag {
    /// The lag, where it is known.
    #[must_use]
    pub fn known(&self) -> Option<i64> {
        match self {
            ExposureLag::Stated(lag) | ExposureLag::Found(lag) => Some(*lag),
            ExposureLag::NotLogged
            | ExposureLag::Undecided(_)
            | ExposureLag::Unfollowed
            | ExposureLag::Beside(_)
            | ExposureLag::OtherUnit { .. } => None,
        }
    }

    /// The lags that it may be.
    #[must_use]
    pub fn possible(&self) -> &[i64] {
        match self {
            ExposureLag::NotLogged
            | ExposureLag::Unfollowed
            | ExposureLag::Beside(_)
            | ExposureLag::OtherUnit { .. } => &[],
            ExposureLag::Stated(lag) | ExposureLag::Found(lag) => std::slice::from_ref(lag),
            ExposureLag::Undecided(lags) => lags,
        }
    }
}

/// A measured exposure time, and the logged ones that may be its own, lag by lag: all in femtoseconds.
#[derive(Debug, Clone)]
pub(super) struct Followed {
    pub(super) width: i128,
    pub(super) logged: Vec<i128>,
}

/// The lag with which the widths follow the logged times. `known` is how far a width and a logged time may be off together.
pub(super) fn find(frames: &[Followed], lags: RangeInclusive<i64>, known: i128) -> ExposureLag {
    let all = || ExposureLag::Undecided(lags.clone().collect());
    if frames.len() < FEWEST {
        return all();
    }
    let sums: Option<Vec<i128>> = (0..lags.clone().count()).map(|place| deviation(frames, place)).collect();
    let Some(sums) = sums else { return all() };
    let Some(least) = sums.iter().copied().min() else { return all() };
    // Each deviation, and the median that it is one from, moves by `known` at most, in both sums.
    let apart = known.saturating_mul(4).saturating_mul(frames.len() as i128);
    let is_worse = |sum: i128| sum >= least.saturating_mul(2) && sum - least > apart;
    let remaining: Vec<i64> = lags.clone().zip(&sums).filter(|(_, sum)| !is_worse(**sum)).map(|(lag, _)| lag).collect();
    match remaining.as_slice() {
        [lag] => ExposureLag::Found(*lag),
        [..] => ExposureLag::Undecided(remaining),
    }
}

/// Whether the widths follow the logged times of no lag: at best they are no nearer to them than to their own median.
pub(super) fn is_unfollowed(frames: &[Followed], lags: RangeInclusive<i64>, known: i128) -> bool {
    let least = (0..lags.count()).filter_map(|place| deviation(frames, place)).min();
    let Some((least, middle)) = least.zip(median(frames.iter().map(|frame| frame.width).collect())) else {
        return true;
    };
    let own = frames.iter().fold(0_i128, |sum, frame| sum.saturating_add(frame.width.saturating_sub(middle).abs()));
    least > known.saturating_mul(4).saturating_mul(frames.len() as i128) && least.saturating_mul(2) > own
}

/// The slope of widths over logged times, near 1; none beyond 128 bits.
pub(super) fn slope(points: impl Iterator<Item = (i128, i128)>) -> Option<Rational> {
    let points: Vec<(i128, i128)> = points.map(|(width, logged)| (logged, width)).collect();
    let (low, high) = (Rational::new(1000 - SCALE, 1000)?, Rational::new(1000 + SCALE, 1000)?);
    Some(Straight::fit(&points).map_or(Rational::ONE, |line| line.slope).max(low).min(high))
}

/// How far the widths are from following the logged times of the lag at this place; none beyond 128 bits.
fn deviation(frames: &[Followed], place: usize) -> Option<i128> {
    let points: Option<Vec<(i128, i128)>> =
        frames.iter().map(|frame| Some((frame.width, *frame.logged.get(place)?))).collect();
    let points = points?;
    let slope = slope(points.iter().copied())?;
    let errors: Option<Vec<i128>> = points
        .iter()
        .map(|(width, logged)| (Rational::integer(*width) - slope.times(*logged)).to_integer(Rounding::Nearest))
        .collect();
    let errors = errors?;
    let middle = median(errors.clone())?;
    errors.iter().try_fold(0_i128, |sum, error| sum.checked_add(error.checked_sub(middle)?.abs()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const US: i128 = 1_000_000_000;

    /// Exposures in microseconds, of which the log tells each so many frames late, measured `scale` thousandths as long and 12 µs
    /// longer.
    fn found(exposures: &[i128], late: usize, scale: i128) -> ExposureLag {
        let told = |row: usize| exposures[row.saturating_sub(late)] * US;
        let frames: Vec<Followed> = (late..exposures.len() - 3)
            .map(|frame| Followed {
                width: exposures[frame] * US * scale / 1000 + 12 * US,
                logged: (0..4).map(|lag| told(frame + lag)).collect(),
            })
            .collect();
        find(&frames, LAGS, 2 * US)
    }

    #[test]
    fn exposures_that_vary_tell_the_lag() {
        let wandering: Vec<i128> = (0..40).map(|n: i128| 5000 + (n * n * 7919) % 4001).collect();
        for late in 0..=3 {
            for scale in [1000, 1043] {
                assert_eq!(found(&wandering, late, scale), ExposureLag::Found(late as i64), "{scale}");
            }
        }
    }

    #[test]
    fn what_fits_several_lags_is_undecided() {
        // All exposures are equal, or each is longer than the one before by as much, or by the same factor.
        let constant = vec![8000; 40];
        let ramp: Vec<i128> = (0..40).map(|n| 5000 + 100 * n).collect();
        for exposures in [constant, ramp] {
            assert_eq!(found(&exposures, 2, 1000), ExposureLag::Undecided(vec![0, 1, 2, 3]));
        }
        let growing: Vec<i128> = (0..40).map(|n| (5000.0 * 1.03_f64.powi(n)) as i128).collect();
        assert_eq!(found(&growing, 1, 1000).known(), None);
        // Two lengths in turn are the same two frames later.
        let turns: Vec<i128> = (0..40).map(|n| if n % 2 == 0 { 4000 } else { 9000 }).collect();
        assert_eq!(found(&turns, 1, 1000), ExposureLag::Undecided(vec![1, 3]));
        assert_eq!(find(&[], LAGS, US), ExposureLag::Undecided(vec![0, 1, 2, 3]));
    }

    #[test]
    fn a_step_tells_it_from_twice_the_deviation_on_and_beyond_the_bounds() {
        // Of 17 frames one late has low width and high logged time, seven both high: a slope of 7/8 is taken for 0.9, which leaves
        // 0.1 of the step seven times and 0.9 of it once, against 4 · 2 µs · 17 = 136 µs.
        let step = |by: i128| -> Vec<i128> { (0..20).map(|n| if n < 10 { 5000 } else { 5000 + by }).collect() };
        assert_eq!(found(&step(86), 0, 1000), ExposureLag::Found(0));
        assert_eq!(found(&step(85), 0, 1000), ExposureLag::Undecided(vec![0, 1]));
    }
}
