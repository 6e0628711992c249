//! `strobecheck clip`: a window of a capture as a capture of its own, for PulseView (`.sr`) or GTKWave (`.vcd`).

use std::io::Write;
use std::path::Path;

use super::args::ClipArgs;
use super::files::{Files, Ours};
use super::load::{Opened, ReadOptions, open_source};
use super::{Exit, Failure};
use crate::capture::{Extent, Presence, Probe, Sink, SinkError};
use crate::format::srzip::SrzipWriter;
use crate::render::{Imprinting, VCD_BEGINNING, VcdWriter};
use crate::report::{Imprint, Written};
use crate::signal::{LostSpan, Stretch};
use crate::units::{Rational, SampleIndex, SampleRate};

pub(super) fn run(args: &ClipArgs) -> Result<Exit, Failure> {
    let options = ReadOptions::new(&args.read)?;
    let files = Files::new(args.write.force);
    let source = open_source(&args.capture, &files)?;
    let ours = if is_vcd(&args.output) {
        Ours::Begins(VCD_BEGINNING)
    } else {
        Ours::Imprinted(Imprinting::Session, Written::Clip)
    };
    let target = files.target(&args.output, ours)?;
    super::capture::refuse_other_format(&args.output, &[])?;
    let opened = Opened::new(&args.capture, source, &options)?;
    super::say_warnings(&opened);
    // A dump states times, as its source may; a session states a sample rate.
    let rate = if is_vcd(&args.output) { opened.rate()?.0 } else { opened.sampled_rate()? };
    let window = window(args, &opened, &rate);
    let extent = target.write(|out| {
        let written =
            if is_vcd(&args.output) { vcd(&opened, &rate, window, out) } else { session(&opened, &rate, window, out) };
        // Of a window without a sample nothing is written.
        let extent = written?;
        opened.refuse_outside(&rate, (window.from, window.to), extent.length)?;
        Ok::<_, Failure>(extent)
    })?;
    opened.say_unknown(&extent);
    let (from, to) = window.within(extent.length);
    let is_lost = extent.lost.spans().iter().any(|span| span.to > from && span.from < to);
    Ok(super::exit_for(if is_lost { &extent.problems } else { &[] }))
}

fn is_vcd(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("vcd"))
}

/// The samples of a window: from the first, and up to the last without it; no last: to the end.
#[derive(Debug, Clone, Copy)]
struct Window {
    from: SampleIndex,
    to: Option<SampleIndex>,
}

impl Window {
    fn within(self, length: SampleIndex) -> (SampleIndex, SampleIndex) {
        (self.from, self.to.unwrap_or(length).min(length))
    }
}

/// The time span around `--at`, else `--from` and `--to`.
fn window(args: &ClipArgs, opened: &Opened, rate: &SampleRate) -> Window {
    let (Some(at), Some(span)) = (&args.at, &args.span) else {
        let (from, to) = opened.sample_window(rate);
        return Window { from, to };
    };
    let half = span.half();
    let index = |time: Rational| rate.index_at_or_after(&time.max(Rational::ZERO));
    Window { from: index(at - &half).unwrap_or(SampleIndex::new(u64::MAX)), to: index(at + &half) }
}

fn session(opened: &Opened, rate: &SampleRate, window: Window, out: &mut dyn Write) -> Result<Extent, Failure> {
    let writer = SrzipWriter::new(out, &opened.header().probes, rate)?;
    let mut cut = Cut::new(writer.with_comment(Imprint::new(Written::Clip).to_string()), window);
    let extent = opened.stream(opened.all_bits(), &mut cut)?;
    let (writer, length) = cut.finish(extent.length).map_err(|e| opened.error(e.into()))?;
    let (from, to) = window.within(extent.length);
    let lost = extent.lost.window(Stretch { from, to: to.max(from) });
    let problems = if lost.is_empty() { Vec::new() } else { extent.problems.clone() };
    writer.finish_marked(&Extent { lost, problems, ..Extent::whole(length) })?;
    Ok(extent)
}

fn vcd(opened: &Opened, rate: &SampleRate, window: Window, out: &mut dyn Write) -> Result<Extent, Failure> {
    let error = |e: SinkError| opened.error(e.into());
    let header = opened.header();
    let recorded = header.probes.iter().filter(|probe| probe.presence == Presence::Recorded);
    let probes: Vec<(Probe, String)> = recorded.map(|probe| (probe.clone(), header.display_name(probe))).collect();
    let (_, source) = opened.rate()?;
    let mut cut = Cut::new(VcdWriter::new(out, &probes, (rate, source)).map_err(error)?, window);
    let extent = opened.stream(opened.all_bits(), &mut cut)?;
    let (writer, length) = cut.finish(extent.length).map_err(error)?;
    writer.finish(length).map_err(error)?;
    Ok(extent)
}

/// Passes on the changes of a window, counted from its first sample.
struct Cut<S> {
    sink: S,
    window: Window,
    state: u64,
    begun: bool,
}

impl<S: Sink> Cut<S> {
    fn new(sink: S, window: Window) -> Cut<S> {
        Cut { sink, window, state: 0, begun: false }
    }

    fn begin(&mut self) -> Result<(), SinkError> {
        if !self.begun {
            self.begun = true;
            self.sink.change(SampleIndex::default(), self.state)?;
        }
        Ok(())
    }

    /// The sink, and how many samples the window has.
    fn finish(mut self, length: SampleIndex) -> Result<(S, SampleIndex), SinkError> {
        self.begin()?;
        let (from, to) = self.window.within(length);
        Ok((self.sink, SampleIndex::new(to.get().saturating_sub(from.get()))))
    }
}

impl<S: Sink> Sink for Cut<S> {
    fn change(&mut self, at: SampleIndex, state: u64) -> Result<(), SinkError> {
        let Window { from, to } = self.window;
        if at <= from {
            self.state = state;
            return Ok(());
        }
        if to.is_some_and(|to| at >= to) {
            return Ok(());
        }
        self.begin()?;
        self.state = state;
        self.sink.change(SampleIndex::new(at.get() - from.get()), state)
    }

    fn lost(&mut self, span: LostSpan) {
        let inside = |at: SampleIndex| SampleIndex::new(at.get().saturating_sub(self.window.from.get()));
        let end = self.window.to.unwrap_or(span.to);
        if span.to > self.window.from && (span.from < end || self.window.to.is_none()) {
            self.sink.lost(LostSpan { to: span.to.min(end), ..span }.map(inside));
        }
    }
}
