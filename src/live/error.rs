//! Why a device cannot be sampled.

use sigrok_sys::{Error, Message, OpenError};

use crate::capture::SinkError;

/// Why a device cannot be sampled, or its samples cannot be taken.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LiveError {
    /// libsigrok cannot be used.
    #[error("live needs libsigrok: {0}")]
    Library(#[from] OpenError),
    /// No driver has this name.
    #[error("libsigrok has no driver '{wanted}'{}; 'strobecheck devices' lists what is connected", suggestion(.near))]
    NoDriver {
        /// As named.
        wanted: String,
        /// The most similar one, if one is near.
        near: Option<String>,
    },
    /// The driver finds no device.
    #[error("the driver {driver} finds no device{}", because(.reasons))]
    NoDevice {
        /// The driver.
        driver: String,
        /// What the driver and the system say.
        reasons: Vec<String>,
    },
    /// Several devices answer.
    #[error("the driver {driver} finds {} devices; choose one: {}", .choices.len(), .choices.join(", "))]
    Several {
        /// The driver.
        driver: String,
        /// How to name each.
        choices: Vec<String>,
    },
    /// The device is there and cannot be opened.
    #[error("{device}: {source}{}", because(.reasons))]
    Unopenable {
        /// The device.
        device: String,
        /// libsigrok's answer.
        source: Error,
        /// What the driver and the system say.
        reasons: Vec<String>,
    },
    /// A setting that the device does not have, or a value that it does not take.
    #[error("{option}: {reason}")]
    Setting {
        /// The option, such as `--config pattern=x`.
        option: String,
        /// Why not, and what would be valid.
        reason: String,
    },
    /// A channel that the device does not have.
    #[error("there is no channel '{wanted}'; the device has {available}")]
    NoChannel {
        /// As named.
        wanted: String,
        /// The logic channels that there are.
        available: String,
    },
    /// It cannot start, or stopped with an error.
    #[error("{doing}: {source}{}", because(.reasons))]
    Session {
        /// What was to be done.
        doing: &'static str,
        /// libsigrok's answer.
        source: Error,
        /// What the driver says.
        reasons: Vec<String>,
    },
    /// What takes the changes takes no more.
    #[error("{0}")]
    Sink(#[from] SinkError),
    /// The thread that samples cannot be started.
    #[error("no thread can be started: {0}")]
    Thread(std::io::Error),
    /// The thread that samples ended in a way that it must not.
    #[error("libsigrok's thread broke off")]
    Broken,
}

impl LiveError {
    pub(super) fn setting(option: impl Into<String>, reason: impl Into<String>) -> LiveError {
        LiveError::Setting { option: option.into(), reason: reason.into() }
    }
}

fn suggestion(near: &Option<String>) -> String {
    near.as_ref().map(|name| format!("; did you mean '{name}'?")).unwrap_or_default()
}

fn because(reasons: &[String]) -> String {
    reasons.iter().map(|reason| format!("; {reason}")).collect()
}

/// What drivers say, as reasons.
pub(super) fn texts(messages: &[Message]) -> Vec<String> {
    let mut texts: Vec<String> = Vec::new();
    for message in messages {
        if !texts.contains(&message.text) {
            texts.push(message.text.clone());
        }
    }
    texts
}
