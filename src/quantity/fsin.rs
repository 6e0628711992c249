//! Quantities of the family `fsin`: their ids, so that specs can name them.

use super::{Absent, ClockShare, Measure, Needs, Quantity, Track};
use crate::frame::Observation;
use crate::rig::Role;
use crate::units::Unit;

pub(super) static WIDTH: Quantity = Quantity {
    id: "fsin.width",
    unit: Unit::Second,
    label: "FSIN width",
    definition: "active width of the FSIN pulse",
    needs: Needs::All(&[Role::Fsin]),
    clock: ClockShare::Scales,
    measure: Measure::Frames(unmeasured),
};

fn unmeasured(_: &Observation, _: usize) -> Result<Track, Absent> {
    Err(Absent::TooLittle("it is not measured yet".to_owned()))
}
