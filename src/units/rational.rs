//! Exact rational numbers: small ones inline, large ones on the heap, never an overflow.

mod arithmetic;

use std::cmp::Ordering;
use std::fmt;

use num_bigint::{BigInt, Sign};
use num_integer::Integer;
use num_rational::BigRational;
use num_traits::{Signed, ToPrimitive, Zero};

/// An exact rational number.
///
/// Numerator and denominator live inline while they fit 64 bits, and on the heap when they do not: in 128 bits, or as big
/// integers, so that no operation rounds or overflows. Arithmetic on numbers of equal denominators, as on sample counts, costs
/// little more than on integers.
///
/// ```
/// use strobecheck::units::Rational;
/// let third = Rational::new(1, 3).unwrap();
/// assert_eq!(&third + &third, Rational::new(2, 3).unwrap());
/// assert!(third < Rational::new(34, 100).unwrap());
/// ```
#[derive(Clone)]
pub struct Rational(Repr);

#[derive(Clone)]
enum Repr {
    /// The denominator is above 0; the fraction need not be in lowest terms.
    Small {
        num: i64,
        den: i64,
    },
    /// The same.
    Wide(Box<(i128, i128)>),
    Big(Box<BigRational>),
}

impl Default for Rational {
    fn default() -> Rational {
        Rational::ZERO
    }
}

/// Which way a number is rounded where a text cannot hold all of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rounding {
    /// To the nearest; half away from zero.
    Nearest,
    /// Towards minus infinity: for lower bounds.
    Down,
    /// Towards plus infinity: for upper bounds and half-widths.
    Up,
}

impl Rational {
    /// Zero.
    pub const ZERO: Rational = Rational(Repr::Small { num: 0, den: 1 });
    /// One.
    pub const ONE: Rational = Rational(Repr::Small { num: 1, den: 1 });

    /// `num / den`; `None` when `den` is zero.
    #[must_use]
    pub fn new(num: i128, den: i128) -> Option<Rational> {
        match den.cmp(&0) {
            Ordering::Equal => None,
            Ordering::Greater => Some(Rational::small(num, den)),
            Ordering::Less => match (num.checked_neg(), den.checked_neg()) {
                (Some(num), Some(den)) => Some(Rational::small(num, den)),
                (None, _) | (_, None) => Some(Rational::big(BigRational::new(num.into(), den.into()))),
            },
        }
    }

    /// A whole number.
    #[must_use]
    #[inline]
    pub fn integer(value: i128) -> Rational {
        Rational::small(value, 1)
    }

    /// `mantissa · 10^exponent`, exactly.
    #[must_use]
    pub fn decimal(mantissa: i128, exponent: i32) -> Rational {
        let power = Rational::big(BigRational::from_integer(BigInt::from(10).pow(exponent.unsigned_abs())));
        let mantissa = Rational::integer(mantissa);
        if exponent >= 0 { &mantissa * &power } else { mantissa.checked_div(&power).unwrap_or(Rational::ZERO) }
    }

    /// The exact value of a double-precision number; none unless it is finite.
    #[must_use]
    pub fn from_f64(value: f64) -> Option<Rational> {
        BigRational::from_float(value).map(Rational::big)
    }

    /// Numerator and denominator, not in lowest terms in general, where both fit 64 bits.
    #[inline]
    pub(crate) fn small_parts(&self) -> Option<(i64, i64)> {
        match &self.0 {
            Repr::Small { num, den } => Some((*num, *den)),
            Repr::Wide(_) | Repr::Big(_) => None,
        }
    }

    /// The numerators and the denominator of two that have the same, in 64 bits.
    #[inline]
    fn alike(&self, other: &Rational) -> Option<(i64, i64, i64)> {
        let ((a, b), (c, d)) = (self.small_parts()?, other.small_parts()?);
        (b == d).then_some((a, c, b))
    }

    /// Numerator and denominator, where both fit 128 bits.
    #[inline]
    fn parts(&self) -> Option<(i128, i128)> {
        match &self.0 {
            Repr::Small { num, den } => Some((i128::from(*num), i128::from(*den))),
            Repr::Wide(parts) => Some(**parts),
            Repr::Big(_) => None,
        }
    }

    /// Of a denominator above 0.
    #[inline]
    fn small(num: i128, den: i128) -> Rational {
        match (i64::try_from(num), i64::try_from(den)) {
            (Ok(num), Ok(den)) => Rational(Repr::Small { num, den }),
            (Ok(_) | Err(_), Ok(_) | Err(_)) => Rational::wide(num, den),
        }
    }

    #[cold]
    fn wide(num: i128, den: i128) -> Rational {
        let gcd = if den == 1 { 1 } else { num.gcd(&den) };
        let (num, den) = (num / gcd, den / gcd);
        match (i64::try_from(num), i64::try_from(den)) {
            (Ok(num), Ok(den)) => Rational(Repr::Small { num, den }),
            (Ok(_) | Err(_), Ok(_) | Err(_)) => Rational(Repr::Wide(Box::new((num, den)))),
        }
    }

    fn big(value: BigRational) -> Rational {
        match (value.numer().to_i128(), value.denom().to_i128()) {
            (Some(num), Some(den)) => Rational::small(num, den),
            (None, _) | (_, None) => Rational(Repr::Big(Box::new(value))),
        }
    }

    fn to_big(&self) -> BigRational {
        match &self.0 {
            Repr::Small { num, den } => BigRational::new(BigInt::from(*num), BigInt::from(*den)),
            Repr::Wide(parts) => BigRational::new(BigInt::from(parts.0), BigInt::from(parts.1)),
            Repr::Big(big) => (**big).clone(),
        }
    }

    /// The quotient; `None` when `divisor` is zero.
    #[must_use]
    pub fn checked_div(&self, divisor: &Rational) -> Option<Rational> {
        Some(self * &divisor.recip()?)
    }

    /// `1 / self`; `None` when it is zero.
    #[must_use]
    pub fn recip(&self) -> Option<Rational> {
        match &self.0 {
            Repr::Small { num, den } => Rational::new(i128::from(*den), i128::from(*num)),
            Repr::Wide(parts) => Rational::new(parts.1, parts.0),
            Repr::Big(big) if big.is_zero() => None,
            Repr::Big(big) => Some(Rational::big(big.recip())),
        }
    }

    /// The distance from zero.
    #[must_use]
    pub fn abs(&self) -> Rational {
        if self.is_negative() { -self } else { self.clone() }
    }

    /// Whether it is below zero.
    #[must_use]
    #[inline]
    pub fn is_negative(&self) -> bool {
        match &self.0 {
            Repr::Small { num, .. } => *num < 0,
            Repr::Wide(parts) => parts.0 < 0,
            Repr::Big(big) => big.is_negative(),
        }
    }

    /// Whether it is zero.
    #[must_use]
    #[inline]
    pub fn is_zero(&self) -> bool {
        match &self.0 {
            Repr::Small { num, .. } => *num == 0,
            Repr::Wide(parts) => parts.0 == 0,
            Repr::Big(big) => big.is_zero(),
        }
    }

    /// Whether it is above zero.
    #[must_use]
    pub fn is_positive(&self) -> bool {
        !self.is_zero() && !self.is_negative()
    }

    /// A whole number of times it.
    #[must_use]
    pub fn times(&self, factor: i128) -> Rational {
        self * &Rational::integer(factor)
    }

    /// Half of it.
    #[must_use]
    #[inline]
    pub fn half(&self) -> Rational {
        match &self.0 {
            Repr::Small { num, den } if num % 2 == 0 => Rational(Repr::Small { num: num / 2, den: *den }),
            Repr::Small { .. } | Repr::Wide(_) | Repr::Big(_) => self * &Rational(Repr::Small { num: 1, den: 2 }),
        }
    }

    /// The whole number at or next to it in the given direction; `None` beyond 128 bits.
    #[must_use]
    pub fn to_integer(&self, rounding: Rounding) -> Option<i128> {
        if let Some((num, den)) = self.parts() {
            let (down, rest) = (num.div_euclid(den), num.rem_euclid(den));
            let is_up = match rounding {
                Rounding::Down => false,
                Rounding::Up => rest > 0,
                // Half away from zero: of the two sides of a half, up is that of what is above zero.
                Rounding::Nearest if num < 0 => rest > den - rest,
                Rounding::Nearest => rest >= den - rest,
            };
            return Some(down + i128::from(is_up));
        }
        round_big(&self.to_big(), rounding).to_i128()
    }

    /// How many whole ones of it fit into `number`; `None` unless it is above zero, and beyond 128 bits.
    #[must_use]
    pub(crate) fn fits_in(&self, number: u64) -> Option<i128> {
        match self.small_parts() {
            Some((num, den)) if num > 0 => Some(i128::from(number) * i128::from(den) / i128::from(num)),
            Some(_) => None,
            None if !self.is_positive() => None,
            None => Rational::from(number).checked_div(self)?.to_integer(Rounding::Down),
        }
    }

    /// The nearest double-precision number, for drawing, statistics and machine-readable reports.
    #[must_use]
    pub fn to_f64(&self) -> f64 {
        const EXACT: u128 = 1 << 53;
        match self.parts() {
            // Both are exact doubles, so their quotient is the correctly rounded one.
            Some((num, den)) if num.unsigned_abs() <= EXACT && den.unsigned_abs() <= EXACT => {
                // By way of numbers that the machine has: those of 128 bits take five times as long.
                num as i64 as f64 / den as i64 as f64
            }
            Some(_) | None => self.to_big().to_f64().unwrap_or(f64::NAN),
        }
    }

    /// This many times the number as the nearest double-precision one: what [`Rational::to_f64`] gives of the product, which
    /// is made only where it is no quotient of exact doubles.
    #[must_use]
    pub fn times_f64(&self, count: impl Into<i128>) -> f64 {
        const EXACT: i128 = 1 << 53;
        let count = count.into();
        match self.parts() {
            Some((num, den)) if den <= EXACT => match num.checked_mul(count) {
                Some(product) if (-EXACT..=EXACT).contains(&product) => product as i64 as f64 / den as i64 as f64,
                Some(_) | None => (self * &Rational::integer(count)).to_f64(),
            },
            Some(_) | None => (self * &Rational::integer(count)).to_f64(),
        }
    }

    /// The number as a fraction in lowest terms, `100/3`; a whole one as itself.
    #[must_use]
    pub fn to_fraction(&self) -> String {
        self.to_big().to_string()
    }

    /// Decimal text with exactly `places` digits after the point.
    ///
    /// ```
    /// use strobecheck::units::{Rational, Rounding};
    /// let third = Rational::new(1, 3).unwrap();
    /// assert_eq!(third.to_decimal(3, Rounding::Down), "0.333");
    /// assert_eq!(third.to_decimal(3, Rounding::Up), "0.334");
    /// ```
    #[must_use]
    pub fn to_decimal(&self, places: u32, rounding: Rounding) -> String {
        let scaled = self.to_big() * BigRational::from_integer(BigInt::from(10).pow(places));
        let rounded = round_big(&scaled, rounding);
        let sign = if rounded.sign() == Sign::Minus { "-" } else { "" };
        let width = places as usize + 1;
        let digits = format!("{:0>width$}", rounded.magnitude().to_string());
        let (whole, fraction) = digits.split_at(digits.len() - places as usize);
        if places == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") }
    }

    /// The larger of the two.
    #[must_use]
    pub fn max(self, other: Rational) -> Rational {
        if other > self { other } else { self }
    }

    /// The smaller of the two.
    #[must_use]
    pub fn min(self, other: Rational) -> Rational {
        if other < self { other } else { self }
    }
}

fn round_big(value: &BigRational, rounding: Rounding) -> BigInt {
    match rounding {
        Rounding::Nearest => value.round().to_integer(),
        Rounding::Down => value.floor().to_integer(),
        Rounding::Up => value.ceil().to_integer(),
    }
}

impl From<i128> for Rational {
    fn from(value: i128) -> Self {
        Rational::integer(value)
    }
}

impl From<u64> for Rational {
    #[inline]
    fn from(value: u64) -> Self {
        Rational::integer(i128::from(value))
    }
}

impl Ord for Rational {
    #[inline]
    fn cmp(&self, other: &Rational) -> Ordering {
        match self.alike(other) {
            Some((a, c, _)) => a.cmp(&c),
            None => self.compare(other),
        }
    }
}

impl Rational {
    fn compare(&self, other: &Rational) -> Ordering {
        if let (Repr::Small { num: a, den: b }, Repr::Small { num: c, den: d }) = (&self.0, &other.0) {
            return (i128::from(*a) * i128::from(*d)).cmp(&(i128::from(*c) * i128::from(*b)));
        }
        if let (Some((a, b)), Some((c, d))) = (self.parts(), other.parts()) {
            if b == d {
                return a.cmp(&c);
            }
            if let (Some(left), Some(right)) = (a.checked_mul(d), c.checked_mul(b)) {
                return left.cmp(&right);
            }
        }
        self.to_big().cmp(&other.to_big())
    }
}

impl PartialOrd for Rational {
    #[inline]
    fn partial_cmp(&self, other: &Rational) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Rational {
    #[inline]
    fn eq(&self, other: &Rational) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Rational {}

impl fmt::Debug for Rational {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.to_big())
    }
}

#[cfg(test)]
mod tests;
