//! True time, in whole femtoseconds: fine enough that nothing a scenario states is rounded visibly, coarse enough that
//! a week fits an integer with room to spare.

use std::ops::{Add, Neg, Sub};

use crate::units::{Rational, Rounding};

/// Femtoseconds in a second.
pub(super) const FEMTOS_PER_SECOND: i128 = 1_000_000_000_000_000;

/// A true time since the start of the scenario, or a span of true time, in whole femtoseconds; negative before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Femtos(i128);

impl Femtos {
    /// The start of the scenario; a span of nothing.
    pub const ZERO: Femtos = Femtos(0);

    /// This many femtoseconds.
    #[must_use]
    pub const fn new(femtos: i128) -> Femtos {
        Femtos(femtos)
    }

    /// The number of femtoseconds.
    #[must_use]
    pub const fn get(self) -> i128 {
        self.0
    }

    /// The last whole femtosecond at or before this time; `None` beyond 128 bits.
    #[must_use]
    pub fn from_seconds(seconds: &Rational) -> Option<Femtos> {
        (seconds * &Rational::integer(FEMTOS_PER_SECOND)).to_integer(Rounding::Down).map(Femtos)
    }

    /// The same time in seconds, exactly.
    #[must_use]
    pub fn seconds(self) -> Rational {
        // The denominator is a constant above zero.
        Rational::new(self.0, FEMTOS_PER_SECOND).unwrap_or(Rational::ZERO)
    }

    /// The distance from zero.
    #[must_use]
    pub const fn abs(self) -> Femtos {
        Femtos(self.0.saturating_abs())
    }

    /// Half of this span, rounded down.
    #[must_use]
    pub(super) const fn halved(self) -> Femtos {
        Femtos(self.0.div_euclid(2))
    }

    /// This span so many times.
    #[must_use]
    pub const fn times(self, count: i128) -> Femtos {
        Femtos(self.0.saturating_mul(count))
    }
}

impl Add for Femtos {
    type Output = Femtos;

    fn add(self, other: Femtos) -> Femtos {
        Femtos(self.0.saturating_add(other.0))
    }
}

impl Sub for Femtos {
    type Output = Femtos;

    fn sub(self, other: Femtos) -> Femtos {
        Femtos(self.0.saturating_sub(other.0))
    }
}

impl Neg for Femtos {
    type Output = Femtos;

    fn neg(self) -> Femtos {
        Femtos(self.0.saturating_neg())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_are_rounded_down_to_whole_femtoseconds() {
        let third = Rational::new(1, 30).unwrap();
        assert_eq!(Femtos::from_seconds(&third), Some(Femtos::new(33_333_333_333_333)));
        assert_eq!(Femtos::from_seconds(&-third), Some(Femtos::new(-33_333_333_333_334)));
        assert_eq!(Femtos::new(20_000_000_000_000).seconds(), Rational::decimal(20, -3));
        assert_eq!(Femtos::from_seconds(&Rational::decimal(1, 30)), None);
    }
}
