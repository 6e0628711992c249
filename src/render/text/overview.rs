//! Several captures: a line each, and the verdict over all.

use super::Detail;
use super::capture::frames_text;
use super::paper::{INDENT, Paper, word};
use crate::escape::visible;
use crate::render::layout::{clip, width, wrap};
use crate::render::words::{check_name, checks_with, counted, explaining, verdict_word};
use crate::report::{CaptureReport, Outcome, Overall};
use crate::verdict::Verdict;

/// A line for each of these captures; in brief, of several only of those that are no pass. Of several, the verdict over all.
pub(super) fn add(paper: &mut Paper, captures: &[CaptureReport], detail: Detail) {
    let is_shown =
        |capture: &&CaptureReport| captures.len() == 1 || detail > Detail::Brief || capture.overall() != Overall::Pass;
    let shown: Vec<&CaptureReport> = captures.iter().filter(is_shown).collect();
    add_lines(paper, &shown);
    if captures.len() == 1 {
        return;
    }
    let kinds = [Overall::Pass, Overall::Fail, Overall::Inconclusive, Overall::Error];
    let counts = kinds.map(|kind| (captures.iter().filter(|capture| capture.overall() == kind).count(), kind.key()));
    let counts: Vec<String> =
        counts.iter().filter(|(count, _)| *count > 0).map(|(count, key)| format!("{count} {key}")).collect();
    let of = counted(captures.len() as u64, "capture");
    if !shown.is_empty() {
        paper.push(String::new());
    }
    paper.push(format!("{}{INDENT}{of}: {}", word(Overall::of(captures)), counts.join(", ")));
}

fn add_lines(paper: &mut Paper, captures: &[&CaptureReport]) {
    /// Longer paths stand out, so that the others need not.
    const LONGEST_PATH: usize = 80;
    let words = captures.iter().map(|capture| verdict_word(capture.overall()).len()).max().unwrap_or(0);
    let paths = captures.iter().map(|capture| width(&visible(&capture.path)));
    let paths = paths.max().unwrap_or(0).min(paper.width / 2).min(LONGEST_PATH);
    for capture in captures {
        let overall = capture.overall();
        let path = visible(&capture.path);
        let blanks = " ".repeat(words - verdict_word(overall).len());
        let gap = " ".repeat(paths.saturating_sub(width(&path)) + INDENT.len());
        let start = words + 2 * INDENT.len() + paths.max(width(&path));
        let room = paper.width.saturating_sub(start).max(paper.width / 4);
        let said = in_brief(capture);
        let said = visible(&said);
        // What an error asks for stands at its end, so that is never cut off.
        let said = match capture.outcome {
            Outcome::Judged(_) => vec![clip(&said, room)],
            Outcome::Error(_) => wrap(&said, "", "", room),
        };
        let mut head = format!("{}{blanks}{INDENT}{path}{gap}", word(overall));
        for said in said {
            paper.push(format!("{head}{said}").trim_end().to_owned());
            head = " ".repeat(start);
        }
    }
}

/// What there is to say of a capture in a line.
fn in_brief(capture: &CaptureReport) -> String {
    let judgement = match &capture.outcome {
        Outcome::Judged(judgement) => judgement,
        Outcome::Error(error) => return error.lines().next().unwrap_or_default().to_owned(),
    };
    let faults: Vec<&str> = explaining(judgement).iter().map(|finding| finding.fault).collect();
    let of = judgement.checks.len();
    let broken: Vec<String> =
        checks_with(judgement, judgement.verdict).map(|check| check_name(judgement, check)).collect();
    let (count, names) = (broken.len(), broken.join(", "));
    let reason = judgement.reason.clone().unwrap_or_default();
    let said = match judgement.verdict {
        Verdict::Pass => format!("{}, {}", counted(of as u64, "check"), frames_text(judgement)),
        // The names say more than the reason, and there is room for little.
        Verdict::Fail => format!("{count} of {of}: {names}"),
        Verdict::Inconclusive if count == 0 => reason,
        Verdict::Inconclusive => format!("{reason}: {names}"),
    };
    let parts = [faults.join(", "), said];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(": ")
}
