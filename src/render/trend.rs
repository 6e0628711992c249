//! A trend for the terminal, and the words that it shares with the page.

use super::layout::{Align, columns};
use super::words::counted;
use crate::escape::visible;
use crate::render::plot::rational;
use crate::study::judgements::Repeats;
use crate::study::results::Basis;
use crate::study::trend::{Capability, FaultShare, Interval, SeriesTrend, Trend, UnitDrift, Yield};
use crate::units::{Prefix, Rational, Rounding, Unit};

/// The columns of [`series_cells`].
pub(super) const HEADINGS: [&str; 10] =
    ["quantity", "of", "limit", "n", "mean", "s", "control limits", "out", "Cp", "Cpk (95 %)"];

/// The columns of a Pareto table.
pub(super) const PARETO_HEADINGS: [&str; 4] = ["", "count", "share", "cumulative"];

/// Only so many bars of a Pareto chart are printed.
const MOST_BARS: usize = 12;

/// The tables of `trend`.
#[must_use]
pub fn trend_text(trend: &Trend) -> String {
    let mut text = format!("{}\n", yield_text("all", &trend.total));
    for (station, of_station) in trend.stations.iter().filter(|_| trend.stations.len() > 1) {
        text.push_str(&format!("  {}\n", yield_text(&station_text(station.as_deref()), of_station)));
    }
    text.push_str(&repeats_text(&trend.repeats));
    for (title, shares) in [("What was found in those that do not pass", &trend.faults), ("What fails", &trend.failing)]
    {
        if !shares.is_empty() {
            text.push_str(&format!("\n{title}:\n{}", pareto_text(shares)));
        }
    }
    let mut station = None;
    for series in &trend.series {
        if station != Some(&series.key.station) {
            station = Some(&series.key.station);
            text.push_str(&format!("\nStation {}:\n", station_text(series.key.station.as_deref())));
            text.push_str(&station_table(trend, &series.key.station));
        }
    }
    let drifts = drift_lines(trend);
    if !drifts.is_empty() {
        text.push_str("\nUnits that drift:\n");
        drifts.iter().for_each(|line| text.push_str(&format!("  {line}\n")));
    }
    if trend.units_left_out {
        text.push_str("\nThere are too many units to follow each of them: later ones are not looked at for drift.\n");
    }
    text
}

/// What was there more than once, a line each.
#[must_use]
pub fn repeats_text(repeats: &Repeats) -> String {
    repeat_lines(repeats).iter().map(|line| format!("{line}\n")).collect()
}

/// What was there more than once, a sentence each.
pub(super) fn repeat_lines(repeats: &Repeats) -> Vec<String> {
    let Repeats { repeated, contradicting, older } = *repeats;
    let lines = [
        (repeated, "judgement", "There more than once, and counted once", ""),
        (
            contradicting,
            "judgement",
            "Of several stations or units",
            "; where their times are equal, the part whose name sorts last counts",
        ),
        (
            older,
            "judgement",
            "By an older version, which did not tell windows and logs apart",
            "; they are taken for one where capture and spec are the same",
        ),
    ];
    let lines = lines.iter().filter(|(count, ..)| *count > 0);
    lines.map(|(count, noun, what, then)| format!("{what}: {}{then}.", counted(*count, noun))).collect()
}

fn station_table(trend: &Trend, station: &Option<String>) -> String {
    let right = Align::Right;
    let aligns = [Align::Left, Align::Left, Align::Left, right, right, right, Align::Left, right, right, Align::Left];
    let of_station = trend.series.iter().filter(|series| series.key.station == *station).map(series_cells);
    let rows: Vec<[String; 10]> = std::iter::once(HEADINGS.map(str::to_owned)).chain(of_station).collect();
    columns(&rows, aligns, &[(2, 12)], 150).into_iter().flatten().map(|line| line + "\n").collect()
}

fn pareto_text(shares: &[FaultShare]) -> String {
    let right = Align::Right;
    let rows: Vec<[String; 4]> = shares.iter().take(MOST_BARS).map(pareto_cells).collect();
    let lines = columns(&rows, [Align::Left, right, right, right], &[], usize::MAX);
    let mut text: String = lines.into_iter().flatten().map(|line| format!("  {line}\n")).collect();
    if shares.len() > MOST_BARS {
        text.push_str(&format!("  and {} more\n", shares.len() - MOST_BARS));
    }
    text
}

/// A row of a Pareto table.
pub(super) fn pareto_cells(share: &FaultShare) -> [String; 4] {
    [visible(&share.name).into_owned(), share.count.to_string(), percent(share.share), percent(share.cumulative)]
}

pub(super) fn percent(share: f64) -> String {
    format!("{:.1} %", share * 100.0)
}

pub(super) fn station_text(station: Option<&str>) -> String {
    station.map_or_else(|| "(none stated)".to_owned(), |station| visible(station).into_owned())
}

/// How many captures pass, in a line.
pub(super) fn yield_text(name: &str, of: &Yield) -> String {
    let share = of.share().map(|share| format!("yield {}", percent(share))).unwrap_or_default();
    let parts = [(of.pass, "pass"), (of.fail, "fail"), (of.inconclusive, "inconclusive"), (of.error, "not judged")];
    let parts = parts.iter().filter(|(count, _)| *count > 0).map(|(count, word)| format!("{count} {word}"));
    let captures = if of.captures == 1 { "capture" } else { "captures" };
    format!("{name}: {} {captures}, {share} ({})", of.captures, parts.collect::<Vec<_>>().join(", "))
}

/// The unit of a series.
pub(super) fn unit_of(series: &SeriesTrend) -> Unit {
    let units = [Unit::Second, Unit::Hertz, Unit::Percent, Unit::Ppm, Unit::Count];
    units.into_iter().find(|unit| unit.symbol() == series.key.unit).unwrap_or(Unit::Count)
}

/// What a series is of: camera or line, and what is charted where it is no mean.
pub(super) fn subject(series: &SeriesTrend) -> String {
    let key = &series.key;
    let of = key.line.as_deref().or(key.camera.as_deref()).unwrap_or_default();
    match key.basis {
        Basis::Mean => visible(of).into_owned(),
        Basis::Deviation => format!("{}, from nominal", visible(of)),
    }
}

/// A row of a station's table.
pub(super) fn series_cells(series: &SeriesTrend) -> [String; 10] {
    let number = Numbers::of(series);
    let chart = series.chart.as_ref();
    let limits = chart.map(|chart| {
        let limits = chart.values;
        format!("{} .. {}", number.bare(limits.lower), number.text(limits.upper))
    });
    let out = match (chart, series.outside.len()) {
        (None, _) => String::new(),
        (Some(_), count) if count >= 50 => format!("{count}+"),
        (Some(_), count) => count.to_string(),
    };
    let capability = series.capability.as_ref();
    [
        visible(&series.key.id).into_owned(),
        subject(series),
        visible(&series.key.rule).into_owned(),
        series.count.to_string(),
        number.text(series.mean),
        series.sd.map(|sd| number.text(sd)).unwrap_or_default(),
        limits.unwrap_or_default(),
        out,
        capability.and_then(|of| of.cp).map(|cp| format!("{:.2}", cp.value)).unwrap_or_default(),
        capability.map(cpk_text).unwrap_or_default(),
    ]
}

fn cpk_text(capability: &Capability) -> String {
    let Interval { low, value, high } = capability.cpk;
    format!("{value:.2} ({low:.2} .. {high:.2})")
}

/// Numbers of a series in one prefix, as fine as its spread tells.
pub(super) struct Numbers {
    prefix: Prefix,
    places: u32,
}

impl Numbers {
    pub(super) fn of(series: &SeriesTrend) -> Numbers {
        let largest = series.mean.abs().max(series.range.0.abs()).max(series.range.1.abs());
        let prefix = Prefix::for_value(&rational(largest), unit_of(series));
        let unspread = if unit_of(series) == Unit::Count { 10.0 } else { largest * 1e-3 };
        let spread = series.sd.filter(|sd| *sd > 1e-12 * largest).unwrap_or(unspread);
        Numbers { prefix, places: prefix.places_for(&rational(spread / 10.0)).min(9) }
    }

    fn bare(&self, value: f64) -> String {
        self.prefix.number(&rational(value), self.places, Rounding::Nearest)
    }

    pub(super) fn text(&self, value: f64) -> String {
        self.prefix.text(&rational(value), self.places, Rounding::Nearest)
    }
}

/// The units that drift, a line each.
pub(super) fn drift_lines(trend: &Trend) -> Vec<String> {
    let lines = trend.series.iter().flat_map(|series| series.drifts.iter().map(move |drift| (series, drift)));
    lines.map(|(series, drift)| drift_line(series, drift)).collect()
}

fn drift_line(series: &SeriesTrend, drift: &UnitDrift) -> String {
    let slope: Rational = rational(drift.per_day);
    let prefix = Prefix::for_value(&slope, unit_of(series));
    let places = prefix.places_for(&rational(drift.per_day / 100.0));
    format!(
        "{}: {} of {} by {} a day, over {} captures",
        visible(&drift.dut),
        series.key.id,
        subject(series),
        prefix.text(&slope, places, Rounding::Nearest),
        drift.count
    )
}
