//! Control charts of variables: where a process that does not change stays (Shewhart; NIST/SEMATECH e-Handbook of
//! Statistical Methods, 6.3.2).

use serde::Serialize;

/// Which chart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChartKind {
    /// Individual values and their moving ranges.
    IndividualsMovingRange,
    /// Means and ranges of subgroups of this size.
    MeansRange(usize),
}

impl ChartKind {
    /// The word for it: `I-MR`, `X̄-R of 5`.
    #[must_use]
    pub fn text(self) -> String {
        match self {
            ChartKind::IndividualsMovingRange => "I-MR".to_owned(),
            ChartKind::MeansRange(size) => format!("X\u{304}-R of {size}"),
        }
    }
}

/// Centre line and limits, three standard deviations of what is plotted away.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct ControlLimits {
    /// The lower control limit.
    pub lower: f64,
    /// The centre line.
    pub centre: f64,
    /// The upper control limit.
    pub upper: f64,
}

/// A control chart's limits.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ControlChart {
    /// Which chart.
    pub kind: ChartKind,
    /// Of the values, or of the means of subgroups.
    pub values: ControlLimits,
    /// Of the moving ranges, or of the ranges of subgroups.
    pub ranges: ControlLimits,
    /// The number of points.
    pub points: u64,
    /// The standard deviation within: mean range / d₂.
    pub sigma: f64,
}

/// The mean and the standard deviation of the range of n standard normal values, n from 2 to 10: d₂ and d₃ (Tippett 1925;
/// ASTM E2587; NIST/SEMATECH 6.3.2.1 prints three digits of them).
const RANGES: [(f64, f64); 9] = [
    (std::f64::consts::FRAC_2_SQRT_PI, 0.852_502_466_222_186),
    (1.692_568_750_643_27, 0.888_368_004_008_19),
    (2.058_750_746, 0.879_808_203),
    (2.325_928_947, 0.864_081_941),
    (2.534_412_721, 0.848_039_688),
    (2.704_356_751, 0.833_205_344),
    (2.847_200_612, 0.819_831_384),
    (2.970_026_324, 0.807_834_274),
    (3.077_505_462, 0.797_050_693),
];

impl ControlChart {
    /// The chart of individual values: x̄ ± 3·MR̄/d₂, and for the moving ranges 0 to (1 + 3·d₃/d₂)·MR̄ (NIST/SEMATECH
    /// 6.3.2.2). `mean_range` is the mean of |xᵢ − xᵢ₋₁|.
    #[must_use]
    pub fn individuals(mean: f64, mean_range: f64, points: u64) -> ControlChart {
        chart(ChartKind::IndividualsMovingRange, 2, 1.0, (mean, mean_range), points)
    }

    /// The chart of subgroups of `size` values: x̿ ± A₂·R̄ with A₂ = 3/(d₂·√n), and for the ranges D₃·R̄ to D₄·R̄ with
    /// D = 1 ∓ 3·d₃/d₂, not below 0 (NIST/SEMATECH 6.3.2.1). None for sizes that are not tabulated.
    #[must_use]
    pub fn subgroups(size: usize, mean: f64, mean_range: f64, points: u64) -> Option<ControlChart> {
        (2..=10)
            .contains(&size)
            .then(|| chart(ChartKind::MeansRange(size), size, (size as f64).sqrt(), (mean, mean_range), points))
    }
}

fn chart(kind: ChartKind, of: usize, root: f64, (mean, range): (f64, f64), points: u64) -> ControlChart {
    let (d2, d3) = RANGES.get(of.saturating_sub(2)).copied().unwrap_or(RANGES[0]);
    let sigma = range / d2;
    let reach = 3.0 * sigma / root;
    let spread = 3.0 * d3 / d2;
    ControlChart {
        kind,
        values: ControlLimits { lower: mean - reach, centre: mean, upper: mean + reach },
        ranges: ControlLimits { lower: (1.0 - spread).max(0.0) * range, centre: range, upper: (1.0 + spread) * range },
        points,
        sigma,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use approx::assert_relative_eq;

    #[test]
    fn the_flow_rates_of_the_handbook() {
        // NIST/SEMATECH e-Handbook 6.3.2.2: ten flow rates, x̄ = 50.81, MR̄ = 1.8778; limits 55.8041 and 45.8159 with d₂ = 1.128.
        let chart = ControlChart::individuals(50.81, 1.8778, 10);
        assert_relative_eq!(chart.values.upper, 55.8041, max_relative = 1e-4);
        assert_relative_eq!(chart.values.lower, 45.8159, max_relative = 1e-4);
        assert_relative_eq!(chart.ranges.upper, 3.267 * 1.8778, max_relative = 1e-3);
    }

    #[test]
    fn the_factors_are_those_of_the_tables() {
        // NIST/SEMATECH 6.3.2.1: A₂, D₃, D₄ of n = 2 … 10.
        let tables = [
            (2, 1.880, 0.0, 3.267),
            (3, 1.023, 0.0, 2.575),
            (4, 0.729, 0.0, 2.282),
            (5, 0.577, 0.0, 2.115),
            (6, 0.483, 0.0, 2.004),
            (7, 0.419, 0.076, 1.924),
            (8, 0.373, 0.136, 1.864),
            (9, 0.337, 0.184, 1.816),
            (10, 0.308, 0.223, 1.777),
        ];
        for (size, a2, d3, d4) in tables {
            let chart = ControlChart::subgroups(size, 0.0, 1.0, 20).unwrap();
            assert!((chart.values.upper - a2).abs() < 6e-4, "A2 of {size}: {}", chart.values.upper);
            assert!((chart.ranges.lower - d3).abs() < 6e-4, "D3 of {size}: {}", chart.ranges.lower);
            assert!((chart.ranges.upper - d4).abs() < 1.1e-3, "D4 of {size}: {}", chart.ranges.upper);
        }
        assert!(ControlChart::subgroups(11, 0.0, 1.0, 20).is_none());
    }
}
