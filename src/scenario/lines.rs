//! What a line truly did: the sum of the pulses that drive it.

use super::time::Femtos;
use crate::signal::Level;

/// A stretch of true time in which a line is driven active. Invariant: it ends after it starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct TruePulse {
    start: Femtos,
    end: Femtos,
}

impl TruePulse {
    /// A pulse between two times; `None` unless the second is the later one.
    #[must_use]
    pub fn between(start: Femtos, end: Femtos) -> Option<TruePulse> {
        (start < end).then_some(TruePulse { start, end })
    }

    /// When it begins.
    #[must_use]
    pub fn start(&self) -> Femtos {
        self.start
    }

    /// When it ends.
    #[must_use]
    pub fn end(&self) -> Femtos {
        self.end
    }

    /// How long it lasts.
    #[must_use]
    pub fn width(&self) -> Femtos {
        self.end - self.start
    }

    /// The same pulse, later by `by`.
    #[must_use]
    pub(super) fn later(self, by: Femtos) -> TruePulse {
        TruePulse { start: self.start + by, end: self.end + by }
    }

    /// The same pulse, ended `by` later; `by` is not below zero.
    #[must_use]
    pub(super) fn ended_later(self, by: Femtos) -> TruePulse {
        TruePulse { end: self.end + by, ..self }
    }

    /// The pulse that lasts so long from here; `None` of no length.
    pub(super) fn lasting(start: Femtos, time: Femtos) -> Option<TruePulse> {
        TruePulse::between(start, start + time)
    }

    /// So many pulses that last so long, the first from here.
    pub(super) fn train(first: Femtos, spacing: Femtos, count: i128, time: Femtos) -> impl Iterator<Item = TruePulse> {
        (0..count).filter_map(move |n| TruePulse::lasting(first + spacing.times(n), time))
    }

    /// The same pulse, ended `by` earlier; `None` where nothing is left of it.
    #[must_use]
    pub(super) fn ended_earlier(self, by: Femtos) -> Option<TruePulse> {
        TruePulse::between(self.start, self.end - by)
    }

    /// How long both last at once; zero where they do not meet.
    #[must_use]
    pub fn overlap(&self, other: &TruePulse) -> Femtos {
        (self.end.min(other.end) - self.start.max(other.start)).max(Femtos::ZERO)
    }
}

/// The true level of a line over all time.
///
/// Invariant: the changes are strictly increasing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrueLine {
    initial: Level,
    changes: Vec<Femtos>,
}

impl TrueLine {
    /// Its level before the first change.
    #[must_use]
    pub fn initial(&self) -> Level {
        self.initial
    }

    /// The times at which its level changes.
    #[must_use]
    pub fn changes(&self) -> &[Femtos] {
        &self.changes
    }

    /// The line that shows `active` while any of the pulses lasts. Pulses that meet are one.
    #[must_use]
    pub fn from_pulses(active: Level, mut pulses: Vec<TruePulse>) -> TrueLine {
        pulses.sort_unstable();
        let mut changes: Vec<Femtos> = Vec::with_capacity(2 * pulses.len());
        for pulse in pulses {
            match changes.last_mut() {
                Some(end) if pulse.start <= *end => *end = pulse.end.max(*end),
                Some(_) | None => changes.extend([pulse.start, pulse.end]),
            }
        }
        TrueLine { initial: !active, changes }
    }

    /// The stretches between changes in which the line shows `active`.
    #[must_use]
    pub fn pulses(&self, active: Level) -> Vec<TruePulse> {
        let first = usize::from(self.initial == active);
        let changes = self.changes.get(first..).unwrap_or(&[]);
        changes.chunks_exact(2).map(|pair| TruePulse { start: pair[0], end: pair[1] }).collect()
    }

    /// The level from this time on, up to the next change.
    #[must_use]
    pub fn level_at(&self, time: Femtos) -> Level {
        let before = self.changes.partition_point(|&change| change <= time);
        if before.is_multiple_of(2) { self.initial } else { !self.initial }
    }

    /// Shows the other level at all times.
    pub(super) fn invert(&mut self) {
        self.initial = !self.initial;
    }

    /// Shows the other level within each of these stretches; where an even number of them overlap, nothing changes.
    pub(super) fn flip(&mut self, stretches: &[TruePulse]) {
        let mut times: Vec<Femtos> = self.changes.clone();
        times.extend(stretches.iter().flat_map(|stretch| [stretch.start, stretch.end]));
        times.sort_unstable();
        self.changes.clear();
        for time in times {
            if self.changes.last() == Some(&time) {
                self.changes.pop();
            } else {
                self.changes.push(time);
            }
        }
    }

    /// Takes the stretch from `from` up to `until` out of time: what comes after it comes earlier.
    pub(super) fn cut_out(&mut self, from: Femtos, until: Femtos) {
        let kept = self.changes.partition_point(|&change| change < from);
        let later = self.changes.partition_point(|&change| change <= until);
        let rest = self.changes.split_off(later);
        let lost = later - kept;
        self.changes.truncate(kept);
        if !lost.is_multiple_of(2) {
            self.changes.push(from);
        }
        self.changes.extend(rest.into_iter().map(|change| change - (until - from)));
    }

    /// What happened after `from` up to `until` happens a second time right behind it: what comes after it comes later.
    pub(super) fn repeat(&mut self, from: Femtos, until: Femtos) {
        let (before, after) = (self.level_at(from), self.level_at(until));
        let first = self.changes.partition_point(|&change| change <= from);
        let end = self.changes.partition_point(|&change| change <= until);
        let rest = self.changes.split_off(end);
        let again: Vec<Femtos> = self.changes.get(first..).unwrap_or(&[]).to_vec();
        if before != after && self.changes.pop_if(|last| *last == until).is_none() {
            self.changes.push(until);
        }
        self.changes.extend(again.into_iter().chain(rest).map(|change| change + (until - from)));
    }

    /// Holds the line at `level` from `from` up to `until`; without an end, on that side for ever.
    pub(super) fn hold(&mut self, level: Level, from: Option<Femtos>, until: Option<Femtos>) {
        let after = until.map(|until| (until, self.level_at(until)));
        let kept = from.map_or(0, |from| self.changes.partition_point(|&change| change < from));
        let later = until.map_or(self.changes.len(), |until| self.changes.partition_point(|&change| change <= until));
        let rest = self.changes.split_off(later);
        self.changes.truncate(kept);
        match from {
            Some(from) if self.level_at(from) != level => self.changes.push(from),
            Some(_) => {}
            None => self.initial = level,
        }
        if let Some((until, back)) = after
            && back != level
        {
            self.changes.push(until);
        }
        self.changes.extend(rest);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pulse(start: i128, end: i128) -> TruePulse {
        TruePulse { start: Femtos::new(start), end: Femtos::new(end) }
    }

    fn line(initial: Level, changes: &[i128]) -> TrueLine {
        TrueLine { initial, changes: changes.iter().map(|&time| Femtos::new(time)).collect() }
    }

    #[test]
    fn pulses_that_meet_are_one() {
        let pulses = vec![pulse(30, 40), pulse(10, 20), pulse(20, 25), pulse(32, 35), pulse(39, 41)];
        let shown = TrueLine::from_pulses(Level::Low, pulses);
        assert_eq!(shown, line(Level::High, &[10, 25, 30, 41]));
        assert_eq!(shown.pulses(Level::Low), [pulse(10, 25), pulse(30, 41)]);
        assert_eq!(shown.pulses(Level::High), [pulse(25, 30)]);
    }

    #[test]
    fn flipped_stretches_cancel_where_they_meet_edges() {
        let flipped = |stretches: &[(i128, i128)]| {
            let mut flipped = line(Level::Low, &[10, 20, 30, 40]);
            flipped.flip(&stretches.iter().map(|&(start, end)| pulse(start, end)).collect::<Vec<_>>());
            flipped
        };
        assert_eq!(flipped(&[(22, 25)]), line(Level::Low, &[10, 20, 22, 25, 30, 40]));
        assert_eq!(flipped(&[(20, 25)]), line(Level::Low, &[10, 25, 30, 40]));
        assert_eq!(flipped(&[(10, 20)]), line(Level::Low, &[30, 40]));
        assert_eq!(flipped(&[(22, 26), (24, 28)]), line(Level::Low, &[10, 20, 22, 24, 26, 28, 30, 40]));
    }

    #[test]
    fn what_follows_a_cut_comes_earlier() {
        let cut = |from: i128, until: i128| {
            let mut cut = line(Level::Low, &[10, 20, 30, 40]);
            cut.cut_out(Femtos::new(from), Femtos::new(until));
            cut
        };
        assert_eq!(cut(12, 17), line(Level::Low, &[10, 15, 25, 35]));
        assert_eq!(cut(15, 25), line(Level::Low, &[10, 15, 20, 30]));
        assert_eq!(cut(15, 35), line(Level::Low, &[10, 20]));
        assert_eq!(cut(22, 42), line(Level::Low, &[10, 20]));
        assert_eq!(cut(0, 15), line(Level::Low, &[0, 5, 15, 25]));
    }

    #[test]
    fn what_follows_a_repeat_comes_later() {
        let twice = |from: i128, until: i128| {
            let mut twice = line(Level::Low, &[10, 20, 30, 40]);
            twice.repeat(Femtos::new(from), Femtos::new(until));
            twice
        };
        // The pulse from 10 to 20 again; the seam cuts a pulse; the seam at an edge; nothing but idle time.
        assert_eq!(twice(5, 25), line(Level::Low, &[10, 20, 30, 40, 50, 60]));
        assert_eq!(twice(5, 15), line(Level::Low, &[10, 15, 20, 30, 40, 50]));
        assert_eq!(twice(5, 10), line(Level::Low, &[15, 25, 35, 45]));
        assert_eq!(twice(22, 26), line(Level::Low, &[10, 20, 34, 44]));
    }

    #[test]
    fn a_held_line_goes_on_where_it_would_have_been() {
        let held = |from: Option<i128>, until: Option<i128>| {
            let mut held = line(Level::Low, &[10, 20, 30, 40]);
            held.hold(Level::High, from.map(Femtos::new), until.map(Femtos::new));
            held
        };
        assert_eq!(held(Some(15), Some(35)), line(Level::Low, &[10, 40]));
        assert_eq!(held(Some(22), Some(25)), line(Level::Low, &[10, 20, 22, 25, 30, 40]));
        assert_eq!(held(Some(20), Some(30)), line(Level::Low, &[10, 40]));
        assert_eq!(held(None, Some(25)), line(Level::High, &[25, 30, 40]));
        assert_eq!(held(Some(25), None), line(Level::Low, &[10, 20, 25]));
        assert_eq!(held(None, None), line(Level::High, &[]));
    }
}
