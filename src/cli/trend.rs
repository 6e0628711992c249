//! `strobecheck trend`: many results over time.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::args::TrendArgs;
use super::files::{Files, Ours, STANDARD, Target};
use super::output::Aside;
use super::{Exit, Failure};
use crate::escape::visible;
use crate::render::html::trend_page;
use crate::render::{Imprinting, trend_json, trend_text};
use crate::report::Written;
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
    let files = Files::new(args.write.force);
    let shelves = shelves(args, &files)?;
    let ours = || Ours::Imprinted(Imprinting::MARKUP, Written::Trend);
    let target = args.output.as_deref().map(|path| files.target(path, ours())).transpose()?;
    let aside = target.as_ref().map_or(Aside::Output, Target::aside);
    if args.json && aside == Aside::Error {
        let reason = "with --json, standard output has the tables; write the page to a file".to_owned();
        return Err(Failure::Usage { option: "--output -", reason });
    }
    let trend = read(shelves, subgroups)?;
    if args.json {
        files.target(Path::new(STANDARD), Ours::Nothing)?.write_bytes(&trend_json(&trend)?)?;
    } else if aside == Aside::Output {
        aside.print(&trend_text(&trend))?;
    }
    if let Some((target, path)) = target.zip(args.output.as_ref()) {
        target.write_bytes(&trend_page(&trend)?)?;
        if !args.json {
            aside.print(&format!("Page: {}\n", visible(&path.display().to_string())))?;
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

/// The parts, by station and day.
fn shelves(args: &TrendArgs, files: &Files) -> Result<BTreeMap<Shelf, Vec<PathBuf>>, Failure> {
    let mut shelves: BTreeMap<Shelf, Vec<PathBuf>> = BTreeMap::new();
    for root in &args.results {
        let mut found = Vec::new();
        parts(root, 0, &mut found)?;
        if found.is_empty() {
            return Err(Failure::NoResults(root.clone()));
        }
        for file in found {
            files.reads(&file);
            shelves.entry(shelf(&file)).or_default().push(file);
        }
    }
    Ok(shelves)
}

/// Reads the parts, one station and day after the other.
fn read(shelves: BTreeMap<Shelf, Vec<PathBuf>>, subgroups: Subgroups) -> Result<Trend, Failure> {
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
