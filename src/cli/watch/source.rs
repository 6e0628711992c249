//! Where the window comes from: a device that samples on a thread of its own, or a file that grows.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant, SystemTime};

use crate::capture::{Capture, Presence, Probe, Request, Sink, SinkError};
use crate::cli::Failure;
use crate::cli::args::WatchArgs;
use crate::cli::capture::device_order;
use crate::cli::load::LoadError;
use crate::escape::visible;
use crate::format::{FormatError, open, open_source, rate_in_use};
use crate::live::{Control, LiveError, Progress, Recorder, Recording, Ring, Stream, record};
use crate::signal::{LostSpan, Stretch};
use crate::units::{Rational, SampleIndex, SampleRate};

/// What is in the window now.
#[derive(Debug, Default)]
pub(super) struct Snapshot {
    pub(super) capture: Option<Capture>,
    /// Its first sample, of all that were watched.
    pub(super) start: u64,
    /// Whether the window is as long as it is to be.
    pub(super) is_full: bool,
    /// Why what is in the window cannot pass.
    pub(super) problems: Vec<String>,
    /// What the driver said besides.
    pub(super) said: Vec<String>,
    /// Nothing comes any more.
    pub(super) ended: bool,
}

/// A device or a file.
#[derive(Debug)]
pub(super) enum Source {
    Device(Device),
    File(Box<Growing>),
}

impl Source {
    pub(super) fn open(args: &WatchArgs, seconds: &Rational) -> Result<Source, Failure> {
        let rate = args.samplerate.clone();
        match &args.capture {
            Some(path) => Ok(Source::File(Box::new(Growing::new(path.clone(), rate, seconds.clone())))),
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

impl Recorder for Shared {}

/// What the recorder said of the device.
#[derive(Debug, Default)]
struct Heard {
    said: Vec<String>,
    /// That samples were lost, and how many had arrived when that was noticed.
    grave: Vec<(u64, String)>,
    lag: Option<String>,
}

impl Heard {
    fn add(&mut self, progress: &Progress) {
        /// What came first is of more use than what came last.
        const MOST: usize = 100;
        let room = MOST.saturating_sub(self.said.len());
        self.said.extend(progress.said.iter().take(room).cloned());
        for problem in &progress.grave {
            // Said again, it is one problem, of now.
            self.grave.retain(|(_, known)| known != problem);
            self.grave.push((progress.samples, problem.clone()));
        }
        self.lag.clone_from(&progress.lag);
    }

    /// Why a window that begins at this sample cannot pass.
    fn problems(&mut self, start: u64, rate: &SampleRate) -> Vec<String> {
        // Samples may wait that long on their way: what was lost may lie so far behind where it was noticed.
        let margin = rate.index_at_or_after(&Rational::from(1_i128)).unwrap_or_default().get();
        self.grave.retain(|(noticed, _)| noticed.saturating_add(margin) > start);
        self.grave.iter().map(|(_, problem)| problem.clone()).chain(self.lag.clone()).collect()
    }
}

/// A device that samples until it is dropped.
#[derive(Debug)]
pub(super) struct Device {
    title: String,
    rate: SampleRate,
    ring: Shared,
    heard: Arc<Mutex<Heard>>,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<Result<Recording, LiveError>>>,
}

impl Device {
    fn start(args: &WatchArgs, rate: Option<SampleRate>, seconds: &Rational) -> Result<Device, Failure> {
        let mut order = device_order(&args.device)?;
        order.rate = rate;
        let stream = Stream::start(order)?;
        let armed = stream.armed().clone();
        if let Some(channel) = armed.analog.first() {
            let reason =
                format!("{} is analog; levels are watched, 'strobecheck capture' records it", visible(&channel.name));
            return Err(Failure::usage("--channels", reason));
        }
        if !armed.streaming {
            let reason = "the device samples into its memory: record with 'strobecheck capture' instead".to_owned();
            return Err(Failure::usage("watch", reason));
        }
        let ring = Shared(Arc::new(Mutex::new(Ring::new(armed.probes.clone(), armed.rate.clone(), seconds))));
        let (heard, stop) = (Arc::<Mutex<Heard>>::default(), Arc::new(AtomicBool::new(false)));
        let (mut sink, hearing, stopped) = (ring.clone(), Arc::clone(&heard), Arc::clone(&stop));
        let work = move || {
            let advancing = sink.clone();
            record(stream, &mut sink, &mut |progress| {
                advancing.lock().advance(progress.samples);
                hearing.lock().unwrap_or_else(PoisonError::into_inner).add(progress);
                if stopped.load(Ordering::Relaxed) { Control::Stop } else { Control::Go }
            })
        };
        let thread = std::thread::Builder::new().name("recorder".to_owned()).spawn(work).map_err(LiveError::Thread)?;
        let title = format!("{} ({})", armed.identity.driver, armed.identity.label);
        Ok(Device { title, rate: armed.rate, ring, heard, stop, thread: Some(thread) })
    }

    fn snapshot(&mut self) -> Result<Snapshot, Failure> {
        let ended = self.thread.as_ref().is_none_or(JoinHandle::is_finished);
        let recording = match self.thread.take_if(|_| ended).map(JoinHandle::join) {
            Some(Ok(recording)) => Some(recording?),
            Some(Err(_)) => return Err(LiveError::Broken.into()),
            None => None,
        };
        let ring = self.ring.lock();
        let (mut capture, start, is_full) = (ring.capture(), ring.start(), ring.is_full());
        drop(ring);
        let mut heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        let problems = match recording {
            Some(recording) => recording.problems,
            None => heard.problems(start, &self.rate),
        };
        if let Some(capture) = &mut capture {
            capture.problems.clone_from(&problems);
        }
        Ok(Snapshot { capture, start, is_full, problems, said: heard.said.clone(), ended })
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

/// A file is taken as grown to its end when it has not changed for so long.
const AT_REST: Duration = Duration::from_secs(3);

/// A file that grows.
#[derive(Debug)]
pub(super) struct Growing {
    path: PathBuf,
    rate: Option<SampleRate>,
    seconds: Rational,
    seen: Option<(u64, SystemTime)>,
    /// When it was last seen to grow, or first looked at: what is watched is mostly being written.
    grew: Instant,
    /// Since when it cannot be read.
    unreadable: Option<Instant>,
    window: Option<Window>,
    /// Where the next window must begin, for nothing to be judged in none.
    next: Option<u64>,
}

/// What was read of a file that grows.
#[derive(Debug)]
struct Window {
    ring: Ring,
    problems: Vec<String>,
    reaches: Reaches,
}

/// How far a window reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reaches {
    /// To the end of the file.
    End,
    /// To where it is full: the file has grown by more than is held at a time.
    Full,
}

impl Growing {
    fn new(path: PathBuf, rate: Option<SampleRate>, seconds: Rational) -> Growing {
        Growing { path, rate, seconds, seen: None, grew: Instant::now(), unreadable: None, window: None, next: None }
    }

    fn is_growing(&self) -> bool {
        self.grew.elapsed() < AT_REST
    }

    fn snapshot(&mut self) -> Result<Snapshot, Failure> {
        let error = |source: FormatError| LoadError::Read { path: self.path.clone(), source: Box::new(source) };
        let metadata = std::fs::metadata(&self.path).map_err(|source| error(source.into()))?;
        let state = (metadata.len(), metadata.modified().unwrap_or(SystemTime::UNIX_EPOCH));
        let is_behind = self.window.as_ref().is_some_and(|window| window.reaches == Reaches::Full);
        if self.seen != Some(state) || is_behind {
            match self.read() {
                Ok(window) => {
                    (self.window, self.unreadable) = (Some(window), None);
                    if self.seen.replace(state).is_some_and(|seen| seen != state) {
                        self.grew = Instant::now();
                    }
                }
                // Right while it is written it may be unreadable: what was read before stands for a while.
                Err(source) if self.unreadable.get_or_insert_with(Instant::now).elapsed() >= AT_REST => {
                    return Err(error(source).into());
                }
                Err(_) => {}
            }
        }
        let Some(Window { ring, problems, reaches }) = &self.window else { return Ok(Snapshot::default()) };
        let mut capture = ring.capture();
        if let Some(capture) = &mut capture {
            capture.problems.clone_from(problems);
            if self.is_growing() || *reaches == Reaches::Full {
                without_missing_end(capture);
            }
            self.next = Some(ring.next(ring.start() + capture.length.get()));
        }
        // What ends the watching must be proven to its end.
        let is_full = ring.is_full() && problems.is_empty();
        let problems = capture.as_ref().map(|capture| capture.problems.clone()).unwrap_or_default();
        Ok(Snapshot { capture, start: ring.start(), is_full, problems, said: Vec::new(), ended: false })
    }

    /// Reads the file through; only its last seconds are held, and what no window has shown.
    fn read(&self) -> Result<Window, FormatError> {
        let reader = open(open_source(&self.path)?)?;
        let header = reader.header();
        let rate = rate_in_use(reader.as_ref(), self.rate.as_ref())?;
        let probes: Vec<Probe> =
            header.probes.iter().filter(|probe| probe.presence == Presence::Recorded).cloned().collect();
        let bits = probes.iter().map(|probe| probe.bit).collect();
        let mut ring = Ring::new(probes, rate, &self.seconds);
        if let Some(from) = self.next {
            ring = ring.holding(from);
        }
        match reader.read(&Request { rate: self.rate.clone(), ..Request::of(bits) }, &mut ring) {
            Ok(extent) => {
                ring.advance(extent.length.get());
                Ok(Window { ring, problems: extent.problems, reaches: Reaches::End })
            }
            Err(FormatError::Sink(SinkError::Full)) => {
                Ok(Window { ring, problems: Vec::new(), reaches: Reaches::Full })
            }
            Err(error) => Err(error),
        }
    }
}

/// The end of a file that grows is always missing: what is proven before it is the capture so far.
fn without_missing_end(capture: &mut Capture) {
    let length = capture.length;
    let proven = capture.lost.spans().last().filter(|last| last.to == length).map_or(length, |last| last.from);
    *capture = capture.window(Stretch { from: SampleIndex::default(), to: proven });
    if capture.lost.is_empty() {
        capture.problems.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn progress(samples: u64, grave: &[&str], lag: Option<&str>) -> Progress {
        Progress {
            samples,
            armed: true,
            waiting: false,
            said: Vec::new(),
            grave: grave.iter().map(|problem| (*problem).to_owned()).collect(),
            lag: lag.map(str::to_owned),
        }
    }

    #[test]
    fn what_was_lost_counts_as_long_as_it_may_be_in_the_window() {
        let rate = SampleRate::parse("100 Hz").unwrap();
        let mut heard = Heard::default();
        heard.add(&progress(1000, &["overflow", "overflow"], Some("too slow")));
        assert_eq!(heard.problems(0, &rate), ["overflow", "too slow"]);
        heard.add(&progress(2000, &[], None));
        // It was noticed at 1000, and may lie a second behind that.
        assert_eq!(heard.problems(1099, &rate), ["overflow"]);
        assert!(heard.problems(1100, &rate).is_empty());
        heard.add(&progress(3000, &["overflow"], None));
        assert_eq!(heard.problems(2900, &rate), ["overflow"], "it came again");
    }
}
