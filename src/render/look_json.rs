//! What `wiring`, `measure` and `devices` print, as JSON for programs. Values are in base units: s, Hz, and the unit of the
//! quantity; shares are 0 to 1. What is not known is null.

use serde::Serialize;

use super::lines::{Figures, Measured};
use super::{RenderError, schema::ToolJson};
use crate::escape::json_document;
use crate::line::{LineSummary, Spread};
use crate::live::{DeviceSheet, Survey};
use crate::rig::Role;
use crate::study::{Likeness, ProbeReport, WiringReport};
use crate::units::{Rational, SampleCount, SampleRate};
use crate::verdict::Statistics;

/// A document as it is printed.
pub(super) fn document(value: &impl Serialize) -> Result<Vec<u8>, RenderError> {
    let mut text = serde_json::to_string_pretty(value)?;
    text.push('\n');
    Ok(json_document(&text).into_owned().into_bytes())
}

/// A capture that was looked at, as far as both commands tell the same of it.
#[derive(Debug, Clone, Copy)]
pub struct Looked<'a> {
    /// Its path as it was given.
    pub path: &'a str,
    /// What is damaged, as sentences.
    pub problems: &'a [String],
}

#[derive(Serialize)]
struct WiringJson<'a> {
    schema: &'static str,
    tool: ToolJson,
    path: &'a str,
    samplerate_hz: f64,
    problems: &'a [String],
    probes: Vec<ProbeJson<'a>>,
    analog: &'a [&'a str],
    /// The `--wire` arguments that go on from here, and those that also guess.
    wires: Vec<String>,
    guessed_wires: Vec<String>,
    /// The same as a table of a spec.
    table: Option<String>,
}

#[derive(Serialize)]
struct ProbeJson<'a> {
    name: &'a str,
    likeness: &'static str,
    role: Option<&'static str>,
    guess: Option<&'static str>,
    active: Option<&'static str>,
    why: &'a str,
    wire: Option<&'static str>,
    reasons: &'a [String],
    spikes: Option<u64>,
    line: Option<LineJson>,
}

/// A line in numbers.
#[derive(Serialize)]
struct LineJson {
    edges: u64,
    first: &'static str,
    high_share: f64,
    high_s: Option<SpreadJson>,
    low_s: Option<SpreadJson>,
    period_s: Option<SpreadJson>,
}

#[derive(Serialize)]
struct SpreadJson {
    count: u64,
    min: f64,
    median: f64,
    max: f64,
}

#[derive(Serialize)]
struct MeasureJson<'a> {
    schema: &'static str,
    tool: ToolJson,
    path: &'a str,
    samplerate_hz: f64,
    problems: &'a [String],
    lines: Vec<NamedLineJson<'a>>,
    /// Where it is said which probe is which line; null: nowhere, and no quantity is measured.
    wired_by: Option<&'a str>,
    quantities: Vec<QuantityJson<'a>>,
}

#[derive(Serialize)]
struct NamedLineJson<'a> {
    probe: &'a str,
    #[serde(flatten)]
    line: LineJson,
}

/// A quantity of a camera or line. A single value has its bounds; of values per frame there are statistics of the whole ones.
#[derive(Default, Serialize)]
struct QuantityJson<'a> {
    id: &'static str,
    of: &'a str,
    unit: &'static str,
    absent: Option<&'a str>,
    count: usize,
    value: Option<f64>,
    low: Option<f64>,
    high: Option<f64>,
    min: Option<f64>,
    max: Option<f64>,
    mean: Option<f64>,
    sd: Option<f64>,
    p50: Option<f64>,
    p99: Option<f64>,
    uncertainty: Option<f64>,
}

#[derive(Serialize)]
struct DevicesJson<'a> {
    schema: &'static str,
    tool: ToolJson,
    libsigrok: &'a str,
    drivers: usize,
    devices: Vec<DeviceJson<'a>>,
    unusable: Vec<String>,
    messages: &'a [String],
}

#[derive(Serialize)]
struct DeviceJson<'a> {
    /// What `--device` takes.
    device: String,
    #[serde(flatten)]
    sheet: &'a DeviceSheet,
}

fn spread(spread: Spread, rate: &SampleRate) -> SpreadJson {
    let seconds = |samples: u64| rate.seconds(SampleCount::new(i128::from(samples))).to_f64();
    let Spread { count, min, median, max } = spread;
    SpreadJson { count, min: seconds(min), median: seconds(median), max: seconds(max) }
}

fn line(summary: &LineSummary, rate: &SampleRate) -> LineJson {
    LineJson {
        edges: summary.edges,
        first: summary.first.key(),
        high_share: summary.high_share.to_f64(),
        high_s: summary.high.map(|high| spread(high, rate)),
        low_s: summary.low.map(|low| spread(low, rate)),
        period_s: summary.period().map(|period| spread(period, rate)),
    }
}

fn probe<'a>(probe: &'a ProbeReport, rate: &SampleRate) -> ProbeJson<'a> {
    let (likeness, role) = match probe.likeness {
        Likeness::NotRecorded => ("not-recorded", None),
        Likeness::Lost => ("lost", None),
        Likeness::Silent => ("silent", None),
        Likeness::Line(role, _) => ("line", Some(role)),
        Likeness::Undecided => ("undecided", None),
        Likeness::Other => ("other", None),
    };
    let health = probe.health.as_ref();
    ProbeJson {
        name: &probe.name,
        likeness,
        role: role.map(Role::key),
        guess: probe.guess.map(Role::key),
        active: probe.summary.as_ref().filter(|summary| summary.edges > 0).map(|_| probe.active().key()),
        why: &probe.why,
        wire: health.map(|health| health.verdict.word()),
        reasons: health.map_or(&[], |health| &health.reasons),
        spikes: health.map(|health| health.spikes),
        line: probe.summary.as_ref().map(|summary| line(summary, rate)),
    }
}

/// What `wiring --json` prints.
///
/// # Errors
/// [`RenderError::Json`] when it cannot be written.
pub fn wiring_json(report: &WiringReport, capture: Looked<'_>, analog: &[&str]) -> Result<Vec<u8>, RenderError> {
    document(&WiringJson {
        schema: "strobecheck.wiring/1",
        tool: ToolJson::OURS,
        path: capture.path,
        samplerate_hz: report.rate.hz().to_f64(),
        problems: capture.problems,
        probes: report.probes.iter().map(|found| probe(found, &report.rate)).collect(),
        analog,
        wires: report.wires(),
        guessed_wires: report.guessed_wires(),
        table: report.table(),
    })
}

/// What `measure --json` prints: the lines, and what was measured where something says how they are wired.
///
/// # Errors
/// [`RenderError::Json`] when it cannot be written.
pub fn measure_json(
    lines: &[(String, LineSummary)],
    rate: &SampleRate,
    capture: Looked<'_>,
    measured: Option<(&str, &[Measured])>,
) -> Result<Vec<u8>, RenderError> {
    document(&MeasureJson {
        schema: "strobecheck.measure/1",
        tool: ToolJson::OURS,
        path: capture.path,
        samplerate_hz: rate.hz().to_f64(),
        problems: capture.problems,
        lines: lines.iter().map(|(probe, summary)| NamedLineJson { probe, line: line(summary, rate) }).collect(),
        wired_by: measured.map(|(source, _)| source),
        quantities: measured.map(|(_, measured)| measured.iter().map(quantity).collect()).unwrap_or_default(),
    })
}

fn quantity(measured: &Measured) -> QuantityJson<'_> {
    let none = QuantityJson {
        id: measured.quantity.id,
        of: &measured.subject,
        unit: measured.quantity.unit.symbol(),
        ..QuantityJson::default()
    };
    match &measured.figures {
        Err(reason) => QuantityJson { absent: Some(reason), ..none },
        Ok(Figures::Single(None)) => none,
        Ok(Figures::Single(Some(reading))) => QuantityJson {
            count: 1,
            value: Some(reading.value.to_f64()),
            low: reading.low.at().map(Rational::to_f64),
            high: reading.high.at().map(Rational::to_f64),
            uncertainty: reading.half_width().map(|half| half.to_f64()),
            ..none
        },
        Ok(Figures::Frames(frames)) => {
            let of = |statistic: fn(&Statistics) -> f64| frames.statistics.as_ref().map(statistic);
            QuantityJson {
                count: frames.count,
                min: of(|statistics| statistics.min),
                max: of(|statistics| statistics.max),
                mean: of(|statistics| statistics.mean),
                sd: frames.statistics.as_ref().and_then(|statistics| statistics.sd),
                p50: of(|statistics| statistics.p50),
                p99: of(|statistics| statistics.p99),
                uncertainty: frames.half_width.as_ref().map(Rational::to_f64),
                ..none
            }
        }
    }
}

/// What `devices --json` prints.
///
/// # Errors
/// [`RenderError::Json`] when it cannot be written.
pub(crate) fn devices_json(survey: &Survey) -> Result<Vec<u8>, RenderError> {
    document(&DevicesJson {
        schema: "strobecheck.devices/1",
        tool: ToolJson::OURS,
        libsigrok: &survey.libsigrok,
        drivers: survey.drivers,
        devices: survey.devices.iter().map(|sheet| DeviceJson { device: sheet.name(), sheet }).collect(),
        unusable: survey.unusable.iter().map(ToString::to_string).collect(),
        messages: &survey.messages,
    })
}
