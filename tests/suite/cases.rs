//! Captures that were once judged wrong, each with what is right: `tests/cases/right.toml`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use rayon::iter::{IntoParallelIterator as _, ParallelIterator as _};
use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Right {
    /// What is not right yet, by name.
    pending: BTreeSet<String>,
    verdicts: BTreeMap<String, Case>,
    damage: BTreeMap<String, Case>,
}

/// What is right for a call.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    call: Option<Vec<String>>,
    spec: Option<String>,
    #[serde(default)]
    args: Vec<String>,
    exit: Vec<i32>,
    #[serde(default)]
    checks: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    at_least: BTreeMap<String, f64>,
    #[serde(default)]
    findings: Vec<String>,
    #[serde(default)]
    no_findings: Vec<String>,
    #[serde(default)]
    says: Vec<String>,
    #[serde(default)]
    never_says: Vec<String>,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases")
}

fn run(folder: &Path, arguments: &[String]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_strobecheck")).current_dir(folder).args(arguments).output().unwrap()
}

/// Without the ends of lines, at which a text may be broken anywhere.
fn text(output: &Output) -> String {
    let printed = [&output.stdout[..], &output.stderr[..]].concat();
    String::from_utf8_lossy(&printed).lines().map(str::trim).collect::<Vec<&str>>().join(" ")
}

impl Case {
    fn call(&self, name: &str) -> Vec<String> {
        if let Some(call) = &self.call {
            return call.clone();
        }
        let mut call = vec!["verify".to_owned(), format!("{name}.sr"), "--no-report".to_owned()];
        match self.spec.as_deref().unwrap_or(name) {
            "" => {}
            spec => call.extend(["--spec".to_owned(), format!("{spec}.spec.toml")]),
        }
        call.extend(self.args.iter().cloned());
        call
    }

    /// What is wrong with what is said of it.
    fn wrong(&self, folder: &Path, name: &str) -> Vec<String> {
        let call = self.call(name);
        let mut wrong = Vec::new();
        let read = !(self.checks.is_empty() && self.at_least.is_empty());
        if read || !(self.findings.is_empty() && self.no_findings.is_empty()) {
            let output = run(folder, &[&call[..], &["--json".to_owned()]].concat());
            let report: Value = serde_json::from_slice(&output.stdout).unwrap();
            self.report_wrong(&report["captures"][0], &mut wrong);
        }
        let output = run(folder, &call);
        let (said, code) = (text(&output), output.status.code());
        if !code.is_some_and(|code| self.exit.contains(&code)) {
            wrong.push(format!("exit {code:?}, not {:?}", self.exit));
        }
        wrong
            .extend(self.says.iter().filter(|text| !said.contains(*text)).map(|text| format!("does not say {text:?}")));
        wrong.extend(self.never_says.iter().filter(|text| said.contains(*text)).map(|text| format!("says {text:?}")));
        wrong
    }

    fn report_wrong(&self, report: &Value, wrong: &mut Vec<String>) {
        let checks = report["checks"].as_array().unwrap();
        let of = |id: &str| checks.iter().filter(move |check| check["id"] == id).collect::<Vec<&Value>>();
        for (id, right) in &self.checks {
            let verdicts: Vec<&str> = of(id).iter().filter_map(|check| check["verdict"].as_str()).collect();
            let worst = ["fail", "inconclusive", "pass"].into_iter().find(|verdict| verdicts.contains(verdict));
            if !worst.is_some_and(|worst| right.iter().any(|verdict| verdict == worst)) {
                wrong.push(format!("{id}: {worst:?}, not {right:?}"));
            }
        }
        for (id, least) in &self.at_least {
            let value = of(id).iter().filter_map(|check| check["worst"]["value"].as_f64()).reduce(f64::max);
            if !value.is_some_and(|value| value >= *least) {
                wrong.push(format!("{id}: {value:?}, not {least} or more"));
            }
        }
        let findings = report["findings"].as_array().unwrap();
        let found = |fault: &str| findings.iter().any(|finding| finding["fault"] == fault);
        wrong.extend(self.findings.iter().filter(|fault| !found(fault)).map(|fault| format!("{fault} is not found")));
        wrong.extend(self.no_findings.iter().filter(|fault| found(fault)).map(|fault| format!("{fault} is found")));
    }
}

#[test]
fn every_case_is_judged_right() {
    let path = folder().join("right.toml");
    let right: Right =
        toml::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap_or_else(|error| panic!("{error}"));
    let verdicts = right.verdicts.iter().map(|case| ("verdicts", case));
    let damage = right.damage.iter().map(|case| ("damage", case));
    let cases: Vec<(&str, (&String, &Case))> = verdicts.chain(damage).collect();
    let judged: BTreeMap<&String, Vec<String>> =
        cases.into_par_iter().map(|(place, (name, case))| (name, case.wrong(&folder().join(place), name))).collect();
    let pending = |name: &String| right.pending.contains(name);
    let told = |(name, wrong): (&&String, &Vec<String>)| format!("{name}: {}\n", wrong.join("; "));
    let wrong: String = judged.iter().filter(|(name, wrong)| !wrong.is_empty() && !pending(name)).map(told).collect();
    assert!(wrong.is_empty(), "not right:\n{wrong}");
    let done: Vec<&&String> =
        judged.iter().filter(|(name, wrong)| wrong.is_empty() && pending(name)).map(|(name, _)| name).collect();
    assert!(done.is_empty(), "right now, so no longer pending in {}: {done:?}", path.display());
    let unknown: Vec<&String> = right.pending.iter().filter(|name| !judged.contains_key(name)).collect();
    assert!(unknown.is_empty(), "pending, and no case: {unknown:?}");
}

#[test]
fn every_file_of_the_cases_is_used() {
    let text = std::fs::read_to_string(folder().join("right.toml")).unwrap();
    let right: Right = toml::from_str(&text).unwrap();
    for (place, cases) in [("verdicts", &right.verdicts), ("damage", &right.damage)] {
        let calls: Vec<String> = cases.iter().flat_map(|(name, case)| case.call(name)).collect();
        for entry in std::fs::read_dir(folder().join(place)).unwrap() {
            let file = entry.unwrap().file_name().into_string().unwrap();
            assert!(calls.contains(&file), "no case uses {place}/{file}");
        }
    }
}
