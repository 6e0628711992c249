//! What libsigrok and its drivers say while they work.

use std::collections::VecDeque;
use std::ffi::{c_char, c_int, c_void};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};

use crate::error::text_of;
use crate::library::Api;
use crate::opaque::__va_list_tag;
use crate::sigrok as c;

/// How grave a message is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Something is odd.
    Warning,
    /// Something failed.
    Error,
}

/// A message of a driver.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// How grave it is.
    pub severity: Severity,
    /// As the driver says it, with its name in front.
    pub text: String,
}

/// More are not kept: a driver that complains about every packet must not fill the memory.
const MOST: usize = 1000;

/// The messages that were not yet taken.
#[derive(Default)]
pub(crate) struct Messages(Mutex<VecDeque<Message>>);

impl Messages {
    pub(crate) fn take(&self) -> Vec<Message> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).drain(..).collect()
    }

    fn add(&self, message: Message) {
        let mut messages = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if messages.len() < MOST {
            messages.push_back(message);
        }
    }
}

/// What the callback needs. It lives as long as the context: libsigrok holds a pointer to it.
pub(crate) struct Log {
    pub(crate) api: Arc<Api>,
    pub(crate) messages: Messages,
}

/// Takes a message of libsigrok, which may come from any of its threads.
///
/// # Safety
/// Called by libsigrok with the [`Log`] that was given for it, a format, and the arguments for it.
pub(crate) unsafe extern "C" fn take_message(
    log: *mut c_void,
    level: c_int,
    format: *const c_char,
    arguments: *mut __va_list_tag,
) -> c_int {
    let taken = catch_unwind(AssertUnwindSafe(|| {
        // SAFETY: it is the log that the context gave, and the context takes the callback back before it drops the log.
        let log = unsafe { &*log.cast::<Log>() };
        let severity = match u32::try_from(level) {
            Ok(c::SR_LOG_ERR) => Severity::Error,
            Ok(c::SR_LOG_WARN) => Severity::Warning,
            Ok(_) | Err(_) => return,
        };
        // SAFETY: the format and its arguments are those that libsigrok would print itself, passed on once.
        let text = unsafe { log.api.glib.g_strdup_vprintf(format, arguments) };
        // SAFETY: null, or a text of glib, which is copied here and given back below.
        if let Some(message) = unsafe { text_of(text) } {
            log.messages.add(Message { severity, text: message.trim_end().to_owned() });
        }
        // SAFETY: glib made it (or it is null, which it takes too), and nothing points to it any more.
        unsafe { log.api.glib.g_free(text.cast()) };
    }));
    // A panic here has nowhere to go; the message is lost, the capture is not.
    if taken.is_ok() { c::SR_OK } else { c::SR_ERR }
}
