//! What the page of a first look has besides what a report has: the probes, what the cameras do, everything that was measured,
//! and the spec.

use crate::render::lines::{Figures, QUANTITY_HEADINGS, series_row, single_row};
use crate::render::look::{Seen, apart, camera_sentences};
use crate::study::{ProbeReport, WiringReport};

/// What the page of a look has besides what a report has.
pub(super) struct LookView {
    pub(super) probes: Vec<ProbeRow>,
    pub(super) cameras: Vec<String>,
    pub(super) apart: Vec<String>,
    pub(super) headings: [&'static str; 8],
    pub(super) series: Vec<[String; 8]>,
    pub(super) singles: Vec<[String; 3]>,
    pub(super) absent: Vec<String>,
    pub(super) refusal: Option<String>,
    pub(super) toml: String,
}

/// A probe, what it looks like, and why.
pub(super) struct ProbeRow {
    pub(super) name: String,
    pub(super) wire: &'static str,
    pub(super) likeness: String,
    pub(super) why: String,
}

impl LookView {
    pub(super) fn of(wiring: &WiringReport, seen: &Seen<'_>) -> LookView {
        let (mut series, mut singles, mut absent) = (Vec::new(), Vec::new(), Vec::new());
        for entry in seen.measured {
            match &entry.figures {
                Ok(Figures::Frames(figures)) => series.push(series_row(entry, figures)),
                Ok(Figures::Single(reading)) => singles.push(single_row(entry, reading.as_ref())),
                Err(reason) => absent.push(format!("{} of {}: {reason}", entry.quantity.id, entry.subject)),
            }
        }
        LookView {
            probes: wiring.probes.iter().map(ProbeRow::of).collect(),
            cameras: camera_sentences(seen),
            apart: apart(seen.judgement),
            headings: QUANTITY_HEADINGS,
            series,
            singles,
            absent,
            refusal: seen.refusal.map(str::to_owned),
            toml: seen.own.toml.clone(),
        }
    }
}

impl ProbeRow {
    fn of(probe: &ProbeReport) -> ProbeRow {
        ProbeRow {
            name: probe.name.clone(),
            wire: probe.health.as_ref().map_or("", |health| health.verdict.word()),
            likeness: probe.likeness.text(),
            why: probe.why.clone(),
        }
    }
}
