//! What a line accounts for: what is measured on it, and what stands to it.

use super::claims::{Claim, EXPOSURE, FLASH, FRAME, FSIN, LINE, READOUT, ROLLING, SKEW, TRIGGER, Which};
use super::fault::Candidate;
use super::view::{CaptureView, LineView};
use crate::line::Span;
use crate::quantity::flash;
use crate::rig::Role;

/// Whether two lines are of one camera.
pub(super) fn shares_camera(a: &LineView<'_>, b: &LineView<'_>) -> bool {
    a.cameras.iter().any(|camera| b.cameras.contains(camera))
}

/// A finding of a line that accounts for all that depends on it.
pub(super) fn explained(view: &CaptureView<'_>, line: &LineView<'_>, candidate: Candidate) -> Candidate {
    let claims = view.not_passed(&line.cameras, depending(line.wire.role));
    candidate.on_line(&line.wire.owner, line.wire.key()).explaining(claims)
}

/// What a line shows in these stretches explains what is measured on it there, and all of its own checks.
pub(super) fn explained_within(
    view: &CaptureView<'_>,
    line: &LineView<'_>,
    candidate: Candidate,
    spans: &[Span],
) -> Candidate {
    let cameras = line.cameras.iter();
    let mut claims: Vec<Claim> =
        cameras.flat_map(|&camera| view.not_passed_within(camera, depending(line.wire.role), spans)).collect();
    claims.extend(view.not_passed(&line.cameras, &[LINE]));
    candidate.on_line(&line.wire.owner, line.wire.key()).explaining(claims)
}

/// What is measured on a line of this role, and what stands to it.
fn depending(role: Role) -> &'static [Which] {
    const FLASH_LATENCY: Which = Which::One(&flash::LATENCY);
    match role {
        Role::Strobe => &[LINE, FRAME, EXPOSURE, FLASH, ROLLING, SKEW, READOUT],
        Role::Fsin => &[LINE, FSIN, FRAME, EXPOSURE, FLASH_LATENCY, TRIGGER],
        Role::Flash => &[LINE, FLASH, ROLLING],
        Role::Readout => &[LINE, READOUT],
        Role::Trigger => &[LINE, TRIGGER],
    }
}
