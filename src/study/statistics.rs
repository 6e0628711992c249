//! Distributions: the quantiles that tolerance factors and confidence bounds need. Floats, and no part of a verdict.

use statrs::distribution::{ChiSquared, ContinuousCDF as _, FisherSnedecor, Normal, StudentsT};

/// The quantile of the standard normal distribution. `p` lies strictly between 0 and 1; at and beyond them it is infinite.
///
/// ```
/// let z = strobecheck::study::statistics::normal_quantile(0.975);
/// assert!((z - 1.959_963_984_540_054).abs() < 1e-12);
/// ```
#[must_use]
pub fn normal_quantile(p: f64) -> f64 {
    Normal::standard().inverse_cdf(p.clamp(0.0, 1.0))
}

/// The quantile of the χ² distribution with `freedom` > 0 degrees of freedom.
///
/// ```
/// let q = strobecheck::study::statistics::chi_square_quantile(0.05, 4.0);
/// assert!((q - 0.710_723).abs() < 1e-6);
/// ```
#[must_use]
pub fn chi_square_quantile(p: f64, freedom: f64) -> f64 {
    ChiSquared::new(freedom).map_or(f64::NAN, |distribution| distribution.inverse_cdf(p.clamp(0.0, 1.0)))
}

/// The factor k of a two-sided tolerance interval x̄ ± k·s of a normal sample: with this confidence it holds this share
/// of all values. `count` values went into x̄, and s has `freedom` degrees of freedom.
///
/// k = z·√(ν·(1 + 1/n) / χ²): z the normal quantile of (1 + share)/2, χ² the quantile of 1 − confidence with ν degrees of
/// freedom (Howe, JASA 64, 1969; ISO 16269-6:2014; NIST/SEMATECH e-Handbook, 7.2.6.3).
///
/// ```
/// // NIST/SEMATECH e-Handbook, 7.2.6.3: n = 43, 90 % of the values with 99 % confidence.
/// let k = strobecheck::study::statistics::tolerance_factor(43.0, 42.0, 0.90, 0.99);
/// assert!((k - 2.217).abs() < 0.001);
/// ```
#[must_use]
pub fn tolerance_factor(count: f64, freedom: f64, share: f64, confidence: f64) -> f64 {
    let z = normal_quantile(f64::midpoint(1.0, share));
    z * (freedom * (1.0 + 1.0 / count) / chi_square_quantile(1.0 - confidence, freedom)).sqrt()
}

/// The probability that a value of Student's t distribution with `freedom` degrees of freedom lies at least this far from
/// 0.
///
/// ```
/// let p = strobecheck::study::statistics::student_beyond(12.706_2, 1);
/// assert!((p - 0.05).abs() < 1e-6);
/// ```
#[must_use]
pub fn student_beyond(t: f64, freedom: u64) -> f64 {
    StudentsT::new(0.0, 1.0, freedom.max(1) as f64).map_or(f64::NAN, |distribution| 2.0 * distribution.sf(t.abs()))
}

/// The probability that a value of Snedecor's F distribution with these degrees of freedom is at least so great.
///
/// ```
/// // NIST/SEMATECH e-Handbook, 1.3.6.7.3: 5 % for 3 and 10 degrees.
/// let p = strobecheck::study::statistics::fisher_beyond(3.708, 3.0, 10.0);
/// assert!((p - 0.05).abs() < 1e-4);
/// ```
#[must_use]
pub fn fisher_beyond(f: f64, above: f64, below: f64) -> f64 {
    if f.is_nan() || f <= 0.0 {
        return 1.0;
    }
    FisherSnedecor::new(above, below).map_or(f64::NAN, |distribution| distribution.sf(f))
}

#[cfg(test)]
mod tests {
    use super::*;
    use approx::assert_relative_eq;

    #[test]
    fn normal_quantiles_are_those_of_the_tables() {
        // NIST/SEMATECH e-Handbook 1.3.6.7.1; R: qnorm().
        for (p, z) in [
            (0.5, 0.0),
            (0.841_344_746_068_542_9, 1.0),
            (0.995, 2.575_829_303_548_901),
            (0.999_999, 4.753_424_308_822_899),
            (1e-12, -7.034_483_825_301_132),
        ] {
            assert!((normal_quantile(p) - z).abs() < 1e-11, "{p}");
        }
    }

    #[test]
    fn chi_square_quantiles_are_those_of_the_tables() {
        // R: qchisq(); of 2 degrees of freedom the distribution is 1 − exp(−x/2).
        for (p, freedom, x) in [
            (0.05, 1.0, 0.003_932_140_000_019_522),
            (0.05, 4.0, 0.710_723_021_397_324_3),
            (0.95, 10.0, 18.307_038_053_275_146),
            (0.975, 100.0, 129.561_197_187_186_34),
            // 1 less the Poisson distribution of 5000 events, summed term by term.
            (0.05, 10_000.0, 9_768.525_135_667),
        ] {
            assert_relative_eq!(chi_square_quantile(p, freedom), x, max_relative = 1e-7);
        }
        assert_relative_eq!(chi_square_quantile(0.3, 2.0), -2.0 * 0.7_f64.ln(), max_relative = 1e-12);
    }

    #[test]
    fn tails_of_student_are_those_of_the_tables() {
        // NIST/SEMATECH e-Handbook 1.3.6.7.2, two-sided.
        for (t, freedom, p) in [
            (12.706_205, 1, 0.05),
            (4.302_653, 2, 0.05),
            (3.182_446, 3, 0.05),
            (2.570_582, 5, 0.05),
            (3.169_273, 10, 0.01),
        ] {
            assert_relative_eq!(student_beyond(t, freedom), p, max_relative = 1e-5);
        }
        assert_relative_eq!(student_beyond(1.959_964, 1_000_000), 0.05, max_relative = 0.02);
        assert_relative_eq!(student_beyond(0.0, 4), 1.0);
    }

    #[test]
    fn tolerance_factors_are_those_of_the_tables() {
        // Howe's approximation for 5 values, 95 % of all with 95 % confidence: 1.959964·√(4·1.2/0.710723) = 5.0936;
        // the exact table of ISO 16269-6 has 5.077 (0.3 % less).
        assert_relative_eq!(tolerance_factor(5.0, 4.0, 0.95, 0.95), 5.0936, max_relative = 1e-4);
        // Many values: the quantile itself.
        assert_relative_eq!(tolerance_factor(1e9, 1e7, 0.95, 0.5), 1.96, max_relative = 1e-4);
    }
}
