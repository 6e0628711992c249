//! Faults of what drives FSIN: a generator at the wrong rate, two drivers on one line, triggers that come twice.

use std::sync::Arc;

use serde::Deserialize;

use super::{Fault, FaultKind, LineFault, Parameters, Places, Record};
use crate::scenario::error::{MOST_PULSES, Problem};
use crate::scenario::lines::{TrueLine, TruePulse};
use crate::scenario::node::Text;
use crate::scenario::time::Femtos;
use crate::scenario::values::{time, time_above_zero};

/// A generator that runs at its own rate.
pub(super) static FSIN_GENERATOR: FaultKind = FaultKind {
    id: "fsin-generator",
    about: "instead of its signal a line shows pulses of `width` every `period`, the first at `offset` (default: 0 s), whatever \
            the camera does",
    example: "line = \"fsin\"\nperiod = \"9.8 ms\"\nwidth = \"100 us\"",
    read: |parameters, places| train(parameters, places, Instead::OfItsSignal),
};

/// Two outputs on one line.
pub(super) static SECOND_DRIVER: FaultKind = FaultKind {
    id: "second-driver",
    about: "besides its own, a line shows pulses of `width` every `period`, the first at `offset` (default: 0 s)",
    example: "line = \"fsin\"\nperiod = \"9.9 ms\"\nwidth = \"60 us\"\noffset = \"3 ms\"",
    read: |parameters, places| train(parameters, places, Instead::OfNothing),
};

/// Each trigger comes twice.
pub(super) static DOUBLE_TRIGGER: FaultKind = FaultKind {
    id: "double-trigger",
    about: "each pulse of a line comes once more, `after` later",
    example: "line = \"fsin\"\nafter = \"5 ms\"",
    read: |parameters, places| {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Raw {
            camera: Option<Text>,
            line: Text,
            after: Text,
        }
        let raw: Raw = parameters.read()?;
        let wire = places.wire(places.camera(raw.camera.as_ref())?, &raw.line)?;
        Ok(Fault::Line(Arc::new(DoubleTrigger { wire, after: time_above_zero(&raw.after, "after")? })))
    },
};

/// What a train of pulses comes instead of.
#[derive(Debug, Clone, Copy)]
enum Instead {
    OfItsSignal,
    OfNothing,
}

fn train(parameters: Parameters<'_>, places: &Places<'_>, instead: Instead) -> Result<Fault, Problem> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Raw {
        camera: Option<Text>,
        line: Text,
        period: Text,
        width: Text,
        offset: Option<Text>,
    }
    let raw: Raw = parameters.read()?;
    Ok(Fault::Line(Arc::new(Train {
        wire: places.wire(places.camera(raw.camera.as_ref())?, &raw.line)?,
        period: time_above_zero(&raw.period, "period")?,
        width: time_above_zero(&raw.width, "width")?,
        offset: raw.offset.as_ref().map(|offset| time(offset, "offset")).transpose()?.unwrap_or_default(),
        instead,
    })))
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
        if let Some(line) = lines.get_mut(self.wire) {
            *line = TrueLine::from_pulses(record.active(self.wire), pulses);
        }
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
        if let Some(line) = lines.get_mut(self.wire) {
            *line = TrueLine::from_pulses(record.active(self.wire), pulses);
        }
    }
}
