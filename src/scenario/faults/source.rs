//! Faults of what drives FSIN: a generator at the wrong rate, two drivers on one line, triggers that come twice.

use super::{Fault, FaultKind, Given, LineFault, Record};
use crate::scenario::error::{MOST_PULSES, Problem};
use crate::scenario::lines::{TrueLine, TruePulse};
use crate::scenario::node::Text;
use crate::scenario::time::Femtos;
use crate::scenario::values::time;

/// A generator that runs at its own rate.
pub(super) static FSIN_GENERATOR: FaultKind = FaultKind {
    id: "fsin-generator",
    about: "instead of its signal a line shows pulses of `width` every `period`, the first at `offset` (default: 0 s), whatever \
            the camera does",
    takes: &["camera", "line", "period", "width", "offset"],
    example: "line = \"fsin\"\nperiod = \"9.8 ms\"\nwidth = \"100 us\"",
    read: |given| train(given, Instead::OfItsSignal),
};

/// Two outputs on one line.
pub(super) static SECOND_DRIVER: FaultKind = FaultKind {
    id: "second-driver",
    about: "besides its own, a line shows pulses of `width` every `period`, the first at `offset` (default: 0 s)",
    takes: &["camera", "line", "period", "width", "offset"],
    example: "line = \"fsin\"\nperiod = \"9.9 ms\"\nwidth = \"60 us\"\noffset = \"3 ms\"",
    read: |given| train(given, Instead::OfNothing),
};

/// Each trigger comes twice.
pub(super) static DOUBLE_TRIGGER: FaultKind = FaultKind {
    id: "double-trigger",
    about: "each pulse of a line comes once more, `after` later",
    takes: &["camera", "line", "after"],
    example: "line = \"fsin\"\nafter = \"5 ms\"",
    read: |given| given.line_fault(DoubleTrigger { wire: given.wire("line")?, after: given.time_above_zero("after")? }),
};

/// What a train of pulses comes instead of.
#[derive(Debug, Clone, Copy)]
enum Instead {
    OfItsSignal,
    OfNothing,
}

fn train(given: &Given<'_>, instead: Instead) -> Result<Fault, Problem> {
    let offset: Option<Text> = given.stated("offset")?;
    given.line_fault(Train {
        wire: given.wire("line")?,
        period: given.time_above_zero("period")?,
        width: given.time_above_zero("width")?,
        offset: offset.map_or(Ok(Femtos::ZERO), |offset| time(&offset, "offset"))?,
        instead,
    })
}

#[derive(Debug)]
struct Train {
    wire: usize,
    period: Femtos,
    width: Femtos,
    offset: Femtos,
    instead: Instead,
}

impl LineFault for Train {
    fn apply(&self, lines: &mut [TrueLine], record: Record<'_>) {
        let mut pulses = match self.instead {
            Instead::OfItsSignal => Vec::new(),
            Instead::OfNothing => record.pulses(lines, self.wire),
        };
        let mut start = self.offset;
        while start < record.sampler.end() && pulses.len() < MOST_PULSES {
            pulses.extend(TruePulse::between(start, start + self.width));
            start = start + self.period;
        }
        record.show(lines, self.wire, pulses);
    }
}

#[derive(Debug)]
struct DoubleTrigger {
    wire: usize,
    after: Femtos,
}

impl LineFault for DoubleTrigger {
    fn reach(&self) -> Femtos {
        self.after
    }

    fn apply(&self, lines: &mut [TrueLine], record: Record<'_>) {
        let mut pulses = record.pulses(lines, self.wire);
        let again: Vec<TruePulse> = pulses.iter().map(|pulse| pulse.later(self.after)).collect();
        pulses.extend(again);
        record.show(lines, self.wire, pulses);
    }
}
