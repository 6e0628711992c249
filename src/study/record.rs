//! How a capture was recorded, as results keep it: a clone of an analyzer that is off looks exactly like a unit that drifts.

use crate::capture::Integrity;
use crate::report::Judgement;
use crate::units::Rational;

/// The tag that says which analyzer recorded a capture that has no sidecar.
const ANALYZER: &str = "analyzer=";

/// How a capture was recorded.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordNotes {
    /// The driver of the analyzer, as the sidecar says.
    pub driver: Option<String>,
    /// Its serial number, as the tag `analyzer` or else the sidecar says.
    pub serial: Option<String>,
    /// The sample rate before the correction; Hz.
    pub samplerate: f64,
    /// The accuracy of its clock; ppm.
    pub clock: f64,
    /// The known error of its clock; ppm.
    pub correction: f64,
    /// How long the judged record is; s.
    pub duration: f64,
    /// `complete` or `damaged`.
    pub integrity: &'static str,
    /// The built-in profile that the spec is, or extends.
    pub profile: Option<String>,
}

impl RecordNotes {
    pub(super) fn of(judgement: &Judgement, tags: Option<&str>) -> RecordNotes {
        let provenance = &judgement.provenance;
        let device = |what: &str| provenance.sidecar.as_ref()?.get("device")?.get(what)?.as_str().map(str::to_owned);
        let tag = tags.unwrap_or_default().split(';').find_map(|tag| tag.strip_prefix(ANALYZER));
        let ppm = |ratio: &Rational| (ratio * &Rational::integer(1_000_000)).to_f64();
        RecordNotes {
            driver: device("driver"),
            serial: tag.map(str::to_owned).or_else(|| device("serial_number")),
            samplerate: provenance.rate.hz().to_f64(),
            clock: ppm(&judgement.spec.analyzer.clock),
            correction: ppm(&judgement.spec.analyzer.correction),
            duration: provenance.samples as f64 / provenance.rate.hz().to_f64(),
            integrity: match provenance.integrity {
                Integrity::Complete => "complete",
                Integrity::Damaged => "damaged",
            },
            profile: judgement.spec.profile.clone(),
        }
    }
}

/// Which of the analyzers that there are: driver and serial number are one word.
#[must_use]
pub fn analyzer_text(driver: Option<&str>, serial: Option<&str>) -> Option<String> {
    match (driver, serial) {
        (None, None) => None,
        (Some(one), None) | (None, Some(one)) => Some(one.to_owned()),
        (Some(driver), Some(serial)) => Some(format!("{driver} {serial}")),
    }
}

/// Tags as a table holds them: `lot=7;tray=2`, in the order of their names. Of two of one name the first counts.
#[must_use]
pub fn tags_text<'a>(tags: impl IntoIterator<Item = &'a String>) -> Option<String> {
    let name = |tag: &str| tag.split_once('=').map_or_else(|| tag.to_owned(), |(name, _)| name.trim().to_owned());
    let mut kept: Vec<(String, &str)> = tags.into_iter().map(|tag| (name(tag), tag.as_str())).collect();
    kept.sort_by(|a, b| a.0.cmp(&b.0));
    kept.dedup_by(|later, first| later.0 == first.0);
    (!kept.is_empty()).then(|| kept.iter().map(|(_, tag)| *tag).collect::<Vec<_>>().join(";"))
}

/// The value of a tag; none where it is not there, or where it is empty.
#[must_use]
pub fn tag<'a>(tags: Option<&'a str>, name: &str) -> Option<&'a str> {
    let mut pairs = tags?.split(';').filter_map(|tag| tag.split_once('='));
    pairs.find(|(key, _)| key.trim() == name).map(|(_, value)| value.trim()).filter(|value| !value.is_empty())
}

/// What a sidecar must not make of these words is tried with whole captures; this is what they are made of.
#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{Outcome, testing};

    #[test]
    fn who_recorded_is_told_by_the_tag_and_the_sidecar() {
        let Outcome::Judged(mut judgement) = testing::failing().outcome else { unreachable!() };
        let notes = RecordNotes::of(&judgement, None);
        assert_eq!((notes.driver, notes.serial), (None, None));
        // 5000 samples at 1 MHz, by a clock of 100 ppm.
        assert_eq!((notes.samplerate, notes.clock, notes.correction, notes.duration), (1e6, 100.0, 0.0, 5e-3));
        let device = serde_json::json!({ "device": { "driver": "fx2lafw", "serial_number": "07" } });
        judgement.provenance.sidecar = Some(device);
        let notes = RecordNotes::of(&judgement, Some("lot=7"));
        assert_eq!(analyzer_text(notes.driver.as_deref(), notes.serial.as_deref()).unwrap(), "fx2lafw 07");
        let notes = RecordNotes::of(&judgement, Some("analyzer=clone;lot=7"));
        assert_eq!((notes.driver.as_deref(), notes.serial.as_deref()), (Some("fx2lafw"), Some("clone")));
        judgement.provenance.sidecar = Some(serde_json::Value::from(3));
        assert_eq!(RecordNotes::of(&judgement, None).driver, None);
    }

    #[test]
    fn tags_are_in_the_order_of_their_names_and_said_once() {
        let tags = ["tray=2", "lot=7", "lot=8"].map(str::to_owned);
        let text = tags_text(&tags);
        assert_eq!(text.as_deref(), Some("lot=7;tray=2"));
        assert_eq!(tags_text(&[]), None);
        assert_eq!((tag(text.as_deref(), "tray"), tag(text.as_deref(), "t")), (Some("2"), None));
    }
}
