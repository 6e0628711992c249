//! A straight line through instants over frame numbers, by least squares and exactly.

use crate::units::Rational;

/// An instant and the number of the frame that it belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sample {
    /// The frame's number.
    pub(super) frame: i64,
    /// The instant, or a difference of two, in sample periods.
    pub(super) at: i128,
}

/// The least-squares line of instants (in sample periods) over frame numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    origin: Sample,
    intercept: Rational,
    slope: Rational,
    /// Σ|x − x̄| / Σ(x − x̄)² over the frame numbers.
    leverage: Rational,
}

/// Sums over the frame numbers x and instants t, both counted from the first of them.
struct Sums {
    n: Rational,
    x: Rational,
    xx: Rational,
    t: Rational,
    xt: Rational,
}

impl Sums {
    fn of(origin: Sample, samples: &[Sample]) -> Sums {
        let zero = || Rational::ZERO;
        let mut sums =
            Sums { n: Rational::integer(samples.len() as i128), x: zero(), xx: zero(), t: zero(), xt: zero() };
        for sample in samples {
            let (x, t) = coordinates(origin, *sample);
            sums.x = &sums.x + &x;
            sums.xx = &sums.xx + &(&x * &x);
            sums.t = &sums.t + &t;
            sums.xt = &sums.xt + &(&x * &t);
        }
        sums
    }
}

fn coordinates(origin: Sample, sample: Sample) -> (Rational, Rational) {
    let x = i128::from(sample.frame) - i128::from(origin.frame);
    (Rational::integer(x), &Rational::integer(sample.at) - &Rational::integer(origin.at))
}

impl Line {
    /// The line through these; none when there are fewer than two, or all are of one frame.
    pub(super) fn fit(samples: &[Sample]) -> Option<Line> {
        let origin = *samples.first()?;
        let sums = Sums::of(origin, samples);
        // n·Σ(x − x̄)²
        let spread = &sums.n * &sums.xx - &sums.x * &sums.x;
        let slope = (&sums.n * &sums.xt - &sums.x * &sums.t).checked_div(&spread)?;
        let intercept = (&sums.t * &sums.xx - &sums.x * &sums.xt).checked_div(&spread)?;
        let absolute = samples.iter().fold(Rational::ZERO, |sum, sample| {
            let (x, _) = coordinates(origin, *sample);
            // n·|x − x̄|; the factor n cancels against that of the spread.
            &sum + &(&sums.n * &x - &sums.x).abs()
        });
        Some(Line { origin, intercept, slope, leverage: absolute.checked_div(&spread)? })
    }

    /// Sample periods per frame.
    pub(super) fn slope(&self) -> &Rational {
        &self.slope
    }

    /// How far a sample lies behind the line, in sample periods.
    pub(super) fn residual(&self, sample: Sample) -> Rational {
        let (x, t) = coordinates(self.origin, sample);
        t - &self.intercept - &self.slope * &x
    }

    /// How far the slope can be off per half-width of each instant: Σ|x − x̄| / Σ(x − x̄)² over the frame numbers.
    pub(super) fn leverage(&self) -> &Rational {
        &self.leverage
    }

    /// How far the slope can be off when each instant is off by up to `half_width`: half_width · Σ|x − x̄| / Σ(x − x̄)²
    /// (design: the verdict).
    pub(super) fn slope_bound(&self, half_width: &Rational) -> Rational {
        half_width * &self.leverage
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn samples(samples: &[(i64, i128)]) -> Vec<Sample> {
        samples.iter().map(|&(frame, at)| Sample { frame, at }).collect()
    }

    #[test]
    fn a_straight_run_has_no_residual() {
        let run = samples(&[(3, 1000), (4, 1100), (6, 1300), (7, 1400)]);
        let line = Line::fit(&run).unwrap();
        assert_eq!(line.slope(), &Rational::integer(100));
        assert!(run.iter().all(|sample| line.residual(*sample).is_zero()));
    }

    #[test]
    fn slope_and_residuals_by_hand() {
        // Points (0,0) (1,3) (2,3): slope 3/2, intercept 1/2, residuals −1/2, 1, −1/2.
        let run = samples(&[(0, 0), (1, 3), (2, 3)]);
        let line = Line::fit(&run).unwrap();
        let half = Rational::new(1, 2).unwrap();
        assert_eq!(line.slope(), &Rational::new(3, 2).unwrap());
        let residuals: Vec<Rational> = run.iter().map(|sample| line.residual(*sample)).collect();
        assert_eq!(residuals, [-&half, Rational::ONE, -&half]);
        // Σ|x − x̄| = 2, Σ(x − x̄)² = 2: half a sample per instant is half a sample per frame.
        assert_eq!(line.slope_bound(&half), half);
    }

    #[test]
    fn one_sample_makes_no_line() {
        assert_eq!(Line::fit(&samples(&[(0, 5)])), None);
        assert_eq!(Line::fit(&samples(&[(2, 5), (2, 9)])), None);
        assert_eq!(Line::fit(&[]), None);
    }
}
