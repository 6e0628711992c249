//! Quantities of the family `exposure`: their ids, so that specs can name them.

use super::{Absent, ClockShare, Measure, Needs, Quantity, Track};
use crate::frame::Observation;
use crate::rig::Role;
use crate::units::Unit;

pub(super) static TIME: Quantity = Quantity {
    id: "exposure.time",
    unit: Unit::Second,
    label: "exposure time",
    definition: "active width of STROBE",
    needs: Needs::All(&[Role::Strobe]),
    clock: ClockShare::Scales,
    measure: Measure::Frames(unmeasured),
};

pub(super) static LATENCY: Quantity = Quantity {
    id: "exposure.latency",
    unit: Unit::Second,
    label: "exposure latency",
    definition: "FSIN active edge to STROBE start",
    needs: Needs::All(&[Role::Fsin, Role::Strobe]),
    clock: ClockShare::Scales,
    measure: Measure::Frames(unmeasured),
};

pub(super) static END: Quantity = Quantity {
    id: "exposure.end",
    unit: Unit::Second,
    label: "exposure end",
    definition: "STROBE end - paired FSIN active edge",
    needs: Needs::All(&[Role::Fsin, Role::Strobe]),
    clock: ClockShare::Scales,
    measure: Measure::Frames(unmeasured),
};

pub(super) static JITTER: Quantity = Quantity {
    id: "exposure.jitter",
    unit: Unit::Second,
    label: "exposure jitter",
    definition: "peak-to-peak of exposure.latency, or of exposure.end",
    needs: Needs::All(&[Role::Fsin, Role::Strobe]),
    clock: ClockShare::Scales,
    measure: Measure::Capture(unmeasured),
};

pub(super) static GAP: Quantity = Quantity {
    id: "exposure.gap",
    unit: Unit::Second,
    label: "exposure gap",
    definition: "from the end of one exposure to the start of the next",
    needs: Needs::All(&[Role::Strobe]),
    clock: ClockShare::Scales,
    measure: Measure::Frames(unmeasured),
};

pub(super) static MISSING: Quantity = Quantity {
    id: "exposure.missing",
    unit: Unit::Count,
    label: "missing exposures",
    definition: "triggers or boundaries without their STROBE pulse",
    needs: Needs::All(&[Role::Fsin, Role::Strobe]),
    clock: ClockShare::Cancels,
    measure: Measure::Capture(unmeasured),
};

pub(super) static EXTRA: Quantity = Quantity {
    id: "exposure.extra",
    unit: Unit::Count,
    label: "extra exposures",
    definition: "STROBE pulses without their trigger or boundary",
    needs: Needs::All(&[Role::Fsin, Role::Strobe]),
    clock: ClockShare::Cancels,
    measure: Measure::Capture(unmeasured),
};

fn unmeasured(_: &Observation, _: usize) -> Result<Track, Absent> {
    Err(Absent::TooLittle("it is not measured yet".to_owned()))
}
