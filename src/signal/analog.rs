//! A line read from an analog channel: the samples past a threshold.
//!
//! A signal that rises slowly and carries noise crosses a threshold many times. With a hysteresis *h*, an edge is one
//! after which the signal goes on to h/2 past the threshold; it is placed at the first sample past the threshold itself.
//! As long as the noise stays below h/2, the signal without its noise crossed the threshold after the last sample that
//! lay h/2 or more on the other side, and no later than the first that lay h/2 past it. How far these lie from the edge, beyond
//! the sample that every edge may be off by, is the line's *slack*.

use super::Level;
use crate::units::Rational;

/// What an analog channel shows as a line.
#[derive(Debug, Clone, PartialEq)]
pub struct AnalogTrace {
    /// The bit of the probe that stands for it.
    pub bit: u32,
    /// The threshold, in the channel's unit.
    pub threshold: f64,
    /// How many samples an edge may be off, beyond the one that every edge may be.
    pub slack: u64,
    /// The channel itself, for drawing.
    pub outline: Outline,
}

/// The least and the greatest value of a channel in columns of samples.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Outline {
    /// How many samples a column holds; at least 1.
    pub per_column: u64,
    /// How many samples before sample 0 of the capture the first column begins: above 0 in a window.
    pub before: u64,
    /// Least and greatest value of each column; where samples are lost, the column may hold fewer, or is none.
    pub columns: Vec<Option<(f32, f32)>>,
}

/// An outline has at most so many columns: more than any figure has px, so that a part of it can be enlarged.
const MOST_COLUMNS: u64 = 1 << 16;

impl Outline {
    fn of_length(samples: u64) -> Outline {
        Outline { per_column: samples.div_ceil(MOST_COLUMNS).max(1), before: 0, columns: Vec::new() }
    }

    fn add(&mut self, at: u64, value: f32) {
        let column = usize::try_from(at / self.per_column).unwrap_or(usize::MAX);
        if column >= MOST_COLUMNS as usize {
            return;
        }
        if self.columns.len() <= column {
            self.columns.resize(column + 1, None);
        }
        let seen = &mut self.columns[column];
        *seen = Some(seen.map_or((value, value), |(low, high)| (low.min(value), high.max(value))));
    }
}

/// What a comparator found.
#[derive(Debug, Clone, PartialEq)]
pub struct Compared {
    /// The level at the first sample.
    pub initial: Level,
    /// The samples at which the level changes, in order.
    pub changes: Vec<u64>,
    /// See [`AnalogTrace::slack`].
    pub slack: u64,
    /// The number of samples, those in gaps included.
    pub length: u64,
    /// The channel itself, for drawing.
    pub outline: Outline,
}

/// Compares the samples of a channel with a threshold.
#[derive(Debug)]
pub struct Comparator {
    low: f64,
    threshold: f64,
    high: f64,
    at: u64,
    level: Option<Level>,
    initial: Option<Level>,
    /// The last sample that lay clearly at the present level.
    clear: u64,
    /// The first sample past the threshold since then.
    past: Option<u64>,
    changes: Vec<u64>,
    slack: u64,
    outline: Outline,
}

impl Comparator {
    /// For a channel of about so many samples; threshold and hysteresis are in its unit.
    #[must_use]
    pub fn new(threshold: &Rational, hysteresis: &Rational, samples: u64) -> Comparator {
        let half = hysteresis.half();
        Comparator {
            low: (threshold - &half).to_f64(),
            threshold: threshold.to_f64(),
            high: (threshold + &half).to_f64(),
            at: 0,
            level: None,
            initial: None,
            clear: 0,
            past: None,
            changes: Vec::new(),
            slack: 0,
            outline: Outline::of_length(samples),
        }
    }

    /// The number of changes so far.
    #[must_use]
    pub fn changes(&self) -> usize {
        self.changes.len()
    }

    /// The number of samples so far.
    #[must_use]
    pub fn samples(&self) -> u64 {
        self.at
    }

    /// Goes on with a sample; false where its value is no number: it is a gap of one.
    pub fn sample(&mut self, value: f32) -> bool {
        if !value.is_finite() {
            self.gap(1);
            return false;
        }
        self.outline.add(self.at, value);
        let value = f64::from(value);
        let (level, at) = (self.level, self.at);
        self.at += 1;
        match level {
            // The record begins where it is clear which side of the threshold the signal is on.
            None if self.initial.is_none() && value > self.low && value < self.high => {}
            None => self.begin(if value > self.threshold { Level::High } else { Level::Low }, at),
            Some(Level::Low) => self.compare(value <= self.low, value > self.threshold, value > self.high, at),
            Some(Level::High) => self.compare(value >= self.high, value < self.threshold, value < self.low, at),
        }
        true
    }

    /// So many samples are lost.
    pub fn gap(&mut self, samples: u64) {
        self.at = self.at.saturating_add(samples);
        (self.level, self.past) = (None, None);
    }

    /// What was found.
    #[must_use]
    pub fn finish(self) -> Compared {
        Compared {
            initial: self.initial.unwrap_or(Level::Low),
            changes: self.changes,
            slack: self.slack,
            length: self.at,
            outline: self.outline,
        }
    }

    /// The first sample, or the first behind a gap.
    fn begin(&mut self, level: Level, at: u64) {
        let before = match self.initial {
            None => *self.initial.insert(level),
            Some(initial) if self.changes.len().is_multiple_of(2) => initial,
            Some(initial) => !initial,
        };
        if before != level {
            self.changes.push(at);
        }
        (self.level, self.clear) = (Some(level), at);
    }

    fn compare(&mut self, is_clear: bool, is_past: bool, is_settled: bool, at: u64) {
        if is_clear {
            (self.clear, self.past) = (at, None);
        } else if is_past {
            let edge = *self.past.get_or_insert(at);
            if is_settled {
                self.changes.push(edge);
                self.slack = self.slack.max(edge - self.clear - 1).max(at - edge);
                self.level = self.level.map(|level| !level);
                (self.clear, self.past) = (at, None);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Edges, slack and initial level of these values, at a threshold of 1 with this hysteresis in tenths.
    fn compared(tenths: i128, values: &[f32]) -> (Vec<u64>, u64, Level) {
        let mut comparator = Comparator::new(&Rational::ONE, &Rational::decimal(tenths, -1), values.len() as u64);
        values.iter().for_each(|value| {
            comparator.sample(*value);
        });
        let found = comparator.finish();
        assert_eq!(found.length, values.len() as u64);
        (found.changes, found.slack, found.initial)
    }

    #[test]
    fn an_edge_is_the_first_sample_past_the_threshold() {
        assert_eq!(compared(0, &[0.0, 1.0, 1.1, 2.0, 0.9, 0.0]), (vec![2, 4], 0, Level::Low));
        assert_eq!(compared(0, &[2.0, 0.0]), (vec![1], 0, Level::High));
    }

    #[test]
    fn a_record_that_begins_at_the_threshold_begins_where_it_is_clear() {
        assert_eq!(compared(5, &[0.9, 1.1, 1.3, 0.7]), (vec![3], 0, Level::High));
        assert_eq!(compared(5, &[1.1, 0.9, 1.1]), (vec![], 0, Level::Low));
    }

    #[test]
    fn noise_within_the_hysteresis_makes_no_edge() {
        // From 0.75 to 1.25: only the last rise settles, first past the threshold at sample 4; clear below until 3.
        assert_eq!(compared(5, &[0.0, 1.1, 0.9, 0.7, 1.1, 0.9, 1.2, 1.3, 0.9, 1.1]), (vec![4], 3, Level::Low));
        assert_eq!(compared(0, &[0.0, 1.1, 0.9, 1.1]).0, [1, 2, 3]);
    }

    #[test]
    fn the_window_of_an_edge_reaches_from_clear_to_settled() {
        // Clear until sample 1, past at 5, settled at 6: three samples lie between clear and the edge, one behind it.
        assert_eq!(compared(5, &[0.0, 0.7, 0.8, 0.85, 0.95, 1.05, 1.3]), (vec![5], 3, Level::Low));
    }

    #[test]
    fn behind_a_gap_the_level_is_looked_at_anew() {
        let mut comparator = Comparator::new(&Rational::ONE, &Rational::ZERO, 8);
        assert!(comparator.sample(0.0) && comparator.sample(0.0));
        comparator.gap(3);
        assert!(comparator.sample(2.0) && !comparator.sample(f32::NAN) && comparator.sample(2.0));
        let found = comparator.finish();
        assert_eq!((found.changes, found.length), (vec![5], 8));
        assert_eq!(found.outline.columns[0], Some((0.0, 0.0)));
        assert_eq!((found.outline.columns[3], found.outline.columns[5]), (None, Some((2.0, 2.0))));
    }

    #[test]
    fn an_outline_is_bounded() {
        let mut outline = Outline::of_length(MOST_COLUMNS * 3);
        for at in 0..MOST_COLUMNS * 4 {
            outline.add(at, (at % 3) as f32);
        }
        assert_eq!((outline.columns.len() as u64, outline.columns[7]), (MOST_COLUMNS, Some((0.0, 2.0))));
    }
}
