//! Which devices there are, and why one is not usable.

use serde::{Serialize, Serializer};
use sigrok_sys::{Channel, ChannelKind, Device, Key, SampleRates, Sigrok};

use super::device::{label, logic_channels};
use super::error::{LiveError, texts};
use super::settings::{SettingSheet, least_rate, rates_text, setting_sheets};
use super::usb::{self, UsbDevice};
use crate::units::{Rational, SampleRate};

/// A device that a driver found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct DeviceSheet {
    /// Its driver.
    pub driver: String,
    /// Vendor, model and version, as one text.
    pub label: String,
    /// Its serial number, if it has one.
    pub serial_number: Option<String>,
    /// Where it is connected, if it says.
    pub connection: Option<String>,
    /// Its logic channels.
    pub channels: Vec<String>,
    /// Its analog channels.
    pub analog: Vec<String>,
    /// The sample rates that it has, if it says.
    #[serde(rename = "samplerates", serialize_with = "rates_as_text")]
    pub rates: Option<SampleRates>,
    /// What can be set.
    pub settings: Vec<SettingSheet>,
    /// Whether it can sample without end.
    pub streams: bool,
    /// Why it cannot be used, as sentences; empty: it can.
    pub obstacles: Vec<String>,
}

impl DeviceSheet {
    /// What `--device` takes: its driver, with the connection where it has one.
    #[must_use]
    pub(crate) fn name(&self) -> String {
        match &self.connection {
            Some(connection) => format!("{}:conn={connection}", self.driver),
            None => self.driver.clone(),
        }
    }

    /// The sample rates that it has, as a text.
    #[must_use]
    pub(crate) fn rates_text(&self) -> Option<String> {
        self.rates.as_ref().map(rates_text)
    }

    /// The lowest of its sample rates that is not below this one; none where it is too slow, or does not say its rates.
    #[must_use]
    pub(crate) fn least_rate(&self, wanted: &SampleRate) -> Option<SampleRate> {
        SampleRate::from_hz(Rational::from(least_rate(self.rates.as_ref()?, wanted.hz())?))
    }
}

fn rates_as_text<S: Serializer>(rates: &Option<SampleRates>, serializer: S) -> Result<S::Ok, S::Error> {
    rates.as_ref().map(rates_text).serialize(serializer)
}

/// All that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Survey {
    /// The version of libsigrok.
    pub libsigrok: String,
    /// How many drivers looked.
    pub drivers: usize,
    /// The devices that they found.
    pub devices: Vec<DeviceSheet>,
    /// Analyzers on USB that no driver found.
    pub unusable: Vec<UsbDevice>,
    /// What drivers said that found nothing.
    pub messages: Vec<String>,
}

/// Has every driver for logic analyzers look for devices.
///
/// # Errors
/// [`LiveError`] when there is no libsigrok.
pub(crate) fn survey() -> Result<Survey, LiveError> {
    let sigrok = Sigrok::open()?;
    let (mut devices, mut messages, mut looked) = (Vec::new(), Vec::new(), 0);
    for driver in sigrok.drivers().into_iter().filter(|driver| driver.is_logic_analyzer()) {
        looked += 1;
        // What other drivers said is not this one's.
        messages.extend(texts(&sigrok.messages()));
        // A driver that cannot start has no devices; what it says is among the messages.
        let found = driver.scan(&[]).unwrap_or_default();
        devices.extend(found.iter().map(|device| sheet(&sigrok, &driver.name(), device)));
    }
    messages.extend(texts(&sigrok.messages()));
    let connections: Vec<String> = devices.iter().filter_map(|device| device.connection.clone()).collect();
    Ok(Survey {
        libsigrok: sigrok.version(),
        drivers: looked,
        unusable: usb::unusable(&connections),
        devices,
        messages,
    })
}

fn is_analog(channel: &Channel) -> bool {
    channel.kind == ChannelKind::Analog
}

fn sheet(sigrok: &Sigrok, driver: &str, device: &Device<'_>) -> DeviceSheet {
    let mut sheet = DeviceSheet {
        driver: driver.to_owned(),
        label: label(device, driver),
        serial_number: device.serial_number(),
        connection: device.connection(),
        channels: logic_channels(device).into_iter().map(|channel| channel.name).collect(),
        analog: device.channels().into_iter().filter(is_analog).map(|channel| channel.name).collect(),
        rates: None,
        settings: Vec::new(),
        streams: false,
        obstacles: Vec::new(),
    };
    match device.open() {
        Ok(open) => {
            sheet.rates = open.sample_rates().ok();
            sheet.settings = setting_sheets(sigrok, &open);
            sheet.streams = open.options(None).contains(&Key::CONTINUOUS);
        }
        Err(error) => {
            sheet.obstacles.push(error.to_string());
            sheet.obstacles.extend(texts(&sigrok.messages()));
            let here = |usb: &UsbDevice| Some(&usb.connection) == sheet.connection.as_ref();
            let on_usb: Vec<String> =
                usb::unusable(&[]).iter().filter(|usb| here(usb)).map(UsbDevice::to_string).collect();
            sheet.obstacles.extend(on_usb);
        }
    }
    sheet
}
