//! A short summary in Markdown, for the job page of a CI system: the verdict, what is not a pass, and the findings.

use std::fmt::Write as _;

use super::words::{bridged_text, check_name, checks_with, counted, explanation, verdict_word, worst_text};
use super::{Imprinting, Render, Renderer};
use crate::escape::{markdown, visible_lines};
use crate::report::{CaptureReport, Judgement, Outcome, Overall};
use crate::verdict::{Check, Verdict};

/// The summary of a run.
pub(super) static WHOLE: Renderer = Renderer {
    id: "markdown",
    extension: "md",
    imprinting: Imprinting::MARKUP,
    about: "a short summary for a CI job page",
    render: Render::Whole("summary.md", |report, _| Ok(summary(&report.captures).into_bytes())),
};

/// More findings than this are counted, and more problems left to the other reports.
const LISTED: usize = 5;

fn summary(captures: &[CaptureReport]) -> String {
    let mut out = format!("## {}: {}\n\n", env!("CARGO_PKG_NAME"), verdict_word(Overall::of(captures)));
    out.push_str("| capture | verdict | failed | inconclusive | passed | |\n|---|---|---:|---:|---:|---|\n");
    // Of many, those that pass go last: they are the first to be left out.
    let (passed, open): (Vec<_>, Vec<_>) = captures.iter().partition(|capture| capture.overall() == Overall::Pass);
    let rows = captures.iter().map(row);
    let is_long = rows.clone().map(|row| row.len()).sum::<usize>() > ROWS;
    if is_long {
        push_within(&mut out, ROWS, open.iter().chain(&passed).map(|capture| row(capture)));
    } else {
        out.extend(rows);
    }
    push_within(&mut out, ALL, captures.iter().map(details));
    out
}

/// GitHub takes no summary of more than 1 MiB: rows have half of that, and details what is left.
const ROWS: usize = 512 << 10;
const ALL: usize = 1_000_000;

/// Adds parts as long as all of it is no longer than this, and says how many are left out.
fn push_within(out: &mut String, longest: usize, parts: impl Iterator<Item = String>) {
    let mut left_out = 0_u64;
    for part in parts.filter(|part| !part.is_empty()) {
        if left_out == 0 && out.len() + part.len() <= longest {
            out.push_str(&part);
        } else {
            left_out += 1;
        }
    }
    if left_out > 0 {
        out.push_str(&format!("\n… and {} more in the other reports\n", counted(left_out, "capture")));
    }
}

fn details(capture: &CaptureReport) -> String {
    let mut out = String::new();
    match &capture.outcome {
        Outcome::Judged(judgement) => add_details(&mut out, capture, judgement),
        Outcome::Error(error) => add_error(&mut out, capture, error),
    }
    out
}

fn row(capture: &CaptureReport) -> String {
    let (path, word) = (markdown(&capture.path), verdict_word(capture.overall()));
    match &capture.outcome {
        Outcome::Judged(judgement) => {
            let count = |verdict| checks_with(judgement, verdict).count();
            let (failed, open, passed) = (count(Verdict::Fail), count(Verdict::Inconclusive), count(Verdict::Pass));
            let reason = markdown(judgement.reason.as_deref().unwrap_or_default());
            format!("| {path} | **{word}** | {failed} | {open} | {passed} | {reason} |\n")
        }
        Outcome::Error(error) => {
            let reason = markdown(error.lines().next().unwrap_or_default());
            format!("| {path} | **{word}** | | | | {reason} |\n")
        }
    }
}

fn add_error(out: &mut String, capture: &CaptureReport, error: &str) {
    let more = error.lines().count() > 1;
    if !more {
        return;
    }
    out.push_str(&heading(capture));
    for line in visible_lines(error).lines() {
        // Indented by four, a line is code: nothing in it is markup.
        line_of(out, &format!("    {line}"));
    }
}

fn heading(capture: &CaptureReport) -> String {
    format!("\n### {}\n\n", markdown(&capture.path))
}

fn line_of(out: &mut String, line: &str) {
    out.push_str(line);
    out.push('\n');
}

/// Findings, problems of the record, and the checks that are no pass; nothing for a capture that has none of them.
fn add_details(out: &mut String, capture: &CaptureReport, judgement: &Judgement) {
    let open = || checks_with(judgement, Verdict::Fail).chain(checks_with(judgement, Verdict::Inconclusive));
    let bridged = bridged_text(judgement);
    let has_list = !(judgement.findings.is_empty() && judgement.provenance.problems.is_empty() && bridged.is_none());
    if !has_list && open().next().is_none() {
        return;
    }
    out.push_str(&heading(capture));
    for finding in judgement.findings.iter().take(LISTED) {
        let (summary, evidence) = (markdown(&finding.summary), markdown(&finding.evidence));
        line_of(out, &format!("- **{}**: {summary}; {evidence}", finding.fault));
        if let Some(first) = finding.explanations.first() {
            line_of(out, &format!("  - do: {}", markdown(&first.remedy)));
        }
    }
    for problem in judgement.provenance.problems.iter().take(LISTED) {
        line_of(out, &format!("- {}", markdown(problem)));
    }
    if let Some(bridged) = bridged {
        line_of(out, &format!("- glitches bridged: {}", markdown(&bridged)));
    }
    let unlisted = judgement.findings.len().saturating_sub(LISTED);
    if unlisted > 0 {
        line_of(out, &format!("- and {} more", counted(unlisted as u64, "finding")));
    }
    if open().next().is_none() {
        return;
    }
    if has_list {
        out.push('\n');
    }
    out.push_str("| check | rule | worst | verdict | |\n|---|---|---|---|---|\n");
    for check in open() {
        out.push_str(&check_row(judgement, check));
    }
}

fn check_row(judgement: &Judgement, check: &Check) -> String {
    let mut row = String::new();
    let why = explanation(judgement, check).join("; ");
    let cells = [check_name(judgement, check), check.rule.clone(), worst_text(check)].map(|cell| markdown(&cell));
    // Writing to a string cannot fail.
    let _ = writeln!(
        row,
        "| {} | {} | {} | **{}** | {} |",
        cells[0],
        cells[1],
        cells[2],
        verdict_word(check.verdict.into()),
        markdown(&why)
    );
    row
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::report::testing;

    #[test]
    fn a_pass_is_one_line() {
        assert_eq!(
            summary(&[testing::passing()]),
            "## strobecheck: PASS\n\n\
             | capture | verdict | failed | inconclusive | passed | |\n\
             |---|---|---:|---:|---:|---|\n\
             | good.sr | **PASS** | 0 | 0 | 3 |  |\n"
        );
    }

    #[test]
    fn github_takes_the_summary_of_any_run_and_failures_are_listed_first() {
        let mut captures = vec![testing::passing(); 12_000];
        captures.extend(vec![testing::failing(); 4_000]);
        let text = summary(&captures);
        assert!(text.len() > 900_000 && text.len() < 1 << 20, "{}", text.len());
        assert!(text.matches("| **FAIL** |").count() >= 4_000, "a row for each that fails");
        assert!(!text.contains("**PASS**") || text.find("**FAIL**") < text.find("**PASS**"));
        assert_eq!(text.matches(" captures more in the other reports\n").count(), 2);
    }

    #[test]
    fn what_is_no_pass_is_said_and_names_stay_texts() {
        let text = summary(&[testing::failing(), testing::unreadable()]);
        let name = r#"=\\u{1b}\[31m&lt;b&gt;\|&amp;"'\\u{202e}\\n"#;
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[0], "## strobecheck: ERROR");
        assert_eq!(lines[4], format!("| in/{name}.sr | **FAIL** | 1 | 0 | 1 | 1 check of 2 failed |"));
        assert_eq!(lines[5], format!("| {name}.sr | **ERROR** | | | | not a sigrok session: no 'version' in |"));
        assert!(text.contains(&format!(
            "- **late-exposure-change**: the exposure of {name} changes a frame too late; \
             frame 1 is exposed for 150 µs where 100 µs are asked for\n  - do: set the exposure two frames earlier\n"
        )));
        assert!(text.contains(&format!(
            "| exposure.time ({name}) | \\[200 us ± 5 us, 100 us ± 5 us\\] | 150.0 µs ± 1 µs | **FAIL** | 1 of 3 values"
        )));
        // Of what the hostile name holds, no bar but the table's own is left on any line.
        let bars = |line: &str| line.replace("\\|", "").matches('|').count();
        assert!(lines.iter().filter(|line| line.starts_with('|')).all(|line| [6, 7].contains(&bars(line))), "{text}");
    }

    #[test]
    fn damage_is_said() {
        let text = summary(&[testing::damaged()]);
        assert!(text.contains("\n### torn.sr\n\n- logic-1-2: bad CRC-32, samples 4500 to 4600 are lost\n"), "{text}");
    }

    proptest! {
        #[test]
        fn no_name_breaks_the_tables(name in any::<String>()) {
            let text = summary(&[testing::failing_with(&name)]);
            prop_assert_eq!(text.lines().count(), 14, "{}", text);
            let cells = |line: &str| line.replace("\\\\", "").replace("\\|", "").matches('|').count();
            prop_assert!(text.lines().filter(|line| line.starts_with('|')).all(|line| [6, 7].contains(&cells(line))), "{}", text);
        }
    }
}
