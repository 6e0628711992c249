//! What a line accounts for: what is measured on it, and what stands to it.

use super::claims::{Claim, EXPOSURE, FLASH, FRAME, FSIN, LINE, READOUT, ROLLING, SKEW, TRIGGER, Which};
use super::fault::Candidate;
use super::view::{CaptureView, LineView};
use crate::line::Span;
use crate::quantity::{flash, ready};
use crate::rig::Role;

/// Whether two lines are of one camera.
pub(super) fn shares_camera(view: &CaptureView<'_>, a: &LineView<'_>, b: &LineView<'_>) -> bool {
    view.users(a).any(|camera| camera.wiring().uses(b.index))
}

/// A finding of a line that accounts for all that depends on it.
pub(super) fn explained(view: &CaptureView<'_>, line: &LineView<'_>, candidate: Candidate) -> Candidate {
    let claims = view.not_passed(view.users(line), depending(line.wire.role));
    candidate.on_line(&line.wire.owner, line.wire.key()).explaining(claims)
}

/// What a line shows in these stretches explains what is measured on it there, and all of its own checks.
pub(super) fn explained_within(
    view: &CaptureView<'_>,
    line: &LineView<'_>,
    candidate: Candidate,
    spans: &[Span],
) -> Candidate {
    let cameras = view.users(line);
    let mut claims: Vec<Claim> =
        cameras.flat_map(|camera| camera.not_passed_within(depending(line.wire.role), spans)).collect();
    claims.extend(view.not_passed(view.users(line), &[LINE]));
    candidate.on_line(&line.wire.owner, line.wire.key()).explaining(claims)
}

/// What is measured on a line of this role, and what stands to it.
fn depending(role: Role) -> &'static [Which] {
    const FLASH_LATENCY: Which = Which::One(&flash::LATENCY);
    const MARGIN: Which = Which::One(&ready::MARGIN);
    match role {
        Role::Strobe => &[LINE, FRAME, EXPOSURE, FLASH, ROLLING, SKEW, READOUT],
        Role::Fsin => &[LINE, FSIN, FRAME, EXPOSURE, FLASH_LATENCY, TRIGGER],
        Role::Flash => &[LINE, FLASH, ROLLING],
        Role::Readout => &[LINE, READOUT],
        Role::Trigger => &[LINE, TRIGGER],
        Role::Ready => &[LINE, MARGIN],
    }
}
