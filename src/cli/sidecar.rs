//! The sidecar `<stem>.capture.json`: what the program that took a capture says of it.

use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use serde::Serialize;
use serde_json::Value;

use crate::live::{Armed, Ending, Recording};
use crate::units::Rounding;

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
            start: utc_text(start),
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

/// Why a capture cannot pass although its file is whole, as the sidecar says: the device delivered less, or otherwise.
pub(super) fn problems(sidecar: &Value) -> Vec<String> {
    if sidecar.get("schema").and_then(Value::as_str) != Some(SCHEMA) {
        return Vec::new();
    }
    let problems = sidecar.get("problems").and_then(Value::as_array).into_iter().flatten();
    problems.map(|problem| problem.as_str().map_or_else(|| problem.to_string(), str::to_owned)).collect()
}

/// When the recording began, as a sidecar of strobecheck says: `2026-03-01T12:30:00Z`.
pub(super) fn start(sidecar: &Value) -> Option<&str> {
    let known = sidecar.get("schema").and_then(Value::as_str) == Some(SCHEMA);
    sidecar.get("start").and_then(Value::as_str).filter(|_| known)
}

/// A time as `2026-03-01T12:30:00Z`.
pub(super) fn utc_text(time: SystemTime) -> String {
    const DAY: u64 = 86_400;
    let seconds = time.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let (days, second) = (seconds / DAY, seconds % DAY);
    // Years from March, so that the day that some years have more is the last of one; eras of 400 years are alike.
    let days = days + 719_468;
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * march_month + 2) / 5 + 1;
    let month = if march_month < 10 { march_month + 3 } else { march_month - 9 };
    let year = era * 400 + year_of_era + u64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}Z", second / 3600, second / 60 % 60, second % 60)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn times_are_those_of_the_calendar() {
        // By `date -u -d @N`.
        for (seconds, text) in [
            (0, "1970-01-01T00:00:00Z"),
            (951_782_399, "2000-02-28T23:59:59Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (951_868_800, "2000-03-01T00:00:00Z"),
            (1_767_225_599, "2025-12-31T23:59:59Z"),
            (1_795_403_478, "2026-11-23T03:11:18Z"),
        ] {
            assert_eq!(utc_text(UNIX_EPOCH + Duration::from_secs(seconds)), text);
        }
    }

    #[test]
    fn only_what_strobecheck_wrote_counts() {
        let sidecar = |schema: &str| serde_json::json!({ "schema": schema, "problems": ["cut"] });
        assert_eq!(problems(&sidecar("strobecheck.capture/1")), ["cut"]);
        assert!(problems(&sidecar("other")).is_empty() && problems(&serde_json::json!(3)).is_empty());
    }
}
