//! What pulses that no sample shows do to a value: a line whose pulses, or pauses, can be shorter than two samples may
//! have had others between the samples.

use super::frame::clock_wires;
use super::overlap::sharing;
use super::{Quantity, Subject};
use crate::frame::Observation;
use crate::rig::{Role, WireIndex};

/// Where the truth may lie if there were more pulses than samples show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unseen {
    /// Where it was measured: the value rests on what was seen.
    Nothing,
    /// Below: they raise the value. An interval may be several; what seems missing may be there.
    Raise(On),
    /// Above: they lower the value, as a rate.
    Lower(On),
    /// On either side: what was paired may not belong together.
    Move(On),
    /// Below for those of the first lines, on either side for those of the second.
    RaiseOrMove(On, On),
}

/// The lines whose unseen pulses touch a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum On {
    /// The line that is measured.
    Itself,
    /// The line that the camera's frames are counted by.
    Clock,
    /// The camera's lines of these roles.
    Own(&'static [Role]),
    /// Those, and without a nominal frame time the line that frames are numbered by: one that is not seen shifts the
    /// numbers of all that follow.
    Numbered(&'static [Role]),
    /// The lines of these roles of the camera and of the first one.
    BothCameras(&'static [Role]),
    /// The lines of these roles of all cameras that share a flash line with it.
    Sharing(&'static [Role]),
}

impl Unseen {
    /// The lines whose unseen pulses touch the value: of two kinds the first.
    #[must_use]
    pub fn on(self) -> Option<On> {
        match self {
            Unseen::Nothing => None,
            Unseen::Raise(on) | Unseen::Lower(on) | Unseen::Move(on) | Unseen::RaiseOrMove(on, _) => Some(on),
        }
    }

    /// Whether a value may be too large for pulses that were not seen.
    #[must_use]
    pub fn raises(self) -> bool {
        match self {
            Unseen::Raise(_) | Unseen::Move(_) | Unseen::RaiseOrMove(..) => true,
            Unseen::Nothing | Unseen::Lower(_) => false,
        }
    }

    /// The lines whose unseen pulses move a value that those of others only raise.
    #[must_use]
    pub fn moved_by(self) -> Option<On> {
        match self {
            Unseen::RaiseOrMove(_, on) => Some(on),
            Unseen::Nothing | Unseen::Raise(_) | Unseen::Lower(_) | Unseen::Move(_) => None,
        }
    }

    /// Whether a value may be too small for pulses that were not seen on any of its lines.
    #[must_use]
    pub fn lowers(self) -> bool {
        match self {
            Unseen::Lower(_) | Unseen::Move(_) => true,
            Unseen::Nothing | Unseen::Raise(_) | Unseen::RaiseOrMove(..) => false,
        }
    }
}

impl On {
    /// The lines that these are for a subject, each once.
    #[must_use]
    pub fn wires(self, observation: &Observation, subject: Subject) -> Vec<WireIndex> {
        let camera = match subject {
            Subject::Line(wire) => return vec![wire],
            Subject::Camera(camera) => camera,
        };
        let cameras = &observation.rig.cameras;
        let of = |camera: usize, roles: &[Role]| -> Vec<WireIndex> {
            roles.iter().flat_map(|&role| cameras[camera].wires(role)).copied().collect()
        };
        let clock = || clock_wires(observation.camera(camera));
        let mut wires = match self {
            On::Itself => Vec::new(),
            On::Clock => clock(),
            On::Own(roles) => of(camera, roles),
            On::Numbered(roles) => {
                let is_counted = cameras[camera].frame_time.is_some();
                of(camera, roles).into_iter().chain(clock().into_iter().filter(|_| !is_counted)).collect()
            }
            On::BothCameras(roles) => [of(0, roles), of(camera, roles)].concat(),
            On::Sharing(roles) => {
                sharing(observation.camera(camera)).flat_map(|other| of(other.place, roles)).collect()
            }
        };
        wires.sort_unstable();
        wires.dedup();
        wires
    }
}

impl Quantity {
    /// The lines on which pulses that no sample shows would have changed a value of it.
    #[must_use]
    pub fn unseen_on(&self, observation: &Observation, subject: Subject) -> Vec<WireIndex> {
        let on = self.unseen.on().into_iter().chain(self.unseen.moved_by());
        on.flat_map(|on| on.wires(observation, subject)).collect()
    }
}
