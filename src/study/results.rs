//! Results that add up: a row per check of each capture, as a folder of results keeps them.

use serde::Serialize;
use sha2::{Digest, Sha256};
use strum::{EnumString, IntoStaticStr};

use super::record::RecordNotes;
use crate::quantity::Subject;
use crate::report::{CaptureReport, Judgement, Outcome, Overall, Provenance, RateSource, Report, SubjectNotes, Window};
use crate::rig::Alignment;
use crate::spec::{Limit, Spec};
use crate::units::{Rational, SampleRate, calendar_seconds};
use crate::verdict::{Check, Verdict};

/// When a capture was taken, as its file says: never the time of the run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakenAt {
    /// `2026-11-23T05:12:08`.
    pub time: String,
    /// What says so.
    pub source: TimeSource,
}

/// What says when a capture was taken; the one that is to be trusted most first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, EnumString, IntoStaticStr)]
#[strum(serialize_all = "lowercase")]
pub enum TimeSource {
    /// The manifest of the run; UTC.
    Stated,
    /// The sidecar of the program that recorded it; UTC.
    Sidecar,
    /// The session file, of its first member; local time where it was written.
    Archive,
    /// The file system, of the last change of the file; UTC.
    File,
}

impl TakenAt {
    /// The same in seconds since 1970, UTC; none where it is not known which zone it is of.
    #[must_use]
    pub fn utc(&self) -> Option<i64> {
        match self.source {
            TimeSource::Stated | TimeSource::Sidecar | TimeSource::File => calendar_seconds(&self.time),
            TimeSource::Archive => None,
        }
    }
}

impl TimeSource {
    /// The word for it in tables.
    #[must_use]
    pub fn key(self) -> &'static str {
        self.into()
    }

    /// The source of this word.
    #[must_use]
    pub fn from_key(key: &str) -> Option<TimeSource> {
        key.parse().ok()
    }
}

/// What the value of a row and its limits are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, EnumString, IntoStaticStr)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
pub enum Basis {
    /// The mean of the judged values.
    Mean,
    /// Of a sequence: the mean of their distances from the nominal of their entry, where all entries have one tolerance.
    Deviation,
}

impl Basis {
    /// The word for it in tables.
    #[must_use]
    pub fn key(self) -> &'static str {
        self.into()
    }

    /// The basis of this word.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Basis> {
        key.parse().ok()
    }
}

/// A row: a check of a capture, or a capture that could not be judged, which has no check.
#[derive(Debug, Clone, PartialEq)]
pub struct ResultRow {
    /// When the capture was taken; none where nothing says.
    pub taken: Option<TakenAt>,
    /// The device under test, as given.
    pub dut: Option<String>,
    /// The station, as given.
    pub station: Option<String>,
    /// Who ran it, as given.
    pub operator: Option<String>,
    /// What else was said of it: `lot=7;tray=2`.
    pub tags: Option<String>,
    /// How it was recorded; none of a capture that could not be judged.
    pub record: Option<RecordNotes>,
    /// The capture's path, as given.
    pub capture: String,
    /// SHA-256 of the capture's file; none of a file that could not be read.
    pub sha256: Option<String>,
    /// Where the spec was found.
    pub spec: Option<String>,
    /// SHA-256 of the effective spec, with window, rate and log.
    pub spec_sha256: Option<String>,
    /// The verdict of the whole capture.
    pub capture_verdict: Overall,
    /// What was found first in a capture that does not pass.
    pub capture_fault: Option<&'static str>,
    /// The place of the check in the report, from 0: a capture has exactly one row of place 0.
    pub place: u64,
    /// The check; none of a capture that could not be judged.
    pub check: Option<CheckResult>,
}

/// What came of a check.
#[derive(Debug, Clone, PartialEq)]
pub struct CheckResult {
    /// The quantity.
    pub id: &'static str,
    /// Of which camera.
    pub camera: Option<String>,
    /// Of which line.
    pub line: Option<String>,
    /// The limit as a text.
    pub rule: String,
    /// The unit of the values.
    pub unit: &'static str,
    /// What is proven.
    pub verdict: Verdict,
    /// The finding that explains why it is no pass.
    pub fault: Option<&'static str>,
    /// How the camera's exposures sit in the frame, as stated or found.
    pub alignment: Option<&'static str>,
    /// What `value` and the limits are.
    pub basis: Basis,
    /// The capture's value: the mean, or of a sequence the mean deviation.
    pub value: Option<f64>,
    /// The lower limit of it.
    pub limit_min: Option<f64>,
    /// The upper limit of it.
    pub limit_max: Option<f64>,
    /// How many values were judged.
    pub measured: u64,
    /// How many are proven outside.
    pub failed: u64,
    /// How many straddle a limit.
    pub marginal: u64,
    /// The smallest value.
    pub min: Option<f64>,
    /// The largest value.
    pub max: Option<f64>,
    /// Their standard deviation.
    pub sd: Option<f64>,
    /// The half-width at the worst value.
    pub uncertainty: Option<f64>,
}

/// What a trend takes of a row; texts are those of the part that is being read.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct ResultView<'a> {
    /// When the capture was taken.
    pub taken_at: Option<&'a str>,
    /// The device under test.
    pub dut: Option<&'a str>,
    /// Who ran it; none where it was not asked for.
    pub operator: Option<&'a str>,
    /// `lot=7;tray=2`; none where it was not asked for.
    pub tags: Option<&'a str>,
    /// The driver of the analyzer.
    pub driver: Option<&'a str>,
    /// Its serial number.
    pub serial: Option<&'a str>,
    /// SHA-256 of the capture.
    pub sha256: Option<&'a str>,
    /// SHA-256 of what it was judged by.
    pub spec_sha256: Option<&'a str>,
    /// The verdict of the whole capture.
    pub capture_verdict: &'a str,
    /// What was found first in it.
    pub capture_fault: Option<&'a str>,
    /// The place of the judgement in its file, from 0.
    pub judgement: u32,
    /// The place of the check in its report.
    pub place: u64,
    /// The quantity; none of a capture that could not be judged.
    pub id: Option<&'a str>,
    /// Of which camera.
    pub camera: Option<&'a str>,
    /// Of which line.
    pub line: Option<&'a str>,
    /// The limit as a text.
    pub rule: Option<&'a str>,
    /// The unit of value and limits.
    pub unit: Option<&'a str>,
    /// The verdict of the check.
    pub verdict: Option<&'a str>,
    /// What the value is.
    pub basis: Option<&'a str>,
    /// How many values were judged.
    pub measured: u64,
    /// How many of them are proven outside.
    pub failed: u64,
    /// The value of the capture.
    pub value: Option<f64>,
    /// Its lower limit.
    pub limit_min: Option<f64>,
    /// Its upper limit.
    pub limit_max: Option<f64>,
}

#[cfg(test)]
impl ResultView<'static> {
    /// A check of exposure.time in a capture that passes, without a value; what a test is not about.
    pub(crate) const CHECKED: ResultView<'static> = ResultView {
        taken_at: Some("2026-01-01T00:00:00"),
        dut: None,
        operator: None,
        tags: None,
        driver: None,
        serial: None,
        sha256: Some("ab"),
        spec_sha256: None,
        capture_verdict: "pass",
        capture_fault: None,
        judgement: 0,
        place: 0,
        id: Some("exposure.time"),
        camera: Some("main"),
        line: None,
        rule: Some("10 s ± 4 s"),
        unit: Some("s"),
        verdict: Some("pass"),
        basis: Some("mean"),
        measured: 1,
        failed: 0,
        value: None,
        limit_min: Some(6.0),
        limit_max: Some(14.0),
    };
}

/// What was said of the device under test, which does not depend on what can be read.
#[derive(Debug, Clone, Copy)]
pub struct Said<'a> {
    /// Unit, station and operator.
    pub subject: &'a SubjectNotes,
    /// `lot=7;tray=2`.
    pub tags: Option<&'a str>,
}

/// The rows of a report; `taken` says when each capture was taken, in its order.
#[must_use]
pub fn result_rows(report: &Report, said: Said<'_>, taken: &[Option<TakenAt>]) -> Vec<ResultRow> {
    let taken = taken.iter().cloned().chain(std::iter::repeat(None));
    report.captures.iter().zip(taken).flat_map(|(capture, taken)| rows_of(capture, said, taken)).collect()
}

fn rows_of(capture: &CaptureReport, Said { subject, tags }: Said<'_>, taken: Option<TakenAt>) -> Vec<ResultRow> {
    let bare = ResultRow {
        taken,
        dut: subject.dut.clone(),
        station: subject.station.clone(),
        operator: subject.operator.clone(),
        tags: tags.map(str::to_owned),
        record: None,
        capture: capture.path.clone(),
        sha256: None,
        spec: None,
        spec_sha256: None,
        capture_verdict: capture.overall(),
        capture_fault: None,
        place: 0,
        check: None,
    };
    let Outcome::Judged(judgement) = &capture.outcome else { return vec![bare] };
    let first = judgement.findings.first().filter(|_| judgement.verdict != Verdict::Pass);
    let of_capture = ResultRow {
        sha256: Some(judgement.provenance.sha256.clone()),
        spec: Some(judgement.spec_source.clone()),
        spec_sha256: Some(spec_sha256(judgement)),
        capture_fault: first.map(|finding| finding.fault),
        record: Some(RecordNotes::of(judgement, tags)),
        ..bare
    };
    if judgement.checks.is_empty() {
        return vec![of_capture];
    }
    let row = |(place, check)| ResultRow { place, check: Some(result(judgement, check)), ..of_capture.clone() };
    (0..).zip(&judgement.checks).map(row).collect()
}

/// What was stated of a capture besides its spec.
#[derive(Debug, Clone, Copy)]
pub struct Stated<'a> {
    /// The sample rate, and what says so.
    pub rate: (&'a SampleRate, RateSource),
    /// How long the record is; s.
    pub duration: Option<&'a Rational>,
    /// The window that is judged.
    pub window: Option<&'a Window>,
    /// SHA-256 of the camera's log.
    pub log: Option<&'a str>,
}

/// SHA-256 of all that a capture is judged by: the effective spec, and what was stated of window, sample rate, duration and
/// log. Equal for judgements that must come out alike; in lower-case hexadecimal digits.
#[must_use]
pub fn judged_by(spec: &Spec, stated: &Stated<'_>) -> String {
    let mut text = spec.to_toml();
    let mut add = |what: &str, value: &str| text.push_str(&format!("\n# {what} {value}\n"));
    if let Some(window) = stated.window {
        add("window", &format!("{} {}", window.from.to_fraction(), window.to.to_fraction()));
    }
    match stated.rate {
        (rate, RateSource::Stated) => add("samplerate", &rate.hz().to_fraction()),
        (_, RateSource::File | RateSource::TimeUnit) => {}
    }
    if let Some(duration) = stated.duration {
        add("duration", &duration.to_fraction());
    }
    if let Some(log) = stated.log {
        add("timestamps", log);
    }
    Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The same of a judgement.
fn spec_sha256(judgement: &Judgement) -> String {
    let Provenance { window, rate, rate_source, duration, log, .. } = &judgement.provenance;
    let log = log.as_ref().map(|log| log.sha256.as_str());
    let (rate, duration, window) = ((rate, *rate_source), duration.as_ref(), window.as_ref());
    judged_by(&judgement.spec, &Stated { rate, duration, window, log })
}

fn result(judgement: &Judgement, check: &Check) -> CheckResult {
    let explains = |finding: &&crate::diagnosis::Finding| finding.explains.contains(&check.quantity.id);
    let fault = judgement.findings.iter().find(explains).filter(|_| check.verdict != Verdict::Pass);
    let (basis, limits) = basis(&check.limits);
    let statistics = check.statistics.as_ref();
    let value = match basis {
        Basis::Mean => statistics.map(|statistics| statistics.mean),
        Basis::Deviation => mean_deviation(check),
    };
    CheckResult {
        id: check.quantity.id,
        camera: check.camera.clone(),
        line: check.line.clone(),
        rule: check.rule.clone(),
        unit: check.quantity.unit.symbol(),
        verdict: check.verdict,
        fault: fault.map(|finding| finding.fault),
        alignment: alignment(judgement, check),
        basis,
        value,
        limit_min: limits.0,
        limit_max: limits.1,
        measured: check.measured,
        failed: check.failed,
        marginal: check.marginal,
        min: statistics.map(|statistics| statistics.min),
        max: statistics.map(|statistics| statistics.max),
        sd: statistics.and_then(|statistics| statistics.sd),
        uncertainty: check.uncertainty.as_ref().map(Rational::to_f64),
    }
}

/// The alignment of the camera that a check is of.
fn alignment(judgement: &Judgement, check: &Check) -> Option<&'static str> {
    let camera = match check.subject {
        Subject::Camera(camera) => judgement.observation.cameras.get(camera)?,
        Subject::Line(_) => return None,
    };
    camera.alignment.map(Alignment::key)
}

/// What a capture's one value is, and its limits: those of the rule, or of a sequence whose entries all have the same
/// tolerance, around 0; other sequences have none.
fn basis(limits: &[Limit]) -> (Basis, (Option<f64>, Option<f64>)) {
    let ends = |limit: &Limit| (limit.min().map(Rational::to_f64), limit.max().map(Rational::to_f64));
    let around = |limit: &Limit| {
        let nominal = limit.nominal()?;
        Some((limit.min()? - nominal, limit.max()? - nominal))
    };
    match limits {
        [limit] => (Basis::Mean, ends(limit)),
        [first, rest @ ..] => match around(first) {
            Some((min, max)) if rest.iter().all(|limit| around(limit) == Some((min.clone(), max.clone()))) => {
                (Basis::Deviation, (Some(min.to_f64()), Some(max.to_f64())))
            }
            Some(_) | None => (Basis::Mean, (None, None)),
        },
        [] => (Basis::Mean, (None, None)),
    }
}

/// The mean distance of the judged values from the nominal of their entry.
fn mean_deviation(check: &Check) -> Option<f64> {
    use crate::verdict::Standing;
    let nominals: Vec<f64> = check.limits.iter().filter_map(|limit| limit.nominal().map(Rational::to_f64)).collect();
    if nominals.is_empty() {
        return None;
    }
    let judged = check.track.iter().filter(|point| point.standing != Standing::NotJudged);
    let deviations: Vec<f64> = judged.filter_map(|point| Some(point.value - nominals.get(point.entry)?)).collect();
    (!deviations.is_empty()).then(|| deviations.iter().sum::<f64>() / deviations.len() as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::testing;
    use crate::study::partition::partition;
    use crate::units::Unit;

    #[test]
    fn a_row_per_check_and_one_of_what_could_not_be_judged() {
        let report = Report { captures: vec![testing::failing(), testing::unreadable()] };
        let subject = SubjectNotes { dut: Some("77".to_owned()), ..SubjectNotes::default() };
        let taken = TakenAt { time: "2026-11-23T05:12:08".to_owned(), source: TimeSource::Sidecar };
        let rows = result_rows(&report, Said { subject: &subject, tags: None }, &[Some(taken), None]);
        let ids: Vec<_> = rows.iter().map(|row| (row.place, row.check.as_ref().map(|check| check.id))).collect();
        assert_eq!(ids, [(0, Some("frame.time")), (1, Some("exposure.time")), (0, None)]);
        assert_eq!((rows[2].capture_verdict, rows[2].dut.as_deref()), (Overall::Error, Some("77")));
        let alignment = rows[1].check.as_ref().and_then(|check| check.alignment);
        assert_eq!((alignment, rows[2].record.is_some()), (Some("end"), false));
        assert_eq!(partition(&rows[2]), ["station=unstated", "day=unknown"]);
        assert_eq!(partition(&rows[0])[1], "day=2026-11-23");
        assert_eq!(rows[0].spec_sha256.as_ref().map(String::len), Some(64));
    }

    #[test]
    fn a_sequence_is_kept_as_deviations_where_its_tolerances_are_equal() {
        let limits = |texts: &[&str]| -> Vec<Limit> {
            texts.iter().map(|text| Limit::parse(text, Unit::Second).unwrap()).collect()
        };
        let (kind, ends) = basis(&limits(&["20 ms ± 50 us", "10 ms ± 50 us"]));
        assert_eq!((kind, ends), (Basis::Deviation, (Some(-5e-5), Some(5e-5))));
        assert_eq!(basis(&limits(&["20 ms ± 50 us", "10 ms ± 40 us"])), (Basis::Mean, (None, None)));
        assert_eq!(basis(&limits(&["<= 1 ms"])), (Basis::Mean, (None, Some(1e-3))));
    }
}
