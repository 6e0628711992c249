//! `strobecheck trend`: many results over time.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::args::TrendArgs;
use super::output::WriteError;
use super::{Exit, Failure, output};
use crate::escape::visible;
use crate::render::html::trend_page;
use crate::render::{trend_json, trend_text};
use crate::study::results::partition_value;
use crate::study::trend::{Subgroups, Trend, TrendBuilder};
use crate::table::read_results;

pub(super) fn run(args: &TrendArgs) -> Result<Exit, Failure> {
    let subgroups = match args.subgroup {
        None => Subgroups::default(),
        Some(size) => Subgroups::of(size).ok_or_else(|| Failure::Usage {
            option: "--subgroup",
            reason: format!("{size} captures are no subgroup: 2 to 10 are"),
        })?,
    };
    let trend = read(args, subgroups)?;
    if let Some(path) = &args.output {
        let page = trend_page(&trend)?;
        let error = |source| WriteError::File { path: path.clone(), source };
        output::write_file(path, |out| out.write_all(&page).map_err(error))?;
    }
    if args.json {
        let bytes = trend_json(&trend)?;
        output::print(|out| out.write_all(&bytes).map_err(|e| Failure::from(WriteError::StandardOutput(e))))?;
    } else {
        output::print_text(&trend_text(&trend))?;
        if let Some(path) = &args.output {
            output::print_text(&format!("Page: {}\n", visible(&path.display().to_string())))?;
        }
    }
    Ok(Exit::Done)
}

/// The day and the station that a file lies under; files that lie under none are read each by itself.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Shelf {
    /// None before all days.
    day: Option<String>,
    station: Option<String>,
    alone: Option<PathBuf>,
}

/// Reads the parts, one station and day after the other.
fn read(args: &TrendArgs, subgroups: Subgroups) -> Result<Trend, Failure> {
    let mut shelves: BTreeMap<Shelf, Vec<PathBuf>> = BTreeMap::new();
    for root in &args.results {
        let mut files = Vec::new();
        parts(root, 0, &mut files)?;
        if files.is_empty() {
            return Err(Failure::NoResults(root.clone()));
        }
        for file in files {
            shelves.entry(shelf(&file)).or_default().push(file);
        }
    }
    let mut trend = TrendBuilder::new(subgroups);
    for (shelf, files) in shelves {
        let mut day = trend.day(shelf.station);
        for path in files {
            let bytes = std::fs::read(&path).map_err(|source| Failure::ReadFile { path: path.clone(), source })?;
            read_results(&bytes, |row| day.take(&row)).map_err(|source| Failure::Results { path, source })?;
        }
        day.finish();
    }
    Ok(trend.finish())
}

/// The Parquet files in a folder and the folders in it, in the order of their names; a file is itself one. Half-written
/// files are hidden, and bear another extension.
fn parts(path: &Path, depth: usize, found: &mut Vec<PathBuf>) -> Result<(), Failure> {
    /// Deeper folders are none of ours; links may make a circle.
    const DEEPEST: usize = 8;
    let error = |source| Failure::ReadFile { path: path.to_owned(), source };
    if !std::fs::metadata(path).map_err(error)?.is_dir() {
        found.push(path.to_owned());
        return Ok(());
    }
    if depth > DEEPEST {
        return Ok(());
    }
    let mut entries = Vec::new();
    for entry in std::fs::read_dir(path).map_err(error)? {
        entries.push(entry.map_err(error)?.path());
    }
    entries.sort();
    for entry in entries {
        let hidden = entry.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        let is_part = entry.extension().is_some_and(|extension| extension == "parquet");
        if !hidden && (is_part || entry.is_dir()) {
            parts(&entry, depth + 1, found)?;
        }
    }
    Ok(())
}

fn shelf(file: &Path) -> Shelf {
    let folders = || file.ancestors().skip(1).take(2).filter_map(|folder| folder.file_name());
    let value = |key: &str| folders().find_map(|folder| partition_value(&folder.to_string_lossy(), key));
    match (value("day"), value("station")) {
        (Some(day), Some(station)) => Shelf { day, station, alone: None },
        (Some(_) | None, station) => Shelf { day: None, station: station.flatten(), alone: Some(file.to_owned()) },
    }
}
