//! What came of faults and of good captures, counted.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::{alarms, cases, clean, in_parallel, judge};

/// What came of one faulty capture.
struct Outcome {
    name: &'static str,
    number: u64,
    rate: f64,
    expected: &'static str,
    findings: Vec<&'static str>,
}

impl Outcome {
    fn is_found(&self) -> bool {
        self.findings.contains(&self.expected)
    }

    fn is_first(&self) -> bool {
        self.findings.first() == Some(&self.expected)
    }
}

pub(super) struct Matrix {
    faulty: Vec<Outcome>,
    /// The name and number of good captures that were not quiet, with the findings.
    alarmed: Vec<String>,
    clean: u64,
    clean_passed: u64,
}

impl Matrix {
    pub(super) fn of(count: u64) -> Matrix {
        let faulty = in_parallel(count, |number| {
            let (name, case) = cases::case(number);
            let findings = judge(&case.bench).findings.iter().map(|finding| finding.fault).collect();
            Outcome { name, number, rate: case.bench.rate, expected: case.expected, findings }
        });
        let quiet = in_parallel(count, |number| {
            let (name, bench) = clean::case(number);
            let judgement = judge(&bench);
            let mut alarms: Vec<&str> = alarms(&judgement).iter().map(|finding| finding.fault).collect();
            // A rig that fails is no good one: then the bench is wrong.
            alarms.extend((judgement.verdict == strobecheck::verdict::Verdict::Fail).then_some("the verdict is fail"));
            let passed = judgement.verdict == strobecheck::verdict::Verdict::Pass;
            ((!alarms.is_empty()).then(|| format!("{name} ({number}): {}", alarms.join(", "))), passed)
        });
        let clean_passed = quiet.iter().filter(|(_, passed)| *passed).count() as u64;
        Matrix {
            faulty,
            alarmed: quiet.into_iter().filter_map(|(alarm, _)| alarm).collect(),
            clean: count,
            clean_passed,
        }
    }

    fn share(&self, holds: fn(&Outcome) -> bool) -> f64 {
        self.faulty.iter().filter(|outcome| holds(outcome)).count() as f64 / self.faulty.len() as f64
    }

    pub(super) fn found(&self) -> f64 {
        self.share(Outcome::is_found)
    }

    pub(super) fn first(&self) -> f64 {
        self.share(Outcome::is_first)
    }

    pub(super) fn false_alarms(&self) -> String {
        self.alarmed.join("\n")
    }

    /// The faulty captures whose fault did not come first, for the one who mends it.
    pub(super) fn misses(&self) -> String {
        let missed = self.faulty.iter().filter(|outcome| !outcome.is_first());
        let line =
            |o: &Outcome| format!("- {} ({}, {} Hz): {:?} for {}\n", o.name, o.number, o.rate, o.findings, o.expected);
        missed.map(line).collect()
    }

    /// The matrix as Markdown: each fault as it was put in, and what came first of it.
    pub(super) fn text(&self) -> String {
        let mut text = format!(
            "# What is found of which fault\n\n\
             {} captures with a fault, {} without, made by `STROBECHECK_CONFUSION={} cargo test --test suite diagnosis::`: sample rates from \
             200 kHz to 24 MHz, 30 to 120 frames a second, both alignments, with and without FSIN and flash, and severities and \
             places at random.\n\n\
             - the fault is among the findings: {:.2} %\n- it is the first of them: {:.2} %\n- good captures with a finding of severity fail or \
             warn: {}\n- good captures that pass: {}\n\n",
            self.faulty.len(),
            self.clean,
            self.faulty.len(),
            self.found() * 100.0,
            self.first() * 100.0,
            self.alarmed.len(),
            self.clean_passed,
        );
        text.push_str("| fault, as it was made | finding | captures | found | first | otherwise first |\n|---|---|--:|--:|--:|---|\n");
        for (name, expected, _) in cases::MAKERS {
            let of_it: Vec<&Outcome> = self.faulty.iter().filter(|outcome| outcome.name == *name).collect();
            let count = |holds: fn(&Outcome) -> bool| of_it.iter().filter(|outcome| holds(outcome)).count();
            let mut others: BTreeMap<&str, usize> = BTreeMap::new();
            for outcome in of_it.iter().filter(|outcome| !outcome.is_first()) {
                *others.entry(outcome.findings.first().copied().unwrap_or("nothing")).or_default() += 1;
            }
            let others: Vec<String> = others.iter().map(|(fault, count)| format!("{fault} {count}")).collect();
            let _written = writeln!(
                text,
                "| {name} | {expected} | {} | {} | {} | {} |",
                of_it.len(),
                count(Outcome::is_found),
                count(Outcome::is_first),
                others.join(", ")
            );
        }
        text.push_str("\n| sample rate | captures | found | first |\n|--:|--:|--:|--:|\n");
        for rate in super::bench::RATES {
            let of_it: Vec<&Outcome> = self.faulty.iter().filter(|outcome| (outcome.rate - rate).abs() < 1.0).collect();
            let count = |holds: fn(&Outcome) -> bool| of_it.iter().filter(|outcome| holds(outcome)).count();
            let _written = writeln!(
                text,
                "| {} kHz | {} | {} | {} |",
                rate / 1e3,
                of_it.len(),
                count(Outcome::is_found),
                count(Outcome::is_first)
            );
        }
        let misses = self.misses();
        if !misses.is_empty() {
            let _written = write!(text, "\nNot first, by the number of the case:\n\n{misses}");
        }
        text.push_str("\n| good captures | captures |\n|---|--:|\n");
        for (place, (name, _)) in (0_u64..).zip(clean::MAKERS) {
            let kinds = clean::MAKERS.len() as u64;
            let _written = writeln!(text, "| {name} | {} |", (self.clean + kinds - 1 - place) / kinds);
        }
        text
    }
}
