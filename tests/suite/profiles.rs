//! The built-in profiles, each judged against a simulated capture of its own device, and against one with the fault that
//! is typical of it (`profiles.toml`); and each number of them with its source and standing.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;
use strobecheck::diagnosis::Severity;
use strobecheck::report::Judgement;
use strobecheck::scenario::{Scenario, simulate};
use strobecheck::spec::{PROFILES, Spec, SpecRequest, SpecSource};
use strobecheck::verdict::Verdict;

use crate::support::judging::judged_by;

fn cases() -> Vec<Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/suite/profiles.toml");
    let table: toml::Table = std::fs::read_to_string(path).unwrap().parse().unwrap();
    let cases = serde_json::to_value(&table["profile"]).unwrap();
    cases.as_array().unwrap().clone()
}

fn text<'a>(case: &'a Value, key: &str) -> &'a str {
    case[key].as_str().unwrap_or_else(|| panic!("{key} of {case}"))
}

fn texts<'a>(case: &'a Value, key: &str) -> Vec<&'a str> {
    case[key].as_array().into_iter().flatten().map(|text| text.as_str().unwrap()).collect()
}

fn spec(case: &Value) -> Spec {
    let request = SpecRequest {
        source: Some(SpecSource::Profile(text(case, "name").to_owned())),
        params: texts(case, "params").iter().map(|param| param.parse().unwrap()).collect(),
        wires: texts(case, "wires").iter().map(|wire| wire.parse().unwrap()).collect(),
        limits: texts(case, "limits").iter().map(|limit| limit.parse().unwrap()).collect(),
        columns: Vec::new(),
    };
    request.build(&|_, _| Err(std::io::ErrorKind::NotFound.into())).unwrap_or_else(|e| panic!("{}: {e}", case["name"]))
}

fn judged(case: &Value, fault: &str) -> Judgement {
    let scenario = format!("{}{fault}", text(case, "device"));
    let name = text(case, "name");
    let scenario = Scenario::parse(name, &scenario).unwrap_or_else(|error| panic!("{name}: {error}\n{scenario}"));
    judged_by(&simulate(&scenario).unwrap().capture, &spec(case))
}

/// What came of it, for messages.
pub(crate) fn outcome(judgement: &Judgement) -> String {
    let checks = judgement.checks.iter().filter(|check| check.verdict != Verdict::Pass);
    let checks = checks.map(|check| {
        let worst = check.worst.as_ref().map(|worst| worst.value.to_f64());
        format!("{} {:?} {:?} {:?}", check.quantity.id, check.verdict, check.reason, worst)
    });
    let findings = judgement.findings.iter().map(|finding| format!("{}: {}", finding.fault, finding.summary));
    let reason = judgement.reason.as_deref().unwrap_or_default();
    format!("{:?} {reason}\n    {}", judgement.verdict, checks.chain(findings).collect::<Vec<_>>().join("\n    "))
}

#[test]
fn no_profile_is_forgotten() {
    let cases = cases();
    let tested: BTreeSet<&str> = cases.iter().map(|case| text(case, "name")).collect();
    let built_in: BTreeSet<&str> = PROFILES.iter().map(|profile| profile.name).collect();
    assert_eq!((tested, cases.len()), (built_in, PROFILES.len()));
}

#[test]
fn every_device_passes_its_profile() {
    let mut wrong = Vec::new();
    for case in cases() {
        let judgement = judged(&case, "");
        let alarm = judgement.findings.iter().any(|finding| finding.severity != Severity::Info);
        if judgement.verdict != Verdict::Pass || alarm {
            wrong.push(format!("{}: {}", text(&case, "name"), outcome(&judgement)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_typical_fault_is_found_and_fails() {
    let mut wrong = Vec::new();
    for case in cases() {
        let judgement = judged(&case, &format!("[[fault]]\n{}", text(&case, "fault")));
        let first = judgement.findings.first().map(|finding| finding.fault);
        if judgement.verdict != Verdict::Fail || first != Some(text(&case, "finding")) {
            wrong.push(format!("{}: {}", text(&case, "name"), outcome(&judgement)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What a number rests on: every line with a value says so, or the comment right above it does.
#[test]
fn every_number_of_a_profile_says_what_it_rests_on() {
    let mut silent = Vec::new();
    for profile in PROFILES {
        for number in profile.numbers() {
            if !number.is_stated() && number.standing().is_empty() {
                silent.push(format!("{} {} = {}", profile.name, number.key, number.written));
            }
        }
    }
    assert!(silent.is_empty(), "numbers without a standing:\n{}", silent.join("\n"));
}

#[test]
fn a_value_beyond_the_sensor_is_an_error_with_the_number() {
    let build = |name: &str, params: &[&str]| {
        let params = params.iter().map(|param| param.parse().unwrap()).collect();
        let source = Some(SpecSource::Profile(name.to_owned()));
        let request = SpecRequest { source, params, ..SpecRequest::default() };
        request.build(&|_, _| Err(std::io::ErrorKind::NotFound.into())).map(|_| ()).map_err(|error| error.to_string())
    };
    // 33 333.3 us less 25 rows of 9.1 us.
    assert_eq!(build("ov9282-freerun-30", &["exposure=33.1 ms"]), Ok(()));
    let error = build("ov9282-freerun-30", &["exposure=20 ms, 33.11 ms"]).unwrap_err();
    assert!(error.contains("exposure = 33.11 ms is above the largest, 33.1058333 ms, 1 s / 30 - 25 * row"), "{error}");
    let error = build("ov9282-freerun-30", &["exposure=9 us"]).unwrap_err();
    assert!(error.contains("below the smallest, 9.1 us"), "{error}");
    let error = build("ar0234-trigger-2l", &["fps=31"]).unwrap_err();
    assert!(error.contains("fps = 31 is above the largest, 30"), "{error}");
    // 1/30 s less 1/60 s and 1.6 ms.
    let error = build("ar0234-trigger-2l", &["exposure=15.1 ms"]).unwrap_err();
    assert!(error.contains("above the largest, 15.0666667 ms"), "{error}");
    let error = build("ov9282-freerun-30", &["exposure=20"]).unwrap_err();
    assert!(error.contains("a unit is missing"), "{error}");
}
