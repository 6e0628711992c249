//! The analysis of variance of a crossed gauge study (AIAG, Measurement Systems Analysis, 4th edition, chapter III).

use serde::Serialize;

use crate::study::statistics::{chi_square_quantile, fisher_beyond};

/// Values by unit, appraiser and repeat: as many of each everywhere, and at least two.
#[derive(Debug, Clone, PartialEq)]
pub struct Balanced {
    cells: Vec<Vec<Vec<f64>>>,
}

/// A standard deviation and what it is a share of.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Share {
    /// The standard deviation.
    pub sd: f64,
    /// In percent of that of all values of the study.
    pub of_study: f64,
    /// Six of them in percent of the tolerance; none without both limits.
    pub of_tolerance: Option<f64>,
}

/// What a study shows of the gauge.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct GaugeResult {
    /// F of the interaction.
    pub interaction_f: f64,
    /// The probability of such a one where there is no interaction.
    pub interaction_p: f64,
    /// Whether the interaction was taken for repeatability, since that probability is above α.
    pub pooled: bool,
    /// One appraiser, one unit, again and again.
    pub repeatability: Share,
    /// Between appraisers.
    pub reproducibility: Share,
    /// Appraisers that differ with the unit.
    pub interaction: Share,
    /// All of the gauge.
    pub gauge: Share,
    /// The lower 95 % bound of its standard deviation.
    pub gauge_low: f64,
    /// The upper one.
    pub gauge_high: f64,
    /// Between units.
    pub unit_to_unit: Share,
    /// Gauge and units.
    pub total: Share,
    /// The number of distinct categories; none of a gauge without any spread.
    pub categories: Option<f64>,
}

/// Both bounds together hold with this confidence.
const CONFIDENCE: f64 = 0.95;

fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (sum, count) = values.fold((0.0, 0_u32), |(sum, count), value| (sum + value, count + 1));
    sum / f64::from(count)
}

/// A sum of squares and its degrees of freedom.
#[derive(Debug, Clone, Copy)]
struct Squares(f64, f64);

impl Squares {
    fn mean(self) -> f64 {
        self.0 / self.1
    }

    /// By how much of itself the mean square may be too high, and too low (Graybill and Wang 1980).
    fn slack(self) -> (f64, f64) {
        let beside = (1.0 - CONFIDENCE) / 2.0;
        let ratio = |p: f64| self.1 / chi_square_quantile(p, self.1);
        (1.0 - ratio(1.0 - beside), ratio(beside) - 1.0)
    }
}

impl Balanced {
    /// The values by unit, then by appraiser; none unless there are at least two of each and two repeats, the same number
    /// everywhere.
    #[must_use]
    pub fn of(cells: Vec<Vec<Vec<f64>>>) -> Option<Balanced> {
        let first = cells.first()?;
        let (appraisers, repeats) = (first.len(), first.first()?.len());
        let is_even =
            cells.iter().all(|unit| unit.len() == appraisers && unit.iter().all(|cell| cell.len() == repeats));
        (is_even && cells.len() > 1 && appraisers > 1 && repeats > 1).then_some(Balanced { cells })
    }

    /// Units, appraisers and repeats.
    #[must_use]
    pub fn sizes(&self) -> [usize; 3] {
        let unit = self.cells.first();
        let cell = unit.and_then(|unit| unit.first());
        [self.cells.len(), unit.map_or(0, Vec::len), cell.map_or(0, Vec::len)]
    }

    /// The analysis. An interaction whose probability is above `alpha` is pooled with repeatability.
    #[must_use]
    pub fn analyse(&self, alpha: f64, tolerance: Option<f64>) -> GaugeResult {
        let [p, o, r] = self.sizes().map(|size| size as f64);
        let all = || self.cells.iter().flatten().flatten().copied();
        let grand = mean(all());
        let square = |value: f64| (value - grand) * (value - grand);
        let of_units: f64 =
            self.cells.iter().map(|unit| square(mean(unit.iter().flatten().copied()))).sum::<f64>() * o * r;
        let appraiser =
            |place: usize| mean(self.cells.iter().filter_map(move |unit| unit.get(place)).flatten().copied());
        let of_appraisers: f64 = (0..self.sizes()[1]).map(|place| square(appraiser(place))).sum::<f64>() * p * r;
        let cells = || self.cells.iter().flatten();
        let of_cells: f64 = cells().map(|cell| square(mean(cell.iter().copied()))).sum::<f64>() * r;
        let within = |cell: &Vec<f64>| {
            let centre = mean(cell.iter().copied());
            cell.iter().map(|value| (value - centre) * (value - centre)).sum::<f64>()
        };
        let units = Squares(of_units, p - 1.0);
        let appraisers = Squares(of_appraisers, o - 1.0);
        let interaction = Squares((of_cells - of_units - of_appraisers).max(0.0), (p - 1.0) * (o - 1.0));
        let repeats = Squares(cells().map(within).sum(), p * o * (r - 1.0));
        let f = interaction.mean() / repeats.mean();
        let chance = fisher_beyond(f, interaction.1, repeats.1);
        // Without any spread within there is nothing to pool.
        let pooled = chance > alpha;
        let error = if pooled { Squares(interaction.0 + repeats.0, interaction.1 + repeats.1) } else { repeats };
        let below = if pooled { error.mean() } else { interaction.mean() };
        let both = if pooled { 0.0 } else { ((interaction.mean() - error.mean()) / r).max(0.0) };
        let between = ((appraisers.mean() - below) / (p * r)).max(0.0);
        let unit = ((units.mean() - below) / (o * r)).max(0.0);
        let gauge = error.mean() + both + between;
        let total = gauge + unit;
        let share = |variance: f64| Share {
            sd: variance.sqrt(),
            of_study: 100.0 * (variance / total).sqrt(),
            of_tolerance: tolerance.map(|width| 100.0 * 6.0 * variance.sqrt() / width),
        };
        // The gauge's variance is a sum of mean squares with these factors.
        let terms = if pooled {
            vec![(appraisers, 1.0 / (p * r)), (error, 1.0 - 1.0 / (p * r))]
        } else {
            vec![(appraisers, 1.0 / (p * r)), (interaction, (p - 1.0) / (p * r)), (repeats, 1.0 - 1.0 / r)]
        };
        let reach = |side: fn((f64, f64)) -> f64| {
            terms.iter().map(|(term, factor)| (side(term.slack()) * factor * term.mean()).powi(2)).sum::<f64>().sqrt()
        };
        let middle: f64 = terms.iter().map(|(term, factor)| factor * term.mean()).sum();
        let low = (middle - reach(|slack| slack.0)).max(0.0).min(gauge);
        let high = (middle + reach(|slack| slack.1)).max(gauge);
        GaugeResult {
            interaction_f: f,
            interaction_p: chance,
            pooled,
            repeatability: share(error.mean()),
            reproducibility: share(between),
            interaction: share(both),
            gauge: share(gauge),
            gauge_low: low.sqrt(),
            gauge_high: high.sqrt(),
            unit_to_unit: share(unit),
            total: share(total),
            // 1.41 as AIAG rounds √2; cut off to a whole number.
            categories: (gauge > 0.0).then(|| (1.41 * (unit / gauge).sqrt()).floor()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use approx::assert_relative_eq;

    /// AIAG MSA, 4th edition, table III-B 6a: ten parts, three appraisers, three trials.
    const AIAG: [[[f64; 10]; 3]; 3] = [
        [
            [0.29, -0.56, 1.34, 0.47, -0.80, 0.02, 0.59, -0.31, 2.26, -1.36],
            [0.41, -0.68, 1.17, 0.50, -0.92, -0.11, 0.75, -0.20, 1.99, -1.25],
            [0.64, -0.58, 1.27, 0.64, -0.84, -0.21, 0.66, -0.17, 2.01, -1.31],
        ],
        [
            [0.08, -0.47, 1.19, 0.01, -0.56, -0.20, 0.47, -0.63, 1.80, -1.68],
            [0.25, -1.22, 0.94, 1.03, -1.20, 0.22, 0.55, 0.08, 2.12, -1.62],
            [0.07, -0.68, 1.34, 0.20, -1.28, 0.06, 0.83, -0.34, 2.19, -1.50],
        ],
        [
            [0.04, -1.38, 0.88, 0.14, -1.46, -0.29, 0.02, -0.46, 1.77, -1.49],
            [-0.11, -1.13, 1.09, 0.20, -1.07, -0.67, 0.01, -0.56, 1.45, -1.77],
            [-0.15, -0.96, 0.67, 0.11, -1.45, -0.49, 0.21, -0.49, 1.87, -2.16],
        ],
    ];

    fn aiag() -> Balanced {
        let cell = |part: usize, appraiser: usize| (0..3).map(|trial| AIAG[appraiser][trial][part]).collect();
        Balanced::of((0..10).map(|part| (0..3).map(|appraiser| cell(part, appraiser)).collect()).collect()).unwrap()
    }

    #[test]
    fn the_example_of_the_manual() {
        let result = aiag().analyse(0.25, Some(8.0));
        // The manual's table of the analysis of variance: F 0.434, pooled; EV 0.199933, AV 0.226838, GRR 0.302373 (of rounded
        // ones), PV 1.042327, 27.86 % of the study, ndc 4. More digits: its values in a few lines of Python.
        assert!(result.pooled);
        assert_relative_eq!(result.interaction_f, 0.434, max_relative = 1e-3);
        for (share, sd) in [
            (result.repeatability, 0.199_933_179_721),
            (result.reproducibility, 0.226_837_521_496),
            (result.gauge, 0.302_371_522_323),
            (result.unit_to_unit, 1.042_327_493_838),
        ] {
            assert!((share.sd - sd).abs() < 1e-9, "{share:?} {sd}");
        }
        assert!((result.gauge.of_study - 27.860_650_881).abs() < 1e-8);
        assert_eq!((result.categories, result.interaction.sd.to_bits()), (Some(4.0), 0));
        assert_relative_eq!(
            result.gauge.of_tolerance.unwrap(),
            100.0 * 6.0 * 0.302_371_522_323 / 8.0,
            max_relative = 1e-9
        );
    }

    #[test]
    fn an_interaction_that_is_no_chance_stands_by_itself() {
        // Two units, two appraisers, two repeats: cell means 0, 10, 10, 0; within, ± 1.
        let cell = |mean: f64| vec![mean - 1.0, mean + 1.0];
        let study = Balanced::of(vec![vec![cell(0.0), cell(10.0)], vec![cell(10.0), cell(0.0)]]).unwrap();
        let result = study.analyse(0.05, None);
        // SS: interaction 2·4·25 = 200 of 1 degree, repeats 8 of 4: F = 100; neither units nor appraisers differ.
        assert_relative_eq!(result.interaction_f, 100.0, max_relative = 1e-12);
        assert!(!result.pooled && result.interaction_p < 1e-3);
        assert_relative_eq!(result.repeatability.sd, 2.0_f64.sqrt(), max_relative = 1e-12);
        // (200 − 2) / 2.
        assert_relative_eq!(result.interaction.sd, 99.0_f64.sqrt(), max_relative = 1e-12);
        assert_eq!((result.unit_to_unit.sd.to_bits(), result.categories), (0, Some(0.0)));
        assert_relative_eq!(result.gauge.sd, 101.0_f64.sqrt(), max_relative = 1e-12);
        assert!(result.gauge_low < result.gauge.sd && result.gauge_high > result.gauge.sd);
        assert!(Balanced::of(vec![vec![cell(0.0), cell(1.0)], vec![cell(0.0), vec![1.0]]]).is_none());
        assert!(Balanced::of(vec![vec![cell(0.0), cell(1.0)]]).is_none());
    }
}
