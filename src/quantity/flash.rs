//! Quantities of the family `flash`: their ids, so that specs can name them.

use super::{Absent, ClockShare, Measure, Needs, Quantity, Track};
use crate::frame::Observation;
use crate::rig::Role;
use crate::units::Unit;

pub(super) static LEAD: Quantity = Quantity {
    id: "flash.lead",
    unit: Unit::Second,
    label: "flash lead",
    definition: "STROBE start - flash start",
    needs: Needs::All(&[Role::Strobe, Role::Flash]),
    clock: ClockShare::Scales,
    measure: Measure::Frames(unmeasured),
};

pub(super) static LAG: Quantity = Quantity {
    id: "flash.lag",
    unit: Unit::Second,
    label: "flash lag",
    definition: "flash end - STROBE end",
    needs: Needs::All(&[Role::Strobe, Role::Flash]),
    clock: ClockShare::Scales,
    measure: Measure::Frames(unmeasured),
};

pub(super) static LATENCY: Quantity = Quantity {
    id: "flash.latency",
    unit: Unit::Second,
    label: "flash latency",
    definition: "FSIN active edge to flash start",
    needs: Needs::All(&[Role::Fsin, Role::Flash]),
    clock: ClockShare::Scales,
    measure: Measure::Frames(unmeasured),
};

pub(super) static COVERAGE: Quantity = Quantity {
    id: "flash.coverage",
    unit: Unit::Percent,
    label: "flash coverage",
    definition: "share of the exposure that is lit",
    needs: Needs::All(&[Role::Strobe, Role::Flash]),
    clock: ClockShare::Cancels,
    measure: Measure::Frames(unmeasured),
};

pub(super) static LEAK: Quantity = Quantity {
    id: "flash.leak",
    unit: Unit::Second,
    label: "flash leak",
    definition: "flash time outside every exposure",
    needs: Needs::All(&[Role::Strobe, Role::Flash]),
    clock: ClockShare::Scales,
    measure: Measure::Frames(unmeasured),
};

pub(super) static ON_TIME: Quantity = Quantity {
    id: "flash.on-time",
    unit: Unit::Second,
    label: "flash on-time",
    definition: "active width of a flash pulse",
    needs: Needs::All(&[Role::Flash]),
    clock: ClockShare::Scales,
    measure: Measure::Frames(unmeasured),
};

pub(super) static DUTY: Quantity = Quantity {
    id: "flash.duty",
    unit: Unit::Percent,
    label: "flash duty",
    definition: "highest on-share in any window of 1 s",
    needs: Needs::All(&[Role::Flash]),
    clock: ClockShare::Cancels,
    measure: Measure::Capture(unmeasured),
};

pub(super) static MISSING: Quantity = Quantity {
    id: "flash.missing",
    unit: Unit::Count,
    label: "missing flashes",
    definition: "exposures without flash",
    needs: Needs::All(&[Role::Strobe, Role::Flash]),
    clock: ClockShare::Cancels,
    measure: Measure::Capture(unmeasured),
};

pub(super) static EXTRA: Quantity = Quantity {
    id: "flash.extra",
    unit: Unit::Count,
    label: "extra flashes",
    definition: "flash pulses that touch no exposure",
    needs: Needs::All(&[Role::Strobe, Role::Flash]),
    clock: ClockShare::Cancels,
    measure: Measure::Capture(unmeasured),
};

fn unmeasured(_: &Observation, _: usize) -> Result<Track, Absent> {
    Err(Absent::TooLittle("it is not measured yet".to_owned()))
}
