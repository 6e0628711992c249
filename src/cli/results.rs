//! `verify --results`: results that add up.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::load::open_source;
use super::{Failure, output, sidecar};
use crate::format::srzip::written_at;
use crate::report::{CaptureReport, Outcome, Report};
use crate::study::results::{ResultRow, TakenAt, TimeSource, partition, result_rows};
use crate::table::{self, TableFormat};
use sha2::{Digest, Sha256};

/// Adds the results of a run to a folder: a Parquet file for each station and day, each written whole or not at all. It
/// bears the hash of its bytes: the same run adds the same file, and two runs at once do not meet.
pub(super) fn add(folder: &Path, report: &Report) -> Result<usize, Failure> {
    let taken: Vec<Option<TakenAt>> = report.captures.iter().map(taken_at).collect();
    let rows = result_rows(report, &taken);
    let mut parts: BTreeMap<[String; 2], Vec<&ResultRow>> = BTreeMap::new();
    for row in &rows {
        parts.entry(partition(row)).or_default().push(row);
    }
    let mut files: BTreeMap<PathBuf, Vec<u8>> = BTreeMap::new();
    for ([station, day], rows) in &parts {
        let bytes = table::results(rows).bytes(TableFormat::Parquet)?;
        let digest = Sha256::digest(&bytes);
        let name: String = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        files.insert(folder.join(station).join(day).join(format!("part-{name}.parquet")), bytes);
    }
    output::write_files(&files)?;
    Ok(rows.len())
}

/// When a capture was taken: as its sidecar says, else its archive, else the file system.
fn taken_at(capture: &CaptureReport) -> Option<TakenAt> {
    let path = Path::new(&capture.path);
    let recorded = match &capture.outcome {
        Outcome::Judged(judgement) => judgement.provenance.sidecar.as_ref().and_then(sidecar::start),
        Outcome::Error(_) => None,
    };
    if let Some(start) = recorded {
        let time = start.trim_end_matches('Z').to_owned();
        return Some(TakenAt { time, source: TimeSource::Sidecar });
    }
    if path == Path::new("-") {
        return None;
    }
    let archive = open_source(path).ok().and_then(|opened| written_at(opened.source.as_ref()));
    if let Some(time) = archive {
        return Some(TakenAt { time, source: TimeSource::Archive });
    }
    let modified = std::fs::metadata(path).and_then(|metadata| metadata.modified()).ok()?;
    let time = sidecar::utc_text(modified);
    Some(TakenAt { time, source: TimeSource::File })
}
