//! `strobecheck edges`: every edge of every probe.

use std::io::Write;
use std::path::Path;

use super::args::{EdgeFormat, EdgesArgs};
use super::files::{Files, Ours, STANDARD};
use super::load::{Opened, ReadOptions, open_source};
use super::{Exit, Failure};
use crate::capture::{Extent, Header, Presence, Probe, ProbeError};
use crate::render::{EDGES_CSV, EdgeCsv, Imprinting};
use crate::report::Written;
use crate::rig::ProbeSelector;
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
    let probes = probes(opened.header(), &args.probes);
    let probes = probes.map_err(|source| Failure::Probe { option: "--probe", source })?;
    let extent = match args.format {
        EdgeFormat::Csv => target.write(|out| csv(&opened, &probes, out))?,
        EdgeFormat::Parquet => target.write(|out| parquet(&opened, &probes, out))?,
    };
    opened.say_unknown(&extent);
    Ok(super::exit_for(&extent.problems))
}

/// The probes that are named, or else all that were recorded, and their names in the table.
///
/// # Errors
/// [`ProbeError`] when one of them is not there.
fn probes(header: &Header, named: &[String]) -> Result<Vec<(Probe, String)>, ProbeError> {
    let wanted = named.iter().map(|name| Ok(header.find(&ProbeSelector::Name(name.clone()))?.bit));
    let wanted: Vec<u32> = wanted.collect::<Result<_, ProbeError>>()?;
    let is_wanted = |probe: &&Probe| match wanted.is_empty() {
        true => probe.presence == Presence::Recorded,
        false => wanted.contains(&probe.bit),
    };
    let probes = header.probes.iter().filter(is_wanted);
    Ok(probes.map(|probe| (probe.clone(), header.display_name(probe))).collect())
}

fn bits(probes: &[(Probe, String)]) -> Vec<u32> {
    probes.iter().map(|(probe, _)| probe.bit).collect()
}

fn parquet(opened: &Opened, probes: &[(Probe, String)], out: &mut dyn Write) -> Result<Extent, Failure> {
    let (rate, _) = opened.rate()?;
    let mut sink = EdgeParquet::new(out, probes, &rate, opened.sample_window(&rate))?;
    let extent = opened.stream(bits(probes), &mut sink)?;
    sink.finish().map_err(|e| opened.error(e.into()))?;
    Ok(extent)
}

fn csv(opened: &Opened, probes: &[(Probe, String)], out: &mut dyn Write) -> Result<Extent, Failure> {
    let (rate, _) = opened.rate()?;
    let window = opened.sample_window(&rate);
    let mut sink = EdgeCsv::new(out, probes, &rate, window, opened.jobs()).map_err(|e| opened.error(e.into()))?;
    let extent = opened.stream(bits(probes), &mut sink);
    // Where reading fails, the lines up to there are written: always the same ones.
    let finished = sink.finish().map_err(|e| opened.error(e.into()));
    let extent = extent?;
    finished?;
    Ok(extent)
}
