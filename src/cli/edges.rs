//! `strobecheck edges`: every edge of every probe.

use std::io::Write;

use super::args::{EdgeFormat, EdgesArgs};
use super::load::{Opened, ReadOptions, open_source};
use super::{Exit, Failure, output};
use crate::capture::{Extent, Presence, Probe};
use crate::render::EdgeCsv;
use crate::table::EdgeParquet;

pub(super) fn run(args: &EdgesArgs) -> Result<Exit, Failure> {
    let options = ReadOptions::new(&args.read)?;
    let opened = Opened::new(&args.capture, open_source(&args.capture)?, &options)?;
    super::say_warnings(&opened);
    let extent = match args.format {
        EdgeFormat::Csv => write(args, |out| csv(&opened, out))?,
        EdgeFormat::Parquet => write(args, |out| parquet(&opened, out))?,
    };
    opened.say_unknown(&extent);
    Ok(super::exit_for(&extent.problems))
}

fn write(args: &EdgesArgs, table: impl FnOnce(&mut dyn Write) -> Result<Extent, Failure>) -> Result<Extent, Failure> {
    match &args.output {
        Some(path) => output::write_file(path, table),
        None => output::print(table),
    }
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
