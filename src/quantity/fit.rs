//! A straight line through frame starts, by least squares and exactly.

use crate::frame::FrameEdge;
use crate::units::Rational;

/// The least-squares line of edge position (in sample periods) over frame number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    origin: FrameEdge,
    intercept: Rational,
    slope: Rational,
}

/// Sums over the frame numbers x and positions t of a run, both counted from its first edge.
struct Sums {
    n: Rational,
    x: Rational,
    xx: Rational,
    t: Rational,
    xt: Rational,
}

impl Sums {
    fn of(origin: &FrameEdge, run: &[FrameEdge]) -> Sums {
        let zero = || Rational::ZERO;
        let mut sums = Sums { n: Rational::integer(run.len() as i128), x: zero(), xx: zero(), t: zero(), xt: zero() };
        for edge in run {
            let (x, t) = coordinates(origin, edge);
            sums.x = &sums.x + &x;
            sums.xx = &sums.xx + &(&x * &x);
            sums.t = &sums.t + &t;
            sums.xt = &sums.xt + &(&x * &t);
        }
        sums
    }

    /// n·Σx² − (Σx)², which is n·Σ(x − x̄)².
    fn spread(&self) -> Rational {
        &self.n * &self.xx - &self.x * &self.x
    }
}

fn coordinates(origin: &FrameEdge, edge: &FrameEdge) -> (Rational, Rational) {
    let x = Rational::integer(i128::from(edge.starts) - i128::from(origin.starts));
    (x, Rational::from(edge.edge.at() - origin.edge.at()))
}

impl Line {
    /// The line through a run of edges; none when it has fewer than two, or all of one frame number.
    pub(super) fn fit(run: &[FrameEdge]) -> Option<Line> {
        let origin = *run.first()?;
        let sums = Sums::of(&origin, run);
        let spread = sums.spread();
        let slope = (&sums.n * &sums.xt - &sums.x * &sums.t).checked_div(&spread)?;
        let intercept = (&sums.t * &sums.xx - &sums.x * &sums.xt).checked_div(&spread)?;
        Some(Line { origin, intercept, slope })
    }

    /// Sample periods per frame.
    pub(super) fn slope(&self) -> &Rational {
        &self.slope
    }

    /// How far an edge lies behind the line, in sample periods.
    pub(super) fn residual(&self, edge: &FrameEdge) -> Rational {
        let (x, t) = coordinates(&self.origin, edge);
        t - &self.intercept - &self.slope * &x
    }

    /// How far the slope can be off when each edge is off by up to `half_width`: half_width · Σ|x − x̄| / Σ(x − x̄)²
    /// (design: the verdict).
    pub(super) fn slope_bound(&self, run: &[FrameEdge], half_width: &Rational) -> Rational {
        let sums = Sums::of(&self.origin, run);
        let mut absolute = Rational::ZERO;
        for edge in run {
            let (x, _) = coordinates(&self.origin, edge);
            absolute = &absolute + &(&sums.n * &x - &sums.x).abs();
        }
        // Both sums carry a factor n, which cancels. The spread is not zero: the line was fitted through this run.
        (half_width * &absolute).checked_div(&sums.spread()).unwrap_or(Rational::ZERO)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::Interval;
    use crate::signal::EdgeTime;
    use crate::units::SampleIndex;

    fn run(edges: &[(i64, u64)]) -> Vec<FrameEdge> {
        (edges.iter())
            .map(|&(starts, at)| FrameEdge {
                starts,
                edge: EdgeTime::sharp(SampleIndex::new(at)),
                before: Interval::Regular,
            })
            .collect()
    }

    #[test]
    fn a_straight_run_has_no_residual() {
        let run = run(&[(3, 1000), (4, 1100), (6, 1300), (7, 1400)]);
        let line = Line::fit(&run).unwrap();
        assert_eq!(line.slope(), &Rational::integer(100));
        assert!(run.iter().all(|edge| line.residual(edge).is_zero()));
    }

    #[test]
    fn slope_and_residuals_by_hand() {
        // Points (0,0) (1,3) (2,3): slope 3/2, intercept 1/2, residuals −1/2, 1, −1/2.
        let run = run(&[(0, 0), (1, 3), (2, 3)]);
        let line = Line::fit(&run).unwrap();
        let half = Rational::new(1, 2).unwrap();
        assert_eq!(line.slope(), &Rational::new(3, 2).unwrap());
        let residuals: Vec<Rational> = run.iter().map(|edge| line.residual(edge)).collect();
        assert_eq!(residuals, [-&half, Rational::ONE, -&half]);
        // Σ|x − x̄| = 2, Σ(x − x̄)² = 2: half a sample per edge is half a sample per frame.
        assert_eq!(line.slope_bound(&run, &half), half);
    }

    #[test]
    fn one_edge_makes_no_line() {
        assert_eq!(Line::fit(&run(&[(0, 5)])), None);
        assert_eq!(Line::fit(&[]), None);
    }
}
