//! How many captures pass, and what stops the others.
//!
//! A few counts, without polars: its running total is of polars-ops, which nothing else here needs, and the rest is no shorter.

use std::collections::BTreeMap;

use serde::Serialize;

use super::Counted;
use crate::study::results::ResultView;

/// How many captures came out how.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Yield {
    /// All captures.
    pub captures: u64,
    /// Those that pass.
    pub pass: u64,
    /// Those that fail.
    pub fail: u64,
    /// Those that could not be decided.
    pub inconclusive: u64,
    /// Those that could not be judged.
    pub error: u64,
}

impl Yield {
    /// The share of captures that pass, 0 to 1; none of none.
    #[must_use]
    pub fn share(&self) -> Option<f64> {
        (self.captures > 0).then(|| self.pass as f64 / self.captures as f64)
    }

    fn add(&mut self, verdict: &str) {
        self.captures += 1;
        match verdict {
            "pass" => self.pass += 1,
            "fail" => self.fail += 1,
            "inconclusive" => self.inconclusive += 1,
            _ => self.error += 1,
        }
    }
}

/// A bar of a Pareto chart.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FaultShare {
    /// The fault's id, or that of the quantity.
    pub name: String,
    /// How often.
    pub count: u64,
    /// Its share of all of them, 0 to 1.
    pub share: f64,
    /// The share of it and all that are more frequent.
    pub cumulative: f64,
}

/// What stands for a capture that does not pass, and in which nothing was found.
const NOTHING_FOUND: &str = "(no finding)";

/// Counts of captures and faults.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) total: Yield,
    pub(super) stations: BTreeMap<Option<String>, Yield>,
    pub(super) days: BTreeMap<String, Yield>,
    pub(super) faults: Counted,
    pub(super) failing: Counted,
}

impl Tally {
    pub(super) fn take(&mut self, station: Option<&str>, row: &ResultView<'_>) {
        if row.verdict == Some("fail") {
            add(&mut self.failing, row.id.unwrap_or_default());
        }
        // Each capture has exactly one row of place 0.
        if row.place != 0 {
            return;
        }
        self.total.add(row.capture_verdict);
        match self.stations.get_mut(&station.map(str::to_owned)) {
            Some(known) => known.add(row.capture_verdict),
            None => {
                let mut first = Yield::default();
                first.add(row.capture_verdict);
                self.stations.insert(station.map(str::to_owned), first);
            }
        }
        if let Some(day) = row.taken_at.and_then(|time| time.get(..10)) {
            match self.days.get_mut(day) {
                Some(known) => known.add(row.capture_verdict),
                None => self.days.entry(day.to_owned()).or_default().add(row.capture_verdict),
            }
        }
        if row.capture_verdict != "pass" {
            add(&mut self.faults, row.capture_fault.unwrap_or(NOTHING_FOUND));
        }
    }
}

fn add(counts: &mut Counted, name: &str) {
    match counts.get_mut(name) {
        Some(count) => *count += 1,
        None => {
            counts.insert(name.to_owned(), 1);
        }
    }
}

/// The bars of a Pareto chart, most frequent first, equal ones by name.
pub(super) fn shares(counts: Counted) -> Vec<FaultShare> {
    let total = counts.values().sum::<u64>() as f64;
    let mut counts: Vec<(String, u64)> = counts.into_iter().collect();
    counts.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    let mut so_far = 0;
    (counts.into_iter())
        .map(|(name, count)| {
            so_far += count;
            FaultShare { name, count, share: count as f64 / total, cumulative: so_far as f64 / total }
        })
        .collect()
}
