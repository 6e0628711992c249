//! Decimal numbers of a log, exactly.

use super::LogTime;
use super::columns::TimeUnit;

/// More digits than this are no time: nanoseconds since 1970 have 19.
pub(super) const MOST_DIGITS: usize = 24;

/// Why a text is no time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NumberError {
    Form,
    TooManyDigits,
}

/// A time, and how many digits it has behind its point; below 0 where an exponent moves the point beyond them.
pub(super) fn time(text: &str, unit: TimeUnit) -> Result<(LogTime, i32), NumberError> {
    let (negative, digits) = match text.as_bytes().first() {
        Some(b'-') => (true, &text[1..]),
        Some(b'+') => (false, &text[1..]),
        Some(_) | None => (false, text),
    };
    let (digits, exponent) = match digits.split_once(['e', 'E']) {
        Some((digits, exponent)) => (digits, self::exponent(exponent)?),
        None => (digits, 0),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let is_digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if !is_digits(whole) || !is_digits(fraction) || whole.len() + fraction.len() == 0 {
        return Err(NumberError::Form);
    }
    // Zeros behind the last digit that says something are no digits: some programs write 12 of them.
    let exact = fraction.trim_end_matches('0');
    let places = |digits: &str| i32::try_from(digits.len()).map_err(|_| NumberError::TooManyDigits);
    let significant = whole.trim_start_matches('0').len() + exact.len();
    if significant > MOST_DIGITS {
        return Err(NumberError::TooManyDigits);
    }
    let mantissa: i128 = format!("0{whole}{exact}").parse().map_err(|_| NumberError::TooManyDigits)?;
    let scale = unit.femtos_exponent() + exponent - places(exact)?;
    // At most 24 digits and 15 zeros: below 10^39 is not enough, so it is checked.
    let femtos = match u32::try_from(scale) {
        Ok(scale) => 10_i128.checked_pow(scale).and_then(|scale| mantissa.checked_mul(scale)),
        Err(_) if mantissa == 0 => Some(0),
        Err(_) => {
            let parts = 10_i128.checked_pow(scale.unsigned_abs());
            parts.filter(|parts| mantissa % parts == 0).map(|parts| mantissa / parts)
        }
    };
    let femtos = femtos.filter(|femtos| *femtos <= LONGEST).ok_or(NumberError::TooManyDigits)?;
    Ok((LogTime::new(if negative { -femtos } else { femtos }), places(fraction)? - exponent))
}

/// Longer times are none, in femtoseconds.
pub(super) const LONGEST: i128 = 10_i128.pow(30);

fn exponent(text: &str) -> Result<i32, NumberError> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || digits.len() > 3 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(NumberError::Form);
    }
    text.parse().map_err(|_| NumberError::Form)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_unit_is_read_exactly() {
        for (text, unit, femtos) in [
            ("153549449", TimeUnit::Micro, 153_549_449_000_000_000),
            ("153.549449", TimeUnit::Second, 153_549_449_000_000_000),
            ("153549.449", TimeUnit::Milli, 153_549_449_000_000_000),
            ("153549449000", TimeUnit::Nano, 153_549_449_000_000_000),
            ("-0.5", TimeUnit::Micro, -500_000_000),
            ("+.25", TimeUnit::Nano, 250_000),
            ("7.", TimeUnit::Second, 7_000_000_000_000_000),
            ("1.53549449e8", TimeUnit::Micro, 153_549_449_000_000_000),
            ("-8.334666000e-03", TimeUnit::Second, -8_334_666_000_000),
            ("5E+2", TimeUnit::Milli, 500_000_000_000_000),
            ("0001.000000000000000000", TimeUnit::Nano, 1_000_000),
            // 0.1 µs is no binary fraction.
            ("0.1", TimeUnit::Micro, 100_000_000),
            ("1700000000123456789", TimeUnit::Nano, 1_700_000_000_123_456_789_000_000),
        ] {
            assert_eq!(time(text, unit).map(|(time, _)| time.get()), Ok(femtos), "{text}");
        }
        let places = |text| time(text, TimeUnit::Micro).unwrap().1;
        assert_eq!(["1.250", "1.25e-2", "1.25e4"].map(places), [3, 4, -2]);
    }

    #[test]
    fn anything_else_is_refused() {
        for text in
            ["", ".", "-", "1,5", "0x10", "--1", "1.2.3", "e5", "1e", "1e5.0", "1e1000", "NaN", "inf", "1 2", "١"]
        {
            assert_eq!(time(text, TimeUnit::Micro), Err(NumberError::Form), "{text}");
        }
        // Six places are a femtosecond of a nanosecond; seven are finer.
        assert!(time("0.123456", TimeUnit::Nano).is_ok());
        assert_eq!(time("0.1234567", TimeUnit::Nano), Err(NumberError::TooManyDigits));
        assert_eq!(time(&"9".repeat(25), TimeUnit::Nano), Err(NumberError::TooManyDigits));
        assert_eq!(time(&"9".repeat(20), TimeUnit::Second), Err(NumberError::TooManyDigits));
    }
}
