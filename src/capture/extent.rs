//! How much a reader found: how long the record is, where it ends, and what is missing in it.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::Header;
use crate::signal::{AnalogTrace, Lost, LostSpan};
use crate::units::{Rational, Rounding, SampleIndex, SampleRate, Unit, value_text};

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

    /// The same record, of which the user says how long it is: what nothing states may be stated.
    ///
    /// # Errors
    /// [`DurationError`] when the record itself says otherwise.
    pub fn lasting(mut self, duration: &Rational, rate: &SampleRate) -> Result<Extent, DurationError> {
        let text = |seconds: &Rational| value_text(seconds, Unit::Second, Rounding::Nearest);
        let own = rate.seconds(self.length - SampleIndex::default());
        let samples = rate.index_at_or_after(duration).ok_or_else(|| DurationError::Countless(text(duration)))?;
        match self.end {
            RecordEnd::Stated if samples != self.length => {
                return Err(DurationError::Contradicted { stated: text(duration), own: text(&own) });
            }
            RecordEnd::AtLeast if samples < self.length => {
                return Err(DurationError::TooShort { stated: text(duration), reaches: text(&own) });
            }
            RecordEnd::Stated | RecordEnd::AtLeast => {}
        }
        // What was not known at the end stays so.
        for lost in self.unknown.values_mut().chain([&mut self.lost]) {
            let open = lost.spans().last().filter(|last| last.to == self.length).copied();
            if let Some(last) = open {
                let longer = LostSpan { to: samples, ..last };
                *lost = Lost::from_spans([lost.spans(), &[longer]].concat());
            }
        }
        Ok(Extent { length: samples, end: RecordEnd::Stated, ..self })
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

/// Why a record cannot be as long as the user says.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DurationError {
    /// It has changes after that.
    #[error("--duration {stated} is shorter than the record, whose last change comes at {reaches}")]
    TooShort {
        /// The duration that is stated.
        stated: String,
        /// How far the record reaches.
        reaches: String,
    },
    /// The file says how long it is.
    #[error("the file says that its record lasts {own}, --duration says {stated}; leave --duration out")]
    Contradicted {
        /// The duration that is stated.
        stated: String,
        /// That of the file.
        own: String,
    },
    /// More samples than can be counted.
    #[error("--duration {0} is longer than can be counted")]
    Countless(String),
}

/// Whether a capture's record is whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(rename = "integrity")]
pub enum Integrity {
    /// Every byte was proven.
    Complete,
    /// Something is lost or unproven: the capture cannot pass.
    Damaged,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signal::Length;
    use crate::units::parse_value_as;

    fn at(index: u64) -> SampleIndex {
        SampleIndex::new(index)
    }

    fn lasting(extent: Extent, duration: &str) -> Result<Extent, String> {
        let duration = parse_value_as(duration, Unit::Second).unwrap();
        extent.lasting(&duration, &SampleRate::parse("1 kHz").unwrap()).map_err(|error| error.to_string())
    }

    #[test]
    fn a_record_without_an_end_lasts_as_long_as_is_said() {
        let open = |length| Extent { end: RecordEnd::AtLeast, ..Extent::whole(at(length)) };
        let longer = lasting(open(900), "1 s").unwrap();
        assert_eq!((longer.length, longer.end), (at(1000), RecordEnd::Stated));
        assert_eq!(lasting(open(1000), "1 s").unwrap().length, at(1000));
        assert_eq!(
            lasting(open(1001), "1 s").unwrap_err(),
            "--duration 1 s is shorter than the record, whose last change comes at 1.001 s"
        );
        // A sample is taken at its begin: 1.0001 s begin a further one.
        assert_eq!(lasting(open(900), "1.0001 s").unwrap().length, at(1001));
        let beyond = open(900).lasting(&Rational::decimal(1, 30), &SampleRate::parse("1 kHz").unwrap());
        assert!(beyond.unwrap_err().to_string().ends_with("is longer than can be counted"));
    }

    #[test]
    fn a_stated_end_is_not_to_be_contradicted() {
        let whole = || Extent::whole(at(1000));
        assert_eq!(lasting(whole(), "1 s").unwrap(), whole());
        assert_eq!(
            lasting(whole(), "4 s").unwrap_err(),
            "the file says that its record lasts 1 s, --duration says 4 s; leave --duration out"
        );
    }

    #[test]
    fn what_is_not_known_at_the_end_stays_so() {
        let lost = |spans: &[(u64, u64)]| {
            Lost::from_spans(spans.iter().map(|(from, to)| LostSpan::new(at(*from), at(*to))).collect())
        };
        let open = Extent {
            end: RecordEnd::AtLeast,
            lost: lost(&[(5, 9), (900, 900)]),
            unknown: BTreeMap::from([(0, lost(&[(5, 9)])), (3, lost(&[(800, 900)]))]),
            ..Extent::whole(at(900))
        };
        let longer = lasting(open, "1 s").unwrap();
        let to_the_end = LostSpan::new(at(900), at(1000)).known_to(Length::Unknown);
        assert_eq!(longer.lost, Lost::from_spans(vec![LostSpan::new(at(5), at(9)), to_the_end]));
        assert_eq!(longer.unknown, BTreeMap::from([(0, lost(&[(5, 9)])), (3, lost(&[(800, 1000)]))]));
    }

    #[test]
    fn what_is_not_known_of_a_line_is_a_sentence() {
        let text = |spans: &[(u64, u64)]| {
            let spans = spans.iter().map(|(from, to)| LostSpan::new(at(*from), at(*to))).collect();
            unknown_text("A", &Lost::from_spans(spans))
        };
        assert_eq!((text(&[]), text(&[(0, 9)])), (None, None));
        assert_eq!(text(&[(0, 9), (12, 12)]).unwrap(), "the level of A is not known just before sample 12");
        assert_eq!(text(&[(12, 13), (20, 22)]).unwrap(), "the level of A is not known at sample 12, and once more");
        assert_eq!(
            text(&[(12, 15), (20, 22), (30, 31)]).unwrap(),
            "the level of A is not known from sample 12 to 14, and 2 times more"
        );
    }
}
