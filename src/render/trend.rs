//! A trend for the terminal, and the words that it shares with the page.

use super::layout::{Align, table};
use super::words::counted;
use crate::escape::visible;
use crate::render::plot::rational;
use crate::study::judgements::Repeats;
use crate::study::results::Basis;
use crate::study::trend::{
    Capability, FaultShare, Interval, News, SeriesKey, SeriesTrend, Signal, SourceNews, Trend, UnitDrift, Yield,
};
use crate::units::{Prefix, Rational, Rounding, Unit};

/// The columns of [`series_cells`].
pub(super) const HEADINGS: [&str; 11] =
    ["quantity", "of", "limit", "n", "mean", "s", "control limits", "rules", "outside", "Cp", "Cpk (95 %)"];

/// What two of the headings stand for.
pub(super) const LEGEND: &str = "rules: which of Nelson's rules the points break, and how many do: 1 beyond the control limits, \
     2 nine in a row on one side of the centre, 3 six in a row that rise or fall, 4 fourteen in a row up and down. \
     outside: values outside the limit for each capture, which a mean hides.";

/// The columns of a Pareto table.
pub(super) const PARETO_HEADINGS: [&str; 4] = ["", "count", "share", "cumulative"];

/// Only so many bars of a Pareto chart are printed.
const MOST_BARS: usize = 12;

/// Only so many days are printed.
const MOST_DAYS: usize = 10;

fn days_title(trend: &Trend) -> String {
    match trend.days.len() {
        days if days > MOST_DAYS => format!("The last {MOST_DAYS} of {days} days"),
        _ => "Day by day".to_owned(),
    }
}

/// The tables of `trend`.
#[must_use]
pub fn trend_text(trend: &Trend) -> String {
    let mut text = format!("{}\n", yield_text("all", &trend.total));
    for (station, of_station) in trend.stations.iter().filter(|_| trend.stations.len() > 1) {
        text.push_str(&format!("  {}\n", yield_text(&station_text(station.as_deref()), of_station)));
    }
    text.push_str(&repeats_text(&trend.repeats));
    if trend.days.len() > 1 {
        text.push_str(&format!("\n{}:\n", days_title(trend)));
        let last = trend.days.iter().skip(trend.days.len().saturating_sub(MOST_DAYS));
        last.for_each(|(day, of)| text.push_str(&format!("  {}\n", yield_text(&visible(day), of))));
    }
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
    if !trend.series.is_empty() {
        text.push_str(&format!("\n{LEGEND}\n"));
    }
    for (title, lines) in [
        ("Stations and analyzers that are off or drift", source_lines(trend)),
        ("Units that drift", drift_lines(trend)),
    ] {
        if !lines.is_empty() {
            text.push_str(&format!("\n{title}:\n"));
            lines.iter().for_each(|line| text.push_str(&format!("  {line}\n")));
        }
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
    let left = Align::Left;
    let aligns = [left, left, left, right, right, right, left, left, right, right, left];
    let of_station = trend.series.iter().filter(|series| series.key.station == *station).map(series_cells);
    let rows: Vec<[String; 11]> = std::iter::once(HEADINGS.map(str::to_owned)).chain(of_station).collect();
    table(&rows, aligns, &[(2, 12)], 150)
}

fn pareto_text(shares: &[FaultShare]) -> String {
    let right = Align::Right;
    let rows: Vec<[String; 4]> = shares.iter().take(MOST_BARS).map(pareto_cells).collect();
    let table = table(&rows, [Align::Left, right, right, right], &[], usize::MAX);
    let mut text: String = table.lines().map(|line| format!("  {line}\n")).collect();
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
    unit_named(&series.key.unit)
}

fn unit_named(symbol: &str) -> Unit {
    let units = [Unit::Second, Unit::Hertz, Unit::Percent, Unit::Ppm, Unit::Count];
    units.into_iter().find(|unit| unit.symbol() == symbol).unwrap_or(Unit::Count)
}

/// What a series is of: camera or line, and what is charted where it is no mean.
pub(super) fn subject(series: &SeriesTrend) -> String {
    subject_of(&series.key)
}

fn subject_of(key: &SeriesKey) -> String {
    let of = key.line.as_deref().or(key.camera.as_deref()).unwrap_or_default();
    match key.basis {
        Basis::Mean => visible(of).into_owned(),
        Basis::Deviation => format!("{}, from nominal", visible(of)),
    }
}

/// A row of a station's table.
pub(super) fn series_cells(series: &SeriesTrend) -> [String; 11] {
    let number = Numbers::of(series);
    let chart = series.chart.as_ref();
    let limits = chart.map(|chart| {
        let limits = chart.values;
        format!("{} .. {}", number.bare(limits.lower), number.text(limits.upper))
    });
    let [measured, failed] = series.judged;
    let outside = if measured == 0 { String::new() } else { format!("{:.3}", failed as f64 / series.count as f64) };
    let capability = series.capability.as_ref();
    [
        visible(&series.key.id).into_owned(),
        subject(series),
        visible(&series.key.rule).into_owned(),
        series.count.to_string(),
        number.text(series.mean),
        series.sd.map(|sd| number.text(sd)).unwrap_or_default(),
        limits.unwrap_or_default(),
        signals_text(&series.signals),
        outside,
        capability.and_then(|of| of.cp).map(|cp| format!("{:.2}", cp.value)).unwrap_or_default(),
        capability.map(cpk_text).unwrap_or_default(),
    ]
}

/// `1: 3, 2: 50+`.
fn signals_text(signals: &[Signal]) -> String {
    let text = |signal: &Signal| {
        format!("{}: {}{}", signal.rule.number(), signal.count, if signal.at_least { "+" } else { "" })
    };
    signals.iter().map(text).collect::<Vec<_>>().join(", ")
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
    format!("{}: {} {}", visible(&drift.dut), what(&series.key), slope_text(&series.key, drift))
}

pub(super) fn what(key: &SeriesKey) -> String {
    let subject = subject_of(key);
    if subject.is_empty() { visible(&key.id).into_owned() } else { format!("{} of {subject}", visible(&key.id)) }
}

/// `by 1.10 us a day, over 12 captures in 4.0 days`.
fn slope_text(key: &SeriesKey, drift: &UnitDrift) -> String {
    let slope = three_digits(key, drift.per_day);
    format!("by {slope} a day, over {} captures in {:.1} days", drift.count, drift.span_days)
}

/// A difference with three digits.
pub(super) fn three_digits(key: &SeriesKey, value: f64) -> String {
    let exact: Rational = rational(value);
    let prefix = Prefix::for_value(&exact, unit_named(&key.unit));
    prefix.text(&exact, prefix.places_for(&rational(value / 100.0)), Rounding::Nearest)
}

/// The stations and analyzers that are off or drift, a line each.
pub(super) fn source_lines(trend: &Trend) -> Vec<String> {
    trend.sources.iter().map(source_line).collect()
}

fn source_line(of: &SourceNews) -> String {
    let (kind, name, what) = (of.kind.key(), station_text(of.name.as_deref()), what(&of.key));
    let bias = match &of.news {
        News::Drifts(drift) => return format!("{kind} {name}: {what} {}", slope_text(&of.key, drift)),
        News::Biased(bias) => bias,
    };
    let side = if bias.by < 0.0 { "below" } else { "above" };
    let by = three_digits(&of.key, bias.by.abs());
    let error = three_digits(&of.key, bias.standard_error);
    let than = match &bias.against {
        None => "the others".to_owned(),
        Some(other) => format!("{kind} {}; nothing says which of them is off", station_text(other.as_deref())),
    };
    format!("{kind} {name}: {what} lies {by} (standard error {error}, {}) {side} {than}", counted(bias.units, "unit"))
}
