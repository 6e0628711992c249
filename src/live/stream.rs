//! A device that samples, on a thread of its own: libsigrok wants all of its calls from one.

use std::sync::mpsc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use serde::Serialize;
use sigrok_sys::{ChannelKind, Device, Key, Packet, Severity, Sigrok, Stopper, TriggerMatch, Value};

use super::device::{analog, channel_named, find, label, logic_channels, probes};
use super::error::{LiveError, texts};
use super::order::{AnalogChannel, Order, Setting, TriggerBy, TriggerChoice};
use super::pipe::{Batch, Pipe};
use super::settings::{apply, set_rate, set_threshold};
use super::trigger::Condition;
use crate::capture::Probe;
use crate::units::{Rational, Rounding, SampleRate};

/// What a device says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Identity {
    /// Its driver.
    pub driver: String,
    /// Vendor, model and version, as one text.
    pub label: String,
    /// Its serial number, if it has one.
    pub serial_number: Option<String>,
    /// Where it is connected, if it says.
    pub connection: Option<String>,
    /// The version of libsigrok, which is none of the device's.
    #[serde(skip)]
    pub libsigrok: String,
}

/// A device that is about to sample, and how.
#[derive(Debug, Clone)]
pub(crate) struct Armed {
    /// Which.
    pub identity: Identity,
    /// At which rate.
    pub rate: SampleRate,
    /// What is recorded.
    pub probes: Vec<Probe>,
    /// The analog channels that are recorded with them.
    pub analog: Vec<AnalogChannel>,
    /// What was set besides.
    pub settings: Vec<Setting>,
    /// How many samples; none: until it is stopped.
    pub asked: Option<u64>,
    /// Whether it samples without end, so that the rate of samples can be held against the clock.
    pub streaming: bool,
    /// Whether the device itself waits for the trigger.
    pub device_triggers: bool,
    /// What is waited for here.
    pub(super) conditions: Vec<Condition>,
    /// How many samples from before the trigger are kept.
    pub(super) before: u64,
    /// When it was started: before its first sample.
    pub(super) started: Instant,
}

/// A device that samples. It is stopped when this is dropped.
#[derive(Debug)]
pub(crate) struct Stream {
    armed: Armed,
    pipe: Pipe,
    stopper: Stopper,
    thread: Option<JoinHandle<Result<(), LiveError>>>,
}

/// A device gets so long to end after it was told to; then it is left behind.
const PATIENCE: Duration = Duration::from_secs(5);

impl Stream {
    /// Opens the device, sets it as ordered, and starts it.
    ///
    /// # Errors
    /// [`LiveError`] when there is no libsigrok or no such device, or the device does not take the order.
    pub(crate) fn start(order: Order) -> Result<Stream, LiveError> {
        let pipe = Pipe::default();
        let (tell, told) = mpsc::channel();
        let ours = pipe.clone();
        let thread = std::thread::Builder::new().name("libsigrok".to_owned()).spawn(move || {
            let result = sample(&order, &ours, &tell);
            ours.tell(|batch| batch.ended = true);
            result
        });
        let thread = thread.map_err(LiveError::Thread)?;
        match told.recv() {
            Ok((armed, stopper)) => Ok(Stream { armed, pipe, stopper, thread: Some(thread) }),
            // It ended without having started: with an error.
            Err(_) => match thread.join() {
                Ok(Err(error)) => Err(error),
                Ok(Ok(())) | Err(_) => Err(LiveError::Broken),
            },
        }
    }

    /// What it was set to.
    #[must_use]
    pub(crate) fn armed(&self) -> &Armed {
        &self.armed
    }

    /// What arrived, waited for at most so long.
    pub(super) fn batch(&self, timeout: Duration) -> Batch {
        self.pipe.take(timeout)
    }

    /// Ends it, and waits for that, but not for ever; says whether the session ended well; none: it does not end.
    pub(super) fn finish(&mut self) -> Option<Result<(), LiveError>> {
        self.pipe.close();
        self.stopper.stop();
        let thread = self.thread.take()?;
        let patient_until = Instant::now() + PATIENCE;
        while !thread.is_finished() {
            if Instant::now() > patient_until {
                return None;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        Some(thread.join().unwrap_or(Err(LiveError::Broken)))
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        self.finish();
    }
}

/// The thread's work: opens, sets and runs the device; tells that it is about to run.
fn sample(order: &Order, pipe: &Pipe, tell: &mpsc::Sender<(Armed, Stopper)>) -> Result<(), LiveError> {
    let sigrok = Sigrok::open()?;
    let device = find(&sigrok, &order.device)?;
    let name = label(&device, &order.device.driver);
    let open = device.open().map_err(|source| LiveError::Unopenable {
        device: name.clone(),
        source,
        reasons: texts(&sigrok.messages()),
    })?;
    let channels = logic_channels(&device);
    let (analog, choices) = analog(&device, &order.channels)?;
    let probes = probes(&channels, &choices)?;
    // Channels above the last one that is wanted are left out, which lets some devices sample faster. Those between are
    // sampled: drivers do not agree on where the bits of the others lie when one in the middle is missing.
    let last = probes.last().map_or(0, |probe| probe.bit);
    let sigrok = &sigrok;
    let failed = |doing| move |source| LiveError::Session { doing, source, reasons: texts(&sigrok.messages()) };
    let is_wanted = |kind, index| match kind {
        ChannelKind::Logic => index <= last,
        ChannelKind::Analog => analog.iter().any(|channel: &AnalogChannel| channel.index == index),
    };
    open.enable(is_wanted).map_err(failed("choosing the channels"))?;
    let threshold = order.threshold.map(|volts| set_threshold(&open, volts)).transpose()?;
    for setting in &order.settings {
        apply(sigrok, &open, setting)?;
    }
    let rate = set_rate(&open, order.rate.as_ref())?;
    let asked = order.limit.samples(&rate);
    let streaming = open.options(None).contains(&Key::CONTINUOUS);

    let bits: Vec<(u32, TriggerMatch)> = (order.trigger.iter())
        .map(|choice| {
            let named = probes.iter().find(|probe| probe.name == choice.channel);
            let bit = match named {
                Some(probe) => probe.bit,
                None => channel_named(&channels, &choice.channel)?.index,
            };
            if probes.iter().any(|probe| probe.bit == bit) {
                return Ok((bit, choice.kind));
            }
            let reason = "it is not recorded; name it with --channels too";
            Err(LiveError::setting(format!("--trigger on {}", choice.channel), reason))
        })
        .collect::<Result<_, LiveError>>()?;
    let device_triggers = !bits.is_empty() && (order.trigger_by == TriggerBy::Device || !streaming);
    if device_triggers {
        check_triggers(&open.triggers().unwrap_or_default(), &order.trigger)?;
    }
    let (by_device, here) =
        if device_triggers { (bits.as_slice(), [].as_slice()) } else { ([].as_slice(), bits.as_slice()) };
    let condition = |&(bit, kind): &(u32, TriggerMatch)| Condition { bit: 1 << bit, kind };
    let conditions: Vec<Condition> = here.iter().map(condition).collect();

    // Where it is known beforehand how many samples are wanted, the device counts them.
    if let Some(asked) = asked.filter(|_| conditions.is_empty() && open.can_set(None, Key::LIMIT_SAMPLES)) {
        open.set(None, Key::LIMIT_SAMPLES, &Value::Unsigned(asked)).map_err(|source| {
            LiveError::setting("--time or --samples", format!("the device does not take {asked} samples: {source}"))
        })?;
    } else if !streaming {
        let reason = "the device samples into its memory, so it must know how much; and so it must trigger itself";
        return Err(LiveError::setting("--time or --samples", reason));
    }
    open.commit().map_err(failed("handing over the settings"))?;
    report(sigrok, pipe);

    let before = rate.samples(&order.before).to_integer(Rounding::Up).unwrap_or(0);
    let armed = Armed {
        identity: identity(sigrok, &device, &order.device.driver, name),
        rate,
        probes,
        analog,
        settings: threshold.into_iter().chain(order.settings.iter().cloned()).collect(),
        asked,
        streaming: streaming && !device_triggers,
        device_triggers,
        conditions,
        before: u64::try_from(before.max(0)).unwrap_or(u64::MAX),
        started: Instant::now(),
    };
    let started = |stopper| {
        // Whoever ordered is gone: the stopper is dropped, and the pipe is closed or will be.
        let _gone = tell.send((armed, stopper));
    };
    let ran = open.run(by_device, started, &mut |packet| {
        match packet {
            Packet::Logic { unit, samples } => pipe.push(unit, samples),
            Packet::Analog { channels, samples } => pipe.push_analog(channels, samples),
            Packet::Trigger => pipe.tell(|batch| {
                batch.trigger.get_or_insert(batch.bytes.len());
            }),
            Packet::Header | Packet::End | Packet::SampleRate(_) | Packet::Other => {}
        }
        report(sigrok, pipe);
    });
    report(sigrok, pipe);
    ran.map_err(failed("sampling"))
}

/// Passes on what the drivers say.
fn report(sigrok: &Sigrok, pipe: &Pipe) {
    let messages = sigrok.messages();
    if !messages.is_empty() {
        pipe.tell(|batch| batch.messages.extend(messages));
    }
}

fn identity(sigrok: &Sigrok, device: &Device<'_>, driver: &str, label: String) -> Identity {
    Identity {
        driver: driver.to_owned(),
        label,
        serial_number: device.serial_number(),
        connection: device.connection(),
        libsigrok: sigrok.version(),
    }
}

fn check_triggers(can: &[TriggerMatch], wanted: &[TriggerChoice]) -> Result<(), LiveError> {
    match wanted.iter().find(|choice| !can.contains(&choice.kind)) {
        None => Ok(()),
        Some(choice) => {
            Err(LiveError::setting(format!("--trigger on {}", choice.channel), "the device cannot wait for that"))
        }
    }
}

/// Whether a message says that samples were lost, or that something failed.
pub(super) fn is_grave(severity: Severity, text: &str) -> bool {
    const LOST: [&str; 4] = ["overrun", "overflow", "lost", "dropped"];
    let text = text.to_lowercase();
    severity == Severity::Error || LOST.iter().any(|word| text.contains(word))
}

/// So long a device may be silent: five seconds, and at slow rates so many samples.
pub(super) fn longest_silence(rate: &SampleRate) -> Duration {
    const LEAST: Duration = Duration::from_secs(5);
    const SAMPLES: i128 = 20;
    let samples = (Rational::from(SAMPLES) * rate.period()).to_integer(Rounding::Up);
    let seconds = samples.and_then(|seconds| u64::try_from(seconds).ok()).unwrap_or(0);
    LEAST.max(Duration::from_secs(seconds))
}
