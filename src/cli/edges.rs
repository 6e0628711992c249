//! `strobecheck edges`: every edge of every probe.

use std::io::Write;

use super::args::{EdgeFormat, EdgesArgs};
use super::load::{Opened, ReadOptions, open_source};
use super::{Exit, Failure, output};
use crate::capture::{Extent, Presence, Probe};
use crate::render::EdgeCsv;

pub(super) fn run(args: &EdgesArgs) -> Result<Exit, Failure> {
    let options = ReadOptions::new(&args.read)?;
    let opened = Opened::new(&args.capture, open_source(&args.capture)?, &options)?;
    super::say_warnings(&opened);
    let extent = match args.format {
        EdgeFormat::Csv => match &args.output {
            Some(path) => output::write_file(path, |out| csv(&opened, out))?,
            None => output::print(|out| csv(&opened, out))?,
        },
    };
    Ok(super::exit_for(&extent.problems))
}

fn csv(opened: &Opened, out: &mut dyn Write) -> Result<Extent, Failure> {
    let header = opened.header();
    let recorded = header.probes.iter().filter(|probe| probe.presence == Presence::Recorded);
    let probes: Vec<(Probe, String)> = recorded.map(|probe| (probe.clone(), header.display_name(probe))).collect();
    let (rate, _) = opened.rate()?;
    let mut sink =
        EdgeCsv::new(out, &probes, &rate, opened.sample_window(&rate)).map_err(|e| opened.error(e.into()))?;
    let extent = opened.stream(opened.all_bits(), &mut sink)?;
    sink.finish().map_err(|e| opened.error(e.into()))?;
    Ok(extent)
}
