//! Decimal numbers as tables write them.

/// mantissa · 10^exponent, with as many digits as were written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Decimal {
    pub(super) mantissa: i128,
    pub(super) exponent: i32,
}

/// More digits or powers of ten than these are no time.
const MOST_DIGITS: usize = 30;
const MOST_EXPONENT: i32 = 30;

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
        if power.abs() > MOST_EXPONENT || digits.len() > MOST_DIGITS {
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
        ] {
            assert_eq!(Decimal::parse(text.as_bytes()), Some(Decimal { mantissa, exponent }), "{text}");
        }
        for text in ["", "-", ".", "1.2.3", "1e", "x", "1 2", "1e99", "2021-05-12", "0x10"] {
            assert_eq!(Decimal::parse(text.as_bytes()), None, "{text}");
        }
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
