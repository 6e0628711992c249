//! Recording: a stream's samples become changes, and what went wrong is said.

use std::time::{Duration, Instant};

use serde::Serialize;
use sigrok_sys::{Message, Severity};

use super::analog::{Recorder, Tracks};
use super::changes::Changes;
use super::error::LiveError;
use super::pipe::{Arrivals, Batch};
use super::stream::{Armed, Stream, is_grave, longest_silence};
use super::trigger::Gate;
use crate::capture::Extent;
use crate::signal::{Lost, LostSpan};
use crate::units::{SampleCount, SampleIndex};

/// How a recording is going.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Progress {
    /// The samples that are recorded.
    pub samples: u64,
    /// Whether everything that happens from now on is seen: samples arrive, or the device waits for its trigger.
    pub armed: bool,
    /// Whether the trigger is waited for.
    pub waiting: bool,
    /// What the driver said since the last time.
    pub said: Vec<String>,
    /// What of that, or of what it sent, says that samples were lost.
    pub grave: Vec<String>,
    /// Why the samples cannot be those of the time that has passed; it may catch up.
    pub lag: Option<String>,
}

/// Whether to go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Control {
    /// It goes on.
    Go,
    /// It is enough.
    Stop,
}

/// How a recording ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Ending {
    /// With as many samples as were asked for.
    Complete,
    /// It was stopped; what is there is whole.
    Stopped,
    /// The device ended before.
    Cut,
}

/// What came of a recording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Recording {
    /// The samples that were recorded.
    pub samples: u64,
    /// How it ended.
    pub ending: Ending,
    /// Where in it the trigger lies.
    pub trigger: Option<u64>,
    /// Why it cannot pass, as sentences; none: it can.
    pub problems: Vec<String>,
    /// Where samples are missing, as far as that is known.
    pub lost: Lost,
    /// All that the driver said, and its errors with `error:` in front.
    pub messages: Vec<String>,
}

impl Recording {
    /// How long it is, and what is lost of it: what its file says.
    #[must_use]
    pub(crate) fn extent(&self) -> Extent {
        let whole = Extent::whole(SampleIndex::new(self.samples));
        Extent { lost: self.lost.clone(), problems: self.problems.clone(), ..whole }
    }
}

/// How long is waited for samples before `control` is asked again.
const BEAT: Duration = Duration::from_millis(50);

/// So long a driver that was kept from running may take to deliver what the device has sampled meanwhile.
const CATCH_UP: Duration = Duration::from_secs(2);

/// Records a stream into a sink until it is full, it is stopped, or the device ends.
///
/// # Errors
/// [`LiveError`] when the sink takes no more, or nothing at all can be recorded.
pub(crate) fn record(
    mut stream: Stream,
    sink: &mut dyn Recorder,
    control: &mut dyn FnMut(&Progress) -> Control,
) -> Result<Recording, LiveError> {
    let armed = stream.armed().clone();
    let silence = longest_silence(&armed.rate);
    record_from(&mut stream, &armed, silence, sink, control)
}

/// Where batches come from: a device, or a test.
trait Source {
    fn take(&mut self, timeout: Duration) -> Batch;
    /// Ends it, and says how the session ended; none: it does not end.
    fn end(&mut self) -> Option<Result<(), LiveError>>;
}

impl Source for Stream {
    fn take(&mut self, timeout: Duration) -> Batch {
        self.batch(timeout)
    }

    fn end(&mut self) -> Option<Result<(), LiveError>> {
        self.finish()
    }
}

fn record_from(
    stream: &mut dyn Source,
    armed: &Armed,
    silence: Duration,
    sink: &mut dyn Recorder,
    control: &mut dyn FnMut(&Progress) -> Control,
) -> Result<Recording, LiveError> {
    let mask = armed.probes.iter().fold(0, |mask, probe| mask | 1_u64 << probe.bit);
    let mut gate = Gate::new(armed.conditions.clone(), armed.before, armed.asked);
    let mut changes: Option<Changes> = None;
    let mut tracks = Tracks::new(&armed.analog);
    let mut notes = Notes::default();
    let (mut device_trigger, mut arrivals) = (None, None);
    let mut heard = Instant::now();
    let (mut ending, mut silent, mut stop_asked, mut closed) = (None, None, None, None);
    let arrived = |changes: &Option<Changes>| changes.as_ref().map_or(0, Changes::samples);
    loop {
        let batch = stream.take(BEAT);
        notes.take(&batch.messages, batch.disorder);
        if !batch.bytes.is_empty() {
            let unit = usize::from(batch.unit).max(1);
            let changes = changes.get_or_insert_with(|| Changes::new(unit, mask));
            if let Some(at) = batch.trigger {
                device_trigger.get_or_insert(changes.samples() + (at / unit) as u64);
            }
            if !gate.is_full(changes.samples()) {
                // What comes after the last sample that is wanted is no matter.
                arrivals = batch.arrivals;
                changes.feed(&batch.bytes, &mut gate.before(sink))?;
            }
            // What waited while these were taken is not silence.
            heard = Instant::now();
        }
        tracks.feed(batch.analog, (&gate, arrived(&changes)), sink)?;
        let samples = gate.recorded(arrived(&changes));
        sink.reached(SampleIndex::new(samples))?;
        let progress = Progress {
            samples,
            armed: arrived(&changes) > 0 || armed.device_triggers,
            waiting: gate.is_waiting() || (armed.device_triggers && samples == 0),
            said: std::mem::take(&mut notes.unsaid),
            grave: std::mem::take(&mut notes.grave),
            lag: arrivals.as_ref().filter(|_| armed.streaming).and_then(|arrivals| lag_text(arrivals, armed)),
        };
        if control(&progress) == Control::Stop {
            stop_asked.get_or_insert_with(Instant::now);
        }
        let is_stopped = |asked: Instant| progress.lag.is_none() || asked.elapsed() > CATCH_UP;
        if closed.is_none() {
            if gate.is_full(arrived(&changes)) {
                closed = Some((Ending::Complete, Instant::now()));
            } else if !batch.ended && stop_asked.is_some_and(is_stopped) {
                gate.close(samples);
                closed = Some((Ending::Stopped, Instant::now()));
            }
        }
        // Samples of analog channels may come behind the logic's of the same time.
        if let Some((how, since)) = closed {
            let is_over = tracks.have(samples) || batch.ended || since.elapsed() > CATCH_UP;
            ending = is_over.then_some(how);
        } else if batch.ended {
            ending = Some(Ending::Cut);
        } else if armed.streaming && heard.elapsed() > silence {
            let seconds = heard.elapsed().as_secs();
            silent = Some(format!("the device has sent nothing for {seconds} s: it is gone, or it hangs"));
            ending = Some(Ending::Cut);
        }
        if let Some(ending) = ending {
            let ended = stream.end();
            let rest = stream.take(Duration::ZERO);
            notes.take(&rest.messages, rest.disorder);
            // What the driver or the clock says may concern any sample; that the device ended, only the end.
            let is_scattered = !notes.problems.is_empty() || progress.lag.is_some();
            let cut = (ending == Ending::Cut).then(|| cut_text(samples, armed.asked));
            let mut problems: Vec<String> = cut.into_iter().chain(silent).chain(notes.problems).collect();
            match ended {
                Some(Ok(())) => {}
                Some(Err(error)) if samples == 0 => return Err(error),
                Some(Err(error)) => problems.push(error.to_string()),
                None => problems.push("the device does not end when it is told to".to_owned()),
            }
            problems.extend(progress.lag);
            problems.extend(tracks.problems(samples));
            let end = SampleIndex::new(samples);
            let lost = if ending == Ending::Cut && !is_scattered {
                Lost::from_spans(vec![LostSpan::new(end, end)])
            } else {
                Lost::nothing()
            };
            let trigger = gate.trigger().or(device_trigger);
            return Ok(Recording { samples, ending, trigger, problems, lost, messages: notes.messages });
        }
    }
}

/// What the driver said, and what of it counts.
#[derive(Debug, Default)]
struct Notes {
    messages: Vec<String>,
    unsaid: Vec<String>,
    /// Each time that samples were lost, since the last look.
    grave: Vec<String>,
    problems: Vec<String>,
}

impl Notes {
    /// More are dropped: they repeat themselves.
    const MOST: usize = 100;

    fn take(&mut self, messages: &[Message], disorder: Option<String>) {
        for Message { severity, text } in messages {
            let said = match severity {
                Severity::Error => format!("error: {text}"),
                Severity::Warning => text.clone(),
            };
            if is_grave(*severity, text) {
                self.lose(format!("the driver said: {text}"));
            }
            if self.messages.len() < Notes::MOST && !self.messages.contains(&said) {
                self.unsaid.push(said.clone());
                self.messages.push(said);
            }
        }
        if let Some(disorder) = disorder {
            self.lose(format!("the driver sent what makes no sense: {disorder}"));
        }
    }

    fn lose(&mut self, problem: String) {
        if self.problems.len() < Notes::MOST && !self.problems.contains(&problem) {
            self.problems.push(problem.clone());
        }
        if self.grave.len() < Notes::MOST {
            self.grave.push(problem);
        }
    }
}

fn cut_text(samples: u64, asked: Option<u64>) -> String {
    match asked {
        Some(asked) => format!("the device ended after {samples} of {asked} samples"),
        None => format!("the device ended by itself, after {samples} samples"),
    }
}

/// A device that samples without end delivers a second of samples in a second. Samples wait in buffers on their way, and
/// clocks differ a little; what is missing beyond that was never delivered, and what is too much was sampled at another
/// rate.
fn lag_text(arrivals: &Arrivals, armed: &Armed) -> Option<String> {
    /// How long samples may wait on their way.
    const ON_THE_WAY: f64 = 0.25;
    /// How much the clocks of the device and of this computer may differ: ten times what a crystal does.
    const APART: f64 = 0.001;
    let seconds = |samples: u64| {
        let count: SampleCount = SampleIndex::new(samples) - SampleIndex::default();
        armed.rate.seconds(count).to_f64()
    };
    // Before the first packet a device may have taken its time.
    let since_first = arrivals.last.duration_since(arrivals.first).as_secs_f64();
    let sampled = seconds(arrivals.samples - arrivals.first_samples);
    if sampled < since_first * (1.0 - APART) - ON_THE_WAY {
        return Some(format!(
            "in {since_first:.2} s the device sent {sampled:.2} s of samples: the rest is lost, or its rate is another"
        ));
    }
    let since_start = arrivals.last.duration_since(armed.started).as_secs_f64();
    let all = seconds(arrivals.samples);
    (all > since_start * (1.0 + APART) + ON_THE_WAY).then(|| {
        format!("in {since_start:.2} s the device sent {all:.2} s of samples: it samples at another rate than it says")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capture::{EveryChange, Presence, Probe};
    use crate::live::stream::Identity;
    use crate::units::SampleRate;
    use std::collections::VecDeque;

    #[test]
    fn samples_that_never_came_or_are_too_many_are_seen_by_the_clock() {
        let armed = armed(None);
        let lag = |first: f64, seconds: f64, samples: u64| {
            let at = |seconds: f64| armed.started + Duration::from_secs_f64(seconds);
            let (first, last) = (at(first), at(seconds));
            lag_text(&Arrivals { first, first_samples: 100_000, last, samples: samples + 100_000 }, &armed)
        };
        // 10 s on the clock from the first packet on: 10 ms and 0.25 s may be missing, 9.74 s must have come.
        assert_eq!(lag(1.0, 11.0, 10_000_000), None);
        assert_eq!(lag(1.0, 11.0, 9_741_000), None);
        let text = lag(1.0, 11.0, 9_739_000).unwrap();
        assert!(text.starts_with("in 10.00 s the device sent 9.74 s of samples: the rest is lost"), "{text}");
        assert_eq!(lag(0.0, 0.2, 0), None, "what waits on its way is not lost");
        // 11 s since it was started, the first packet's 0.1 s among them: 11.011 s and 0.25 s are the most.
        assert_eq!(lag(10.9, 11.0, 11_160_000), None, "what was kept back comes at once");
        let text = lag(1.0, 11.0, 11_162_000).unwrap();
        assert!(text.starts_with("in 11.00 s the device sent 11.26 s of samples: it samples at another"), "{text}");
    }

    /// A device that sends these batches, and then nothing.
    struct Scripted(VecDeque<Batch>);

    impl Source for Scripted {
        fn take(&mut self, _: Duration) -> Batch {
            self.0.pop_front().unwrap_or_default()
        }
        fn end(&mut self) -> Option<Result<(), LiveError>> {
            Some(Ok(()))
        }
    }

    fn armed(asked: Option<u64>) -> Armed {
        let identity = Identity {
            driver: "test".to_owned(),
            label: "test".to_owned(),
            serial_number: None,
            connection: None,
            libsigrok: "0".to_owned(),
        };
        Armed {
            identity,
            rate: SampleRate::parse("1 MHz").unwrap(),
            probes: vec![Probe { bit: 0, name: "D0".to_owned(), presence: Presence::Recorded }],
            analog: Vec::new(),
            settings: Vec::new(),
            asked,
            streaming: true,
            device_triggers: false,
            conditions: Vec::new(),
            before: 0,
            started: Instant::now(),
        }
    }

    impl Recorder for EveryChange {}

    fn recorded(batches: Vec<Batch>, asked: Option<u64>) -> (Recording, Vec<(u64, u64)>) {
        let mut calls = EveryChange::default();
        let silence = Duration::from_millis(20);
        let mut source = Scripted(batches.into());
        let recording = record_from(&mut source, &armed(asked), silence, &mut calls, &mut |_| Control::Go).unwrap();
        (recording, calls.0)
    }

    fn batch(bytes: &[u8]) -> Batch {
        Batch { bytes: bytes.to_vec(), unit: 1, ..Batch::default() }
    }

    fn end_of_stream() -> Batch {
        Batch { ended: true, unit: 1, ..Batch::default() }
    }

    #[test]
    fn a_device_that_goes_silent_is_given_up_and_what_it_sent_is_kept() {
        let (recording, changes) = recorded(vec![batch(&[0, 0, 1]), batch(&[1, 0])], Some(100));
        assert_eq!((recording.samples, recording.ending), (5, Ending::Cut));
        assert_eq!(changes, [(0, 0), (2, 1), (4, 0)]);
        assert_eq!(recording.problems[0], "the device ended after 5 of 100 samples");
        assert!(recording.problems[1].starts_with("the device has sent nothing for"), "{:?}", recording.problems);
    }

    #[test]
    fn a_device_that_ends_on_time_has_no_problems_and_one_that_ends_early_has() {
        let (recording, _) = recorded(vec![batch(&[0, 1, 1, 0, 1]), end_of_stream()], Some(5));
        assert_eq!((recording.samples, recording.ending, recording.problems.len()), (5, Ending::Complete, 0));
        // Devices that count in blocks send more than was asked for.
        let (recording, changes) = recorded(vec![batch(&[0, 1, 1, 0, 1])], Some(3));
        assert_eq!((recording.samples, recording.ending), (3, Ending::Complete));
        assert_eq!(changes, [(0, 0), (1, 1)]);
        let (recording, _) = recorded(vec![batch(&[0, 1]), end_of_stream()], Some(3));
        assert_eq!((recording.samples, recording.ending), (2, Ending::Cut));
        let (recording, _) = recorded(vec![batch(&[0, 1]), end_of_stream()], None);
        assert_eq!(recording.problems, ["the device ended by itself, after 2 samples"]);
        // What is there is whole: only behind it something is missing.
        let end = SampleIndex::new(2);
        assert_eq!(recording.extent().lost.spans(), [LostSpan::new(end, end)]);
        // After an overflow nobody knows where.
        let message = Message { severity: Severity::Warning, text: "overflow".to_owned() };
        let overflow = Batch { messages: vec![message], ..batch(&[0, 1]) };
        let (recording, _) = recorded(vec![overflow, end_of_stream()], None);
        assert_eq!((recording.problems.len(), recording.lost), (2, Lost::nothing()));
    }

    #[test]
    fn analog_samples_are_waited_for_and_what_does_not_come_is_a_problem() {
        let channel = crate::live::order::AnalogChannel { index: 8, name: "A0".to_owned() };
        let armed = Armed { analog: vec![channel], ..armed(Some(3)) };
        let analog = |count: usize| Batch { analog: vec![(8, vec![0.5; count])], unit: 1, ..Batch::default() };
        let recorded = |batches: Vec<Batch>| {
            let (mut calls, mut source) = (EveryChange::default(), Scripted(batches.into()));
            let mut go = |_: &Progress| Control::Go;
            record_from(&mut source, &armed, Duration::from_secs(60), &mut calls, &mut go).unwrap()
        };
        let late = recorded(vec![batch(&[0, 1, 1, 0]), analog(2), analog(2)]);
        assert_eq!((late.samples, late.ending, late.problems.len()), (3, Ending::Complete, 0));
        let short = recorded(vec![batch(&[0, 1, 1, 0]), analog(2), end_of_stream()]);
        assert_eq!((short.samples, short.ending), (3, Ending::Complete));
        assert!(short.problems[0].starts_with("of the analog channel A0 came 2 of 3 samples"), "{:?}", short.problems);
    }

    #[test]
    fn a_driver_that_was_kept_from_running_catches_up_before_it_is_stopped() {
        let first = armed(None);
        let at = |seconds: f64, samples: u64| {
            let last = first.started + Duration::from_secs_f64(seconds);
            Some(Arrivals { first: first.started, first_samples: 1, last, samples })
        };
        // The first packet after 1 s of standing still, and then the rest of that second.
        let late = Batch { arrivals: at(1.0, 3), ..batch(&[0, 1, 1]) };
        let rest = Batch { arrivals: at(1.0, 1_000_000), ..batch(&[1, 1]) };
        let mut calls = EveryChange::default();
        let mut source = Scripted(vec![late, rest].into());
        let mut stop = |_: &Progress| Control::Stop;
        let recording = record_from(&mut source, &first, Duration::from_secs(60), &mut calls, &mut stop).unwrap();
        assert_eq!((recording.samples, recording.ending), (5, Ending::Stopped));
        assert!(recording.problems.is_empty(), "{:?}", recording.problems);
    }

    #[test]
    fn what_the_driver_says_is_kept_once_and_what_is_grave_is_a_problem() {
        let message = |severity, text: &str| Message { severity, text: text.to_owned() };
        let mut notes = Notes::default();
        let messages = [
            message(Severity::Warning, "fx2lafw: a hint"),
            message(Severity::Warning, "ftdi-la: FIFO Overflow"),
            message(Severity::Warning, "ftdi-la: FIFO Overflow"),
            message(Severity::Error, "fx2lafw: failed"),
        ];
        notes.take(&messages, Some("a packet of 3 bytes".to_owned()));
        assert_eq!(notes.messages, ["fx2lafw: a hint", "ftdi-la: FIFO Overflow", "error: fx2lafw: failed"]);
        assert_eq!(notes.problems.len(), 3, "{:?}", notes.problems);
        // Each overflow is one more place where samples are missing.
        assert_eq!(notes.grave.len(), 4, "{:?}", notes.grave);
    }
}
