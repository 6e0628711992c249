//! How much a reader found: how long the record is, where it ends, and what is missing in it.

use std::collections::BTreeMap;

use super::Header;
use crate::signal::{AnalogTrace, Lost};
use crate::units::SampleIndex;

/// What is known of the end of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecordEnd {
    /// It is stated: by a number of samples, a last time, a last row that changes nothing, or the user.
    Stated,
    /// The record reaches at least to its last change. How long it lasted after that is not known: the file has changes
    /// only.
    AtLeast,
}

/// What a reader found besides the changes.
#[derive(Debug, Clone, PartialEq)]
pub struct Extent {
    /// The number of samples, lost ones included as far as their number is known.
    pub length: SampleIndex,
    /// What is known of its end.
    pub end: RecordEnd,
    /// The stretches that are lost, on all lines.
    pub lost: Lost,
    /// By the bit of a probe, the stretches in which its own level is not known, besides those that are lost.
    pub unknown: BTreeMap<u32, Lost>,
    /// What is damaged, as sentences that name the member of the archive and the samples.
    pub problems: Vec<String>,
    /// The analog channels that were read as lines.
    pub analog: Vec<AnalogTrace>,
}

impl Extent {
    /// A whole record of this many samples, whose end is stated.
    #[must_use]
    pub fn whole(length: SampleIndex) -> Extent {
        Extent {
            length,
            end: RecordEnd::Stated,
            lost: Lost::nothing(),
            unknown: BTreeMap::new(),
            problems: Vec::new(),
            analog: Vec::new(),
        }
    }

    /// What is not known of single probes since their record has begun, as sentences.
    #[must_use]
    pub fn unknown_levels(&self, header: &Header) -> Vec<String> {
        let name = |bit: &u32| header.probes.iter().find(|probe| probe.bit == *bit).map(|p| header.display_name(p));
        self.unknown.iter().filter_map(|(bit, unknown)| unknown_text(&name(bit)?, unknown)).collect()
    }
}

/// What is not known of a line once its record has begun, as a sentence.
pub(super) fn unknown_text(name: &str, unknown: &Lost) -> Option<String> {
    let mut spans = unknown.spans().iter().filter(|span| span.from > SampleIndex::default());
    let first = spans.next()?;
    let (from, to) = (first.from.get(), first.to.get());
    let stretch = match to - from {
        0 => format!("just before sample {from}"),
        1 => format!("at sample {from}"),
        _ => format!("from sample {from} to {}", to - 1),
    };
    let rest = match spans.count() {
        0 => String::new(),
        1 => ", and once more".to_owned(),
        more => format!(", and {more} times more"),
    };
    Some(format!("the level of {name} is not known {stretch}{rest}"))
}

/// Whether a capture's record is whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Integrity {
    /// Every byte was proven.
    Complete,
    /// Something is lost or unproven: the capture cannot pass.
    Damaged,
}
