//! `strobecheck edges`: every edge of every probe.

use std::io::Write;
use std::path::Path;

use super::args::EdgesArgs;
use super::files::{Files, Ours, STANDARD};
use super::load::{Opened, ReadOptions, open_source};
use super::{Exit, Failure};
use crate::capture::{Extent, Header, Presence, Probe, ProbeError};
use crate::render::Imprinting;
use crate::report::Written;
use crate::rig::ProbeSelector;
use crate::table::{EDGES_CSV, EdgeTable, TableFormat};
use crate::units::SampleIndex;

pub(super) fn run(args: &EdgesArgs) -> Result<Exit, Failure> {
    let options = ReadOptions::new(&args.read)?;
    let files = Files::new(args.write.force);
    let source = open_source(&args.capture, &files)?;
    let format = format(args);
    let ours = match format {
        TableFormat::Csv => Ours::Begins(EDGES_CSV),
        TableFormat::Parquet => Ours::Imprinted(Imprinting::Parquet, Written::Edges),
    };
    let target = files.target(args.output.as_deref().unwrap_or(Path::new(STANDARD)), ours)?;
    let opened = Opened::new(&args.capture, source, &options)?;
    super::say_warnings(&opened);
    let probes = probes(opened.header(), &args.probes);
    let probes = probes.map_err(|source| Failure::Probe { option: "--probe", source })?;
    let extent = target.write(|out| write(&opened, &probes, format, out))?;
    opened.say_unknown(&extent);
    Ok(super::exit_for(&extent.problems))
}

/// The format that is stated, else the one that the file's name says.
fn format(args: &EdgesArgs) -> TableFormat {
    let extension = args.output.as_deref().and_then(Path::extension);
    let is_parquet = extension.is_some_and(|extension| extension.eq_ignore_ascii_case("parquet"));
    args.format.unwrap_or(if is_parquet { TableFormat::Parquet } else { TableFormat::Csv })
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

fn write(
    opened: &Opened,
    probes: &[(Probe, String)],
    format: TableFormat,
    out: &mut dyn Write,
) -> Result<Extent, Failure> {
    let (rate, _) = opened.rate()?;
    let window = opened.sample_window(&rate);
    let table = EdgeTable::new(out, format, probes, &rate, window, opened.jobs());
    let mut table = table.map_err(|e| opened.error(e.into()))?;
    let extent = opened.stream(probes.iter().map(|(probe, _)| probe.bit).collect(), &mut table);
    // Where reading fails, a CSV has the lines up to there, always the same ones; a Parquet file without an end is none.
    if extent.is_ok() || format == TableFormat::Csv {
        let finished = table.finish().map_err(|e| opened.error(e.into()));
        let extent = extent?;
        if window != (SampleIndex::default(), None) {
            opened.refuse_outside(&rate, window, extent.length)?;
        }
        return Ok(finished.map(|()| extent)?);
    }
    Ok(extent?)
}
