//! The index of a run: its captures, why each came out as it did, and what became of each check.

use askama::Template;

use super::escape::relative_address;
use super::headline::Headline;
use super::marks::{Href, Mark};
use super::views::{Cells, IndexPage, IndexRow, Matrix};
use super::{CAPTURE, LONGEST_NAME, title_of};
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
    let prefix = common_folder(report);
    let name = |capture: &CaptureReport| clip(&capture.path[prefix.len()..], LONGEST_NAME);
    let hrefs = |place: usize| {
        let stem = options.stems.get(place)?;
        Some(Href(relative_address(&format!("{stem}.{}", CAPTURE.extension))))
    };
    // What needs a hand comes first.
    let mut placed: Vec<(usize, &CaptureReport)> = report.captures.iter().enumerate().collect();
    placed.sort_by_key(|(_, capture)| match capture.overall() {
        Overall::Fail => 0,
        Overall::Error => 1,
        Overall::Inconclusive => 2,
        Overall::Pass => 3,
    });
    let placed: Vec<Placed<'_>> = placed
        .into_iter()
        .map(|(place, capture)| Placed { capture, name: name(capture), href: hrefs(place) })
        .collect();
    let page = IndexPage {
        title: title_of(overall, &heading),
        mark: Mark::of(overall),
        tally: match prefix {
            "" => tally(report),
            folder => format!("{}; in {folder}", tally(report)),
        },
        kinds: counts(report)
            .map(|(overall, count)| (Mark::of(overall).class, format!("{count} {}", Mark::of(overall).word)))
            .collect(),
        matrix: matrix(&placed),
        rows: placed.iter().map(row).collect(),
        heading,
    };
    Ok(page.render()?.into_bytes())
}
/// A capture, what it is called here, and where its report is.
struct Placed<'a> {
    capture: &'a CaptureReport,
    name: String,
    href: Option<Href>,
}

/// The folder that all captures lie in, with its slash; nothing where they share none.
fn common_folder(report: &Report) -> &str {
    let mut paths = report.captures.iter().map(|capture| capture.path.as_str());
    let Some(first) = paths.next() else { return "" };
    let shared = paths.fold(first, |shared, path| {
        let same = shared.bytes().zip(path.bytes()).take_while(|(a, b)| a == b).count();
        // Within a letter of several bytes nothing ends.
        let end = (0..=same).rev().find(|end| shared.is_char_boundary(*end)).unwrap_or(0);
        &shared[..end]
    });
    shared.rfind('/').map_or("", |slash| &shared[..=slash])
}

/// How many captures came out how, of what there is.
fn counts(report: &Report) -> impl Iterator<Item = (Overall, usize)> {
    let all = [Overall::Pass, Overall::Fail, Overall::Inconclusive, Overall::Error];
    let counts = all.map(|overall| (overall, report.captures.iter().filter(|c| c.overall() == overall).count()));
    counts.into_iter().filter(|(_, count)| *count > 0)
}

/// How many captures came out how: `2 PASS, 1 FAIL`.
fn tally(report: &Report) -> String {
    let texts = counts(report).map(|(overall, count)| format!("{count} {}", Mark::of(overall).word));
    texts.collect::<Vec<_>>().join(", ")
}

fn row(placed: &Placed<'_>) -> IndexRow {
    let capture = placed.capture;
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
    let (name, href) = (placed.name.clone(), placed.href.clone());
    IndexRow { name, href, mark: Mark::of(capture.overall()), reason, worst }
}

/// What is wrong with a capture: what was found first, and how many checks did not pass.
fn why(judgement: &Judgement) -> String {
    let headline = Some(Headline::text_of(judgement)).filter(|text| !text.is_empty());
    let texts = [headline, judgement.reason.clone()];
    texts.into_iter().flatten().collect::<Vec<_>>().join("; ")
}

/// What became of each quantity that did not pass everywhere, capture by capture; nothing where all of them passed.
fn matrix(placed: &[Placed<'_>]) -> Matrix {
    let judged = || placed.iter().filter_map(|placed| Some((placed, placed.capture.judgement()?)));
    let not_passed = |id: &str| {
        judged().any(|(_, judgement)| worst_of(judgement, id).is_some_and(|verdict| verdict != Verdict::Pass))
    };
    let ids: Vec<&'static str> = QUANTITIES.iter().map(|quantity| quantity.id).filter(|id| not_passed(id)).collect();
    let cells = |placed: &Placed<'_>, judgement: &Judgement| {
        let cell = |id: &&'static str| {
            let verdict = worst_of(judgement, id)?;
            let section = |href: &Href| Href(format!("{}#{id}", href.0));
            Some((Mark::of(verdict.into()), placed.href.as_ref().map(section)))
        };
        ids.iter().map(cell).collect()
    };
    let rows = judged().map(|(placed, judgement)| Cells { name: placed.name.clone(), marks: cells(placed, judgement) });
    Matrix { rows: rows.collect(), ids: ids.clone() }
}

/// The worst verdict on a quantity, of all cameras and lines.
fn worst_of(judgement: &Judgement, id: &str) -> Option<Verdict> {
    let checks = judgement.checks.iter().filter(|check| check.quantity.id == id);
    checks.map(|check| check.verdict).max_by_key(|verdict| Overall::from(*verdict))
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
    let strength = |check: &Check| Overall::from(check.verdict);
    checks.iter().min_by(|a, b| strength(b).cmp(&strength(a)).then(tightness(a).total_cmp(&tightness(b))))
}
