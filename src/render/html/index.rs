//! The index of a run: its captures, why each came out as it did, and what became of each check.

use askama::Template;

use super::escape::relative_address;
use super::marks::{Href, Mark};
use super::views::{Cells, IndexPage, IndexRow, Matrix};
use super::{CAPTURE, LONGEST_NAME, TOOL, css, title_of};
use crate::diagnosis::Severity;
use crate::quantity::QUANTITIES;
use crate::render::layout::clip;
use crate::render::words::{check_name, counted, worst_sentence};
use crate::render::{Options, RenderError};
use crate::report::{CaptureReport, Judgement, Outcome, Overall, Report};
use crate::verdict::{Check, Verdict};

/// The page.
pub(super) fn index(report: &Report, options: &Options<'_>) -> Result<Vec<u8>, RenderError> {
    let overall = report.overall();
    let heading = counted(report.captures.len() as u64, "capture");
    let rows = report.captures.iter().enumerate().map(|(place, capture)| {
        let stem = options.stems.get(place);
        row(capture, stem.map(|stem| Href(relative_address(&format!("{stem}.{}", CAPTURE.extension)))))
    });
    let page = IndexPage {
        title: title_of(overall, &heading),
        css: css(),
        tool: TOOL,
        mark: Mark::of(overall),
        tally: tally(report),
        matrix: matrix(report),
        rows: rows.collect(),
        heading,
    };
    Ok(page.render()?.into_bytes())
}

/// How many captures came out how: `2 PASS, 1 FAIL`.
fn tally(report: &Report) -> String {
    let all = [Overall::Pass, Overall::Fail, Overall::Inconclusive, Overall::Error];
    let counts = all.map(|overall| (overall, report.captures.iter().filter(|c| c.overall() == overall).count()));
    let texts = counts.iter().filter(|(_, count)| *count > 0);
    texts.map(|(overall, count)| format!("{count} {}", Mark::of(*overall).word)).collect::<Vec<_>>().join(", ")
}

fn row(capture: &CaptureReport, href: Option<Href>) -> IndexRow {
    let (reason, worst) = match &capture.outcome {
        Outcome::Judged(judgement) => {
            let worst = worst_check(&judgement.checks);
            let sentence = worst.and_then(|check| {
                let name = check_name(judgement, check);
                let detail = worst_sentence(judgement, check).or_else(|| check.reason.clone())?;
                Some(format!("{name}: {detail}"))
            });
            (why(judgement), sentence.unwrap_or_default())
        }
        Outcome::Error(error) => (error.lines().next().unwrap_or_default().to_owned(), String::new()),
    };
    IndexRow { name: clip(&capture.path, LONGEST_NAME), href, mark: Mark::of(capture.overall()), reason, worst }
}

/// What is wrong with a capture: what was found first, and how many checks did not pass.
fn why(judgement: &Judgement) -> String {
    let found = (judgement.findings.iter()).find(|finding| finding.severity != Severity::Info);
    let texts = [found.map(|finding| finding.summary.clone()), judgement.reason.clone()];
    texts.into_iter().flatten().collect::<Vec<_>>().join("; ")
}

/// What became of each quantity that did not pass everywhere, capture by capture; nothing where all of them passed.
fn matrix(report: &Report) -> Matrix {
    let judged = || {
        report.captures.iter().filter_map(|capture| match &capture.outcome {
            Outcome::Judged(judgement) => Some((capture, judgement)),
            Outcome::Error(_) => None,
        })
    };
    let not_passed = |id: &str| {
        judged().any(|(_, judgement)| worst_of(judgement, id).is_some_and(|verdict| verdict != Verdict::Pass))
    };
    let ids: Vec<&'static str> = QUANTITIES.iter().map(|quantity| quantity.id).filter(|id| not_passed(id)).collect();
    let cells = |judgement: &Judgement| {
        ids.iter().map(|id| worst_of(judgement, id).map(|verdict| Mark::of(verdict.into()))).collect()
    };
    let rows =
        judged().map(|(capture, judgement)| Cells { name: clip(&capture.path, LONGEST_NAME), marks: cells(judgement) });
    Matrix { rows: rows.collect(), ids: ids.clone() }
}

/// The worst verdict on a quantity, of all cameras and lines.
fn worst_of(judgement: &Judgement, id: &str) -> Option<Verdict> {
    let checks = judgement.checks.iter().filter(|check| check.quantity.id == id);
    checks.map(|check| check.verdict).min_by_key(|verdict| rank(*verdict))
}

fn rank(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::Fail => 0,
        Verdict::Inconclusive => 1,
        Verdict::Pass => 2,
    }
}

/// The check that comes off worst: failed before undecided before passed, and of those the one with the least margin
/// for its limit.
fn worst_check(checks: &[Check]) -> Option<&Check> {
    let tightness = |check: &Check| -> f64 {
        let (Some(worst), Some(limit)) = (&check.worst, check.worst.as_ref().and_then(|worst| worst.limit(check)))
        else {
            return f64::INFINITY;
        };
        let size = match (limit.min(), limit.max()) {
            (Some(min), Some(max)) => (max - min).half().to_f64(),
            (Some(end), None) | (None, Some(end)) => end.abs().to_f64(),
            (None, None) => 0.0,
        };
        // A limit without width, such as "no missing frame", is met exactly.
        if size > 0.0 { worst.margin.to_f64() / size } else { f64::INFINITY }
    };
    checks.iter().min_by(|a, b| rank(a.verdict).cmp(&rank(b.verdict)).then(tightness(a).total_cmp(&tightness(b))))
}
