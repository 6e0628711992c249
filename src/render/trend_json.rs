//! A trend as JSON: `strobecheck.trend/1`. Values are in the base unit of their quantity.

use serde::Serialize;

use super::RenderError;
use crate::escape::json_document;
use crate::study::judgements::Repeats;
use crate::study::trend::{
    Bias, Bins, ChartKind, ControlLimits, FaultShare, Interval, News, SeriesKey, SeriesTrend, SourceNews, Trend,
    UnitDrift, Yield,
};

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    tool: Tool,
    results: u64,
    total: YieldOf<'a>,
    stations: Vec<YieldOf<'a>>,
    days: Vec<DayOf<'a>>,
    faults: Vec<Share<'a>>,
    failing: Vec<Share<'a>>,
    series: Vec<Series<'a>>,
    sources: Vec<Source<'a>>,
    repeats: RepeatsOf,
    units_left_out: bool,
}

#[derive(Serialize)]
struct RepeatsOf {
    repeated: u64,
    contradicting: u64,
    older: u64,
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct YieldOf<'a> {
    station: Option<&'a str>,
    captures: u64,
    pass: u64,
    fail: u64,
    inconclusive: u64,
    error: u64,
    #[serde(rename = "yield")]
    share: Option<f64>,
}

#[derive(Serialize)]
struct DayOf<'a> {
    day: &'a str,
    captures: u64,
    pass: u64,
    fail: u64,
    inconclusive: u64,
    error: u64,
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
    kind: &'static str,
    name: Option<&'a str>,
    #[serde(flatten)]
    of: SeriesOf<'a>,
    bias: Option<BiasOf<'a>>,
    drift: Option<Drift<'a>>,
}

#[derive(Serialize)]
struct BiasOf<'a> {
    by: f64,
    standard_error: f64,
    units: u64,
    /// The only other one, where there is no third.
    against: Option<Option<&'a str>>,
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
struct Share<'a> {
    name: &'a str,
    count: u64,
    share: f64,
    cumulative: f64,
}

#[derive(Serialize)]
struct Series<'a> {
    station: Option<&'a str>,
    #[serde(flatten)]
    of: SeriesOf<'a>,
    basis: &'static str,
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
    cp: Option<Bounds>,
    cpk: Option<Bounds>,
    histogram: Option<Histogram<'a>>,
    drifts: Vec<Drift<'a>>,
}

#[derive(Serialize)]
struct Chart {
    kind: &'static str,
    subgroup: usize,
    points: u64,
    sigma: f64,
    values: Lines,
    ranges: Lines,
}

#[derive(Serialize)]
struct Lines {
    lower: f64,
    centre: f64,
    upper: f64,
}

#[derive(Serialize)]
struct Outside {
    place: u64,
    capture: String,
    value: f64,
}

#[derive(Serialize)]
struct Bounds {
    low: f64,
    value: f64,
    high: f64,
}

#[derive(Serialize)]
struct Histogram<'a> {
    start: f64,
    width: f64,
    counts: &'a [u64],
}

#[derive(Serialize)]
struct Drift<'a> {
    dut: &'a str,
    count: u64,
    per_day: f64,
    standard_error: f64,
    span_days: f64,
}

/// The JSON of a trend; the same trend gives the same bytes.
///
/// # Errors
/// [`RenderError`] when it cannot be written.
pub fn trend_json(trend: &Trend) -> Result<Vec<u8>, RenderError> {
    let Repeats { repeated, contradicting, older } = trend.repeats;
    let document = Document {
        schema: "strobecheck.trend/1",
        tool: Tool { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") },
        results: trend.results,
        total: yield_of(None, &trend.total),
        stations: trend.stations.iter().map(|(station, of)| yield_of(station.as_deref(), of)).collect(),
        days: trend.days.iter().map(day).collect(),
        faults: trend.faults.iter().map(share).collect(),
        failing: trend.failing.iter().map(share).collect(),
        series: trend.series.iter().map(series).collect(),
        sources: trend.sources.iter().map(source).collect(),
        repeats: RepeatsOf { repeated, contradicting, older },
        units_left_out: trend.units_left_out,
    };
    let text = serde_json::to_string_pretty(&document)?;
    Ok((json_document(&text).into_owned() + "\n").into_bytes())
}

fn yield_of<'a>(station: Option<&'a str>, of: &Yield) -> YieldOf<'a> {
    let Yield { captures, pass, fail, inconclusive, error } = *of;
    YieldOf { station, captures, pass, fail, inconclusive, error, share: of.share() }
}

fn day((day, of): &(String, Yield)) -> DayOf<'_> {
    let Yield { captures, pass, fail, inconclusive, error } = *of;
    DayOf { day, captures, pass, fail, inconclusive, error }
}

fn source(of: &SourceNews) -> Source<'_> {
    let (bias, drift) = match &of.news {
        News::Biased(Bias { by, standard_error, units, against }) => {
            let against = against.as_ref().map(Option::as_deref);
            (Some(BiasOf { by: *by, standard_error: *standard_error, units: *units, against }), None)
        }
        News::Drifts(drift) => (None, Some(self::drift(drift))),
    };
    Source { kind: of.kind.key(), name: of.name.as_deref(), of: SeriesOf::of(&of.key), bias, drift }
}

fn drift(of: &UnitDrift) -> Drift<'_> {
    let UnitDrift { dut, count, per_day, standard_error, span_days } = of;
    Drift { dut, count: *count, per_day: *per_day, standard_error: *standard_error, span_days: *span_days }
}

fn share(of: &FaultShare) -> Share<'_> {
    Share { name: &of.name, count: of.count, share: of.share, cumulative: of.cumulative }
}

fn series(of: &SeriesTrend) -> Series<'_> {
    let bounds = |Interval { low, value, high }: Interval| Bounds { low, value, high };
    let lines = |ControlLimits { lower, centre, upper }: ControlLimits| Lines { lower, centre, upper };
    let chart = of.chart.map(|chart| {
        let (kind, subgroup) = match chart.kind {
            ChartKind::IndividualsMovingRange => ("I-MR", 1),
            ChartKind::MeansRange(size) => ("Xbar-R", size),
        };
        let (values, ranges) = (lines(chart.values), lines(chart.ranges));
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
    let drifts = of.drifts.iter().map(drift);
    Series {
        station: of.key.station.as_deref(),
        of: SeriesOf::of(&of.key),
        basis: of.key.basis.key(),
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
        cp: of.capability.and_then(|capability| capability.cp).map(bounds),
        cpk: of.capability.map(|capability| bounds(capability.cpk)),
        histogram: of.bins.as_ref().map(|Bins { start, width, counts }| Histogram {
            start: *start,
            width: *width,
            counts,
        }),
        drifts: drifts.collect(),
    }
}
