//! `strobecheck devices`: which logic analyzers there are, and why one is not usable.

use std::fmt::Write as _;

use super::args::DevicesArgs;
use super::{Exit, Failure, output, plan};
use crate::escape::visible;
use crate::live::{DeviceSheet, Survey, survey};
use crate::render::devices_json;
use crate::units::SampleRate;
use crate::verdict::rate_text;

pub(super) fn run(args: &DevicesArgs) -> Result<Exit, Failure> {
    // A spec that cannot be used is said before devices are looked for.
    let takes = args.spec.as_deref().map(plan::least_rate).transpose()?;
    let survey = survey()?;
    if args.json {
        output::print_bytes(&devices_json(&survey)?)?;
        return Ok(Exit::Done);
    }
    output::print_text(&listing(&survey, takes.as_ref()))?;
    Ok(Exit::Done)
}

fn listing(survey: &Survey, takes: Option<&SampleRate>) -> String {
    let mut text = String::new();
    for device in &survey.devices {
        text.push_str(&sheet(device, takes));
    }
    for device in &survey.unusable {
        let _infallible = writeln!(text, "not usable: {}", visible(&device.to_string()));
    }
    for message in &survey.messages {
        let _infallible = writeln!(text, "libsigrok: {}", visible(message));
    }
    let is_real = |device: &&DeviceSheet| device.driver != "demo";
    if survey.devices.iter().filter(is_real).count() + survey.unusable.len() == 0 {
        let _infallible = writeln!(
            text,
            "No analyzer is connected, as far as {} drivers can see. Those on a serial port are found only where they are \
             named: --device DRIVER:conn=PORT.",
            survey.drivers
        );
    }
    let _infallible = writeln!(text, "libsigrok {}", visible(&survey.libsigrok));
    text
}

fn sheet(device: &DeviceSheet, takes: Option<&SampleRate>) -> String {
    let mut text = format!("{}  {}\n", visible(&device.name()), visible(&device.label));
    let mut line = |key: &str, value: &str| {
        let _infallible = writeln!(text, "  {key:<13} {}", visible(value));
    };
    if let Some(serial) = &device.serial_number {
        line("serial number", serial);
    }
    line("channels", &device.channels.join(" "));
    if !device.analog.is_empty() {
        line("analog", &device.analog.join(" "));
    }
    if let Some(rates) = &device.rates_text() {
        line("sample rates", rates);
    }
    if let (Some(takes), true) = (takes, device.rates.is_some()) {
        let wanted = rate_text(takes);
        let said = match device.least_rate(takes) {
            Some(least) => format!("fast enough: it takes {wanted} or more, so --samplerate {}", rate_text(&least)),
            None => format!("TOO SLOW: it takes {wanted} or more"),
        };
        line("for the spec", &said);
    }
    for (number, setting) in device.settings.iter().enumerate() {
        let now = setting.value.as_ref().map(|value| format!("={value}")).unwrap_or_default();
        let choices = match setting.choices.as_slice() {
            [] => String::new(),
            choices => format!(" ({})", choices.join(", ")),
        };
        line(if number == 0 { "--config" } else { "" }, &format!("{}{now}{choices}", setting.key));
    }
    if device.obstacles.is_empty() && !device.streams {
        line("records", "into its memory: it must be told how much, with --time or --samples");
    }
    for obstacle in &device.obstacles {
        line("not usable", obstacle);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::live::SampleRates;

    #[test]
    fn a_device_that_cannot_be_used_says_why() {
        let device = DeviceSheet {
            driver: "fx2lafw".to_owned(),
            label: "Saleae\u{7} Logic".to_owned(),
            serial_number: None,
            connection: Some("1.5".to_owned()),
            channels: vec!["D0".to_owned(), "D1".to_owned()],
            analog: Vec::new(),
            rates: None,
            settings: Vec::new(),
            streams: false,
            obstacles: vec!["opening the device: the device cannot be read or written".to_owned()],
        };
        let survey = Survey {
            libsigrok: "0.5.2".to_owned(),
            drivers: 70,
            devices: vec![device],
            unusable: Vec::new(),
            messages: vec!["fx2lafw: Firmware upload failed".to_owned()],
        };
        let text = listing(&survey, None);
        assert!(text.starts_with("fx2lafw:conn=1.5  Saleae\\u{7} Logic\n"), "{text}");
        assert!(text.contains("  not usable    opening the device: the device cannot be read or written\n"), "{text}");
        assert!(text.contains("\nlibsigrok: fx2lafw: Firmware upload failed\n"), "{text}");
        assert!(!text.contains("No analyzer is connected"), "{text}");
    }

    #[test]
    fn a_device_that_is_slower_than_a_spec_takes_is_said_to_be() {
        let sheet_at = |rates: SampleRates| {
            let device = DeviceSheet {
                driver: "fx2lafw".to_owned(),
                label: "Logic".to_owned(),
                serial_number: None,
                connection: None,
                channels: vec!["D0".to_owned()],
                analog: Vec::new(),
                rates: Some(rates),
                settings: Vec::new(),
                streams: true,
                obstacles: Vec::new(),
            };
            sheet(&device, SampleRate::parse("600 kHz").ok().as_ref())
        };
        // At it, and one hertz below.
        let (enough, slow) =
            (sheet_at(SampleRates::List(vec![1, 600_000])), sheet_at(SampleRates::List(vec![599_999])));
        assert!(enough.contains("fast enough: it takes 600 kHz or more, so --samplerate 600 kHz"), "{enough}");
        assert!(slow.contains("TOO SLOW: it takes 600 kHz or more"), "{slow}");
    }
}
