//! Captures that are held against what is expected of them: a line each, and what came of all.

use super::Detail;
use super::paper::{INDENT, Paper, painted, style};
use crate::escape::visible;
use crate::render::words::{counted, verdict_word};
use crate::report::{CaptureReport, Outcome, Overall};

const MET: &str = "AS EXPECTED";
const BROKEN: &str = "NOT AS EXPECTED";

/// A line for each capture; in brief, of several only of those that are not as expected.
pub(super) fn add(paper: &mut Paper, captures: &[CaptureReport], detail: Detail) {
    for capture in captures.iter().filter(|one| captures.len() == 1 || detail > Detail::Brief || !is_met(one)) {
        let path = visible(&capture.path);
        let came = match &capture.outcome {
            Outcome::Error(error) => error.lines().next().unwrap_or_default().to_owned(),
            Outcome::Judged(judgement) => match &capture.expected {
                Some(expected) if !expected.is_met() => expected.text(),
                Some(_) | None => {
                    let first = judgement.findings.first().map(|finding| format!(": {}", finding.fault));
                    format!("{}{}", verdict_word(capture.overall()), first.unwrap_or_default())
                }
            },
        };
        paper.push(format!("{}{INDENT}{path}{INDENT}{}", word(is_met(capture)), visible(&came)));
    }
    if captures.len() > 1 {
        let others = captures.iter().filter(|capture| !is_met(capture)).count();
        let as_expected = captures.len() - others;
        let of = counted(captures.len() as u64, "capture");
        let said = match (as_expected, others) {
            (_, 0) => of,
            (0, _) => format!("{of}: none as expected"),
            (met, others) => format!("{of}: {met} as expected, {others} not"),
        };
        paper.push(String::new());
        paper.push(format!("{}{INDENT}{said}", word(others == 0)));
    }
}

fn is_met(capture: &CaptureReport) -> bool {
    capture.expected.as_ref().is_some_and(|expected| expected.is_met())
}

fn word(is_met: bool) -> String {
    let (overall, word) = if is_met { (Overall::Pass, MET) } else { (Overall::Fail, BROKEN) };
    painted(style(overall), word)
}
