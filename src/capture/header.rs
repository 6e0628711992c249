//! What a file says of itself: its rate and its probes, and how a probe is named.

use super::Threshold;
use crate::escape::name;
use crate::rig::ProbeSelector;
use crate::snippet::nearest_name;
use crate::units::SampleRate;

/// Whether a probe's level is in the samples.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// Its bit is part of every sample.
    Recorded,
    /// It is listed, and its bit lies beyond the sample's: nothing of it was recorded.
    BeyondUnit,
}

/// A logic probe (channel) of the analyzer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Probe {
    /// Its bit in the sample, from 0.
    pub bit: u32,
    /// Its name; several probes may bear the same.
    pub name: String,
    /// Whether its level is in the samples.
    pub presence: Presence,
}

/// What a file says of itself before its samples are read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// The format's id, such as `srzip`.
    pub format: &'static str,
    /// Samples per second; none where the file states none that can be used.
    pub rate: Option<SampleRate>,
    /// The logic probes, in order of their bits; no two share a bit.
    pub probes: Vec<Probe>,
    /// What is odd about it without being damage, as sentences.
    pub warnings: Vec<String>,
}

/// Why a named probe cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProbeError {
    /// No probe has this name or bit.
    #[error("there is no probe '{}'; the capture has {available}{}", name(.wanted), suggestion_text(.suggestion))]
    Unknown {
        /// The probe as named.
        wanted: String,
        /// The probes there are.
        available: String,
        /// The most similar name, if one is near.
        suggestion: Option<String>,
    },
    /// Several probes have this name.
    #[error("{} probes are called '{}'; name one by its bit: {}", .bits.len(), name(.wanted), numbers(.bits))]
    Ambiguous {
        /// The name.
        wanted: String,
        /// The bits of the probes that bear it.
        bits: Vec<u32>,
    },
    /// No analog channel has this name.
    #[error("there is no analog channel '{}'; the capture has {available}", name(.wanted))]
    NoAnalog {
        /// The channel as named.
        wanted: String,
        /// The channels there are.
        available: String,
    },
    /// The probe is listed and was not recorded.
    #[error("probe '{}' is listed, but its bit lies beyond the samples: it was not recorded", name(.0))]
    NotRecorded(String),
}

fn suggestion_text(suggestion: &Option<String>) -> String {
    suggestion.as_ref().map(|near| format!("; did you mean '{}'?", name(near))).unwrap_or_default()
}

/// Names in a sentence, the first of them where there are many.
#[must_use]
pub fn listed(names: &[&str]) -> String {
    const SHOWN: usize = 16;
    let shown = names.iter().take(SHOWN).map(|text| name(text)).collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(SHOWN) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

fn numbers(bits: &[u32]) -> String {
    bits.iter().map(u32::to_string).collect::<Vec<_>>().join(", ")
}

impl Header {
    /// The probe that a selector names.
    ///
    /// # Errors
    /// [`ProbeError`] when none, several, or one that was not recorded is meant.
    pub fn find(&self, selector: &ProbeSelector) -> Result<&Probe, ProbeError> {
        let found: Vec<&Probe> = match selector {
            ProbeSelector::Bit(bit) => self.with_bit(*bit).into_iter().collect(),
            ProbeSelector::Analog(probe) => {
                let name = probe.to_string();
                self.probes.iter().filter(|probe| probe.name == name).collect()
            }
            ProbeSelector::Name(name) => {
                let named: Vec<&Probe> = self.probes.iter().filter(|probe| probe.name == *name).collect();
                let bit = name.parse().ok().filter(|_| named.is_empty());
                bit.map_or(named, |bit| self.with_bit(bit).into_iter().collect())
            }
        };
        match found.as_slice() {
            [] => Err(self.unknown(&selector.to_string())),
            [probe] if probe.presence == Presence::BeyondUnit => Err(ProbeError::NotRecorded(probe.name.clone())),
            [probe] => Ok(probe),
            [..] => Err(ProbeError::Ambiguous {
                wanted: selector.to_string(),
                bits: found.iter().map(|probe| probe.bit).collect(),
            }),
        }
    }

    /// What is said where a number means the probe of one bit, and could mean another one that is called so: the number as it is
    /// written, which probe is taken, and how the other one is written.
    #[must_use]
    pub fn other_of_number(&self, selector: &ProbeSelector, taken: u32) -> Option<String> {
        let called = |bit: u32| self.probes.iter().find(|probe| probe.name == bit.to_string() && probe.bit != bit);
        match selector {
            ProbeSelector::Bit(bit) => {
                let (of_bit, other) = (self.with_bit(*bit)?, called(*bit)?);
                let (of_bit, other) = (name(&of_bit.name), name(&other.name));
                Some(format!(
                    "bit {bit} is the probe '{of_bit}'; the one that is called '{other}' is \"{other}\", in quotes"
                ))
            }
            ProbeSelector::Name(text) => {
                let bit: u32 = text.parse().ok()?;
                let (other, of_bit) = (called(bit).filter(|probe| probe.bit == taken)?, self.with_bit(bit)?);
                let (of_bit, other) = (name(&of_bit.name), name(&other.name));
                Some(format!(
                    "\"{other}\" is the probe that is called so; that of bit {bit}, '{of_bit}', is \"bit:{bit}\""
                ))
            }
            ProbeSelector::Analog(_) => None,
        }
    }

    fn with_bit(&self, bit: u32) -> Option<&Probe> {
        self.probes.iter().find(|probe| probe.bit == bit)
    }

    fn unknown(&self, wanted: &str) -> ProbeError {
        let names: Vec<&str> = self.probes.iter().map(|probe| probe.name.as_str()).collect();
        let suggestion = nearest_name(wanted, names.iter().copied()).map(str::to_owned);
        let available = if names.is_empty() { "no logic probes".to_owned() } else { listed(&names) };
        ProbeError::Unknown { wanted: wanted.to_owned(), available, suggestion }
    }

    /// The same with a probe for each analog channel that is read as a line.
    #[must_use]
    pub fn with_thresholds(&self, thresholds: &[Threshold]) -> Header {
        let mut header = self.clone();
        header.probes.extend(thresholds.iter().map(|threshold| Probe {
            bit: threshold.bit,
            name: threshold.probe.to_string(),
            presence: Presence::Recorded,
        }));
        header.probes.sort_by_key(|probe| probe.bit);
        header
    }

    /// The probe's name, with its bit behind it where others share the name: `D0`, `clk#3`.
    #[must_use]
    pub fn display_name(&self, probe: &Probe) -> String {
        let shared = self.probes.iter().filter(|other| other.name == probe.name).count() > 1;
        if shared { format!("{}#{}", probe.name, probe.bit) } else { probe.name.clone() }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(in super::super) fn probe(bit: u32, name: &str) -> Probe {
        Probe { bit, name: name.to_owned(), presence: Presence::Recorded }
    }

    pub(in super::super) fn header() -> Header {
        let beyond = Probe { presence: Presence::BeyondUnit, ..probe(12, "D12") };
        let probes = vec![probe(0, "STROBE"), probe(1, "clk"), probe(2, "3"), probe(3, "clk"), beyond];
        Header { format: "test", rate: None, probes, warnings: Vec::new() }
    }

    fn called(text: &str) -> ProbeSelector {
        ProbeSelector::Name(text.to_owned())
    }

    #[test]
    fn a_text_of_digits_is_a_name_first_then_a_bit() {
        let header = header();
        assert_eq!(header.find(&called("3")).unwrap().bit, 2);
        assert_eq!(header.find(&called("1")).unwrap().bit, 1);
        assert_eq!(header.find(&ProbeSelector::Bit(3)).unwrap().bit, 3);
    }

    #[test]
    fn probes_that_cannot_be_taken_are_named() {
        let header = header();
        let unknown = header.find(&called("STROEB")).unwrap_err().to_string();
        assert_eq!(
            unknown,
            "there is no probe 'STROEB'; the capture has STROBE, clk, 3, clk, D12; did you mean 'STROBE'?"
        );
        let ambiguous = header.find(&called("clk")).unwrap_err().to_string();
        assert_eq!(ambiguous, "2 probes are called 'clk'; name one by its bit: 1, 3");
        assert_eq!(header.find(&called("D12")), Err(ProbeError::NotRecorded("D12".to_owned())));
        assert_eq!(header.display_name(&header.probes[3]), "clk#3");
    }

    #[test]
    fn names_forge_no_line_and_no_book() {
        let named = |name: &str| Header { probes: vec![probe(0, name)], ..header() };
        let said = |header: Header| header.find(&called("STROBE")).unwrap_err().to_string();
        assert_eq!(
            said(named("STROB\n::error::x")),
            r"there is no probe 'STROBE'; the capture has STROB\n::error::x; did you mean 'STROB\n::error::x'?"
        );
        assert!(said(named(&"x".repeat(250_000))).len() < 500);
    }
}
