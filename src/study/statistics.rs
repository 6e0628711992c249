//! Distributions: the quantiles that tolerance factors and confidence bounds need. Floats, and no part of a verdict.

/// The quantile of the standard normal distribution: algorithm AS 241 (Wichura, Applied Statistics 37, 1988), good to
/// about 16 digits. `p` lies strictly between 0 and 1; at and beyond them it is infinite.
///
/// ```
/// let z = strobecheck::study::statistics::normal_quantile(0.975);
/// assert!((z - 1.959_963_984_540_054).abs() < 1e-12);
/// ```
#[must_use]
pub fn normal_quantile(p: f64) -> f64 {
    if p <= 0.0 {
        return f64::NEG_INFINITY;
    }
    if p >= 1.0 {
        return f64::INFINITY;
    }
    let q = p - 0.5;
    if q.abs() <= 0.425 {
        let r = 0.180_625 - q * q;
        return q * polynomial(&NEAR.0, r) / polynomial(&NEAR.1, r);
    }
    let r = (-(if q < 0.0 { p } else { 1.0 - p }).ln()).sqrt();
    let tail = if r <= 5.0 {
        polynomial(&MIDDLE.0, r - 1.6) / polynomial(&MIDDLE.1, r - 1.6)
    } else {
        polynomial(&FAR.0, r - 5.0) / polynomial(&FAR.1, r - 5.0)
    };
    if q < 0.0 { -tail } else { tail }
}

/// Coefficients of numerator and denominator, from the constant one up.
type Ratio = ([f64; 8], [f64; 8]);

const NEAR: Ratio = (
    [
        3.387_132_872_796_366_5,
        133.141_667_891_784_38,
        1_971.590_950_306_551_3,
        13_731.693_765_509_46,
        45_921.953_931_549_87,
        67_265.770_927_008_7,
        33_430.575_583_588_13,
        2_509.080_928_730_122_7,
    ],
    [
        1.0,
        42.313_330_701_600_91,
        687.187_007_492_057_9,
        5_394.196_021_424_751,
        21_213.794_301_586_597,
        39_307.895_800_092_71,
        28_729.085_735_721_943,
        5_226.495_278_852_545,
    ],
);
const MIDDLE: Ratio = (
    [
        1.423_437_110_749_683_5,
        4.630_337_846_156_546,
        5.769_497_221_460_691,
        3.647_848_324_763_204_5,
        1.270_458_252_452_368_4,
        0.241_780_725_177_450_6,
        0.022_723_844_989_269_184,
        7.745_450_142_783_414e-4,
    ],
    [
        1.0,
        2.053_191_626_637_759,
        1.676_384_830_183_803_8,
        0.689_767_334_985_1,
        0.148_103_976_427_480_08,
        0.015_198_666_563_616_457,
        5.475_938_084_995_345e-4,
        1.050_750_071_644_416_9e-9,
    ],
);
const FAR: Ratio = (
    [
        6.657_904_643_501_103,
        5.463_784_911_164_114,
        1.784_826_539_917_291_3,
        0.296_560_571_828_504_87,
        0.026_532_189_526_576_124,
        0.001_242_660_947_388_078_4,
        2.711_555_568_743_487_6e-5,
        2.010_334_399_292_288_1e-7,
    ],
    [
        1.0,
        0.599_832_206_555_888,
        0.136_929_880_922_735_8,
        0.014_875_361_290_850_615,
        7.868_691_311_456_133e-4,
        1.846_318_317_510_054_7e-5,
        1.421_511_758_316_446e-7,
        2.044_263_103_389_939_8e-15,
    ],
);

fn polynomial(coefficients: &[f64], x: f64) -> f64 {
    coefficients.iter().rev().fold(0.0, |sum, coefficient| sum * x + coefficient)
}

/// The natural logarithm of Γ(x) for x > 0: Lanczos' approximation with g = 7 and nine terms, good to some 15 digits.
fn ln_gamma(x: f64) -> f64 {
    const G: f64 = 7.0;
    const TERMS: [f64; 8] = [
        676.520_368_121_885_1,
        -1_259.139_216_722_402_8,
        771.323_428_777_653_1,
        -176.615_029_162_140_6,
        12.507_343_278_686_905,
        -0.138_571_095_265_720_12,
        9.984_369_578_019_572e-6,
        1.505_632_735_149_311_6e-7,
    ];
    let x = x - 1.0;
    let sum = (1_u8..).zip(TERMS).fold(0.999_999_999_999_809_9, |sum, (i, term)| sum + term / (x + f64::from(i)));
    let t = x + G + 0.5;
    0.5 * (2.0 * std::f64::consts::PI).ln() + (x + 0.5) * t.ln() - t + sum.ln()
}

/// The regularized lower incomplete gamma function P(a, x): its series (DLMF 8.11.4) below a + 1, else one minus the
/// continued fraction of Q (DLMF 8.9.2).
fn regularized_gamma(a: f64, x: f64) -> f64 {
    const STEPS: usize = 10_000;
    const ENOUGH: f64 = 1e-16;
    if x <= 0.0 {
        return 0.0;
    }
    let front = (a * x.ln() - x - ln_gamma(a)).exp();
    if x < a + 1.0 {
        let (mut term, mut sum) = (1.0 / a, 1.0 / a);
        for step in 1..STEPS {
            term *= x / (a + step as f64);
            sum += term;
            if term < sum * ENOUGH {
                break;
            }
        }
        return front * sum;
    }
    // Lentz's way through the fraction.
    let tiny = 1e-300;
    let mut b = x + 1.0 - a;
    let (mut c, mut d) = (1.0 / tiny, 1.0 / b);
    let mut fraction = d;
    for step in 1..STEPS {
        let step = step as f64;
        let numerator = -step * (step - a);
        b += 2.0;
        d = 1.0 / nonzero(numerator * d + b, tiny);
        c = nonzero(b + numerator / c, tiny);
        fraction *= d * c;
        if (d * c - 1.0).abs() < ENOUGH {
            break;
        }
    }
    1.0 - front * fraction
}

fn nonzero(value: f64, tiny: f64) -> f64 {
    if value.abs() < tiny { tiny } else { value }
}

/// The quantile of the χ² distribution with `freedom` > 0 degrees of freedom, by bisection of its distribution
/// function.
///
/// ```
/// let q = strobecheck::study::statistics::chi_square_quantile(0.05, 4.0);
/// assert!((q - 0.710_723).abs() < 1e-6);
/// ```
#[must_use]
pub fn chi_square_quantile(p: f64, freedom: f64) -> f64 {
    if p <= 0.0 {
        return 0.0;
    }
    if p >= 1.0 {
        return f64::INFINITY;
    }
    let below = |x: f64| regularized_gamma(freedom / 2.0, x / 2.0) < p;
    let (mut low, mut high) = (0.0, freedom.max(1.0));
    while below(high) {
        high *= 2.0;
    }
    // Each step halves the interval; 200 of them leave nothing.
    for _ in 0..200 {
        let middle = f64::midpoint(low, high);
        if below(middle) {
            low = middle;
        } else {
            high = middle;
        }
    }
    f64::midpoint(low, high)
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
/// 0: by the finite sums of Abramowitz and Stegun 26.7.3 and 26.7.4, and beyond 300 degrees of freedom, where it makes no
/// difference any more, by that of 300.
///
/// ```
/// let p = strobecheck::study::statistics::student_beyond(12.706_2, 1);
/// assert!((p - 0.05).abs() < 1e-6);
/// ```
#[must_use]
pub fn student_beyond(t: f64, freedom: u64) -> f64 {
    let freedom = freedom.clamp(1, 300);
    let angle = (t.abs() / (freedom as f64).sqrt()).atan();
    let (sine, cosine) = angle.sin_cos();
    let is_odd = freedom % 2 == 1;
    let mut term = if is_odd { cosine } else { 1.0 };
    let mut sum = 0.0;
    let mut power = if is_odd { 1 } else { 0 };
    while power + 2 <= freedom {
        sum += term;
        let step = power as f64;
        term *= (step + 1.0) / (step + 2.0) * cosine * cosine;
        power += 2;
    }
    let within = if is_odd { (angle + sine * sum) * std::f64::consts::FRAC_2_PI } else { sine * sum };
    (1.0 - within).clamp(0.0, 1.0)
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
