//! Judging what was simulated.

use std::sync::Arc;

use strobecheck::capture::Capture;
use strobecheck::report::{Judgement, Provenance};
use strobecheck::spec::Spec;
use strobecheck::verify::verify;

/// What `verify` makes of a capture by this spec.
pub(crate) fn judged_by(capture: &Capture, spec: &Spec) -> Judgement {
    let provenance = Provenance::of(capture);
    verify(capture, Arc::new(spec.clone()), "test".to_owned(), provenance).unwrap()
}
