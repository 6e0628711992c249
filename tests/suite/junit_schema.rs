//! The JUnit reports keep to the schema by which Jenkins reads test results, junit-10.xsd of its xunit plugin, which is
//! stricter than what GitLab takes: which elements stand in which, and which attributes they have and must have.

use std::path::Path;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// An element: what may stand in it, the attributes that it must have, and those that it may have besides; and whether
/// text may stand in it.
struct Rule {
    name: &'static str,
    children: &'static [&'static str],
    required: &'static [&'static str],
    optional: &'static [&'static str],
    text: bool,
}

const OUTCOME: &[&str] = &["type", "message"];

const RULES: &[Rule] = &[
    Rule {
        name: "testsuites",
        children: &["testsuite"],
        required: &[],
        optional: &["name", "time", "tests", "failures", "errors"],
        text: false,
    },
    Rule {
        name: "testsuite",
        children: &["testsuite", "properties", "testcase", "system-out", "system-err"],
        required: &["name", "tests", "failures", "errors"],
        optional: &["group", "time", "skipped", "timestamp", "hostname", "id", "package", "file", "log", "url"],
        text: false,
    },
    Rule { name: "properties", children: &["property"], required: &[], optional: &[], text: false },
    Rule { name: "property", children: &[], required: &["name", "value"], optional: &[], text: false },
    Rule {
        name: "testcase",
        children: &["skipped", "error", "failure", "system-out", "system-err"],
        required: &["name"],
        optional: &["time", "classname", "group"],
        text: false,
    },
    Rule { name: "skipped", children: &[], required: &[], optional: OUTCOME, text: true },
    Rule { name: "error", children: &[], required: &[], optional: OUTCOME, text: true },
    Rule { name: "failure", children: &[], required: &[], optional: OUTCOME, text: true },
    Rule { name: "system-out", children: &[], required: &[], optional: &[], text: true },
    Rule { name: "system-err", children: &[], required: &[], optional: &[], text: true },
];

fn rule(element: &BytesStart<'_>, parent: Option<&'static Rule>) -> Result<&'static Rule, String> {
    let name = String::from_utf8(element.name().as_ref().to_vec()).unwrap();
    let allowed = parent.map_or(&["testsuites", "testsuite"][..], |rule| rule.children);
    if !allowed.contains(&name.as_str()) {
        return Err(format!("<{name}> in {:?}", parent.map(|rule| rule.name)));
    }
    let rule = RULES.iter().find(|rule| rule.name == name).unwrap();
    let attributes: Vec<String> = (element.attributes())
        .map(|attribute| String::from_utf8(attribute.unwrap().key.as_ref().to_vec()).unwrap())
        .collect();
    let unknown = attributes.iter().find(|name| !rule.required.iter().chain(rule.optional).any(|known| known == name));
    let missing = rule.required.iter().find(|name| !attributes.iter().any(|found| found == *name));
    match (unknown, missing) {
        (Some(unknown), _) => Err(format!("{unknown} of <{name}>")),
        (None, Some(missing)) => Err(format!("<{name}> without {missing}")),
        (None, None) => Ok(rule),
    }
}

/// What in a document breaks the schema.
fn broken(document: &str) -> Result<(), String> {
    let mut reader = Reader::from_str(document);
    let mut open: Vec<&'static Rule> = Vec::new();
    loop {
        match reader.read_event().map_err(|error| error.to_string())? {
            Event::Start(element) => open.push(rule(&element, open.last().copied())?),
            Event::Empty(element) => {
                rule(&element, open.last().copied())?;
            }
            Event::End(_) => {
                open.pop();
            }
            Event::Text(text) => {
                let blank = text.iter().all(u8::is_ascii_whitespace);
                if !blank && open.last().is_none_or(|rule| !rule.text) {
                    return Err(format!("text in {:?}", open.last().map(|rule| rule.name)));
                }
            }
            Event::Eof => return if open.is_empty() { Ok(()) } else { Err("not closed".to_owned()) },
            Event::CData(_)
            | Event::Comment(_)
            | Event::Decl(_)
            | Event::PI(_)
            | Event::DocType(_)
            | Event::GeneralRef(_) => {}
        }
    }
}

#[test]
fn the_reports_keep_to_the_schema() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("reports");
    let reports = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let reports: Vec<_> = reports.filter(|path| path.to_str().unwrap().ends_with(".junit.xml")).collect();
    assert!(reports.len() >= 12);
    for path in reports {
        assert_eq!(broken(&std::fs::read_to_string(&path).unwrap()), Ok(()), "{}", path.display());
    }
}

#[test]
fn what_breaks_the_schema_is_found() {
    let suite = r#"<testsuite name="a" tests="1" failures="0" errors="0">"#;
    for (document, found) in [
        (r#"<testsuites skipped="0"></testsuites>"#.to_owned(), "skipped of <testsuites>"),
        (r#"<testsuite name="a" tests="1" failures="0"></testsuite>"#.to_owned(), "<testsuite> without errors"),
        (format!("{suite}<failure/></testsuite>"), "<failure> in Some(\"testsuite\")"),
        (format!("{suite}text</testsuite>"), "text in Some(\"testsuite\")"),
    ] {
        assert_eq!(broken(&document), Err(found.to_owned()));
    }
}
