//! JUnit XML for CI: a suite per capture, a case per check. No times of day and no durations: the same input gives the
//! same bytes.

use quick_junit::{NonSuccessKind, Property, Report as Junit, TestCase, TestCaseStatus, TestSuite};

use super::words::{check_name, explanation, verdict_word, worst_sentence};
use super::{Imprinting, Options, Render, RenderError, Renderer};
use crate::escape::{visible, visible_lines};
use crate::report::{CaptureReport, Expected, InconclusivePolicy, Judgement, Outcome};
use crate::verdict::{Check, Verdict};

/// The suites of a run.
pub(super) static WHOLE: Renderer = Renderer {
    id: "junit",
    extension: "junit.xml",
    imprinting: Imprinting::MARKUP,
    about: "JUnit XML for CI: a suite per capture, a case per check",
    render: Render::Whole("junit.xml", |report, options| junit(&report.captures, *options)),
};

/// The name of the case that stands for the capture itself, beside its checks.
const CAPTURE_CASE: &str = "capture";

/// Links the page of a capture from each of its cases that is no pass, as GitLab and Jenkins know it.
fn attach(suite: &mut TestSuite, page: &str) {
    for case in &mut suite.test_cases {
        if !matches!(case.status, TestCaseStatus::Success { .. }) {
            let said = case.system_out.as_ref().map(|said| format!("{}\n", said.as_str())).unwrap_or_default();
            case.set_system_out(format!("{said}[[ATTACHMENT|{}]]", visible(page)));
        }
    }
}

/// The name of the case that says whether a capture came as expected.
const EXPECTED_CASE: &str = "verdict as expected";

fn junit(captures: &[CaptureReport], options: Options<'_>) -> Result<Vec<u8>, RenderError> {
    let mut junit = Junit::new(env!("CARGO_PKG_NAME"));
    let mut suites: Vec<TestSuite> = captures.iter().map(|capture| suite(capture, options.inconclusive)).collect();
    for (suite, page) in suites.iter_mut().zip(options.pages) {
        attach(suite, page);
    }
    junit.add_test_suites(suites);
    let mut bytes = Vec::new();
    junit.serialize(&mut bytes)?;
    Ok(without_skips_of_root(bytes))
}

/// The schema that Jenkins holds results to (junit-10.xsd) counts what is skipped per suite, and knows no such count of
/// all suites.
fn without_skips_of_root(bytes: Vec<u8>) -> Vec<u8> {
    let text = String::from_utf8_lossy(&bytes);
    let Some((before, root)) = text.split_once("<testsuites ") else { return bytes };
    let Some((attributes, rest)) = root.split_once('>') else { return bytes };
    let kept: Vec<&str> = attributes.split(' ').filter(|attribute| !attribute.starts_with("skipped=")).collect();
    format!("{before}<testsuites {}>{rest}", kept.join(" ")).into_bytes()
}

fn suite(capture: &CaptureReport, policy: InconclusivePolicy) -> TestSuite {
    let path = visible(&capture.path);
    let mut suite = TestSuite::new(&path);
    let policy = capture.counts_inconclusive(policy);
    match (&capture.outcome, &capture.expected) {
        (Outcome::Judged(judgement), Some(expected)) => {
            add_properties(&mut suite, judgement);
            suite.add_test_case(expected_case(judgement, expected));
        }
        (Outcome::Judged(judgement), None) => {
            add_properties(&mut suite, judgement);
            suite.add_test_cases(judgement.checks.iter().map(|check| check_case(judgement, check, policy)));
            suite.add_test_cases(capture_case(judgement, policy));
            let notes = notes(judgement);
            if !notes.is_empty() {
                suite.set_system_out(notes.join("\n"));
            }
        }
        (Outcome::Error(error), _) => {
            let error = visible_lines(error);
            let first = error.lines().next().unwrap_or_default();
            let status = told(TestCaseStatus::non_success(NonSuccessKind::Error), "error", first, &error);
            suite.add_test_case(TestCase::new(CAPTURE_CASE, status));
        }
    }
    let class = class_name(&path);
    for case in &mut suite.test_cases {
        case.set_classname(&class);
    }
    suite
}

/// Folders as packages and the file as a class of them: Jenkins groups by the last dot.
fn class_name(path: &str) -> String {
    let parts = path.split(['/', '\\']).filter(|part| !matches!(*part, "" | "." | ".."));
    let parts: Vec<String> = parts.map(|part| part.replace('.', "_")).collect();
    parts.join(".")
}

/// The one case of a capture that is held against what is expected of it.
fn expected_case(judgement: &Judgement, expected: &Expected) -> TestCase {
    let text = expected.text();
    let (said, first) = (visible(&text), judgement.findings.first().map(|finding| format!(": {}", finding.fault)));
    let came = format!("{}{}", verdict_word(judgement.verdict.into()), first.unwrap_or_default());
    let status = match expected {
        Expected::Compared(differences) if differences.is_empty() => TestCaseStatus::success(),
        Expected::Compared(_) => {
            told(TestCaseStatus::non_success(NonSuccessKind::Failure), "not-as-expected", &said, &said)
        }
        Expected::Unknown(_) => told(TestCaseStatus::non_success(NonSuccessKind::Error), "error", &said, &said),
    };
    let mut case = TestCase::new(EXPECTED_CASE, status);
    case.set_system_out(came);
    case
}

fn add_properties(suite: &mut TestSuite, judgement: &Judgement) {
    let provenance = &judgement.provenance;
    let subject = &provenance.subject;
    suite.add_property(Property::new("sha256", &provenance.sha256));
    suite.add_property(Property::new("spec", visible(&judgement.spec_source)));
    let notes = [
        ("dut", &subject.dut),
        ("station", &subject.station),
        ("operator", &subject.operator),
        ("note", &subject.note),
    ];
    for (name, note) in notes {
        suite.add_properties(note.iter().map(|note| Property::new(name, visible(note))));
    }
}

fn check_case(judgement: &Judgement, check: &Check, policy: InconclusivePolicy) -> TestCase {
    let name = visible(&check_name(judgement, check)).into_owned();
    let mut lines = vec![format!("rule: {}", check.rule)];
    lines.extend(explanation(judgement, check));
    let explaining = judgement.findings.iter().filter(|finding| finding.explains.contains(&check.quantity.id));
    lines.extend(explaining.map(|finding| format!("{}: {}", finding.fault, finding.summary)));
    let message = lines.get(1..).and_then(|said| said.get(..said.len().min(2))).unwrap_or_default().join("; ");
    let mut case = case(&name, check.verdict, &message, &lines, policy);
    // A CI that keeps them draws values as they go from run to run.
    if case.system_out.is_none()
        && let Some(worst) = worst_sentence(judgement, check)
    {
        case.set_system_out(visible(&worst));
    }
    case
}

/// The case of the capture itself: where it is no pass, and no check of it says so.
fn capture_case(judgement: &Judgement, policy: InconclusivePolicy) -> Option<TestCase> {
    let said = judgement.checks.iter().any(|check| check.verdict == judgement.verdict);
    if judgement.verdict == Verdict::Pass || said {
        return None;
    }
    let reason = judgement.reason.clone().unwrap_or_else(|| verdict_word(judgement.verdict.into()).to_lowercase());
    let lines: Vec<String> = std::iter::once(reason.clone()).chain(judgement.provenance.problems.clone()).collect();
    Some(case(CAPTURE_CASE, judgement.verdict, &reason, &lines, policy))
}

fn case(name: &str, verdict: Verdict, message: &str, lines: &[String], policy: InconclusivePolicy) -> TestCase {
    let message = visible(message);
    let text = lines.iter().map(|line| visible(line)).collect::<Vec<_>>().join("\n");
    let open = |status| TestCase::new(name, told(status, "inconclusive", &message, &text));
    let (failure, error) = (NonSuccessKind::Failure, NonSuccessKind::Error);
    match (verdict, policy) {
        (Verdict::Pass, _) => TestCase::new(name, TestCaseStatus::success()),
        (Verdict::Fail, _) => TestCase::new(name, told(TestCaseStatus::non_success(failure), "fail", &message, &text)),
        (Verdict::Inconclusive, InconclusivePolicy::AsIs) => open(TestCaseStatus::non_success(error)),
        (Verdict::Inconclusive, InconclusivePolicy::Fail) => open(TestCaseStatus::non_success(failure)),
        (Verdict::Inconclusive, InconclusivePolicy::Pass) => {
            let mut case = TestCase::new(name, TestCaseStatus::success());
            case.set_system_out(format!("inconclusive, and counted as a pass as asked for\n{text}"));
            case
        }
        (Verdict::Inconclusive, InconclusivePolicy::Skip) => open(TestCaseStatus::skipped()),
    }
}

fn told(mut status: TestCaseStatus, ty: &str, message: &str, text: &str) -> TestCaseStatus {
    status.set_type(ty).set_message(message).set_description(text);
    status
}

/// Every finding with its first remedy, and every problem of the record.
fn notes(judgement: &Judgement) -> Vec<String> {
    let findings = judgement.findings.iter().flat_map(|finding| {
        let what = format!("{}: {} ({})", finding.fault, finding.summary, finding.evidence);
        std::iter::once(what).chain(finding.explanations.first().map(|first| format!("  do: {}", first.remedy)))
    });
    let lines = findings.chain(judgement.provenance.problems.iter().cloned());
    lines.map(|line| visible(&line).into_owned()).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use quick_xml::events::{BytesStart, Event};
    use quick_xml::{Reader, XmlVersion};

    use super::*;
    use crate::report::testing;

    /// What an XML reader finds: per element its name and attributes, and the texts between them.
    #[derive(Debug, Default)]
    struct Read {
        elements: Vec<(String, Vec<(String, String)>)>,
        text: String,
    }

    impl Read {
        fn all(&self, element: &str, attribute: &str) -> Vec<&str> {
            let wanted = self.elements.iter().filter(|(name, _)| name == element);
            wanted
                .flat_map(|(_, attributes)| attributes.iter().filter(|(key, _)| key == attribute))
                .map(|(_, v)| v.as_str())
                .collect()
        }
    }

    fn read(captures: &[CaptureReport], policy: InconclusivePolicy) -> Read {
        let bytes = junit(captures, Options { inconclusive: policy, ..Options::default() }).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        // What XML 1.0 allows, without the discouraged C1 controls.
        assert!(
            text.chars().all(|c| c == '\n' || (!c.is_control() && !matches!(c, '\u{fffe}' | '\u{ffff}'))),
            "{text}"
        );
        let mut reader = Reader::from_str(&text);
        let mut found = Read::default();
        loop {
            match reader.read_event().unwrap() {
                Event::Start(element) | Event::Empty(element) => found.elements.push(attributes(&element)),
                Event::Text(text) => found.text.push_str(&text.decode().unwrap()),
                Event::GeneralRef(name) => found.text.push_str(&format!("&{};", name.decode().unwrap())),
                Event::Eof => return found,
                Event::End(_)
                | Event::CData(_)
                | Event::Comment(_)
                | Event::Decl(_)
                | Event::PI(_)
                | Event::DocType(_) => {}
            }
        }
    }

    fn attributes(element: &BytesStart<'_>) -> (String, Vec<(String, String)>) {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        let attributes = element.attributes().map(|attribute| {
            let attribute = attribute.unwrap();
            (text(attribute.key.as_ref()), attribute.normalized_value(XmlVersion::Explicit1_0).unwrap().into_owned())
        });
        (text(element.name().as_ref()), attributes.collect())
    }

    #[test]
    fn a_failure_says_by_how_much_and_where() {
        let found = read(&[testing::failing()], InconclusivePolicy::AsIs);
        let shown = r#"=\u{1b}[31m<b>|&"'\u{202e}\n"#;
        assert_eq!(found.all("testsuite", "name"), [format!("in/{shown}.sr")]);
        assert_eq!(found.all("testcase", "name"), ["frame.time (main)".to_owned(), format!("exposure.time ({shown})")]);
        assert_eq!(
            found.all("failure", "message"),
            ["1 of 3 values are outside the limit; worst: 150.0 µs ± 1 µs, 45 µs beyond its limit \
              100 us ± 5 us, in frame 1 at 2.85 ms (samples 2850 to 3000)"]
        );
        for (attribute, count) in [("tests", "2"), ("failures", "1"), ("errors", "0"), ("skipped", "0")] {
            assert_eq!(found.all("testsuite", attribute), [count], "{attribute}");
        }
        assert!(found.text.contains("rule: [200 us ± 5 us, 100 us ± 5 us]"), "{}", found.text);
        assert!(found.text.contains("do: set the exposure two frames earlier"), "{}", found.text);
        assert!(found.all("testcase", "time").is_empty() && found.all("testsuite", "timestamp").is_empty());
    }

    #[test]
    fn an_inconclusive_is_what_the_policy_makes_of_it() {
        use InconclusivePolicy::{AsIs, Fail, Pass, Skip};
        for (policy, [failures, errors, skipped]) in
            [(AsIs, ["0", "2", "0"]), (Fail, ["2", "0", "0"]), (Pass, ["0", "0", "0"]), (Skip, ["0", "0", "2"])]
        {
            let found = read(&[testing::inconclusive()], policy);
            assert_eq!(found.all("testcase", "name"), ["frame.time", "exposure.time"], "{policy:?}");
            assert_eq!(found.all("testsuite", "failures"), [failures], "{policy:?}");
            assert_eq!(found.all("testsuite", "errors"), [errors], "{policy:?}");
            assert_eq!(found.all("testsuite", "skipped"), [skipped], "{policy:?}");
            assert!(found.text.contains("no instrument decides"), "{policy:?}: {}", found.text);
        }
    }

    #[test]
    fn cases_are_grouped_by_folder_and_capture() {
        for (path, class) in [
            ("captures/v1.2/seed-pass.sr", "captures.v1_2.seed-pass_sr"),
            ("/data/x.sr", "data.x_sr"),
            ("..\\in/./x.sr", "in.x_sr"),
            ("-", "-"),
        ] {
            assert_eq!(class_name(path), class);
        }
    }

    #[test]
    fn values_stand_in_passing_cases_and_pages_in_those_that_are_no_pass() {
        let pages = ["out/a.html".to_owned(), "out/b.html".to_owned()];
        let options = Options { pages: &pages, ..Options::default() };
        let text = String::from_utf8(junit(&[testing::passing(), testing::failing()], options).unwrap()).unwrap();
        assert!(text.contains("<system-out>1.0000 ms ± 1 µs, 10 µs inside the limit, in frame"), "{text}");
        assert!(!text.contains("out/a.html") && text.matches("[[ATTACHMENT|out/b.html]]").count() == 1, "{text}");
        let text = String::from_utf8(junit(&[testing::failing()], Options::default()).unwrap()).unwrap();
        assert!(!text.contains("ATTACHMENT"), "{text}");
    }

    #[test]
    fn a_capture_that_cannot_pass_has_a_case_of_its_own() {
        let found = read(&[testing::passing(), testing::damaged(), testing::unreadable()], InconclusivePolicy::AsIs);
        assert_eq!(
            found.all("testcase", "name"),
            ["line.edges (fsin)", "frame.time", "frame.missing", "frame.time", "capture", "capture"]
        );
        assert_eq!(found.all("error", "type"), ["inconclusive", "error"]);
        assert_eq!(found.all("error", "message"), ["the capture is damaged", "not a sigrok session: no 'version' in"]);
        assert_eq!(found.all("testsuites", "errors"), ["2"]);
    }

    proptest! {
        #[test]
        fn any_name_is_well_formed(name in any::<String>()) {
            let found = read(&[testing::failing_with(&name)], InconclusivePolicy::AsIs);
            let expected = format!("exposure.time ({})", visible(&name));
            prop_assert_eq!(found.all("testcase", "name"), ["frame.time (main)", expected.as_str()]);
        }
    }
}
