//! Recording: a stream's samples become changes, and what went wrong is said.

use std::time::{Duration, Instant};

use sigrok_sys::{Message, Severity};

use super::changes::Changes;
use super::error::LiveError;
use super::pipe::{Arrivals, Batch};
use super::stream::{Armed, Stream, is_grave, longest_silence};
use super::trigger::Gate;
use crate::capture::Sink;
use crate::units::{SampleCount, SampleIndex, SampleRate};

/// How a recording is going.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// The samples that are recorded.
    pub samples: u64,
    /// Whether everything that happens from now on is seen: samples arrive, or the device waits for its trigger.
    pub armed: bool,
    /// Whether the trigger is waited for.
    pub waiting: bool,
    /// What the driver said since the last time.
    pub said: Vec<String>,
}

/// Whether to go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Control {
    /// It goes on.
    Go,
    /// It is enough.
    Stop,
}

/// How a recording ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// With as many samples as were asked for.
    Complete,
    /// It was stopped; what is there is whole.
    Stopped,
    /// The device ended before.
    Cut,
}

/// What came of a recording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recording {
    /// The samples that were recorded.
    pub samples: u64,
    /// How it ended.
    pub ending: Ending,
    /// Where in it the trigger lies.
    pub trigger: Option<u64>,
    /// Why it cannot pass, as sentences; none: it can.
    pub problems: Vec<String>,
    /// All that the driver said, and its errors with `error:` in front.
    pub messages: Vec<String>,
}

/// How long is waited for samples before `control` is asked again.
const BEAT: Duration = Duration::from_millis(50);

/// Records a stream into a sink until it is full, it is stopped, or the device ends.
///
/// # Errors
/// [`LiveError`] when the sink takes no more, or nothing at all can be recorded.
pub fn record(
    mut stream: Stream,
    sink: &mut dyn Sink,
    control: &mut dyn FnMut(&Progress) -> Control,
) -> Result<Recording, LiveError> {
    let armed = stream.armed().clone();
    let silence = longest_silence(&armed.rate);
    record_from(&mut stream, &armed, silence, sink, control)
}

/// Where batches come from: a device, or a test.
trait Source {
    fn take(&mut self, timeout: Duration) -> Batch;
    fn arrivals(&self) -> Option<Arrivals>;
    /// Ends it, and says how the session ended; none: it does not end.
    fn end(&mut self) -> Option<Result<(), LiveError>>;
}

impl Source for Stream {
    fn take(&mut self, timeout: Duration) -> Batch {
        self.batch(timeout)
    }

    fn arrivals(&self) -> Option<Arrivals> {
        self.arrived()
    }

    fn end(&mut self) -> Option<Result<(), LiveError>> {
        self.finish()
    }
}

fn record_from(
    stream: &mut dyn Source,
    armed: &Armed,
    silence: Duration,
    sink: &mut dyn Sink,
    control: &mut dyn FnMut(&Progress) -> Control,
) -> Result<Recording, LiveError> {
    let mask = armed.probes.iter().fold(0, |mask, probe| mask | 1_u64 << probe.bit);
    let mut gate = Gate::new(armed.conditions.clone(), armed.before, armed.asked);
    let mut changes: Option<Changes> = None;
    let mut notes = Notes::default();
    let mut device_trigger = None;
    let mut heard = Instant::now();
    let mut ending = None;
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
                changes.feed(&batch.bytes, &mut gate.before(sink))?;
            }
            // Behind our own work, which is no silence of the device.
            heard = Instant::now();
        }
        let samples = gate.recorded(arrived(&changes));
        let progress = Progress {
            samples,
            armed: arrived(&changes) > 0 || armed.device_triggers,
            waiting: gate.is_waiting() || (armed.device_triggers && samples == 0),
            said: std::mem::take(&mut notes.unsaid),
        };
        let wanted = control(&progress);
        if gate.is_full(arrived(&changes)) {
            ending = Some(Ending::Complete);
        } else if batch.ended {
            ending = Some(Ending::Cut);
        } else if wanted == Control::Stop {
            ending = Some(Ending::Stopped);
        } else if armed.streaming && heard.elapsed() > silence {
            notes.problems.push(format!(
                "the device has sent nothing for {} s: it is gone, or it hangs",
                heard.elapsed().as_secs()
            ));
            ending = Some(Ending::Cut);
        }
        if let Some(ending) = ending {
            let arrivals = stream.arrivals();
            let ended = stream.end();
            let rest = stream.take(Duration::ZERO);
            notes.take(&rest.messages, rest.disorder);
            match ended {
                Some(Ok(())) => {}
                Some(Err(error)) if samples == 0 => return Err(error),
                Some(Err(error)) => notes.problems.push(error.to_string()),
                None => notes.problems.push("the device does not end when it is told to".to_owned()),
            }
            if ending == Ending::Cut {
                notes.problems.insert(0, cut_text(samples, armed.asked));
            }
            if let Some(arrivals) = arrivals.filter(|_| armed.streaming) {
                notes.problems.extend(lag_text(&arrivals, &armed.rate));
            }
            let trigger = gate.trigger().or(device_trigger);
            return Ok(Recording { samples, ending, trigger, problems: notes.problems, messages: notes.messages });
        }
    }
}

/// What the driver said, and what of it counts.
#[derive(Debug, Default)]
struct Notes {
    messages: Vec<String>,
    unsaid: Vec<String>,
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
            if self.messages.len() == Notes::MOST || self.messages.contains(&said) {
                continue;
            }
            if is_grave(*severity, text) {
                self.problems.push(format!("the driver said: {text}"));
            }
            self.unsaid.push(said.clone());
            self.messages.push(said);
        }
        self.problems.extend(disorder.map(|disorder| format!("the driver sent what makes no sense: {disorder}")));
    }
}

fn cut_text(samples: u64, asked: Option<u64>) -> String {
    match asked {
        Some(asked) => format!("the device ended after {samples} of {asked} samples"),
        None => format!("the device ended by itself, after {samples} samples"),
    }
}

/// A device that samples without end delivers a second of samples in a second. Samples wait in buffers on their way, and
/// clocks differ a little; what is missing beyond that was never delivered.
fn lag_text(arrivals: &Arrivals, rate: &SampleRate) -> Option<String> {
    /// How long samples may wait on their way.
    const ON_THE_WAY: f64 = 0.25;
    /// How much slower than stated the device's clock may be.
    const SLOWER: f64 = 0.01;
    let since_first = arrivals.last.duration_since(arrivals.first).as_secs_f64();
    let samples = SampleIndex::new(arrivals.samples - arrivals.first_samples);
    let count: SampleCount = samples - SampleIndex::default();
    let sampled = rate.seconds(count).to_f64();
    (sampled < since_first * (1.0 - SLOWER) - ON_THE_WAY).then(|| {
        format!(
            "in {since_first:.2} s the device sent {sampled:.2} s of samples: the rest is lost, or its rate is another"
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capture::{Presence, Probe, SinkError};
    use crate::live::stream::Identity;
    use crate::signal::LostSpan;
    use std::collections::VecDeque;

    #[test]
    fn samples_that_never_came_are_seen_by_the_clock() {
        let rate = SampleRate::parse("1 MHz").unwrap();
        let first = Instant::now();
        let lag = |seconds: f64, samples: u64| {
            let last = first + Duration::from_secs_f64(seconds);
            lag_text(&Arrivals { first, first_samples: 100_000, last, samples: samples + 100_000 }, &rate)
        };
        // 10 s on the clock: 1 % and 0.25 s may be missing, 9.65 s must have come.
        assert_eq!(lag(10.0, 10_000_000), None);
        assert_eq!(lag(10.0, 9_660_000), None);
        let text = lag(10.0, 9_640_000).unwrap();
        assert!(text.starts_with("in 10.00 s the device sent 9.64 s of samples"), "{text}");
        assert_eq!(lag(0.2, 0), None, "what waits on its way is not lost");
    }

    /// A device that sends these batches, and then nothing.
    struct Scripted(VecDeque<Batch>);

    impl Source for Scripted {
        fn take(&mut self, _: Duration) -> Batch {
            self.0.pop_front().unwrap_or_default()
        }
        fn arrivals(&self) -> Option<Arrivals> {
            None
        }
        fn end(&mut self) -> Option<Result<(), LiveError>> {
            Some(Ok(()))
        }
    }

    #[derive(Default)]
    struct Calls(Vec<(u64, u64)>);

    impl Sink for Calls {
        fn change(&mut self, at: SampleIndex, state: u64) -> Result<(), SinkError> {
            self.0.push((at.get(), state));
            Ok(())
        }
        fn lost(&mut self, _: LostSpan) {}
    }

    fn recorded(batches: Vec<Batch>, asked: Option<u64>) -> (Recording, Vec<(u64, u64)>) {
        let identity = Identity {
            driver: "test".to_owned(),
            label: "test".to_owned(),
            serial_number: None,
            connection: None,
            libsigrok: "0".to_owned(),
        };
        let armed = Armed {
            identity,
            rate: SampleRate::parse("1 MHz").unwrap(),
            probes: vec![Probe { bit: 0, name: "D0".to_owned(), presence: Presence::Recorded }],
            asked,
            streaming: true,
            device_triggers: false,
            conditions: Vec::new(),
            before: 0,
        };
        let mut calls = Calls::default();
        let silence = Duration::from_millis(20);
        let mut source = Scripted(batches.into());
        let recording = record_from(&mut source, &armed, silence, &mut calls, &mut |_| Control::Go).unwrap();
        (recording, calls.0)
    }

    fn batch(bytes: &[u8]) -> Batch {
        Batch { bytes: bytes.to_vec(), unit: 1, ..Batch::default() }
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
        let end = || Batch { ended: true, unit: 1, ..Batch::default() };
        let (recording, _) = recorded(vec![batch(&[0, 1, 1, 0, 1]), end()], Some(5));
        assert_eq!((recording.samples, recording.ending, recording.problems.len()), (5, Ending::Complete, 0));
        // Devices that count in blocks send more than was asked for.
        let (recording, changes) = recorded(vec![batch(&[0, 1, 1, 0, 1])], Some(3));
        assert_eq!((recording.samples, recording.ending), (3, Ending::Complete));
        assert_eq!(changes, [(0, 0), (1, 1)]);
        let (recording, _) = recorded(vec![batch(&[0, 1]), end()], Some(3));
        assert_eq!((recording.samples, recording.ending), (2, Ending::Cut));
        let (recording, _) = recorded(vec![batch(&[0, 1]), end()], None);
        assert_eq!(recording.problems, ["the device ended by itself, after 2 samples"]);
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
    }
}
