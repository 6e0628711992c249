//! Judging what was simulated.

use std::sync::Arc;

use strobecheck::capture::{Capture, Integrity};
use strobecheck::report::{Judgement, Provenance, RateSource, SubjectNotes};
use strobecheck::spec::Spec;
use strobecheck::verify::verify;

/// What `verify` makes of a capture by this spec.
pub(crate) fn judged_by(capture: &Capture, spec: &Spec) -> Judgement {
    let provenance = Provenance {
        sha256: String::new(),
        header: capture.header.clone(),
        rate: capture.rate.clone(),
        rate_source: RateSource::File,
        samples: capture.length.get(),
        window: None,
        integrity: Integrity::Complete,
        problems: Vec::new(),
        lost: Vec::new(),
        subject: SubjectNotes::default(),
        sidecar: None,
        log: None,
    };
    verify(capture, Arc::new(spec.clone()), "test".to_owned(), provenance).unwrap()
}
