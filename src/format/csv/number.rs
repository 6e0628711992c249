//! Decimal numbers and dates as tables write them.

use std::cmp::Ordering;

use jiff::civil::{DateTime, Time};
use jiff::tz::TimeZone;

/// mantissa · 10^exponent, with as many digits as were written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Decimal {
    pub(super) mantissa: i128,
    pub(super) exponent: i32,
}

/// More digits or powers of ten than these are no time.
const MOST_DIGITS: usize = 30;
const MOST_EXPONENT: u32 = 30;

impl Decimal {
    /// Reads `-0.00125`, `1.25e-3`, and `0,00125` where a comma does not part the columns.
    pub(super) fn parse(field: &[u8]) -> Option<Decimal> {
        let (negative, digits) = match field.split_first()? {
            (b'-', rest) => (true, rest),
            (b'+', rest) => (false, rest),
            _ => (false, field),
        };
        let (digits, power) = match digits.iter().position(|byte| matches!(byte, b'e' | b'E')) {
            Some(at) => (&digits[..at], std::str::from_utf8(&digits[at + 1..]).ok()?.parse::<i32>().ok()?),
            None => (digits, 0),
        };
        if power.unsigned_abs() > MOST_EXPONENT || digits.len() > MOST_DIGITS {
            return None;
        }
        let (mut mantissa, mut places, mut any) = (0_i128, None, false);
        for byte in digits {
            match byte {
                b'0'..=b'9' => {
                    mantissa = mantissa * 10 + i128::from(byte - b'0');
                    places = places.map(|places: i32| places + 1);
                    any = true;
                }
                b'.' | b',' if places.is_none() => places = Some(0),
                _ => return None,
            }
        }
        let mantissa = if negative { -mantissa } else { mantissa };
        any.then(|| Decimal { mantissa, exponent: power - places.unwrap_or(0) })
    }

    /// What it is as a level.
    pub(super) fn level(self) -> Option<bool> {
        match (self.mantissa, self.scaled(0)) {
            (0, _) => Some(false),
            (_, Some(1)) if self.order(Decimal { mantissa: 1, exponent: 0 }) == Some(Ordering::Equal) => Some(true),
            _ => None,
        }
    }

    /// How it stands to another one; none beyond what can be counted with.
    pub(super) fn order(self, other: Decimal) -> Option<Ordering> {
        if self.exponent == other.exponent {
            return Some(self.mantissa.cmp(&other.mantissa));
        }
        let exponent = self.exponent.min(other.exponent);
        Some(self.scaled(exponent)?.cmp(&other.scaled(exponent)?))
    }

    /// It less another one, which is no finer than 10^-15.
    pub(super) fn minus(self, other: Decimal) -> Option<Decimal> {
        let exponent = self.exponent.min(other.exponent);
        Some(Decimal { mantissa: self.scaled(exponent)? - other.scaled(exponent)?, exponent })
    }

    /// It so many times, and that times 10^exponent.
    pub(super) fn times(self, factor: i128, exponent: i32) -> Option<Decimal> {
        Some(Decimal { mantissa: self.mantissa.checked_mul(factor)?, exponent: self.exponent + exponent })
    }

    /// The digits from the first that is none of zero to the last that is written.
    pub(super) fn digits(self) -> u32 {
        self.mantissa.unsigned_abs().checked_ilog10().map_or(0, |log| log + 1)
    }

    /// Reads the date and time of ISO 8601, with or without a zone, or a time of day: seconds since 1970 or midnight. What
    /// has no zone is taken for UTC: only distances matter.
    pub(super) fn stamp(field: &[u8]) -> Option<Decimal> {
        const LONGEST: usize = 60;
        const FINEST: usize = 15;
        let text = std::str::from_utf8(field).ok().filter(|text| text.len() <= LONGEST && text.contains(':'))?;
        let point = text.find(['.', ',']).unwrap_or(text.len());
        let (head, rest) = text.split_at(point);
        let fraction = rest.get(1..).unwrap_or_default();
        let digits = fraction.len() - fraction.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let (fraction, zone) = fraction.split_at(digits);
        let whole = match head.replacen('/', "-", 2) {
            head if !head.contains('-') => {
                let (time, zone) = head.split_at_checked(head.len() - usize::from(head.ends_with('Z')))?;
                let time: Time = time.parse().ok().filter(|_| zone.len() <= 1)?;
                i64::from(time.hour()) * 3600 + i64::from(time.minute()) * 60 + i64::from(time.second())
            }
            head => {
                let whole = format!("{head}{}", zone.trim());
                let zoned = whole.parse::<jiff::Timestamp>().ok().map(jiff::Timestamp::as_second);
                let local = || {
                    let date: DateTime = whole.parse().ok()?;
                    Some(TimeZone::UTC.to_timestamp(date).ok()?.as_second())
                };
                zoned.or_else(local)?
            }
        };
        if fraction.len() > FINEST {
            return None;
        }
        let places = i32::try_from(fraction.len()).ok()?;
        let fraction: i128 = format!("0{fraction}").parse().ok()?;
        let mantissa =
            i128::from(whole).checked_mul(10_i128.checked_pow(places.unsigned_abs())?)?.checked_add(fraction)?;
        Some(Decimal { mantissa, exponent: -places })
    }

    /// It in units of 10^exponent, to the nearest whole; none beyond what can be counted with.
    pub(super) fn scaled(self, exponent: i32) -> Option<i128> {
        const MOST: i128 = 1 << 100;
        self.rounded(exponent).filter(|whole| whole.abs() < MOST)
    }

    fn rounded(self, exponent: i32) -> Option<i128> {
        let power = 10_i128.checked_pow((self.exponent - exponent).unsigned_abs())?;
        if self.exponent >= exponent {
            self.mantissa.checked_mul(power)
        } else {
            Some(self.mantissa.checked_mul(2)?.checked_add(power)?.div_euclid(power.checked_mul(2)?))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_with_the_digits_that_they_have() {
        for (text, mantissa, exponent) in [
            ("0", 0, 0),
            ("0.000000000", 0, -9),
            ("-0.0125", -125, -4),
            ("1.25e-3", 125, -5),
            ("+7E2", 7, 2),
            ("0,5", 5, -1),
            (".5", 5, -1),
            ("5.", 5, 0),
            ("1.5E+03", 15, 2),
        ] {
            assert_eq!(Decimal::parse(text.as_bytes()), Some(Decimal { mantissa, exponent }), "{text}");
        }
        for text in
            ["", "-", ".", "1.2.3", "1e", "x", "1 2", "1e99", "1e-2147483648", "1e99999999999", "2021-05-12", "0x10"]
        {
            assert_eq!(Decimal::parse(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn dates_are_read_to_the_last_digit() {
        // 2026-01-30 is day 20483 since 1970.
        let day = 20_483 * 86_400 + 14 * 3600 + 6 * 60 + 9;
        for (text, mantissa, exponent) in [
            ("2026-01-30T14:06:09.352115000+00:00", day * 1_000_000_000 + 352_115_000, -9),
            ("2026-01-30T15:06:09.352115000+01:00", day * 1_000_000_000 + 352_115_000, -9),
            ("2026-01-30T14:06:09Z", day, 0),
            ("2026-01-30 14:06:09.5", day * 10 + 5, -1),
            ("2026/01/30 14:06:09,123456789012", day * 1_000_000_000_000 + 123_456_789_012, -12),
            ("14:06:09.25", (14 * 3600 + 6 * 60 + 9) * 100 + 25, -2),
        ] {
            assert_eq!(Decimal::stamp(text.as_bytes()), Some(Decimal { mantissa, exponent }), "{text}");
        }
        for text in ["", ":", "2026-01-30", "2026-13-30T14:06:09", "1:2", "abc:d", "2026-01-30T14:06:09.x", "12.5"] {
            assert_eq!(Decimal::stamp(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn numbers_stand_to_each_other() {
        let of = |text: &str| Decimal::parse(text.as_bytes()).unwrap();
        assert_eq!(of("0.10").order(of("0.1")), Some(Ordering::Equal));
        assert_eq!(of("-2").order(of("1e-3")), Some(Ordering::Less));
        assert_eq!(of("1.5").minus(of("0.25")), Some(of("1.25")));
        assert_eq!(of("0.5").times(60, -3), Some(Decimal { mantissa: 300, exponent: -4 }));
        let levels = ["0", "0.00", "1", "1.0", "0.5", "1.2", "2", "-1"].map(|text| of(text).level());
        assert_eq!(levels, [Some(false), Some(false), Some(true), Some(true), None, None, None, None]);
        assert_eq!(["0", "0.00125", "100"].map(|text| of(text).digits()), [0, 3, 3]);
    }

    #[test]
    fn a_finer_number_is_rounded() {
        let scaled = |text: &str, exponent| Decimal::parse(text.as_bytes()).unwrap().scaled(exponent);
        assert_eq!(scaled("0.00125", -6), Some(1250));
        assert_eq!(scaled("0.0012504", -6), Some(1250));
        assert_eq!(scaled("0.0012505", -6), Some(1251));
        assert_eq!(scaled("-0.0012506", -6), Some(-1251));
        assert_eq!(scaled("1e30", -15), None);
    }
}
