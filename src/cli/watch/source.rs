//! Where the window comes from: a device that samples on a thread of its own, or a file that grows.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant, SystemTime};

use crate::capture::{Caps, Capture, Presence, Probe, Request, Sink, SinkError};
use crate::cli::Failure;
use crate::cli::args::WatchArgs;
use crate::cli::capture::{device_order, usage};
use crate::cli::load::LoadError;
use crate::format::{FormatError, open, open_source};
use crate::live::{Control, LiveError, Recording, Ring, Stream, record};
use crate::signal::LostSpan;
use crate::units::{Rational, SampleIndex, SampleRate};

/// What is in the window now.
#[derive(Debug, Default)]
pub(super) struct Snapshot {
    pub(super) capture: Option<Capture>,
    /// Whether the window is as long as it is to be.
    pub(super) is_full: bool,
    /// What is wrong with what arrived.
    pub(super) problems: Vec<String>,
    /// Nothing comes any more.
    pub(super) ended: bool,
}

/// A device or a file.
#[derive(Debug)]
pub(super) enum Source {
    Device(Device),
    File(Growing),
}

impl Source {
    pub(super) fn open(args: &WatchArgs, seconds: &Rational) -> Result<Source, Failure> {
        let rate = args.samplerate.as_deref().map(SampleRate::parse).transpose();
        let rate = rate.map_err(|error| usage("--samplerate", error.to_string()))?;
        match &args.capture {
            Some(path) => Ok(Source::File(Growing::new(path.clone(), rate, seconds.clone()))),
            None => Ok(Source::Device(Device::start(args, rate, seconds)?)),
        }
    }

    /// What is watched.
    pub(super) fn title(&self) -> String {
        match self {
            Source::Device(device) => device.title.clone(),
            Source::File(file) => file.path.display().to_string(),
        }
    }

    pub(super) fn snapshot(&mut self) -> Result<Snapshot, Failure> {
        match self {
            Source::Device(device) => device.snapshot(),
            Source::File(file) => file.snapshot(),
        }
    }
}

/// A ring that two threads share.
#[derive(Debug, Clone)]
struct Shared(Arc<Mutex<Ring>>);

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Ring> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Sink for Shared {
    fn change(&mut self, at: SampleIndex, state: u64) -> Result<(), SinkError> {
        self.lock().change(at, state)
    }

    fn lost(&mut self, span: LostSpan) {
        self.lock().lost(span);
    }
}

/// A device that samples until it is dropped.
#[derive(Debug)]
pub(super) struct Device {
    title: String,
    ring: Shared,
    said: Arc<Mutex<Vec<String>>>,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<Result<Recording, LiveError>>>,
}

impl Device {
    fn start(args: &WatchArgs, rate: Option<SampleRate>, seconds: &Rational) -> Result<Device, Failure> {
        let mut order = device_order(&args.device)?;
        order.rate = rate;
        let stream = Stream::start(order)?;
        let armed = stream.armed().clone();
        if !armed.streaming {
            let reason = "the device samples into its memory: record with 'strobecheck capture' instead".to_owned();
            return Err(usage("watch", reason));
        }
        let ring = Shared(Arc::new(Mutex::new(Ring::new(armed.probes.clone(), armed.rate.clone(), seconds))));
        let (said, stop) = (Arc::new(Mutex::new(Vec::new())), Arc::new(AtomicBool::new(false)));
        let (mut sink, messages, stopped) = (ring.clone(), Arc::clone(&said), Arc::clone(&stop));
        let work = move || {
            let advancing = sink.clone();
            record(stream, &mut sink, &mut |progress| {
                advancing.lock().advance(progress.samples);
                messages.lock().unwrap_or_else(PoisonError::into_inner).extend(progress.said.iter().cloned());
                if stopped.load(Ordering::Relaxed) { Control::Stop } else { Control::Go }
            })
        };
        let thread = std::thread::Builder::new().name("recorder".to_owned()).spawn(work).map_err(LiveError::Thread)?;
        let title = format!("{} ({})", armed.identity.driver, armed.identity.label);
        Ok(Device { title, ring, said, stop, thread: Some(thread) })
    }

    fn snapshot(&mut self) -> Result<Snapshot, Failure> {
        let ended = self.thread.as_ref().is_none_or(JoinHandle::is_finished);
        let mut problems = self.said.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if ended {
            let recording = match self.thread.take().map(JoinHandle::join) {
                Some(Ok(recording)) => Some(recording?),
                Some(Err(_)) => return Err(LiveError::Broken.into()),
                None => None,
            };
            problems = recording.map(|recording| recording.problems).unwrap_or_default();
        }
        let ring = self.ring.lock();
        Ok(Snapshot { capture: ring.capture(), is_full: ring.is_full(), problems, ended })
    }
}

impl Drop for Device {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            // What was watched needs no ending.
            let _recording = thread.join();
        }
    }
}

/// A file is read again when it has changed, and taken as grown to its end when it has not for so long.
const AT_REST: Duration = Duration::from_secs(3);

/// A file that grows.
#[derive(Debug)]
pub(super) struct Growing {
    path: PathBuf,
    rate: Option<SampleRate>,
    seconds: Rational,
    seen: Option<(u64, SystemTime)>,
    changed: Instant,
    ring: Option<Ring>,
    problems: Vec<String>,
}

impl Growing {
    fn new(path: PathBuf, rate: Option<SampleRate>, seconds: Rational) -> Growing {
        Growing { path, rate, seconds, seen: None, changed: Instant::now(), ring: None, problems: Vec::new() }
    }

    fn snapshot(&mut self) -> Result<Snapshot, Failure> {
        let error = |source: FormatError| LoadError::Read { path: self.path.clone(), source: Box::new(source) };
        let metadata = std::fs::metadata(&self.path).map_err(|source| error(source.into()))?;
        let state = (metadata.len(), metadata.modified().unwrap_or(SystemTime::UNIX_EPOCH));
        if self.seen != Some(state) {
            match self.read() {
                Ok((ring, problems)) => (self.ring, self.problems) = (Some(ring), problems),
                // Right while it is written it may be unreadable: what was read before stands.
                Err(_) if self.changed.elapsed() < AT_REST => {}
                Err(source) => return Err(error(source).into()),
            }
            (self.seen, self.changed) = (Some(state), Instant::now());
        }
        let Some(ring) = &self.ring else { return Ok(Snapshot::default()) };
        let (mut capture, mut problems) = (ring.capture(), Vec::new());
        // The end of a file that grows is always missing.
        if let Some(capture) = capture.as_mut().filter(|_| self.changed.elapsed() >= AT_REST) {
            problems.clone_from(&self.problems);
            capture.problems.clone_from(&self.problems);
        }
        Ok(Snapshot { capture, is_full: ring.is_full(), problems, ended: false })
    }

    /// Reads the file through; only its last seconds are held.
    fn read(&self) -> Result<(Ring, Vec<String>), FormatError> {
        let reader = open(open_source(&self.path)?)?;
        let header = reader.header();
        let rate = self.rate.clone().or_else(|| header.rate.clone()).ok_or(FormatError::RateMissing)?;
        let probes: Vec<Probe> =
            header.probes.iter().filter(|probe| probe.presence == Presence::Recorded).cloned().collect();
        let bits = probes.iter().map(|probe| probe.bit).collect();
        let mut ring = Ring::new(probes, rate, &self.seconds);
        let extent = reader.read(&Request { bits, caps: Caps::default(), jobs: 1 }, &mut ring)?;
        ring.advance(extent.length.get());
        Ok((ring, extent.problems))
    }
}
