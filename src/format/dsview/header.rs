//! DSView's `header`: a key file with the sample rate, the probes, and how many blocks each of them has.

use super::super::keyfile::{self, KeyFileError, Section};
use super::super::shown;
use crate::units::SampleRate;

/// A state has room for so many probes.
const MOST_PROBES: u32 = 64;
/// A capture of more blocks is none.
const MOST_BLOCKS: u32 = 1 << 20;
/// The one version that is known here.
const VERSION: &str = "3";
/// The mode of a logic analyzer.
const LOGIC: &str = "0";

/// Why a header cannot be read.
#[derive(Debug, thiserror::Error)]
pub(super) enum HeaderError {
    #[error(transparent)]
    Syntax(#[from] KeyFileError),
    #[error("it has no section [{0}]")]
    NoSection(&'static str),
    #[error("it has no '{0}'")]
    NoKey(&'static str),
    #[error("'{0}' stands there more than once")]
    Twice(String),
    #[error("version {0}; version 3 can be read: open it in a newer DSView and save it anew, or export CSV")]
    Version(String),
    #[error(
        "'device mode = {0}', an oscilloscope's or a data logger's; captures of the logic analyzer, mode 0, can be read"
    )]
    Mode(String),
    #[error("line {line}: '{key} = {value}' is no number up to {most}")]
    Number { line: usize, key: String, value: String, most: u64 },
    #[error("line {line}: 'samplerate = {value}' is no sample rate, such as 100 MHz")]
    Rate { line: usize, value: String },
    #[error("line {line}: '{key}' is none of probe0 to probe63")]
    Probe { line: usize, key: String },
    #[error("'total probes' says {stated}, and {found} probes are named")]
    Probes { stated: u64, found: usize },
}

/// What the header says.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct DslHeader {
    pub(super) rate: SampleRate,
    /// The most samples that a probe has.
    pub(super) samples: u64,
    /// How many blocks each probe has.
    pub(super) blocks: u32,
    /// The number of each probe and its name, in the order of their numbers.
    pub(super) probes: Vec<(u32, String)>,
}

/// Reads the header.
///
/// # Errors
/// [`HeaderError`] with the line.
pub(super) fn parse(bytes: &[u8]) -> Result<DslHeader, HeaderError> {
    let sections = keyfile::parse(bytes)?;
    let version = Keys::of(&sections, "version")?.text("version")?;
    if version.0 != VERSION {
        return Err(HeaderError::Version(shown(version.0)));
    }
    let keys = Keys::of(&sections, "header")?;
    let mode = keys.text("device mode")?;
    if mode.0 != LOGIC {
        return Err(HeaderError::Mode(shown(mode.0)));
    }
    let (text, line) = keys.text("samplerate")?;
    let rate = SampleRate::parse(text).map_err(|_| HeaderError::Rate { line, value: shown(text) })?;
    let samples = keys.number("total samples", u64::MAX)?;
    let blocks = keys.number("total blocks", MOST_BLOCKS.into())?;
    let stated = keys.number("total probes", MOST_PROBES.into())?;
    let probes = keys.probes()?;
    if probes.len() as u64 != stated {
        return Err(HeaderError::Probes { stated, found: probes.len() });
    }
    Ok(DslHeader { rate, samples, blocks: u32::try_from(blocks).unwrap_or(MOST_BLOCKS), probes })
}

/// The pairs of a section.
struct Keys<'a>(&'a Section);

impl<'a> Keys<'a> {
    fn of(sections: &'a [Section], name: &'static str) -> Result<Keys<'a>, HeaderError> {
        let mut named = sections.iter().filter(|section| section.name == name);
        let first = named.next().ok_or(HeaderError::NoSection(name))?;
        if named.next().is_some() { Err(HeaderError::Twice(format!("[{name}]"))) } else { Ok(Keys(first)) }
    }

    /// A value and its line.
    fn text(&self, key: &'static str) -> Result<(&'a str, usize), HeaderError> {
        let mut found = self.0.pairs.iter().filter(|pair| pair.key == key);
        let first = found.next().ok_or(HeaderError::NoKey(key))?;
        if found.next().is_some() {
            return Err(HeaderError::Twice(key.to_owned()));
        }
        Ok((first.value.trim(), first.line))
    }

    fn number(&self, key: &'static str, most: u64) -> Result<u64, HeaderError> {
        let (text, line) = self.text(key)?;
        let number = text.parse().ok().filter(|number| *number <= most);
        number.ok_or_else(|| HeaderError::Number { line, key: key.to_owned(), value: shown(text), most })
    }

    fn probes(&self) -> Result<Vec<(u32, String)>, HeaderError> {
        let mut probes = Vec::new();
        for pair in &self.0.pairs {
            let Some(digits) = pair.key.strip_prefix("probe") else { continue };
            let number = digits.parse().ok().filter(|number| *number < MOST_PROBES);
            let number = number.ok_or_else(|| HeaderError::Probe { line: pair.line, key: shown(&pair.key) })?;
            probes.push((number, pair.value.clone()));
        }
        probes.sort_by_key(|(number, _)| *number);
        match probes.windows(2).find(|pair| pair[0].0 == pair[1].0) {
            Some(twice) => Err(HeaderError::Twice(format!("probe{}", twice[0].0))),
            None => Ok(probes),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "[version]\nversion = 3\n[header]\ndriver = DSLogic\ndevice mode = 0\ncapturefile = data\n\
        total samples = 2000896\ntotal probes = 2\ntotal blocks = 1\nsamplerate = 100 MHz\ntrigger time = -28800000\n\
        trigger pos = 0\nprobe5 = STROBE\nprobe0 = 0\n";

    fn error(from: &str, to: &str) -> String {
        assert!(GOOD.contains(from));
        parse(GOOD.replacen(from, to, 1).as_bytes()).unwrap_err().to_string()
    }

    #[test]
    fn a_header_says_rate_length_and_probes() {
        let rate = SampleRate::parse("100 MHz").unwrap();
        let probes = vec![(0, "0".to_owned()), (5, "STROBE".to_owned())];
        assert_eq!(parse(GOOD.as_bytes()).unwrap(), DslHeader { rate, samples: 2_000_896, blocks: 1, probes });
    }

    #[test]
    fn another_header_is_refused_with_its_line() {
        assert!(error("version = 3", "version = 2").starts_with("version 2; version 3 can be read"));
        assert!(error("mode = 0", "mode = 1").starts_with("'device mode = 1', an oscilloscope's"));
        assert_eq!(error("probes = 2", "probes = 3"), "'total probes' says 3, and 2 probes are named");
        assert_eq!(error("probe0", "probe5"), "'probe5' stands there more than once");
        assert_eq!(error("probe0", "probe64"), "line 14: 'probe64' is none of probe0 to probe63");
        assert_eq!(error("blocks = 1", "blocks = x"), "line 9: 'total blocks = x' is no number up to 1048576");
        assert_eq!(error("100 MHz", "fast"), "line 10: 'samplerate = fast' is no sample rate, such as 100 MHz");
        assert_eq!(error("total samples", "samples"), "it has no 'total samples'");
        assert_eq!(error("[header]", "[head]"), "it has no section [header]");
        assert_eq!(error("driver = DSLogic", "device mode = 0"), "'device mode' stands there more than once");
    }
}
