//! The JSON report as it is written: its keys, their order, and the JSON Schema that `schema report` prints. The same
//! structs make both, so that the schema cannot say anything else than the report.

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::{Serialize, Serializer};

use super::log_json::LogJson;
use crate::capture::Integrity;
use crate::diagnosis::{Explanation, LookAlike, Severity};
use crate::report::{Difference, Overall, SubjectNotes};
use crate::rig::{Alignment, Polarity, ShutterKind};
use crate::verdict::Verdict;

/// The format of the report; it changes with any change that a reader of the last one would stumble over.
pub(super) const SCHEMA: &str = "strobecheck.report/2";

/// The result of a run over one or more captures.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields, rename = "report")]
pub(super) struct ReportJson<'a> {
    /// The format of this file.
    #[schemars(extend("const" = SCHEMA))]
    pub(super) schema: &'static str,
    /// What wrote it.
    pub(super) tool: ToolJson,
    /// The verdict over all captures: error before fail before inconclusive before pass.
    pub(super) verdict: Overall,
    /// In the order in which they were given.
    pub(super) captures: Vec<CaptureJson<'a>>,
}

/// What wrote the report.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields, rename = "tool")]
pub(crate) struct ToolJson {
    /// Its name.
    pub(super) name: &'static str,
    /// Its version.
    pub(super) version: &'static str,
}

impl ToolJson {
    /// This program.
    pub(crate) const OURS: ToolJson = ToolJson { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") };
}

/// The result of one capture. Sample numbers and times count from the first sample judged: that of the window, where
/// there is one. One that could not be judged has its path, its verdict and its error; the rest is null.
#[derive(Debug, Default, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields, rename = "capture")]
pub(super) struct CaptureJson<'a> {
    /// The path as it was given.
    pub(super) path: &'a str,
    /// SHA-256 of the file, in lower-case hexadecimal digits.
    pub(super) sha256: Option<&'a str>,
    /// The file's format.
    pub(super) format: Option<&'static str>,
    /// Samples per second as the file or the user states it, before the correction of the analyzer's clock.
    pub(super) samplerate_hz: Option<f64>,
    /// The number of samples judged.
    pub(super) samples: Option<u64>,
    /// How long they last in seconds, after the correction of the analyzer's clock, as all times here.
    pub(super) duration_s: Option<f64>,
    /// The window of the capture that was judged; null: all of it.
    pub(super) window: Option<WindowJson>,
    /// Whether the record is whole; a damaged one never passes.
    pub(super) integrity: Option<Integrity>,
    /// What is damaged, and what is odd, as sentences.
    pub(super) problems: Option<&'a [String]>,
    /// The stretches that are lost; nothing is measured across them.
    pub(super) lost: Option<Vec<LostJson>>,
    /// What the user said about the device under test.
    pub(super) subject: Option<&'a SubjectNotes>,
    /// The sidecar file beside the capture.
    pub(super) sidecar: Option<&'a serde_json::Value>,
    /// The camera's own log; null without one.
    pub(super) log: Option<LogJson<'a>>,
    /// What each wired line did.
    pub(super) lines: Option<Vec<LineJson<'a>>>,
    /// The cameras and their frames.
    pub(super) cameras: Option<Vec<CameraJson<'a>>>,
    /// The effective settings that it was judged by, as texts, in the order of the spec file.
    pub(super) spec: Option<Texts<'a>>,
    /// What came of it.
    pub(super) verdict: Overall,
    /// Why it could not be judged.
    pub(super) error: Option<&'a str>,
    /// Whether that was expected; only with `--expect`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) expected: Option<ExpectedJson<'a>>,
    /// Why it is not a pass, in a sentence.
    pub(super) reason: Option<&'a str>,
    /// What a reader may take for judged and is not, as sentences.
    pub(super) unjudged: Option<&'a [String]>,
    /// One per rule.
    pub(super) checks: Option<Vec<CheckJson<'a>>>,
    /// What is wrong, most important first.
    pub(super) findings: Option<Vec<FindingJson<'a>>>,
    /// The table of frames, by column, each a list of as many cells; only with `--json=frames`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<std::collections::BTreeMap<String, Vec<serde_json::Value>>>")]
    pub(super) frames: Option<crate::table::Table>,
}

/// How a capture compares with what is expected of it.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields, rename = "expected")]
pub(super) struct ExpectedJson<'a> {
    /// Whether it came as expected.
    pub(super) met: bool,
    /// Why nothing could be compared; null where it was.
    pub(super) error: Option<&'a str>,
    /// What came otherwise.
    pub(super) differences: &'a [Difference],
}

/// A window of time within the capture's file.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields, rename = "window")]
pub(super) struct WindowJson {
    /// From, in seconds of the file.
    pub(super) from_s: f64,
    /// To, in seconds of the file.
    pub(super) to_s: f64,
}

/// A stretch that is lost; of equal ends, an unknown number of samples is missing just before that one.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields, rename = "lost")]
pub(super) struct LostJson {
    /// The first lost sample.
    pub(super) from_sample: u64,
    /// The first sample after it that is proven again.
    pub(super) to_sample: u64,
}

/// A wired line.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields, rename = "line")]
pub(super) struct LineJson<'a> {
    /// What it is for: strobe, fsin, flash, flash.A, …
    pub(super) role: String,
    /// The camera whose wiring names it; others may share it.
    pub(super) camera: &'a str,
    /// The probe that shows it; with its bit where several share the name.
    pub(super) probe: String,
    /// Which level is active.
    pub(super) active: Polarity,
    /// Raw edges.
    pub(super) edges: u64,
    /// Stretches shorter than its glitch setting; null: it has none.
    pub(super) glitches: Option<u64>,
}

/// A camera.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields, rename = "camera")]
pub(super) struct CameraJson<'a> {
    /// Its name.
    pub(super) name: &'a str,
    /// Whether exposures end or start at the frame edge, stated or found; null: it cannot be told.
    pub(super) alignment: Option<Alignment>,
    /// How it exposes its rows.
    pub(super) shutter: ShutterKind,
    /// Complete frames seen.
    pub(super) frames: u64,
}

/// Values that were not judged.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields, rename = "left_out")]
pub(super) struct LeftOutJson {
    /// How many.
    pub(super) count: u64,
    /// Why, in words.
    pub(super) why: &'static str,
}

/// A rule, what was measured, and what is proven. Values are in `unit`.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields, rename = "check")]
pub(super) struct CheckJson<'a> {
    /// The quantity.
    pub(super) id: &'static str,
    /// The camera that it is about.
    pub(super) camera: Option<&'a str>,
    /// The line that it is about.
    pub(super) line: Option<&'a str>,
    /// What it was judged by.
    pub(super) rule: &'a str,
    /// Whether the rule follows from others instead of being stated.
    pub(super) implied: bool,
    /// The base unit that its values are in: s, Hz, %, ppm or count.
    pub(super) unit: &'static str,
    /// What is proven.
    pub(super) verdict: Verdict,
    /// Why it is not a pass, in a sentence.
    pub(super) reason: Option<&'a str>,
    /// What would settle an inconclusive, in a sentence.
    pub(super) settle: Option<&'a str>,
    /// How many values were judged.
    pub(super) measured: u64,
    /// How many of them are proven outside.
    pub(super) failed: u64,
    /// How many of them straddle a limit.
    pub(super) marginal: u64,
    /// What was measured and not judged.
    pub(super) left_out: Vec<LeftOutJson>,
    /// The smallest value.
    pub(super) min: Option<f64>,
    /// The largest value.
    pub(super) max: Option<f64>,
    /// The arithmetic mean.
    pub(super) mean: Option<f64>,
    /// The standard deviation of the sample (n − 1).
    pub(super) sd: Option<f64>,
    /// The median, by nearest rank.
    pub(super) p50: Option<f64>,
    /// The 99th percentile, by nearest rank.
    pub(super) p99: Option<f64>,
    /// The 99.9th percentile, by nearest rank.
    #[serde(rename = "p99.9")]
    pub(super) p99_9: Option<f64>,
    /// The half-width at `worst`: the truth is no farther from its value.
    pub(super) uncertainty: Option<f64>,
    /// The value with the least margin.
    pub(super) worst: Option<JudgedJson>,
    /// The first 100 values that are proven outside.
    pub(super) violations: Vec<JudgedJson>,
    /// The first 100 values that straddle a limit.
    pub(super) marginals: Vec<JudgedJson>,
}

/// A value that was judged, and where it is.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields, rename = "judged")]
pub(super) struct JudgedJson {
    /// The frame, if it belongs to one.
    pub(super) frame: Option<i64>,
    /// The first sample that it was taken from.
    pub(super) from_sample: u64,
    /// The last sample that it was taken from.
    pub(super) to_sample: u64,
    /// The time of `from_sample` in seconds.
    pub(super) time_s: f64,
    /// The value.
    pub(super) value: f64,
    /// The truth is not below it; null: unbounded.
    pub(super) low: Option<f64>,
    /// The truth is not above it; null: unbounded.
    pub(super) high: Option<f64>,
    /// The distance to the nearest limit; below 0 outside.
    pub(super) margin: f64,
}

/// A fault that was recognised.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields, rename = "finding")]
pub(super) struct FindingJson<'a> {
    /// The fault's id.
    pub(super) fault: &'static str,
    /// How much it matters.
    pub(super) severity: Severity,
    /// The camera it is about.
    pub(super) camera: Option<&'a str>,
    /// The line it is about.
    pub(super) line: Option<&'a str>,
    /// What is wrong, in a sentence.
    pub(super) summary: &'a str,
    /// What shows it, in a sentence with numbers.
    pub(super) evidence: &'a str,
    /// The places that show it best.
    pub(super) at: Vec<PlaceJson>,
    /// What may cause it, each with what to do then: those that its values speak for first; those that they contradict are
    /// left out.
    pub(super) explanations: &'a [Explanation],
    /// The causes of the explanations, in their order.
    pub(super) causes: Vec<&'a str>,
    /// The remedies of the explanations, in their order.
    pub(super) remedies: Vec<&'a str>,
    /// What looks like it.
    pub(super) look_alikes: &'a [&'static LookAlike],
    /// The ids of the checks that it explains.
    pub(super) explains: &'a [&'static str],
}

/// A place in the capture.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields, rename = "place")]
pub(super) struct PlaceJson {
    /// The sample.
    pub(super) sample: u64,
    /// Its time in seconds.
    pub(super) time_s: f64,
}

/// Keys and texts, written as an object in their order.
#[derive(Debug, JsonSchema)]
#[schemars(rename = "texts")]
pub(super) struct Texts<'a>(
    #[schemars(with = "std::collections::BTreeMap<String, String>")] pub(super) &'a [(String, String)],
);

impl Serialize for Texts<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(key, text)| (key, text)))
    }
}

/// The JSON Schema (draft 2020-12) of the JSON report.
#[must_use]
pub fn report_schema() -> serde_json::Value {
    let settings = SchemaSettings::draft2020_12().for_serialize();
    settings.into_generator().into_root_schema_for::<ReportJson<'static>>().to_value()
}
