//! Lines in numbers, for the terminal: what `wiring` and `measure` print.

use std::fmt::Write as _;

use crate::escape::{is_unseen, visible};
use crate::line::{LineSummary, Spread};
use crate::quantity::{Measure, Quantity, Reading, Track};
use crate::rig::{Polarity, ProbeSelector};
use crate::signal::Level;
use crate::spec::{probe_text, toml_string};
use crate::study::{Likeness, ProbeReport, WireVerdict, WiringReport};
use crate::units::{Prefix, Rational, Rounding, SampleCount, SampleRate, Unit, half_width_text};
use crate::verdict::Statistics;

use super::layout::{Align, headed};
use super::text::Detail;
use super::words::reading_text;

/// What `wiring` prints: the probes, and what to go on with.
#[must_use]
pub fn wiring_text(report: &WiringReport, capture: &str, analog: &[&str], detail: Detail) -> String {
    match detail {
        Detail::Brief => moving_table(report) + &still_text(report),
        Detail::Normal | Detail::Full => format!("{}\n{}", probes_text(report, analog), next_text(report, capture)),
    }
}

fn moving(report: &WiringReport) -> Vec<&ProbeReport> {
    report.probes.iter().filter(|probe| !is_still(probe)).collect()
}

fn moving_table(report: &WiringReport) -> String {
    let headings = ["probe", "wire", "looks like", "edges", "spikes", "idle", "active width", "rate", "duty"];
    let right = Align::Right;
    let aligns = [Align::Left, Align::Left, Align::Left, right, right, Align::Left, Align::Left, right, right];
    match moving(report).as_slice() {
        [] => String::new(),
        moving => headed(headings, aligns, moving.iter().map(|probe| wiring_row(probe, &report.rate))),
    }
}

/// The table of probes: each that moves, what it does, and what it looks like; then those that do not, and the analog
/// channels, which only a spec can make lines of.
pub(super) fn probes_text(report: &WiringReport, analog: &[&str]) -> String {
    let mut text = moving_table(report);
    if !text.is_empty() {
        text.push('\n');
    }
    for probe in moving(report) {
        let _written = writeln!(text, "{}: {}", visible(&probe.name), probe.why);
        for sentence in health_sentences(probe, &report.rate) {
            let _written = writeln!(text, "  {sentence}");
        }
    }
    text += &still_text(report);
    for channel in analog {
        let _written = writeln!(
            text,
            "{}: an analog channel; a threshold in the spec makes it a line, as in\n  flash = {{ analog = {}, threshold = \"0.9 V\", hysteresis = \"0.1 V\" }}",
            visible(channel),
            toml_string(&probe_text(&ProbeSelector::Name((*channel).to_owned()), Polarity::ActiveHigh))
        );
    }
    text
}

/// What to go on with: what is decided, or, of what is not, what would be usual.
pub(super) fn next_text(report: &WiringReport, capture: &str) -> String {
    let wires = report.wires();
    let is_undecided = |probe: &ProbeReport| probe.likeness == Likeness::Undecided;
    if wires.is_empty() && report.probes.iter().any(|probe| probe.likeness == Likeness::Lost) {
        return "What is left of the capture does not tell its probes, and says nothing of their wires: capture again.\n".to_owned();
    }
    if wires.is_empty() && !report.probes.iter().any(is_undecided) {
        return "No probe looks like a line of a camera. Check the wires, GND and the analyzer's threshold (STROBE and\nFSIN testpoints are 1.8 V), and that the camera streams.\n".to_owned();
    }
    let mut text = String::new();
    if !wires.is_empty() {
        text += &format!("If that is right, go on with:\n{}", look_call(&wires, capture));
        if let Some(table) = report.table() {
            text += &format!("or paste it into a spec:\n{}\n", table.trim_end());
        }
    }
    text + &undecided_text(report, capture)
}

/// The probes that are not to be told, and what they would be in most rigs; empty where all are.
pub(super) fn undecided_text(report: &WiringReport, capture: &str) -> String {
    let is_undecided = |probe: &&ProbeReport| probe.likeness == Likeness::Undecided;
    let undecided: Vec<String> =
        report.probes.iter().filter(is_undecided).map(|probe| visible(&probe.name).into_owned()).collect();
    if undecided.is_empty() {
        return String::new();
    }
    let text = format!(
        "{}: not to be told from this capture. You know which wire is where: name the probes, or wire them.\n",
        undecided.join(", ")
    );
    let guessed = report.guessed_wires();
    if guessed.len() > report.wires().len() {
        text + &format!("In most rigs it would be:\n{}", look_call(&guessed, capture))
    } else {
        text
    }
}

/// The call that looks at a capture with these wires.
fn look_call(wires: &[String], capture: &str) -> String {
    format!("  strobecheck look {}{}\n", shell_word(capture), wire_arguments(wires))
}

/// Wires as arguments, each after a blank.
fn wire_arguments(wires: &[String]) -> String {
    wires.iter().map(|wire| format!(" --wire {}", shell_word(wire))).collect()
}

/// Whether a probe shows nothing.
fn is_still(probe: &ProbeReport) -> bool {
    matches!(probe.likeness, Likeness::Silent | Likeness::Lost | Likeness::NotRecorded)
}

/// The probes that show nothing: a line for all that do so in the same way.
fn still_text(report: &WiringReport) -> String {
    let of = |is_it: &dyn Fn(&ProbeReport) -> bool| -> Vec<String> {
        let found = report.probes.iter().filter(|probe| is_still(probe) && is_it(probe));
        found.map(|probe| visible(&probe.name).into_owned()).collect()
    };
    let stays = |level: Level| {
        move |probe: &ProbeReport| {
            probe.likeness == Likeness::Silent && probe.summary.as_ref().is_some_and(|summary| summary.first == level)
        }
    };
    let lines = [
        (of(&stays(Level::Low)), "dead, always low: not connected, not driven, or below the analyzer's threshold"),
        (of(&stays(Level::High)), "dead, always high: not driven, or held by a pull-up or a supply"),
        (
            of(&|probe| probe.likeness == Likeness::Lost),
            "not to be told: no edge in what can be read, and samples are lost",
        ),
        (of(&|probe| probe.likeness == Likeness::NotRecorded), "not recorded"),
    ];
    let lines = lines.into_iter().filter(|(names, _)| !names.is_empty());
    lines.map(|(names, what)| format!("{}: {what}\n", names.join(", "))).collect()
}

/// What is wrong with a wire, and its worst second.
fn health_sentences(probe: &ProbeReport, rate: &SampleRate) -> Vec<String> {
    let Some(health) = &probe.health else { return Vec::new() };
    let mut sentences = health.reasons.clone();
    if let (WireVerdict::Suspicious, Some(worst)) = (health.verdict, health.worst) {
        let at = rate.seconds(SampleCount::new(i128::from(worst.from.get()))).to_decimal(0, Rounding::Nearest);
        sentences.push(format!("worst in the second from {at} s on: {} spikes, {} pulses", worst.spikes, worst.pulses));
    }
    sentences
}

fn wiring_row(probe: &ProbeReport, rate: &SampleRate) -> [String; 9] {
    let name = visible(&probe.name).into_owned();
    let likeness = probe.likeness.text();
    let wire = probe.health.as_ref().map(|health| health.verdict.word().to_owned()).unwrap_or_default();
    let spikes = probe.health.as_ref().map(|health| health.spikes.to_string()).unwrap_or_default();
    let Some(summary) = &probe.summary else {
        let none = String::new;
        return [name, wire, likeness, none(), none(), none(), none(), none(), none()];
    };
    let active = probe.active();
    let idle = (if summary.edges == 0 { summary.first } else { !active }).key();
    let duty = || format!("{} %", summary.share_at(active).times(100).to_decimal(2, Rounding::Nearest));
    [
        name,
        wire,
        likeness,
        summary.edges.to_string(),
        spikes,
        idle.to_owned(),
        summary.width_at(active).map(|width| spread_text(width, rate)).unwrap_or_default(),
        summary.period().map(|period| frequency_text(period, rate)).unwrap_or_default(),
        if summary.edges == 0 { String::new() } else { duty() },
    ]
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

/// What gets further with a capture that no spec judges yet: the line to call, which also writes one beside it.
#[must_use]
pub fn suggestion_text(report: &WiringReport, capture: &str, spec: &str) -> String {
    let (told, guessed) = (report.wires(), report.guessed_wires());
    let wires = match (told.is_empty(), guessed.is_empty()) {
        // It finds out by itself.
        (false, _) => String::new(),
        (true, false) => wire_arguments(&guessed),
        (true, true) => " --wire strobe=PROBE".to_owned(),
    };
    format!(
        "Put a spec beside it, name one with --spec or --profile, or look at it first: that writes one whose numbers are its own\n  \
         strobecheck look {}{wires} -o {}",
        shell_word(capture),
        shell_word(spec)
    )
}

/// A word as a POSIX shell takes it, whatever is in it.
#[must_use]
pub fn shell_word(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_=./:,+@%".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    if !word.contains(is_unseen) && !word.contains("##") {
        return format!("'{}'", word.replace('\'', "'\\''"));
    }
    let byte = |byte: u8| match byte {
        b'\'' | b'\\' => format!("\\{}", char::from(byte)),
        b' '..=b'~' if byte != b'#' => char::from(byte).to_string(),
        // Three digits: what stands behind them is none.
        byte => format!("\\{byte:03o}"),
    };
    format!("$'{}'", word.bytes().map(byte).collect::<String>())
}

/// The table of `measure` for lines: each probe in numbers.
#[must_use]
pub fn lines_text(lines: &[(String, LineSummary)], rate: &SampleRate) -> String {
    let headings = ["probe", "edges", "high", "low", "period", "rate", "high share"];
    let aligns = [Align::Left, Align::Right, Align::Left, Align::Left, Align::Left, Align::Right, Align::Right];
    let rows = lines.iter().map(|(name, summary)| {
        [
            visible(name).into_owned(),
            summary.edges.to_string(),
            summary.high.map(|high| spread_text(high, rate)).unwrap_or_default(),
            summary.low.map(|low| spread_text(low, rate)).unwrap_or_default(),
            summary.period().map(|period| spread_text(period, rate)).unwrap_or_default(),
            summary.period().map(|period| frequency_text(period, rate)).unwrap_or_default(),
            format!("{} %", summary.high_share.times(100).to_decimal(2, Rounding::Nearest)),
        ]
    });
    headed(headings, aligns, rows)
}

/// A measured quantity of a camera or line: its id, of what, and its figures or why it has none.
#[derive(Debug)]
pub struct Measured {
    /// What was measured.
    pub quantity: &'static Quantity,
    /// The camera or the line.
    pub subject: String,
    /// What was found, or why there is nothing.
    pub figures: Result<Figures, String>,
}

/// What is said of the values of a quantity, in its base unit.
#[derive(Debug)]
pub enum Figures {
    /// Of those of frames.
    Frames(FrameFigures),
    /// The one of a capture or a line; none where there is none.
    Single(Option<Reading>),
}

/// The values of frames.
#[derive(Debug)]
pub struct FrameFigures {
    /// How many were seen whole.
    pub count: usize,
    /// Of those that were; none of none.
    pub statistics: Option<Statistics>,
    /// The largest half-width of any; none where none is known on both sides.
    pub half_width: Option<Rational>,
    /// The unit in which they were measured, as the sample period: no digit below it is told.
    pub resolution: Rational,
}

impl Figures {
    /// What is said of these values.
    #[must_use]
    pub fn of(quantity: &Quantity, track: &Track) -> Figures {
        match quantity.measure {
            Measure::Frames(_) => Figures::Frames(FrameFigures {
                count: track.points.whole().count(),
                statistics: Statistics::of(track, track.points.whole()),
                half_width: track.points.half_width().map(|half| &half * &track.scale),
                resolution: track.scale.clone(),
            }),
            Measure::Capture(_) | Measure::Line(_) => {
                Figures::Single(track.points.first().map(|point| point.reading.scaled(&track.scale)))
            }
        }
    }
}

/// The columns of [`series_row`].
pub(super) const QUANTITY_HEADINGS: [&str; 8] = ["per frame", "of", "n", "min", "mean", "max", "sd", "±"];

/// The table of `measure` for quantities: the values per frame in a row of statistics, single values by themselves.
#[must_use]
pub fn quantities_text<'a>(measured: impl IntoIterator<Item = &'a Measured>) -> String {
    let Rows { series, singles, absent } = rows(measured);
    let mut parts = Vec::new();
    if !series.is_empty() {
        let right = Align::Right;
        let aligns = [Align::Left, Align::Left, right, right, right, right, right, right];
        parts.push(headed(QUANTITY_HEADINGS, aligns, series.into_iter()));
    }
    if !singles.is_empty() {
        parts.push(headed(["per capture", "of", "value"], [Align::Left; 3], singles.into_iter()));
    }
    if !absent.is_empty() {
        let absent: String = absent.iter().map(|line| format!("  {line}\n")).collect();
        parts.push(format!("Not measured:\n{absent}"));
    }
    parts.join("\n")
}

/// What was measured, as cells: the values per frame, single values, and what could not be measured.
#[derive(Default)]
pub(super) struct Rows {
    pub(super) series: Vec<[String; 8]>,
    pub(super) singles: Vec<[String; 3]>,
    pub(super) absent: Vec<String>,
}

pub(super) fn rows<'a>(measured: impl IntoIterator<Item = &'a Measured>) -> Rows {
    let mut rows = Rows::default();
    for entry in measured {
        match &entry.figures {
            Ok(Figures::Frames(figures)) => rows.series.push(series_row(entry, figures)),
            Ok(Figures::Single(reading)) => rows.singles.push(single_row(entry, reading.as_ref())),
            Err(reason) => rows.absent.push(format!("{} of {}: {reason}", entry.quantity.id, entry.subject)),
        }
    }
    rows
}

fn series_row(entry: &Measured, figures: &FrameFigures) -> [String; 8] {
    let unit = entry.quantity.unit;
    let [min, mean, max, sd] = match &figures.statistics {
        Some(statistics) => statistics_cells(statistics, &figures.resolution, unit),
        None => Default::default(),
    };
    let half_width = figures.half_width.as_ref().map(|half| half_width_text(half, unit)).unwrap_or_default();
    let subject = visible(&entry.subject).into_owned();
    [entry.quantity.id.to_owned(), subject, figures.count.to_string(), min, mean, max, sd, half_width]
}

fn single_row(entry: &Measured, reading: Option<&Reading>) -> [String; 3] {
    let text = reading.map(|reading| reading_text(reading, entry.quantity.unit)).unwrap_or_default();
    [entry.quantity.id.to_owned(), visible(&entry.subject).into_owned(), text]
}

/// Minimum, mean, maximum and standard deviation in one prefix.
fn statistics_cells(statistics: &Statistics, resolution: &Rational, unit: Unit) -> [String; 4] {
    let exact = |value: f64| Rational::from_f64(value).unwrap_or(Rational::ZERO);
    let largest = exact(statistics.min.abs().max(statistics.max.abs()));
    let prefix = Prefix::for_known(&largest, resolution, unit);
    let places = prefix.places_for(resolution).min(4);
    let cell = |value: f64| prefix.text(&exact(value), places, Rounding::Nearest);
    [cell(statistics.min), cell(statistics.mean), cell(statistics.max), statistics.sd.map(cell).unwrap_or_default()]
}
