//! The trigger, waited for in the changes: what comes before it is dropped but for a little, and what comes after the
//! limit too.

use std::collections::VecDeque;

use sigrok_sys::TriggerMatch;

use crate::capture::{Sink, SinkError};
use crate::signal::LostSpan;
use crate::units::SampleIndex;

/// A condition on the bits of a mask with one bit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Condition {
    pub(super) bit: u64,
    pub(super) kind: TriggerMatch,
}

impl Condition {
    fn holds(self, before: Option<u64>, now: u64) -> bool {
        let is = now & self.bit != 0;
        let was = before.map(|before| before & self.bit != 0);
        match self.kind {
            TriggerMatch::Low => !is,
            TriggerMatch::High => is,
            TriggerMatch::Rising => was == Some(false) && is,
            TriggerMatch::Falling => was == Some(true) && !is,
            TriggerMatch::Edge => was.is_some_and(|was| was != is),
        }
    }
}

/// More changes before the trigger are not held; then less time before it is kept.
const MOST_HELD: usize = 1 << 20;

/// Lets through what is recorded, renumbered from its first sample.
#[derive(Debug)]
pub(super) struct Gate {
    conditions: Vec<Condition>,
    before: u64,
    limit: Option<u64>,
    /// The changes that may become part of it, the state at its first sample being the first.
    held: VecDeque<(u64, u64)>,
    last: Option<u64>,
    /// The sample that is recorded first, once that is known.
    start: Option<u64>,
    trigger: Option<u64>,
}

impl Gate {
    /// A gate that opens when all conditions hold (without one, at once), keeps so many samples from before that, and
    /// closes after `limit` samples.
    pub(super) fn new(conditions: Vec<Condition>, before: u64, limit: Option<u64>) -> Gate {
        let start = conditions.is_empty().then_some(0);
        Gate { conditions, before, limit, held: VecDeque::new(), last: None, start, trigger: None }
    }

    /// Whether the trigger is still waited for.
    pub(super) fn is_waiting(&self) -> bool {
        self.start.is_none()
    }

    /// Where in the recording the trigger lies, if it was waited for here.
    pub(super) fn trigger(&self) -> Option<u64> {
        Some(self.trigger? - self.start?)
    }

    /// How many samples are recorded when so many have arrived.
    pub(super) fn recorded(&self, arrived: u64) -> u64 {
        let Some(start) = self.start else { return 0 };
        let since = arrived.saturating_sub(start);
        self.limit.map_or(since, |limit| since.min(limit))
    }

    /// The sample that is recorded first; while the trigger is waited for, and so many have arrived, the first that may be.
    pub(super) fn first(&self, arrived: u64) -> u64 {
        self.start.unwrap_or_else(|| arrived.saturating_sub(self.before))
    }

    /// Ends the recording after so many samples.
    pub(super) fn close(&mut self, recorded: u64) {
        self.limit = Some(self.limit.map_or(recorded, |limit| limit.min(recorded)));
    }

    /// Whether all that is wanted is recorded when so many samples have arrived.
    pub(super) fn is_full(&self, arrived: u64) -> bool {
        self.limit.is_some_and(|limit| !self.is_waiting() && self.recorded(arrived) >= limit)
    }

    /// The gate before a sink.
    pub(super) fn before<'a>(&'a mut self, sink: &'a mut dyn Sink) -> Gated<'a> {
        Gated { gate: self, sink }
    }

    fn wait(&mut self, at: u64, state: u64, sink: &mut dyn Sink) -> Result<(), SinkError> {
        let earliest = at.saturating_sub(self.before);
        self.held.push_back((at, state));
        while self.held.get(1).is_some_and(|(next, _)| *next <= earliest) || self.held.len() > MOST_HELD {
            self.held.pop_front();
        }
        let last = self.last.replace(state);
        if !self.conditions.iter().all(|condition| condition.holds(last, state)) {
            return Ok(());
        }
        let start = self.held.front().map_or(at, |(first, _)| *first).max(earliest);
        (self.start, self.trigger) = (Some(start), Some(at));
        for (change, state) in std::mem::take(&mut self.held) {
            self.pass(change.max(start), state, sink)?;
        }
        Ok(())
    }

    fn pass(&self, at: u64, state: u64, sink: &mut dyn Sink) -> Result<(), SinkError> {
        let at = at - self.start.unwrap_or(0);
        if self.limit.is_some_and(|limit| at >= limit) { Ok(()) } else { sink.change(SampleIndex::new(at), state) }
    }
}

/// A sink behind a gate.
pub(super) struct Gated<'a> {
    gate: &'a mut Gate,
    sink: &'a mut dyn Sink,
}

impl Sink for Gated<'_> {
    fn change(&mut self, at: SampleIndex, state: u64) -> Result<(), SinkError> {
        match self.gate.start {
            Some(_) => self.gate.pass(at.get(), state, self.sink),
            None => self.gate.wait(at.get(), state, self.sink),
        }
    }

    /// No driver says which samples it lost.
    fn lost(&mut self, _: LostSpan) {}
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capture::EveryChange;

    fn passed(gate: &mut Gate, changes: &[(u64, u64)]) -> Vec<(u64, u64)> {
        let mut calls = EveryChange::default();
        for (at, state) in changes {
            gate.before(&mut calls).change(SampleIndex::new(*at), *state).unwrap();
        }
        calls.0
    }

    /// D0 rises at 10, falls at 20, rises at 30; D1 rises at 25.
    const CHANGES: [(u64, u64); 5] = [(0, 0), (10, 1), (20, 0), (25, 2), (30, 3)];

    fn when(bit: u64, kind: TriggerMatch) -> Condition {
        Condition { bit, kind }
    }

    #[test]
    fn without_a_trigger_all_passes_up_to_the_limit() {
        let mut gate = Gate::new(Vec::new(), 5, Some(25));
        assert_eq!(passed(&mut gate, &CHANGES), [(0, 0), (10, 1), (20, 0)]);
        assert_eq!((gate.recorded(24), gate.is_full(24)), (24, false));
        assert_eq!((gate.recorded(40), gate.is_full(25)), (25, true));
    }

    #[test]
    fn what_is_recorded_begins_before_the_trigger() {
        let mut gate = Gate::new(vec![when(1, TriggerMatch::Falling)], 4, None);
        // The edge at 20 is sample 4; up to it the line is high.
        assert_eq!(passed(&mut gate, &CHANGES), [(0, 1), (4, 0), (9, 2), (14, 3)]);
        assert_eq!((gate.trigger(), gate.recorded(40), gate.is_waiting()), (Some(4), 24, false));

        // More before the trigger than there was: it begins with the first sample.
        let mut gate = Gate::new(vec![when(1, TriggerMatch::Rising)], 100, Some(12));
        assert_eq!(passed(&mut gate, &CHANGES), [(0, 0), (10, 1)]);
        assert_eq!((gate.trigger(), gate.is_full(11), gate.is_full(12)), (Some(10), false, true));

        // A change right at its first sample is its first state.
        let mut gate = Gate::new(vec![when(2, TriggerMatch::Edge)], 5, None);
        assert_eq!(passed(&mut gate, &CHANGES), [(0, 0), (5, 2), (10, 3)]);
        assert_eq!(gate.trigger(), Some(5));
    }

    #[test]
    fn all_conditions_must_hold_at_once() {
        let both = vec![when(1, TriggerMatch::Rising), when(2, TriggerMatch::High)];
        let mut gate = Gate::new(both, 0, None);
        assert_eq!(passed(&mut gate, &CHANGES), [(0, 3)]);
        assert_eq!(gate.recorded(31), 1);

        let mut gate = Gate::new(vec![when(1, TriggerMatch::Low)], 0, None);
        assert_eq!(passed(&mut gate, &CHANGES[..1]), [(0, 0)], "a level may hold from the first sample");
        let mut gate = Gate::new(vec![when(4, TriggerMatch::Edge)], 0, None);
        assert!(passed(&mut gate, &CHANGES).is_empty());
        assert_eq!((gate.is_waiting(), gate.recorded(40), gate.is_full(40), gate.trigger()), (true, 0, false, None));
    }
}
