//! What the screen shows, as texts: made from a judgement, without a terminal.

use std::cmp::Reverse;

use super::history::{History, last_second, value_text};
use super::source::Snapshot;
use crate::escape::visible;
use crate::frame::{ClockSource, ObservedLine};
use crate::render::verdict_word;
use crate::report::{Judgement, Overall, complete_frames};
use crate::signal::{Level, Limb, Pulse};
use crate::units::{Prefix, Rational, Rounding, SampleIndex, Unit};
use crate::verdict::{Check, Verdict};

/// One screen.
#[derive(Debug, Default)]
pub(super) struct Board {
    /// What is watched.
    pub(super) title: String,
    /// Rate, window, and what it is judged by.
    pub(super) facts: String,
    /// The verdict; none before anything has arrived.
    pub(super) verdict: Option<Verdict>,
    /// Whether the window is as long as it is to be.
    pub(super) is_full: bool,
    /// Why it is no pass.
    pub(super) reason: String,
    /// The frame clock of each camera.
    pub(super) clocks: Vec<String>,
    pub(super) lines: Vec<LineRow>,
    pub(super) checks: Vec<CheckRow>,
    /// Findings, and what is wrong with what arrives.
    pub(super) findings: Vec<String>,
    /// What was done last.
    pub(super) note: Option<String>,
}

/// A wire.
#[derive(Debug)]
pub(super) struct LineRow {
    pub(super) name: String,
    pub(super) level: Level,
    pub(super) rate: String,
    pub(super) width: String,
    /// In the last second, and in the worst one; none where glitches are not looked for.
    pub(super) glitches: Option<(u64, u64)>,
}

/// A check.
#[derive(Debug)]
pub(super) struct CheckRow {
    pub(super) verdict: Verdict,
    pub(super) name: String,
    pub(super) rule: String,
    pub(super) now: String,
    pub(super) worst: String,
    /// The verdict when it was worst.
    pub(super) ever: Verdict,
}

/// How a verdict is written large.
pub(super) fn word(verdict: Option<Verdict>) -> &'static str {
    verdict.map_or("FILLING", |verdict| verdict_word(verdict.into()))
}

impl Board {
    /// Before anything has arrived.
    pub(super) fn empty(title: &str) -> Board {
        Board { title: visible(title).into_owned(), ..Board::default() }
    }

    pub(super) fn of(title: &str, snapshot: &Snapshot, judgement: Option<&Judgement>, history: &History) -> Board {
        let mut board = Board::empty(title);
        board.is_full = snapshot.is_full;
        board.findings =
            snapshot.problems.iter().chain(&snapshot.said).map(|text| visible(text).into_owned()).collect();
        let Some(judgement) = judgement else { return board };
        let rate = short(judgement.provenance.rate.hz(), Unit::Hertz);
        let window = short(&judgement.duration(), Unit::Second);
        board.facts = format!("{rate}, last {window}; {}", visible(&judgement.spec_source));
        board.verdict = Some(judgement.verdict);
        board.reason = judgement.reason.as_deref().map(|reason| visible(reason).into_owned()).unwrap_or_default();
        board.clocks = clocks(judgement);
        let wires = judgement.observation.rig.wires();
        board.lines = (judgement.observation.lines.iter().zip(wires))
            .map(|(line, wire)| {
                let key = wire.full_key();
                let glitches = wire.glitch.as_ref().map(|_| {
                    let now = last_second(judgement, line.train.glitches.iter().map(|glitch| glitch.from));
                    (now, history.worst_glitches(&key))
                });
                line_row(judgement, line, format!("{key} ({})", line.probe.name), glitches)
            })
            .collect();
        let several = judgement.observation.cameras.len() > 1;
        board.checks = judgement.checks.iter().map(|check| check_row(check, history, several)).collect();
        board.checks.sort_by_key(|check| Reverse(Overall::from(check.verdict)));
        for finding in &judgement.findings {
            board.findings.push(visible(&finding.summary).into_owned());
            let remedy = finding.explanations.first().map(|first| format!("do: {}", visible(&first.remedy)));
            board.findings.extend(remedy);
        }
        board
    }

    /// The verdict as a line, for where there is no screen.
    pub(super) fn line(&self) -> String {
        let failing = self.checks.iter().filter(|check| check.verdict == Verdict::Fail);
        let mut text = format!("{}  {}", word(self.verdict), self.title);
        if !self.reason.is_empty() {
            text.push_str(&format!("  {}", self.reason));
        }
        for check in failing {
            text.push_str(&format!("  {}: {} ({})", check.name, check.now, check.rule));
        }
        text.push('\n');
        text
    }
}

/// A value of four digits: what can be read from afar.
fn short(value: &Rational, unit: Unit) -> String {
    let prefix = Prefix::for_value(value, unit);
    let places = prefix.places_for(&(value.abs() * Rational::decimal(1, -3)));
    prefix.text(value, places, Rounding::Nearest)
}

fn clocks(judgement: &Judgement) -> Vec<String> {
    let observation = &judgement.observation;
    let several = observation.cameras.len() > 1;
    (observation.rig.cameras.iter().zip(&observation.cameras))
        .map(|(camera, frames)| {
            let name = if several { format!("{}: ", visible(&camera.name)) } else { String::new() };
            let line = match frames.clock.source {
                ClockSource::Fsin => "FSIN",
                ClockSource::StrobeEnd | ClockSource::StrobeStart | ClockSource::StrobeMiddle => "STROBE",
                ClockSource::Nothing => return format!("{name}no frames: nothing on its lines has an edge"),
            };
            let Some(period) = &frames.clock.period else { return format!("{name}no frame time yet") };
            let time = period * observation.rate.period();
            let hertz = time.recip().map_or_else(String::new, |hertz| format!(" ({})", short(&hertz, Unit::Hertz)));
            let missing = frames.missing.len();
            let missing = if missing == 0 { String::new() } else { format!(", {missing} exposures missing") };
            let count = complete_frames(frames);
            format!("{name}frame {}{hertz} by {line}, {count} in the window{missing}", short(&time, Unit::Second))
        })
        .collect()
}

fn line_row(judgement: &Judgement, line: &ObservedLine, name: String, glitches: Option<(u64, u64)>) -> LineRow {
    let observation = &judgement.observation;
    let starts: Vec<SampleIndex> =
        line.train.pulses.iter().filter_map(|pulse| Some(pulse.start.edge()?.at())).collect();
    let in_second = usize::try_from(last_second(judgement, starts.iter().copied())).unwrap_or(usize::MAX);
    let recent = &starts[starts.len().saturating_sub(in_second)..];
    let rate = match recent {
        [first, .., last] => {
            let seconds = observation.rate.seconds(*last - *first);
            let rate = Rational::from(recent.len() as u64 - 1).checked_div(&seconds);
            rate.map_or_else(|| "-".to_owned(), |rate| short(&rate, Unit::Hertz))
        }
        [_] => "1 pulse".to_owned(),
        [] => "still".to_owned(),
    };
    let last = line.train.pulses.iter().filter(Pulse::is_whole).last();
    let width = last.map(|pulse| match (pulse.start, pulse.end) {
        (Limb::Edge(start), Limb::Edge(end)) => short(&observation.rate.seconds(end.at() - start.at()), Unit::Second),
        (Limb::Edge(_) | Limb::Cut(_), _) => "-".to_owned(),
    });
    let end = observation.length.get().saturating_sub(1);
    LineRow {
        name: visible(&name).into_owned(),
        level: line.waveform.level_at(SampleIndex::new(end)),
        rate,
        width: width.unwrap_or_else(|| "-".to_owned()),
        glitches,
    }
}

/// A row; the camera is named where there are several.
fn check_row(check: &Check, history: &History, several: bool) -> CheckRow {
    let camera = check.camera.as_ref().filter(|_| several);
    let subject =
        [camera, check.line.as_ref()].into_iter().flatten().map(|name| format!("{name} ")).collect::<String>();
    let now = check.worst.as_ref().map_or_else(|| "-".to_owned(), |worst| value_text(check, worst));
    let worst = history.worst(check);
    CheckRow {
        verdict: check.verdict,
        name: visible(&format!("{subject}{}", check.quantity.id)).into_owned(),
        rule: visible(&check.rule).into_owned(),
        now,
        worst: worst.map_or_else(|| "-".to_owned(), |worst| worst.text.clone()),
        ever: worst.map_or(check.verdict, |worst| worst.verdict),
    }
}
