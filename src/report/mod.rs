//! The result of a run: everything that renderers show and the exit code follows from. Renderers compute nothing.

mod exit;
mod expect;
mod imprint;
#[cfg(test)]
pub(crate) mod testing;
mod time;

pub use exit::{ExitCode, InconclusivePolicy};
pub use expect::{Difference, ExpectError, Expectation, Expected, expect_schema};
pub use imprint::{Digest, Imprint, Subject, Written};
pub use time::complete_frames;

use std::sync::Arc;

use schemars::JsonSchema;
use serde::Serialize;
use strum::IntoStaticStr;

use crate::capture::{Capture, Header, Integrity};
use crate::diagnosis::Finding;
use crate::frame::Observation;
use crate::log::CameraLog;
use crate::signal::LostSpan;
use crate::spec::Spec;
use crate::units::{Rational, SampleRate};
use crate::verdict::{Check, Verdict};

/// The result of judging one or more captures.
#[derive(Debug, Clone)]
pub struct Report {
    /// In the order in which they were given.
    pub captures: Vec<CaptureReport>,
}

/// The result of one capture.
#[derive(Debug, Clone)]
pub struct CaptureReport {
    /// The path as it was given.
    pub path: String,
    /// What came of it.
    pub outcome: Outcome,
    /// Whether that was expected (`--expect`); none where nothing is to be compared.
    pub expected: Option<Expected>,
}

/// What came of a capture.
#[derive(Debug, Clone)]
pub enum Outcome {
    /// It was judged.
    Judged(Box<Judgement>),
    /// It could not be read, or not against this spec: the reason.
    Error(String),
}

/// The verdict over everything: what the exit code stands for. Of several the last in this order is that of the whole.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema, IntoStaticStr)]
#[serde(rename_all = "lowercase")]
#[schemars(rename = "overall")]
#[strum(serialize_all = "lowercase")]
pub enum Overall {
    /// All that was judged is proven within its limits.
    Pass,
    /// Something could not be proven either way.
    Inconclusive,
    /// Something is proven outside.
    Fail,
    /// A capture could not be judged at all.
    #[default]
    Error,
}

/// Where the sample rate comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RateSource {
    /// The file.
    File,
    /// The user (`--samplerate`).
    Stated,
    /// Nowhere: the file states times, and their unit is counted. How often the lines were looked at is not known.
    TimeUnit,
}

/// The window of time that was judged instead of the whole capture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Window {
    /// From, in seconds of the capture.
    pub from: Rational,
    /// To, in seconds of the capture.
    pub to: Rational,
    /// The sample of the whole capture that is sample 0 of the window.
    pub first_sample: u64,
}

/// What the user said about the device under test; texts as given.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields, rename = "subject")]
pub struct SubjectNotes {
    /// The device under test.
    pub dut: Option<String>,
    /// The test station.
    pub station: Option<String>,
    /// Who ran it.
    pub operator: Option<String>,
    /// Anything else.
    pub note: Option<String>,
}

/// Where a capture comes from and what state its record is in.
#[derive(Debug, Clone)]
pub struct Provenance {
    /// SHA-256 of the file, in lower-case hexadecimal digits.
    pub sha256: String,
    /// What the file says of itself.
    pub header: Header,
    /// The sample rate before `analyzer.correction`.
    pub rate: SampleRate,
    /// Where that rate comes from.
    pub rate_source: RateSource,
    /// The number of samples judged.
    pub samples: u64,
    /// The window that was judged; none: the whole capture.
    pub window: Option<Window>,
    /// How long the record is, where that was stated of a file that does not say it; s.
    pub duration: Option<Rational>,
    /// Whether the record is whole.
    pub integrity: Integrity,
    /// What is damaged, and what is odd, as sentences.
    pub problems: Vec<String>,
    /// The stretches that are lost.
    pub lost: Vec<LostSpan>,
    /// What the user said of it.
    pub subject: SubjectNotes,
    /// The sidecar file beside the capture, if there is one.
    pub sidecar: Option<serde_json::Value>,
    /// The camera's log, if there is one.
    pub log: Option<LogFile>,
}

impl Provenance {
    /// What a capture says of itself, at the file's own rate: without the bytes, the window and the notes of a file.
    #[must_use]
    pub fn of(capture: &Capture) -> Provenance {
        Provenance {
            sha256: String::new(),
            header: capture.header.clone(),
            rate: capture.rate.clone(),
            rate_source: RateSource::File,
            samples: capture.length.get(),
            window: None,
            duration: None,
            integrity: capture.integrity(),
            problems: capture.problems.clone(),
            lost: capture.lost.spans().to_vec(),
            subject: SubjectNotes::default(),
            sidecar: None,
            log: None,
        }
    }
}

/// A camera's log and where it comes from.
#[derive(Debug, Clone)]
pub struct LogFile {
    /// The path as it was given.
    pub path: String,
    /// SHA-256 of the file, in lower-case hexadecimal digits.
    pub sha256: String,
    /// What it says.
    pub log: Arc<CameraLog>,
}

/// A judged capture.
#[derive(Debug, Clone)]
pub struct Judgement {
    /// Where it comes from.
    pub provenance: Provenance,
    /// What it was judged by.
    pub spec: Arc<Spec>,
    /// Where the spec was found, as a text for the summary: `board7.spec.toml`, `profile seed-oakdpoe-30`.
    pub spec_source: String,
    /// What was seen: lines, frames, exposures.
    pub observation: Arc<Observation>,
    /// One per rule.
    pub checks: Vec<Check>,
    /// What is wrong, most important first.
    pub findings: Vec<Finding>,
    /// What this capture can decide at best, and the limits that are too narrow for it, as sentences.
    pub capability: Vec<String>,
    /// The verdict of this capture.
    pub verdict: Verdict,
    /// Why it is not a pass, in a sentence.
    pub reason: Option<String>,
}
