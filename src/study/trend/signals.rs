//! Nelson's rules 1 to 4: what a process that does not change shows so seldom that it is looked for (Nelson, Journal of
//! Quality Technology 16, 1984).
//!
//! The centre line is known only at the end, and values are not kept. So of the rules that need it the points are kept that
//! break it most: a point breaks rule 2 if the least of it and the eight before lies above the centre, or the greatest below.

use super::ControlLimits;

/// A value that lies far out, and where it comes from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Extreme {
    /// Its place in the series, from 0.
    pub place: u64,
    /// When its capture was taken, in seconds since 1970; none where it is not known.
    pub time: Option<i64>,
    /// The first eight bytes of the SHA-256 of the capture.
    pub capture: u64,
    /// The value.
    pub value: f64,
}

/// A rule of Nelson's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NelsonRule {
    /// A point beyond the control limits, three standard deviations away.
    Beyond,
    /// Nine points in a row on one side of the centre line.
    OneSide,
    /// Six points in a row that rise, or fall.
    Trend,
    /// Fourteen points in a row, up and down in turn.
    Alternating,
}

impl NelsonRule {
    /// Its number.
    #[must_use]
    pub fn number(self) -> u8 {
        match self {
            NelsonRule::Beyond => 1,
            NelsonRule::OneSide => 2,
            NelsonRule::Trend => 3,
            NelsonRule::Alternating => 4,
        }
    }

    /// What it is about.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            NelsonRule::Beyond => "beyond the control limits",
            NelsonRule::OneSide => "nine in a row on one side of the centre",
            NelsonRule::Trend => "six in a row that rise or fall",
            NelsonRule::Alternating => "fourteen in a row up and down",
        }
    }
}

/// How often a rule is broken.
#[derive(Debug, Clone, PartialEq)]
pub struct Signal {
    /// Which one.
    pub rule: NelsonRule,
    /// The points that break it: the last one of each row of points.
    pub count: u64,
    /// There may be more: only so many are kept.
    pub at_least: bool,
    /// The places of some of them, in their order.
    pub places: Vec<u64>,
}

/// So many points of a rule are kept at either end.
pub(super) const MOST: usize = 50;

/// What is nearer to the centre than this share of the way to the control limits lies on it.
const ON_THE_CENTRE: f64 = 1e-9;

const ONE_SIDE: usize = 9;
const RISING: u32 = 6;
const ALTERNATING: u32 = 14;

/// Points of a series as they come.
#[derive(Debug, Default)]
pub(super) struct Signals {
    least: Vec<Extreme>,
    greatest: Vec<Extreme>,
    /// The last points, at most nine.
    last: Vec<f64>,
    /// The highest of the least of nine, and the lowest of the greatest.
    above: Vec<Extreme>,
    below: Vec<Extreme>,
    rising: u32,
    falling: u32,
    alternating: u32,
    /// Whether the last step went up; none where it went nowhere.
    up: Option<bool>,
    trend: Streak,
    turns: Streak,
}

/// Points that break a rule which knows no centre.
#[derive(Debug, Default)]
struct Streak {
    count: u64,
    places: Vec<u64>,
}

impl Streak {
    fn take(&mut self, place: u64) {
        self.count += 1;
        if self.places.len() < MOST {
            self.places.push(place);
        }
    }

    fn signal(self, rule: NelsonRule) -> Signal {
        Signal { rule, count: self.count, at_least: false, places: self.places }
    }
}

impl Signals {
    /// Takes the next point.
    pub(super) fn take(&mut self, point: Extreme) {
        keep(&mut self.least, point, |a, b| a < b);
        keep(&mut self.greatest, point, |a, b| a > b);
        self.step(point);
        if self.last.len() == ONE_SIDE {
            self.last.remove(0);
        }
        self.last.push(point.value);
        if self.last.len() == ONE_SIDE {
            let (least, most) =
                self.last.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), v| (a.min(*v), b.max(*v)));
            keep(&mut self.above, Extreme { value: least, ..point }, |a, b| a > b);
            keep(&mut self.below, Extreme { value: most, ..point }, |a, b| a < b);
        }
    }

    /// Compares a point with the one before.
    fn step(&mut self, point: Extreme) {
        let Some(before) = self.last.last() else { return };
        let up = match (point.value > *before, point.value < *before) {
            (true, _) => Some(true),
            (false, true) => Some(false),
            (false, false) => None,
        };
        let longer = |row: u32, goes_on: bool| if goes_on { row.max(1).saturating_add(1) } else { 1 };
        self.rising = longer(self.rising, up == Some(true));
        self.falling = longer(self.falling, up == Some(false));
        self.alternating = match (up, self.up) {
            (None, _) => 1,
            (Some(now), Some(then)) if now != then => self.alternating.saturating_add(1),
            (Some(_), _) => 2,
        };
        self.up = up;
        if self.rising >= RISING || self.falling >= RISING {
            self.trend.take(point.place);
        }
        if self.alternating >= ALTERNATING {
            self.turns.take(point.place);
        }
    }

    /// The points beyond the control limits, in their order, and how often each rule is broken.
    pub(super) fn finish(self, chart: Option<ControlLimits>) -> (Vec<Extreme>, Vec<Signal>) {
        let Some(ControlLimits { lower, centre, upper }) = chart else { return (Vec::new(), Vec::new()) };
        let (outside, far) = beyond(NelsonRule::Beyond, (self.least, lower), (self.greatest, upper));
        // The mean of values that lie around one of them is that one, to a rounding.
        let margin = (upper - centre) * ON_THE_CENTRE;
        let (_, one_side) = beyond(NelsonRule::OneSide, (self.below, centre - margin), (self.above, centre + margin));
        let others = [self.trend.signal(NelsonRule::Trend), self.turns.signal(NelsonRule::Alternating)];
        let signals = [far, one_side].into_iter().chain(others).filter(|signal| signal.count > 0);
        (outside, signals.collect())
    }
}

type Side = (Vec<Extreme>, f64);

/// The points below one value and above another, in their order.
fn beyond(rule: NelsonRule, (least, lower): Side, (greatest, upper): Side) -> (Vec<Extreme>, Signal) {
    let below: Vec<Extreme> = least.into_iter().filter(|point| point.value < lower).collect();
    let above: Vec<Extreme> = greatest.into_iter().filter(|point| point.value > upper).collect();
    let at_least = below.len() == MOST || above.len() == MOST;
    let mut points = [below, above].concat();
    points.sort_by_key(|point| point.place);
    let places: Vec<u64> = points.iter().map(|point| point.place).collect();
    let signal = Signal { rule, count: places.len() as u64, at_least, places };
    (points, signal)
}

/// Keeps the points that are first by this order, the first of them at the front.
fn keep(kept: &mut Vec<Extreme>, extreme: Extreme, is_before: fn(f64, f64) -> bool) {
    if kept.len() == MOST && kept.last().is_some_and(|last| !is_before(extreme.value, last.value)) {
        return;
    }
    let place = kept.partition_point(|other| !is_before(extreme.value, other.value));
    kept.insert(place, extreme);
    kept.truncate(MOST);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The points that break each rule, with control limits at 0 and 10.
    fn broken(values: &[f64]) -> Vec<(u8, Vec<u64>)> {
        let mut signals = Signals::default();
        for (place, value) in (0..).zip(values) {
            signals.take(Extreme { place, time: None, capture: 0, value: *value });
        }
        let (_, signals) = signals.finish(Some(ControlLimits { lower: 0.0, centre: 5.0, upper: 10.0 }));
        signals.into_iter().map(|signal| (signal.rule.number(), signal.places)).collect()
    }

    #[test]
    fn each_rule_at_its_length_and_one_short_of_it() {
        assert_eq!(broken(&[4.0, 10.0, 10.1, 0.0, -0.1]), [(1, vec![2, 4])]);
        // Nine above, with no order in them; a point on the centre is on no side.
        let above = [6.0, 7.0, 6.0, 6.0, 8.0, 8.0, 7.0, 7.0, 6.0, 9.0];
        assert_eq!(broken(&above), [(2, vec![8, 9])]);
        assert_eq!(broken(&above[..8]), []);
        let mut touched = above;
        touched[4] = 5.0 + f64::EPSILON * 4.0;
        assert_eq!(broken(&touched), []);
        let below = above.map(|value| 10.0 - value);
        assert_eq!(broken(&below), [(2, vec![8, 9])]);
        assert_eq!(broken(&[1.0, 2.0, 3.0, 4.0, 6.0, 7.0, 8.0]), [(3, vec![5, 6])]);
        assert_eq!(broken(&[7.0, 6.0, 5.5, 4.0, 3.0, 2.0]), [(3, vec![5])]);
        assert_eq!(broken(&[1.0, 2.0, 3.0, 3.0, 4.0, 6.0, 7.0]), []);
        let turns: Vec<f64> = (0..15).map(|place| if place % 2 == 0 { 4.0 } else { 6.0 }).collect();
        assert_eq!(broken(&turns), [(4, vec![13, 14])]);
        assert_eq!(broken(&turns[..13]), []);
    }

    #[test]
    fn of_many_points_at_least_so_many_are_counted() {
        let mut signals = Signals::default();
        for place in 0..200 {
            signals.take(Extreme { place, time: None, capture: 0, value: if place % 2 == 0 { 11.0 } else { 12.0 } });
        }
        let (outside, signals) = signals.finish(Some(ControlLimits { lower: 0.0, centre: 5.0, upper: 10.0 }));
        assert_eq!(outside.len(), MOST);
        let counts: Vec<(u8, u64, bool)> =
            signals.iter().map(|signal| (signal.rule.number(), signal.count, signal.at_least)).collect();
        // Alternating from the fourteenth on: 187, counted all.
        assert_eq!(counts, [(1, 50, true), (2, 50, true), (4, 187, false)]);
    }
}
