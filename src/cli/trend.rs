//! `strobecheck trend`: many results over time.

use std::path::Path;

use super::args::TrendArgs;
use super::files::{Files, Ours, STANDARD, Target};
use super::output::Aside;
use super::results_folder::ResultsFolder;
use super::{Exit, Failure};
use crate::escape::visible;
use crate::render::html::trend_page;
use crate::render::{Imprinting, gauge_json, gauge_text, repeats_text, trend_json, trend_text};
use crate::report::Written;
use crate::study::gauge::{Appraiser, GaugeBuilder};
use crate::study::results::ResultView;
use crate::study::trend::{Subgroups, Trend, TrendBuilder};
use crate::table::{Notes, Reading};

pub(super) fn run(args: &TrendArgs) -> Result<Exit, Failure> {
    let subgroups = match args.subgroup {
        None => Subgroups::default(),
        Some(size) => Subgroups::of(size)
            .ok_or_else(|| Failure::usage("--subgroup", format!("{size} captures are no subgroup: 2 to 10 are")))?,
    };
    let files = Files::new(args.write.force);
    let folder = ResultsFolder::new(&args.results, &files)?;
    if let Some(grr) = args.grr {
        return gauge(&folder, Appraiser::from(grr), args, &files);
    }
    let ours = || Ours::Imprinted(Imprinting::MARKUP, Written::Trend);
    let target = args.output.as_deref().map(|path| files.target(path, ours())).transpose()?;
    let aside = target.as_ref().map_or(Aside::Output, Target::aside);
    if args.json && aside == Aside::Error {
        let reason = "with --json, standard output has the tables; write the page to a file";
        return Err(Failure::usage("--output -", reason));
    }
    let trend = read(&folder, subgroups)?;
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

/// How much of the spread comes of measuring.
fn gauge(folder: &ResultsFolder, appraiser: Appraiser, args: &TrendArgs, files: &Files) -> Result<Exit, Failure> {
    if !(0.0..=1.0).contains(&args.alpha) {
        let reason = format!("{} is no probability: 0 to 1 are, as 0.05", args.alpha);
        return Err(Failure::usage("--alpha", reason));
    }
    let counting = folder.counting()?;
    let mut studies = GaugeBuilder::new(appraiser, args.alpha);
    let ahead = folder.ahead(Reading::Rows(Notes::Taken));
    for (number, ((shelf, path), file)) in folder.files().zip(ahead).enumerate() {
        let take = |row: ResultView<'_>| {
            if counting.counts(number, row.judgement) {
                studies.take(shelf.station.as_deref(), &row);
            }
        };
        file?.rows(Notes::Taken, take).map_err(|source| Failure::Results { path: path.clone(), source })?;
    }
    let studies = studies.finish();
    if args.json {
        files.target(Path::new(STANDARD), Ours::Nothing)?.write_bytes(&gauge_json(&studies)?)?;
    } else {
        Aside::Output.print(&(repeats_text(&counting.repeats) + &gauge_text(&studies)))?;
    }
    Ok(Exit::Done)
}

/// Reads the files, one station and day after the other, and takes the judgements that count.
fn read(folder: &ResultsFolder, subgroups: Subgroups) -> Result<Trend, Failure> {
    let counting = folder.counting()?;
    let mut trend = TrendBuilder::new(subgroups);
    let mut ahead = folder.ahead(Reading::Rows(Notes::Left));
    let mut number = 0;
    for (shelf, files) in &folder.shelves {
        let mut day = trend.day(shelf.station.clone());
        for (path, file) in files.iter().zip(&mut ahead) {
            let take = |row: ResultView<'_>| {
                if counting.counts(number, row.judgement) {
                    day.take(&row);
                }
            };
            file?.rows(Notes::Left, take).map_err(|source| Failure::Results { path: path.clone(), source })?;
            number += 1;
        }
        day.finish();
    }
    Ok(trend.finish(counting.repeats))
}
