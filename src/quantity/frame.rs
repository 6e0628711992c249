//! Quantities of the family `frame`: their ids, so that specs can name them.

use super::{Absent, ClockShare, Measure, Needs, Quantity, Track};
use crate::frame::Observation;
use crate::rig::Role;
use crate::units::Unit;

pub(super) static TIME: Quantity = Quantity {
    id: "frame.time",
    unit: Unit::Second,
    label: "frame time",
    definition: "from one frame start to the next",
    needs: Needs::OneOf(&[Role::Fsin, Role::Strobe]),
    clock: ClockShare::Scales,
    measure: Measure::Frames(unmeasured),
};

pub(super) static RATE: Quantity = Quantity {
    id: "frame.rate",
    unit: Unit::Hertz,
    label: "frame rate",
    definition: "(n-1) / (last - first frame start)",
    needs: Needs::OneOf(&[Role::Fsin, Role::Strobe]),
    clock: ClockShare::Scales,
    measure: Measure::Capture(unmeasured),
};

pub(super) static JITTER: Quantity = Quantity {
    id: "frame.jitter",
    unit: Unit::Second,
    label: "frame jitter",
    definition: "peak-to-peak of frame.time",
    needs: Needs::OneOf(&[Role::Fsin, Role::Strobe]),
    clock: ClockShare::Scales,
    measure: Measure::Capture(unmeasured),
};

pub(super) static CYCLE_JITTER: Quantity = Quantity {
    id: "frame.cycle-jitter",
    unit: Unit::Second,
    label: "cycle-to-cycle jitter",
    definition: "largest absolute difference of neighbouring frame.time values",
    needs: Needs::OneOf(&[Role::Fsin, Role::Strobe]),
    clock: ClockShare::Scales,
    measure: Measure::Capture(unmeasured),
};

pub(super) static TIE: Quantity = Quantity {
    id: "frame.tie",
    unit: Unit::Second,
    label: "time interval error",
    definition: "peak-to-peak time interval error against the fitted frame clock",
    needs: Needs::OneOf(&[Role::Fsin, Role::Strobe]),
    clock: ClockShare::Scales,
    measure: Measure::Capture(unmeasured),
};

pub(super) static TIE_NOMINAL: Quantity = Quantity {
    id: "frame.tie-nominal",
    unit: Unit::Second,
    label: "time interval error against the nominal",
    definition: "peak-to-peak time interval error against the nominal frame clock",
    needs: Needs::OneOf(&[Role::Fsin, Role::Strobe]),
    clock: ClockShare::Scales,
    measure: Measure::Capture(unmeasured),
};

pub(super) static DRIFT: Quantity = Quantity {
    id: "frame.drift",
    unit: Unit::Ppm,
    label: "frame drift",
    definition: "fitted frame time against the nominal",
    needs: Needs::OneOf(&[Role::Fsin, Role::Strobe]),
    clock: ClockShare::Whole,
    measure: Measure::Capture(unmeasured),
};

pub(super) static MISSING: Quantity = Quantity {
    id: "frame.missing",
    unit: Unit::Count,
    label: "missing frames",
    definition: "frames that are missing",
    needs: Needs::OneOf(&[Role::Fsin, Role::Strobe]),
    clock: ClockShare::Cancels,
    measure: Measure::Capture(unmeasured),
};

pub(super) static EXTRA: Quantity = Quantity {
    id: "frame.extra",
    unit: Unit::Count,
    label: "extra frames",
    definition: "frame edges too near to the one before",
    needs: Needs::OneOf(&[Role::Fsin, Role::Strobe]),
    clock: ClockShare::Cancels,
    measure: Measure::Capture(unmeasured),
};

fn unmeasured(_: &Observation, _: usize) -> Result<Track, Absent> {
    Err(Absent::TooLittle("it is not measured yet".to_owned()))
}
