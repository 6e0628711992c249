//! Opening captures: the file, what it says of itself, and the wanted probes.

use std::fmt;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use super::bug;
use super::files::{Files, STANDARD};
use super::foreign::{self, ForeignError};
use super::output::shown;
use super::read_args::ReadArgs;
use super::sidecar::{self, Against};
use crate::capture::{Caps, Capture, Extent, Header, Presence, Request, Sink, SinkError, Threshold};
use crate::escape::name;
use crate::format::{self, FormatError, Reader, Source};
use crate::frame::{ObserveError, thresholds};
use crate::report::{RateSource, Window};
use crate::rig::Rig;
use crate::signal::{Lost, LostSpan, Stretch};
use crate::study::{Excerpt, Excerpts};
use crate::units::{Rational, Rounding, SampleIndex, SampleRate, Unit, value_text};

/// Why a capture cannot be taken.
#[derive(Debug, thiserror::Error)]
pub(super) enum LoadError {
    #[error("{}: {source}", shown(path))]
    Read { path: PathBuf, source: Box<FormatError> },
    #[error("{}: {source}", shown(path))]
    Foreign { path: PathBuf, source: ForeignError },
    #[error("{}: {}; and through libsigrok: {source}", shown(path), FormatError::Unknown)]
    Unknown { path: PathBuf, source: ForeignError },
    #[error("--from must be before --to")]
    EmptyWindow,
    #[error("{}: the level of '{}' is never known in it; wire a line that was recorded", shown(path), name(probe))]
    NeverKnown { path: PathBuf, probe: String },
    #[error("{}: the window lies outside the capture, which ends after {end}", shown(path))]
    WindowOutside { path: PathBuf, end: String },
    #[error("the output cannot be written: {}", format::io_text(.0))]
    Output(#[source] std::io::Error),
    #[error("{}: it changed while it was read; try again when nothing writes to it any more", shown(.0))]
    Changed(PathBuf),
    #[error("no threads can be started: {0}; try --jobs 1")]
    Threads(String),
    #[error("{}: {reason}; correct it or take it away", shown(path))]
    Sidecar { path: PathBuf, reason: String },
}

/// More threads wait for each other.
const MOST_JOBS: usize = 256;

/// How captures are read, as the command line says.
#[derive(Debug, Clone)]
pub(super) struct ReadOptions {
    format: Option<String>,
    rate: Option<SampleRate>,
    duration: Option<Rational>,
    from: Option<Rational>,
    to: Option<Rational>,
    caps: Caps,
}

impl ReadOptions {
    pub(super) fn new(args: &ReadArgs) -> Result<ReadOptions, LoadError> {
        if args.from.as_ref().zip(args.to.as_ref()).is_some_and(|(from, to)| from >= to) {
            return Err(LoadError::EmptyWindow);
        }
        let (most, limits) = (Caps::default(), &args.limits);
        let cores = || std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
        let jobs = limits.jobs.map_or_else(cores, NonZeroUsize::get);
        Ok(ReadOptions {
            format: args.input_format.clone(),
            rate: args.samplerate.clone(),
            duration: args.duration.clone(),
            from: args.from.clone(),
            to: args.to.clone(),
            caps: Caps {
                samples: limits.max_samples.unwrap_or(most.samples),
                edges: limits.max_edges.unwrap_or(most.edges),
                members: limits.max_members.unwrap_or(most.members),
                metadata: limits.max_metadata.unwrap_or(most.metadata),
                jobs: jobs.min(MOST_JOBS),
            },
        })
    }
}

impl ReadOptions {
    /// How long the record is, as it was stated.
    pub(super) fn duration(&self) -> Option<&Rational> {
        self.duration.as_ref()
    }

    /// The threads that so many captures are judged on.
    pub(super) fn pool(&self, captures: usize) -> Result<rayon::ThreadPool, LoadError> {
        rayon::ThreadPoolBuilder::new()
            .num_threads(self.caps.jobs.min(captures))
            .build()
            .map_err(|e| LoadError::Threads(e.to_string()))
    }
}

/// A capture that was opened: its header is known, its samples are not read.
pub(super) struct Opened {
    path: PathBuf,
    reader: Box<dyn Reader>,
    /// That of the reader, with the analog channels that are read as lines.
    header: Header,
    thresholds: Vec<Threshold>,
    options: ReadOptions,
    stamp: Option<Stamp>,
    /// Says that it is being read, should anything go wrong.
    _input: bug::Input,
}

/// By what a file is known to have changed: its length and when it was last written.
type Stamp = (u64, std::time::SystemTime);

/// The stamp of a file; none of standard input, and of what is no file.
fn stamp(path: &Path) -> Option<Stamp> {
    let metadata = std::fs::metadata(path).ok().filter(|metadata| metadata.is_file() && path != Path::new(STANDARD))?;
    Some((metadata.len(), metadata.modified().ok()?))
}

/// A file that was opened, and what it was then.
pub(super) struct OpenedSource {
    pub(super) source: Box<dyn Source>,
    stamp: Option<Stamp>,
}

impl fmt::Debug for Opened {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Opened").field("path", &self.path).finish_non_exhaustive()
    }
}

/// Opens a file, or standard input for `-`.
pub(super) fn open_source(path: &Path, files: &Files) -> Result<OpenedSource, LoadError> {
    files.reads(path);
    // What belongs to a capture is as much evidence as itself.
    files.reads(&sidecar::path_for(path));
    // Before it is opened: what is written from now on is noticed.
    let stamp = stamp(path);
    let opened = if path == Path::new(STANDARD) {
        format::read_stream(&mut std::io::stdin().lock())
    } else {
        format::open_source(path)
    };
    let source = opened.map_err(|source| LoadError::Read { path: path.to_owned(), source: Box::new(source.into()) })?;
    Ok(OpenedSource { source, stamp })
}

/// What reads a file: the format that is named, else the one that recognises it, else libsigrok.
fn open_reader(path: &Path, source: Box<dyn Source>, options: &ReadOptions) -> Result<Box<dyn Reader>, LoadError> {
    let read = |source| LoadError::Read { path: path.to_owned(), source: Box::new(source) };
    let caps = &options.caps;
    format::refuse_no_file(source.as_ref()).map_err(read)?;
    let by_libsigrok =
        |module| foreign::open(path, source.as_ref(), foreign::Order { module, rate: options.rate.as_ref(), caps });
    let named = options.format.as_deref();
    if let Some(module) = named.and_then(|id| id.strip_prefix(foreign::PREFIX)) {
        return by_libsigrok(Some(module)).map_err(|source| LoadError::Foreign { path: path.to_owned(), source });
    }
    if let Some(id) = named {
        return format::open_as(source, id, caps).map_err(read);
    }
    match format::recognise(source.as_ref()) {
        Ok(format) => (format.open)(source, caps).map_err(read),
        Err(FormatError::Unknown) => {
            by_libsigrok(None).map_err(|source| LoadError::Unknown { path: path.to_owned(), source })
        }
        Err(error) => Err(read(error)),
    }
}

impl Opened {
    pub(super) fn new(path: &Path, opened: OpenedSource, options: &ReadOptions) -> Result<Opened, LoadError> {
        let input = bug::Input::of(path);
        let OpenedSource { source, stamp } = opened;
        let reader = open_reader(path, source, options)?;
        let (path, header, options) = (path.to_owned(), reader.header().clone(), options.clone());
        Ok(Opened { path, reader, header, thresholds: Vec::new(), options, stamp, _input: input })
    }

    /// Refuses what was read of a file that was written to meanwhile: it may be a piece of the old and one of the new.
    fn refuse_changed(&self) -> Result<(), LoadError> {
        match &self.stamp {
            Some(before) if stamp(&self.path).as_ref() != Some(before) => Err(LoadError::Changed(self.path.clone())),
            Some(_) | None => Ok(()),
        }
    }

    pub(super) fn header(&self) -> &Header {
        &self.header
    }

    /// The analog channels that can be read as lines.
    pub(super) fn analog_channels(&self) -> Vec<&str> {
        self.reader.analog_channels()
    }

    /// Takes the analog channels that a rig reads as lines among the probes.
    pub(super) fn wire_analog(&mut self, rig: &Rig) -> Result<(), ObserveError> {
        self.thresholds = thresholds(rig, self.reader.header(), &self.reader.analog_channels())?;
        self.header = self.reader.header().with_thresholds(&self.thresholds);
        Ok(())
    }

    /// The sample rate in use, and where it comes from.
    pub(super) fn rate(&self) -> Result<(SampleRate, RateSource), LoadError> {
        let stated = self.options.rate.as_ref();
        let rate = format::rate_in_use(self.reader.as_ref(), stated).map_err(|error| self.error(error))?;
        let source = match (stated, &self.header().rate) {
            (Some(_), _) => RateSource::Stated,
            (None, Some(_)) => RateSource::File,
            (None, None) => RateSource::TimeUnit,
        };
        Ok((rate, source))
    }

    /// The rate at which the lines were sampled, for what claims one: a unit of times is none.
    pub(super) fn sampled_rate(&self) -> Result<SampleRate, LoadError> {
        match self.rate()? {
            (rate, RateSource::File | RateSource::Stated) => Ok(rate),
            (_, RateSource::TimeUnit) => Err(self.error(FormatError::RateMissing)),
        }
    }

    /// The samples from `--from` on and before `--to`.
    pub(super) fn sample_window(&self, rate: &SampleRate) -> (SampleIndex, Option<SampleIndex>) {
        let index = |time: &Rational| rate.index_at_or_after(&time.clone().max(Rational::ZERO));
        // Beyond what can be counted there is no sample.
        let from = self.options.from.as_ref().map(|from| index(from).unwrap_or(SampleIndex::new(u64::MAX)));
        (from.unwrap_or_default(), self.options.to.as_ref().and_then(index))
    }

    /// Refuses a window without a sample of the capture, which has so many.
    pub(super) fn refuse_outside(
        &self,
        rate: &SampleRate,
        (from, to): (SampleIndex, Option<SampleIndex>),
        length: SampleIndex,
    ) -> Result<(), LoadError> {
        if from < to.unwrap_or(length).min(length) {
            return Ok(());
        }
        let end = value_text(&rate.seconds(length - SampleIndex::default()), Unit::Second, Rounding::Nearest);
        Err(LoadError::WindowOutside { path: self.path.clone(), end })
    }

    /// An error of this capture, or of what its changes are written to.
    pub(super) fn error(&self, source: FormatError) -> LoadError {
        if let FormatError::Sink(SinkError::Write(source)) = source {
            return LoadError::Output(source);
        }
        LoadError::Read { path: self.path.clone(), source: Box::new(source) }
    }

    fn request(&self, bits: Vec<u32>) -> Request {
        Request {
            bits,
            caps: self.options.caps,
            rate: self.options.rate.clone(),
            duration: self.options.duration.clone(),
            thresholds: self.thresholds.clone(),
        }
    }

    /// How many threads may work on it.
    pub(super) fn jobs(&self) -> usize {
        self.options.caps.jobs
    }

    /// The bits of all probes that were recorded.
    pub(super) fn all_bits(&self) -> Vec<u32> {
        let recorded = self.header().probes.iter().filter(|probe| probe.presence == Presence::Recorded);
        recorded.map(|probe| probe.bit).collect()
    }

    /// Sends the changes of these probes to a sink, without holding them.
    pub(super) fn stream(&self, bits: Vec<u32>, sink: &mut dyn Sink) -> Result<Extent, LoadError> {
        let extent =
            format::read_changes(self.reader.as_ref(), &self.request(bits), sink).map_err(|error| self.error(error));
        self.refuse_changed()?;
        extent
    }

    /// Says what is not known of single lines.
    pub(super) fn say_unknown(&self, extent: &Extent) {
        say_unknown(&extent.unknown_levels(&self.header));
    }

    /// Reads these probes, all of which are judged: within the window that was asked for, and from where the levels of all
    /// of them are known.
    pub(super) fn capture(&self, bits: Vec<u32>) -> Result<(Capture, Option<Window>), LoadError> {
        let (mut capture, against) = self.read(bits)?;
        let begin = capture.begin_of(&capture.lines).map_err(|line| LoadError::NeverKnown {
            path: self.path.clone(),
            probe: capture.header.display_name(&line.probe),
        })?;
        if begin > SampleIndex::default() {
            let time =
                value_text(&capture.rate.seconds(begin - SampleIndex::default()), Unit::Second, Rounding::Nearest);
            capture
                .header
                .warnings
                .push(format!("the wired lines have no level before {time}: their record begins there"));
        }
        let (mut capture, window) = self.windowed(capture, begin)?;
        capture.problems.extend(capture.unknown_levels());
        add_unsaid(&mut capture, against);
        Ok((capture, window))
    }

    /// The file `<stem>.capture.json` beside the capture: what the program that took it says of it.
    pub(super) fn sidecar(&self) -> Result<Option<serde_json::Value>, LoadError> {
        const LONGEST: u64 = 1 << 20;
        let path = sidecar::path_for(&self.path);
        if self.path == Path::new(STANDARD) || !path.is_file() {
            return Ok(None);
        }
        let error = |reason: String| LoadError::Sidecar { path: path.clone(), reason };
        let length = path.metadata().map_err(|e| error(e.to_string()))?.len();
        if length > LONGEST {
            return Err(error(format!("is longer than {LONGEST} bytes")));
        }
        let text = std::fs::read_to_string(&path).map_err(|e| error(e.to_string()))?;
        serde_json::from_str(&text).map(Some).map_err(|e| error(format!("is not JSON: {e}")))
    }

    /// Reads all probes that were recorded, within the window that was asked for.
    pub(super) fn capture_all(&self) -> Result<Capture, LoadError> {
        let (capture, against) = self.read(self.all_bits())?;
        let (mut capture, _) = self.windowed(capture, SampleIndex::default())?;
        add_unsaid(&mut capture, against);
        say_unknown(&capture.unknown_levels());
        Ok(capture)
    }

    /// As much of all probes that were recorded as is looked at without limits, within the window that was asked for.
    pub(super) fn excerpt(&self) -> Result<Excerpt, LoadError> {
        let (rate, _) = self.rate()?;
        let bits = self.all_bits();
        let probes = self.header.probes.iter().filter(|probe| bits.contains(&probe.bit)).cloned().collect();
        let mut sink = Excerpts::new(probes, self.sample_window(&rate));
        let extent = self.stream(bits, &mut sink)?;
        self.say_unknown(&extent);
        let Excerpt { mut capture, changes } = sink
            .finish(self.header.clone(), rate, extent)
            .map_err(|error| self.error(SinkError::from(error).into()))?;
        let against = self.hold_against(&mut capture)?;
        let (mut capture, _) = self.windowed(capture, SampleIndex::default())?;
        add_unsaid(&mut capture, against);
        Ok(Excerpt { capture, changes })
    }

    /// Reads these probes, and what the program that took the capture says against all of it.
    fn read(&self, bits: Vec<u32>) -> Result<(Capture, Vec<String>), LoadError> {
        let capture =
            format::read_capture(self.reader.as_ref(), &self.request(bits)).map_err(|error| self.error(error));
        self.refuse_changed()?;
        let mut capture = capture?;
        let against = self.hold_against(&mut capture)?;
        Ok((capture, against))
    }

    /// Holds a capture against what the program that took it says of it.
    fn hold_against(&self, capture: &mut Capture) -> Result<Vec<String>, LoadError> {
        let against = self.sidecar()?.map(|sidecar| Against::of(&sidecar, capture)).unwrap_or_default();
        if let Some(cut) = against.cut {
            let end = LostSpan::new(capture.length, capture.length);
            capture.lost = Lost::from_spans(capture.lost.spans().iter().copied().chain([end]).collect());
            capture.problems.push(cut);
        }
        Ok(against.problems)
    }

    fn windowed(&self, capture: Capture, begin: SampleIndex) -> Result<(Capture, Option<Window>), LoadError> {
        let (from, to) = (&self.options.from, &self.options.to);
        if from.is_none() && to.is_none() && begin == SampleIndex::default() {
            return Ok((capture, None));
        }
        let seconds = |at: SampleIndex| capture.rate.seconds(at - SampleIndex::default());
        let end = seconds(capture.length);
        let from = from.clone().unwrap_or(Rational::ZERO).max(seconds(begin));
        let to = to.clone().unwrap_or_else(|| end.clone()).min(end.clone());
        let outside = || LoadError::WindowOutside {
            path: self.path.clone(),
            end: value_text(&end, Unit::Second, Rounding::Nearest),
        };
        let index = |time: &Rational| capture.rate.index_at_or_after(time).ok_or_else(outside);
        let window = Stretch { from: index(&from)?, to: index(&to)? };
        if window.from >= window.to {
            return Err(outside());
        }
        let first_sample = window.from.get();
        Ok((capture.window(window), Some(Window { from, to, first_sample })))
    }
}

/// Adds what the capture does not say of itself, since something else wrote it.
fn add_unsaid(capture: &mut Capture, problems: Vec<String>) {
    let unsaid: Vec<String> = problems.into_iter().filter(|problem| !capture.problems.contains(problem)).collect();
    capture.problems.extend(unsaid);
}

/// Says what is not known of single lines.
fn say_unknown(levels: &[String]) {
    for text in levels {
        super::say(format_args!("warning: {}", crate::escape::visible(text)));
    }
}
