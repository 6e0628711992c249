//! Workflow commands that a CI log shows as annotations: a line per finding that says why, and per check that is no pass.

use super::words::{check_name, explaining, explanation};
use super::{Imprinting, Options, Render, Renderer};
use crate::escape::{workflow_message, workflow_property};
use crate::report::{CaptureReport, InconclusivePolicy, Judgement, Outcome};
use crate::verdict::Verdict;

/// The annotations of a run.
pub(super) static LOG: Renderer = Renderer {
    id: "github",
    extension: "github.txt",
    imprinting: Imprinting::MARKUP,
    about: "annotations on standard output, for the log of a GitHub workflow",
    render: Render::Log(|report, options| {
        let lines: String = report.captures.iter().map(|capture| annotations(capture, *options)).collect();
        Ok(lines.into_bytes())
    }),
};

fn annotations(capture: &CaptureReport, options: Options<'_>) -> String {
    let judgement = match &capture.outcome {
        Outcome::Judged(judgement) => judgement,
        Outcome::Error(error) => return annotation("error", capture, "not judged", error),
    };
    if let Some(expected) = &capture.expected {
        let text = expected.text();
        let (level, text) = if expected.is_met() { ("notice", "as expected") } else { ("error", text.as_str()) };
        return annotation(level, capture, "verdict as expected", text);
    }
    let options = Options { inconclusive: capture.counts_inconclusive(options.inconclusive), ..options };
    let open = judgement.checks.iter().filter(|check| check.verdict != Verdict::Pass);
    let findings = explaining(judgement).into_iter().map(|finding| {
        let remedy = finding.explanations.first().map(|first| format!("; do: {}", first.remedy)).unwrap_or_default();
        let text = format!("{}; {}{remedy}", finding.summary, finding.evidence);
        annotation(level(judgement.verdict, options.inconclusive), capture, finding.fault, &text)
    });
    let mut lines: String = findings.collect();
    let checks: String = open
        .map(|check| {
            let text = explanation(judgement, check).join("; ");
            let title = check_name(judgement, check);
            annotation(level(check.verdict, options.inconclusive), capture, &title, &text)
        })
        .collect();
    lines.push_str(&checks);
    if lines.is_empty() {
        lines.push_str(&verdict_line(capture, judgement, options));
    }
    lines
}

/// One line that says that it passed, or why it did not although every check did.
fn verdict_line(capture: &CaptureReport, judgement: &Judgement, options: Options<'_>) -> String {
    let text = match (judgement.verdict, &judgement.reason) {
        (Verdict::Pass, _) => format!("all {} checks pass", judgement.checks.len()),
        (Verdict::Fail | Verdict::Inconclusive, Some(reason)) => reason.clone(),
        (Verdict::Fail | Verdict::Inconclusive, None) => "no check says why".to_owned(),
    };
    annotation(level(judgement.verdict, options.inconclusive), capture, capture.overall().key(), &text)
}

/// An annotation is as loud as the exit code that the verdict leads to.
fn level(verdict: Verdict, policy: InconclusivePolicy) -> &'static str {
    match (verdict, policy) {
        (Verdict::Pass, _) => "notice",
        (Verdict::Fail, _) | (Verdict::Inconclusive, InconclusivePolicy::AsIs | InconclusivePolicy::Fail) => "error",
        (Verdict::Inconclusive, InconclusivePolicy::Pass | InconclusivePolicy::Skip) => "warning",
    }
}

fn annotation(level: &str, capture: &CaptureReport, title: &str, text: &str) -> String {
    let (file, title) = (workflow_property(&capture.path), workflow_property(title));
    let message = workflow_message(&format!("{}: {text}", capture.path));
    format!("::{level} file={file},title={title}::{message}\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::testing;

    #[test]
    fn a_line_per_capture_or_check() {
        let options = Options::default();
        assert_eq!(
            annotations(&testing::passing(), options),
            "::notice file=good.sr,title=pass::good.sr: all 3 checks pass\n"
        );
        assert_eq!(
            annotations(&testing::inconclusive(), options).lines().nth(1).unwrap(),
            "::error file=close.sr,title=exposure.time::close.sr: nothing was measured: strobe shows no pulse"
        );
        let mapped = Options { inconclusive: InconclusivePolicy::Skip, ..options };
        assert!(annotations(&testing::inconclusive(), mapped).starts_with("::warning "));
        assert_eq!(
            annotations(&testing::damaged(), options),
            "::error file=torn.sr,title=inconclusive::torn.sr: the capture is damaged\n"
        );
    }

    #[test]
    fn a_finding_comes_before_the_checks_that_it_explains() {
        let text = annotations(&testing::failing(), Options::default());
        let mut lines = text.lines();
        assert!(lines.next().unwrap().contains(",title=late-exposure-change::"), "{text}");
        assert!(text.lines().next().unwrap().ends_with("; do: set the exposure two frames earlier"), "{text}");
        assert!(lines.next().unwrap().contains("exposure.time"), "{text}");
    }

    #[test]
    fn names_cannot_write_commands() {
        let name = r#"=\u{1b}[31m<b>|&"'\u{202e}\n"#;
        assert_eq!(
            annotations(&testing::unreadable(), Options::default()),
            format!(
                "::error file={name}.sr,title=not judged::{name}.sr: not a sigrok session: no 'version' in\\n{name}\n"
            )
        );
    }
}
