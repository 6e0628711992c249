//! Statistics of measured values, for reports: floats, and never part of a verdict.

use super::Statistics;
use crate::quantity::Track;
use crate::units::{Rational, Rounding};

impl Statistics {
    /// The statistics of these points of a track, in the quantity's base unit; none of no points.
    #[must_use]
    pub fn of(track: &Track, points: &[usize]) -> Option<Statistics> {
        let mut values: Vec<Rational> = points.iter().filter_map(|&point| track.points.value(point)).collect();
        values.sort_unstable();
        let (first, last) = (values.first()?, values.last()?);
        let base = |value: &Rational| (value * &track.scale).to_f64();
        let (mean, sd) = mean_and_sd(&values);
        let scale = track.scale.to_f64();
        let at = |per_mille: usize| base(&values[nearest_rank(values.len(), per_mille)]);
        Some(Statistics {
            min: base(first),
            max: base(last),
            mean: mean.exact.map_or(mean.rounded * scale, |exact| base(&exact)),
            sd: sd.map(|sd| sd * scale),
            p50: at(500),
            p99: at(990),
            p99_9: at(999),
        })
    }
}

/// The place of the smallest value that is not below this many per mille of all (nearest rank).
fn nearest_rank(count: usize, per_mille: usize) -> usize {
    (count * per_mille).div_ceil(1000).saturating_sub(1)
}

struct Mean {
    exact: Option<Rational>,
    rounded: f64,
}

/// Mean and sample standard deviation in the track's unit: exact sums for whole numbers of samples, whose mean then is
/// exact too, floats for ratios, whose common denominator would grow with every value.
fn mean_and_sd(values: &[Rational]) -> (Mean, Option<f64>) {
    let count = Rational::from(values.len() as u64);
    let freedom = Rational::from(values.len().saturating_sub(1) as u64);
    let Some(whole) = values.iter().map(as_whole).collect::<Option<Vec<Rational>>>() else {
        return rounded_mean_and_sd(values);
    };
    let sum = whole.iter().fold(Rational::ZERO, |sum, value| &sum + value);
    let squares = whole.iter().fold(Rational::ZERO, |sum, value| &sum + &(value * value));
    // Σ(x − x̄)² = (n·Σx² − (Σx)²) / n
    let deviation = (&count * &squares - &sum * &sum).checked_div(&(&count * &freedom));
    let exact = sum.checked_div(&count);
    let rounded = exact.as_ref().map_or(f64::NAN, Rational::to_f64);
    (Mean { exact, rounded }, deviation.map(|variance| variance.to_f64().sqrt()))
}

fn as_whole(value: &Rational) -> Option<Rational> {
    let whole = Rational::integer(value.to_integer(Rounding::Down)?);
    (whole == *value).then_some(whole)
}

fn rounded_mean_and_sd(values: &[Rational]) -> (Mean, Option<f64>) {
    let values: Vec<f64> = values.iter().map(|value| value.to_f64()).collect();
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    let squares = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>();
    let sd = (values.len() > 1).then(|| (squares / (count - 1.0)).sqrt());
    (Mean { exact: None, rounded: mean }, sd)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quantity::{Point, Reading, Seen};
    use crate::units::SampleIndex;
    use approx::assert_relative_eq;

    fn track(values: &[Rational], scale: Rational) -> Track {
        let points = values.iter().map(|value| Point {
            frame: None,
            from: SampleIndex::default(),
            to: SampleIndex::default(),
            reading: Reading::exact(value.clone()),
            seen: Seen::Whole,
        });
        Track { scale, ..Track::plain(points.collect::<crate::quantity::Points>()) }
    }

    #[test]
    fn whole_samples_by_hand() {
        let values: Vec<Rational> = [2, 4, 4, 4, 5, 5, 7, 9].map(Rational::integer).to_vec();
        let track = track(&values, Rational::decimal(1, -6));
        let statistics = Statistics::of(&track, &[0, 1, 2, 3, 4, 5, 6, 7]).unwrap();
        assert_relative_eq!(statistics.mean, 5e-6, max_relative = 1e-15);
        // Σ(x − 5)² = 32; sd = √(32/7).
        assert_relative_eq!(statistics.sd.unwrap(), (32.0_f64 / 7.0).sqrt() * 1e-6, max_relative = 1e-12);
        assert_relative_eq!(statistics.p50, 4e-6, max_relative = 1e-15);
        assert_relative_eq!(statistics.p99, 9e-6, max_relative = 1e-15);
        assert_relative_eq!(statistics.min, 2e-6, max_relative = 1e-15);
    }

    #[test]
    fn ratios_by_hand() {
        let values = [Rational::new(1, 3).unwrap(), Rational::new(1, 2).unwrap()];
        let statistics = Statistics::of(&track(&values, Rational::integer(100)), &[0, 1]).unwrap();
        assert_relative_eq!(statistics.mean, 125.0 / 3.0, max_relative = 1e-12);
        assert_relative_eq!(statistics.sd.unwrap(), 100.0 / 6.0 / 2.0_f64.sqrt(), max_relative = 1e-12);
    }

    #[test]
    fn one_value_has_no_deviation_and_none_has_nothing() {
        let track = track(&[Rational::ONE], Rational::ONE);
        assert_eq!(Statistics::of(&track, &[0]).unwrap().sd, None);
        assert_eq!(Statistics::of(&track, &[]), None);
    }
}
