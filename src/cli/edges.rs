//! `strobecheck edges`: every edge of every probe.

use std::io::Write;
use std::path::Path;

use super::args::{EdgeFormat, EdgesArgs};
use super::files::{Files, Ours, STANDARD};
use super::load::{Opened, ReadOptions, open_source};
use super::{Exit, Failure};
use crate::capture::{Extent, Presence, Probe};
use crate::render::{EDGES_CSV, EdgeCsv, Imprinting};
use crate::report::Written;
use crate::table::EdgeParquet;

pub(super) fn run(args: &EdgesArgs) -> Result<Exit, Failure> {
    let options = ReadOptions::new(&args.read)?;
    let files = Files::new(args.write.force);
    let source = open_source(&args.capture, &files)?;
    let ours = match args.format {
        EdgeFormat::Csv => Ours::Begins(EDGES_CSV),
        EdgeFormat::Parquet => Ours::Imprinted(Imprinting::Parquet, Written::Edges),
    };
    let target = files.target(args.output.as_deref().unwrap_or(Path::new(STANDARD)), ours)?;
    let opened = Opened::new(&args.capture, source, &options)?;
    super::say_warnings(&opened);
    let extent = match args.format {
        EdgeFormat::Csv => target.write(|out| csv(&opened, out))?,
        EdgeFormat::Parquet => target.write(|out| parquet(&opened, out))?,
    };
    opened.say_unknown(&extent);
    Ok(super::exit_for(&extent.problems))
}

/// The recorded probes and their names in the table.
fn probes(opened: &Opened) -> Vec<(Probe, String)> {
    let header = opened.header();
    let recorded = header.probes.iter().filter(|probe| probe.presence == Presence::Recorded);
    recorded.map(|probe| (probe.clone(), header.display_name(probe))).collect()
}

fn parquet(opened: &Opened, out: &mut dyn Write) -> Result<Extent, Failure> {
    let (rate, _) = opened.rate()?;
    let mut sink = EdgeParquet::new(out, &probes(opened), &rate, opened.sample_window(&rate))?;
    let extent = opened.stream(opened.all_bits(), &mut sink)?;
    sink.finish().map_err(|e| opened.error(e.into()))?;
    Ok(extent)
}

fn csv(opened: &Opened, out: &mut dyn Write) -> Result<Extent, Failure> {
    let (rate, _) = opened.rate()?;
    let window = opened.sample_window(&rate);
    let mut sink =
        EdgeCsv::new(out, &probes(opened), &rate, window, opened.jobs()).map_err(|e| opened.error(e.into()))?;
    let extent = opened.stream(opened.all_bits(), &mut sink);
    // Where reading fails, the lines up to there are written: always the same ones.
    let finished = sink.finish().map_err(|e| opened.error(e.into()));
    let extent = extent?;
    finished?;
    Ok(extent)
}
