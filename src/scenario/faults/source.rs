//! Faults of what drives FSIN: a generator at the wrong rate, two drivers on one line, triggers that come twice.

use super::{Fault, FaultKind, Given};
use crate::scenario::error::{MOST_PULSES, Problem};
use crate::scenario::lines::{TrueLine, TruePulse};
use crate::scenario::node::Text;
use crate::scenario::time::Femtos;
use crate::scenario::values::time;
use crate::signal::Level;

/// A generator that runs at its own rate.
pub(super) static FSIN_GENERATOR: FaultKind = FaultKind {
    id: "fsin-generator",
    about: "instead of its signal a line shows pulses of `width` every `period`, the first at `offset` (default: 0 s), whatever \
            the camera does",
    takes: &["camera", "line", "period", "width", "offset"],
    example: "line = \"fsin\"\nperiod = \"9.8 ms\"\nwidth = \"100 us\"",
    read: |given| train(given, |_, _| Vec::new()),
};

/// Two outputs on one line.
pub(super) static SECOND_DRIVER: FaultKind = FaultKind {
    id: "second-driver",
    about: "besides its own, a line shows pulses of `width` every `period`, the first at `offset` (default: 0 s)",
    takes: &["camera", "line", "period", "width", "offset"],
    example: "line = \"fsin\"\nperiod = \"9.9 ms\"\nwidth = \"60 us\"\noffset = \"3 ms\"",
    read: |given| train(given, TrueLine::pulses),
};

/// Each trigger comes twice.
pub(super) static DOUBLE_TRIGGER: FaultKind = FaultKind {
    id: "double-trigger",
    about: "each pulse of a line comes once more, `after` later",
    takes: &["camera", "line", "after"],
    example: "line = \"fsin\"\nafter = \"5 ms\"",
    read: |given| {
        let after = given.time_above_zero("after")?;
        given.line(after, move |line, active, _| {
            let mut pulses = line.pulses(active);
            let again: Vec<TruePulse> = pulses.iter().map(|pulse| pulse.later(after)).collect();
            pulses.extend(again);
            *line = TrueLine::from_pulses(active, pulses);
        })
    },
};

/// A train of pulses on a line, beside those of it that are `kept`.
fn train(given: &Given<'_>, kept: fn(&TrueLine, Level) -> Vec<TruePulse>) -> Result<Fault, Problem> {
    let (period, width) = (given.time_above_zero("period")?, given.time_above_zero("width")?);
    let offset: Option<Text> = given.stated("offset")?;
    let offset = offset.map_or(Ok(Femtos::ZERO), |offset| time(&offset, "offset"))?;
    given.line(Femtos::ZERO, move |line, active, record| {
        let mut pulses = kept(line, active);
        let mut start = offset;
        while start < record.sampler.end() && pulses.len() < MOST_PULSES {
            pulses.extend(TruePulse::lasting(start, width));
            start = start + period;
        }
        *line = TrueLine::from_pulses(active, pulses);
    })
}
