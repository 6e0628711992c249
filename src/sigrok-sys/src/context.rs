//! The library, its one context, and its drivers.

use std::cell::RefCell;
use std::collections::HashSet;
use std::ffi::{CStr, CString};
use std::fmt;
use std::marker::PhantomData;
use std::ptr::{NonNull, null, null_mut};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::config::{Key, KeyInfo, ValueKind};
use crate::device::{Device, options_of};
use crate::error::{Error, OpenError, check, text_of};
use crate::library::Api;
use crate::messages::{Log, Message, Messages, take_message};
use crate::opaque::sr_context;
use crate::sigrok as c;
use crate::variant::{Value, Variant};

/// libsigrok keeps its drivers and its log in the process: one context at a time.
static IN_USE: AtomicBool = AtomicBool::new(false);

/// The library with its context. It stays on its thread.
pub struct Sigrok {
    pub(crate) api: Arc<Api>,
    context: NonNull<sr_context>,
    /// libsigrok holds a pointer to it until the context is dropped.
    log: Box<Log>,
    /// The drivers that looked for devices.
    scanned: RefCell<HashSet<NonNull<c::sr_dev_driver>>>,
}

impl fmt::Debug for Sigrok {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sigrok").field("version", &self.version()).finish_non_exhaustive()
    }
}

impl Sigrok {
    /// Opens the library that `SIGROK_LIBRARY` names, else the one that the system finds, and starts it.
    ///
    /// # Errors
    /// [`OpenError`] when there is none, when it is another, or when it is in use already.
    pub fn open() -> Result<Sigrok, OpenError> {
        let api = Arc::new(Api::load()?);
        if IN_USE.swap(true, Ordering::AcqRel) {
            return Err(OpenError::InUse);
        }
        let start = || -> Result<Sigrok, Error> {
            let log = Box::new(Log { api: Arc::clone(&api), messages: Messages::default() });
            let data = std::ptr::from_ref::<Log>(&*log).cast_mut().cast();
            let mut context: *mut sr_context = null_mut();
            // SAFETY: the callback has the type that libsigrok calls, and its log lives, at one place, until it is taken
            // back: below if the start fails, else when the context is dropped.
            unsafe {
                check("taking messages", api.sigrok.sr_log_loglevel_set(c::SR_LOG_WARN as i32))?;
                check("taking messages", api.sigrok.sr_log_callback_set(Some(take_message), data))?;
            }
            // SAFETY: `context` is a place for one pointer.
            let started = check("starting", unsafe { api.sigrok.sr_init(&mut context) });
            match (started, NonNull::new(context)) {
                (Ok(()), Some(context)) => {
                    Ok(Sigrok { api: Arc::clone(&api), context, log, scanned: RefCell::default() })
                }
                (failed, _) => {
                    // SAFETY: no message comes any more to the log, which is dropped after this.
                    unsafe { api.sigrok.sr_log_callback_set_default() };
                    Err(failed.err().unwrap_or(Error::Nothing("starting")))
                }
            }
        };
        start().map_err(|error| {
            IN_USE.store(false, Ordering::Release);
            OpenError::Start(error)
        })
    }

    pub(crate) fn context(&self) -> *mut sr_context {
        self.context.as_ptr()
    }

    /// The library's version, such as `0.5.2`.
    #[must_use]
    pub fn version(&self) -> String {
        // SAFETY: it returns a text that lives as long as the library.
        unsafe { text_of(self.api.sigrok.sr_package_version_string_get()) }.unwrap_or_default()
    }

    /// What the drivers said since the last call.
    #[must_use = "what was taken is not given again"]
    pub fn messages(&self) -> Vec<Message> {
        self.log.messages.take()
    }

    /// All drivers.
    #[must_use]
    pub fn drivers(&self) -> Vec<Driver<'_>> {
        let mut drivers = Vec::new();
        // SAFETY: the context is alive; the answer is null, or a list of pointers that ends with a null and lives as long
        // as the context.
        unsafe {
            let mut at = self.api.sigrok.sr_driver_list(self.context.as_ptr());
            while let Some(entry) = NonNull::new(at) {
                let Some(raw) = NonNull::new(*entry.as_ptr()) else { break };
                drivers.push(Driver { sigrok: self, raw });
                at = at.add(1);
            }
        }
        drivers
    }

    /// What is known of a setting; none if this libsigrok does not know it.
    #[must_use]
    pub fn key_info(&self, key: Key) -> Option<KeyInfo> {
        // SAFETY: it returns null or a description that lives as long as the library.
        let info = unsafe { self.api.sigrok.sr_key_info_get(c::SR_KEY_CONFIG as i32, key.0) };
        self.info(info)
    }

    /// The setting of this name, such as `samplerate`.
    #[must_use]
    pub fn key_named(&self, id: &str) -> Option<KeyInfo> {
        let id = CString::new(id).ok()?;
        // SAFETY: the name lives for the call; null or a description that lives as long as the library is returned.
        let info = unsafe { self.api.sigrok.sr_key_info_name_get(c::SR_KEY_CONFIG as i32, id.as_ptr()) };
        self.info(info)
    }

    fn info(&self, info: *const c::sr_key_info) -> Option<KeyInfo> {
        let info = NonNull::new(info.cast_mut())?;
        // SAFETY: it is not null, and lives as long as the library, as do its texts.
        let (key, kind, id, name) = unsafe {
            let info = info.as_ref();
            (info.key, info.datatype, text_of(info.id), text_of(info.name))
        };
        Some(KeyInfo { key: Key(key), kind: ValueKind::of(kind), id: id?, name: name.unwrap_or_default() })
    }
}

impl Drop for Sigrok {
    fn drop(&mut self) {
        // SAFETY: devices and sessions borrow the context, so none is left; the callback is taken back before its log goes,
        // and the library is still open: `api` is dropped after this. There is nobody to tell of a failure.
        unsafe {
            self.api.sigrok.sr_exit(self.context.as_ptr());
            self.api.sigrok.sr_log_callback_set_default();
        }
        IN_USE.store(false, Ordering::Release);
    }
}

/// A driver for a family of devices.
#[derive(Clone, Copy)]
pub struct Driver<'s> {
    sigrok: &'s Sigrok,
    raw: NonNull<c::sr_dev_driver>,
}

impl fmt::Debug for Driver<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Driver").field(&self.name()).finish()
    }
}

impl<'s> Driver<'s> {
    /// Its short name, such as `fx2lafw`.
    #[must_use]
    pub fn name(&self) -> String {
        // SAFETY: a driver's description and its texts live as long as the library.
        unsafe { text_of(self.raw.as_ref().name) }.unwrap_or_default()
    }

    /// Its long name.
    #[must_use]
    pub fn long_name(&self) -> String {
        // SAFETY: as above.
        unsafe { text_of(self.raw.as_ref().longname) }.unwrap_or_default()
    }

    /// Whether its devices have logic channels.
    #[must_use]
    pub fn is_logic_analyzer(&self) -> bool {
        // SAFETY: the driver is alive; device and group may be null.
        let options = unsafe { options_of(self.sigrok, self.raw.as_ptr(), null(), null()) };
        options.contains(&Key::LOGIC_ANALYZER)
    }

    /// The settings that a scan takes, such as `conn`.
    #[must_use]
    pub fn scan_options(&self) -> Vec<Key> {
        // SAFETY: the driver is alive; the array is null or ours.
        unsafe {
            let array = self.sigrok.api.sigrok.sr_driver_scan_options_list(self.raw.as_ptr());
            crate::device::take_keys(self.sigrok, array)
        }
    }

    /// Looks for devices, once: some drivers free what an earlier scan found, so there is no second one.
    ///
    /// # Errors
    /// [`Error`] when the driver cannot start, or has looked already.
    pub fn scan(&self, options: &[(Key, Value)]) -> Result<Vec<Device<'s>>, Error> {
        let api = &self.sigrok.api;
        if self.sigrok.scanned.borrow_mut().insert(self.raw) {
            self.scan_once(api, options)
        } else {
            Err(Error::ScannedTwice(self.name()))
        }
    }

    fn scan_once(&self, api: &Api, options: &[(Key, Value)]) -> Result<Vec<Device<'s>>, Error> {
        // SAFETY: context and driver are alive.
        let started = unsafe { api.sigrok.sr_driver_init(self.sigrok.context.as_ptr(), self.raw.as_ptr()) };
        check("starting the driver", started)?;
        // libsigrok reads both while it scans, and keeps neither: they are ours to drop.
        let variants: Vec<Variant<'_>> =
            options.iter().map(|(_, value)| Variant::new(api, value)).collect::<Result<_, _>>()?;
        let mut configs: Vec<c::sr_config> = (options.iter().zip(&variants))
            .map(|((key, _), variant)| c::sr_config { key: key.0, data: variant.as_ptr() })
            .collect();
        let mut list = null_mut();
        for config in &mut configs {
            // SAFETY: the list is glib's; its data, the entries of `configs`, do not move before it is freed.
            list = unsafe { api.glib.g_slist_append(list, std::ptr::from_mut(config).cast()) };
        }
        // SAFETY: the driver is started and the list is as it wants it. The devices that it returns belong to the driver and
        // live until the context goes, as nothing here calls `sr_dev_clear`; only the list of them is ours.
        let devices = unsafe {
            let found = api.sigrok.sr_driver_scan(self.raw.as_ptr(), list);
            api.glib.g_slist_free(list);
            let devices = crate::device::pointers(found);
            api.glib.g_slist_free(found);
            devices
        };
        let device = |raw| Device { sigrok: self.sigrok, driver: self.raw, raw, belongs: PhantomData };
        Ok(devices.into_iter().map(device).collect())
    }
}

/// A text for C.
pub(crate) fn c_text(text: &str) -> Result<CString, Error> {
    CString::new(text).map_err(|_| Error::ZeroByte(text.escape_default().to_string()))
}

/// The type string of a list of numbers.
pub(crate) const NUMBERS: &CStr = c"at";
