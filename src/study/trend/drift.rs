//! Whether single units drift: the slope of a unit's values over time.

use std::collections::HashMap;

use serde::Serialize;

use crate::study::statistics::student_beyond;

/// The sums of a unit's values over time, for a least squares line.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Line {
    count: u64,
    /// In seconds since 1970, less that of the first value.
    origin: i64,
    /// In seconds after the first.
    last: f64,
    mean_time: f64,
    mean_value: f64,
    /// Σ(t − t̄)², Σ(v − v̄)² and Σ(t − t̄)(v − v̄).
    times: f64,
    values: f64,
    products: f64,
}

/// Whether a unit is followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Followed {
    New,
    Known,
    LeftOut,
}

/// What one station or analyzer read of one quantity.
#[derive(Debug, Clone, Default)]
pub(super) struct Group {
    /// By unit.
    pub(super) units: HashMap<u32, Line>,
    /// Of captures whose unit was not stated: each counts as one.
    pub(super) unnamed: Line,
    pub(super) all: Line,
}

impl Group {
    /// Follows a unit by its values; a new one only where there is room. What has no time is not followed.
    pub(super) fn follow(&mut self, unit: Option<u32>, time: i64, value: f64, room: bool) -> Followed {
        if time == i64::MIN {
            return Followed::Known;
        }
        self.all.take(time, value);
        let Some(unit) = unit else {
            self.unnamed.take(time, value);
            return Followed::Known;
        };
        if let Some(line) = self.units.get_mut(&unit) {
            line.take(time, value);
            return Followed::Known;
        }
        if !room {
            return Followed::LeftOut;
        }
        self.units.entry(unit).or_default().take(time, value);
        Followed::New
    }
}

/// The drift of a unit.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct UnitDrift {
    /// The device under test.
    pub dut: String,
    /// How many values it has.
    pub count: u64,
    /// By how much its value rises per day.
    pub per_day: f64,
    /// The standard error of that.
    pub standard_error: f64,
    /// Over how many days.
    pub span_days: f64,
}

const DAY: f64 = 86_400.0;

impl Line {
    pub(super) fn take(&mut self, time: i64, value: f64) {
        if self.count == 0 {
            self.origin = time;
        }
        self.count += 1;
        let count = self.count as f64;
        let time = (time - self.origin) as f64;
        self.last = self.last.max(time);
        let (from_time, from_value) = (time - self.mean_time, value - self.mean_value);
        self.mean_time += from_time / count;
        self.mean_value += from_value / count;
        self.times += from_time * (time - self.mean_time);
        self.values += from_value * (value - self.mean_value);
        self.products += from_time * (value - self.mean_value);
    }

    pub(super) fn count(&self) -> u64 {
        self.count
    }

    pub(super) fn mean(&self) -> f64 {
        self.mean_value
    }

    /// The sum of the squared distances from the mean.
    pub(super) fn squares(&self) -> f64 {
        self.values
    }

    /// With n − 1; 0 of a single value.
    pub(super) fn variance(&self) -> f64 {
        if self.count > 1 { self.values / (self.count - 1) as f64 } else { 0.0 }
    }

    /// The values of both; times are left (Chan, Golub and LeVeque 1979).
    pub(super) fn with_values_of(self, other: &Line) -> Line {
        if self.count == 0 || other.count == 0 {
            return if self.count == 0 { *other } else { self };
        }
        let count = self.count + other.count;
        let apart = other.mean_value - self.mean_value;
        let share = other.count as f64 / count as f64;
        Line {
            count,
            mean_value: self.mean_value + apart * share,
            values: self.values + other.values + apart * apart * self.count as f64 * share,
            ..self
        }
    }

    /// The slope and its standard error, per day; none of fewer than three values, or over less than a day: that a unit
    /// warms up says nothing of days.
    pub(super) fn drift(&self, dut: String) -> Option<UnitDrift> {
        if self.count < 3 || self.times <= 0.0 || self.last < DAY {
            return None;
        }
        let slope = self.products / self.times;
        let left = (self.values - slope * self.products).max(0.0);
        let standard_error = (left / (self.count - 2) as f64 / self.times).sqrt();
        Some(UnitDrift {
            dut,
            count: self.count,
            per_day: slope * DAY,
            standard_error: standard_error * DAY,
            span_days: self.last / DAY,
        })
    }
}

impl UnitDrift {
    /// How many standard errors the slope is away from none; infinite where there is no error.
    #[must_use]
    pub fn significance(&self) -> f64 {
        if self.per_day.abs() > 0.0 { self.per_day.abs() / self.standard_error } else { 0.0 }
    }
}

impl UnitDrift {
    /// The probability that values which do not drift show such a slope.
    pub(super) fn chance(&self) -> f64 {
        student_beyond(self.significance(), self.count.saturating_sub(2))
    }
}

/// The units that drift most surely, at most so many: those whose slope is no chance among as many units (Student's t, and
/// Bonferroni's bound on 5 %).
pub(super) fn most(lines: impl Iterator<Item = UnitDrift>, units: usize) -> Vec<UnitDrift> {
    const MOST: usize = 20;
    let sure = 0.05 / units.max(1) as f64;
    let mut drifts: Vec<UnitDrift> = lines.filter(|drift| drift.chance() < sure).collect();
    drifts.sort_by(|a, b| b.significance().total_cmp(&a.significance()).then_with(|| a.dut.cmp(&b.dut)));
    drifts.truncate(MOST);
    drifts
}

#[cfg(test)]
mod tests {
    use super::*;
    use approx::assert_relative_eq;

    #[test]
    fn a_slope_by_hand() {
        let mut line = Line::default();
        // 1, 3, 2, 5 on four days: slope 1.1, residuals −0.1, 0.8, −1.3, 0.6: Σ = 2.7; √(2.7/2/5).
        for (day, value) in [(0, 1.0), (1, 3.0), (2, 2.0), (3, 5.0)] {
            line.take(1_000_000 + day * 86_400, value);
        }
        let drift = line.drift("u".to_owned()).unwrap();
        assert_relative_eq!(drift.per_day, 1.1, max_relative = 1e-12);
        assert_relative_eq!(drift.standard_error, (2.7_f64 / 2.0 / 5.0).sqrt(), max_relative = 1e-12);
        assert_relative_eq!(drift.span_days, 3.0);
        assert!(most(std::iter::once(drift), 1).is_empty());
    }

    #[test]
    fn minutes_say_nothing_of_days() {
        let of = |apart: i64| {
            let mut line = Line::default();
            (0..4).for_each(|place| line.take(place * apart, place as f64));
            line.drift("u".to_owned()).map(|drift| drift.per_day)
        };
        // A day and a second less.
        assert_eq!((of(300), of(28_799)), (None, None));
        assert_relative_eq!(of(28_800).unwrap(), 3.0);
    }

    #[test]
    fn two_lines_have_the_values_of_both() {
        let of = |values: &[f64]| {
            values.iter().fold(Line::default(), |mut line, value| {
                line.take(0, *value);
                line
            })
        };
        let both = of(&[1.0, 2.0]).with_values_of(&of(&[4.0, 5.0]));
        // Mean 3, distances 2, 1, 1, 2.
        assert_eq!((both.count(), both.mean(), both.squares()), (4, 3.0, 10.0));
        assert_eq!(Line::default().with_values_of(&both).squares().to_bits(), 10.0_f64.to_bits());
    }
}
