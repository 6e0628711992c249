//! The values of a check as figures group them: one group per entry of a sequence, each with its limit and the range of
//! values to show.

use super::scale::rational;
use crate::frame::Observation;
use crate::spec::Limit;
use crate::units::{Prefix, Rational, Rounding, Unit, value_text};
use crate::verdict::{Check, Plotted, Standing};

/// More entries than this share one panel: their panels would be too low to read.
const MOST_PANELS: usize = 4;

/// Values that are drawn on one scale.
#[derive(Debug, Clone)]
pub(super) struct Group<'a> {
    /// Which entry of a sequence it is; none where there is only one.
    pub(super) title: Option<String>,
    /// The limit, or the limits of a sequence too long for panels.
    pub(super) limits: Vec<&'a Limit>,
    /// In order of time.
    pub(super) points: Vec<Plotted>,
}

/// The values of a check, by the entry of the sequence that they were judged by.
pub(super) fn groups(check: &Check) -> Vec<Group<'_>> {
    let entries = check.limits.len();
    if entries <= 1 || entries > MOST_PANELS {
        return vec![Group {
            title: None,
            limits: check.limits.iter().collect(),
            points: check.track.iter().collect(),
        }];
    }
    (check.limits.iter().enumerate())
        .map(|(entry, limit)| Group {
            title: Some(format!("entry {} of {entries}: {}", entry + 1, limit.text())),
            limits: vec![limit],
            points: check.track.iter().filter(|point| point.entry == entry).collect(),
        })
        .collect()
}

/// The ends of a limit, and its nominal, as figures place them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Bounds {
    pub(super) min: Option<f64>,
    pub(super) max: Option<f64>,
    pub(super) nominal: Option<f64>,
}

impl Bounds {
    pub(super) fn of(limit: &Limit) -> Bounds {
        let float = |value: Option<&Rational>| value.map(Rational::to_f64);
        Bounds { min: float(limit.min()), max: float(limit.max()), nominal: float(limit.nominal()) }
    }

    fn ends(self) -> impl Iterator<Item = f64> {
        [self.min, self.max, self.nominal].into_iter().flatten()
    }
}

/// A range of values to show, and what lies beyond it.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Range {
    pub(super) from: f64,
    pub(super) to: f64,
    pub(super) below: Beyond,
    pub(super) above: Beyond,
}

/// Values beyond a range: how many, and the farthest one.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Beyond {
    pub(super) count: usize,
    pub(super) farthest: f64,
}

impl Range {
    /// The range of all values, except where a few of them are so far out that the others would shrink to a line.
    /// `include` are values that belong into it in any case, such as limits.
    pub(super) fn of(values: &[f64], include: impl Iterator<Item = f64>, least_width: f64) -> Option<Range> {
        /// Outliers may stretch the range to this many times the rest.
        const MOST_STRETCH: f64 = 8.0;
        const PADDING: f64 = 0.12;
        let mut sorted: Vec<f64> = values.to_vec();
        sorted.sort_by(f64::total_cmp);
        let (least, greatest) = (*sorted.first()?, *sorted.last()?);
        // One value in twenty may be far out, at either end.
        let skipped = sorted.len() / 20;
        let (mut low, mut high) = (sorted[skipped], sorted[sorted.len() - 1 - skipped]);
        for value in include {
            (low, high) = (low.min(value), high.max(value));
        }
        let core = (high - low).max(least_width);
        let (all_low, all_high) = (low.min(least), high.max(greatest));
        if all_high - all_low <= MOST_STRETCH * core {
            (low, high) = (all_low, all_high);
        }
        let pad = ((high - low).max(least_width) * PADDING).max((least_width - (high - low)) / 2.0);
        Some(Range { from: low - pad, to: high + pad, ..Range::default() }.counting(values))
    }

    /// The same range, with these values counted that lie beyond it.
    fn counting(self, values: &[f64]) -> Range {
        let mut range = Range { below: Beyond::default(), above: Beyond::default(), ..self };
        for &value in values {
            if value < range.from {
                range.below.add(value, f64::min);
            } else if value > range.to {
                range.above.add(value, f64::max);
            }
        }
        range
    }
}

impl Beyond {
    fn add(&mut self, value: f64, farther: fn(f64, f64) -> f64) {
        self.farthest = if self.count == 0 { value } else { farther(self.farthest, value) };
        self.count += 1;
    }
}

impl Group<'_> {
    pub(super) fn bounds(&self) -> Vec<Bounds> {
        self.limits.iter().map(|limit| Bounds::of(limit)).collect()
    }

    /// The range that shows the limits and the judged values; all values, where none was judged.
    pub(super) fn range(&self, least_width: f64) -> Option<Range> {
        let all: Vec<f64> = self.points.iter().map(|point| point.value).collect();
        let mut judged: Vec<f64> = self.judged().iter().map(|point| point.value).collect();
        if judged.is_empty() {
            judged.clone_from(&all);
        }
        let range = Range::of(&judged, self.bounds().into_iter().flat_map(Bounds::ends), least_width)?;
        Some(range.counting(&all))
    }

    /// The values that were judged.
    pub(super) fn judged(&self) -> Vec<Plotted> {
        self.points.iter().copied().filter(|point| point.standing != Standing::NotJudged).collect()
    }
}

/// The smallest difference between two values of this unit, in its base unit: the sample period for times, one for
/// counts; none where values are not on a grid.
pub(super) fn grid(check: &Check, observation: &Observation) -> Option<f64> {
    match check.quantity.unit {
        Unit::Second => Some(observation.rate.period().to_f64()),
        Unit::Count => Some(1.0),
        Unit::Hertz | Unit::Percent | Unit::Ppm => None,
    }
}

/// How figures of a check print values: one prefix for all, as many decimals as samples tell.
#[derive(Debug, Clone, Copy)]
pub(super) struct Printed {
    unit: Unit,
    pub(super) prefix: Prefix,
    places: Option<u32>,
}

impl Printed {
    pub(super) fn new(check: &Check, observation: &Observation, prefix: Prefix) -> Printed {
        let places = match check.quantity.unit {
            Unit::Second => Some(prefix.places_for(observation.rate.period()).min(6)),
            Unit::Hertz | Unit::Percent | Unit::Ppm | Unit::Count => None,
        };
        Printed { unit: check.quantity.unit, prefix, places }
    }

    pub(super) fn text(&self, value: &Rational) -> String {
        match self.places {
            Some(places) => trimmed(&self.prefix.number(value, places, Rounding::Nearest)) + " " + self.prefix.symbol(),
            None => value_text(value, self.unit, Rounding::Nearest),
        }
    }

    pub(super) fn float(&self, value: f64) -> String {
        self.text(&rational(value))
    }
}

fn trimmed(number: &str) -> String {
    if number.contains('.') { number.trim_end_matches('0').trim_end_matches('.').to_owned() } else { number.to_owned() }
}

/// How many of these values stand so.
pub(super) fn count(points: &[Plotted], standing: Standing) -> usize {
    points.iter().filter(|point| point.standing == standing).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn close(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-9
    }

    #[test]
    fn a_range_holds_values_and_limits() {
        let range = Range::of(&[20.0, 20.5, 21.0], [19.0, 23.0].into_iter(), 0.001).unwrap();
        // 19 to 23, and 12 % of 4 on both sides.
        assert!(close(range.from, 18.52) && close(range.to, 23.48), "{range:?}");
        assert_eq!((range.below.count, range.above.count), (0, 0));
    }

    #[test]
    fn few_values_far_out_do_not_flatten_the_others() {
        let mut values = vec![20.0; 98];
        values.extend([66.0, 40.0]);
        let range = Range::of(&values, [19.0, 21.0].into_iter(), 0.001).unwrap();
        assert!(close(range.from, 18.76) && close(range.to, 21.24), "{range:?}");
        assert_eq!((range.below.count, range.above), (0, Beyond { count: 2, farthest: 66.0 }));
        // With limits that wide the outliers are no trouble.
        let range = Range::of(&values, [10.0, 30.0].into_iter(), 0.001).unwrap();
        assert_eq!(range.above.count, 0);
    }

    #[test]
    fn equal_values_have_a_range_as_well() {
        let range = Range::of(&[5.0, 5.0], std::iter::empty(), 2.0).unwrap();
        assert!(close(range.from, 4.0) && close(range.to, 6.0), "{range:?}");
        assert_eq!(Range::of(&[], std::iter::empty(), 1.0), None);
    }

    proptest! {
        #[test]
        fn every_value_is_in_the_range_or_counted_beyond(values in prop::collection::vec(-1e3..1e3_f64, 1..200)) {
            let range = Range::of(&values, [0.0].into_iter(), 0.5).unwrap();
            let inside = values.iter().filter(|v| (range.from..=range.to).contains(v)).count();
            prop_assert_eq!(inside + range.below.count + range.above.count, values.len());
            prop_assert!(range.from <= 0.0 && 0.0 <= range.to && range.to - range.from >= 0.5);
            prop_assert!(range.below.count + range.above.count <= values.len() / 10 + 2);
        }
    }
}
