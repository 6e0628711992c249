//! Statistics of measured values, for reports: floats, and never part of a verdict.

use super::Statistics;
use crate::quantity::{Code, Outline, Track};
use crate::units::{Rational, Rounding};

impl Statistics {
    /// The statistics of these points of a track, in the quantity's base unit; none of no points.
    pub(crate) fn of(track: &Track, points: impl Iterator<Item = Outline>) -> Option<Statistics> {
        let values = Sorted::of(track, points);
        let base = |value: &Rational| (value * &track.scale).to_f64();
        let at = |place: usize| values.get(place).map(|value| base(&value));
        let (mean, sd) = values.mean_and_sd();
        let scale = track.scale.to_f64();
        let per_mille = |per_mille: usize| at(nearest_rank(values.len(), per_mille));
        Some(Statistics {
            min: at(0)?,
            max: at(values.len().checked_sub(1)?)?,
            mean: mean.exact.map_or(mean.rounded * scale, |exact| base(&exact)),
            sd: sd.map(|sd| sd * scale),
            p50: per_mille(500)?,
            p99: per_mille(990)?,
            p99_9: per_mille(999)?,
        })
    }
}

/// Values from the smallest to the largest.
enum Sorted {
    /// Whole numbers, such as those of samples.
    Whole(Vec<i64>),
    /// Others.
    Any(Vec<Rational>),
}

impl Sorted {
    fn of(track: &Track, points: impl Iterator<Item = Outline>) -> Sorted {
        let points = points.map(|point| point.code);
        if track.points.are_whole() {
            let units = |code: Code| match code {
                Code::OfKind { units, .. } => Some(units),
                Code::Odd(_) => None,
            };
            let mut units: Vec<i64> = points.filter_map(units).collect();
            units.sort_unstable();
            return Sorted::Whole(units);
        }
        let mut values: Vec<Rational> = points.map(|code| track.points.value(code)).collect();
        values.sort_unstable();
        Sorted::Any(values)
    }

    fn len(&self) -> usize {
        match self {
            Sorted::Whole(units) => units.len(),
            Sorted::Any(values) => values.len(),
        }
    }

    fn get(&self, place: usize) -> Option<Rational> {
        match self {
            Sorted::Whole(units) => units.get(place).map(|units| Rational::integer((*units).into())),
            Sorted::Any(values) => values.get(place).cloned(),
        }
    }

    /// The sum of whole numbers, and of their squares; none where these do not fit.
    fn small_sums(&self) -> Option<(Rational, Rational)> {
        let Sorted::Whole(units) = self else { return None };
        let (sum, squares) =
            units.iter().map(|units| i128::from(*units)).try_fold((0_i128, 0_i128), |(sum, squares), units| {
                Some((sum + units, squares.checked_add(units * units)?))
            })?;
        Some((Rational::integer(sum), Rational::integer(squares)))
    }

    /// Mean and sample standard deviation in the track's unit: exact sums for whole numbers of samples, whose mean then is
    /// exact too, floats for ratios, whose common denominator would grow with every value.
    fn mean_and_sd(&self) -> (Mean, Option<f64>) {
        let values = || (0..self.len()).filter_map(|place| self.get(place));
        let sums = self.small_sums().or_else(|| {
            values().try_fold((Rational::ZERO, Rational::ZERO), |(sum, squares), value| {
                let value = as_whole(&value)?;
                Some((&sum + &value, &squares + &(&value * &value)))
            })
        });
        let Some((sum, squares)) = sums else {
            return rounded_mean_and_sd(&values().map(|value| value.to_f64()).collect::<Vec<f64>>());
        };
        let count = Rational::from(self.len() as u64);
        let freedom = Rational::from(self.len().saturating_sub(1) as u64);
        // Σ(x − x̄)² = (n·Σx² − (Σx)²) / n
        let deviation = (&count * &squares - &sum * &sum).checked_div(&(&count * &freedom));
        let exact = sum.checked_div(&count);
        let rounded = exact.as_ref().map_or(f64::NAN, Rational::to_f64);
        (Mean { exact, rounded }, deviation.map(|variance| variance.to_f64().sqrt()))
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

fn as_whole(value: &Rational) -> Option<Rational> {
    let whole = Rational::integer(value.to_integer(Rounding::Down)?);
    (whole == *value).then_some(whole)
}

fn rounded_mean_and_sd(values: &[f64]) -> (Mean, Option<f64>) {
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

    fn of_all(track: &Track) -> Option<Statistics> {
        Statistics::of(track, track.points.outlines())
    }

    #[test]
    fn sums_beyond_128_bits_are_as_exact() {
        let values = [i64::MAX, i64::MAX - 1, 1 - i64::MAX, -i64::MAX, i64::MAX].map(|n| Rational::integer(n.into()));
        let statistics = of_all(&track(&values, Rational::ONE)).unwrap();
        // M = 2⁶³ − 1: the sum is M, the squares are 5M² − 4M + 2.
        let m = 2_f64.powi(63);
        assert_relative_eq!(statistics.mean, m / 5.0, max_relative = 1e-15);
        assert_relative_eq!(statistics.sd.unwrap(), m * (4.8_f64 / 4.0).sqrt(), max_relative = 1e-12);
    }

    #[test]
    fn whole_samples_by_hand() {
        let values: Vec<Rational> = [2, 4, 4, 4, 5, 5, 7, 9].map(Rational::integer).to_vec();
        let track = track(&values, Rational::decimal(1, -6));
        let statistics = of_all(&track).unwrap();
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
        let statistics = of_all(&track(&values, Rational::integer(100))).unwrap();
        assert_relative_eq!(statistics.mean, 125.0 / 3.0, max_relative = 1e-12);
        assert_relative_eq!(statistics.sd.unwrap(), 100.0 / 6.0 / 2.0_f64.sqrt(), max_relative = 1e-12);
    }

    #[test]
    fn one_value_has_no_deviation_and_none_has_nothing() {
        let track = track(&[Rational::ONE], Rational::ONE);
        assert_eq!(of_all(&track).unwrap().sd, None);
        assert_eq!(Statistics::of(&track, std::iter::empty()), None);
    }
}
