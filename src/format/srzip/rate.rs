//! Sample rates as sigrok writes and reads them.

use crate::units::{Rational, Rounding, SampleRate, Unit, value_text};

/// The text of a rate that every sigrok reads exactly: whole megahertz, kilohertz or hertz, never with a fraction.
/// None unless the rate is a whole number of hertz.
pub(super) fn rate_text(rate: &SampleRate) -> Option<String> {
    let hertz = rate.hz().to_integer(Rounding::Down).filter(|&hertz| Rational::integer(hertz) == *rate.hz())?;
    let hertz = u64::try_from(hertz).ok()?;
    let prefixes = [(1_000_000, "MHz"), (1_000, "kHz"), (1, "Hz")];
    let (factor, unit) = prefixes.into_iter().find(|(factor, _)| hertz.is_multiple_of(*factor))?;
    Some(format!("{} {unit}", hertz / factor))
}

/// A sentence when sigrok's own tools read this text as another rate than the one that it states.
///
/// Their parser skips one letter behind a fraction: `24.5MHz` becomes 24 Hz, and what ends in a fraction is read beyond
/// its end. And it cuts rates to whole hertz.
pub(super) fn misreading(text: &str, rate: &SampleRate) -> Option<String> {
    let stated = || value_text(rate.hz(), Unit::Hertz, Rounding::Nearest);
    let (whole, fraction) = text.split_once('.')?;
    let behind = fraction.trim_start_matches(|c: char| c.is_ascii_digit());
    let read = match behind.as_bytes().first() {
        None => {
            let stated = stated();
            return Some(format!(
                "'samplerate={text}' is read as {stated}; sigrok's own tools read it as that or fail, by luck"
            ));
        }
        Some(b' ') => whole_hertz(whole, fraction, behind.trim().bytes().next()),
        Some(_) => whole.parse().unwrap_or(0),
    };
    (Rational::integer(i128::from(read)) != *rate.hz())
        .then(|| format!("'samplerate={text}' is read as {}; sigrok's own tools read it as {read} Hz", stated()))
}

/// What sigrok makes of a fraction and a suffix: its arithmetic is in floating point, and this one has to be.
fn whole_hertz(whole: &str, fraction: &str, suffix: Option<u8>) -> u64 {
    let factor: u64 = match suffix.map(|letter| letter.to_ascii_lowercase()) {
        Some(b'k') => 1_000,
        Some(b'm') => 1_000_000,
        Some(b'g') => 1_000_000_000,
        Some(_) | None => 1,
    };
    let digits: String = fraction.chars().take_while(char::is_ascii_digit).collect();
    let part: f64 = format!("0.{digits}").parse().unwrap_or(0.0);
    let whole: u64 = whole.parse().unwrap_or(0);
    (whole.saturating_mul(factor) as f64 + part * factor as f64) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rate(text: &str) -> SampleRate {
        SampleRate::parse(text).unwrap()
    }

    #[test]
    fn written_rates_have_no_fraction() {
        for (given, written) in [
            ("24 MHz", Some("24 MHz")),
            ("24.5MHz", Some("24500 kHz")),
            ("1.515151 MHz", Some("1515151 Hz")),
            ("17 Hz", Some("17 Hz")),
            ("1 GHz", Some("1000 MHz")),
            ("3.2768 kHz", None),
            ("66.666666667 MHz", None),
        ] {
            assert_eq!(rate_text(&rate(given)).as_deref(), written, "{given}");
        }
    }

    // What sigrok-cli 0.7.2 with libsigrok 0.5.2 was seen to read.
    #[test]
    fn misread_rates_are_said() {
        for (text, read) in [
            ("24.5MHz", "24 Hz"),
            ("2.4MHz", "2 Hz"),
            ("1.5M", "1 Hz"),
            ("3.2768 kHz", "3276 Hz"),
            ("66.666666667 MHz", "66666666 Hz"),
        ] {
            let sentence = misreading(text, &rate(text)).unwrap();
            assert!(sentence.ends_with(&format!("sigrok's own tools read it as {read}")), "{sentence}");
        }
        assert!(misreading("24000000.0", &rate("24000000.0")).unwrap().ends_with("by luck"));
        for text in ["24 MHz", "24000000", "2 mHz", "2.4 MHz", "12.500000 MHz", "1.515151 MHz", "0.024 GHz"] {
            assert_eq!(misreading(text, &rate(text)), None, "{text}");
        }
    }
}
