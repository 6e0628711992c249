//! `verify --results`: results that add up.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::cli::files::{Files, Ours, STANDARD, Staged};
use crate::cli::load::open_source;
use crate::cli::results_folder::hash;
use crate::cli::{Failure, sidecar};
use crate::escape::visible;
use crate::format::srzip::written_at;
use crate::report::{CaptureReport, Report};
use crate::study::partition::{is_time, partition};
use crate::study::results::{ResultRow, Said, TakenAt, TimeSource, result_rows};
use crate::table::{self, TableFormat};
use crate::units::counted;

/// The parts of a run under their temporary names.
pub(super) struct Added<'f> {
    pub(super) files: Vec<Staged<'f>>,
    folder: PathBuf,
    /// The rows in new parts, and in parts that were there already.
    rows: [usize; 2],
}

impl Added<'_> {
    /// What was added.
    pub(super) fn text(&self) -> String {
        let [new, known] = self.rows;
        let folder = self.folder.display().to_string();
        let known = if known == 0 { String::new() } else { format!("; {} there already", counted(known, "row")) };
        format!("Results: {} added to {}{known}\n", counted(new, "row"), visible(&folder))
    }
}

/// Adds the results of a run to a folder: a Parquet file for each station and day, each written whole or not at all. It
/// bears the hash of its bytes: the same run adds the same file, and two runs at once do not meet.
pub(super) fn stage<'f>(
    folder: &Path,
    report: &Report,
    said: Said<'_>,
    files: &'f Files,
) -> Result<Added<'f>, Failure> {
    let taken: Vec<Option<TakenAt>> = report.captures.iter().map(|capture| taken_at(capture, files)).collect();
    stage_rows(folder, &result_rows(report, said, &taken), files)
}

/// The same of rows that are there.
pub(super) fn stage_rows<'f>(folder: &Path, rows: &[ResultRow], files: &'f Files) -> Result<Added<'f>, Failure> {
    let mut parts: BTreeMap<[String; 2], Vec<&ResultRow>> = BTreeMap::new();
    for row in rows {
        parts.entry(partition(row)).or_default().push(row);
    }
    let mut added = Added { files: Vec::new(), folder: folder.to_owned(), rows: [0, 0] };
    for ([station, day], rows) in &parts {
        let bytes = table::results(rows).bytes(TableFormat::Parquet)?;
        let path = folder.join(station).join(day).join(format!("part-{}.parquet", hash(&bytes)));
        let [new, known] = &mut added.rows;
        if std::fs::read(&path).is_ok_and(|there| there == bytes) {
            *known += rows.len();
        } else {
            *new += rows.len();
            added.files.push(files.target(&path, Ours::Same(bytes.clone()))?.stage_bytes(&bytes)?);
        }
    }
    Ok(added)
}

/// When a capture was taken: as its sidecar says, else its archive, else the file system.
pub(super) fn taken_at(capture: &CaptureReport, files: &Files) -> Option<TakenAt> {
    let path = Path::new(&capture.path);
    let recorded = capture.judgement().and_then(|judgement| sidecar::start(judgement.provenance.sidecar.as_ref()?));
    let recorded = recorded.map(|start| start.trim_end_matches('Z').to_owned()).filter(|time| is_time(time));
    if let Some(time) = recorded {
        return Some(TakenAt { time, source: TimeSource::Sidecar });
    }
    if path == Path::new(STANDARD) {
        return None;
    }
    let archive = open_source(path, files).ok().and_then(|opened| written_at(opened.source.as_ref()));
    let archive = archive.filter(|time| is_time(time));
    if let Some(time) = archive {
        return Some(TakenAt { time, source: TimeSource::Archive });
    }
    let modified = std::fs::metadata(path).and_then(|metadata| metadata.modified()).ok()?;
    let time = sidecar::utc_text(modified);
    Some(TakenAt { time, source: TimeSource::File })
}
