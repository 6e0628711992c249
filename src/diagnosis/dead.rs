//! Lines that show nothing at all.

use super::{Finding, Severity};
use crate::frame::Observation;
use crate::rig::{Polarity, Role};
use crate::signal::Level;
use crate::units::SampleIndex;
use crate::verdict::{Check, Verdict};

/// F01 and F38: a wired line without an edge whose checks do not pass. A silent line that the spec allows is no fault.
pub(super) fn find(observation: &Observation, checks: &[Check]) -> Vec<Finding> {
    (observation.rig.wire_indices())
        .filter(|wire| observation.lines[wire.get()].train.raw_edges == 0)
        .filter_map(|index| {
            let wire = observation.rig.wire(index);
            let is_edges_of_it = |check: &&Check| {
                check.quantity.id == "line.edges"
                    && check.line == Some(wire.key())
                    && check.camera.as_ref() == Some(&wire.owner)
            };
            checks.iter().find(is_edges_of_it).filter(|check| check.verdict == Verdict::Fail)?;
            let line = &observation.lines[index.get()];
            let strobe_runs = (observation.rig.wire_indices()).any(|other| {
                observation.rig.wire(other).role == Role::Strobe && observation.lines[other.get()].train.raw_edges > 0
            });
            let level = match line.waveform.initial() {
                Level::Low => "low",
                Level::High => "high",
            };
            let (fault, causes, remedies) = match wire.role {
                Role::Fsin if strobe_runs => fsin_silent(),
                Role::Strobe | Role::Flash | Role::Fsin | Role::Readout | Role::Trigger => {
                    dead(wire.role, wire.polarity)
                }
            };
            Some(Finding {
                fault,
                severity: Severity::Fail,
                camera: Some(wire.owner.clone()),
                line: Some(wire.key()),
                summary: format!("{} on probe {} never moves", wire.role.label(), line.probe.name),
                evidence: format!("it stays {level} for all {} samples", observation.length),
                at: vec![SampleIndex::default()],
                causes,
                remedies,
                explains: checks_of_line(checks, wire.role),
            })
        })
        .collect()
}

fn checks_of_line(checks: &[Check], role: Role) -> Vec<&'static str> {
    let mut ids: Vec<&'static str> = (checks.iter())
        .filter(|check| check.verdict != Verdict::Pass)
        .filter(|check| check.line.as_deref().is_none_or(|line| line.starts_with(role.key())))
        .filter(|check| check.line.is_some() || check.quantity.family() == family_of(role))
        .map(|check| check.quantity.id)
        .collect();
    ids.dedup();
    ids
}

/// The family of quantities that a line is measured by.
fn family_of(role: Role) -> &'static str {
    match role {
        Role::Trigger => "trigger",
        Role::Fsin => "fsin",
        Role::Strobe => "exposure",
        Role::Flash => "flash",
        Role::Readout => "readout",
    }
}

type Advice = (&'static str, Vec<String>, Vec<String>);

fn texts<const N: usize>(texts: [&str; N]) -> Vec<String> {
    texts.map(str::to_owned).to_vec()
}

/// Field guide, F38.
fn fsin_silent() -> Advice {
    (
        "fsin-silent",
        texts([
            "FSIN output is not enabled, or goes to another group of sensors (GPIO6/MXIO6 on OAK-FFC-4P)",
            "the wire is not on FSIN, or its solder joint is open",
        ]),
        texts([
            "set FrameSyncMode OUTPUT on an OV9282 or OV9782; on OAK-FFC-4P drive GPIO6 high",
            "check the FSIN testpoint with a meter and solder it again; if FSIN is meant to be idle, take it out of [wiring] or set line.edges = { fsin = \">= 0\" }",
        ]),
    )
}

/// Field guide, F01.
fn dead(role: Role, polarity: Polarity) -> Advice {
    let pull_up = match polarity {
        Polarity::ActiveLow => "an open-collector output has no pull-up",
        Polarity::ActiveHigh => "the analyzer's threshold is too high for a 1.8 V signal",
    };
    let enable = match role {
        Role::Strobe => "enable STROBE (setStrobeSensor; on RVC4 setExternalStrobeEnable) and let the camera stream",
        Role::Flash => "check the flash driver's supply and that its trigger input sees STROBE",
        Role::Fsin | Role::Trigger => "check that the trigger source runs",
        Role::Readout => "check that the sensor streams",
    };
    (
        "line-dead",
        texts([
            "the wire is on the wrong testpoint, or its solder joint is open (on OAK-D-PoE, STROBE is TP18)",
            "the signal is not switched on",
            pull_up,
        ]),
        texts([
            "measure continuity from the probe to the testpoint and solder it again; GND must be wired too",
            enable,
            "fit a pull-up, or set the threshold to about 0.9 V, or use a level shifter",
        ]),
    )
}
