//! Finding the device that is meant, and its channels.

use sigrok_sys::{Channel, ChannelKind, Device, Driver, Key, Sigrok, Value};

use super::error::{LiveError, texts};
use super::order::{AnalogChannel, ChannelChoice, DeviceChoice};
use super::settings::value_of;
use super::usb;
use crate::capture::{Presence, Probe};
use crate::snippet::nearest_name;

/// The driver of this name.
pub(super) fn driver<'s>(sigrok: &'s Sigrok, name: &str) -> Result<Driver<'s>, LiveError> {
    let drivers = sigrok.drivers();
    if let Some(found) = drivers.iter().find(|driver| driver.name() == name) {
        return Ok(*found);
    }
    let known: Vec<String> = drivers.iter().map(Driver::name).collect();
    let near = nearest_name(name, known.iter().map(String::as_str)).map(str::to_owned);
    Err(LiveError::NoDriver { wanted: name.to_owned(), near })
}

/// The one device that is meant.
pub(super) fn find<'s>(sigrok: &'s Sigrok, choice: &DeviceChoice) -> Result<Device<'s>, LiveError> {
    let driver = driver(sigrok, &choice.driver)?;
    let takes = driver.scan_options();
    let mut options: Vec<(Key, Value)> = Vec::new();
    for (key, value) in &choice.options {
        let error = |reason: String| LiveError::Setting { option: format!("--device {choice}"), reason };
        let info = sigrok.key_named(key).filter(|info| takes.contains(&info.key)).ok_or_else(|| {
            let known: Vec<String> = takes.iter().filter_map(|key| sigrok.key_info(*key)).map(|info| info.id).collect();
            let known = if known.is_empty() { "nothing".to_owned() } else { known.join(", ") };
            error(format!("'{key}' is nothing that {} takes; it takes {known}", choice.driver))
        })?;
        options.push((info.key, value_of(info.kind, &info.id, value).map_err(error)?));
    }
    let scanned = driver.scan(&options);
    let reasons = || {
        let mut reasons = texts(&sigrok.messages());
        reasons.extend(usb::hints(&choice.driver));
        reasons
    };
    let mut devices =
        scanned.map_err(|source| LiveError::Session { doing: "looking for the device", source, reasons: reasons() })?;
    match devices.len() {
        0 => Err(LiveError::NoDevice { driver: choice.driver.clone(), reasons: reasons() }),
        1 => Ok(devices.remove(0)),
        _ => {
            let name = |device: &Device<'_>| match device.connection() {
                Some(connection) => format!("{}:conn={connection}", choice.driver),
                None => label(device, &choice.driver),
            };
            let choices = devices.iter().map(name).collect();
            Err(LiveError::Several { driver: choice.driver.clone(), choices })
        }
    }
}

/// What a device is called, for people.
pub(super) fn label(device: &Device<'_>, driver: &str) -> String {
    let parts: Vec<String> = [device.vendor(), device.model(), device.version()].into_iter().flatten().collect();
    if parts.is_empty() { driver.to_owned() } else { parts.join(" ") }
}

/// The logic channels of a device that fit into a sample's word of 64 bits, in their order.
pub(super) fn logic_channels(device: &Device<'_>) -> Vec<Channel> {
    let fits = |channel: &Channel| channel.kind == ChannelKind::Logic && channel.index < u64::BITS;
    let mut channels: Vec<Channel> = device.channels().into_iter().filter(fits).collect();
    channels.sort_by_key(|channel| channel.index);
    channels
}

/// The analog channels that are chosen, and the choices that are not of them.
pub(super) fn analog(
    device: &Device<'_>,
    choices: &[ChannelChoice],
) -> Result<(Vec<AnalogChannel>, Vec<ChannelChoice>), LiveError> {
    let there: Vec<Channel> =
        device.channels().into_iter().filter(|channel| channel.kind == ChannelKind::Analog).collect();
    let found = |choice: &ChannelChoice| there.iter().find(|channel| channel.name == choice.channel);
    let (analog, logic): (Vec<_>, Vec<_>) = choices.iter().cloned().partition(|choice| found(choice).is_some());
    let error = |reason: String| LiveError::Setting { option: "--channels".to_owned(), reason };
    if logic.is_empty() && !analog.is_empty() {
        return Err(error("name a logic channel too: analog ones are recorded beside those".to_owned()));
    }
    let mut chosen: Vec<AnalogChannel> = Vec::new();
    for (choice, index) in analog.iter().filter_map(|choice| Some((choice, found(choice)?.index))) {
        if chosen.iter().any(|other| other.index == index)
            || choices.iter().filter(|c| c.name == choice.name).count() > 1
        {
            return Err(error(format!("{} is named twice", choice.name)));
        }
        chosen.push(AnalogChannel { index, name: choice.name.clone() });
    }
    Ok((chosen, logic))
}

/// The probes that are recorded, in the order of their bits: those that were chosen, else all.
pub(super) fn probes(channels: &[Channel], choices: &[ChannelChoice]) -> Result<Vec<Probe>, LiveError> {
    let probe = |channel: &Channel, name: &str| Probe {
        bit: channel.index,
        name: name.to_owned(),
        presence: Presence::Recorded,
    };
    let mut probes: Vec<Probe> = Vec::new();
    if choices.is_empty() {
        probes.extend(channels.iter().map(|channel| probe(channel, &channel.name)));
    }
    for choice in choices {
        let channel = channel_named(channels, &choice.channel)?;
        let error = |reason: String| LiveError::Setting { option: "--channels".to_owned(), reason };
        if probes.iter().any(|other| other.bit == channel.index) {
            return Err(error(format!("{} is named twice", channel.name)));
        }
        if probes.iter().any(|other| other.name == choice.name) {
            return Err(error(format!("two channels are called {}", choice.name)));
        }
        probes.push(probe(channel, &choice.name));
    }
    probes.sort_by_key(|probe| probe.bit);
    Ok(probes)
}

/// The channel of this name, or number.
pub(super) fn channel_named<'c>(channels: &'c [Channel], wanted: &str) -> Result<&'c Channel, LiveError> {
    let named = channels.iter().find(|channel| channel.name == wanted);
    let numbered = || wanted.parse().ok().and_then(|bit: u32| channels.iter().find(|channel| channel.index == bit));
    named.or_else(numbered).ok_or_else(|| LiveError::NoChannel {
        wanted: wanted.to_owned(),
        available: channels.iter().map(|channel| channel.name.as_str()).collect::<Vec<_>>().join(", "),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn channels() -> Vec<Channel> {
        (0..4).map(|index| Channel { index, kind: ChannelKind::Logic, name: format!("D{index}") }).collect()
    }

    fn named(texts: &[&str]) -> Result<Vec<(u32, String)>, String> {
        let choices: Vec<ChannelChoice> = texts.iter().map(|text| text.parse().unwrap()).collect();
        let probes = probes(&channels(), &choices).map_err(|error| error.to_string())?;
        Ok(probes.into_iter().map(|probe| (probe.bit, probe.name)).collect())
    }

    #[test]
    fn channels_are_taken_by_name_or_number_and_keep_their_bits() {
        let expected = vec![(0, "STROBE".to_owned()), (3, "FSIN".to_owned())];
        assert_eq!(named(&["D3=FSIN", "0=STROBE"]).unwrap(), expected);
        assert_eq!(named(&[]).unwrap().len(), 4);
        let error = named(&["D9=X"]).unwrap_err();
        assert_eq!(error, "there is no channel 'D9'; the device has D0, D1, D2, D3");
        assert!(named(&["D1=A", "1=B"]).unwrap_err().contains("D1 is named twice"));
        assert!(named(&["D1=A", "D2=A"]).unwrap_err().contains("two channels are called A"));
    }
}
