//! What `metadata` states: the sample rate, the size of a sample, the probes and the name of the data.

use super::super::keyfile::{self, KeyFileError, Pair, Section};
use super::super::shown;
use super::names::{quoted, shortened};
use super::rate::misreading;
use super::unit::UnitSize;
use crate::capture::{Presence, Probe};
use crate::units::{SampleRate, SampleRateError};

/// What `metadata` states of the one device with logic data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Metadata {
    /// The name of the data: `logic-1` for the members `logic-1` or `logic-1-1`, `logic-1-2` and so on; none where all channels
    /// are analog.
    pub(super) base: String,
    /// Bytes per sample.
    pub(super) unit: UnitSize,
    /// How many probes the analyzer has, recorded or not.
    pub(super) total: u64,
    /// The sample rate, if one is stated that can be used.
    pub(super) rate: Option<SampleRate>,
    /// The logic probes, in order of their bits; no two share a bit.
    pub(super) probes: Vec<Probe>,
    /// The numbers and names of the analog channels.
    pub(super) analog: Vec<(u32, String)>,
    /// What is odd, as sentences.
    pub(super) warnings: Vec<String>,
}

/// No sample rate takes more bytes to say.
const LONGEST_RATE: usize = 60;

/// Why `metadata` describes no logic capture.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum MetadataError {
    #[error("'metadata': {0}")]
    Syntax(#[from] KeyFileError),
    #[error("'metadata' line {line}: '{name}' stands there a second time; one of the two is wrong")]
    Twice { line: usize, name: String },
    #[error("'metadata' has no section such as [device 1]")]
    NoDevice,
    #[error(
        "the capture has no logic data: 'metadata' names no capturefile; it was closed before the first sample, or is no \
         logic capture"
    )]
    NoLogic,
    #[error("'metadata' line {0}: a second device with logic data; split the file into one for each")]
    SecondDevice(usize),
    #[error("'metadata' section [{section}] lacks '{key}'{hint}")]
    Missing { section: String, key: &'static str, hint: &'static str },
    #[error("'metadata' line {line}: '{key}={value}' must be a whole number{range}")]
    Number { line: usize, key: String, value: String, range: &'static str },
    #[error("'metadata' line {line}: samples of {bytes} bytes; at most 8 (64 probes) can be read")]
    UnitTooLarge { line: usize, bytes: u64 },
    #[error(
        "'metadata' line {line}: '{key}' is no probe; with {total} probes in total they are probe1 to probe{total}"
    )]
    NoSuchProbe { line: usize, key: String, total: u64 },
    #[error("'metadata' enables no probe: it has no key such as probe1")]
    NoProbes,
}

/// Reads `metadata`.
///
/// # Errors
/// [`MetadataError`] where it says too little, or two things at once.
pub(super) fn parse(bytes: &[u8]) -> Result<Metadata, MetadataError> {
    let sections = keyfile::parse(bytes)?;
    let devices: Vec<&Section> = sections.iter().filter(|section| section.name.starts_with("device ")).collect();
    refuse_twins(devices.iter().map(|device| (device.name.as_str(), device.line)))
        .map_err(|(name, line)| MetadataError::Twice { line, name: format!("[{}]", shortened(name)) })?;
    for device in &devices {
        refuse_twins(device.pairs.iter().map(|pair| (pair.key.as_str(), pair.line)))
            .map_err(|(key, line)| MetadataError::Twice { line, name: shortened(key) })?;
    }
    let with_logic: Vec<&Section> =
        devices.iter().copied().filter(|device| get(device, "capturefile").is_some()).collect();
    match with_logic.as_slice() {
        [device] => of_device(device, devices.len()),
        [_, second, ..] => Err(MetadataError::SecondDevice(second.line)),
        [] if devices.is_empty() => Err(MetadataError::NoDevice),
        [] => match devices.iter().copied().filter(|device| has_analog(device)).collect::<Vec<_>>().as_slice() {
            [device] => Ok(analog_only(device)),
            [_, second, ..] => Err(MetadataError::SecondDevice(second.line)),
            [] => Err(MetadataError::NoLogic),
        },
    }
}

/// A device whose channels are all analog: lines by thresholds only.
fn analog_only(device: &Section) -> Metadata {
    let mut warnings = Vec::new();
    let rate = rate(device, &mut warnings);
    let (base, unit, probes) = (String::new(), UnitSize::ONE, Vec::new());
    Metadata { base, unit, total: 0, rate, probes, analog: analog(device), warnings }
}

fn of_device(device: &Section, devices: usize) -> Result<Metadata, MetadataError> {
    let base = need(device, "capturefile", ": the name of its data, such as logic-1")?.value.clone();
    if base.is_empty() {
        return Err(missing(device, "capturefile", ": it names nothing"));
    }
    let unit = unit_size(need(device, "unitsize", ": the bytes per sample; without it sigrok reads no samples")?)?;
    let total = number(need(device, "total probes", ": the number of probes that the analyzer has")?, "")?;
    let mut warnings = Vec::new();
    if devices > 1 {
        warnings.push(format!(
            "'metadata' has {devices} devices; only [{}] has logic data and is read",
            shortened(&device.name)
        ));
    }
    let probes = probes(device, total, unit)?;
    let beyond = || probes.iter().filter(|probe| probe.presence == Presence::BeyondUnit).map(|probe| &probe.name);
    if beyond().next().is_some() {
        warnings.push(format!("not recorded, since a sample has {} bits only: {}", unit.bits(), quoted(beyond())));
    }
    let rate = rate(device, &mut warnings);
    let analog = analog(device);
    Ok(Metadata { base, unit, total, rate, probes, analog, warnings })
}

/// Fails with what stands twice, and the line where it does for the second time.
fn refuse_twins<'a>(names: impl Iterator<Item = (&'a str, usize)>) -> Result<(), (&'a str, usize)> {
    let mut names: Vec<(&str, usize)> = names.collect();
    names.sort_unstable();
    let twins = names.array_windows().find(|[(a, _), (b, _)]| a == b);
    twins.map_or(Ok(()), |[_, second]| Err(*second))
}

fn get<'a>(device: &'a Section, key: &str) -> Option<&'a Pair> {
    device.pairs.iter().find(|pair| pair.key == key)
}

fn need<'a>(device: &'a Section, key: &'static str, hint: &'static str) -> Result<&'a Pair, MetadataError> {
    get(device, key).ok_or_else(|| missing(device, key, hint))
}

fn missing(device: &Section, key: &'static str, hint: &'static str) -> MetadataError {
    MetadataError::Missing { section: shortened(&device.name), key, hint }
}

fn has_analog(device: &Section) -> bool {
    get(device, "total analog").is_some_and(|pair| !matches!(pair.value.trim(), "" | "0"))
}

/// The analog channels that have a name; `analog9` counts on from the probes, and is the number of its members.
fn analog(device: &Section) -> Vec<(u32, String)> {
    let channel = |pair: &Pair| Some((pair.key.strip_prefix("analog")?.parse().ok()?, pair.value.clone()));
    device.pairs.iter().filter_map(channel).collect()
}

fn number(pair: &Pair, range: &'static str) -> Result<u64, MetadataError> {
    let digits = pair.value.trim();
    let wrong = || MetadataError::Number { line: pair.line, key: pair.key.clone(), value: shown(&pair.value), range };
    let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    if plain { digits.parse().map_err(|_: std::num::ParseIntError| wrong()) } else { Err(wrong()) }
}

fn unit_size(pair: &Pair) -> Result<UnitSize, MetadataError> {
    let bytes = number(pair, " from 1 to 8")?;
    UnitSize::new(bytes).ok_or_else(|| {
        if bytes == 0 {
            let (key, value) = (pair.key.clone(), pair.value.clone());
            MetadataError::Number { line: pair.line, key, value, range: " from 1 to 8" }
        } else {
            MetadataError::UnitTooLarge { line: pair.line, bytes }
        }
    })
}

/// The enabled probes: `probe3` is bit 2 of the sample, whatever the probes before it are.
fn probes(device: &Section, total: u64, unit: UnitSize) -> Result<Vec<Probe>, MetadataError> {
    let mut probes: Vec<Probe> = Vec::new();
    for pair in &device.pairs {
        let Some(digits) = pair.key.strip_prefix("probe") else { continue };
        let refused = || MetadataError::NoSuchProbe { line: pair.line, key: shortened(&pair.key), total };
        let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        let number: u32 = digits.parse().ok().filter(|_| plain).ok_or_else(refused)?;
        let bit = number.checked_sub(1).filter(|_| u64::from(number) <= total).ok_or_else(refused)?;
        let presence = if bit < unit.bits() { Presence::Recorded } else { Presence::BeyondUnit };
        probes.push(Probe { bit, name: pair.value.clone(), presence });
    }
    probes.sort_by_key(|probe| probe.bit);
    // `probe1` and `probe01` are one probe under two keys.
    if let Some([twin, _]) = probes.array_windows().find(|[a, b]| a.bit == b.bit) {
        return Err(MetadataError::Twice { line: device.line, name: format!("probe{}", twin.bit + 1) });
    }
    if probes.is_empty() { Err(MetadataError::NoProbes) } else { Ok(probes) }
}

/// The stated rate; what cannot be used is a warning, since the user may state it.
fn rate(device: &Section, warnings: &mut Vec<String>) -> Option<SampleRate> {
    let pair = get(device, "samplerate")?;
    if pair.value.len() > LONGEST_RATE {
        warnings.push(format!("'metadata' line {}: a text of {} bytes is no sample rate", pair.line, pair.value.len()));
        return None;
    }
    match SampleRate::parse(&pair.value) {
        Ok(rate) => {
            warnings.extend(misreading(&pair.value, &rate));
            Some(rate)
        }
        Err(error @ (SampleRateError::Form(_) | SampleRateError::NotPositive(_))) => {
            warnings.push(format!("'metadata' line {}: {error}", pair.line));
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: &str = "[global]\nsigrok version=0.5.2\n\n[device 1]\ncapturefile=logic-1\ntotal probes=16\n\
                         samplerate=24 MHz\ntotal analog=0\nprobe1=FSIN\nprobe3=STROBE\nunitsize=1\n";

    fn with(from: &str, to: &str) -> Result<Metadata, String> {
        assert!(PLAIN.contains(from), "{from}");
        parse(PLAIN.replacen(from, to, 1).as_bytes()).map_err(|error| error.to_string())
    }

    fn refused(from: &str, to: &str, sentence: &str) {
        assert_eq!(with(from, to).unwrap_err(), sentence);
    }

    #[test]
    fn a_probe_keeps_its_place_when_others_are_missing() {
        let metadata = with("", "").unwrap();
        let probes: Vec<(u32, &str)> = metadata.probes.iter().map(|probe| (probe.bit, probe.name.as_str())).collect();
        assert_eq!(probes, [(0, "FSIN"), (2, "STROBE")]);
        assert_eq!((metadata.base.as_str(), metadata.unit.bytes()), ("logic-1", 1));
        assert_eq!(metadata.rate, SampleRate::parse("24 MHz").ok());
        assert!(metadata.warnings.is_empty());
    }

    #[test]
    fn the_order_of_the_probes_is_that_of_their_bits() {
        let metadata = with("probe1=FSIN\nprobe3=STROBE\n", "probe3=STROBE\nprobe1=FSIN\n").unwrap();
        assert_eq!(metadata, with("", "").unwrap());
    }

    #[test]
    fn a_probe_beyond_the_sample_is_listed_and_said() {
        let metadata = with("probe3", "probe9").unwrap();
        assert_eq!(metadata.probes[1].presence, Presence::BeyondUnit);
        assert_eq!(metadata.warnings, ["not recorded, since a sample has 8 bits only: 'STROBE'"]);
    }

    #[test]
    fn rates_that_cannot_be_used_are_none_and_said() {
        for (text, warnings) in
            [("", 1), ("0", 1), ("-1", 1), ("24e6", 1), ("24,5 MHz", 1), ("24 Msps", 1), ("41.67 ns", 1)]
        {
            let metadata = with("24 MHz", text).unwrap();
            assert_eq!((metadata.rate, metadata.warnings.len()), (None, warnings), "{text}");
        }
        assert_eq!(with("samplerate=24 MHz\n", "").unwrap().rate, None);
        assert_eq!(with("24 MHz", "24.5MHz").unwrap().warnings.len(), 1);
    }

    #[test]
    fn endless_texts_give_no_endless_sentences() {
        let long = "9".repeat(100_000);
        for (from, to) in [
            ("24 MHz", format!("{long} MHz")),
            ("24 MHz", format!("2.{long} MHz")),
            ("probe3", format!("probe{long}")),
            ("probe3=", format!("{long}=1\n{long}=")),
            ("[device 1]", format!("[device {long}]\nunitsize=1\n[device {long}]")),
            ("unitsize=1\n", format!("unitsize=1\n[device {long}]\ntotal analog=1\n")),
            ("[device 1]\n", format!("[device {long}]\ncapturefile=\n#")),
        ] {
            let sentences = with(from, &to).map_or_else(|error| vec![error], |metadata| metadata.warnings);
            assert!(!sentences.is_empty() && sentences.iter().all(|sentence| sentence.len() < 300), "{from}");
        }
    }

    #[test]
    fn what_says_too_little_is_refused() {
        refused(
            "capturefile=logic-1\n",
            "",
            "the capture has no logic data: 'metadata' names no capturefile; it was closed before the first sample, or is no logic capture",
        );
        refused("[device 1]", "[devices]", "'metadata' has no section such as [device 1]");
        refused(
            "unitsize=1\n",
            "",
            "'metadata' section [device 1] lacks 'unitsize': the bytes per sample; without it sigrok reads no samples",
        );
        refused("=logic-1", "=", "'metadata' section [device 1] lacks 'capturefile': it names nothing");
        refused("unitsize=1", "unitsize=0", "'metadata' line 11: 'unitsize=0' must be a whole number from 1 to 8");
        refused("unitsize=1", "unitsize=one", "'metadata' line 11: 'unitsize=one' must be a whole number from 1 to 8");
        refused(
            "unitsize=1",
            "unitsize=16",
            "'metadata' line 11: samples of 16 bytes; at most 8 (64 probes) can be read",
        );
        refused("probe1=FSIN\nprobe3=STROBE\n", "", "'metadata' enables no probe: it has no key such as probe1");
    }

    #[test]
    fn what_says_two_things_is_refused() {
        refused("probe3", "probe1", "'metadata' line 10: 'probe1' stands there a second time; one of the two is wrong");
        refused("probe3", "probe01", "'metadata' line 4: 'probe1' stands there a second time; one of the two is wrong");
        refused(
            "unitsize=1\n",
            "unitsize=1\nsamplerate=48 MHz\n",
            "'metadata' line 12: 'samplerate' stands there a second time; one of the two is wrong",
        );
        refused(
            "unitsize=1\n",
            "unitsize=1\n[device 1]\nunitsize=2\n",
            "'metadata' line 12: '[device 1]' stands there a second time; one of the two is wrong",
        );
        refused(
            "unitsize=1\n",
            "unitsize=1\n[device 2]\ncapturefile=logic-2\n",
            "'metadata' line 12: a second device with logic data; split the file into one for each",
        );
        let second = with("unitsize=1\n", "unitsize=1\n[device 2]\ntotal analog=1\n").unwrap();
        assert_eq!(second.warnings, ["'metadata' has 2 devices; only [device 1] has logic data and is read"]);
    }

    #[test]
    fn probes_that_the_analyzer_has_not_are_refused() {
        for key in ["probe0", "probe17", "probe", "probeX", "probe-1", "probe+3", "probe99999999999"] {
            refused(
                "probe3",
                key,
                &format!("'metadata' line 10: '{key}' is no probe; with 16 probes in total they are probe1 to probe16"),
            );
        }
    }
}
