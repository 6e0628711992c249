//! Lines in numbers, for the terminal: what `wiring` and `measure` print.

use std::fmt::Write as _;

use crate::escape::visible;
use crate::quantity::{Measure, Quantity, Reading, Track};
use crate::signal::Level;
use crate::study::{LineSummary, ProbeReport, Spread, WiringReport};
use crate::units::{Prefix, Rational, Rounding, SampleCount, SampleRate, Unit, measured_text, value_text};
use crate::verdict::Statistics;

use super::columns::{Align, Columns};

/// The table of `wiring`: each probe, what it does, and what it looks like.
#[must_use]
pub fn wiring_text(report: &WiringReport, capture: &str) -> String {
    let mut columns = Columns::new(&[
        ("probe", Align::Left),
        ("looks like", Align::Left),
        ("edges", Align::Right),
        ("idle", Align::Left),
        ("active width", Align::Left),
        ("rate", Align::Right),
        ("duty", Align::Right),
    ]);
    for probe in &report.probes {
        columns.row(wiring_row(probe, &report.rate));
    }
    let mut text = columns.text();
    let _written = writeln!(text);
    for probe in &report.probes {
        let _written = writeln!(text, "{}: {}", visible(&probe.name), probe.why);
    }
    let wires = report.wires();
    let _written = writeln!(text);
    if wires.is_empty() {
        text.push_str("No probe looks like a line of a camera. Check the wires, GND and the analyzer's threshold (STROBE and\nFSIN testpoints are 1.8 V), and that the camera streams.\n");
    } else {
        let wires: Vec<String> = wires.iter().map(|wire| format!("--wire {}", shell_word(wire))).collect();
        let _written = writeln!(
            text,
            "If that is right, go on with:\n  strobecheck measure {} {}",
            shell_word(capture),
            wires.join(" ")
        );
    }
    text
}

fn wiring_row(probe: &ProbeReport, rate: &SampleRate) -> Vec<String> {
    let name = visible(&probe.name).into_owned();
    let likeness = probe.likeness.text();
    let Some(summary) = &probe.summary else { return vec![name, likeness] };
    let idle = level_text(if summary.edges == 0 { summary.first } else { summary.idle() });
    vec![
        name,
        likeness,
        summary.edges.to_string(),
        idle.to_owned(),
        summary.active_width().map(|width| spread_text(width, rate)).unwrap_or_default(),
        summary.period().map(|period| frequency_text(period, rate)).unwrap_or_default(),
        if summary.edges == 0 { String::new() } else { duty_text(summary) },
    ]
}

fn level_text(level: Level) -> &'static str {
    match level {
        Level::Low => "low",
        Level::High => "high",
    }
}

/// The shortest to the longest width: `9.999 ms .. 30.001 ms`.
fn spread_text(spread: Spread, rate: &SampleRate) -> String {
    let seconds = |samples: u64| rate.seconds(SampleCount::new(i128::from(samples)));
    let (min, max) = (seconds(spread.min), seconds(spread.max));
    let prefix = Prefix::for_value(&max, Unit::Second);
    let places = prefix.places_for(rate.period()).min(3);
    if spread.min == spread.max {
        prefix.text(&max, places, Rounding::Nearest)
    } else {
        format!(
            "{} .. {}",
            prefix.number(&min, places, Rounding::Nearest),
            prefix.text(&max, places, Rounding::Nearest)
        )
    }
}

fn frequency_text(period: Spread, rate: &SampleRate) -> String {
    let hz = rate.hz().checked_div(&Rational::from(period.median)).unwrap_or(Rational::ZERO);
    let prefix = Prefix::for_value(&hz, Unit::Hertz);
    prefix.text(&hz, 3, Rounding::Nearest)
}

/// The share of time at the other level than the idle one.
fn duty_text(summary: &LineSummary) -> String {
    let active = match summary.idle() {
        Level::Low => summary.high_share.clone(),
        Level::High => &Rational::ONE - &summary.high_share,
    };
    format!("{} %", active.times(100).to_decimal(2, Rounding::Nearest))
}

/// A word as a POSIX shell takes it.
fn shell_word(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_=./:,+@%".contains(c);
    let word = visible(word);
    if !word.is_empty() && word.chars().all(plain) {
        word.into_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}

/// The table of `measure` for lines: each probe in numbers.
#[must_use]
pub fn lines_text(lines: &[(String, LineSummary)], rate: &SampleRate) -> String {
    let mut columns = Columns::new(&[
        ("probe", Align::Left),
        ("edges", Align::Right),
        ("high", Align::Left),
        ("low", Align::Left),
        ("period", Align::Left),
        ("rate", Align::Right),
        ("high share", Align::Right),
    ]);
    for (name, summary) in lines {
        columns.row(vec![
            visible(name).into_owned(),
            summary.edges.to_string(),
            summary.high.map(|high| spread_text(high, rate)).unwrap_or_default(),
            summary.low.map(|low| spread_text(low, rate)).unwrap_or_default(),
            summary.period().map(|period| spread_text(period, rate)).unwrap_or_default(),
            summary.period().map(|period| frequency_text(period, rate)).unwrap_or_default(),
            format!("{} %", summary.high_share.times(100).to_decimal(2, Rounding::Nearest)),
        ]);
    }
    columns.text()
}

/// A measured quantity of a camera or line: its id, of what, and its track or why it has none.
#[derive(Debug)]
pub struct Measured {
    /// What was measured.
    pub quantity: &'static Quantity,
    /// The camera or the line.
    pub subject: String,
    /// The values, or why there are none.
    pub track: Result<Track, String>,
}

/// The table of `measure` for quantities.
#[must_use]
pub fn quantities_text(measured: &[Measured]) -> String {
    let mut columns = Columns::new(&[
        ("quantity", Align::Left),
        ("of", Align::Left),
        ("n", Align::Right),
        ("min", Align::Right),
        ("mean", Align::Right),
        ("max", Align::Right),
        ("sd", Align::Right),
        ("±", Align::Right),
    ]);
    let mut absent = String::new();
    for entry in measured {
        match &entry.track {
            Ok(track) => columns.row(quantity_row(entry, track)),
            Err(reason) => {
                let _written = writeln!(absent, "  {} of {}: {reason}", entry.quantity.id, entry.subject);
            }
        }
    }
    let mut text = columns.text();
    if !absent.is_empty() {
        let _written = write!(text, "\nNot measured:\n{absent}");
    }
    text
}

fn quantity_row(entry: &Measured, track: &Track) -> Vec<String> {
    let name = vec![entry.quantity.id.to_owned(), visible(&entry.subject).into_owned()];
    let unit = entry.quantity.unit;
    let base = |reading: &Reading| reading.scaled(&track.scale);
    let half_width = track.points.iter().filter_map(|point| base(&point.reading).half_width()).max();
    match entry.quantity.measure {
        Measure::Frames(_) => {
            let whole: Vec<usize> = (0..track.points.len()).collect();
            let statistics = Statistics::of(track, &whole);
            let values = statistics.map_or_else(Vec::new, |s| statistics_cells(&s, &track.scale, unit));
            let half = half_width.map(|half| crate::units::half_width_text(&half, unit)).unwrap_or_default();
            [name, vec![track.points.len().to_string()], values, vec![half]].concat()
        }
        Measure::Capture(_) | Measure::Line(_) => {
            let value = track.points.first().map(|point| base(&point.reading));
            let text = value.map(|reading| single_text(&reading, unit)).unwrap_or_default();
            [name, vec![String::new(), String::new(), text]].concat()
        }
    }
}

fn single_text(reading: &Reading, unit: Unit) -> String {
    match reading.half_width() {
        Some(half_width) => measured_text(&reading.value, &half_width, unit),
        None => format!("≥ {}", value_text(&reading.value, unit, Rounding::Down)),
    }
}

/// Minimum, mean, maximum and standard deviation in one prefix.
fn statistics_cells(statistics: &Statistics, resolution: &Rational, unit: Unit) -> Vec<String> {
    let exact = |value: f64| Rational::from_f64(value).unwrap_or(Rational::ZERO);
    let largest = exact(statistics.min.abs().max(statistics.max.abs()));
    let prefix = Prefix::for_value(&largest, unit);
    let places = prefix.places_for(resolution).min(4);
    let cell = |value: f64| prefix.text(&exact(value), places, Rounding::Nearest);
    vec![cell(statistics.min), cell(statistics.mean), cell(statistics.max), statistics.sd.map(cell).unwrap_or_default()]
}
