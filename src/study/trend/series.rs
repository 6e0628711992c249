//! One quantity of one station over time.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use super::drift::{Followed, Line, most};
use super::histogram::Histogram;
use super::{Basis, Bins, Capability, CheckVerdict, ControlChart, Runs, UnitDrift, basis_of};
use crate::study::results::ResultView;

/// What a series is of. Where a limit changes, another series begins.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
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
    pub(super) fn of(station: Option<&str>, row: &ResultView<'_>) -> SeriesKey {
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

/// A value that lies far out, and where it comes from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Extreme {
    /// Its place in the series, from 0.
    pub place: u64,
    /// When its capture was taken, in seconds since 1970; none where it is not known.
    pub time: Option<i64>,
    /// The first eight bytes of the SHA-256 of the capture.
    pub capture: u64,
    /// The value.
    pub value: f64,
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
    /// The values outside the control limits of individual values, the first ones of those farthest out: at most 100.
    pub outside: Vec<Extreme>,
    /// The capability; none without limits or without a spread.
    pub capability: Option<Capability>,
    /// The histogram.
    pub bins: Option<Bins>,
    /// The run chart.
    pub runs: Runs,
    /// The units that drift.
    pub drifts: Vec<UnitDrift>,
}

/// So many values are kept at either end.
const EXTREMES: usize = 50;

/// What is kept of a series as it grows.
#[derive(Debug, Default)]
pub(super) struct Accumulator {
    count: u64,
    mean: f64,
    squares: f64,
    least: Vec<Extreme>,
    greatest: Vec<Extreme>,
    verdicts: [u64; 3],
    limits: (Option<f64>, Option<f64>),
    before: Option<f64>,
    ranges: f64,
    subgroup: Option<Subgroup>,
    histogram: Histogram,
    runs: Runs,
    units: HashMap<u32, Line>,
}

#[derive(Debug)]
struct Subgroup {
    size: usize,
    values: Vec<f64>,
    groups: u64,
    means: f64,
    ranges: f64,
}

impl Accumulator {
    pub(super) fn new(subgroup: Option<usize>) -> Accumulator {
        let subgroup = subgroup.map(|size| Subgroup { size, values: Vec::new(), groups: 0, means: 0.0, ranges: 0.0 });
        Accumulator { subgroup, ..Accumulator::default() }
    }

    pub(super) fn limit(&mut self, limits: (Option<f64>, Option<f64>)) {
        self.limits = limits;
    }

    /// Takes the next value in the order of time.
    pub(super) fn take(&mut self, time: i64, capture: u64, value: f64, verdict: CheckVerdict) {
        let time_known = (time != i64::MIN).then_some(time);
        let extreme = Extreme { place: self.count, time: time_known, capture, value };
        keep(&mut self.least, extreme, |a, b| a < b);
        keep(&mut self.greatest, extreme, |a, b| a > b);
        self.histogram.take(value);
        self.runs.take(self.count, time_known, value);
        self.count += 1;
        // Welford 1962.
        let away = value - self.mean;
        self.mean += away / self.count as f64;
        self.squares += away * (value - self.mean);
        if let Some(before) = self.before.replace(value) {
            self.ranges += (value - before).abs();
        }
        if let Some(subgroup) = &mut self.subgroup {
            subgroup.take(value);
        }
        let place = match verdict {
            CheckVerdict::Pass => 0,
            CheckVerdict::Fail => 1,
            CheckVerdict::Other => 2,
        };
        self.verdicts[place] += 1;
    }

    /// Follows a unit by its values; a new one only where there is room.
    pub(super) fn follow(&mut self, unit: u32, time: i64, value: f64, room: bool) -> Followed {
        if time == i64::MIN {
            return Followed::Known;
        }
        if let Some(line) = self.units.get_mut(&unit) {
            line.take(time, value);
            return Followed::Known;
        }
        if !room {
            return Followed::LeftOut;
        }
        self.units.entry(unit).or_default().take(time, value);
        Followed::New
    }

    pub(super) fn finish(self, key: SeriesKey, name: impl Fn(u32) -> String) -> SeriesTrend {
        let sd = (self.count > 1).then(|| (self.squares / (self.count - 1) as f64).sqrt());
        let chart = self.chart();
        let units = self.units.len();
        let drifts = most(self.units.iter().filter_map(|(unit, line)| line.drift(name(*unit))), units);
        let individuals = self.individuals();
        let ends = |extremes: &[Extreme]| extremes.first().map_or(0.0, |extreme| extreme.value);
        let mut outside: Vec<Extreme> = match individuals {
            Some(chart) => (self.least.iter().filter(|extreme| extreme.value < chart.values.lower))
                .chain(self.greatest.iter().filter(|extreme| extreme.value > chart.values.upper))
                .copied()
                .collect(),
            None => Vec::new(),
        };
        outside.sort_by_key(|extreme| extreme.place);
        SeriesTrend {
            count: self.count,
            mean: self.mean,
            sd,
            range: (ends(&self.least), ends(&self.greatest)),
            verdicts: self.verdicts,
            limits: self.limits,
            chart,
            outside,
            capability: sd.and_then(|sd| Capability::of(self.count, self.mean, sd, self.limits)),
            bins: self.histogram.finish(),
            runs: self.runs,
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
    fn take(&mut self, value: f64) {
        self.values.push(value);
        if self.values.len() < self.size {
            return;
        }
        let (least, most) =
            self.values.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), v| (a.min(*v), b.max(*v)));
        self.means += self.values.iter().sum::<f64>() / self.size as f64;
        self.ranges += most - least;
        self.groups += 1;
        self.values.clear();
    }
}

/// Keeps the values that are first by this order, the first of them at the front.
fn keep(kept: &mut Vec<Extreme>, extreme: Extreme, is_before: fn(f64, f64) -> bool) {
    if kept.len() == EXTREMES && kept.last().is_some_and(|last| !is_before(extreme.value, last.value)) {
        return;
    }
    let place = kept.partition_point(|other| !is_before(extreme.value, other.value));
    kept.insert(place, extreme);
    kept.truncate(EXTREMES);
}
