//! What `meta.json` says of a capture: where the channels' samples are, and what the channels are called.

use serde_json::Value;

use crate::format::shown;

/// A state has room for so many probes.
const MOST_CHANNELS: u64 = 64;
/// Names stand elsewhere in the versions between.
const OLD_VERSION: u64 = 5;
const VERSIONS: std::ops::RangeInclusive<u64> = 14..=20;

/// Why `meta.json` cannot be read, or what it describes cannot.
#[derive(Debug, thiserror::Error)]
pub(super) enum MetaError {
    #[error("it is no JSON: {0}")]
    Json(#[from] serde_json::Error),
    #[error("it has no member '{0}' of the kind that Logic 2 writes")]
    Missing(&'static str),
    #[error("it is of version {0}; versions 5 and 14 to 20 can be read")]
    Version(u64),
    #[error("a capture of Logic MSO, whose samples are kept in another way")]
    Mso,
    #[error("a channel of type '{0}'; Digital and Analog are known")]
    Kind(String),
    #[error("digital channel {0}; channels 0 to 63 can be read")]
    Channel(u64),
    #[error("digital channel {0} stands there more than once")]
    Twice(u32),
    #[error("only analog channels; record the lines with digital channels")]
    OnlyAnalog,
    #[error("it has no channel")]
    NoChannels,
}

/// A digital channel.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Channel {
    /// Its number at the device.
    pub(super) number: u32,
    pub(super) name: String,
    /// The member of the archive that has its samples.
    pub(super) member: String,
}

/// What `meta.json` says.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Meta {
    /// The digital channels, in the order of their numbers.
    pub(super) channels: Vec<Channel>,
    /// Whether Logic 2 removed short pulses before it saved.
    pub(super) is_filtered: bool,
}

/// Reads `meta.json`.
///
/// # Errors
/// [`MetaError`] for what is not as Logic 2 writes it.
pub(super) fn parse(bytes: &[u8]) -> Result<Meta, MetaError> {
    let root: Value = serde_json::from_slice(bytes)?;
    let version = root["version"].as_u64().ok_or(MetaError::Missing("version"))?;
    if version != OLD_VERSION && !VERSIONS.contains(&version) {
        return Err(MetaError::Version(version));
    }
    let list = root["binData"].as_array().ok_or(MetaError::Missing("binData"))?;
    let mut channels: Vec<Channel> = Vec::new();
    for entry in list {
        refuse_mso(entry)?;
        let kind = entry["type"].as_str().ok_or(MetaError::Missing("type"))?;
        match kind {
            "Digital" => channels.push(channel(entry)?),
            "Analog" => {}
            other => return Err(MetaError::Kind(shown(other))),
        }
    }
    if channels.is_empty() {
        return Err(if list.is_empty() { MetaError::NoChannels } else { MetaError::OnlyAnalog });
    }
    channels.sort_by_key(|channel| channel.number);
    if let Some(twice) = channels.windows(2).find(|pair| pair[0].number == pair[1].number) {
        return Err(MetaError::Twice(twice[0].number));
    }
    let mut found = Found::default();
    found.look(&root);
    if found.is_mso {
        return Err(MetaError::Mso);
    }
    for (number, name) in found.names {
        if let Some(channel) = channels.iter_mut().find(|channel| u64::from(channel.number) == number) {
            channel.name = name;
        }
    }
    Ok(Meta { channels, is_filtered: found.is_filtered })
}

/// The devices whose members are known here are those that Logic 2 calls legacy.
fn refuse_mso(entry: &Value) -> Result<(), MetaError> {
    let is_legacy = entry["category"].as_str().is_none_or(|category| category == "legacy");
    if is_legacy { Ok(()) } else { Err(MetaError::Mso) }
}

fn channel(entry: &Value) -> Result<Channel, MetaError> {
    let number = number(entry).ok_or(MetaError::Missing("deviceChannel"))?;
    let number = u32::try_from(number).ok().filter(|_| number < MOST_CHANNELS).ok_or(MetaError::Channel(number))?;
    let member = entry["file"].as_str().ok_or(MetaError::Missing("file"))?;
    let member = member.strip_prefix("./").unwrap_or(member).to_owned();
    Ok(Channel { number, name: format!("Channel {number}"), member })
}

/// The number of a channel, under either of its names.
fn number(channel: &Value) -> Option<u64> {
    channel["deviceChannel"].as_u64().or_else(|| channel["index"].as_u64())
}

/// What stands at other places in other versions.
#[derive(Default)]
struct Found {
    /// The names of digital channels; of two, the first counts, so it comes last.
    names: Vec<(u64, String)>,
    is_filtered: bool,
    is_mso: bool,
}

impl Found {
    /// Looks through a value, whose depth the parser has bounded.
    fn look(&mut self, value: &Value) {
        match value {
            Value::Object(members) => {
                for (key, value) in members {
                    match key.as_str() {
                        "rowsSettings" => self.rows(value),
                        "glitchFilter" => self.is_filtered |= value["enabled"].as_bool() == Some(true),
                        "deviceType" => {
                            self.is_mso |= value.as_str().is_some_and(|kind| kind.to_lowercase().contains("mso"));
                        }
                        _ => {}
                    }
                    self.look(value);
                }
            }
            Value::Array(values) => values.iter().for_each(|value| self.look(value)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }

    fn rows(&mut self, rows: &Value) {
        for row in rows.as_array().into_iter().flatten().rev() {
            let channel = &row["channel"];
            if let (Some("Digital"), Some(number), Some(name)) =
                (channel["type"].as_str(), number(channel), row["name"].as_str())
                && !name.trim().is_empty()
            {
                self.names.push((number, name.to_owned()));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DIGITAL: &str = r#"{"type": "Digital", "index": 3, "file": "./digital-3.bin"}"#;

    fn read(text: &str) -> Result<Meta, String> {
        parse(text.as_bytes()).map_err(|error| error.to_string())
    }

    fn of(version: u32, list: &str, rest: &str) -> Result<Meta, String> {
        read(&format!(r#"{{"version": {version}, "binData": [{list}]{rest}}}"#))
    }

    #[test]
    fn channels_have_the_names_of_their_rows() {
        let list = r#"{"category": "legacy", "type": "Digital", "deviceChannel": 1, "file": "./digital-1.bin"},
            {"type": "Analog", "deviceChannel": 0, "file": "./analog-0.bin"},
            {"type": "Digital", "index": 0, "file": "digital-0.bin"}"#;
        let rows = r#", "data": {"rowsSettings": [{"type": "hla", "name": "no row of a channel"},
            {"name": "STROBE", "channel": {"type": "Digital", "deviceChannel": 1}},
            {"name": "second", "channel": {"type": "Digital", "deviceChannel": 1}},
            {"name": "A0", "channel": {"type": "Analog", "deviceChannel": 0}}]}"#;
        let channel = |number, name: &str, member: &str| Channel { number, name: name.into(), member: member.into() };
        let channels = vec![channel(0, "Channel 0", "digital-0.bin"), channel(1, "STROBE", "digital-1.bin")];
        assert_eq!(of(16, list, rows), Ok(Meta { channels, is_filtered: false }));
    }

    #[test]
    fn a_filter_is_found_wherever_it_stands() {
        for place in [r#", "data": {"captureSettings": {"glitchFilter": X}}"#, r#", "session": [{"glitchFilter": X}]"#]
        {
            for (filter, is_on) in [(r#"{"enabled": true, "channels": []}"#, true), (r#"{"enabled": false}"#, false)] {
                assert_eq!(of(20, DIGITAL, &place.replace('X', filter)).unwrap().is_filtered, is_on);
            }
        }
    }

    #[test]
    fn what_is_not_known_is_refused_by_name() {
        for version in [5, 14, 15, 16, 17, 18, 19, 20] {
            assert!(of(version, DIGITAL, "").is_ok(), "{version}");
        }
        for version in [0, 4, 6, 13, 21] {
            assert!(of(version, DIGITAL, "").unwrap_err().starts_with(&format!("it is of version {version}; ")));
        }
        let mso = r#"{"category": "mso", "type": "Digital", "deviceChannel": 0, "file": "./digital-0.bin"}"#;
        assert!(of(20, mso, "").unwrap_err().starts_with("a capture of Logic MSO"));
        let device = r#", "data": {"connectedDevice": {"deviceType": "LogicMSO"}}"#;
        assert!(of(20, DIGITAL, device).unwrap_err().starts_with("a capture of Logic MSO"));
        let analog = r#"{"type": "Analog", "index": 0, "file": "./analog-0.bin"}"#;
        assert!(of(16, analog, "").unwrap_err().starts_with("only analog channels"));
        assert_eq!(of(16, "", "").unwrap_err(), "it has no channel");
        assert!(of(16, &format!("{DIGITAL}, {DIGITAL}"), "").unwrap_err().contains("channel 3 stands there more than"));
        let far = DIGITAL.replace('3', "64");
        assert!(of(16, &far, "").unwrap_err().starts_with("digital channel 64; channels 0 to 63"));
        assert!(of(16, r#"{"type": "Pattern"}"#, "").unwrap_err().starts_with("a channel of type 'Pattern'"));
        assert!(of(16, r#"{"type": "Digital", "index": 0}"#, "").unwrap_err().contains("'file'"));
        for text in ["", "{", "[]", "{}", r#"{"version": 16}"#, r#"{"version": "16", "binData": []}"#] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
