//! One capture: its verdict, its circumstances, and what is wrong with it.

use anstyle::Style;

use super::paper::{INDENT, Paper, painted, style, word};
use super::{Detail, Manner, checks};
use crate::diagnosis::{Finding, Severity};
use crate::escape::{visible, visible_lines};
use crate::render::log_text::log_sentences;
use crate::render::words::{bridged_text, counted, finding_subject, look_alike_text, time_text};
use crate::report::{CaptureReport, Judgement, Outcome, Overall, RateSource, complete_frames};
use crate::units::{Rounding, Unit, value_text};

/// More findings, and more problems, than this are counted unless all is wanted.
const LISTED: usize = 5;

pub(super) fn add(paper: &mut Paper, capture: &CaptureReport, detail: Detail) {
    paper.push(format!("{}{INDENT}{}", word(capture.overall()), visible(&capture.path)));
    let judgement = match &capture.outcome {
        Outcome::Judged(judgement) => judgement,
        Outcome::Error(error) => {
            // It may show a piece of a file, whose columns must stay where they are.
            paper.extend(visible_lines(error).lines().map(|line| format!("{INDENT}{line}")));
            return;
        }
    };
    add_circumstances(paper, judgement, detail);
    add_findings(paper, judgement, detail, Manner::Judged);
    checks::add_table(paper, judgement, detail);
    checks::add_left_out(paper, judgement, detail);
    checks::add_explanations(paper, judgement, detail);
    if detail == Detail::Full {
        checks::add_statistics(paper, judgement);
    }
}

/// What was judged, by what, in which state, and what it can decide at best.
fn add_circumstances(paper: &mut Paper, judgement: &Judgement, detail: Detail) {
    let provenance = &judgement.provenance;
    if let Some(reason) = &judgement.reason {
        paper.add_text(INDENT, reason);
    }
    let rate = value_text(provenance.rate.hz(), Unit::Hertz, Rounding::Nearest);
    let source = match provenance.rate_source {
        RateSource::File => "",
        RateSource::Stated => " (as stated)",
        RateSource::TimeUnit => " (the unit of its times)",
    };
    let duration = value_text(&judgement.duration(), Unit::Second, Rounding::Nearest);
    let facts = format!("{rate}{source}, {duration}, {}; judged by {}", frames_text(judgement), judgement.spec_source);
    paper.add_text(INDENT, &facts);
    if let Some(window) = &provenance.window {
        let (from, to) = (time_text(&window.from), time_text(&window.to));
        let first = window.first_sample;
        let text = format!("window {from} .. {to} of the file; times and samples count from its start, sample {first}");
        paper.add_text(INDENT, &text);
    }
    let notes = &provenance.subject;
    let notes =
        [("dut", &notes.dut), ("station", &notes.station), ("operator", &notes.operator), ("note", &notes.note)];
    let notes: Vec<String> =
        notes.iter().filter_map(|(key, note)| Some(format!("{key}: {}", note.as_ref()?))).collect();
    if !notes.is_empty() {
        paper.add_text(INDENT, &notes.join("; "));
    }
    let listed = if detail == Detail::Full { usize::MAX } else { LISTED };
    for problem in provenance.problems.iter().take(listed) {
        paper.add_text(INDENT, problem);
    }
    paper.add_rest(provenance.problems.len().saturating_sub(listed), "problem");
    if let Some(bridged) = bridged_text(judgement) {
        paper.add_text(INDENT, &format!("glitches bridged: {bridged}"));
    }
    for sentence in log_sentences(judgement) {
        paper.add_text(INDENT, &sentence);
    }
    for sentence in judgement.spec.unjudged.iter().chain(&judgement.capability) {
        paper.add_text(INDENT, sentence);
    }
}

pub(super) fn frames_text(judgement: &Judgement) -> String {
    let observation = &judgement.observation;
    let counts: Vec<String> = match observation.cameras.as_slice() {
        [only] => vec![counted(complete_frames(only), "frame")],
        cameras => (observation.rig.cameras.iter().zip(cameras))
            .map(|(camera, frames)| format!("{} of {}", counted(complete_frames(frames), "frame"), camera.name))
            .collect(),
    };
    counts.join(", ")
}

pub(super) fn add_findings(paper: &mut Paper, judgement: &Judgement, detail: Detail, manner: Manner) {
    let listed = if detail == Detail::Full { usize::MAX } else { LISTED };
    for finding in judgement.findings.iter().take(listed) {
        paper.push(String::new());
        paper.push(finding_heading(judgement, finding, manner));
        paper.add_text(INDENT, &finding.summary);
        paper.add_text(INDENT, &finding.evidence);
        let told = if detail == Detail::Full { usize::MAX } else { 1 };
        for explanation in finding.explanations.iter().take(told) {
            paper.add_text(INDENT, &format!("{}: {}", explanation.support.word(), explanation.cause));
            paper.add_text(INDENT, &format!("do: {}", explanation.remedy));
        }
        for other in finding.look_alikes.iter().take(told) {
            paper.add_text(INDENT, &look_alike_text(other));
        }
    }
    paper.add_rest(judgement.findings.len().saturating_sub(listed), "finding");
}

/// `fail: late-exposure-change (right, strobe) at 2.75 ms`.
fn finding_heading(judgement: &Judgement, finding: &Finding, manner: Manner) -> String {
    let (severity, style) = match finding.severity {
        Severity::Fail | Severity::Warn if manner == Manner::LookedAt => ("odd", Style::new().bold()),
        Severity::Fail => ("fail", style(Overall::Fail)),
        Severity::Warn => ("warning", style(Overall::Inconclusive)),
        Severity::Info => ("info", Style::new().bold()),
    };
    let subject = finding_subject(finding).map(|subject| format!(" ({})", visible(&subject))).unwrap_or_default();
    let place = finding.at.first().map(|&at| format!(" at {}", time_text(&judgement.time(at)))).unwrap_or_default();
    format!("{} {}{subject}{place}", painted(style, &format!("{severity}:")), finding.fault)
}
