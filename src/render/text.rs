//! The summary on a terminal, which a person reads in five seconds: the verdict, what is wrong and what to do about it,
//! the checks, and for each that is no pass one sentence.
//!
//! It is styled with ANSI escapes, which the caller strips where they are not wanted; nothing is said by colour alone.
//! No line is wider than 80 columns unless a single word is.

use anstyle::{AnsiColor, Style};

use super::layout::{Align, clip, columns, width, wrap};
use super::words::{
    check_name, checks_with, counted, explanation, finding_subject, time_text, verdict_word, worst_text,
};
use crate::diagnosis::{Finding, Severity};
use crate::escape::{visible, visible_lines};
use crate::report::{CaptureReport, Judgement, Outcome, Overall, RateSource, Report, complete_frames};
use crate::spec::Origin;
use crate::units::{Prefix, Rational, Rounding, Unit, value_text};
use crate::verdict::{Check, Verdict};

/// How much is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Detail {
    /// A line per capture.
    Brief,
    /// What a person needs; of several captures a line each.
    Normal,
    /// All there is, of every capture.
    Full,
}

/// The width of a line.
const WIDTH: usize = 80;
/// What lines below a heading begin with.
const INDENT: &str = "  ";
/// More findings, and more problems, than this are counted unless all is wanted.
const LISTED: usize = 5;
const QUIET: Style = Style::new().dimmed();

/// The summary of a report, in lines.
#[must_use]
pub fn summary(report: &Report, detail: Detail) -> String {
    let mut lines = Vec::new();
    match (report.captures.as_slice(), detail) {
        ([capture], Detail::Normal | Detail::Full) => add_capture(&mut lines, capture, detail),
        (captures, Detail::Full) => {
            for capture in captures {
                add_capture(&mut lines, capture, detail);
                lines.push(String::new());
            }
            add_overview(&mut lines, captures);
        }
        (captures, Detail::Brief | Detail::Normal) => add_overview(&mut lines, captures),
    }
    lines.iter().flat_map(|line| [line.as_str(), "\n"]).collect()
}

fn style(overall: Overall) -> Style {
    let colour = match overall {
        Overall::Pass => AnsiColor::Green,
        Overall::Inconclusive => AnsiColor::Yellow,
        Overall::Fail | Overall::Error => AnsiColor::Red,
    };
    colour.on_default().bold()
}

fn painted(style: Style, text: &str) -> String {
    format!("{style}{text}{style:#}")
}

fn word(overall: Overall) -> String {
    painted(style(overall), verdict_word(overall))
}

/// Text that may hold names, made inert and wrapped, its further lines set in by one step.
fn add_text(lines: &mut Vec<String>, indent: &str, text: &str) {
    lines.extend(wrap(&visible(text), indent, &format!("{indent}{INDENT}"), WIDTH));
}

/// A line for each of several captures, and the verdict over all.
fn add_overview(lines: &mut Vec<String>, captures: &[CaptureReport]) {
    let words = captures.iter().map(|capture| verdict_word(capture.overall()).len()).max().unwrap_or(0);
    let paths = captures.iter().map(|capture| width(&visible(&capture.path))).max().unwrap_or(0).min(WIDTH / 2);
    for capture in captures {
        let overall = capture.overall();
        let path = visible(&capture.path);
        let blanks = " ".repeat(words - verdict_word(overall).len());
        let gap = " ".repeat(paths.saturating_sub(width(&path)) + INDENT.len());
        let start = words + 2 * INDENT.len() + paths.max(width(&path));
        let said = clip(&visible(&in_brief(capture)), WIDTH.saturating_sub(start).max(WIDTH / 4));
        lines.push(format!("{}{blanks}{INDENT}{path}{gap}{said}", word(overall)).trim_end().to_owned());
    }
    if captures.len() == 1 {
        return;
    }
    let kinds = [Overall::Pass, Overall::Fail, Overall::Inconclusive, Overall::Error];
    let counts = kinds.map(|kind| (captures.iter().filter(|capture| capture.overall() == kind).count(), kind.key()));
    let counts: Vec<String> =
        counts.iter().filter(|(count, _)| *count > 0).map(|(count, key)| format!("{count} {key}")).collect();
    let of = counted(captures.len() as u64, "capture");
    lines.push(String::new());
    lines.push(format!("{}{INDENT}{of}: {}", word(Overall::of(captures)), counts.join(", ")));
}

/// What there is to say of a capture in a line.
fn in_brief(capture: &CaptureReport) -> String {
    let judgement = match &capture.outcome {
        Outcome::Judged(judgement) => judgement,
        Outcome::Error(error) => return error.lines().next().unwrap_or_default().to_owned(),
    };
    let faults: Vec<&str> = (judgement.findings.iter())
        .filter(|finding| finding.severity == Severity::Fail)
        .map(|finding| finding.fault)
        .collect();
    let checks = counted(judgement.checks.len() as u64, "check");
    let reason = judgement.reason.clone().unwrap_or_else(|| format!("{checks}, {}", frames_text(judgement)));
    [faults.join(", "), reason].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(": ")
}

fn add_capture(lines: &mut Vec<String>, capture: &CaptureReport, detail: Detail) {
    lines.push(format!("{}{INDENT}{}", word(capture.overall()), visible(&capture.path)));
    let judgement = match &capture.outcome {
        Outcome::Judged(judgement) => judgement,
        Outcome::Error(error) => {
            // It may show a piece of a file, whose columns must stay where they are.
            lines.extend(visible_lines(error).lines().map(|line| format!("{INDENT}{line}")));
            return;
        }
    };
    add_circumstances(lines, judgement, detail);
    add_findings(lines, judgement, detail);
    add_checks(lines, judgement, detail);
    add_explanations(lines, judgement);
    if detail == Detail::Full {
        add_statistics(lines, judgement);
    }
}

/// What was judged, by what, in which state, and what it can decide at best.
fn add_circumstances(lines: &mut Vec<String>, judgement: &Judgement, detail: Detail) {
    let provenance = &judgement.provenance;
    if let Some(reason) = &judgement.reason {
        add_text(lines, INDENT, reason);
    }
    let rate = value_text(provenance.rate.hz(), Unit::Hertz, Rounding::Nearest);
    let source = match provenance.rate_source {
        RateSource::File => "",
        RateSource::Stated => " (as stated)",
    };
    let duration = value_text(&judgement.duration(), Unit::Second, Rounding::Nearest);
    let facts = format!("{rate}{source}, {duration}, {}; judged by {}", frames_text(judgement), judgement.spec_source);
    add_text(lines, INDENT, &facts);
    if let Some(window) = &provenance.window {
        let (from, to) = (time_text(&window.from), time_text(&window.to));
        let first = window.first_sample;
        let text = format!("window {from} .. {to} of the file; times and samples count from its start, sample {first}");
        add_text(lines, INDENT, &text);
    }
    let notes = &provenance.subject;
    let notes =
        [("dut", &notes.dut), ("station", &notes.station), ("operator", &notes.operator), ("note", &notes.note)];
    let notes: Vec<String> =
        notes.iter().filter_map(|(key, note)| Some(format!("{key}: {}", note.as_ref()?))).collect();
    if !notes.is_empty() {
        add_text(lines, INDENT, &notes.join("; "));
    }
    let listed = if detail == Detail::Full { usize::MAX } else { LISTED };
    for problem in provenance.problems.iter().take(listed) {
        add_text(lines, INDENT, problem);
    }
    add_rest(lines, provenance.problems.len().saturating_sub(listed), "problem");
    for sentence in &judgement.capability {
        add_text(lines, INDENT, sentence);
    }
}

fn frames_text(judgement: &Judgement) -> String {
    let observation = &judgement.observation;
    let counts: Vec<String> = match observation.cameras.as_slice() {
        [only] => vec![counted(complete_frames(only), "frame")],
        cameras => (observation.rig.cameras.iter().zip(cameras))
            .map(|(camera, frames)| format!("{} of {}", counted(complete_frames(frames), "frame"), camera.name))
            .collect(),
    };
    counts.join(", ")
}

/// That there is more, which only the full summary lists.
fn add_rest(lines: &mut Vec<String>, rest: usize, noun: &str) {
    if rest > 0 {
        lines.push(painted(QUIET, &format!("{INDENT}and {} more (-v)", counted(rest as u64, noun))));
    }
}

fn add_findings(lines: &mut Vec<String>, judgement: &Judgement, detail: Detail) {
    let listed = if detail == Detail::Full { usize::MAX } else { LISTED };
    for finding in judgement.findings.iter().take(listed) {
        lines.push(String::new());
        lines.push(finding_heading(judgement, finding));
        add_text(lines, INDENT, &finding.summary);
        add_text(lines, INDENT, &finding.evidence);
        let told = if detail == Detail::Full { usize::MAX } else { 1 };
        for cause in finding.causes.iter().take(told) {
            add_text(lines, INDENT, &format!("likely: {cause}"));
        }
        for remedy in finding.remedies.iter().take(told) {
            add_text(lines, INDENT, &format!("do: {remedy}"));
        }
    }
    add_rest(lines, judgement.findings.len().saturating_sub(listed), "finding");
}

/// `fail: late-exposure-change (right, strobe) at 2.75 ms`.
fn finding_heading(judgement: &Judgement, finding: &Finding) -> String {
    let (severity, style) = match finding.severity {
        Severity::Fail => ("fail", style(Overall::Fail)),
        Severity::Warn => ("warning", style(Overall::Inconclusive)),
        Severity::Info => ("info", Style::new().bold()),
    };
    let subject = finding_subject(finding).map(|subject| format!(" ({})", visible(&subject))).unwrap_or_default();
    let place = finding.at.first().map(|&at| format!(" at {}", time_text(&judgement.time(at)))).unwrap_or_default();
    format!("{} {}{subject}{place}", painted(style, &format!("{severity}:")), finding.fault)
}

/// The checks, those that are no pass first. Implied ones that pass are only named, unless all is wanted.
fn add_checks(lines: &mut Vec<String>, judgement: &Judgement, detail: Detail) {
    let groups = [Verdict::Fail, Verdict::Inconclusive, Verdict::Pass];
    let is_folded =
        |check: &Check| detail < Detail::Full && check.verdict == Verdict::Pass && check.origin == Origin::Implied;
    let shown: Vec<&Check> =
        groups.iter().flat_map(|&group| checks_with(judgement, group)).filter(|check| !is_folded(check)).collect();
    let mut rows = vec![["check", "limit", "worst value", "fail", "marg", "of"].map(str::to_owned)];
    rows.extend(shown.iter().map(|check| check_row(judgement, check)));
    // First the limits give way, then the names.
    const FLEXIBLE: [(usize, usize); 2] = [(1, 16), (0, 20)];
    let aligns = [Align::Left, Align::Left, Align::Left, Align::Right, Align::Right, Align::Right];
    let mut laid = columns(&rows, aligns, &FLEXIBLE, WIDTH - INDENT.len()).into_iter();
    lines.push(String::new());
    let heading = laid.next().filter(|_| !shown.is_empty()).unwrap_or_default();
    lines.extend(heading.iter().map(|line| painted(QUIET, &format!("{INDENT}{line}"))));
    let mut group = None;
    for (check, row) in shown.iter().zip(laid) {
        if group.replace(check.verdict) != Some(check.verdict) {
            lines.push(word(check.verdict.into()));
        }
        lines.extend(row.iter().map(|line| format!("{INDENT}{line}")));
    }
    add_folded(
        lines,
        judgement.checks.iter().filter(|check| is_folded(check)).map(|c| check_name(judgement, c)),
        group,
    );
}

fn add_folded(lines: &mut Vec<String>, names: impl Iterator<Item = String>, group: Option<Verdict>) {
    let names: Vec<String> = names.collect();
    if names.is_empty() {
        return;
    }
    if group != Some(Verdict::Pass) {
        lines.push(word(Overall::Pass));
    }
    let count = counted(names.len() as u64, "implied check");
    add_text(lines, INDENT, &format!("and {count}: {}", names.join(", ")));
}

fn check_row(judgement: &Judgement, check: &Check) -> [String; 6] {
    let count = |count: u64| count.to_string();
    let counts = [count(check.failed), count(check.marginal), count(check.measured)];
    let texts = [check_name(judgement, check), check.rule.clone(), worst_text(check)];
    let [name, rule, worst] = texts.map(|text| visible(&text).into_owned());
    let [failed, marginal, measured] = counts;
    [name, rule, worst, failed, marginal, measured]
}

fn add_explanations(lines: &mut Vec<String>, judgement: &Judgement) {
    for verdict in [Verdict::Fail, Verdict::Inconclusive] {
        for check in checks_with(judgement, verdict) {
            let said = explanation(judgement, check).join("; ");
            lines.push(String::new());
            add_text(lines, "", &format!("{}: {said}", check_name(judgement, check)));
        }
    }
}

/// Smallest, mean, largest value and deviation of each check with several values, in one unit per check.
fn add_statistics(lines: &mut Vec<String>, judgement: &Judgement) {
    lines.push(String::new());
    for check in &judgement.checks {
        if let Some(text) = statistics_text(check) {
            add_text(lines, "", &format!("{}: {text}", check_name(judgement, check)));
        }
    }
}

fn statistics_text(check: &Check) -> Option<String> {
    let statistics = check.statistics.as_ref().filter(|_| check.measured > 1)?;
    let [min, mean, max] = [statistics.min, statistics.mean, statistics.max].map(decimal);
    let (min, mean, max) = (min?, mean?, max?);
    let prefix = Prefix::for_value(&min.abs().max(max.abs()), check.quantity.unit);
    let resolution = check.uncertainty.clone().unwrap_or(Rational::ZERO);
    // A tenth of the uncertainty, as wherever a value is printed beside it.
    let places = prefix.places_for(&(&resolution * &Rational::decimal(1, -1)));
    let text = |value: &Rational| prefix.text(value, places, Rounding::Nearest);
    let mut parts = vec![format!("min {}", text(&min)), format!("mean {}", text(&mean)), format!("max {}", text(&max))];
    if let Some(sd) = statistics.sd.and_then(decimal) {
        parts.push(format!("sd {}", text(&sd)));
    }
    Some(parts.join(", "))
}

/// The number that the shortest decimal of a double says; none for what is no number.
fn decimal(value: f64) -> Option<Rational> {
    let text = format!("{value:e}");
    let (digits, exponent) = text.split_once('e')?;
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let mantissa: i128 = format!("{whole}{fraction}").parse().ok()?;
    let exponent: i32 = exponent.parse().ok()?;
    Some(Rational::decimal(mantissa, exponent - i32::try_from(fraction.len()).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::testing;

    /// The summary as it is seen where there is no colour.
    fn plain(captures: Vec<CaptureReport>, detail: Detail) -> String {
        anstream::adapter::strip_str(&summary(&Report { captures }, detail)).to_string()
    }

    #[test]
    fn a_pass_is_quiet() {
        assert_eq!(
            plain(vec![testing::passing()], Detail::Normal),
            "\
PASS  good.sr
  1 MHz, 5 ms, 3 frames; judged by board7.spec.toml
  1 MHz and 100 ppm: ± 1.1 µs on 1 ms

  check       limit       worst value       fail  marg  of
PASS
  frame.time  1 ms ± 1 %  1.0000 ms ± 1 µs     0     0   3
  and 2 implied checks: line.edges (fsin), frame.missing
"
        );
    }

    #[test]
    fn a_fail_says_what_is_wrong_first() {
        let name = r#"=\u{1b}[31m<b>|&"'\u{202e}\n"#;
        let text = plain(vec![testing::failing()], Detail::Normal);
        assert!(text.starts_with(&format!("FAIL  in/{name}.sr\n  1 check of 2 failed\n")), "{text}");
        let finding = text.find("fail: late-exposure-change").unwrap();
        assert!(finding < text.find("limit ").unwrap(), "{text}");
        assert!(text.contains("  likely: the setting takes effect two frames later\n"), "{text}");
        assert!(!text.contains("auto exposure is on"), "{text}");
        assert!(
            text.contains(": 1 of 3 values are outside the\n  limit; worst: 250.0 µs ± 1 µs, 45 µs beyond"),
            "{text}"
        );
        assert!(plain(vec![testing::failing()], Detail::Full).contains("likely: auto exposure is on"));
    }

    #[test]
    fn what_is_undecided_says_what_would_settle_it() {
        let text = plain(vec![testing::inconclusive()], Detail::Normal);
        let end = "\
frame.time: 1 value straddles the limit within the uncertainty; worst:
  1.0000 ms ± 1 µs, on the limit, in frame 1 at 2 ms (samples 2000 to 3000); to
  settle it: the value lies on the limit: no instrument decides

exposure.time: nothing was measured: strobe shows no pulse
";
        assert!(text.ends_with(end), "{text}");
        assert!(text.contains("\nINCONCLUSIVE\n  frame.time "), "{text}");
    }

    #[test]
    fn a_window_and_damage_are_said() {
        let text = plain(vec![testing::damaged()], Detail::Normal);
        assert!(text.contains("1 MHz (as stated), 5 ms, 3 frames"), "{text}");
        assert!(text.contains("window 1.5 s .. 1.505 s of the file;"), "{text}");
        assert!(text.contains("sample\n    1500000") || text.contains("sample 1500000"), "{text}");
        assert!(text.contains("  logic-1-2: bad CRC-32, samples 4500 to 4600 are lost\n"), "{text}");
    }

    #[test]
    fn several_captures_have_a_line_each_and_one_verdict() {
        let captures =
            [testing::passing(), testing::inconclusive(), testing::damaged(), testing::unreadable()].to_vec();
        let text = plain(captures, Detail::Normal);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 6, "{text}");
        assert!(lines[0].starts_with("PASS          good.sr"), "{text}");
        assert!(lines[0].ends_with("  3 checks, 3 frames"), "{text}");
        assert!(lines[1].contains("  2 checks of 2 could not be"), "{text}");
        assert!(lines[3].starts_with("ERROR         =\\u{1b}[31m"), "{text}");
        assert_eq!(lines[5], "ERROR  4 captures: 1 pass, 2 inconclusive, 1 error");
    }

    #[test]
    fn lines_fit_and_hold_no_control_characters() {
        for detail in [Detail::Brief, Detail::Normal, Detail::Full] {
            for capture in [testing::passing(), testing::inconclusive(), testing::damaged(), testing::failing()] {
                let text = plain(vec![capture], detail);
                assert!(text.lines().all(|line| !line.contains(char::is_control)), "{text:?}");
                assert!(text.lines().all(|line| width(line) <= WIDTH), "{text}");
            }
        }
    }

    #[test]
    fn the_full_summary_has_statistics_in_one_unit() {
        let text = plain(vec![testing::failing()], Detail::Full);
        assert!(
            text.contains("frame.time (main): min 1.0000 ms, mean 1.0000 ms, max 1.0000 ms, sd 0.0000 ms\n"),
            "{text}"
        );
        assert!(text.contains(": min 105.0 µs, mean 185.0 µs, max\n  250.0 µs, sd 73.0 µs\n"), "{text}");
    }

    #[test]
    fn decimals_of_doubles_are_what_they_print() {
        for (value, text) in [(1.05e-4, "0.000105"), (-2.0, "-2.000000"), (0.0, "0.000000"), (1e3, "1000.000000")] {
            assert_eq!(decimal(value).unwrap().to_decimal(6, Rounding::Nearest), text);
        }
        assert_eq!(decimal(f64::NAN), None);
    }
}
