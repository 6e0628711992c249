//! The log's clock against the analyzer's: a straight line, fitted so that single late timestamps do not bend it.

use super::sums::{Straight, median};
use super::{LogTime, seconds};
use crate::units::{Rational, Rounding, SampleRate};

/// Instants of the capture are counted in quarters of a sample period: the middle of an edge's window and the middle
/// between two of them are whole numbers.
pub(super) const QUARTERS: i128 = 4;
/// The fitted line is kept in parts of a femtosecond as fine as this.
const FINE: i128 = 1 << 40;
/// Residuals are kept in parts of a sample period as fine as this, rounded outward.
const GRID: i128 = 1 << 20;
/// A timestamp is taken for late, and left out of the fit, beyond this many times the median residual: four standard
/// deviations of normal noise.
const OUTLIER: i128 = 6;
/// The fit is repeated until it changes nothing any more, at most so often.
const ROUNDS: usize = 8;
/// So many slopes make the first guess.
const SLOPES: usize = 501;

/// What the instants of a fit are known to.
#[derive(Debug, Clone)]
pub(super) struct Axis<'a> {
    pub(super) rate: &'a SampleRate,
    /// How far an instant may be off, in sample periods.
    pub(super) half_width: Rational,
    /// What logged times are rounded to, in femtoseconds.
    pub(super) resolution: i128,
}

impl Axis<'_> {
    /// A quarter of a sample period in femtoseconds.
    fn quarter(&self) -> Rational {
        self.rate.period().times(super::FEMTOS_PER_SECOND / QUARTERS)
    }

    /// The femtoseconds of an instant of the capture, to the nearest.
    pub(super) fn femtos(&self, instant: i128) -> Option<i128> {
        self.quarter().times(instant).to_integer(Rounding::Nearest)
    }

    /// What tells nothing apart: two sample periods and two last digits, in femtoseconds.
    pub(super) fn floor(&self) -> i128 {
        let samples = self.quarter().times(2 * QUARTERS).to_integer(Rounding::Up).unwrap_or(i128::MAX / 4);
        samples.saturating_add(2 * self.resolution)
    }
}

/// How the clock of a log stands to that of a capture: log time = offset + (1 + rate) · capture time.
///
/// The bounds hold as long as no timestamp of the fit is off by more than the largest residual seen; they know of no
/// distribution. The analyzer's own clock error comes on top of the rate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClockFit {
    /// The log's time at the first sample of the capture, in seconds.
    pub offset: Rational,
    /// How far that may be off, in seconds.
    pub offset_bound: Rational,
    /// How much faster the log's clock runs, as a ratio (20e-6: +20 ppm).
    pub rate: Rational,
    /// How far that may be off, as a ratio.
    pub rate_bound: Rational,
    /// How many timestamps it was fitted to.
    pub fitted: u64,
    /// How many were left out as late or early.
    pub left_out: u64,
    /// The largest residual of a fitted timestamp, in seconds.
    pub largest_residual: Rational,
    line: FineLine,
    straight: Straight,
    /// How far an instant and a timestamp may be off together, in sample periods.
    half_width: Rational,
}

/// The line on a grid: time − t₀ = (intercept + slope · (instant − x₀)) / FINE.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct FineLine {
    x0: i128,
    t0: i128,
    intercept: i128,
    slope: i128,
}

impl FineLine {
    /// How far a timestamp lies behind the line, in parts of a femtosecond; none beyond 128 bits.
    fn residual(&self, (x, t): (i128, i128)) -> Option<i128> {
        let time = t.checked_sub(self.t0)?.checked_mul(FINE)?;
        let line = self.slope.checked_mul(x.checked_sub(self.x0)?)?.checked_add(self.intercept)?;
        time.checked_sub(line)
    }

    fn residuals(&self, points: &[(i128, i128)]) -> Option<Vec<i128>> {
        points.iter().map(|&point| self.residual(point)).collect()
    }

    /// A line that half of the points lie above and half below, of a slope that half of the slopes between distant
    /// points exceed: no single timestamp moves it far.
    fn guess(points: &[(i128, i128)]) -> Option<FineLine> {
        let &(x0, t0) = points.first()?;
        let apart = points.len() / 2;
        let step = (points.len() - apart).div_ceil(SLOPES).max(1);
        let slopes = points.iter().zip(points.iter().skip(apart)).step_by(step).filter_map(|(a, b)| {
            Rational::integer(b.1.checked_sub(a.1)?).checked_div(&Rational::integer(b.0.checked_sub(a.0)?))
        });
        let slope = median(slopes.collect())?.times(FINE).to_integer(Rounding::Nearest)?;
        let level = FineLine { x0, t0, intercept: 0, slope };
        let intercept = median(level.residuals(points)?)?;
        Some(FineLine { intercept, ..level })
    }

    /// The least-squares line of these points on the grid, and itself.
    fn least_squares(&self, points: &[(i128, i128)]) -> Option<(FineLine, Straight)> {
        let centred: Vec<(i128, i128)> = points.iter().map(|(x, t)| (x - self.x0, t - self.t0)).collect();
        let straight = Straight::fit(&centred)?;
        let fine = |value: &Rational| value.times(FINE).to_integer(Rounding::Nearest);
        let line = FineLine { intercept: fine(&straight.intercept)?, slope: fine(&straight.slope)?, ..*self };
        (line.slope > 0).then_some((line, straight))
    }
}

impl ClockFit {
    /// Fits instants (quarters of a sample period, increasing) and timestamps (femtoseconds). None of fewer than two
    /// points, or where the numbers leave 128 bits.
    pub(super) fn fit(points: &[(i128, i128)], axis: &Axis<'_>) -> Option<ClockFit> {
        let mut line = FineLine::guess(points)?;
        let mut kept: Vec<(i128, i128)> = Vec::new();
        let mut fitted = None;
        for _ in 0..ROUNDS {
            let residuals = line.residuals(points)?;
            let typical = median(residuals.iter().map(|residual| residual.abs()).collect())?;
            let reach = typical.saturating_mul(OUTLIER).max(axis.floor().saturating_mul(FINE));
            let near = points.iter().zip(&residuals).filter(|(_, residual)| residual.abs() <= reach);
            let near: Vec<(i128, i128)> = near.map(|(point, _)| *point).collect();
            if near == kept {
                break;
            }
            let (next, straight) = line.least_squares(&near)?;
            (line, kept, fitted) = (next, near, Some(straight));
        }
        let straight = fitted?;
        let largest = line.residuals(&kept)?.into_iter().map(i128::abs).max()?;
        // The line lies on a grid: one femtosecond covers that.
        let largest = seconds(largest / FINE + 1);
        // Whether stamps are cut or rounded to it, they lie within half of it from the middle, which the offset takes up.
        let digit = axis.rate.samples(&seconds(axis.resolution)).half();
        let half_width = &axis.half_width + &digit;
        let known = &largest + &(axis.rate.period() * &axis.half_width) + seconds(axis.resolution);
        let femtos = super::FEMTOS_PER_SECOND;
        let per_quarter = Rational::new(line.slope, FINE)?;
        let quarter = axis.quarter();
        let start = Rational::integer(-line.x0);
        let at_start = Rational::new(line.intercept, FINE)? + &per_quarter * &start + Rational::integer(line.t0);
        Some(ClockFit {
            offset: at_start.checked_div(&Rational::integer(femtos))?,
            offset_bound: &known * &straight.influence(&start),
            rate: per_quarter.checked_div(&quarter)? - Rational::ONE,
            rate_bound: known.times(femtos) * straight.leverage.checked_div(&quarter)?,
            fitted: kept.len() as u64,
            left_out: (points.len() - kept.len()) as u64,
            largest_residual: largest,
            line,
            straight,
            half_width,
        })
    }

    /// How far a timestamp lies behind an instant by this fit, and how far that may be off, in sample periods.
    pub(super) fn residual(&self, (x, t): (i128, i128)) -> Option<(Rational, Rational)> {
        let behind = Rational::new(self.line.residual((x, t))?, QUARTERS.checked_mul(self.line.slope)?)?;
        let place = Rational::integer(x - self.line.x0);
        let bound = &self.half_width * &(Rational::ONE + self.straight.influence(&place));
        Some((on_grid(&behind, Rounding::Nearest)?, on_grid(&bound, Rounding::Up)? + Rational::new(2, GRID)?))
    }

    /// Where the fit puts a timestamp on the capture, in sample periods from its first sample; none beyond 128 bits.
    #[must_use]
    pub fn instant(&self, time: LogTime) -> Option<Rational> {
        let t = time.get();
        let behind = self.line.residual((self.line.x0, t))?;
        let quarters = Rational::new(behind, self.line.slope)? + Rational::integer(self.line.x0);
        on_grid(&(quarters * Rational::new(1, QUARTERS)?), Rounding::Nearest)
    }
}

fn on_grid(value: &Rational, rounding: Rounding) -> Option<Rational> {
    Rational::new(value.times(GRID).to_integer(rounding)?, GRID)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn axis(rate: &SampleRate) -> Axis<'_> {
        Axis { rate, half_width: Rational::ONE.half(), resolution: 1_000_000_000 }
    }

    /// Edges every 1000 samples at 1 MHz, logged by a clock that shows 5 s at the start and runs 20 ppm fast.
    fn ideal(n: i128) -> (i128, i128) {
        (4000 * n, 5_000_000_000_000_000 + n * 1_000_020_000_000)
    }

    #[test]
    fn offset_and_rate_by_hand() {
        let rate = SampleRate::parse("1 MHz").unwrap();
        let points: Vec<(i128, i128)> = (1..=101).map(ideal).collect();
        let fit = ClockFit::fit(&points, &axis(&rate)).unwrap();
        assert_eq!(fit.rate, Rational::decimal(20, -6));
        assert_eq!(fit.offset, Rational::integer(5));
        assert_eq!((fit.fitted, fit.left_out), (101, 0));
        // x = 1000..101000 samples: Σ|x − x̄| = 1000·2·(1 + … + 50) = 2.55e6, Σ(x − x̄)² = 1e6·2·(1² + … + 50²) = 8.585e10;
        // known to half a sample, 1 µs of resolution and 1 fs: 1.500000001 µs·2.55e6/8.585e10 per µs.
        let expected = Rational::decimal(1_500_000_001, -9) * Rational::new(2_550_000, 85_850_000_000).unwrap();
        assert_eq!(fit.rate_bound, expected);
        assert!(points.iter().all(|&point| fit.residual(point).unwrap().0.is_zero()));
        assert_eq!(fit.instant(LogTime::new(5_000_000_000_000_000 + 1_000_020_000_000)), Some(Rational::integer(1000)));
    }

    #[test]
    fn late_timestamps_do_not_bend_it() {
        let rate = SampleRate::parse("1 MHz").unwrap();
        let late = |n: i128| if n % 5 == 0 { 100_000_000_000 * (n + 1) / 3 } else { 0 };
        let points: Vec<(i128, i128)> = (1..=100).map(|n| (ideal(n).0, ideal(n).1 + late(n))).collect();
        let fit = ClockFit::fit(&points, &axis(&rate)).unwrap();
        assert_eq!((fit.rate.clone(), fit.offset.clone()), (Rational::decimal(20, -6), Rational::integer(5)));
        assert_eq!((fit.fitted, fit.left_out), (80, 20));
        // Frame 20 is 700 µs late of its log, 700 / 1.00002 samples of the capture.
        let (value, bound) = fit.residual(points[19]).unwrap();
        assert!((&value - &Rational::decimal(699_986, -3)).abs() < Rational::decimal(1, -5), "{value:?}");
        assert!(bound >= Rational::ONE && bound < Rational::integer(3));
    }

    #[test]
    fn numbers_that_no_clock_has_fit_nothing() {
        let rate = SampleRate::parse("1 MHz").unwrap();
        assert_eq!(ClockFit::fit(&[(0, 0)], &axis(&rate)), None);
        assert_eq!(ClockFit::fit(&[(0, 0), (4, i128::MAX)], &axis(&rate)), None);
        // Time that goes back.
        assert_eq!(ClockFit::fit(&[(0, 100), (4, 50), (8, 0)], &axis(&rate)), None);
    }
}
