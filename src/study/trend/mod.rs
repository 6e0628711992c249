//! Many results over time: of each quantity and station a control chart, its capability, its drift by unit, and of all
//! captures the yield and what was found.
//!
//! Rows are taken part by part and day by day, and of each series only sums, a thinned run chart and a histogram are kept:
//! memory grows with the series, the units and the largest day of a station, not with the results.
//!
//! That is why polars reads the columns and does no more. Its frames would hold every value: sorted, with means and moving
//! ranges, ten million of 160 series took it 20 s and 440 MB; running sums of the same took 0.1 s and 6 MB.

mod capability;
mod chart;
mod drift;
mod histogram;
mod pareto;
mod runs;
mod series;
mod signals;
mod sources;

pub use capability::{Capability, Interval};
pub use chart::{ChartKind, ControlChart, ControlLimits};
pub use drift::UnitDrift;
pub use histogram::Bins;
pub use pareto::{FaultShare, Yield};
pub use runs::{Run, Runs};
pub use series::{SeriesKey, SeriesTrend};
pub use signals::{Extreme, NelsonRule, Signal};
pub use sources::{Bias, News, SourceKind, SourceNews};

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use super::judgements::Repeats;
use super::record::analyzer_text;
use super::results::{Basis, ResultView};
use super::texts::Texts;
use crate::units::calendar_seconds;
use drift::Group;
use pareto::Tally;
use series::Accumulator;

/// How many consecutive captures of a station are one subgroup of an X̄-R chart; without, each is one point of an I-MR
/// chart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Subgroups(Option<usize>);

impl Subgroups {
    /// Subgroups of 2 to 10 captures; none for other sizes, for which the factors of X̄-R charts are not tabulated.
    #[must_use]
    pub fn of(size: usize) -> Option<Subgroups> {
        (2..=10).contains(&size).then_some(Subgroups(Some(size)))
    }
}

/// Many results over time.
#[derive(Debug, Clone, PartialEq)]
pub struct Trend {
    /// The number of rows that were read.
    pub results: u64,
    /// All captures, and how many came out how.
    pub total: Yield,
    /// The captures of each station, in the order of names; those without a station first.
    pub stations: Vec<(Option<String>, Yield)>,
    /// The captures of each day, in their order; those whose day is not known are not among them.
    pub days: Vec<(String, Yield)>,
    /// What was found first in captures that did not pass, most often first.
    pub faults: Vec<FaultShare>,
    /// The checks that failed, most often first.
    pub failing: Vec<FaultShare>,
    /// Every quantity of every station, in the order of stations, then of ids, cameras, lines and rules.
    pub series: Vec<SeriesTrend>,
    /// The stations and analyzers that are off or drift.
    pub sources: Vec<SourceNews>,
    /// How often judgements were there that count once.
    pub repeats: Repeats,
    /// Results of so many further units were not followed by unit: there are too many of them.
    pub units_left_out: bool,
}

/// Takes results and makes a trend of them.
#[derive(Debug, Default)]
pub struct TrendBuilder {
    subgroups: Subgroups,
    results: u64,
    tally: Tally,
    keys: HashMap<u64, Vec<usize>>,
    series: Vec<(SeriesKey, Accumulator)>,
    /// What each analyzer read, by the first series of the quantity.
    analyzers: HashMap<(usize, u32), Group>,
    /// Of each quantity, whatever the station, its first series.
    quantities: HashMap<SeriesKey, usize>,
    /// Of each series that of its quantity.
    first: Vec<usize>,
    /// Of each series the one that came behind it last.
    behind: Vec<usize>,
    texts: Texts,
    units: Units,
}

/// Units that are followed by name, of all series together.
const MOST_UNITS: usize = 200_000;

#[derive(Debug, Default)]
struct Units {
    followed: usize,
    left_out: bool,
}

/// A judgement as it waits for its turn: those of a day are taken in the order of time, then of captures and specs, whatever
/// parts they lie in.
#[derive(Debug, Clone)]
struct Waiting {
    time: i64,
    capture: u64,
    spec: u64,
    unit: Option<u32>,
    analyzer: Option<u32>,
    /// Its values among those of the day.
    values: Range<usize>,
}

/// A value of a judgement.
#[derive(Debug, Clone, Copy)]
struct Value {
    series: usize,
    judged: [u64; 2],
    value: f64,
    verdict: CheckVerdict,
}

/// The worst last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum CheckVerdict {
    Pass,
    Other,
    Fail,
}

/// The results of one station and day, as they are read.
#[derive(Debug)]
pub struct Day<'t> {
    trend: &'t mut TrendBuilder,
    station: Option<String>,
    waiting: Vec<Waiting>,
    values: Vec<Value>,
}

impl TrendBuilder {
    /// A trend with subgroups of this size.
    #[must_use]
    pub fn new(subgroups: Subgroups) -> TrendBuilder {
        TrendBuilder { subgroups, ..TrendBuilder::default() }
    }

    /// Begins the results of one station and day; days of a station come in their order.
    pub fn day(&mut self, station: Option<String>) -> Day<'_> {
        Day { trend: self, station, waiting: Vec::new(), values: Vec::new() }
    }

    /// The trend of all that was taken; `repeats` is what was not, because it was there already.
    #[must_use]
    pub fn finish(self, repeats: Repeats) -> Trend {
        let sources = self.sources();
        let mut series: Vec<SeriesTrend> = (self.series.into_iter())
            .map(|(key, accumulator)| accumulator.finish(key, |place| self.texts.text(place).to_owned()))
            .collect();
        series.sort_by(|a, b| a.key.cmp(&b.key));
        let Tally { total, stations, days, faults, failing } = self.tally;
        Trend {
            results: self.results,
            total,
            stations: stations.into_iter().collect(),
            days: days.into_iter().collect(),
            faults: pareto::shares(faults),
            failing: pareto::shares(failing),
            series,
            sources,
            repeats,
            units_left_out: self.units.left_out,
        }
    }

    /// What is told of stations and analyzers.
    fn sources(&self) -> Vec<SourceNews> {
        let mut groups: BTreeMap<(SourceKind, SeriesKey), BTreeMap<Option<String>, &Group>> = BTreeMap::new();
        let quantity = |place: usize| SeriesKey { station: None, ..self.series[place].0.clone() };
        for (place, (key, accumulator)) in self.series.iter().enumerate() {
            let of = groups.entry((SourceKind::Station, quantity(place))).or_default();
            of.insert(key.station.clone(), &accumulator.group);
        }
        for ((place, analyzer), group) in &self.analyzers {
            let of = groups.entry((SourceKind::Analyzer, quantity(*place))).or_default();
            of.insert(Some(self.texts.text(*analyzer).to_owned()), group);
        }
        let tests = groups.values().map(BTreeMap::len).sum();
        groups.iter().flat_map(|((kind, key), groups)| sources::news(*kind, key, groups, tests)).collect()
    }

    /// Takes the next value of its series.
    fn take(&mut self, judgement: &Waiting, value: &Value) {
        let (_, series) = &mut self.series[value.series];
        series.take(judgement.time, judgement.capture, value.value, value.verdict);
        series.count_values(value.judged);
        let of_analyzer = judgement.analyzer.map(|analyzer| (self.first[value.series], analyzer));
        let of_analyzer = of_analyzer.map(|key| self.analyzers.entry(key).or_default());
        for group in std::iter::once(&mut series.group).chain(of_analyzer) {
            let room = self.units.followed < MOST_UNITS;
            match group.follow(judgement.unit, judgement.time, value.value, room) {
                drift::Followed::New => self.units.followed += 1,
                drift::Followed::Known => {}
                drift::Followed::LeftOut => self.units.left_out = true,
            }
        }
    }

    /// The place of a row's series; `before` is that of the row before.
    fn series_of(&mut self, station: Option<&str>, row: &ResultView<'_>, before: Option<usize>) -> usize {
        // Most captures are judged by the rules of the one before.
        let usual = before.map(|before| self.behind[before]);
        if let Some(place) = usual.filter(|place| self.series[*place].0.is_of(station, row)) {
            return place;
        }
        let place = self.search_series(station, row);
        if let Some(before) = before {
            self.behind[before] = place;
        }
        place
    }

    fn search_series(&mut self, station: Option<&str>, row: &ResultView<'_>) -> usize {
        let hash = series::hash(station, row);
        let found = self.keys.get(&hash).into_iter().flatten();
        if let Some(place) = found.copied().find(|place| self.series[*place].0.is_of(station, row)) {
            return place;
        }
        let place = self.series.len();
        let mut accumulator = Accumulator::new(self.subgroups.0);
        accumulator.limit((row.limit_min, row.limit_max));
        let key = SeriesKey::of(station, row);
        let first = *self.quantities.entry(SeriesKey { station: None, ..key.clone() }).or_insert(place);
        self.first.push(first);
        self.behind.push(place);
        self.series.push((key, accumulator));
        self.keys.entry(hash).or_default().push(place);
        place
    }
}

impl Day<'_> {
    /// Takes a row; those of a judgement come one after the other, the first of them with the place 0.
    pub fn take(&mut self, row: &ResultView<'_>) {
        self.trend.results += 1;
        self.trend.tally.take(self.station.as_deref(), row);
        if row.place == 0 || self.waiting.is_empty() {
            let judgement = self.judgement(row);
            self.waiting.push(judgement);
        }
        let (Some(_), Some(value)) = (row.id, row.value.filter(|value| value.is_finite())) else { return };
        let verdict = match row.verdict {
            Some("pass") => CheckVerdict::Pass,
            Some("fail") => CheckVerdict::Fail,
            Some(_) | None => CheckVerdict::Other,
        };
        let before = self.values.last().map(|value| value.series);
        let series = self.trend.series_of(self.station.as_deref(), row, before);
        self.values.push(Value { series, judged: [row.measured, row.failed], value, verdict });
        if let Some(judgement) = self.waiting.last_mut() {
            judgement.values.end = self.values.len();
        }
    }

    /// What all rows of a judgement say alike.
    fn judgement(&mut self, row: &ResultView<'_>) -> Waiting {
        let head = |digest: Option<&str>| {
            digest.map_or(0, |digest| u64::from_str_radix(digest.get(..16).unwrap_or(digest), 16).unwrap_or(0))
        };
        let texts = &mut self.trend.texts;
        Waiting {
            time: row.taken_at.and_then(calendar_seconds).unwrap_or(i64::MIN),
            capture: head(row.sha256),
            spec: head(row.spec_sha256),
            unit: row.dut.map(|dut| texts.number(dut)),
            analyzer: analyzer_text(row.driver, row.serial).map(|name| texts.number(&name)),
            values: self.values.len()..self.values.len(),
        }
    }

    /// Lays what was taken behind the days before.
    pub fn finish(self) {
        let Day { trend, mut waiting, values, .. } = self;
        waiting.sort_by_key(|judgement| (judgement.time, judgement.capture, judgement.spec));
        for judgement in &waiting {
            for value in values.get(judgement.values.clone()).unwrap_or_default() {
                trend.take(judgement, value);
            }
        }
    }
}

/// The keys of a tally, most frequent first.
type Counted = BTreeMap<String, u64>;

/// The basis of a row, which is the mean unless it says otherwise.
fn basis_of(row: &ResultView<'_>) -> Basis {
    row.basis.and_then(Basis::from_key).unwrap_or(Basis::Mean)
}

#[cfg(test)]
mod tests;
