//! Many results over time: of each quantity and station a control chart, its capability, its drift by unit, and of all
//! captures the yield and what was found.
//!
//! Rows are taken part by part and day by day, and of each series only sums, a thinned run chart and a histogram are kept:
//! memory grows with the series, the units and the largest day of a station, not with the results.

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

use super::judgements::Repeats;
use super::record::analyzer_text;
use super::results::{Basis, ResultView};
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
    texts: Interned,
    units: Units,
}

/// Units that are followed by name, of all series together.
const MOST_UNITS: usize = 200_000;

#[derive(Debug, Default)]
struct Units {
    followed: usize,
    left_out: bool,
}

/// Texts by number, so that a row holds none.
#[derive(Debug, Default)]
struct Interned {
    places: HashMap<String, u32>,
    texts: Vec<String>,
}

impl Interned {
    fn place(&mut self, text: &str) -> u32 {
        if let Some(place) = self.places.get(text) {
            return *place;
        }
        let place = u32::try_from(self.texts.len()).unwrap_or(u32::MAX);
        self.texts.push(text.to_owned());
        self.places.insert(text.to_owned(), place);
        place
    }

    fn text(&self, place: u32) -> &str {
        self.texts.get(place as usize).map_or("", String::as_str)
    }
}

/// A result as it waits for its turn: rows of a day are taken in the order of time, then of captures and specs, whatever
/// parts they lie in.
#[derive(Debug, Clone, Copy)]
struct Waiting {
    time: i64,
    capture: u64,
    spec: u64,
    place: u64,
    series: usize,
    unit: Option<u32>,
    analyzer: Option<u32>,
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
}

impl TrendBuilder {
    /// A trend with subgroups of this size.
    #[must_use]
    pub fn new(subgroups: Subgroups) -> TrendBuilder {
        TrendBuilder { subgroups, ..TrendBuilder::default() }
    }

    /// Begins the results of one station and day; days of a station come in their order.
    pub fn day(&mut self, station: Option<String>) -> Day<'_> {
        Day { trend: self, station, waiting: Vec::new() }
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

    /// The place of a row's series.
    fn series_of(&mut self, station: Option<&str>, row: &ResultView<'_>) -> usize {
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
        self.series.push((key, accumulator));
        self.keys.entry(hash).or_default().push(place);
        place
    }
}

impl Day<'_> {
    /// Takes a row.
    pub fn take(&mut self, row: &ResultView<'_>) {
        self.trend.results += 1;
        self.trend.tally.take(self.station.as_deref(), row);
        let (Some(_), Some(value)) = (row.id, row.value.filter(|value| value.is_finite())) else { return };
        let series = self.trend.series_of(self.station.as_deref(), row);
        let unit = row.dut.map(|dut| self.trend.texts.place(dut));
        let verdict = match row.verdict {
            Some("pass") => CheckVerdict::Pass,
            Some("fail") => CheckVerdict::Fail,
            Some(_) | None => CheckVerdict::Other,
        };
        let head = |digest: Option<&str>| {
            digest.map_or(0, |digest| u64::from_str_radix(digest.get(..16).unwrap_or(digest), 16).unwrap_or(0))
        };
        let (capture, spec) = (head(row.sha256), head(row.spec_sha256));
        let time = row.taken_at.and_then(calendar_seconds).unwrap_or(i64::MIN);
        let analyzer = analyzer_text(row.driver, row.serial).map(|name| self.trend.texts.place(&name));
        let (place, judged) = (row.place, [row.measured, row.failed]);
        self.waiting.push(Waiting { time, capture, spec, place, series, unit, analyzer, judged, value, verdict });
    }

    /// Lays what was taken behind the days before.
    pub fn finish(self) {
        let Day { trend, mut waiting, .. } = self;
        waiting.sort_by_key(|row| (row.time, row.capture, row.spec, row.place));
        for row in waiting {
            let (_, series) = &mut trend.series[row.series];
            series.take(row.time, row.capture, row.value, row.verdict);
            series.count_values(row.judged);
            let of_analyzer = row.analyzer.map(|analyzer| (trend.first[row.series], analyzer));
            let of_analyzer = of_analyzer.map(|key| trend.analyzers.entry(key).or_default());
            for group in std::iter::once(&mut series.group).chain(of_analyzer) {
                let room = trend.units.followed < MOST_UNITS;
                match group.follow(row.unit, row.time, row.value, room) {
                    drift::Followed::New => trend.units.followed += 1,
                    drift::Followed::Known => {}
                    drift::Followed::LeftOut => trend.units.left_out = true,
                }
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
