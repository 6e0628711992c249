//! The times of samples as decimal seconds, exact to the sample and fast enough for millions of them.

use super::{Rational, Rounding, SampleIndex, SampleRate};

/// Writes the times of samples of one rate in seconds, with as many decimals as it takes to tell two samples apart.
///
/// ```
/// use strobecheck::units::{SampleIndex, SampleRate, TimeText};
/// let time = TimeText::new(&SampleRate::parse("24MHz").unwrap());
/// assert_eq!(time.text(SampleIndex::new(1)), "0.000000042");
/// ```
#[derive(Debug, Clone)]
pub struct TimeText {
    period: Rational,
    places: u32,
    /// Whole hertz and the power of ten of the decimals, where both are small enough for machine arithmetic.
    whole: Option<(u64, u64)>,
}

impl TimeText {
    /// For samples of this rate.
    #[must_use]
    pub fn new(rate: &SampleRate) -> TimeText {
        const MOST_PLACES: u32 = 18;
        // One digit more than it takes to write the period.
        let places =
            (0..MOST_PLACES).find(|&p| *rate.period() >= Rational::decimal(1, -(p as i32))).unwrap_or(MOST_PLACES) + 1;
        let hz = rate.hz().to_integer(Rounding::Down).filter(|&hz| Rational::integer(hz) == *rate.hz());
        let whole = hz.and_then(|hz| u64::try_from(hz).ok()).filter(|&hz| hz < 1 << 32);
        let whole = whole.zip(10_u64.checked_pow(places)).filter(|(_, power)| *power < 1 << 40);
        TimeText { period: rate.period().clone(), places, whole }
    }

    /// Appends the time of a sample, as ASCII.
    pub fn append(&self, at: SampleIndex, out: &mut Vec<u8>) {
        let Some((hz, power)) = self.whole else {
            out.extend_from_slice(
                (Rational::from(at.get()) * &self.period).to_decimal(self.places, Rounding::Nearest).as_bytes(),
            );
            return;
        };
        // Rounded half up. Where the product fits into 64 bits, as it does for all usual rates, that is much faster.
        let rest = at.get() % hz;
        let rounded = match rest.checked_mul(2 * power).and_then(|product| product.checked_add(hz)) {
            Some(product) => product / (2 * hz),
            None => {
                let product = u128::from(rest) * u128::from(2 * power) + u128::from(hz);
                (product / u128::from(2 * hz)) as u64
            }
        };
        let (seconds, fraction) = (at.get() / hz + rounded / power, rounded % power);
        let mut digits = itoa::Buffer::new();
        out.extend_from_slice(digits.format(seconds).as_bytes());
        out.push(b'.');
        let text = digits.format(fraction).as_bytes();
        out.resize(out.len() + self.places as usize - text.len(), b'0');
        out.extend_from_slice(text);
    }

    /// The time of a sample.
    #[must_use]
    pub fn text(&self, at: SampleIndex) -> String {
        let mut out = Vec::new();
        self.append(at, &mut out);
        String::from_utf8_lossy(&out).into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn odd_rates_are_exact_too() {
        let rate = SampleRate::parse("3.2768 kHz").unwrap();
        assert_eq!(TimeText::new(&rate).text(SampleIndex::new(32_768)), "10.00000");
        let slow = SampleRate::from_hz(Rational::new(1, 3).unwrap()).unwrap();
        assert_eq!(TimeText::new(&slow).text(SampleIndex::new(2)), "6.0");
    }

    proptest! {
        #[test]
        fn machine_arithmetic_agrees_with_exact_numbers(hz in 1..2_000_000_000_i128, at in any::<u64>()) {
            let rate = SampleRate::from_hz(Rational::integer(hz)).unwrap();
            let time = TimeText::new(&rate);
            let exact = rate.seconds(crate::units::SampleCount::new(at.into()));
            prop_assert_eq!(time.text(SampleIndex::new(at)), exact.to_decimal(time.places, Rounding::Nearest));
        }
    }
}
