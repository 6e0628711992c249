//! Process capability: how the spread of what is made compares with what is allowed (NIST/SEMATECH e-Handbook, 6.1.6).

use serde::Serialize;

use crate::study::statistics::{chi_square_quantile, normal_quantile};

/// A value and the bounds in which the true one lies with 95 % confidence.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Interval {
    /// Not below.
    pub low: f64,
    /// The estimate.
    pub value: f64,
    /// Not above.
    pub high: f64,
}

/// The capability of a process against its limits, by the standard deviation of all values.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Capability {
    /// (upper − lower limit) / 6s: what it would be if it were centred; none with one limit.
    pub cp: Option<Interval>,
    /// The distance of the mean from the nearer limit / 3s.
    pub cpk: Interval,
}

/// Both bounds together hold with this confidence.
const CONFIDENCE: f64 = 0.95;

impl Capability {
    /// The capability of `count` values of this mean and standard deviation; none without a limit or without a spread.
    ///
    /// The bounds of Cp are Cp·√(χ²/ν), with the quantiles of χ² of ν = n − 1 degrees of freedom; those of Cpk are
    /// Cpk ± z·√(1/(9n) + Cpk²/(2(n − 1))) (NIST/SEMATECH 6.1.6; Bissell 1990).
    #[must_use]
    pub fn of(count: u64, mean: f64, sd: f64, limits: (Option<f64>, Option<f64>)) -> Option<Capability> {
        if count < 2 || sd.is_nan() || sd <= 0.0 {
            return None;
        }
        let (n, freedom) = (count as f64, count as f64 - 1.0);
        let beside = (1.0 - CONFIDENCE) / 2.0;
        let cp = limits.0.zip(limits.1).map(|(lower, upper)| {
            let value = (upper - lower) / (6.0 * sd);
            let bound = |p: f64| value * (chi_square_quantile(p, freedom) / freedom).sqrt();
            Interval { low: bound(beside), value, high: bound(1.0 - beside) }
        });
        let sides = [limits.1.map(|upper| upper - mean), limits.0.map(|lower| mean - lower)];
        let nearest = sides.into_iter().flatten().min_by(f64::total_cmp)?;
        let value = nearest / (3.0 * sd);
        let reach = normal_quantile(1.0 - beside) * (1.0 / (9.0 * n) + value * value / (2.0 * freedom)).sqrt();
        Some(Capability { cp, cpk: Interval { low: value - reach, value, high: value + reach } })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use approx::assert_relative_eq;

    #[test]
    fn the_example_of_the_handbook() {
        // NIST/SEMATECH 6.1.6: USL 20, LSL 8, mean 16, s 2: Cp = 1, Cpk = 0.6667.
        let capability = Capability::of(50, 16.0, 2.0, (Some(8.0), Some(20.0))).unwrap();
        assert_relative_eq!(capability.cp.unwrap().value, 1.0, max_relative = 1e-12);
        assert_relative_eq!(capability.cpk.value, 2.0 / 3.0, max_relative = 1e-12);
        // z·√(1/450 + (4/9)/98) = 1.959964·0.0822032.
        assert_relative_eq!(capability.cpk.low, 2.0 / 3.0 - 1.959_964 * 0.082_203_2, max_relative = 1e-5);
        // χ²(0.025; 49) = 31.5549, χ²(0.975; 49) = 70.2224.
        assert_relative_eq!(capability.cp.unwrap().low, (31.554_9_f64 / 49.0).sqrt(), max_relative = 1e-5);
        assert_relative_eq!(capability.cp.unwrap().high, (70.222_4_f64 / 49.0).sqrt(), max_relative = 1e-5);
    }

    #[test]
    fn one_limit_has_a_cpk_alone_and_no_spread_has_none() {
        let one = Capability::of(10, 1.0, 0.5, (None, Some(4.0))).unwrap();
        assert_eq!((one.cp, one.cpk.value), (None, 2.0));
        assert_eq!(Capability::of(10, 1.0, 0.0, (None, Some(4.0))), None);
        assert_eq!(Capability::of(1, 1.0, 0.5, (None, Some(4.0))), None);
        assert_eq!(Capability::of(10, 1.0, 0.5, (None, None)), None);
    }
}
