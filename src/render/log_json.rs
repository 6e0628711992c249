//! What the JSON report says of the camera's log.

use schemars::JsonSchema;
use serde::Serialize;

use super::log_text::missing_frames;
use crate::frame::{CameraFrames, Logged};
use crate::log::{Basis, Convention, Matched, Recognition};
use crate::report::Judgement;

/// Missing frames are listed up to this many.
const LISTED: usize = 100;

/// The camera's own log, and where it lies on the capture.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields, rename = "log")]
pub(super) struct LogJson<'a> {
    /// The path as it was given.
    path: &'a str,
    /// SHA-256 of the file, in lower-case hexadecimal digits.
    sha256: &'a str,
    /// The number of its rows.
    rows: u64,
    /// The column that its times were read from.
    time_column: &'a str,
    /// What is odd about it, as sentences.
    remarks: &'a [String],
    /// What it says of each camera.
    cameras: Vec<LoggedCameraJson<'a>>,
}

/// What a log says of a camera.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields, rename = "logged_camera")]
struct LoggedCameraJson<'a> {
    /// The camera's name.
    name: &'a str,
    /// What the log calls it.
    stream: Option<&'a str>,
    /// Why the log could not be laid on its exposures; the rest is null then.
    unmatched: Option<&'a str>,
    /// Exposures that have a timestamp.
    matched: Option<u64>,
    /// The first 100 frames that the log lacks while it runs.
    missing_frames: Option<Vec<i64>>,
    /// Lines of the log whose timestamp has no exposure: the first 100.
    lines_without_exposure: Option<Vec<u64>>,
    /// What says that it lies where it does.
    placed_by: Option<BasisJson>,
    /// The log's time at the first sample judged.
    offset_s: Option<f64>,
    /// How far that may be off.
    offset_bound_s: Option<f64>,
    /// How much faster the log's clock runs than the analyzer's.
    rate_ppm: Option<f64>,
    /// How far that may be off.
    rate_bound_ppm: Option<f64>,
    /// Timestamps that were fitted.
    fitted: Option<u64>,
    /// Timestamps that were left out of the fit as far early or late.
    outliers: Option<u64>,
    /// The instant of the exposure that the timestamps mark; null: it cannot be told.
    convention: Option<Convention>,
    /// How timestamp − STROBE end moves with the exposure time: 0, −0.5 or −1; null: the exposure time varies too little.
    convention_slope: Option<f64>,
    /// How far that may be off.
    convention_bound: Option<f64>,
}

/// What says that a log lies where it does.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(rename = "placed_by")]
enum BasisJson {
    /// The intervals agree nowhere else.
    Intervals,
    /// The exposure times agree nowhere else.
    Exposures,
    /// Nowhere else do as many timestamps meet an exposure.
    Overlap,
    /// Nothing: it fits elsewhere as well.
    Ambiguous,
}

/// The log of a capture; none without one.
pub(super) fn log(judgement: &Judgement) -> Option<LogJson<'_>> {
    let file = judgement.provenance.log.as_ref()?;
    let observation = &judgement.observation;
    let cameras = observation.rig.cameras.iter().zip(&observation.cameras);
    Some(LogJson {
        path: &file.path,
        sha256: &file.sha256,
        rows: file.log.rows,
        time_column: &file.log.time_column,
        remarks: &file.log.remarks,
        cameras: cameras.map(|(camera, frames)| logged(&camera.name, frames)).collect(),
    })
}

fn logged<'a>(name: &'a str, frames: &'a CameraFrames) -> LoggedCameraJson<'a> {
    let unmatched = match &frames.logged {
        Logged::Unmatched(reason) => Some(reason.as_str()),
        Logged::NotGiven | Logged::Matched(_) => None,
    };
    let matched = frames.logged.matched();
    let clock = matched.map(|matched| &matched.clock);
    let slope = matched.and_then(|matched| match &matched.recognition {
        Recognition::Recognised { slope, bound, .. } | Recognition::Neither { slope, bound } => Some((slope, bound)),
        Recognition::ExposureConstant => None,
    });
    LoggedCameraJson {
        name,
        stream: matched.and_then(|matched| matched.stream.as_deref()),
        unmatched,
        matched: matched.map(|matched| matched.frames.len() as u64),
        missing_frames: matched.map(|matched| missing_frames(matched, frames).into_iter().take(LISTED).collect()),
        lines_without_exposure: matched.map(lines_without_exposure),
        placed_by: matched.map(|matched| match matched.basis {
            Basis::Intervals => BasisJson::Intervals,
            Basis::Exposures => BasisJson::Exposures,
            Basis::Overlap => BasisJson::Overlap,
            Basis::Ambiguous { .. } => BasisJson::Ambiguous,
        }),
        offset_s: clock.map(|clock| clock.offset.to_f64()),
        offset_bound_s: clock.map(|clock| clock.offset_bound.to_f64()),
        rate_ppm: clock.map(|clock| clock.rate.times(1_000_000).to_f64()),
        rate_bound_ppm: clock.map(|clock| clock.rate_bound.times(1_000_000).to_f64()),
        fitted: clock.map(|clock| clock.fitted),
        outliers: clock.map(|clock| clock.left_out),
        convention: matched.and_then(|matched| matched.recognition.convention()),
        convention_slope: slope.map(|(slope, _)| slope.to_f64()),
        convention_bound: slope.map(|(_, bound)| bound.to_f64()),
    }
}

fn lines_without_exposure(matched: &Matched) -> Vec<u64> {
    matched.without_exposure.iter().take(LISTED).map(|&stamp| matched.stamps[stamp].line).collect()
}
