//! Least-squares lines through whole numbers, exactly.

use crate::units::Rational;

/// The least-squares line of y over x.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Straight {
    pub(super) intercept: Rational,
    pub(super) slope: Rational,
    /// The mean of the x.
    pub(super) mean: Rational,
    /// How many points there are.
    pub(super) count: Rational,
    /// Σ|x − x̄| / Σ(x − x̄)².
    pub(super) leverage: Rational,
}

impl Straight {
    /// The line through these; none of fewer than two points, or of points at one x.
    pub(super) fn fit(points: &[(i128, i128)]) -> Option<Straight> {
        let n = Rational::integer(points.len() as i128);
        let [mut x, mut xx, mut y, mut xy] = [Rational::ZERO, Rational::ZERO, Rational::ZERO, Rational::ZERO];
        for &(at, height) in points {
            let (at, height) = (Rational::integer(at), Rational::integer(height));
            x = &x + &at;
            y = &y + &height;
            xx = &xx + &(&at * &at);
            xy = &xy + &(&at * &height);
        }
        // n·Σ(x − x̄)²
        let spread = &n * &xx - &x * &x;
        let slope = (&n * &xy - &x * &y).checked_div(&spread)?;
        let intercept = (&y * &xx - &x * &xy).checked_div(&spread)?;
        // n·|x − x̄|; the factor n cancels against that of the spread.
        let absolute = points.iter().fold(Rational::ZERO, |sum, (at, _)| &sum + &(n.times(*at) - &x).abs());
        Some(Straight {
            intercept,
            slope,
            mean: x.checked_div(&n)?,
            leverage: absolute.checked_div(&spread)?,
            count: n,
        })
    }

    /// How far a point lies above the line.
    pub(super) fn residual(&self, (x, y): (i128, i128)) -> Rational {
        Rational::integer(y) - &self.intercept - self.slope.times(x)
    }

    /// How far the line can move at x when every point moves by up to one: at most 1 + |x − x̄|·Σ|x − x̄| / Σ(x − x̄)².
    pub(super) fn influence(&self, x: &Rational) -> Rational {
        Rational::ONE + (x - &self.mean).abs() * &self.leverage
    }
}

/// The middle one, or the upper of the two in the middle.
pub(super) fn median<T: Ord + Clone>(mut values: Vec<T>) -> Option<T> {
    let middle = values.len() / 2;
    if values.is_empty() {
        return None;
    }
    Some(values.select_nth_unstable(middle).1.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slope_and_influence_by_hand() {
        // Points (0,0) (1,3) (2,3): slope 3/2, intercept 1/2, residuals −1/2, 1, −1/2.
        let points = [(0, 0), (1, 3), (2, 3)];
        let line = Straight::fit(&points).unwrap();
        let half = Rational::new(1, 2).unwrap();
        assert_eq!((&line.slope, &line.intercept), (&Rational::new(3, 2).unwrap(), &half));
        assert_eq!(points.map(|point| line.residual(point)), [-&half, Rational::ONE, -&half]);
        // Σ|x − x̄| = 2, Σ(x − x̄)² = 2; at x = 2 the line moves by 1 + 1·1 at most.
        assert_eq!(
            (line.leverage.clone(), line.influence(&Rational::integer(2))),
            (Rational::ONE, Rational::integer(2))
        );
        assert_eq!(Straight::fit(&[(1, 5)]), None);
        assert_eq!(Straight::fit(&[(1, 5), (1, 6)]), None);
    }
}
