//! What libsigrok answers when it cannot.

use std::ffi::{CStr, c_int};
use std::fmt;

use crate::sigrok as c;

/// An error code of libsigrok.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Code(pub(crate) c_int);

impl Code {
    /// The call does not apply: the device has no such setting, or not there.
    #[must_use]
    pub fn is_not_applicable(self) -> bool {
        [c::SR_ERR_NA, c::SR_ERR_CHANNEL_GROUP].contains(&self.0)
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self.0 {
            c::SR_ERR => "libsigrok gives no reason",
            c::SR_ERR_MALLOC => "out of memory",
            c::SR_ERR_ARG => "not a value that is accepted",
            c::SR_ERR_BUG => "a defect in the driver",
            c::SR_ERR_SAMPLERATE => "not a sample rate of the device",
            c::SR_ERR_NA => "the device has no such setting",
            c::SR_ERR_DEV_CLOSED => "the device is closed",
            c::SR_ERR_TIMEOUT => "the device did not answer in time",
            c::SR_ERR_CHANNEL_GROUP => "a setting of a group of channels",
            c::SR_ERR_DATA => "the device sent what makes no sense",
            c::SR_ERR_IO => "the device cannot be read or written",
            other => return write!(f, "libsigrok's error {other}"),
        };
        f.write_str(text)
    }
}

/// A call that failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// libsigrok refused it.
    #[error("{doing}: {code}")]
    Refused {
        /// What was to be done.
        doing: &'static str,
        /// Its answer.
        code: Code,
    },
    /// libsigrok gave nothing where there must be something.
    #[error("{0}: libsigrok gave nothing")]
    Nothing(&'static str),
    /// A text for libsigrok has a zero byte in it.
    #[error("'{0}' has a zero byte in it")]
    ZeroByte(String),
    /// A driver is asked to look for devices a second time.
    #[error("the driver {0} has looked for devices already")]
    ScannedTwice(String),
    /// A value of another kind was expected.
    #[error("{0}: libsigrok gave a value of another kind")]
    Kind(&'static str),
}

impl Error {
    /// Whether the device has no such setting, or not there.
    #[must_use]
    pub fn is_not_applicable(&self) -> bool {
        matches!(self, Error::Refused { code, .. } if code.is_not_applicable())
    }
}

/// The result of a call with this return code.
pub(crate) fn check(doing: &'static str, code: c_int) -> Result<(), Error> {
    if code == c::SR_OK { Ok(()) } else { Err(Error::Refused { doing, code: Code(code) }) }
}

/// Why libsigrok cannot be used at all.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// There is no library.
    #[error("libsigrok is not on this machine ({names}); install it: {install}", names = .looked_for.join(", "))]
    Missing {
        /// The names that were looked for.
        looked_for: Vec<String>,
        /// How to install it.
        install: &'static str,
    },
    /// The library that `SIGROK_LIBRARY` names cannot be opened.
    #[error("SIGROK_LIBRARY={path}: {reason}; let it name a libsigrok, or leave it out and install one: {install}")]
    Named {
        /// As named.
        path: String,
        /// What the system says.
        reason: String,
        /// How to install it.
        install: &'static str,
    },
    /// It is a library, and not a libsigrok that can be used.
    #[error("{library}: not a libsigrok 0.5: {reason}; install one: {install}")]
    Incomplete {
        /// Its name.
        library: String,
        /// What is missing.
        reason: String,
        /// How to install it.
        install: &'static str,
    },
    /// Its interface is another.
    #[error("{library}: libsigrok's interface {found}, and it takes interface {wanted} (libsigrok 0.5)")]
    Interface {
        /// Its name.
        library: String,
        /// Its interface, current − age.
        found: i32,
        /// The one that is needed.
        wanted: i32,
    },
    /// Another context is in use.
    #[error("libsigrok is in use in this program already")]
    InUse,
    /// It cannot be started.
    #[error("libsigrok cannot start: {0}")]
    Start(Error),
}

/// A text of C; what is no UTF-8 is replaced.
///
/// # Safety
/// `text` is null or points to a text that ends with a zero byte and lives for this call.
pub(crate) unsafe fn text_of(text: *const std::ffi::c_char) -> Option<String> {
    if text.is_null() {
        return None;
    }
    // SAFETY: not null, and the caller says the rest.
    let text = unsafe { CStr::from_ptr(text) };
    Some(text.to_string_lossy().into_owned())
}
