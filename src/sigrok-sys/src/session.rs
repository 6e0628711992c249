//! A session: a device samples, and its packets arrive, until it ends or is stopped.

use std::any::Any;
use std::ffi::{c_int, c_void};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::ptr::{NonNull, null_mut};
use std::sync::{Arc, Mutex, PoisonError};

use crate::context::Sigrok;
use crate::device::{OpenDevice, Trigger, pointers};
use crate::error::{Error, check};
use crate::glib::gboolean;
use crate::library::Api;
use crate::opaque::{GMainContext, sr_dev_inst, sr_session};
use crate::sigrok as c;
use crate::variant::Variant;

/// What a device waits for on a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TriggerMatch {
    /// Low.
    Low,
    /// High.
    High,
    /// From low to high.
    Rising,
    /// From high to low.
    Falling,
    /// Either edge.
    Edge,
}

impl TriggerMatch {
    pub(crate) fn of(number: c_int) -> Option<TriggerMatch> {
        match u32::try_from(number).ok()? {
            c::SR_TRIGGER_ZERO => Some(TriggerMatch::Low),
            c::SR_TRIGGER_ONE => Some(TriggerMatch::High),
            c::SR_TRIGGER_RISING => Some(TriggerMatch::Rising),
            c::SR_TRIGGER_FALLING => Some(TriggerMatch::Falling),
            c::SR_TRIGGER_EDGE => Some(TriggerMatch::Edge),
            _ => None,
        }
    }

    pub(crate) fn number(self) -> c_int {
        let number = match self {
            TriggerMatch::Low => c::SR_TRIGGER_ZERO,
            TriggerMatch::High => c::SR_TRIGGER_ONE,
            TriggerMatch::Rising => c::SR_TRIGGER_RISING,
            TriggerMatch::Falling => c::SR_TRIGGER_FALLING,
            TriggerMatch::Edge => c::SR_TRIGGER_EDGE,
        };
        number.cast_signed()
    }
}

/// What arrives from a device.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Packet<'p> {
    /// The device has begun.
    Header,
    /// Samples of the logic channels.
    Logic {
        /// Bytes per sample.
        unit: u16,
        /// The samples, one after the other, little-endian.
        samples: &'p [u8],
    },
    /// Samples of analog channels.
    Analog {
        /// The numbers of the channels.
        channels: &'p [u32],
        /// One sample of each of them, then the next of each.
        samples: &'p [f32],
    },
    /// What the device waited for happened between the samples before and after this.
    Trigger,
    /// The device is done.
    End,
    /// So many samples a second are taken from here on.
    SampleRate(u64),
    /// Something else: frames, other settings.
    Other,
}

/// Stops a session, from any thread. After the session it does nothing.
#[derive(Clone)]
pub struct Stopper(Arc<Shared>);

struct Shared {
    api: Arc<Api>,
    running: Mutex<Option<Running>>,
}

/// Pointers to a session that runs, and to the loop that it runs in.
#[derive(Clone, Copy)]
struct Running {
    session: NonNull<sr_session>,
    events: NonNull<GMainContext>,
}

// SAFETY: the pointers are used from other threads only by `Stopper::stop`, under the lock, and only to attach a source to
// the loop, which glib allows from any thread; the session is passed on to its own thread untouched.
unsafe impl Send for Running {}

impl std::fmt::Debug for Stopper {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Stopper")
    }
}

impl Stopper {
    /// Asks the session to stop. It stops on its own thread, between two of the driver's calls: drivers do not expect to be
    /// stopped while they hand over a packet, or from another thread.
    pub fn stop(&self) {
        let running = self.0.running.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(Running { session, events }) = *running else { return };
        let api = &self.0.api;
        // SAFETY: while the lock is held and `running` is there, the loop is alive. The source is handed to it, and dropped
        // with it if it never runs; where it runs, the session is alive, as the loop runs nowhere but within `run`. The data
        // is a `Box` that `stop_on_its_thread` frees if it runs, else `free_request`, exactly one of them.
        unsafe {
            let source = api.glib.g_idle_source_new();
            if source.is_null() {
                return;
            }
            let request = Box::into_raw(Box::new(StopRequest { api: Arc::clone(api), session }));
            api.glib.g_source_set_callback(source, Some(stop_on_its_thread), request.cast(), Some(free_request));
            api.glib.g_source_attach(source, events.as_ptr());
            api.glib.g_source_unref(source);
        }
    }
}

struct StopRequest {
    api: Arc<Api>,
    session: NonNull<sr_session>,
}

/// # Safety
/// Called by the session's loop with the request that was attached to it.
unsafe extern "C" fn stop_on_its_thread(request: *mut c_void) -> gboolean {
    // SAFETY: the request lives until glib calls `free_request`; the session is alive, as this is its loop.
    unsafe {
        let request = &*request.cast::<StopRequest>();
        request.api.sigrok.sr_session_stop(request.session.as_ptr());
    }
    // Once: the source is removed.
    0
}

/// # Safety
/// Called by glib when the source goes, with the request that was made for it.
unsafe extern "C" fn free_request(request: *mut c_void) {
    // SAFETY: it was made by `Box::into_raw`, and glib calls this once.
    drop(unsafe { Box::from_raw(request.cast::<StopRequest>()) });
}

/// The loop of a session, and the thread's own while it lives: what was attached and never ran goes with it, so that no
/// later session meets it.
struct Events<'a> {
    api: &'a Api,
    raw: NonNull<GMainContext>,
}

impl<'a> Events<'a> {
    fn new(api: &'a Api) -> Result<Events<'a>, Error> {
        // SAFETY: it takes nothing; what it gives is ours.
        let raw = unsafe { api.glib.g_main_context_new() };
        let raw = NonNull::new(raw).ok_or(Error::Nothing("making a loop"))?;
        // SAFETY: it is alive, new, and so nobody's; it is taken back from this thread when this is dropped.
        unsafe { api.glib.g_main_context_push_thread_default(raw.as_ptr()) };
        Ok(Events { api, raw })
    }
}

impl Drop for Events<'_> {
    fn drop(&mut self) {
        // SAFETY: it was pushed on this thread, and nothing was pushed after it that is still there: sessions are not
        // nested, as a callback has no device. This reference is ours.
        unsafe {
            self.api.glib.g_main_context_pop_thread_default(self.raw.as_ptr());
            self.api.glib.g_main_context_unref(self.raw.as_ptr());
        }
    }
}

/// A session that is destroyed when it is dropped.
pub(crate) struct Session<'a> {
    sigrok: &'a Sigrok,
    raw: NonNull<sr_session>,
}

impl<'a> Session<'a> {
    /// A session whose packets go to this receiver.
    ///
    /// # Safety
    /// The receiver outlives the session, and nothing else touches it until then.
    pub(crate) unsafe fn new(sigrok: &'a Sigrok, receiver: &mut Receiver<'_>) -> Result<Session<'a>, Error> {
        let api = &sigrok.api.sigrok;
        let mut raw = null_mut();
        // SAFETY: the context is alive, and the place takes one pointer.
        check("making a session", unsafe { api.sr_session_new(sigrok.context(), &mut raw) })?;
        let session = Session { sigrok, raw: NonNull::new(raw).ok_or(Error::Nothing("making a session"))? };
        let data = std::ptr::from_mut(receiver).cast();
        // SAFETY: the session is alive, and the receiver outlives it, as the caller says.
        check("taking packets", unsafe { api.sr_session_datafeed_callback_add(raw, Some(take_packet), data) })?;
        Ok(session)
    }

    /// Takes a device into it.
    ///
    /// # Safety
    /// The device is alive, and outlives the session.
    pub(crate) unsafe fn add(&self, device: NonNull<sr_dev_inst>) -> Result<(), Error> {
        // SAFETY: both are alive, and stay so, as the caller says.
        check("adding the device", unsafe {
            self.sigrok.api.sigrok.sr_session_dev_add(self.raw.as_ptr(), device.as_ptr())
        })
    }
}

impl Drop for Session<'_> {
    fn drop(&mut self) {
        // SAFETY: it is alive, does not run, and is destroyed once.
        unsafe { self.sigrok.api.sigrok.sr_session_destroy(self.raw.as_ptr()) };
    }
}

/// Takes the session away from the stoppers when it ends, however it ends.
struct Published<'a>(&'a Shared);

impl Drop for Published<'_> {
    fn drop(&mut self) {
        *self.0.running.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

/// What the packets go to, and the panic that it left.
pub(crate) struct Receiver<'r> {
    pub(crate) take: &'r mut dyn FnMut(Packet<'_>),
    pub(crate) panic: Option<Box<dyn Any + Send>>,
    pub(crate) api: Arc<Api>,
    /// What ends the session after a panic; none where packets end by themselves.
    pub(crate) stopper: Option<Stopper>,
}

/// # Safety
/// Called by libsigrok on the session's thread, with the receiver that it was given, and a packet that lives for the call.
unsafe extern "C" fn take_packet(_: *const sr_dev_inst, packet: *const c::sr_datafeed_packet, receiver: *mut c_void) {
    // SAFETY: it is the receiver of `run`, which outlives the session; nothing else has a reference to it meanwhile.
    let receiver = unsafe { &mut *receiver.cast::<Receiver<'_>>() };
    if receiver.panic.is_some() {
        return;
    }
    let caught = catch_unwind(AssertUnwindSafe(|| {
        let mut floats = Floats::default();
        // SAFETY: the packet lives for the call.
        (receiver.take)(unsafe { read_packet(&receiver.api, packet, &mut floats) });
    }));
    if let Err(panic) = caught {
        receiver.panic = Some(panic);
        if let Some(stopper) = &receiver.stopper {
            stopper.stop();
        }
    }
}

/// What analog samples are unpacked to.
#[derive(Default)]
struct Floats {
    channels: Vec<u32>,
    samples: Vec<f32>,
}

/// # Safety
/// The packet is null or alive for `'p`, with a payload of the type that it names.
unsafe fn read_packet<'p>(api: &Api, packet: *const c::sr_datafeed_packet, floats: &'p mut Floats) -> Packet<'p> {
    let Some(packet) = NonNull::new(packet.cast_mut()) else { return Packet::Other };
    // SAFETY: as the caller says.
    let packet = unsafe { packet.as_ref() };
    match u32::from(packet.type_) {
        c::SR_DF_HEADER => Packet::Header,
        c::SR_DF_END => Packet::End,
        c::SR_DF_TRIGGER => Packet::Trigger,
        // SAFETY: the payload of this type of packet.
        c::SR_DF_META => unsafe { sample_rate(api, packet.payload.cast()) }.map_or(Packet::Other, Packet::SampleRate),
        c::SR_DF_LOGIC => {
            let Some(logic) = NonNull::new(packet.payload.cast::<c::sr_datafeed_logic>().cast_mut()) else {
                return Packet::Other;
            };
            // SAFETY: the payload of this type of packet.
            let logic = unsafe { logic.as_ref() };
            let (data, length) = (logic.data.cast::<u8>(), usize::try_from(logic.length).unwrap_or(0));
            if data.is_null() || length == 0 {
                return Packet::Other;
            }
            // SAFETY: the data are as many bytes as the packet says, and live for the call.
            Packet::Logic { unit: logic.unitsize, samples: unsafe { std::slice::from_raw_parts(data, length) } }
        }
        c::SR_DF_ANALOG => {
            // SAFETY: the payload of this type of packet.
            match unsafe { read_floats(api, packet.payload.cast(), floats) } {
                Ok(()) => Packet::Analog { channels: &floats.channels, samples: &floats.samples },
                Err(_) => Packet::Other,
            }
        }
        _ => Packet::Other,
    }
}

/// # Safety
/// The samples are null or alive.
unsafe fn read_floats(api: &Api, analog: *const c::sr_datafeed_analog, floats: &mut Floats) -> Result<(), Error> {
    /// No driver sends more samples at once.
    const MOST: usize = 1 << 28;
    let unpacking = "unpacking analog samples";
    let analog = NonNull::new(analog.cast_mut()).ok_or(Error::Nothing(unpacking))?;
    // SAFETY: as the caller says; what says their meaning lives as long as they, and its channels are the device's.
    let channels: Vec<NonNull<c::sr_channel>> = unsafe {
        let meaning = NonNull::new(analog.as_ref().meaning).ok_or(Error::Nothing(unpacking))?;
        pointers(meaning.as_ref().channels)
    };
    // SAFETY: channels of a device that is alive.
    let numbers = channels.iter().filter_map(|channel| u32::try_from(unsafe { channel.as_ref() }.index).ok());
    floats.channels = numbers.collect();
    // SAFETY: as above.
    let count = unsafe { analog.as_ref().num_samples } as usize;
    let size =
        count.checked_mul(channels.len()).filter(|size| *size <= MOST && floats.channels.len() == channels.len());
    floats.samples.resize(size.ok_or(Error::Kind(unpacking))?, 0.0);
    // SAFETY: libsigrok writes a number for each sample of each channel, for which there is room.
    check(unpacking, unsafe { api.sigrok.sr_analog_to_float(analog.as_ptr(), floats.samples.as_mut_ptr()) })
}

/// The sample rate among changed settings, if it is one of them.
///
/// # Safety
/// The settings are null or alive.
unsafe fn sample_rate(api: &Api, meta: *const c::sr_datafeed_meta) -> Option<u64> {
    let meta = NonNull::new(meta.cast_mut())?;
    // SAFETY: as the caller says; the list's data are settings that live as long as it.
    let settings: Vec<NonNull<c::sr_config>> = unsafe { pointers(meta.as_ref().config) };
    settings.into_iter().find_map(|setting| {
        // SAFETY: a setting of the list. Its value stays the list's: it is looked at, and its reference is not given back.
        unsafe {
            let setting = setting.as_ref();
            let is_rate = setting.key == c::SR_CONF_SAMPLERATE;
            is_rate.then(|| Variant::borrowed(api, setting.data)?.unsigned()).flatten()
        }
    })
}

impl OpenDevice<'_, '_> {
    /// Samples until the device is done or is stopped. `started` gets what stops it, once it runs; `take` gets each packet,
    /// and must be quick: the device does not wait.
    ///
    /// # Errors
    /// [`Error`] when the device cannot start.
    ///
    /// # Panics
    /// When `take` or `started` panics: the session is stopped in order, and the panic goes on here.
    pub fn run(
        &self,
        trigger: &[(u32, TriggerMatch)],
        started: impl FnOnce(Stopper),
        take: &mut dyn FnMut(Packet<'_>),
    ) -> Result<(), Error> {
        let sigrok = self.device.sigrok;
        let api = &sigrok.api;
        let shared = Arc::new(Shared { api: Arc::clone(api), running: Mutex::new(None) });
        // Dropped in the reverse order: unpublished first, then the session, the trigger it has, the receiver it calls, and
        // last the loop.
        let events = Events::new(api)?;
        let mut receiver =
            Receiver { take, panic: None, api: Arc::clone(api), stopper: Some(Stopper(Arc::clone(&shared))) };
        let trigger = if trigger.is_empty() { None } else { Some(Trigger::new(self.device, trigger)?) };
        let session = self.session(trigger.as_ref(), &mut receiver)?;
        // Packets may arrive while the device starts, so what stops it is there before: a stop waits for the loop.
        *shared.running.lock().unwrap_or_else(PoisonError::into_inner) =
            Some(Running { session: session.raw, events: events.raw });
        let published = Published(&shared);
        // SAFETY: the session is alive and has its device; what it calls lives longer than it.
        check("starting the device", unsafe { api.sigrok.sr_session_start(session.raw.as_ptr()) })?;
        let stopper = Stopper(Arc::clone(&shared));
        let told = catch_unwind(AssertUnwindSafe(|| started(stopper.clone())));
        if told.is_err() {
            stopper.stop();
        }
        // SAFETY: the session has started; this returns when its device has ended.
        let ran = check("sampling", unsafe { api.sigrok.sr_session_run(session.raw.as_ptr()) });
        drop(published);
        drop(session);
        drop(trigger);
        if let Some(panic) = receiver.panic.take().or(told.err()) {
            resume_unwind(panic);
        }
        ran
    }

    /// A session with this device, its trigger and its receiver.
    fn session(&self, trigger: Option<&Trigger<'_>>, receiver: &mut Receiver<'_>) -> Result<Session<'_>, Error> {
        // SAFETY: the device, the trigger and the receiver outlive the session, as `run` drops them after it, and the
        // receiver is touched by nothing but the callback until then.
        unsafe {
            let session = Session::new(self.device.sigrok, receiver)?;
            session.add(self.device.raw)?;
            if let Some(trigger) = trigger {
                let api = &self.device.sigrok.api.sigrok;
                check("setting the trigger", api.sr_session_trigger_set(session.raw.as_ptr(), trigger.raw.as_ptr()))?;
            }
            Ok(session)
        }
    }
}
