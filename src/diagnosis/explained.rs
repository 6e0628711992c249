//! What a fault of a line explains.

use super::fault::Candidate;
use super::scene::{LineView, Scene};
use crate::rig::Role;

/// Whether two lines are of one camera.
pub(super) fn shares_camera(a: &LineView<'_>, b: &LineView<'_>) -> bool {
    a.cameras.iter().any(|camera| b.cameras.contains(camera))
}

/// A dead line explains what is measured on it, and what stands to it.
pub(super) fn explained(scene: &Scene<'_>, line: &LineView<'_>, candidate: Candidate) -> Candidate {
    let families: &[&str] = match line.wire.role {
        Role::Strobe => &["line.", "frame.", "exposure.", "flash.", "rolling.", "skew.", "readout."],
        Role::Fsin => &["line.", "fsin.", "frame.", "exposure.", "flash.latency", "trigger."],
        Role::Flash => &["line.", "flash.", "rolling."],
        Role::Readout => &["line.", "readout."],
        Role::Trigger => &["line.", "trigger."],
    };
    let explains = scene.not_passed(&line.cameras, families);
    let (owner, key) = (line.wire.owner.clone(), line.wire.key());
    candidate.on_line(&owner, key, line.cameras.clone()).explaining(explains, line.cameras.clone())
}
