//! Which devices there are, and why one is not usable.

use sigrok_sys::{Device, Key, Sigrok};

use super::device::{label, logic_channels};
use super::error::{LiveError, texts};
use super::settings::{fastest, rates_text};
use super::usb::{self, UsbDevice};

/// A device that a driver found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceSheet {
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
    /// The sample rates that it has, as a text.
    pub rates: Option<String>,
    /// The highest of them, in hertz.
    pub fastest: Option<u64>,
    /// Whether it can sample without end.
    pub streams: bool,
    /// Why it cannot be used, as sentences; empty: it can.
    pub obstacles: Vec<String>,
}

impl DeviceSheet {
    /// What `--device` takes: its driver, with the connection where it has one.
    #[must_use]
    pub fn name(&self) -> String {
        match &self.connection {
            Some(connection) => format!("{}:conn={connection}", self.driver),
            None => self.driver.clone(),
        }
    }
}

/// All that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Survey {
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
pub fn survey() -> Result<Survey, LiveError> {
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

fn sheet(sigrok: &Sigrok, driver: &str, device: &Device<'_>) -> DeviceSheet {
    let mut sheet = DeviceSheet {
        driver: driver.to_owned(),
        label: label(device, driver),
        serial_number: device.serial_number(),
        connection: device.connection(),
        channels: logic_channels(device).into_iter().map(|channel| channel.name).collect(),
        rates: None,
        fastest: None,
        streams: false,
        obstacles: Vec::new(),
    };
    match device.open() {
        Ok(open) => {
            let rates = open.sample_rates().ok();
            sheet.fastest = rates.as_ref().and_then(fastest);
            sheet.rates = rates.as_ref().map(rates_text);
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
