//! `strobecheck trend`: many results over time.

use std::path::Path;

use super::args::TrendArgs;
use super::files::{Files, Ours, STANDARD, Target};
use super::output::Aside;
use super::results_folder::{ResultsFolder, Shelf, take_from};
use super::{Exit, Failure};
use crate::escape::visible;
use crate::render::html::trend_page;
use crate::render::{Imprinting, gauge_json, gauge_text, repeats_text, trend_json, trend_text};
use crate::report::Written;
use crate::study::gauge::{Appraiser, GaugeBuilder};
use crate::study::judgements::Judgements;
use crate::study::results::ResultView;
use crate::study::trend::{Day, Subgroups, Trend, TrendBuilder};
use crate::table::{Notes, Reading, ResultsFile};

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
    let ahead = folder.ahead(Reading::Rows(Notes::Taken), 0);
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

/// Reads the files and takes the judgements that count: once, where none is there a second time.
fn read(folder: &ResultsFolder, subgroups: Subgroups) -> Result<Trend, Failure> {
    let (mut trend, mut judgements, mut taken) = (TrendBuilder::new(subgroups), Judgements::default(), 0);
    let is_read = days(folder, Reading::Both, &mut trend, |_, (shelf, path), file, day| {
        taken += 1;
        take_from(&mut judgements, shelf, path, file)?;
        let all_count = judgements.all_count();
        if all_count {
            rows(path, file, |row| day.take(&row))?;
        }
        Ok(all_count)
    })?;
    let counting = folder.counting_from(taken, judgements)?;
    if !is_read {
        trend = TrendBuilder::new(subgroups);
        days(folder, Reading::Rows(Notes::Left), &mut trend, |number, (_, path), file, day| {
            let counts = |row: &ResultView<'_>| counting.counts(number, row.judgement);
            rows(path, file, |row| {
                if counts(&row) {
                    day.take(&row)
                }
            })
            .map(|()| true)
        })?;
    }
    Ok(trend.finish(counting.repeats))
}

/// Gives the files, one station and day after the other, to what takes them while it wants more; whether it wanted all.
fn days(
    folder: &ResultsFolder,
    reading: Reading,
    trend: &mut TrendBuilder,
    mut take: impl FnMut(usize, (&Shelf, &Path), &ResultsFile<Vec<u8>>, &mut Day<'_>) -> Result<bool, Failure>,
) -> Result<bool, Failure> {
    let mut ahead = folder.ahead(reading, 0).enumerate();
    for (shelf, files) in &folder.shelves {
        let mut day = trend.day(shelf.station.clone());
        for (path, (number, file)) in files.iter().zip(&mut ahead) {
            if !take(number, (shelf, path), &file?, &mut day)? {
                return Ok(false);
            }
        }
        day.finish();
    }
    Ok(true)
}

fn rows(path: &Path, file: &ResultsFile<Vec<u8>>, take: impl FnMut(ResultView<'_>)) -> Result<(), Failure> {
    file.rows(Notes::Left, take).map_err(|source| Failure::Results { path: path.to_owned(), source })
}
