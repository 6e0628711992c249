//! Where a capture comes from, how it was recorded, and by what rule it is decided.

use super::marks::Manner;
use crate::frame::ClockSource;
use crate::render::log_text::log_sentences;
use crate::render::words::{bridged_text, counted, time_text};
use crate::report::{Judgement, RateSource, complete_frames};
use crate::rig::Alignment;
use crate::signal::{Level, LostSpan};
use crate::spec::Spec;
use crate::units::{Rational, Rounding, SampleCount, Unit, value_text};

/// A name and what is known under it.
pub(super) struct Fact {
    pub(super) name: String,
    pub(super) values: Vec<String>,
}

impl Fact {
    pub(super) fn new(name: impl Into<String>, value: impl Into<String>) -> Fact {
        Fact { name: name.into(), values: vec![value.into()] }
    }
}

fn rate_text(rate: &Rational) -> String {
    value_text(rate, Unit::Hertz, Rounding::Nearest)
}

/// What a reader wants to know before any detail.
pub(super) fn summary(judgement: &Judgement, manner: Manner) -> Vec<Fact> {
    let provenance = &judgement.provenance;
    let several = judgement.observation.cameras.len() > 1;
    let names = judgement.observation.rig.cameras.iter().map(|camera| &camera.name);
    let frames = names.zip(&judgement.observation.cameras).map(|(name, frames)| {
        let count = counted(complete_frames(frames), "frame");
        if several { format!("{count} of {name}") } else { count }
    });
    let held = match manner {
        Manner::Judged => "judged by",
        Manner::LookedAt => "held against",
    };
    let mut facts = vec![
        Fact { name: "recorded".to_owned(), values: frames.collect() },
        Fact::new("duration", time_text(&judgement.duration())),
        Fact::new("sample rate", rate_text(provenance.rate.hz())),
        Fact::new(held, judgement.spec_source.clone()),
    ];
    facts.extend(bridged_text(judgement).map(|bridged| Fact::new("glitches bridged", bridged)));
    facts.extend(provenance.subject.dut.as_ref().map(|dut| Fact::new("device under test", dut.clone())));
    if provenance.window.is_some() {
        facts.push(Fact::new("window", window_text(judgement)));
    }
    facts
}

fn window_text(judgement: &Judgement) -> String {
    match &judgement.provenance.window {
        Some(window) => format!(
            "only {} to {} of the capture; sample 0 here is sample {} of the file",
            time_text(&window.from),
            time_text(&window.to),
            window.first_sample
        ),
        None => "the whole capture".to_owned(),
    }
}

pub(super) fn provenance(name: &str, judgement: &Judgement) -> Vec<Fact> {
    let provenance = &judgement.provenance;
    let source = match provenance.rate_source {
        RateSource::File => "as the file says",
        RateSource::Stated => "as stated with --samplerate",
        RateSource::TimeUnit => "the unit of the file's times; it does not say its sample rate",
    };
    let mut facts = vec![
        Fact::new("file", name),
        Fact::new("SHA-256", provenance.sha256.clone()),
        Fact::new("format", provenance.header.format),
        Fact::new("sample rate", format!("{}, {source}", rate_text(provenance.rate.hz()))),
    ];
    let correction = &judgement.spec.analyzer.correction;
    if !correction.is_zero() {
        let ppm = value_text(&correction.times(1_000_000), Unit::Ppm, Rounding::Nearest);
        facts
            .push(Fact::new("true sample rate", rate_text(judgement.observation.rate.hz()) + ", corrected by " + &ppm));
    }
    facts.extend([
        Fact::new("samples", provenance.samples.to_string()),
        Fact::new("duration", time_text(&judgement.duration())),
        Fact::new("window", window_text(judgement)),
        Fact::new("spec", judgement.spec_source.clone()),
        Fact::new("tool", super::TOOL),
    ]);
    let subject = &provenance.subject;
    for (name, value) in [
        ("device under test", &subject.dut),
        ("station", &subject.station),
        ("operator", &subject.operator),
        ("note", &subject.note),
    ] {
        facts.extend(value.as_ref().map(|value| Fact::new(name, value.clone())));
    }
    if let Some(serde_json::Value::Object(sidecar)) = &provenance.sidecar {
        facts.extend(sidecar.iter().map(|(key, value)| Fact::new(format!("sidecar: {key}"), json_text(value))));
    }
    if let Some(log) = &provenance.log {
        facts.push(Fact { name: "camera log".to_owned(), values: log_sentences(judgement) });
        facts.push(Fact::new("SHA-256 of the log", log.sha256.clone()));
    }
    if !judgement.spec.unjudged.is_empty() {
        facts.push(Fact { name: "left unjudged".to_owned(), values: judgement.spec.unjudged.clone() });
    }
    if !provenance.header.warnings.is_empty() {
        facts.push(Fact { name: "odd in the file".to_owned(), values: provenance.header.warnings.clone() });
    }
    facts
}

fn json_text(value: &serde_json::Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Of each line of the rig its key, camera, probe and active level, its edges, pulses and glitches, and its narrowest stretch.
pub(super) fn lines(judgement: &Judgement) -> Vec<[String; 8]> {
    let observation = &judgement.observation;
    let narrowest = |samples: u64| {
        let time = observation.rate.seconds(SampleCount::new(i128::from(samples)));
        format!("{} ({})", time_text(&time), counted(samples, "sample"))
    };
    (observation.rig.wires().iter().zip(&observation.lines))
        .map(|(wire, line)| {
            let glitches = wire.glitch.as_ref().map(|_| line.train.glitches.len().to_string());
            [
                wire.key(),
                wire.owner.clone(),
                judgement.provenance.header.display_name(&line.probe),
                Level::from(wire.polarity).key().to_owned(),
                line.train.raw_edges.to_string(),
                line.train.pulses.len().to_string(),
                glitches.unwrap_or_else(|| "not looked for".to_owned()),
                line.train.narrowest.map_or_else(|| "none".to_owned(), narrowest),
            ]
        })
        .collect()
}

/// Of each camera of the rig its name, alignment and shutter, what its frames are counted by, and how many there are of them and
/// of exposures.
pub(super) fn cameras(judgement: &Judgement) -> Vec<[String; 6]> {
    let observation = &judgement.observation;
    (observation.rig.cameras.iter().zip(&observation.cameras))
        .map(|(camera, frames)| {
            let alignment = frames.alignment.map_or("undecided", |alignment| match alignment {
                Alignment::End => "exposures end at the frame boundary",
                Alignment::Start => "exposures start after the trigger",
                Alignment::Middle => "the middles of exposures keep the rhythm of the frames",
            });
            let clock = match frames.clock.source {
                ClockSource::Fsin => "FSIN",
                ClockSource::StrobeEnd => "end of STROBE",
                ClockSource::StrobeStart => "start of STROBE",
                ClockSource::StrobeMiddle => "middle of STROBE",
                ClockSource::Nothing => "nothing: no line shows frames",
            };
            let (complete, exposures) = (complete_frames(frames).to_string(), frames.exposures.len().to_string());
            let [name, alignment, shutter, clock] =
                [camera.name.as_str(), alignment, camera.shutter.key(), clock].map(str::to_owned);
            [name, alignment, shutter, clock, complete, exposures]
        })
        .collect()
}

/// More lost stretches than this are counted.
const LOST_SHOWN: usize = 100;

pub(super) fn lost_caption(judgement: &Judgement) -> String {
    let spans = judgement.provenance.lost.len();
    let count = counted(spans as u64, "stretch").replace("stretchs", "stretches");
    let more = if spans > LOST_SHOWN { format!(", the first {LOST_SHOWN}") } else { String::new() };
    format!("{count} lost{more}")
}

/// Of each lost stretch its samples, its times and its length.
pub(super) fn lost(judgement: &Judgement) -> Vec<[String; 5]> {
    let row = |span: &LostSpan| {
        let length = match (span.to - span.from).get() {
            0 => "unknown".to_owned(),
            samples => time_text(&judgement.observation.rate.seconds(SampleCount::new(samples))),
        };
        let time = |at| time_text(&judgement.time(at));
        [span.from.to_string(), span.to.to_string(), time(span.from), time(span.to), length]
    };
    judgement.provenance.lost.iter().take(LOST_SHOWN).map(row).collect()
}

/// The decision rule in words (JCGM 106; ISO/IEC 17025 asks that it be stated).
pub(super) fn decision_rule(spec: &Spec) -> Vec<String> {
    let clock = value_text(&spec.analyzer.clock.times(1_000_000), Unit::Ppm, Rounding::Up);
    vec![
        "An edge that is first seen at sample n happened after sample n − 1 was taken and no later than sample n. So a \
         time between two edges is known to ± 1 sample period, and what is computed from more edges to as much as they \
         add up to; an uncertainty of the edges themselves (analyzer.edge) comes on top. These are bounds, not standard \
         deviations."
            .to_owned(),
        format!(
            "The analyzer's clock is taken to be right within {clock}. For times and rates every limit is moved by as \
             much against the verdict, to either side; counts and ratios within the capture do not depend on the clock."
        ),
        "A value passes when all of the interval in which it may lie is within its limits even so, and fails when all \
         of it is outside. Otherwise it is not decided, and the check is inconclusive. Limits belong to what is allowed. \
         Counts are compared as they are."
            .to_owned(),
        "A capture fails if any check fails; else it is inconclusive if any check is, if nothing was measured, or if \
         something of its record is lost or damaged; else it passes."
            .to_owned(),
    ]
}

pub(super) fn effective(spec: &Spec) -> Vec<Fact> {
    spec.effective.iter().map(|(key, text)| Fact::new(key.clone(), text.clone())).collect()
}
