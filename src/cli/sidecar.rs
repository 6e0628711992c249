//! The sidecar `<stem>.capture.json`: what the program that took a capture says of it.

use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use serde::Serialize;
use serde_json::Value;

use crate::capture::Capture;
use crate::escape::name;
use crate::format::srzip;
use crate::live::{Armed, Ending, Identity, Recording};
use crate::render::ToolJson;
use crate::units::{Rounding, SampleRate, Unit, calendar_text, value_text};

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
    tool: ToolJson,
    device: Identity,
    libsigrok: String,
    start: String,
    samplerate_hz: Option<u64>,
    channels: Vec<Channel>,
    analog: Vec<String>,
    /// What was set on the device, as `--config` says it.
    settings: Vec<String>,
    samples_asked: Option<u64>,
    samples_received: u64,
    ending: Ending,
    trigger: Option<Trigger>,
    problems: Vec<String>,
    messages: Vec<String>,
    command: Option<CommandRun>,
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
            tool: ToolJson::OURS,
            libsigrok: identity.libsigrok.clone(),
            device: identity,
            start: utc_text(start) + "Z",
            samplerate_hz: whole_hz(&armed.rate),
            channels: (armed.probes.iter())
                .map(|probe| Channel { bit: probe.bit, probe: probe.name.clone() })
                .collect(),
            analog: armed.analog.iter().map(|channel| channel.name.clone()).collect(),
            settings: armed.settings.iter().map(|set| format!("{}={}", set.key, set.value)).collect(),
            samples_asked: armed.asked,
            samples_received: recording.samples,
            ending: recording.ending,
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

/// What a sidecar has against a capture.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Against {
    /// That its end is missing.
    pub(super) cut: Option<String>,
    /// Why it cannot pass although its file is whole: the device delivered less, or the two do not belong together.
    pub(super) problems: Vec<String>,
}

impl Against {
    /// What this sidecar has against a capture that was read from its beginning to its end.
    pub(super) fn of(sidecar: &Value, capture: &Capture) -> Against {
        let form = sidecar.get("schema").and_then(Value::as_str).unwrap_or_default();
        if form != SCHEMA {
            let is_newer = form.starts_with(SCHEMA.trim_end_matches(char::is_numeric));
            let unknown =
                || format!("its sidecar is of the form {}, and {SCHEMA} is known: what went wrong is not", name(form));
            return Against { problems: is_newer.then(unknown).into_iter().collect(), cut: None };
        }
        let mut problems = stated_problems(sidecar);
        // An export has a time unit of its own, and a clip is one of many.
        if capture.header.format == srzip::ID {
            problems.extend(rate_problem(sidecar, &capture.rate));
            let (cut, longer) = length_problems(sidecar, capture.length.get());
            problems.extend(longer);
            return Against { cut, problems };
        }
        Against { problems, cut: None }
    }
}

/// What the recorder said of itself.
fn stated_problems(sidecar: &Value) -> Vec<String> {
    let texts = |list: &Vec<Value>| list.iter().map(|text| text.as_str().map(str::to_owned)).collect();
    let problems: Option<Vec<String>> = match sidecar.get("problems") {
        None => Some(Vec::new()),
        Some(list) => list.as_array().and_then(texts),
    };
    let mut problems = problems.unwrap_or_else(|| vec!["its sidecar lists no texts as 'problems'".to_owned()]);
    match sidecar.get("ending").map(Value::as_str) {
        Some(Some("cut")) if problems.is_empty() => {
            problems.push("its sidecar says that the device ended by itself".to_owned());
        }
        None | Some(Some("cut" | "complete" | "stopped")) => {}
        Some(_) => problems.push("its sidecar says no ending that is known: complete, stopped or cut".to_owned()),
    }
    problems
}

fn rate_problem(sidecar: &Value, rate: &SampleRate) -> Option<String> {
    let stated = sidecar.get("samplerate_hz").filter(|stated| !stated.is_null())?;
    let is_same = whole_hz(rate).is_some_and(|own| stated.as_u64() == Some(own));
    let own = value_text(rate.hz(), Unit::Hertz, Rounding::Nearest);
    (!is_same).then(|| {
        format!("its sidecar says {} Hz, the capture {own}: they do not belong together", name(&stated.to_string()))
    })
}

/// That the end of a capture is missing, or that it has more than was received.
fn length_problems(sidecar: &Value, length: u64) -> (Option<String>, Option<String>) {
    let Some(stated) = sidecar.get("samples_received") else { return (None, None) };
    match stated.as_u64() {
        Some(received) if received == length => (None, None),
        Some(received) if received > length => {
            let text = format!(
                "its sidecar says that {received} samples were received: the last {} are missing",
                received - length
            );
            (Some(text), None)
        }
        Some(_) | None => {
            let stated = stated.to_string();
            let text = format!(
                "its sidecar says {} samples, the capture has {length}: they do not belong together",
                name(&stated)
            );
            (None, Some(text))
        }
    }
}

fn whole_hz(rate: &SampleRate) -> Option<u64> {
    rate.hz().to_integer(Rounding::Nearest).and_then(|hz| u64::try_from(hz).ok())
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
    use serde_json::json;

    use super::*;
    use crate::units::SampleIndex;

    fn capture(format: &'static str) -> Capture {
        Capture::of(format, SampleRate::parse("1 MHz").unwrap(), SampleIndex::new(1000), Vec::new())
    }

    fn against(mut sidecar: Value, format: &'static str) -> Against {
        if sidecar.get("schema").is_none() {
            sidecar["schema"] = json!(SCHEMA);
        }
        Against::of(&sidecar, &capture(format))
    }

    #[test]
    fn only_what_strobecheck_wrote_counts() {
        let whole =
            json!({ "problems": [], "ending": "complete", "samples_received": 1000, "samplerate_hz": 1_000_000 });
        assert_eq!(against(whole, "srzip"), Against::default());
        let told = json!({ "schema": "other", "problems": ["cut"], "samplerate_hz": 5 });
        assert_eq!(against(told, "srzip"), Against::default());
        assert_eq!(Against::of(&json!(3), &capture("srzip")), Against::default());
        assert_eq!(against(json!({ "problems": ["overrun"], "ending": "cut" }), "srzip").problems, ["overrun"]);
    }

    #[test]
    fn what_contradicts_is_said() {
        for (sidecar, said) in [
            (json!({ "problems": "cut" }), "its sidecar lists no texts as 'problems'"),
            (json!({ "problems": [3] }), "its sidecar lists no texts as 'problems'"),
            (json!({ "problems": [], "ending": "cut" }), "its sidecar says that the device ended by itself"),
            (json!({ "ending": 5 }), "its sidecar says no ending that is known: complete, stopped or cut"),
            (
                json!({ "schema": "strobecheck.capture/2" }),
                "its sidecar is of the form strobecheck.capture/2, and strobecheck.capture/1 is known: what went wrong is not",
            ),
            (
                json!({ "samplerate_hz": 999 }),
                "its sidecar says 999 Hz, the capture 1 MHz: they do not belong together",
            ),
            (
                json!({ "samplerate_hz": "1 MHz" }),
                "its sidecar says \"1 MHz\" Hz, the capture 1 MHz: they do not belong together",
            ),
            (
                json!({ "samples_received": 5 }),
                "its sidecar says 5 samples, the capture has 1000: they do not belong together",
            ),
        ] {
            assert_eq!(against(sidecar, "srzip"), Against { cut: None, problems: vec![said.to_owned()] });
        }
        let cut = "its sidecar says that 1010 samples were received: the last 10 are missing".to_owned();
        assert_eq!(against(json!({ "samples_received": 1010 }), "srzip").cut, Some(cut));
        // Exports beside it have the same stem.
        assert_eq!(against(json!({ "samples_received": 5, "samplerate_hz": 9 }), "vcd"), Against::default());
    }
}
