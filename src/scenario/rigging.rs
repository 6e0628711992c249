//! The rig that a scenario describes: how a spec would wire and synchronise it.

use super::Scenario;
use super::plan::{CameraPlan, Clock, OwnClock};
use crate::capture::Probe;
use crate::rig::{Alignment, AlignmentSetting, Camera, Ends, ProbeSelector, Rig, Role, Wire};
use crate::units::Rational;

impl Scenario {
    /// The rig, with alignments, bursts, shutters and the nominal frame time stated, and without warm-up frames to skip.
    /// Its cameras and wires have the places that [`Truth`](super::Truth) gives theirs; cameras share the first one's
    /// flash where they have none of their own, and those that follow it, its FSIN and trigger.
    #[must_use]
    pub fn rig(&self) -> Rig {
        let mut rig = Rig::default();
        rig.cameras = self.cameras.iter().map(|plan| camera(plan, &self.nominal_frame_time)).collect();
        for plan in &self.wires {
            let owner = self.cameras.get(plan.camera).map(|camera| camera.name.clone()).unwrap_or_default();
            let place = rig.add_wire(Wire {
                role: plan.role,
                name: plan.name.clone(),
                owner,
                probe: self.probes.get(plan.probe).map_or(ProbeSelector::Bit(0), |probe| self.selector(probe)),
                polarity: plan.polarity,
                edge: Rational::ZERO,
                glitch: None,
            });
            if let Some(camera) = rig.cameras.get_mut(plan.camera) {
                camera.connect(plan.role, place);
            }
        }
        if let Some((first, further)) = rig.cameras.split_first_mut() {
            for (camera, plan) in further.iter_mut().zip(self.cameras.iter().skip(1)) {
                share(first, camera, &plan.clock);
            }
        }
        let stops = |camera: &CameraPlan| match &camera.clock {
            Clock::Own(OwnClock { stops_at, .. }) => stops_at.is_some(),
            Clock::Follows { .. } => false,
        };
        rig.ends = if self.cameras.iter().any(stops) { Ends::Stops } else { Ends::Unstated };
        rig
    }

    /// The nominal frame time of the first camera in seconds, before drift.
    #[must_use]
    pub fn nominal_frame_time(&self) -> &Rational {
        &self.nominal_frame_time
    }

    /// By its name where no other probe bears it.
    fn selector(&self, probe: &Probe) -> ProbeSelector {
        let shared = self.probes.iter().filter(|other| other.name == probe.name).count() > 1;
        if shared { ProbeSelector::Bit(probe.bit) } else { ProbeSelector::Name(probe.name.clone()) }
    }
}

fn camera(plan: &CameraPlan, frame_time: &Rational) -> Camera {
    Camera {
        alignment: AlignmentSetting::Stated(plan.alignment),
        middle: (plan.alignment == Alignment::Middle).then(|| plan.offset.seconds()),
        burst: plan.burst,
        fsin_per_frame: plan.fsin_per_frame,
        shutter: plan.shutter.clone(),
        strobe_shows: plan.strobe_shows,
        recovery: plan.recovery.clone(),
        overlap: plan.overlap.clone(),
        frame_time: Some(frame_time.clone()),
        ..Camera::new(plan.name.clone())
    }
}

/// What a camera does not have, it shares with the first one: the flash, and what synchronises it if it follows.
fn share(first: &Camera, camera: &mut Camera, clock: &Clock) {
    let shared: &[Role] = match clock {
        Clock::Follows { .. } => &[Role::Fsin, Role::Trigger, Role::Flash],
        Clock::Own(_) => &[Role::Flash],
    };
    for &role in shared {
        if !camera.has(role) {
            if role == Role::Fsin {
                camera.fsin_per_frame = first.fsin_per_frame;
            }
            first.wires(role).iter().for_each(|wire| camera.connect(role, *wire));
        }
    }
}
