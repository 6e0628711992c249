//! Setting a device as it was asked for.

use serde::Serialize;
use sigrok_sys::{Key, OpenDevice, SampleRates, Sigrok, Value, ValueKind};

use super::error::LiveError;
use super::order::Setting;
use crate::units::{Rational, Rounding, SampleRate, Unit, parse_value_as, value_text};

/// Sets the device to a rate and returns the one that it is set to: drivers round.
pub(super) fn set_rate(device: &OpenDevice<'_, '_>, wanted: Option<&SampleRate>) -> Result<SampleRate, LiveError> {
    let error = |reason: String| LiveError::Setting { option: "--samplerate".to_owned(), reason };
    let text = |rate: &SampleRate| value_text(rate.hz(), Unit::Hertz, Rounding::Nearest);
    let known = device.sample_rates().ok();
    let choices = || known.as_ref().map_or_else(String::new, |rates| format!("; it has {}", rates_text(rates)));
    if let Some(wanted) = wanted {
        let hz = whole(wanted.hz()).ok_or_else(|| error(format!("{} is no whole number of hertz", text(wanted))))?;
        // Some drivers take any rate, and then sample at none.
        if known.as_ref().is_some_and(|rates| !has(rates, hz)) {
            return Err(error(format!("the device does not sample at {}{}", text(wanted), choices())));
        }
        device
            .set(None, Key::SAMPLE_RATE, &Value::Unsigned(hz))
            .map_err(|source| error(format!("the device does not take {}: {source}{}", text(wanted), choices())))?;
    }
    let hz = device.get_unsigned(Key::SAMPLE_RATE).map_err(|source| error(source.to_string()))?;
    let rate = SampleRate::from_hz(Rational::from(hz)).ok_or_else(|| error("the device says 0 Hz".to_owned()))?;
    if wanted.is_some_and(|wanted| wanted.hz() != rate.hz()) {
        return Err(error(format!("the device would sample at {} instead{}", text(&rate), choices())));
    }
    Ok(rate)
}

/// Whether a rate is one of these.
fn has(rates: &SampleRates, hz: u64) -> bool {
    match rates {
        SampleRates::List(rates) => rates.contains(&hz),
        SampleRates::Steps(from, to, step) => (*from..=*to).contains(&hz) && (hz - from).is_multiple_of((*step).max(1)),
    }
}

/// The rates of a device, as a text for people.
pub(super) fn rates_text(rates: &SampleRates) -> String {
    let text = |hz: &u64| value_text(&Rational::from(*hz), Unit::Hertz, Rounding::Nearest);
    match rates {
        SampleRates::List(rates) => rates.iter().map(text).collect::<Vec<_>>().join(", "),
        SampleRates::Steps(from, to, step) => format!("{} to {} in steps of {}", text(from), text(to), text(step)),
    }
}

/// The lowest rate of a device, in hertz, that is not below this one; none: it is too slow.
pub(super) fn least_rate(rates: &SampleRates, wanted: &Rational) -> Option<u64> {
    let is_enough = |hz: &u64| Rational::from(*hz) >= *wanted;
    match rates {
        SampleRates::List(rates) => rates.iter().copied().filter(is_enough).min(),
        SampleRates::Steps(from, to, step) => {
            let wanted = u64::try_from(wanted.to_integer(Rounding::Up)?).ok()?;
            let steps = wanted.saturating_sub(*from).div_ceil((*step).max(1));
            steps.checked_mul(*step).and_then(|more| from.checked_add(more)).filter(|hz| hz <= to)
        }
    }
}

fn whole(value: &Rational) -> Option<u64> {
    let down = value.to_integer(Rounding::Down)?;
    (Rational::from(down) == *value).then(|| u64::try_from(down).ok()).flatten()
}

/// Sets the device, or the logic channels' group, whichever has the setting.
pub(super) fn apply(sigrok: &Sigrok, device: &OpenDevice<'_, '_>, setting: &Setting) -> Result<(), LiveError> {
    let error =
        |reason: String| LiveError::Setting { option: format!("--config {}={}", setting.key, setting.value), reason };
    let known = || {
        let keys = settable(sigrok, device);
        format!("the device has {}", if keys.is_empty() { "nothing to set".to_owned() } else { keys.join(", ") })
    };
    let info = sigrok.key_named(&setting.key).ok_or_else(|| error(format!("there is no such setting; {}", known())))?;
    let value = value_of(info.kind, &info.id, &setting.value).map_err(&error)?;
    let groups = device.logic_groups();
    let places = std::iter::once(None).chain(groups.iter().map(Some));
    let place = places.into_iter().find(|group| device.can_set(*group, info.key));
    let place = place.ok_or_else(|| error(format!("the device does not have it; {}", known())))?;
    device.set(place, info.key, &value).map_err(|source| match device.choices(place, info.key) {
        Ok(choices) => error(format!("{source}; there are {}", value_texts(&choices).join(", "))),
        Err(_) => error(source.to_string()),
    })
}

/// Sets from which voltage on a line is high. Some devices take any voltage, others two of a list: below the first a line is low,
/// above the second it is high, and the closest two around the voltage are taken. Returns what was set.
pub(super) fn set_threshold(device: &OpenDevice<'_, '_>, volts: f64) -> Result<Setting, LiveError> {
    let error = |reason: String| LiveError::Setting { option: format!("--threshold {volts}V"), reason };
    let groups = device.logic_groups();
    let mut places = std::iter::once(None).chain(groups.iter().map(Some));
    let place = places.find(|group| device.can_set(*group, Key::VOLTAGE_THRESHOLD)).ok_or_else(|| {
        error("the device has no threshold that can be set: lines of 1.8 V need a level shifter before it".to_owned())
    })?;
    let listed = device.choices(place, Key::VOLTAGE_THRESHOLD).unwrap_or_default();
    let value = threshold_of(volts, &listed).ok_or_else(|| {
        error(format!("the device has no threshold there; it has {}", value_texts(&listed).join(", ")))
    })?;
    device.set(place, Key::VOLTAGE_THRESHOLD, &value).map_err(|source| error(source.to_string()))?;
    Ok(Setting { key: "voltage_threshold".to_owned(), value: value_text_of(&value) })
}

/// The threshold among those that a device lists.
fn threshold_of(volts: f64, listed: &[Value]) -> Option<Value> {
    /// Lists are made in steps, as floats.
    const ALIKE: f64 = 1e-6;
    if listed.is_empty() {
        return Some(Value::FloatRange(volts, volts));
    }
    let ranges = listed.iter().filter_map(|value| {
        let Value::FloatRange(low, high) = value else { return None };
        Some((*low, *high))
    });
    let around = ranges.filter(|(low, high)| *low <= volts + ALIKE && volts <= *high + ALIKE);
    let closest = around.min_by(|a, b| (a.1 - a.0).total_cmp(&(b.1 - b.0)));
    closest.map(|(low, high)| Value::FloatRange(low, high))
}

/// What can be set on a device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct SettingSheet {
    /// libsigrok's name for it, as `--config` takes it.
    pub key: String,
    /// What it is set to, if the device says so.
    pub value: Option<String>,
    /// What it can be set to, if the device lists it.
    pub choices: Vec<String>,
}

/// All that can be set with `--config`; what has an option of its own is left out.
pub(super) fn setting_sheets(sigrok: &Sigrok, device: &OpenDevice<'_, '_>) -> Vec<SettingSheet> {
    const OWN: [Key; 2] = [Key::SAMPLE_RATE, Key::LIMIT_SAMPLES];
    let groups = device.logic_groups();
    let mut sheets = Vec::new();
    for group in std::iter::once(None).chain(groups.iter().map(Some)) {
        for key in device.options(group).into_iter().filter(|key| !OWN.contains(key) && device.can_set(group, *key)) {
            let Some(info) = sigrok.key_info(key) else { continue };
            let value = device.get(group, key).ok().map(|value| value_text_of(&value));
            let choices = value_texts(&device.choices(group, key).unwrap_or_default());
            sheets.push(SettingSheet { key: info.id, value, choices });
        }
    }
    sheets
}

/// The names of what can be set.
fn settable(sigrok: &Sigrok, device: &OpenDevice<'_, '_>) -> Vec<String> {
    setting_sheets(sigrok, device).into_iter().map(|sheet| sheet.key).collect()
}

fn value_texts(values: &[Value]) -> Vec<String> {
    values.iter().map(value_text_of).collect()
}

/// A value as [`value_of`] reads it.
fn value_text_of(value: &Value) -> String {
    match value {
        Value::Unsigned(value) => value.to_string(),
        Value::Integer(value) => value.to_string(),
        Value::Float(value) => value.to_string(),
        Value::Text(value) => value.clone(),
        Value::Switch(value) => if *value { "on" } else { "off" }.to_owned(),
        Value::Ratio(p, q) => format!("{p}/{q}"),
        // Lists are made in steps, as floats.
        Value::FloatRange(a, b) => format!("{}-{}", (a * 1e6).round() / 1e6, (b * 1e6).round() / 1e6),
    }
}

/// The value of a setting or an option, from its text.
pub(super) fn value_of(kind: ValueKind, id: &str, text: &str) -> Result<Value, String> {
    match kind {
        ValueKind::Text => Ok(Value::Text(text.to_owned())),
        ValueKind::Unsigned => unsigned(text)
            .map(Value::Unsigned)
            .ok_or_else(|| format!("{id} is a whole number, as in 1000, 24MHz or 500ms")),
        ValueKind::Integer => text.parse().map(Value::Integer).map_err(|_| format!("{id} is a whole number")),
        ValueKind::Float => text.parse().map(Value::Float).map_err(|_| format!("{id} is a number")),
        ValueKind::Switch => match text {
            "on" | "true" | "yes" | "1" => Ok(Value::Switch(true)),
            "off" | "false" | "no" | "0" => Ok(Value::Switch(false)),
            _ => Err(format!("{id} is on or off")),
        },
        ValueKind::Ratio => {
            let parts = text.split_once('/').and_then(|(p, q)| Some((p.parse().ok()?, q.parse().ok()?)));
            parts.map(|(p, q)| Value::Ratio(p, q)).ok_or_else(|| format!("{id} is a fraction, as in 1/1000"))
        }
        ValueKind::FloatRange => {
            let parts = text.split_once('-').and_then(|(a, b)| Some((a.parse().ok()?, b.parse().ok()?)));
            parts.map(|(a, b)| Value::FloatRange(a, b)).ok_or_else(|| format!("{id} is two numbers, as in 0.8-2.0"))
        }
        ValueKind::Other => Err(format!("{id} cannot be set from here")),
    }
}

/// A whole number; a frequency in hertz; a time in milliseconds, in which libsigrok counts.
fn unsigned(text: &str) -> Option<u64> {
    let plain = || text.parse().ok();
    let hertz = || whole(&parse_value_as(text, Unit::Hertz).ok()?);
    let milliseconds = || whole(&parse_value_as(text, Unit::Second).ok()?.times(1000));
    plain().or_else(hertz).or_else(milliseconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_plain_or_have_a_unit() {
        assert_eq!(unsigned("1000"), Some(1000));
        assert_eq!(unsigned("24.5 MHz"), Some(24_500_000));
        assert_eq!(unsigned("1.5s"), Some(1500));
        assert_eq!(unsigned("0.5 ms"), None);
        assert_eq!(unsigned("-3"), None);
    }

    #[test]
    fn a_threshold_is_taken_as_the_device_lists_it() {
        let range = |low, high| Value::FloatRange(low, high);
        // A DSLogic of the first kind, one whose list is made in steps, and one that lists nothing.
        let pairs = [range(0.7, 1.4), range(1.4, 3.6)];
        assert_eq!(threshold_of(0.9, &pairs), Some(range(0.7, 1.4)));
        assert_eq!(threshold_of(0.5, &pairs), None);
        let steps: Vec<Value> = (0..50).map(|step| range(f64::from(step) * 0.1, f64::from(step) * 0.1)).collect();
        let text = threshold_of(0.9, &steps).map(|value| value_text_of(&value));
        assert_eq!(text.as_deref(), Some("0.9-0.9"));
        assert_eq!(threshold_of(0.95, &steps), None);
        assert_eq!(threshold_of(0.9, &[]), Some(range(0.9, 0.9)));
        assert_eq!(value_of(ValueKind::FloatRange, "voltage_threshold", "0.7-1.4"), Ok(range(0.7, 1.4)));
    }

    #[test]
    fn only_the_rates_of_the_device_are_taken() {
        let steps = SampleRates::Steps(10, 100, 5);
        assert!([10, 15, 100].iter().all(|hz| has(&steps, *hz)));
        assert!(![9, 12, 101, 105].iter().any(|hz| has(&steps, *hz)));
        assert!(has(&SampleRates::List(vec![20, 24]), 24) && !has(&SampleRates::List(vec![20, 24]), 22));
        let least = |rates: &SampleRates, hz: i128| least_rate(rates, &Rational::from(hz));
        assert_eq!([10, 11, 15, 100, 101].map(|hz| least(&steps, hz)), [Some(10), Some(15), Some(15), Some(100), None]);
        let list = SampleRates::List(vec![24, 20]);
        assert_eq!([1, 20, 21, 24, 25].map(|hz| least(&list, hz)), [Some(20), Some(20), Some(24), Some(24), None]);
    }

    #[test]
    fn rates_are_listed_for_people() {
        assert_eq!(rates_text(&SampleRates::List(vec![20_000, 24_000_000])), "20 kHz, 24 MHz");
        assert_eq!(rates_text(&SampleRates::Steps(1, 1_000_000_000, 1)), "1 Hz to 1 GHz in steps of 1 Hz");
    }
}
