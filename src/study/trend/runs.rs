//! A run chart that is thinned as it grows: neighbouring points become one, with the least and the greatest of them.

use super::CheckVerdict;

/// Neighbouring values of a run chart.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Run {
    /// The place of the first of them, from 0.
    pub first: u64,
    /// How many they are.
    pub count: u64,
    /// The time of the first, in seconds since 1970; none where it is not known.
    pub time: Option<i64>,
    /// The least.
    pub min: f64,
    /// The greatest.
    pub max: f64,
    /// Their mean.
    pub mean: f64,
    /// How many of their checks failed.
    pub failed: u64,
    /// How many could not be decided.
    pub open: u64,
}

/// A run chart of at most 1024 points.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Runs {
    /// In the order of time.
    pub runs: Vec<Run>,
    per_run: u64,
}

const MOST: usize = 1024;

impl Runs {
    pub(super) fn take(&mut self, place: u64, time: Option<i64>, value: f64, verdict: CheckVerdict) {
        self.per_run = self.per_run.max(1);
        let (failed, open) = match verdict {
            CheckVerdict::Pass => (0, 0),
            CheckVerdict::Fail => (1, 0),
            CheckVerdict::Other => (0, 1),
        };
        match self.runs.last_mut().filter(|last| last.count < self.per_run) {
            Some(last) => {
                last.mean += (value - last.mean) / (last.count + 1) as f64;
                last.count += 1;
                last.min = last.min.min(value);
                last.max = last.max.max(value);
                last.failed += failed;
                last.open += open;
            }
            None => {
                if self.runs.len() == MOST {
                    self.halve();
                }
                self.runs.push(Run { first: place, count: 1, time, min: value, max: value, mean: value, failed, open });
            }
        }
    }

    fn halve(&mut self) {
        let merged = self.runs.chunks(2).filter_map(|pair| match pair {
            [a, b] => {
                let count = a.count + b.count;
                let mean = (a.mean * a.count as f64 + b.mean * b.count as f64) / count as f64;
                let (failed, open) = (a.failed + b.failed, a.open + b.open);
                Some(Run { count, mean, min: a.min.min(b.min), max: a.max.max(b.max), failed, open, ..*a })
            }
            [one] => Some(*one),
            [..] => None,
        });
        self.runs = merged.collect();
        self.per_run *= 2;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_run_is_thinned_and_loses_no_extreme() {
        let mut runs = Runs::default();
        for place in 0..10_000_u64 {
            let verdict = if place == 7777 { CheckVerdict::Fail } else { CheckVerdict::Pass };
            runs.take(place, None, if place == 7777 { 99.0 } else { (place % 10) as f64 }, verdict);
        }
        assert!(runs.runs.len() <= MOST && runs.runs.len() > MOST / 2 - 1, "{}", runs.runs.len());
        assert_eq!(runs.runs.iter().map(|run| run.count).sum::<u64>(), 10_000);
        let extreme = runs.runs.iter().find(|run| run.max > 90.0).unwrap();
        assert!((extreme.first..extreme.first + extreme.count).contains(&7777));
        assert_eq!((extreme.failed, runs.runs.iter().map(|run| run.failed).sum::<u64>()), (1, 1));
        let mean = runs.runs.iter().map(|run| run.mean * run.count as f64).sum::<f64>() / 10_000.0;
        assert!((mean - (4.5 + (99.0 - 7.0) / 10_000.0)).abs() < 1e-9);
    }
}
