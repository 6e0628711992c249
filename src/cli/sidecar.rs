//! The sidecar `<stem>.capture.json`: what the program that took a capture says of it.

use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use serde::Serialize;
use serde_json::Value;

use crate::live::{Armed, Ending, Recording};
use crate::units::{Rounding, calendar_text};

/// The name of the form; a sidecar with another is only shown.
const SCHEMA: &str = "strobecheck.capture/1";

/// Where the sidecar of a capture lies.
pub(super) fn path_for(capture: &Path) -> PathBuf {
    capture.with_extension("capture.json")
}

/// The sidecar of a capture that was taken here.
#[derive(Debug, Serialize)]
pub(super) struct Sidecar {
    schema: &'static str,
    tool: Tool,
    device: Device,
    libsigrok: String,
    start: String,
    samplerate_hz: Option<u64>,
    channels: Vec<Channel>,
    samples_asked: Option<u64>,
    samples_received: u64,
    ending: &'static str,
    trigger: Option<Trigger>,
    problems: Vec<String>,
    messages: Vec<String>,
    command: Option<CommandRun>,
}

#[derive(Debug, Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

#[derive(Debug, Serialize)]
struct Device {
    driver: String,
    label: String,
    serial_number: Option<String>,
    connection: Option<String>,
}

#[derive(Debug, Serialize)]
struct Channel {
    bit: u32,
    probe: String,
}

#[derive(Debug, Serialize)]
struct Trigger {
    conditions: Vec<String>,
    sample: Option<u64>,
}

/// The command that ran meanwhile.
#[derive(Debug, Clone, Serialize)]
pub(super) struct CommandRun {
    pub(super) line: String,
    /// None: a signal ended it.
    pub(super) exit_code: Option<i32>,
}

impl Sidecar {
    pub(super) fn new(
        armed: &Armed,
        recording: &Recording,
        conditions: &[String],
        start: SystemTime,
        command: Option<CommandRun>,
    ) -> Sidecar {
        let identity = armed.identity.clone();
        let trigger =
            (!conditions.is_empty()).then(|| Trigger { conditions: conditions.to_vec(), sample: recording.trigger });
        Sidecar {
            schema: SCHEMA,
            tool: Tool { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") },
            device: Device {
                driver: identity.driver,
                label: identity.label,
                serial_number: identity.serial_number,
                connection: identity.connection,
            },
            libsigrok: identity.libsigrok,
            start: utc_text(start) + "Z",
            samplerate_hz: armed.rate.hz().to_integer(Rounding::Nearest).and_then(|hz| u64::try_from(hz).ok()),
            channels: (armed.probes.iter())
                .map(|probe| Channel { bit: probe.bit, probe: probe.name.clone() })
                .collect(),
            samples_asked: armed.asked,
            samples_received: recording.samples,
            ending: match recording.ending {
                Ending::Complete => "complete",
                Ending::Stopped => "stopped",
                Ending::Cut => "cut",
            },
            trigger,
            problems: recording.problems.clone(),
            messages: recording.messages.clone(),
            command,
        }
    }

    /// Its bytes.
    pub(super) fn bytes(&self) -> serde_json::Result<Vec<u8>> {
        let mut bytes = serde_json::to_vec_pretty(self)?;
        bytes.push(b'\n');
        Ok(bytes)
    }
}

/// Whether this is the sidecar of a capture that was taken here.
pub(super) fn is_ours(sidecar: &Value) -> bool {
    sidecar.get("schema").and_then(Value::as_str) == Some(SCHEMA)
}

/// Why a capture cannot pass although its file is whole, as the sidecar says: the device delivered less, or otherwise.
pub(super) fn problems(sidecar: &Value) -> Vec<String> {
    if !is_ours(sidecar) {
        return Vec::new();
    }
    let problems = sidecar.get("problems").and_then(Value::as_array).into_iter().flatten();
    problems.map(|problem| problem.as_str().map_or_else(|| problem.to_string(), str::to_owned)).collect()
}

/// When the recording began, as a sidecar of strobecheck says: `2026-03-01T12:30:00Z`.
pub(super) fn start(sidecar: &Value) -> Option<&str> {
    sidecar.get("start").and_then(Value::as_str).filter(|_| is_ours(sidecar))
}

/// A time as `2026-03-01T12:30:00`, in UTC; before 1970 it is 1970.
pub(super) fn utc_text(time: SystemTime) -> String {
    let seconds = time.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    calendar_text(i64::try_from(seconds).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_strobecheck_wrote_counts() {
        let sidecar = |schema: &str| serde_json::json!({ "schema": schema, "problems": ["cut"] });
        assert_eq!(problems(&sidecar("strobecheck.capture/1")), ["cut"]);
        assert!(problems(&sidecar("other")).is_empty() && problems(&serde_json::json!(3)).is_empty());
    }
}
