//! One quantity of one station over time.

use std::hash::{DefaultHasher, Hash, Hasher};

use super::drift::{Group, most};
use super::histogram::Histogram;
use super::signals::{Extreme, Signal, Signals};
use super::{Basis, Bins, Capability, CheckVerdict, ControlChart, Runs, UnitDrift, basis_of};
use crate::study::results::ResultView;
use crate::units::Unit;

/// What a series is of. Where a limit changes, another series begins.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SeriesKey {
    /// The station, if one was stated.
    pub station: Option<String>,
    /// The quantity's id.
    pub id: String,
    /// Of which camera.
    pub camera: Option<String>,
    /// Of which line.
    pub line: Option<String>,
    /// The limit as a text.
    pub rule: String,
    /// The unit's symbol.
    pub unit: String,
    /// What a value is.
    pub basis: Basis,
}

impl SeriesKey {
    pub(in crate::study) fn of(station: Option<&str>, row: &ResultView<'_>) -> SeriesKey {
        let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
        SeriesKey {
            station: station.map(str::to_owned),
            id: text(row.id),
            camera: row.camera.map(str::to_owned),
            line: row.line.map(str::to_owned),
            rule: text(row.rule),
            unit: text(row.unit),
            basis: basis_of(row),
        }
    }

    pub(super) fn is_of(&self, station: Option<&str>, row: &ResultView<'_>) -> bool {
        self.station.as_deref() == station
            && Some(self.id.as_str()) == row.id
            && self.camera.as_deref() == row.camera
            && self.line.as_deref() == row.line
            && self.rule == row.rule.unwrap_or_default()
            && self.unit == row.unit.unwrap_or_default()
            && self.basis == basis_of(row)
    }
}

/// A number for a row's key, equal for equal keys.
pub(super) fn hash(station: Option<&str>, row: &ResultView<'_>) -> u64 {
    let mut hasher = DefaultHasher::new();
    (station, row.id, row.camera, row.line, row.rule.unwrap_or_default()).hash(&mut hasher);
    hasher.finish()
}

/// One quantity of one station over time.
#[derive(Debug, Clone, PartialEq)]
pub struct SeriesTrend {
    /// What it is of.
    pub key: SeriesKey,
    /// How many values there are.
    pub count: u64,
    /// Their mean.
    pub mean: f64,
    /// Their standard deviation (n − 1); none of one value.
    pub sd: Option<f64>,
    /// The least and the greatest.
    pub range: (f64, f64),
    /// How many of its checks passed, failed, and came out otherwise.
    pub verdicts: [u64; 3],
    /// The limits, lower and upper.
    pub limits: (Option<f64>, Option<f64>),
    /// The control chart; none of fewer than two points.
    pub chart: Option<ControlChart>,
    /// The points beyond the control limits, the first ones of those farthest out: at most 100.
    pub outside: Vec<Extreme>,
    /// Which of Nelson's rules the points break.
    pub signals: Vec<Signal>,
    /// How many values of all its captures were judged, and how many of them are proven outside: a mean hides single ones.
    pub judged: [u64; 2],
    /// The capability; none without limits or without a spread, and of counts, which are no measure of how far.
    pub capability: Option<Capability>,
    /// The histogram.
    pub bins: Option<Bins>,
    /// The run chart.
    pub runs: Runs,
    /// The chart of moving ranges, or of the ranges of subgroups.
    pub ranges: Runs,
    /// The units that drift.
    pub drifts: Vec<UnitDrift>,
}

/// What is kept of a series as it grows.
#[derive(Debug, Default)]
pub(super) struct Accumulator {
    count: u64,
    mean: f64,
    squares: f64,
    range: Option<(f64, f64)>,
    points: u64,
    signals: Signals,
    judged: [u64; 2],
    verdicts: [u64; 3],
    limits: (Option<f64>, Option<f64>),
    before: Option<f64>,
    ranges: f64,
    subgroup: Option<Subgroup>,
    histogram: Histogram,
    runs: Runs,
    moving: Runs,
    pub(super) group: Group,
}

#[derive(Debug, Default)]
struct Subgroup {
    size: usize,
    values: Vec<f64>,
    verdict: Option<CheckVerdict>,
    groups: u64,
    means: f64,
    ranges: f64,
}

impl Accumulator {
    pub(super) fn new(subgroup: Option<usize>) -> Accumulator {
        let subgroup = subgroup.map(|size| Subgroup { size, ..Subgroup::default() });
        Accumulator { subgroup, ..Accumulator::default() }
    }

    pub(super) fn limit(&mut self, limits: (Option<f64>, Option<f64>)) {
        self.limits = limits;
    }

    /// Takes the next value in the order of time.
    pub(super) fn take(&mut self, time: i64, capture: u64, value: f64, verdict: CheckVerdict) {
        let time_known = (time != i64::MIN).then_some(time);
        self.range = Some(self.range.map_or((value, value), |(least, most)| (least.min(value), most.max(value))));
        self.histogram.take(value);
        self.count += 1;
        // Welford 1962.
        let away = value - self.mean;
        self.mean += away / self.count as f64;
        self.squares += away * (value - self.mean);
        let range = self.before.replace(value).map(|before| (value - before).abs());
        self.ranges += range.unwrap_or(0.0);
        let point = match &mut self.subgroup {
            None => Some((value, verdict, range)),
            Some(subgroup) => subgroup.take(value, verdict),
        };
        if let Some((value, verdict, range)) = point {
            self.signals.take(Extreme { place: self.points, time: time_known, capture, value });
            self.runs.take(self.points, time_known, value, verdict);
            if let Some(range) = range {
                self.moving.take(self.points, time_known, range, CheckVerdict::Pass);
            }
            self.points += 1;
        }
        let place = match verdict {
            CheckVerdict::Pass => 0,
            CheckVerdict::Fail => 1,
            CheckVerdict::Other => 2,
        };
        self.verdicts[place] += 1;
    }

    /// Counts how many values of a capture were judged, and how many are outside.
    pub(super) fn count_values(&mut self, [measured, failed]: [u64; 2]) {
        self.judged = [self.judged[0].saturating_add(measured), self.judged[1].saturating_add(failed)];
    }

    pub(super) fn finish(self, key: SeriesKey, name: impl Fn(u32) -> String) -> SeriesTrend {
        let sd = (self.count > 1).then(|| (self.squares / (self.count - 1) as f64).sqrt());
        let chart = self.chart();
        let units = self.group.units.len();
        let drifts = most(self.group.units.iter().filter_map(|(unit, line)| line.drift(name(*unit))), units);
        let (outside, signals) = self.signals.finish(chart.map(|chart| chart.values));
        let has_capability = key.unit != Unit::Count.symbol();
        let capability =
            sd.filter(|_| has_capability).and_then(|sd| Capability::of(self.count, self.mean, sd, self.limits));
        SeriesTrend {
            count: self.count,
            mean: self.mean,
            sd,
            range: self.range.unwrap_or_default(),
            verdicts: self.verdicts,
            limits: self.limits,
            chart,
            outside,
            signals,
            judged: self.judged,
            capability,
            bins: self.histogram.finish(),
            runs: self.runs,
            ranges: self.moving,
            drifts,
            key,
        }
    }

    fn individuals(&self) -> Option<ControlChart> {
        (self.count > 1)
            .then(|| ControlChart::individuals(self.mean, self.ranges / (self.count - 1) as f64, self.count))
    }

    fn chart(&self) -> Option<ControlChart> {
        match &self.subgroup {
            None => self.individuals(),
            Some(group) if group.groups > 0 => {
                let groups = group.groups as f64;
                ControlChart::subgroups(group.size, group.means / groups, group.ranges / groups, group.groups)
            }
            Some(_) => None,
        }
    }
}

impl Subgroup {
    /// Takes a value; the mean of its subgroup, whether any of it failed, and its range, where it is the last of it.
    fn take(&mut self, value: f64, verdict: CheckVerdict) -> Option<(f64, CheckVerdict, Option<f64>)> {
        self.values.push(value);
        self.verdict = self.verdict.max(Some(verdict));
        if self.values.len() < self.size {
            return None;
        }
        let (least, most) =
            self.values.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), v| (a.min(*v), b.max(*v)));
        let (mean, range) = (self.values.iter().sum::<f64>() / self.size as f64, most - least);
        self.means += mean;
        self.ranges += range;
        self.groups += 1;
        self.values.clear();
        Some((mean, self.verdict.take()?, Some(range)))
    }
}
