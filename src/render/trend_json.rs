//! A trend as JSON: `strobecheck.trend/1`. Values are in the base unit of their quantity.

use serde::Serialize;

use super::RenderError;
use super::look_json::document;
use super::schema::ToolJson;
use crate::study::judgements::Repeats;
use crate::study::results::Basis;
use crate::study::trend::{
    Bias, Bins, ChartKind, ControlLimits, FaultShare, Interval, News, SeriesKey, SeriesTrend, SourceKind, SourceNews,
    Trend, UnitDrift, Yield,
};

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    tool: ToolJson,
    results: u64,
    total: YieldOf<'a>,
    stations: Vec<YieldOf<'a>>,
    days: Vec<DayOf<'a>>,
    faults: &'a [FaultShare],
    failing: &'a [FaultShare],
    series: Vec<Series<'a>>,
    sources: Vec<Source<'a>>,
    repeats: Repeats,
    units_left_out: bool,
}

#[derive(Serialize)]
struct YieldOf<'a> {
    station: Option<&'a str>,
    #[serde(flatten)]
    of: &'a Yield,
    #[serde(rename = "yield")]
    share: Option<f64>,
}

#[derive(Serialize)]
struct DayOf<'a> {
    day: &'a str,
    #[serde(flatten)]
    of: &'a Yield,
}

/// What a series is of.
#[derive(Serialize)]
pub(super) struct SeriesOf<'a> {
    id: &'a str,
    camera: Option<&'a str>,
    line: Option<&'a str>,
    rule: &'a str,
    unit: &'a str,
}

impl<'a> SeriesOf<'a> {
    pub(super) fn of(key: &'a SeriesKey) -> SeriesOf<'a> {
        let (camera, line) = (key.camera.as_deref(), key.line.as_deref());
        SeriesOf { id: &key.id, camera, line, rule: &key.rule, unit: &key.unit }
    }
}

/// A station or an analyzer that is off, or drifts.
#[derive(Serialize)]
struct Source<'a> {
    kind: SourceKind,
    name: Option<&'a str>,
    #[serde(flatten)]
    of: SeriesOf<'a>,
    bias: Option<&'a Bias>,
    drift: Option<&'a UnitDrift>,
}

/// How many points break one of Nelson's rules.
#[derive(Serialize)]
struct SignalOf<'a> {
    rule: u8,
    about: &'static str,
    count: u64,
    at_least: bool,
    places: &'a [u64],
}

#[derive(Serialize)]
struct Series<'a> {
    station: Option<&'a str>,
    #[serde(flatten)]
    of: SeriesOf<'a>,
    basis: Basis,
    count: u64,
    mean: f64,
    sd: Option<f64>,
    min: f64,
    max: f64,
    pass: u64,
    fail: u64,
    other: u64,
    limit_min: Option<f64>,
    limit_max: Option<f64>,
    chart: Option<Chart>,
    outside: Vec<Outside>,
    signals: Vec<SignalOf<'a>>,
    values_judged: u64,
    values_outside: u64,
    cp: Option<Interval>,
    cpk: Option<Interval>,
    histogram: Option<&'a Bins>,
    drifts: &'a [UnitDrift],
}

#[derive(Serialize)]
struct Chart {
    kind: &'static str,
    subgroup: usize,
    points: u64,
    sigma: f64,
    values: ControlLimits,
    ranges: ControlLimits,
}

#[derive(Serialize)]
struct Outside {
    place: u64,
    capture: String,
    value: f64,
}

/// The JSON of a trend; the same trend gives the same bytes.
///
/// # Errors
/// [`RenderError`] when it cannot be written.
pub fn trend_json(trend: &Trend) -> Result<Vec<u8>, RenderError> {
    document(&Document {
        schema: "strobecheck.trend/1",
        tool: ToolJson::OURS,
        results: trend.results,
        total: yield_of(None, &trend.total),
        stations: trend.stations.iter().map(|(station, of)| yield_of(station.as_deref(), of)).collect(),
        days: trend.days.iter().map(|(day, of)| DayOf { day, of }).collect(),
        faults: &trend.faults,
        failing: &trend.failing,
        series: trend.series.iter().map(series).collect(),
        sources: trend.sources.iter().map(source).collect(),
        repeats: trend.repeats,
        units_left_out: trend.units_left_out,
    })
}

fn yield_of<'a>(station: Option<&'a str>, of: &'a Yield) -> YieldOf<'a> {
    YieldOf { station, of, share: of.share() }
}

fn source(of: &SourceNews) -> Source<'_> {
    let (bias, drift) = match &of.news {
        News::Biased(bias) => (Some(bias), None),
        News::Drifts(drift) => (None, Some(drift)),
    };
    Source { kind: of.kind, name: of.name.as_deref(), of: SeriesOf::of(&of.key), bias, drift }
}

fn series(of: &SeriesTrend) -> Series<'_> {
    let chart = of.chart.map(|chart| {
        let (kind, subgroup) = match chart.kind {
            ChartKind::IndividualsMovingRange => ("I-MR", 1),
            ChartKind::MeansRange(size) => ("Xbar-R", size),
        };
        let (values, ranges) = (chart.values, chart.ranges);
        Chart { kind, subgroup, points: chart.points, sigma: chart.sigma, values, ranges }
    });
    let outside = of.outside.iter().map(|extreme| Outside {
        place: extreme.place,
        capture: format!("{:016x}", extreme.capture),
        value: extreme.value,
    });
    let signals = of.signals.iter().map(|signal| SignalOf {
        rule: signal.rule.number(),
        about: signal.rule.text(),
        count: signal.count,
        at_least: signal.at_least,
        places: &signal.places,
    });
    Series {
        station: of.key.station.as_deref(),
        of: SeriesOf::of(&of.key),
        basis: of.key.basis,
        count: of.count,
        mean: of.mean,
        sd: of.sd,
        min: of.range.0,
        max: of.range.1,
        pass: of.verdicts[0],
        fail: of.verdicts[1],
        other: of.verdicts[2],
        limit_min: of.limits.0,
        limit_max: of.limits.1,
        chart,
        outside: outside.collect(),
        signals: signals.collect(),
        values_judged: of.judged[0],
        values_outside: of.judged[1],
        cp: of.capability.and_then(|capability| capability.cp),
        cpk: of.capability.map(|capability| capability.cpk),
        histogram: of.bins.as_ref(),
        drifts: &of.drifts,
    }
}
