//! What the page of a first look has besides what a report has: the probes, what the cameras do, everything that was measured,
//! and the spec.

use crate::render::lines::{Rows, rows};
use crate::render::look::{Seen, apart, camera_sentences};
use crate::study::WiringReport;

/// What the page of a look has besides what a report has.
pub(super) struct LookView<'a> {
    pub(super) wiring: &'a WiringReport,
    pub(super) seen: &'a Seen<'a>,
    pub(super) cameras: Vec<String>,
    pub(super) apart: Vec<String>,
    pub(super) rows: Rows,
}

impl LookView<'_> {
    pub(super) fn of<'a>(wiring: &'a WiringReport, seen: &'a Seen<'a>) -> LookView<'a> {
        let (cameras, apart) = (camera_sentences(seen), apart(seen.judgement));
        LookView { wiring, seen, cameras, apart, rows: rows(seen.measured) }
    }
}
