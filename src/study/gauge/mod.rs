//! Gauge studies: how much of the spread of results the measuring makes, and not the units. Units × operators, stations or
//! analyzers × repeats, crossed.

use serde::Serialize;
use strum::IntoStaticStr;

mod anova;

pub use anova::{Balanced, GaugeResult, Share};

use std::collections::{BTreeMap, BTreeSet};

use super::record::{analyzer_text, tag};
use super::results::ResultView;
use super::trend::{Capability, SeriesKey};
use crate::units::{Unit, calendar_seconds, counted};

/// Who or what measures again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, IntoStaticStr)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
pub enum Appraiser {
    /// People.
    Operator,
    /// Test stations.
    Station,
    /// Analyzers.
    Analyzer,
}

impl Appraiser {
    /// The word for one of them.
    #[must_use]
    pub fn key(self) -> &'static str {
        self.into()
    }
}

/// The tag that says what was done anew between two values of one unit: re-soldered, re-clipped, re-recorded.
const REPEAT: &str = "repeat";

/// More values than this are no study.
const MOST: usize = 2_000_000;

/// Values of one unit and appraiser, each with its time and place.
type Cell = Vec<(i64, u64, f64)>;

/// What a study is of: a quantity, and what a repeat was.
type StudyKey = (SeriesKey, Option<String>);

/// Results of a study as they are read.
#[derive(Debug)]
pub struct GaugeBuilder {
    appraiser: Appraiser,
    alpha: f64,
    studies: BTreeMap<StudyKey, Collected>,
    values: usize,
    unnamed: u64,
}

#[derive(Debug, Default)]
struct Collected {
    limits: (Option<f64>, Option<f64>),
    cells: BTreeMap<String, BTreeMap<String, Cell>>,
}

/// A study, and what came of it.
#[derive(Debug, Clone, PartialEq)]
pub struct GaugeStudy {
    /// Of what; without a station.
    pub key: SeriesKey,
    /// What was done anew for each repeat, as the tag `repeat` says.
    pub repeat: Option<String>,
    /// What the design lacks, as sentences.
    pub missing: Vec<String>,
    /// Units, appraisers and repeats that were taken, and what came; none where the design is too small for it.
    pub result: Option<([usize; 3], GaugeResult)>,
    /// The capability by the spread of all values, and by what is left of it without the gauge.
    pub capability: Option<(Capability, Option<Capability>)>,
}

/// All studies of some results.
#[derive(Debug, Clone, PartialEq)]
pub struct GaugeStudies {
    /// Who or what measured again.
    pub appraiser: Appraiser,
    /// Above this probability an interaction is pooled.
    pub alpha: f64,
    /// By quantity.
    pub studies: Vec<GaugeStudy>,
    /// How many results said no unit or no appraiser.
    pub unnamed: u64,
    /// There are more results than a study has: the rest was not looked at.
    pub too_many: bool,
}

impl GaugeBuilder {
    /// A study of what these measure again.
    #[must_use]
    pub fn new(appraiser: Appraiser, alpha: f64) -> GaugeBuilder {
        GaugeBuilder { appraiser, alpha, studies: BTreeMap::new(), values: 0, unnamed: 0 }
    }

    /// Takes a row of this station.
    pub fn take(&mut self, station: Option<&str>, row: &ResultView<'_>) {
        let Some(value) = row.value.filter(|value| value.is_finite() && row.id.is_some()) else { return };
        let appraiser = match self.appraiser {
            Appraiser::Operator => row.operator.map(str::to_owned),
            Appraiser::Station => station.map(str::to_owned),
            Appraiser::Analyzer => analyzer_text(row.driver, row.serial),
        };
        let Some((unit, appraiser)) = row.dut.zip(appraiser) else {
            self.unnamed += 1;
            return;
        };
        self.values += 1;
        if self.values > MOST {
            return;
        }
        let key = (SeriesKey::of(None, row), tag(row.tags, REPEAT).map(str::to_owned));
        let study = self.studies.entry(key).or_default();
        study.limits = (row.limit_min, row.limit_max);
        let time = row.taken_at.and_then(calendar_seconds).unwrap_or(i64::MIN);
        let capture = row.sha256.and_then(|digest| u64::from_str_radix(digest.get(..16)?, 16).ok()).unwrap_or(0);
        let cells = study.cells.entry(unit.to_owned()).or_default();
        cells.entry(appraiser).or_default().push((time, capture, value));
    }

    /// What came of it.
    #[must_use]
    pub fn finish(self) -> GaugeStudies {
        let GaugeBuilder { appraiser, alpha, studies, values, unnamed } = self;
        let study = |((key, repeat), collected): (StudyKey, Collected)| collected.study(key, repeat, appraiser, alpha);
        let studies = studies.into_iter().map(study).collect();
        GaugeStudies { appraiser, alpha, studies, unnamed, too_many: values > MOST }
    }
}

impl Collected {
    fn study(mut self, key: SeriesKey, repeat: Option<String>, appraiser: Appraiser, alpha: f64) -> GaugeStudy {
        for cell in self.cells.values_mut().flat_map(BTreeMap::values_mut) {
            cell.sort_by(|a, b| (a.0, a.1).cmp(&(b.0, b.1)).then(a.2.total_cmp(&b.2)));
        }
        let is_count = key.unit == Unit::Count.symbol();
        let tolerance =
            self.limits.0.zip(self.limits.1).map(|(lower, upper)| upper - lower).filter(|width| *width > 0.0);
        let (missing, balanced) = self.design(appraiser);
        let result = balanced.map(|balanced| (balanced.sizes(), balanced.analyse(alpha, tolerance)));
        let capability = result.filter(|_| !is_count).and_then(|(_, result)| self.capability(result.gauge.sd));
        GaugeStudy { key, repeat, missing, result, capability }
    }

    /// What the design lacks, and the values of what is whole: the units that every appraiser has measured at least twice,
    /// and as many first repeats as all of them have.
    fn design(&self, appraiser: Appraiser) -> (Vec<String>, Option<Balanced>) {
        let who = appraiser.key();
        let names: BTreeSet<&String> = self.cells.values().flat_map(BTreeMap::keys).collect();
        let mut missing = Vec::new();
        if names.len() < 2 {
            missing.push(format!("a second {who}: without one nothing is known of how they differ"));
        }
        let times = |unit: &BTreeMap<String, Cell>| {
            names.iter().map(|name| unit.get(*name).map_or(0, Vec::len)).min().unwrap_or(0)
        };
        let whole: Vec<&BTreeMap<String, Cell>> = self.cells.values().filter(|unit| times(unit) >= 2).collect();
        let others = self.cells.len() - whole.len();
        if others > 0 {
            missing.push(format!("{} that not every {who} has measured twice: left out", counted(others, "unit")));
        }
        if whole.len() < 2 {
            missing.push(format!("two units that every {who} has measured twice"));
        }
        let repeats = whole.iter().map(|unit| times(unit)).min().unwrap_or(0);
        let spare: usize = whole.iter().flat_map(|unit| unit.values()).map(|cell| cell.len() - repeats).sum();
        if spare > 0 {
            let values = counted(spare, "value");
            missing.push(format!("as many repeats everywhere: {values} beyond the first {repeats} left out"));
        }
        if (2..10).contains(&whole.len()) {
            missing.push(format!("ten units, as AIAG asks for: with {} the bounds are wide", whole.len()));
        }
        let first = |cell: &Cell| cell.iter().take(repeats).map(|value| value.2).collect();
        let cells = whole.iter().map(|unit| unit.values().map(first).collect()).collect();
        (missing, Balanced::of(cells))
    }

    fn capability(&self, gauge: f64) -> Option<(Capability, Option<Capability>)> {
        let values: Vec<f64> =
            self.cells.values().flat_map(BTreeMap::values).flatten().map(|(_, _, value)| *value).collect();
        let count = values.len() as u64;
        let mean = values.iter().sum::<f64>() / count as f64;
        let variance = values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / (count as f64 - 1.0);
        let of = |variance: f64| Capability::of(count, mean, variance.sqrt(), self.limits);
        Some((of(variance)?, of((variance - gauge * gauge).max(0.0))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn study(rows: &[(&str, &str, f64, Option<&str>)]) -> GaugeStudies {
        let mut builder = GaugeBuilder::new(Appraiser::Operator, 0.25);
        for (unit, operator, value, tags) in rows {
            let (dut, operator, value) = (Some(*unit), Some(*operator), Some(*value));
            builder.take(None, &ResultView { dut, operator, tags: *tags, value, ..ResultView::CHECKED });
        }
        builder.finish()
    }

    #[test]
    fn what_the_design_lacks_is_said_and_the_whole_part_is_analysed() {
        let mut rows = Vec::new();
        for (unit, base) in [("u1", 9.0), ("u2", 10.0), ("u3", 11.0)] {
            for (operator, more) in [("Kim", 0.0), ("Lee", 0.2)] {
                rows.extend([0.0, 0.1].map(|repeat| (unit, operator, base + more + repeat, None)));
            }
        }
        rows.push(("u1", "Kim", 9.9, None));
        rows.push(("u4", "Kim", 9.0, None));
        let studies = study(&rows);
        let [one] = studies.studies.as_slice() else { panic!("{studies:?}") };
        assert_eq!(
            one.missing,
            [
                "1 unit that not every operator has measured twice: left out",
                "as many repeats everywhere: 1 value beyond the first 2 left out",
                "ten units, as AIAG asks for: with 3 the bounds are wide",
            ]
        );
        let (sizes, result) = one.result.unwrap();
        assert_eq!((sizes, result.pooled), ([3, 2, 2], true));
        // Within: 6 cells of two values 0.1 apart, Σ = 6·0.005, no interaction: over 6 + 2 degrees of freedom.
        approx::assert_relative_eq!(result.repeatability.sd, (0.03_f64 / 8.0).sqrt(), max_relative = 1e-9);
        let (raw, without) = one.capability.unwrap();
        assert!(without.unwrap().cpk.value > raw.cpk.value);
    }

    #[test]
    fn what_is_done_anew_is_told_apart_and_a_study_that_is_none_says_what_it_lacks() {
        let tags = [Some("repeat=re-soldered;lot=7"), Some("repeat=re-clipped")];
        let rows: Vec<_> =
            tags.iter().flat_map(|tags| [("u1", "Kim", 9.0, *tags), ("u1", "Kim", 9.5, *tags)]).collect();
        let studies = study(&rows);
        let repeats: Vec<Option<&str>> = studies.studies.iter().map(|study| study.repeat.as_deref()).collect();
        assert_eq!(repeats, [Some("re-clipped"), Some("re-soldered")]);
        assert_eq!(studies.studies[0].result, None);
        assert_eq!(
            studies.studies[0].missing,
            [
                "a second operator: without one nothing is known of how they differ",
                "two units that every operator has measured twice",
            ]
        );
        let unnamed = study(&[]);
        assert_eq!((unnamed.studies.len(), unnamed.unnamed), (0, 0));
    }
}
