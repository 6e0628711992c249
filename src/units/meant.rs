//! What was meant by a value that is none: decimal commas, exponents, minus signs of word processors, units by other names.

use super::strict::strict_value;
use super::{Rational, Rounding, Unit, value_text};

/// Other names of units, in lower case.
const UNITS: [(&str, &[&str]); 11] = [
    ("s", &["sec", "secs", "second", "seconds"]),
    ("ms", &["msec", "msecs", "millisecond", "milliseconds", "milli", "millis"]),
    ("us", &["usec", "usecs", "\u{b5}sec", "\u{3bc}sec", "microsecond", "microseconds", "micro", "micros", "mus"]),
    ("ns", &["nsec", "nsecs", "nanosecond", "nanoseconds"]),
    ("ps", &["psec", "picosecond", "picoseconds"]),
    ("min", &["mins", "minute", "minutes"]),
    ("Hz", &["fps", "f/s", "hertz", "1/s"]),
    ("kHz", &["kilohertz"]),
    ("MHz", &["megahertz"]),
    ("%", &["percent", "pct", "per cent"]),
    ("ppm", &["parts per million"]),
];
/// Units that differ from these by the case of their letters only. Of milli- and megahertz that is not so.
const CASELESS: [&str; 9] = ["s", "ms", "us", "ns", "ps", "min", "Hz", "kHz", "ppm"];
/// Longer texts were not meant to be values.
const LONGEST: usize = 60;
/// No value of a spec has a larger exponent.
const LARGEST_EXPONENT: i32 = 18;

/// What is wrong with a text, and how it is written; none where it is not clear what was meant.
pub(super) fn meant(text: &str) -> Option<(String, String)> {
    if text.len() > LONGEST {
        return None;
    }
    let mut why = None;
    let mut now = text.trim().to_owned();
    for mend in [minus, separators, point, exponent, unit] {
        if let Some((wrong, mended)) = mend(&now) {
            why.get_or_insert(wrong);
            now = mended;
        }
    }
    strict_value(&now).ok()?;
    why.map(|why| (why, now))
}

/// The time of a rate: 1/30 s of 30 Hz.
pub(super) fn as_time(rate: &str) -> Option<String> {
    let number = rate.strip_suffix("Hz")?.trim();
    let is_plain = number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    is_plain.then(|| format!("1/{number} s"))
}

fn minus(text: &str) -> Option<(String, String)> {
    const SIGNS: [char; 5] = ['\u{2212}', '\u{2013}', '\u{2014}', '\u{2010}', '\u{fe63}'];
    let sign = text.chars().next().filter(|first| SIGNS.contains(first))?;
    let why = format!("'{sign}' (U+{:04X}) is not the sign '-'", u32::from(sign));
    Some((why, text.replacen(sign, "-", 1)))
}

/// Where the number of a text ends that is written with blanks, commas and underscores.
fn number_end(text: &str) -> usize {
    let is_part = |c: char| c.is_ascii_digit() || "+-.,_' \u{a0}\u{202f}\u{2009}".contains(c);
    let end = text.find(|c: char| !is_part(c)).unwrap_or(text.len());
    text[..end].trim_end().len()
}

/// Decimal commas, and digits in groups.
fn separators(text: &str) -> Option<(String, String)> {
    let (number, rest) = text.split_at(number_end(text));
    let is_separator = |c: char| !c.is_ascii_digit() && !"+-.".contains(c);
    if !number.contains(is_separator) {
        return None;
    }
    let unit = rest.trim();
    let whole: String = number.chars().filter(|c| !is_separator(*c)).collect();
    let groups: Vec<&str> = number.split(is_separator).collect();
    let are_groups = groups.iter().skip(1).all(|group| group.split('.').next().is_some_and(|group| group.len() == 3));
    if number.matches(',').count() == 1 && number.matches(is_separator).count() == 1 && !number.contains('.') {
        let point = number.replace(',', ".");
        // 1,000 may be both.
        let both = if are_groups { format!(" (or {})", spaced(&whole, unit)) } else { String::new() };
        return Some((format!("a decimal comma{both}"), spaced(&point, unit)));
    }
    are_groups.then(|| ("digits in groups".to_owned(), spaced(&whole, unit)))
}

fn spaced(number: &str, unit: &str) -> String {
    format!("{number} {unit}").trim_end().to_owned()
}

/// A number that begins or ends with its point.
fn point(text: &str) -> Option<(String, String)> {
    let digits = text.trim_start_matches(['+', '-']);
    let sign = &text[..text.len() - digits.len()];
    if digits.starts_with('.') {
        return Some(("a number begins with a digit".to_owned(), format!("{sign}0{digits}")));
    }
    let end = digits.find(|c: char| !c.is_ascii_digit())?;
    let rest = digits[end..].strip_prefix('.')?;
    let ends = !rest.starts_with(|c: char| c.is_ascii_digit());
    ends.then(|| ("a number ends with a digit".to_owned(), spaced(&format!("{sign}{}", &digits[..end]), rest.trim())))
}

fn exponent(text: &str) -> Option<(String, String)> {
    let at = text.find(['e', 'E'])?;
    let (mantissa, behind) = (text[..at].trim(), &text[at + 1..]);
    let sign = usize::from(behind.starts_with(['+', '-']));
    let end = behind[sign..].find(|c: char| !c.is_ascii_digit()).map_or(behind.len(), |end| end + sign);
    let power: i32 = behind[..end].parse().ok().filter(|power: &i32| power.abs() <= LARGEST_EXPONENT)?;
    let (_, symbol) = unit(&spaced("1", behind[end..].trim())).unwrap_or_default();
    let symbol = symbol.strip_prefix("1 ").unwrap_or(behind[end..].trim());
    let (value, kind) = strict_value(&spaced(mantissa, symbol)).ok()?;
    let value = value * Rational::decimal(1, power);
    let plain = value_text(&value, kind, Rounding::Nearest).replace('\u{b5}', "u");
    // The same value, or it is none that is written so.
    let is_same = strict_value(&plain).is_ok_and(|(same, _)| same == value) || kind == Unit::Count;
    is_same.then(|| ("numbers have no exponents".to_owned(), plain))
}

fn unit(text: &str) -> Option<(String, String)> {
    let at = text.rfind(|c: char| c.is_ascii_digit()).map_or(0, |at| at + 1);
    let (number, symbol) = (text[..at].trim(), text[at..].trim());
    let lower = symbol.to_lowercase();
    let named = UNITS.iter().find(|(_, names)| names.contains(&lower.as_str())).map(|(unit, _)| *unit);
    let spelled = CASELESS.into_iter().find(|unit| unit.to_lowercase() == lower && *unit != symbol);
    let meant = named.or(spelled)?;
    // Prefixed as it stands, or milli- and megahertz were mixed up.
    (strict_value(&spaced(number, symbol)).is_err())
        .then(|| (format!("unknown unit '{symbol}'"), spaced(number, meant)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_meant_is_said() {
        for (text, write) in [
            ("33,3 ms", "33.3 ms"),
            ("20,5ms", "20.5 ms"),
            ("1,000 us", "1.000 us"),
            ("1 000 us", "1000 us"),
            ("1,000,000 ns", "1000000 ns"),
            ("1_000 us", "1000 us"),
            ("2e-2 s", "20 ms"),
            ("1.5E3 us", "1.5 ms"),
            ("1e2 usec", "100 us"),
            ("20 usec", "20 us"),
            ("20 MSEC", "20 ms"),
            ("30fps", "30 Hz"),
            ("30 hz", "30 Hz"),
            ("1 khz", "1 kHz"),
            ("5 percent", "5 %"),
            ("50 PPM", "50 ppm"),
            ("\u{2212}50 us", "-50 us"),
            ("\u{2013}33,3 msec", "-33.3 ms"),
            (".5 ms", "0.5 ms"),
            ("5. ms", "5 ms"),
        ] {
            assert_eq!(meant(text).map(|(_, write)| write).as_deref(), Some(write), "{text}");
        }
        for text in ["", "x", "20 parsec", "1e99 s", "1,2,3 ms", "20 ms, 10 ms", "ee", "\u{2212}", "1e", ","] {
            assert_eq!(meant(text), None, "{text}");
        }
        assert_eq!(as_time("30 Hz").as_deref(), Some("1/30 s"));
    }
}
