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
    /// Where the numbers are small enough for machine arithmetic, as they are for all usual rates.
    machine: Option<Machine>,
}

/// Times by machine arithmetic. Samples come in order, mostly many in one second: what that is, is kept.
#[derive(Debug, Clone)]
struct Machine {
    hz: u64,
    /// The power of ten of the decimals.
    power: u64,
    /// The greatest number of 64 bits, by twice the rate.
    reciprocal: u64,
    second: u64,
    /// Its first sample.
    first: u64,
    /// Its text, with the decimal point.
    text: Vec<u8>,
}

impl Machine {
    fn new(rate: &SampleRate, places: u32) -> Option<Machine> {
        let hz = rate.hz().to_integer(Rounding::Down).filter(|&hz| Rational::integer(hz) == *rate.hz())?;
        let hz = u64::try_from(hz).ok().filter(|&hz| hz < 1 << 32)?;
        let power = 10_u64.checked_pow(places).filter(|&power| power < 1 << 40)?;
        let mut machine = Machine { hz, power, reciprocal: u64::MAX / (2 * hz), second: 0, first: 0, text: Vec::new() };
        machine.enter(0);
        Some(machine)
    }

    /// The present second is that of this sample.
    fn enter(&mut self, at: u64) {
        self.second = at / self.hz;
        self.first = self.second * self.hz;
        self.text.clear();
        self.text.extend_from_slice(itoa::Buffer::new().format(self.second).as_bytes());
        self.text.push(b'.');
    }

    fn append(&mut self, at: u64, out: &mut Vec<u8>) {
        if at < self.first || at - self.first >= self.hz {
            self.enter(at);
        }
        let fraction = self.rounded(at - self.first);
        out.extend_from_slice(&self.text);
        // Behind a leading 1 every place has its digit. None is rounded up to the next second: a period is ten units of the
        // last place at least.
        out.extend_from_slice(
            itoa::Buffer::new().format(self.power + fraction).as_bytes().get(1..).unwrap_or_default(),
        );
    }

    /// The time of a sample of this second in units of the last decimal, rounded half up: times `power` by `hz`.
    fn rounded(&self, rest: u64) -> u64 {
        let denominator = 2 * self.hz;
        let product = rest.checked_mul(2 * self.power).and_then(|product| product.checked_add(self.hz));
        let Some(numerator) = product else {
            let numerator = u128::from(rest) * u128::from(2 * self.power) + u128::from(self.hz);
            return (numerator / u128::from(denominator)) as u64;
        };
        // The product with the reciprocal, without a division, is less than the quotient by 2 at most.
        let mut quotient = ((u128::from(numerator) * u128::from(self.reciprocal)) >> u64::BITS) as u64;
        let mut left = numerator - quotient * denominator;
        while left >= denominator {
            (quotient, left) = (quotient + 1, left - denominator);
        }
        quotient
    }
}

impl TimeText {
    /// For samples of this rate.
    #[must_use]
    pub fn new(rate: &SampleRate) -> TimeText {
        const MOST_PLACES: u32 = 18;
        // One digit more than it takes to write the period.
        let places =
            (0..MOST_PLACES).find(|&p| *rate.period() >= Rational::decimal(1, -(p as i32))).unwrap_or(MOST_PLACES) + 1;
        TimeText { period: rate.period().clone(), places, machine: Machine::new(rate, places) }
    }

    /// Appends the time of a sample, as ASCII. One sample after the other is fastest in their order.
    pub fn append(&mut self, at: SampleIndex, out: &mut Vec<u8>) {
        match &mut self.machine {
            Some(machine) => machine.append(at.get(), out),
            None => {
                let time = Rational::from(at.get()) * &self.period;
                out.extend_from_slice(time.to_decimal(self.places, Rounding::Nearest).as_bytes());
            }
        }
    }

    /// The time of a sample.
    #[must_use]
    pub fn text(&self, at: SampleIndex) -> String {
        let mut out = Vec::new();
        self.clone().append(at, &mut out);
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

    #[test]
    fn the_last_sample_of_a_second_is_before_the_next() {
        let last = |rate: &str, at: [u64; 3]| {
            let time = TimeText::new(&SampleRate::parse(rate).unwrap());
            at.map(|at| time.text(SampleIndex::new(at)))
        };
        assert_eq!(last("3 Hz", [2, 3, 5]), ["0.67", "1.00", "1.67"]);
        assert_eq!(last("10 kHz", [9_999, 10_000, 19_999]), ["0.99990", "1.00000", "1.99990"]);
        assert_eq!(last("1 GHz", [999_999_999, 1_000_000_000, 1]), ["0.9999999990", "1.0000000000", "0.0000000010"]);
    }

    proptest! {
        #[test]
        fn one_after_the_other_is_as_each_alone(hz in 1..50_u64, mut at in proptest::collection::vec(0..500_u64, 1..40), sorted: bool) {
            if sorted {
                at.sort_unstable();
            }
            let alone = TimeText::new(&SampleRate::from_hz(Rational::from(hz)).unwrap());
            let mut time = alone.clone();
            for at in at.into_iter().map(SampleIndex::new) {
                let mut out = Vec::new();
                time.append(at, &mut out);
                prop_assert_eq!(String::from_utf8(out).unwrap(), alone.text(at));
            }
        }

        #[test]
        fn machine_arithmetic_agrees_with_exact_numbers(hz in 1..2_000_000_000_i128, at in any::<u64>()) {
            let rate = SampleRate::from_hz(Rational::integer(hz)).unwrap();
            let time = TimeText::new(&rate);
            let exact = rate.seconds(crate::units::SampleCount::new(at.into()));
            prop_assert_eq!(time.text(SampleIndex::new(at)), exact.to_decimal(time.places, Rounding::Nearest));
        }
    }
}
