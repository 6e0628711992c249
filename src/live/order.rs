//! What is asked of a device.

use std::fmt;
use std::str::FromStr;

use sigrok_sys::TriggerMatch;

use crate::units::{Rational, Rounding, SampleRate};

/// Which device: a driver, and what its scan takes, as in `fx2lafw:conn=1.5`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DeviceChoice {
    /// The driver's name.
    pub driver: String,
    /// What its scan takes, such as `conn`, and the value.
    pub options: Vec<(String, String)>,
}

/// Why a part of an order makes no sense.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum OrderError {
    /// Not a device.
    #[error("'{0}' is no device; name a driver, as in demo or fx2lafw:conn=1.5")]
    Device(String),
    /// Not a channel.
    #[error("'{0}' is no channel; write D0, or D0=STROBE to give it a name")]
    Channel(String),
    /// Not a trigger.
    #[error(
        "'{0}' is no trigger; write CHANNEL=WHAT, and WHAT is r (rising), f (falling), e (either edge), 1 (high) or 0 (low)"
    )]
    Trigger(String),
    /// Not a setting.
    #[error("'{0}' is no setting; write KEY=VALUE")]
    Setting(String),
}

impl FromStr for DeviceChoice {
    type Err = OrderError;

    fn from_str(text: &str) -> Result<DeviceChoice, OrderError> {
        let error = || OrderError::Device(text.to_owned());
        let mut parts = text.split(':');
        let driver = parts.next().filter(|driver| !driver.is_empty()).ok_or_else(error)?;
        let options = parts.map(|part| pair(part.split_once('=')).ok_or_else(error)).collect::<Result<_, _>>()?;
        Ok(DeviceChoice { driver: driver.to_owned(), options })
    }
}

impl fmt::Display for DeviceChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.driver)?;
        self.options.iter().try_for_each(|(key, value)| write!(f, ":{key}={value}"))
    }
}

/// A channel that is recorded, and the name of its probe.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ChannelChoice {
    /// The device's name for it, or its number.
    pub channel: String,
    /// The name that its probe gets.
    pub name: String,
}

impl FromStr for ChannelChoice {
    type Err = OrderError;

    fn from_str(text: &str) -> Result<ChannelChoice, OrderError> {
        let named = pair(text.split_once('=').or(Some((text, text))));
        let (channel, name) = named.ok_or_else(|| OrderError::Channel(text.to_owned()))?;
        Ok(ChannelChoice { channel, name })
    }
}

/// An analog channel that is recorded beside the logic channels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AnalogChannel {
    /// The device's number for it.
    pub index: u32,
    /// What it is called.
    pub name: String,
}

/// A condition of the trigger; all conditions must hold at the same sample.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TriggerChoice {
    /// The channel, by the name of its probe or the device's.
    pub channel: String,
    /// What it must do.
    pub kind: TriggerMatch,
}

impl FromStr for TriggerChoice {
    type Err = OrderError;

    fn from_str(text: &str) -> Result<TriggerChoice, OrderError> {
        let error = || OrderError::Trigger(text.to_owned());
        let (channel, kind) = pair(text.rsplit_once('=')).ok_or_else(error)?;
        let kind = match kind.as_str() {
            "0" => TriggerMatch::Low,
            "1" => TriggerMatch::High,
            "r" => TriggerMatch::Rising,
            "f" => TriggerMatch::Falling,
            "e" => TriggerMatch::Edge,
            _ => return Err(error()),
        };
        Ok(TriggerChoice { channel, kind })
    }
}

/// A setting of the device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Setting {
    /// libsigrok's name for it, such as `pattern`.
    pub key: String,
    /// Its value, as text.
    pub value: String,
}

impl FromStr for Setting {
    type Err = OrderError;

    fn from_str(text: &str) -> Result<Setting, OrderError> {
        let (key, value) = pair(text.split_once('=')).ok_or_else(|| OrderError::Setting(text.to_owned()))?;
        Ok(Setting { key, value })
    }
}

/// Both sides, without the blanks around them; none where one is empty.
fn pair(sides: Option<(&str, &str)>) -> Option<(String, String)> {
    let (left, right) = sides.map(|(left, right)| (left.trim(), right.trim()))?;
    (!left.is_empty() && !right.is_empty()).then(|| (left.to_owned(), right.to_owned()))
}

/// How much is recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Limit {
    /// Until it is stopped.
    None,
    /// So many samples.
    Samples(u64),
    /// This time, in seconds; the sample in which it ends is recorded too.
    Time(Rational),
}

impl Limit {
    /// The number of samples at this rate; none without a limit.
    #[must_use]
    pub(crate) fn samples(&self, rate: &SampleRate) -> Option<u64> {
        match self {
            Limit::None => None,
            Limit::Samples(samples) => Some(*samples),
            Limit::Time(seconds) => {
                let samples = rate.samples(seconds).to_integer(Rounding::Up).unwrap_or(i128::MAX);
                Some(u64::try_from(samples.max(0)).unwrap_or(u64::MAX))
            }
        }
    }
}

/// Who waits for the trigger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TriggerBy {
    /// This program, if the device can sample without end, else the device.
    Best,
    /// The device or its driver, whatever it can.
    Device,
}

/// All that is asked of a device.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Order {
    /// Which.
    pub device: DeviceChoice,
    /// At which rate; none: what the device is set to.
    pub rate: Option<SampleRate>,
    /// How much.
    pub limit: Limit,
    /// Which channels; none: all logic channels, by the device's names.
    pub channels: Vec<ChannelChoice>,
    /// What is waited for; empty: nothing.
    pub trigger: Vec<TriggerChoice>,
    /// Who waits.
    pub trigger_by: TriggerBy,
    /// How much of what comes before the trigger is kept, in seconds.
    pub before: Rational,
    /// From how many volts on a line is high; none: as the device is set.
    pub threshold: Option<f64>,
    /// Further settings.
    pub settings: Vec<Setting>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn devices_channels_triggers_and_settings_are_read() {
        let choice: DeviceChoice = "fx2lafw:conn=1.5".parse().unwrap();
        assert_eq!((choice.driver.as_str(), choice.options.len()), ("fx2lafw", 1));
        assert_eq!(choice.to_string(), "fx2lafw:conn=1.5");
        let channel: ChannelChoice = "D0=STROBE".parse().unwrap();
        assert_eq!((channel.channel.as_str(), channel.name.as_str()), ("D0", "STROBE"));
        assert_eq!("D3".parse::<ChannelChoice>().unwrap().name, "D3");
        let trigger: TriggerChoice = "STROBE=r".parse().unwrap();
        assert_eq!((trigger.channel.as_str(), trigger.kind), ("STROBE", TriggerMatch::Rising));
        let setting: Setting = "pattern=walking-one".parse().unwrap();
        assert_eq!((setting.key.as_str(), setting.value.as_str()), ("pattern", "walking-one"));
    }

    #[test]
    fn what_makes_no_sense_is_refused_with_what_would() {
        for text in ["", ":conn=1", "demo:conn", "demo:=x"] {
            assert!(text.parse::<DeviceChoice>().is_err(), "{text}");
        }
        assert!("=STROBE".parse::<ChannelChoice>().is_err() && "D0=".parse::<ChannelChoice>().is_err());
        let error = "STROBE=up".parse::<TriggerChoice>().unwrap_err().to_string();
        assert!(error.contains("r (rising)"), "{error}");
        assert!("pattern".parse::<Setting>().is_err());
    }

    #[test]
    fn a_time_is_so_many_samples_that_it_is_covered() {
        let rate = SampleRate::parse("24 MHz").unwrap();
        let third = Rational::new(1, 3_000_000).unwrap();
        assert_eq!(Limit::Time(third).samples(&rate), Some(8));
        assert_eq!(Limit::Time(Rational::new(1, 5_000_000).unwrap()).samples(&rate), Some(5));
        assert_eq!(Limit::Samples(7).samples(&rate), Some(7));
        assert_eq!(Limit::None.samples(&rate), None);
    }
}
