//! `strobecheck repair`: what can still be read of a damaged capture, as a new one.

use std::io::Write;
use std::path::Path;

use super::args::{ReadArgs, RepairArgs};
use super::files::{Files, Ours, STANDARD};
use super::load::{Opened, ReadOptions, open_source};
use super::{Exit, Failure};
use crate::capture::{Extent, Sink, SinkError};
use crate::format::srzip::SrzipWriter;
use crate::render::{Imprinting, PULSEVIEW, repaired_view};
use crate::report::{Imprint, Written};
use crate::signal::LostSpan;
use crate::units::{SampleIndex, SampleRate};

pub(super) fn run(args: &RepairArgs) -> Result<Exit, Failure> {
    let files = Files::new(args.write.force);
    let source = open_source(&args.capture, &files)?;
    let target = files.target(&args.output, Ours::Imprinted(Imprinting::Session, Written::Repaired))?;
    // Standard output has nothing beside it.
    let is_file = args.output != Path::new(STANDARD);
    let beside = is_file
        .then(|| files.target(&args.output.with_extension("pvs"), Ours::Imprinted(PULSEVIEW, Written::Repaired)));
    let beside = beside.transpose()?;
    let (samplerate, limits) = (args.samplerate.clone(), args.limits.clone());
    let read = ReadArgs { samplerate, limits, ..ReadArgs::default() };
    let opened = Opened::new(&args.capture, source, &ReadOptions::new(&read)?)?;
    super::say_warnings(&opened);
    let rate = opened.sampled_rate()?;
    // What is lost is known at the end and stands at the beginning: it is read twice.
    let extent = opened.stream(opened.all_bits(), &mut Ignored)?;
    if let Some(failure) = too_little(&extent, &args.capture) {
        super::exit_for(&extent.problems);
        return Err(failure);
    }
    let aside = target.aside();
    target.write(|out| write(&opened, &rate, &extent, out))?;
    if let (Some(beside), Some(view)) = (beside, repaired_view(&rate, extent.lost.spans())) {
        beside.write_bytes(&view)?;
    }
    aside.print(&summary(&extent, &args.output))?;
    Ok(super::exit_for(&extent.problems))
}

fn write(opened: &Opened, rate: &SampleRate, extent: &Extent, out: &mut dyn Write) -> Result<(), Failure> {
    let writer = SrzipWriter::new_repaired(out, &opened.header().probes, rate, extent)?;
    let mut writer = writer.with_comment(Imprint::new(Written::Repaired).to_string());
    opened.stream(opened.all_bits(), &mut writer)?;
    writer.finish(extent.length)?;
    Ok(())
}

/// Why what is left is not worth writing: nothing, or less than a thousandth, of a length that may be a lie.
fn too_little(extent: &Extent, path: &Path) -> Option<Failure> {
    const WORTH: u64 = 1000;
    let (length, lost) = (extent.length.get(), lost_samples(extent));
    match length - lost {
        0 => Some(Failure::NothingLeft(path.to_owned())),
        left if lost / WORTH > left => Some(Failure::TooLittleLeft { path: path.to_owned(), lost, length }),
        _ => None,
    }
}

fn lost_samples(extent: &Extent) -> u64 {
    extent.lost.spans().iter().map(|span| span.to.get() - span.from.get()).sum()
}

fn summary(extent: &Extent, path: &Path) -> String {
    let path = path.display().to_string();
    let path = crate::escape::visible(&path);
    let length = extent.length.get();
    let spans = extent.lost.spans();
    let lost = lost_samples(extent);
    let text = match (extent.problems.is_empty(), spans.len()) {
        (true, _) => "none of them lost".to_owned(),
        (false, 0) => "none of them lost, though the archive was damaged".to_owned(),
        (false, 1) => format!("{lost} of them lost, in one place"),
        (false, places) => format!("{lost} of them lost, in {places} places"),
    };
    format!("{path}: {length} samples, {text}\n")
}

/// A sink for what is not wanted.
struct Ignored;

impl Sink for Ignored {
    fn change(&mut self, _: SampleIndex, _: u64) -> Result<(), SinkError> {
        Ok(())
    }

    fn lost(&mut self, _: LostSpan) {}
}
