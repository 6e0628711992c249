//! Workflow commands that a CI log shows as annotations: a line per capture that is no pass, as many as GitHub shows.

use super::words::{check_name, checks_with, explaining, explanation};
use super::{Imprinting, Options, Render, Renderer};
use crate::escape::{workflow_message, workflow_property};
use crate::report::{CaptureReport, InconclusivePolicy, Outcome};
use crate::verdict::{Check, Verdict};

/// The annotations of a run.
pub(super) static LOG: Renderer = Renderer {
    id: "github",
    extension: "github.txt",
    imprinting: Imprinting::MARKUP,
    about: "annotations on standard output, for the log of a GitHub workflow",
    render: Render::Log(|report, options| Ok(annotations(&report.captures, *options).into_bytes())),
};

/// GitHub shows so many annotations of each level for a step, and drops the others without a word.
const SHOWN: usize = 10;

/// A line for each capture that is no pass, and one that says how many more there are.
fn annotations(captures: &[CaptureReport], options: Options<'_>) -> String {
    let mut lines: Vec<String> = captures.iter().filter_map(|capture| annotation_of(capture, options)).collect();
    if lines.len() > SHOWN {
        let more = lines.len() - (SHOWN - 1);
        lines.truncate(SHOWN - 1);
        lines.push(format!(
            "::error title=and {more} more::{more} more captures are no pass; the reports have them all\n"
        ));
    }
    lines.concat()
}

/// What to look at first in a capture: its finding, else its check, and how much more there is; none of a pass.
fn annotation_of(capture: &CaptureReport, options: Options<'_>) -> Option<String> {
    let judgement = match (&capture.outcome, &capture.expected) {
        (Outcome::Error(error), _) => return Some(annotation("error", capture, "not judged", error)),
        (Outcome::Judged(_), Some(expected)) => {
            return (!expected.is_met()).then(|| annotation("error", capture, "not as expected", &expected.text()));
        }
        (Outcome::Judged(judgement), None) => judgement,
    };
    if judgement.verdict == Verdict::Pass {
        return None;
    }
    let policy = capture.counts_inconclusive(options.inconclusive);
    let findings = explaining(judgement);
    let open: Vec<&Check> =
        (checks_with(judgement, Verdict::Fail)).chain(checks_with(judgement, Verdict::Inconclusive)).collect();
    let names = |from: usize| open.iter().skip(from).map(|check| check_name(judgement, check));
    let (title, mut text, mut rest): (String, String, Vec<String>) = match (findings.split_first(), open.first()) {
        (Some((first, others)), _) => {
            let remedy = first.explanations.first().map(|first| format!("; do: {}", first.remedy)).unwrap_or_default();
            let text = format!("{}; {}{remedy}", first.summary, first.evidence);
            let others = others.iter().map(|finding| finding.fault.to_owned());
            (first.fault.to_owned(), text, others.chain(names(0)).collect())
        }
        (None, Some(check)) => {
            (check_name(judgement, check), explanation(judgement, check).join("; "), names(1).collect())
        }
        (None, None) => {
            let reason = judgement.reason.clone().unwrap_or_else(|| "no check says why".to_owned());
            (capture.overall().key().to_owned(), reason, Vec::new())
        }
    };
    if !rest.is_empty() {
        let unnamed = rest.len().saturating_sub(SHOWN);
        rest.truncate(SHOWN);
        let more = if unnamed > 0 { format!(" and {unnamed} more") } else { String::new() };
        text.push_str(&format!("; also: {}{more}", rest.join(", ")));
    }
    Some(annotation(level(judgement.verdict, policy), capture, &title, &text))
}

/// An annotation is as loud as the exit code that the verdict leads to.
fn level(verdict: Verdict, policy: InconclusivePolicy) -> &'static str {
    match (verdict, policy) {
        (Verdict::Fail, _) | (Verdict::Inconclusive, InconclusivePolicy::AsIs | InconclusivePolicy::Fail) => "error",
        (Verdict::Pass, _) | (Verdict::Inconclusive, InconclusivePolicy::Pass | InconclusivePolicy::Skip) => "warning",
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
    fn a_line_per_capture_that_is_no_pass() {
        let options = Options::default();
        assert_eq!(annotations(&[testing::passing()], options), "");
        assert_eq!(
            annotations(&[testing::damaged(), testing::passing()], options),
            "::error file=torn.sr,title=inconclusive::torn.sr: the capture is damaged\n"
        );
        let text = annotations(&[testing::inconclusive()], options);
        assert!(text.starts_with("::error file=close.sr,title=frame.time::close.sr: "), "{text}");
        assert!(text.ends_with("; also: exposure.time\n") && text.lines().count() == 1, "{text}");
        let mapped = Options { inconclusive: InconclusivePolicy::Skip, ..options };
        assert!(annotations(&[testing::inconclusive()], mapped).starts_with("::warning "));
    }

    #[test]
    fn a_finding_comes_before_the_checks_that_it_explains() {
        let text = annotations(&[testing::failing()], Options::default());
        assert_eq!(text.lines().count(), 1, "{text}");
        assert!(text.contains(",title=late-exposure-change::"), "{text}");
        assert!(text.contains("; do: set the exposure two frames earlier; also: exposure.time"), "{text}");
    }

    #[test]
    fn there_are_as_many_as_github_shows_and_the_last_one_counts_the_others() {
        let lines = |count: usize| -> Vec<String> {
            let captures = vec![testing::failing(); count];
            annotations(&captures, Options::default()).lines().map(str::to_owned).collect()
        };
        assert_eq!([lines(9).len(), lines(10).len(), lines(11).len(), lines(1000).len()], [9, 10, 10, 10]);
        assert!(!lines(10)[9].contains("more captures"));
        assert_eq!(lines(11)[9], "::error title=and 2 more::2 more captures are no pass; the reports have them all");
    }

    #[test]
    fn names_cannot_write_commands() {
        let name = r#"=\u{1b}[31m<b>|&"'\u{202e}\n"#;
        assert_eq!(
            annotations(&[testing::unreadable()], Options::default()),
            format!(
                "::error file={name}.sr,title=not judged::{name}.sr: not a sigrok session: no 'version' in\\n{name}\n"
            )
        );
    }
}
