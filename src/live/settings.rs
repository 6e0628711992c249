//! Setting a device as it was asked for.

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

/// The highest rate of a device, in hertz.
pub(super) fn fastest(rates: &SampleRates) -> Option<u64> {
    match rates {
        SampleRates::List(rates) => rates.iter().max().copied(),
        SampleRates::Steps(_, to, _) => Some(*to),
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
        Ok(choices) => error(format!("{source}; there are {}", choices.join(", "))),
        Err(_) => error(source.to_string()),
    })
}

/// The names of what can be set.
fn settable(sigrok: &Sigrok, device: &OpenDevice<'_, '_>) -> Vec<String> {
    let groups = device.logic_groups();
    let mut names = Vec::new();
    for group in std::iter::once(None).chain(groups.iter().map(Some)) {
        let keys = device.options(group).into_iter().filter(|key| device.can_set(group, *key));
        names.extend(keys.filter_map(|key| sigrok.key_info(key)).map(|info| info.id));
    }
    names
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
    fn only_the_rates_of_the_device_are_taken() {
        let steps = SampleRates::Steps(10, 100, 5);
        assert!([10, 15, 100].iter().all(|hz| has(&steps, *hz)));
        assert!(![9, 12, 101, 105].iter().any(|hz| has(&steps, *hz)));
        assert!(has(&SampleRates::List(vec![20, 24]), 24) && !has(&SampleRates::List(vec![20, 24]), 22));
    }

    #[test]
    fn rates_are_listed_for_people() {
        assert_eq!(rates_text(&SampleRates::List(vec![20_000, 24_000_000])), "20 kHz, 24 MHz");
        assert_eq!(rates_text(&SampleRates::Steps(1, 1_000_000_000, 1)), "1 Hz to 1 GHz in steps of 1 Hz");
    }
}
